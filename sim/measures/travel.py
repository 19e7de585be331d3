"""How far people travel, and on how many days a week they could have been scanned there."""

from __future__ import annotations

import numpy as np

from sim.measures.cut import Cut, Window


def measure(cut: Cut) -> dict[str, float]:
    """One-way journeys of those scanned."""
    minutes = cut.scanned["travel_minutes"]
    if not len(minutes):
        return {}
    return {
        "travel_minutes_mean": float(np.mean(minutes)),
        "travel_over_60_minutes_percent": 100 * float(np.mean(minutes > 60)),
    }


def service_days(window: Window) -> np.ndarray:
    """Days a week on which each site was open, one number a site."""
    sites = len(window.tables.labels["site"])
    held = np.unique(np.stack([window.sessions["site"], window.sessions["day"]]), axis=1)
    weeks = (window.days.window[1] - window.days.window[0]) / 7
    return np.bincount(held[0], minlength=sites) / weeks
