"""Who has no car: do they wait longer, do they travel longer?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.figures.style import GREY, colour, legend_below, marker, nothing_to_show, panels
from analysis.loaded import Results

CAPTION = (
    "People with a car in the household (filled) and without (open): mean wait and mean one-way journey of "
    "those scanned, with 95 % intervals over {n} replications. The line between them is the gap."
)
PANELS = {"wait_days_mean": "days from request to scan", "travel_minutes_mean": "minutes one way"}
CARS = {"car": "with a car", "no car": "no car"}


def rows_shown(results: Results) -> dict[str, str]:
    """{row: what its group begins with}: everybody and each place, or a row a modality."""
    if results.has_several_modalities:
        return {modality: f"modality={modality};" for modality in results.modalities}
    places = {place: f"place={place};" for place in results.places} if len(results.places) > 1 else {}
    return {"everybody": ""} | places


def data(results: Results) -> pd.DataFrame:
    """scenario, row, car, measure, unit, group, mean, lower, upper, n."""
    wanted = [(row, car, f"{start}car={car}") for row, start in rows_shown(results).items() for car in CARS]
    named = pd.DataFrame(wanted, columns=["row", "car", "group"])
    found = results.summary[results.summary.measure.isin(PANELS)]
    table = named.merge(found, on="group")
    return table[["scenario", "row", "car", "measure", "unit", "group", "mean", "lower", "upper", "n"]]


def size(results: Results) -> tuple[float, float]:
    """As many inches as the rows need."""
    rows = len(rows_shown(results))
    return (9.0, max(2.6, 1.5 + rows * max(0.32, 0.2 * len(results.arms))))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: waits on the left, journeys on the right, a row a place."""
    table, rows = data(results), list(rows_shown(results))
    if table.empty:
        return nothing_to_show(ax)
    left, right = panels(ax, 2)
    for part, (measure, label) in zip((left, right), PANELS.items()):
        draw_panel(table[table.measure == measure], rows, results.arms, part)
        part.set_xlabel(label)
    right.set_yticklabels([])
    left.set_title("Wait,\nwith a car and without")
    right.set_title("Journey,\nwith a car and without")
    filled = {"linestyle": "none", "marker": "o", "color": GREY}
    with_car = Line2D([], [], **filled)
    legend_below(left, **{"car": with_car, "no car": Line2D([], [], **filled, markerfacecolor="white")})
    return left


def draw_panel(table: pd.DataFrame, rows: list[str], arms: list[str], ax: Axes) -> None:
    """One measure: a dumbbell a row and arm."""
    step = 0.8 / len(arms)
    for number, arm in enumerate(arms):
        part = table[table.scenario == arm].pivot(index="row", columns="car").reindex(rows)
        at = [row + (number - (len(arms) - 1) / 2) * step for row in range(len(rows))]
        means = part["mean"].reindex(columns=list(CARS))
        ax.hlines(at, means["car"], means["no car"], color=colour(number), linewidth=2.5, alpha=0.4)
        for car in means.columns.intersection(table.car.unique()):
            bars = [means[car] - part["lower"][car], part["upper"][car] - means[car]]
            face = colour(number) if car == "car" else "white"
            ax.errorbar(means[car], at, xerr=bars, color=colour(number), marker=marker(number), markersize=5,
                        markerfacecolor=face, linestyle="none", elinewidth=0.8, capsize=2,
                        label=arm if car == "car" else None)  # fmt: skip
    ax.set_yticks(range(len(rows)), rows)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(0, 1.1 * max(table["mean"].max(), min(table.upper.max(), 2 * table["mean"].max())))


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results)
    first = table[table.row == next(iter(rows_shown(results)))]
    parts = [f"under {row.scenario} {CARS[row.car]} {row.mean:.1f} {row.unit}" for row in first.itertuples()]
    return f"Mean wait and journey of {next(iter(rows_shown(results)))}: " + "; ".join(parts) + "."
