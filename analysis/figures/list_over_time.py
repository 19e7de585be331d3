"""The waiting list at month ends, with what chance does to it."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter

from analysis.figures.style import colour, marker
from analysis.loaded import Results
from analysis.statistics import half_width

SIZE = (8.0, 4.0)
CAPTION = (
    "Waiting list at month ends: mean of {n} replications with the 95 % interval of the mean (dark "
    "band) and the middle 90 % of single replications (light band)."
)


def data(results: Results) -> pd.DataFrame:
    """scenario, month_end, mean, lower, upper, p05, p95, n; referrals."""
    sizes = results.census.groupby(["scenario", "replication", "Period"], sort=False)["Total WL"].sum()
    by = sizes.groupby(["scenario", "Period"], sort=False)
    table = by.agg(["mean", "std", "count"])
    half = half_width(table["std"], table["count"])
    table = pd.DataFrame(
        {
            "mean": table["mean"],
            "lower": table["mean"] - half,
            "upper": table["mean"] + half,
            "p05": by.quantile(0.05),
            "p95": by.quantile(0.95),
            "n": table["count"],
        }
    )
    return table.rename_axis(index={"Period": "month_end"}).reset_index()


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: months along the bottom, referrals up the side."""
    table = data(results)
    for number, arm in enumerate(results.arms):
        part = table[table.scenario == arm]
        when = pd.to_datetime(part.month_end)
        ax.fill_between(when, part.p05, part.p95, color=colour(number), alpha=0.12, linewidth=0)
        ax.fill_between(when, part.lower, part.upper, color=colour(number), alpha=0.35, linewidth=0)
        ax.plot(when, part["mean"], color=colour(number), marker=marker(number), markersize=4, markevery=3, label=arm)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(ax.xaxis.get_major_locator()))
    ax.set_ylim(bottom=0)
    ax.set_ylabel("referrals waiting")
    ax.set_title("Waiting list at month ends")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=max(2, len(results.arms)))
    return ax


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    parts = [
        f"{arm} from {part['mean'].iloc[0]:.0f} to {part['mean'].iloc[-1]:.0f} referrals"
        for arm, part in data(results).groupby("scenario", sort=False)
    ]
    return "Mean list from the first to the last month end: " + "; ".join(parts) + "."
