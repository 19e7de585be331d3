"""What the minutes of an open day went to at each site."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.stacked import Parts, draw_bars, rows_by_site, size_of_bars
from analysis.figures.style import nothing_to_show
from analysis.loaded import Results

CAPTION = (
    "What the open time of each site's scanners went to, overrun included, as minutes of a day of ten open hours; "
    "the number is minutes with a patient on the couch. Means over {n} replications."
)
MINUTES = 600
PARTS: Parts = {
    "used": ("patient on the couch", "#4d4d4d"),
    "set_up": ("set-up", "#56b4e9"),
    "down": ("scanner down", "#d55e00"),
    "maintenance": ("maintenance", "#cc79a7"),
    "no_crew": ("no crew", "#0072b2"),
    "blocked": ("mobile could not set up", "#e69f00"),
    "no_tracer": ("no tracer", "#009e73"),
    "idle": ("nobody on the couch", "#f0f0f0"),
}


def data(results: Results) -> pd.DataFrame:
    """scenario, modality (where there are several), site, use, mean (minutes of ten open hours), n."""
    table = rows_by_site(results, "open_time_percent", "use")
    return table.assign(mean=table["mean"] * MINUTES / 100)


def size(results: Results) -> tuple[float, float]:
    """As high as its bars need."""
    return size_of_bars(data(results))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: one bar a model, modality and site, stacked."""
    table = data(results)
    if table.empty:
        return nothing_to_show(ax, "no scanner was open")
    draw_bars(results, table, PARTS, "use", "min", ax)
    ax.set_xlim(0, MINUTES)
    ax.set_xticks(range(0, MINUTES + 1, 60))
    ax.set_xlabel("minutes of a day of ten open hours")
    ax.set_title("Where the minutes went")
    return ax


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    parts = [
        f"{', '.join(part for part in (modality, site) if part)} under {arm} "
        f"{part.set_index('use')['mean'].get('used', 0):.0f}"
        for (arm, modality, site), part in data(results).groupby(["scenario", "modality", "site"], sort=False)
    ]
    return "Minutes with a patient on the couch, of 600 open: " + "; ".join(parts) + "."
