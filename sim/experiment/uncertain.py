"""How much of a result is chance, and how much is not knowing.

Every assumption is drawn from its range, outside the replications; each draw has two replications of its
own, the fewest that tell chance from not knowing (one-way analysis of variance: draws between, replications
within). A paired difference is taken inside each replication, so it is split in the same way.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.experiment.drawing import draws_of, unknowns_of
from sim.experiment.runner import Runner, Values
from sim.results.columns import MEASURES, TABLES
from sim.results.folder import write_rows
from sim.results.interval import CONFIDENCE, half_width
from sim.scenario.read import Arm

if TYPE_CHECKING:
    import numpy as np

INNER = 2
"""Replications of a draw."""
UNCERTAIN, RANKS, DRAWN = "uncertain.csv", "uncertain_ranks.csv", "uncertain_draws.csv"
RANKED_FROM = 3
"""Two models are told apart by their difference; so many or more are ranked too."""
RANKED = {"less": 1, "more": -1}
"""Which way a measure is ranked, by its better side."""
MOST_OF_THEM = (0.05, 0.95)


def write_uncertain(runner: Runner, arms: list[Arm], baselines: dict[str, str], count: int) -> dict[str, Any]:
    """Run `count` draws and write `uncertain.csv`, `uncertain_draws.csv` and of several models
    `uncertain_ranks.csv`; returns what the manifest says.

    Raises `ScenarioFaults` where no draw gives a legal scenario.
    """
    unknowns = unknowns_of(arms)
    draws = draws_of(arms, unknowns, count, runner.seed)
    wanted = [
        (arm, INNER * draw.number + inner)
        for draw in draws.legal
        for arm in draw.arms
        for inner in range(INNER)
    ]
    known: dict[tuple, dict[tuple[str, str], int]] = {}
    found = {name: Packed(values, known) for name, values in runner.each(wanted)}
    by_arm = {
        arm.name: [
            [found[drawn.name, INNER * draw.number + i] for i in range(INNER)]
            for draw in draws.legal
            for drawn in [draw.arms[place]]
        ]
        for place, arm in enumerate(arms)
    }
    tables = {UNCERTAIN: rows_of(by_arm, baselines), DRAWN: draws.rows()}
    if len(arms) >= RANKED_FROM:
        tables[RANKS] = ranks_of(by_arm)
    for table, rows in tables.items():
        write_rows(runner.folder.path / table, [column.name for column in TABLES[table]], rows)
    return {
        "unknowns": len(unknowns),
        "draws": len(draws.legal),
        "passed_over": draws.passed_over,
        "why": draws.why,
    }


class Packed(Mapping[tuple[str, str], float]):
    """The values of a replication in an array; their names are held once for all that have the same.

    known: the places of names, by names, shared by those replications.
    """

    def __init__(self, values: Values, known: dict[tuple, dict[tuple[str, str], int]]) -> None:
        names = tuple(values)
        self._places = known.setdefault(names, {name: place for place, name in enumerate(names)})
        self._values = array("d", values.values())

    def __getitem__(self, name: tuple[str, str]) -> float:
        return self._values[self._places[name]]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def rows_of(by_arm: dict[str, list[list[Values]]], baselines: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The rows of `uncertain.csv`. by_arm: values of every draw and replication."""
    for arm, values in by_arm.items():
        for name in names_in(values):
            yield row_of(arm, "", name, table_of(values, name))
    for arm, baseline in baselines.items():
        for name in names_in(by_arm[arm]):
            apart = table_of(by_arm[arm], name) - table_of(by_arm[baseline], name)
            yield row_of(arm, baseline, name, apart)


def ranks_of(by_arm: dict[str, list[list[Values]]]) -> Iterator[dict[str, Any]]:
    """The rows of `uncertain_ranks.csv`: each draw ranks the arms by the means of its own replications.

    The arms of a draw share numbers and patients, so what is left of chance in a rank is little.
    """
    import numpy as np
    from scipy.stats import rankdata

    sides = {name: RANKED[known.better] for name, known in MEASURES.items() if known.better in RANKED}
    for measure, group in names_in(next(iter(by_arm.values()))):
        if measure not in sides:
            continue
        means = np.array([table_of(values, (measure, group)).mean(axis=1) for values in by_arm.values()]).T
        means = means[np.isfinite(means).all(axis=1)]
        if not len(means):
            continue
        ranks = rankdata(sides[measure] * means, axis=1)
        first = rankdata(sides[measure] * means, axis=1, method="min") == 1
        best = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
        low, high = np.quantile(ranks, MOST_OF_THEM, axis=0)
        for place, arm in enumerate(by_arm):
            yield {
                "scenario": arm,
                "measure": measure,
                "group": group,
                "rank_mean": float(ranks[:, place].mean()),
                "rank_low": float(low[place]),
                "rank_high": float(high[place]),
                "best_percent": 100 * float(best[place]),
                "draws": len(ranks),
            }


def names_in(values: list[list[Values]]) -> list[tuple[str, str]]:
    """Every (measure, group) that some replication has."""
    return list(dict.fromkeys(name for draw in values for one in draw for name in sorted(one)))


def table_of(values: list[list[Values]], name: tuple[str, str]) -> np.ndarray:
    """One measure of one group: a row a draw, a column a replication; NaN where it does not exist."""
    import numpy as np

    return np.array([[one.get(name, np.nan) for one in draw] for draw in values])


def row_of(arm: str, baseline: str, name: tuple[str, str], table: np.ndarray) -> dict[str, Any]:
    """A row of `uncertain.csv`. table: as `table_of`; draws without the measure are left out."""
    import numpy as np

    measure, group = name
    table = table[~np.isnan(table).any(axis=1)]
    known = {
        "scenario": arm,
        "baseline": baseline,
        "measure": measure,
        "unit": MEASURES[measure].unit,
        "group": group,
    }
    return known | {"draws": len(table)} | (split(table) if len(table) > 1 else {})


def split(table: np.ndarray) -> dict[str, float]:
    """Mean with its interval, and the variance between and within draws. table: a row a draw.

    The span of the draws is that of their means, pulled towards the overall mean until only the
    variance of not knowing is left in them.
    """
    import numpy as np

    draws = len(table)
    means = table.mean(axis=1)
    overall, spread = float(means.mean()), float(means.var(ddof=1))
    chance = float(table.var(axis=1, ddof=1).mean())
    not_knowing = max(spread - chance / INNER, 0.0)
    half = float(half_width(spread**0.5, draws))
    pull = (not_knowing / spread) ** 0.5 if spread else 0.0
    low, high = np.quantile(overall + pull * (means - overall), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    total = chance + not_knowing
    return {
        "mean": overall,
        "lower": overall - half,
        "upper": overall + half,
        "low": float(low),
        "high": float(high),
        "chance_sd": chance**0.5,
        "not_knowing_sd": not_knowing**0.5,
        "not_knowing_percent": 100 * not_knowing / total if total else 0.0,
    }
