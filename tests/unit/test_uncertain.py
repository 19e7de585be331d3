"""Assumptions drawn from their ranges, and what is then chance and what not knowing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.experiment.drawing import Unknown, drawn_texts, draws_of, unknown_of, unknowns_of, wholes
from sim.experiment.uncertain import Packed, ranks_of, rows_of, split
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import read_arms
from tests.world import SMALL

ASSUMED = f"""\
title: nobody knows
extends: {SMALL}
attendance: {{missed: {{value: 10 %, assumption: nobody counted, range: [0 %, 20 %]}}}}
scanning:
  MRI:
    repair_time: {{value: 1 day, assumption: it depends, range: [12 hours, 3 days], shape: triangular}}
demand:
  MRI:
    priority:
      urgent_suspected_cancer: {{value: 10 %, assumption: mix, range: [5 %, 15 %]}}
      urgent: {{value: 20 %, assumption: mix, range: [10 %, 30 %]}}
      routine: 70 %
calendar: {{warm_up: {{value: 4 weeks, assumption: long enough, range: [0 weeks, 9 weeks]}}}}
"""


@pytest.fixture
def arms(tmp_path):
    """Two arms that assume the same, except that the second has its own idea of repair times."""
    (tmp_path / "one.yaml").write_text(ASSUMED)
    (tmp_path / "two.yaml").write_text(
        "extends: one.yaml\nscanning: {MRI: {repair_time: {value: 1 day, assumption: it depends, range: [1 day, 2 days]}}}\n"
    )
    return read_arms([tmp_path / "one.yaml", tmp_path / "two.yaml"])


# ---- what is drawn


def test_every_assumption_is_an_unknown_once_and_warm_up_is_a_choice(arms):
    found = [(unknown.key, unknown.low, unknown.high, unknown.unit) for unknown in unknowns_of(arms)]
    assert sorted(found) == [
        ("missed", 0, 20, "%"),
        ("repair_time", 0.5, 3, "day"),
        ("repair_time", 1, 2, "day"),
        ("urgent", 10, 30, "%"),
        ("urgent_suspected_cancer", 5, 15, "%"),
    ]


@pytest.mark.parametrize(
    ("shape", "low", "high", "quantile", "value"),
    [
        ("uniform", 0, 20, 0.25, 5),
        ("triangular", 0, 4, 0.5, 2),  # likeliest at 2: half on each side
        ("triangular", 2, 4, 0.75, 3),  # likeliest at its lowest: 1 - (1 - 1/2)^2
        ("log-uniform", 0.5, 8, 0.5, 2),  # the geometric mean
    ],
)
def test_a_shape_at_a_quantile(shape, low, high, quantile, value):
    assert Unknown("key", "why", 2, low, high, "days", shape).at(quantile) == pytest.approx(value)


def test_money_is_written_as_money():
    price = {
        "value": "£600 per scan",
        "assumption": "no tariff seen",
        "range": ["£450 per scan", "£1,100 per scan"],
    }
    unknown = unknown_of("PET-CT", price)
    assert (unknown.low, unknown.high) == (450, 1100) and unknown.written(unknown.at(0.5)) == "£775 per scan"


def test_ends_of_a_range_may_have_other_units_than_the_value():
    unknown = unknown_of("repair", {"value": "1 day", "assumption": "?", "range": ["6 hours", "1 week"]})
    assert (unknown.low, unknown.high, unknown.unit) == (0.25, 7, "day")


def test_arms_that_assume_the_same_draw_the_same(arms):
    draws = draws_of(arms, unknowns_of(arms), 4, seed=1)
    for draw in draws.legal:
        one, two = (arm.scenario for arm in draw.arms)
        assert float(one.attendance.missed) == float(two.attendance.missed)
        assert float(one.scanning["MRI"].repair_time) != float(two.scanning["MRI"].repair_time)
        assert one.calendar.warm_up == arms[0].scenario.calendar.warm_up
    assert len({float(draw.arms[0].scenario.attendance.missed) for draw in draws.legal}) == 4


def test_more_draws_begin_with_the_fewer_and_another_seed_draws_others(arms):
    def written(count: int, seed: int) -> list:
        return [draw.written for draw in draws_of(arms, unknowns_of(arms), count, seed).legal]

    assert written(5, 1)[:3] == written(3, 1)
    assert written(3, 2) != written(3, 1)


def test_draws_cover_the_range_evenly(arms):
    """Sixteen points of a Sobol' sequence: one in every sixteenth of each range."""
    missed = [
        float(d.arms[0].scenario.attendance.missed)
        for d in draws_of(arms, unknowns_of(arms), 16, seed=1).legal
    ]
    assert sorted(int(share / 0.2 * 16) for share in missed) == list(range(16))


