"""The scanners of one modality at one site: what happens in a day, worked out at its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Container
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from typing import TYPE_CHECKING

from sim.model.couch import (
    ATTENDING,
    CANCELLED_BY_HOSPITAL,
    CANCELLED_BY_PATIENT,
    CANCELLING,
    CREW,
    DISPLACED,
    FOR_EVER,
    MAINTENANCE,
    MISSED,
    NOTHING,
    TRACER,
    USES,
    VAN,
    Bays,
    Couch,
    Happened,
    downtime_in,
)
from sim.model.section import SECONDS_A_DAY
from sim.model.sessions import drawn_lot
from sim.model.streams import BLOCKS, DELIVERIES

if TYPE_CHECKING:
    from sim.model.sessions import Scanner, Session
    from sim.model.simulation import Simulation
    from sim.model.waiting_room import WaitingRoom


@dataclass(frozen=True)
class Suite:
    """The scanners of one modality at one site: they share their unscheduled patients and their bays.

    first: codes of the referrers whose unscheduled patients go before the others', in order; empty: first
    come, first served. leaves_after: mean days after which an unscheduled patient leaves unscanned.
    """

    number: int
    site: int
    modality: int
    scanners: tuple[int, ...]
    unscheduled: bool
    bays: int | None
    uptake: int
    first: tuple[int, ...]
    leaves_after: float


LATE_EVENING = (SECONDS_A_DAY - 2) / SECONDS_A_DAY
"""When a day's scanning is worked out: before the day's reporting is, and before midnight."""
LONGEST_USE = 2 * SECONDS_A_DAY
"""A scanner that has still so many seconds of use before it fails does not fail today."""


def scanning(sim: Simulation, suite: Suite):
    """A suite's working life: each of its days is worked out at its end."""
    for day in range(sim.world.days.end) if suite.unscheduled else sim.diary.days_of(suite.number):
        yield sim.env.timeout(day + LATE_EVENING - sim.env.now)
        work_out(sim, suite, day)


def work_out(sim: Simulation, suite: Suite, day: int) -> None:
    """One day of a suite: what is lost as a whole, then booked and unscheduled patients in time order."""
    lines = lines_of(sim, suite, day)
    if suite.unscheduled:
        with_unscheduled(sim, suite, day, lines)
    elif suite.bays:
        in_order_of_due(lines)
    else:
        one_after_the_other(lines)
    close_the_day(sim, lines)


def lines_of(sim: Simulation, suite: Suite, day: int) -> list[Line]:
    """The day of each scanner of a suite that works; sessions that are lost as a whole are closed."""
    sessions = sim.diary.held_by(suite.number, day)
    lost = {session.number: because for session in sessions if (because := why_lost(sim, session))}
    bays = Bays(suite.bays, suite.uptake) if suite.bays else None
    lines = []
    by_scanner: dict[int, list[Session]] = {number: [] for number in suite.scanners}
    for session in sessions:
        by_scanner[session.scanner.number].append(session)
    for number, theirs in by_scanner.items():
        scanner = sim.world.scanners[number]
        stretches = stretches_of(sim, scanner, theirs, lost, day, bays)
        if stretches:
            lines.append(Line(sim, scanner, stretches))
    for session in sessions:
        if session.number in lost:
            lose(sim, session, *lost[session.number])
    return lines


def close_the_day(sim: Simulation, lines: list[Line]) -> None:
    """Everybody goes home, and each stretch's account is written."""
    for line in lines:
        line.go_home(sim)
        for couch in line.stretches:
            close(sim, couch)


def stretches_of(
    sim: Simulation,
    scanner: Scanner,
    sessions: list[Session],
    lost: Container[int],
    day: int,
    bays: Bays | None,
) -> list[Couch]:
    """The stretches of a scanner's day in order: sessions that are held, and between sessions time on call.

    lost: numbers of sessions that are not held; nobody is on call in their hours, nor on a day on which
    the scanner is maintained.
    """
    on_call = scanner.on_call and day not in scanner.maintained and sim.works.scanner_on(scanner.number, day)
    if not (sessions or on_call or scanner.number in sim.in_use):
        return []
    downtime = downtime_in(sim, scanner, day)
    clock, found = 0, []
    for session in sorted(sessions, key=lambda session: session.opens):
        if on_call and session.opens > clock:
            found.append(Couch(sim, scanner, day, clock, session.opens, downtime))
        if session.number not in lost:
            found.append(Couch(sim, scanner, day, session.opens, session.closes, downtime, session, bays))
        clock = session.closes
    if on_call and clock < SECONDS_A_DAY:
        found.append(Couch(sim, scanner, day, clock, SECONDS_A_DAY, downtime))
    if not found and scanner.number in sim.in_use:
        found.append(Couch(sim, scanner, day, 0, 0, downtime))
    next_session = SECONDS_A_DAY
    for couch in reversed(found):
        couch.counts_until = next_session
        if couch.session:
            next_session = couch.opens
    return found


