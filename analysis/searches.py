"""What was asked beyond a comparison: its table, its text and its words, by option."""

from __future__ import annotations

from types import ModuleType

from analysis import capacity, decomposition, sensitivity, tipping
from analysis.loaded import Results

BY_OPTION: dict[str, ModuleType] = {
    "tip": tipping,
    "target": capacity,
    "decompose": decomposition,
    "assumptions": sensitivity,
    "sweep": sensitivity,
}
"""Each has `FILE`, `table(results)`, `text_tables(results)` and `sentences(results)`."""


def answering(results: Results) -> ModuleType | None:
    """What tells the answer of this run; None where nothing more was asked."""
    return BY_OPTION.get(results.asked.get("option", ""))
