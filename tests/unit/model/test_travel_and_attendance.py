"""Journeys, and who does not come."""

import numpy as np
import pytest

from sim.model.attendance import Attendance, chance_of_missing
from sim.model.couch import APPOINTMENT_OUTCOMES
from sim.model.places import Place
from sim.model.sites import Site
from sim.model.travel import Travel, great_circle_km, journeys
from tests.world import tables


def place(latitude: str, longitude: str) -> Place:
    """A place on the map."""
    return Place(population="1 people", households_without_car="0 %", latitude=latitude, longitude=longitude)


OXFORD, READING = place("51.752 degrees", "-1.258 degrees"), place("51.454 degrees", "-0.973 degrees")


def work_out(**changes):
    """Journeys of Oxford and Reading to a hospital a tenth of a degree north of each."""
    travel = {
        "own_town": "15 minutes", "fixed_time": "10 minutes", "minutes_per_km": "1.5 minutes per km",
        "public_transport_ratio": 2.5,
    } | changes  # fmt: skip
    sites = {
        name: Site(
            place=name, latitude=f"{where.latitude + 0.1} degrees", longitude=f"{where.longitude} degrees"
        )
        for name, where in (("Oxford", OXFORD), ("Reading", READING))
    }
    return journeys(Travel(**travel), {"Oxford": OXFORD, "Reading": READING}, sites)


def test_a_degree_along_a_meridian_or_the_equator_is_a_360th_of_the_way_round():
    degree = 2 * np.pi * 6371.0088 / 360
    zero = place("0 degrees", "0 degrees")
    assert great_circle_km(zero, place("1 degrees", "0 degrees")) == pytest.approx(degree, rel=1e-12)
    assert great_circle_km(zero, place("0 degrees", "-1 degrees")) == pytest.approx(degree, rel=1e-12)
    assert great_circle_km(zero, place("0 degrees", "180 degrees")) == pytest.approx(180 * degree)


def test_oxford_to_reading_is_what_plane_trigonometry_gives_over_so_short_a_way():
    """North 0.298 degrees, east 0.285 degrees times the cosine of the latitude between."""
    degree = 111.195
    north, east = 0.298 * degree, 0.285 * degree * np.cos(np.radians(51.603))
    assert great_circle_km(OXFORD, READING) == pytest.approx(np.hypot(north, east), rel=1e-4)


def test_ones_own_towns_site_is_near_whatever_the_map_says():
    found = work_out()
    assert np.diag(found.car) == pytest.approx([15, 15])
    assert np.diag(found.km).tolist() == [0, 0]


@pytest.mark.parametrize("written", [("Oxford", "Reading"), ("Reading", "Oxford")])
def test_a_known_driving_time_holds_in_both_directions(written):
    one, other = written
    found = work_out(car_minutes={one: {other: "41 minutes"}})
    assert found.car[0, 1] == pytest.approx(41) and found.car[1, 0] == pytest.approx(41)
    assert found.km[0, 1] > 25


def test_an_unknown_driving_time_is_a_fixed_part_and_so_many_minutes_a_km():
    found = work_out()
    north_of_reading = place("51.554 degrees", "-0.973 degrees")
    assert found.car[0, 1] == pytest.approx(10 + 1.5 * great_circle_km(OXFORD, north_of_reading))
    assert found.public_transport == pytest.approx(2.5 * found.car)


def attendance(missed: str, odds: float) -> Attendance:
    """An answer about attendance."""
    return Attendance(
        missed=missed, odds_of_attending_per_10_km=odds, clock_after_missed="resets",
        place_after_missed="end_of_list",
    )  # fmt: skip


def test_an_odds_ratio_of_a_half_doubles_the_odds_of_missing_every_ten_km():
    """20 % is odds of 1 to 4; twice that 1 to 2, a third; four times that 1 to 1."""
    chance = chance_of_missing(attendance("20 %", 0.5), np.array([[0.0, 10.0], [20.0, 5.0]]))
    assert chance == pytest.approx(np.array([[1 / 5, 1 / 3], [1 / 2, 2**0.5 / (4 + 2**0.5)]]))


def test_distance_does_not_matter_at_an_odds_ratio_of_one_or_where_nobody_misses():
    assert chance_of_missing(attendance("7 %", 1), np.array([0.0, 80.0])) == pytest.approx([0.07, 0.07])
    assert chance_of_missing(attendance("0 %", 0.5), np.array([0.0, 80.0])).tolist() == [0, 0]


def test_the_odds_of_attending_a_site_multiply_those_of_the_journey():
    """1 in 5 misses, odds 1 to 4; twice the odds of attending 1 to 8, half of them 1 to 2, and 1 to 1 ten km off."""
    chance = chance_of_missing(attendance("20 %", 0.5), np.array([[0.0, 0.0, 10.0]]), np.array([2, 0.5, 0.5]))
    assert chance == pytest.approx(np.array([[1 / 9, 1 / 3, 1 / 2]]))


def test_a_site_where_more_attend_misses_fewer_appointments():
    def missed(odds: float) -> float:
        made = tables({"attendance": {"missed": "30 %"}, "sites": {"Hospital": {"odds_of_attending": odds}}})
        return float(np.mean(made.appointments["outcome"] == APPOINTMENT_OUTCOMES.index("missed")))

    assert missed(1) == pytest.approx(0.3, abs=0.03)
    assert missed(3) == pytest.approx(1 / 8, abs=0.03)
