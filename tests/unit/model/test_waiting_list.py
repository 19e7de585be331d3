"""Who is next."""

from itertools import repeat

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.model.bands import BAND_COUNT
from sim.model.demand import PLANNED, ROUTINE, URGENT, URGENT_SUSPECTED_CANCER
from sim.model.laws import LawBroken
from sim.model.referrals import Referral
from sim.model.waiting_list import (
    ByWeek,
    GroupKind,
    Queue,
    WaitingList,
    drawn_band,
    longest_waiting,
    take_by_hazard,
)
from tests.unit.model.by_hand import numbers, referral

TODAY = 100
NO_LOTS = iter(())
"""First come needs none: whoever draws one fails."""


def test_first_come_first_served():
    queue = Queue()
    for number, day in [(7, 1), (3, 1), (5, 2), (1, 4)]:
        queue.join(referral(number), day)
    assert numbers(queue.take(3)) == [7, 3, 5]
    assert numbers(queue.take(3)) == [1]
    assert queue.take(3) == []


def test_who_rejoins_with_an_old_date_comes_before_those_asked_for_since():
    queue = Queue()
    queue.join(referral(1), day=10)
    queue.join(referral(2), day=12)
    queue.join(referral(3), day=4)
    assert queue.first_day() == 4
    assert queue.head() == (4, 3)
    assert numbers(queue.take(2)) == [3, 1]


def test_who_rejoins_an_empty_list_is_first_whatever_their_date():
    queue = Queue()
    queue.join(referral(1), day=10)
    queue.take(1)
    queue.join(referral(2), day=300)
    queue.join(referral(3), day=4)
    assert numbers(queue.take(5)) == [3, 2]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.integers(-5, -1), st.integers(0, 9))))
