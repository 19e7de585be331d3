"""Who is referred, when, and what is drawn about them at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.model.calendar import Days
from sim.model.quantity import Duration, PerYear, Share
from sim.model.section import SECONDS_A_DAY, WEEKDAYS, Section, TimeOfDay
from sim.model.streams import ARRIVALS, REFERRALS, Streams

if TYPE_CHECKING:
    from sim.model.simulation import Simulation

MODALITIES = ("MRI", "CT", "ultrasound", "X-ray", "DEXA", "PET-CT")
PRIORITIES = ("urgent_suspected_cancer", "urgent", "routine")
COMPLEXITIES = ("standard", "complex")
CARS = ("car", "no car")
Modality = Literal["MRI", "CT", "ultrasound", "X-ray", "DEXA", "PET-CT"]
Priority = Literal["urgent_suspected_cancer", "urgent", "routine"]
Complexity = Literal["standard", "complex"]
WeekdayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

TIME, PRIORITY, COMPLEXITY, CAR = range(4)
FIRST_ATTEMPT, SECOND_ATTEMPT, DOOR_COLUMNS = 8, 12, 16
"""Columns of the uniforms drawn at the door. Columns 4 to 7 are not used yet; from 8 on stand the
draws of the first two attempts, which nearly everybody needs no more than."""


class Demand(Section):
    """Referrals for one modality, over the whole region; shared over places by population."""

    per_year: PerYear
    """Referrals a year in the whole region."""
    priority: dict[Priority, Share]
    """Share of each priority; they sum to 100 %."""
    complex: Share
    """Share of referrals that a scanner with a case-mix limit may not take."""
    weekdays: dict[WeekdayName, Share]
    """Share of a week's referrals made on each day; a bank holiday counts as a Sunday."""
    opens: TimeOfDay
    """First time of day at which referrals are made."""
    closes: TimeOfDay
    """Last time of day at which referrals are made; within the day they are spread evenly."""
    time_before_request: Duration | None = None
    """From the first referral to this request; counts in `result_in_28_days_percent`. Without it, none."""


class Arrivals:
    """Draws one modality's referrals, month by month and place by place.

    days: the calendar of the run. reference: a calendar whose length does not depend on the run,
    over which `per_year` is meant. share: the part of the region's people in each place, by its key.
    """

    def __init__(
        self, modality: int, demand: Demand, days: Days, reference: Days, share: dict[str, float]
    ) -> None:
        self.modality, self.demand, self.days, self.share = modality, demand, days, share
        self.weight = day_weights(demand, days)
        self.per_weight = demand.per_year / (day_weights(demand, reference).sum() / reference.years)
        self.priority_bounds = np.cumsum([demand.priority.get(name, 0.0) for name in PRIORITIES])

    def counts(self, streams: Streams, month: int) -> list[int]:
        """How many referrals each place makes in a month."""
        first, last = self.days.months[month], self.days.months[month + 1]
        expected = self.per_weight * self.weight[first:last].sum()
        u = np.array([streams.row(ARRIVALS, self.entity(key), 0, month=month)[0] for key in self.share])
        return poisson_quantiles(u, expected * np.array(list(self.share.values()))).tolist()

    def uniforms(self, streams: Streams, key: str, month: int, count: int) -> np.ndarray:
        """All that is drawn at the door about a place's referrals of a month: (count, columns)."""
        return streams.uniforms(REFERRALS, self.entity(key), count, DOOR_COLUMNS, month=month)

    def entity(self, key: str) -> str:
        """The name under which one place's random numbers for this modality are kept."""
        return f"{MODALITIES[self.modality]} {key}"

    def times(self, u: np.ndarray, month: int) -> np.ndarray:
        """When in the month the referrals are made, in days; one for each of `u`."""
        first, last = self.days.months[month], self.days.months[month + 1]
        weight = np.cumsum(self.weight[first:last])
        at = u * weight[-1]
        day = np.searchsorted(weight, at, side="right")
        within = (at - np.concatenate(([0.0], weight))[day]) / self.weight[first + day]
        opens, closes = self.demand.opens / SECONDS_A_DAY, self.demand.closes / SECONDS_A_DAY
        return first + day + opens + within * (closes - opens)

    def priorities(self, u: np.ndarray) -> np.ndarray:
        """The priority of each referral."""
        found = np.searchsorted(self.priority_bounds, u, side="right")
        return np.minimum(found, len(PRIORITIES) - 1)


def poisson_quantiles(u: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Quantiles `u` of Poisson distributions; whole numbers, same shape. More mean, never fewer."""
    from scipy.special import pdtr, pdtrik

    upper = np.ceil(pdtrik(u, mean))
    lower = np.maximum(upper - 1, 0)
    found = np.where(pdtr(lower, mean) >= u, lower, upper)
    return np.where((mean > 0) & np.isfinite(found), found, 0).astype(int)


def day_weights(demand: Demand, days: Days) -> np.ndarray:
    """The relative number of referrals made on each day of a calendar; one number a day."""
    weights = np.array([demand.weekdays.get(name, 0.0) for name in WEEKDAYS])
    sunday = np.where(days.working | (days.weekday > 4), days.weekday, 6)
    return weights[sunday]


def days_before_request(arrivals: list[Arrivals]) -> np.ndarray:
    """Days from the first referral to the request, one a modality."""
    days = np.zeros(len(MODALITIES))
    for one in arrivals:
        days[one.modality] = one.demand.time_before_request or 0.0
    return days


def referring(sim: Simulation):
    """At the first of each month, the month's referrals come to the door."""
    for month, first in enumerate(sim.world.days.months[:-1]):
        yield sim.env.timeout(first - sim.env.now)
        sim.referrals.draw(month)
