"""Who is referred, when, and what is drawn about them at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.model.calendar import Days
from sim.model.modality import MODALITIES
from sim.model.modality import Modality as Modality
from sim.model.places import Place
from sim.model.quantity import Duration, Growth, PerYear, PositiveDuration, Rate, Share, fault
from sim.model.reaction import Reaction
from sim.model.season import Season, growing, seasonal
from sim.model.section import SECONDS_A_DAY, WEEKDAYS, Section, TimeOfDay
from sim.model.streams import ARRIVALS, REFERRALS, Streams

if TYPE_CHECKING:
    from sim.model.simulation import Simulation

PRIORITIES = ("urgent_suspected_cancer", "urgent", "routine", "planned", "emergency")
URGENT_SUSPECTED_CANCER, URGENT, ROUTINE, PLANNED, EMERGENCY = range(len(PRIORITIES))
ON_REQUEST = PLANNED
"""Priorities below this number are asked for, and on the list that DM01 counts; planned scans are due."""
LISTED = EMERGENCY
"""Priorities below this number wait on a list; an emergency waits at the scanner."""
COMPLEXITIES = ("standard", "complex")
CARS = ("car", "no car")
REFERRERS = ("gp", "outpatients", "inpatients", "emergency_department", "other")
Priority = Literal["urgent_suspected_cancer", "urgent", "routine"]
AnyPriority = Literal["urgent_suspected_cancer", "urgent", "routine", "planned", "emergency"]
Complexity = Literal["standard", "complex"]
ReferrerName = Literal["gp", "outpatients", "inpatients", "emergency_department", "other"]
WeekdayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

DEFAULT = "default"
"""The key of `per_1000` that stands for every place without a rate of its own."""
NO_REFERRER = -1

TIME, PRIORITY, COMPLEXITY, CAR, REFERRER, KEPT, VETTED, REMOVED = range(8)
FIRST_ATTEMPT, NEXT_COLUMNS = 8, 12
REFUSES, SHORT_NOTICE, WAITED = range(NEXT_COLUMNS, 15)
DOOR_COLUMNS = 16
"""Columns of the uniforms drawn at the door; from `FIRST_ATTEMPT` on stand the draws of the first
attempt. A column, once given, is never used for anything else; the last is not used yet."""


class Referrer(Section):
    """Who asks for the test: their part of all referrals, and how urgent theirs are."""

    share: Share
    """Share of the modality's referrals; the referrers' shares sum to 100 %."""
    priority: dict[Priority, Share]
    """Share of each priority among this referrer's; they sum to 100 %."""


class Stream(Section):
    """A stream of work on the same scanners that is on no six-week list."""

    per_year: PerYear | None = None
    """Scans a year in the whole region, shared over places by population. This or `per_1000`."""
    per_1000: dict[str, Rate] | None = None
    """Scans a year for 1,000 residents of each place; `default` is for places not named."""
    complex: Share = 0.0
    """Share of complex ones."""
    weekdays: dict[WeekdayName, Share] | None = None
    """Share of a week's work that falls on each day; default evenly."""
    opens: TimeOfDay = 0
    """First time of day at which patients turn up."""
    closes: TimeOfDay = SECONDS_A_DAY
    """Last time of day at which patients turn up; within the day they are spread evenly."""

    @model_validator(mode="after")
    def _says_each_thing_once(self):
        one_of(self, "per_year", "per_1000")
        return self


class Unscheduled(Stream):
    """Patients of the emergency department and of the wards, who turn up and wait."""

    hours: Annotated[list[Share], Field(min_length=24, max_length=24)] | None = None
    """Share of a day's patients who turn up in each hour, in place of `opens` and `closes`; they sum to
    100 %."""
    referrers: Annotated[dict[ReferrerName, Share], Field(min_length=1)] | None = None
    """Who sends them: shares that sum to 100 %."""
    first: list[ReferrerName] = []
    """Whose patients are scanned before the others', in this order; default first come, first served."""
    leaves_after: PositiveDuration | None = None
    """Mean time (exponential) after which somebody who still waits leaves without a scan; default never."""

    @model_validator(mode="after")
    def _shares_sum_to_all(self):
        for name, shares in (("hours", self.hours), ("referrers", (self.referrers or {}).values())):
            if shares and abs(sum(shares) - 1) > 1e-4:
                raise fault(f"`{name}` must sum to 100 %, sums to {100 * sum(shares):g} %")
        if self.hours and (self.opens, self.closes) != (0, SECONDS_A_DAY):
            raise fault("has `hours` and `opens` or `closes`; take one out")
        unknown = [name for name in self.first if name not in (self.referrers or {})]
        if unknown:
            raise fault(f"`first` names {unknown[0]}, who is not among its `referrers`")
        return self


