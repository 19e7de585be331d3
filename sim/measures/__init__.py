"""Tables in, numbers out: one family of measures a file. Nothing here knows how they came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sim.measures import crews, decisions, gaps, lists, mechanisms, slots, travel, waits
from sim.measures.answers import Count
from sim.measures.cut import Cut, windows
from sim.model.calendar import Days
from sim.model.tables import Tables
from sim.results.columns import MEASURES

FAMILIES = (waits.measure, lists.measure, slots.measure, crews.measure, travel.measure)
"""Functions of a group's rows. A measure exists in a group where its function returns it."""


def measure(
    tables: Tables, days: Days, acting: Mapping[str, Count] | None = None
) -> tuple[dict[tuple[str, str], float], list[dict]]:
    """({(measure, group): value}, census rows) of one replication's data-collection period, but for its money.

    acting: the mechanisms that are counted, and how. What is in pounds depends on terms too: `sim.measures.money`.
    """
    open_days = travel.service_days(tables, days)
    values: dict[tuple[str, str], float] = {}
    rows: list[dict] = []
    for window in windows(tables, days):
        for group, cut in window.cuts():
            values |= dict(of_group(group, cut, open_days))
        rows += lists.census(window)
    values |= gaps.measure(values) | decisions.measure(tables, days)
    values |= mechanisms.measure(tables, days.window, acting or {})
    unknown = {name for name, _ in values} - set(MEASURES)
    if unknown:
        raise KeyError(f"measures without a meaning in sim/results/columns.py: {sorted(unknown)}")
    return values, sorted(rows, key=lambda row: row["Period"])


def of_group(group: str, cut: Cut, open_days: np.ndarray) -> Iterator[tuple[tuple[str, str], float]]:
    """((measure, group), value) of one group and of the parts that are told of it. open_days: one a site."""
    for family in FAMILIES:
        yield from (((name, group), value) for name, value in family(cut).items())
    if len(cut.scanned):
        yield ("service_days_per_week", group), float(open_days[cut.scanned["site"]].mean())
    if group == "all" or group.startswith(("modality=", "site=")):
        for part, found in slots.by_outcome(cut).items():
            joined = part if group == "all" else f"{group};{part}"
            yield from (((name, joined), value) for name, value in found.items())
