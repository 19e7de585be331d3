"""What happens at the scanners of a site in a day, worked out at the day's end."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from sim.model.couch import (
    CANCELLED_BY_HOSPITAL,
    CANCELLED_BY_PATIENT,
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
    Turned_up,
)
from sim.model.quantity import (
    Duration,
    Fraction,
    Growth,
    PositiveDuration,
    Ratio,
    Share,
    ShareBelowAll,
    fault,
)
from sim.model.section import SECONDS_A_DAY, Section
from sim.model.sessions import drawn_lot
from sim.model.streams import BLOCKS, DELIVERIES

if TYPE_CHECKING:
    from sim.model.sessions import Scanner, Session
    from sim.model.simulation import Simulation


class Returning(Section):
    """Scans whose patients come back with a new referral."""

    share: ShareBelowAll
    """Share of complete scans, on a scanner of relative sensitivity 1."""
    after: Duration
    """From the scan to the new referral."""


class Scanning(Section):
    """How one modality is scanned and how its scanners fail."""

    couch_time: PositiveDuration
    """Mean time on the couch, turn-round included, on a scanner of relative sensitivity 1."""
    couch_time_complex: PositiveDuration | None = None
    """The same for complex referrals; default as for the others."""
    couch_time_variation: Ratio
    """Coefficient of variation of the time on the couch (lognormal)."""
    slots_if_complex: Annotated[int, Field(ge=1, le=10)] = 1
    """Slots that a complex referral is given."""
    made_up_by_longer_scanning: Fraction
    """Share c of a lower relative sensitivity s made up by scanning longer: time x (1/s)^c."""
    incomplete: ShareBelowAll = 0.0
    """Share of scans that have to be done again: not completed, or not good enough. Grows as
    (1/s)^(1-c)."""
    missed_findings: Returning | None = None
    """Findings missed, whose patients return as new referrals. The share grows as (1/s)^(1-c)."""
    longest_wait_on_the_day: Duration
    """A patient whose scan cannot begin so long after the slot is displaced."""
    longest_overrun: Duration
    """How long after closing time a scan may still end."""
    uptime: Share
    """Share of calendar time at which a scanner works."""
    repair_time: Duration
    """Mean time to repair, by calendar time."""
    use_between_failures: PositiveDuration | None = None
    """Mean time with a patient on the couch between two failures by use, beside those by calendar
    time."""
    failures_grow: Growth = 0.0
    """How much more often a scanner fails with each year of its age."""
    engineers: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Engineers who repair this modality's scanners, one scanner each; default one is always at hand."""
    on_the_table: Literal["finishes", "rebooked", "restarts", "resumes"]
    """What happens to the patient being scanned when the scanner fails. A restarted or resumed scan
    waits for the repair; `resumes` is for queueing theory."""
    place_after_displaced: Literal["end_of_list", "keeps_place"]
    """Where on the list a displaced patient rejoins, also one cancelled by the hospital."""
    bays: Annotated[int, Field(ge=1, le=100)] | None = None
    """Uptake bays at each site, shared by its scanners; default none are needed."""
    uptake: Duration = 0.0
    """How long a patient rests in a bay after the injection, before the scan can begin."""
    tracer_fails: ShareBelowAll = 0.0
    """Share of days on which the delivery of tracer fails, at all scanners with the same supplier."""

    @model_validator(mode="after")
    def _bays_have_their_uptake(self):
        if (self.bays is None) == (self.uptake > 0):
            raise fault("`bays` and `uptake` belong together")
        return self


@dataclass(frozen=True)
class Suite:
    """The scanners of one modality at one site: they share their unscheduled patients and their bays."""

    number: int
    site: int
    modality: int
    scanners: tuple[int, ...]
    unscheduled: bool
    bays: int | None = None
    uptake: int = 0


LATE_EVENING = (SECONDS_A_DAY - 2) / SECONDS_A_DAY
"""When a day's scanning is worked out: before the day's reporting is, and before midnight."""


