"""Half-widths of the intervals that stand in a results folder."""

from __future__ import annotations

CONFIDENCE = 0.95


def half_width(sd, n, tails: float = 1 - CONFIDENCE):
    """Half of a Student-t interval for a mean; `tails` is the probability left outside.

    sd: standard deviation of the values; n: how many. NaN where n is under 2.
    """
    import numpy as np

    n = np.asarray(n, dtype=float)
    if (n < 2).all():
        return np.full(np.broadcast_shapes(np.shape(sd), n.shape, np.shape(tails)), np.nan)[()]
    from scipy.special import stdtrit  # takes half a second to load

    with np.errstate(invalid="ignore", divide="ignore"):
        quantile = np.where(n > 1, stdtrit(np.maximum(n - 1, 1), 1 - tails / 2), np.nan)
        return quantile * np.asarray(sd) / np.sqrt(n)
