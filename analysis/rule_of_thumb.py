"""The NHS rule of thumb for capacity, from closed forms.

Fong and others (2022), medRxiv 10.1101/2022.08.23.22279117. It assumes waits spread like an exponential,
first come first served, and a capacity that is never lost. Everything is in patients and weeks.

Their example: 1,200 waiting, 30 a week asked for, a target of 52 weeks that 1 in 55 may wait longer than
(factor 4), to be reached in 26 weeks.

>>> target_queue(30, 52 / 4)
390.0
>>> round(relief_capacity(1200, 30, 390, 26), 4)
61.1538
>>> round(target_capacity(30, 52 / 4), 4)
30.0769
"""

from __future__ import annotations

import math


def factor(over_percent: float) -> float:
    """How many mean waits the target wait is, when so many percent may wait longer.

    >>> round(factor(100 * math.exp(-4)), 12)
    4.0
    """
    return math.log(100 / over_percent)


def target_queue(demand: float, mean_wait: float) -> float:
    """The list at which those asking each week wait so many weeks on average (Little)."""
    return demand * mean_wait


def relief_capacity(queue: float, demand: float, target: float, weeks: float) -> float:
    """Scans a week that bring a list to its target in so many weeks."""
    return demand + (queue - target) / weeks


def target_capacity(demand: float, mean_wait: float) -> float:
    """Scans a week that keep a list at its target: one patient a mean wait more than are asked for."""
    return demand + 1 / mean_wait
