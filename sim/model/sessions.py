"""Scanners, their sessions and the diary of slots that can be booked."""

from __future__ import annotations

import math
from bisect import insort
from collections import defaultdict, deque
from collections.abc import Container, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from sim.model.breakdowns import Wear
from sim.model.calendar import Days
from sim.model.waiting_list import NOT_URGENT
from sim.model.works import Works

if TYPE_CHECKING:
    from sim.model.booking import Booking
    from sim.model.referrals import Referral


@dataclass(frozen=True)
class Template:
    """One session of a scanner's week. Times are whole seconds since midnight.

    slots: staffed slots a session; a fraction is carried forward from session to session.
    slot_seconds: length of a slot. uptake: how long patients rest before their scan, so long does a
    session go on after its last slot. radiographers: needed to hold it. staffed: the part of the slots that
    could be offered, and so of a whole session, for which they are there.
    """

    weekdays: frozenset[int]
    on_bank_holidays: bool
    opens: int
    set_up: int
    slots: float
    slot_seconds: float
    uptake: int = 0
    radiographers: float = 0.0
    staffed: float = 1.0

    @property
    def radiographer_sessions(self) -> float:
        """Whole sessions of a radiographer that holding it takes."""
        return self.radiographers * self.staffed

    def held_on(self, day: int, days: Days) -> bool:
        """Whether a day has this session."""
        return days.weekdays[day] in self.weekdays and (self.on_bank_holidays or days.is_open(day))


@dataclass(frozen=True)
class Scanner:
    """A scanner as the model sees it, worked out from the answers about fleet and workforce.

    number: its place in the world's list. key: names its random numbers and breaks ties. suite: the
    number of the suite it belongs to. unscheduled: whether it takes unscheduled patients. couch_seconds: mean time on the couch by complexity, longer on
    a less sensitive scanner. on_call: it takes unscheduled patients outside its sessions.
    blocked: share of its days on which it cannot set up. incomplete: share of its scans that have to
    be done again. returns: (share of scans, days until then) of those that come back as a new
    referral. tracer: the supplier whose delivery it needs, or None.
    maintained: numbers of the days on which it is maintained. reserve: numbers of its templates that
    are not used before it is decided to.
    """

    number: int
    name: str
    key: str
    modality: int
    site: int
    provider: int
    suite: int
    templates: tuple[Template, ...]
    couch_seconds: tuple[float, float]
    longest_overrun: int
    wear: Wear
    unscheduled: bool
    on_call: bool
    blocked: float
    incomplete: float
    returns: tuple[float, float]
    tracer: str | None
    maintained: frozenset[int]
    reserve: frozenset[int]


