"""Failures worked out by hand: under a patient, by use, with few engineers, with age and a new scanner."""

import datetime

import numpy as np
import pytest

from sim.model.breakdowns import Engineers, Wear
from tests.unit.model.by_hand import Patient, appointments, at
from tests.unit.model.suites_by_hand import (
    EMERGENCIES_ONLY,
    SECOND,
    WEEK,
    accounts,
    asked_for,
    broken_off,
    by_hand,
    constant_breakdowns,
    constant_wear,
    not_scanned,
    scanned,
    scans,
    turns_up,
)
from tests.world import world

HOUR, MINUTE = 3600, 60
SHORT_DAY = {"closes": "10:00", "slots_per_day": "2 per day"}


def on_the_table(rule: str, **scanning) -> dict:
    """A world with such a rule for who is being scanned when the scanner fails."""
    return {"scanning": {"MRI": {"on_the_table": rule} | scanning}}


# ---- under a booked patient


@pytest.mark.parametrize(
    ("rule", "second", "third", "used", "down"),
    [
        ("finishes", ("09:00", "09:30"), ("10:00", "10:30"), 90, 10),
        ("restarts", ("09:00", "10:10"), ("10:10", "10:40"), 100, 30),
        ("resumes", ("09:00", "10:00"), ("10:00", "10:30"), 90, 30),
    ],
)
def test_a_booked_patient_on_the_table_finishes_restarts_or_resumes(rule, second, third, used, down):
    """The scanner fails ten minutes into the second scan and works again at twenty to ten."""
    tables = by_hand(on_the_table(rule), asked_for(3), {0: [(at(3, "09:10"), at(3, "09:40"))]})
    assert scans(tables) == [
        scanned(0, 3, "08:00", "08:30"),
        scanned(1, 3, *second),
        scanned(2, 3, *third),
    ]
    seconds = {"used": used * MINUTE, "down": down * MINUTE, "idle": (600 - used - down) * MINUTE}
    assert accounts(tables, 3) == [{"open": 36000} | seconds]


def test_a_second_failure_starts_the_scan_once_more():
    down = {0: [(at(3, "08:10"), at(3, "08:20")), (at(3, "08:40"), at(3, "09:00"))]}
    tables = by_hand(on_the_table("restarts"), asked_for(1), down)
    assert scans(tables) == [scanned(0, 3, "08:00", "09:30")]
    assert tables.appointments["couch_seconds"].tolist() == [(10 + 20 + 30) * MINUTE]


def test_a_second_failure_interrupts_once_more_a_scan_that_resumes():
    down = {0: [(at(3, "08:10"), at(3, "08:20")), (at(3, "08:30"), at(3, "09:00"))]}
    tables = by_hand(on_the_table("resumes"), asked_for(1), down)
    assert scans(tables) == [scanned(0, 3, "08:00", "09:10")]
    assert tables.appointments["couch_seconds"].tolist() == [30 * MINUTE]


@pytest.mark.parametrize(
    ("rule", "repaired", "row", "account"),
    [
        ("restarts", "10:30", scanned(1, 3, "09:00", "11:00"), {"overrun": 60, "used": 70, "down": 80}),
        ("restarts", "10:31", broken_off(1, 3, "09:00", "09:10"), {"used": 40, "down": 50}),
        ("resumes", "10:40", scanned(1, 3, "09:00", "11:00"), {"overrun": 60, "used": 60, "down": 90}),
        ("resumes", "10:41", broken_off(1, 3, "09:00", "09:10"), {"used": 40, "down": 50}),
    ],
)
def test_whose_scan_cannot_end_within_the_overrun_is_displaced(rule, repaired, row, account):
    changes = on_the_table(rule) | {"fleet": {"scanner": SHORT_DAY}}
    tables = by_hand(changes, asked_for(2), {0: [(at(3, "09:10"), at(3, repaired))]})
    assert scans(tables)[1] == row
    seconds = {name: minutes * MINUTE for name, minutes in account.items()}
    assert accounts(tables, 3) == [{"open": 2 * HOUR, "idle": 30 * MINUTE} | seconds]


# ---- by use


def by_use(rule: str = "rebooked", **scanning) -> dict:
    """A scanner that fails after fifty minutes of use, and is repaired in twenty."""
    wear = {"use_between_failures": "50 minutes", "repair_time": "20 minutes"}
    return on_the_table(rule, **wear | scanning)


