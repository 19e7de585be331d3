"""Rows: every referral and every appointment, and the four tables they become."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from sim.model.demand import (
    CAR,
    CARS,
    COMPLEXITIES,
    COMPLEXITY,
    FIRST_ATTEMPT,
    MODALITIES,
    PRIORITIES,
    PRIORITY,
    TIME,
    Arrivals,
)
from sim.model.scanning import ATTENDED, MISSED, USES
from sim.model.section import SECONDS_A_DAY
from sim.model.streams import ATTEMPTS

if TYPE_CHECKING:
    from sim.model.sessions import Scanner, Session
    from sim.model.simulation import Simulation

Table = dict[str, np.ndarray]
"""Columns of one length by name."""

REFERRAL_OUTCOMES = ("waiting", "scanned", "rejected", "redirected", "removed", "discharged")
APPOINTMENT_OUTCOMES = (
    "booked",
    "attended",
    "missed",
    "cancelled_by_patient",
    "cancelled_by_hospital",
    "displaced",
)
LOST_TO = ("", "breakdown", "overrun", "crew", "tracer", "van", "maintenance")
OUTCOME_CODE = {name: code for code, name in enumerate(APPOINTMENT_OUTCOMES)}
LOST_TO_CODE = {name: code for code, name in enumerate(LOST_TO)}
ROUTINE = PRIORITIES.index("routine")
NEVER = float("nan")
NOBODY = -1
ATTENDING, COUCH = range(2)
"""Columns of the uniforms drawn for an attempt; new ones are added behind, so old draws stay."""


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


@dataclass
class Counted:
    """Counts kept at the event itself, apart from the rows; `left` has the times of leaving."""

    window: tuple[float, float]
    joined: int = 0
    booked: int = 0
    closed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(APPOINTMENT_OUTCOMES, 0))
    joins: float = 0.0
    left: list[float] = field(default_factory=list)

    def join(self, times: np.ndarray) -> None:
        """Referrals came at `times`; each is on the list until it leaves or the window ends."""
        self.joined += len(times)
        self.joins += float(np.sum(self.window[1] - np.clip(times, *self.window)))

    def area(self) -> float:
        """The area under the list in the window, from joins and leaves alone; referral-days."""
        left = np.array(self.left, dtype=float)
        return self.joins - float(np.sum(self.window[1] - np.clip(left, *self.window)))


def lognormal_factor(u: np.ndarray | float, sigma: float) -> np.ndarray:
    """Quantiles `u` of a lognormal with mean 1 and standard deviation `sigma` of its logarithm."""
    return np.exp(sigma * ndtri(u) - sigma * sigma / 2)


class Referrals:
    """All referrals and appointments of one replication; a referral is a row number."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.sigma = {
            modality: math.sqrt(math.log1p(how.couch_time_variation**2))
            for modality, how in sim.world.scanning.items()
        }
        self.blocks: list[tuple[str, int]] = []
        self.drawn: list[Table] = []
        self.in_vetting = {a.modality: [deque() for _ in PRIORITIES] for a in sim.world.arrivals}
        self.place: list[int] = []
        self.priority: list[int] = []
        self.group: list[int] = []
        self.block: list[int] = []
        self.index: list[int] = []
        self.attempt: list[tuple[float, float]] = []
        self.referred: list[float] = []
        self.clock_start: list[float] = []
        self.attempts: list[int] = []
        self.listed: list[float] = []
        self.booked: list[float] = []
        self.scanned: list[float] = []
        self.reported: list[float] = []
        self.scanner: list[int] = []
        self.appointments: list[float] = []

    # ---- the door

    def draw(self, month: int) -> None:
        """Draw a month's referrals and put them in vetting, in order of request."""
        for arrivals in self.sim.world.arrivals:
            rows, u = self._at_the_door(arrivals, month)
            order = np.argsort(rows["referred"], kind="stable")
            rows = {name: column[order] for name, column in rows.items()}
            first = u[order, FIRST_ATTEMPT:]
            factor = lognormal_factor(first[:, COUCH], self.sigma[arrivals.modality])
            self.attempt += zip(first[:, ATTENDING].tolist(), factor.tolist())
            self._append(rows, arrivals.modality)

    def _at_the_door(self, arrivals: Arrivals, month: int) -> tuple[Table, np.ndarray]:
        """(columns, uniforms) of a month's referrals for one modality, place after place."""
        streams, world = self.sim.streams, self.sim.world
        counts = arrivals.counts(streams, month)
        uniforms, blocks = [], len(self.blocks)
        for key, count in zip(arrivals.share, counts):
            uniforms.append(arrivals.uniforms(streams, key, month, count))
            self.blocks.append((arrivals.entity(key), month))
        u = np.concatenate(uniforms)
        place = np.repeat(np.arange(len(counts)), counts)
        rows = {
            "referred": arrivals.times(u[:, TIME], month),
            "place": place,
            "priority": arrivals.priorities(u[:, PRIORITY]),
            "complexity": (u[:, COMPLEXITY] < arrivals.demand.complex).astype(int),
            "car": (u[:, CAR] < world.without_car[place]).astype(int),
            "block": place + blocks,
            "index": np.concatenate([np.arange(count) for count in counts]),
            "modality": np.full(len(u), arrivals.modality),
        }
        return rows, u

    def _append(self, rows: Table, modality: int) -> None:
        count, first = len(rows["referred"]), len(self.referred)
        group = self.sim.world.group_of[modality, rows["place"], rows["priority"], rows["complexity"]]
        for name in ("place", "priority", "block", "index", "referred"):
            getattr(self, name).extend(rows[name].tolist())
        self.group += group.tolist()
        self.clock_start += self.referred[first:]
        self.attempts += [0] * count
        self.scanner += [NOBODY] * count
        for column in (self.listed, self.booked, self.scanned, self.reported):
            column += [NEVER] * count
        self.drawn.append(rows)
        self.sim.counted.join(rows["referred"])
        for row, priority in enumerate(self.priority[first:], start=first):
            self.in_vetting[modality][priority].append(row)

    # ---- the list

    def list_the_vetted(self, now: float) -> None:
        """Put on the list whoever was vetted by `now`."""
        referred, listed, group = self.referred, self.listed, self.group
        join = self.sim.waiting.join
        for queues in self.in_vetting.values():
            for priority, queue in enumerate(queues):
                takes = self.sim.world.vetting_days[priority]
                while queue and referred[queue[0]] + takes <= now:
                    row = queue.popleft()
                    since = referred[row]
                    listed[row] = since + takes
                    join(row, group[row], priority, int(since))

    # ---- appointments

    def book(self, rows: list[int], session: Session, routine: bool, now: float) -> None:
        """Pair referrals with the earliest free slots of a session."""
        session.book(rows, routine)
        for row in rows:
            self.booked[row] = now
        self.sim.counted.booked += len(rows)

    def close(self, session: Session, happened: list[tuple]) -> None:
        """Stamp what became of a session's appointments; who was not scanned rejoins the list.

        happened: (row, due, outcome, lost_to, begin, end) of each; due, begin and end of the scan in
        seconds since midnight, -1 where no scan began. Who is scanned stops both clocks, and the
        images go to the reporting pool.
        """
        number, scanner, day = session.number, session.scanner.number, session.day
        pool, delay = self.sim.world.reported_by[session.scanner.provider]
        on_their_way = self.sim.report_queues[pool].on_their_way
        closed, left = self.sim.counted.closed, self.sim.counted.left
        attempts, booked, record = self.attempts, self.booked, self.appointments.extend
        for row, due, outcome, lost_to, begin, end in happened:
            codes = OUTCOME_CODE[outcome], LOST_TO_CODE[lost_to]
            record((row, attempts[row], number, due, booked[row], *codes, begin, end))
            closed[outcome] += 1
            if outcome == ATTENDED:
                self.scanned[row] = at = day + end / SECONDS_A_DAY
                self.scanner[row] = scanner
                left.append(at)
                on_their_way.append((at + delay, row, self.priority[row]))
            else:
                at = day + due / SECONDS_A_DAY
                self._not_scanned(row, outcome, session.scanner.modality, at)

    def _not_scanned(self, row: int, outcome: str, modality: int, at: float) -> None:
        rule = self.sim.world.scanning[modality].place_after_displaced
        if outcome == MISSED:
            rule = self.sim.world.attendance.place_after_missed
            if self.sim.world.attendance.clock_after_missed == "resets":
                self.clock_start[row] = at
        self._draw_next_attempt(row, modality)
        day = int(self.referred[row] if rule == "keeps_place" else at)
        self.sim.waiting.join(row, self.group[row], self.priority[row], day)

    def _draw_next_attempt(self, row: int, modality: int) -> None:
        entity, month = self.blocks[self.block[row]]
        self.attempts[row] += 1
        where = {"month": month, "attempt": self.attempts[row]}
        u = self.sim.streams.row(ATTEMPTS, entity, self.index[row], **where)
        factor = lognormal_factor(u[COUCH], self.sigma[modality])
        self.attempt[row] = (float(u[ATTENDING]), float(factor))

    # ---- what comes out

    def referral_table(self, booked_rows: np.ndarray) -> Table:
        """One row a referral, as it stands. booked_rows: the row of each appointment made."""
        names = ("modality", "place", "priority", "complexity", "car", "referred")
        table = {name: np.concatenate([part[name] for part in self.drawn]) for name in names}
        for name in ("listed", "clock_start", "booked", "scanned", "reported"):
            table[name] = np.array(getattr(self, name), dtype=float)
        scanner = np.array(self.scanner, dtype=int)
        done = scanner != NOBODY
        table["outcome"] = np.where(done, REFERRAL_OUTCOMES.index("scanned"), 0)
        table["attempts"] = np.bincount(booked_rows, minlength=len(done))
        table["scanner"] = scanner
        table |= self.sim.world.whereabouts(scanner, table["place"], table["car"])
        return {"referral": np.arange(len(done)), **table}

    def appointment_table(self) -> Table:
        """One row a booked slot: closed ones in order of their session's close, then those to come."""
        sessions = self.sim.diary.sessions
        to_come = [
            value
            for session in sessions
            for slot, row in sorted(session.booked.items())
            for value in (row, self.attempts[row], session.number, session.starts[slot])
            + (self.booked[row], 0, 0, -1, -1)
        ]
        made = np.array(self.appointments + to_come, dtype=float).reshape(-1, 9)
        referral, session = made[:, 0].astype(int), made[:, 2].astype(int)
        day = np.array([s.day for s in sessions], dtype=float)[session]
        begin, end = np.where(made[:, 7:] >= 0, day[:, None] + made[:, 7:] / SECONDS_A_DAY, np.nan).T
        scanner = np.array([s.scanner.number for s in sessions], dtype=int)[session]
        place, car = (np.concatenate([part[n] for part in self.drawn]) for n in ("place", "car"))
        return {
            "appointment": np.arange(len(made)),
            "referral": referral,
            "attempt": made[:, 1].astype(int),
            "session": session,
            "slot_start": day + made[:, 3] / SECONDS_A_DAY,
            "booked": made[:, 4],
            "outcome": made[:, 5].astype(int),
            "lost_to": made[:, 6].astype(int),
            "complete": (made[:, 5] == OUTCOME_CODE["attended"]).astype(int),
            "scan_start": begin,
            "scan_end": end,
            "scanner": scanner,
            **self.sim.world.whereabouts(scanner, place[referral], car[referral]),
        }


