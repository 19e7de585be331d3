"""Means and quantiles of small groups.

They are NumPy's, to the last bit. NumPy spends most of its time on a small group looking at what it was
given, and a run has hundreds of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np


def mean(values: np.ndarray) -> float:
    """What `np.mean` gives of a column of 64-bit numbers or of yes and no."""
    return float(np.add.reduce(values, dtype=float) / len(values))


def quantiles(values: np.ndarray, parts: Iterable[float]) -> list[float]:
    """What `np.quantile` gives, for each of some parts from 0 to 1."""
    last = len(values) - 1
    below = [(math.floor(last * part), last * part) for part in parts]
    ordered = np.partition(values, sorted({near for n, _ in below for near in (n, min(n + 1, last))}))
    found = []
    for n, at in below:
        low, high, beyond = float(ordered[n]), float(ordered[min(n + 1, last)]), at - n
        between = high - low
        found.append(low + between * beyond if beyond < 0.5 else high - between * (1 - beyond))
    return found
