"""What became of the slots that each site offered."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.stacked import Parts, draw_bars, rows_by_site, size_of_bars
from analysis.figures.style import nothing_to_show
from analysis.loaded import Results

CAPTION = (
    "What became of the slots staffed at each site, as shares of all slots; the number is the share "
    "that gave a scan. Means over {n} replications."
)
PARTS: Parts = {
    "attended": ("gave a scan", "#4d4d4d"),
    "missed": ("missed by the patient", "#0072b2"),
    "displaced": ("lost on the day", "#d55e00"),
    "cancelled_by_patient": ("cancelled by patient", "#009e73"),
    "cancelled_by_hospital": ("cancelled by hospital", "#cc79a7"),
    "unfilled": ("nobody booked", "#f0f0f0"),
}


def data(results: Results) -> pd.DataFrame:
    """scenario, modality (where there are several), site, outcome, mean (percent of the slots there), n."""
    return rows_by_site(results, "slots_percent", "outcome")


def size(results: Results) -> tuple[float, float]:
    """As high as its bars need."""
    return size_of_bars(data(results))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: one bar a model, modality and site, stacked."""
    table = data(results)
    if table.empty:
        return nothing_to_show(ax, "no slots were offered")
    draw_bars(results, table, PARTS, "outcome", "%", ax)
    ax.set_xlim(0, 100)
    ax.set_xlabel("percent of slots staffed")
    ax.set_title("Where the slots went")
    return ax


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    parts = [
        f"{', '.join(part for part in (modality, site) if part)} under {arm} "
        f"{part.set_index('outcome')['mean'].get('attended', 0):.0f} %"
        for (arm, modality, site), part in data(results).groupby(["scenario", "modality", "site"], sort=False)
    ]
    return "Share of slots that gave a scan: " + "; ".join(parts) + "."
