"""Who waits less, and whether shares that were asked for come about."""

import numpy as np
import pytest

from sim.model.couch import MISSED
from tests.functional.model.two_towns import two_towns, waits
from tests.world import tables, world

SHARES = {"urgent_suspected_cancer": 0.2, "urgent": 0.3, "routine": 0.5}


def demand(per_year: int, **more: str) -> dict:
    """So many referrals of all three priorities."""
    priority = {name: f"{100 * share} %" for name, share in SHARES.items()}
    return {"MRI": {"per_year": f"{per_year} per year", "priority": priority} | more}


def wait_by_priority(per_year: int, **booking: str) -> list[float]:
    """Mean wait of each priority, the most urgent first."""
    found = tables({"demand": demand(per_year), "booking": booking})
    return [waits(found, found.referrals["priority"] == code) for code in range(len(SHARES))]


def test_the_more_urgent_wait_less():
    cancer, urgent, routine = wait_by_priority(3500)
    assert cancer < urgent < routine


def test_holding_slots_back_shortens_urgent_waits_and_lengthens_routine_ones():
    """Where routine bookings fill the diary four weeks ahead; the others are half of all, so more than
    half has to be held back."""
    plain = wait_by_priority(3900)
    held = wait_by_priority(3900, hold_back="60 %", release="2 days")
    assert held[0] < plain[0] / 2 and held[1] < plain[1] / 2
    assert held[2] > plain[2]


def share_is_realised(yes: int, of: int, share: float) -> bool:
    """A count of independent draws lies within 3.5 standard errors of what was asked for."""
    return abs(yes / of - share) <= 3.5 * np.sqrt(share * (1 - share) / of)


@pytest.mark.parametrize("missed", [0.05, 0.3])
def test_the_share_of_missed_appointments_comes_about(missed):
    found = tables({"attendance": {"missed": f"{100 * missed} %"}, "calendar": {"years": "5 years"}})
    outcome = found.appointments["outcome"]
    assert share_is_realised(np.sum(outcome == MISSED), len(outcome), missed)
    again = outcome[found.appointments["attempt"] > 0]
    assert share_is_realised(np.sum(again == MISSED), len(again), missed)


def test_who_has_farther_to_go_misses_more_where_distance_matters():
    """Odds of attending of a half every 10 km: the village's 10 % at home would be more in town."""
    far = {"attendance": {"missed": "10 %", "odds_of_attending_per_10_km": 0.5}}
    changes = two_towns(**far, scanning={"MRI": {"uptime": "100 %"}}, eligibility={"choice": "soonest"})
    made, km = tables(changes | {"calendar": {"years": "3 years"}}), world(changes).journeys.km[1, 0]
    of = (made.referrals["place"][made.appointments["referral"]] == 1) & (made.appointments["scanner"] == 0)
    outcome = made.appointments["outcome"][of & (made.appointments["attempt"] == 0)]
    odds = 1 / 9 * 2 ** (km / 10)
    assert share_is_realised(np.sum(outcome == MISSED), len(outcome), odds / (1 + odds)) and odds > 0.3


def test_the_share_of_households_without_a_car_comes_about():
    car = tables({"calendar": {"years": "5 years"}}).referrals["car"]
    assert share_is_realised(car.sum(), len(car), 0.2)


def test_priorities_and_complexity_come_about_and_are_drawn_apart():
    found = tables({"demand": demand(3500, complex="25 %"), "calendar": {"years": "3 years"}}).referrals
    for code, share in enumerate(SHARES.values()):
        of = found["priority"] == code
        assert share_is_realised(of.sum(), len(of), share)
        assert share_is_realised(found["complexity"][of].sum(), of.sum(), 0.25)


def test_referrals_a_year_come_about_over_four_years():
    """Poisson: the standard deviation of a count is its root. A bank holiday counts as a Sunday."""
    working_week = {"monday": "25 %", "tuesday": "25 %", "wednesday": "25 %", "thursday": "25 %"}
    weekdays = working_week | dict.fromkeys(("friday", "saturday", "sunday"), "0 %")
    found = tables({"calendar": {"years": "4 years"}, "demand": {"MRI": {"weekdays": weekdays}}}).referrals
    count = len(found["referral"])
    assert abs(count - 4 * 1826.25) <= 3.5 * np.sqrt(count)
    days = found["referred"].astype(int)
    assert set((days + 1) % 7) == {0, 1, 2, 3}
    assert not {0, 111, 125, 146, 237, 358} & set(days), "a bank holiday of 2019"


def test_the_share_of_open_time_that_a_scanner_is_down_comes_about():
    """A patient on the table goes home, so nobody is on the couch of a scanner that is down."""
    failing = {"scanning": {"MRI": {"uptime": "90 %", "repair_time": "12 hours"}}}
    shares = []
    for replication in range(12):
        sessions = tables(failing, replication=replication).sessions
        later = sessions["day"] > 20
        shares.append(sessions["down_seconds"][later].sum() / sessions["open_seconds"][later].sum())
    error = np.std(shares, ddof=1) / np.sqrt(len(shares))
    assert abs(np.mean(shares) - 0.1) <= 3.5 * error
    assert error < 0.01
