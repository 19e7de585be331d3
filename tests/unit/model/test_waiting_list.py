"""Who is next."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.waiting_list import Queue, WaitingList

URGENT, ROUTINE = 0, 1


def test_first_come_first_served():
    queue = Queue()
    for row, day in [(7, 1), (3, 1), (5, 2), (1, 4)]:
        queue.join(row, day)
    assert queue.take(3) == [7, 3, 5]
    assert queue.take(3) == [1]
    assert queue.take(3) == []


def test_who_rejoins_with_an_old_date_comes_before_those_asked_for_since():
    queue = Queue()
    queue.join(1, day=10)
    queue.join(2, day=12)
    queue.join(3, day=4)
    assert queue.first_day() == 4
    assert queue.take(2) == [3, 1]


def test_who_rejoins_an_empty_list_is_first_whatever_their_date():
    queue = Queue()
    queue.join(1, day=10)
    queue.take(1)
    queue.join(2, day=300)
    queue.join(3, day=4)
    assert queue.take(5) == [3, 2]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.integers(-5, -1), st.integers(0, 9))))
def test_a_queue_is_a_stable_sort_by_day(steps):
    """A negative step takes so many, another joins with that day."""
    queue, plain = Queue(), []
    for row, step in enumerate(steps):
        if step >= 0:
            queue.join(row, step)
            plain = sorted([*plain, (step, row)])
        else:
            assert queue.take(-step) == [row for _, row in plain[:-step]]
            plain = plain[-step:]
        assert queue.count == len(plain)


def test_a_scanner_takes_first_come_over_all_groups_it_serves():
    waiting = WaitingList([(0,), (0, 1)], scanners=2, priorities=1)
    own, shared = waiting.groups
    for row, day, group in [(1, 5, own), (2, 3, shared), (3, 4, own), (4, 6, shared)]:
        group.join(row, 0, day)
    assert waiting.take_for(0, 3, 3)[0] == [2, 3, 1]
    assert waiting.waits_for(1)
    assert waiting.take_for(1, 3, 3)[0] == [4]
    assert not waiting.waits_for(0)


def test_a_scanner_takes_nobody_from_a_group_it_does_not_serve():
    waiting = WaitingList([(0,)], scanners=2, priorities=1)
    waiting.groups[0].join(1, 0, 5)
    assert not waiting.waits_for(1)
    assert waiting.take_for(1, 1, 1) == ([], 0)


def test_the_most_urgent_goes_first_however_long_the_routine_have_waited():
    waiting = WaitingList([(0,), (0,)], scanners=1, priorities=2)
    waiting.groups[0].join(1, ROUTINE, 1)
    waiting.groups[1].join(2, URGENT, 9)
    assert waiting.take_for(0, 2, 2) == ([2, 1], 1)


def test_routine_referrals_get_no_more_than_their_limit_and_urgent_ones_do():
    waiting = WaitingList([(0,)], scanners=1, priorities=2)
    for row in range(6):
        waiting.groups[0].join(row, URGENT if row >= 4 else ROUTINE, 1)
    assert waiting.take_for(0, 5, 1) == ([4, 5, 0], 1)
    assert waiting.take_for(0, 5, 0) == ([], 0)
    assert waiting.groups[0].count == 3
