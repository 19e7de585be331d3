"""The order of service and the turnover of a published list, fitted to the months up to a start.

Published activity does not explain published lists. On many lists more people have waited under four
weeks than the month's activity and the change of the list let join: some leave without a recorded test
(removed, transferred, tested and not counted on the list), and as many more have joined. So two things are
fitted: the weight of each week waited, and the *turnover*, how many leave for each recorded test; never
under 1. Each month is predicted from the one before. Errors are those of the logarithm of each week's share: a week
in which few wait says as much of the order of service as one in which many do. Recent months count more, and one
further month in which nothing changes holds the fit near the list as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.model.bands import BAND_COUNT
from sim.scenario.daily_list import month_ends
from sim.scenario.dm01 import Month, month_after

MONTHS_FITTED = 24
"""At most; fewer where the extract begins later."""
FEWEST_MONTHS = 4
FORGETTING = 6.0
"""Months after which a month counts 1/e as much."""
STILL = 3.0
"""Weight of the month in which nothing changes; the fitted months together have their number."""
SMOOTHNESS, ANCHOR, TURNOVER_ANCHOR = 0.03, 0.003, 0.02
"""Prices of a step of 1 in log weight from week to week, of a log weight of 1, and of a log turnover of 1, beside
errors in log shares times the share of a week when all have the same."""
FLOOR, FLOOR_PEOPLE = 0.002, 1
"""Added to each share before its logarithm: a part of the list, and so many people."""
MOST_LOG, MOST_LOG_TURNOVER = 3.5, 4.6
NOT_RECORDED = 0.4
"""Activity under so much of the usual month's is taken as not recorded, and the usual put in its place."""
USUAL_DAYS = 30
FROM_OTHERS = 0.25
"""How far orders of service go back, in a year, to that of other lists (of the logarithms of their weights)."""
STEPS, STEP, LONGEST_STEP = 8, 1e-3, 1.5


@dataclass(frozen=True)
class Order:
    """A fitted order of service. weights: (14,), by weeks waited, the largest 1. turnover: who leave for each test."""

    weights: np.ndarray
    turnover: float

    def drawn_to(self, lists: Sequence[Order]) -> Order:
        """The same with its weights `FROM_OTHERS` of the way to the geometric mean of those of some lists."""
        own, *all_lists = (centred(np.log(order.weights)) for order in (self, *lists))
        logs = (1 - FROM_OTHERS) * own + FROM_OTHERS * np.mean(all_lists, axis=0)
        return order_of(np.append(logs, np.log(self.turnover)))


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


def fit_order(history: History, turnover: float | None = None) -> Order:
    """The order of service and turnover that predict each month best from the one before.

    turnover: where it is not to be fitted. Levenberg and Marquardt's method on squared errors in log shares of
    the list.
    """
    unknowns = BAND_COUNT + 1
    counts = importance(len(history.recorded))
    moves = STEP * np.vstack([np.zeros(unknowns), np.eye(unknowns)])
    tried = best = np.append(np.zeros(BAND_COUNT), np.log(turnover or 1.0))
    least, damping = np.inf, 1e-3
    for _ in range(STEPS):
        errors = errors_of(history, tried + moves)
        off, slopes = weighed(counts, errors[0], (errors[1:] - errors[0]) / STEP)
        if turnover is not None:
            slopes[-1] = 0
        cost = float((off**2).sum())
        damping = damping / 5 if cost < least else damping * 10
        if cost < least:
            best, least, at_best = tried, cost, (off, slopes)
        tried = stepped(best, *at_best, damping)
    return order_of(best)


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
    """(tries, errors): log shares of the list by month and week, then the prices. logs: (tries, 15)."""
    starts = np.vstack([history.ends[:-1], history.ends[-1:]])
    ends = np.vstack([history.ends[1:], history.ends[-1:]])
    sizes = np.stack([starts.sum(-1), ends.sum(-1)], axis=-1)
    recorded = np.append(history.recorded, history.usual)[:, None]
    days = np.append(history.days, USUAL_DAYS)[:, None]
    joining, leaving = flows(sizes, recorded, np.exp(logs[:, -1:]))
    predicted = month_ends(starts, joining, leaving, days, np.exp(logs[:, None, :-1]))[..., 0, :]
    missed = (log_shares(predicted) - log_shares(ends)).reshape(len(logs), -1)
    steps = SMOOTHNESS * np.diff(logs[:, :-1], axis=-1)
    return np.hstack([missed, steps, ANCHOR * logs[:, :-1], TURNOVER_ANCHOR * logs[:, -1:]])


def order_of(logs: np.ndarray) -> Order:
    """logs: (15,), of the weights and of the turnover."""
    return Order(np.exp(logs[:-1] - logs[:-1].max()), float(np.exp(logs[-1])))


def centred(logs: np.ndarray) -> np.ndarray:
    """Log weights whose mean is 0: only their differences can be seen."""
    return logs - logs.mean()


def log_shares(people: np.ndarray) -> np.ndarray:
    """Logarithms of people by weeks waited as parts of the list, times the part of a week when all are alike."""
    size = np.maximum(people.sum(-1, keepdims=True), 1e-12)
    return np.log((people + FLOOR_PEOPLE) / size + FLOOR) / BAND_COUNT
