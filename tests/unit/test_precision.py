"""How many replications a precision needs: decided in their order, whoever finishes first."""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.experiment.precision import FEWEST, MOST, Precision, Watch, look_ahead, precision_of, replicate
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import read_arms
from tests.world import SMALL

FIVE_PERCENT = Precision("5%", share=0.05)


def watched(
    values: dict[str, list[float]], precision: Precision = FIVE_PERCENT, matters: float = 0.0
) -> Watch:
    """Two arms, `far` the baseline of `near`, fed to the end of the values."""
    watch = Watch(list(values), {"near": "far"} if "near" in values else {}, precision, matters)
    for one in zip(*values.values()):
        watch.add(dict(zip(values, one)))
    return watch


def test_the_half_width_is_students():
    values = [4.0, 5.0, 7.0, 4.5]
    low, high = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    mean = watched({"far": values}).means["far"]
    assert (mean.mean, mean.half_width) == (pytest.approx(np.mean(values)), pytest.approx((high - low) / 2))


def test_the_precision_must_hold_over_the_look_ahead():
    """Nine equal values are precise at once; the tenth is far off, and it takes long to recover."""
    watch = watched({"far": [10.0] * 4 + [20.0] + [10.0, 10.2] * 400})
    # half-width over mean first falls under 5 % well after the outlier, and the five after it hold
    assert watch.since > 5 and watch.reached == watch.since + look_ahead(watch.since)
    before = [10.0] * 4 + [20.0] + [10.0, 10.2] * 400
    for number, precise in ((watch.since - 1, False), (watch.since, True), (watch.reached, True)):
        part = before[:number]
        width = stats.t.ppf(0.975, number - 1) * stats.sem(part)
        assert (width <= 0.05 * np.mean(part)) is np.bool_(precise)


def test_the_look_ahead_grows_with_the_replications_from_a_hundred_on():
    assert [look_ahead(n) for n in (3, 100, 200, 1000)] == [5, 5, 10, 50]


def test_no_fewer_than_ten_are_run_however_alike_they_are():
    assert watched({"far": [3.0] * 30}).reached == FEWEST


def test_a_negative_mean_is_not_precise_for_being_negative():
    values = [-10.0, 30.0, -40.0, 15.0, -20.0] * 4
    assert watched({"far": values}).reached is None
    assert watched({"far": [-10.0, -10.1] * 10}).reached == FEWEST


def test_a_difference_is_measured_by_the_mean_that_it_is_a_difference_from():
    """Means of 100 known to 0.1, a difference of about nothing: no share of nothing is asked for."""
    luck = random.Random(1)
    far = [100 + luck.gauss(0, 1) for _ in range(40)]
    near = [value + luck.gauss(0, 1) for value in far]
    assert watched({"far": far, "near": near}).reached == FEWEST


def test_where_the_mean_is_near_zero_a_part_of_what_matters_is_enough():
    values = [0.0, 0.02] * 20
    assert watched({"far": values}).reached is None
    assert watched({"far": values}, matters=2.0).reached == FEWEST


def test_a_half_width_in_the_measures_unit():
    values = [10.0, 12.0] * 50
    reached = watched({"far": values}, Precision("0.5 days", absolute=0.5)).since
    widths = [stats.t.ppf(0.975, n - 1) * stats.sem(values[:n]) for n in range(2, 100)]
    assert reached == 2 + next(n for n, width in enumerate(widths) if max(widths[n : n + 6]) <= 0.5)


@pytest.mark.parametrize(
    ("text", "measure", "share", "absolute"),
    [
        ("5%", "wait_days_mean", 0.05, 0),
        ("2.5 %", "scans", 0.025, 0),
        ("0.2 days", "wait_days_mean", 0, 0.2),
        ("1 points", "over_6_weeks_percent", 0, 1),
    ],
)
def test_a_precision_is_a_part_of_the_mean_or_has_the_measures_unit(text, measure, share, absolute):
    found = precision_of(text, measure)
    assert (found.share, found.absolute) == (share, absolute)


@pytest.mark.parametrize("text", ["5", "0%", "-5%", "five", "0.2 hours", "5 % days"])
def test_another_precision_is_refused_with_an_example(text):
    with pytest.raises(ScenarioFaults, match=r"such as 5%, or a half-width such as '0.2 days'"):
        precision_of(text, "wait_days_mean")


# ---- running


class Shuffled:
    """A runner whose replications come back in any order."""

    def __init__(self, order: int, spread: float) -> None:
        self.order, self.spread, self.ran = random.Random(order), spread, set()

    def each(self, wanted):
        wanted = list(wanted)
        self.order.shuffle(wanted)
        for arm, number in wanted:
            assert (arm.name, number) not in self.ran
            self.ran.add((arm.name, number))
            luck = random.Random(f"{arm.name} {number}")
            yield (arm.name, number), {("wait_days_mean", "all"): 10 + luck.gauss(0, self.spread)}


@pytest.fixture(scope="module")
def arm():
    return read_arms([Path(SMALL)])[0]


def test_the_number_does_not_depend_on_who_finishes_first(arm):
    found = {replicate(Shuffled(order, 1.5), [arm], {}, FIVE_PERCENT)[0] for order in range(5)}
    (number,) = found
    assert 20 < number < 100


def test_few_more_are_run_than_are_used(arm):
    runner = Shuffled(1, 1.5)
    number, said = replicate(runner, [arm], {}, FIVE_PERCENT)
    assert said["reached"] and number <= len(runner.ran) <= 2 * number


def test_who_runs_out_of_replications_says_so(arm):
    runner = Shuffled(1, 1.5)
    number, said = replicate(runner, [arm], {}, Precision("0.01%", share=0.0001))
    width, allowed = said["half_widths"]["small"]
    assert (number, said["reached"], len(runner.ran)) == (MOST, False, MOST) and width > allowed


def test_a_measure_that_does_not_exist_is_not_waited_for(arm):
    class Nothing(Shuffled):
        def each(self, wanted):
            for name, _ in super().each(wanted):
                yield name, {}

    runner = Nothing(1, 1)
    number, said = replicate(runner, [arm], {}, FIVE_PERCENT)
    assert not said["reached"] and said["half_widths"]["small"][0] is None and number < 2 * FEWEST


def test_sim_tools_finds_the_same_number():
    """An implementation of the same algorithm by others, on positive means, which it is right about."""
    tools = pytest.importorskip("sim_tools.output_analysis")
    luck = random.Random(3)
    values = [10 + luck.gauss(0, 2.5) for _ in range(400)]

    class Model:
        def single_run(self, replication: int) -> dict[str, float]:
            return {"wait": values[replication]}

    algorithm = tools.ReplicationsAlgorithm(
        half_width_precision=0.05, initial_replications=FEWEST, look_ahead=5, replication_budget=400
    )
    found, _ = algorithm.select(Model(), ["wait"])
    watch = watched({"far": values})
    assert math.isclose(watch.since, found["wait"], abs_tol=0) and watch.since > FEWEST