class Demand(Section):
    """Referrals for one modality, before `shocks` of the calendar."""

    per_year: PerYear | None = None
    """Referrals a year in the whole region, shared over places by population. This or `per_1000`."""
    per_1000: dict[str, Rate] | None = None
    """Referrals a year for 1,000 residents of each place; `default` is for places not named."""
    priority: dict[Priority, Share] | None = None
    """Share of each priority; they sum to 100 %. This or `referrers`."""
    referrers: Annotated[dict[ReferrerName, Referrer], Field(min_length=1)] | None = None
    """Who refers; each with a priority mix of its own."""
    complex: Share
    """Share of referrals that a scanner with a case-mix limit may not take."""
    aged_65_or_over: Share | None = None
    """Share of referrals of people aged 65 or over; without it, age is not known and limits nobody."""
    needing_help: Share | None = None
    """Share who need help to get onto the couch; without it, it is not known and limits nobody."""
    weekdays: dict[WeekdayName, Share]
    """Share of a week's referrals made on each day; a bank holiday counts as a Sunday."""
    opens: TimeOfDay
    """First time of day at which referrals are made."""
    closes: TimeOfDay
    """Last time of day at which referrals are made; within the day they are spread evenly."""
    time_before_request: Duration | None = None
    """From the first referral to this request; counts in `result_in_28_days_percent`. Without it, none."""
    month_counts: Literal["poisson", "expected"] = "poisson"
    """How many come in a month: drawn about the expected number, or that number itself, rounded so that
    the months add up; when in the month they come is drawn either way."""
    growth: Growth = 0.0
    """Yearly growth, compound and smooth from the calendar's start, where the yearly number holds."""
    season: Season = {}
    """A month's referrals a calendar day against an average month's. They multiply the yearly number and
    are not normalised; weekdays and bank holidays then only share the month's referrals over its days."""
    reacts_to_wait: Reaction | None = None
    """How demand follows the waiting list; without it, it does not."""
    planned: Stream | None = None
    """Planned (surveillance) scans, due at set dates; it grows and has a season as the demand has."""
    unscheduled: Unscheduled | None = None
    """Patients of the emergency department and of the wards; it grows and has a season likewise."""

    @model_validator(mode="after")
    def _says_each_thing_once(self):
        one_of(self, "per_year", "per_1000")
        one_of(self, "priority", "referrers")
        return self

    def streams(self) -> list[tuple[int | None, Demand]]:
        """(fixed priority or None, demand) of the referrals and of each further stream."""
        found: list[tuple[int | None, Demand]] = [(None, self)]
        for priority, stream in ((PLANNED, self.planned), (EMERGENCY, self.unscheduled)):
            if stream is not None:
                own = {
                    name: getattr(stream, name)
                    for name in ("per_year", "per_1000", "complex", "opens", "closes")
                }
                evenly = dict.fromkeys(WEEKDAYS, 1 / len(WEEKDAYS))
                own |= {"weekdays": stream.weekdays or evenly, "referrers": None, "reacts_to_wait": None}
                if priority == EMERGENCY and stream.referrers:
                    shares = stream.referrers.items()
                    own["referrers"] = {r: Referrer.model_construct(share=s, priority={}) for r, s in shares}
                found.append((priority, self.model_copy(update=own)))
        return found

    def mix(self) -> np.ndarray:
        """Share of each (referrer, priority) within the referrer; one row where nobody is named."""
        if self.referrers is None:
            return np.array([[self.priority.get(name, 0.0) for name in PRIORITIES]])
        rows = [self.referrers[r].priority if r in self.referrers else {} for r in REFERRERS]
        return np.array([[row.get(name, 0.0) for name in PRIORITIES] for row in rows])

    def referrer_shares(self) -> np.ndarray:
        """Share of each row of `mix`."""
        if self.referrers is None:
            return np.ones(1)
        return np.array([self.referrers[r].share if r in self.referrers else 0.0 for r in REFERRERS])

    def priority_shares(self) -> np.ndarray:
        """Share of each priority among all referrals."""
        return self.referrer_shares() @ self.mix()


