"""How long a list takes to settle: MSER-5 and Welch's method, and whether a warm-up was too short."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.statistics import grows, half_width

BATCH = 5
"""MSER-5: the series is averaged in fives first."""
WITHIN = 0.05
"""Welch: settled is where the smooth mean stays this near to where it ends; a list off by less is none."""
SURE = 0.99
"""Confidence with which the first months must differ: they were chosen for looking different."""


class TooShort(NamedTuple):
    """A warm-up that was too short: how many months more it should last, and what the list was by then.

    first: mean list in those months; later: what it is compared with.
    """

    months: int
    first: float
    later: float


def mser(series: np.ndarray, batch: int = BATCH) -> int | None:
    """How many values to drop at the start by MSER (White 1997): those that leave the mean most exact.

    Of the first half of the batches drops those without which the variance of the rest, over their number,
    is least. None where that is the whole half: the series has not settled; and under four batches.
    """
    count = len(series) // batch
    if count < 4:
        return None
    means = np.asarray(series, dtype=float)[: count * batch].reshape(count, batch).mean(axis=1)
    best = int(np.argmin([np.var(means[d:]) / (count - d) for d in range(count // 2 + 1)]))
    return best * batch if best < count // 2 else None


def smooth(series: np.ndarray, window: int) -> np.ndarray:
    """Welch's moving average over 2 `window` + 1 values; near the start over as many as lie around."""
    values = np.asarray(series, dtype=float)
    reach = [min(place, window) for place in range(len(values) - window)]
    return np.array([values[p - r : p + r + 1].mean() for p, r in enumerate(reach)])


def welch(runs: np.ndarray, window: int, within: float = WITHIN) -> int | None:
    """The first value from which Welch's smooth mean stays near where it ends; None where it does not settle.

    runs: a row a replication. Near: within this part of the mean of the second half.
    """
    line = smooth(runs.mean(axis=0), window)
    if len(line) < 4:
        return None
    end = line[len(line) // 2 :].mean()
    far = np.flatnonzero(np.abs(line - end) > within * abs(end))
    first = int(far[-1]) + 1 if len(far) else 0
    return first if first <= len(line) // 2 else None


def too_short(months: np.ndarray) -> TooShort | None:
    """What the list at month ends after the warm-up says about it; None where nothing is wrong with it.

    months: a row a replication, a column a month end. MSER on the mean over replications says how many
    months still belong to the start; their mean must differ from the same months a year later, where
    there are so many, or from the rest: by the 99 % interval of the paired difference and by 5 %. A list
    that goes on growing afterwards needs no longer warm-up: none would do.
    """
    if len(months) < 2 or months.shape[1] < 6:
        return None
    drop = mser(months.mean(axis=0), batch=1)
    if not drop or grows(months[:, drop:]):
        return None
    year_later = months[:, 12 : 12 + drop]
    settled = year_later if year_later.shape[1] == drop else months[:, drop:]
    first, later = months[:, :drop].mean(axis=1), settled.mean(axis=1)
    apart = first - later
    half = half_width(apart.std(ddof=1), len(apart), 1 - SURE)
    if abs(apart.mean()) <= max(half, WITHIN * later.mean()):
        return None
    return TooShort(drop, float(first.mean()), float(later.mean()))
