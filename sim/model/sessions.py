"""Scanners, their sessions and the diary of slots that can be booked."""

from __future__ import annotations

import math
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from sim.model.calendar import Days
from sim.model.section import SECONDS_A_DAY


@dataclass(frozen=True)
class Scanner:
    """A scanner as the model sees it, worked out from the answers about fleet and workforce.

    number: its place in the world's list. key: names its random numbers and breaks ties.
    weekdays: days of the week with a session. slots: staffed slots a session; a fraction is
    carried forward from session to session. slot_seconds: length of a slot.
    couch_seconds: mean time on the couch, longer on a less sensitive scanner.
    """

    number: int
    name: str
    key: str
    modality: int
    site: int
    provider: int
    weekdays: frozenset[int]
    opens: int
    set_up: int
    slots: float
    slot_seconds: float
    couch_seconds: float
    longest_overrun: int
    uptime: float
    repair_days: float


class Session:
    """One staffed opening of one scanner. Times are whole seconds since midnight of `day`."""

    __slots__ = (
        "booked",
        "closes",
        "day",
        "free",
        "latest_end",
        "made",
        "not_held",
        "number",
        "opens",
        "release_day",
        "routine",
        "scanner",
        "starts",
    )  # fmt: skip

    def __init__(self, number: int, scanner: Scanner, day: int, starts: tuple[int, ...]) -> None:
        self.number, self.scanner, self.day = number, scanner, day
        self.opens = scanner.opens
        *self.starts, self.closes = starts
        self.latest_end = self.closes + scanner.longest_overrun
        self.free = list(range(len(self.starts)))
        self.booked: dict[int, int] = {}
        self.made: dict[int, float] = {}
        self.not_held, self.routine, self.release_day = len(self.starts), 0, day

    def hold_back(self, share: float, release_days: int) -> None:
        """Hold back a share of the slots for urgent priorities until so many days before."""
        self.not_held = len(self.starts) - math.floor(share * len(self.starts) + 0.5)
        self.release_day = self.day - release_days

    def forget_slots_before(self, second: int) -> None:
        """Offer no slot of today that has begun."""
        self.free = [slot for slot in self.free if self.starts[slot] >= second]

    def open_to_routine(self, today: int) -> int:
        """How many free slots may be given to routine referrals today."""
        if today >= self.release_day:
            return len(self.free)
        return min(len(self.free), self.not_held - self.routine)

    def book(self, rows: list[int], routine: int, now: float) -> None:
        """Give the earliest free slots to referrals, at `now`; `routine` of them are routine."""
        slots = self.free[: len(rows)]
        del self.free[: len(rows)]
        self.booked.update(zip(slots, rows))
        self.made.update(dict.fromkeys(slots, now))
        self.routine += routine

    def latest_end_time(self) -> float:
        """When the session is worked out, in days."""
        return self.day + self.latest_end / SECONDS_A_DAY


def drawn_lot(key: str, day: int) -> int:
    """Who comes first among sessions that begin together: another order each day, no name ahead."""
    return zlib.crc32(f"{key} {day}".encode())


class Diary:
    """The sessions that are open for booking, and those that each scanner has still to run."""

    def __init__(self, scanners: list[Scanner], days: Days) -> None:
        self.days = days
        self.open: deque[Session] = deque()
        self.ahead: list[deque[Session]] = [deque() for _ in scanners]
        self.sessions: list[Session] = []
        self._slot_times: dict[tuple[int, int], tuple[int, ...]] = {}
        planned = [plan for scanner in scanners for plan in self._planned(scanner)]
        planned.sort(key=lambda plan: (plan[0], plan[1].opens, drawn_lot(plan[1].key, plan[0])))
        self._planned_ahead = deque(planned)

    def _planned(self, scanner: Scanner) -> Iterator[tuple[int, Scanner, int]]:
        """(day, scanner, slots) of each session. Fractions of a slot are carried forward."""
        owed = 0.0
        for day in range(self.days.end):
            if self.days.weekday[day] in scanner.weekdays and self.days.is_open(day):
                owed += scanner.slots * self.days.capacity[scanner.modality, day]
                slots = math.floor(owed + 1e-9)
                owed -= slots
                if slots:
                    yield day, scanner, slots

    def extend(self, until: int, hold_back: float, release_days: int) -> None:
        """Open the sessions up to and including day `until`, in order of their start."""
        while self._planned_ahead and self._planned_ahead[0][0] <= until:
            day, scanner, slots = self._planned_ahead.popleft()
            starts = self._starts(scanner, slots)
            session = Session(len(self.sessions), scanner, day, starts)
            session.hold_back(hold_back, release_days)
            self.sessions.append(session)
            self.ahead[scanner.number].append(session)
            self.open.append(session)

    def _starts(self, scanner: Scanner, slots: int) -> tuple[int, ...]:
        """Start of each slot and, last, the end of the last one; seconds since midnight."""
        known = self._slot_times.get((scanner.number, slots))
        if known is None:
            first = scanner.opens + scanner.set_up
            known = tuple(first + round(k * scanner.slot_seconds) for k in range(slots + 1))
            self._slot_times[scanner.number, slots] = known
        return known

    def still_bookable(self, first_day: int) -> deque[Session]:
        """Sessions from `first_day` on, earliest first; in the middle, full ones may stand among them."""
        while self.open and (self.open[0].day < first_day or not self.open[0].free):
            self.open.popleft()
        return self.open
