"""What the difference between two models is made of: a waterfall over the questions they answer differently."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import GREY, colour, hatch, panels, size_of_panels
from analysis.loaded import Results, once
from analysis.tables import title_of
from analysis.words import in_words, signed

FILE, WHOLE = "decomposition.csv", "whole"
CAPTION = (
    "The difference in the headline measure between two models, split over the questions that they answer "
    "differently: what swapping each answer adds, averaged over the orders of swapping, with 95 % intervals over "
    "{n} replications. The parts sum to the whole."
)


def lacking(results: Results) -> str:
    """Why it cannot be drawn: the run did not ask for it."""
    return "" if (results.path / FILE).is_file() else f"it needs {FILE}: run with --decompose"


@once
def data(results: Results) -> pd.DataFrame:
    """The rows of `decomposition.csv` for the headline measure and group."""
    table = pd.read_csv(results.path / FILE)
    asked = results.headline
    return table[(table.measure == asked["measure"]) & (table.group == asked["group"])]


def size(results: Results) -> tuple[float, float]:
    """A panel a compared model, under each other."""
    table = data(results)
    rows = table.groupby("scenario").size().max() if len(table) else 2
    high = 1.2 + 0.36 * rows
    return size_of_panels(max(table.scenario.nunique(), 1), (8.0, max(2.4, high)), (8.0, high), columns=1)


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: the measure along the bottom, a bar a part, each beginning where the one above ended."""
    table = data(results)
    parts = panels(ax, max(table.scenario.nunique(), 1), columns=1)
    for panel, (arm, rows) in zip(parts, table.groupby("scenario", sort=False)):
        draw_waterfall(rows, panel)
        panel.set_title(f"{arm} less {rows.baseline.iloc[0]}, {in_words(results.headline['group'])}")
    measure = title_of(results.headline["measure"])
    parts[-1].set_xlabel(f"difference in {measure[0].lower()}{measure[1:]}")
    return parts[0]


def draw_waterfall(rows: pd.DataFrame, ax: Axes) -> None:
    """One model's difference: its parts from the top, the whole last."""
    at = 0.0
    for place, row in enumerate(rows.itertuples()):
        begins = 0.0 if row.part == WHOLE else at
        shade = colour(0) if row.part == WHOLE else colour(2 if row.contribution > 0 else 1)
        marked = "" if row.part == WHOLE else hatch(1 if row.contribution > 0 else 2)
        ax.barh(place, row.contribution, left=begins, height=0.6, color=shade, alpha=0.75, hatch=marked, edgecolor="#333333",
                linewidth=0.5)  # fmt: skip
        ends = [[row.contribution - row.lower], [row.upper - row.contribution]]
        ax.errorbar(begins + row.contribution, place, xerr=ends, color="#222222", capsize=3, linewidth=1)
        ax.annotate(signed(row.contribution), (max(begins + row.upper, begins), place), xytext=(6, 0),
                    textcoords="offset points", va="center", fontsize=8)  # fmt: skip
        at = begins + row.contribution
        if row.part != WHOLE:
            ax.plot([at, at], [place + 0.3, place + 0.7], color=GREY, linewidth=0.8)
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.set_yticks(range(len(rows)), rows.part)
    ax.invert_yaxis()
    ax.margins(x=0.12)


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    parts = [
        f"{row.part} {signed(row.contribution)} {row.unit} for {row.scenario}"
        for row in data(results).itertuples()
    ]
    return "What the difference is made of: " + "; ".join(parts) + "."
