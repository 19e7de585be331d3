"""How long people of each place wait under each provision model."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import colour, marker, nothing_by_place
from analysis.loaded import Results

SIZE = (8.0, 4.6)
CAPTION = (
    "Wait from request to scan by place and provision model: mean with its 95 % interval (marker and "
    "bar), median (tick) and 92nd percentile (open marker). Means over {n} replications."
)
MEASURES = ("wait_days_mean", "wait_days_median", "wait_days_p92")


def data(results: Results) -> pd.DataFrame:
    """scenario, place, measure, mean, lower, upper, n."""
    table = results.summary[results.summary.measure.isin(MEASURES)]
    table = table[table.group.isin([f"place={place}" for place in results.places])]
    table = table.assign(place=table.group.str.removeprefix("place="))
    return table[["scenario", "place", "measure", "mean", "lower", "upper", "n"]]


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: places down the side, days along the bottom."""
    table = data(results)
    if table.empty:
        return nothing_by_place(ax)
    step = 0.8 / len(results.arms)
    for number, arm in enumerate(results.arms):
        part = table[table.scenario == arm].pivot(index="place", columns="measure").reindex(results.places)
        at = [row + (number - (len(results.arms) - 1) / 2) * step for row in range(len(part))]
        mean = part["mean"]
        style = {"color": colour(number), "marker": marker(number), "linestyle": "none"}
        ax.hlines(at, mean["wait_days_median"], mean["wait_days_p92"], colors="#bbbbbb", linewidths=1.5, zorder=0)
        bars = [mean["wait_days_mean"] - part["lower"]["wait_days_mean"], part["upper"]["wait_days_mean"] - mean["wait_days_mean"]]
        ax.errorbar(mean["wait_days_mean"], at, xerr=bars, capsize=3, label=arm, **style)
        ax.plot(mean["wait_days_median"], at, color=colour(number), marker="|", markersize=9, linestyle="none")
        ax.plot(mean["wait_days_p92"], at, **style, markerfacecolor="white")
    ax.set_yticks(range(len(results.places)), results.places)
    ax.invert_yaxis()
    ax.set_xlim(left=0)
    ax.set_xlabel("days from request to scan")
    ax.set_title("Waits by place: median, mean, 92nd percentile")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=max(2, len(results.arms)))
    return ax


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results)
    means = table[table.measure == "wait_days_mean"]
    parts = [
        f"under {arm} from {part['mean'].min():.1f} to {part['mean'].max():.1f} days"
        for arm, part in means.groupby("scenario", sort=False)
    ]
    return "Mean waits of the places lie " + "; ".join(parts) + "."
