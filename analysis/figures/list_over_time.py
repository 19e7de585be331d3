"""The waiting list at month ends, with what chance does to it, and how many have waited long."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from analysis import month_ends
from analysis.figures.style import colour, label_ends, legend_below, marker, panels, size_of_panels
from analysis.loaded import Results
from analysis.statistics import interval_ends

CAPTION = (
    "Waiting list at month ends: mean of {n} replications with the 95 % interval of the mean (bars) and the "
    "fan of single replications, the middle half (dark band) and the middle 90 % (light band) of them; of the list, "
    "those waiting six weeks or more (dashed) and 13 weeks or more (dotted), where there are any."
)
LINES = {"list_size": "-", "over_6_weeks": "--", "over_13_weeks": ":"}
FAN = (5, 25, 75, 95)
"""Percent of single replications that lie below the edges of the fan."""
SHARE = "over_6_weeks_percent"
"""In the table behind the figure, for the sentences; not drawn."""
NAMES = {
    "list_size": "",
    "over_6_weeks": "\N{GREATER-THAN OR EQUAL TO} 6 weeks",
    "over_13_weeks": "\N{GREATER-THAN OR EQUAL TO} 13 weeks",
}
INCHES_A_MONTH = 0.9
"""Room for the name of a month under the axis."""
FEWEST = 0.01
"""Part of the picture's height under which no line of those waiting long is drawn: it would lie on the axis."""


def data(results: Results) -> pd.DataFrame:
    """scenario, modality, month_end, measure, mean, lower, upper, p05, p25, p75, p95, n; referrals.

    An opening list stands at the month end before the start, with n = 0: it is given, not simulated.
    """
    found = month_ends.of_census(results.census)[[*LINES, SHARE]].droplevel("band", axis=1)
    by = found.groupby(month_ends.KEYS, sort=False)
    parts = {
        "mean": by.mean(), "sd": by.std(), "n": by.count(), "skew": by.skew()
    } | {f"p{percent:02d}": by.quantile(percent / 100) for percent in FAN}  # fmt: skip
    table = pd.concat({name: part.stack() for name, part in parts.items()}, axis=1).reset_index()
    table["lower"], table["upper"] = interval_ends(table)
    names = [
        *month_ends.KEYS,
        "measure",
        "mean",
        "lower",
        "upper",
        *(f"p{percent:02d}" for percent in FAN),
        "n",
    ]
    opening = pd.DataFrame(opening_rows(results), columns=names)
    return pd.concat([part for part in (opening, table[names]) if len(part)], ignore_index=True)


def opening_rows(results: Results) -> list[list]:
    """The opening lists as rows of the table."""
    rows = []
    for (arm, modality), bands in results.opening.items():
        sizes = {"list_size": sum(bands), "over_6_weeks": sum(bands[6:]), "over_13_weeks": bands[13]}
        if sum(bands):
            sizes[SHARE] = 100 * sum(bands[6:]) / sum(bands)
        when = month_ends.day_before(results.starts)
        rows += [[arm, modality, when, name, *[float(size)] * 7, 0] for name, size in sizes.items()]
    return rows


def size(results: Results) -> tuple[float, float]:
    """A panel a modality, three beside each other."""
    return size_of_panels(len(results.modalities), (8.0, 4.0), (3.5, 3.1))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: months along the bottom, referrals up the side, a panel a modality."""
    table = data(results)
    parts = panels(ax, len(results.modalities))
    for part, modality in zip(parts, results.modalities):
        draw_panel(table[table.modality == modality], results.arms, part)
        part.set_title(modality if len(parts) > 1 else "Waiting list at month ends")
    parts[0].set_ylabel("referrals waiting")
    legend_below(parts[0])
    return parts[0]


def draw_panel(table: pd.DataFrame, arms: list[str], ax: Axes) -> None:
    """One modality: the list with its fan, those waiting long as lines; none where nobody does."""
    listed = table[table.measure == "list_size"]
    ax.set_ylim(0, 1.05 * max(listed.p95.max(), min(listed.upper.max(), 1.3 * listed["mean"].max()), 1))
    ends = []
    for number, arm in enumerate(arms):
        for measure, dashes in LINES.items():
            part = table[(table.scenario == arm) & (table.measure == measure)].sort_values("month_end")
            if len(part) and (measure == "list_size" or part["mean"].max() >= FEWEST * ax.get_ylim()[1]):
                draw_line(part, number, dashes, ax)
                ends.append((part["mean"].iloc[-1], NAMES[measure], colour(number)))
    wide = ax.get_position().width * ax.figure.get_figwidth()
    months = AutoDateLocator(minticks=3, maxticks=max(4, int(wide / INCHES_A_MONTH)))
    ax.xaxis.set_major_locator(months)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(months))
    long = [(height, text, shade) for height, text, shade in ends if text]
    label_ends(ax, long)


def draw_line(part: pd.DataFrame, number: int, dashes: str, ax: Axes) -> None:
    """One line: of the list itself with its fan, its intervals and the arm's name."""
    when, shade = pd.to_datetime(part.month_end), colour(number)
    style = {"color": shade, "linestyle": dashes}
    if part.measure.iloc[0] != "list_size":
        ax.plot(when, part["mean"], **style)
        return
    ax.fill_between(when, part.p05, part.p95, color=shade, alpha=0.12, linewidth=0)
    ax.fill_between(when, part.p25, part.p75, color=shade, alpha=0.22, linewidth=0)
    bars = [part["mean"] - part.lower, part.upper - part["mean"]]
    ax.errorbar(when, part["mean"], yerr=bars, **style, elinewidth=0.9, capsize=2, marker=marker(number), markersize=4,
                errorevery=(number, 3), markevery=(number, 3), label=part.scenario.iloc[0])  # fmt: skip


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results)
    sizes = table[table.measure == "list_size"]
    parts = [
        f"{modality} under {arm} from {part['mean'].iloc[0]:.0f} to {part['mean'].iloc[-1]:.0f} referrals"
        for (arm, modality), part in sizes.sort_values("month_end").groupby(
            ["scenario", "modality"], sort=False
        )
    ]
    return "Mean list from the start to the last month end: " + "; ".join(parts) + "."
