"""Images go from the scanner to the radiologists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.draws import Draws
from sim.model.section import SECONDS_A_DAY
from sim.model.streams import IMAGES, READER, TRANSFER

if TYPE_CHECKING:
    from sim.model.couch import Happened
    from sim.model.sessions import Scanner
    from sim.model.simulation import Simulation

LEAST = 2.0**-53
"""The least uniform above zero; with zero itself a transfer would fail for ever."""


@dataclass(frozen=True)
class Route:
    """One of the ways that a provider's images of one modality may go.

    pool: number of the reporting pool. below: a scan goes the first way whose `below` its uniform is
    below. days: what a transfer takes. fails: chance that one fails, then to be sent again after
    `noticed_days`.
    """

    pool: int
    below: float
    days: float
    fails: float = 0.0
    noticed_days: float = 0.0


class Images:
    """Sends scans to their readers. luck: what is drawn about each."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.luck = Draws(sim, IMAGES)

    def send(self, scanner: Scanner, day: int, happened: list[Happened]) -> None:
        """Send the complete scans of a stretch of a scanner's day, each its way."""
        queues, modality = self.sim.report_queues, scanner.modality
        routes = self.sim.world.reported_by[scanner.provider, modality]
        if len(routes) == 1 and not routes[0].fails:
            queue, start = queues[routes[0].pool], day + routes[0].days
            length = queue.pool.report_days[modality]
            queue.send(
                [
                    (start + end / SECONDS_A_DAY, one.number, length, one.priority)
                    for one, _, _, _, _, _, end, _, complete in happened
                    if complete
                ]
            )
            return
        for one, _, _, _, _, _, end, _, complete in happened:
            if complete:
                pool, days = way(routes, self.luck.first(one.number))
                arrives, length = day + days + end / SECONDS_A_DAY, queues[pool].pool.report_days[modality]
                queues[pool].send([(arrives, one.number, length, one.priority)])


def way(routes: tuple[Route, ...], u: list[float]) -> tuple[int, float]:
    """(number of the pool, days until the images are there) of a scan with the uniforms `u`."""
    for route in routes:
        if u[READER] < route.below:
            break
    return route.pool, route.days + failed_transfers(u[TRANSFER], route.fails) * route.noticed_days


def failed_transfers(u: float, chance: float) -> int:
    """How many transfers fail before one succeeds: k or more where u < chance to the power k."""
    failed, at_least, u = 0, chance, max(u, LEAST)
    while u < at_least:
        failed += 1
        at_least *= chance
    return failed
