"""One figure a file: `data(results)` is the table behind it, `draw(results, ax)` the picture."""

from __future__ import annotations

from analysis.figures import list_over_time, wait_against_travel, waits_by_place, where_slots_went

FIGURES = {
    "waits_by_place": waits_by_place,
    "list_over_time": list_over_time,
    "wait_against_travel": wait_against_travel,
    "where_slots_went": where_slots_went,
}
"""Every figure by its name. A figure module has CAPTION, SIZE, `data`, `draw` and `alt_text`."""
