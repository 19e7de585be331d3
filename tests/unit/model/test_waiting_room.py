"""Whose turn it is among those who turn up, when they leave, and when they come: days worked out by hand."""

import math

import numpy as np
import pytest

from sim.model.demand import REFERRERS
from sim.model.referrals import couch_factor
from sim.model.waiting_room import WaitingRoom
from sim.scenario.faults import ScenarioFaults
from tests.functional.model.two_towns import laid_over
from tests.unit.model.by_hand import at
from tests.unit.model.suites_by_hand import SECOND, broken_off, by_hand, scanned, scans, turns_up
from tests.world import tables, world

EMERGENCY_DEPARTMENT, INPATIENTS, OTHER = (
    REFERRERS.index(name) for name in ("emergency_department", "inpatients", "other")
)
SHARES = {"emergency_department": "20 %", "inpatients": "30 %", "other": "50 %"}


def in_order(first: list[str], **unscheduled) -> dict:
    """So many referrers' patients go first."""
    stream = {"per_year": "0 per year", "referrers": SHARES, "first": first} | unscheduled
    return {"demand": {"MRI": {"unscheduled": stream}}}


def test_the_emergency_department_goes_first_then_the_wards_and_interrupts_nobody():
    patients = [
        turns_up(3, "08:00", referrer=INPATIENTS),
        turns_up(3, "08:01", referrer=OTHER),
        turns_up(3, "08:02", referrer=INPATIENTS),
        turns_up(3, "08:03", referrer=EMERGENCY_DEPARTMENT),
        turns_up(3, "09:10", referrer=EMERGENCY_DEPARTMENT),
        turns_up(3, "09:40", referrer=INPATIENTS),
    ]
    found = scans(by_hand(in_order(["emergency_department", "inpatients"]), patients))
    assert [patient for patient, *_ in found] == [0, 3, 2, 4, 5, 1]
    assert [row[4] for row in found] == [at(3, f"{8 + k // 2:02d}:{30 * (k % 2):02d}") for k in range(6)]


def test_without_an_order_it_is_first_come_first_served():
    patients = [turns_up(3, "08:00", referrer=OTHER), turns_up(3, "08:01", referrer=EMERGENCY_DEPARTMENT)]
    assert [patient for patient, *_ in scans(by_hand(in_order([]), patients))] == [0, 1]


def test_whose_scan_was_broken_off_keeps_the_rank_but_not_the_place():
    """The scanner fails at 8:10 for ten minutes; another emergency is there by then."""
    patients = [
        turns_up(3, "08:00", referrer=EMERGENCY_DEPARTMENT),
        turns_up(3, "08:01", referrer=OTHER),
        turns_up(3, "08:05", referrer=EMERGENCY_DEPARTMENT),
    ]
    changes = in_order(["emergency_department"])
    down = {0: [(at(3, "08:10"), at(3, "08:20"))]}
    assert scans(by_hand(changes, patients, down)) == [
        broken_off(0, 3, "08:00", "08:10"),
        scanned(2, 3, "08:20", "08:50"),
        scanned(0, 3, "08:50", "09:20"),
        scanned(1, 3, "09:20", "09:50"),
    ]


def leaving_after(minutes: float) -> float:
    """The uniform of somebody who leaves after so many minutes where the mean is an hour."""
    return 1 - math.exp(-minutes / 60)


def test_who_waits_too_long_leaves_at_that_moment_and_takes_nobodys_turn():
    """The third would be called at 9:00 and leaves at 8:50; the fourth is called on the minute of leaving
    later than that; the second is on the couch when the time to leave comes."""
    patients = [
        turns_up(3, "08:00", removed=leaving_after(1000)),
        turns_up(3, "08:10", removed=leaving_after(40)),
        turns_up(3, "08:20", removed=leaving_after(30)),
        turns_up(3, "08:30", removed=leaving_after(31)),
    ]
    made = by_hand(in_order([], leaves_after="1 hour"), patients)
    assert scans(made) == [
        scanned(0, 3, "08:00", "08:30"),
        scanned(1, 3, "08:30", "09:00"),
        scanned(3, 3, "09:00", "09:30"),
    ]
    rows = made.referrals
    assert made.labels["referrals.outcome"][rows["outcome"][2]] == "removed"
    assert rows["left"][2] == pytest.approx(at(3, "08:50"), abs=1e-9)
    assert np.isnan(rows["left"][[0, 1, 3]]).all()


def test_who_comes_when_nobody_scans_may_be_gone_by_the_morning():
    patients = [
        turns_up(2, "20:00", removed=leaving_after(90)),
        turns_up(2, "21:00", removed=leaving_after(900)),
    ]
    made = by_hand(in_order([], leaves_after="1 hour"), patients)
    assert scans(made) == [scanned(1, 3, "08:00", "08:30")]
    assert made.referrals["left"][0] == pytest.approx(at(2, "21:30"), abs=1e-9)


def test_who_would_leave_while_a_scan_of_the_night_lasts_is_called_by_another_scanner_before():
    """One scanner is busy from 23:50 to 01:50; the other calls at 00:10 who would have left at 01:00."""
    on_call = {"on_call": True, "opens": "08:00", "closes": "18:00"}
    changes = laid_over(
        in_order([], leaves_after="1 hour"), {"fleet": {"scanner": on_call, "second": SECOND | on_call}}
    )
    patients = [
        turns_up(3, "23:50", factor=4.0, removed=leaving_after(500)),
        turns_up(3, "23:50", factor=2 / 3, removed=leaving_after(500)),
        turns_up(3, "23:55", removed=leaving_after(65)),
    ]
    made = by_hand(changes, patients)
    assert [(row[0], row[4]) for row in scans(made)][-1] == (2, at(4, "00:10"))
    assert np.isnan(made.referrals["left"]).all()


