"""Sessions, their slots and the diary."""

import numpy as np
import pytest

from sim.model.section import WEEKDAYS
from sim.model.sessions import Diary, Session
from tests.unit.model.by_hand import seconds
from tests.world import world

FIXED = {
    "kind": "fixed", "modality": "MRI", "provider": "Trust", "site": "Hospital", "days": list(WEEKDAYS),
    "opens": "08:00", "closes": "18:00", "slots_per_day": "10 per day",
}  # fmt: skip


def diary(slots_per_day: str = "10 per day", until: int = 30, **scanner) -> Diary:
    """The small world's diary opened up to a day."""
    changes = {"fleet": {"scanner": {"slots_per_day": slots_per_day} | scanner}}
    small = world(changes)
    made = Diary(small.scanners, small.days)
    made.extend(until, 0.0, 0)
    return made


def session(slots: int, day: int = 10) -> Session:
    """A session with so many slots of an hour."""
    scanner = world().scanners[0]
    return Session(0, scanner, day, tuple(scanner.opens + 3600 * n for n in range(slots + 1)))


def test_slots_divide_the_day_evenly_and_the_session_closes_after_the_last():
    first = diary("4 per day").sessions[0]
    assert first.starts == [seconds(clock) for clock in ("08:00", "10:30", "13:00", "15:30")]
    assert (first.opens, first.closes) == (seconds("08:00"), seconds("18:00"))
    assert first.latest_end == seconds("19:00")


def test_slots_that_do_not_divide_the_day_start_at_the_nearest_second():
    starts = diary("7 per day").sessions[0].starts
    assert starts == [28800 + round(n * 36000 / 7) for n in range(7)]


@pytest.mark.parametrize("staffed", [9.5, 3.3, 0.4])
def test_a_fraction_of_a_slot_is_carried_forward_to_later_sessions(staffed):
    sessions = {s.day: len(s.starts) for s in diary(f"{staffed} per day", until=100).sessions}
    offered = np.cumsum([sessions.get(day, 0) for day in range(1, 101)])
    assert set(sessions.values()) <= {int(staffed), int(staffed) + 1}
    assert (np.abs(offered - staffed * np.arange(1, 101)) < 1).all()


def test_a_session_without_a_whole_slot_is_not_held():
    assert [s.day for s in diary("0.5 per day", until=8).sessions] == [2, 4, 6, 8]


def test_the_diary_opens_day_by_day_and_lets_past_and_full_sessions_go():
    small = world()
    made = Diary(small.scanners, small.days)
    made.extend(3, 0.0, 0)
    assert [s.day for s in made.still_bookable(0)] == [1, 2, 3]
    made.sessions[1].book(list(range(10)), 10, 0.0)
    made.extend(5, 0.0, 0)
    assert [s.day for s in made.still_bookable(2)] == [3, 4, 5]


def order_of_opening(until: int, plans: dict[str, dict]) -> list[tuple[int, str]]:
    """(day, scanner) of each session in the order in which the clerk fills them."""
    small = world({"fleet": {name: FIXED | plan for name, plan in plans.items()}})
    made = Diary(small.scanners, small.days)
    made.extend(until, 0.0, 0)
    return [(s.day, s.scanner.name) for s in made.sessions]


def test_the_session_that_begins_first_is_filled_first():
    order = order_of_opening(363, {"scanner": {"opens": "09:00"}, "b": {}, "c": {"opens": "07:00"}})
    assert [name for _, name in order] == ["c", "b", "scanner"] * (len(order) // 3)


def test_of_sessions_that_begin_together_no_scanner_is_always_first():
    order = order_of_opening(363, {"scanner": {"key": "a"}, "b": {}})
    first = [name for _, name in order[::2]]
    assert abs(first.count("b") / len(first) - 0.5) < 3.5 * 0.5 / len(first) ** 0.5
    renamed = order_of_opening(363, {"scanner": {"key": "a"}, "z": {"key": "b"}})
    assert [(day, name.replace("z", "b")) for day, name in renamed] == order


def test_the_earliest_free_slots_are_given_first():
    one = session(4)
    one.book([7, 9], 0, 1.5)
    one.book([3], 1, 2.5)
    assert one.booked == {0: 7, 1: 9, 2: 3}
    assert one.made == {0: 1.5, 1: 1.5, 2: 2.5}
    assert one.free == [3]


@pytest.mark.parametrize(("share", "open_slots"), [(0.0, 10), (0.2, 8), (0.25, 7), (0.24, 8), (1.0, 0)])
def test_held_back_slots_are_kept_from_routine_referrals(share, open_slots):
    """A share of 25 % of ten slots is two and a half: half a slot is held back whole."""
    one = session(10)
    one.hold_back(share, 3)
    assert one.open_to_routine(6) == open_slots


def test_held_back_slots_are_released_so_many_days_before():
    one = session(10, day=10)
    one.hold_back(0.5, 3)
    one.book(list(range(5)), 5, 0.0)
    assert [one.open_to_routine(today) for today in (6, 7, 8)] == [0, 5, 5]


def test_urgent_referrals_do_not_use_up_what_routine_ones_may_have():
    one = session(10)
    one.hold_back(0.5, 0)
    one.book([1, 2, 3], 0, 0.0)
    assert one.open_to_routine(0) == 5
    one.book([4, 5, 6], 0, 0.0)
    assert one.open_to_routine(0) == 4
