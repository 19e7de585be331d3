"""One figure a file: `data(results)` is the table behind it, `draw(results, ax)` the picture."""

from __future__ import annotations

from types import ModuleType

from analysis.figures import (
    dm01_bands,
    hindcast,
    list_over_time,
    wait_against_travel,
    waits_by_place,
    where_slots_went,
)
from analysis.loaded import Results

FIGURES = {
    "waits_by_place": waits_by_place,
    "list_over_time": list_over_time,
    "dm01_bands": dm01_bands,
    "wait_against_travel": wait_against_travel,
    "where_slots_went": where_slots_went,
}
"""Every figure by its name. A figure module has CAPTION, `size`, `data`, `draw` and `alt_text`."""


def figures_of(results: Results) -> dict[str, ModuleType]:
    """The figures of a folder; with `hindcast` where published months were laid beside it."""
    return FIGURES | ({} if results.hindcast is None else {"hindcast": hindcast})
