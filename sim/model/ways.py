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
    """The lists and diaries of a morning: slots that those listed and booked need of scanners that are
    alike, and slots each scanner offers a day."""

    def __init__(self, sim: Simulation) -> None:
        self.groups = [group.kind.scanners for group in sim.waiting.groups]
        self.alike = sim.waiting.alike
        self.slots_a_day = [
            sum(
                template.slots * len(template.weekdays) / len(WEEKDAYS)
                for number, template in enumerate(scanner.templates)
                if sim.works.ahead(scanner.number, number, sim.env.now)
            )
            for scanner in sim.world.scanners
        ]
        self.offered = [sum(self.slots_a_day[scanner] for scanner in scanners) for scanners in self.groups]
        self.needed = [0.0] * len(set(self.alike))
        self._needed_of = [sorted({self.alike[number] for number in scanners}) for scanners in self.groups]
        self._shares: dict[tuple[int, int], list[tuple[int, float]]] = {}
        for number, group in enumerate(sim.waiting.groups):
            self.add(number, group.count * group.kind.slots)
        for sessions in sim.diary.ahead.values():
            for session in sessions:
                self.needed[self.alike[session.scanner.number]] += session.slots_taken

    def add(self, group: int, slots: int) -> None:
        """So many more are needed in a group, shared over its scanners by the slots they offer."""
        shares = self._shares.get((group, slots))
        if shares is None:
            shares = self._shares[group, slots] = self._shares_of(group, slots)
        needed = self.needed
        for alike, share in shares:
            needed[alike] += share

    def _shares_of(self, group: int, slots: int) -> list[tuple[int, float]]:
        """(number of scanners that are alike, their share of so many slots) for those of a group that offer any."""
        offers: defaultdict[int, float] = defaultdict(float)
        for scanner in self.groups[group]:
            offers[self.alike[scanner]] += self.slots_a_day[scanner]
        offered = self.offered[group]
        return [(alike, slots * some / offered) for alike, some in offers.items() if slots and some]

    def days(self, group: int, but: int = 0) -> float:
        """How long somebody would wait who joined a group now, if everybody went in order.

        but: slots of its people not to count. Rounded, so that equal lists are equal.
        """
        offered, needed = self.offered[group], sum(map(self.needed.__getitem__, self._needed_of[group]))
        return round((needed - but) / offered, 9) if offered else float("inf")

    def prospect(self, way: Way) -> Prospect:
        """What somebody who chooses knows of a way."""
        group, minutes = way
        return Prospect(self.days(group), minutes, self.offered[group])
