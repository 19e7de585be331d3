"""Intervals, paired differences and verdicts. Knows nothing of pictures or files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis import measured
from sim.results.columns import MEASURES, TABLES
from sim.results.interval import CONFIDENCE, half_width

NO_DIFFERENCE, NOT_SETTLED, EXPLORATORY = "no difference that matters", "not settled", "exploratory"
MOST_NEEDED = 1_000_000
"""Replications needed are counted up to here."""
ROUNDING = 1e-12
"""A difference smaller than this part of its values is rounding: none."""
NEGLIGIBLE = 1e-3
"""Where no difference that matters was named, one within this part of the baseline's mean does not."""
POWER = 0.8
"""How often the replications needed are to settle a difference of the size seen."""
KEYS = ["measure", "unit", "group"]
COMPARED = [column.name for column in TABLES["comparison.csv"]]


def stretch(skew, n) -> tuple[np.ndarray, np.ndarray]:
    """How many times as long as Student's each half of the interval of a skewed mean is: down, up; at least 1.

    By Willink's interval (2005: Hall's cubic transformation with Student's quantiles) at 95 %, which
    lengthens the side of the longer tail; what it would take off the other side stays.
    """
    skew, n = np.nan_to_num(np.asarray(skew, dtype=float)), np.maximum(np.asarray(n, dtype=float), 2)
    if not skew.any():
        return np.ones_like(skew * n), np.ones_like(skew * n)
    from scipy.special import stdtrit  # takes half a second to load, and what has no spread does without

    a, t = skew / (6 * np.sqrt(n)), stdtrit(n - 1, (1 + CONFIDENCE) / 2)
    symmetric = np.abs(a) < 1e-6
    a = np.where(symmetric, 1.0, a)
    down, up = (
        np.where(symmetric, 1.0, (np.cbrt(1 + 6 * a * (side - a)) - 1) / (2 * a * side)) for side in (t, -t)
    )
    return np.maximum(down, 1), np.maximum(up, 1)


def interval_ends(moments: pd.DataFrame, tails=1 - CONFIDENCE) -> tuple[pd.Series, pd.Series]:
    """Lower and upper ends for means; NaN where there is one value.

    moments: columns mean, sd, n and skew (small-sample skewness; NaN under three values).
    """
    half = half_width(moments.sd, moments.n, tails)
    down, up = stretch(moments["skew"], moments.n)
    return moments["mean"] - down * half, moments["mean"] + up * half


MOMENTS = {"mean": "mean", "sd": "std", "n": "count", "skew": "skew"}
"""What `interval_ends` needs, as pandas aggregates it."""


def summarise(replications: pd.DataFrame) -> pd.DataFrame:
    """Mean and 95 % interval of every scenario, measure and group: the rows of `summary.csv`."""
    table = pd.concat([_moments(some) for some in measured.by_measures(replications)])
    table = table.sort_values("place", ignore_index=True)
    table["lower"], table["upper"] = interval_ends(table)
    return table[["scenario", *KEYS, "mean", "lower", "upper", "n"]]


def _moments(some: pd.DataFrame) -> pd.DataFrame:
    by = some.groupby(["scenario", *KEYS], sort=False, observed=True)
    return measured.plain(by.value.agg(**MOMENTS).assign(place=by.place.first()).reset_index())


def compare(
    replications: pd.DataFrame,
    baselines: dict[str, str],
    headline: dict[str, Any],
    confirmatory: bool = True,
) -> pd.DataFrame:
    """Every arm against its baseline in pairs of replications: the rows of `comparison.csv`.

    The headline is confirmatory, unless many scenarios were tried: 95 % intervals that hold together over
    the arms with the same baseline (Bonferroni). Every other interval holds together with those of its
    measure over groups and these arms, and is exploratory.
    """
    return _judged(replications, list(baselines.items()), headline, ["baseline"], confirmatory)


def compare_all(replications: pd.DataFrame, arms: list[str], headline: dict[str, Any]) -> pd.DataFrame:
    """Every arm against every arm before it: the rows of `pairs.csv`, all exploratory.

    Intervals hold together over all pairs: the headline's among themselves, the others over the groups of
    their measure too.
    """
    couples = [(arm, earlier) for place, arm in enumerate(arms) for earlier in arms[:place]]
    return _judged(replications, couples, headline, [], confirmatory=False)


def _judged(
    replications: pd.DataFrame,
    couples: list[tuple[str, str]],
    headline: dict[str, Any],
    within: list[str],
    confirmatory: bool,
) -> pd.DataFrame:
    if not couples:
        return pd.DataFrame(columns=COMPARED)
    table = pd.concat([_of_couples(some, couples) for some in measured.by_measures(replications)])
    places = {name: {text: n for n, text in enumerate(replications[name].unique())} for name in KEYS}
    table = table.sort_values(
        ["couple", *KEYS],
        kind="stable",
        ignore_index=True,
        key=lambda column: column.map(places.get(column.name)) if column.name in places else column,
    )
    is_headline = (table.measure == headline["measure"]) & (table.group == headline["group"])
    tails = (1 - CONFIDENCE) / intervals_together(table, is_headline, within)
    table["lower"], table["upper"] = interval_ends(table, tails)
    table = table.rename(columns={"mean": "difference"})
    matters = table.usual.mul(NEGLIGIBLE).mask(table.measure == headline["measure"], headline["matters"])
    table["verdict"] = [
        judge(row.measure, row.lower, row.upper, enough) for row, enough in zip(table.itertuples(), matters)
    ]
    reach = np.maximum(table.difference.abs(), matters - table.difference.abs())
    unsettled = table.verdict == NOT_SETTLED
    needed = np.maximum(replications_needed(reach, table.sd.where(unsettled), tails), table.n + 1)
    table["replications_needed"] = pd.array(np.where(unsettled, needed, np.nan), "Int64")
    table.loc[~is_headline | (not confirmatory), "verdict"] += f" ({EXPLORATORY})"
    return table[COMPARED]


