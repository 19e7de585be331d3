"""The page: frames as numbers, labels with counts, words beside them; Plotly draws, and its code is in the page."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pandas as pd

from analysis import provenance
from analysis.animation import scene
from analysis.animation.history import BOOKED, LEFT, LISTED, REPORTED, SCANNED, UNREPORTED, VETTING
from analysis.animation.scene import A_ROW, MINUTES_A_DAY, Arm, Box, Film
from analysis.kept import date_of
from analysis.loaded import NotResults, Results
from analysis.report import filled_in

SYMBOLS = {
    "urgent_suspected_cancer": ("triangle-up", "#d55e00", "\N{BLACK UP-POINTING TRIANGLE}"),
    "urgent": ("diamond", "#0072b2", "\N{BLACK DIAMOND}"),
    "routine": ("circle", "#222222", "\N{BLACK CIRCLE}"),
    "planned": ("circle-open", "#222222", "\N{WHITE CIRCLE}"),
    "emergency": ("cross", "#cc79a7", "\N{HEAVY GREEK CROSS}"),
    "van": ("square", "#009e73", "\N{BLACK SQUARE}"),
}
"""Of each kind of thing: its shape, its colour and the letter that the key shows; shapes tell them apart in grey."""
WORDS = {
    VETTING: "in vetting",
    LISTED: "on the list without an appointment",
    BOOKED: "booked",
    SCANNED: "on the couch",
    UNREPORTED: "waiting for the report",
    REPORTED: "reported that day",
    LEFT: "left that day without a scan",
}


def page_of(
    results: Results, arms: list[Arm], first: float, days: int, every: int | None, about: dict
) -> str:
    """The page. first: the day on which it begins, in days since the start; every: as for `scene.film_of`.

    Raises `NotResults` where there is nothing to draw, or more than a page can carry.
    """
    try:
        film = scene.film_of(arms, first, days, every)
    except scene.NoFilm as none:
        raise NotResults(f"{results.path}: {none}") from None
    kinds = [kind for kind in SYMBOLS if kind in set(film.drawn.kind)]
    return filled_in(
        "animation.html",
        about=about,
        every=film.every,
        made_by=provenance.line(results),
        stale=provenance.stale_line(results),
        key=[(SYMBOLS[kind][2], SYMBOLS[kind][1], in_the_key(kind)) for kind in kinds],
        summary=summary(arms, film.noons),
        headings=["noon of", "scenario", *WORDS.values()],
        noons=table(results, arms, film.noons, first),
        width=scene.WIDTH,
        height=film.tops[0] - film.lowest + 40,
        frames=len(film.moments),
        data=as_json(numbers_of(results, arms, film, kinds, first)),
        plotly=plotly_code(),
    )


def numbers_of(
    results: Results, arms: list[Arm], film: Film, kinds: list[str], first: float
) -> dict[str, Any]:
    """What the page's script reads: frame by frame the date, the words, the labels and the people."""
    counts = [row for _, row in film.counts.iterrows()]
    return {
        "dates": [when(date_of(results, first + minute / MINUTES_A_DAY)) for minute in film.moments],
        "said": [said(arms, row) for row in counts],
        "labels": [[label(box, row) for box in film.boxes if box.label] for row in counts],
        "people": people(film.drawn, kinds, film.moments),
        "traces": traces(kinds, film.boxes),
        "layout": layout(arms, film.tops, film.lowest),
    }


def people(drawn: pd.DataFrame, kinds: list[str], moments: list[int]) -> list[list[list[list[int]]]]:
    """For each frame and kind: x, y and number of everybody drawn."""
    numbers = {entity: n for n, entity in enumerate(sorted(drawn.entity_id.unique()))}
    columns = drawn.assign(
        number=drawn.entity_id.map(numbers), x=drawn.x.round().astype(int), y=drawn.y.round().astype(int)
    ).sort_values(["minute", "number"])
    by = dict(list(columns.groupby(["minute", "kind"], sort=False)))
    return [
        [
            [by[moment, kind][name].tolist() if (moment, kind) in by else [] for name in ("x", "y", "number")]
            for kind in kinds
        ]
        for moment in moments
    ]


def traces(kinds: list[str], boxes: list[Box]) -> list[dict[str, Any]]:
    """How Plotly draws each kind, and the labels after them."""
    marked = [
        {"type": "scatter", "mode": "markers", "hoverinfo": "skip", "marker": {"symbol": symbol, "color": colour, "size": 13 if kind == "van" else 9}}
        for kind in kinds
        for symbol, colour, _ in [SYMBOLS[kind]]
    ]  # fmt: skip
    labelled = [box for box in boxes if box.label]
    text = {"type": "scatter", "mode": "text", "hoverinfo": "skip", "textposition": "middle right"}
    where = {"x": [box.x - 10 for box in labelled], "y": [box.y for box in labelled]}
    return [*marked, text | where]


