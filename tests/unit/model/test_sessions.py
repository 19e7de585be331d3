"""Sessions, their slots and the diary."""

import datetime

import numpy as np
import pytest

from sim.model.demand import PLANNED, ROUTINE, URGENT
from sim.model.section import WEEKDAYS
from sim.model.sessions import Diary, Session, Template, side_by_side, with_overbooked
from sim.model.waiting_list import Queue
from sim.model.works import Works
from tests.unit.model.by_hand import numbers, referral, seconds
from tests.world import world

FIXED = {
    "kind": "fixed", "modality": "MRI", "provider": "Trust", "site": "Hospital", "days": list(WEEKDAYS),
    "opens": "08:00", "closes": "18:00", "slots_per_day": "10 per day",
}  # fmt: skip


def diary(
    slots_per_day: str = "10 per day", until: int = 30, changes: dict | None = None, **scanner
) -> Diary:
    """The small world's diary opened up to a day."""
    small = world({"fleet": {"scanner": {"slots_per_day": slots_per_day} | scanner}} | (changes or {}))
    made = Diary(small.scanners, small.days, small.booking, Works(small.scanners))
    made.extend(until)
    return made


def session(slots: int, day: int = 10, extra: int = 0) -> Session:
    """A session with so many slots of an hour, and `extra` appointments beyond them."""
    (scanner,) = world().scanners
    (template,) = scanner.templates
    return Session(
        0, scanner, template, day, tuple(template.opens + 3600 * n for n in range(slots + 1)), extra
    )


def people(count: int, priority: int = URGENT, slots: int = 1, first: int = 0) -> list:
    """Referrals, each of whom needs so many slots; numbered from `first` on."""
    queue = Queue(slots)
    return [referral(first + n, priority, queue) for n in range(count)]


def test_slots_divide_the_day_evenly_and_the_session_closes_after_the_last():
    first = diary("4 per day").open[0]
    assert first.starts == [seconds(clock) for clock in ("08:00", "10:30", "13:00", "15:30")]
    assert (first.opens, first.closes) == (seconds("08:00"), seconds("18:00"))
    assert first.latest_end == seconds("19:00")


def test_slots_that_do_not_divide_the_day_start_at_the_nearest_second():
    starts = diary("7 per day").open[0].starts
    assert starts == [28800 + round(n * 36000 / 7) for n in range(7)]


@pytest.mark.parametrize("staffed", [9.5, 3.3, 0.4])
def test_a_fraction_of_a_slot_is_carried_forward_to_later_sessions(staffed):
    sessions = {s.day: len(s.starts) for s in diary(f"{staffed} per day", until=100).open}
    offered = np.cumsum([sessions.get(day, 0) for day in range(1, 101)])
    assert set(sessions.values()) <= {int(staffed), int(staffed) + 1}
    assert (np.abs(offered - staffed * np.arange(1, 101)) < 1).all()


def test_a_session_without_a_whole_slot_is_not_held():
    assert [s.day for s in diary("0.5 per day", until=8).open] == [2, 4, 6, 8]


def test_the_diary_opens_day_by_day_and_lets_past_and_full_sessions_go():
    small = world()
    made = Diary(small.scanners, small.days, small.booking, Works(small.scanners))
    made.extend(3)
    assert [s.day for s in made.still_bookable(0, 0, 9)] == [1, 2, 3]
    made.open[1].book(people(10), 0.0)
    made.extend(5)
    assert [s.day for s in made.still_bookable(2, 2, 9)] == [3, 4, 5]
    assert [s.day for s in made.still_bookable(2, 2, 4)] == [3, 4]


def test_a_slot_that_is_cancelled_makes_a_full_session_bookable_again():
    small = world()
    made = Diary(small.scanners, small.days, small.booking, Works(small.scanners))
    made.extend(3)
    made.open[1].book(people(10), 0.0)
    made.open[0].book(people(10), 0.0)
    assert [s.day for s in made.still_bookable(1, 1, 9)] == [3]
    made.open[1].cancel(4)
    assert [s.day for s in made.still_bookable(1, 1, 9)] == [2, 3]


