"""Figures and tables of the report as parts of the page: each picture with alternative text, caption and table."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from functools import partial
from threading import Lock

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures import FIGURES, caption, lacking
from analysis.figures.style import as_bytes, house_style, picture
from analysis.loaded import Results
from analysis.tables import TextTable
from analysis.words import growing_warning

SLIM = (
    "waits_by_place",
    "list_over_time",
    "dm01_bands",
    "wait_against_travel",
    "where_slots_went",
    "patient_journey",
    "equity_by_car",
    "where_minutes_went",
    "scanner_week",
    "catchments",
)
"""Figures whose words also fit on a screen 360 pixels wide,"""
SLIM_INCHES, MORE_LEGEND_INCHES = 5.2, 0.5
"""drawn so wide, and so much higher since a legend takes more lines."""
MOST_ROWS = 300
"""Rows of a table on the page; the download has all."""
one_at_a_time = Lock()
"""Matplotlib's settings are the process's, and visitors have threads of their own."""


def pictured(results: Results, name: str, slim: bool = False) -> str:
    """A figure as HTML; why there is none, where it cannot be drawn. slim: also for narrow screens, where its words fit."""
    if why := lacking(results, name):
        return f"<p>{html.escape(why)}.</p>"
    figure, growing = FIGURES[name], growing_warning(results)
    width, height = figure.size(results)
    alt, said = figure.alt_text(results) + growing, html.escape(caption(results, name) + growing)
    wide = scrolling(image(partial(figure.draw, results), (width, height), alt))
    if slim and name in SLIM:
        stacked = 2 if name == "catchments" and len(results.arms) > 1 else 1
        narrow = image(
            partial(figure.draw, results), (SLIM_INCHES, stacked * height + MORE_LEGEND_INCHES), alt
        )
        return f'<figure class="picture both">{wide}<div class="slim">{narrow}</div><figcaption>{said}</figcaption></figure>'
    return f'<figure class="picture">{wide}<figcaption>{said}</figcaption></figure>'


def image(draw: Callable[[Axes], object], size: tuple[float, float], alt: str) -> str:
    """A picture of so many inches as HTML, with its alternative text."""
    with one_at_a_time, house_style():
        drawn = as_bytes(picture(draw, size), "svg")
    data = base64.b64encode(drawn).decode("ascii")
    return f'<img style="--inches: {size[0]:g}" src="data:image/svg+xml;base64,{data}" alt="{html.escape(alt, quote=True)}">'


def scrolling(picture: str) -> str:
    """A frame in which a picture scrolls where the screen is narrower."""
    return f'<div class="scroll" tabindex="0" role="region" aria-label="picture, scrolls sideways">{picture}</div>'


def table_behind(results: Results, name: str) -> str:
    """The table behind a figure as HTML."""
    if lacking(results, name):
        return ""
    table = FIGURES[name].data(results)
    rows = [[cell(value) for value in row] for row in table.head(MOST_ROWS).itertuples(index=False)]
    more = (
        f"The first {MOST_ROWS} of {len(table)} rows; the download has all." if len(table) > MOST_ROWS else ""
    )
    return tabled(TextTable(f"Table behind {name.replace('_', ' ')}", list(table.columns), rows, more))


def cell(value: object) -> str:
    """A value as text, numbers to four figures."""
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.4g}" if abs(value) < 1e5 else f"{value:,.0f}"
    return str(value)


def tabled(table: TextTable) -> str:
    """A table of text as HTML, with its title as caption and its first column as row headings."""
    head = "".join(
        f'<th scope="col">{escaped(text)}</th>' if text else "<td></td>" for text in table.headings
    )
    body = "".join(
        f'<tr><th scope="row">{escaped(first)}</th>{"".join(f"<td>{escaped(text)}</td>" for text in rest)}</tr>'
        for first, *rest in table.rows
    )
    note = f"<p>{escaped(table.note)}</p>" if table.note else ""
    title = escaped(table.title)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table><caption>{title}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{note}"
    )


def escaped(text: object) -> str:
    """Text for HTML, its line ends kept."""
    return html.escape(str(text), quote=True).replace("\n", "<br>")