def _of_couples(some: pd.DataFrame, couples: list[tuple[str, str]]) -> pd.DataFrame:
    """`paired` of every couple, with its number. some: all rows of some measures."""
    wide = some.pivot_table(
        index=[*KEYS, "replication"], columns="scenario", values="value", sort=False, observed=True
    )
    tables = [paired(wide, *couple).assign(couple=number) for number, couple in enumerate(couples)]
    return measured.plain(pd.concat(tables))


def paired(wide: pd.DataFrame, arm: str, baseline: str) -> pd.DataFrame:
    """Mean, standard deviation and number of the differences of two arms, by measure, unit and group.

    wide: a row a measure, unit, group and replication, a column an arm. `usual`: size of the baseline's
    mean. `variance_ratio`: the variance that the difference would have if the arms were independent, over
    the variance it has; NaN where the difference does not vary.
    """
    ours, theirs = wide[arm], wide[baseline]
    apart = ours - theirs
    apart = apart.mask(apart.abs() <= ROUNDING * (ours.abs() + theirs.abs()), 0.0).dropna()
    table = apart.groupby(KEYS, sort=False, observed=True).agg(**MOMENTS)
    both = wide.loc[apart.index, [arm, baseline]].groupby(KEYS, sort=False, observed=True)
    spread = both.var().sum(axis=1)
    table["variance_ratio"] = spread / table.sd.pow(2).where(table.sd > 0)
    table["usual"] = theirs.groupby(KEYS, sort=False, observed=True).mean().abs().reindex(table.index)
    return table.reset_index().assign(scenario=arm, baseline=baseline)


def intervals_together(table: pd.DataFrame, is_headline: pd.Series, within: list[str]) -> pd.Series:
    """With how many others each interval has to hold at once, itself included (Bonferroni).

    within: columns that part a measure's intervals into families; the headline's are a family of their own.
    """
    counted = is_headline | ~says_the_same_as_all(table)
    return (
        counted.groupby([is_headline, table.measure, *(table[name] for name in within)])
        .transform("sum")
        .clip(lower=1)
    )


def says_the_same_as_all(table: pd.DataFrame) -> pd.Series:
    """Rows of a single modality beside the same measure over everybody: counted once."""
    only_modality = table.group.str.fullmatch(r"modality=[^;]+")
    with_all = table.measure.isin(table.measure[table.group == "all"])
    return only_modality & with_all


def judge(measure: str, lower: float, upper: float, matters: float) -> str:
    """The verdict that a whole interval bears out.

    matters: the smallest difference that matters, 0 where none was named.
    """
    if -matters <= lower and upper <= matters and (matters > 0 or lower == upper == 0):
        return NO_DIFFERENCE
    if lower > 0:
        return MEASURES[measure].more
    return MEASURES[measure].less if upper < 0 else NOT_SETTLED


def replications_needed(reach, sd, tails: float = 1 - CONFIDENCE) -> np.ndarray:
    """Replications of which the interval leaves out a value at the distance `reach`, in `POWER` of repeats.

    sd: standard deviation of one replication's difference. At most `MOST_NEEDED`; NaN where the spread is
    not known or nothing is in reach.
    """
    reach, sd, tails = np.broadcast_arrays(*(np.asarray(given, dtype=float) for given in (reach, sd, tails)))
    known = ~np.isnan(sd) & (reach > 0)
    found = np.full(reach.shape, np.nan)
    if known.any():
        found[known] = _replications_needed(reach[known], sd[known], tails[known])
    return found


def _replications_needed(reach: np.ndarray, sd: np.ndarray, tails: np.ndarray) -> np.ndarray:
    from scipy.special import stdtrit

    few, many = np.full(reach.shape, 1.0), np.full(reach.shape, float(MOST_NEEDED))
    while (many - few > 1).any():
        middle = np.floor((few + many) / 2)
        quantiles = stdtrit(middle - 1, 1 - tails / 2) + stdtrit(middle - 1, POWER)
        enough = quantiles * sd <= reach * np.sqrt(middle)
        few, many = np.where(enough, few, middle), np.where(enough, middle, many)
    return many


def growth(census: pd.DataFrame) -> dict[tuple[str, str], bool | None]:
    """By arm and modality, whether the list grows: see `grows`."""
    return {key: grows(months) for key, months in lists_at_month_ends(census).items()}


def lists_at_month_ends(census: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    """By arm and modality: list sizes, a row a replication, a column a month end in order."""
    by = census.groupby(["scenario", "Diagnostic Tests", "replication", "Period"])["Total WL"].sum()
    keys = census[["scenario", "Diagnostic Tests"]].drop_duplicates().itertuples(index=False, name=None)
    return {key: by.loc[key].unstack().to_numpy(dtype=float) for key in keys}


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
