"""How long people wait: for the scan, on the list so far, for the report."""

from __future__ import annotations

import numpy as np

from sim.measures.averages import mean, quantiles
from sim.measures.cut import Cut, Rows

QUANTILES = {"median": 0.5, "p92": 0.92, "p95": 0.95}


def measure(cut: Cut) -> dict[str, float]:
    """Waits of those scanned and of those still waiting, on both clocks; waits for the report."""
    found = on_one_clock(cut, "", "clock_start", "on_clock")
    if np.array_equal(cut.scanned["clock_start"], cut.scanned["referred"]) and np.array_equal(
        cut.waiting["on_clock"], cut.waiting["on_lived"]
    ):
        found |= {f"lived_{name}": value for name, value in found.items()}
    else:
        found |= on_one_clock(cut, "lived_", "referred", "on_lived")
    return (
        found
        | reports(cut.scanned)
        | over_limit(cut)
        | in_28_days(cut.requested)
        | unscheduled(cut.unscheduled)
    )


def on_one_clock(cut: Cut, prefix: str, start: str, so_far: str) -> dict[str, float]:
    """Waits of those scanned from the column `start`, and of those waiting by the column `so_far`."""
    found: dict[str, float] = {}
    days = cut.scanned["scanned"] - cut.scanned[start]
    if len(days):
        found[f"{prefix}wait_days_mean"] = mean(days)
        at = quantiles(days, QUANTILES.values())
        found |= {f"{prefix}wait_days_{name}": q for name, q in zip(QUANTILES, at)}
    if len(cut.waiting[so_far]):
        found[f"{prefix}waiting_days_mean"] = mean(cut.waiting[so_far])
    return found


def reports(scanned: Rows) -> dict[str, float]:
    """Wait for the report, and from request to report, of those scanned and reported."""
    reported = np.isfinite(scanned["reported"])
    if not reported.any():
        return {}
    at = scanned["reported"][reported]
    return {
        "report_days_mean": mean(at - scanned["scanned"][reported]),
        "total_days_mean": mean(at - scanned["referred"][reported]),
    }


def over_limit(cut: Cut) -> dict[str, float]:
    """Share of reports that were late or never came, of those due by the end; none without a limit."""
    if "report_due" not in cut.scanned:
        return {}
    due, reported = cut.scanned["report_due"], cut.scanned["reported"]
    known = due <= cut.days.window[1]
    if not known.any():
        return {}
    in_time = reported[known] <= due[known] + 1e-9
    return {"reports_over_limit_percent": 100 * mean(~in_time)}


def in_28_days(requested: Rows) -> dict[str, float]:
    """Share of requests with a report within 28 days; a report that never came counts as late.

    Time before the request, where the scenario gives any, counts in.
    """
    if not len(requested):
        return {}
    with np.errstate(invalid="ignore"):
        total = requested["before_request_days"] + (requested["reported"] - requested["referred"])
        in_time = total <= 28
    return {"result_in_28_days_percent": 100 * mean(in_time)}


def unscheduled(scanned: Rows) -> dict[str, float]:
    """How long patients of the emergency department and of the wards wait for the couch."""
    if not len(scanned):
        return {}
    hours = 24 * (scanned["scan_start"] - scanned["referred"])
    return {"unscheduled_wait_hours_mean": mean(hours)}
