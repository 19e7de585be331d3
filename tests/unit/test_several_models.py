"""Which of several models is best, and which no other beats: worked out by hand, or with a known chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.several_models import beaten, best, front, share_best, share_unbeaten
from sim.results.columns import TABLES

UNITS = {"wait_days_mean": "days", "travel_minutes_mean": "minutes", "cost_per_scan_pounds": "pounds"}


def replications(values: dict[tuple[str, str], dict[str, list[float]]]) -> pd.DataFrame:
    """As `replications.parquet`: {(measure, group): {scenario: values}}."""
    rows = [
        (scenario, number, measure, UNITS.get(measure, "%"), group, value)
        for (measure, group), by_scenario in values.items()
        for scenario, of in by_scenario.items()
        for number, value in enumerate(of)
    ]
    return pd.DataFrame(rows, columns=["scenario", "replication", "measure", "unit", "group", "value"])


SHORT, MIDDLE, LONG = [4.0, 5.0, 6.0], [5.0, 6.0, 7.0], [8.0, 9.0, 10.0]


# ---- the best


def test_who_is_shorter_in_every_replication_is_best_in_every_resample():
    table = best(replications({("wait_days_mean", "all"): {"b": MIDDLE, "a": SHORT, "c": LONG}}), seed=1)
    assert list(table.columns) == [column.name for column in TABLES["best.csv"]]
    assert table.set_index("scenario").best_percent.to_dict() == {"a": 100, "b": 0, "c": 0}


def test_more_days_of_service_are_better():
    table = best(replications({("service_days_per_week", "all"): {"a": SHORT, "b": LONG}}), seed=1)
    assert table.set_index("scenario").best_percent.to_dict() == {"a": 0, "b": 100}


def test_a_measure_without_a_better_side_has_no_best():
    values = {
        ("load_percent", "all"): {"a": SHORT, "b": LONG},
        ("wait_days_mean", "all"): {"a": SHORT, "b": LONG},
    }
    assert set(best(replications(values), seed=1).measure) == {"wait_days_mean"}


def test_a_group_that_only_one_model_has_is_not_judged():
    values = {
        ("wait_days_mean", "provider=Company"): {"a": SHORT},
        ("wait_days_mean", "all"): {"a": SHORT, "b": LONG},
    }
    assert set(best(replications(values), seed=1).group) == {"all"}


def test_a_replication_that_one_model_lacks_is_left_out_for_all():
    # without the third replication `b` is the better one throughout
    table = best(replications({("wait_days_mean", "all"): {"a": [5.0, 5.0, 0.0], "b": [4.0, 4.0]}}), seed=1)
    assert table.set_index("scenario").best_percent.to_dict() == {"a": 0, "b": 100}


def test_who_ties_shares():
    assert share_best(np.array([[1.0, 1.0, 2.0]] * 5), seed=1) == pytest.approx([0.5, 0.5, 0])


def test_one_replication_cannot_say_who_is_best():
    assert np.isnan(share_best(np.array([[1.0, 2.0]]), seed=1)).all()


def test_the_share_is_the_chance_that_the_bootstrapped_difference_is_negative():
    """For two models it is the normal probability of the paired difference, within 2.5 points at 200 replications."""
    rng = np.random.default_rng(5)
    shared = rng.normal(0, 5, 200)
    values = np.column_stack([shared + rng.normal(0.1, 1, 200), shared + rng.normal(0, 1, 200)])
    apart = values[:, 0] - values[:, 1]
    chance = stats.norm.cdf(-apart.mean() / (apart.std() / np.sqrt(200)))
    assert 0.02 < chance < 0.98
    assert share_best(values, seed=1)[0] == pytest.approx(chance, abs=0.025)


def test_the_same_seed_gives_the_same_shares_and_another_seed_others():
    values = np.random.default_rng(1).normal(size=(10, 3))
    assert (share_best(values, 1) == share_best(values, 1)).all()
    assert (share_best(values, 1) != share_best(values, 2)).any()


# ---- the front


def test_who_is_worse_in_nothing_and_better_in_one_beats():
    points = np.array([[5.0, 30.0], [5.0, 40.0], [6.0, 20.0], [6.0, 50.0]])
    assert beaten(points).tolist() == [
        [False, False, False, False],
        [True, False, False, False],  # as short a wait, a longer journey
        [False, False, False, False],  # the shortest journey
        [True, True, True, False],
    ]


def test_equals_do_not_beat_each_other_even_if_the_last_bits_differ():
    assert not beaten(np.array([[5.0, 30.0], [5.0 * (1 + 1e-15), 30.0]])).any()


WAIT = {"a": SHORT, "b": MIDDLE, "c": LONG}
TRAVEL = {"a": [30.0] * 3, "b": [40.0] * 3, "c": [20.0] * 3}


def test_the_front_of_wait_and_travel_where_nobody_pays():
    table = front(
        replications({("wait_days_mean", "all"): WAIT, ("travel_minutes_mean", "all"): TRAVEL}), ["all"], 1
    )
    assert list(table.columns) == [column.name for column in TABLES["front.csv"]]
    assert table[["scenario", "on_front", "beaten_by"]].to_numpy().tolist() == [
        ["a", "yes", ""],
        ["b", "no", "a"],
        ["c", "yes", ""],
    ]
    assert table.wait_days_mean.tolist() == [5, 6, 9] and table.cost_per_scan_pounds.isna().all()
    assert table.on_front_percent.tolist() == [100, 0, 100]


def test_a_cheap_model_is_beaten_by_none_and_its_cost_is_that_of_everybody():
    values = {
        ("wait_days_mean", "place=Oxford"): WAIT,
        ("travel_minutes_mean", "place=Oxford"): TRAVEL,
        ("cost_per_scan_pounds", "all"): {"a": [300.0] * 3, "b": [100.0] * 3, "c": [300.0] * 3},
    }
    table = front(replications(values), ["place=Oxford"], 1)
    assert table.on_front.tolist() == ["yes"] * 3 and table.cost_per_scan_pounds.tolist() == [300, 100, 300]


def test_a_measure_that_one_model_lacks_is_left_out_for_all():
    values = {
        ("wait_days_mean", "all"): WAIT,
        ("travel_minutes_mean", "all"): {"a": [30.0] * 3, "b": [10.0] * 3},
    }
    table = front(replications(values), ["all"], 1)
    assert table.on_front.tolist() == ["yes", "no", "no"] and table.travel_minutes_mean.isna().all()


def test_how_often_nobody_beats_a_model_is_the_chance_that_it_is_shorter_when_all_else_is_equal():
    waits = np.random.default_rng(2).normal([5.0, 5.1], 0.5, (50, 2))
    same = np.full((50, 2), 30.0)
    unbeaten = share_unbeaten(np.stack([waits, same], axis=-1), seed=1)
    assert unbeaten == pytest.approx(share_best(waits, seed=1))


def test_without_any_of_the_three_there_is_no_front():
    assert front(replications({("load_percent", "all"): WAIT}), ["all"], 1).empty
