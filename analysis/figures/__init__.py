"""One figure a file: `data(results)` is the table behind it, `draw(results, ax)` the picture."""

from __future__ import annotations

import re
from types import ModuleType

from analysis.figures import (
    catchments,
    decisions_timeline,
    decomposition,
    dm01_bands,
    equity_by_car,
    front,
    list_over_time,
    patient_journey,
    published,
    scanner_week,
    sweep,
    tipping,
    tornado,
    use_through_week,
    wait_against_travel,
    wait_distribution,
    waits_by_place,
    where_minutes_went,
    where_slots_went,
)
from analysis.loaded import Results

FIGURES = {
    "waits_by_place": waits_by_place,
    "list_over_time": list_over_time,
    "dm01_bands": dm01_bands,
    "wait_against_travel": wait_against_travel,
    "where_slots_went": where_slots_went,
    "published": published,
    "wait_distribution": wait_distribution,
    "equity_by_car": equity_by_car,
    "catchments": catchments,
    "front": front,
    "decomposition": decomposition,
    "tornado": tornado,
    "tipping": tipping,
    "sweep": sweep,
    "where_minutes_went": where_minutes_went,
    "use_through_week": use_through_week,
    "scanner_week": scanner_week,
    "patient_journey": patient_journey,
    "decisions_timeline": decisions_timeline,
}
"""Every figure by its name, in the order of the report.

A figure module has CAPTION, `size`, `data`, `draw` and `alt_text`. One that cannot be drawn of every folder
has `lacking(results)`: why not, and which option keeps what it needs; empty where it can be drawn. One whose
caption names numbers beside the replications {n} has `counted(results)`.
"""
FIRST_PAGE = (
    "waits_by_place",
    "list_over_time",
    "dm01_bands",
    "wait_against_travel",
    "where_slots_went",
    "published",
)
"""What a run draws of these by itself; `python -m analysis.report` draws all."""


OF_SWEEPS = ("sweep", "tornado")


def lacking(results: Results, name: str) -> str:
    """Why a figure cannot be drawn from this folder; empty where it can."""
    if results.is_sweep and name not in OF_SWEEPS:
        return "the folder holds a sweep, which has a figure of its own: --only sweep"
    figure = FIGURES[name]
    return figure.lacking(results) if hasattr(figure, "lacking") else ""


def drawable(results: Results, names=tuple(FIGURES)) -> dict[str, ModuleType]:
    """Those of the figures that can be drawn from this folder."""
    return {name: FIGURES[name] for name in names if not lacking(results, name)}


def caption(results: Results, name: str) -> str:
    """A figure's caption with its sample size."""
    figure = FIGURES[name]
    numbers = figure.counted(results) if hasattr(figure, "counted") else {}
    said = figure.CAPTION.format(n=results.manifest["replications"], **numbers)
    return re.sub(r"(?<![\d,.])1 replications", "1 replication", said)
