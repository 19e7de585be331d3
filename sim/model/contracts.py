"""A contract's life: the tender, the start, the end, or the collapse; and what works meanwhile."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.model.breakdowns import DAYS_A_YEAR, NEVER
from sim.model.calendar import Days
from sim.model.modality import MODALITIES
from sim.model.streams import CONTRACTS

if TYPE_CHECKING:
    from sim.model.sessions import Session
    from sim.model.simulation import Simulation

BEFORE, UNDER, AFTER, BETWEEN = range(4)
"""Phases of a contract: who may be scanned where changes with them. BETWEEN is none of its own: neither
the contractor nor what was handed over works, which only those notice who cannot wait."""
GOLDEN, SILVER = (math.sqrt(5) - 1) / 2, math.sqrt(2) - 1
"""Steps from replication to replication, for tenders and for collapses: multiples of either fill [0, 1)
evenly however many there are, so that few replications already hold their share of rare events."""


@dataclass(frozen=True)
class Agreement:
    """A contract, in days. scanners: the contractor's, by number. handed_over: those of others that stop
    at the start. back_after: how long after the end they work again. tries: tenders at most, each
    further one `again_after` later. cap: appointments a month at most, by modality."""

    key: str
    scanners: tuple[int, ...]
    handed_over: tuple[int, ...]
    starts: float
    mobilisation: float
    lasts: float
    tender_fails: float = 0.0
    tries: int = 1
    again_after: float = 0.0
    collapse_a_year: float = 0.0
    list_returns_after: float = 0.0
    clock_resets: bool = False
    back_after: float = NEVER
    cap: dict[str, float] = field(default_factory=dict)

    def tender(self, number: int) -> float:
        """The day of a tender, which is that of the start if it succeeds."""
        return self.starts + number * self.again_after

    def next_start(self, failed: float) -> float:
        """The start as it is known when the tender of a day has failed."""
        return failed + self.again_after if failed < self.tender(self.tries - 1) else NEVER


@dataclass
class Course:
    """What becomes of a contract in one replication, in whole days: `NEVER` for what does not happen.

    starts, opens, ends: as agreed. collapses: the contractor gives up. failed: tenders without a contract.
    """

    starts: float
    opens: float
    ends: float
    collapses: float
    failed: int

    @property
    def over(self) -> float:
        """The last day's morrow, however it came."""
        return min(self.ends, self.collapses)


def course_of(sim: Simulation, agreement: Agreement) -> Course:
    """Draw what becomes of a contract; one that began before the calendar has not collapsed before it."""
    start, life = sim.streams.shared(CONTRACTS, "contract")
    replication = sim.streams.replication
    u, v = (start + replication * GOLDEN) % 1.0, (life + replication * SILVER) % 1.0
    failed = 0
    while failed < agreement.tries and u < agreement.tender_fails ** (failed + 1):
        failed += 1
    if failed == agreement.tries:
        return Course(NEVER, NEVER, NEVER, NEVER, failed)
    starts = agreement.tender(failed)
    opens, ends = starts + agreement.mobilisation, starts + agreement.lasts
    rate = -math.log1p(-agreement.collapse_a_year) / DAYS_A_YEAR
    collapses = math.floor(max(starts, 0) - math.log1p(-v) / rate) if rate else NEVER
    return Course(starts, opens, ends, collapses if collapses < ends else NEVER, failed)


def begin_contract(sim: Simulation, agreement: Agreement) -> None:
    """Before the first day: what is agreed about who works when. What comes later is not known yet."""
    course = sim.course = course_of(sim, agreement)
    known = agreement.starts
    for tender in failed_tenders(agreement, course):
        if tender <= 0:
            known = agreement.next_start(tender)
    plan(sim, agreement, known, known + agreement.lasts)
    if course.starts <= 0:
        sim.phase = UNDER if course.ends > 0 else AFTER


def failed_tenders(agreement: Agreement, course: Course) -> list[float]:
    """The days of the tenders that led to no contract."""
    return [agreement.tender(number) for number in range(course.failed)]


def plan(sim: Simulation, agreement: Agreement, starts: float, over: float) -> None:
    """Who works when, if the contract starts on a day and is over on another."""
    for scanner in agreement.scanners:
        sim.works.bar(scanner, [(-NEVER, starts + agreement.mobilisation), (over, NEVER)])
    for scanner in agreement.handed_over:
        sim.works.bar(scanner, [(starts, over + agreement.back_after)])


def plan_anew(sim: Simulation, agreement: Agreement, starts: float, over: float) -> None:
    """On a day, that is otherwise: sessions that are open already are called off, and others held after all."""
    plan(sim, agreement, starts, over)
    today = int(sim.env.now)
    sim.referrals.call_off(sim.diary.call_off(agreement.scanners, today))
    sim.diary.open_what_works_after_all(today)


