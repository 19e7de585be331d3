"""The door: whoever comes is drawn, numbered, and sent on their way."""

from __future__ import annotations

from heapq import heappop
from typing import TYPE_CHECKING

import numpy as np

from sim.model.breakdowns import NEVER
from sim.model.couch import COUCH
from sim.model.demand import (
    CAR,
    COMPLEXITY,
    DOOR_COLUMNS,
    EMERGENCY,
    FIRST_ATTEMPT,
    KEPT,
    LISTED,
    NEXT_COLUMNS,
    NO_REFERRER,
    PRIORITY,
    REFERRER,
    REFUSES,
    REMOVED,
    SHORT_NOTICE,
    TIME,
    Arrivals,
)
from sim.model.draws import Draws
from sim.model.groups import NOT_KNOWN
from sim.model.referrals import Referral, couch_factor, each_modality
from sim.model.section import SECONDS_A_DAY
from sim.model.streams import OPENING, PERSONS, RETURNS
from sim.model.tables import Table

if TYPE_CHECKING:
    from sim.model.opening_list import OpeningList
    from sim.model.simulation import Simulation
    from sim.model.suites import Suite

NOT_A_RETURN = -1
USUALLY = {
    "opening": 0,
    "parent": NOT_A_RETURN,
    "referrer": NO_REFERRER,
    "age": NOT_KNOWN,
    "mobility": NOT_KNOWN,
}
"""What is so of a referral about which nothing else is said."""