def test_a_scanner_fails_after_so_much_use_and_not_while_it_is_idle():
    """Thirty minutes of the first patient, twenty of the second; so again of the third and fourth."""
    tables = by_hand(by_use(), asked_for(5), prepare=constant_wear)
    assert scans(tables)[:5] == [
        scanned(0, 3, "08:00", "08:30"),
        broken_off(1, 3, "09:00", "09:20"),
        scanned(2, 3, "10:00", "10:30"),
        broken_off(3, 3, "11:00", "11:20"),
        scanned(4, 3, "12:00", "12:30"),
    ]
    used, down = 130 * MINUTE, 40 * MINUTE
    assert accounts(tables, 3) == [{"open": 36000, "used": used, "down": down, "idle": 36000 - used - down}]


def test_use_is_counted_from_day_to_day():
    """Half an hour of day 3 and twenty minutes of day 4."""
    tables = by_hand(by_use(), [*asked_for(1), *asked_for(2, 2)], prepare=constant_wear)
    assert scans(tables) == [
        scanned(0, 3, "08:00", "08:30"),
        broken_off(1, 4, "08:00", "08:20"),
        scanned(2, 4, "09:00", "09:30"),
        broken_off(1, 6, "08:00", "08:20"),
        scanned(1, 8, "08:00", "08:30"),
    ]


@pytest.mark.parametrize(
    ("rule", "ends", "used", "down"),
    [("finishes", "09:30", 60, 10), ("restarts", "10:10", 80, 20), ("resumes", "09:50", 60, 20)],
)
def test_a_patient_under_whom_a_scanner_wears_out_is_treated_by_the_rule(rule, ends, used, down):
    tables = by_hand(by_use(rule), asked_for(2), prepare=constant_wear)
    assert scans(tables) == [scanned(0, 3, "08:00", "08:30"), scanned(1, 3, "09:00", ends)]
    seconds = {"used": used * MINUTE, "down": down * MINUTE, "idle": (600 - used - down) * MINUTE}
    assert accounts(tables, 3) == [{"open": 36000} | seconds]


def test_unscheduled_patients_wear_a_scanner_out_as_well():
    tables = by_hand(by_use("resumes"), [turns_up(3, "08:00", factor=2.0)], prepare=constant_wear)
    assert scans(tables) == [scanned(0, 3, "08:00", "09:20")]


def test_a_failure_by_use_whose_repair_lasts_over_night_displaces_who_is_due_the_next_day():
    """It fails at 9:20 for a day: who is due at eight on day 4 is told not to come."""
    changes = by_use(repair_time="24 hours")
    tables = by_hand(changes, [*asked_for(2), *asked_for(3, 2)], prepare=constant_wear)
    assert scans(tables)[:2] == [scanned(0, 3, "08:00", "08:30"), broken_off(1, 3, "09:00", "09:20")]
    assert not_scanned(tables)[0] == (2, at(4, "08:00"), "cancelled_by_hospital", "breakdown")
    assert scans(tables)[2:4] == [scanned(3, 4, "09:20", "09:50"), broken_off(4, 4, "10:00", "10:20")]


def test_a_scanner_that_wears_out_in_the_morning_is_down_in_its_afternoon_session():
    """Fails at 9:20, is repaired at 15:20; the afternoon begins at 13:00. Slots of an hour."""
    afternoon = {"days": WEEK, "opens": "13:00", "closes": "17:00", "slots_per_day": "4 per day"}
    changes = by_use(repair_time="6 hours", longest_wait_on_the_day="30 minutes") | {
        "fleet": {
            "scanner": {"closes": "10:00", "slots_per_day": "2 per day", "more_sessions": {"late": afternoon}}
        }
    }
    tables = by_hand(changes, asked_for(6), prepare=constant_wear)
    assert scans(tables)[:3] == [
        scanned(0, 3, "08:00", "08:30"),
        broken_off(1, 3, "09:00", "09:20"),
        scanned(4, 3, "15:20", "15:50"),
    ]
    assert not_scanned(tables)[:2] == [
        (2, at(3, "13:00"), "displaced", "breakdown"),
        (3, at(3, "14:00"), "displaced", "breakdown"),
    ]
    assert scans(tables)[3] == broken_off(5, 3, "16:00", "16:20")
    assert sum(one.get("down", 0) for one in accounts(tables, 3)) == (40 + 140 + 40) * MINUTE


