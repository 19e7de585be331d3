"""How much of each hour of the week each scanner has a patient on the couch."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis import kept
from analysis.figures.style import GREY, nothing_to_show
from analysis.loaded import Results, once

CAPTION = (
    "Use of each scanner through the week: the share of each hour with a patient on the couch, over all weeks "
    "of the data-collection period and {kept} replications. White hours are hours without a scan."
)
HOURS = 7 * 24
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
lacking = kept.lacking


def counted(results: Results) -> dict[str, int]:
    """Replications behind it."""
    return {"kept": len(kept.numbers(results))}


@once
def data(results: Results) -> pd.DataFrame:
    """scenario, scanner, weekday, hour, percent (of the hour with a patient on the couch), n (replications)."""
    wanted = ["scanner", "scan_start", "scan_end"]
    rows = kept.read(results, "appointments", wanted, kept.numbers(results)).dropna()
    first, last = kept.window(results)
    rows = rows[(rows.scan_start >= first) & (rows.scan_end <= last)]
    offset = 24 * datetime.date.fromisoformat(results.starts).weekday()
    n = len(kept.numbers(results))
    weeks = n * (last - first) / 7
    parts = []
    for (arm, scanner), scans in rows.groupby(["scenario", "scanner"], sort=True):
        busy = hours_in_use(
            24 * scans.scan_start.to_numpy() + offset, 24 * scans.scan_end.to_numpy() + offset
        )
        parts.append(
            pd.DataFrame(
                {
                    "scenario": arm,
                    "scanner": scanner,
                    "weekday": np.repeat(WEEKDAYS, 24),
                    "hour": np.tile(range(24), 7),
                    "percent": 100 * busy / weeks,
                    "n": n,
                }
            )
        )
    head = ["scenario", "scanner", "weekday", "hour", "percent", "n"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=head)


def hours_in_use(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Hours in use in each hour of the week, from Monday's midnight; starts and ends in hours."""
    busy, hour = np.zeros(HOURS), np.floor(starts)
    while (left := ends > hour).any():
        here = np.minimum(ends, hour + 1) - np.maximum(starts, hour)
        np.add.at(busy, (hour[left] % HOURS).astype(int), here[left])
        hour = hour + 1
    return busy


def rows_shown(results: Results) -> list[tuple[str, str]]:
    """(arm, scanner), the arms in their order."""
    found = data(results)[["scenario", "scanner"]].drop_duplicates()
    return sorted(found.itertuples(index=False, name=None), key=lambda row: results.arms.index(row[0]))


def size(results: Results) -> tuple[float, float]:
    """A row a scanner."""
    return (10.0, max(2.2, 1.3 + 0.32 * len(rows_shown(results))))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: the week along the bottom, a row a scanner, darker where more in use."""
    import seaborn

    rows = rows_shown(results)
    if not rows:
        return nothing_to_show(ax, "nobody was scanned")
    by = data(results).groupby(["scenario", "scanner"], sort=False).percent
    shades = np.array([by.get_group(row).to_numpy() for row in rows])
    several = len(results.arms) > 1
    labels = [f"{scanner}\n{arm}" if several else scanner for arm, scanner in rows]
    seaborn.heatmap(
        shades, ax=ax, cmap="Blues", vmin=0, vmax=100, xticklabels=False, yticklabels=labels,
        cbar_kws={"fraction": 0.03, "pad": 0.01},
    )  # fmt: skip
    ax.tick_params(axis="y", labelsize=8, rotation=0)
    for day in range(1, 7):
        ax.axvline(24 * day, color=GREY, linewidth=0.6)
    for row in range(1, len(rows)):
        ax.axhline(row, color="white", linewidth=2)
    ax.set_xticks([24 * day + 12 for day in range(7)], WEEKDAYS)
    ax.set_xticks([24 * day + hour for day in range(7) for hour in (0, 6, 12, 18)], minor=True)
    ax.tick_params(axis="x", length=0)
    ax.set_xlabel("hour of the week (small ticks: midnight, 6, 12 and 18 o'clock)")
    ax.set_title("Use of the scanners through the week")
    ax.collections[0].colorbar.set_label("% of the hour in use", fontsize=8)
    return ax


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results)
    parts = []
    for arm, scanner in rows_shown(results):
        here = table[(table.scenario == arm) & (table.scanner == scanner)]
        most = here.loc[here.percent.idxmax()]
        total = here.percent.sum() / 100
        parts.append(
            f"{scanner} under {arm} {total:.0f} hours a week, most on {most.weekday} at {most.hour}:00 ({most.percent:.0f} %)"
        )
    return "Time with a patient on the couch: " + "; ".join(parts) + "."
