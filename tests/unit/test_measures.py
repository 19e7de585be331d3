"""Measures on a handful of referrals whose numbers can be worked out on paper.

The calendar has months of 28 days: warm-up 0 to 28, data-collection period 28 to 112 (twelve weeks),
month ends at 56, 84 and 112.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

from sim.measures import measure
from sim.measures.cut import KEYS
from sim.model.calendar import Days
from sim.model.couch import APPOINTMENT_OUTCOMES, USES
from sim.model.demand import CARS, MODALITIES, PRIORITIES
from sim.model.tables import REFERRAL_OUTCOMES, Counted, Tables
from sim.results.columns import DM01_BANDS, GROUPS
from sim.scenario.checks.references import GROUP_KEYS

DAYS = Days(
    start=datetime.date(2019, 1, 1),
    weekday=(np.arange(112) + 1) % 7,
    working=np.ones(112, dtype=bool),
    months=(0, 28, 56, 84, 112),
    window=(28, 112),
)
PLACES, SITES, PROVIDERS = ["Oxford", "Swindon"], ["Churchill", "Great Western"], ["Trust", "Company"]
NEVER, NOWHERE = float("nan"), None
HALF_AN_HOUR = 1 / 48

PATIENTS = [
    # place, car, priority, referred, clock start, scanned, reported, site, minutes
    ("Oxford", "car", "routine", 20, 20, 30, 32, "Churchill", 15),
    ("Oxford", "no car", "routine", 30, 30, 44, 64, "Churchill", 30),
    ("Swindon", "car", "urgent", 40, 50, 60, 68, "Great Western", 60),  # missed on day 50, clock reset
    ("Swindon", "car", "routine", 14, 14, NEVER, NEVER, NOWHERE, NEVER),
    ("Oxford", "car", "routine", 15, 15, 100, NEVER, "Great Western", 61),
    ("Swindon", "no car", "routine", 100, 100, NEVER, NEVER, NOWHERE, NEVER),
    ("Oxford", "car", "urgent_suspected_cancer", 84, 84, 111.5, NEVER, "Churchill", 14),
    ("Oxford", "car", "routine", 5, 5, 27, 27.5, "Churchill", 15),  # over before the period begins
]
APPOINTMENTS = [
    # slot, outcome, patient, site
    (30, "attended", 0, "Churchill"),
    (44, "attended", 1, "Churchill"),
    (50, "missed", 2, "Great Western"),
    (60, "attended", 2, "Great Western"),
    (99, "displaced", 4, "Great Western"),
    (100, "attended", 4, "Great Western"),
    (111, "attended", 6, "Churchill"),
    (27, "attended", 7, "Churchill"),
    (111.5, "booked", 3, "Great Western"),
]
SESSIONS = [
    # day, site, slots, booked, open seconds, overrun, used, down
    (27, "Churchill", 9, 9, 1000, 0, 1000, 0),
    (30, "Churchill", 2, 1, 1000, 0, 300, 0),
    (30, "Churchill", 4, 0, 1000, 0, 0, 0),
    (44, "Churchill", 2, 1, 1000, 0, 300, 0),
    (50, "Great Western", 2, 1, 1000, 0, 0, 0),
    (60, "Great Western", 2, 1, 1000, 0, 300, 0),
    (99, "Great Western", 2, 1, 1000, 0, 0, 200),
    (100, "Great Western", 2, 1, 1000, 100, 300, 0),
    (111, "Churchill", 2, 1, 1000, 0, 300, 0),
]


def tables(
    patients=PATIENTS, appointments=APPOINTMENTS, sessions=SESSIONS, modality=None, limit=None, before=0
) -> Tables:
    """The four tables of these patients.

    modality: names each patient's, default MRI for all. limit: days within which a report is due.
    before: days before each request.
    """

    def codes(names, known) -> np.ndarray:
        return np.array([-1 if name is NOWHERE else known.index(name) for name in names], dtype=int)

    def numbers(values) -> np.ndarray:
        return np.array(values, dtype=float)

    place, car, priority, referred, clock, scanned, reported, site, minutes = columns(patients, 9)
    referrals = {
        "modality": codes(modality or ["MRI"] * len(patients), MODALITIES),
        "place": codes(place, PLACES),
        "car": codes(car, CARS),
        "priority": codes(priority, PRIORITIES),
        "referred": numbers(referred),
        "clock_start": numbers(clock),
        "scan_start": numbers(scanned) - HALF_AN_HOUR,
        "scanned": numbers(scanned),
        "left": np.full(len(patients), NEVER),
        "outcome": codes(["waiting" if at != at else "scanned" for at in scanned], REFERRAL_OUTCOMES),
        "opening": np.zeros(len(patients), dtype=int),
        "reported": numbers(reported),
        "report_due": numbers([NEVER] * len(patients) if limit is None else np.array(scanned) + limit),
        "before_request_days": np.full(len(patients), float(before)),
        "site": codes(site, SITES),
        "provider": codes(site, SITES),  # each site is run by one provider
        "travel_minutes": numbers(minutes),
    }
    again = np.flatnonzero(referrals["clock_start"] != referrals["referred"])
    resets = {"referral": again, "at": referrals["clock_start"][again]}
    slot, outcome, patient, where = columns(appointments, 4)
    made = {
        "slot_start": numbers(slot),
        "outcome": codes(outcome, APPOINTMENT_OUTCOMES),
        "complete": np.array([name == "attended" for name in outcome], dtype=int),
        "cancelled": np.full(len(appointments), NEVER),
        "referral": np.array(patient, dtype=int),
        "site": codes(where, SITES),
        "provider": codes(where, SITES),
    }
    day, held_at, slots, booked, opened, overrun, used, down = columns(sessions, 8)
    whole = {"day": day, "slots": slots, "booked": booked, "open_seconds": opened, "overrun_seconds": overrun}
    held = {name: np.array(values, dtype=int) for name, values in whole.items()}
    held |= {f"{use}_seconds": np.zeros(len(day), dtype=int) for use in USES}
    held |= {"used_seconds": np.array(used, dtype=int), "down_seconds": np.array(down, dtype=int)}
    held["idle_seconds"] = (
        held["open_seconds"] + held["overrun_seconds"] - held["used_seconds"] - held["down_seconds"]
    )
    held |= {"site": codes(held_at, SITES), "provider": codes(held_at, SITES)}
    held["modality"] = np.zeros(len(day), dtype=int)
    labels = {"modality": list(MODALITIES), "priority": list(PRIORITIES), "car": list(CARS)}
    labels |= {"place": PLACES, "site": SITES, "provider": PROVIDERS}
    return Tables(referrals, made, held, {}, labels, Counted(DAYS.window), resets)


def columns(rows, count: int) -> list[list]:
    return [list(column) for column in zip(*rows)] if rows else [[] for _ in range(count)]


def waiting_only(referred: float, clock: float | None = None, scanned: float = NEVER) -> Tables:
    """One patient of Oxford and nothing else."""
    site = NOWHERE if scanned != scanned else "Churchill"
    patient = (
        "Oxford",
        "car",
        "routine",
        referred,
        referred if clock is None else clock,
        scanned,
        NEVER,
        site,
        15,
    )
    return tables([patient], [], [])


@pytest.fixture(scope="module")
def values() -> dict[tuple[str, str], float]:
    return measure(tables(), DAYS)[0]


@pytest.fixture(scope="module")
def census() -> list[dict]:
    return measure(tables(), DAYS)[1]


WORKED_OUT = {
    # of those scanned in the period: 10, 14, 10 (lived 20), 85 and 27.5 days
    ("wait_days_mean", "all"): 29.3,
    ("lived_wait_days_mean", "all"): 31.3,
    ("wait_days_median", "all"): 14,
    ("lived_wait_days_median", "all"): 20,
    ("wait_days_p92", "all"): 27.5 + 0.68 * 57.5,
    ("wait_days_p95", "all"): 27.5 + 0.80 * 57.5,
    ("wait_days_mean", "place=Oxford"): (10 + 14 + 85 + 27.5) / 4,
    ("wait_days_mean", "place=Swindon"): 10,
    ("lived_wait_days_mean", "place=Swindon"): 20,
    ("wait_days_mean", "place=Oxford;car=no car"): 14,
    ("wait_days_mean", "priority=urgent_suspected_cancer"): 27.5,
    ("wait_days_mean", "place=Oxford;priority=routine"): (10 + 14 + 85) / 3,
    ("wait_days_mean", "site=Great Western"): (10 + 85) / 2,
    # on the list: day 56 for 6 (lived 16), 42 and 41; day 84 for 70 and 69; day 112 for 98 and 12
    ("list_size", "all"): 7 / 3,
    ("waiting_days_mean", "all"): (6 + 42 + 41 + 70 + 69 + 98 + 12) / 7,
    ("lived_waiting_days_mean", "all"): (16 + 42 + 41 + 70 + 69 + 98 + 12) / 7,
    ("over_6_weeks_percent", "all"): 100 * (1 / 3 + 2 / 2 + 1 / 2) / 3,
    ("over_13_weeks_percent", "all"): 100 * (0 / 3 + 0 / 2 + 1 / 2) / 3,
    ("weeks_to_clear", "all"): 2 / (5 / 12),
    ("list_size", "place=Oxford"): (1 + 1 + 0) / 3,
    # reports after 2, 20 and 8 days; of those asked for from day 28 to 84 one late, one on day 28, one never
    ("report_days_mean", "all"): 10,
    ("total_days_mean", "all"): (12 + 34 + 28) / 3,
    ("result_in_28_days_percent", "all"): 100 / 3,
    ("result_in_28_days_percent", "place=Swindon"): 100,
    # five scans, seven appointments due, 18 slots with 7 booked, 8100 seconds of which 1500 used
    ("scans", "all"): 5,
    ("scans_per_week", "all"): 5 / 12,
    ("missed_percent", "all"): 100 / 7,
    ("displaced_per_1000", "all"): 1000 / 7,
    ("wasted_journeys", "all"): 1,
    ("missed_percent", "place=Swindon"): 50,
    ("load_percent", "all"): 700 / 18,
    ("slots_lost_percent", "all"): 200 / 18,
    ("scanner_use_percent", "all"): 100 * 1500 / 8100,
    ("downtime_percent", "all"): 100 * 200 / 8100,
    ("load_percent", "site=Churchill"): 30,
    ("slots_percent", "site=Churchill;outcome=attended"): 30,
    ("slots_percent", "site=Churchill;outcome=unfilled"): 70,
    ("slots_percent", "site=Great Western;outcome=missed"): 12.5,
    ("slots_percent", "site=Great Western;outcome=displaced"): 12.5,
    ("open_time_percent", "site=Great Western;use=down"): 100 * 200 / 4100,
    # journeys of 15, 30, 60, 61 and 14 minutes: an hour is not over an hour
    ("travel_minutes_mean", "all"): 36,
    ("travel_over_60_minutes_percent", "all"): 20,
    # twelve weeks: the Churchill open on 3 days (two scanners on one of them), Great Western on 4
    ("service_days_per_week", "site=Churchill"): 3 / 12,
    ("service_days_per_week", "site=Great Western"): 4 / 12,
    ("service_days_per_week", "place=Oxford"): (3 * 3 / 12 + 4 / 12) / 4,
    # gaps
    ("gap_wait_days_difference", "between=place"): 34.125 - 10,
    ("gap_wait_days_ratio", "between=place"): 3.4125,
    ("gap_wait_days_difference", "between=car"): 33.125 - 14,
    ("gap_travel_minutes_difference", "between=place"): 60 - 30,
    ("gap_travel_minutes_ratio", "between=car"): 37.5 / 30,
}


@pytest.mark.parametrize("name, group", WORKED_OUT, ids=lambda part: part)
def test_a_measure_is_what_one_works_out_on_paper(values, name, group):
    assert values[name, group] == pytest.approx(WORKED_OUT[name, group], rel=1e-12)


@pytest.mark.parametrize("group", ["all", "site=Churchill", "site=Great Western"])
def test_what_became_of_slots_and_of_open_time_is_all_of_them(values, group):
    prefix = "" if group == "all" else f"{group};"
    for name, key in (("slots_percent", "outcome="), ("open_time_percent", "use=")):
        parts = [value for (m, g), value in values.items() if m == name and g.startswith(prefix + key)]
        assert sum(parts) == pytest.approx(100)


# ---- six weeks and 28 days


@pytest.mark.parametrize("referred, share, band", [
    (14, 100, "06 < 07 Weeks"),  # 42 days at midnight of day 56
    (14 + 1 / 1440, 0, "05 < 06 Weeks"),  # a minute less
])  # fmt: skip
def test_six_weeks_are_42_days_and_over(referred, share, band):
    values, census = measure(waiting_only(referred, scanned=56), DAYS)
    assert values["over_6_weeks_percent", "all"] == share
    assert {name: census[0][name] for name in DM01_BANDS if census[0][name]} == {band: 1}


def test_who_is_scanned_on_the_stroke_of_month_end_still_waits_and_who_is_referred_then_does_not_yet():
    assert measure(waiting_only(50, scanned=56), DAYS)[0]["list_size", "all"] == pytest.approx(1 / 3)
    assert measure(waiting_only(56), DAYS)[0]["list_size", "all"] == pytest.approx(2 / 3)


def test_a_clock_that_resets_later_does_not_change_what_an_earlier_month_end_showed():
    values, census = measure(waiting_only(40, clock=70, scanned=80), DAYS)
    assert values["waiting_days_mean", "all"] == values["lived_waiting_days_mean", "all"] == 16
    assert values["wait_days_mean", "all"] == 10
    assert census[0]["02 < 03 Weeks"] == 1


def test_a_report_on_the_28th_day_is_in_time_and_a_minute_later_is_not():
    for late, share in ((0, 100), (1 / 1440, 0)):
        patient = ("Oxford", "car", "routine", 40, 40, 50, 68 + late, "Churchill", 15)
        assert measure(tables([patient], [], []), DAYS)[0]["result_in_28_days_percent", "all"] == share


@pytest.mark.parametrize("before, share", [(0, 100 / 3), (1 / 1440, 0)])
def test_time_before_the_request_counts_towards_the_28_days(before, share):
    """Of the three asked for in time one was reported on day 28 of its request, one later, one never."""
    values, _ = measure(tables(before=before), DAYS)
    assert values["result_in_28_days_percent", "all"] == pytest.approx(share)


@pytest.mark.parametrize("limit, share", [
    (2, 100 * 3 / 4),  # reports after 2, 20 and 8 days and one never; the last one's is due after the end
    (1.9, 100 * 4 / 4),
    (8, 100 * 2 / 4),
    (13, 100 / 3),  # from here on two are not due yet
    (20, 0),
])  # fmt: skip
def test_a_report_is_over_the_limit_when_it_is_later_or_never_came(limit, share):
    values, _ = measure(tables(limit=limit), DAYS)
    assert values["reports_over_limit_percent", "all"] == pytest.approx(share)


def test_without_a_limit_no_report_is_over_it(values):
    assert "reports_over_limit_percent" not in {name for name, _ in values}


# ---- decisions on capacity


REQUESTS = [
    # request, requested, agreed, refused, in effect
    ("hire", 10, 20, NEVER, 30),  # asked for before the period begins on day 28
    ("hire", 56, 60, NEVER, 76),
    ("evenings", 56, NEVER, 70, NEVER),
    ("evenings", 84, 100, NEVER, 112),  # works from the day after the period
]


def deciding() -> dict[tuple[str, str], float]:
    """The measures of these requests, and of one that was never made."""
    made, names = tables(), ["hire", "evenings", "replace"]
    request, *days = columns(REQUESTS, 5)
    rows = {"request": np.array([names.index(name) for name in request]), "does": np.zeros(len(request))}
    rows |= {
        name: np.array(column, dtype=float)
        for name, column in zip(("requested", "agreed", "refused", "in_effect"), days)
    }
    found = measure(replace(made, decisions=rows, labels=made.labels | {"request": names}), DAYS)[0]
    return {key: value for key, value in found.items() if key[0].startswith("decision")}


def test_requests_are_counted_where_their_days_fall_and_take_until_they_are_in_effect():
    found = deciding()
    assert {measure: value for (measure, group), value in found.items() if group == "all"} == {
        "decisions_requested": 3,
        "decisions_agreed": 2,
        "decisions_refused": 1,
        "decisions_in_effect": 2,
        "decision_days_mean": 20,
    }
    assert found["decisions_requested", "request=hire"] == 1
    assert found["decisions_in_effect", "request=hire"] == 2
    assert found["decisions_refused", "request=evenings"] == 1
    assert ("decision_days_mean", "request=evenings") not in found


def test_a_request_that_was_never_made_counts_zero_and_without_requests_nothing_is_counted(values):
    found = deciding()
    assert {value for (_, group), value in found.items() if group == "request=replace"} == {0.0}
    assert not [name for name, _ in values if name.startswith("decision")]


# ---- the census


def test_the_census_has_a_row_a_month_end_in_the_bands_of_dm01(census):
    assert [row["Period"] for row in census] == ["2019-02-25", "2019-03-25", "2019-04-22"]
    shown = [{name: row[name] for name in DM01_BANDS if row[name]} for row in census]
    assert shown == [
        {"00 < 01 Week": 1, "05 < 06 Weeks": 1, "06 < 07 Weeks": 1},
        {"09 < 10 Weeks": 1, "10 < 11 Weeks": 1},
        {"01 < 02 Weeks": 1, "13+ Weeks": 1},
    ]
    assert [row["Total WL"] for row in census] == [3, 2, 2]
    assert [row["Waiting List Activity"] for row in census] == [2, 1, 2]
    assert {row["Diagnostic Tests"] for row in census} == {"MRI"}


@pytest.mark.parametrize("weeks", range(14))
def test_a_band_holds_whole_weeks_and_the_last_one_everything_longer(weeks):
    for days in (max(7 * weeks, 0.01), 7 * weeks + 6.99):
        _, census = measure(waiting_only(112 - days), DAYS)
        assert {name for name in DM01_BANDS if census[-1][name]} == {DM01_BANDS[weeks]}


# ---- groups


def test_who_was_scanned_nowhere_belongs_to_no_site(values):
    sites = {group for _, group in values if group.startswith("site=") and ";" not in group}
    assert sites == {"site=Churchill", "site=Great Western"}
    assert sum(values["scans", site] for site in sites) == values["scans", "all"]
    assert not [
        group for _, group in measure(waiting_only(50), DAYS)[0] if group.startswith(("site=", "provider="))
    ]


def test_a_place_that_is_not_known_is_in_no_place_but_still_counts(values):
    nowhere = tables([(NOWHERE, *PATIENTS[0][1:]), *PATIENTS[1:]])
    found, _ = measure(nowhere, DAYS)
    assert found["scans", "all"] == values["scans", "all"] == 5
    assert found["scans", "place=Oxford"] == values["scans", "place=Oxford"] - 1
    assert found["scans", "place=Swindon"] == values["scans", "place=Swindon"]
    assert {group for _, group in found} <= {group for _, group in values}


def test_nothing_is_averaged_over_modalities():
    mixed = tables(modality=["MRI", "CT", "MRI", "MRI", "CT", "MRI", "CT", "MRI"])
    values, census = measure(mixed, DAYS)
    assert all(group.startswith(("modality=MRI", "modality=CT")) for _, group in values)
    assert values["wait_days_mean", "modality=MRI"] == 10
    assert values["wait_days_mean", "modality=CT"] == pytest.approx((14 + 85 + 27.5) / 3)
    assert values["wait_days_mean", "modality=MRI;place=Oxford"] == 10
    assert values["gap_wait_days_difference", "modality=CT;between=car"] == pytest.approx(
        (85 + 27.5) / 2 - 14
    )
    assert [(row["Diagnostic Tests"], row["Total WL"]) for row in census[:2]] == [("MRI", 2), ("CT", 1)]


def test_a_measure_of_nobody_does_not_exist():
    values, census = measure(waiting_only(100), DAYS)
    assert {"list_size", "waiting_days_mean", "over_6_weeks_percent", "scans"} <= {name for name, _ in values}
    absent = {
        "wait_days_mean",
        "report_days_mean",
        "travel_minutes_mean",
        "missed_percent",
        "load_percent",
        "weeks_to_clear",
    }
    assert not absent & {name for name, _ in values}
    assert [row["Total WL"] for row in census] == [0, 0, 1]


def test_whatever_a_measure_is_told_by_may_be_the_headline_and_is_explained():
    page = "\n".join(GROUPS)
    assert set(KEYS) <= set(GROUP_KEYS)
    assert [key for key in GROUP_KEYS if f"`{key}`" not in page] == []