def test_a_scanner_on_call_that_wears_out_at_work_takes_nobody_before_its_repair():
    """Fifty minutes are used up at 18:10; it works again at 20:10."""
    changes = by_use("finishes", repair_time="2 hours") | {"fleet": {"scanner": {"on_call": True}}}
    patients = [turns_up(3, "17:20", factor=2.0), turns_up(3, "18:30")]
    tables = by_hand(changes, patients, prepare=constant_wear)
    assert scans(tables) == [scanned(0, 3, "17:20", "18:20"), scanned(1, 3, "20:10", "20:40")]


# ---- engineers


def two_scanners(engineers: int | None, **scanning) -> dict:
    """Two scanners that work for two hours and are repaired for two, from midnight on."""
    how = {"uptime": "50 %", "repair_time": "2 hours"} | ({"engineers": engineers} if engineers else {})
    return {"scanning": {"MRI": how | scanning}, "fleet": {"second": SECOND}}


def test_two_scanners_that_fail_together_are_repaired_one_after_the_other_by_one_engineer():
    """The first is down 2 to 4, 6 to 8, 10 to 12, 14 to 16; the second 2 to 6 and in between."""
    tables = by_hand(two_scanners(1), [], prepare=constant_breakdowns)
    for scanner, hours in ((0, 4), (1, 6)):
        down = hours * HOUR
        assert accounts(tables, 3, scanner) == [{"open": 36000, "down": down, "idle": 36000 - down}]


@pytest.mark.parametrize("engineers", [None, 2])
def test_with_an_engineer_each_they_are_repaired_at_once(engineers):
    """Both are down 2 to 4, 6 to 8, 10 to 12, 14 to 16."""
    tables = by_hand(two_scanners(engineers), [], prepare=constant_breakdowns)
    for scanner in (0, 1):
        assert accounts(tables, 3, scanner) == [{"open": 36000, "down": 4 * HOUR, "idle": 6 * HOUR}]


@pytest.mark.parametrize(("simple", "long"), [("scanner", "second"), ("second", "scanner")])
def test_an_engineer_repairs_first_what_failed_first_whatever_the_order_of_the_fleet(simple, long):
    """The one with the long scan wears out at 8:50, the other at 9:20; patients finish at 9:00 and 9:30."""
    takes = {simple: {"complexity": ["standard"]}, long: {"complexity": ["complex"]}}
    changes = by_use("finishes", repair_time="3 hours", engineers=1) | {
        "fleet": {"second": SECOND},
        "demand": {"MRI": {"complex": "1 %"}},
        "eligibility": {"takes": takes},
    }
    patients = [*asked_for(2), Patient(at(1, "11:00"), complexity=1, factor=2.0)]
    tables = by_hand(changes, patients, prepare=constant_wear)
    assert sorted(scans(tables)) == [
        scanned(0, 3, "08:00", "08:30", simple),
        scanned(1, 3, "09:00", "09:30", simple),
        scanned(2, 3, "08:00", "09:00", long),
    ]
    for name, down in ((long, 170 * MINUTE), (simple, 320 * MINUTE)):
        account = {"open": 36000, "used": 3600, "down": down, "idle": 32400 - down}
        assert accounts(tables, 3, ["scanner", "second"].index(name)) == [account]


def test_an_engineer_asked_for_later_fills_a_gap_that_is_long_enough():
    engineers = Engineers(1)
    assert engineers.repair(10.0, 2.0) == 12.0
    assert engineers.repair(7.0, 3.0) == 10.0
    assert engineers.repair(11.0, 1.0) == 13.0


def test_the_engineer_who_is_free_first_comes():
    engineers = Engineers(2)
    assert [engineers.repair(0.0, 5.0), engineers.repair(0.0, 3.0)] == [5.0, 3.0]
    assert engineers.repair(1.0, 1.0) == 4.0
    assert engineers.repair(4.5, 1.0) == 5.5


# ---- age and replacement


def test_failures_grow_with_the_years_until_a_new_scanner_comes():
    wear = Wear("scanner", age=10.0, more_a_year=0.1, renewed=365.25)
    assert wear.faster(0.0) == pytest.approx(1.1**10)
    assert wear.faster(365.0) == pytest.approx(1.1 ** (10 + 365 / 365.25))
    assert wear.faster(365.25) == 1.0
    assert wear.faster(2 * 365.25) == pytest.approx(1.1)


