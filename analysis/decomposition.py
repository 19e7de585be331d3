"""The difference between two models, split over the questions that they answer differently.

Each part is a sum of paired differences between mixes of the two models' answers, with the weights that
`sim.experiment.decomposition` wrote into the manifest; so parts have paired intervals, and sum to the
difference in every replication.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis import measured
from analysis.loaded import Results
from analysis.statistics import KEYS, half_width
from analysis.tables import TextTable, growing_among_tried, title_of
from analysis.words import MINUS, in_words, signed, unit_apart
from sim.results.columns import MEASURES, TABLES

FILE = "decomposition.csv"
WHOLE = "whole"
COLUMNS = [column.name for column in TABLES[FILE]]


def name_of(part: list[str]) -> str:
    """`fleet and reporting`."""
    return " and ".join(part)


def table(results: Results) -> pd.DataFrame:
    """As `decomposition.csv`: every part of every measure and group, the whole last."""
    some = [_parts(results, measured.plain(rows)) for rows in measured.by_measures(results.tried)]
    return pd.concat(some).sort_values(["split", "since", "place"], kind="stable", ignore_index=True)[COLUMNS]


def _parts(results: Results, replications: pd.DataFrame) -> pd.DataFrame:
    """Every part, with the number of its split, and of its measure and group the first part and the place.

    replications: rows with their place among all.
    """
    keys = [*KEYS, "replication"]
    order = pd.MultiIndex.from_frame(replications[keys].drop_duplicates())
    wide = replications.set_index([*keys, "scenario"]).value.unstack("scenario").reindex(order)
    splits = [_split(wide, split).assign(split=n) for n, split in enumerate(results.asked["splits"])]
    found = pd.concat(splits, ignore_index=True)
    return found.join(replications.groupby(KEYS).place.min(), on=KEYS)


def _split(wide: pd.DataFrame, split: dict[str, Any]) -> pd.DataFrame:
    whole = wide[split["scenario"]] - wide[split["baseline"]]
    found = [
        _row(name_of(part), *_contribution(wide, [terms[n] for terms in split["rounds"]]))
        | {
            "alone": _apart(wide, split["alone"][n], split["baseline"]),
            "last": _apart(wide, split["scenario"], split["all_but"][n]),
        }
        for n, part in enumerate(split["parts"])
    ]
    found.append(_row(WHOLE, whole))
    tables = [pd.DataFrame(row).dropna(subset="contribution").reset_index() for row in found]
    rows = pd.concat([table.assign(since=n) for n, table in enumerate(tables)])
    total = rows[rows.part == WHOLE].set_index(KEYS).contribution
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 100 * rows.contribution / total.reindex(pd.MultiIndex.from_frame(rows[KEYS])).to_numpy()
    rows["share_percent"] = share.where(np.isfinite(share))
    rows["since"] = rows.groupby(KEYS, sort=False).since.transform("min")
    return rows.assign(scenario=split["scenario"], baseline=split["baseline"])


def _contribution(wide: pd.DataFrame, rounds: list[list[list]]) -> tuple[pd.Series, pd.DataFrame | None]:
    """A part by measure, group and replication; and its means over replications, a column a round, where
    the orders were drawn."""
    by_round = [sum(weight * (wide[one] - wide[other]) for weight, one, other in terms) for terms in rounds]
    whole = sum(by_round) / len(by_round)
    if len(by_round) == 1:
        return whole, None
    return whole, pd.concat([_mean(found) for found in by_round], axis=1)


def _mean(values: pd.Series) -> pd.Series:
    return values.groupby(KEYS, sort=False).mean()


def _row(name: str, values: pd.Series, by_round: pd.DataFrame | None = None) -> dict[str, Any]:
    """Columns of a part; its interval holds the chance of replications and that of the orders drawn."""
    by = values.groupby(KEYS, sort=False).agg(["mean", "std", "count"])
    half = half_width(by["std"], by["count"])
    if by_round is not None:
        half = np.hypot(half, half_width(by_round.std(axis=1).reindex(by.index), by_round.shape[1]))
    mean = by["mean"]
    return {"part": name, "contribution": mean, "lower": mean - half, "upper": mean + half, "n": by["count"]}


def _apart(wide: pd.DataFrame, one: str, other: str) -> pd.Series | float:
    """Mean difference of two mixes; missing where no order drawn has them."""
    return _mean(wide[one] - wide[other]) if {one, other} <= set(wide) else np.nan


def of_headline(results: Results, arm: str) -> pd.DataFrame:
    """The rows of one arm's headline: the parts, the largest first, then the whole."""
    measure, group = results.headline["measure"], results.headline["group"]
    rows = measured.of(results.tried, measure, group).assign(place=0)
    found = _parts(results, rows)[COLUMNS]
    found = found[found.scenario == arm]
    parts = found[found.part != WHOLE]
    parts = parts.loc[parts.contribution.abs().sort_values(ascending=False, kind="stable").index]
    return pd.concat([parts, found[found.part == WHOLE]])


def text_tables(results: Results) -> list[TextTable]:
    """A row a part, for each compared arm."""
    return [_text_table(results, split) for split in results.asked["splits"]]


def _text_table(results: Results, split: dict[str, Any]) -> TextTable:
    arm, base = split["scenario"], split["baseline"]
    rows = [
        [
            row.part,
            _interval(row),
            _percent(row.share_percent),
            _signed(row.alone),
            _signed(row.last),
        ]
        for row in of_headline(results, arm).itertuples()
    ]
    title = f"{title_of(results.headline['measure'])} {in_words(results.headline['group'])}: {arm} less {base}, by question"
    note = "; ".join(part for part in (how(split), growing_among_tried(results)) if part)
    return TextTable(title, ["", "adds", "share", "swapped alone", "swapped last"], rows, note)


def _interval(row) -> str:
    return f"{signed(row.contribution)} ({signed(row.lower)} to {signed(row.upper)})"


def _signed(value: float) -> str:
    return "-" if value != value else signed(value)


def _percent(share: float) -> str:
    return "-" if share != share else f"{share:z.0f} %".replace("-", MINUS)


def how(split: dict[str, Any]) -> str:
    """Over which orders the parts are averaged."""
    parts = len(split["parts"])
    if split["exact"]:
        run = len({name for terms in split["rounds"][0] for _, *names in terms for name in names})
        return f"averaged over all orders of {parts} answers, from {2**parts} mixes ({run} differ)"
    return f"averaged over {2 * len(split['rounds'])} orders drawn, each with its reverse"


def sentences(results: Results) -> list[str]:
    """The headline's parts in words."""
    return [line for split in results.asked["splits"] for line in _told(results, split)]


def _told(results: Results, split: dict[str, Any]) -> list[str]:
    arm, base = split["scenario"], split["baseline"]
    if not split["parts"]:
        return [f"{arm} and {base} give the same answers to all questions: there is nothing to split."]
    found = of_headline(results, arm)
    if not len(found):
        return [f"{arm}: the headline measure does not exist in this run."]
    known, whole = MEASURES[results.headline["measure"]], found.iloc[-1]
    parts = [f"{row.part} {signed(row.contribution)}" for row in found.iloc[:-1].itertuples()]
    told = [
        f"{known.in_words.capitalize()} {in_words(results.headline['group'])}, {arm} less {base}: "
        f"{signed(whole.contribution)} {unit_apart(known.unit)} = {', '.join(parts)}."
    ]
    for part in split["parts"]:
        if len(part) > 1 and "fleet" in part:
            told.append(f"{name_of(part)} are one part: with one without the other there is no scenario.")
    return told