def test_the_sessions_of_a_day_are_held_once_and_then_no_longer_ahead():
    small = world({"fleet": {"b": FIXED, "c": FIXED | {"days": ["thursday"]}}})
    made = Diary(small.scanners, small.days, small.booking, Works(small.scanners))
    assert [(s.day, s.scanner.name) for s in made.held_by(0, 1)] in (
        [(1, "scanner"), (1, "b")],
        [(1, "b"), (1, "scanner")],
    )
    assert made.held_by(0, 1) == []
    assert sorted(s.scanner.name for s in made.held_by(0, 2)) == ["b", "c", "scanner"]
    assert numbers(made.open) == list(range(5)) and made.next_number() == 5


def order_of_opening(until: int, plans: dict[str, dict]) -> list[tuple[int, str]]:
    """(day, scanner) of each session in the order in which the clerk fills them."""
    small = world({"fleet": {name: FIXED | plan for name, plan in plans.items()}})
    made = Diary(small.scanners, small.days, small.booking, Works(small.scanners))
    made.extend(until)
    return [(s.day, s.scanner.name) for s in made.open]


def test_the_session_that_begins_first_is_filled_first():
    order = order_of_opening(363, {"scanner": {"opens": "09:00"}, "b": {}, "c": {"opens": "07:00"}})
    assert [name for _, name in order] == ["c", "b", "scanner"] * (len(order) // 3)


def test_of_sessions_that_begin_together_no_scanner_is_always_first():
    order = order_of_opening(363, {"scanner": {"key": "a"}, "b": {}})
    first = [name for _, name in order[::2]]
    assert abs(first.count("b") / len(first) - 0.5) < 3.5 * 0.5 / len(first) ** 0.5
    renamed = order_of_opening(363, {"scanner": {"key": "a"}, "z": {"key": "b"}})
    assert [(day, name.replace("z", "b")) for day, name in renamed] == order


# ---- what is booked


def test_the_earliest_free_slots_are_given_first():
    one, (seven, nine, three) = session(4), people(3)
    one.book([seven, nine], 1.5)
    one.book([three], 2.5)
    assert one.booked == {0: seven, 1: nine, 2: three}
    assert one.made == {0: 1.5, 1: 1.5, 2: 2.5}
    assert one.free == [3]
    assert [(who.session, who.slot) for who in (seven, nine, three)] == [(one, 0), (one, 1), (one, 2)]


def test_what_is_cancelled_is_free_again_and_given_first():
    one, who = session(4), people(3)
    one.book(who, 1.5)
    one.cancel(1)
    assert (one.free, sorted(one.booked), sorted(one.made)) == ([1, 3], [0, 2], [0, 2])
    assert who[1].session is None
    one.book(people(2, first=7), 2.5)
    assert [one.booked[slot].number for slot in range(4)] == [0, 7, 2, 8]
    assert one.made == {0: 1.5, 1: 2.5, 2: 1.5, 3: 2.5}


def test_who_needs_two_slots_has_them_side_by_side_where_there_are_such():
    one = session(6)
    one.book(people(5), 0.0)
    for slot in (0, 2, 3):
        one.cancel(slot)
    assert one.free == [0, 2, 3, 5]
    (long,) = people(1, slots=2, first=9)
    one.book([long], 1.0)
    assert (long.slot, one.free) == (2, [0, 5])
    one.cancel(2)
    assert one.free == [0, 2, 3, 5]


def test_two_slots_that_lie_apart_are_both_free_again_when_they_are_cancelled_and_no_others():
    one = session(3)
    one.book(people(2), 0.0)
    one.cancel(0)
    (long,) = people(1, slots=2, first=9)
    one.book([long], 1.0)
    assert one.free == []
    one.cancel(long.slot)
    assert one.free == [0, 2]


@pytest.mark.parametrize(
    ("free", "slots", "first"),
    [([0, 1, 2], 2, 0), ([0, 2, 3], 2, 2), ([1, 3, 5], 2, 1), ([0, 1, 3, 4, 5], 3, 3), ([4, 5], 2, 4)],
)
def test_the_first_slots_side_by_side_or_else_the_first_of_all(free, slots, first):
    assert side_by_side(free, slots) == first


def test_slots_that_have_begun_are_no_longer_offered():
    one = session(10)
    one.forget_slots_before(seconds("10:00"))
    assert one.free == list(range(2, 10))
    one.forget_slots_before(seconds("10:01"))
    assert one.free == list(range(3, 10))


@pytest.mark.parametrize(("share", "open_slots"), [(0.0, 10), (0.2, 8), (0.25, 7), (0.24, 8), (1.0, 0)])
def test_held_back_slots_are_kept_from_routine_referrals(share, open_slots):
    """A share of 25 % of ten slots is two and a half: half a slot is held back whole."""
    one = session(10)
    one.hold_back(share, 3)
    assert one.open_to_not_urgent(6) == open_slots


def test_held_back_slots_are_released_so_many_days_before():
    one = session(10, day=10)
    one.hold_back(0.5, 3)
    one.book(people(5, ROUTINE), 0.0)
    assert [one.open_to_not_urgent(today) for today in (6, 7, 8)] == [0, 5, 5]


def test_urgent_referrals_do_not_use_up_what_routine_ones_may_have():
    one = session(10)
    one.hold_back(0.5, 0)
    one.book(people(3), 0.0)
    assert one.open_to_not_urgent(0) == 5
    one.book(people(3), 0.0)
    assert one.open_to_not_urgent(0) == 4


@pytest.mark.parametrize("priority", [ROUTINE, PLANNED])
def test_who_is_not_urgent_uses_up_as_many_slots_as_they_need_until_they_cancel(priority):
    one = session(10)
    one.hold_back(0.4, 0)
    one.book(people(2, priority, slots=2), 0.0)
    assert one.open_to_not_urgent(0) == 2
    one.cancel(2)
    assert one.open_to_not_urgent(0) == 4
    one.cancel(0)
    assert one.open_to_not_urgent(0) == 6


# ---- more appointments than slots


def test_overbooked_appointments_share_the_times_of_slots_spread_over_the_session():
    assert with_overbooked([1, 2, 3, 4], 0) == [1, 2, 3, 4]
    assert with_overbooked([1, 2, 3, 4], 1) == [1, 2, 3, 3, 4]
    assert with_overbooked([1, 2, 3, 4], 2) == [1, 2, 2, 3, 4, 4]
    assert with_overbooked([1, 2], 2) == [1, 1, 2, 2]
    assert with_overbooked([], 2) == []


@pytest.mark.parametrize(("share", "extra"), [("0 %", 0), ("4 %", 0), ("5 %", 1), ("20 %", 2), ("25 %", 3)])
def test_overbooking_is_a_share_of_the_slots_and_closes_no_later(share, extra):
    first = diary(changes={"booking": {"overbooking": share}}).open[0]
    assert (first.offered, len(first.starts), len(first.free)) == (10, 10 + extra, 10 + extra)
    assert set(first.starts) == {seconds(f"{hour:02d}:00") for hour in range(8, 18)}
    assert first.closes == seconds("18:00")


# ---- sessions that are planned


def test_a_further_session_is_held_on_its_own_days_with_its_own_slots():
    evening = {"days": ["wednesday"], "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day"}
    sessions = diary(more_sessions={"evening": evening}, until=9).open
    found = [(s.day, s.opens, len(s.starts)) for s in sessions if s.opens != seconds("08:00")]
    assert found == [(1, seconds("18:00"), 2), (8, seconds("18:00"), 2)]
    assert [s.day for s in sessions if s.opens == seconds("08:00")] == list(range(1, 10))


def test_a_scanner_that_works_on_bank_holidays_does():
    assert [s.day for s in diary(until=2, on_bank_holidays=True).open] == [0, 1, 2]
    assert [s.day for s in diary(until=2).open] == [1, 2]


def test_a_template_is_held_on_its_weekdays_that_are_open():
    days = world().days
    tuesdays, always = (Template(frozenset({1}), holidays, 0, 0, 1, 1) for holidays in (False, True))
    assert [day for day in range(10) if tuesdays.held_on(day, days)] == [7]
    assert [day for day in range(10) if always.held_on(day, days)] == [0, 7]


def test_a_shock_takes_slots_from_its_days_and_a_fraction_is_carried_forward():
    strike = {"from": datetime.date(2019, 1, 4), "until": datetime.date(2019, 1, 8), "capacity_falls": "65 %"}
    sessions = diary(changes={"calendar": {"shocks": {"strike": strike}}}, until=8).open
    assert [len(s.starts) for s in sessions] == [10, 10, 3, 4, 3, 4, 10, 10]


def test_nobody_can_be_booked_on_a_day_of_maintenance():
    made = diary(maintenance={"every": "7 days", "lasts": "2 days"}, until=20)
    (scanner,) = {s.scanner for s in made.open}
    shut = {s.day for s in made.open if not s.free}
    assert shut == {day for day in scanner.maintained if 1 <= day <= 20}
    assert 4 <= len(shut) <= 6
