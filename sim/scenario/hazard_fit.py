"""How likely people are to be scanned, by weeks waited: fitted to a year of published lists (DM01).

The model is deterministic and goes by days. People wait by age in days; each day the clerk gives the
slots of the day `horizon` days ahead, first to the urgent, then over the weeks waited with weight people
x hazard and, within a week, to the longest waiting (as the model's clerk does). Who has a slot stays on
the list until scanned; who misses it starts again at no weeks waited, as DM01 counts. At a month's start
the published bands are spread evenly over their days and the diary up to the horizon is filled from
them. Each month is predicted from the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.model.bands import BAND_COUNT, LAST_BAND
from sim.scenario.dm01 import Month, month_after

WEEK = 7
AGES = LAST_BAND * WEEK + 1
"""Ages in days 0 to 90, and 91 or more."""
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
URGENT_BANDS = 2
SMOOTHNESS = 0.003
"""Weight of a step of 1 in log hazard from a week to the next, beside errors in shares of the list."""
ANCHOR = 1e-4
"""Weight that holds log hazards near 0: only their differences can be seen."""
MOST_TIMES = 20
"""No week's chance is less than one in so many of the likeliest's: twelve months of bands cannot tell a
chance of nearly nothing from a month in which nobody happened to be taken, and in a run of years people
would be stuck there."""
MOST_LOG = np.log(MOST_TIMES) / 2
STEP = 1e-4
MOST_STEPS = 40

Choose = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(people by age in days (..., AGES), slots (...)) to the people chosen, same shape as the first."""


@dataclass(frozen=True)
class Errors:
    """Root mean square errors of predictions a month ahead, in percentage points of the list."""

    bands: float
    """Over the 14 bands' shares of the list and all months."""
    over_6: float
    """Of the share waiting six weeks or more."""
    over_13: float
    """Of the share waiting 13 weeks or more."""


@dataclass(frozen=True)
class MonthFit:
    """Published and predicted shares of one month's list, in %."""

    month: str
    published_over_6: float
    predicted_over_6: float
    published_over_13: float
    predicted_over_13: float


@dataclass(frozen=True)
class HazardFit:
    """A fitted hazard and how well it predicts, beside two plain alternatives on the same months."""

    by_week: tuple[float, ...]
    """14 relative weights, the largest 1."""
    months: tuple[MonthFit, ...]
    errors: Errors
    first_come: Errors
    """The longest waiting always first."""
    nothing_changes: Errors
    """Each month's shares are those of the month before."""


def fit_hazard(
    months: Sequence[Month], urgent: float = 0.3, missed: float = 0.0, horizon: int = 7
) -> HazardFit:
    """Fit a hazard by weeks waited to consecutive months; the first is only the start of the second.

    urgent: share of arrivals with an urgent priority, who are taken before everybody else; the same
    share of the first two bands is urgent at the start. missed: share of appointments that are missed.
    horizon: days between choosing and scanning. Raises `ValueError` unless there are at least two
    months, one after the other, with people waiting, and the shares are shares.
    """
    flows = Flows.of(months, urgent, missed, horizon)
    logs = _least_squares(flows)
    hazard = np.array([float(f"{weight:.3g}") for weight in np.exp(logs - logs.max())])
    predicted = predict(flows, by_hazard(hazard))
    return HazardFit(
        tuple(hazard.tolist()),
        tuple(map(_month_fit, months[1:], predicted)),
        errors_of(predicted, flows.published),
        errors_of(predict(flows, first_come), flows.published),
        errors_of(_shares(flows.start), flows.published),
    )


