"""When scanners are down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.streams import BREAKDOWNS

if TYPE_CHECKING:
    from sim.model.sessions import Scanner
    from sim.model.simulation import Simulation


class Downtimes:
    """When one scanner was down: intervals in days; the last may still be open."""

    def __init__(self) -> None:
        self.intervals: list[list[float]] = []

    def since(self, start: float) -> list[list[float]]:
        """The intervals that end after `start`, oldest first; forgets the older ones."""
        while self.intervals and self.intervals[0][1] <= start:
            self.intervals.pop(0)
        return self.intervals


def breaking_down(sim: Simulation, scanner: Scanner):
    """A scanner's failures by calendar time: it works, it fails, it is repaired.

    Times between failures and repair times are exponential; the mean time between failures follows
    from uptime = working / (working + repair).
    """
    if scanner.uptime >= 1 or scanner.repair_days == 0:
        return
    draw = sim.streams.generator(BREAKDOWNS, scanner.key)
    mean_working = scanner.repair_days * scanner.uptime / (1 - scanner.uptime)
    down = sim.downtimes[scanner.number].intervals
    while True:
        yield sim.env.timeout(draw.exponential(mean_working))
        interval = [sim.env.now, float("inf")]
        down.append(interval)
        yield sim.env.timeout(draw.exponential(scanner.repair_days))
        interval[1] = sim.env.now
