"""How many are referred, and when."""

import numpy as np
import pytest
from scipy.stats import poisson

from sim.model.demand import poisson_quantiles
from tests.world import world


@pytest.mark.parametrize("mean", [0, 1e-9, 0.3, 5, 77, 1e5, 1e7])
def test_counts_are_poisson_quantiles(mean):
    u = np.concatenate([[0, 1e-17, 1 - 2**-53], np.random.default_rng(1).random(1000)])
    assert (poisson_quantiles(u, np.full(len(u), mean)) == np.maximum(poisson.ppf(u, mean), 0)).all()


def test_more_demand_never_makes_fewer_referrals():
    mean = np.linspace(0.01, 50, 2000)
    for u in (0.001, 0.5, 0.999):
        assert (np.diff(poisson_quantiles(np.full(len(mean), u), mean)) >= 0).all()


def test_a_month_is_filled_evenly_within_the_opening_hours_of_its_days():
    """Ten equally likely hours a day: the middle of January's 31 days is noon or so of the 16th."""
    (arrivals,) = world().arrivals
    first, middle, last = arrivals.times(np.array([0.0, 0.5, 1 - 2**-53]), month=0)
    assert first == 8 / 24
    assert middle == pytest.approx(15 + 13 / 24, abs=1e-5)
    assert last == pytest.approx(30 + 18 / 24)
    assert np.floor(arrivals.times(np.array([0.0, 1 - 2**-53]), month=1)).tolist() == [31, 58]


def test_a_bank_holiday_counts_as_a_sunday():
    weekdays = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "24 %") | {"sunday": "4 %"}
    (arrivals,) = world(
        {"demand": {"MRI": {"weekdays": weekdays | {"friday": "0 %", "saturday": "0 %"}}}}
    ).arrivals
    assert arrivals.weight[:7] == pytest.approx([0.04, 0.24, 0.24, 0, 0, 0.04, 0.24])
