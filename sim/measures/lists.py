"""How long the list is at month ends, and the census in the bands of DM01."""

from __future__ import annotations

import datetime

import numpy as np

from sim.measures.averages import mean
from sim.measures.cut import Cut, Window
from sim.model.demand import EMERGENCY, MODALITIES, ON_REQUEST, PLANNED, PRIORITIES
from sim.results.columns import DM01_BANDS


def measure(cut: Cut) -> dict[str, float]:
    """List size and long waiters, averaged over month ends; weeks to clear the last list."""
    if not cut.of_everybody:
        return {}
    month = cut.waiting["month"]
    sizes = np.bincount(month, minlength=cut.months)
    found = {}
    if len(cut.scanned) or len(month):
        found["list_size"] = mean(sizes)
    for weeks in (6, 13):
        long = np.bincount(month[cut.waiting["on_clock"] >= 7 * weeks], minlength=cut.months)
        if sizes.any():
            share = long[sizes > 0] / sizes[sizes > 0]
            found[f"over_{weeks}_weeks_percent"] = 100 * mean(share)
    scans_per_week = len(cut.scanned) / cut.weeks
    if scans_per_week:
        found["weeks_to_clear"] = float(sizes[-1] / scans_per_week)
    return found


def census(window: Window) -> list[dict]:
    """One row a month end and modality, in the columns NHS England publishes."""
    rows, waiting = [], window.on_request[0]
    modalities = window.modalities if window.modality is None else [window.modality]
    weeks = np.minimum(waiting["on_clock"] // 7, 13).astype(int)
    shape = len(window.ends), len(MODALITIES), len(DM01_BANDS)
    bands = counted(shape, waiting["month"], waiting["modality"], weeks)
    done = window.done
    month = np.searchsorted(window.ends, done["scanned"], side="right")
    scans = counted((*shape[:2], len(PRIORITIES)), month, done["modality"], done["priority"])
    for number, end in enumerate(window.ends):
        for code in modalities:
            last_day = window.days.start + datetime.timedelta(days=end - 1)
            rows.append(
                {
                    "Period": last_day.isoformat(),
                    "Provider Org Name": "all",
                    "Diagnostic Tests": MODALITIES[code],
                    **dict(zip(DM01_BANDS, bands[number, code].tolist())),
                    "Total WL": int(bands[number, code].sum()),
                    "Waiting List Activity": int(scans[number, code, :ON_REQUEST].sum()),
                    "Planned Activity": int(scans[number, code, PLANNED]),
                    "Unscheduled Activity": int(scans[number, code, EMERGENCY]),
                }
            )
    return rows


def counted(shape: tuple[int, ...], *codes: np.ndarray) -> np.ndarray:
    """How many rows there are of each combination of codes, an array of that shape."""
    return np.bincount(np.ravel_multi_index(codes, shape), minlength=np.prod(shape)).reshape(shape)
