"""Which numbers matter: indices of a sampled sweep, or each assumption's range end by end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis.loaded import Results
from analysis.statistics import CONFIDENCE, half_width
from analysis.tables import TextTable, growing_among_tried, title_of
from analysis.words import in_words, signed
from sim.results.columns import MEASURES, TABLES

NUMBER = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?")
FILE = "sensitivity.csv"
RESAMPLES = 1000
MOST_SHOWN = 20
FIRST, TOTAL, SLOPE, RANK, EXPLAINED = (
    "first_order",
    "total_order",
    "regression",
    "rank_regression",
    "explained",
)
Indices = Callable[[np.ndarray], dict[str, np.ndarray]]
"""Outcomes by point to {kind: an index a path}."""


def table(results: Results) -> pd.DataFrame:
    """As `sensitivity.csv`: of each arm's headline, and of each difference from its baseline."""
    rows = ends(results) if results.asked["option"] == "assumptions" else indices(results)
    measure = results.headline["measure"]
    usual = {"measure": measure, "unit": MEASURES[measure].unit, "group": results.headline["group"]}
    return pd.DataFrame([usual | row for row in rows], columns=[column.name for column in TABLES[FILE]])


# ---- one assumption at a time


def ends(results: Results) -> Iterator[dict[str, Any]]:
    """A row an assumption's end and arm: how much the measure, or its difference, changes."""
    found = results.outcomes(results.headline["measure"], results.headline["group"])
    for end in results.asked["ends"]:
        usual = {"path": end["path"], "kind": end["end"], "value": end["value"]}
        moved = {arm: found.get(end["arms"].get(arm, arm)) for arm in results.arms}
        for arm, values in moved.items():
            if arm in end["arms"] and values is not None:
                yield usual | {"scenario": arm} | _change(values - found[arm])
            if arm != results.baseline and values is not None and moved[results.baseline] is not None:
                apart = (values - moved[results.baseline]) - (found[arm] - found[results.baseline])
                yield usual | {"scenario": arm, "baseline": results.baseline} | _change(apart)


def _change(values: pd.Series) -> dict[str, float]:
    values = values.dropna()
    half = float(half_width(values.std(ddof=1), len(values)))
    return {"estimate": values.mean(), "lower": values.mean() - half, "upper": values.mean() + half}


# ---- sampled sweeps


def indices(results: Results) -> Iterator[dict[str, Any]]:
    """A row a path and index, for the measure of each scenario and for each difference."""
    rows = [tuple(row) for row in results.asked["rows"]]
    paths = list(next(iter(results.manifest["points"].values())))
    found = results.outcomes(results.headline["measure"], results.headline["group"])
    work = sobol(rows) if results.asked["design"] == "sobol" else regression(rows)
    for scenario, baseline, values in outcomes(results, found, rows):
        if np.isfinite(values).all():
            for kind, at, estimate, lower, upper in with_intervals(values, work, results, len(paths)):
                usual = {
                    "scenario": scenario,
                    "baseline": baseline,
                    "path": paths[at] if at is not None else "",
                }
                yield usual | {"kind": kind, "estimate": estimate, "lower": lower, "upper": upper}


def outcomes(
    results: Results, found: pd.DataFrame, rows: list[tuple[str, ...]]
) -> Iterator[tuple[str, str | None, np.ndarray]]:
    """(scenario, baseline, values): a row a replication, a column a point of the design."""
    at: dict[tuple[str, ...], list[str]] = {}
    for arm, point in results.manifest["points"].items():
        at.setdefault(tuple(point.values()), []).append(arm)
    scenarios = [arm.partition(",")[0] for arm in at[rows[0]]]
    columns = [found[[at[row][n] for row in rows]].to_numpy() for n in range(len(scenarios))]
    for number, scenario in enumerate(scenarios):
        yield scenario, None, columns[number]
        if number:
            yield scenario, scenarios[0], columns[number] - columns[0]


def with_intervals(
    values: np.ndarray, work: tuple[Indices, int], results: Results, paths: int
) -> Iterator[tuple[str, int | None, float, float, float]]:
    """(kind, number of the path, estimate, lower, upper) of every index.

    The interval is a bootstrap over the points of the design and over the replications.
    """
    index_of, points = work
    rng = np.random.default_rng(np.random.SeedSequence(results.manifest["seed"], spawn_key=(6,)))
    estimates = index_of(values.mean(axis=0), np.arange(points))
    again = []
    for _ in range(RESAMPLES):
        chosen = rng.integers(len(values), size=len(values))
        again.append(index_of(values[chosen].mean(axis=0), rng.integers(points, size=points)))
    tails = [50 * (1 - CONFIDENCE), 100 - 50 * (1 - CONFIDENCE)]
    for kind, estimate in estimates.items():
        lower, upper = np.nanpercentile([one[kind] for one in again], tails, axis=0)
        for at in range(len(estimate)):
            yield (
                kind,
                at if len(estimate) == paths and kind != EXPLAINED else None,
                estimate[at],
                lower[at],
                upper[at],
            )


