"""Radiologists read what the scanners made."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.demand import EMERGENCY, PRIORITIES
from sim.model.section import SECONDS_A_DAY

if TYPE_CHECKING:
    from sim.model.couch import Happened
    from sim.model.referrals import Referral
    from sim.model.simulation import Simulation

LAST_SECOND = (SECONDS_A_DAY - 1) / SECONDS_A_DAY
WHO, END, COMPLETE = 0, 6, 8
"""Where these stand in what a couch says of an appointment."""
FIRST_REPORTED = (EMERGENCY, *range(EMERGENCY))
"""Whose scans are reported before whose."""


@dataclass(frozen=True)
class Pool:
    """Radiologists who share one list of scans to report.

    opens, closes: seconds since midnight. report_seconds: from one report to the next.
    """

    number: int
    name: str
    weekdays: frozenset[int]
    opens: int
    closes: int
    report_seconds: float


class ReportQueue:
    """Scans waiting for one pool's report: sent, on their way, and arrived by priority."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, list[Happened]]] = []
        self.on_their_way: list[tuple[float, int, Referral]] = []
        self.arrived: list[deque[int]] = [deque() for _ in PRIORITIES]

    def send(self, day: float, happened: list[Happened]) -> None:
        """Send a session's images; a scan that ends at second s of `day` arrives at day + s."""
        self.sent.append((day, happened))

    def unpack(self) -> None:
        """Put everything sent in order of arrival."""
        self.on_their_way += [
            (day + one[END] / SECONDS_A_DAY, one[WHO].number, one[WHO])
            for day, happened in self.sent
            for one in happened
            if one[COMPLETE]
        ]
        self.on_their_way.sort()
        self.sent.clear()

    def receive(self, by: float) -> float:
        """Take in what has arrived by a time; returns when the next images arrive, or infinity."""
        came = 0
        for arrives, number, referral in self.on_their_way:
            if arrives > by:
                break
            self.arrived[referral.priority].append(number)
            came += 1
        del self.on_their_way[:came]
        return self.on_their_way[0][0] if self.on_their_way else float("inf")

    def most_urgent(self) -> deque[int] | None:
        """The queue whose first scan is reported next; None when nothing has arrived."""
        for priority in FIRST_REPORTED:
            if self.arrived[priority]:
                return self.arrived[priority]
        return None


def reporting(sim: Simulation, pool: Pool):
    """A pool's working life: each reporting session is worked out at the end of its day.

    By then every scanner has closed: a scan of the morning can be reported in the afternoon, however
    late the session ends in which it was made.
    """
    days, queue = sim.world.days, sim.report_queues[pool.number]
    for day in range(days.end):
        if days.weekday[day] in pool.weekdays and days.is_open(day):
            closes = day + pool.closes / SECONDS_A_DAY
            yield sim.env.timeout(day + LAST_SECOND - sim.env.now)
            report(queue, day + pool.opens / SECONDS_A_DAY, closes, pool, sim.records.reported)


def report(queue: ReportQueue, clock: float, closes: float, pool: Pool, reported: list) -> None:
    """One reporting session: one report after the other, the most urgent first, while there is time."""
    length = pool.report_seconds / SECONDS_A_DAY
    queue.unpack()
    next_arrival = queue.receive(clock)
    waiting = queue.most_urgent()
    while clock + length <= closes + 1e-9:
        if waiting:
            clock += length
            reported.append((waiting.popleft(), clock))
        elif next_arrival < closes:
            clock = next_arrival
        else:
            return
        if next_arrival <= clock:
            next_arrival = queue.receive(clock)
            waiting = queue.most_urgent()
        elif not waiting:
            waiting = queue.most_urgent()
