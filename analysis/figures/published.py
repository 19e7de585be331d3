"""Simulated month ends beside the published ones: the list, the share over six weeks, the bands."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter

from analysis import month_ends
from analysis.figures.dm01_bands import PUBLISHED, by_band, finish
from analysis.figures.style import GREY, colour, legend_below, marker, panels
from analysis.loaded import Results

CAPTION = (
    "Simulated month ends (mean of {n} replications with its 95 % interval) beside the published ones and "
    "beside the opening list as if nothing had changed: the list, the share of it over six weeks, and the "
    "14 bands at the last month that both have."
)
COLUMNS = {
    "list_size": "list, referrals",
    "over_6_weeks_percent": "over six weeks, %",
    "waiting_percent": "share of the list, %",
}


def lacking(results: Results) -> str:
    """Why it cannot be drawn: nothing published was laid beside this run."""
    if results.published is not None:
        return ""
    return "it needs published months: python -m analysis.published RESULTS DM01_FILE --provider CODE"


def data(results: Results) -> pd.DataFrame:
    """The rows of `published.csv` that are drawn: all months, and the bands of each modality's last."""
    table = results.published
    bands = (table.measure == "waiting_percent") & (table.month == last_months(table))
    return table[table.measure.isin(["list_size", "over_6_weeks_percent"]) | bands]


def last_months(table: pd.DataFrame) -> pd.Series:
    """For each row the last month of its modality."""
    return table.groupby("modality").month.transform("max")


def size(results: Results) -> tuple[float, float]:
    """A row of three panels a modality."""
    return (11.0, 2.7 * results.published.modality.nunique() + 0.8)


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: a row of panels a modality."""
    table = data(results)
    modalities = list(table.modality.unique())
    parts = panels(ax, 3 * len(modalities))
    for row, modality in enumerate(modalities):
        for column, (measure, label) in enumerate(COLUMNS.items()):
            part = parts[3 * row + column]
            here = table[(table.modality == modality) & (table.measure == measure)]
            if measure == "waiting_percent":
                draw_bands(here, results, part)
                finish(part, f"{modality}, {month_ends.month_name(here.month.max())}")
            else:
                draw_months(here, results, part)
                part.set_title(modality)
            part.set_ylabel(label)
    legend_below(parts[0])
    return parts[0]


def draw_months(table: pd.DataFrame, results: Results, ax: Axes) -> None:
    """One measure over the months."""
    one = table[table.scenario == table.scenario.iloc[0]]
    ax.plot(pd.to_datetime(one.month), one.opening, **nothing_changes())
    ax.plot(pd.to_datetime(one.month), one.published, **as_published())
    for number, arm in enumerate(results.arms):
        part = table[table.scenario == arm]
        if not len(part):
            continue
        when, style = pd.to_datetime(part.month), simulated(number)
        ax.fill_between(when, part.lower, part.upper, color=colour(number), alpha=0.25, linewidth=0)
        ax.plot(when, part["mean"], **style, label=arm)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(ax.xaxis.get_major_locator()))
    ax.set_ylim(0, 1.08 * max(table[["mean", "upper", "published", "opening"]].max(axis=None), 0.01))


def draw_bands(table: pd.DataFrame, results: Results, ax: Axes) -> None:
    """The bands of one month, as shares of the list."""
    one = by_band(table[table.scenario == table.scenario.iloc[0]])
    ax.plot(range(14), one.opening, **nothing_changes())
    ax.plot(range(14), one.published, **as_published())
    for number, arm in enumerate(results.arms):
        part = table[table.scenario == arm]
        if len(part):
            part = by_band(part)
            bars = [part["mean"] - part.lower, part.upper - part["mean"]]
            ax.errorbar(
                range(14), part["mean"], yerr=bars, **simulated(number), elinewidth=1, capsize=2, label=arm
            )


def simulated(number: int) -> dict:
    """How an arm is drawn."""
    return {"color": colour(number), "marker": marker(number), "markersize": 3.5, "linewidth": 1}


def as_published() -> dict:
    """How the published months are drawn."""
    return {
        "color": PUBLISHED,
        "marker": "x",
        "markeredgewidth": 1.6,
        "linewidth": 1,
        "label": "published",
        "zorder": 3,
    }


def nothing_changes() -> dict:
    """How the opening list is drawn."""
    return {"color": GREY, "linestyle": "--", "linewidth": 1, "label": "nothing changes"}


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results)
    last = table[(table.measure == "over_6_weeks_percent") & (table.month == last_months(table))]
    parts = [
        f"{row.modality} under {row.scenario} in {month_ends.month_name(row.month)} simulated {row.mean:.1f} %, "
        f"published {row.published:.1f} %"
        for row in last.itertuples()
    ]
    return "Share over six weeks: " + "; ".join(parts) + "."
