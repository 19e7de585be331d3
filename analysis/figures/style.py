"""One house style: readable in grey, the same bytes each time."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from contextlib import contextmanager

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

COLOURS = ("#222222", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++", "ooo", "---")
DASHES = ("-", "--", "-.", ":")
GREY = "#666666"
SETTINGS = {
    "svg.hashsalt": "imaging-waits",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titley": 1.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#444444",
    "axes.linewidth": 0.8,
    "axes.labelcolor": "#222222",
    "xtick.color": "#222222",
    "ytick.color": "#222222",
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
    "figure.dpi": 100,
}
NO_DATES = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}
DOTS_PER_INCH = 120
"""Of what is drawn as points: a PNG, and a map of colours within an SVG."""
HALO = [withStroke(linewidth=2.5, foreground="white")]
"""Letters with a white rim, readable over lines."""
ABOUT = {"png": "Description", "svg": "Description", "pdf": "Subject"}
"""Where each kind of file says how it was made."""


@contextmanager
def house_style():
    """The style, set while a figure is drawn and nowhere else."""
    with matplotlib.rc_context(SETTINGS):
        yield


def picture(draw: Callable[[Axes], None], size: tuple[float, float]) -> Figure:
    """A figure of so many inches with one picture drawn into it."""
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    draw(figure.subplots())
    figure.get_layout_engine().execute(figure)
    figure.set_layout_engine("none")  # worked out once, not again for each kind of file
    return figure


def as_bytes(figure: Figure, kind: str, made_by: str = "") -> bytes:
    """A figure as `png`, `svg` or `pdf`, without dates; `made_by` stands in its metadata."""
    buffer = io.BytesIO()
    metadata = NO_DATES[kind] | {ABOUT[kind]: made_by or None}
    if kind == "svg":
        figure.set_dpi(DOTS_PER_INCH)
        FigureCanvasSVG(figure).print_svg(buffer, metadata=metadata)  # `savefig` draws it twice
    else:
        figure.savefig(buffer, format=kind, dpi=DOTS_PER_INCH, metadata=metadata)
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


def label_ends(ax: Axes, labels: list[tuple[float, str, str]], at: float = 1.01) -> None:
    """Name lines beside their ends, instead of in a legend: (height, text, colour), kept apart.

    at: how far along the axes the names stand, 1 being their right edge.
    """
    low, high = ax.get_ylim()
    inches = ax.get_position().height * ax.figure.get_figheight()
    apart, last = 0.14 * (high - low) / max(inches, 1.0), -math.inf
    for height, text, shade in sorted(labels):
        last = max(height, last + apart)
        ax.text(at, last, text, color=shade, fontsize=8, va="center", transform=ax.get_yaxis_transform())


WHERE = (
    (7, 5, "left"),
    (-7, 5, "right"),
    (7, -11, "left"),
    (-7, -11, "right"),
    (7, 15, "left"),
    (-7, 15, "right"),
)
"""Where a point's name may stand: points to the right and up, and which side of it is at the point."""


def name_points(ax: Axes, points: list[tuple[float, float, str]], shade: str = GREY, size: float = 8) -> None:
    """Write names, of one line or more, beside points (x, y, name), each where it covers no other name and no point, if it can.

    The limits of the axes have to be final.
    """
    scale = 72 / ax.figure.dpi
    at = [ax.transData.transform((x, y)) * scale for x, y, _ in points]
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in at]
    for (x, y, name), (left, low) in zip(points, at):
        lines = name.split("\n")
        wide, more = 0.58 * size * max(map(len, lines)), (len(lines) - 1) * 1.2 * size
        boxes, stands = [], []
        for across, up, side in WHERE:
            start = left + across - (wide if side == "right" else 0)
            stands.append((across, up - more if up < 0 else up))
            bottom = low + stands[-1][1]
            boxes.append((start, bottom, start + wide, bottom + 1.1 * size + more))
        best = min(range(len(WHERE)), key=lambda place: sum(overlap(boxes[place], box) for box in taken))
        taken.append(boxes[best])
        side = WHERE[best][2]
        ax.annotate(name, (x, y), xytext=stands[best], textcoords="offset points", ha=side, fontsize=size, color=shade,
                    path_effects=HALO, zorder=5)  # fmt: skip


def overlap(one: tuple, other: tuple) -> float:
    """The area that two boxes (left, low, right, high) share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    return max(wide, 0.0) * max(min(one[3], other[3]) - max(one[1], other[1]), 0.0)


def colour(number: int) -> str:
    """The colour of the arm of this number; the baseline is black."""
    return COLOURS[number % len(COLOURS)]


def marker(number: int) -> str:
    """The marker of the arm of this number, so that grey pictures can be read too."""
    return MARKERS[number % len(MARKERS)]


def dashes(number: int) -> str:
    """How the line of the arm of this number is broken."""
    return DASHES[number % len(DASHES)]


def hatch(number: int) -> str:
    """The hatch of the part of this number."""
    return HATCHES[number % len(HATCHES)]
