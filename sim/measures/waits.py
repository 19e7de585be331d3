"""How long people wait: for the scan, on the list so far, for the report."""

from __future__ import annotations

import numpy as np

from sim.measures.cut import Cut
from sim.model.records import Table

QUANTILES = {"median": 0.5, "p92": 0.92, "p95": 0.95}


def measure(cut: Cut) -> dict[str, float]:
    """Waits of those scanned and of those still waiting, on both clocks; waits for the report."""
    found: dict[str, float] = {}
    for prefix, start, so_far in (
        ("", "clock_start", "on_clock"),
        ("lived_", "referred", "on_lived"),
    ):
        days = cut.scanned["scanned"] - cut.scanned[start]
        if len(days):
            found[f"{prefix}wait_days_mean"] = float(np.mean(days))
            at = np.quantile(days, list(QUANTILES.values()))
            found |= {f"{prefix}wait_days_{name}": float(q) for name, q in zip(QUANTILES, at)}
        waiting = cut.waiting[so_far]
        if len(waiting):
            found[f"{prefix}waiting_days_mean"] = float(np.mean(waiting))
    return found | reports(cut.scanned) | in_28_days(cut.requested)


def reports(scanned: Table) -> dict[str, float]:
    """Wait for the report, and from request to report, of those scanned and reported."""
    reported = np.isfinite(scanned["reported"])
    if not reported.any():
        return {}
    at = scanned["reported"][reported]
    return {
        "report_days_mean": float(np.mean(at - scanned["scanned"][reported])),
        "total_days_mean": float(np.mean(at - scanned["referred"][reported])),
    }


def in_28_days(requested: Table) -> dict[str, float]:
    """Share of requests with a report within 28 days; a report that never came counts as late."""
    if not len(requested["referred"]):
        return {}
    with np.errstate(invalid="ignore"):
        in_time = requested["reported"] - requested["referred"] <= 28
    return {"result_in_28_days_percent": 100 * float(np.mean(in_time))}
