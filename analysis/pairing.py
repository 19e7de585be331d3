"""How much it helps that two models meet the same patients, and why it does not help more."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

AIM = 2.0
"""The variance ratio that pairing is meant to reach for the headline."""
ROUGH = 10
"""With fewer replications a variance ratio is only rough."""


class Pairing(NamedTuple):
    """What the same patients do for one difference.

    ratio: variance of the difference between independent runs, over its variance in pairs. most: what the
    ratio would be if the two moved together perfectly, with the spread that each has. correlation: how far
    they do. times: larger variance of the two over the smaller. varies_more: place (0 or 1) of the one
    that varies more. downtime: part of the variance of the difference that goes with the difference in
    downtime; NaN where there is none.
    """

    ratio: float
    most: float
    correlation: float
    times: float
    varies_more: int
    downtime: float
    n: int


def pairing(ours: pd.Series, theirs: pd.Series, downtime: pd.Series | None = None) -> Pairing | None:
    """The pairing of two models' values by replication; None where their difference does not vary.

    downtime: difference of the downtime of the two, by replication.
    """
    both = pd.concat([ours, theirs], axis=1).dropna()
    if len(both) < 2:
        return None
    one, other = both.to_numpy().T
    apart, spread = one - other, np.array([one.std(ddof=1), other.std(ddof=1)])
    if apart.std() <= 1e-9 * spread.max():
        return None
    gap, least = abs(spread[0] - spread[1]), spread.min()
    return Pairing(
        ratio=float((spread**2).sum() / apart.var(ddof=1)),
        most=float((spread**2).sum() / gap**2) if gap > 0 else np.inf,
        correlation=correlation(one, other),
        times=float((spread.max() / least) ** 2) if least > 0 else np.inf,
        varies_more=int(spread[1] > spread[0]),
        downtime=np.nan if downtime is None else correlation(apart, downtime.reindex(both.index)) ** 2,
        n=len(both),
    )


def correlation(one, other) -> float:
    """Pearson's; NaN where either does not vary or has gaps."""
    if np.std(one) == 0 or np.std(other) == 0:
        return np.nan
    return float(np.corrcoef(one, other)[0, 1])
