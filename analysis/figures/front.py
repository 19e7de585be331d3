"""Wait, travel and cost of several models, and which of them no other beats."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import colour, marker, name_points, nothing_to_show
from analysis.loaded import Results, once
from analysis.words import in_words, number

CAPTION = (
    "Mean journey against mean wait of each model with 95 % intervals over {n} replications, and its cost to the "
    "public per scan where it is known. Filled: no other model beats it in wait, travel and cost together; open: "
    "another one does."
)
AXES = {"wait": "wait_days_mean", "travel": "travel_minutes_mean"}


def lacking(results: Results) -> str:
    """Why it cannot be drawn: too few models."""
    return "" if results.has_several_models else "it compares three models or more: run three scenario files"


@once
def data(results: Results) -> pd.DataFrame:
    """The rows of `front.csv` for the headline's group, with intervals of wait and travel."""
    group = results.headline["group"]
    table = results.front[results.front.group == group].copy()
    for name, measure in AXES.items():
        rows = [results.value(arm, measure, group) for arm in table.scenario]
        for end in ("lower", "upper"):
            table[f"{name}_{end}"] = [float("nan") if row is None else row[end] for row in rows]
    return table


def size(results: Results) -> tuple[float, float]:
    """One panel."""
    return (7.5, 4.8)


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: minutes along the bottom, days up the side, a point a model."""
    table = data(results).dropna(subset=list(AXES.values()))
    if table.empty:
        return nothing_to_show(ax)
    for place, row in enumerate(table.itertuples()):
        style = {
            "color": colour(place),
            "marker": marker(place),
            "markersize": 8,
            "capsize": 2,
            "elinewidth": 1,
        }
        ax.errorbar(
            row.travel_minutes_mean,
            row.wait_days_mean,
            xerr=[[row.travel_minutes_mean - row.travel_lower], [row.travel_upper - row.travel_minutes_mean]],
            yerr=[[row.wait_days_mean - row.wait_lower], [row.wait_upper - row.wait_days_mean]],
            markerfacecolor=colour(place) if row.on_front == "yes" else "white",
            **style,
        )
    ax.set_xlim(0, 1.25 * table.travel_minutes_mean.max())
    ax.set_ylim(
        0, 1.15 * max(table.wait_days_mean.max(), min(table.wait_upper.max(), 2 * table.wait_days_mean.max()))
    )
    named = zip(table.travel_minutes_mean, table.wait_days_mean, map(told, table.itertuples()))
    name_points(ax, list(named), "#222222")
    ax.set_xlabel("minutes one way")
    ax.set_ylabel("days from request to scan")
    ax.set_title(f"Wait, travel and cost {in_words(results.headline['group'])}")
    return ax


def told(row) -> str:
    """A model's name, with its cost where it is known."""
    cost = row.cost_per_scan_pounds
    return row.scenario + (f", £{number(cost)} a scan" if cost == cost else "")


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    parts = [
        f"{row.scenario} {row.wait_days_mean:.1f} days and {row.travel_minutes_mean:.0f} minutes, "
        + ("beaten by none" if row.on_front == "yes" else f"beaten by {row.beaten_by.replace(';', ', ')}")
        for row in data(results).itertuples()
    ]
    return "Wait and travel by model: " + "; ".join(parts) + "."
