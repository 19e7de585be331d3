"""The waiting list: who is listed and not booked, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain
from operator import itemgetter


class Queue:
    """Those of one group and priority who wait to be booked, in buckets by day of joining.

    Joining, also with an old date, and taking the first cost the same however many wait.
    """

    __slots__ = ("buckets", "count", "first")

    def __init__(self) -> None:
        self.buckets: dict[int, deque[int]] = {}
        self.first, self.count = 0, 0

    def join(self, row: int, day: int) -> None:
        """Put `row` at the end of those who joined on `day`."""
        bucket = self.buckets.get(day)
        if bucket is None:
            bucket = self.buckets[day] = deque()
            if self.count == 0 or day < self.first:
                self.first = day
        bucket.append(row)
        self.count += 1

    def first_day(self) -> int:
        """The day of joining of who is first. Only for a queue in which somebody waits."""
        while self.first not in self.buckets:
            self.first += 1
        return self.first

    def head(self) -> tuple[int, int]:
        """(day of joining, row) of who is first; rows are numbered in order of request."""
        day = self.first_day()
        return day, self.buckets[day][0]

    def take(self, most: int) -> list[int]:
        """Remove and return the first rows, at most so many."""
        most = min(most, self.count)
        self.count -= most
        taken: list[int] = []
        while len(taken) < most:
            day = self.first_day()
            bucket = self.buckets[day]
            if len(bucket) <= most - len(taken):
                taken += bucket
                del self.buckets[day]
            else:
                taken += [bucket.popleft() for _ in range(most - len(taken))]
        return taken


class Group:
    """Those whom the same scanners may take: one queue a priority."""

    __slots__ = ("count", "queues")

    def __init__(self, priorities: int) -> None:
        self.queues = [Queue() for _ in range(priorities)]
        self.count = 0

    def join(self, row: int, priority: int, day: int) -> None:
        """List a referral under its priority, in the order of `day`."""
        self.queues[priority].join(row, day)
        self.count += 1

    def rows(self) -> Iterator[int]:
        """Everybody in it, in no order that matters."""
        return chain.from_iterable(bucket for queue in self.queues for bucket in queue.buckets.values())

    def take(self, priority: int, most: int) -> list[int]:
        """Remove and return the first rows of a priority, at most so many."""
        queue = self.queues[priority]
        if not queue.count:
            return []
        taken = queue.take(most)
        self.count -= len(taken)
        return taken


class WaitingList:
    """All groups, and which of them each scanner serves.

    groups: for each group the scanners that may take its referrals, as tuples of scanner numbers.
    """

    def __init__(self, groups: list[tuple[int, ...]], scanners: int, priorities: int) -> None:
        self.priorities = priorities
        self.groups = [Group(priorities) for _ in groups]
        self.served_by = [
            [self.groups[number] for number, group in enumerate(groups) if scanner in group]
            for scanner in range(scanners)
        ]

    def waits_for(self, scanner: int) -> bool:
        """Whether anybody waits whom this scanner may take."""
        return any(group.count for group in self.served_by[scanner])

    def take_for(self, scanner: int, most: int, most_routine: int) -> tuple[list[int], int]:
        """Remove and return (the next referrals that this scanner may take, routine ones among them).

        The most urgent priority first, within it first come over all groups.
        """
        taken: list[int] = []
        groups = self.served_by[scanner]
        before = 0
        for priority in range(self.priorities):
            before = len(taken)
            last = priority == self.priorities - 1
            room = min(most - before, most_routine) if last else most - before
            if room <= 0:
                continue
            if len(groups) == 1:
                taken += groups[0].take(priority, room)
            else:
                taken += self._take_merged(groups, priority, room)
        return taken, len(taken) - before

    def _take_merged(self, groups: list[Group], priority: int, most: int) -> list[int]:
        taken: list[int] = []
        while len(taken) < most:
            heads = [(g.queues[priority].head(), g) for g in groups if g.queues[priority].count]
            if not heads:
                break
            taken += min(heads, key=itemgetter(0))[1].take(priority, 1)
        return taken
