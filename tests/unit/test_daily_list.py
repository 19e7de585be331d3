"""The list by days without chance, and the order of service fitted to published months."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.daily_list import month_ends, still_waiting, to_bands
from sim.scenario.dm01 import Month
from sim.scenario.order_fit import History, Order, fit_order, flows, holes_filled, log_shares

EVEN = np.ones(14)
DAYS = (30, 31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31)
NAMES = [f"2024-{month:02d}" for month in range(4, 13)] + [f"2025-{month:02d}" for month in range(1, 5)]


def test_a_list_that_nobody_leaves_grows_older_week_by_week():
    """Seven join a day of January: after 31 days 49 in each of four weeks, 21 in the fifth."""
    (end,) = month_ends(np.zeros(14), np.array([217.0]), np.array([0.0]), np.array([31]), EVEN)
    assert end.tolist() == [49, 49, 49, 49, 21] + [0] * 9


def test_who_joins_and_who_leaves_make_the_size_of_the_list():
    start = np.full(14, 100.0)
    ends = month_ends(start, np.array([900.0, 500.0]), np.array([800.0, 700.0]), np.array([30, 31]), EVEN)
    assert ends.sum(-1) == pytest.approx([1500, 1300])


def test_slots_are_shared_over_the_weeks_with_weight_people_times_hazard():
    """With slots for few, week 1 of three times the weight loses three times the part of its people."""
    people, weights = np.zeros(14), EVEN.copy()
    people[:2], weights[1] = 10_000, 3.0
    gone = people * (1 - still_waiting(people, np.array(40.0), weights))
    assert gone[:2] == pytest.approx([10, 30], rel=5e-3)
    assert gone.sum() == pytest.approx(40)


def test_more_slots_than_people_leave_nobody_and_nothing_below():
    ends = month_ends(np.full(14, 5.0), np.array([300.0]), np.array([9000.0]), np.array([30]), EVEN)
    assert (ends >= 0).all() and ends.sum() == pytest.approx(10, rel=0.03)  # the last day's ten alone


def test_an_order_that_prefers_the_long_waits_keeps_a_list_of_two_weeks_at_two_weeks():
    """Ten a day join and leave a list of 140; at even odds half of it would have waited longer than ten days."""
    start, steep = np.zeros(14), np.array([0.001, 0.03, *[1.0] * 12])
    start[:2] = 70
    both = [
        month_ends(start, np.array([300.0]), np.array([300.0]), np.array([30]), w)[0] for w in (steep, EVEN)
    ]
    assert [end.sum() for end in both] == pytest.approx([140, 140], rel=0.01)
    assert both[0][2:].sum() < 10 < 35 < both[1][2:].sum()


# ---- flows


def test_joining_is_tests_plus_the_change_of_the_list():
    joining, leaving = flows(np.array([500.0, 520.0, 480.0]), np.array([300.0, 310.0]), np.array(1.0))
    assert (joining.tolist(), leaving.tolist()) == ([320, 270], [300, 310])


def test_with_a_turnover_more_leave_and_as_many_more_join():
    joining, leaving = flows(np.array([500.0, 520.0]), np.array([300.0]), np.array([1.0, 1.5]))
    assert (joining.tolist(), leaving.tolist()) == ([[320], [470]], [[300], [450]])


def test_where_a_list_falls_by_more_than_was_done_the_rest_is_taken_off_the_next_months():
    joining, _ = flows(np.array([900.0, 500.0, 600.0]), np.array([300.0, 300.0]), np.array(1.0))
    assert joining.tolist() == [0, 300]


def test_months_with_far_fewer_tests_than_usual_are_taken_as_not_recorded():
    assert holes_filled(np.array([1000.0, 390.0, 410.0]), 1000.0).tolist() == [1000, 1000, 410]


# ---- the fit


def made_up(turnover: float, weights: np.ndarray) -> list[Month]:
    """Thirteen months of a list that follows from an order of service and a turnover, as whole people."""
    done = np.array([4000, 4300, 4100, 3900, 4400, 4200, 3800, 4100, 4300, 4000, 3900, 4200])
    joins = turnover * done + np.array([300, -200, 400, -100, 200, -300, 500, -200, 100, -400, 200, 0])
    start = np.array([3000, 2500, 2000, 1500, 1000, 800, 500, 400, 300, 200, 100, 100, 100, 300.0])
    ends = month_ends(start, joins, turnover * done, np.array(DAYS), weights)
    lists = np.round(np.vstack([start, ends])).astype(int).tolist()
    done = [0, *done.tolist()]
    return [Month(name, tuple(bands), tests, 0, 0) for name, bands, tests in zip(NAMES, lists, done)]


@pytest.fixture(scope="module")
def fitted():
    truth = np.array([1, 0.8, 0.9, 1, 0.6, 0.5, 0.3, 0.3, 0.2, 0.2, 0.2, 0.2, 0.1, 0.1])
    history = History.of(made_up(1.3, truth))
    return truth, history, fit_order(history)


@pytest.mark.slow
def test_a_known_turnover_and_order_of_service_are_found_again(fitted):
    truth, _, order = fitted
    assert order.turnover == pytest.approx(1.3, abs=0.05)
    ours, theirs = (weights[4:7].mean() / weights[:3].mean() for weights in (order.weights, truth))
    assert ours == pytest.approx(theirs, rel=0.2)


@pytest.mark.slow
def test_published_activity_alone_explains_such_a_list_less_well(fitted):
    """The share over six weeks a month ahead, over the months fitted."""
    _, history, order = fitted
    plain = fit_order(history, turnover=1.0)
    assert plain.turnover == 1.0
    assert missed(history, plain) > 2 * missed(history, order)


def missed(history: History, order: Order) -> float:
    """Mean absolute error of the share over six weeks, each month from the one before."""
    sizes = history.ends.sum(-1)
    pairs = np.stack([sizes[:-1], sizes[1:]], axis=-1)
    joining, leaving = flows(pairs, history.recorded[:, None], np.array(order.turnover))
    ends = month_ends(history.ends[:-1], joining, leaving, history.days[:, None], order.weights)[:, 0]
    over = [people[:, 6:].sum(-1) / people.sum(-1) for people in (ends, history.ends[1:])]
    return float(np.abs(over[0] - over[1]).mean())


def test_a_week_in_which_few_wait_counts_as_much_as_one_in_which_many_do():
    """Of 10,000: 200 instead of 100 long waiters are missed by as much as 2,000 instead of 1,000 new ones."""
    people = np.array([[1000.0] * 5 + [900] * 4 + [600, 400, 200, 100, 100]] * 3)
    people[1, 13], people[2, 0] = 200, 2000
    few, many = (log_shares(people)[1:] - log_shares(people)[0]).max(-1)
    assert few == pytest.approx(many, rel=0.1)


def test_one_person_more_or_less_on_a_list_of_a_hundred_is_no_sign():
    people = np.array([[20.0] * 5 + [0] * 9, [20.0] * 5 + [1] + [0] * 8])
    assert np.abs(np.diff(log_shares(people), axis=0)).max() < 0.05


def test_an_order_of_service_is_drawn_a_quarter_of_the_way_to_the_mean_of_the_lists():
    """Where others take people of 13 weeks 16 times as readily, this list does twice as readily; turnover is its own."""
    others = np.append(np.full(13, 1 / 16), 1.0)
    drawn = Order(EVEN, 1.7).drawn_to([Order(others, 1.0), Order(others, 3.0)])
    assert drawn.weights == pytest.approx(
        np.append(np.full(13, 0.5), 1.0)
    ) and drawn.turnover == pytest.approx(1.7)
    alone = Order(others, 1.2)
    assert alone.drawn_to([alone]).weights == pytest.approx(others)


@pytest.mark.parametrize("names", [NAMES[:4], [*NAMES[:5], *NAMES[6:9]]])
def test_too_few_months_or_a_gap_are_refused(names):
    with pytest.raises(ValueError, match="needs at least 5 months, one after the other"):
        History.of([Month(name, (10,) * 14, 100, 0, 0) for name in names])


def test_people_by_day_and_by_week_are_the_same_people():
    days = np.arange(92.0)
    assert to_bands(days).sum() == days.sum() and to_bands(days)[0] == 21
