"""The order of service and the turnover of a published list, fitted to the months up to a start.

Published activity does not explain published lists. On many lists more people have waited under four
weeks than the month's activity and the change of the list let join: some leave without a recorded test
(removed, transferred, tested and not counted on the list), and as many more have joined. So two things are
fitted: the weight of each week waited, and the *turnover*, how many leave for each recorded test; never
under 1. Each month is predicted from the one before. Recent months count more, and one further month in
which nothing changes holds the fit near the list as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.model.bands import BAND_COUNT
from sim.scenario.daily_list import month_ends
from sim.scenario.dm01 import Month, month_after

MONTHS_FITTED = 12
FEWEST_MONTHS = 4
FORGETTING = 3.0
"""Months after which a month counts 1/e as much."""
STILL = 3.0
"""Weight of the month in which nothing changes; the fitted months together have their number."""
SMOOTHNESS, ANCHOR, TURNOVER_ANCHOR = 0.03, 0.003, 0.02
"""Prices of a step of 1 in log weight from week to week, of a log weight of 1, and of a log turnover of 1, beside
errors in shares of the list."""
MOST_LOG, MOST_LOG_TURNOVER = 3.5, 3.0
NOT_RECORDED = 0.4
"""Activity under so much of the usual month's is taken as not recorded, and the usual put in its place."""
USUAL_DAYS = 30
WINDOWS = (1.5, 3.0, 6.0)
"""Months after which, in a draw, a month counts 1/e as much."""
STEPS, STEP, LONGEST_STEP = 8, 1e-3, 1.5


@dataclass(frozen=True)
class Orders:
    """Fitted orders of service, one a row. weights: (draws, 14), the largest 1. turnover: (draws,)."""

    weights: np.ndarray
    turnover: np.ndarray


@dataclass(frozen=True)
class History:
    """Consecutive months. ends: (months + 1, 14) lists. recorded: (months,) tests off the list, holes filled.
    days: (months,). usual: the median month's tests."""

    ends: np.ndarray
    recorded: np.ndarray
    days: np.ndarray
    usual: float

    @classmethod
    def of(cls, months: Sequence[Month]) -> History:
        """The first month is only the start. Raises `ValueError` where there are too few, or some are missing."""
        names = [month.month for month in months]
        if len(months) <= FEWEST_MONTHS or names != [month_after(names[0], n) for n in range(len(months))]:
            raise ValueError(
                f"needs at least {FEWEST_MONTHS + 1} months, one after the other, got {', '.join(names) or 'none'}"
            )
        ends = np.array([month.bands for month in months], float)
        done = np.array([month.waiting_list_activity for month in months[1:]], float)
        usual = max(1.0, float(np.median(done)))
        days = np.array([month.days for month in months[1:]])
        return cls(ends, holes_filled(done, usual), days, usual)


def holes_filled(recorded: np.ndarray, usual: float) -> np.ndarray:
    """Tests a month, the usual number where far fewer were recorded."""
    return np.where(recorded < NOT_RECORDED * usual, usual, recorded)


