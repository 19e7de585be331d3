"""What happens at the scanners of a site in a day, worked out at the day's end."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from sim.model.couch import (
    CANCELLED_BY_HOSPITAL,
    CANCELLED_BY_PATIENT,
    CREW,
    DISPLACED,
    MAINTENANCE,
    MISSED,
    NOTHING,
    TRACER,
    USES,
    VAN,
    Bays,
    Couch,
    Happened,
)
from sim.model.quantity import Duration, Fraction, Growth, PositiveDuration, Ratio, Share, ShareBelowAll
from sim.model.section import SECONDS_A_DAY, Section
from sim.model.sessions import drawn_lot
from sim.model.streams import BLOCKS, DELIVERIES

if TYPE_CHECKING:
    from sim.model.sessions import Session
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
    stretches = {number: deque(stretches_of(sim, number, held, day, bays)) for number in suite.scanners}
    couches = [couch for each in stretches.values() for couch in each]
    if suite.unscheduled:
        with_unscheduled(sim, suite, day, stretches)
    elif bays:
        in_order_of_due(couches)
    else:
        for each in stretches.values():
            one_after_the_other(each)
    for couch in couches:
        close(sim, couch)


def stretches_of(
    sim: Simulation, number: int, held: list[Session], day: int, bays: Bays | None
) -> list[Couch]:
    """The stretches of a scanner's day in order: its sessions, and between them its time on call."""
    scanner, clock, found = sim.world.scanners[number], 0, []
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


def one_after_the_other(stretches: deque[Couch]) -> None:
    """A scanner without unscheduled patients."""
    free_from = used = 0
    for couch in stretches:
        couch.start(free_from, used)
        couch.scan_all()
        free_from, used = couch.clock, couch.used_beyond


def in_order_of_due(couches: list[Couch]) -> None:
    """Scanners that share their bays: patients enter in the order in which they are due."""
    for couch in couches:
        couch.start(0)
    due = sorted(
        (couch.session.starts[slot], n) for n, couch in enumerate(couches) for slot, _ in couch.booked
    )
    for _, number in due:
        couches[number].scan_next()


def with_unscheduled(sim: Simulation, suite: Suite, day: int, stretches: dict[int, deque[Couch]]) -> None:
    """Whoever of the suite's scanners is free first takes the unscheduled patient who waits longest.

    An unscheduled patient comes before the next booked one and interrupts no scan.
    """
    waiting = sim.turned_up[suite.number]
    order = []
    for number, ahead in stretches.items():
        if ahead:
            ahead[0].start(sim.free_from.pop(number, 0))
            order.append((ahead[0].clock, drawn_lot(sim.world.scanners[number].key, day), number))
    heapify(order)
    while order:
        _, lot, number = order[0]
        ahead = stretches[number]
        couch = ahead[0]
        if couch.step(waiting):
            heapreplace(order, (couch.clock, lot, number))
            continue
        ahead.popleft()
        if ahead:
            ahead[0].start(couch.clock, couch.used_beyond)
            heapreplace(order, (ahead[0].clock, lot, number))
        else:
            heappop(order)
            sim.free_from[number] = max(0, couch.clock - SECONDS_A_DAY)


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