def test_each_hour_has_its_share_of_those_who_turn_up():
    """Three quarters between six and seven, a quarter between twenty and twenty-one, evenly within."""
    hours = ["0 %"] * 24
    hours[6], hours[20] = "75 %", "25 %"
    stream = {"per_year": "20000 per year", "hours": hours}
    rows = tables({"demand": {"MRI": {"unscheduled": stream}}, "calendar": {"years": "0.5 years"}}).referrals
    hour = (rows["referred"] % 1 * 24)[rows["priority"] == 4]
    assert set(np.floor(hour)) == {6, 20}
    early = hour < 7
    assert abs(early.mean() - 0.75) < 3.5 * math.sqrt(0.75 * 0.25 / len(hour))
    assert abs((hour[early] % 1).mean() - 0.5) < 3.5 * math.sqrt(1 / 12 / early.sum())


def test_who_sends_the_unscheduled_comes_about():
    rows = tables(
        laid_over(in_order([]), {"demand": {"MRI": {"unscheduled": {"per_year": "20000 per year"}}}})
    ).referrals
    sent = rows["referrer"][rows["priority"] == 4]
    for code, share in ((EMERGENCY_DEPARTMENT, 0.2), (INPATIENTS, 0.3), (OTHER, 0.5)):
        assert abs((sent == code).mean() - share) < 3.5 * math.sqrt(share * (1 - share) / len(sent))


@pytest.mark.parametrize("change, said", [
    ({"hours": ["4 %"] * 24}, "sum to 100 %"),
    ({"first": ["gp"]}, "not among its `referrers`"),
    ({"referrers": {"gp": "50 %"}, "first": []}, "sum to 100 %"),
    ({"hours": [f"{100 / 24} %"] * 24, "opens": "08:00"}, "take one out"),
])  # fmt: skip
def test_a_contradiction_is_refused(change, said):
    stream = {"per_year": "0 per year", "referrers": SHARES, "first": ["inpatients"]} | change
    with pytest.raises(ScenarioFaults, match=said):
        world({"demand": {"MRI": {"unscheduled": stream}}})


def test_gamma_times_with_variation_one_are_exponential_and_with_a_half_erlang_4():
    """Medians: ln 2; and 3.6721 of an Erlang-4 whose phases last one."""
    how = world({"scanning": {"MRI": {"couch_time_shape": "gamma", "couch_time_variation": 1}}}).scanning[0]
    assert couch_factor(0.5, how) == pytest.approx(math.log(2))
    how = how.model_copy(update={"couch_time_variation": 0.5})
    assert couch_factor(0.5, how) == pytest.approx(3.672060749 / 4)


# ---- the room itself


def room(*seconds: int) -> WaitingRoom:
    """Those who turn up at these seconds, numbered from 0."""
    made = WaitingRoom()
    made += [(second, number, f"patient {number}") for number, second in enumerate(seconds)]
    return made


def numbers(made: WaitingRoom) -> list[int]:
    return [number for _, number, _ in made]


@pytest.mark.parametrize(("second", "called"), [(10, 0), (29, 0), (30, 2), (31, 2)])
def test_of_those_who_are_there_the_highest_rank_is_called_and_who_comes_first_among_equals(second, called):
    made = room(10, 20, 30, 30)
    made.ranks = {0: 1, 1: 1, 2: 0, 3: 0}
    assert made.call(second)[1] == called
    assert numbers(made) == [n for n in range(4) if n != called]


@pytest.mark.parametrize(("second", "order"), [(9, [9, 0, 1, 2]), (10, [9, 0, 1, 2]), (20, [0, 9, 1, 2]), (21, [0, 1, 9, 2]), (40, [0, 1, 2, 9])])  # fmt: skip
def test_whose_scan_was_broken_off_waits_from_that_second_on(second, order):
    made = room(10, 20, 30)
    made.call_again(second, 9, None)
    assert numbers(made) == order


@pytest.mark.parametrize(("by", "gone"), [(0.4, []), (0.5, [1]), (0.7, [1, 0])])
def test_who_does_not_wait_any_longer_leaves_at_the_moment_and_who_was_called_does_not(by, gone):
    made = room(10, 20, 30)
    for number, leaves in ((0, 0.6), (1, 0.5), (2, 0.3)):
        made.expect_to_leave(number, leaves)
    made.ranks = {0: 1, 1: 1, 2: 0}
    made.call(30)
    assert [left for left, _ in made.let_go(by)] == [{0: 0.6, 1: 0.5}[number] for number in gone]
    assert numbers(made) == [n for n in (0, 1) if n not in gone]


def test_who_goes_to_another_suite_keeps_the_turn_the_rank_and_the_patience():
    made, other = room(10, 20, 30), WaitingRoom()
    other += [(15, 7, "other"), (20, 9, "another")]
    made.ranks = {0: 1, 1: 0}
    made.expect_to_leave(1, 0.5)
    made.hand_over(made[1], other)
    made.hand_over(made[1], other)
    assert numbers(made) == [0] and numbers(other) == [7, 1, 9, 2]
    assert (made.ranks, other.ranks) == ({0: 1}, {1: 0})
    assert made.let_go(0.5) == [] and other.let_go(0.5) == [(0.5, "patient 1")]
