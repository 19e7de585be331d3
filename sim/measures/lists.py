"""How long the list is at month ends, and the census in the bands of DM01."""

from __future__ import annotations

import datetime

import numpy as np

from sim.measures.cut import Cut, Window
from sim.model.demand import EMERGENCY, MODALITIES, ON_REQUEST, PLANNED
from sim.results.columns import DM01_BANDS


def measure(cut: Cut) -> dict[str, float]:
    """List size and long waiters, averaged over month ends; weeks to clear the last list."""
    if not cut.of_everybody:
        return {}
    month = cut.waiting["month"]
    sizes = np.bincount(month, minlength=cut.months)
    found = {}
    if len(cut.scanned["scanned"]) or len(month):
        found["list_size"] = float(np.mean(sizes))
    for weeks in (6, 13):
        long = np.bincount(month[cut.waiting["on_clock"] >= 7 * weeks], minlength=cut.months)
        if sizes.any():
            share = long[sizes > 0] / sizes[sizes > 0]
            found[f"over_{weeks}_weeks_percent"] = 100 * float(np.mean(share))
    scans_per_week = len(cut.scanned["scanned"]) / cut.weeks
    if scans_per_week:
        found["weeks_to_clear"] = float(sizes[-1] / scans_per_week)
    return found


def census(window: Window) -> list[dict]:
    """One row a month end and modality, in the columns NHS England publishes."""
    rows, waiting = [], window.on_request[1]
    begins = [month for month in window.days.months if month >= window.days.window[0]]
    scanned, modality, priority = (window.rows[name] for name in ("scanned", "modality", "priority"))
    modalities = np.unique(modality).tolist()
    for number, (first, end) in enumerate(zip(begins, window.ends)):
        for code in modalities:
            here = (waiting["month"] == number) & (waiting["modality"] == code)
            weeks = np.minimum(waiting["on_clock"][here] // 7, 13).astype(int)
            bands = np.bincount(weeks, minlength=len(DM01_BANDS))
            done = priority[(scanned >= first) & (scanned < end) & (modality == code)]
            last_day = window.days.start + datetime.timedelta(days=end - 1)
            rows.append(
                {
                    "Period": last_day.isoformat(),
                    "Provider Org Name": "all",
                    "Diagnostic Tests": MODALITIES[code],
                    **dict(zip(DM01_BANDS, bands.tolist())),
                    "Total WL": len(weeks),
                    "Waiting List Activity": int(np.sum(done < ON_REQUEST)),
                    "Planned Activity": int(np.sum(done == PLANNED)),
                    "Unscheduled Activity": int(np.sum(done == EMERGENCY)),
                }
            )
    return rows
