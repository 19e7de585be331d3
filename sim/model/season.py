"""How demand changes over the years and within each: growth and season."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import AfterValidator

from sim.model.quantity import MonthlyFactor, fault

if TYPE_CHECKING:
    from sim.model.calendar import Days

MonthName = Literal[
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
MONTHS = tuple(datetime.date(2000, month, 1).strftime("%B").lower() for month in range(1, 13))
DAYS_A_YEAR = 365.25
LEAST_MEAN, MOST_MEAN = 0.9, 1.1


def _leave_the_year_as_it_is(season: dict[str, float]) -> dict[str, float]:
    mean = sum(season.get(name, 1.0) for name in MONTHS) / len(MONTHS)
    if not LEAST_MEAN <= mean <= MOST_MEAN:
        raise fault(
            f"the twelve factors must have a mean of 90 % to 110 %, have {100 * mean:.3g} %"
            " (a month left out is 100 %); a year that is busier as a whole belongs in the yearly number"
        )
    return season


Season = Annotated[dict[MonthName, MonthlyFactor], AfterValidator(_leave_the_year_as_it_is)]
"""Factors by month; a month left out is 100 %."""


def seasonal(weight: np.ndarray, season: dict[str, float], days: Days, mean: float) -> np.ndarray:
    """Day weights whose mean over each month's calendar days is `mean` times the month's factor.

    weight: one number a day; within a month its pattern stays. The factors are those of published
    activity a calendar day, which holds the month's weekends and bank holidays: they must not count
    twice. Without a season the weights stay as they are.
    """
    if not season:
        return weight
    made = weight.copy()
    for number, (first, last) in enumerate(pairwise(days.months)):
        factor = season.get(MONTHS[(days.start.month - 1 + number) % 12], 1.0)
        made[first:last] *= factor * mean / weight[first:last].mean()
    return made


def growing(growth: float, days: int) -> np.ndarray:
    """Factor of each day: compound from 1 on day 0, so that a year later it is 1 + `growth`."""
    return (1 + growth) ** (np.arange(days) / DAYS_A_YEAR)
