"""The tables of the screen and of the report, as rows of text.

`python -m analysis.tables results/NAME` writes those of the report as files of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from analysis import groups
from analysis.loaded import Results
from analysis.words import STILL_GROWING, in_words, interval, signed
from sim.results.columns import MEASURES


class TextTable(NamedTuple):
    """A table ready to be shown: a title, headings and rows of text."""

    title: str
    headings: list[str]
    rows: list[list[str]]
    note: str = ""


BY_PLACE = ("wait_days_mean", "wait_days_p92", "travel_minutes_mean", "service_days_per_week")
OF_LISTS = {
    "wait_days_mean": "wait, days",
    "over_6_weeks_percent": "over six weeks, %",
    "list_size": "list at month ends",
    "unscheduled_wait_hours_mean": "unscheduled wait, hours",
}
"""What is told of lists, with its heading on the screen."""
OVERALL = (
    "wait_days_mean",
    "wait_days_p92",
    "report_days_mean",
    "list_size",
    "over_6_weeks_percent",
    "over_13_weeks_percent",
    "result_in_28_days_percent",
    "scans_per_week",
    "load_percent",
    "scanner_use_percent",
    "downtime_percent",
    "missed_percent",
    "displaced_per_1000",
    "unscheduled_wait_hours_mean",
    "travel_minutes_mean",
    "travel_over_60_minutes_percent",
)
OF_MONEY = ("cost_per_scan_pounds", "cost_per_scan_in_6_weeks_pounds", "one_off_pounds", "payments_pounds")
INDENT = "\N{NO-BREAK SPACE}" * 2
Cells = Iterable[tuple[str, str, str]]
"""(label of the row, measure, group)."""


def of_report(results: Results) -> list[TextTable]:
    """Every table of the report."""
    if not tells_lists(results):
        places = [by_place(results, measure) for measure in BY_PLACE]
        return [*places, by_site(results), overall(results), *money(results)]
    told = [by_modality(results, measure) for measure in dict.fromkeys([*OF_LISTS, *BY_PLACE])]
    everybody = [overall(results, modality) for modality in results.modalities]
    shown = [*told, by_site(results), *everybody, *money(results)]
    return [table for table in shown if table.rows]


def tells_lists(results: Results) -> bool:
    """Whether waiting lists are the question: there are several modalities, or a list to begin with."""
    return results.has_several_modalities or bool(results.opening)


def rows_of_lists(results: Results) -> list[tuple[str, str]]:
    """(label, group): a row a modality; under it its places, those already waiting, new referrals."""
    return [
        (label if label == modality else INDENT + label, group)
        for modality, within in groups.shown(results).items()
        for label, group in within.items()
    ]


def by_modality(results: Results, measure: str) -> TextTable:
    """One measure by modality, and within it by place and by when people came."""
    cells = [(label, measure, group) for label, group in rows_of_lists(results)]
    return _table(results, f"{title_of(measure)} by modality", "modality", cells)


def by_place(results: Results, measure: str) -> TextTable:
    """One measure by place: each arm with its interval, and the paired differences."""
    cells = [(place, measure, f"place={place}") for place in results.places]
    return _table(results, f"{title_of(measure)} by place", "place", [*cells, ("everybody", measure, "all")])


def by_site(results: Results) -> TextTable:
    """The load reached at each site, beside the load planned for all of them."""
    loads = results.summary[results.summary.measure == "load_percent"]
    last = {group: group.rpartition(";") for group in dict.fromkeys(loads.group)}
    cells = [
        (", ".join(part for part in (site.removeprefix("site="), within.removeprefix("modality=")) if part), "load_percent", group)
        for group, (within, _, site) in last.items()
        if site.startswith("site=")
    ]  # fmt: skip
    return _table(results, "Load reached: slots booked over slots staffed (%)", "site", cells)


def overall(results: Results, modality: str = "") -> TextTable:
    """The main measures over everybody, or over everybody who needs one modality."""
    group = groups.everybody(results, modality) if modality else "all"
    return _table(results, modality or "Everybody", "measure", [(title_of(m), m, group) for m in OVERALL])


def gaps(results: Results) -> TextTable:
    """The gaps between places, deprivation fifths where they are known, and people with a car and without."""
    found = results.summary[results.summary.measure.str.startswith("gap_")]
    keys = dict.fromkeys(zip(found.group, found.measure))
    cells = [
        (f"{in_words(group).removeprefix('for ')}: {title_of(measure)}", measure, group)
        for group, measure in sorted(keys, key=lambda key: key[0])
    ]
    return _table(results, "Gaps between people", "gap", cells)


def money(results: Results) -> list[TextTable]:
    """What scanning costs, and what is left to each provider; no table where nothing is known in pounds."""
    cells = [(title_of(measure), measure, "all") for measure in OF_MONEY]
    surplus = results.summary[results.summary.measure == "surplus_pounds"].group
    of_providers = [group for group in dict.fromkeys(surplus) if group.startswith("provider=")]
    for group in of_providers:
        label = f"Surplus of {group.removeprefix('provider=')} (pounds)"
        cells.append((label, "surplus_pounds", group))
    made = _table(results, "Money, in the data-collection period", "", cells)
    return [made] if made.rows else []


def title_of(measure: str) -> str:
    """A measure's name with its unit."""
    known = MEASURES[measure]
    words = known.in_words
    return f"{words[0].upper()}{words[1:]} ({known.unit})"