class Door:
    """Where referrals, opening lists, returns and unscheduled patients come in.

    blocks: (entity, month) of each stretch of one stream of random numbers.
    """

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.blocks: list[tuple[str, int]] = []
        self.persons = Draws(sim, PERSONS)

    def draw(self, month: int) -> None:
        """Draw a month's referrals, in order of request."""
        for arrivals in self.sim.world.arrivals:
            rows, u = self._at_the_door(arrivals, month)
            if arrivals.reacts:
                kept = arrivals.kept(u[:, KEPT], self.sim.referrals.mean_waiting_days(arrivals.modality))
                rows, u = {name: column[kept] for name, column in rows.items()}, u[kept]
            self.come_in(rows, u)

    def _at_the_door(self, arrivals: Arrivals, month: int) -> tuple[Table, np.ndarray]:
        """(columns, uniforms) of a month's referrals of one stream, place after place."""
        streams, blocks = self.sim.streams, len(self.blocks)
        counts = arrivals.counts(streams, month)
        uniforms = []
        for key, count in zip(arrivals.a_year, counts):
            uniforms.append(arrivals.uniforms(streams, key, month, count))
            self.blocks.append((arrivals.entity(key), month))
        u = np.concatenate(uniforms)
        place = np.repeat(np.arange(len(counts)), counts)
        referrer = arrivals.referrers(u[:, REFERRER])
        rows = {
            "modality": np.full(len(u), arrivals.modality),
            "place": place,
            "referrer": referrer,
            "referred": arrivals.times(u[:, TIME], month),
            "priority": arrivals.priorities(u[:, PRIORITY], referrer),
            "complexity": (u[:, COMPLEXITY] < arrivals.demand.complex).astype(int),
            "block": place + blocks,
            "index": np.concatenate([np.arange(count) for count in counts]),
        }
        return rows, u

    def draw_opening_list(self, opening: OpeningList) -> None:
        """Put those on the list who were waiting before the start."""
        entity, blocks = f"opening list {opening.key}", len(self.blocks)
        uniforms = []
        for week, people in enumerate(opening.bands):
            uniforms.append(self.sim.streams.uniforms(OPENING, entity, people, DOOR_COLUMNS, month=week))
            self.blocks.append((entity, week))
        u = np.concatenate(uniforms)
        rows = opening.draw(u) | {
            "block": np.repeat(np.arange(len(opening.bands)), opening.bands) + blocks,
            "index": np.concatenate([np.arange(people) for people in opening.bands]),
            "opening": np.ones(len(u), dtype=int),
        }
        self.come_in(rows, u)

    def draw_returns(self, now: float) -> None:
        """Whoever comes back by `now` comes in as a new referral, a child of the one before."""
        returning = self.sim.referrals.returning
        while returning and returning[0][0] <= now:
            at, number, parent, modality = heappop(returning)
            block, index = self.sim.records.address(number)
            entity, month = self.blocks[block]
            entity = f"{entity} again"
            u = self.sim.streams.row(RETURNS, entity, index, month=month, columns=DOOR_COLUMNS)
            self.blocks.append((entity, month))
            rows = {
                "modality": modality,
                "place": parent.place,
                "referred": at,
                "priority": parent.priority,
                "complexity": parent.complexity,
                **self._known_of(number),
                "block": len(self.blocks) - 1,
                "index": index,
                "parent": number,
            }
            self.come_in({name: np.array([value]) for name, value in rows.items()}, u[None, :])

    def _known_of(self, number: int) -> dict[str, float]:
        """What is known of the person of a referral, for their next one."""
        found = {name: self.sim.records.drawn_of(number, name) for name in ("car", "age", "mobility")}
        return {name: value for name, value in found.items() if value != NOT_KNOWN}

    def come_in(self, rows: Table, u: np.ndarray) -> list[Referral]:
        """Number referrals in order of request, start them on their way and return them.

        rows: modality, place, referred, priority, complexity, block, index and perhaps car, referrer,
        opening, parent, age and mobility, one a referral. u: what was drawn at the door about each.
        """
        order = np.argsort(rows["referred"], kind="stable")
        rows, u = {name: column[order] for name, column in rows.items()}, u[order]
        world, count = self.sim.world, len(u)
        rows.setdefault("car", (u[:, CAR] < world.without_car[rows["place"]]).astype(int))
        person = self.persons.table(rows) if world.groups.asks_who else None
        if person is not None:
            rows = world.groups.persons(rows["modality"], person) | rows
        rows["listed"] = rows["referred"] + world.vetting_days[rows["priority"]]
        for name, usual in USUALLY.items():
            rows.setdefault(name, np.full(count, usual))
        first = self.sim.records.come_in(rows)
        made = self._referrals(rows, u, first, person)
        listed = rows["priority"] < LISTED
        self.sim.counted.join(rows["referred"][listed])
        self.sim.counted.came += count
        if not listed.all():
            self._turn_up(rows, u, made)
        self.sim.referrals.go_into_vetting(rows, u, made)
        return made

    def _referrals(self, rows: Table, u: np.ndarray, first: int, person: np.ndarray | None) -> list[Referral]:
        number = self.sim.world.groups.numbers(rows, u[:, REFUSES], u[:, SHORT_NOTICE], person)
        columns = [
            rows[n].tolist() for n in ("modality", "place", "priority", "complexity", "referred", "listed")
        ]
        modality, place, priority, complexity, referred, listed = columns
        luck = u[:, FIRST_ATTEMPT:NEXT_COLUMNS].copy()
        for one, these in each_modality(rows["modality"]):
            luck[these, COUCH] = couch_factor(luck[these, COUCH], self.sim.world.scanning[one])
        known = self.sim.ways
        ways = [known[n][p] if n >= 0 else None for n, p in zip(number.tolist(), priority)]
        numbers = range(first, first + len(u))
        fields = (numbers, modality, place, priority, complexity, ways, referred, listed, luck.tolist())
        return list(map(Referral, *fields))

    def _turn_up(self, rows: Table, u: np.ndarray, made: list[Referral]) -> None:
        """Unscheduled patients go to the suite that takes them, where they wait."""
        suite = np.where(
            rows["priority"] == EMERGENCY,
            self.sim.world.suite_of[self.sim.open_to_unscheduled, rows["modality"], rows["place"]],
            -1,
        )
        second = np.ceil(rows["referred"] * SECONDS_A_DAY).astype(int)
        for number in np.unique(suite[suite >= 0]).tolist():
            which = np.flatnonzero(suite == number).tolist()
            seconds = second[which].tolist()
            self.sim.turned_up[number] += [(s, made[w].number, made[w]) for s, w in zip(seconds, which)]
            self._know_their_turn(self.sim.world.suites[number], rows, u, made, which)

    def _know_their_turn(
        self, suite: Suite, rows: Table, u: np.ndarray, made: list[Referral], which: list[int]
    ) -> None:
        """Which of those who turn up go before others, and when they leave if they are still waiting."""
        waiting = self.sim.turned_up[suite.number]
        if suite.first:
            rank = {referrer: place for place, referrer in enumerate(suite.first)}
            for w in which:
                waiting.ranks[made[w].number] = rank.get(int(rows["referrer"][w]), len(rank))
        if suite.leaves_after < NEVER:
            at = rows["referred"][which] - np.log1p(-u[which, REMOVED]) * suite.leaves_after
            for w, leaves in zip(which, at.tolist()):
                waiting.expect_to_leave(made[w].number, leaves)
