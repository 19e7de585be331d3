"""Radiologists read what the scanners made."""

from __future__ import annotations

from array import array
from bisect import insort
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from sim.model.demand import EMERGENCY, PRIORITIES
from sim.model.section import SECONDS_A_DAY
from sim.model.streams import DISCREPANCY

if TYPE_CHECKING:
    from sim.model.simulation import Simulation
    from sim.model.tables import Dates

LAST_SECOND = (SECONDS_A_DAY - 1) / SECONDS_A_DAY
INFINITY = float("inf")
NEVER = float("nan")
Scan = tuple[float, int, float, int]
"""(when its images arrive in days, number of the referral, how many days its report takes, priority)."""
NO_MORE: Scan = (INFINITY, -1, 0.0, EMERGENCY)
"""Stands behind the last scan on its way."""
FIRST_REPORTED = (EMERGENCY, *range(EMERGENCY))
"""Whose scans are reported before whose, unless a session says otherwise."""


@dataclass(frozen=True)
class ReportingSession:
    """When radiologists read, and what.

    opens, closes: seconds since midnight. priorities: codes of those read, the most urgent first.
    """

    weekdays: frozenset[int]
    opens: int
    closes: int
    priorities: tuple[int, ...] = FIRST_REPORTED


@dataclass(frozen=True)
class Pool:
    """Radiologists who share one list of scans to report.

    sessions: in order of opening; no two of a day overlap. report_days: what a report takes, by code
    of the modality. re_read_days: from the first report to the return of a scan found wanting.
    limit: days from scan to report that should not be exceeded; not a number without a limit.
    """

    number: int
    name: str
    sessions: tuple[ReportingSession, ...]
    report_days: dict[int, float]
    discrepancy_rate: float = 0.0
    re_read_days: float = 0.0
    limit: float = NEVER


class ReportQueue:
    """Scans waiting for one pool's report: on their way, and arrived by priority.

    reported: when each was reported, as the records keep it. luck: a
    referral's uniforms. came: numbers in the order in which they were sent. wanting: numbers of those
    that wait to be read again. re_read: when others were. reports, found_wanting: counted when it happens, for the laws.
    """

    def __init__(
        self,
        pool: Pool,
        reported: Dates,
        luck: Callable[[int], Sequence[float]],
    ) -> None:
        self.pool, self.reported, self.luck = pool, reported, luck
        self.came = array("i")
        self.on_their_way: list[Scan] = []
        self.arrived: list[deque[Scan]] = [deque() for _ in PRIORITIES]
        self.wanting: set[int] = set()
        self.re_read: dict[int, float] = {}
        self.reports = self.found_wanting = 0

    def send(self, scans: list[Scan]) -> None:
        """Scans are on their way."""
        self.came.extend([number for _, number, _, _ in scans])
        self.on_their_way += scans

    def finish(self, scan: Scan, at: float, received: int) -> None:
        """A report is out; a scan found wanting is on its way again. received: scans that are not."""
        _, number, length, priority = scan
        if number in self.wanting:
            self.wanting.remove(number)
            self.re_read[number] = at
            return
        self.reports += 1
        self.reported.note(number, at)
        if self.luck(number)[DISCREPANCY] < self.pool.discrepancy_rate:
            self.found_wanting += 1
            self.wanting.add(number)
            back = at + self.pool.re_read_days
            insort(self.on_their_way, (back, number, length, priority), lo=received)

    def finish_all(self, numbers: list[int], at: list[float]) -> None:
        """Reports of a pool without discrepancies are out."""
        self.reports += len(numbers)
        self.reported.note_all(numbers, at)

    def account(self) -> dict[str, int]:
        """What was counted when it happened, beside what is kept where scans wait to be read."""
        kept = Counter(scan[1] in self.wanting for scan in chain(self.on_their_way, *self.arrived))
        return {
            "sent": len(self.came),
            "reported": self.reports,
            "to report": kept[False],
            "found wanting": self.found_wanting,
            "read again": len(self.re_read),
            "to read again": kept[True],
        }


def reporting(sim: Simulation, pool: Pool):
    """A pool's working life: a day's reporting sessions are worked out at the end of the day.

    By then every scanner has closed: a scan of the morning can be reported in the afternoon, however
    late the session ends in which it was made.
    """
    days, queue = sim.world.days, sim.report_queues[pool.number]
    for day in range(days.end):
        sessions = [one for one in pool.sessions if days.weekdays[day] in one.weekdays]
        if sessions and days.is_open(day):
            yield sim.env.timeout(day + LAST_SECOND - sim.env.now)
            for session in sessions:
                report(queue, session, day)


def report(queue: ReportQueue, session: ReportingSession, day: int) -> None:
    """One reporting session: one report after the other, the most urgent first, while there is time.

    Where the next report would end after closing time the session is over: nobody looks for a
    shorter one.
    """
    clock, closes = day + session.opens / SECONDS_A_DAY, day + session.closes / SECONDS_A_DAY
    served = [queue.arrived[priority] for priority in session.priorities]
    arrived, scans, received = queue.arrived, queue.on_their_way, 0
    may_come_back = queue.pool.discrepancy_rate > 0
    numbers: list[int] = []
    at: list[float] = []
    scans.sort()
    scans.append(NO_MORE)
    arrives, waiting = scans[0][0], None
    while True:
        if arrives <= clock or not waiting:
            while arrives <= clock:
                arrived[scans[received][3]].append(scans[received])
                received += 1
                arrives = scans[received][0]
            for waiting in served:
                if waiting:
                    break
            else:
                if arrives >= closes:
                    break
                clock = arrives
                continue
        clock += waiting[0][2]
        if clock > closes + 1e-9:
            break
        if may_come_back:
            queue.finish(waiting.popleft(), clock, received)
            arrives = scans[received][0]
        else:
            numbers.append(waiting.popleft()[1])
            at.append(clock)
    queue.finish_all(numbers, at)
    del scans[:received], scans[-1]


def reading(queues: list[ReportQueue], scanned: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of the referrals table: who reads it, by when, and when it was read again.

    scanned: of every row. reader: number of the pool, -1 where there was no scan.
    """
    reader = np.full(len(scanned), -1, dtype=np.int16)
    due, again = np.full(len(scanned), NEVER), np.full(len(scanned), NEVER)
    for queue in queues:
        came = np.array(queue.came)
        reader[came] = queue.pool.number
        due[came] = scanned[came] + queue.pool.limit
        again[list(queue.re_read)] = list(queue.re_read.values())
    return {"reader": reader, "report_due": due, "re_read": again}
