"""The tables of the screen and of the report, as rows of text."""

from __future__ import annotations

from typing import NamedTuple

from analysis.loaded import Results
from analysis.words import STILL_GROWING, interval, signed
from sim.results.columns import MEASURES


class TextTable(NamedTuple):
    """A table ready to be shown: a title, headings and rows of text."""

    title: str
    headings: list[str]
    rows: list[list[str]]
    note: str = ""


BY_PLACE = ("wait_days_mean", "wait_days_p92", "travel_minutes_mean", "service_days_per_week")
OVERALL = (
    "wait_days_mean",
    "wait_days_p92",
    "report_days_mean",
    "list_size",
    "over_6_weeks_percent",
    "result_in_28_days_percent",
    "scans_per_week",
    "load_percent",
    "scanner_use_percent",
    "downtime_percent",
    "missed_percent",
    "displaced_per_1000",
    "travel_minutes_mean",
    "travel_over_60_minutes_percent",
)


def by_place(results: Results, measure: str) -> TextTable:
    """One measure by place: each arm with its interval, and the paired differences."""
    groups = {place: f"place={place}" for place in results.places} | {"everybody": "all"}
    return _table(results, f"{title_of(measure)} by place", "place", {n: (measure, g) for n, g in groups.items()})


def by_site(results: Results) -> TextTable:
    """The load reached at each site, beside the load planned for all of them."""
    loads = results.summary[results.summary.measure == "load_percent"]
    sites = [group for group in dict.fromkeys(loads.group) if group.startswith("site=")]
    cells = {site.removeprefix("site="): ("load_percent", site) for site in sites}
    return _table(results, "Load reached: slots booked over slots staffed (%)", "site", cells)


def overall(results: Results) -> TextTable:
    """The main measures over everybody."""
    return _table(results, "Everybody", "measure", {title_of(m): (m, "all") for m in OVERALL})


def title_of(measure: str) -> str:
    """A measure's name with its unit."""
    known = MEASURES[measure]
    return f"{known.in_words.capitalize()} ({known.unit})"


def _table(results: Results, title: str, first: str, cells: dict[str, tuple[str, str]]) -> TextTable:
    others = [arm for arm in results.arms if arm != results.baseline]
    headings = [first, *(arm + growing_mark(results, arm) for arm in results.arms)]
    for arm in others:
        headings += [f"{arm} less {results.baseline}", "verdict"]
    rows = []
    for name, (measure, group) in cells.items():
        values = [results.value(arm, measure, group) for arm in results.arms]
        if all(value is None for value in values):
            continue
        row = [name, *("-" if value is None else interval(value) for value in values)]
        for arm in others:
            found = results.difference(arm, measure, group)
            row += ["-", "-"] if found is None else [difference(found), found.verdict]
        rows.append(row)
    return TextTable(title, headings, rows, growing_note(results))


def growing_mark(results: Results, arm: str) -> str:
    """A dagger for an arm whose list is still growing at the end."""
    return " \N{DAGGER}" if arm in results.growing else ""


def growing_note(results: Results) -> str:
    """What the dagger means, where there is one."""
    return f"\N{DAGGER} {STILL_GROWING} at the end" if results.growing else ""


def difference(row) -> str:
    """`+2.9 (+2.6 to +3.2)`."""
    if row.lower == row.upper:
        return signed(row.difference)
    return f"{signed(row.difference)} ({signed(row.lower)} to {signed(row.upper)})"


