"""The difference between two models along one number, and where they swap places."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import GREY, colour, dashes, label_ends, marker, nothing_to_show
from analysis.loaded import Results, once
from analysis.tables import title_of
from analysis.words import in_words

FILE = "tipping.csv"
CAPTION = (
    "Difference between the models in the headline measure at each value that was run, in pairs on the same patients, "
    "with 95 % intervals over {n} replications, each on its own. The upright line is where they swap places, and its "
    "band the 95 % interval of that value; a hatched band is where it is not settled which is which."
)


def lacking(results: Results) -> str:
    """Why it cannot be drawn: the run did not ask for it."""
    return "" if (results.path / FILE).is_file() else f"it needs {FILE}: run with --tip path a..b"


@once
def data(results: Results) -> pd.DataFrame:
    """As `tipping.csv`."""
    return pd.read_csv(results.path / FILE)


def size(results: Results) -> tuple[float, float]:
    """One panel."""
    return (8.0, 4.4)


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: the number along the bottom, the difference up the side."""
    table = data(results)
    points = table[table.kind == "point"]
    if points.empty:
        return nothing_to_show(ax, "the models are the same at every value")
    ends = []
    for number, (arm, rows) in enumerate(points.groupby("scenario", sort=False), 1):
        rows = rows.sort_values("value")
        bars = [rows.difference - rows.lower, rows.upper - rows.difference]
        ax.errorbar(rows.value, rows.difference, yerr=bars, color=colour(number), marker=marker(number), capsize=3,
                    linestyle=dashes(number - 1))  # fmt: skip
        ends.append((rows.difference.iloc[-1], f"{arm}\nless {rows.baseline.iloc[0]}", colour(number)))
        draw_found(table[table.scenario == arm], colour(number), ax)
    ax.axhline(0, color=GREY, linewidth=0.8)
    first = points.iloc[0]
    unit = f" ({first.value_unit})" if isinstance(first.value_unit, str) else ""
    ax.set_xlabel(f"{first.path}{unit}")
    measure = title_of(results.headline["measure"])
    ax.set_ylabel(f"difference in\n{measure[0].lower()}{measure[1:]}")
    ax.set_title(f"Where the models swap places, {in_words(results.headline['group'])}")
    label_ends(ax, ends)
    return ax


def draw_found(rows: pd.DataFrame, shade: str, ax: Axes) -> None:
    """Where the two swap places, with the interval of the value; and where that is not settled."""
    for row in rows[rows.kind == "swap"].itertuples():
        ax.axvspan(row.value_lower, row.value_upper, color=shade, alpha=0.15, linewidth=0)
        ax.axvline(row.value, color=shade, linewidth=1)
        ax.annotate(f"{row.value:.3g}", (row.value, 1), xycoords=("data", "axes fraction"), xytext=(4, -10),
                    textcoords="offset points", color=shade, fontsize=9)  # fmt: skip
    for row in rows[rows.kind == "not settled"].itertuples():
        ax.axvspan(
            row.value_lower, row.value_upper, facecolor="none", edgecolor="#bbbbbb", hatch="//", linewidth=0
        )


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results)
    parts = []
    for arm, rows in table.groupby("scenario", sort=False):
        swaps = [f"{row.value:.3g}" for row in rows[rows.kind == "swap"].itertuples()]
        where = " and ".join(swaps) or "no value that is settled"
        parts.append(f"{arm} and {rows.baseline.iloc[0]} swap places at {where} of {rows.path.iloc[0]}")
    return "; ".join(parts) + "."
