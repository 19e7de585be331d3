"""What a run says of its own replications, in words."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from analysis.runs import UNCERTAIN, sentences
from sim.results.columns import TABLES
from sim.results.folder import write_rows


@pytest.fixture
def results(tmp_path):
    """What the words read of a results folder; its manifest is to be filled in."""
    headline = {"measure": "wait_days_mean", "group": "place=Village"}
    return SimpleNamespace(
        path=tmp_path, manifest={"replications": 30}, headline=headline, arms=["far", "near"]
    )


def test_who_asked_for_nothing_is_told_nothing(results):
    results.manifest |= {"precision": {}, "uncertain": {}}
    assert sentences(results) == []


def test_a_precision_that_was_reached(results):
    results.manifest["precision"] = {"asked": "5%", "reached": True, "half_widths": {"far": [0.1, 0.2]}}
    assert sentences(results) == ["Precision 5%: reached with 30 replications."]


def test_a_precision_that_was_not_names_what_is_too_wide(results):
    widths = {"far": [0.1, 0.2], "near": [0.3, 0.25], "near less far": [None, 0.2]}
    results.manifest["precision"] = {"asked": "5%", "reached": False, "half_widths": widths}
    assert sentences(results) == [
        "Precision 5%: not reached with 30 replications for near: half-width 0.30 days, 0.25 asked for.",
        "Precision 5%: not reached with 30 replications for near less far: it does not exist.",
    ]


def test_what_is_not_known_is_told_of_the_headline_difference_with_what_was_passed_over(results):
    known = {"measure": "wait_days_mean", "unit": "days", "group": "place=Village", "draws": 20}
    span = {"mean": 3.1, "lower": 2.5, "upper": 3.7, "low": 0.9, "high": 7.2, "not_knowing_percent": 87.6}
    less = span | {"low": -7.892, "lower": -0.001}
    rows = [
        {"scenario": "far", **known, **span},
        {"scenario": "near", "baseline": "far", **known, **less},
        {"scenario": "near", "baseline": "far", **(known | {"group": "all"}), **span},
    ]
    write_rows(results.path / UNCERTAIN, [column.name for column in TABLES[UNCERTAIN]], rows)
    results.manifest["uncertain"] = {
        "unknowns": 42,
        "draws": 20,
        "passed_over": 3,
        "why": "booking.horizon: too short",
    }
    assert sentences(results) == [
        "With the assumptions drawn from their ranges, mean wait for place Village, near less far: mean 3.10 days, "
        "95 % interval 0.00 to 3.70; 95 of 100 draws lie between −7.89 and 7.20. Of the variance of one run 88 % is "
        "not knowing, 12 % chance.",
        "Unknowns drawn from their ranges: 42, 20 times each; draws passed over, because they were no legal scenario: "
        "3 (booking.horizon: too short).",
    ]


def test_of_few_draws_no_span_is_told_and_the_shares_are_rough(results):
    row = {"scenario": "near", "baseline": "far", "measure": "wait_days_mean", "unit": "days"}
    row |= {
        "group": "place=Village",
        "draws": 19,
        "mean": 3.1,
        "lower": 2.5,
        "upper": 3.7,
        "low": 0.9,
        "high": 7.2,
    }
    columns = [column.name for column in TABLES[UNCERTAIN]]
    write_rows(results.path / UNCERTAIN, columns, [row | {"not_knowing_percent": 87.6}])
    results.manifest["uncertain"] = {"unknowns": 42, "draws": 19, "passed_over": 0, "why": ""}
    assert sentences(results)[0].partition("; ")[2] == (
        "too few draws (19) to say between what most of them lie. Of the variance of one run 88 % is not knowing, "
        "12 % chance (roughly: from 19 draws)."
    )


def test_the_difference_of_two_shares_is_told_in_percentage_points(results):
    results.headline = {"measure": "over_6_weeks_percent", "group": "all"}
    row = {"scenario": "near", "measure": "over_6_weeks_percent", "unit": "%", "group": "all", "draws": 20}
    row |= {"mean": -1.5, "lower": -3, "upper": 0.1, "low": -4, "high": 1, "not_knowing_percent": 50}
    columns = [column.name for column in TABLES[UNCERTAIN]]
    results.manifest["uncertain"] = {"unknowns": 1, "draws": 20, "passed_over": 0, "why": ""}
    write_rows(results.path / UNCERTAIN, columns, [row | {"baseline": "far"}])
    assert "near less far: mean −1.50 percentage points, " in sentences(results)[0]
    results.arms = ["near"]
    write_rows(results.path / UNCERTAIN, columns, [row])
    assert "near: mean −1.50 %, " in sentences(results)[0]
