"""Intervals, paired differences and verdicts, beside the textbook's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics import compare, growth, half_width, judge, summarise

WAITS = {
    "ours": [5.0, 7.0, 6.0, 9.0, 8.0],
    "theirs": [4.0, 5.0, 6.0, 6.0, 5.0],
}
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


# ---- differences in pairs


def test_the_headline_is_the_paired_t_interval_of_the_textbook():
    row = compared({"place=Oxford": WAITS, "place=Swindon": WAITS}).loc["place=Oxford"]
    assert (row.difference, row.scenario, row.baseline) == (pytest.approx(1.8), "ours", "theirs")
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
    word, needed = judge(measure, (lower + upper) / 2, lower, upper, matters, spread=1.0)
    assert word == verdict
    assert needed is None or verdict == "not settled"


@pytest.mark.parametrize("difference, matters, spread, needed", [
    (1.0, 0, 4.0, 16),  # a half-width of 4 / sqrt(16) just reaches the difference
    (1.0, 0, 4.1, 17),
    (3.0, 2, 12.0, 16),  # to be longer takes 16, to be no difference is out of reach
    (0.5, 2, 6.0, 16),  # to lie within 2 days takes 1.5 days of half-width
    (1e-9, 0, 4.0, 1_000_000),
])  # fmt: skip
def test_replications_needed_are_those_at_which_the_interval_would_settle(
    difference, matters, spread, needed
):
    assert judge("wait_days_mean", difference, -9, 9, matters, spread) == ("not settled", needed)


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
