"""What each place gains in travel and pays in waiting, or the other way round."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis import groups
from analysis.figures.style import (
    colour,
    legend_below,
    marker,
    name_points,
    nothing_to_show,
    panels,
    size_of_panels,
)
from analysis.loaded import Results

CAPTION = (
    "Mean wait against mean one-way journey of the people of each place; a line joins the same place "
    "under the models. Bars: 95 % intervals of the mean wait over {n} replications."
)


def points(results: Results) -> dict[str, dict[str, str]]:
    """{panel: {point: group}}: a panel a modality; with one place a point a modality."""
    if not results.has_several_modalities:
        return {"": {place: f"place={place}" for place in results.places}}
    if len(results.places) > 1:
        return {m: {p: groups.place(results, m, p) for p in results.places} for m in results.modalities}
    (place,) = results.places
    return {"": {modality: groups.place(results, modality, place) for modality in results.modalities}}


def data(results: Results) -> pd.DataFrame:
    """scenario, panel, point, wait_days_mean, wait_lower, wait_upper, travel_minutes_mean, n."""
    named = {
        group: (panel, point) for panel, found in points(results).items() for point, group in found.items()
    }
    parts = {}
    for measure in ("wait_days_mean", "travel_minutes_mean"):
        table = results.summary[(results.summary.measure == measure) & results.summary.group.isin(named)]
        parts[measure] = table.set_index(["scenario", "group"])
    waits, travel = parts["wait_days_mean"], parts["travel_minutes_mean"]
    table = pd.DataFrame(
        {
            "wait_days_mean": waits["mean"],
            "wait_lower": waits["lower"],
            "wait_upper": waits["upper"],
            "travel_minutes_mean": travel["mean"],
            "n": waits["n"],
        }
    ).reset_index()
    table.insert(1, "panel", table.group.map(lambda group: named[group][0]))
    table.insert(2, "point", table.pop("group").map(lambda group: named[group][1]))
    return table


def size(results: Results) -> tuple[float, float]:
    """A panel a modality, two beside each other."""
    return size_of_panels(len(points(results)), (8.0, 5.0), (4.8, 3.8), columns=2)


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: minutes along the bottom, days up the side."""
    table, shown = data(results), points(results)
    if table.empty:
        return nothing_to_show(ax)
    parts = panels(ax, len(shown), columns=2)
    for part, (name, named) in zip(parts, shown.items()):
        draw_panel(table[table.panel == name], list(named), results.arms, part)
        part.set_title(
            name
            or f"Wait against travel, by {'modality' if set(named) <= set(results.modalities) else 'place'}"
        )
    legend_below(parts[0])
    return parts[0]


def draw_panel(table: pd.DataFrame, named: list[str], arms: list[str], ax: Axes) -> None:
    """One panel: a point a place and arm, joined over the arms."""
    for point in named:
        part = table[table.point == point].set_index("scenario").reindex(arms)
        ax.plot(part.travel_minutes_mean, part.wait_days_mean, color="#bbbbbb", linewidth=1, zorder=0)
    for number, arm in enumerate(arms):
        part = table[table.scenario == arm]
        bars = [part.wait_days_mean - part.wait_lower, part.wait_upper - part.wait_days_mean]
        ax.errorbar(
            part.travel_minutes_mean,
            part.wait_days_mean,
            yerr=bars,
            color=colour(number),
            marker=marker(number),
            linestyle="none",
            capsize=2,
            label=arm,
        )
    ax.margins(x=0.1)
    ax.set_xlim(0, max(1.15 * table.travel_minutes_mean.max(), 1))
    high = table.wait_days_mean.max()
    ax.set_ylim(0, 1.1 * max(high, min(table.wait_upper.max(), 2 * high)))
    last = table[table.scenario == arms[-1]]
    name_points(ax, list(zip(last.travel_minutes_mean, last.wait_days_mean, last.point)))
    ax.set_xlabel("minutes one way")
    ax.set_ylabel("days from request to scan")


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    parts = [
        f"{f'{panel} ' if panel else ''}under {arm} journeys of {part.travel_minutes_mean.min():.0f} to "
        f"{part.travel_minutes_mean.max():.0f} minutes and waits of {part.wait_days_mean.min():.1f} to "
        f"{part.wait_days_mean.max():.1f} days"
        for (panel, arm), part in data(results).groupby(["panel", "scenario"], sort=False)
    ]
    return "By place: " + "; ".join(parts) + "."
