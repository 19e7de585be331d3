"""When scanners are down."""

import numpy as np
import pytest

from sim.model.breakdowns import Downtimes, breaking_down
from tests.world import simulation


def intervals(uptime: str, repair: str, years: int, **scanner) -> np.ndarray:
    """Every time that one scanner was down, with nobody to scan: shape (breakdowns, 2)."""
    changes = {"scanning": {"MRI": {"uptime": uptime, "repair_time": repair}}, "fleet": {"scanner": scanner}}
    sim = simulation(changes)
    sim.env.process(breaking_down(sim, sim.world.scanners[0]))
    sim.env.run(until=years * 365)
    return np.array(sim.downtimes[0].intervals).reshape(-1, 2)


@pytest.mark.parametrize(
    ("uptime", "repair", "years"), [("90 %", "1 day", 600), ("97 %", "6 days", 1500), ("50 %", "6 hours", 60)]
)
def test_the_long_run_uptime_is_what_was_asked_for(uptime, repair, years):
    """By cycles: a ratio of means, its standard error by the delta method."""
    found = intervals(uptime, repair, years)
    repaired = found[:-1, 1]
    down, cycle = (found[1:, 1] - found[1:, 0])[:-1], np.diff(repaired)
    share = down.sum() / cycle.sum()
    error = np.std(down - share * cycle) / np.sqrt(len(cycle)) / cycle.mean()
    assert abs(1 - share - float(uptime.split()[0]) / 100) < 3.5 * error
    assert error < 0.005


def test_repairs_take_their_mean_and_vary_as_an_exponential():
    found = intervals("90 %", "1 day", years=1000)
    took = (found[:, 1] - found[:, 0])[:-1]
    assert abs(took.mean() - 1) < 3.5 / np.sqrt(len(took))
    assert abs(np.mean(took > np.log(2)) - 0.5) < 3.5 * 0.5 / np.sqrt(len(took))


@pytest.mark.parametrize(("uptime", "repair"), [("100 %", "1 day"), ("90 %", "0 days")])
def test_a_scanner_that_never_fails_or_is_repaired_at_once_is_never_down(uptime, repair):
    assert not len(intervals(uptime, repair, years=10))


def test_breakdowns_go_with_the_scanners_key_not_its_name_or_demand():
    one = intervals("90 %", "1 day", years=10, key="old")
    assert (one == intervals("90 %", "1 day", years=10, key="old", slots_per_day="3 per day")).all()
    assert not np.array_equal(one, intervals("90 %", "1 day", years=10, key="new"))


def test_downtime_that_is_over_before_a_session_is_forgotten_and_the_rest_kept():
    down = Downtimes()
    down.intervals = [[1.0, 2.0], [3.0, 5.0], [7.0, float("inf")]]
    assert down.since(4.0) == [[3.0, 5.0], [7.0, float("inf")]]
    assert down.since(5.0) == [[7.0, float("inf")]]
