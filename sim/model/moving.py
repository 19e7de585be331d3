"""Unscheduled patients who have waited long go to another hospital: the suites of a modality are one day's work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace
from typing import TYPE_CHECKING

import numpy as np

from sim.model.couch import FOR_EVER
from sim.model.section import SECONDS_A_DAY
from sim.model.sessions import drawn_lot
from sim.model.suites import LATE_EVENING, Line, Suite, close_the_day, leave_unscanned, lines_of

if TYPE_CHECKING:
    from sim.model.simulation import Simulation


@dataclass(frozen=True)
class Moving:
    """The rule: who has waited so many seconds at a suite goes to another, once.

    to: the number of the suite to which those of each go, by [phase of the contract or BETWEEN, suite], or -1.
    takes: seconds on the way, likewise.
    """

    after: int
    to: np.ndarray
    takes: np.ndarray


class Moves:
    """Who would be moved on a day if nobody saw to them before. Seconds are those since the calendar's start.

    due: (second, number of the referral, number of the suite where they wait), a heap. coming: by suite,
    (second of arrival, number) of those who may come, heaps. undecided: numbers of those still to be decided on.
    """

    def __init__(self, sim: Simulation, suites: Iterable[Suite], day: int, moved: set[int]) -> None:
        self.sim, self.moved = sim, moved
        self.to, self.takes = (
            of[sim.open_to_unscheduled] for of in (sim.world.moving.to, sim.world.moving.takes)
        )
        self.due: list[tuple[int, int, int]] = []
        self.coming: dict[int, list[tuple[int, int]]] = {suite.number: [] for suite in suites}
        self.undecided: set[int] = set()
        for suite in self.coming:
            if self.to[suite] >= 0:
                self._expect(suite, (day + 1) * SECONDS_A_DAY)

    def _expect(self, suite: int, until: int) -> None:
        """Those of a suite who would be moved before a second."""
        for second, number, _ in self.sim.turned_up[suite]:
            at = second + self.sim.world.moving.after
            if at >= until:
                return
            if number not in self.moved:
                heappush(self.due, (at, number, suite))
                heappush(self.coming[self.to[suite]], (at + int(self.takes[suite]), number))
                self.undecided.add(number)

    def may_come(self, suite: int) -> int:
        """The second at which the next of those may come to a suite."""
        coming = self.coming[suite]
        while coming and coming[0][1] not in self.undecided:
            heappop(coming)
        return coming[0][0] if coming else FOR_EVER

    def decide(self, by: int) -> None:
        """Whoever has waited long enough by a second, and has not been called, is on the way."""
        while self.due and self.due[0][0] <= by:
            second, number, suite = heappop(self.due)
            self.undecided.discard(number)
            one = self.sim.turned_up[suite].here(number, second)
            if one is not None:
                arrives = second + int(self.takes[suite])
                self.sim.turned_up[suite].hand_over(one, self.sim.turned_up[int(self.to[suite])], arrives)
                self.sim.records.transferred.note(number, second / SECONDS_A_DAY)
                self.moved.add(number)


def scanning_together(sim: Simulation, suites: list[Suite]):
    """The working life of suites whose unscheduled patients may be moved: a day of all of them at its end."""
    moved: set[int] = set()
    for day in range(sim.world.days.end):
        yield sim.env.timeout(day + LATE_EVENING - sim.env.now)
        work_out_together(sim, suites, day, moved)


def work_out_together(sim: Simulation, suites: list[Suite], day: int, moved: set[int]) -> None:
    """One day of several suites, all couches in time order."""
    lines = [(suite.number, line) for suite in suites for line in in_turn(lines_of(sim, suite, day), day)]
    moves = Moves(sim, suites, day, moved)
    step_together(sim, lines, moves, day)
    moves.decide((day + 1) * SECONDS_A_DAY - 1)
    for suite in suites:
        leave_unscanned(sim, sim.turned_up[suite.number], day + 1)
    close_the_day(sim, [line for _, line in lines])


def in_turn(lines: list[Line], day: int) -> list[Line]:
    """The lines of a suite in the order in which they are asked when several are free."""
    return sorted(lines, key=lambda line: drawn_lot(line.scanner.key, day))


def step_together(sim: Simulation, lines: list[tuple[int, Line]], moves: Moves, day: int) -> None:
    """All lines step by step in order of time; before each step it is known who has been moved by then."""
    midnight = day * SECONDS_A_DAY
    order = [(line.couch.clock, number) for number, (_, line) in enumerate(lines)]
    heapify(order)
    while order:
        clock, number = order[0]
        suite, line = lines[number]
        waiting = sim.turned_up[suite]
        moves.decide(midnight + clock)
        if waiting.leaving:
            leave_unscanned(sim, waiting, day + min(clock / SECONDS_A_DAY, 1))
        if line.step(waiting, midnight, moves.may_come(suite) - midnight) or line.next_stretch():
            heapreplace(order, (line.couch.clock, number))
        else:
            heappop(order)
