"""The waiting list at month ends, with what chance does to it, and how many have waited long."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter
from matplotlib.lines import Line2D

from analysis import month_ends
from analysis.figures.style import GREY, colour, legend_below, marker, panels, size_of_panels
from analysis.loaded import Results
from analysis.statistics import interval_ends

CAPTION = (
    "Waiting list at month ends: mean of {n} replications with the 95 % interval of the mean (dark "
    "band) and the middle 90 % of single replications (light band); of them waiting six weeks or more "
    "(dashed) and 13 weeks or more (dotted)."
)
LINES = {"list_size": "-", "over_6_weeks": "--", "over_13_weeks": ":"}
LONG = {"over_6_weeks": "six weeks or more", "over_13_weeks": "13 weeks or more"}


def data(results: Results) -> pd.DataFrame:
    """scenario, modality, month_end, measure, mean, lower, upper, p05, p95, n; referrals.

    An opening list stands at the month end before the start, with n = 0: it is given, not simulated.
    """
    found = month_ends.of_census(results.census)[list(LINES)].droplevel("band", axis=1)
    by = found.groupby(month_ends.KEYS, sort=False)
    parts = {
        "mean": by.mean(), "sd": by.std(), "p05": by.quantile(0.05), "p95": by.quantile(0.95), "n": by.count(), "skew": by.skew()
    }  # fmt: skip
    table = pd.concat({name: part.stack() for name, part in parts.items()}, axis=1).reset_index()
    table["lower"], table["upper"] = interval_ends(table)
    names = [*month_ends.KEYS, "measure", "mean", "lower", "upper", "p05", "p95", "n"]
    opening = pd.DataFrame(opening_rows(results), columns=names)
    return pd.concat([part for part in (opening, table[names]) if len(part)], ignore_index=True)


def opening_rows(results: Results) -> list[list]:
    """The opening lists as rows of the table."""
    rows = []
    for (arm, modality), bands in results.opening.items():
        sizes = {"list_size": sum(bands), "over_6_weeks": sum(bands[6:]), "over_13_weeks": bands[13]}
        when = month_ends.day_before(results.starts)
        rows += [[arm, modality, when, name, *[float(size)] * 5, 0] for name, size in sizes.items()]
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
    long = table[table["mean"] > 0].measure.unique()
    legend_below(
        parts[0],
        **{LONG[name]: Line2D([], [], color=GREY, linestyle=LINES[name]) for name in LONG if name in long},
    )
    return parts[0]


def draw_panel(table: pd.DataFrame, arms: list[str], ax: Axes) -> None:
    """One modality: the list with its bands, those waiting long as lines; none where nobody does."""
    for number, arm in enumerate(arms):
        for measure, dashes in LINES.items():
            part = table[(table.scenario == arm) & (table.measure == measure)].sort_values("month_end")
            if measure != "list_size" and part["mean"].max() == 0:
                continue
            when = pd.to_datetime(part.month_end)
            style = {"color": colour(number), "linestyle": dashes}
            ax.fill_between(when, part.lower, part.upper, color=colour(number), alpha=0.35, linewidth=0)
            if measure == "list_size":
                ax.fill_between(when, part.p05, part.p95, color=colour(number), alpha=0.12, linewidth=0)
                style |= {"marker": marker(number), "markersize": 4, "markevery": 3, "label": arm}
            ax.plot(when, part["mean"], **style)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(ax.xaxis.get_major_locator()))
    ax.set_ylim(0, 1.05 * max(min(table.upper.max(), 1.5 * table.p95.max()), 1))  # few replications: wide


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
