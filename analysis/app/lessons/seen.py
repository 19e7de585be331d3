"""The replications of a lesson's arms that are finished, as numbers with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from analysis.verdicts import Difference, difference_of

LIST = "Total WL"


class Finished(Protocol):
    """One finished replication: {(measure, group): value}, and its month ends."""

    @property
    def measured(self) -> dict[tuple[str, str], float]:
        """{(measure, group): value}."""

    @property
    def census(self) -> list[dict[str, Any]]:
        """Month ends, as `census.parquet` has them."""


@dataclass(frozen=True)
class Quantity:
    """One number of an arm: a measure and group, or with `month` the list at that month's end (-1: the last)."""

    label: str
    arm: str
    unit: str
    measure: str = "wait_days_mean"
    group: str = "all"
    month: int | None = None


class Seen:
    """Replications by arm, in pairs: the n-th of every arm met the same patients."""

    def __init__(self, finished: dict[str, Sequence[Finished]]) -> None:
        self.finished = finished
        self.n = min(map(len, finished.values()))

    def values(self, one: Quantity) -> np.ndarray:
        """One number a replication; NaN where there is none."""
        runs = self.finished[one.arm][: self.n]
        if one.month is not None:
            return self.lists(one.arm)[:, one.month]
        return np.array([run.measured.get((one.measure, one.group), np.nan) for run in runs])

    def mean(self, one: Quantity) -> Difference:
        """Its mean with a 95 % interval."""
        return difference_of(self.values(one))

    def apart(self, one: Quantity, other: Quantity) -> Difference:
        """One less the other in pairs of replications."""
        return difference_of(self.values(one) - self.values(other))

    def ratio(self, one: Quantity, other: Quantity) -> Difference:
        """The mean of one over the mean of the other, its interval by the delta method in pairs."""
        above, below = self.values(one), self.values(other)
        ratio = float(np.nanmean(above) / np.nanmean(below))
        found = difference_of((above - ratio * below) / np.nanmean(below))
        return found._replace(mean=ratio, lower=ratio + found.lower, upper=ratio + found.upper)

    def lists(self, arm: str) -> np.ndarray:
        """The list at month ends: a row a replication, a column a month."""
        runs = self.finished[arm][: self.n]
        return np.array([[row[LIST] for row in run.census] for run in runs], dtype=float)
