"""What is counted at the events and noted beside them: the period is days 28 to 112."""

import numpy as np
import pytest

from sim.model.couch import ATTENDED, DISPLACED
from sim.model.tables import SCANNED, Counted, Dates, Records, how_many_before, scattered

REMOVED = 4
HOUR = 3600


def counted() -> Counted:
    return Counted((28, 112))


@pytest.mark.parametrize(("came", "area"), [(-50, 84), (28, 84), (29.5, 82.5), (112, 0), (113, 0)])
def test_somebody_who_comes_and_stays_is_on_the_list_for_the_rest_of_the_period(came, area):
    made = counted()
    made.join(np.array([came]))
    assert made.area == area


def test_those_who_come_together_are_added_up():
    made = counted()
    made.join(np.array([27.0, 110.0, 111.5]))
    made.join(np.array([112.0]))
    assert made.area == 84 + 2 + 0.5


@pytest.mark.parametrize(("day", "area"), [(27, 0), (28, 0.5), (60, 32.5), (111, 83.5)])
def test_who_is_scanned_at_noon_is_on_the_list_until_then(day, area):
    """Before the period not at all."""
    made = counted()
    made.join(np.array([1.0, 1.0]))
    made.scan(day, 2, 2 * 12 * HOUR)
    assert made.area == 2 * area
    assert made.left[SCANNED] == 2 == sum(made.left)


@pytest.mark.parametrize(("at", "area"), [(20, 0), (28, 0), (40.25, 12.25), (112, 84), (120, 84)])
def test_who_leaves_without_a_scan_is_on_the_list_until_then(at, area):
    made = counted()
    made.join(np.array([1.0]))
    made.leave(REMOVED, at)
    assert made.area == area
    assert made.left[REMOVED] == 1 == sum(made.left)


def test_an_unscheduled_scan_is_done_or_broken_off():
    made = counted()
    for outcome in (ATTENDED, DISPLACED, ATTENDED):
        made.unscheduled(outcome)
    assert (made.unscheduled_scans, made.broken_off, made.area) == (2, 1, 0)


def test_nothing_is_counted_before_anything_happens():
    made = counted()
    assert (made.came, made.booked, made.unscheduled_scans, made.broken_off, made.area) == (0, 0, 0, 0, 0)
    assert made.closed == made.left == [0] * 6


def test_dates_are_in_the_order_of_noting_however_often_they_were_packed():
    dates = Dates()
    assert dates.column("number").tolist() == dates.column("date").tolist() == []
    dates.note(7, 1.5)
    dates.note_all([3, 7], [2.5, 0.5])
    dates.pack()
    dates.pack()
    dates.note(1, 9.0)
    assert dates.column("number").tolist() == [7, 3, 7, 1]
    assert dates.column("date").tolist() == [1.5, 2.5, 0.5, 9.0]
    assert len(dates.parts) == 2


@pytest.mark.parametrize(
    ("values", "before"),
    [
        ([], []),
        ([4], [0]),
        ([4, 4, 2, 4, 2], [0, 1, 0, 2, 1]),
        ([1, 2, 3], [0, 0, 0]),
        ([5, 5, 5], [0, 1, 2]),
    ],
)
def test_how_many_equal_ones_stand_before_each(values, before):
    assert how_many_before(np.array(values, dtype=int)).tolist() == before


def test_of_several_values_for_one_place_the_last_stays():
    found = scattered(3, np.array([2, 0, 2]), np.array([5.0, 6.0, 7.0]))
    assert found[[0, 2]].tolist() == [6.0, 7.0] and np.isnan(found[1])


def test_a_referral_is_found_again_in_the_part_that_it_came_in_with():
    """Two came in first, nobody, then three."""
    records = Records()
    for block, count in ((10, 2), (11, 0), (12, 3)):
        rows = dict.fromkeys(
            ("modality", "place", "referrer", "priority", "complexity", "car", "age", "mobility", "opening", "parent"),
            np.zeros(count),
        )  # fmt: skip
        rows |= {"referred": np.arange(count) + block, "listed": np.zeros(count)}
        rows |= {"block": np.full(count, block), "index": np.arange(count)}
        assert records.come_in(rows) == {10: 0, 11: 2, 12: 2}[block]
    assert records.came == 5
    assert [records.address(number) for number in range(5)] == [(10, 0), (10, 1), (12, 0), (12, 1), (12, 2)]
    assert [records.drawn_of(number, "referred") for number in range(5)] == [10, 11, 12, 13, 14]
    assert [records.part_of(number) for number in range(5)] == [0, 0, 2, 2, 2]
