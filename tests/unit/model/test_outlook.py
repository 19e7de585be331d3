"""What somebody who chooses a list knows of it, and who is moved: three lists on two scanners, by hand.

Scanner 0 offers 2 slots a day on all days, scanner 1 has 7 on six days of seven: 6 a day. List 0 is scanner 0's, list
2 scanner 1's, and on list 1 wait those who take either.
"""

from types import SimpleNamespace

import pytest

from sim.model.transfers import Transferring, better_list, transfer, waiting_since
from sim.model.waiting_list import GroupKind, WaitingList
from sim.model.ways import Outlook, Prospect, Way, Ways, WaysKind
from tests.unit.model.by_hand import ROUTINE, numbers, referral

EVERY_DAY, SIX_DAYS = frozenset(range(7)), frozenset(range(6))


def simulated(
    waiting: tuple[int, int, int] = (0, 0, 0), booked: int = 0, slots: int = 1, reserve=()
) -> SimpleNamespace:
    """So many wait on each list, and so many slots of scanner 1 are booked. reserve: scanners never ahead."""
    kinds = [GroupKind((0,)), GroupKind((0, 1), slots), GroupKind((1,))]
    templates = [SimpleNamespace(slots=2, weekdays=EVERY_DAY)], [SimpleNamespace(slots=7, weekdays=SIX_DAYS)]
    scanners = [SimpleNamespace(number=n, templates=theirs) for n, theirs in enumerate(templates)]
    lists, count = WaitingList(kinds, [None, None]), 0
    for group, people in zip(lists.groups, waiting):
        for _ in range(people):
            one = referral(count, queue=group.queues[ROUTINE])
            one.day = count
            one.queue.join(one, one.day)
            count += 1
    session = SimpleNamespace(scanner=scanners[1], slots_taken=booked)
    return SimpleNamespace(
        waiting=lists,
        works=SimpleNamespace(ahead=lambda scanner, template, now: scanner not in reserve),
        world=SimpleNamespace(scanners=scanners),
        diary=SimpleNamespace(ahead={(0, 0): [session]}),
        env=SimpleNamespace(now=9.5),
        outlook=None,
    )  # fmt: skip


def test_a_list_is_as_long_as_the_work_before_its_scanners_over_the_slots_they_offer():
    """Of the eight who take either a quarter needs scanner 0; six slots of scanner 1 are booked."""
    outlook = Outlook(simulated((6, 8, 12), booked=6))
    assert outlook.slots_a_day == pytest.approx([2, 6])
    assert outlook.needed == pytest.approx([6 + 2, 12 + 6 + 6])
    assert [outlook.days(list_) for list_ in range(3)] == pytest.approx([8 / 2, 32 / 8, 24 / 6])


def test_who_needs_two_slots_counts_twice():
    outlook = Outlook(simulated((0, 8, 0), slots=2))
    assert outlook.needed == pytest.approx([4, 12])


def test_who_joins_a_list_makes_it_longer_and_those_that_share_a_scanner_with_it():
    outlook = Outlook(simulated((6, 8, 12), booked=6))
    assert [outlook.days(list_) for list_ in range(3)] == [4, 4, 4]
    outlook.add(0, 2)
    assert [outlook.days(list_) for list_ in range(3)] == [5, 4.25, 4]
    outlook.add(0, -2)
    outlook.add(1, 4)
    assert [outlook.days(list_) for list_ in range(3)] == [4.5, 4.5, 4.5]
    assert outlook.days(0, but=1) == 4 and outlook.days(0) == 4.5


def test_a_list_without_slots_lasts_for_ever_and_its_people_wait_for_the_others():
    outlook = Outlook(simulated((0, 8, 5), reserve=(1,)))
    assert outlook.days(2) == float("inf")
    assert outlook.days(0) == outlook.days(1) == 4


def test_who_chooses_knows_days_minutes_and_slots():
    outlook = Outlook(simulated((6, 8, 12), booked=6))
    assert outlook.prospect(Way(0, 30.0)) == Prospect(4, 30.0, 2)
    assert outlook.prospect(Way(0, 45.0)) == Prospect(4, 45.0, 2)
    outlook.add(0, 2)
    assert outlook.prospect(Way(0, 30.0)) == Prospect(5, 30.0, 2)


# ---- who is moved


@pytest.mark.parametrize(
    ("last_day", "found"), [(-1, []), (2, [0, 1, 2]), (2.9, [0, 1, 2]), (99, [*range(5)])]
)
def test_those_who_joined_by_a_day_are_asked_longest_waiting_first(last_day, found):
    sim = simulated((2, 2, 1))
    asked = waiting_since(sim, last_day)
    assert numbers(one for one, _ in asked) == found
    assert [group for _, group in asked] == [0, 0, 1, 1, 2][: len(found)]


def with_ways(sim: SimpleNamespace, *ways: Way) -> None:
    """Everybody may be moved to these lists."""
    same = Ways(SimpleNamespace(phase=0, waiting=sim.waiting), WaysKind(joins=((),), moves=(ways,)), ROUTINE)
    for group in sim.waiting.groups:
        for one in group.everybody():
            one.ways = same


@pytest.mark.parametrize(("gain", "moves"), [(2.4, True), (2.5, True), (2.6, False)])
def test_a_list_is_better_where_one_would_wait_so_much_less_behind_all_the_others(gain, moves):
    """Six on list 0 are three days: without oneself two and a half; on list 2 it would be none."""
    sim = simulated((6, 0, 0))
    with_ways(sim, Way(0, 5.0), Way(2, 60.0))
    one = next(sim.waiting.groups[0].everybody())
    assert better_list(Outlook(sim), one, 0, gain, 0) == (Way(2, 60.0) if moves else None)


def test_of_equal_lists_the_nearest_is_better_and_where_there_is_no_other_none_is():
    sim = simulated((60, 0, 0))
    with_ways(sim, Way(1, 60.0), Way(2, 50.0), Way(2, 40.0))
    one = next(sim.waiting.groups[0].everybody())
    assert better_list(Outlook(sim), one, 0, 1.0, 0) == Way(2, 40.0)
    with_ways(sim, Way(0, 1.0))
    assert better_list(Outlook(sim), one, 0, 0.0, 0) is None


@pytest.mark.parametrize(("most", "moved"), [(0, []), (1, [0]), (2, [0, 2]), (9, [0, 2, 3, 4])])
def test_no_more_are_moved_at_once_than_the_rule_says_and_of_those_who_agree_the_longest_waiting(most, moved):
    """All but the second agree, and the list is shorter by half a day with each: after four nobody gains a day."""
    sim, noted = simulated((7, 0, 0)), []
    with_ways(sim, Way(2, 60.0))
    sim.phase = 0
    sim.lists = SimpleNamespace(row=lambda number, attempt: [None, 0.5 if number == 1 else 0.49])
    sim.records = SimpleNamespace(
        transferred=SimpleNamespace(note=lambda number, at: noted.append((number, at)))
    )
    transfer(sim, Transferring(after=2.0, gain=1.0, agree=0.5, every=7, most=most), today=8)
    assert noted == [(number, 9.5) for number in moved]
    assert sorted(numbers(sim.waiting.groups[2].everybody())) == moved
    assert all(
        one.queue is sim.waiting.groups[2].queues[ROUTINE] for one in sim.waiting.groups[2].everybody()
    )