def session_table(sim: Simulation) -> Table:
    """The sessions that were worked out, in the order of their number."""
    records = np.array(sorted(sim.session_records), dtype=int).reshape(-1, 4 + len(USES))
    sessions = [sim.diary.sessions[number] for number in records[:, 0]]
    scanner = np.array([s.scanner.number for s in sessions], dtype=int)
    where = sim.world.whereabouts(scanner)
    table = {
        "session": records[:, 0],
        "day": np.array([s.day for s in sessions], dtype=int),
        "scanner": scanner,
        **where,
        "modality": np.array([s.scanner.modality for s in sessions], dtype=int),
        "slots": np.array([len(s.starts) for s in sessions], dtype=int),
        "booked": records[:, 1],
        "open_seconds": records[:, 2],
        "overrun_seconds": records[:, 3],
    }
    return table | {f"{use}_seconds": records[:, 4 + i] for i, use in enumerate(USES)}


def no_decisions() -> Table:
    """The decisions table of a world in which nobody decides on capacity: its columns, no row."""
    times = {name: np.empty(0) for name in ("requested", "agreed", "in_effect")}
    return times | {"by": np.empty(0, dtype=str)}


def labels_of(places, sites, providers, scanners) -> dict[str, list[str]]:
    """The names behind the codes, by column."""
    return {
        "modality": list(MODALITIES),
        "priority": list(PRIORITIES),
        "complexity": list(COMPLEXITIES),
        "car": list(CARS),
        "place": places,
        "site": sites,
        "provider": providers,
        "scanner": scanners,
    }
