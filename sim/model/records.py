"""Rows: every referral and every appointment, and the four tables they become."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from itertools import chain
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
    SECOND_ATTEMPT,
    TIME,
    Arrivals,
)
from sim.model.scanning import APPOINTMENT_OUTCOMES, ATTENDED, BOOKED, MISSED, NOTHING, USES
from sim.model.section import SECONDS_A_DAY
from sim.model.streams import ATTEMPTS

if TYPE_CHECKING:
    from sim.model.sessions import Session
    from sim.model.simulation import Simulation

Table = dict[str, np.ndarray]
"""Columns of one length by name."""

REFERRAL_OUTCOMES = ("waiting", "scanned", "rejected", "redirected", "removed", "discharged")
SCANNED = REFERRAL_OUTCOMES.index("scanned")
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
    """Counts kept at the event itself, apart from the rows.

    area: under the waiting list in the window, in referral-days, from joins and leaves alone.
    closed: appointments by code of their outcome. still: who is in vetting, listed and booked at the
    end, counted where they are kept. reading: one `ReportQueue.account` a pool.
    """

    window: tuple[float, float]
    joined: int = 0
    booked: int = 0
    closed: list[int] = field(default_factory=lambda: [0] * len(APPOINTMENT_OUTCOMES))
    left: int = 0
    area: float = 0.0
    still: dict[str, int] = field(default_factory=dict)
    reading: list[dict[str, int]] = field(default_factory=list)

    def join(self, times: np.ndarray) -> None:
        """Referrals came at `times`; each is on the list until it leaves or the window ends."""
        self.joined += len(times)
        self.area += float(np.sum(self.window[1] - np.clip(times, *self.window)))

    def leave(self, day: int, count: int, seconds: int) -> None:
        """So many left the list on a day, at times whose seconds since midnight sum to `seconds`."""
        self.closed[ATTENDED] += count
        self.left += count
        first, last = self.window
        if day >= first:
            self.area -= count * (last - day) - seconds / SECONDS_A_DAY
        else:
            self.area -= count * (last - first)


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
        self.first_rows: list[int] = []
        self.in_vetting = {a.modality: [deque() for _ in PRIORITIES] for a in sim.world.arrivals}
        self.place: list[int] = []
        self.priority: list[int] = []
        self.group: list[int] = []
        self.attempt: list[tuple[float, float]] = []
        self.referred: list[float] = []
        self.clock_start: list[float] = []
        self.attempts: list[int] = []
        self.listed: list[float] = []
        self.reported: list[float] = []
        self.closed: list[tuple[Session, list[tuple]]] = []

    # ---- the door

    def draw(self, month: int) -> None:
        """Draw a month's referrals and put them in vetting, in order of request."""
        for arrivals in self.sim.world.arrivals:
            rows, u = self._at_the_door(arrivals, month)
            order = np.argsort(rows["referred"], kind="stable")
            rows = {name: column[order] for name, column in rows.items()}
            self.attempt += zip(*self._attempt(u[order, FIRST_ATTEMPT:SECOND_ATTEMPT], arrivals))
            rows["second_attempt"] = u[order, SECOND_ATTEMPT:]
            self._append(rows, arrivals.modality)

    def _attempt(self, u: np.ndarray, arrivals: Arrivals) -> tuple[list[float], list[float]]:
        """(uniforms for missing, factors on the couch time) of one attempt of each row of `u`."""
        factor = lognormal_factor(u[:, COUCH], self.sigma[arrivals.modality])
        return u[:, ATTENDING].tolist(), factor.tolist()

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
        referred = arrivals.times(u[:, TIME], month)
        priority = arrivals.priorities(u[:, PRIORITY])
        rows = {
            "referred": referred,
            "listed": referred + world.vetting_days[priority],
            "place": place,
            "priority": priority,
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
        for name in ("place", "priority", "referred", "listed"):
            getattr(self, name).extend(rows[name].tolist())
        self.group += group.tolist()
        self.clock_start += self.referred[first:]
        self.attempts += [0] * count
        self.reported += [NEVER] * count
        self.drawn.append(rows)
        self.first_rows.append(first)
        self.sim.counted.join(rows["referred"])
        for priority, queue in enumerate(self.in_vetting[modality]):
            queue.extend((np.flatnonzero(rows["priority"] == priority) + first).tolist())

    # ---- the list

    def list_the_vetted(self, now: float) -> None:
        """Put on the list whoever was vetted by `now`."""
        referred, listed, group = self.referred, self.listed, self.group
        groups = self.sim.waiting.groups
        for queues in self.in_vetting.values():
            for priority, queue in enumerate(queues):
                while queue and listed[queue[0]] <= now:
                    row = queue.popleft()
                    groups[group[row]].join(row, priority, int(referred[row]))

    # ---- appointments

    def close(self, session: Session, happened: list[tuple]) -> None:
        """Keep what became of a session's appointments, as `work_out` gives it.

        Who was scanned leaves the list, and the images go to the reporting pool; the others rejoin.
        """
        self.closed.append((session, happened))
        scanner, counted = session.scanner, self.sim.counted
        scans = seconds = 0
        for row, due, _, outcome, _, _, end in happened:
            if outcome == ATTENDED:
                scans += 1
                seconds += end
            else:
                counted.closed[outcome] += 1
                self._not_scanned(row, outcome, scanner.modality, session.day + due / SECONDS_A_DAY)
        counted.leave(session.day, scans, seconds)
        self.sim.images.send(session, happened)

    def _not_scanned(self, row: int, outcome: int, modality: int, at: float) -> None:
        rule = self.sim.world.scanning[modality].place_after_displaced
        if outcome == MISSED:
            rule = self.sim.world.attendance.place_after_missed
            if self.sim.world.attendance.clock_after_missed == "resets":
                self.clock_start[row] = at
        self._draw_next_attempt(row, modality)
        day = int(self.referred[row] if rule == "keeps_place" else at)
        self.sim.waiting.groups[self.group[row]].join(row, self.priority[row], day)

    def _draw_next_attempt(self, row: int, modality: int) -> None:
        """Everything random about an attempt is its own: the same in every provision model."""
        self.attempts[row] += 1
        part = bisect_right(self.first_rows, row) - 1
        drawn, at = self.drawn[part], row - self.first_rows[part]
        if self.attempts[row] == 1:
            u = drawn["second_attempt"][at]
        else:
            entity, month = self.blocks[drawn["block"][at]]
            where = {"month": month, "attempt": self.attempts[row]}
            u = self.sim.streams.row(ATTEMPTS, entity, int(drawn["index"][at]), **where)
        factor = lognormal_factor(u[COUCH], self.sigma[modality])
        self.attempt[row] = (float(u[ATTENDING]), float(factor))

    # ---- what comes out

    def referral_table(self, made: Table) -> Table:
        """One row a referral, as it stands. made: the appointments."""
        names = ("modality", "place", "priority", "complexity", "car", "referred", "listed")
        table = {name: np.concatenate([part[name] for part in self.drawn]) for name in names}
        count = len(table["referred"])
        table["listed"][table["listed"] >= self.sim.world.days.end] = NEVER
        table["clock_start"] = np.array(self.clock_start)
        attended = made["outcome"] == ATTENDED
        for name, column, which in (
            ("booked", "booked", slice(None)),
            ("scanned", "scan_end", attended),
            ("scanner", "scanner", attended),
        ):
            table[name] = np.full(count, NOBODY if name == "scanner" else NEVER)
            table[name][made["referral"][which]] = made[column][which]  # in order: the last one stays
        table["reported"] = np.array(self.reported)
        table["outcome"] = (table["scanner"] != NOBODY).astype(int) * SCANNED
        table["attempts"] = np.bincount(made["referral"], minlength=count)
        table |= self.sim.world.whereabouts(table["scanner"], table["place"], table["car"])
        return {"referral": np.arange(count), **table}

    def appointment_table(self) -> Table:
        """One row a booked slot: closed ones in order of their session's close, then those to come."""
        to_come = [(s, booked_slots(s)) for s in self.sim.diary.sessions if s.booked]
        parts = self.closed + to_come
        flat = chain.from_iterable(one for _, happened in parts for one in happened)
        made = np.fromiter(flat, dtype=float).reshape(-1, 7)
        counts = [len(happened) for _, happened in parts]
        about = np.array([(s.number, s.day, s.scanner.number) for s, _ in parts], dtype=int).reshape(-1, 3)
        session, day, scanner = np.repeat(about, counts, axis=0).T
        referral = made[:, 0].astype(int)
        begin, end = np.where(made[:, 5:] >= 0, day[:, None] + made[:, 5:] / SECONDS_A_DAY, np.nan).T
        place, car = (np.concatenate([part[n] for part in self.drawn]) for n in ("place", "car"))
        return {
            "appointment": np.arange(len(made)),
            "referral": referral,
            "attempt": how_many_before(referral),
            "session": session,
            "slot_start": day + made[:, 1] / SECONDS_A_DAY,
            "booked": made[:, 2],
            "outcome": made[:, 3].astype(int),
            "lost_to": made[:, 4].astype(int),
            "complete": (made[:, 3] == ATTENDED).astype(int),
            "scan_start": begin,
            "scan_end": end,
            "scanner": scanner,
            **self.sim.world.whereabouts(scanner, place[referral], car[referral]),
        }


def booked_slots(session: Session) -> list[tuple]:
    """A session's appointments that are still to come, in the form of `work_out`."""
    booked = sorted(session.booked.items())
    return [(row, session.starts[k], session.made[k], BOOKED, NOTHING, -1, -1) for k, row in booked]


def how_many_before(values: np.ndarray) -> np.ndarray:
    """For each value how many equal ones stand before it."""
    order = np.argsort(values, kind="stable")
    first = np.searchsorted(values[order], values[order], side="left")
    before = np.empty(len(values), dtype=int)
    before[order] = np.arange(len(values)) - first
    return before


def session_table(sim: Simulation) -> Table:
    """The sessions that were worked out, in the order of their number."""
    flat = chain.from_iterable(sorted(sim.session_records))
    records = np.fromiter(flat, dtype=int).reshape(-1, 4 + len(USES))
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
