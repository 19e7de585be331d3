"""How three models or more stand to each other: beside each other, in pairs, and over what nobody knows."""

from __future__ import annotations

import pandas as pd

from analysis.differences import rests_on
from analysis.loaded import Results
from analysis.tables import (
    OF_LISTS,
    OF_MONEY,
    TextTable,
    dagger_note,
    difference,
    growing_mark,
    growing_note,
    mark_of_two,
    tells_lists,
    title_of,
)
from analysis.words import in_words, interval, number, share

RANKS = "uncertain_ranks.csv"
OF_FRONT = {
    "wait_days_mean": "wait, days",
    "travel_minutes_mean": "journey, minutes",
    "cost_per_scan_pounds": "cost a scan, pounds",
}
ABOUT_BEST = "%: of resamples of the replications; beaten: the other is worse in none of wait, journey and cost, and better in one"
ABOUT_PAIRS = "intervals hold together over all pairs, 95 times in 100"
ABOUT_RANKS = "every assumption drawn from its range, each model at the same draws; 1 is the best place; who ties shares"
ABOUT_REST = "numbers in which a model differs from the first; an assumption that stands in many places is counted once"
ABOUT_CENTRES = (
    "the places above are those of the numbers as written: --uncertain ranks the models over their ranges"
)


def of_several(results: Results) -> list[TextTable]:
    """How three models or more stand to each other at the headline; nothing where fewer are compared."""
    if not results.has_several_models:
        return []
    by_lists = by_measure(results) if tells_lists(results) else []
    return [*beside(results), *by_lists, pairs(results)]


def beside(results: Results) -> list[TextTable]:
    """How three models or more stand to each other at the headline, a row a model."""
    return [models(results), *over_ranges(results), resting(results)]


def by_model(results: Results, title: str, columns: dict[str, tuple[str, str]]) -> TextTable:
    """A row a model: of each (measure, group) the mean, of the first with its interval, of the others with the difference from it."""
    rows = []
    for arm in results.arms:
        rows.append([arm])
        for measure, group in columns.values():
            value, apart = results.value(arm, measure, group), results.difference(arm, measure, group)
            of_first = "-" if value is None else interval(value) + growing_mark(results, arm, group)
            mark = mark_of_two(results, arm, results.baseline, group)
            of_other = (
                ""
                if value is None or apart is None
                else f"{number(value['mean'])}, {difference(apart)}{mark}"
            )
            rows[-1].append(of_other or of_first)
    known = [at for at in range(1 + len(columns)) if any(row[at] != "-" for row in rows)]
    headings = ["model", *columns]
    note = "; ".join(note for note in (about_difference(results), dagger_note(rows)) if note)
    return TextTable(title, [headings[at] for at in known], [[row[at] for at in known] for row in rows], note)


def about_difference(results: Results) -> str:
    """What stands in a cell of `by_model`."""
    return f"mean, and how much more than {results.baseline}, with an interval that is wide enough for all of them to hold together"


def by_measure(results: Results) -> list[TextTable]:
    """A row a model: a table a measure with everybody of each modality, and one of money where anything is known in pounds."""
    measures = [*OF_LISTS, *(["travel_minutes_mean"] if len(results.places) > 1 else [])]
    everybody = results.everybody.items()
    tables = [
        by_model(results, title_of(measure), {modality: (measure, group) for modality, group in everybody})
        for measure in measures
    ]
    pounds = {title_of(measure): (measure, "all") for measure in OF_MONEY}
    tables.append(by_model(results, "Money, in the data-collection period", pounds))
    return [table for table in tables if len(table.headings) > 1]


def models(results: Results) -> TextTable:
    """A row a model: the headline, how sure it is that it is the best, wait, travel and cost, and who beats it."""
    measure, group = results.headline["measure"], results.headline["group"]
    front = results.front[results.front.group == group].set_index("scenario")
    best = results.best[(results.best.measure == measure) & (results.best.group == group)]
    best = best.set_index("scenario").best_percent
    rows = []
    for arm in results.arms:
        value, mark = results.value(arm, measure, group), growing_mark(results, arm, group)
        row = {"model": arm, title_of(measure): "-" if value is None else interval(value) + mark}
        row |= {"best in": share(best[arm])} if len(best) else {}
        if len(front):
            here = front.loc[arm]
            row |= {
                of: number(here[name]) + mark
                for name, of in OF_FRONT.items()
                if name != measure and here[name] == here[name]
            }
            row |= {
                "beaten by none in": share(here.on_front_percent),
                "beaten by": here.beaten_by.replace(";", ", ") or "none",
            }
        rows.append(row)
    note = "; ".join(note for note in (ABOUT_BEST, growing_note(results)) if note)
    title = f"The models beside each other {in_words(group)}"
    return TextTable(title, list(rows[0]), [list(row.values()) for row in rows], note)


def pairs(results: Results) -> TextTable:
    """A row a pair of models: the difference in the headline measure, with intervals that hold together."""
    measure, group = results.headline["measure"], results.headline["group"]
    found = results.pairs[(results.pairs.measure == measure) & (results.pairs.group == group)]
    rows = [
        [
            f"{row.scenario} less {row.baseline}",
            difference(row) + mark_of_two(results, row.scenario, row.baseline, group),
            row.verdict,
        ]
        for row in found.itertuples()
    ]
    note = "; ".join(note for note in (ABOUT_PAIRS, growing_note(results)) if note)
    return TextTable(
        f"Every pair: {title_of(measure)} {in_words(group)}", ["", "difference", "verdict"], rows, note
    )


def over_ranges(results: Results) -> list[TextTable]:
    """A row a model: its place over the ranges of the assumptions; nothing unless `--uncertain` drew them."""
    if not results.manifest.get("uncertain") or not (results.path / RANKS).is_file():
        return []
    measure, group = results.headline["measure"], results.headline["group"]
    found = pd.read_csv(results.path / RANKS)
    found = found[(found.measure == measure) & (found.group == group)].sort_values("rank_mean", kind="stable")
    if found.empty:
        return []
    rows = [
        [
            row.scenario,
            number(row.rank_mean),
            f"{row.rank_low:.0f} to {row.rank_high:.0f}",
            share(row.best_percent),
        ]
        for row in found.itertuples()
    ]
    title = f"How they rank over the ranges of the assumptions: {title_of(measure)} {in_words(group)}"
    headings = ["model", "mean place", "place in 90 of 100 draws", "best in"]
    return [TextTable(title, headings, rows, f"{found.draws.iloc[0]} draws; {ABOUT_RANKS}")]


def resting(results: Results) -> TextTable:
    """A row a model but the first: in how many numbers it differs, and how many of those nobody has published."""
    rows = []
    for arm in results.arms[1:]:
        found = rests_on(results, arm)
        rows.append([arm, f"{found.numbers:,}", f"{found.assumed:,}", f"{found.assumptions:,}"])
    headings = ["model", "numbers that differ", "of these assumed", "different assumptions"]
    note = ABOUT_REST if results.manifest.get("uncertain") else f"{ABOUT_REST}; {ABOUT_CENTRES}"
    return TextTable(f"What the differences from {results.baseline} rest on", headings, rows, note)
