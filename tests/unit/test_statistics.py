"""Intervals, paired differences and verdicts, beside the textbook's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from analysis.statistics import (
    compare,
    compare_all,
    growth,
    half_width,
    interval_ends,
    judge,
    replications_needed,
    stretch,
    summarise,
)

WAITS = {
    "ours": [5.0, 7.0, 6.0, 9.0, 8.0],
    "theirs": [4.0, 5.0, 6.0, 6.0, 4.0],
}
"""Differences 1, 2, 0, 3, 4: as symmetric as both sides, so that intervals are Student's."""
HEADLINE = {"measure": "wait_days_mean", "group": "place=Oxford", "matters": 2.0}


def replications(
    by_group: dict[str, dict[str, list[float]]], measure: str = "wait_days_mean"
) -> pd.DataFrame:
    """As `replications.parquet`: {group: {scenario: values}}."""
    rows = [
        (scenario, number, measure, "days", group, value)
        for group, by_scenario in by_group.items()
        for scenario, values in by_scenario.items()
        for number, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["scenario", "replication", "measure", "unit", "group", "value"])


def compared(by_group, headline=HEADLINE, **how) -> pd.DataFrame:
    return compare(replications(by_group), {"ours": "theirs"}, headline, **how).set_index("group")


def textbook(ours, theirs, confidence: float) -> tuple[float, float]:
    return tuple(stats.ttest_rel(ours, theirs).confidence_interval(confidence))


# ---- intervals


@pytest.mark.parametrize("n", [2, 3, 10, 30, 1000])
@pytest.mark.parametrize("tails", [0.05, 0.01])
def test_a_half_width_is_students(n, tails):
    assert half_width(3.0, n, tails) == pytest.approx(stats.t.ppf(1 - tails / 2, n - 1) * 3 / np.sqrt(n))


def test_a_summary_has_the_mean_and_its_95_percent_interval():
    table = summarise(replications({"all": WAITS})).set_index("scenario")
    for name, values in WAITS.items():
        lower, upper = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
        assert tuple(table.loc[name, ["mean", "lower", "upper", "n"]]) == pytest.approx(
            (np.mean(values), lower, upper, 5)
        )


@pytest.mark.parametrize("n", [3, 10])
def test_a_95_percent_interval_holds_the_known_mean_95_times_in_100(n):
    drawn = np.random.default_rng(1).normal(7, 2, (20_000, n))
    half = half_width(drawn.std(axis=1, ddof=1), n)
    held = np.mean(np.abs(drawn.mean(axis=1) - 7) <= half)
    assert held == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 20_000))


# ---- intervals of skewed means


def moments(values: np.ndarray) -> pd.DataFrame:
    """What an interval needs, a row a row of values."""
    return pd.DataFrame(
        {
            "mean": values.mean(axis=1),
            "sd": values.std(axis=1, ddof=1),
            "n": values.shape[1],
            "skew": stats.skew(values, axis=1, bias=False),
        }
    )


def halls_inverse(z: float, a: float) -> float:
    """The T at which Hall's transformation T + 2 a T^2 + 4/3 a^2 T^3 + a is z."""
    return optimize.brentq(lambda t: t + 2 * a * t**2 + 4 / 3 * a**2 * t**3 + a - z, -100, 100)


@pytest.mark.parametrize("skew, n", [(0.5, 10), (2.0, 10), (1.5, 30), (-1.5, 30)])
def test_the_side_of_the_longer_tail_reaches_as_far_as_willinks(skew, n):
    a, t = skew / (6 * np.sqrt(n)), stats.t.ppf(0.975, n - 1)
    down, up = stretch(skew, n)
    assert (down, up) == pytest.approx((max(1, halls_inverse(t, a) / t), max(1, halls_inverse(-t, a) / -t)))
    assert (up > 1 and down == 1) if skew > 0 else (down > 1 and up == 1)


@pytest.mark.parametrize("skew", [0.0, np.nan])
def test_without_skewness_an_interval_is_students(skew):
    assert stretch(skew, 10) == (1, 1)


@pytest.mark.parametrize("n, students, at_least", [(10, 0.91, 0.93), (30, 0.935, 0.945)])
def test_the_mean_of_a_skewed_measure_lies_in_its_interval_more_often_than_in_students(n, students, at_least):
    """Waits with a long tail (exponential), 20,000 experiments; one standard error is 0.002."""
    drawn = moments(np.random.default_rng(4).exponential(1.0, (20_000, n)))
    lower, upper = interval_ends(drawn)
    half = half_width(drawn.sd, drawn.n)
    assert np.mean(np.abs(drawn["mean"] - 1) <= half) < students
    assert np.mean((lower <= 1) & (upper >= 1)) > at_least


