"""What one replication's tables say of the quantities of queueing theory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.model.couch import DISPLACED
from sim.model.demand import EMERGENCY, LISTED
from sim.model.section import SECONDS_A_DAY
from sim.model.simulation import World
from sim.model.tables import Tables

NEVER = float("inf")


class Quantity(NamedTuple):
    """A quantity of queueing theory: its unit, what it means, and whether it is asked for at a time."""

    unit: str
    meaning: str
    at_a_time: bool = False


QUANTITIES: dict[str, Quantity] = {
    "wait_mean": Quantity("units of time", "mean time from turning up to the couch, of those scanned"),
    "share_waiting": Quantity("share", "those who turn up while no scanner is free"),
    "share_waiting_over": Quantity("share", "those scanned who waited longer than a time", True),
    "share_leaving": Quantity("share", "those who left without a scan"),
    "waiting_mean": Quantity("patients", "mean number waiting for the couch"),
    "present_mean": Quantity("patients", "mean number waiting or on the couch"),
    "present_at": Quantity("patients", "mean number waiting or on the couch at an hour of the day", True),
    "time_in_system_mean": Quantity("units of time", "mean time from turning up to the end of the scan"),
    "down_mean": Quantity("scanners", "mean number of scanners down; scanners are never without a patient"),
    "repairs": Quantity("repairs a unit of time", "failures; scanners are never without a patient"),
    "down_time_mean": Quantity("units of time", "mean time from failure to working again"),
    "availability": Quantity("share", "time at which a scanner works; not seen where nobody is booked"),
    "list_after_clerk": Quantity("referrals", "mean number left on the list after the clerk's morning"),
    "extra_days_mean": Quantity("clerk's days", "mean number of mornings on which somebody is passed over"),
}  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """A piece of a replication, in days: [first, last)."""

    first: int
    last: int

    def holds(self, times: np.ndarray) -> np.ndarray:
        """Which times lie in it."""
        return (times >= self.first) & (times < self.last)

    def mean_number(self, since: np.ndarray, until: np.ndarray) -> float:
        """The mean number of those who are there from one time to another."""
        there = np.minimum(until, self.last) - np.maximum(since, self.first)
        return float(np.sum(np.maximum(there, 0.0))) / (self.last - self.first)


class Observed:
    """One replication. unit: theory's unit of time in days."""

    def __init__(self, tables: Tables, world: World, unit: float) -> None:
        self.tables, self.world, self.unit = tables, world, unit
        rows = tables.referrals
        self.rows = rows
        self.turned_up = rows["priority"] == EMERGENCY
        self.came = np.where(
            self.turned_up, np.ceil(rows["referred"] * SECONDS_A_DAY) / SECONDS_A_DAY, rows["referred"]
        )
        self.called = np.nan_to_num(rows["scan_start"], nan=NEVER)
        self.done = np.nan_to_num(rows["scanned"], nan=NEVER)
        self.left = np.nan_to_num(rows["left"], nan=NEVER)

    def value(self, stretch: Stretch, measure: str, group: str, at: float | None) -> float:
        """A quantity over a stretch; nan where there is nothing to take it of."""
        which = self.turned_up & self._in(group)
        ways: dict[str, Callable[[], float]] = {
            "wait_mean": lambda: self._wait_mean(stretch, which),
            "share_waiting": lambda: self._share_waiting(stretch, which),
            "share_waiting_over": lambda: self._share_waiting_over(stretch, which, at),
            "share_leaving": lambda: self._share_leaving(stretch, which),
            "waiting_mean": lambda: stretch.mean_number(self.came[which], self._stops_waiting()[which]),
            "present_mean": lambda: stretch.mean_number(self.came[which], np.minimum(self.done, self.left)[which]),
            "present_at": lambda: self._present_at(stretch, which, at),
            "time_in_system_mean": lambda: self._time_in_system(stretch, which),
            "down_mean": lambda: stretch.mean_number(*self._downtimes()),
            "repairs": lambda: float(stretch.holds(self._downtimes()[0]).sum()) * self.unit / (stretch.last - stretch.first),
            "down_time_mean": lambda: self._down_time(stretch),
            "list_after_clerk": lambda: self._list_after_clerk(stretch, self._in(group)),
            "extra_days_mean": lambda: self._extra_days(stretch, self._in(group)),
        }  # fmt: skip
        return ways[measure]()

    def control(self, stretch: Stretch, name: str) -> float:
        """A control variate over a stretch; its mean is 0."""
        expected = sum(expected_arrivals(one, stretch) for one in self.world.arrivals)
        if name == "arrivals":
            return float(stretch.holds(self.rows["referred"]).sum()) / expected - 1
        power = 2 if name == "scan_time_squared" else 1
        made = self.tables.appointments
        begun = stretch.holds(made["scan_start"]) & (made["complete"] == 1)
        scanner = self.world.scanners[0]
        mean, cv = scanner.couch_seconds[0], self.world.scanning[scanner.modality].couch_time_variation
        known = mean * mean * (1 + cv * cv) if power == 2 else mean
        lasted = made["couch_seconds"][begun].astype(float) ** power
        return float(np.sum(lasted / known - 1)) / expected

    def _in(self, group: str) -> np.ndarray:
        if group == "all":
            return np.ones(len(self.came), dtype=bool)
        key, _, name = group.partition("=")
        return self.rows[key] == self.tables.labels[key].index(name)

    def _stops_waiting(self) -> np.ndarray:
        return np.minimum(self.called, self.left)

    # ---- one at a time

    def _wait_mean(self, stretch: Stretch, which: np.ndarray) -> float:
        called = which & stretch.holds(self.called)
        return float(np.mean(self.called[called] - self.came[called])) / self.unit

    def _share_waiting(self, stretch: Stretch, which: np.ndarray) -> float:
        called, left = which & stretch.holds(self.called), which & stretch.holds(self.left)
        waited = int((self._seconds_waited(called) > 0).sum()) + int(left.sum())
        return waited / (called.sum() + left.sum())

    def _share_waiting_over(self, stretch: Stretch, which: np.ndarray, at: float) -> float:
        called = which & stretch.holds(self.called)
        return float(np.mean(self._seconds_waited(called) > at * self.unit * SECONDS_A_DAY))

    def _seconds_waited(self, called: np.ndarray) -> np.ndarray:
        return np.rint((self.called[called] - self.came[called]) * SECONDS_A_DAY)

    def _share_leaving(self, stretch: Stretch, which: np.ndarray) -> float:
        left = int((which & stretch.holds(self.left)).sum())
        return left / (left + int((which & stretch.holds(self.called)).sum()))

    def _time_in_system(self, stretch: Stretch, which: np.ndarray) -> float:
        done = which & stretch.holds(self.done)
        return float(np.mean(self.done[done] - self.came[done])) / self.unit

    def _present_at(self, stretch: Stretch, which: np.ndarray, hour: float) -> float:
        clock = np.arange(stretch.first, stretch.last) + hour / 24
        gone = np.sort(np.minimum(self.done, self.left)[which])
        came = np.searchsorted(np.sort(self.came[which]), clock, side="right")
        return float(np.mean(came - np.searchsorted(gone, clock, side="right")))

    # ---- scanners that always have a patient

    def _downtimes(self) -> tuple[np.ndarray, np.ndarray]:
        """(failed, worked again): a scan was broken off, and the next one began on the same scanner."""
        made = self.tables.appointments
        begun = np.flatnonzero(np.isfinite(made["scan_start"]))
        order = begun[np.lexsort((made["scan_start"][begun], made["scanner"][begun]))]
        before, after = order[:-1], order[1:]
        broken = (made["outcome"][before] == DISPLACED) & (made["scanner"][before] == made["scanner"][after])
        return made["scan_end"][before[broken]], made["scan_start"][after[broken]]

    def _down_time(self, stretch: Stretch) -> float:
        failed, works = self._downtimes()
        began = stretch.holds(failed)
        return float(np.mean(works[began] - failed[began])) / self.unit

    # ---- the diary

    def _mornings(self, stretch: Stretch) -> np.ndarray:
        """The days of a stretch on which the clerk works."""
        days, rule = self.world.days, self.world.booking
        works = (
            d
            for d in range(stretch.first, stretch.last)
            if days.weekday[d] in rule.clerk_days and days.is_open(d)
        )
        return np.fromiter(works, dtype=int)

    def _list_after_clerk(self, stretch: Stretch, which: np.ndarray) -> float:
        which = which & (self.rows["priority"] < LISTED)
        runs = self._mornings(stretch) + self.world.booking.clerk_starts / SECONDS_A_DAY
        booked = np.where(np.isnan(self.rows["booked"]), self.left, self.rows["booked"])[which]
        listed = np.searchsorted(np.sort(self.rows["listed"][which]), runs, side="right")
        return float(np.mean(listed - np.searchsorted(np.sort(booked), runs, side="right")))

    def _extra_days(self, stretch: Stretch, which: np.ndarray) -> float:
        """Mornings between the first after the request and the one on which they were booked."""
        which = which & stretch.holds(self.rows["booked"]) & (self.rows["priority"] < LISTED)
        runs = (
            self._mornings(Stretch(0, self.world.days.end)) + self.world.booking.clerk_starts / SECONDS_A_DAY
        )
        first = np.searchsorted(runs, self.rows["listed"][which], side="left")
        return float(np.mean(np.searchsorted(runs, self.rows["booked"][which], side="left") - first))


def expected_arrivals(arrivals, stretch: Stretch) -> float:
    """How many come in a stretch in the mean, of one stream."""
    weight = float(arrivals.weight[stretch.first : stretch.last].sum())
    return arrivals.per_weight * weight * sum(arrivals.a_year.values())


def stretches(world: World, months: int | None) -> list[Stretch]:
    """The data-collection period in stretches of so many months; what does not fill one is left out."""
    first, last = world.days.window
    edges = [day for day in world.days.months if first <= day <= last][:: months or None]
    if months is None:
        edges = [first, last]
    return [Stretch(one, other) for one, other in pairwise(edges)]