def test_an_old_scanner_fails_after_so_much_less_use():
    """Ten years at 7.177346 % a year: twice as often, after 25 minutes of use."""
    changes = by_use(failures_grow="7.177346253629316 % a year") | {"fleet": {"scanner": {"age": "10 years"}}}
    tables = by_hand(changes, asked_for(1), prepare=constant_wear)
    assert scans(tables)[0] == broken_off(0, 3, "08:00", "08:25")


def test_nobody_is_booked_between_the_old_scanner_and_the_new():
    dates = {"closes": datetime.date(2019, 1, 5), "opens": datetime.date(2019, 1, 8)}
    changes = {"fleet": {"scanner": {"replacement": dates}}}
    tables = by_hand(changes, [*asked_for(1), *asked_for(1, 2), *asked_for(1, 3)])
    assert scans(tables) == [
        scanned(0, 3, "08:00", "08:30"),
        scanned(1, 7, "08:00", "08:30"),
        scanned(2, 7, "09:00", "09:30"),
    ]
    for day in (4, 5, 6):
        assert accounts(tables, day) == [{"open": 36000, "maintenance": 36000}]
    assert not_scanned(tables) == []


def test_the_new_scanner_has_age_nought_and_the_old_one_its_years():
    dates = {"closes": datetime.date(2019, 1, 5), "opens": datetime.date(2019, 1, 8)}
    (scanner,) = world({"fleet": {"scanner": {"replacement": dates, "age": "12 years"}}}).scanners
    assert (scanner.wear.age, scanner.wear.renewed, scanner.maintained) == (12.0, 7.0, {4, 5, 6})


def test_the_new_scanner_does_not_inherit_the_repair_of_the_old():
    """It broke down on day 3 for a fortnight; the new one opens on day 7, and works on day 8 as well."""
    dates = {"closes": datetime.date(2019, 1, 5), "opens": datetime.date(2019, 1, 8)}
    changes = {"fleet": {"scanner": {"replacement": dates}}}
    people = [*asked_for(1, 2), *asked_for(1, 6)]
    tables = by_hand(changes, people, {0: [(at(3, "12:00"), at(17, "12:00"))]})
    assert scans(tables) == [scanned(0, 7, "08:00", "08:30"), scanned(1, 8, "08:00", "08:30")]


# ---- planned maintenance


def test_nobody_is_booked_on_a_day_of_maintenance_and_its_seconds_are_maintenance():
    changes = {"fleet": {"scanner": {"maintenance": {"every": "7 days", "lasts": "2 days"}}}}
    tables = by_hand(changes, [Patient(at(day, "10:00")) for day in range(1, 15)])
    (scanner,) = world(changes).scanners
    days = sorted(day for day in scanner.maintained if 0 < day < 31)
    first = days[0] if days[1] == days[0] + 1 else days[1]
    assert days[-1] >= 23
    assert {(day - first) % 7 for day in days} <= {0, 1}
    made = tables.sessions
    assert set(made["day"][made["maintenance_seconds"] > 0].tolist()) == set(days)
    for day in days:
        assert accounts(tables, day) == [{"open": 36000, "maintenance": 36000}]
    slots = set(np.floor(tables.appointments["slot_start"]).astype(int).tolist())
    assert slots and not slots & set(days)
    assert {row[2] for row in appointments(tables)} == {"attended"}


def test_a_breakdown_on_a_day_of_maintenance_is_counted_as_maintenance():
    changes = {"fleet": {"scanner": {"maintenance": {"every": "1 day", "lasts": "1 day"}}}}
    tables = by_hand(changes, asked_for(1), {0: [(at(3, "09:00"), at(3, "12:00"))]})
    assert accounts(tables, 3) == [{"open": 36000, "maintenance": 36000}]
    assert scans(tables) == []


def test_two_scanners_are_not_maintained_on_the_same_days_because_of_their_names():
    changes = {
        "fleet": {
            name: SECOND | {"key": key, "maintenance": {"every": "90 days", "lasts": "1 day"}}
            for name, key in (("second", "a"), ("third", "b"))
        },
        "eligibility": {"takes": {"second": EMERGENCIES_ONLY}},
    }
    renamed = {
        "fleet": {
            name: SECOND | {"key": key, "maintenance": {"every": "90 days", "lasts": "1 day"}}
            for name, key in (("fourth", "a"), ("fifth", "b"))
        }
    }
    _, a, b = world(changes).scanners
    _, c, d = world(renamed).scanners
    assert a.maintained != b.maintained
    assert (a.maintained, b.maintained) == (c.maintained, d.maintained)
