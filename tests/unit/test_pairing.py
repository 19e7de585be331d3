"""How much the same patients help, and the reason given where it is little."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.pairing import pairing
from analysis.remarks import why_so_little

ARMS = ["ours", "theirs"]


def series(*values: float) -> pd.Series:
    return pd.Series(values, dtype=float)


def test_the_ratio_and_the_most_it_could_be_are_worked_out_by_hand():
    found = pairing(series(5, 7, 6, 9, 8), series(4, 5, 6, 6, 5))
    # variances 2.5 and 0.7, of the difference 1.7; with a correlation of one: (sqrt 2.5 - sqrt 0.7) squared
    assert found.ratio == pytest.approx(3.2 / 1.7)
    assert found.most == pytest.approx(3.2 / (2.5**0.5 - 0.7**0.5) ** 2)
    assert found.times == pytest.approx(2.5 / 0.7) and found.varies_more == 0
    assert found.correlation == pytest.approx(np.corrcoef([5, 7, 6, 9, 8], [4, 5, 6, 6, 5])[0, 1])


def test_only_replications_that_both_have_make_pairs():
    assert pairing(series(5, 7, 6, 9, 8, 99), series(4, 5, 6, 6, 5)).n == 5


@pytest.mark.parametrize("theirs", [series(5, 7, 6), series(6, 8, 7)])
def test_a_difference_that_does_not_vary_has_no_pairing(theirs):
    assert pairing(series(5, 7, 6), theirs) is None


def test_one_pair_has_no_pairing():
    assert pairing(series(5), series(4)) is None


def test_where_one_model_hardly_varies_that_is_the_reason():
    rng = np.random.default_rng(1)
    luck = rng.normal(size=30)
    found = pairing(pd.Series(10 * luck), pd.Series(luck + rng.normal(0, 0.1, 30)))
    assert found.ratio <= found.most < 2
    assert "the variance under ours is " in why_so_little(found, ARMS)


def test_where_breakdowns_make_the_difference_that_is_the_reason():
    rng = np.random.default_rng(2)
    down, patients = rng.exponential(size=30), rng.normal(0, 0.3, 30)
    there = rng.exponential(size=30)
    found = pairing(pd.Series(patients + down), pd.Series(patients + there), pd.Series(down - there))
    assert found.ratio < 2 <= found.most and found.downtime > 0.99
    assert "downtime" in why_so_little(found, ARMS)


def test_otherwise_it_is_luck_that_is_not_shared():
    rng = np.random.default_rng(3)
    found = pairing(pd.Series(rng.normal(size=30)), pd.Series(rng.normal(size=30)))
    assert found.ratio < 2 <= found.most
    assert "correlation" in why_so_little(found, ARMS)
