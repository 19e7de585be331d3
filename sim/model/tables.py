"""The four tables: what happened is written down as it happens, and put into columns month by month."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from sim.model.couch import APPOINTMENT_OUTCOMES, ATTENDED, BOOKED, NOTHING, USES, Happened
from sim.model.decisions import decision_table
from sim.model.overflow import IN_MEMORY, Overflow, Table
from sim.model.section import SECONDS_A_DAY

if TYPE_CHECKING:
    from sim.model.simulation import Simulation, World

REFERRAL_OUTCOMES = ("waiting", "scanned", "rejected", "redirected", "removed", "discharged")
SCANNED = REFERRAL_OUTCOMES.index("scanned")
NEVER = float("nan")
NOBODY = -1
DRAWN = {
    "modality": np.int8,
    "place": np.int16,
    "referrer": np.int8,
    "priority": np.int8,
    "complexity": np.int8,
    "car": np.int8,
    "age": np.int8,
    "mobility": np.int8,
    "opening": np.int8,
    "parent": np.int32,
    "block": np.int32,
    "index": np.int32,
    "referred": np.float64,
    "listed": np.float64,
}
"""What is known of a referral when it comes, and how it is kept."""
HAPPENED = 9
"""Numbers in what a couch says of an appointment."""
PACKED_TOGETHER = 2_000
"""Appointments, about: so many numbers and people are kept as objects before they become columns."""
SESSION_NUMBERS = 8 + len(USES)
"""Numbers in a session's account."""


@dataclass
class Tables:
    """What comes out of one replication.

    referrals, appointments, sessions, decisions: columns as in `sim.results.columns`; a column of
    names holds codes, -1 for none, and `labels` has the names. counted: what the engine counted at
    the events, for the laws only.
    """

    referrals: Table
    appointments: Table
    sessions: Table
    decisions: Table
    labels: dict[str, list[str]]
    counted: Counted
    clock_resets: Table
    """When the clock of a referral started again: columns `referral` and `at`."""
    overflow: Overflow = field(default_factory=Overflow)
    """Where the columns of a long run lie."""


@dataclass
class Counted:
    """Counts kept at the event itself, apart from the rows.

    came: referrals of any kind. area: under the waiting list in the window, in referral-days, from
    joins and leaves alone. closed: appointments by code of their outcome. left: referrals that left,
    by code of their outcome. unscheduled_scans: of unscheduled patients. broken_off: their scans that were not done.
    still: who is in vetting, listed, booked and turned up at the end, counted where they are kept.
    reading: one `ReportQueue.account` a pool.
    """

    window: tuple[float, float]
    came: int = 0
    booked: int = 0
    closed: list[int] = field(default_factory=lambda: [0] * len(APPOINTMENT_OUTCOMES))
    left: list[int] = field(default_factory=lambda: [0] * len(REFERRAL_OUTCOMES))
    unscheduled_scans: int = 0
    broken_off: int = 0
    area: float = 0.0
    still: dict[str, int] = field(default_factory=dict)
    reading: list[dict[str, int]] = field(default_factory=list)

    def join(self, times: np.ndarray) -> None:
        """Referrals came at `times`; each is on the list until it leaves or the window ends."""
        self.area += float(np.sum(self.window[1] - np.clip(times, *self.window)))

    def scan(self, day: int, count: int, seconds: int) -> None:
        """So many left the list on a day, at times whose seconds since midnight sum to `seconds`."""
        self.left[SCANNED] += count
        first, last = self.window
        if day >= first:
            self.area -= count * (last - day) - seconds / SECONDS_A_DAY
        else:
            self.area -= count * (last - first)

    def leave(self, outcome: int, at: float) -> None:
        """One left the list without a scan."""
        self.left[outcome] += 1
        self.area -= self.window[1] - min(max(at, self.window[0]), self.window[1])

    def unscheduled(self, outcome: int) -> None:
        """An unscheduled patient was scanned, or the scan was broken off."""
        if outcome == ATTENDED:
            self.unscheduled_scans += 1
        else:
            self.broken_off += 1


class Dates:
    """Numbers of referrals and a date for each, in the order of noting; twelve bytes each."""

    def __init__(self) -> None:
        self.parts: list[Table] = []
        self._numbers, self._dates = array("i"), array("d")

    def note(self, number: int, at: float) -> None:
        """Add one."""
        self._numbers.append(number)
        self._dates.append(at)

    def note_all(self, numbers: list[int], dates: list[float]) -> None:
        """Add several."""
        self._numbers.extend(numbers)
        self._dates.extend(dates)

    def pack(self) -> None:
        """Put what was added since the last time into columns."""
        if self._numbers:
            self.parts.append({"number": np.array(self._numbers), "date": np.array(self._dates)})
            self._numbers, self._dates = array("i"), array("d")

    def column(self, name: str) -> np.ndarray:
        """All `number`s or all `date`s so far."""
        self.pack()
        return np.concatenate([np.empty(0, dtype=np.intc), *(part[name] for part in self.parts)])


