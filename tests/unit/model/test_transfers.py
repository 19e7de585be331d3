"""People who already wait are offered a shorter list. Five wait for the trust, which scans on Fridays, one
a day; the company scans ten a day in the village, and those of the town go to the nearest.

They are asked for on day 0; the clerk books one day ahead, so the first has day 7 and the others wait on
day 7, when they are asked first: five people, booked one included, at one a week are 35 days less oneself.
"""

import pytest

from sim.model.demand import PLANNED, URGENT
from tests.unit.model.by_hand import at
from tests.unit.model.list_by_hand import NEVER, PLANNED_TOO, Person, Try, column, outcomes, ran
from tests.unit.model.providers_by_hand import (
    FAR,
    Luck,
    an_hour_apart,
    asked_for,
    laid_over,
    prepared,
    run,
    scanned_on,
    side_by_side,
    visits,
    went_to,
)

RULE = {"after": "0 days", "gain": "7 days", "agree": "50 %", "every": "7 days"}
YES, NO = Luck(agrees=0.49), Luck(agrees=0.51)
NOT_MOVED = None


def moving(rule: dict | None = None, **changes) -> dict:
    """The two lists an hour apart, and transfers."""
    transfers = RULE | (rule or {})
    made = an_hour_apart(
        trust=1, company=10, fleet={"scanner": {"days": ["friday"]}}, booking={"horizon": "1 day"},
        waiting_lists={"held_by": "provider", "transfers": transfers},
    )  # fmt: skip
    return laid_over(made, changes)


def moved_on(tables) -> list[int | None]:
    """The day on which each person was moved."""
    return [NOT_MOVED if when is None else int(when) for when in column(tables, "transferred")]


def test_without_transfers_everybody_stays():
    changes = moving(waiting_lists={"transfers": None})
    found = run(changes, asked_for(5), [YES] * 5)
    assert scanned_on(found) == [7, 14, 21, None, None]
    assert went_to(found)[:3] == ["scanner"] * 3


def test_who_agrees_is_moved_on_the_first_morning_of_asking_and_booked_with_it():
    found = run(moving(), asked_for(4), [NO, YES, NO, YES])
    assert moved_on(found) == [None, 7, None, 7]
    assert column(found, "transferred")[1] == at(7, "08:00")
    assert visits(found) == {
        0: [("scanner", 7)],
        1: [("company", 8)],
        2: [("scanner", 14)],
        3: [("company", 8)],
    }


def test_who_says_no_says_so_each_time():
    """Asked on days 7, 14 and 21, and nobody moves."""
    found = run(moving(), asked_for(6), [NO] * 6)
    assert moved_on(found) == [None] * 6
    assert scanned_on(found) == [7, 14, 21, None, None, None]


@pytest.mark.parametrize(
    ("share", "agreeing"), [("0 %", 0), ("25 %", 1), ("50 %", 2), ("75 %", 3), ("100 %", 4)]
)
def test_the_more_agree_the_more_move_and_the_same_ones(share, agreeing):
    """One has been booked already; the others' uniforms are 0.9, 0.1, 0.3, 0.6."""
    luck = [Luck(agrees=u) for u in (0.5, 0.9, 0.1, 0.3, 0.6)]
    changes = moving({"agree": share, "gain": "1 day"})
    found = moved_on(run(changes, asked_for(5), luck))
    by_agreeing = [2, 3, 4, 1]
    assert {n for n, day in enumerate(found) if day == 7} == set(by_agreeing[:agreeing])


@pytest.mark.parametrize(
    ("gain", "moved"), [("28 days", [1]), ("27 days", [1]), ("20 days", [1, 2]), ("29 days", [])]
)
def test_they_are_asked_when_the_gain_is_as_much_as_stated(gain, moved):
    """Behind all others the trust's list is 28 days, then 21 less; the company's 0, then a tenth."""
    found = run(moving({"gain": gain}), asked_for(5), [YES] * 5)
    assert [n for n, day in enumerate(moved_on(found)) if day == 7] == moved


@pytest.mark.parametrize(
    ("after", "day"), [("0 days", 7), ("4 days", 7), ("5 days", 14), ("11 days", 14), ("12 days", 21)]
)
def test_they_are_asked_after_so_long_on_the_list(after, day):
    """Three who stay have the slots of days 7, 14 and 21; somebody of day 3 waits behind them."""
    found = run(moving({"after": after}), [*asked_for(3), *asked_for(1, day=3)], [NO, NO, NO, YES])
    assert moved_on(found) == [None, None, None, day]


def test_they_are_asked_every_so_many_days():
    """From the start on days 3, 6, 9; the fifth is on the list from day 4 on."""
    people = [*asked_for(4), *asked_for(1, day=3)]
    found = run(moving({"every": "3 days"}), people, [NO, NO, NO, NO, YES])
    assert moved_on(found)[4] == 6


@pytest.mark.parametrize(("most", "moved"), [(1, [7, None, 14]), (2, [7, 7, None]), (9, [7, 7, 7])])
def test_no_more_than_so_many_are_moved_the_longest_waiting_first(most, moved):
    """The first has the trust's slot of day 7; that of day 14 goes on day 13 to who is first by then."""
    people = [*asked_for(2), *asked_for(1, day=1), *asked_for(1, day=2)]
    found = run(moving({"most": most, "gain": "1 day"}), people, [NO, YES, YES, YES])
    assert moved_on(found) == [None, *moved]


