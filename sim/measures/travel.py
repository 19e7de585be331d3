"""How far people travel, and on how many days a week they could have been scanned there."""

from __future__ import annotations

import numpy as np

from sim.measures.averages import mean
from sim.measures.cut import Cut
from sim.model.calendar import Days
from sim.model.tables import Tables


def measure(cut: Cut) -> dict[str, float]:
    """One-way journeys of those scanned."""
    minutes = cut.scanned["travel_minutes"]
    if not len(minutes):
        return {}
    return {
        "travel_minutes_mean": float(np.mean(minutes)),
        "travel_over_60_minutes_percent": 100 * mean(minutes > 60),
    }


def service_days(tables: Tables, days: Days) -> np.ndarray:
    """Days a week on which each site was open, one number a site."""
    held, (first, last) = tables.sessions, days.window
    here = (held["day"] >= first) & (held["day"] < last)
    open_days = np.unique(np.stack([held["site"][here], held["day"][here]]), axis=1)
    sites = len(tables.labels["site"])
    return np.bincount(open_days[0], minlength=sites) / ((last - first) / 7)