def _least_squares(flows: Flows) -> np.ndarray:
    """14 log hazards: squared errors in shares of the list, and a small price for steps between weeks."""
    from scipy.optimize import least_squares

    def residuals(logs: np.ndarray) -> np.ndarray:
        """Errors, steps between weeks and distance from nothing; one row a set of log hazards."""
        off = predict(flows, by_hazard(np.exp(logs))) - flows.published
        steps, anchor = SMOOTHNESS * np.diff(logs, axis=-1), ANCHOR * logs
        return np.concatenate([off.reshape(len(logs), -1), steps, anchor], axis=-1)

    def slopes(logs: np.ndarray) -> np.ndarray:
        """The residuals' slopes by small steps, all at once."""
        moved = residuals(logs + np.vstack([np.zeros(BAND_COUNT), STEP * np.eye(BAND_COUNT)]))
        return (moved[1:] - moved[0]).T / STEP

    start, bounds = np.zeros(BAND_COUNT), (-MOST_LOG, MOST_LOG)
    found = least_squares(
        lambda logs: residuals(logs[None])[0], start, slopes, bounds, xtol=1e-5, max_nfev=MOST_STEPS
    )
    return found.x


@dataclass(frozen=True)
class Flows:
    """What the model starts from and is compared with; one entry a month."""

    start: np.ndarray
    """(months, 14) people at the end of the month before."""
    published: np.ndarray
    """(months, 14) shares of the list at the month's end."""
    days: np.ndarray
    arrivals: np.ndarray
    """(months,) a day: tests done off the list plus the change of the list, never below 0."""
    slots: np.ndarray
    """(months,) a day: tests done off the list, and the slots that are missed."""
    urgent: float
    missed: float
    horizon: int

    @classmethod
    def of(cls, months: Sequence[Month], urgent: float, missed: float, horizon: int) -> Flows:
        """The flows between consecutive months. Raises `ValueError` where they are not."""
        names = [month.month for month in months]
        if len(months) < 2 or names != [month_after(names[0], step) for step in range(len(months))]:
            raise ValueError(
                f"must be at least two months, one after the other, got {', '.join(names) or 'none'}"
            )
        empty = [month.month for month in months if not month.waiting_list]
        if empty:
            raise ValueError(f"nobody waits in {', '.join(empty)}: there is nothing to fit")
        if not (0 <= urgent <= 1 and 0 <= missed < 1 and 0 <= horizon < SHORTEST_MONTH):
            raise ValueError("urgent and missed must lie between 0 and 1, horizon between 0 and 27 days")
        ends = np.array([month.bands for month in months], float)
        days = np.array([month.days for month in months[1:]])
        done = np.array([month.waiting_list_activity for month in months[1:]], float)
        arrivals = np.maximum(0, done + ends[1:].sum(1) - ends[:-1].sum(1))
        slots = done / (1 - missed) / days
        return cls(ends[:-1], _shares(ends[1:]), days, arrivals / days, slots, urgent, missed, horizon)


def by_hazard(hazard: np.ndarray) -> Choose:
    """Slots over the weeks waited with weight people x hazard; within a week the longest waiting first.

    hazard: (..., 14). A week is never asked for more people than it has: the excess goes to the others.
    """
    weights = np.asarray(hazard, float)
    if weights.ndim > 1:
        weights = weights[:, None, :]

    def choose(people: np.ndarray, slots: np.ndarray) -> np.ndarray:
        """Whom the slots are given to, by day joined."""
        weeks = to_bands(people)
        taken = np.zeros(np.broadcast_shapes(weeks.shape, weights.shape))
        for _ in range(4):
            left = weeks - taken
            wanted = weights * left
            total = wanted.sum(-1, keepdims=True)
            still = np.maximum(
                0, np.minimum(slots[..., None], weeks.sum(-1, keepdims=True)) - taken.sum(-1, keepdims=True)
            )
            taken = np.minimum(weeks, taken + still * wanted / np.maximum(total, 1e-12))
        return _longest_waiting(people, taken)

    return choose


