"""The clerk and the diary, against what theory says of them."""

from dataclasses import replace

import numpy as np
import pytest

from sim.model.simulation import World, simulate
from sim.model.tables import Tables
from tests.functional.model.two_towns import same_tables, waits
from tests.world import tables, world

SLOTS = 10
THE_RUN = 8 * 3600 / 86400


@pytest.mark.parametrize("horizon", ["7 days", "84 days"])
def test_at_half_load_people_wait_for_the_notice_alone_however_long_the_horizon(horizon):
    """Asked for today, booked tomorrow, scanned the day after: a bank holiday apart, under two days."""
    plain, other = tables(), tables({"booking": {"horizon": horizon}})
    assert waits(plain) < 2
    assert same_tables(plain, other)


def every_day(referrals_a_day: float, years: int) -> World:
    """Ten slots every day, bank holidays too; each morning the clerk fills tomorrow's session."""
    per_year = {"MRI": {"per_year": f"{referrals_a_day * 365.25} per year"}}
    calendar = {"years": f"{years} years"}
    made = world({"demand": per_year, "booking": {"horizon": "1 day"}, "calendar": calendar})
    return replace(made, days=replace(made.days, working=np.ones(made.days.end, dtype=bool)))


def left_over(found: Tables, mornings: int) -> np.ndarray:
    """Who is on the list and not booked after each morning's run."""
    run = np.arange(mornings) + THE_RUN
    listed = np.searchsorted(np.sort(found.referrals["listed"]), run, side="right")
    booked = np.nan_to_num(found.referrals["booked"], nan=np.inf)
    return listed - np.searchsorted(np.sort(booked), run, side="right")


def test_the_list_after_each_mornings_run_follows_from_yesterdays_and_the_new_referrals():
    """X' = (X + A - 10)+, morning by morning, with the referrals that did come."""
    made = every_day(9.5, years=3)
    found = simulate(made, 1, 0)
    mornings = made.days.end - 1
    came = np.bincount(found.referrals["referred"].astype(int), minlength=mornings)
    left = [0]
    for yesterday in range(mornings - 1):
        left.append(max(0, left[-1] + int(came[yesterday]) - SLOTS))
    assert left_over(found, mornings).tolist() == left
    assert max(left) > SLOTS


@pytest.mark.parametrize(("notice", "release"), [("1 day", "1 day"), ("4 days", "7 days")])
def test_no_slot_is_booked_under_the_notice_or_over_the_horizon(notice, release):
    booking = {"minimum_notice": notice, "horizon": "14 days", "hold_back": "30 %", "release": release}
    made = tables({"booking": booking, "demand": {"MRI": {"per_year": "4500 per year"}}}).appointments
    ahead = np.floor(made["slot_start"]) - np.floor(made["booked"])
    assert ahead.min() == int(notice.split()[0])
    assert ahead.max() == 14
