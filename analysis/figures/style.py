"""One house style: readable in grey, the same bytes each time."""

from __future__ import annotations

import io
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


def nothing_by_place(ax: Axes) -> Axes:
    """What stands in a picture whose measures do not exist in this run."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, "nobody was scanned, or several modalities: no waits by place alone", ha="center")
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