@pytest.mark.parametrize("n, at_most", [(10, 0.97), (30, 0.96)])
def test_where_nothing_is_skewed_intervals_are_hardly_too_wide(n, at_most):
    lower, upper = interval_ends(moments(np.random.default_rng(6).normal(7, 2, (20_000, n))))
    assert 0.95 <= np.mean((lower <= 7) & (upper >= 7)) <= at_most


# ---- differences in pairs


def test_the_headline_is_the_paired_t_interval_of_the_textbook():
    row = compared({"place=Oxford": WAITS, "place=Swindon": WAITS}).loc["place=Oxford"]
    assert (row.difference, row.scenario, row.baseline) == (pytest.approx(2.0), "ours", "theirs")
    assert (row.lower, row.upper) == pytest.approx(textbook(*WAITS.values(), 0.95))
    assert row.verdict == "longer"


def test_outside_the_headline_intervals_widen_with_the_groups_and_say_exploratory():
    table = compared(
        {"place=Oxford": WAITS, "place=Swindon": WAITS, "place=Reading": WAITS, "place=Banbury": WAITS}
    )
    for group in ("place=Swindon", "place=Reading", "place=Banbury"):
        assert (table.lower[group], table.upper[group]) == pytest.approx(
            textbook(*WAITS.values(), 1 - 0.05 / 3)
        )
        assert table.verdict[group].endswith("(exploratory)")
    assert table.lower["place=Swindon"] < table.lower["place=Oxford"]


def test_everybody_and_the_only_modality_are_one_group_and_counted_once():
    table = compared({"place=Oxford": WAITS, "all": WAITS, "modality=MRI": WAITS, "place=Swindon": WAITS})
    assert (table.lower["all"], table.upper["all"]) == pytest.approx(textbook(*WAITS.values(), 0.975))


def test_where_many_scenarios_were_tried_nothing_is_confirmatory():
    assert (
        compared({"place=Oxford": WAITS}, confirmatory=False).verdict["place=Oxford"]
        == "longer (exploratory)"
    )


def test_a_replication_in_which_one_side_has_no_value_makes_no_pair():
    row = compared({"place=Oxford": {"ours": [5.0, 7.0, 6.0, 99.0], "theirs": [4.0, 5.0, 6.0]}}).iloc[0]
    assert row.difference == pytest.approx(1.0)
    assert (row.lower, row.upper) == pytest.approx(textbook([5, 7, 6], [4, 5, 6], 0.95))


def test_changing_sides_turns_the_sign_and_the_word():
    there = compared({"place=Oxford": WAITS}).iloc[0]
    back = compare(replications({"place=Oxford": WAITS}), {"theirs": "ours"}, HEADLINE).iloc[0]
    assert (back.difference, back.lower, back.upper) == pytest.approx(
        (-there.difference, -there.upper, -there.lower)
    )
    assert (there.verdict, back.verdict) == ("longer", "shorter")


def test_two_models_with_the_same_numbers_do_not_differ():
    same = {"ours": WAITS["ours"], "theirs": WAITS["ours"]}
    table = compared({"place=Oxford": same, "place=Swindon": same})
    assert table.verdict["place=Oxford"] == "no difference that matters"
    assert table.verdict["place=Swindon"] == "no difference that matters (exploratory)"
    assert (table.difference == 0).all() and table.replications_needed.isna().all()


def test_a_difference_in_the_last_bits_is_rounding_and_none():
    nearly = [value * (1 + 2e-16 * sign) for value, sign in zip(WAITS["ours"], (1, -1, 1, -1, 1))]
    headline = HEADLINE | {"matters": 0.0}
    assert compared(
        {"place=Oxford": {"ours": nearly, "theirs": WAITS["ours"]}}, headline
    ).difference.tolist() == [0.0]


# ---- verdicts


