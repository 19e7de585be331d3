"""Shares and rates that the engine realises, within 3.5 standard errors; queueing theory is in `tests/theory`.

Each test says which error it would have caught.
"""

import datetime
import math

import numpy as np
import pytest
from scipy.stats import binom

from sim.model.couch import ATTENDED, CANCELLED_BY_PATIENT, DISPLACED, MISSED
from sim.model.referrals import REMOVED_FROM_LIST
from sim.model.sessions import drawn_lot
from tests.functional.model.two_towns import laid_over
from tests.world import tables

HALF_WIDTHS = 3.5
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
FULL_DAY = {"on_bank_holidays": True}


def close_to(found: float, expected: float, error: float, caught: float) -> None:
    """Within 3.5 standard errors, which are small enough to have caught a relative error `caught`."""
    assert 2 * error <= caught * abs(expected), f"no power: {error} of {expected}"
    assert abs(found - expected) <= HALF_WIDTHS * error, f"{found}, expected {expected} +- {error}"


# ---- quality


def poor_scans(sensitivity: float, made_up: float) -> dict:
    return {
        "calendar": {"years": "8 years"},
        "demand": {"MRI": {"per_year": "2500 per year"}},
        "scanning": {
            "MRI": {
                "made_up_by_longer_scanning": made_up,
                "incomplete": "10 %",
                "missed_findings": {"share": "10 %", "after": "20 days"},
            }
        },
        "fleet": {"scanner": {"relative_sensitivity": sensitivity} | FULL_DAY},
    }


@pytest.mark.parametrize(("sensitivity", "made_up"), [(1.0, 1.0), (0.5, 0.25), (0.4, 0.5)])
def test_the_share_of_incomplete_scans_is_realised(sensitivity, made_up):
    """A relative error of 6 % is caught."""
    made = tables(poor_scans(sensitivity, made_up)).appointments
    scans = np.isfinite(made["scan_end"])
    expected = 0.1 * (1 / sensitivity) ** (1 - made_up)
    error = math.sqrt(expected * (1 - expected) / scans.sum())
    close_to(1 - made["complete"][scans].mean(), expected, error, 0.06)


@pytest.mark.parametrize(("sensitivity", "made_up"), [(1.0, 1.0), (0.5, 0.25), (0.4, 0.5)])
def test_the_share_of_complete_scans_whose_findings_were_missed_is_realised(sensitivity, made_up):
    """Of the scans so early that their patients must have come back. A relative error of 6 % is caught."""
    found = tables(poor_scans(sensitivity, made_up))
    rows, end = found.referrals, found.counted.window[1]
    early = np.flatnonzero(rows["scanned"] < end - 25)
    back = np.isin(early, rows["parent"]).mean()
    expected = 0.1 * (1 / sensitivity) ** (1 - made_up)
    close_to(back, expected, math.sqrt(expected * (1 - expected) / len(early)), 0.06)


def test_everybody_who_comes_back_does_so_after_the_stated_time():
    rows = tables(poor_scans(0.5, 0.25)).referrals
    children = np.flatnonzero(rows["parent"] >= 0)
    parents = rows["parent"][children]
    assert len(children) > 1000
    assert len(set(parents.tolist())) == len(parents)
    np.testing.assert_allclose(rows["referred"][children], rows["scanned"][parents] + 20, rtol=0, atol=1e-9)
    assert (rows["place"][children] == rows["place"][parents]).all()


# ---- few, some and many referrals a day


@pytest.mark.parametrize("a_day", [3, 9, 95])
def test_missed_cancelled_and_repeated_come_about_at_any_size(a_day):
    """Of those who did not cancel and were not told not to come; of all appointments; of all scans."""
    rates = {"missed": 0.08, "cancelled": 0.06, "repeated": 0.05}
    found = tables(of_size(a_day, scanning={"MRI": {"incomplete": "5 %"}}))
    made = found.appointments
    over = made["slot_start"] < found.counted.window[1]
    outcome = made["outcome"][over]
    came = np.isin(outcome, (ATTENDED, MISSED, DISPLACED))
    scans = outcome == ATTENDED
    for what, yes, of in (
        ("missed", outcome == MISSED, came),
        ("cancelled", outcome == CANCELLED_BY_PATIENT, np.ones(len(outcome), dtype=bool)),
        ("repeated", made["complete"][over] == 0, scans),
    ):
        rate, count = rates[what], int(of.sum())
        error = math.sqrt(rate * (1 - rate) / count)
        assert abs(yes[of].mean() - rate) <= HALF_WIDTHS * error, (what, a_day, count)
        assert error < 0.1 * rate, (what, a_day, count)


