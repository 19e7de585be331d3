"""The four tables cut to the data-collection period and to groups of rows."""

from __future__ import annotations

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


TURNED_DOWN = [REFERRAL_OUTCOMES.index(outcome) for outcome in ("rejected", "redirected")]


@dataclass
class Cut:
    """One group's rows of each table, in the data-collection period.

    scanned: referrals of the waiting list scanned in it. waiting: for each month end (column `month`,
    from 0) those then on the list, with their days on both clocks. requested: referrals made in it at
    least 28 days before its end and not turned down. In groups by priority these hold planned scans
    too, otherwise only what DM01 counts as the waiting list. done: all scans made in it, planned and
    unscheduled ones included. unscheduled: those of unscheduled patients. due: appointments whose slot
    lay in it and is over. sessions: sessions held in it, with what became of their slots. A table is
    empty where the group's keys do not exist in it. of_everybody: false for groups that only those
    have who were scanned (by site, by provider): they have no list.
    """

    days: Days
    of_everybody: bool
    scanned: Table
    waiting: Table
    requested: Table
    done: Table
    unscheduled: Table
    due: Table
    sessions: Table

    @property
    def months(self) -> int:
        """Month ends in the data-collection period."""
        return sum(month > self.days.window[0] for month in self.days.months)

    @property
    def weeks(self) -> float:
        """Length of the data-collection period."""
        return (self.days.window[1] - self.days.window[0]) / 7


class Window:
    """One replication's tables in the data-collection period, before grouping."""

    def __init__(self, tables: Tables, days: Days) -> None:
        self.tables, self.days = tables, days
        first, last = days.window
        rows, made = tables.referrals, tables.appointments
        times = ("referred", "clock_start", "scan_start", "scanned", "left", "reported", "travel_minutes")
        if np.isfinite(rows["report_due"]).any():
            times = (*times, "report_due")
        rows = {name: rows[name] for name in (*KEYS, *times, "outcome")}
        self.rows = rows
        done = take(rows, (rows["scanned"] >= first) & (rows["scanned"] < last))
        self.done = {name: done[name] for name in (*KEYS, "scanned")}
        self.unscheduled = take(done, done["priority"] == EMERGENCY)
        self.scanned = take(done, done["priority"] < EMERGENCY)
        asked = (rows["referred"] >= first) & (rows["referred"] <= last - 28) & (rows["priority"] < EMERGENCY)
        asked &= ~np.isin(rows["outcome"], TURNED_DOWN)
        wanted = (*KEYS, "referred", "reported", "before_request_days")
        self.requested = take({name: tables.referrals[name] for name in wanted}, asked)
        over = (made["outcome"] != BOOKED) & (made["slot_start"] >= first) & (made["slot_start"] < last)
        names = ("outcome", "complete", "cancelled", "referral", "site", "provider")
        due = take({name: made[name] for name in names}, over)
        who = {
            name: rows[name][due["referral"]] for name in ("place", "priority", "car", "modality", "opening")
        }
        self.due = {name: due[name] for name in names if name != "referral"} | who
        held = tables.sessions["day"]
        self.sessions = take(tables.sessions, (held >= first) & (held < last))

    @cached_property
    def ends(self) -> list[int]:
        """The month ends of the data-collection period, in days."""
        return [month for month in self.days.months if month > self.days.window[0]]

    @cached_property
    def waiting(self) -> Table:
        """Who was on the list at each month end, with `on_clock` and `on_lived` days."""
        rows, parts = self.rows, []
        resets = bool((rows["clock_start"] != rows["referred"]).any())
        again, since = self._resets() if resets else (np.empty(0, dtype=int), np.empty(0))
        left = np.fmin(np.nan_to_num(rows["scanned"], nan=np.inf), rows["left"])
        listed = rows["priority"] < EMERGENCY
        for month, end in enumerate(self.ends):
            on = np.flatnonzero((rows["referred"] < end) & (left >= end) & listed)
            started = rows["referred"].copy()
            before = since < end
            started[again[before]] = since[before]  # in order: the last one stays
            referred, started = rows["referred"][on], started[on]
            keys = {key: rows[key][on] for key in KEYS}
            clocks = {"on_clock": end - started, "on_lived": end - referred}
            parts.append(keys | clocks | {"month": np.full(len(on), month)})
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _resets(self) -> tuple[np.ndarray, np.ndarray]:
        """(referral, since when) of each time a clock started again, in order of time."""
        resets = self.tables.clock_resets
        order = np.argsort(resets["at"], kind="stable")
        return resets["referral"][order], resets["at"][order]

    @cached_property
    def on_request(self) -> list[Table]:
        """Scanned, waiting and requested without planned scans: the waiting list that DM01 counts."""
        return [
            take(table, table["priority"] < ON_REQUEST)
            for table in (self.scanned, self.waiting, self.requested)
        ]

    def cuts(self) -> Iterator[tuple[str, Cut]]:
        """Every group and its rows. Nothing is averaged over modalities: with several of them the
        groups are within a modality."""
        modalities = np.unique(self.tables.referrals["modality"])
        from_the_start = bool(self.rows["opening"].any())
        for keys in GROUPINGS:
            if "opening" in keys and not from_the_start:
                continue
            if len(modalities) > 1 and "modality" not in keys:
                keys = ("modality", *keys)
            yield from self.grouped(keys)

    def grouped(self, keys: tuple[str, ...]) -> Iterator[tuple[str, Cut]]:
        """The groups that the values of `keys` make."""
        labels = self.tables.labels
        of_everybody = not {"site", "provider"} & set(keys)
        nobody = slice(None) if of_everybody else slice(0, 0)
        listed = [self.scanned, self.waiting, self.requested]
        if "priority" not in keys:
            listed = self.on_request
        on_list = (take(table, nobody) for table in listed[1:])
        tables = [listed[0], *on_list, self.done, self.unscheduled, self.due, self.sessions]
        parts = [split(table, keys) for table in tables]
        empty = [{name: column[:0] for name, column in measured(table).items()} for table in tables]
        for codes in sorted({codes for part in parts for codes in part if -1 not in codes}):
            name = JOINED.join(f"{key}={labels[key][code]}" for key, code in zip(keys, codes))
            cut = [part.get(codes, nothing) for part, nothing in zip(parts, empty)]
            yield name or "all", Cut(self.days, of_everybody, *cut)


def take(table: Table, rows) -> Table:
    """Some rows of a table: a mask, numbers or a slice."""
    return {name: column[rows] for name, column in table.items()}


def measured(table: Table) -> Table:
    """The columns that measures read: not the keys, which have done their work, but for the site."""
    return {name: column for name, column in table.items() if name == "site" or name not in KEYS}


def split(table: Table, keys: tuple[str, ...]) -> dict[tuple[int, ...], Table]:
    """The table's rows by the codes of `keys`; nothing where the table lacks a key."""
    if any(key not in table for key in keys):
        return {}
    if not keys:
        return {(): measured(table)}
    code, codes = np.zeros(len(table[keys[0]]), dtype=np.int64), 1
    for key in keys:
        base = int(table[key].max(initial=-1)) + 2
        code, codes = code * base + table[key] + 1, codes * base
    if codes < 2**15:
        code = code.astype(np.int16)  # sorted by radix, five times as fast
    order = np.argsort(code, kind="stable")
    edges = np.flatnonzero(np.diff(code[order])) + 1
    starts = [0, *edges.tolist(), len(order)] if len(order) else []
    ordered = take(measured(table), order)
    return {
        tuple(int(table[key][order[start]]) for key in keys): take(ordered, slice(start, end))
        for start, end in pairwise(starts)
    }
