"""Which points a sweep runs, and which numbers turn out to matter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import sobol_indices

from analysis.sensitivity import EXPLAINED, FIRST, RANK, SLOPE, TOTAL, regression, sobol
from sim.experiment.assumptions import Assumptions
from sim.experiment.designs import Design, design_of, points_of
from sim.experiment.ranges import Range
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import read_arms

UNIT = Range(0, 1, "")


def numbers(rows) -> np.ndarray:
    return np.array([[float(value) for value in row] for row in rows])


# ---- designs


def test_a_grid_takes_every_combination_of_values_and_of_even_steps():
    assert points_of([["a", "b"], Range(70, 100, "%")], Design("grid", 3), 1) == [
        (name, load) for name in "ab" for load in ("70 %", "85 %", "100 %")
    ]


def test_a_range_of_whole_numbers_has_no_more_steps_than_numbers():
    assert points_of([Range(1, 3, "", whole=True)], Design("grid"), 1) == [("1",), ("2",), ("3",)]


def test_a_latin_hypercube_has_one_point_in_each_of_as_many_equal_parts():
    found = numbers(points_of([UNIT, UNIT], Design("lhs", 12), 1))
    assert (np.sort(np.floor(found * 12), axis=0) == np.arange(12)[:, None]).all()


def test_sobol_points_are_two_samples_and_the_first_with_one_axis_of_the_second():
    found = numbers(points_of([UNIT, UNIT, UNIT], Design("sobol", 8), 1))
    a, b, *mixed = np.split(found, 5)
    for axis, one in enumerate(mixed):
        assert (one[:, axis] == b[:, axis]).all()
        assert (np.delete(one, axis, axis=1) == np.delete(a, axis, axis=1)).all()


@pytest.mark.parametrize("name", ["lhs", "sobol"])
def test_the_points_follow_from_the_seed(name):
    one, again, other = (points_of([UNIT, UNIT], Design(name, 8), seed) for seed in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize("text", ["fractional", "lhs:", "lhs:few", "grid:1", "sobol:12", "lhs:3", ""])
def test_a_design_that_does_not_exist_is_refused(text):
    with pytest.raises(ScenarioFaults, match="--design"):
        design_of(text)


# ---- indices


def test_sobol_indices_of_a_sum_are_the_shares_of_its_variance():
    rows = points_of([UNIT, UNIT, UNIT], Design("sobol", 1024), 1)
    index_of, size = sobol(rows)
    found = index_of(numbers(rows) @ [3, 1, 0], np.arange(size))
    assert found[FIRST] == pytest.approx([0.9, 0.1, 0], abs=0.01)
    assert found[TOTAL] == pytest.approx([0.9, 0.1, 0], abs=0.01)


def test_sobol_indices_are_those_of_scipy():
    rows = points_of([UNIT, UNIT], Design("sobol", 64), 5)
    outcome = np.prod(numbers(rows) + 0.3, axis=1)
    a, b, *mixed = np.split(outcome, 4)
    wanted = sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": np.array(mixed)[:, None]}, n=64)
    found = sobol(rows)[0](outcome, np.arange(64))
    assert found[TOTAL] == pytest.approx(wanted.total_order)
    assert found[FIRST] == pytest.approx(wanted.first_order, abs=0.02)  # the mean taken out differs


def test_slopes_of_a_straight_line_are_its_shares_of_the_spread():
    rows = points_of([UNIT, UNIT], Design("lhs", 200), 1)
    x = numbers(rows)
    found = regression(rows)[0](4 * x[:, 0] - 3 * x[:, 1], np.arange(200))
    assert found[SLOPE] == pytest.approx([0.8, -0.6], abs=0.03)
    assert found[EXPLAINED][0] == pytest.approx(1)


def test_ranks_see_a_bent_line_as_straight():
    rows = points_of([UNIT], Design("lhs", 50), 1)
    found = regression(rows)[0](np.exp(20 * numbers(rows)[:, 0]), np.arange(50))
    assert found[RANK] == pytest.approx([1])
    assert found[EXPLAINED][0] < 0.6 and found[EXPLAINED][1] == pytest.approx(1)


def test_an_outcome_that_never_changes_has_no_index():
    rows = points_of([UNIT], Design("sobol", 8), 1)
    assert sobol(rows)[0](np.full(24, 7.0), np.arange(8)) == {FIRST: [0], TOTAL: [0]}


# ---- assumptions at their ends


def ends_of(write, text: str) -> Assumptions:
    write(f"extends: small.yaml\n{text}")
    return Assumptions(read_arms([Path("x.yaml")]))


def test_every_range_is_moved_to_its_ends_and_one_without_width_is_not(write):
    found = ends_of(
        write,
        "attendance: {missed: {value: 5 %, assumption: a, range: [0 %, 10 %]}}\n"
        "images: {transfer: {value: 1 day, assumption: a, range: [1 day, 3 days]}}",
    )
    assert [(end["path"], end["end"], end["value"]) for end in found.ends] == [
        ("attendance.missed", "low", "0 %"),
        ("attendance.missed", "high", "10 %"),
        ("images.transfer", "high", "3 days"),
    ]
    assert [float(arm.scenario.attendance.missed) for arm in found.arms] == pytest.approx([0, 0.1, 0.05])


def test_shares_that_sum_to_all_give_way_in_proportion(write):
    shares = "urgent_suspected_cancer: 10 %, urgent: {value: 30 %, assumption: a, range: [30 %, 55 %]}, routine: 60 %"
    (end,) = ends_of(write, f"demand: {{MRI: {{priority: {{{shares}}}}}}}").arms
    assert [float(share) for share in end.scenario.demand["MRI"].priority.values()] == pytest.approx(
        [45 / 7e2, 0.55, 45 * 6 / 7e2]
    )


def test_an_end_that_is_no_scenario_is_left_out_and_named(write):
    found = ends_of(write, "booking: {horizon: {value: 28 days, assumption: a, range: [0 days, 40 days]}}")
    assert [end["end"] for end in found.ends] == ["high"]
    assert found.left_out == {
        "booking.horizon=0 days": "must not be shorter than `minimum_notice`: nobody could be booked"
    }


def test_without_a_range_there_is_nothing_to_move(write):
    with pytest.raises(ScenarioFaults, match="no number of the scenarios has a range"):
        ends_of(write, "title: plain")
