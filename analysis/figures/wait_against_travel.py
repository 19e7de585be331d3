"""What each place gains in travel and pays in waiting, or the other way round."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import GREY, colour, marker, nothing_by_place
from analysis.loaded import Results

SIZE = (8.0, 5.0)
CAPTION = (
    "Mean wait against mean one-way journey of the people of each place; a line joins the same place "
    "under the models. Bars: 95 % intervals of the mean wait over {n} replications."
)


def data(results: Results) -> pd.DataFrame:
    """scenario, place, wait_days_mean, wait_lower, wait_upper, travel_minutes_mean, n."""
    parts = {}
    for measure in ("wait_days_mean", "travel_minutes_mean"):
        table = results.summary[results.summary.measure == measure]
        table = table[table.group.isin([f"place={place}" for place in results.places])]
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
    table.insert(1, "place", table.pop("group").str.removeprefix("place="))
    return table


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: minutes along the bottom, days up the side."""
    table = data(results)
    if table.empty:
        return nothing_by_place(ax)
    for place in results.places:
        part = table[table.place == place].set_index("scenario").reindex(results.arms)
        ax.plot(part.travel_minutes_mean, part.wait_days_mean, color="#bbbbbb", linewidth=1, zorder=0)
    name_places(table[table.scenario == results.arms[-1]], ax)
    for number, arm in enumerate(results.arms):
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
    ax.set_xlim(left=0)
    ax.set_ylim(bottom=0)
    ax.margins(x=0.1)
    ax.set_xlabel("minutes one way")
    ax.set_ylabel("days from request to scan")
    ax.set_title("Wait against travel, by place")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=max(2, len(results.arms)))
    return ax


def name_places(last: pd.DataFrame, ax: Axes) -> None:
    """Write each place beside its last marker: to the right, or to the left where one is near there."""
    for row in last.itertuples():
        ahead = last.travel_minutes_mean - row.travel_minutes_mean
        near = (last.wait_days_mean - row.wait_days_mean).abs() < 0.5
        crowded = (near & (ahead > 0) & (ahead < 12)).any()
        ax.annotate(
            row.place,
            (row.travel_minutes_mean, row.wait_days_mean),
            xytext=(-6 if crowded else 6, 5),
            textcoords="offset points",
            ha="right" if crowded else "left",
            fontsize=8,
            color=GREY,
        )


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results)
    parts = [
        f"under {arm} journeys of {part.travel_minutes_mean.min():.0f} to {part.travel_minutes_mean.max():.0f} "
        f"minutes and waits of {part.wait_days_mean.min():.1f} to {part.wait_days_mean.max():.1f} days"
        for arm, part in table.groupby("scenario", sort=False)
    ]
    return "By place: " + "; ".join(parts) + "."