@pytest.mark.parametrize("measure, lower, upper, matters, verdict", [
    ("wait_days_mean", 0.1, 3.0, 2, "longer"),
    ("wait_days_mean", -3.0, -0.1, 2, "shorter"),
    ("wait_days_mean", 0.1, 1.9, 2, "no difference that matters"),
    ("wait_days_mean", -2.0, 2.0, 2, "no difference that matters"),
    ("wait_days_mean", -2.1, 2.0, 2, "not settled"),
    ("wait_days_mean", 0.1, 1.9, 0, "longer"),
    ("wait_days_mean", -0.1, 1.9, 0, "not settled"),
    ("wait_days_mean", 0.0, 0.0, 0, "no difference that matters"),
    ("wait_days_mean", float("nan"), float("nan"), 2, "not settled"),
    ("service_days_per_week", 0.1, 3.0, 0, "more"),
    ("service_days_per_week", -3.0, -0.1, 0, "fewer"),
    ("gap_wait_days_ratio", 0.1, 3.0, 0, "wider"),
    ("load_percent", -3.0, -0.1, 0, "lower"),
])  # fmt: skip
def test_a_verdict_is_a_word_that_the_whole_interval_bears_out(measure, lower, upper, matters, verdict):
    assert judge(measure, lower, upper, matters) == verdict


# ---- replications needed


@pytest.mark.parametrize(
    "reach, sd, tails", [(1.0, 2.0, 0.05), (0.1, 2.0, 0.05), (3.0, 2.0, 0.05), (1.0, 2.0, 0.05 / 40)]
)
def test_replications_needed_are_the_least_whose_test_has_a_power_of_80_percent(reach, sd, tails):
    needed = int(replications_needed(reach, sd, tails))

    def power(n: int) -> float:
        edge = stats.t.ppf(1 - tails / 2, n - 1)
        return 1 - stats.nct.cdf(edge, n - 1, reach / sd * np.sqrt(n))

    assert power(needed) == pytest.approx(0.8, abs=0.08 if needed < 10 else 0.02)
    assert power(round(needed * 0.8)) < power(needed) < power(round(needed * 1.2) + 1)


def test_replications_needed_are_none_without_spread_or_reach_and_never_endless():
    assert np.isnan(replications_needed([1.0, 0.0, -1.0], [np.nan, 1.0, 1.0])).all()
    assert replications_needed(1e-9, 1.0) == 1_000_000


def test_the_replications_needed_settle_a_difference_of_that_size_four_times_in_five():
    needed = int(replications_needed(1.0, 2.5))
    drawn = np.random.default_rng(1).normal(1.0, 2.5, (20_000, needed))
    settled = np.mean(drawn.mean(axis=1) - half_width(drawn.std(axis=1, ddof=1), needed) > 0)
    assert settled == pytest.approx(0.8, abs=0.02)


def test_an_unsettled_comparison_needs_more_replications_than_it_has():
    ours = [5.0, 7.0, 4.0, 9.0, 3.0]
    row = compared({"place=Oxford": {"ours": ours, "theirs": WAITS["theirs"]}}).iloc[0]
    apart = np.subtract(ours, WAITS["theirs"])
    assert row.verdict == "not settled"
    reach = max(
        apart.mean(), 2 - apart.mean()
    )  # to be no difference that matters is nearer than to be longer
    assert row.replications_needed == replications_needed(reach, apart.std(ddof=1)) > 5


# ---- what pairing helps


def test_the_variance_ratio_is_that_of_independent_runs_over_that_of_pairs():
    row = compared({"place=Oxford": WAITS}).iloc[0]
    ours, theirs = WAITS["ours"], WAITS["theirs"]
    # variances 2.5 and 1; differences 1, 2, 0, 3, 4 have 2.5
    assert (np.var(ours, ddof=1), np.var(theirs, ddof=1)) == pytest.approx((2.5, 1.0))
    assert row.variance_ratio == pytest.approx(3.5 / 2.5)


def test_a_replication_without_a_pair_does_not_count_in_the_variance_ratio():
    row = compared({"place=Oxford": {"ours": [*WAITS["ours"], 99.0], "theirs": WAITS["theirs"]}}).iloc[0]
    assert row.variance_ratio == pytest.approx(3.5 / 2.5)


def test_without_a_difference_there_is_no_variance_ratio():
    same = {"ours": WAITS["ours"], "theirs": WAITS["ours"]}
    assert compared({"place=Oxford": same}).variance_ratio.isna().all()


# ---- several arms


THREE = WAITS | {"others": [7.0, 7.0, 10.0, 7.0, 4.0]}