def test_parts_of_a_whole_are_scaled_back_to_all_of_it(arms):
    tree = arms[0].document.tree
    unknowns = {unknown.key: unknown for unknown in unknowns_of(arms[:1])}
    values = dict(zip(unknowns.values(), [unknown.value for unknown in unknowns.values()]))
    values |= {unknowns["urgent_suspected_cancer"]: 15.0, unknowns["urgent"]: 10.0}
    texts = drawn_texts(tree, values)
    # 70 % is known, so 15 and 10 share 30 %
    assert texts["demand", "MRI", "priority", "urgent_suspected_cancer"] == "18 %"
    assert texts["demand", "MRI", "priority", "urgent"] == "12 %"


def test_shares_of_referrers_are_parts_of_a_whole_too():
    tree = {
        "referrers": {"gp": {"share": {"value": "60 %"}}, "inpatients": {"share": "40 %"}},
        "missed": "100 %",
    }
    assert list(wholes(tree)) == [
        {("referrers", "gp", "share"): 60, ("referrers", "inpatients", "share"): 40}
    ]


def test_a_draw_that_is_no_scenario_is_passed_over_and_counted(tmp_path):
    (tmp_path / "x.yaml").write_text(
        f"extends: {SMALL}\nbooking:\n"
        "  horizon: {value: 9 days, assumption: habit, range: [2 days, 10 days]}\n"
        "  minimum_notice: {value: 1 day, assumption: habit, range: [1 day, 9 days]}\n"
    )
    arms = read_arms([tmp_path / "x.yaml"])
    draws = draws_of(arms, unknowns_of(arms), 8, seed=1)
    assert len(draws.legal) == 8 and draws.passed_over > 0 and "horizon" in draws.why
    assert all(
        d.arms[0].scenario.booking.horizon >= d.arms[0].scenario.booking.minimum_notice for d in draws.legal
    )


def test_where_nothing_is_assumed_there_is_nothing_to_draw():
    arms = read_arms([Path(SMALL)])
    with pytest.raises(ScenarioFaults, match="no value is an assumption"):
        draws_of(arms, unknowns_of(arms), 3, seed=1)


# ---- chance and not knowing


def test_two_draws_by_hand():
    """Draws of means 10 and 20; within each, replications two apart: variance 2 a replication.

    Between the means 50, of which 2/2 is chance: 49 is not knowing.
    """
    found = split(np.array([[9.0, 11.0], [19.0, 21.0]]))
    assert found["mean"] == 15
    assert found["chance_sd"] ** 2 == pytest.approx(2)
    assert found["not_knowing_sd"] ** 2 == pytest.approx(49)
    assert found["not_knowing_percent"] == pytest.approx(100 * 49 / 51)
    # 5 from the mean, pulled in by the root of 49/50; the 2.5th percentile of two points
    assert found["low"] == pytest.approx(15 - 0.95 * 5 * (49 / 50) ** 0.5)
    assert found["upper"] == pytest.approx(15 + 12.7062 * 5, rel=1e-4)