def scanning(sim: Simulation, suite: Suite):
    """A suite's working life: each day is worked out at its end."""
    for day in range(sim.world.days.end):
        yield sim.env.timeout(day + LATE_EVENING - sim.env.now)
        work_out(sim, suite, day)


def work_out(sim: Simulation, suite: Suite, day: int) -> None:
    """One day of a suite: what is lost as a whole, then booked and unscheduled patients in time order."""
    held = []
    for session in sim.diary.held_by(suite.number, day):
        lost = why_lost(sim, session)
        if lost:
            lose(sim, session, *lost)
        else:
            held.append(session)
    bays = Bays(suite.bays, suite.uptake) if suite.bays else None
    lines = [Line(scanner, stretches_of(sim, scanner, held, day, bays)) for scanner in scanners_of(sim, suite)]
    lines = [line for line in lines if line.stretches]
    for line in lines:
        line.start(sim.free_from.pop(line.scanner.number, 0))
    if suite.unscheduled:
        with_unscheduled(sim, suite, day, lines)
    if bays:
        in_order_of_due(lines)
    for line in lines:
        line.go_on(FOR_EVER)
        if line.couch.clock > SECONDS_A_DAY:
            sim.free_from[line.scanner.number] = line.couch.clock - SECONDS_A_DAY
        for couch in line.stretches:
            close(sim, couch)


def scanners_of(sim: Simulation, suite: Suite) -> list[Scanner]:
    """A suite's scanners."""
    return [sim.world.scanners[number] for number in suite.scanners]


class Line:
    """A scanner's day: its stretches one after the other.

    couch: the present one. acts_at: when it turns to its next booked patient or stretch. free_from,
    staffed_until: between these it can take somebody unscheduled.
    """

    __slots__ = ("acts_at", "ahead", "couch", "fails", "free_from", "scanner", "staffed_until", "stretches")

    def __init__(self, scanner: Scanner, stretches: list[Couch]) -> None:
        self.scanner, self.stretches = scanner, stretches
        self.ahead = deque(stretches)
        self.fails = any(couch.downtime for couch in stretches) or bool(stretches and stretches[0].use)

    def start(self, free_from: int) -> None:
        """Begin the day; the couch is in use until `free_from`."""
        self.couch = self.ahead.popleft()
        self.couch.start(free_from)
        self.look_ahead()

    def look_ahead(self) -> None:
        """Note when it acts next, and when it can take somebody."""
        couch = self.couch
        self.free_from, self.staffed_until = couch.clock, couch.closes
        if couch.next < len(couch.booked):
            self.acts_at = couch.next_begins()
        else:
            self.acts_at = max(couch.clock, couch.closes) if self.ahead else FOR_EVER

    def go_on(self, until: int) -> None:
        """Scan the booked patients to whom it turns before a time."""
        couch = self.couch
        couch.scan_until(until)
        while self.ahead and couch.next == len(couch.booked) and max(couch.clock, couch.closes) <= until:
            couch = self.next_stretch()
            couch.scan_until(until)
        self.look_ahead()

    def next_stretch(self) -> Couch:
        """Turn to the next stretch."""
        before, self.couch = self.couch, self.ahead.popleft()
        self.couch.start(before.clock, before.used_beyond)
        return self.couch

    def take(self, waiting: Turned_up, begin: int) -> None:
        """Scan the unscheduled patient who is first."""
        self.couch.scan_unscheduled(waiting, begin)
        self.fails = self.fails or bool(self.couch.use)
        self.look_ahead()


