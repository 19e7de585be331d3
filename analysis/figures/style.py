"""One house style: readable in grey, the same bytes each time."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from contextlib import contextmanager

import matplotlib
import seaborn
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

COLOURS = ("#222222", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++", "ooo", "---")
GREY = "#666666"
SETTINGS = {
    "svg.hashsalt": "imaging-waits",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "figure.dpi": 100,
}
NO_DATES = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


@contextmanager
def house_style():
    """The style, set while a figure is drawn and nowhere else."""
    with seaborn.axes_style("ticks"), matplotlib.rc_context(SETTINGS):
        yield


def picture(draw: Callable[[Axes], None], size: tuple[float, float]) -> Figure:
    """A figure of so many inches with one picture drawn into it."""
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    draw(figure.subplots())
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # worked out once, not again for each kind of file
    return figure


def as_bytes(figure: Figure, kind: str) -> bytes:
    """A figure as `png`, `svg` or `pdf`, without dates."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=120, metadata=NO_DATES[kind])
    return buffer.getvalue()


def panels(ax: Axes, count: int, columns: int = 3) -> list[Axes]:
    """So many small pictures where one was to stand, row by row."""
    if count == 1:
        return [ax]
    figure, columns = ax.figure, min(count, columns)
    grid = ax.get_subplotspec().subgridspec(math.ceil(count / columns), columns)
    ax.remove()
    return [figure.add_subplot(grid[divmod(number, columns)]) for number in range(count)]


def size_of_panels(
    count: int, one: tuple[float, float], each: tuple[float, float], columns: int = 3
) -> tuple[float, float]:
    """Inches of a picture of so many panels: as said of `one`, otherwise `each`, and its legend."""
    if count == 1:
        return one
    return (each[0] * min(count, columns), each[1] * math.ceil(count / columns) + 0.7)


LETTERS_AN_INCH = 11


def legend_below(ax: Axes, **of_panel) -> None:
    """One legend under the whole figure: every label of its panels once, in order, then `of_panel`."""
    named = {}
    for panel in ax.figure.axes:
        named |= {
            label: handle for handle, label in zip(*panel.get_legend_handles_labels()) if label not in named
        }
    named |= of_panel
    if named:
        one = (max(map(len, named)) + 7) / LETTERS_AN_INCH
        columns = min(max(int(ax.figure.get_figwidth() / one), 1), len(named))
        ax.figure.legend(named.values(), named.keys(), loc="outside lower center", ncols=columns)


def nothing_to_show(ax: Axes, why: str = "nobody was scanned: no waits") -> Axes:
    """What stands in a picture whose measures do not exist in this run."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, why, ha="center")
    return ax


def colour(number: int) -> str:
    """The colour of the arm of this number; the baseline is black."""
    return COLOURS[number % len(COLOURS)]


def marker(number: int) -> str:
    """The marker of the arm of this number, so that grey pictures can be read too."""
    return MARKERS[number % len(MARKERS)]


def hatch(number: int) -> str:
    """The hatch of the part of this number."""
    return HATCHES[number % len(HATCHES)]
