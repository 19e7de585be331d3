"""Which cell of which table each number of a sentence is.

A number is traced only to a cell that is printed so and whose measure the sentence names; of several, to the one
whose arm and group it names too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from analysis import decomposition, month_ends, runs, searches
from analysis.figures import list_over_time
from analysis.loaded import Results, once
from analysis.pairing import AIM
from analysis.remarks import pairing_of
from analysis.statistics import CONFIDENCE, POWER
from analysis.words import in_words, number, share, signed
from sim.results.columns import MEASURES

NUMBER = re.compile(r"(?<![\w.])[+\N{MINUS SIGN}-]?\d(?:[\d,]*\d)?(?:\.\d+)?(?!\w)")
TABLES = {
    "summary": ("mean", "lower", "upper"),
    "comparison": ("difference", "lower", "upper", "variance_ratio"),
    "best": ("best_percent",),
}
ROUNDED = {"travel_minutes_mean": "{:.0f}", "service_days_per_week": "{:.1f}"}
"""Measures that a sentence prints to fewer figures than the tables."""
LISTS = "figures/list_over_time.csv"


class Part(NamedTuple):
    """A piece of a sentence; `cell` says where its number comes from, and is empty for words."""

    text: str
    cell: str = ""


class Cell(NamedTuple):
    """A number as a sentence prints it; words that its sentence has to have, and others that speak for it.

    An empty word is in every sentence: it speaks for the headline's group.
    """

    text: str
    needed: str
    helped: tuple[str, ...]
    name: str


def traced(results: Results, sentence: str) -> list[Part]:
    """The sentence in parts: words, and numbers with their cells; empty where no table has the number."""
    parts, at = [], 0
    known = cells(results)
    for found in NUMBER.finditer(sentence):
        parts.append(Part(sentence[at : found.start()]))
        parts.append(Part(found.group(), cell_of(known, found.group(), sentence)))
        at = found.end()
    return [part for part in (*parts, Part(sentence[at:])) if part.text]


def cell_of(known: dict[str, list[Cell]], text: str, sentence: str) -> str:
    """The cell that a number of a sentence is: of those printed so, the one that the sentence says most of."""
    lower = sentence.lower()
    fit = [cell for cell in known.get(text.removeprefix("+"), []) if cell.needed.lower() in lower]
    if not fit:
        return ""
    return max(fit, key=lambda cell: sum(word.lower() in lower for word in cell.helped)).name


@once
def cells(results: Results) -> dict[str, list[Cell]]:
    """Every number that a sentence may hold, by how it is printed."""
    found: dict[str, list[Cell]] = {}
    for cell in (
        *_of_tables(results),
        *_of_lists(results),
        *_of_pairing(results),
        *_of_warm_up(results),
        *_of_search(results),
        *_of_precision(results),
        *_of_not_knowing(results),
        *_of_run(results),
    ):
        found.setdefault(cell.text, []).append(cell)
    return found


def _of_tables(results: Results) -> Iterator[Cell]:
    """Cells of summary.csv, comparison.csv and best.csv."""
    for table, columns in TABLES.items():
        if table == "best" and not results.has_several_models:
            continue
        for row in getattr(results, table).itertuples():
            at = f"{table}.csv: scenario={row.scenario}, measure={row.measure}, group={row.group}"
            needed = (
                row.group.rpartition("=")[2]
                if row.measure == "times_acted"
                else MEASURES[row.measure].in_words
            )
            asked = [""] if row.group == results.headline["group"] else []
            helped = (row.scenario, in_words(row.group), *asked)
            for column in columns:
                value = getattr(row, column)
                for text in printed(row.measure, column, value):
                    yield Cell(text, needed, helped, f"{at}, {column}")
            if table == "comparison" and not pd.isna(row.replications_needed):
                more = max(int(row.replications_needed) - results.manifest["replications"], 1)
                name = f"{at}, replications_needed, less those made"
                yield Cell(f"{more:,}", "more replications", helped, name)


def printed(measure: str, column: str, value: float) -> set[str]:
    """How a sentence may print a cell, without a plus."""
    if pd.isna(value):
        return set()
    if column == "best_percent":
        return {share(value).strip("<> %")}
    rounded = {ROUNDED[measure].format(value)} if measure in ROUNDED else set()
    return {number(value), signed(value).removeprefix("+")} | rounded


def _of_lists(results: Results) -> Iterator[Cell]:
    """Cells of the table behind the figure of the list, and its months."""
    for row in list_over_time.data(results).itertuples():
        at = f"{LISTS}: scenario={row.scenario}, modality={row.modality}, month_end={row.month_end}, measure={row.measure}"
        month = month_ends.month_name(row.month_end)
        helped = (row.scenario, row.modality, month)
        helped += ("% of them over six weeks",) if row.measure == list_over_time.SHARE else ()
        for column in ("mean", "lower", "upper"):
            value = getattr(row, column)
            if value == value:
                yield Cell(
                    number(value), "waiting list", (row.scenario, row.modality, month), f"{at}, {column}"
                )
        yield Cell(row.month_end[:4], month, helped, f"{at}, month_end")


def _of_pairing(results: Results) -> Iterator[Cell]:
    """What follows from the replications of two models in pairs."""
    for arm in results.arms[1:]:
        found = pairing_of(results, arm)
        if found is None:
            continue
        at = f"replications.parquet: pairs of {arm} and {results.baseline}"
        told = {"ratio": number(found.ratio), "times": number(found.times), "most": number(found.most)}
        told |= {
            "n": str(found.n),
            "correlation": f"{found.correlation:.2f}",
            "downtime": f"{100 * found.downtime:.0f}",
        }
        for name, text in told.items():
            yield Cell(text, "same patients divides the variance", (arm,), f"{at}, {name}")
        yield Cell(f"{AIM:g}", "the aim being", (), "analysis.pairing.AIM")


def _of_warm_up(results: Results) -> Iterator[Cell]:
    """What the check of the warm-up found at the month ends of the census."""
    for (arm, modality), found in results.short_warm_up.items():
        at = f"census.parquet: month ends of {arm}, {modality}"
        months = results.warm_up_months
        for name, text in {
            "warm-up, months": str(months),
            "months after it": str(found.months),
            "warm-up suggested": str(months + found.months),
            "list in them": number(found.first),
            "list later": number(found.later),
        }.items():
            yield Cell(text, "warm-up", (arm, modality), f"{at}, {name}")


def _of_search(results: Results) -> Iterator[Cell]:
    """Cells of the table of what was asked beyond the comparison, and what was asked."""
    found = searches.answering(results)
    if found is None:
        return
    table, asked = found.table(results), results.headline
    if found is decomposition:
        table = table[(table.measure == asked["measure"]) & (table.group == asked["group"])]
    numbers = [name for name in table.select_dtypes("number") if name != "n"]
    for place, row in enumerate(table.to_dict("records")):
        helped = (row["scenario"], str(row.get("kind", "")), str(row.get("part", "")))
        for name in numbers:
            value = row[name]
            if value == value:
                for text in {number(value), signed(value).removeprefix("+"), f"{value:.4g}", f"{value:.0f}"}:
                    yield Cell(text, row["scenario"], helped, f"{found.FILE}: row={place + 1}, {name}")
    for one in asked_numbers(results.asked):
        yield Cell(one, "", (), "manifest.json: asked")


def asked_numbers(asked: Any) -> Iterator[str]:
    """Every number of what was asked, as a sentence prints it."""
    if isinstance(asked, dict | list):
        for below in asked.values() if isinstance(asked, dict) else asked:
            yield from asked_numbers(below)
    elif isinstance(asked, str):
        yield from NUMBER.findall(asked)
    elif isinstance(asked, int | float):
        yield f"{asked:.4g}"


def _of_precision(results: Results) -> Iterator[Cell]:
    """What the manifest says of the precision asked for."""
    said = results.manifest.get("precision")
    if not said:
        return
    for text in NUMBER.findall(said["asked"]):
        yield Cell(text, "Precision", (), "manifest.json: precision.asked")
    count = str(results.manifest["replications"])
    yield Cell(count, "Precision", (), "manifest.json: replications")
    for name, (width, allowed) in said["half_widths"].items():
        for value in (width, allowed):
            if value is not None:
                at = f"manifest.json: precision.half_widths.{name}"
                yield Cell(number(value), "half-width", (f"for {name}:",), at)


def _of_not_knowing(results: Results) -> Iterator[Cell]:
    """Cells of uncertain.csv, and what the manifest says was drawn."""
    said = results.manifest.get("uncertain")
    if not said:
        return
    for name in ("unknowns", "draws", "passed_over"):
        yield Cell(str(said[name]), "Unknowns drawn", (), f"manifest.json: uncertain.{name}")
    needed = "drawn from their ranges"
    for text in ("95", "100"):
        yield Cell(text, "95 of 100 draws", (), "uncertain.csv: what low and high mean")
    for row in runs.headline_rows(results).itertuples():
        at = f"uncertain.csv: scenario={row.scenario}, measure={row.measure}, group={row.group}"
        at += f", baseline={row.baseline}" if row.baseline else ""
        helped = (runs.who(row), in_words(row.group))
        for column in ("mean", "lower", "upper", "low", "high"):
            yield Cell(number(getattr(row, column)), needed, helped, f"{at}, {column}")
        yield Cell(f"{row.draws:.0f}", needed, helped, f"{at}, draws")
        part = row.not_knowing_percent
        yield Cell(f"{part:.0f}", needed, helped, f"{at}, not_knowing_percent")
        yield Cell(f"{100 - part:.0f}", needed, helped, f"{at}, not_knowing_percent, from 100")


def _of_run(results: Results) -> Iterator[Cell]:
    """Numbers of the manifest, of the statistics, and those in the names of measures."""
    yield Cell(f"{results.headline['matters']:g}", "matters", (), "manifest.json: headline.matters")
    interval = f"{100 * CONFIDENCE:.0f} % interval"
    yield Cell(interval[:2], interval, (interval,) * 3, "analysis.statistics.CONFIDENCE")
    yield Cell("2022", "and others 2022", (), "the year of what is cited")
    others = list(results.manifest["baselines"].values()).count(results.baseline) - 1
    yield Cell(str(others), "more comparison", (), "manifest.json: baselines, less one")
    times, of = round(5 * POWER), 5
    for text in (str(times), str(of)):
        yield Cell(text, f"{times} times in {of}", (), "analysis.statistics.POWER")
    if results.has_several_models:
        yield Cell(str(len(results.arms)), "models", (), "manifest.json: arms, counted")
    for known in MEASURES.values():
        for found in NUMBER.findall(known.in_words):
            yield Cell(found, known.in_words, (), f"the name of {known.name}")
