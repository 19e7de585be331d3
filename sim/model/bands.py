"""The 14 bands of weeks waited in which NHS England counts waiting lists (DM01)."""

from __future__ import annotations

import math
from collections.abc import Sequence

BAND_COUNT = 14
"""Whole weeks waited: 0 to 12, and 13 or more."""
LAST_BAND = BAND_COUNT - 1
FITTED_BANDS = slice(9, 13)
FEWEST_FOR_A_FIT = 5
USUAL_TAIL_WEEKS = 4.0
LONGEST_TAIL_WEEKS = 52.0


def tail_weeks(bands: Sequence[float]) -> float:
    """Mean weeks beyond 13 of those who have waited 13 weeks or more.

    bands: 14 numbers of people by whole weeks waited. The tail is exponential, fitted to bands 9 to 12
    by maximum likelihood (by whole week such a tail is a geometric distribution, cut off after four weeks).
    Where those bands hold fewer than 5 people, or do not fall from one to the next on the whole, there
    is nothing to fit and 4 weeks are taken; never more than 52. Raises `ValueError` if not 14 bands.
    """
    if len(bands) != BAND_COUNT:
        raise ValueError(f"must be {BAND_COUNT} bands, got {len(bands)}")
    fitted = bands[FITTED_BANDS]
    people = sum(fitted)
    if people < FEWEST_FOR_A_FIT:
        return USUAL_TAIL_WEEKS
    mean = sum(week * count for week, count in enumerate(fitted)) / people
    if mean >= (len(fitted) - 1) / 2:
        return USUAL_TAIL_WEEKS
    return min(LONGEST_TAIL_WEEKS, -1 / math.log(_weekly_survival(mean, len(fitted))))


def _weekly_survival(mean: float, weeks: int) -> float:
    """The q of a geometric distribution q^k, cut off after so many weeks, that has this mean.

    Its likelihood is largest where the means agree, and the mean rises with q: halving finds it.
    """
    low, high = 1e-6, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        weights = [middle**week for week in range(weeks)]
        reached = sum(week * weight for week, weight in enumerate(weights)) / sum(weights)
        low, high = (middle, high) if reached < mean else (low, middle)
    return low
