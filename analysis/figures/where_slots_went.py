"""What became of the slots that each site offered."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import hatch, legend_below, nothing_to_show
from analysis.loaded import Results

CAPTION = (
    "What became of the slots staffed at each site, as shares of all slots; the number is the share "
    "that gave a scan. Means over {n} replications."
)
PARTS = {
    "attended": ("gave a scan", "#4d4d4d"),
    "missed": ("missed by the patient", "#0072b2"),
    "displaced": ("lost on the day", "#d55e00"),
    "cancelled_by_patient": ("cancelled by patient", "#009e73"),
    "cancelled_by_hospital": ("cancelled by hospital", "#cc79a7"),
    "unfilled": ("nobody booked", "#f0f0f0"),
}


def data(results: Results) -> pd.DataFrame:
    """scenario, modality (where there are several), site, outcome, mean (percent of the slots there), n."""
    table = results.summary[results.summary.measure == "slots_percent"]
    keys = table.group.str.extract(
        r"^(?:modality=(?P<modality>[^;]+);)?site=(?P<site>[^;]+);outcome=(?P<outcome>.+)$"
    )
    table = table.assign(modality=keys.modality.fillna(""), site=keys.site, outcome=keys.outcome)
    table = table.dropna(subset=["site"])
    return table[["scenario", "modality", "site", "outcome", "mean", "n"]]


def size(results: Results) -> tuple[float, float]:
    """As high as its bars need."""
    bars = len(data(results).drop_duplicates(["scenario", "modality", "site"]))
    return (8.0, max(2.6, 1.7 + 0.42 * bars))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: one bar a model, modality and site, stacked."""
    table = data(results)
    if table.empty:
        return nothing_to_show(ax, "no slots were offered")
    table = table.pivot(index=["scenario", "modality", "site"], columns="outcome", values="mean")
    first = {arm: number for number, arm in enumerate(results.arms)}
    then = {modality: number for number, modality in enumerate(["", *results.modalities])}
    table = table.loc[sorted(table.index, key=lambda row: (first[row[0]], then[row[1]], row[2]))]
    names = [
        "\n".join((site, ", ".join(part for part in (modality, arm) if part)))
        for arm, modality, site in table.index
    ]
    left = pd.Series(0.0, index=table.index)
    for number, (outcome, (label, fill)) in enumerate(PARTS.items()):
        part = table.get(outcome, 0.0 * left).fillna(0.0)
        if outcome != "unfilled" and part.max() == 0:
            continue
        ax.barh(names, part, left=left, color=fill, edgecolor="white" if number == 0 else "#333333",
                linewidth=0.5, hatch=hatch(number) if outcome != "unfilled" else "", label=label)  # fmt: skip
        if outcome == "attended":
            for name, share in zip(names, part):
                ax.text(1, name, f"{share:.0f} %", color="white", va="center", fontsize=9)
        left = left + part
    ax.invert_yaxis()
    ax.set_xlim(0, 100)
    ax.tick_params(axis="y", labelsize=8)
    ax.set_xlabel("percent of slots staffed")
    ax.set_title("Where the slots went")
    legend_below(ax)
    return ax


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    parts = [
        f"{', '.join(part for part in (modality, site) if part)} under {arm} "
        f"{part.set_index('outcome')['mean'].get('attended', 0):.0f} %"
        for (arm, modality, site), part in data(results).groupby(["scenario", "modality", "site"], sort=False)
    ]
    return "Share of slots that gave a scan: " + "; ".join(parts) + "."