class Session:
    """One staffed opening of one scanner. Times are whole seconds since midnight of `day`.

    free: slots that can be booked, in order. booked, made: who has a slot, and since when. also: the
    further slots of somebody who needs more than one. lots: for the order of service.
    """

    __slots__ = (
        "also",
        "booked",
        "closes",
        "day",
        "free",
        "is_open",
        "latest_end",
        "lots",
        "made",
        "not_held",
        "not_urgent",
        "number",
        "offered",
        "opens",
        "release_day",
        "scanner",
        "set_up",
        "starts",
        "template",
    )

    def __init__(
        self, number: int, scanner: Scanner, template: Template, day: int, starts: tuple[int, ...], extra: int
    ) -> None:
        self.number, self.scanner, self.template, self.day = number, scanner, template, day
        self.opens, self.set_up = template.opens, template.set_up
        *slots, self.closes = starts
        self.offered = len(slots)
        self.starts = with_overbooked(slots, extra)
        self.latest_end = self.closes + scanner.longest_overrun
        self.free = list(range(len(self.starts)))
        self.booked: dict[int, Referral] = {}
        self.made: dict[int, float] = {}
        self.also: dict[int, list[int]] = {}
        self.not_held, self.not_urgent, self.release_day = len(self.starts), 0, day
        self.lots: Iterator[float] | None = None
        self.is_open = True

    def hold_back(self, share: float, release_days: int) -> None:
        """Hold back a share of the slots for urgent priorities until so many days before."""
        self.not_held = len(self.starts) - math.floor(share * len(self.starts) + 0.5)
        self.release_day = self.day - release_days

    def offer_nothing(self) -> None:
        """Nobody can be booked into it any more, also not where somebody cancels."""
        self.free.clear()
        self.is_open = False

    def forget_slots_before(self, second: int) -> None:
        """Offer no slot of today that has begun."""
        self.free = [slot for slot in self.free if self.starts[slot] >= second]

    def open_to_not_urgent(self, today: int) -> int:
        """How many free slots planned and routine referrals may have today."""
        if today >= self.release_day:
            return len(self.free)
        return min(len(self.free), self.not_held - self.not_urgent)

    def book(self, referrals: list[Referral], now: float) -> None:
        """Give the earliest free slots to referrals, at `now`."""
        free, booked, made = self.free, self.booked, self.made
        not_urgent = 0
        for referral in referrals:
            slots = referral.queue.slots
            if slots == 1:
                slot = free.pop(0)
            else:
                slot = side_by_side(free, slots)
                at = free.index(slot)
                self.also[slot] = free[at + 1 : at + slots]
                del free[at : at + slots]
            booked[slot] = referral
            made[slot] = now
            if referral.priority in NOT_URGENT:
                not_urgent += slots
            referral.session = self
            referral.slot = slot
        self.not_urgent += not_urgent

    def cancel(self, slot: int) -> None:
        """Take a booking back; its slots are free again."""
        referral = self.booked.pop(slot)
        del self.made[slot]
        slots = referral.queue.slots
        for free in (slot, *self.also.pop(slot, ())):
            if self.is_open:
                insort(self.free, free)
        self.not_urgent -= slots if referral.priority in NOT_URGENT else 0
        referral.session = None

    @property
    def slots_taken(self) -> int:
        """How many slots those who are booked need."""
        return len(self.booked) + sum(map(len, self.also.values()))

    def in_order(self) -> list[tuple[int, float, Referral]]:
        """(due, time of booking, referral) of those who are booked, in the order in which they are due."""
        starts, made, booked = self.starts, self.made, self.booked
        return [(starts[slot], made[slot], booked[slot]) for slot in sorted(booked)]

    def order(self) -> tuple[int, int, int]:
        """By date and time; among those that begin together by a lot drawn for the day."""
        return self.day, self.opens, drawn_lot(self.scanner.key, self.day)