def test_a_queue_is_a_stable_sort_by_day(steps):
    """A negative step takes so many, another joins with that day."""
    queue, plain = Queue(), []
    for number, step in enumerate(steps):
        if step >= 0:
            queue.join(referral(number), step)
            plain = sorted([*plain, (step, number)])
        else:
            assert numbers(queue.take(-step)) == [number for _, number in plain[:-step]]
            plain = plain[-step:]
        assert queue.count == len(plain)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["join", "take", "remove", "take_from", "bands"]), st.integers(0, 120))
    )
)
@example(
    [("bands", 50), ("join", 50), ("join", 49), ("take_from", 1), ("take_from", 0)]
)  # today and yesterday
def test_whoever_leaves_and_however_the_bands_count_who_is_there(steps):
    """A plain list of (day of joining, referral) beside the queue; days up to 120 are 17 weeks."""
    queue, plain, today = Queue(), [], 0
    for number, (step, value) in enumerate(steps):
        if step == "join":
            plain = sorted([*plain, (value, number, one := referral(number))], key=lambda each: each[:2])
            queue.join(one, value)
        elif step == "take":
            taken, plain = plain[: value % 4], plain[value % 4 :]
            assert numbers(queue.take(value % 4)) == [n for _, n, _ in taken]
        elif step == "bands":
            today = value
        elif plain:
            day, _, one = plain[value % len(plain)]
            if step == "take_from":
                one = next(r for d, _, r in plain if d == day)
                assert queue.take_from(day) is one
            else:
                queue.remove(one, day)
            plain = [each for each in plain if each[2] is not one]
        weeks = [min(max(today - day - 1, 0) // 7, BAND_COUNT - 1) for day, *_ in plain]
        assert queue.bands(today) == [weeks.count(week) for week in range(BAND_COUNT)]
        for week in set(weeks):
            since = queue.first_day() if week == BAND_COUNT - 1 else today - 7 * (week + 1)
            first = min(day for (day, *_), each in zip(plain, weeks) if each == week)
            assert longest_waiting([Queue(), queue], since) == (queue, first)
        assert queue.count == len(plain) == sum(map(len, queue.buckets.values()))
        assert not plain or queue.head() == plain[0][:2]


class Compared(Referral):
    """A referral that counts how often one is held against another."""

    times = 0

    def __eq__(self, other):
        Compared.times += 1
        return self is other

    __hash__ = Referral.__hash__


def test_leaving_a_list_costs_the_same_however_many_joined_on_that_day(monkeypatch):
    monkeypatch.setattr(Compared, "times", 0)
    queue = Queue()
    everybody = [Compared(number, *[None] * 8) for number in range(5_000)]
    for one in everybody:
        queue.join(one, 1)
    for one in everybody[:0:-1]:
        queue.remove(one, 1)
    assert queue.take(5) == everybody[:1]
    assert Compared.times < 10_000


def test_nobody_joins_a_list_twice():
    queue, one = Queue(), referral(1)
    queue.join(one, 1)
    with pytest.raises(LawBroken, match="referral 1 is on a list twice"):
        queue.join(one, 1)


# ---- who a scanner takes


def waiting_list(*served: tuple[int, ...], scanners: int = 1, **kind) -> WaitingList:
    """A list with one group for each tuple of scanners that serve it; first come."""
    return WaitingList([GroupKind(numbers, **kind) for numbers in served], [None] * scanners)


def join(group, number: int, day: int, priority: int = ROUTINE):
    """Somebody joins a group; returns who."""
    who = referral(number, priority, group)
    group.queues[priority].join(who, day)
    return who


def taken(waiting: WaitingList, scanner: int, room: int, if_not_urgent: int) -> list[int]:
    return numbers(waiting.take_for(scanner, room, if_not_urgent, TODAY, NO_LOTS))


def test_a_scanner_takes_first_come_over_all_groups_it_serves():
    waiting = waiting_list((0,), (0, 1), scanners=2)
    own, shared = waiting.groups
    for number, day, group in [(1, 5, own), (2, 3, shared), (3, 4, own), (4, 6, shared)]:
        join(group, number, day)
    assert taken(waiting, 0, 3, 3) == [2, 3, 1]
    assert waiting.waits_for(1)
    assert taken(waiting, 1, 3, 3) == [4]
    assert not waiting.waits_for(0)


def test_of_those_who_joined_on_one_day_the_one_asked_for_first_is_first_whatever_the_group():
    waiting = waiting_list((0,), (0,))
    for number in range(6):
        join(waiting.groups[number % 2], number, 5)
    assert taken(waiting, 0, 4, 4) == [0, 1, 2, 3]


def test_a_scanner_takes_nobody_from_a_group_it_does_not_serve():
    waiting = waiting_list((0,), scanners=2)
    join(waiting.groups[0], 1, 5)
    assert not waiting.waits_for(1)
    assert taken(waiting, 1, 1, 1) == []


def test_the_most_urgent_goes_first_however_long_the_routine_have_waited():
    waiting = waiting_list((0,), (0,))
    join(waiting.groups[0], 1, 1, ROUTINE)
    join(waiting.groups[1], 2, 9, URGENT)
    assert taken(waiting, 0, 2, 2) == [2, 1]


def test_a_planned_scan_comes_after_the_urgent_and_before_the_routine():
    waiting = waiting_list((0,))
    for number, priority in enumerate((ROUTINE, PLANNED, URGENT, URGENT_SUSPECTED_CANCER)):
        join(waiting.groups[0], number, number, priority)
    assert taken(waiting, 0, 4, 4) == [3, 2, 1, 0]


def test_routine_referrals_get_no_more_than_their_limit_and_urgent_ones_do():
    waiting = waiting_list((0,))
    for number in range(6):
        join(waiting.groups[0], number, 1, URGENT if number >= 4 else ROUTINE)
    assert taken(waiting, 0, 5, 1) == [4, 5, 0]
    assert taken(waiting, 0, 5, 0) == []
    assert waiting.groups[0].count == 3


def test_planned_scans_use_up_the_limit_of_the_routine_ones():
    waiting = waiting_list((0,))
    for number, priority in enumerate((ROUTINE, ROUTINE, PLANNED, PLANNED)):
        join(waiting.groups[0], number, 1, priority)
    assert taken(waiting, 0, 9, 3) == [2, 3, 0]


def test_who_needs_two_slots_is_passed_over_where_one_is_left():
    waiting = WaitingList([GroupKind((0,), slots=2), GroupKind((0,))], [None])
    long, short = waiting.groups
    for number, day, group in [(1, 1, long), (2, 2, long), (3, 3, short), (4, 4, short)]:
        join(group, number, day)
    assert taken(waiting, 0, 3, 3) == [1, 3]
    assert taken(waiting, 0, 1, 1) == [4]
    assert taken(waiting, 0, 1, 1) == []
    assert waiting.waits_for(0) and taken(waiting, 0, 2, 2) == [2]


def test_at_short_notice_only_those_come_who_said_so_the_most_urgent_first():
    waiting = WaitingList([GroupKind((0,)), GroupKind((0,), short_notice=True)], [None])
    others, ready = waiting.groups
    join(others, 1, 1, URGENT)
    for number, priority in ((2, ROUTINE), (3, PLANNED), (4, URGENT)):
        join(ready, number, 5, priority)
    assert numbers(waiting.take_at_short_notice(0, 2, 2)) == [4, 3]
    assert numbers(waiting.take_at_short_notice(0, 2, 2)) == [2]
    assert waiting.take_at_short_notice(0, 2, 2) == []
    assert taken(waiting, 0, 9, 9) == [1]


# ---- the order of service by a treatment hazard


@pytest.mark.parametrize(("at", "band"), [(0.0, 1), (2.9, 1), (3.0, 4), (3.9, 4), (4.0, 4), (99.0, 4)])
def test_a_lot_falls_into_a_band_in_proportion_to_its_weight_and_never_into_an_empty_one(at, band):
    weights, counts = [0.0] * BAND_COUNT, [0] * BAND_COUNT
    weights[1], counts[1], weights[4], counts[4] = 3.0, 3, 1.0, 1
    assert drawn_band(weights, counts, at)[0] == band


def test_a_hazard_draws_a_band_of_weeks_and_in_it_the_longest_waiting():
    """One has waited three weeks with hazard 1, two under a week with hazard 2: lots below 4/5 are theirs."""
    hazard = (2.0, *(1.0,) * (BAND_COUNT - 1))
    waiting = WaitingList([GroupKind((0,)), GroupKind((0,))], [ByWeek(hazard)])
    one, other = waiting.groups
    join(one, 1, TODAY - 3)
    join(other, 2, TODAY - 5)
    join(other, 3, TODAY - 21)
    found = waiting.take_for(0, 3, 3, TODAY, iter([0.79, 0.5, 0.1]))
    assert numbers(found) == [2, 1, 3]
    assert not waiting.waits_for(0)


def test_a_lot_above_the_weight_of_the_short_waits_takes_the_long_one():
    hazard = (2.0, *(1.0,) * (BAND_COUNT - 1))
    waiting = WaitingList([GroupKind((0,))], [ByWeek(hazard)])
    for number, days in ((1, 3), (2, 5), (3, 21)):
        join(waiting.groups[0], number, TODAY - days)
    assert numbers(waiting.take_for(0, 1, 1, TODAY, iter([0.81]))) == [3]


def test_the_hazard_is_for_routine_referrals_only():
    hazard = (1e6, *(1.0,) * (BAND_COUNT - 1))
    waiting = WaitingList([GroupKind((0,))], [ByWeek(hazard)])
    for number, days in ((1, 50), (2, 3)):
        join(waiting.groups[0], number, TODAY - days, URGENT)
        join(waiting.groups[0], number + 2, TODAY - days, ROUTINE)
    assert numbers(waiting.take_for(0, 4, 4, TODAY, repeat(0.5))) == [1, 2, 4, 3]


def test_a_hazard_passes_over_who_does_not_fit():
    queue, double = Queue(), Queue(slots=2)
    double.join(referral(1), TODAY - 80)
    queue.join(referral(2), TODAY - 3)
    found, used = take_by_hazard([double, queue], 1, ByWeek((1.0,) * BAND_COUNT), TODAY, repeat(0.0))
    assert (numbers(found), used) == ([2], 1)
    found, used = take_by_hazard([double, queue], 3, ByWeek((1.0,) * BAND_COUNT), TODAY, repeat(0.0))
    assert (numbers(found), used) == ([1], 2)


def test_where_a_week_is_alike_its_people_are_drawn_whatever_their_day_and_list():
    """Four in week 1, on two lists and three days, one of them twice: each lot of 1/4 is one of them."""
    hazard = ByWeek((1.0,) * BAND_COUNT, anybody=True)

    def first_of(lot: float) -> list[int]:
        waiting = WaitingList([GroupKind((0,)), GroupKind((0,))], [hazard])
        one, other = waiting.groups
        for group, number, days in ((one, 1, 13), (other, 2, 13), (other, 3, 10), (one, 4, 8)):
            join(group, number, TODAY - days)
        return numbers(waiting.take_for(0, 1, 1, TODAY, iter([lot])))

    assert [first_of(lot) for lot in (0.1, 0.3, 0.6, 0.9)] == [[1], [2], [3], [4]]


@pytest.mark.parametrize("lot", [0.1, 0.9])
def test_of_those_of_13_weeks_or_more_the_longest_waiting_is_taken_all_the_same(lot):
    waiting = WaitingList([GroupKind((0,))], [ByWeek((1.0,) * BAND_COUNT, anybody=True)])
    for number, days in ((1, 100), (2, 400)):
        join(waiting.groups[0], number, TODAY - days)
    assert numbers(waiting.take_for(0, 1, 1, TODAY, iter([lot]))) == [2]