class Line:
    """A scanner's day: its stretches one after the other. couch: the present one."""

    def __init__(self, sim: Simulation, scanner: Scanner, stretches: list[Couch]) -> None:
        self.scanner, self.stretches = scanner, stretches
        self.ahead = deque(stretches)
        self.couch = self.ahead.popleft()
        in_use_until, used = sim.in_use.pop(scanner.number, (0, 0))
        self.couch.start(max(0, in_use_until - self.couch.day * SECONDS_A_DAY), used)

    def go_on(self, until: int) -> bool:
        """Go on to where an unscheduled patient who turns up at `until` would be next; False: the day is over."""
        while not self.couch.go_on(until):
            if not self.next_stretch():
                return False
        return True

    def step(self, waiting: WaitingRoom, midnight: int, may_come: int = FOR_EVER) -> bool:
        """One step of the couch, with whoever waits unscheduled; False when the stretch is over.

        may_come: when somebody may turn up who does not wait here yet; after the couch's clock.
        """
        couch, arrives = self.couch, may_come
        if waiting and self.scanner.unscheduled:
            first = waiting[0][0] - midnight
            if couch.is_free(first):
                couch.scan_unscheduled(waiting)
                return True
            arrives = min(first, may_come)
        return couch.step(arrives)

    def next_stretch(self) -> bool:
        """Turn to the next stretch; False when there is none."""
        if not self.ahead:
            return False
        before, self.couch = self.couch, self.ahead.popleft()
        self.couch.start(before.clock, before.used_beyond)
        return True

    def go_home(self, sim: Simulation) -> None:
        """Who is on the couch at midnight stays on it into the next day."""
        couch = self.couch
        if couch.clock > SECONDS_A_DAY:
            sim.in_use[self.scanner.number] = couch.clock + couch.day * SECONDS_A_DAY, couch.used_beyond


def one_after_the_other(lines: list[Line]) -> None:
    """Scanners that share nothing."""
    for line in lines:
        line.couch.scan_all()
        while line.next_stretch():
            line.couch.scan_all()


def in_order_of_due(lines: list[Line]) -> None:
    """Scanners that share their bays: patients enter in the order in which they are due."""
    due = sorted(
        (due, number, at)
        for number, line in enumerate(lines)
        for at, couch in enumerate(line.stretches)
        for due, _, _ in couch.booked
    )
    for _, number, at in due:
        line = lines[number]
        while line.couch is not line.stretches[at]:
            line.next_stretch()
        line.couch.scan_next()
    for line in lines:
        while line.next_stretch():
            pass


def with_unscheduled(sim: Simulation, suite: Suite, day: int, lines: list[Line]) -> None:
    """Scanners that share unscheduled patients: the one that is free first takes who turned up first.

    An unscheduled patient comes before the next booked one and interrupts no scan. Who cannot be
    scanned today waits for tomorrow.
    """
    waiting, midnight = sim.turned_up[suite.number], day * SECONDS_A_DAY
    lines = sorted(lines, key=lambda line: drawn_lot(line.scanner.key, day))
    if share_more(sim, lines) or waiting.ranks or waiting.leaving:
        step_by_step(sim, waiting, day, lines)
        leave_unscanned(sim, waiting, day + 1)
        return
    going = [line for line in lines if line.scanner.unscheduled]
    while waiting and going:
        line = free_first(going, waiting[0][0] - midnight)
        if line:
            line.couch.scan_unscheduled(waiting)
    for line in lines:
        line.go_on(FOR_EVER)