def sobol(rows: list[tuple[str, ...]]) -> tuple[Indices, int]:
    """First and total order from samples A, B and A with one path of B (Saltelli 2010; Jansen 1999)."""
    paths = len(rows[0])

    def index_of(outcome: np.ndarray, chosen: np.ndarray) -> dict[str, np.ndarray]:
        """From the outcomes at all points, over some of the rows of each sample."""
        a, b, *mixed = (part[chosen] for part in np.split(outcome - outcome.mean(), paths + 2))
        variance = np.concatenate([a, b]).var() or 1.0
        first = [np.mean(b * (one - a)) / variance for one in mixed]
        total = [np.mean((a - one) ** 2) / (2 * variance) for one in mixed]
        return {FIRST: np.array(first), TOTAL: np.array(total)}

    return index_of, len(rows) // (paths + 2)


def regression(rows: list[tuple[str, ...]]) -> tuple[Indices, int]:
    """Slopes of a straight line in units of spread: of the numbers, and of their ranks; and the share of
    the variance that each line explains."""
    from scipy.stats import rankdata  # takes a second to load, and few runs need it

    numbers = np.array([[float(NUMBER.search(value)[0]) for value in row] for row in rows])

    def index_of(outcome: np.ndarray, chosen: np.ndarray) -> dict[str, np.ndarray]:
        """From the outcomes at some of the points."""
        x, y = numbers[chosen], outcome[chosen]
        slopes, explained = slopes_of(x, y)
        ranked, by_rank = slopes_of(rankdata(x, axis=0), rankdata(y))
        return {SLOPE: slopes, RANK: ranked, EXPLAINED: np.array([explained, by_rank])}

    return index_of, len(rows)


def slopes_of(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """(standardised slopes, share of the variance explained) of y on the columns of x."""
    x = (x - x.mean(axis=0)) / (x.std(axis=0) + (x.std(axis=0) == 0))
    y = (y - y.mean()) / (y.std() or 1.0)
    slopes = np.linalg.lstsq(x, y, rcond=None)[0]
    return slopes, float(1 - np.mean((y - x @ slopes) ** 2)) if y.any() else 0.0


# ---- in words


def text_tables(results: Results) -> list[TextTable]:
    """What matters most first: of the last arm's difference, or of the only arm."""
    found = table(results)
    found = found[found.scenario == found.scenario.iloc[-1]]
    compared = found[found.baseline.notna()]
    found = compared if len(compared) else found
    shown = _by_end(found) if results.asked["option"] == "assumptions" else _by_index(found)
    less = f" less {found.baseline.iloc[0]}" if len(compared) else ""
    title = f"{title_of(results.headline['measure'])} {in_words(results.headline['group'])}, {found.scenario.iloc[0]}{less}"
    note = "; ".join(part for part in (shown.note, growing_among_tried(results)) if part)
    return [shown._replace(title=f"{title}: {shown.title}", note=note)]


def _by_end(found: pd.DataFrame) -> TextTable:
    reach = found.assign(size=found.estimate.abs()).groupby("path")["size"].max()
    rows = []
    for path in reach.sort_values(ascending=False, kind="stable").index[:MOST_SHOWN]:
        row = [path]
        for kind in ("low", "high"):
            one = found[(found.path == path) & (found.kind == kind)]
            row += [one.value.iloc[0], _interval(one.iloc[0])] if len(one) else ["-", "-"]
        rows.append(row)
    headings = ["", "lowest", "changes it by", "highest", "changes it by"]
    rest = len(reach) - len(rows)
    note = f"the {rest} others change it less" if rest else ""
    return TextTable("each number with a range at its ends, one at a time", headings, rows, note)


def _by_index(found: pd.DataFrame) -> TextTable:
    kinds = [kind for kind in found.kind.unique() if kind != EXPLAINED]
    largest = found[found.kind == kinds[-1]].sort_values("estimate", key=abs, ascending=False, kind="stable")
    rows = []
    for path in largest.path:
        of_path = found[found.path == path].set_index("kind")
        rows.append([path, *(_interval(of_path.loc[kind]) for kind in kinds)])
    explained = found[found.kind == EXPLAINED].estimate
    note = (
        f"a straight line explains {100 * explained.iloc[0]:.0f} % of the variance, of ranks {100 * explained.iloc[1]:.0f} %"
        if len(explained)
        else ""
    )
    return TextTable(
        "what the spread comes from", ["", *(kind.replace("_", " ") for kind in kinds)], rows, note
    )


def _interval(row) -> str:
    return f"{signed(row.estimate)} ({signed(row.lower)} to {signed(row.upper)})"


def sentences(results: Results) -> list[str]:
    """What was left out, and the number that matters most."""
    told = [f"{at} was left out: {why}." for at, why in results.asked.get("left_out", {}).items()]
    (shown,) = text_tables(results)
    return [*told, f"What matters most: {shown.rows[0][0]}."] if shown.rows else told
