"""Dates: the start, the warm-up, the data-collection period, working days, month ends."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pydantic import model_validator

from sim.model.quantity import Duration, Years, fault
from sim.model.section import Section
from sim.model.shocks import Shock, what_is_left


class Calendar(Section):
    """When the simulated world starts and how long it is watched."""

    start: datetime.date
    """First day, at midnight. A first of the month."""
    warm_up: Duration
    """Time simulated before the data-collection period and then discarded."""
    years: Years
    """Length of the data-collection period, counted in whole months."""
    shocks: dict[str, Shock] = {}
    """Times in which demand, capacity or both fall, by name."""

    @model_validator(mode="after")
    def _starts_a_month(self):
        if self.start.day != 1:
            raise fault(f"start must be the first day of a month, got {self.start}")
        if not 1990 <= self.start.year <= 2090:
            raise fault(f"start must lie between 1990 and 2090, got {self.start}")
        return self


@dataclass(frozen=True)
class Days:
    """The calendar worked out: days are numbered from 0 at `start`.

    weekday: int array, 0 Monday to 6 Sunday, one a day.
    working: bool array, weekdays that are no English bank holiday.
    months: first day of each month, and after the last month the day the run ends.
    window: (first, last) time of the data-collection period; both fall on month ends.
    shocks: what makes some days unlike others.
    """

    start: datetime.date
    weekday: np.ndarray
    working: np.ndarray
    months: tuple[int, ...]
    window: tuple[int, int]
    shocks: tuple[Shock, ...] = ()

    @property
    def end(self) -> int:
        """The time at which the run stops, in days."""
        return self.window[1]

    @property
    def years(self) -> float:
        """Length of the data-collection period in years of whole months."""
        first = next(m for m, day in enumerate(self.months) if day >= self.window[0])
        return (len(self.months) - 1 - first) / 12

    @cached_property
    def demand(self) -> np.ndarray:
        """The part of the usual referrals that is made, by (modality, day); 1 outside shocks."""
        return what_is_left(self.shocks, "demand_falls", self.start, len(self.weekday))

    @cached_property
    def capacity(self) -> np.ndarray:
        """The part of the staffed slots that is offered, by (modality, day); 1 outside shocks."""
        return what_is_left(self.shocks, "capacity_falls", self.start, len(self.weekday))

    @cached_property
    def weekdays(self) -> list[int]:
        """`weekday` as plain numbers: what is asked for day by day comes five times as fast from a list."""
        return self.weekday.tolist()

    @cached_property
    def _opens(self) -> list[bool]:
        return (self.working | (self.weekday > 4)).tolist()

    def is_open(self, day: int) -> bool:
        """Not a bank holiday; a weekend day is open to whoever plans to work on it."""
        return self._opens[day]


def days_of(calendar: Calendar) -> Days:
    """Number the days. The warm-up is rounded up to a month end, so that months stay whole."""
    import holidays

    start = calendar.start
    first = start
    while (first - start).days < calendar.warm_up - 1e-9:
        first = add_months(first, 1)
    last = add_months(first, max(1, round(calendar.years * 12)))
    starts = [start]
    while starts[-1] < last:
        starts.append(add_months(starts[-1], 1))
    count = (last - start).days
    weekday = (np.arange(count) + start.weekday()) % 7
    closed = holidays.country_holidays("GB", subdiv="ENG", years=range(start.year, last.year + 1))
    working = weekday < 5
    for date in closed:
        if start <= date < last:
            working[(date - start).days] = False
    months = tuple((date - start).days for date in starts)
    window = ((first - start).days, count)
    return Days(start, weekday, working, months, window, tuple(calendar.shocks.values()))


def add_months(date: datetime.date, months: int) -> datetime.date:
    """The first of the month so many months later."""
    years, month = divmod(date.month - 1 + months, 12)
    return datetime.date(date.year + years, month + 1, 1)


def reference_days(calendar: Calendar) -> Days:
    """Four years from the start without a shock, however long the run is: what "a year" means in
    plans and rates."""
    return days_of(Calendar(start=calendar.start, warm_up="0 days", years="4 years"))