def test_place_and_clock_go_with_those_who_are_moved():
    """The company has one slot a day: who waited since day 0 comes before the village's of day 3."""
    village = asked_for(5, day=3, place=FAR)
    changes = moving({"gain": "1 day"}, fleet={"company": {"slots_per_day": "1 per day"}})
    found = run(changes, [*asked_for(5), *village], [NO, YES])
    assert moved_on(found)[1] == 7
    assert visits(found)[1] == [("company", 8)]
    assert scanned_on(found)[5:] == [5, 6, 7, 9, 10]
    assert found.referrals["clock_start"].tolist() == found.referrals["referred"].tolist()


def test_nobody_is_moved_to_a_site_they_refuse():
    """At an hour a third refuse; both would agree."""
    refusal = [{"travel": "60 minutes", "share": "33 %"}]
    changes = moving({"gain": "1 day"}, booking={"refusal": refusal})
    people = [one._replace(refuses=u) for one, u in zip(asked_for(5), (NEVER, 0.32, 0.34, 0.0, NEVER))]
    assert moved_on(run(changes, people, [YES] * 5))[1:] == [None, 7, None, 7]


def test_nobody_is_moved_to_who_may_not_take_them():
    takes = {"company": {"complexity": ["standard"]}}
    people = [one._replace(complexity=n % 2) for n, one in enumerate(asked_for(5))]
    found = run(moving({"gain": "1 day"}, eligibility={"takes": takes}), people, [YES] * 5)
    assert moved_on(found)[1:] == [None, 7, None, 7]


def test_nobody_is_moved_to_a_list_without_slots():
    """The company's is in reserve beside the trust's."""
    reserve = {"site": "Hospital", "in_reserve": True}
    changes = side_by_side(
        fleet={"company": reserve, "scanner": {"days": ["friday"]}}, booking={"horizon": "1 day"},
        waiting_lists={"held_by": "provider", "transfers": RULE | {"gain": "1 hour", "agree": "100 %"}},
    )  # fmt: skip
    assert moved_on(run(changes, asked_for(5), [YES] * 5)) == [None] * 5


def test_planned_and_urgent_ones_are_asked_too_and_keep_their_priority():
    changes = moving({"gain": "1 day"}, **PLANNED_TOO, fleet={"company": {"slots_per_day": "1 per day"}})
    people = [
        *asked_for(1, priority=URGENT), *asked_for(1, priority=URGENT), *asked_for(1),
        Person(at(0, "10:03"), priority=PLANNED),
    ]  # fmt: skip
    found = run(changes, people, [NO, YES, YES, YES])
    moved = {
        int(priority): day for priority, day in zip(found.referrals["priority"][1:], scanned_on(found)[1:])
    }
    assert moved_on(found)[1:] == [7, 7, 7]
    assert moved[URGENT] < moved[PLANNED] < moved[2]


def test_who_was_moved_stays_there_after_a_missed_appointment():
    changes = moving({"gain": "1 day"}, attendance={"missed": "10 %"})
    second = Person(at(0, "10:01"), tries=(Try(misses=0.0), Try()))
    found = run(changes, [*asked_for(1), second, *asked_for(3, day=1)], [NO, YES])
    assert visits(found)[1] == [("company", 8), ("company", 10)]


def test_who_was_moved_can_still_give_up():
    """The company has no slot before day 16, Saturday fortnight."""
    changes = moving(
        {"gain": "1 day", "every": "1 day"},
        fleet={"company": {"days": ["saturday"], "slots_per_day": "5 per day"}},
        booking={"removal": [{"after": "2 days", "a_week": "50 %"}]},
    )
    people = asked_for(5, day=1)
    people[1] = people[1]._replace(removed=0.05)
    found = run(changes, people, [NO, YES, NO, NO, NO])
    assert outcomes(found)[1] == "removed"
    assert moved_on(found)[1] == 2


# ---- nobody is sent to and fro


@pytest.mark.parametrize(("gain", "left"), [("1 hour", 3), ("1 day", 3), ("2 days", 4), ("5 days", 5)])
def test_lists_that_have_evened_out_stay_so(gain, left):
    """Seven slots on Thursdays are one a day; everybody is asked each day. Six wait for the trust: 5 days
    ahead of oneself there against 0, then 4 against 1, 3 against 2, and 2 against 3 no more."""
    thursdays = {"days": ["thursday"], "slots_per_day": "7 per day"}
    changes = side_by_side(
        booking={"horizon": "1 day"}, fleet={"scanner": thursdays, "company": thursdays},
        waiting_lists={
            "held_by": "provider", "transfers": RULE | {"gain": gain, "agree": "100 %", "every": "1 day"},
        },
    )  # fmt: skip
    sim = prepared(changes, [Luck(lot=0.0)] * 6)
    found = ran(sim, asked_for(6))
    moved = sim.records.transferred.column("number").tolist()
    assert len(moved) == len(set(moved)) == 6 - left
    assert went_to(found).count("scanner") == left


def test_lists_that_are_equally_long_move_nobody():
    sim = prepared(
        side_by_side(
            fleet={"scanner": {"days": ["thursday"]}, "company": {"days": ["thursday"]}},
            eligibility={"choice": "nearest"}, booking={"horizon": "1 day"},
            waiting_lists={
                "held_by": "provider",
                "transfers": RULE | {"gain": "1 minute", "agree": "100 %", "every": "1 day"},
            },
        ),
        [Luck(lot=lot, agrees=0.0) for lot in (0.0, NEVER) * 3],
    )  # fmt: skip
    found = ran(sim, asked_for(6))
    assert moved_on(found) == [None] * 6
