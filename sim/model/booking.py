"""The clerk: each working morning, open slots are given to the waiting list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.model.bands import BAND_COUNT
from sim.model.breakdowns import NEVER
from sim.model.demand import Modality
from sim.model.quantity import Duration, Kind, Share, ShareBelowAll, fault
from sim.model.section import SECONDS_A_DAY, Section, TimeOfDay, Weekday
from sim.model.streams import ORDER
from sim.model.transfers import transfer

if TYPE_CHECKING:
    from sim.model.sessions import Session
    from sim.model.simulation import Simulation

DAYS_A_WEEK = 7
LOTS_AT_ONCE = 32
"""Lots are read so many at a time, a multiple of what a counter step makes."""


class Hazard(Section):
    """The treatment hazard by weeks waited: how likely somebody is to be booked next, relatively."""

    by_week: Annotated[
        list[Annotated[float, Kind("ratio", above=0, most=1e6)]],
        Field(min_length=BAND_COUNT, max_length=BAND_COUNT),
    ]
    """Relative weights of those who have waited 0, 1, ... 12 and 13 or more whole weeks."""
    within_week: Literal["longest", "anybody"] = "longest"
    """Who of a week is booked: the longest waiting, or anybody, all of the week alike (of 13 weeks or more always
    the longest waiting)."""
    source: str | None = None
    """A key of sources.yaml."""
    assumption: str | None = None
    """Why these numbers, where there is no source."""
    note: str | None = None


class Refusal(Section):
    """How many refuse a site that is so far away, as one point of a line between points; nobody refuses
    what is nearer than the first."""

    travel: Duration
    """One-way travel, by the patient's own means."""
    share: Share
    """Share of patients who refuse a site so far away, and wait for a nearer one."""


class Removal(Section):
    """How many give up waiting, from some time on."""

    after: Duration
    """Time on the list from which this rate holds."""
    a_week: Annotated[float, Kind("share", least=0, most=0.95)]
    """Share of those still waiting who leave the list in a week."""


class Booking(Section):
    """When the clerk works and how far ahead; notice and horizon count whole dates."""

    clerk_starts: TimeOfDay
    """Time of the morning run."""
    clerk_days: list[Weekday] = [0, 1, 2, 3, 4]
    """Weekdays with a morning run, bank holidays apart; default Monday to Friday."""
    minimum_notice: Duration
    """Earliest bookable date counted from the day of the run: 0 days is today, 1 day tomorrow."""
    horizon: Duration
    """Latest bookable date counted from the day of the run."""
    hold_back: Share
    """Share of a session's slots that planned and routine referrals may not take before the release."""
    release: Duration
    """How long before its date a session's held-back slots are open to anybody."""
    overbooking: ShareBelowAll = 0.0
    """Appointments made beyond a session's slots, as a share of them; two then have the same time."""
    short_notice: Share = 0.0
    """Share of patients who come sooner than the minimum notice, for slots that were cancelled."""
    treatment_hazard: dict[Modality, dict[str, Hazard]] = {}
    """Order of service of routine referrals, by modality and provider, or site where the provider has none;
    default first come."""
    refusal: list[Refusal] = []
    """Who refuses sites that are far away; default nobody. Nobody refuses the nearest that may take them."""
    removal: list[Removal] = []
    """Who gives up waiting; default nobody."""

    @model_validator(mode="after")
    def _lines_rise(self):
        times = [point.travel for point in self.refusal]
        shares = [point.share for point in self.refusal]
        if times != sorted(set(times)) or shares != sorted(shares):
            raise fault("`refusal` must list longer and longer travel, and shares that do not fall")
        times = [step.after for step in self.removal]
        if times != sorted(set(times)):
            raise fault("`removal` must list later and later times")
        return self


class Removing:
    """When people give up waiting: a rate a day that changes with the time waited."""

    def __init__(self, steps: list[Removal]) -> None:
        after = [step.after for step in steps]
        rates = [-np.log1p(-step.a_week) / DAYS_A_WEEK for step in steps]
        self.days_waited = np.array([0.0, *after, after[-1] + 1e6])
        self.hazard = np.concatenate(([0.0, 0.0], np.cumsum(np.diff(self.days_waited[1:]) * rates)))

    def days(self, u: np.ndarray, waited: np.ndarray) -> np.ndarray:
        """Days from the request to giving up, one for each of `u`, of people who have `waited` so long."""
        so_far = np.interp(waited, self.days_waited, self.hazard)
        at = so_far - np.log1p(-u)
        days = np.interp(at, self.hazard, self.days_waited)
        return np.where(at >= self.hazard[-1], np.inf, days)


