"""When scanners are down."""

import numpy as np
import pytest

from sim.model.breakdowns import NEVER, Downtimes, Engineers, Wear, breaking_down, free_from
from tests.unit.model.suites_by_hand import constant_wear
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


def test_a_scanner_is_as_old_as_its_last_replacement_planned_or_decided():
    """12 years at the start, a planned replacement on day 400 and a decided one on day 765.25."""
    wear = Wear("scanner", age=12.0, renewed=400.0)
    assert wear.age_on(0) == 12 and wear.age_on(365.25) == 13
    assert wear.age_on(399) == 12 + 399 / 365.25
    assert wear.age_on(400) == 0 and wear.age_on(765.25) == 1
    assert wear.age_on(765, renewed=765.25) == 365 / 365.25
    assert wear.age_on(765.25, renewed=765.25) == 0 and wear.age_on(1130.5, renewed=765.25) == 1
    assert wear.age_on(765.25, renewed=100.0) == 1
    assert Wear("scanner").age_on(365.25, renewed=0.0) == 1 and Wear("scanner").age_on(365.25) == 1


def test_a_scanner_of_which_nothing_is_said_is_new_and_fails_as_often_all_its_life():
    assert Wear("scanner") == Wear("scanner", NEVER, NEVER, 0.0, None, 0.0, 0.0, NEVER)
    assert Wear("scanner").faster(1000) == 1


@pytest.mark.parametrize(
    ("at", "lasts", "starts"),
    [
        (0, 2, 0),  # as long as there is until the first job
        (0, 2.1, 5),  # just too long for that, and just right for the next gap
        (0, 3.1, 12),
        (3, 1, 5),
        (5, 3, 5),
        (5, 3.1, 12),
        (12, 9, 12),
        (13, 9, 13),
    ],
)
def test_an_engineer_has_time_for_a_job_between_two_others_that_leave_as_much(at, lasts, starts):
    assert free_from([(2, 5), (8, 12)], at, lasts) == starts


@pytest.mark.parametrize(("later", "done"), [(2.0, 11.0), (2.1, 1.0)])
def test_an_engineers_jobs_are_forgotten_more_than_two_days_after_their_end(later, done):
    """A failure by use is known at the end of its day: an engineer may be asked for late."""
    engineers = Engineers(1)
    engineers.repair(0.0, 10.0)
    engineers.repair(10.0 + later, 1.0)
    assert engineers.repair(0.0, 1.0) == done


def test_breakdowns_are_kept_in_the_order_of_their_beginning():
    down = Downtimes()
    for fails, works in ((5.0, 6.0), (1.0, 9.0), (3.0, 3.5)):
        down.add(fails, works)
    assert down.since(0.0) == [[1.0, 9.0], [3.0, 3.5], [5.0, 6.0]]
    assert down.since(6.0) == [[1.0, 9.0]]


def test_a_scanner_that_has_so_many_seconds_of_use_left_fails_in_the_last_of_them():
    """29 seconds it runs, 30 it does not: it fails as they are over and is repaired for an hour."""
    changes = {"scanning": {"MRI": {"use_between_failures": "30 seconds", "repair_time": "1 hour"}}}
    sim = simulation(changes)
    constant_wear(sim)
    (use,) = sim.use.values()
    assert use.lasts(29) and use.left == 1
    assert use.run(3, 100, 1) == (101, 3701)
    assert use.left == 30
    assert sim.downtimes[0].intervals == [[3 + 101 / 86400, pytest.approx(3 + 3701 / 86400)]]
    assert use.run(3, 5000, 29) is None and use.left == 1
