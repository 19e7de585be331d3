"""Several models at once: how sure it is that each is best, and which of them no other beats.

Both by bootstrap: replications are drawn with replacement, the same ones for every model, since they are
the same patients. Knows nothing of pictures or files.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis import measured
from analysis.statistics import KEYS, ROUNDING
from sim.results.columns import MEASURES, TABLES

RESAMPLES = 2_000
SIDES = {"less": 1.0, "more": -1.0}
AT_A_TIME = 50
"""Rows that are resampled together: memory stays small."""
FRONT = ("wait_days_mean", "travel_minutes_mean", "cost_per_scan_pounds")
"""What a model can be beaten in: less is better in each."""
PAID_BY_EVERYBODY = "cost_per_scan_pounds"
"""Taken over everybody for a group that has none of its own."""


def best(replications: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The rows of `best.csv`: how often each model's mean is the best, in % of resamples.

    Of measures that have a better side, in groups where every model has values.
    """
    arms, numbers = np.asarray(replications.scenario.unique()), replications.replication.unique()
    tables = [_best(some, arms, numbers, seed) for some in measured.by_measures(replications)]
    return measured.plain(pd.concat(tables)).sort_values(KEYS, kind="stable", ignore_index=True)


def _best(some: pd.DataFrame, arms: np.ndarray, numbers: np.ndarray, seed: int) -> pd.DataFrame:
    """As `best`, of all rows of some measures."""
    sides = some.measure.map(lambda name: SIDES.get(MEASURES[name].better, np.nan)).astype(float)
    signed = some.assign(value=sides * some.value).dropna(subset="value")
    wide = signed.pivot(index=KEYS, columns=["scenario", "replication"], values="value")
    wide = wide.reindex(columns=pd.MultiIndex.from_product([arms, numbers]))
    values = np.stack([wide[arm].to_numpy() for arm in arms], axis=-1)
    complete = np.isfinite(values).all(axis=-1)
    shares = np.full((len(wide), len(arms)), np.nan)
    for those in np.unique(complete, axis=0):
        alike = np.flatnonzero((complete == those).all(axis=1))
        for part in np.array_split(alike, -(-len(alike) // AT_A_TIME)):
            shares[part] = share_best(values[part][:, those].transpose(1, 0, 2), seed)
    found = pd.DataFrame(100 * shares, index=wide.index, columns=pd.Index(arms, name="scenario"))
    found = found[complete.any(axis=1)].stack(future_stack=True).rename("best_percent").reset_index()
    return found[[column.name for column in TABLES["best.csv"]]]


def share_best(values: np.ndarray, seed: int) -> np.ndarray:
    """The part of resamples in which each model has the least mean; who ties shares.

    values: [replication, ..., model]; gives [..., model]. NaN where there are fewer than two replications.
    """
    if len(values) < 2:
        return np.full(values.shape[1:], np.nan)
    means = np.tensordot(resamples(len(values), seed), values, axes=1)
    least = means.min(axis=-1, keepdims=True)
    first = means - least <= ROUNDING * np.abs(least)
    return (first / first.sum(axis=-1, keepdims=True)).mean(axis=0)


@lru_cache(maxsize=4)
def resamples(count: int, seed: int) -> np.ndarray:
    """Weights of the replications, a row a resample; each row sums to one."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES) / count


def front(replications: pd.DataFrame, groups: Iterable[str], seed: int) -> pd.DataFrame:
    """The rows of `front.csv`: which models no other beats in wait, travel and cost, group by group.

    One model beats another when it is worse in none of them and better in one, by their means over the
    replications that all models have. A measure that not every model has is left out.
    """
    tables = [table for group in groups if len(table := front_of(replications, group, seed))]
    names = [column.name for column in TABLES["front.csv"]]
    return (
        pd.concat(tables, ignore_index=True).reindex(columns=names) if tables else pd.DataFrame(columns=names)
    )


def front_of(replications: pd.DataFrame, group: str, seed: int) -> pd.DataFrame:
    """The front in one group; empty where no measure of it exists for every model."""
    arms = np.asarray(replications.scenario.unique())
    found = {name: table for name in FRONT if (table := _values(replications, name, group, arms)) is not None}
    if not found:
        return pd.DataFrame()
    table = pd.concat(found, axis=1).dropna()
    values = table.to_numpy().reshape(len(table), len(found), len(arms)).transpose(0, 2, 1)
    means = values.mean(axis=0)
    by = beaten(means[None])[0]
    table = pd.DataFrame(means, columns=list(found)).assign(scenario=arms, group=group)
    table["on_front"] = np.where(by.any(axis=1), "no", "yes")
    table["beaten_by"] = [";".join(arms[others]) for others in by]
    table["on_front_percent"] = 100 * share_unbeaten(values, seed)
    return table


def _values(replications: pd.DataFrame, measure: str, group: str, arms: np.ndarray) -> pd.DataFrame | None:
    """A row a replication, a column an arm; None where an arm has no values."""
    found = measured.of(replications, measure, group)
    if found.empty and measure == PAID_BY_EVERYBODY and group != "all":
        return _values(replications, measure, "all", arms)
    table = found.pivot(index="replication", columns="scenario", values="value").reindex(columns=arms)
    return None if table.isna().all().any() else table


def beaten(values: np.ndarray) -> np.ndarray:
    """Whether model i is beaten by model j, at [..., i, j]; values: [..., model, measure], less is better."""
    ours, theirs = values[..., :, None, :], values[..., None, :, :]
    rounding = ROUNDING * (np.abs(ours) + np.abs(theirs))
    return ((theirs - ours) <= rounding).all(axis=-1) & ((ours - theirs) > rounding).any(axis=-1)


def share_unbeaten(values: np.ndarray, seed: int) -> np.ndarray:
    """The part of resamples in which each model is on the front; values: [replication, model, measure]."""
    count, models, measures = values.shape
    if count < 2:
        return np.full(models, np.nan)
    means = resamples(count, seed) @ values.reshape(count, models * measures)
    return 1 - beaten(means.reshape(-1, models, measures)).any(axis=-1).mean(axis=0)
