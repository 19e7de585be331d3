"""How long a list takes to settle, and when a warm-up is said to be too short."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.settling import mser, smooth, too_short, welch
from analysis.warm_up import list_size

# ---- MSER-5


def test_a_list_that_starts_empty_is_cut_where_it_has_filled_up():
    # ten weeks of filling up, then forty that go up and down by one
    assert mser(np.array([*range(0, 20, 2), *([20, 21, 20, 19] * 10)])) == 10


def test_batches_of_one_cut_to_the_value():
    # keeping the 9 too: (5 + 1.5 ** 2 * 20 / 21) / 21 ** 2 = 0.0162; without it 5 / 20 ** 2 = 0.0125
    assert mser(np.array([0.0, 5.0, 9.0, *([10.0, 11.0] * 10)]), batch=1) == 3


def by_definition(series: np.ndarray, batch: int) -> int:
    """White's MSER, term by term."""
    means = [np.mean(series[i : i + batch]) for i in range(0, len(series) - batch + 1, batch)]
    n = len(means)
    found = {
        d: sum((y - np.mean(means[d:])) ** 2 for y in means[d:]) / (n - d) ** 2 for d in range(n // 2 + 1)
    }
    return min(found, key=found.get) * batch


@pytest.mark.parametrize("seed", range(8))
def test_it_is_the_least_standard_error_by_its_definition(seed):
    rng = np.random.default_rng(seed)
    series = rng.normal(50, 4, 104) - 40 * np.exp(-np.arange(104) / 8)
    assert mser(series) == by_definition(series, 5)


@pytest.mark.parametrize("series", [np.arange(100.0), np.arange(19.0)])
def test_a_list_that_only_grows_has_not_settled_and_a_short_one_cannot_say(series):
    assert mser(series) is None


# ---- Welch


def test_the_moving_average_takes_as_many_as_lie_to_both_sides():
    assert smooth(np.array([1.0, 2.0, 6.0, 3.0, 8.0, 1.0]), 1).tolist() == [1, 3, 11 / 3, 17 / 3, 4]
    assert smooth(np.array([1.0, 2.0, 6.0, 3.0, 8.0]), 2).tolist() == [1, 3, 4]


def test_welch_is_where_the_smooth_mean_comes_within_five_percent_and_stays():
    runs = np.array([[0, 50, 80, 94, 96, 100, 100, 100, 100, 100, 100, 100]] * 3, dtype=float)
    assert welch(runs, window=0) == 4


def test_a_list_that_only_grows_does_not_settle():
    assert welch(np.arange(1, 101.0)[None], window=6) is None


# ---- a warm-up that was too short


def lists(
    replications: int, months: int, start: float, tau: float = 3.0, seed: int = 1, season: float = 0.0
) -> np.ndarray:
    """Month ends of a list of 100 on average that starts at `start` and nears 100 with a time constant."""
    rng = np.random.default_rng(seed)
    t = np.arange(months)
    mean = 100 + (start - 100) * np.exp(-t / tau) + season * np.sin(2 * np.pi * t / 12)
    noise = rng.normal(0, 15, (replications, months + 1))
    return mean + 0.8 * noise[:, 1:] + 0.6 * noise[:, :-1]


def test_a_list_that_still_fills_up_after_the_warm_up_is_noticed():
    found = too_short(lists(20, 36, start=30))
    assert 3 <= found.months <= 12 and found.first < 90 < found.later


def test_a_list_that_still_goes_down_is_noticed_too():
    found = too_short(lists(20, 36, start=200))
    assert found.first > 110 > found.later


def test_a_settled_list_is_hardly_ever_called_unsettled():
    """Of 200 runs of 10 replications at most 8 (4 %); 1 % was aimed at, but the months were chosen by looking."""
    assert sum(too_short(lists(10, 36, start=100, seed=seed)) is not None for seed in range(200)) <= 8


def test_a_season_is_not_a_start():
    """The same months a year later are as low."""
    assert (
        sum(too_short(lists(10, 36, start=100, season=30, seed=seed)) is not None for seed in range(100)) <= 4
    )


def test_a_list_that_goes_on_growing_needs_no_longer_warm_up():
    growing = lists(20, 36, start=100) + 3 * np.arange(36)
    assert too_short(growing) is None


@pytest.mark.parametrize("months", [lists(1, 36, start=0), lists(20, 5, start=0)])
def test_one_replication_or_five_months_cannot_say(months):
    assert too_short(months) is None


# ---- the list week by week


def test_the_list_holds_who_has_been_requested_and_not_left():
    nan = float("nan")
    rows = pd.DataFrame({
        "modality": ["MRI"] * 5 + ["CT"],
        "priority": ["routine", "urgent", "routine", "planned", "emergency", "routine"],
        "referred": [1.0, 5.0, 8.0, 1.0, 1.0, 1.0],
        "scanned": [9.0, nan, nan, nan, nan, nan],
        "left": [nan, nan, 20.0, nan, nan, nan],
    })  # fmt: skip
    # at 7: the first two; at 14: the second and the third; at 21: the second
    assert list_size(rows, "MRI", np.array([7, 14, 21])).tolist() == [2, 2, 1]
