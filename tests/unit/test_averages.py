"""Means and quantiles are those of NumPy, not nearly those."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.averages import mean, quantiles

WAITS = st.lists(st.floats(0, 4000), min_size=1, max_size=60)


def test_the_median_of_two_waits_lies_halfway_and_the_92nd_percentile_near_the_longer():
    assert quantiles(np.array([30.0, 10.0]), [0.5, 0.92]) == pytest.approx([20, 28.4])


def test_one_wait_is_every_quantile():
    assert quantiles(np.array([7.25]), [0.0, 0.5, 0.92, 1.0]) == [7.25] * 4


@given(WAITS)
def test_quantiles_are_numpys_to_the_last_bit(waits):
    parts = [0.0, 0.5, 0.92, 0.95, 1.0]
    assert quantiles(np.array(waits), parts) == np.quantile(np.array(waits), parts).tolist()


@pytest.mark.parametrize("people", [1, 7, 8, 9, 127, 128, 129, 5_000])
def test_means_are_numpys_to_the_last_bit(people):
    waits = np.random.default_rng(people).exponential(30, people)
    assert mean(waits) == float(np.mean(waits))
    assert mean(waits > 42) == float(np.mean(waits > 42))
    assert mean(waits.astype(int)) == float(np.mean(waits.astype(int)))


def test_waits_are_left_in_their_order():
    waits = np.array([3.0, 1.0, 2.0])
    quantiles(waits, [0.5])
    assert waits.tolist() == [3.0, 1.0, 2.0]
