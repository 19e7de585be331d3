"""Where two models swap places: where the search looks, and what a curve of differences says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t, ttest_1samp

from analysis.tipping import Curve, crossings, is_the_same, stretches, unsettled
from sim.experiment import tipping
from sim.experiment.ranges import Range, range_of

LOAD = Range(70, 100, "%")


def tried(curve, span: Range = LOAD) -> list[float]:
    """The parts of the range at which a search looks, given the mean difference at each."""
    seen: list[float] = []

    def differences(parts: list[float]) -> list[dict[float, float]]:
        seen.extend(parts)
        return [{part: curve(part) for part in parts}]

    tipping.crossings(differences, span)
    return seen


# ---- where the search looks


def test_the_search_begins_with_even_steps_and_ends_where_nothing_changes_sign():
    assert tried(lambda part: 1 + part) == [0, 0.2, 0.4, 0.6, 0.8, 1]


def test_a_straight_line_is_crossed_at_the_first_look():
    assert tried(lambda part: part - 0.31)[6:] == [pytest.approx(0.31)]


def test_a_bent_curve_is_looked_at_until_the_crossing_stays_where_it_is():
    at = tried(lambda part: math.exp(3 * part) - math.exp(3 * 0.31))[6:]
    assert 1 < len(at) < 5
    assert at[-1] == pytest.approx(0.31, abs=tipping.CLOSE_ENOUGH)


def test_every_change_of_sign_is_looked_at():
    at = tried(lambda part: (part - 0.1) * (part - 0.9))[6:]
    assert min(abs(part - 0.1) for part in at) < 0.01 and min(abs(part - 0.9) for part in at) < 0.01


def test_between_whole_numbers_the_search_ends_at_neighbours():
    boards = Range(1, 5, "", whole=True)
    at = tried(lambda part: boards.number(part) - 3.4, boards)
    assert sorted({boards.number(part) for part in at}) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("text, expected", [
    ("70%..100%", Range(70, 100, "%")),
    ("70 .. 100 %", Range(70, 100, "%")),
    ("0.5..2", Range(0.5, 2, "")),
    ("£1,000..£2,000", Range(1000, 2000, "£")),
    ("1 hour..24 hours", Range(1, 24, "hours")),
    ("1 hour..24 days", None),
    ("100%..70%", None),
    ("70%..100 days", None),
    ("70%-100%", None),
    ("70%..", None),
    ("1..2..3", None),
])  # fmt: skip
def test_a_range_is_two_numbers_of_one_unit_the_lower_first(text, expected):
    assert range_of(text) == expected


def test_values_between_are_written_with_their_unit():
    assert [LOAD.at(0.5), Range(1000, 2000, "£").at(0.25), Range(1, 4, "", whole=True).at(0.5)] == [
        "85 %",
        "£1250",
        "2",
    ]


# ---- what a curve says


def spread(means: list[float], by: float = 0.5, n: int = 20) -> Curve:
    """A curve over 0, 1, 2, ... with these means, every replication shifted evenly."""
    shifts = by * np.linspace(-1, 1, n)
    return Curve(np.arange(len(means), dtype=float), np.array(means) + shifts[:, None])


def test_a_swap_has_the_interval_of_the_shift_over_the_slope():
    # differences v - 1 plus a shift of each replication: the crossing is 1 - shift, a mean with its t interval
    curve = spread([-1, 0, 1, 2])
    shifts = curve.apart[:, 1]
    half = t.ppf(0.975, 19) * shifts.std(ddof=1) / math.sqrt(20)
    assert crossings(curve) == [pytest.approx((1, 1 - half, 1 + half))]
    assert unsettled(curve) == []


def test_the_ends_of_the_interval_are_where_a_t_test_just_finds_no_difference():
    rng = np.random.default_rng(3)
    curve = Curve(np.array([0.0, 4, 10]), rng.normal([-2, 1, 3], [1, 0.5, 2], size=(15, 3)))
    ((value, lower, upper),) = crossings(curve)
    assert lower < value < upper
    for end in (lower, upper):
        assert ttest_1samp(curve.at(end), 0).pvalue == pytest.approx(0.05, abs=1e-9)
    assert curve.at(value).mean() == pytest.approx(0, abs=1e-12)


def test_one_model_ahead_throughout_is_no_swap():
    curve = spread([3, 2, 3])
    assert crossings(curve) == unsettled(curve) == []
    assert [stretch.sign for stretch in stretches(curve)] == [1]


def test_two_swaps_are_both_found():
    assert [value for value, _, _ in crossings(spread([-2, 2, 2, -2]))] == pytest.approx([0.5, 2.5])


def test_what_runs_into_the_end_of_the_range_is_not_settled():
    curve = spread([-3, -1, 0])
    assert crossings(curve) == []
    ((first, last, sign),) = unsettled(curve)
    assert (last, sign) == (2, 0) and 1 < first < 2


def test_a_touch_of_zero_between_two_clear_stretches_of_one_sign_is_not_settled():
    curve = spread([2, 0, 2])
    assert crossings(curve) == [] and len(unsettled(curve)) == 1


def test_differences_that_never_vary_swap_at_a_point():
    assert crossings(spread([-1, 1], by=0)) == [pytest.approx((0.5, 0.5, 0.5))]


def test_two_models_that_are_one_are_the_same_everywhere():
    assert is_the_same(spread([0, 0, 0], by=0))
    assert not is_the_same(spread([0, 0, 0]))
