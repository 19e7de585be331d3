"""Which list a referral joins: the only one it may, or one of several, picked as the lists stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sim.model.section import WEEKDAYS

if TYPE_CHECKING:
    from sim.model.referrals import Referral
    from sim.model.simulation import Simulation
    from sim.model.waiting_list import Queue

LOT, AGREES = range(2)
"""Columns of the uniforms that decide on lists: which one is picked, whether a transfer is agreed to."""


class Way(NamedTuple):
    """A list that a referral may join. group: its number. minutes: of travel to its nearest scanner."""

    group: int
    minutes: float


@dataclass(frozen=True)
class WaysKind:
    """The ways of one kind of referral. joins: what it may join, phase by phase of the contract. moves:
    what it may be moved to once it waits, likewise."""

    joins: tuple[tuple[Way, ...], ...]
    moves: tuple[tuple[Way, ...], ...]


class Prospect(NamedTuple):
    """What somebody who chooses knows of a list: days of waiting, minutes of travel, its slots a day."""

    days: float
    minutes: float
    slots_a_day: float


Lot = Callable[[], float]
"""The uniform drawn for a referral that has a list to pick; asked for only where the rule needs it."""
Choice = Callable[[list[Prospect], Lot], int]
"""Picks a list."""


class Ways:
    """Where the referrals of one kind and priority join, in the present phase."""

    __slots__ = ("joins", "kind", "moves", "priority", "sim", "ways")

    def __init__(self, sim: Simulation, kind: WaysKind, priority: int) -> None:
        self.sim, self.kind, self.priority = sim, kind, priority
        self.turn()

    def turn(self) -> None:
        """Take the ways of the present phase."""
        self.ways = self.kind.joins[self.sim.phase]
        self.joins = [self._queue(way) for way in self.ways]
        self.moves = [self._queue(way) for way in self.kind.moves[self.sim.phase]]

    def _queue(self, way: Way) -> Queue:
        return self.sim.waiting.groups[way.group].queues[self.priority]

    def join(self, referral: Referral, day: int) -> None:
        """Put a referral on a list under `day`."""
        joins, outlook = self.joins, self.sim.outlook
        picked = 0 if len(joins) == 1 else self._picked(referral)
        referral.queue = queue = joins[picked]
        if outlook is not None:
            outlook.add(self.ways[picked].group, queue.slots)
        referral.day = day
        queue.join(referral, day)

    def rejoin(self, referral: Referral, day: int) -> None:
        """Put a referral back on the list it was on, if there is still one."""
        if self.holds(referral.queue):
            referral.day = day
            referral.queue.join(referral, day)
        else:
            self.join(referral, day)

    def holds(self, queue: Queue) -> bool:
        """Whether a referral of this kind may wait in a queue in the present phase."""
        return queue in self.joins or queue in self.moves

    def _picked(self, referral: Referral) -> int:
        sim = self.sim
        prospects = list(map(sim.outlook.prospect, self.ways))
        return sim.world.choice(prospects, lambda: sim.lists.row(referral.number, 0)[LOT])


class Outlook:
    """The lists and diaries of a morning: slots that those listed and booked need of each scanner, and
    slots it offers a day."""

    def __init__(self, sim: Simulation) -> None:
        self.groups = [group.kind.scanners for group in sim.waiting.groups]
        self.sharing = sim.waiting.sharing
        self.slots_a_day = [
            sum(
                template.slots * len(template.weekdays) / len(WEEKDAYS)
                for number, template in enumerate(scanner.templates)
                if sim.works.ahead(scanner.number, number, sim.env.now)
            )
            for scanner in sim.world.scanners
        ]
        self.offered = [sum(self.slots_a_day[scanner] for scanner in scanners) for scanners in self.groups]
        self.needed = [0.0] * len(self.slots_a_day)
        self._shares: dict[tuple[int, int], list[tuple[int, float]]] = {}
        self._days: dict[int, float] = {}
        self._prospects: dict[int, dict[float, Prospect]] = defaultdict(dict)
        for number, group in enumerate(sim.waiting.groups):
            self.add(number, group.count * group.kind.slots)
        for sessions in sim.diary.ahead.values():
            for session in sessions:
                self.needed[session.scanner.number] += session.slots_taken
        self._days.clear()  # what was worked out stands until somebody joins or leaves

    def add(self, group: int, slots: int) -> None:
        """So many more are needed in a group, shared over its scanners by the slots they offer."""
        shares = self._shares.get((group, slots))
        if shares is None:
            shares = self._shares[group, slots] = self._shares_of(group, slots)
        needed, days = self.needed, self._days
        for scanner, share in shares:
            needed[scanner] += share
        for other in self.sharing[group]:
            if other in days:
                del days[other]
                self._prospects[other].clear()

    def _shares_of(self, group: int, slots: int) -> list[tuple[int, float]]:
        """(scanner, its share of so many slots) for those of a group's scanners that offer any."""
        offered, by_scanner = self.offered[group], ((s, self.slots_a_day[s]) for s in self.groups[group])
        return [(s, slots * offers / offered) for s, offers in by_scanner if slots and offers]

    def days(self, group: int, but: int = 0) -> float:
        """How long somebody would wait who joined a group now, if everybody went in order.

        but: slots of its people not to count. Rounded, so that equal lists are equal.
        """
        days = None if but else self._days.get(group)
        if days is None:
            offered, needed = self.offered[group], sum(map(self.needed.__getitem__, self.groups[group]))
            days = round((needed - but) / offered, 9) if offered else float("inf")
            if not but:
                self._days[group] = days
        return days

    def prospect(self, way: Way) -> Prospect:
        """What somebody who chooses knows of a way."""
        group, minutes = way
        known = self._prospects[group]
        found = known.get(minutes)
        if found is None:
            found = known[minutes] = Prospect(self.days(group), minutes, self.offered[group])
        return found
