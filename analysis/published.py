"""Simulated month ends beside those that NHS England published afterwards (DM01).

`python -m analysis.published RESULTS_FOLDER DM01_FILE --provider RTH` reads the folder of a run that started
from an opening list, writes `published.csv` (see `COLUMNS`) and `figures/published.{svg,png}` into it and
prints how far off the simulation is, beside "nothing changes": the opening list, month after month.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import crate, month_ends
from analysis.figures.drawing import write_figures
from analysis.files import write_csv
from analysis.loaded import PUBLISHED, NotResults, Results, load
from analysis.month_ends import ACTIVITY, BANDS, UNITS
from analysis.screen import console, show_tables
from analysis.tables import TextTable
from analysis.words import interval, number
from sim.results.columns import TABLES
from sim.scenario.dm01 import ENGLAND, Dm01Fault, Month, month_after, months, spans

COLUMNS = TABLES["published.csv"]
KEYS = ["modality", "month", "measure", "band"]
WRONG_INPUT = 2


class NotComparable(Exception):
    """The folder and the published months do not go together; a line for the user."""


def lay_beside(results: Results, published: dict[str, list[Month]]) -> pd.DataFrame:
    """The table of `published.csv`: month ends that both the run and DM01 have.

    published: months by modality. Raises `NotComparable` without an opening list, or where no month is in both.
    """
    simulated = results.month_ends.assign(month=results.month_ends.month_end.str[:7])
    theirs = pd.concat([as_rows(modality, found) for modality, found in published.items()])
    table = simulated.merge(theirs, on=KEYS).merge(
        opening_rows(results), on=["scenario", "modality", "measure", "band"], how="left"
    )
    if table.empty:
        said = spans(sorted({month.month for found in published.values() for month in found}))
        raise NotComparable(
            f"no month in both: simulated {spans(sorted(set(simulated.month)))}, published {said}"
        )
    ranks = {name: rank for rank, name in enumerate([*results.arms, *results.modalities])}
    table = table.sort_values(
        ["scenario", "modality", "month"],
        key=lambda names: names if names.name == "month" else names.map(ranks),
        kind="stable",
    )
    table["unit"] = table.measure.map(UNITS)
    return table[[column.name for column in COLUMNS]]


def as_rows(modality: str, found: list[Month]) -> pd.DataFrame:
    """Published months as rows: modality, month, measure, band, published."""
    names = [month.month for month in found]
    table = month_ends.of_bands(
        pd.DataFrame([month.bands for month in found], columns=BANDS, index=names, dtype=float)
    )
    done = [[month.waiting_list_activity, month.planned, month.unscheduled] for month in found]
    for place, name in enumerate(ACTIVITY):
        table[name, ""] = [float(row[place]) for row in done]
    rows = table.rename_axis(index="month").stack(["measure", "band"]).rename("published").reset_index()
    return rows.assign(modality=modality)


def opening_rows(results: Results) -> pd.DataFrame:
    """The opening lists as rows: scenario, modality, measure, band, opening."""
    if not results.opening:
        raise NotComparable(
            f"{results.path} does not start from an opening list: there is nothing to compare with DM01"
        )
    index = pd.MultiIndex.from_tuples(results.opening, names=["scenario", "modality"])
    bands = pd.DataFrame(list(results.opening.values()), columns=BANDS, index=index, dtype=float)
    return month_ends.of_bands(bands).stack(["measure", "band"]).rename("opening").reset_index()


def errors(table: pd.DataFrame) -> pd.DataFrame:
    """Root mean square errors by scenario, modality and measure, of the simulation and of nothing changes.

    Over the months; of the bands over months and bands. Units as the measure's: percentage points.
    """
    told = table[table.measure.isin(["over_6_weeks_percent", "over_13_weeks_percent", "waiting_percent"])]
    missed = told.assign(
        simulated=(told["mean"] - told.published) ** 2, nothing_changes=(told.opening - told.published) ** 2
    )
    by = missed.groupby(["scenario", "modality", "measure"], sort=False)
    return np.sqrt(by[["simulated", "nothing_changes"]].mean())


def tables(table: pd.DataFrame) -> list[TextTable]:
    """What is printed: months of each scenario and modality, then how far off they are."""
    shown = [of_months(table[table.scenario == arm], arm) for arm in table.scenario.unique()]
    rows = []
    for (arm, modality), found in errors(table).groupby(["scenario", "modality"], sort=False):
        cells = [f"{value:.1f}" for name in ERRORS for value in found.loc[(arm, modality, name)]]
        rows.append([arm, modality, str(table[table.modality == modality].month.nunique()), *cells])
    headings = [
        "",
        "",
        "months",
        *(f"{name}\n{of}" for name in ERRORS.values() for of in ("simulated", "nothing changes")),
    ]
    return [*shown, TextTable("Root mean square error, percentage points of the list", headings, rows)]


ERRORS = {"over_6_weeks_percent": "over six weeks", "waiting_percent": "14 bands"}
SIDE_BY_SIDE = {"list_size": "list", "over_6_weeks_percent": "over six weeks, %"}


def of_months(table: pd.DataFrame, arm: str) -> TextTable:
    """One scenario: a row a modality and month, published and simulated."""
    by = table[table.measure.isin(SIDE_BY_SIDE)].set_index(["modality", "month", "measure"])
    rows = []
    for modality, month in dict.fromkeys((modality, month) for modality, month, _ in by.index):
        cells = [by.loc[modality, month, measure] for measure in SIDE_BY_SIDE]
        name = modality if not rows or all(row[0] != modality for row in rows) else ""
        rows.append(
            [name, month, *(text for row in cells for text in (number(row["published"]), interval(row)))]
        )
    headings = [
        "",
        "month",
        *(f"{name}\n{of}" for name in SIDE_BY_SIDE.values() for of in ("published", "simulated")),
    ]
    return TextTable(f"{arm}: published and simulated month ends, with 95 % interval", headings, rows)


def read_published(
    files: list[Path], provider: str, modalities: list[str]
) -> tuple[dict[str, list[Month]], list[str]]:
    """(months by modality, notes on tests that are not there). Raises `Dm01Fault`, also if there is none."""
    found, missing = {}, []
    for modality in modalities:
        try:
            found[modality] = months(files, provider, modality)
        except Dm01Fault as fault:
            if fault.line or not fault.message.startswith("no test "):
                raise
            missing.append(fault)
    if not found:
        raise missing[0]
    return found, [f"left out: {fault.message}" for fault in missing]


def other_openings(results: Results, published: dict[str, list[Month]]) -> list[str]:
    """Notes on opening lists that are not the list published for the month before the start."""
    before = month_after(results.starts[:7], -1)
    lists = {(m, month.month): list(month.bands) for m, found in published.items() for month in found}
    return [
        f"the opening {modality} list of {arm} ({sum(bands):,}) is not the one published for {before} ({sum(lists[modality, before]):,})"
        for (arm, modality), bands in results.opening.items()
        if lists.get((modality, before), bands) != bands
    ]


def write(results: Results, table: pd.DataFrame) -> None:
    """`published.csv` and its figure, with the table behind it."""
    write_csv(results.path / PUBLISHED, table)
    fresh = load(results.path)
    write_figures(fresh, results.path, ["published"])
    crate.write(fresh)


def main(arguments: list[str] | None = None) -> int:
    """Lay a run's month ends beside the published ones of the months that both have."""
    parser = argparse.ArgumentParser(prog="python -m analysis.published", description=main.__doc__)
    parser.add_argument(
        "folder", type=Path, help="a results folder of a run that starts from an opening list"
    )
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="DM01_FILE", help="a DM01 extract as CSV, or several"
    )
    parser.add_argument(
        "--provider",
        default=ENGLAND,
        help="code or name as in the file; not needed if the file is of England",
    )
    given = parser.parse_args(arguments)
    try:
        results = load(given.folder)
        opening_rows(results)
        published, notes = read_published(given.files, given.provider, results.modalities)
        table = lay_beside(results, published)
    except (NotResults, NotComparable, Dm01Fault) as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    for note in [*notes, *other_openings(results, published)]:
        print(note, file=sys.stderr)
    write(results, table)
    show_tables(tables(table))
    console().print(
        f"Tables and figure are in {given.folder}/: published.csv, figures/published.svg; "
        f"python -m analysis.report {given.folder} puts them on the page",
        soft_wrap=True,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
