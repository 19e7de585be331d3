"""The headline over all replications, over those in which something happened that happens at most once a run, and
over those in which it did not: the rows of `events.csv`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis import measured, statistics
from analysis.loaded import Results, once
from analysis.tables import TextTable, difference, growing_mark, growing_note, mark_of_two, title_of
from analysis.words import in_words, interval, number, signed
from sim.results.columns import TABLES

FILE = "events.csv"
MEASURE, PREFIX = "happened_percent", "event="
ABOUT = "95 % intervals, each of its row alone, and exploratory; runs are drawn so that few already hold their share of each event"
COLUMNS = [column.name for column in TABLES[FILE]]


@once
def table(results: Results) -> pd.DataFrame:
    """As `events.csv`; no row where nothing of this can happen, or in a sweep."""
    if results.is_sweep:
        return pd.DataFrame(columns=COLUMNS)
    return pd.DataFrame([row for arm in results.arms for row in rows_of(results, arm)], columns=COLUMNS)


def rows_of(results: Results, arm: str) -> Iterator[dict[str, Any]]:
    """What may happen in an arm's replications: the arm's headline, and each comparison that it takes part in."""
    measure, group = results.headline["measure"], results.headline["group"]
    headline = measured.of(results.replications, measure, group)
    compared = [pair for pair in results.manifest["baselines"].items() if arm in pair]
    for event, happened in events_of(results, arm).items():
        for runs, numbers in split(happened).items():
            here = headline[headline.replication.isin(numbers)]
            about = {"of": arm, "event": event, "runs": runs, "measure": measure, "group": group}
            for scenario, baseline in ((arm, ""), *compared):
                yield about | {"scenario": scenario, "baseline": baseline} | told(here, scenario, baseline)


def events_of(results: Results, arm: str) -> dict[str, pd.Series]:
    """{event: whether it happened, by replication} of what may happen in an arm."""
    found = measured.of(results.replications, MEASURE)
    return {
        group.removeprefix(PREFIX): those.set_index("replication").value > 0
        for group, those in found[found.scenario == arm].groupby("group", sort=False)
    }


def split(happened: pd.Series) -> dict[str, pd.Index]:
    """The replications: all, with and without."""
    return {
        "all": happened.index,
        "with": happened.index[happened],
        "without": happened.index[~happened],
    }


def told(headline: pd.DataFrame, scenario: str, baseline: str) -> dict[str, Any]:
    """unit, n, mean and interval of an arm, or of its difference in pairs from its baseline; only n where n is 0.

    headline: one measure and group of some replications.
    """
    arms = headline[headline.scenario.isin([scenario, baseline])]
    wide = arms.pivot(index="replication", columns="scenario", values="value").dropna()
    if wide.empty or not {scenario, baseline} - {""} <= set(wide):
        return {"n": 0}
    values = wide[scenario] - (wide[baseline] if baseline else 0)
    moments = pd.DataFrame([values.agg(statistics.MOMENTS.values()).set_axis(statistics.MOMENTS)])
    (lower,), (upper,) = statistics.interval_ends(moments)
    return {
        "unit": arms.unit.iloc[0],
        "n": len(values),
        "mean": values.mean(),
        "lower": lower,
        "upper": upper,
    }


def text_tables(results: Results) -> list[TextTable]:
    """A table an arm in which something may happen: its headline and its comparisons, event by event."""
    found = table(results)
    return [text_table(results, arm, found[found.of == arm]) for arm in dict.fromkeys(found.of)]


def text_table(results: Results, arm: str, found: pd.DataFrame) -> TextTable:
    """All runs, and with and without each event. found: the arm's rows of `events.csv`."""
    shown = list(dict.fromkeys(zip(found.scenario, found.baseline)))
    headings = ["", "runs", *(f"{one} less {other}" if other else one for one, other in shown)]
    rows: dict[str, list[str]] = {}
    for (event, runs), part in found.groupby(["event", "runs"], sort=False):
        label = "all" if runs == "all" else f"{runs} {event}"
        rows[label] = [label, str(part.n.iloc[0]), *(cell(results, row) for row in part.itertuples())]
    measure, group = results.headline["measure"], results.headline["group"]
    title = f"{title_of(measure)} {in_words(group)}, by what happened in {arm}"
    note = "; ".join(note for note in (ABOUT, growing_note(results)) if note)
    return TextTable(title, headings, list(rows.values()), note)


def cell(results: Results, row) -> str:
    """A mean or a difference, with its interval where there are two runs or more; of no run there is none."""
    if row.n == 0:
        return "-"
    if row.baseline:
        mark = mark_of_two(results, row.scenario, row.baseline, row.group)
        apart = pd.Series({"difference": row.mean, "lower": row.lower, "upper": row.upper})
        return (signed(row.mean) if row.n == 1 else difference(apart)) + mark
    mean = {"mean": row.mean, "lower": row.lower, "upper": row.upper}
    mark = growing_mark(results, row.scenario, row.group)
    return (number(row.mean) if row.n == 1 else interval(mean)) + mark
