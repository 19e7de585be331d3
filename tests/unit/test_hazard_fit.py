"""The fitted hazard: what it must give back, what it must keep, and what it may not claim."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from sim.scenario.dm01 import Month, month_after
from sim.scenario.hazard_fit import Flows, by_hazard, first_come, fit_hazard, predict

LEAD = 7
RISING = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 1, 0.8, 0.6, 0.5, 0.4, 0.4, 0.4, 0.4, 0.4])
AGES = np.array([420, 400, 370, 320, 250, 165, 75, 45, 30, 20, 12, 8, 5, 10])


def lists_made_with(hazard, months: int = 13, seed: int = 3) -> list[Month]:
    """Lists of single people: weeks waited drawn with weight people x hazard, the longest waiting of the
    week taken, scanned seven days later."""
    random = np.random.default_rng(seed)
    age = np.concatenate(
        [
            np.sort(random.integers(7 * week, 7 * week + 7, n))[::-1]
            for week, n in reversed(list(enumerate(AGES)))
        ]
    )
    due = np.full(len(age), -1)
    made, month, done = [], "2024-03", 0
    day = 0
    while len(made) < months:
        days = Month(month, (), 0, 0, 0).days
        rates = random.integers(50, 75, 2)
        for _ in range(days):
            done += int((due == day).sum())
            age, due = age[due != day] + 1, due[due != day]
            age = np.append(age, np.zeros(rates[0], int))
            due = np.append(due, np.full(rates[0], -1))
            for _ in range(rates[1]):
                free = np.flatnonzero(due < 0)
                weeks = np.minimum(age[free] // 7, 13)
                weight = hazard * np.bincount(weeks, minlength=14)
                week = random.choice(14, p=weight / weight.sum())
                due[free[weeks == week][0]] = day + LEAD
            day += 1
        bands = np.bincount(np.minimum(age // 7, 13), minlength=14)
        made.append(Month(month, tuple(bands.tolist()), done, 0, 0))
        month, done = month_after(month), 0
    return made


@pytest.fixture(scope="module")
def made() -> list[Month]:
    return lists_made_with(RISING)


@pytest.fixture(scope="module")
def fitted(made):
    return fit_hazard(made, urgent=0.0)


def test_the_fit_gives_back_the_hazard_that_made_the_lists(fitted):
    many = slice(1, 7)
    assert np.log(fitted.by_week[many]) == pytest.approx(np.log(RISING[many]), abs=0.6)
    assert np.argmax(fitted.by_week) in (4, 5, 6)


def test_on_such_lists_it_beats_first_come_and_no_change(fitted):
    assert fitted.errors.bands < 0.6 * fitted.nothing_changes.bands
    assert fitted.errors.over_6 < 0.5 * fitted.first_come.over_6


def test_the_largest_weight_is_one_and_none_is_negative(fitted):
    assert len(fitted.by_week) == 14
    assert max(fitted.by_week) == 1
    assert min(fitted.by_week) > 0


def test_the_months_told_are_those_predicted(made, fitted):
    assert [month.month for month in fitted.months] == [month.month for month in made[1:]]
    assert [month.published_over_6 for month in fitted.months] == [
        month.percent_over(6) for month in made[1:]
    ]


def test_the_same_lists_give_the_same_hazard(made, fitted):
    assert fit_hazard(made, urgent=0.0) == fitted


def test_a_fit_takes_less_than_three_seconds_of_cpu(made):
    began = time.process_time()
    fit_hazard(made, urgent=0.3, missed=0.07)
    assert time.process_time() - began < 3


def steady(hazard, weeks: float, **flows) -> np.ndarray:
    """Shares by band after years of the same arrivals and slots, with a list of so many weeks' work."""
    start = np.full((1, 14), 700 * weeks / 14)
    month = {
        "days": np.array([28]),
        "arrivals": np.array([100.0]),
        "slots": np.array([100.0]),
        "urgent": 0.0,
        "missed": 0.0,
        "horizon": 0,
    }
    state = Flows(start=start, published=start, **(month | flows))
    for _ in range(60):
        state = replace(state, start=state.start.sum() * predict(state, by_hazard(hazard)))
    return state.start[0] / state.start.sum()


def test_with_a_constant_hazard_the_list_is_exponential():
    """Each week the same share of those still waiting is scanned: every band is the same share of the one before."""
    bands = steady(np.ones(14), weeks=5)
    ratios = bands[1:13] / bands[:12]
    assert ratios[:6] == pytest.approx(1 - 1 / 5, abs=0.03)
    assert ratios == pytest.approx(1 - 1 / 5, abs=0.05)


def test_who_is_booked_stays_on_the_list_until_scanned():
    at_once, a_week_ahead = steady(np.ones(14), weeks=5), steady(np.ones(14), weeks=5, horizon=7)
    assert a_week_ahead[1] == pytest.approx(a_week_ahead[0], abs=0.01)
    assert at_once[1] < 0.85 * at_once[0]


def test_the_urgent_are_scanned_before_anybody_who_waits_longer():
    bands = steady(RISING, weeks=5, urgent=0.4, horizon=7)
    without = steady(RISING, weeks=5, horizon=7)
    assert bands[1] < 0.75 * bands[0]
    assert without[1] > 0.85 * without[0]


def test_a_missed_appointment_starts_the_clock_again():
    bands = steady(np.ones(14), weeks=5, missed=0.2, slots=np.array([125.0]))
    assert bands[0] > 1.15 * steady(np.ones(14), weeks=5)[0]


def test_choosing_takes_as_many_as_there_are_slots_and_never_more_than_there_are_people():
    people = np.zeros((2, 92))
    people[:, [0, 30, 91]] = [10, 5, 2]
    chosen = by_hazard(np.r_[np.full(13, 1e-3), 1.0])(people, np.array([9.0, 99.0]))
    assert chosen.sum(-1) == pytest.approx([9, 17])
    assert (chosen <= people + 1e-9).all()
    assert chosen[0, 91] == pytest.approx(2)


def test_within_a_week_and_under_first_come_the_longest_waiting_is_first():
    people = np.zeros((1, 92))
    people[0, 14:21] = 1
    assert by_hazard(np.ones(14))(people, np.array([2.0]))[0, 14:21] == pytest.approx([0, 0, 0, 0, 0, 1, 1])
    people[0, 40] = 1
    assert first_come(people, np.array([2.0]))[0, [19, 20, 40]] == pytest.approx([0, 1, 1])


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda m: m[:1], "at least two months"), (lambda m: [m[0], m[2]], "one after the other"), (lambda m: [], "at least two"),
    (lambda m: [m[0], replace(m[1], bands=(0,) * 14)], "nobody waits in 2024-04"),
])  # fmt: skip
def test_what_cannot_be_fitted_is_said(made, spoil, said):
    with pytest.raises(ValueError, match=said):
        fit_hazard(spoil(made))


@pytest.mark.parametrize("wrong", [{"urgent": 1.1}, {"missed": 1.0}, {"horizon": 28}])
def test_shares_and_horizon_must_make_sense(made, wrong):
    with pytest.raises(ValueError, match="must lie between"):
        fit_hazard(made, **wrong)
