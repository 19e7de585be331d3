"""The headline measure of each scenario over the points of a sweep."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis import sweep
from analysis.figures.style import colour, dashes, label_ends, legend_below, marker
from analysis.loaded import Results, once
from analysis.tables import title_of
from analysis.words import in_words

CAPTION = "The headline measure at every point of the sweep, with 95 % intervals over {n} replications."
ROOM = 60
"""Letters of values that stand beside each other under the axis; more are turned."""


def lacking(results: Results) -> str:
    """Why it cannot be drawn: it is no sweep."""
    return "" if results.is_sweep else "it needs a sweep: run with --sweep path=a,b,c"


@once
def data(results: Results) -> pd.DataFrame:
    """The rows of `sweep.csv` of the headline measure and group."""
    table = sweep.table(results)
    asked = results.headline
    return table[(table.measure == asked["measure"]) & (table.group == asked["group"])].reset_index(drop=True)


def size(results: Results) -> tuple[float, float]:
    """One panel."""
    return (7.0, 4.4)


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: the points along the bottom, the measure up the side."""
    table = data(results)
    paths = list(next(iter(results.manifest["points"].values())))
    at, ends = table[paths].agg(", ".join, axis=1), []
    for number, scenario in enumerate(dict.fromkeys(table.scenario)):
        part = table[table.scenario == scenario]
        bars = [part["mean"] - part.lower, part.upper - part["mean"]]
        style = {"color": colour(number), "marker": marker(number), "capsize": 3, "linestyle": dashes(number)}
        ax.errorbar(at[part.index], part["mean"], yerr=bars, label=scenario, **style)
        ends.append((part["mean"].iloc[-1], scenario, colour(number)))
    ax.set_ylim(0, 1.1 * max(table["mean"].max(), min(table.upper.max(), 2 * table["mean"].max()), 1e-9))
    if sum(map(len, at.unique())) > ROOM:
        ax.tick_params(axis="x", rotation=90, labelsize=7)
    ax.set_xlabel(", ".join(paths))
    ax.set_ylabel(title_of(results.headline["measure"]))
    ax.set_title(in_words(results.headline["group"]))
    label_ends(ax, ends) if len(paths) == 1 else legend_below(ax)
    return ax


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    parts = [
        f"{scenario} from {part['mean'].min():.1f} to {part['mean'].max():.1f}"
        for scenario, part in data(results).groupby("scenario", sort=False)
    ]
    return f"{title_of(results.headline['measure'])} over the sweep: " + "; ".join(parts) + "."