def layout(arms: list[Arm], tops: list[float], lowest: float) -> dict[str, Any]:
    """Axes without lines, and the titles of the arms and of their columns."""
    hidden = {"visible": False, "fixedrange": True}
    about = {"showarrow": False, "xanchor": "left", "x": 2}
    titles = [about | {"y": top, "text": f"<b>{arm.name}</b>: {arm.title}"} for arm, top in zip(arms, tops)]
    heads = {
        scene.LEFT_EDGE: "Waiting",
        scene.AT_SITES: "Booked at",
        scene.ON_COUCHES: "On the couch",
        scene.READERS: "Scanned",
    }
    columns = [
        about | {"x": x - 10, "y": top - 22, "text": f"<i>{text}</i>"}
        for top in tops
        for x, text in heads.items()
    ]
    return {
        "xaxis": hidden | {"range": [0, scene.WIDTH]},
        "yaxis": hidden | {"range": [lowest, 20]},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "font": {"family": "DejaVu Sans, Verdana, sans-serif", "size": 12, "color": "#1a1a1a"},
        "annotations": [*titles, *columns],
        "shapes": [
            {
                "type": "line",
                "x0": 0,
                "x1": scene.WIDTH,
                "y0": top + 14,
                "y1": top + 14,
                "line": {"color": "#bbbbbb", "width": 1},
            }
            for top in tops[1:]
        ],
        "showlegend": False,
        "plot_bgcolor": "#ffffff",
        "paper_bgcolor": "#ffffff",
    }


def label(box: Box, counts: pd.Series) -> str:
    """What stands over a box: how many there are, and how many of them have no room to be drawn."""
    count = counts.get(box.event, 0)
    prefix, _, place = box.event.partition("|")
    if not place.startswith(f"{BOOKED}|"):
        return f"{box.label}: {count:,}{hidden(count, box.rows)}"
    scanned = counts.get(f"{prefix}|{SCANNED}|{box.label}", 0)
    return f"{box.label}: {count:,} booked{hidden(count, box.rows)}, {scanned:,} on the couch{hidden(scanned, 1)}"


def hidden(count: int, rows: int) -> str:
    """` (12 not drawn)`."""
    over = count - rows * A_ROW
    return f" ({over:,} not drawn)" if over > 0 else ""


def by_stage(counts: pd.Series, number: int) -> dict[str, int]:
    """How many people of an arm are in each stage, over its sites."""
    found = dict.fromkeys(WORDS, 0)
    for event, count in counts.items():
        prefix, _, place = event.partition("|")
        stage = place.partition("|")[0]
        if prefix == str(number) and stage in found:
            found[stage] += int(count)
    return found


def said(arms: list[Arm], counts: pd.Series) -> str:
    """A moment in words, for who does not see the picture."""
    told = []
    for number, arm in enumerate(arms):
        stages = by_stage(counts, number)
        told.append(
            f"{arm.name}: " + ", ".join(f"{count:,} {WORDS[stage]}" for stage, count in stages.items())
        )
    return "; ".join(told) + "."


def summary(arms: list[Arm], noons: pd.DataFrame) -> str:
    """The picture in words: where everybody is at the first noon and at the last."""
    return f"Symbols for patients move from the waiting list to sites, scanners and reports. At noon of the first day, {said(arms, noons.iloc[0])} At noon of the last, {said(arms, noons.iloc[-1])}"


def table(results: Results, arms: list[Arm], noons: pd.DataFrame, first: float) -> list[list[str]]:
    """A row a day and arm: how many are where at noon."""
    return [
        [f"{date_of(results, first + day):%a %-d %B %Y}", arm.name, *(f"{count:,}" for count in by_stage(row, n).values())]
        for day, (_, row) in enumerate(noons.iterrows())
        for n, arm in enumerate(arms)
    ]  # fmt: skip


def in_the_key(kind: str) -> str:
    """What a symbol stands for."""
    return "mobile scanner" if kind == "van" else kind.replace("_", " ")


def when(moment: datetime) -> str:
    """`Mon 5 August 2019, 08:30`."""
    return f"{moment:%a} {moment.day} {moment:%B %Y, %H:%M}"


def as_json(data: dict[str, Any]) -> str:
    """As JSON that may stand inside a script."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")


def plotly_code() -> str:
    """The code of plotly.js, as the package carries it."""
    from plotly.offline import get_plotlyjs

    return get_plotlyjs()