def stretches_of(
    sim: Simulation, scanner: Scanner, held: list[Session], day: int, bays: Bays | None
) -> list[Couch]:
    """The stretches of a scanner's day in order: its sessions, and between them its time on call."""
    clock, found = 0, []
    sessions = sorted((s for s in held if s.scanner is scanner), key=lambda s: s.opens)
    for session in sessions:
        if scanner.on_call and session.opens > clock:
            found.append(Couch(sim, scanner, day, clock, session.opens))
        found.append(Couch(sim, scanner, day, session.opens, session.closes, session, bays))
        clock = session.closes
    if scanner.on_call and clock < SECONDS_A_DAY:
        found.append(Couch(sim, scanner, day, clock, SECONDS_A_DAY))
    for couch, following in pairwise(found):
        if following.session:
            couch.counts_until = following.opens
    return found


def in_order_of_due(lines: list[Line]) -> None:
    """Scanners that share their bays: patients enter in the order in which they are due."""
    due = sorted(
        (couch.session.starts[slot], number, at)
        for number, line in enumerate(lines)
        for at, couch in enumerate(line.stretches)
        for slot, _ in couch.booked
    )
    for _, number, at in due:
        line = lines[number]
        while line.couch is not line.stretches[at]:
            line.next_stretch()
        line.couch.scan_next()


def with_unscheduled(sim: Simulation, suite: Suite, day: int, lines: list[Line]) -> None:
    """Whoever of the suite's scanners can first takes the unscheduled patient who turned up first.

    An unscheduled patient comes before the next booked one and interrupts no scan. Who cannot be
    scanned today waits for tomorrow.
    """
    waiting, midnight = sim.turned_up[suite.number], day * SECONDS_A_DAY
    lines = sorted(
        (line for line in lines if line.scanner.unscheduled), key=lambda line: drawn_lot(line.scanner.key, day)
    )
    while waiting and waiting[0][0] < midnight + SECONDS_A_DAY:
        turned_up, first, best = waiting[0][0] - midnight, None, FOR_EVER
        for line in lines:
            if line.acts_at <= turned_up:
                line.go_on(turned_up)
            begins = line.free_from
            if begins < turned_up:
                begins = turned_up
            if line.fails:
                begins = line.couch.when_up(begins)
            if begins < best and begins < line.staffed_until:
                first, best = line, begins
        if first is not None:
            first.take(waiting, best)
            continue
        behind = min(lines, key=lambda line: line.acts_at, default=None)
        if behind is None or behind.acts_at == FOR_EVER:
            return
        behind.go_on(behind.acts_at + 1)


def close(sim: Simulation, couch: Couch) -> None:
    """Write the account of a stretch and hand over what became of its patients."""
    account = couch.account()
    if couch.session is None:
        if couch.happened:
            number = sim.diary.next_number()
            sim.records.session((number, couch.day, couch.scanner.number, 0, 0, 0, *account))
            sim.referrals.close(number, couch.scanner, couch.day, couch.happened)
        return
    session = couch.session
    about = (session.number, session.day, couch.scanner.number, session.offered, len(session.starts))
    sim.records.session((*about, slots_of(couch.booked), *account))
    session.booked.clear()
    sim.referrals.close(session.number, couch.scanner, couch.day, couch.happened)


def slots_of(booked) -> int:
    """Slots that bookings, (slot, referral), take."""
    return sum(referral.group.kind.slots for _, referral in booked)


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
    for slot, referral in sorted(session.booked.items()):
        became, because = outcome, lost_to
        if referral.cancelling < cancelled:
            became, because = CANCELLED_BY_PATIENT, NOTHING
        elif outcome == DISPLACED and referral.missing < missing[referral.place]:
            became, because = MISSED, NOTHING
        due, made = session.starts[slot], session.made[slot]
        happened.append((referral, due, made, became, because, -1, -1, 0, 0))
    length = session.closes - session.opens
    seconds = [length if name == use else 0 for name in USES]
    about = (session.number, session.day, scanner.number, session.offered, len(session.starts))
    sim.records.session((*about, slots_of(session.booked.items()), length, 0, *seconds))
    session.booked.clear()
    sim.referrals.close(session.number, scanner, session.day, happened)
