"""Sentences that follow the numbers: no effect has a sign before it was simulated."""

from __future__ import annotations

import math

from analysis.verdicts import Difference
from analysis.words import number

EVEN = "no different, as far as these runs can tell"
ONE_RUN = "not known yet, since one run cannot tell"


def value(found: Difference, unit: str) -> str:
    """`2.1 days (95 % interval 1.9 to 2.3)`."""
    if not math.isfinite(found.mean):
        return "no number"
    if not math.isfinite(found.lower):
        return f"{number(found.mean)} {unit} (one run, no interval)"
    return f"{number(found.mean)} {unit} (95 % interval {number(found.lower)} to {number(found.upper)})"


def which_way(apart: Difference, more: str, less: str, even: str = EVEN) -> str:
    """The word for a difference whose whole interval lies above or below nothing, or that for neither."""
    if not math.isfinite(apart.lower):
        return ONE_RUN
    if apart.lower > 0:
        return more
    return less if apart.upper < 0 else even


def by_how_much(apart: Difference, unit: str) -> str:
    """`, by 1.2 days (0.9 to 1.5)` where the difference is settled, whichever its sign; otherwise nothing."""
    if not (apart.lower > 0 or apart.upper < 0):
        return ""
    low, high = sorted((abs(apart.lower), abs(apart.upper)))
    return f", by {number(abs(apart.mean))} {unit} ({number(low)} to {number(high)})"
