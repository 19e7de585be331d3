"""What a shock leaves of demand and capacity, day by day."""

import datetime

import numpy as np
import pytest

from sim.model.calendar import Calendar, days_of, reference_days
from sim.model.modality import MODALITIES

MRI, CT = MODALITIES.index("MRI"), MODALITIES.index("CT")


def january(day: int) -> datetime.date:
    """A date; day 0 of the calendar is the first, and a day may lie outside the month."""
    return datetime.date(2020, 1, 1) + datetime.timedelta(day)


def calendar(**shocks: dict) -> Calendar:
    """January 2020 with shocks."""
    return Calendar(start=january(0), warm_up="0 days", years="0.0834 years", shocks=shocks)


def shock(first: int, until: int, **falls) -> dict:
    return {"from": january(first), "until": january(until), **falls}


def test_without_shocks_every_day_is_whole():
    days = days_of(calendar())
    assert (days.capacity == 1).all() and (days.demand == 1).all()
    assert days.capacity.shape == days.demand.shape == (len(MODALITIES), 31)


def test_until_is_the_first_day_that_is_over():
    left = days_of(calendar(strike=shock(3, 5, capacity_falls="60 %"))).capacity[MRI]
    assert left[2:6] == pytest.approx([1, 0.4, 0.4, 1])


def test_one_share_is_for_all_and_a_map_for_those_it_names():
    days = days_of(calendar(pandemic=shock(0, 31, capacity_falls="50 %", demand_falls={"MRI": "60 %"})))
    assert days.capacity == pytest.approx(np.full((len(MODALITIES), 31), 0.5))
    assert days.demand[[MRI, CT], 7] == pytest.approx([0.4, 1])


def test_shocks_at_the_same_time_multiply():
    strike, flu = shock(3, 5, capacity_falls="50 %"), shock(4, 6, capacity_falls={"MRI": "20 %"})
    assert days_of(calendar(strike=strike, flu=flu)).capacity[MRI, 2:7] == pytest.approx(
        [1, 0.5, 0.4, 0.8, 1]
    )


@pytest.mark.parametrize(
    "first, until, shocked", [(-40, -1, 0), (-40, 2, 2), (29, 90, 2), (40, 90, 0), (-9, 90, 31)]
)
def test_only_the_days_of_the_calendar_are_meant(first, until, shocked):
    assert (
        days_of(calendar(strike=shock(first, until, demand_falls="10 %"))).demand[MRI] < 1
    ).sum() == shocked


def test_a_plan_is_made_for_years_without_a_shock():
    assert (reference_days(calendar(strike=shock(0, 31, capacity_falls="50 %"))).capacity == 1).all()