def test_two_arms_against_one_baseline_share_the_five_percent_of_the_headline():
    of_three = replications({"place=Oxford": THREE, "place=Swindon": THREE, "place=Reading": THREE})
    table = compare(of_three, {"ours": "theirs", "others": "theirs"}, HEADLINE).set_index(
        ["scenario", "group"]
    )
    for arm in ("ours", "others"):
        first, rest = table.loc[arm, "place=Oxford"], table.loc[arm, "place=Swindon"]
        assert (first.lower, first.upper) == pytest.approx(
            textbook(THREE[arm], THREE["theirs"], 1 - 0.05 / 2)
        )
        assert (rest.lower, rest.upper) == pytest.approx(textbook(THREE[arm], THREE["theirs"], 1 - 0.05 / 4))
        assert not first.verdict.endswith("(exploratory)") and rest.verdict.endswith("(exploratory)")


def test_arms_with_other_baselines_do_not_widen_the_interval():
    at_two_points = {
        "ours,x=1": WAITS["ours"],
        "theirs,x=1": WAITS["theirs"],
        "ours,x=2": WAITS["ours"],
        "theirs,x=2": WAITS["theirs"],
    }
    baselines = {"ours,x=1": "theirs,x=1", "ours,x=2": "theirs,x=2"}
    table = compare(replications({"place=Oxford": at_two_points}), baselines, HEADLINE, confirmatory=False)
    for row in table.itertuples():
        assert (row.lower, row.upper) == pytest.approx(textbook(*WAITS.values(), 0.95))


def test_every_pair_is_compared_once_and_all_hold_together():
    of_three = replications({"place=Oxford": THREE, "place=Swindon": THREE})
    table = compare_all(of_three, list(THREE), HEADLINE).set_index(["scenario", "baseline", "group"])
    assert set(table.index.droplevel("group")) == {
        ("theirs", "ours"),
        ("others", "ours"),
        ("others", "theirs"),
    }
    for (arm, other, group), row in table.iterrows():
        confidence = 1 - 0.05 / 3  # three pairs; of the headline, and of the one group beside it
        assert (row.lower, row.upper) == pytest.approx(textbook(THREE[arm], THREE[other], confidence)), group
        assert row.verdict.endswith("(exploratory)")


def test_intervals_of_three_arms_hold_together_19_times_in_20():
    """2,000 experiments of 12 replications, three arms against one baseline: at least 95 % hold all three."""
    rng = np.random.default_rng(3)
    shared, own = rng.normal(size=(2_000, 12, 1)), rng.exponential(0.5, size=(2_000, 12, 4))
    waits = shared + own
    apart = waits[:, :, 1:] - waits[:, :, :1]
    half = half_width(apart.std(axis=1, ddof=1), 12, 0.05 / 3)
    assert np.mean((np.abs(apart.mean(axis=1)) <= half).all(axis=1)) >= 0.94


# ---- lists that grow


def census(*sizes: list[float]) -> pd.DataFrame:
    """As `census.parquet` of one arm: the list at month ends, one list a replication."""
    rows = [
        ("ours", number, f"2019-{month:02d}-28", size)
        for number, months in enumerate(sizes)
        for month, size in enumerate(months, start=1)
    ]
    table = pd.DataFrame(rows, columns=["scenario", "replication", "Period", "Total WL"])
    return table.assign(**{"Diagnostic Tests": "MRI"})


def test_a_list_that_grows_in_every_replication_is_growing():
    assert growth(census(range(100, 220, 10), range(110, 230, 10), range(95, 227, 11))) == {
        ("ours", "MRI"): True
    }


@pytest.mark.parametrize("sizes", [
    ([100] * 12, [110] * 12, [90] * 12),  # stands still
    (range(220, 100, -10), range(230, 110, -10), range(225, 105, -10)),  # shrinks
    (range(100, 220, 10), range(220, 100, -10), range(100, 220, 10)),  # grows in most: not settled
    ([100 + m / 12 for m in range(12)], [101 + m / 12 for m in range(12)]),  # one in a hundred a year
    ([0] * 12, [0] * 12),
])  # fmt: skip
def test_a_list_that_does_not_surely_grow_is_not(sizes):
    assert growth(census(*sizes)) == {("ours", "MRI"): False}


@pytest.mark.parametrize("sizes", [(range(100, 220, 10),), (range(100, 150, 10), range(110, 160, 10))])
def test_one_replication_or_half_a_year_cannot_tell(sizes):
    assert growth(census(*sizes)) == {("ours", "MRI"): None}


def test_every_modality_has_a_list_of_its_own():
    one = census(range(100, 220, 10), range(110, 230, 10))
    other = one.assign(**{"Diagnostic Tests": "CT", "Total WL": 320 - one["Total WL"]})
    assert growth(pd.concat([one, other])) == {("ours", "MRI"): True, ("ours", "CT"): False}
