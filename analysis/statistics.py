"""Intervals, paired differences and verdicts. Knows nothing of pictures or files."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from sim.results.columns import MEASURES

CONFIDENCE = 0.95
NO_DIFFERENCE, NOT_SETTLED, EXPLORATORY = "no difference that matters", "not settled", "exploratory"
MOST_NEEDED = 1_000_000
"""Replications needed are counted up to here."""
ROUNDING = 1e-12
"""A difference smaller than this part of its values is rounding: none."""
NEGLIGIBLE = 1e-3
"""Where no difference that matters was named, one within this part of the baseline's mean does not."""
KEYS = ["measure", "unit", "group"]


def half_width(sd, n, tails: float = 1 - CONFIDENCE):
    """Half of a Student-t interval for a mean; `tails` is the probability left outside.

    sd: standard deviation of the values; n: how many. NaN where n is under 2.
    """
    n = np.asarray(n, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        quantile = np.where(n > 1, stdtrit(np.maximum(n - 1, 1), 1 - tails / 2), np.nan)
        return quantile * np.asarray(sd) / np.sqrt(n)


def summarise(replications: pd.DataFrame) -> pd.DataFrame:
    """Mean and 95 % interval of every scenario, measure and group: the rows of `summary.csv`."""
    by = replications.groupby(["scenario", *KEYS], sort=False, observed=True).value
    table = by.agg(mean="mean", sd="std", n="count").reset_index()
    half = half_width(table.sd, table.n)
    table["lower"], table["upper"] = table["mean"] - half, table["mean"] + half
    return table[["scenario", *KEYS, "mean", "lower", "upper", "n"]]


def compare(
    replications: pd.DataFrame,
    baselines: dict[str, str],
    headline: dict[str, Any],
    confirmatory: bool = True,
) -> pd.DataFrame:
    """Every arm against its baseline in pairs of replications: the rows of `comparison.csv`.

    The headline has a 95 % interval of its own and is confirmatory, unless many scenarios were tried.
    Every other interval is simultaneous within its measure over the groups (Bonferroni) and
    exploratory.
    """
    wide = replications.pivot_table(
        index=[*KEYS, "replication"], columns="scenario", values="value", sort=False
    )
    parts = [_paired(wide, baseline, arm, headline, confirmatory) for arm, baseline in baselines.items()]
    columns = [
        "scenario",
        "baseline",
        *KEYS,
        "difference",
        "lower",
        "upper",
        "verdict",
        "replications_needed",
    ]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _paired(
    wide: pd.DataFrame, baseline: str, arm: str, headline: dict[str, Any], confirmatory: bool
) -> pd.DataFrame:
    apart = wide[arm] - wide[baseline]
    apart = apart.mask(apart.abs() <= ROUNDING * (wide[arm].abs() + wide[baseline].abs()), 0.0).dropna()
    table = apart.groupby(KEYS, sort=False).agg(["mean", "std", "count"]).reset_index()
    table = table.rename(columns={"mean": "difference"})
    table["scenario"], table["baseline"] = arm, baseline
    is_headline = (table.measure == headline["measure"]) & (table.group == headline["group"])
    one_of_many = ~is_headline & ~says_the_same_as_all(table)
    groups = one_of_many.groupby(table.measure).transform("sum").clip(lower=1)
    tails = np.where(is_headline, 1 - CONFIDENCE, (1 - CONFIDENCE) / groups)
    half = half_width(table["std"], table["count"], tails)
    table["lower"], table["upper"] = table.difference - half, table.difference + half
    usual = (
        wide[baseline].groupby(KEYS, sort=False).mean().abs().reindex(pd.MultiIndex.from_frame(table[KEYS]))
    )
    matters = np.where(
        table.measure == headline["measure"], headline["matters"], NEGLIGIBLE * usual.to_numpy()
    )
    spread = table["std"] * stdtrit(np.maximum(table["count"] - 1, 1), 1 - tails / 2)
    judged = [
        judge(row.measure, row.difference, row.lower, row.upper, m, s)
        for row, m, s in zip(table.itertuples(), matters, spread)
    ]
    table["verdict"] = [
        word if first and confirmatory else f"{word} ({EXPLORATORY})"
        for (word, _), first in zip(judged, is_headline)
    ]
    table["replications_needed"] = pd.array([needed for _, needed in judged], dtype="Int64")
    return table


def says_the_same_as_all(table: pd.DataFrame) -> pd.Series:
    """Rows of a single modality beside the same measure over everybody: counted once."""
    only_modality = table.group.str.fullmatch(r"modality=[^;]+")
    with_all = table.measure.isin(table.measure[table.group == "all"])
    return only_modality & with_all


def judge(
    measure: str, difference: float, lower: float, upper: float, matters: float, spread: float
) -> tuple[str, int | None]:
    """(verdict, replications needed where it is not settled) of one paired difference.

    matters: the smallest difference that matters, 0 where none was named. spread: half-width of the
    interval times the square root of the replications.
    """
    if math.isnan(lower):
        return NOT_SETTLED, None
    if -matters <= lower and upper <= matters and (matters > 0 or lower == upper == 0):
        return NO_DIFFERENCE, None
    if lower > 0:
        return MEASURES[measure].more, None
    if upper < 0:
        return MEASURES[measure].less, None
    reach = max(abs(difference), matters - abs(difference))
    return NOT_SETTLED, math.ceil(min((spread / reach) ** 2, MOST_NEEDED)) if reach > 0 else None


def growth(census: pd.DataFrame) -> dict[tuple[str, str], bool | None]:
    """By arm and modality, whether the list grows: see `grows`."""
    keys = ["scenario", "Diagnostic Tests"]
    by = census.groupby([*keys, "replication", "Period"], sort=False)["Total WL"].sum()
    return {key: grows(_months(sizes)) for key, sizes in by.groupby(keys, sort=False)}


def grows(months: np.ndarray) -> bool | None:
    """Whether a list grows: the 95 % interval of its trend lies above 5 % of its mean size a year.

    months: list sizes, a row a replication, a column a month end. The trend is the slope of a straight
    line, one number a replication. None where that cannot be told: under six month ends, or one
    replication.
    """
    if months.shape[1] < 6 or len(months) < 2:
        return None
    when = np.arange(months.shape[1]) / 12
    slopes = np.polynomial.polynomial.polyfit(when, months.T, 1)[1]
    lower = slopes.mean() - half_width(slopes.std(ddof=1), len(slopes))
    return bool(lower > 0.05 * months.mean())


def _months(sizes: pd.Series) -> np.ndarray:
    """Replications by month ends in order."""
    table = sizes.reset_index().pivot(index="replication", columns="Period", values="Total WL")
    return table.sort_index(axis=1).to_numpy(dtype=float)
