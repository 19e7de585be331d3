"""The clerk: each working morning, open slots are given to the waiting list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.quantity import Duration, Share
from sim.model.section import SECONDS_A_DAY, Section, TimeOfDay, Weekday

if TYPE_CHECKING:
    from sim.model.sessions import Session
    from sim.model.simulation import Simulation


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
    """Share of a session's slots that routine referrals may not take before the release."""
    release: Duration
    """How long before its date a session's held-back slots are open to anybody."""



def booking(sim: Simulation):
    """The clerk's working life: list the vetted, fill the open slots, open the diary further."""
    rule, days = sim.world.booking, sim.world.days
    mornings = (d for d in range(days.end) if days.weekday[d] in rule.clerk_days and days.is_open(d))
    for morning in mornings:
        sim.diary.extend(morning + round(rule.horizon), rule.hold_back, round(rule.release))
        yield sim.env.timeout(morning + rule.clerk_starts / SECONDS_A_DAY - sim.env.now)
        sim.referrals.list_the_vetted(sim.env.now)
        fill_open_slots(sim, morning)
    sim.diary.extend(days.end, rule.hold_back, round(rule.release))


def fill_open_slots(sim: Simulation, today: int) -> None:
    """Fill open slots, earliest session of any site first, in list order."""
    rule, waiting = sim.world.booking, sim.waiting
    first, last = today + round(rule.minimum_notice), today + round(rule.horizon)
    waited_for = {s.number for s in sim.world.scanners if waiting.waits_for(s.number)}
    for session in sim.diary.still_bookable(first):
        if not waited_for or session.day > last:
            return
        scanner = session.scanner.number
        if session.day == today:
            session.forget_slots_before(rule.clerk_starts)
        if session.free and scanner in waited_for:
            fill_session(sim, session, today)
            if not waiting.waits_for(scanner):
                waited_for.discard(scanner)


def fill_session(sim: Simulation, session: Session, today: int) -> None:
    """Give the free slots of one session to whoever is next and may have them."""
    free, to_routine = len(session.free), session.open_to_routine(today)
    rows, routine = sim.waiting.take_for(session.scanner.number, free, to_routine)
    if rows:
        session.book(rows, routine, sim.env.now)
        sim.counted.booked += len(rows)
