"""The four tables cut to the data-collection period and to groups of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from sim.model.calendar import Days
from sim.model.records import Table, Tables
from sim.model.scanning import BOOKED, MISSED

JOINED = ";"
KEYS = ("modality", "priority", "place", "provider", "site", "car")
GROUPINGS: tuple[tuple[str, ...], ...] = (
    (),
    ("modality",),
    ("priority",),
    ("place",),
    ("provider",),
    ("site",),
    ("car",),
    ("place", "priority"),
    ("place", "car"),
)
"""What the rows are grouped by; with several modalities each also within a modality."""


@dataclass
class Cut:
    """One group's rows of each table, in the data-collection period.

    scanned: referrals scanned in it. waiting: for each month end (column `month`, from 0) the
    referrals then on the list, with their days on both clocks. requested: referrals made in it at least 28 days before its end.
    due: appointments whose slot lay in it and is over. sessions: sessions held in it, with what
    became of their slots. A table is empty where the group's keys do not exist in it. of_everybody:
    false for groups that only those have who were scanned (by site, by provider): they have no list.
    """

    days: Days
    of_everybody: bool
    scanned: Table
    waiting: Table
    requested: Table
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
        times = {"referred", "clock_start", "scanned", "reported", "travel_minutes"}
        if np.isfinite(rows["report_due"]).any():
            times.add("report_due")
        rows = {name: rows[name] for name in (*KEYS, *times)}
        self.rows = rows
        self.scanned = take(rows, (rows["scanned"] >= first) & (rows["scanned"] < last))
        asked = {
            name: tables.referrals[name] for name in (*KEYS, "referred", "reported", "before_request_days")
        }
        self.requested = take(asked, (rows["referred"] >= first) & (rows["referred"] <= last - 28))
        made = {name: made[name] for name in ("slot_start", "outcome", "referral", "site", "provider")}
        over = made["outcome"] != BOOKED
        due = take(made, (made["slot_start"] >= first) & (made["slot_start"] < last) & over)
        who = {name: rows[name][due["referral"]] for name in ("place", "priority", "car", "modality")}
        self.due = {"outcome": due["outcome"], "site": due["site"], "provider": due["provider"]} | who
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
        made = self.tables.appointments
        resets = bool((rows["clock_start"] != rows["referred"]).any())
        missed = np.flatnonzero(made["outcome"] == MISSED) if resets else np.empty(0, dtype=int)
        missed = missed[np.argsort(made["slot_start"][missed], kind="stable")]
        left = np.nan_to_num(rows["scanned"], nan=np.inf)
        for month, end in enumerate(self.ends):
            on = np.flatnonzero((rows["referred"] < end) & (left >= end))
            started = rows["referred"].copy()
            before = missed[made["slot_start"][missed] < end]
            started[made["referral"][before]] = made["slot_start"][before]  # in order: the last one stays
            referred, started = rows["referred"][on], started[on]
            keys = {key: rows[key][on] for key in KEYS}
            clocks = {"on_clock": end - started, "on_lived": end - referred}
            parts.append(keys | clocks | {"month": np.full(len(on), month)})
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def cuts(self) -> Iterator[tuple[str, Cut]]:
        """Every group and its rows. Nothing is averaged over modalities: with several of them the
        groups are within a modality."""
        modalities = np.unique(self.tables.referrals["modality"])
        for keys in GROUPINGS:
            if len(modalities) > 1 and "modality" not in keys:
                keys = ("modality", *keys)
            yield from self.grouped(keys)

    def grouped(self, keys: tuple[str, ...]) -> Iterator[tuple[str, Cut]]:
        """The groups that the values of `keys` make."""
        labels = self.tables.labels
        of_everybody = not {"site", "provider"} & set(keys)
        nobody = slice(None) if of_everybody else slice(0, 0)
        on_list = (take(table, nobody) for table in (self.waiting, self.requested))
        tables = [self.scanned, *on_list, self.due, self.sessions]
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