@pytest.mark.parametrize("a_day", [3, 9, 95])
def test_those_who_give_up_are_as_many_as_the_weekly_rate_says_at_any_size(a_day):
    """Nobody is scanned, so whoever was to give up by the clerk's last morning has."""
    nobody = {"slots_per_day": "0 per day"}
    changes = of_size(
        a_day, booking={"removal": [{"after": "0 days", "a_week": "2 %"}]}, fleet={"scanner": nobody}
    )
    found = tables(changes)
    rows, end = found.referrals, found.counted.window[1]
    waited = np.maximum(end - 1 + 8 / 24 - rows["referred"], 0)
    chance = 1 - 0.98 ** (waited / 7)
    error = math.sqrt(float(np.sum(chance * (1 - chance))))
    close_to(int((rows["outcome"] == REMOVED_FROM_LIST).sum()), float(chance.sum()), error, 0.12)


@pytest.mark.parametrize("a_day", [3, 9, 95])
def test_downtime_comes_about_at_any_size(a_day):
    """A tenth of the time, half a day each: the busy scanner is down as long as the quiet one."""
    changes = of_size(a_day, scanning={"MRI": {"uptime": "90 %", "repair_time": "12 hours"}})
    sessions = tables(changes).sessions
    down = sessions["down_seconds"].sum() / sessions["open_seconds"].sum()
    cycles = sessions["day"].max() / 5
    close_to(down, 0.1, 0.1 * 0.9 * math.sqrt(2 / cycles), 0.25)


def of_size(a_day: int, **changes) -> dict:
    """So many referrals a day for three in ten more slots, all on one scanner; as many years as make the test sharp."""
    slots = math.ceil(1.3 * a_day)
    plain = {
        "calendar": {"years": "8 years" if a_day < 20 else "1.5 years"},
        "demand": {"MRI": {"per_year": f"{a_day * 365.25} per year"}},
        "attendance": {"missed": "8 %", "cancelled_by_patient": "6 %"},
        "scanning": {"MRI": {"couch_time": "5 minutes"}},
        "fleet": {
            "scanner": {"slots_per_day": f"{slots} per day", "opens": "06:00", "closes": "22:00"} | FULL_DAY
        },
    }
    return laid_over(plain, changes)


# ---- failures


def wearing_out(**changes) -> dict:
    """A scanner that fails after five hours of use in the mean; patients of a failure are rebooked."""
    plain = {
        "calendar": {"years": "10 years"},
        "demand": {"MRI": {"per_year": "3000 per year"}},
        "scanning": {"MRI": {"use_between_failures": "5 hours", "repair_time": "5 minutes"}},
        "fleet": {"scanner": FULL_DAY},
    }
    return laid_over(plain, changes)


def failures_and_use(found, first: int = 0, last: int = 10**6) -> tuple[int, np.ndarray, np.ndarray]:
    """(patients whose scan a failure ended, days, seconds of use on each) from one day to another."""
    made, sessions = found.appointments, found.sessions
    lost = found.labels["lost_to"].index("breakdown")
    day = np.floor(made["slot_start"])
    broken = (made["lost_to"] == lost) & np.isfinite(made["scan_start"]) & (day >= first) & (day < last)
    held = (sessions["day"] >= first) & (sessions["day"] < last)
    return int(broken.sum()), sessions["day"][held], sessions["used_seconds"][held]


def test_the_mean_use_between_failures_is_realised():
    """3,000 failures; a relative error of 4 % is caught."""
    count, _, used = failures_and_use(tables(wearing_out()))
    assert count > 2500
    mean = used.sum() / count / 3600
    close_to(mean, 5.0, 5.0 / math.sqrt(count), 0.04)


def test_a_scanner_without_patients_never_fails_by_use():
    changes = wearing_out(demand={"MRI": {"per_year": "0 per year"}})
    assert not tables(changes).sessions["down_seconds"].any()


def test_failures_grow_with_age_and_start_again_with_a_new_scanner():
    """14.87 % a year, twice as often every five years; a new scanner comes after five years at age 5.

    Before it comes twice to four times as often as when new, then once to twice. An error of 4 % is caught.
    """
    dates = {"closes": datetime.date(2024, 1, 1), "opens": datetime.date(2024, 1, 15)}
    changes = wearing_out(
        scanning={"MRI": {"failures_grow": "14.869835499703509 % a year", "use_between_failures": "8 hours"}},
        fleet={"scanner": {"age": "5 years", "replacement": dates}},
    )
    found = tables(changes)
    opens = (dates["opens"] - datetime.date(2019, 1, 1)).days
    for first, last, age in (
        (0, opens, lambda d: 5 + d / 365.25),
        (opens, 9999, lambda d: (d - opens) / 365.25),
    ):
        count, day, used = failures_and_use(found, first, last)
        expected = float(np.sum(used / (8 * 3600) * 2 ** (age(day) / 5)))
        close_to(count, expected, math.sqrt(expected), 0.06)
    closed = found.sessions["maintenance_seconds"] > 0
    assert sorted(found.sessions["day"][closed].tolist()) == list(range(opens - 14, opens))