def with_overbooked(slots: list[int], extra: int) -> list[int]:
    """The starts of the slots and of `extra` more appointments, spread evenly over the same times."""
    if not extra or not slots:
        return slots
    return sorted([*slots, *(slots[(2 * k + 1) * len(slots) // (2 * extra)] for k in range(extra))])


def side_by_side(free: list[int], slots: int) -> int:
    """The first of `slots` free slots side by side; where there are none, the first free one."""
    for at, slot in enumerate(free[: len(free) - slots + 1]):
        if free[at + slots - 1] == slot + slots - 1:
            return slot
    return free[0]


def drawn_lot(key: str, day: int) -> int:
    """Who comes first among sessions that begin together: another order each day, no name ahead."""
    return int.from_bytes(blake2b(f"{key} {day}".encode(), digest_size=8).digest())


class Diary:
    """The sessions that are open for booking, and those that each suite has still to hold.

    booking: holding back, release and overbooking apply to all sessions. works: which sessions are held.
    opened_until: the last day that was opened.
    """

    def __init__(self, scanners: list[Scanner], days: Days, booking: Booking, works: Works) -> None:
        self.days, self.booking, self.works = days, booking, works
        self.open: deque[Session] = deque()
        self.ahead: dict[tuple[int, int], list[Session]] = defaultdict(list)
        self.count = 0
        self.opened_until = -1
        self._passed_over: list[tuple[int, Scanner, int, int]] = []
        self._slot_times: dict[tuple[int, int, int], tuple[int, ...]] = {}
        planned = [
            plan
            for scanner in scanners
            for number in range(len(scanner.templates))
            for plan in self._planned(scanner, number)
        ]
        planned.sort(key=lambda p: (p[0], p[1].templates[p[2]].opens, drawn_lot(p[1].key, p[0])))
        self._planned_ahead = deque(planned)
        self._days = sorted({(scanner.suite, day) for day, scanner, *_ in planned})

    def _planned(self, scanner: Scanner, number: int) -> Iterator[tuple[int, Scanner, int, int]]:
        """(day, scanner, number of template, slots) of each session. Fractions of a slot are carried forward."""
        template, owed = scanner.templates[number], 0.0
        capacity = self.days.capacity[scanner.modality].tolist()
        for day in range(self.days.end):
            if template.held_on(day, self.days):
                owed += template.slots * capacity[day]
                slots = math.floor(owed + 1e-9)
                owed -= slots
                if slots:
                    yield day, scanner, number, slots

    def extend(self, until: int) -> None:
        """Open the sessions up to and including day `until`, in order of their start."""
        while self._planned_ahead and self._planned_ahead[0][0] <= until:
            planned = self._planned_ahead.popleft()
            day, scanner, number, _ = planned
            if self.works.on(scanner.number, number, day):
                self._open(*planned)
            else:
                self._passed_over.append(planned)
        self.opened_until = max(self.opened_until, until)

    def open_what_works_after_all(self, today: int) -> None:
        """Open the sessions of days opened already that are held by what was decided since."""
        to_come = [planned for planned in self._passed_over if planned[0] >= today]
        self._passed_over = []
        for day, scanner, number, slots in to_come:
            if self.works.on(scanner.number, number, day):
                self._open(day, scanner, number, slots)
            else:
                self._passed_over.append((day, scanner, number, slots))
        self.open = deque(sorted(self.open, key=Session.order))

    def _open(self, day: int, scanner: Scanner, number: int, slots: int) -> None:
        """Open one session; it comes last in the diary."""
        rule, starts = self.booking, self._starts(scanner, number, slots)
        extra = math.floor(rule.overbooking * slots + 0.5)
        session = Session(self.next_number(), scanner, scanner.templates[number], day, starts, extra)
        session.hold_back(rule.hold_back, round(rule.release))
        if day in scanner.maintained:
            session.offer_nothing()
        self.ahead[scanner.suite, day].append(session)
        self.open.append(session)

    def next_number(self) -> int:
        """A number for one more session."""
        self.count += 1
        return self.count - 1

    def days_of(self, suite: int) -> list[int]:
        """The days on which a suite has sessions."""
        return [day for number, day in self._days if number == suite]

    def call_off(self, scanners: Container[int], today: int) -> list[Session]:
        """Take the sessions of some scanners that are open already and no longer held out of the diary,
        and return them."""
        gone = [
            session
            for sessions in self.ahead.values()
            for session in sessions
            if session.scanner.number in scanners and session.day >= today and not self._is_held(session)
        ]
        for session in gone:
            session.offer_nothing()
            self.ahead[session.scanner.suite, session.day].remove(session)
        return gone

    def _is_held(self, session: Session) -> bool:
        scanner = session.scanner
        return self.works.on(scanner.number, scanner.templates.index(session.template), session.day)

    def held_by(self, suite: int, day: int) -> list[Session]:
        """A suite's sessions of a day, which are then no longer ahead."""
        self.extend(day)
        return self.ahead.pop((suite, day), [])

    def _starts(self, scanner: Scanner, number: int, slots: int) -> tuple[int, ...]:
        """Start of each slot and, last, the end of the last one; seconds since midnight."""
        known = self._slot_times.get((scanner.number, number, slots))
        if known is None:
            template = scanner.templates[number]
            first = template.opens + template.set_up
            starts = [first + round(k * template.slot_seconds) for k in range(slots + 1)]
            known = (*starts[:-1], starts[-1] + template.uptake)
            self._slot_times[scanner.number, number, slots] = known
        return known

    def still_bookable(self, today: int, first_day: int, last_day: int) -> list[Session]:
        """Sessions with a free slot from `first_day` to `last_day`, earliest first; forgets those before today."""
        while self.open and self.open[0].day < today:
            self.open.popleft()
        return [session for session in self.open if session.free and first_day <= session.day <= last_day]