def contracting(sim: Simulation, agreement: Agreement):
    """The contract's life: tenders may put it off; it ends as agreed, or the contractor gives up.

    Lists change hands `ahead` of what is agreed, by the clerk's notice: from then on only days of the new
    phase can be booked. Nobody knows a start beforehand that hangs on a tender, nor that somebody gives up.
    """
    course = sim.course
    for tender in failed_tenders(agreement, course):
        if tender > 0:
            yield sim.env.timeout(tender - sim.env.now)
            starts = agreement.next_start(tender)
            plan_anew(sim, agreement, starts, starts + agreement.lasts)
    if course.starts == NEVER:
        return
    ahead = 0 if agreement.tender_fails else round(sim.world.booking.minimum_notice)
    if course.starts > 0:
        yield sim.env.timeout(max(0, course.starts - ahead - sim.env.now))
        turn(sim, UNDER)
    if course.over == NEVER or course.over <= 0:
        return
    gives_up, last_call = course.collapses < course.ends, max(0, course.ends - ahead)
    if course.collapses > last_call:
        yield sim.env.timeout(last_call - sim.env.now)
        turn(sim, AFTER)
    if gives_up:
        yield sim.env.timeout(course.collapses - sim.env.now)
        plan_anew(sim, agreement, course.starts, course.collapses)
        send_newcomers(sim, AFTER)
        yield sim.env.timeout(agreement.list_returns_after)
        hand_over_lists(sim, agreement.scanners if agreement.clock_resets else ())


def turn(sim: Simulation, phase: int) -> None:
    """Who may be scanned where changes."""
    send_newcomers(sim, phase)
    hand_over_lists(sim)


def send_newcomers(sim: Simulation, phase: int) -> None:
    """Whoever is listed from now on joins by the ways of a phase; who is on a list stays there."""
    sim.phase = phase
    for by_priority in sim.ways:
        for ways in by_priority:
            ways.turn()


def hand_over_lists(sim: Simulation, given_up: tuple[int, ...] = ()) -> None:
    """Whoever is on a list that is no longer theirs joins another, and keeps their place and their clock.

    given_up: scanners; the clock of people on lists of theirs alone starts again.
    """
    sim.look_at_lists()
    stay_no_longer = [
        (referral.day, referral.number, referral, set(given_up).issuperset(group.kind.scanners))
        for group in sim.waiting.groups
        for referral in group.everybody()
        if not referral.ways.holds(referral.queue)
    ]
    for day, _, referral, was_given_up in sorted(stay_no_longer, key=lambda one: one[:2]):
        referral.queue.remove(referral, day)
        referral.ways.join(referral, day)
        if given_up and was_given_up:
            referral.clock_start = sim.env.now
            sim.records.reset_clock(referral.number, sim.env.now)


def taking_the_unscheduled(sim: Simulation, agreement: Agreement):
    """Unscheduled patients go where somebody works; while the contractor mobilises, or when it has gone,
    to those who were not handed over."""
    course = sim.course
    for day, phase in (
        (course.starts, BETWEEN),
        (min(course.opens, course.over), UNDER),
        (course.over, BETWEEN),
        (course.over + agreement.back_after, AFTER),
    ):
        if day == NEVER:
            return
        if day > sim.env.now:
            yield sim.env.timeout(day - sim.env.now)
        sim.open_to_unscheduled = phase
        move_the_unscheduled(sim)


def move_the_unscheduled(sim: Simulation) -> None:
    """Unscheduled patients who have not been seen to, or are still to turn up, go where they now belong."""
    for number, queue in enumerate(sim.turned_up):
        for one in list(queue):
            referral = one[2]
            suite = int(sim.world.suite_of[sim.open_to_unscheduled, referral.modality, referral.place])
            if suite not in (number, -1):
                queue.hand_over(one, sim.turned_up[suite])


class Cap:
    """Appointments that a contractor may still make in each calendar month."""

    def __init__(self, agreement: Agreement, days: Days) -> None:
        self.scanners, self.months = frozenset(agreement.scanners), days.months
        self.most = {MODALITIES.index(modality): most for modality, most in agreement.cap.items()}
        self.made: dict[tuple[int, int], int] = {}

    def month(self, session: Session) -> tuple[int, int] | None:
        """(modality, month) under which a session's appointments count, or None: there is no cap."""
        modality = session.scanner.modality
        if session.scanner.number not in self.scanners or modality not in self.most:
            return None
        return modality, sum(first <= session.day for first in self.months)

    def room(self, session: Session) -> float:
        """How many more appointments can be made in a session's month: whole ones, or `NEVER` too many."""
        month = self.month(session)
        if month is None:
            return NEVER
        return max(0, math.floor(self.most[month[0]]) - self.made.get(month, 0))

    def count(self, session: Session, appointments: int) -> None:
        """So many were made; fewer than none: taken back before their day."""
        month = self.month(session)
        if month is not None:
            self.made[month] = self.made.get(month, 0) + appointments