def flows(sizes: np.ndarray, recorded: np.ndarray, turnover: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(joining, leaving) a month, (..., months), so that the list has the published sizes.

    sizes: (..., months + 1). recorded: (..., months). turnover: (...,). Leaving is tests times turnover,
    joining that plus the change of the list; where this is below nobody, nobody joins and the rest is taken
    off the months that follow.
    """
    leaving = recorded * np.asarray(turnover)[..., None]
    wanted = leaving + np.diff(sizes, axis=-1)
    joining, owed = np.empty_like(wanted), np.zeros(wanted.shape[:-1])
    for month in range(wanted.shape[-1]):
        owed = owed + wanted[..., month]
        joining[..., month] = np.maximum(0, owed)
        owed = np.minimum(0, owed)
    return joining, leaving


def importance(months: int) -> np.ndarray:
    """How much each fitted month counts, the last most; their mean is 1."""
    weight = np.exp(-np.arange(months)[::-1] / FORGETTING)
    return weight / weight.mean()


@dataclass(frozen=True)
class Fit:
    """The best fit, and what it takes to say how far another weighting of the months would move it.

    logs: (15,) log weights and log turnover. off, slopes: errors there, (errors,), and how they change with each
    unknown, (15, errors). importance: how much each fitted month counts.
    """

    logs: np.ndarray
    off: np.ndarray
    slopes: np.ndarray
    importance: np.ndarray

    def orders(self) -> Orders:
        """The best fit alone."""
        return as_orders(self.logs[None])

    def draw(self, draws: int, chance: np.random.Generator) -> Orders:
        """Orders of service that other months would have given, a bootstrap of the months.

        Each fitted month counts, beside its importance, an exponentially distributed number of times, and is
        forgotten in a time of `WINDOWS`; from the best fit one step of Gauss and Newton is taken.
        """
        months = len(self.importance)
        window = chance.choice(WINDOWS, size=draws)
        counts = np.exp(-np.arange(months)[::-1] / window[:, None]) * chance.exponential(size=(draws, months))
        counts = counts / counts.mean(-1, keepdims=True)
        logs = [stepped(self.logs, *weighed(count, self.off, self.slopes), 1e-3) for count in counts]
        return as_orders(np.array(logs))


def fit_orders(history: History, turnover: float | None = None) -> Fit:
    """The order of service and turnover that predict each month best from the one before.

    turnover: where it is not to be fitted. Levenberg and Marquardt's method on squared errors in shares of
    the list.
    """
    unknowns = BAND_COUNT + 1
    counts = importance(len(history.recorded))
    moves = STEP * np.vstack([np.zeros(unknowns), np.eye(unknowns)])
    tried = np.append(np.zeros(BAND_COUNT), np.log(turnover or 1.0))
    best, least, damping = None, np.inf, 1e-3
    for _ in range(STEPS):
        errors = errors_of(history, tried + moves)
        slopes = (errors[1:] - errors[0]) / STEP
        if turnover is not None:
            slopes[-1] = 0
        cost = float((weighed(counts, errors[0], slopes)[0] ** 2).sum())
        damping = damping / 5 if cost < least else damping * 10
        if cost < least:
            best, least = Fit(tried, errors[0], slopes, counts), cost
        tried = stepped(best.logs, *weighed(counts, best.off, best.slopes), damping)
    return best


def weighed(counts: np.ndarray, off: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Errors and slopes with the errors of each month, and of the one in which nothing changes, weighed."""
    of_months = np.repeat(np.sqrt(np.append(counts, STILL)), BAND_COUNT)
    rows = np.append(of_months, np.ones(len(off) - len(of_months)))
    return off * rows, slopes * rows


def stepped(logs: np.ndarray, off: np.ndarray, slopes: np.ndarray, damping: float) -> np.ndarray:
    """The next try, within the bounds."""
    curvature = slopes @ slopes.T
    damped = curvature + np.diag(np.diag(curvature) * damping + 1e-9)
    tried = logs + np.clip(-np.linalg.solve(damped, slopes @ off), -LONGEST_STEP, LONGEST_STEP)
    return np.append(np.clip(tried[:-1], -MOST_LOG, MOST_LOG), np.clip(tried[-1], 0, MOST_LOG_TURNOVER))


def errors_of(history: History, logs: np.ndarray) -> np.ndarray:
    """(tries, errors): shares of the list by month and week, then the prices. logs: (tries, 15)."""
    starts = np.vstack([history.ends[:-1], history.ends[-1:]])
    ends = np.vstack([history.ends[1:], history.ends[-1:]])
    sizes = np.stack([starts.sum(-1), ends.sum(-1)], axis=-1)
    recorded = np.append(history.recorded, history.usual)[:, None]
    days = np.append(history.days, USUAL_DAYS)[:, None]
    joining, leaving = flows(sizes, recorded, np.exp(logs[:, -1:]))
    predicted = month_ends(starts, joining, leaving, days, np.exp(logs[:, None, :-1]))[..., 0, :]
    missed = (shares(predicted) - shares(ends)).reshape(len(logs), -1)
    steps = SMOOTHNESS * np.diff(logs[:, :-1], axis=-1)
    return np.hstack([missed, steps, ANCHOR * logs[:, :-1], TURNOVER_ANCHOR * logs[:, -1:]])


def as_orders(logs: np.ndarray) -> Orders:
    """logs: (draws, 15)."""
    weights = np.exp(logs[:, :-1] - logs[:, :-1].max(-1, keepdims=True))
    return Orders(weights, np.exp(logs[:, -1]))


def shares(people: np.ndarray) -> np.ndarray:
    """People by weeks waited as parts of the list."""
    return people / np.maximum(people.sum(-1, keepdims=True), 1e-12)