def first_come(people: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """The longest waiting of all first."""
    older = people[..., ::-1].cumsum(-1)[..., ::-1] - people
    return np.clip(slots[..., None] - older, 0, people)


def predict(flows: Flows, choose: Choose) -> np.ndarray:
    """Shares of the list by band at each month's end, (..., months, 14), from the end of the month before."""
    urgent, routine = _opening(flows)
    _, urgent, routine = _take(urgent, routine, flows.slots * flows.horizon, choose)
    booked: list[np.ndarray] = []
    ends = None
    for day in range(1, LONGEST_MONTH + 1):
        urgent, routine, *booked = map(_day_older, (urgent, routine, *booked))
        urgent[..., 0] += flows.urgent * flows.arrivals
        routine[..., 0] += (1 - flows.urgent) * flows.arrivals + flows.missed * flows.slots
        chosen, urgent, routine = _take(urgent, routine, flows.slots, choose)
        booked = [chosen, *booked][: flows.horizon]
        ending = flows.days == day
        if ending.any():
            listed = to_bands(urgent + routine + sum(booked))
            ends = np.empty_like(listed) if ends is None else ends
            ends[..., ending, :] = listed[..., ending, :]
    return _shares(ends)


def to_bands(people: np.ndarray) -> np.ndarray:
    """People by age in days (..., AGES) as people by whole weeks (..., 14)."""
    weeks = people[..., :-1].reshape(*people.shape[:-1], LAST_BAND, WEEK).sum(-1)
    return np.concatenate([weeks, people[..., -1:]], axis=-1)


def errors_of(predicted: np.ndarray, published: np.ndarray) -> Errors:
    """Errors of shares by band, each (months, 14)."""

    def root_mean_square(missed: np.ndarray) -> float:
        """In percentage points."""
        return float(100 * np.sqrt(np.mean(missed**2)))

    missed = predicted - published
    return Errors(
        root_mean_square(missed),
        root_mean_square(missed[:, 6:].sum(1)),
        root_mean_square(missed[:, LAST_BAND]),
    )


def _opening(flows: Flows) -> tuple[np.ndarray, np.ndarray]:
    """(urgent, routine) people by age in days at the start, each band spread evenly over its days."""
    days = np.repeat(flows.start[:, :-1] / WEEK, WEEK, axis=1)
    people = np.concatenate([days, flows.start[:, -1:]], axis=1)
    share = np.where(np.arange(AGES) < URGENT_BANDS * WEEK, flows.urgent, 0.0)
    return people * share, people * (1 - share)


def _take(
    urgent: np.ndarray, routine: np.ndarray, slots: np.ndarray, choose: Choose
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(chosen, urgent left, routine left): the urgent first, the longest waiting of them first."""
    first = first_come(urgent, slots)
    then = choose(routine, slots - first.sum(-1))
    return first + then, urgent - first, routine - then


def _longest_waiting(people: np.ndarray, by_week: np.ndarray) -> np.ndarray:
    """So many people of each week, the longest waiting of the week first; by age in days."""
    days = people[..., :-1].reshape(*people.shape[:-1], LAST_BAND, WEEK)
    older = days[..., ::-1].cumsum(-1)[..., ::-1] - days
    taken = np.clip(by_week[..., :-1, None] - older, 0, days)
    return np.concatenate([taken.reshape(*taken.shape[:-2], -1), by_week[..., -1:]], axis=-1)


def _day_older(people: np.ndarray) -> np.ndarray:
    """Everybody a day older, nobody new."""
    older = np.zeros_like(people)
    older[..., 1:] = people[..., :-1]
    older[..., -1] += people[..., -1]
    return older


def _shares(people: np.ndarray) -> np.ndarray:
    return people / np.maximum(people.sum(-1, keepdims=True), 1e-12)


def _month_fit(month: Month, predicted: np.ndarray) -> MonthFit:
    over_6, over_13 = 100 * float(predicted[6:].sum()), 100 * float(predicted[LAST_BAND])
    return MonthFit(month.month, month.percent_over(6), over_6, month.percent_over(13), over_13)