def test_the_share_of_downtime_by_calendar_time_is_one_minus_uptime():
    """One day in ten for two days each, over forty years: an error of 11 % of the share is caught."""
    changes = {
        "calendar": {"years": "40 years"},
        "demand": {"MRI": {"per_year": "0 per year"}},
        "scanning": {"MRI": {"uptime": "90 %", "repair_time": "2 days"}},
        "fleet": {"scanner": FULL_DAY},
    }
    sessions = tables(changes).sessions
    down = sessions["down_seconds"].sum() / sessions["open_seconds"].sum()
    cycles = sessions["day"].max() / 20
    error = 0.1 * 0.9 * math.sqrt(2 / cycles)
    close_to(down, 0.1, error, 0.11)


# ---- crews


@pytest.mark.parametrize(
    ("posts", "vacancies", "sickness"), [("4", "10", "10"), ("3", "0", "20"), ("9", "50", "0")]
)
def test_sessions_are_cancelled_as_often_as_the_binomial_crew_is_too_small(posts, vacancies, sickness):
    """Three scanners need one each on seven days. The mean number cancelled and the number of days with
    none; ten years, an error of 8 % is caught."""
    rostered = min(float(posts) * (1 - float(vacancies) / 100) * 5 / 7, 3.0)
    come = 1 - float(sickness) / 100
    low, part = math.floor(rostered), rostered - math.floor(rostered)
    of = np.arange(4)
    chance = (1 - part) * binom.pmf(of, low, come) + part * binom.pmf(of, low + 1, come)
    cancelled = 3 - of
    expected = float(chance @ cancelled)
    spread = math.sqrt(float(chance @ cancelled**2) - expected**2)

    one = {
        "kind": "fixed", "modality": "MRI", "provider": "Trust", "site": "Hospital", "days": WEEK,
        "opens": "08:00", "closes": "18:00", "slots_per_day": "10 per day", "radiographers": "1 people",
    } | FULL_DAY  # fmt: skip
    crew = {
        "providers": ["Trust"], "establishment": f"{posts} people", "vacancies": f"{vacancies} %",
        "sickness": f"{sickness} %", "sessions_per_week": "5 per week",
    }  # fmt: skip
    sessions = tables(
        {
            "calendar": {"years": "10 years"},
            "demand": {"MRI": {"per_year": "0 per year"}},
            "fleet": {"scanner": one, "b": one, "c": one},
            "workforce": {"crews": {"crew": crew}},
        }
    ).sessions
    days = int(sessions["day"].max()) + 1
    lost = sessions["no_crew_seconds"] > 0
    a_day = np.bincount(sessions["day"][lost], minlength=days)
    if expected == 0:
        assert not lost.any()
    else:
        close_to(a_day.mean(), expected, spread / math.sqrt(days), 0.08)
    for number, share in zip(cancelled, chance):
        error = math.sqrt(share * (1 - share) / days)
        assert abs(np.mean(a_day == number) - share) <= HALF_WIDTHS * error + 1e-12


@pytest.mark.parametrize(
    "keys", [("north", "south"), ("mri_1", "mri_2", "mri_3"), ("scanner", "b", "c"), ("a", "b", "c", "d")]
)
def test_nobody_comes_first_more_often_because_of_a_name(keys):
    """The lot decides whose session is cancelled, or filled first, and who takes the next emergency."""
    days = 3653
    lots = np.array([[drawn_lot(key, day) for key in keys] for day in range(days)])
    share = 1 / len(keys)
    error = math.sqrt(share * (1 - share) / days)
    for place in (lots.argmin(axis=1), lots.argmax(axis=1)):
        found = np.bincount(place, minlength=len(keys)) / days
        assert np.abs(found - share).max() <= HALF_WIDTHS * error, dict(zip(keys, found.round(3).tolist()))


# ---- tracer


def test_the_share_of_days_without_tracer_is_realised():
    """Ten years of days; an error of 15 % is caught."""
    changes = {
        "calendar": {"years": "10 years"},
        "demand": {"MRI": {"per_year": "0 per year"}},
        "scanning": {"MRI": {"tracer_fails": "5 %"}},
        "fleet": {"scanner": FULL_DAY},
    }
    sessions = tables(changes).sessions
    lost = sessions["no_tracer_seconds"] == sessions["open_seconds"]
    close_to(lost.mean(), 0.05, math.sqrt(0.05 * 0.95 / len(lost)), 0.15)
