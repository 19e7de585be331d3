"""How long people of each place wait under each provision model, for each modality."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis import groups
from analysis.figures.style import colour, legend_below, marker, nothing_to_show, panels, size_of_panels
from analysis.loaded import Results, once

CAPTION = (
    "Wait from request to scan by place and provision model: mean with its 95 % interval (marker and "
    "bar), median (tick) and 92nd percentile (open marker). Means over {n} replications."
)
MEASURES = ("wait_days_mean", "wait_days_median", "wait_days_p92")


def rows_shown(results: Results) -> dict[str, dict[str, str]]:
    """{panel: {row: group}}: a panel a modality; with one place all modalities in one panel."""
    if not results.has_several_modalities:
        return {"": {place: f"place={place}" for place in results.places} | groups.came(results, "")}
    shown = groups.shown(results)
    if len(results.places) > 1:
        return {modality: {"everybody": within.pop(modality), **within} for modality, within in shown.items()}
    return {
        "": {
            label if label == modality else f"{modality}, {label}": group
            for modality, within in shown.items()
            for label, group in within.items()
        }
    }


@once
def data(results: Results) -> pd.DataFrame:
    """scenario, panel, row, group, measure, mean, lower, upper, n; days."""
    rows = pd.DataFrame(
        [(panel, row, group) for panel, rows in rows_shown(results).items() for row, group in rows.items()],
        columns=["panel", "row", "group"],
    )
    found = results.summary[results.summary.measure.isin(MEASURES)]
    table = rows.merge(found, on="group")
    return table[["scenario", "panel", "row", "group", "measure", "mean", "lower", "upper", "n"]]


def size(results: Results) -> tuple[float, float]:
    """As many inches as the rows need."""
    shown = rows_shown(results)
    rows = max(map(len, shown.values()))
    high = 1.6 + rows * max(0.3, 0.22 * len(results.arms))
    return size_of_panels(len(shown), (8.0, max(high, 2.6)), (8.0, high - 0.4), columns=1)


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: places down the side, days along the bottom, the same days in every panel."""
    table, shown = data(results), rows_shown(results)
    if table.empty:
        return nothing_to_show(ax)
    parts = panels(ax, len(shown), columns=1)
    longest = 1.05 * max(table["mean"].max(), table.upper[table.measure == "wait_days_mean"].max())
    by = "modality" if set(shown) == {""} and results.has_several_modalities else "place"
    for part, (name, rows) in zip(parts, shown.items()):
        draw_panel(table[table.panel == name], list(rows), results.arms, part)
        part.set_xlim(0, longest)
        part.set_title(name or f"Waits by {by}: median, mean, 92nd percentile")
    parts[-1].set_xlabel("days from request to scan")
    legend_below(parts[0])
    return parts[0]


def draw_panel(table: pd.DataFrame, rows: list[str], arms: list[str], ax: Axes) -> None:
    """One panel: its rows from top to bottom, the arms beside each other within a row."""
    step = 0.8 / len(arms)
    for number, arm in enumerate(arms):
        part = table[table.scenario == arm].pivot(index="row", columns="measure").reindex(rows)
        at = [row + (number - (len(arms) - 1) / 2) * step for row in range(len(part))]
        mean = part["mean"]
        style = {"color": colour(number), "marker": marker(number), "linestyle": "none"}
        ax.hlines(
            at, mean["wait_days_median"], mean["wait_days_p92"], colors="#bbbbbb", linewidths=1.5, zorder=0
        )
        bars = [
            mean["wait_days_mean"] - part["lower"]["wait_days_mean"],
            part["upper"]["wait_days_mean"] - mean["wait_days_mean"],
        ]
        ax.errorbar(mean["wait_days_mean"], at, xerr=bars, capsize=3, label=arm, **style)
        ax.plot(
            mean["wait_days_median"], at, color=colour(number), marker="|", markersize=9, linestyle="none"
        )
        ax.plot(mean["wait_days_p92"], at, **style, markerfacecolor="white")
    ax.set_yticks(range(len(rows)), rows)
    ax.set_ylim(len(rows) - 0.5, -0.5)


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    means = data(results)
    means = means[means.measure == "wait_days_mean"]
    parts = []
    for (panel, arm), part in means.groupby(["panel", "scenario"], sort=False):
        least, most = part.loc[part["mean"].idxmin()], part.loc[part["mean"].idxmax()]
        within = f"{panel} under {arm}" if panel else f"under {arm}"
        parts.append(
            f"{within} from {least['mean']:.1f} ({least.row}) to {most['mean']:.1f} days ({most.row})"
        )
    return "Mean waits lie " + "; ".join(parts) + "."