def one_of(section: Section, one: str, other: str) -> None:
    """Exactly one of two answers must be given."""
    given = [name for name in (one, other) if getattr(section, name) is not None]
    if not given:
        raise fault(f"needs `{one}` or `{other}`")
    if len(given) == 2:
        raise fault(f"has both `{one}` and `{other}`; take one out, as `{one}: null` does")


def part_of_places(demand: Demand, places: dict[str, Place]) -> np.ndarray:
    """The part of a modality's referrals that each place makes; zeros where none makes any."""
    expected = _people_times_rate(demand, places)
    return expected / (expected.sum() or 1.0)


def referrals_a_year(demand: Demand, places: dict[str, Place]) -> np.ndarray:
    """Referrals a year that each place makes, without growth, season and shocks."""
    if demand.per_year is None:
        return _people_times_rate(demand, places) / 1000
    return demand.per_year * part_of_places(demand, places)


def _people_times_rate(demand: Demand, places: dict[str, Place]) -> np.ndarray:
    rates = {DEFAULT: 1.0} if demand.per_1000 is None else demand.per_1000
    found = [place.population * rates.get(name, rates.get(DEFAULT)) for name, place in places.items()]
    return np.array(found, dtype=float)


class Arrivals:
    """Draws one modality's referrals, month by month and place by place.

    days: the calendar of the run. reference: a calendar whose length does not depend on the run,
    over which a yearly number is meant; it knows no growth, season or shock. a_year: referrals a year
    of each place, by its key. most: a month's demand is at most so many times the expected; more than
    1 only where it reacts to the wait, and then those who are drawn are candidates. fixed_priority:
    of a stream in which all have the same.
    """

    def __init__(
        self,
        modality: int,
        demand: Demand,
        days: Days,
        reference: Days,
        a_year: dict[str, float],
        fixed_priority: int | None = None,
    ) -> None:
        self.modality, self.demand, self.days, self.a_year = modality, demand, days, a_year
        self.fixed_priority = fixed_priority
        plain = weekday_weights(demand, reference)
        self.per_weight = reference.years / plain.sum()
        self.weight = day_weights(modality, demand, days, plain.mean())
        self.most = demand.reacts_to_wait.most if demand.reacts_to_wait else 1.0
        self.priority_bounds = np.cumsum(demand.mix(), axis=1) if fixed_priority is None else None
        self.referrer_bounds = np.cumsum(demand.referrer_shares())
        hours = demand.unscheduled.hours if fixed_priority == EMERGENCY else None
        self.hours = np.cumsum([0.0, *hours]) / sum(hours) if hours else None

    def counts(self, streams: Streams, month: int) -> list[int]:
        """How many referrals each place makes in a month; candidates, where demand reacts."""
        if self.demand.month_counts == "expected":
            return self.expected(month)
        first, last = self.days.months[month], self.days.months[month + 1]
        years = self.per_weight * self.weight[first:last].sum() * self.most
        u = np.array([streams.row(ARRIVALS, self.entity(key), 0, month=month)[0] for key in self.a_year])
        return poisson_quantiles(u, years * np.array(list(self.a_year.values()))).tolist()

    def expected(self, month: int) -> list[int]:
        """The expected referrals of each place in a month, as whole numbers whose sums over months are right."""
        years = [self.per_weight * self.weight[: self.days.months[end]].sum() for end in (month, month + 1)]
        so_far, by_then = (
            np.floor(part * self.most * np.array(list(self.a_year.values())) + 0.5) for part in years
        )
        return (by_then - so_far).astype(int).tolist()

    @property
    def reacts(self) -> bool:
        """Whether demand depends on the wait, so that `kept` must be asked."""
        return self.demand.reacts_to_wait is not None

    def factor(self, mean_waiting_days: float) -> float:
        """What a month's demand is multiplied by after such a mean wait of those on the list."""
        return self.demand.reacts_to_wait.factor(mean_waiting_days) if self.reacts else 1.0

    def kept(self, u: np.ndarray, mean_waiting_days: float) -> np.ndarray:
        """Which candidates come, as bools: less demand leaves some out and adds nobody."""
        return u < self.factor(mean_waiting_days) / self.most

    def uniforms(self, streams: Streams, key: str, month: int, count: int) -> np.ndarray:
        """All that is drawn at the door about a place's referrals of a month: (count, columns)."""
        return streams.uniforms(REFERRALS, self.entity(key), count, DOOR_COLUMNS, month=month)

    def entity(self, key: str) -> str:
        """The name under which one place's random numbers for this modality are kept."""
        stream = "" if self.fixed_priority is None else f" {PRIORITIES[self.fixed_priority]}"
        return f"{MODALITIES[self.modality]} {key}{stream}"

    def times(self, u: np.ndarray, month: int) -> np.ndarray:
        """When in the month the referrals are made, in days; one for each of `u`."""
        first, last = self.days.months[month], self.days.months[month + 1]
        weight = np.cumsum(self.weight[first:last])
        at = u * weight[-1]
        day = np.searchsorted(weight, at, side="right")
        within = (at - np.concatenate(([0.0], weight))[day]) / self.weight[first + day]
        if self.hours is not None:
            return first + day + np.interp(within, self.hours, np.arange(25) / 24)
        opens, closes = self.demand.opens / SECONDS_A_DAY, self.demand.closes / SECONDS_A_DAY
        return first + day + opens + within * (closes - opens)

    def referrers(self, u: np.ndarray) -> np.ndarray:
        """Who made each referral, as numbers of `REFERRERS`; -1 where the scenario names nobody."""
        if self.demand.referrers is None:
            return np.full(len(u), NO_REFERRER)
        named = np.flatnonzero(self.demand.referrer_shares())
        found = np.searchsorted(self.referrer_bounds, u, side="right")
        return np.minimum(found, named[-1])

    def priorities(self, u: np.ndarray, referrer: np.ndarray) -> np.ndarray:
        """The priority of each referral; -1, nobody named, is the only row of the bounds."""
        if self.fixed_priority is not None:
            return np.full(len(u), self.fixed_priority)
        found = (u[:, None] >= self.priority_bounds[referrer]).sum(axis=1)
        return np.minimum(found, ROUTINE)


def poisson_quantiles(u: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Quantiles `u` of Poisson distributions; whole numbers, same shape. More mean, never fewer."""
    from scipy.special import pdtr, pdtrik

    upper = np.ceil(pdtrik(u, mean))
    lower = np.maximum(upper - 1, 0)
    found = np.where(pdtr(lower, mean) >= u, lower, upper)
    return np.where((mean > 0) & np.isfinite(found), found, 0).astype(int)


def weekday_weights(demand: Demand, days: Days) -> np.ndarray:
    """The relative number of referrals made on each day of a plain calendar; one number a day."""
    weights = np.array([demand.weekdays.get(name, 0.0) for name in WEEKDAYS])
    sunday = np.where(days.working | (days.weekday > 4), days.weekday, 6)
    return weights[sunday]


def day_weights(modality: int, demand: Demand, days: Days, mean: float) -> np.ndarray:
    """The same with season, growth and shocks. mean: of the plain calendar's weights.

    A day's weight depends on no later day of the run.
    """
    weights = seasonal(weekday_weights(demand, days), demand.season, days, mean)
    return weights * growing(demand.growth, days.end) * days.demand[modality]


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
        sim.records.pack()
        sim.referrals.giving_up.forget_the_gone()
        sim.door.draw(month)
