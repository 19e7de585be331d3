"""The page of a hindcast: the errors as a table, the share over six weeks of each series as a picture."""

from __future__ import annotations

import html
import math
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import COLOURS, GREY, as_bytes, house_style, legend_below, panels, picture
from analysis.files import write_bytes
from analysis.hindcast_scores import OVER_6
from analysis.tables import TextTable
from sim.results.folder import write_text

PAGE, FIGURE = "hindcast.html", "hindcast.svg"
COLUMNS = 3
MOST_PANELS = 48
ABOUT = (
    "Each forecast starts from a published list and is fed the published flows; the order of service and the "
    "turnover (how many leave the list for each recorded test) are fitted to the months up to the start, and the "
    "order is drawn a quarter of the way to that of the extract's lists for the same test. The interval is as wide as "
    "forecasts from starts of September 2023 to September 2024 were wrong, by months ahead and size of the list."
)


def write(out: Path, table: pd.DataFrame, tables: list[TextTable]) -> None:
    """`hindcast.html` and `hindcast.svg`. table: `hindcast.csv`."""
    here = table[table.measure == OVER_6]
    series = list(here.groupby(["provider", "test", "start"], sort=False))[:MOST_PANELS]
    rows = math.ceil(len(series) / COLUMNS)
    with house_style():
        figure = picture(lambda ax: draw(ax, series), (11.0, 2.5 * rows + 0.9))
        write_bytes(out / FIGURE, as_bytes(figure, "svg"))
    shown = "".join(map(as_html, tables))
    picture_here = (out / FIGURE).read_text(encoding="utf-8")
    picture_here = picture_here[picture_here.index("<svg") :]
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hindcast</title><style>'
        "body{font:16px/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222}"
        "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .7rem;text-align:right;"
        "border-bottom:1px solid #ccc;vertical-align:bottom}td:first-child,th:first-child{text-align:left}"
        "svg{max-width:100%;height:auto}</style></head><body><h1>Forecasts from real lists and flows</h1>"
        f"<p>{html.escape(ABOUT)}</p>{shown}<h2>Share over six weeks, %</h2>{picture_here}</body></html>\n"
    )
    write_text(out / PAGE, page)


def as_html(table: TextTable) -> str:
    """A table of the page."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in table.headings).replace("\n", "<br>")
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows
    )
    return f"<h2>{html.escape(table.title)}</h2><table><tr>{head}</tr>{body}</table>"


def draw(ax: Axes, series: list[tuple[tuple[str, str, str], pd.DataFrame]]) -> Axes:
    """A panel a series: published, simulated with its interval, and that nothing changes."""
    parts = panels(ax, len(series), COLUMNS)
    for part, ((provider, test, start), rows) in zip(parts, series):
        part.fill_between(
            rows.ahead,
            rows.lower,
            rows.upper,
            color=COLOURS[1],
            alpha=0.25,
            linewidth=0,
            label="80 % interval",
        )
        part.plot(
            rows.ahead, rows.nothing_changes, color=GREY, linestyle="--", linewidth=1, label="nothing changes"
        )
        part.plot(rows.ahead, rows.predicted, color=COLOURS[1], linewidth=1.4, label="simulated")
        part.plot(
            rows.ahead, rows.published, color=COLOURS[2], marker="x", linewidth=1, label="published", zorder=3
        )
        part.set_ylim(0, max(5, 1.08 * rows[["upper", "published", "nothing_changes"]].max(axis=None)))
        part.set_title(f"{provider} {test}, from {start}")
    for part in parts[-COLUMNS:]:
        part.set_xlabel("months ahead")
    legend_below(parts[0])
    return parts[0]