class Records:
    """What happened in one replication, in the order in which it did."""

    def __init__(self) -> None:
        self.drawn: list[Table] = []
        self.first_numbers: list[int] = []
        self.came = 0
        self.closed: list[tuple[int, int, int, list[Happened], float | None]] = []
        self.to_pack = 0
        self.appointments: list[Table] = []
        self.sessions: list[tuple[int, ...]] = []
        self.packed_sessions: list[np.ndarray] = [np.empty((0, SESSION_NUMBERS), dtype=np.int64)]
        self.left: list[tuple[int, int, float]] = []
        self.clock_starts = Dates()
        self.reported = Dates()
        self.transferred = Dates()
        self.overflow = Overflow()
        self._dates = self.clock_starts, self.reported, self.transferred
        self._parts = self.drawn, self.appointments, *(dates.parts for dates in self._dates)
        self._aside, self._bytes = [0] * len(self._parts), 0

    def come_in(self, rows: Table) -> int:
        """Keep what was drawn about new referrals; returns the number of the first."""
        first = self.came
        self.drawn.append({name: rows[name].astype(kind) for name, kind in DRAWN.items()})
        self._bytes += sum(column.nbytes for column in self.drawn[-1].values())
        self.first_numbers.append(first)
        self.came += len(rows["referred"])
        return first

    def part_of(self, number: int) -> int:
        """Which of the parts that came in together holds a referral."""
        return bisect_right(self.first_numbers, number) - 1

    def drawn_of(self, number: int, column: str) -> float:
        """What was drawn about one referral."""
        part = self.part_of(number)
        return self.drawn[part][column][number - self.first_numbers[part]]

    def address(self, number: int) -> tuple[int, int]:
        """(block, index in it) of a referral's random numbers."""
        part = self.part_of(number)
        at, drawn = number - self.first_numbers[part], self.drawn[part]
        return int(drawn["block"][at]), int(drawn["index"][at])

    def close(
        self, session: int, scanner: int, day: int, happened: list[Happened], at: float | None = None
    ) -> None:
        """Keep what became of a session's appointments; `at`: when, if that was before its day."""
        if happened:
            self.closed.append((session, scanner, day, happened, at))
            self.to_pack += len(happened)
            if self.to_pack > PACKED_TOGETHER:
                self.pack()

    def session(self, account: tuple[int, ...]) -> None:
        """Keep a session's (number, day, scanner, slots, bookable, booked, open, overrun, *seconds by use)."""
        self.sessions.append(account)

    def leave(self, number: int, outcome: int, at: float) -> None:
        """A referral left the list without a scan."""
        self.left.append((number, outcome, at))

    def reset_clock(self, number: int, at: float) -> None:
        """A referral's clock starts again."""
        self.clock_starts.note(number, at)

    def pack(self) -> None:
        """Put the appointments and sessions closed since the last time into columns."""
        if self.closed:
            self.appointments.append(appointment_columns(self.closed))
            self._bytes += sum(column.nbytes for column in self.appointments[-1].values())
            self.closed, self.to_pack = [], 0
        if self.sessions:
            self.packed_sessions.append(np.array(self.sessions, dtype=np.int64))
            self.sessions = []
        if self._bytes > IN_MEMORY:
            self._lay_aside()

    def _lay_aside(self) -> None:
        for dates in self._dates:
            dates.pack()
        for parts, done in zip(self._parts, self._aside):
            parts[done:] = self.overflow.lay_aside(parts[done:])
        self.overflow.let_go()
        self._aside, self._bytes = [len(parts) for parts in self._parts], 0


def appointment_columns(closed: list[tuple]) -> Table:
    """Columns of appointments, in order of their session's close."""
    counts = [len(part[3]) for part in closed]
    columns = list(zip(*chain.from_iterable(part[3] for part in closed))) or [()] * HAPPENED
    number = np.array([referral.number for referral in columns[0]], dtype=np.int32)
    due, booked, outcome, lost_to, begin, end, seconds, complete = (
        np.fromiter(column, kind, len(column))
        for column, kind in zip(
            columns[1:], (float, float, np.int8, np.int8, float, float, np.int32, np.int8)
        )
    )
    about = np.array([part[:3] for part in closed], dtype=np.int64).reshape(-1, 3)
    session, scanner, day = np.repeat(about, counts, axis=0).T
    early = np.repeat(np.array([NEVER if part[4] is None else part[4] for part in closed]), counts)
    due, begin, end = (np.where(at >= 0, day + at / SECONDS_A_DAY, NEVER) for at in (due, begin, end))
    return {
        "referral": number,
        "session": session.astype(np.int32),
        "slot_start": due,
        "booked": np.where(np.isfinite(due), booked, NEVER),
        "cancelled": early,
        "outcome": outcome,
        "lost_to": lost_to,
        "complete": complete,
        "scan_start": begin,
        "scan_end": end,
        "couch_seconds": seconds,
        "scanner": scanner.astype(np.int16),
    }


