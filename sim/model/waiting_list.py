"""The waiting list: who is listed and not booked, in order."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from itertools import chain
from operator import mul
from typing import TYPE_CHECKING

from sim.model.bands import BAND_COUNT
from sim.model.demand import LISTED, PLANNED, PRIORITIES, ROUTINE
from sim.model.laws import LawBroken

if TYPE_CHECKING:
    from sim.model.referrals import Referral

ORDER_OF_PRIORITIES = tuple(
    PRIORITIES.index(name) for name in ("urgent_suspected_cancer", "urgent", "planned", "routine")
)
"""Who is booked before whom: planned (surveillance) scans are due at a date, routine ones are not."""
DAYS_A_WEEK, LAST_BAND = 7, BAND_COUNT - 1
NOT_URGENT = (PLANNED, ROUTINE)
"""Priorities that may not have a held-back slot before its release."""


class Queue:
    """Those of one group and priority who wait to be booked, in buckets by day of joining.

    Joining, also with an old date, leaving, and taking the first cost the same however many wait.
    slots: how many slots each of them needs.
    """

    __slots__ = ("_bands", "_counted_on", "buckets", "count", "first", "slots")

    def __init__(self, slots: int = 1) -> None:
        self.buckets: dict[int, OrderedDict[Referral, None]] = {}
        self.first, self.count, self.slots = 0, 0, slots
        self._bands, self._counted_on = [0] * BAND_COUNT, None

    def join(self, referral: Referral, day: int) -> None:
        """Put a referral at the end of those who joined on `day`. Raises `LawBroken` where it stands there."""
        bucket = self.buckets.get(day)
        if bucket is not None:
            if referral in bucket:
                raise LawBroken(f"referral {referral.number} is on a list twice")
            bucket[referral] = None
        else:
            self.buckets[day] = OrderedDict(((referral, None),))
            if self.count == 0 or day < self.first:
                self.first = day
        self.count += 1
        if self._counted_on is not None:
            week = (self._counted_on - day - 1) // DAYS_A_WEEK
            self._bands[0 if week < 0 else week if week < LAST_BAND else LAST_BAND] += 1

    def put_back(self, referral: Referral, day: int) -> None:
        """Put a referral before all who joined on `day`."""
        self.join(referral, day)
        self.buckets[day].move_to_end(referral, last=False)

    def remove(self, referral: Referral, day: int) -> None:
        """Let somebody go who joined on `day`."""
        bucket = self.buckets[day]
        del bucket[referral]
        if not bucket:
            del self.buckets[day]
        self._changed(day, -1)

    def first_day(self) -> int:
        """The day of joining of who is first. Only for a queue in which somebody waits."""
        while self.first not in self.buckets:
            self.first += 1
        return self.first

    def head(self) -> tuple[int, int]:
        """(day of joining, number) of who is first; referrals are numbered in order of request."""
        day = self.first_day()
        return day, next(iter(self.buckets[day])).number

    def take(self, most: int) -> list[Referral]:
        """Remove and return the first, at most so many."""
        most = min(most, self.count)
        taken: list[Referral] = []
        while len(taken) < most:
            day = self.first_day()
            bucket = self.buckets[day]
            if len(bucket) <= most - len(taken):
                taken += bucket
                del self.buckets[day]
                self._changed(day, -len(bucket))
            else:
                few = most - len(taken)
                taken += [bucket.popitem(last=False)[0] for _ in range(few)]
                self._changed(day, -few)
        return taken

    def bands(self, today: int) -> list[int]:
        """How many have waited so many whole weeks today, in the bands of DM01."""
        if self._counted_on is None or not 0 <= today - self._counted_on <= DAYS_A_WEEK:
            self._bands = [0] * BAND_COUNT
            for day, bucket in self.buckets.items():
                self._bands[week_of(day, today)] += len(bucket)
        else:
            for now in range(self._counted_on + 1, today + 1):
                self._grow_older(now)
        self._counted_on = today
        return self._bands

    def _grow_older(self, today: int) -> None:
        """Those who have waited a whole number of weeks today are a band further than yesterday."""
        buckets, bands = self.buckets, self._bands
        for week in range(1, BAND_COUNT):
            bucket = buckets.get(today - 1 - DAYS_A_WEEK * week)
            if bucket is not None:
                bands[week - 1] -= len(bucket)
                bands[week] += len(bucket)

    def take_from(self, day: int) -> Referral:
        """Remove and return the first of those who joined on `day`."""
        return self.take_of(None if self._counted_on is None else week_of(day, self._counted_on), day)

    def take_of(self, week: int | None, day: int) -> Referral:
        """The same, where the band of `day` is known; None: bands were never asked for."""
        bucket = self.buckets[day]
        referral, _ = bucket.popitem(last=False)
        if not bucket:
            del self.buckets[day]
        self.count -= 1
        if week is not None:
            self._bands[week] -= 1
        return referral

    def _changed(self, day: int, by: int) -> None:
        self.count += by
        if self._counted_on is not None:
            self._bands[week_of(day, self._counted_on)] += by


def week_of(day: int, today: int) -> int:
    """The band of who joined on `day`: whole weeks at midnight, as DM01 counts."""
    week = (today - day - 1) // DAYS_A_WEEK
    return 0 if week < 0 else week if week < LAST_BAND else LAST_BAND


@dataclass(frozen=True)
class ByWeek:
    """An order of service by weeks waited. weights: `BAND_COUNT` relative numbers. anybody: within a week
    all are alike, instead of the longest waiting first."""

    weights: tuple[float, ...]
    anybody: bool = False


@dataclass(frozen=True)
class GroupKind:
    """What makes a group: its referrals are all the same to the clerk.

    scanners: the numbers of those that may take them. slots: how many slots each needs.
    short_notice: whether they come at a notice shorter than the minimum.
    """

    scanners: tuple[int, ...]
    slots: int = 1
    short_notice: bool = False


class Group:
    """The waiting referrals of one kind: one queue a priority."""

    __slots__ = ("kind", "queues")

    def __init__(self, kind: GroupKind) -> None:
        self.kind = kind
        self.queues = [Queue(kind.slots) for _ in range(LISTED)]

    @property
    def count(self) -> int:
        """How many wait."""
        return sum(queue.count for queue in self.queues)

    def everybody(self) -> Iterator[Referral]:
        """Who waits, in no order that matters."""
        return chain.from_iterable(bucket for queue in self.queues for bucket in queue.buckets.values())


class WaitingList:
    """All groups, and which of them each scanner serves.

    hazards: for each scanner the order of service of its routine referrals, or None: first come. alike: for
    each scanner a number that it has in common with those that serve the same groups.
    """

    def __init__(self, kinds: list[GroupKind], hazards: list[ByWeek | None]) -> None:
        self.groups = [Group(kind) for kind in kinds]
        self.hazards = hazards
        scanners = range(len(hazards))
        serving = [tuple(number in kind.scanners for kind in kinds) for number in scanners]
        self.alike = list(map(list(dict.fromkeys(serving)).index, serving))
        self.served_by = [[g for g in self.groups if number in g.kind.scanners] for number in scanners]
        self.at_short_notice = [[g for g in groups if g.kind.short_notice] for groups in self.served_by]
        self._queues = [
            [[g.queues[p] for g in groups] for p in ORDER_OF_PRIORITIES] for groups in self.served_by
        ]

    def waits_for(self, scanner: int) -> bool:
        """Whether anybody waits whom this scanner may take."""
        for queues in self._queues[scanner]:
            for queue in queues:
                if queue.count:
                    return True
        return False

    def take_for(
        self, scanner: int, room: int, room_if_not_urgent: int, today: int, lots: Iterator[float]
    ) -> list[Referral]:
        """Remove and return the next referrals that this scanner may take, most urgent first.

        room: free slots; room_if_not_urgent: those of them that planned and routine referrals may
        have. lots: uniforms, used only where the order of service draws lots.
        """
        taken: list[Referral] = []
        for priority, queues in zip(ORDER_OF_PRIORITIES, self._queues[scanner]):
            waiting = [queue for queue in queues if queue.count]
            if not waiting:
                continue
            most = min(room, room_if_not_urgent) if priority in NOT_URGENT else room
            if most <= 0:
                continue
            hazard = self.hazards[scanner] if priority == ROUTINE else None
            if hazard:
                found, used = take_by_hazard(waiting, most, hazard, today, lots)
            elif len(waiting) == 1 and waiting[0].slots == 1:
                found = waiting[0].take(most)
                used = len(found)
            else:
                found, used = take_first_come(waiting, most)
            taken += found
            room -= used
            room_if_not_urgent -= used if priority in NOT_URGENT else 0
        return taken

    def take_at_short_notice(self, scanner: int, room: int, room_if_not_urgent: int) -> list[Referral]:
        """Remove and return the next of those who come at short notice, as `take_for` does."""
        taken: list[Referral] = []
        for priority in ORDER_OF_PRIORITIES:
            queues = [g.queues[priority] for g in self.at_short_notice[scanner] if g.queues[priority].count]
            most = min(room, room_if_not_urgent) if priority in NOT_URGENT else room
            if queues and most > 0:
                found, used = take_first_come(queues, most)
                taken += found
                room -= used
                room_if_not_urgent -= used if priority in NOT_URGENT else 0
        return taken


def take_first_come(queues: list[Queue], room: int) -> tuple[list[Referral], int]:
    """(the longest waiting of all queues who find room, slots they need); they are removed."""
    taken: list[Referral] = []
    left = room
    heads = [(queue.head(), number, queue) for number, queue in enumerate(queues) if queue.count]
    heapify(heads)
    while heads and left:
        (day, _), number, queue = heads[0]
        if queue.slots > left:
            heappop(heads)
            continue
        taken.append(queue.take_from(day))
        left -= queue.slots
        if queue.count:
            heapreplace(heads, (queue.head(), number, queue))
        else:
            heappop(heads)
    return taken, room - left


def take_by_hazard(
    queues: list[Queue], room: int, hazard: ByWeek, today: int, lots: Iterator[float]
) -> tuple[list[Referral], int]:
    """(who is drawn, slots they need); they are removed.

    Each slot draws a band of weeks waited with weight people x hazard, and takes the longest waiting
    in it, or where the hazard says so anybody.
    """
    taken: list[Referral] = []
    left, relative, any_of_week = room, hazard.weights, hazard.anybody
    while queues := [queue for queue in queues if queue.count and queue.slots <= left]:
        bands = [queue.bands(today) for queue in queues]
        counts = [*bands[0]] if len(bands) == 1 else list(map(sum, zip(*bands)))
        weights = list(map(mul, counts, relative))
        days = [*range(today - DAYS_A_WEEK, today - DAYS_A_WEEK * BAND_COUNT, -DAYS_A_WEEK)]
        days.append(min(queue.first_day() for queue in queues))
        first = [queues[0]] * BAND_COUNT
        longest = max(queue.slots for queue in queues)
        queue = queues[0]
        while left >= longest and queue.count:
            week, within = drawn_band(weights, counts, next(lots) * sum(weights))
            if any_of_week and week < LAST_BAND:
                queue, day = anybody(queues, days[week], int(within * counts[week]))
            else:
                queue, day = first[week], days[week]
                if day not in queue.buckets:
                    queue, day = first[week], days[week] = longest_waiting(queues, day)
            taken.append(queue.take_of(week, day))
            left -= queue.slots
            counts[week] = people = counts[week] - 1
            weights[week] = people * relative[week]
    return taken, room - left


def longest_waiting(queues: list[Queue], day: int) -> tuple[Queue, int]:
    """(queue, day of joining) of who joined first from `day` on; somebody did."""
    while True:
        for queue in queues:
            if day in queue.buckets:
                return queue, day
        day += 1


def anybody(queues: list[Queue], day: int, nth: int) -> tuple[Queue, int]:
    """(queue, day of joining) of the nth, from 0, of those who joined from `day` on; more than so many did."""
    while True:
        for queue in queues:
            nth -= len(queue.buckets.get(day, ()))
            if nth < 0:
                return queue, day
        day += 1


def drawn_band(weights: list[float], counts: list[int], at: float) -> tuple[int, float]:
    """(the band in which `at` falls when the weights are laid end to end, what part of it lies before).

    Never an empty band.
    """
    for week, weight in enumerate(weights):
        if at < weight:
            return week, at / weight
        at -= weight
    return max(week for week, count in enumerate(counts) if count), 0.0
