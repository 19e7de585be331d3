"""The four tables cut to the data-collection period and to groups of rows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from sim.model.calendar import Days
from sim.model.couch import BOOKED
from sim.model.demand import EMERGENCY, ON_REQUEST
from sim.model.tables import REFERRAL_OUTCOMES, Table, Tables

JOINED = ";"
KEYS = ("modality", "priority", "place", "provider", "site", "car", "opening")
GROUPINGS: tuple[tuple[str, ...], ...] = (
    (),
    ("modality",),
    ("priority",),
    ("place",),
    ("provider",),
    ("site",),
    ("car",),
    ("opening",),
    ("place", "priority"),
    ("place", "car"),
)
"""What the rows are grouped by; with several modalities each also within a modality."""


TIMES = (
    "referred",
    "clock_start",
    "scan_start",
    "scanned",
    "left",
    "reported",
    "travel_minutes",
    "before_request_days",
)
TURNED_DOWN = [REFERRAL_OUTCOMES.index(outcome) for outcome in ("rejected", "redirected")]


class Rows:
    """Some rows of a table; a column of them is made when it is first asked for."""

    def __init__(self, table: Table, numbers: np.ndarray) -> None:
        self.table, self.numbers = table, numbers
        self._columns: Table = {}

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, name: str) -> bool:
        return name in self.table

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._columns:
            self._columns[name] = self.table[name].take(self.numbers)
        return self._columns[name]

    def where(self, which: np.ndarray | slice) -> Rows:
        """Some of these rows: numbers or a slice."""
        return Rows(self.table, self.numbers[which])

    def if_so(self, mask: np.ndarray) -> Rows:
        """Those of these rows for which the mask says so."""
        return Rows(self.table, self.numbers.compress(mask))


@dataclass
class Cut:
    """One group's rows of each table, in the data-collection period.

    scans: how many were made in it, planned and unscheduled ones included. scanned: referrals of the
    waiting list scanned in it. unscheduled: scans of unscheduled patients. waiting: for each month end
    (column `month`, from 0) those then on the list, with their days on both clocks. requested: referrals
    made in it at least 28 days before its end and not turned down. In groups by priority scanned, waiting
    and requested hold planned scans too, otherwise only what DM01 counts as the waiting list. due: appointments
    whose slot lay in it and is over. sessions: sessions held in it, with what became of their slots. A
    table is empty where the group's keys do not exist in it. of_everybody: false for groups that only
    those have who were scanned (by site, by provider): they have no list.
    """

    days: Days
    of_everybody: bool
    scans: int
    scanned: Rows
    unscheduled: Rows
    waiting: Rows
    requested: Rows
    due: Rows
    sessions: Rows

    @cached_property
    def months(self) -> int:
        """Month ends in the data-collection period."""
        return sum(month > self.days.window[0] for month in self.days.months)

    @property
    def weeks(self) -> float:
        """Length of the data-collection period."""
        return (self.days.window[1] - self.days.window[0]) / 7


class Window:
    """One replication's tables in the data-collection period, before grouping.

    modality: the only one whose rows are looked at; None: all. Nothing is averaged over modalities, and
    one after the other they need less memory.
    """

    def __init__(self, tables: Tables, days: Days, modality: int | None = None) -> None:
        self.tables, self.days, self.modality = tables, days, modality
        first, last = days.window
        rows, made = tables.referrals, tables.appointments
        self.rows = tables.overflow.table({name: rows[name] for name in (*KEYS, *TIMES, "outcome")})
        if np.isfinite(rows["report_due"]).any():
            self.rows.update(report_due=rows["report_due"])
        self.done = self._rows((rows["scanned"] >= first) & (rows["scanned"] < last))
        asked = (rows["referred"] >= first) & (rows["referred"] <= last - 28) & (rows["priority"] < EMERGENCY)
        self.requested = self._rows(asked & ~np.isin(rows["outcome"], TURNED_DOWN))
        over = (made["outcome"] != BOOKED) & (made["slot_start"] >= first) & (made["slot_start"] < last)
        names = ("outcome", "complete", "cancelled", "referral", "site", "provider")
        over = np.flatnonzero(over)
        over = self._of_modality(over, rows, made["referral"][over])
        due = take({name: made[name] for name in names}, over)
        referral = due.pop("referral")
        due |= {key: rows[key][referral] for key in KEYS if key not in due}
        self.due = Rows(due, np.arange(len(referral), dtype=np.int32))
        held = tables.sessions["day"]
        held = np.flatnonzero((held >= first) & (held < last))
        self.sessions = Rows(tables.sessions, self._of_modality(held, tables.sessions, held))

    def _rows(self, which: np.ndarray) -> Rows:
        """Some referrals, by a mask."""
        numbers = np.flatnonzero(which).astype(np.int32)
        return Rows(self.rows, self._of_modality(numbers, self.rows, numbers))

    def _of_modality(self, numbers: np.ndarray, table: Table, rows: np.ndarray) -> np.ndarray:
        """Those of some numbers whose rows in a table are of the modality that is looked at."""
        return numbers if self.modality is None else numbers[table["modality"][rows] == self.modality]

    @cached_property
    def modalities(self) -> list[int]:
        """All modalities of the run."""
        return modalities_of(self.tables)

    @cached_property
    def ends(self) -> list[int]:
        """The month ends of the data-collection period, in days."""
        return [month for month in self.days.months if month > self.days.window[0]]

    @cached_property
    def waiting(self) -> Rows:
        """Who was on the list at each month end, month after month, with `on_clock` and `on_lived` days."""
        rows, ends = self.rows, np.array(self.ends)
        listed = self._rows(rows["priority"] < EMERGENCY)
        left = np.fmin(np.nan_to_num(listed["scanned"], nan=np.inf), listed["left"])
        first = np.searchsorted(ends, listed["referred"], side="right")
        ends_on_it = np.maximum(np.searchsorted(ends, left, side="right") - first, 0)
        who = np.repeat(listed.numbers, ends_on_it)
        nth = np.arange(len(who)) - np.repeat(np.cumsum(ends_on_it) - ends_on_it, ends_on_it)
        month = (np.repeat(first, ends_on_it) + nth).astype(np.int16)
        order = np.argsort(month, kind="stable")
        who, month = who[order], month[order]
        table = {key: rows[key][who] for key in KEYS} | {"month": month}
        table["on_lived"] = table["on_clock"] = ends[month] - rows["referred"][who]
        if (rows["clock_start"] != rows["referred"]).any():
            table["on_clock"] = ends[month] - self._clock_started(who, month)
        return Rows(table, np.arange(len(who), dtype=np.int32))

    def _clock_started(self, who: np.ndarray, month: np.ndarray) -> np.ndarray:
        """When the clock of each had last started before the end of each month."""
        started, resets = self.rows["referred"][who], self.tables.clock_resets
        order = np.lexsort((resets["at"], resets["referral"]))
        counts_from = np.searchsorted(self.ends, resets["at"][order], side="right")
        by_month = len(self.ends) + 1
        known = resets["referral"][order] * by_month + counts_from
        last = np.searchsorted(known, who.astype(np.int64) * by_month + month, side="right") - 1
        again = (last >= 0) & (resets["referral"][order][last] == who)
        started[again] = resets["at"][order][last[again]]
        return started

    @cached_property
    def on_request(self) -> list[Rows]:
        """Waiting and requested without planned scans: the waiting list that DM01 counts."""
        return [rows.if_so(rows["priority"] < ON_REQUEST) for rows in (self.waiting, self.requested)]

    def cuts(self) -> Iterator[tuple[str, Cut]]:
        """Every group and its rows. Nothing is averaged over modalities: with several of them the
        groups are within a modality."""
        from_the_start = bool(self.rows["opening"].any())
        for keys in GROUPINGS:
            if "opening" in keys and not from_the_start:
                continue
            if len(self.modalities) > 1:
                if keys == ("modality",):
                    continue  # as the first was
                keys = ("modality", *keys)
            yield from self.grouped(keys)

    def grouped(self, keys: tuple[str, ...]) -> Iterator[tuple[str, Cut]]:
        """The groups that the values of `keys` make."""
        labels = self.tables.labels
        of_everybody = not {"site", "provider"} & set(keys)
        by_priority = "priority" in keys
        listed = [self.waiting, self.requested] if by_priority else self.on_request
        if not of_everybody:
            listed = [rows.where(slice(0)) for rows in listed]
        tables = [self.done, *listed, self.due, self.sessions]
        parts = [split(table, keys) for table in tables]
        empty = [table.where(slice(0)) for table in tables]
        for codes in sorted({codes for part in parts for codes in part if -1 not in codes}):
            name = JOINED.join(f"{key}={labels[key][code]}" for key, code in zip(keys, codes))
            # a part goes with its columns
            done, *cut = [part.pop(codes, nothing) for part, nothing in zip(parts, empty)]
            scanned = done.if_so(done["priority"] < (EMERGENCY if by_priority else ON_REQUEST))
            unscheduled = done.if_so(done["priority"] == EMERGENCY)
            yield name or "all", Cut(self.days, of_everybody, len(done), scanned, unscheduled, *cut)


def modalities_of(tables: Tables) -> list[int]:
    """The modalities for which somebody was referred."""
    return np.flatnonzero(np.bincount(tables.referrals["modality"])).tolist()


def windows(tables: Tables, days: Days) -> Iterator[Window]:
    """The window of each modality, one after the other; where there is one modality, of everything."""
    modalities = modalities_of(tables)
    for modality in modalities if len(modalities) > 1 else [None]:
        yield Window(tables, days, modality)


def take(table: Table, rows: np.ndarray | slice) -> Table:
    """Some rows of a table: a mask, numbers or a slice."""
    return {name: column[rows] for name, column in table.items()}


def split(rows: Rows, keys: tuple[str, ...]) -> dict[tuple[int, ...], Rows]:
    """The rows by the codes of `keys`; nothing where their table lacks a key."""
    if any(key not in rows for key in keys):
        return {}
    if not keys:
        return {(): rows.where(slice(None))}
    sizes = [int(rows[key].max(initial=-1)) + 2 for key in keys]
    fits = np.min_scalar_type(-math.prod(sizes))  # eight bits are sorted in one pass, sixteen in two
    code = np.zeros(len(rows), dtype=fits)
    for key, size in zip(keys, sizes):
        code *= size
        code += rows[key]
        code += 1
    order = np.argsort(code, kind="stable")
    edges = np.flatnonzero(np.diff(code[order])) + 1
    starts = [0, *edges.tolist(), len(order)] if len(order) else []
    ordered = rows.where(order)
    return {
        tuple(int(rows[key][order[start]]) for key in keys): ordered.where(slice(start, end))
        for start, end in pairwise(starts)
    }