def waiting_at_the_start(sim: Simulation) -> None:
    """Before the first day: the opening waiting list, and the diary filled from it by the same clerk."""
    for opening in sim.world.opening:
        sim.door.draw_opening_list(opening)
    if sim.world.opening:
        sim.look_at_lists()
        sim.referrals.list_the_vetted(sim.env.now)
        sim.referrals.remove_and_cancel(sim.env.now)
        fill_open_slots(sim, today=0, first=0)


def booking(sim: Simulation):
    """The clerk's working life: list the vetted, fill the open slots, open the diary further."""
    rule, days, moving, asked = sim.world.booking, sim.world.days, sim.world.transferring, 0
    mornings = (d for d in range(days.end) if days.weekdays[d] in rule.clerk_days and days.is_open(d))
    for morning in mornings:
        yield sim.env.timeout(morning + rule.clerk_starts / SECONDS_A_DAY - sim.env.now)
        sim.look_at_lists()
        sim.door.draw_returns(sim.env.now)
        sim.referrals.list_the_vetted(sim.env.now)
        sim.referrals.remove_and_cancel(sim.env.now)
        if moving is not None and morning >= asked + moving.every:
            transfer(sim, moving, morning)
            asked = morning
        fill_open_slots(sim, morning, morning + round(rule.minimum_notice))
        if rule.short_notice:
            refill_at_short_notice(sim, morning)


def fill_open_slots(sim: Simulation, today: int, first: int) -> None:
    """Fill open slots from day `first` on, earliest session of any site first, in list order."""
    rule, waiting = sim.world.booking, sim.waiting
    last = today + round(rule.horizon)
    sim.diary.extend(last)
    waited_for = {s.number for s in sim.world.scanners if waiting.waits_for(s.number)}
    for session in sim.diary.still_bookable(today, first, last):
        scanner = session.scanner.number
        if scanner not in waited_for:
            continue
        if session.day == today and sim.env.now > today:
            session.forget_slots_before(rule.clerk_starts)
        fill_session(sim, session, today)
        if not waiting.waits_for(scanner):
            waited_for.discard(scanner)
            if not waited_for:
                return


def fill_session(sim: Simulation, session: Session, today: int) -> None:
    """Give the free slots of one session to whoever is next and may have them."""
    if session.lots is None:
        session.lots = lots(sim, session)
    free, if_not_urgent = len(session.free), session.open_to_not_urgent(today)
    taken = sim.waiting.take_for(session.scanner.number, free, if_not_urgent, today, session.lots)
    book(sim, session, within_cap(sim, session, taken))


def within_cap(sim: Simulation, session: Session, taken: list) -> list:
    """Those taken from the list for whom the month has room; the others are next in line again."""
    room = NEVER if sim.cap is None else sim.cap.room(session)
    if len(taken) <= room:
        return taken
    for referral in reversed(taken[room:]):
        referral.queue.put_back(referral, referral.day)
    return taken[:room]


def refill_at_short_notice(sim: Simulation, today: int) -> None:
    """Offer what is still free sooner than the minimum notice to those who come at short notice."""
    notice = round(sim.world.booking.minimum_notice)
    for session in sim.diary.still_bookable(today, today, today + notice - 1):
        if session.day == today:
            session.forget_slots_before(sim.world.booking.clerk_starts)
        free, if_not_urgent = len(session.free), session.open_to_not_urgent(today)
        taken = sim.waiting.take_at_short_notice(session.scanner.number, free, if_not_urgent)
        book(sim, session, within_cap(sim, session, taken))


def book(sim: Simulation, session: Session, referrals: list) -> None:
    """Make the appointments, and note who will cancel theirs."""
    if referrals:
        session.book(referrals, sim.env.now)
        sim.counted.booked += len(referrals)
        if sim.cap is not None:
            sim.cap.count(session, len(referrals))
        sim.referrals.file_cancellations(referrals, sim.env.now)


def lots(sim: Simulation, session: Session) -> Iterator[float]:
    """The lots drawn for a session, one after the other: a stream of its own."""
    part = 0
    while True:
        where = {"month": session.day, "attempt": session.opens, "columns": LOTS_AT_ONCE}
        yield from sim.streams.row(ORDER, session.scanner.key, part, **where).tolist()
        part += 1
