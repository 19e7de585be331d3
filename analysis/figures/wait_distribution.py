"""How waits are spread: who has waited how long, by place or modality and by provision model."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis import kept
from analysis.figures.style import (
    GREY,
    colour,
    dashes,
    legend_below,
    nothing_to_show,
    panels,
    size_of_panels,
)
from analysis.loaded import Results, once

CAPTION = (
    "Of those scanned, the share that had waited no longer than so many days: mean of {kept} replications "
    "({scanned:,} patients) and, as a band, the middle 90 % of single replications. The upright lines are "
    "six and thirteen weeks."
)
STEPS = 80
SHOWN = 0.995
"""The days go as far as this share of all who were scanned."""
lacking = kept.lacking


def counted(results: Results) -> dict[str, int]:
    """Replications and patients behind it."""
    table = data(results)
    last = table[table.days == table.days.max()]
    return {"kept": len(kept.numbers(results)), "scanned": int(last.patients.sum())}


def panel_column(results: Results) -> str:
    """What the panels are: places, or modalities where nothing is averaged over them."""
    return "modality" if results.has_several_modalities else "place"


def names(results: Results) -> list[str]:
    """The panels."""
    return results.modalities if results.has_several_modalities else results.places


@once
def data(results: Results) -> pd.DataFrame:
    """scenario, panel, days, mean, p05, p95 (percent), n (replications), patients."""
    by = panel_column(results)
    rows = kept.scanned_from_list(results, [by, "clock_start"])
    waited = (rows.scanned - rows.clock_start).rename("days")
    grid = np.linspace(0, np.ceil(waited.quantile(SHOWN)) if len(rows) else 1, STEPS)
    groups = waited.groupby([rows.scenario, rows[by], rows.replication], sort=False)
    shares = {key: 100 * np.searchsorted(np.sort(days), grid, "right") / len(days) for key, days in groups}
    many = groups.size().groupby(level=[0, 1], sort=False).sum().to_dict()
    parts = []
    for arm, panel in dict.fromkeys((arm, panel) for arm, panel, _ in shares):
        found = np.array([share for key, share in shares.items() if key[:2] == (arm, panel)])
        low, high = np.quantile(found, [0.05, 0.95], axis=0)
        columns = {"days": grid, "mean": found.mean(axis=0), "p05": low, "p95": high}
        counts = {"n": len(found), "patients": int(many[arm, panel])}
        parts.append(pd.DataFrame({"scenario": arm, "panel": panel, **columns, **counts}))
    head = ["scenario", "panel", "days", "mean", "p05", "p95", "n", "patients"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=head)


def size(results: Results) -> tuple[float, float]:
    """A panel a place or modality, three beside each other."""
    return size_of_panels(len(names(results)), (7.0, 4.0), (3.0, 2.3))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: days along the bottom, percent up the side, the same in every panel."""
    table = data(results)
    if table.empty:
        return nothing_to_show(ax)
    parts = panels(ax, len(names(results)))
    for part, name in zip(parts, names(results)):
        draw_panel(table[table.panel == name], results.arms, part)
        part.set_xlim(0, table.days.max())
        part.set_title(name)
    for part in parts[-3:]:
        part.set_xlabel("days waited")
    for part in parts[::3]:
        part.set_ylabel("% of those scanned")
    legend_below(parts[0])
    return parts[0]


def draw_panel(table: pd.DataFrame, arms: list[str], ax: Axes) -> None:
    """One panel: a line and a band an arm."""
    for number, arm in enumerate(arms):
        part = table[table.scenario == arm]
        ax.fill_between(part.days, part.p05, part.p95, color=colour(number), alpha=0.2, linewidth=0)
        ax.plot(part.days, part["mean"], color=colour(number), linestyle=dashes(number), label=arm)
    for days in (42, 91):
        if days < table.days.max():
            ax.axvline(days, color=GREY, linestyle=":", linewidth=1, zorder=0)
    ax.set_ylim(0, 102)


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results)
    half = table[table["mean"] >= 50].drop_duplicates(["scenario", "panel"])
    most = table[table["mean"] >= 90].drop_duplicates(["scenario", "panel"])
    both = half.merge(most, on=["scenario", "panel"], suffixes=("", "_most"))
    parts = [
        f"{row.panel} under {row.scenario} within {row.days:.0f} and {row.days_most:.0f} days"
        for row in both.itertuples()
    ]
    return "Half and nine in ten of those scanned had their scan: " + "; ".join(parts) + "."
