"""When scanners are down."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.section import SECONDS_A_DAY
from sim.model.streams import BREAKDOWNS, WEAR

if TYPE_CHECKING:
    from sim.model.sessions import Scanner
    from sim.model.simulation import Simulation

NEVER = float("inf")
DAYS_A_YEAR = 365.25
LONGEST_SINCE = 2.0
"""A failure by use is known at the end of its day: older jobs of engineers can be forgotten."""


@dataclass(frozen=True)
class Wear:
    """How one scanner fails. key: names its random numbers; entries for one vehicle share it.

    working_days: mean calendar time from a repair to the next failure. use_seconds: mean time of use
    from a repair to the next failure. repair_days: mean length of a repair. engineers: name of the
    engineers who repair it, or None: one is always at hand. age: years at the start.
    more_a_year: growth of both failure rates with each year of age. renewed: the day on which a new
    scanner takes over.
    """

    key: str
    working_days: float = NEVER
    use_seconds: float = NEVER
    repair_days: float = 0.0
    engineers: str | None = None
    age: float = 0.0
    more_a_year: float = 0.0
    renewed: float = NEVER

    def age_on(self, day: float, renewed: float = NEVER) -> float:
        """Years in use on a day. renewed: the day on which a decision put a new scanner there."""
        new = [since for since in (self.renewed, renewed) if since <= day]
        return (day - max(new)) / DAYS_A_YEAR if new else self.age + day / DAYS_A_YEAR

    def faster(self, day: float, renewed: float = NEVER) -> float:
        """How many times as often it fails on a day as when it was new; renewed: as in `age_on`."""
        return (1 + self.more_a_year) ** self.age_on(day, renewed)


class Engineers:
    """Engineers who repair one scanner at a time, first come first served: when each is busy."""

    def __init__(self, count: int) -> None:
        self.busy: list[list[tuple[float, float]]] = [[] for _ in range(count)]

    def repair(self, fails: float, lasts: float) -> float:
        """When a repair is done that is asked for at `fails`: the first engineer with so much time."""
        for jobs in self.busy:
            while jobs and jobs[0][1] < fails - LONGEST_SINCE:
                jobs.pop(0)
        engineer = min(self.busy, key=lambda jobs: free_from(jobs, fails, lasts))
        starts = free_from(engineer, fails, lasts)
        insort(engineer, (starts, starts + lasts))
        return starts + lasts


def free_from(jobs: list[tuple[float, float]], at: float, lasts: float) -> float:
    """The first time from `at` on at which somebody with these jobs has `lasts` days together."""
    for starts, ends in jobs:
        if at + lasts <= starts:
            break
        at = max(at, ends)
    return at


class Downtimes:
    """When one scanner was down: intervals in days, in the order of their beginning."""

    def __init__(self) -> None:
        self.intervals: list[list[float]] = []

    def add(self, fails: float, works: float) -> None:
        """The scanner fails at one time and works again at another."""
        insort(self.intervals, [fails, works])

    def since(self, start: float) -> list[list[float]]:
        """The intervals that end after `start`, oldest first; forgets the older ones."""
        if self.intervals:
            self.intervals = [interval for interval in self.intervals if interval[1] > start]
        return self.intervals


def breaking_down(sim: Simulation, scanner: Scanner):
    """A scanner's failures by calendar time: it works, it fails, it is repaired.

    Times between failures and repair times are exponential. What is not in use fails unnoticed.
    """
    wear = scanner.wear
    if wear.working_days == NEVER or wear.repair_days == 0:
        return
    draw = sim.streams.generator(BREAKDOWNS, wear.key)
    while True:
        faster = wear.faster(sim.env.now, sim.works.renewed[scanner.number])
        yield sim.env.timeout(draw.exponential(wear.working_days) / faster)
        fails, lasts = sim.env.now, draw.exponential(wear.repair_days)
        in_use = sim.works.scanner_on(scanner.number, int(fails))
        works = repaired(sim, scanner, fails, lasts) if in_use else fails + lasts
        yield sim.env.timeout(works - fails)


def repaired(sim: Simulation, scanner: Scanner, fails: float, lasts: float) -> float:
    """When a scanner that fails works again; its downtime is noted."""
    engineers = sim.engineers.get(scanner.wear.engineers)
    works = engineers.repair(fails, lasts) if engineers else fails + lasts
    sim.downtimes[scanner.number].add(fails, works)
    return works


class Use:
    """A scanner's failures by use: how much longer it runs before it fails."""

    def __init__(self, sim: Simulation, scanner: Scanner) -> None:
        self.sim, self.scanner = sim, scanner
        self.draw = sim.streams.generator(WEAR, scanner.key)
        self.left = self._next(0.0)

    def _next(self, day: float) -> float:
        wear, renewed = self.scanner.wear, self.sim.works.renewed[self.scanner.number]
        return self.draw.exponential(wear.use_seconds) / wear.faster(day, renewed)

    def lasts(self, seconds: int) -> bool:
        """Let it run so long if it does not fail meanwhile."""
        if seconds < self.left:
            self.left -= seconds
            return True
        return False

    def run(self, day: int, begin: int, seconds: int) -> tuple[int, int] | None:
        """Let it run from second `begin` of a day; (failure, repair) in seconds if it fails meanwhile."""
        if self.lasts(seconds):
            return None
        fails = day + (begin + self.left) / SECONDS_A_DAY
        works = repaired(self.sim, self.scanner, fails, self.draw.exponential(self.scanner.wear.repair_days))
        self.left = self._next(works)
        return round((fails - day) * SECONDS_A_DAY), round((works - day) * SECONDS_A_DAY)