def tables_of(sim: Simulation) -> Tables:
    """The four tables as they stand."""
    records, world = sim.records, sim.world
    records.pack()
    to_come = [
        (s.number, s.scanner.number, s.day, booked_slots(s), None)
        for sessions in sim.diary.ahead.values()
        for s in sessions
        if s.booked
    ]
    overflow = records.overflow
    records.appointments.append(appointment_columns(to_come))
    made = joined(records.appointments, overflow)
    drawn = joined(records.drawn, overflow)
    records.first_numbers = [0]
    appointments = overflow.table()
    appointments["appointment"] = np.arange(len(made["referral"]), dtype=np.int32)
    appointments["attempt"] = how_many_before(made["referral"])
    appointments.update(made)
    place, car = drawn["place"][made["referral"]], drawn["car"][made["referral"]]
    appointments |= world.whereabouts(made["scanner"], place, car)
    sessions = session_table(records, world)
    for name, by_session in (("rostered", sim.rosters.rostered), ("radiographers", sim.rosters.at_work)):
        sessions[name] = np.array([by_session.get(n, 0.0) for n in sessions["session"].tolist()])
    again = records.clock_starts
    resets = {"referral": again.column("number").astype(np.int64), "at": again.column("date")}
    return Tables(
        referral_table(records, world, drawn, made),
        appointments,
        sessions,
        decision_table(sim),
        world.labels,
        sim.counted,
        resets,
        records.overflow,
    )


def joined(parts: list[Table], overflow: Overflow) -> Table:
    """Tables of the same columns, one below the other.

    Column by column, and the list then holds the whole: at no time is everything there twice.
    """
    whole = overflow.table()
    for name in list(parts[0]):
        whole[name] = np.concatenate([part.pop(name) for part in parts])
    parts[:] = [whole]
    return whole


def booked_slots(session) -> list[Happened]:
    """A session's appointments that are still to come, in the form of a couch's account."""
    return [
        (referral, session.starts[slot], session.made[slot], BOOKED, NOTHING, -1, -1, 0, 0)
        for slot, referral in sorted(session.booked.items())
    ]


def referral_table(records: Records, world: World, drawn: Table, made: Table) -> Table:
    """One row a referral, as it stands. made: the appointments."""
    count, table = records.came, records.overflow.table()
    table["referral"] = np.arange(count, dtype=np.int32)
    table.update({n: c for n, c in drawn.items() if n not in ("block", "index")})
    number, outcome, left = (
        (np.array(column) for column in zip(*records.left)) if records.left else ([], 0, 0)
    )
    table["left"] = scattered(count, number, left)
    dates = {
        "clock_start": records.clock_starts,
        "reported": records.reported,
        "transferred": records.transferred,
    }
    for name, changes in dates.items():
        column = drawn["referred"].copy() if name == "clock_start" else np.full(count, NEVER)
        column[changes.column("number")] = changes.column("date")  # in order: the last one stays
        table[name] = column
    booked = np.flatnonzero(np.isfinite(made["booked"]))
    table["booked"] = scattered(count, made["referral"][booked], made["booked"][booked])
    table["attempts"] = np.bincount(made["referral"][booked], minlength=count)
    scanned = np.flatnonzero(made["complete"] == 1)
    who = made["referral"][scanned]
    table["scanned"] = scattered(count, who, made["scan_end"][scanned])
    table["scan_start"] = scattered(count, who, made["scan_start"][scanned])
    scanner = np.full(count, NOBODY, dtype=np.int16)
    scanner[who] = made["scanner"][scanned]
    table["scanner"] = scanner
    became = np.zeros(count, dtype=np.int8)
    became[np.asarray(number, dtype=int)] = outcome
    became[scanner != NOBODY] = SCANNED
    table["outcome"] = became
    not_listed = (table["listed"] >= world.days.end) | (table["left"] < table["listed"])
    table["listed"] = np.where(not_listed, NEVER, table["listed"])
    table |= world.whereabouts(scanner, table["place"], table["car"])
    return table


def scattered(count: int, where: np.ndarray, values: np.ndarray) -> np.ndarray:
    """`count` empty cells, and values at some; where one place has several, the last stays."""
    cells = np.full(count, NEVER)
    cells[np.asarray(where, dtype=int)] = values
    return cells


def how_many_before(values: np.ndarray) -> np.ndarray:
    """For each value how many equal ones stand before it."""
    order = np.argsort(values, kind="stable")
    ordered, nth = values[order], np.arange(len(values), dtype=np.int32)
    is_first = np.append(True, ordered[1:] != ordered[:-1])[: len(values)]
    before = np.empty(len(values), dtype=np.int32)
    before[order] = nth - np.maximum.accumulate(np.where(is_first, nth, 0))
    return before


def session_table(records: Records, world: World) -> Table:
    """The sessions that were worked out, in the order of their number."""
    flat = np.concatenate(records.packed_sessions)
    flat = flat[np.argsort(flat[:, 0])]
    names = ("session", "day", "scanner", "slots", "bookable", "booked", "open_seconds", "overrun_seconds")
    table = dict(zip((*names, *(f"{use}_seconds" for use in USES)), flat.T.copy()))
    modality = np.array([s.modality for s in world.scanners], dtype=int)[table["scanner"]]
    return table | {"modality": modality} | world.whereabouts(table["scanner"])