def free_first(lines: list[Line], second: int) -> Line | None:
    """Which line is free first for somebody who turns up at `second`; lines whose day is over are taken out."""
    first = None
    for line in lines.copy():
        if line.couch.free_until < second and not line.go_on(second):
            lines.remove(line)
        elif line.couch.clock <= second:
            return line
        elif first is None or line.couch.clock < first.couch.clock:
            first = line
    return first


def share_more(sim: Simulation, lines: list[Line]) -> bool:
    """Whether scanners share bays too, or engineers who may be needed at two of them today."""
    wear_out = sum(
        line.scanner.wear.engineers in sim.engineers and line.couch.use.left < LONGEST_USE
        for line in lines
        if line.couch.use
    )
    return wear_out > 1 or any(couch.bays for line in lines for couch in line.stretches)


def step_by_step(sim: Simulation, waiting: WaitingRoom, day: int, lines: list[Line]) -> None:
    """All lines step by step in order of time, so that what they share is given in that order."""
    midnight = day * SECONDS_A_DAY
    order = [(line.couch.clock, number) for number, line in enumerate(lines)]
    heapify(order)
    while order:
        clock, number = order[0]
        line = lines[number]
        if waiting.leaving:
            leave_unscanned(sim, waiting, day + min(clock / SECONDS_A_DAY, 1))
        if line.step(waiting, midnight) or line.next_stretch():
            heapreplace(order, (line.couch.clock, number))
        else:
            heappop(order)


def leave_unscanned(sim: Simulation, waiting: WaitingRoom, by: float) -> None:
    """Who does not wait any longer has left by a time."""
    for left, referral in waiting.let_go(by):
        sim.referrals.leave_unscanned(referral, left)


def close(sim: Simulation, couch: Couch) -> None:
    """Write the account of a stretch and hand over what became of its patients."""
    account = couch.account()
    if couch.session is None:
        if couch.used:
            number = sim.diary.next_number()
            sim.records.session((number, couch.day, couch.scanner.number, 0, 0, 0, *account))
            sim.referrals.close(number, couch.scanner, couch.day, couch.happened)
        return
    session = couch.session
    about = (session.number, session.day, couch.scanner.number, session.offered, len(session.starts))
    sim.records.session((*about, session.slots_taken, *account))
    session.booked.clear()
    session.lots = None  # it holds on to its session
    sim.referrals.close(session.number, couch.scanner, couch.day, couch.happened)


def why_lost(sim: Simulation, session: Session) -> tuple[int, int, str] | None:
    """(outcome, lost to, use) of a session that is lost as a whole; None when it is held."""
    scanner, day = session.scanner, session.day
    if day in scanner.maintained:
        return CANCELLED_BY_HOSPITAL, MAINTENANCE, "maintenance"
    if session.number in sim.rosters.without:
        return CANCELLED_BY_HOSPITAL, CREW, "no_crew"
    if scanner.blocked and sim.streams.row(BLOCKS, scanner.key, day)[0] < scanner.blocked:
        return DISPLACED, VAN, "blocked"
    if scanner.tracer is not None:
        fails = sim.world.scanning[scanner.modality].tracer_fails
        if fails and sim.streams.row(DELIVERIES, scanner.tracer, day)[0] < fails:
            return DISPLACED, TRACER, "no_tracer"
    return None


def lose(sim: Simulation, session: Session, outcome: int, lost_to: int, use: str) -> None:
    """Nobody is scanned in a session; all its time goes to one use."""
    scanner = session.scanner
    missing, cancelled = sim.world.missing[scanner.site], sim.world.attendance.cancelled_by_patient
    happened: list[Happened] = []
    for due, made, referral in session.in_order():
        became, because = outcome, lost_to
        if referral.luck[CANCELLING] < cancelled:
            became, because = CANCELLED_BY_PATIENT, NOTHING
        elif outcome == DISPLACED and referral.luck[ATTENDING] < missing[referral.place]:
            became, because = MISSED, NOTHING
        happened.append((referral, due, made, became, because, -1, -1, 0, 0))
    length = session.closes - session.opens
    seconds = [length if name == use else 0 for name in USES]
    about = (session.number, session.day, scanner.number, session.offered, len(session.starts))
    sim.records.session((*about, session.slots_taken, length, 0, *seconds))
    session.booked.clear()
    session.lots = None  # it holds on to its session
    sim.referrals.close(session.number, scanner, session.day, happened)