def test_where_draws_change_nothing_all_is_chance_and_where_runs_do_not_differ_nothing_is():
    luck = np.random.default_rng(1)
    assert split(luck.normal(0, 1, (2000, 2)))["not_knowing_percent"] < 5
    assert split(np.repeat(luck.normal(0, 1, (50, 1)), 2, axis=1))["not_knowing_percent"] == 100


def test_the_variances_are_those_that_the_values_were_made_with():
    luck = np.random.default_rng(2)
    found = split(luck.normal(0, 3, (4000, 1)) + luck.normal(0, 2, (4000, 2)))
    assert found["not_knowing_sd"] == pytest.approx(3, rel=0.03)
    assert found["chance_sd"] == pytest.approx(2, rel=0.03)
    assert (found["low"], found["high"]) == (
        pytest.approx(-1.96 * 3, rel=0.06),
        pytest.approx(1.96 * 3, rel=0.06),
    )


def test_luck_that_both_arms_share_is_not_in_their_difference():
    wait = ("wait_days_mean", "all")
    far = [[{wait: 10.0 + draw + luck} for luck in (0.0, 4.0)] for draw in range(6)]
    near = [[{wait: one[wait] + 2 * draw} for one in values] for draw, values in enumerate(far)]
    rows = {
        (row["scenario"], row["baseline"]): row
        for row in rows_of({"far": far, "near": near}, {"near": "far"})
    }
    assert rows["near", "far"]["not_knowing_percent"] == 100
    assert rows["near", "far"]["mean"] == 5
    assert rows["far", ""]["chance_sd"] ** 2 == pytest.approx(8)


def test_a_draw_without_the_measure_is_left_out():
    wait = ("wait_days_mean", "all")
    values = [[{wait: 1.0}, {wait: 2.0}], [{wait: 3.0}, {}], [{wait: 2.0}, {wait: 5.0}]]
    (row,) = rows_of({"far": values}, {})
    assert (row["draws"], row["mean"]) == (2, 2.5)


# ---- how several models rank


def values(*means: float, measure: str = "wait_days_mean") -> list[list[dict]]:
    """Draws of two replications, one below and one above each mean."""
    return [[{(measure, "all"): mean - 1}, {(measure, "all"): mean + 1}] for mean in means]


def ranks(**by_arm) -> dict[str, tuple[float, float]]:
    return {row["scenario"]: (row["rank_mean"], row["best_percent"]) for row in ranks_of(by_arm)}


def test_each_draw_ranks_the_models_and_places_are_means_over_draws():
    """Draw by draw: near first, far first, near and far the same."""
    found = ranks(near=values(4, 9, 5), far=values(6, 3, 5), van=values(8, 10, 6))
    assert found["near"] == (pytest.approx((1 + 2 + 1.5) / 3), 50)
    assert found["far"] == (pytest.approx((2 + 1 + 1.5) / 3), 50)
    assert found["van"] == (3, 0)


def test_more_scans_are_a_better_place_and_fewer_a_worse():
    found = ranks(
        many=values(9, measure="scans"), few=values(2, measure="scans"), none=values(1, measure="scans")
    )
    assert [found[name][0] for name in ("many", "few", "none")] == [1, 2, 3]


def test_what_has_no_better_side_is_not_ranked_and_a_draw_that_one_model_lacks_is_left_out():
    assert list(ranks_of({name: values(1, measure="load_percent") for name in "abc"})) == []
    lacking = values(1, 5)
    del lacking[0][1]["wait_days_mean", "all"]
    (row, *_) = ranks_of({"near": lacking, "far": values(2, 2), "van": values(3, 3)})
    assert (row["draws"], row["rank_mean"]) == (1, 3)


def test_values_of_many_replications_hold_their_names_once():
    known = {}
    one, other = ({("scans", f"place={n}"): float(n + more) for n in range(1000)} for more in (0, 1))
    packed = [Packed(values, known) for values in (one, other, {("scans", "all"): 3.0})]
    assert [dict(values) for values in packed] == [one, other, {("scans", "all"): 3.0}]
    assert len(known) == 2 and packed[2].get(("scans", "place=1"), None) is None