def _table(results: Results, title: str, first: str, cells: Cells) -> TextTable:
    others = [arm for arm in results.arms if arm != results.baseline]
    cells = list(cells)
    headings = [first, *(arm + heading_mark(results, arm) for arm in results.arms)]
    for arm in others:
        mark = "" if tells_lists(results) else mark_of_two(results, arm, results.baseline)
        headings += [f"{arm} less {results.baseline}{mark}", "verdict"]
    rows = []
    for label, measure, group in cells:
        values = [results.value(arm, measure, group) for arm in results.arms]
        if all(value is None for value in values):
            continue
        row = [label, *(cell(results, arm, value, group) for arm, value in zip(results.arms, values))]
        for arm in others:
            found = results.difference(arm, measure, group)
            mark = mark_of_two(results, arm, results.baseline, group) if tells_lists(results) else ""
            row += ["-", "-"] if found is None else [difference(found) + mark, found.verdict]
        rows.append(row)
    return TextTable(title, headings, rows, growing_note(results))


def cell(results: Results, arm: str, value, group: str) -> str:
    """A mean with its interval; where lists are told, with a dagger if the group's list still grows."""
    if value is None:
        return "-"
    return interval(value) + (growing_mark(results, arm, group) if tells_lists(results) else "")


def heading_mark(results: Results, arm: str) -> str:
    """The dagger beside an arm, where its one list is not told in each cell."""
    return "" if tells_lists(results) else growing_mark(results, arm)


def growing_mark(results: Results, arm: str, group: str = "all") -> str:
    """A dagger where the group's list is still growing at the end; of any modality if it names none."""
    return " \N{DAGGER}" if groups.is_growing(results, arm, group) else ""


def mark_of_two(results: Results, arm: str, other: str, group: str = "all") -> str:
    """A dagger beside a difference where either list is still growing."""
    return growing_mark(results, arm, group) or growing_mark(results, other, group)


def growing_note(results: Results) -> str:
    """What the dagger means, where there is one."""
    return f"\N{DAGGER} {STILL_GROWING} at the end" if results.growing else ""


def dagger_note(rows: list[list[str]]) -> str:
    """What the dagger means, where a cell has one."""
    marked = any("\N{DAGGER}" in cell for row in rows for cell in row)
    return f"\N{DAGGER} {STILL_GROWING} at the end" if marked else ""


def growing_among_tried(results: Results) -> str:
    """How many of the scenarios that were run end with a growing list; empty where none does."""
    group, arms = results.headline["group"], list(dict.fromkeys(arm for arm, _ in results.growth))
    growing = sum(groups.is_growing(results, arm, group) for arm in arms)
    return f"{STILL_GROWING} at the end in {growing} of {len(arms)} scenarios run" if growing else ""


def difference(row) -> str:
    """`+2.9 (+2.6 to +3.2)`."""
    if row.lower == row.upper:
        return signed(row.difference)
    return f"{signed(row.difference)} ({signed(row.lower)} to {signed(row.upper)})"


def main(arguments: list[str] | None = None) -> int:
    """Write the tables of a results folder alone: as CSV, HTML and LaTeX."""
    from analysis import crate, table_files
    from analysis.files import command, one_of, told
    from analysis.provenance import line
    from analysis.report import tables_of

    parser = command("analysis.tables", main.__doc__)
    parser.add_argument("--tables", type=one_of(*table_files.AS), default=list(table_files.AS), metavar="KINDS",
                        help="kinds of file: csv, html, latex (default: all three)")  # fmt: skip
    given = parser.parse_args(arguments)

    def write(results: Results, out: Path) -> Path:
        """Every table of the report."""
        written = table_files.write(tables_of(results), out, given.tables, line(results))
        crate.refresh(results, out)
        return written

    return told(write, given.folder, given.out)


if __name__ == "__main__":
    sys.exit(main())
