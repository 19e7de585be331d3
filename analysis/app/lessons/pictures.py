"""Pieces of pictures that several lessons use."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Compared
from analysis.app.lessons.seen import Seen
from analysis.figures.style import COLOURS, colour, dashes, legend_below, marker
from analysis.verdicts import Difference
from analysis.words import number

SIZE = (4.8, 3.8)
"""Inches of a lesson's picture, which fits a screen 360 pixels wide."""
THEORY = COLOURS[2]


def point(ax: Axes, x: float, found: Difference, arm: int = 0, label: str = "", across: bool = False) -> None:
    """A mean with its interval; across: the value lies along the bottom and `x` up the side."""
    if not math.isfinite(found.mean):
        return
    ends = np.nan_to_num([[found.mean - found.lower], [found.upper - found.mean]])
    style = {"color": colour(arm), "marker": marker(arm), "linestyle": "none", "markersize": 6, "capsize": 3}
    if across:
        ax.errorbar(found.mean, x, xerr=ends, label=label or None, **style)
    else:
        ax.errorbar(x, found.mean, yerr=ends, label=label or None, **style)


def beside_theory(ax: Axes, rows: Sequence[Compared], unit: str) -> None:
    """A row a quantity: simulated with its interval, theory as an open diamond."""
    for place, row in enumerate(rows):
        height = -place
        point(ax, height, row.simulated, 0, "simulated, with 95 % interval" if not place else "", across=True)
        if row.theory is not None:
            ax.plot(row.theory, height, marker="D", color=THEORY, markerfacecolor="none", markersize=10, markeredgewidth=1.5,
                    linestyle="none", label="theory")  # fmt: skip
    ax.set_yticks([-place for place in range(len(rows))], [row.quantity.label for row in rows])
    ax.set_ylim(0.6 - len(rows), 0.6)
    ax.set_xlim(left=0)
    ax.margins(x=0.1)
    ax.set_xlabel(unit)
    legend_below(ax)


def lists_over_time(ax: Axes, seen: Seen, labels: dict[str, str]) -> None:
    """The list at month ends of every arm, its mean and every run."""
    for place, (arm, label) in enumerate(labels.items()):
        lists = seen.lists(arm)
        months = np.arange(1, lists.shape[1] + 1)
        ax.plot(months, lists.T, color=colour(place), linewidth=0.5, alpha=0.25)
        ax.plot(months, lists.mean(axis=0), color=colour(place), linestyle=dashes(place), marker=marker(place), markersize=4,
                linewidth=2, label=label)  # fmt: skip
    ax.set_ylim(bottom=0)
    ax.set_xlabel("month")
    ax.set_ylabel("people on the list at the month's end")


def rows_in_words(rows: Sequence[Compared]) -> str:
    """The picture of `beside_theory` in words."""
    return "; ".join(
        f"{row.quantity.label} {number(row.simulated.mean)} {row.quantity.unit}"
        + (f", theory {number(row.theory)}" if row.theory is not None else "")
        for row in rows
    )
