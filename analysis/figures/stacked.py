"""Bars that are stacked from parts, a bar a model, modality and site: shared by two figures."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import hatch, legend_below
from analysis.loaded import Results

Parts = dict[str, tuple[str, str]]
"""{part: (its name in words, its colour)}; the first is dark and carries its number."""
BY_SITE = r"^(?:modality=(?P<modality>[^;]+);)?site=(?P<site>[^;]+);"


def rows_by_site(results: Results, measure: str, part: str) -> pd.DataFrame:
    """scenario, modality (where there are several), site, the key `part`, mean, n."""
    table = results.summary[results.summary.measure == measure]
    keys = table.group.str.extract(BY_SITE + f"{part}=(?P<part>.+)$")
    table = table.assign(modality=keys.modality.fillna(""), site=keys.site, **{part: keys.part})
    return table.dropna(subset=["site"])[["scenario", "modality", "site", part, "mean", "n"]]


def size_of_bars(table: pd.DataFrame) -> tuple[float, float]:
    """As high as its bars need."""
    bars = len(table.drop_duplicates(["scenario", "modality", "site"]))
    return (8.0, max(2.6, 1.7 + 0.42 * bars))


def in_order(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    """Rows by arm, modality and site in the order in which they are drawn."""
    first = {arm: number for number, arm in enumerate(results.arms)}
    then = {modality: number for number, modality in enumerate(["", *results.modalities])}
    return table.loc[sorted(table.index, key=lambda row: (first[row[0]], then[row[1]], row[2]))]


def draw_bars(results: Results, table: pd.DataFrame, parts: Parts, by: str, unit: str, ax: Axes) -> None:
    """Draw them from the top; parts that are nowhere are left out; the last is the rest and is pale."""
    wide = in_order(results, table.pivot(index=["scenario", "modality", "site"], columns=by, values="mean"))
    names = [
        "\n".join((site, ", ".join(part for part in (modality, arm) if part)))
        for arm, modality, site in wide.index
    ]
    left, rest = pd.Series(0.0, index=wide.index), list(parts)[-1]
    for number, (name, (label, fill)) in enumerate(parts.items()):
        part = wide.get(name, 0.0 * left).fillna(0.0)
        if name != rest and part.max() == 0:
            continue
        ax.barh(names, part, left=left, color=fill, edgecolor="white" if number == 0 else "#333333",
                linewidth=0.5, hatch=hatch(number) if name != rest else "", label=label)  # fmt: skip
        if number == 0:
            for at, share in zip(names, part):
                ax.text(0.01 * wide.sum(axis=1).max(), at, f"{share:.0f} {unit}", color="white",
                        va="center", fontsize=9)  # fmt: skip
        left = left + part
    ax.invert_yaxis()
    ax.tick_params(axis="y", labelsize=8)
    legend_below(ax)
