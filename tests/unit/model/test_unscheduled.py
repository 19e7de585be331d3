"""Patients who turn up: days worked out by hand, every timestamp met exactly."""

import datetime

import numpy as np
import pytest

from tests.functional.model.two_towns import laid_over
from tests.unit.model.by_hand import at
from tests.unit.model.suites_by_hand import (
    EMERGENCIES_ONLY,
    NO_EMERGENCIES,
    SECOND,
    accounts,
    asked_for,
    broken_off,
    by_hand,
    not_scanned,
    scanned,
    scans,
    turns_up,
)

HOUR = 3600
TWO_SCANNERS = {"fleet": {"second": SECOND}, "eligibility": {"takes": {"second": EMERGENCIES_ONLY}}}
"""Booked patients come to the first, unscheduled ones to both."""
ON_CALL = {"fleet": {"scanner": {"on_call": True}}}
SPLIT_DAY = {
    "closes": "12:00", "slots_per_day": "4 per day",
    "more_sessions": {
        "afternoon": {"days": ["friday"], "opens": "13:00", "closes": "17:00", "slots_per_day": "4 per day"}
    },
}  # fmt: skip
"""Day 3 is a Friday."""


def test_who_turned_up_first_goes_before_the_next_booked_patient_and_interrupts_nobody():
    tables = by_hand({}, [*asked_for(2), turns_up(3, "08:10"), turns_up(3, "08:20")])
    assert scans(tables) == [
        scanned(0, 3, "08:00", "08:30"),
        scanned(2, 3, "08:30", "09:00"),
        scanned(3, 3, "09:00", "09:30"),
        scanned(1, 3, "09:30", "10:00"),
    ]
    assert accounts(tables, 3) == [{"open": 10 * HOUR, "used": 2 * HOUR, "idle": 8 * HOUR}]


def test_who_turns_up_as_a_slot_begins_goes_first():
    tables = by_hand({}, [*asked_for(1), turns_up(3, "08:00")])
    assert scans(tables) == [scanned(1, 3, "08:00", "08:30"), scanned(0, 3, "08:30", "09:00")]


def test_who_turns_up_a_second_after_a_scan_began_waits_for_its_end():
    late = turns_up(3, "08:00")
    late = late._replace(referred=late.referred + 1 / 86400)
    tables = by_hand({}, [*asked_for(1), late])
    assert scans(tables) == [scanned(0, 3, "08:00", "08:30"), scanned(1, 3, "08:30", "09:00")]


def test_booked_patients_who_then_would_wait_too_long_are_displaced_by_the_lateness():
    patients = [*asked_for(2), turns_up(3, "07:00", factor=3.0), turns_up(3, "08:05")]
    tables = by_hand({}, patients)
    assert scans(tables)[:3] == [
        scanned(2, 3, "08:00", "09:30"),
        scanned(3, 3, "09:30", "10:00"),
        scanned(1, 3, "10:00", "10:30"),
    ]
    assert not_scanned(tables) == [(0, at(3, "08:00"), "displaced", "overrun")]


def test_a_missed_appointment_leaves_its_time_to_who_turns_up():
    first, second = asked_for(2)
    changes = {"attendance": {"missed": "10 %"}}
    tables = by_hand(changes, [first._replace(comes=0.0), second, turns_up(3, "08:40")])
    assert scans(tables)[:2] == [scanned(2, 3, "08:40", "09:10"), scanned(1, 3, "09:10", "09:40")]


def test_a_scan_begins_until_closing_time_and_ends_after_it():
    tables = by_hand({}, [turns_up(3, "17:59", factor=4.0), turns_up(3, "18:00")])
    assert scans(tables) == [scanned(0, 3, "17:59", "19:59"), scanned(1, 4, "08:00", "08:30")]
    open_, idle = 10 * HOUR, 10 * HOUR - 60
    assert accounts(tables, 3) == [{"open": open_, "overrun": 2 * HOUR - 60, "used": 2 * HOUR, "idle": idle}]
    assert accounts(tables, 4) == [{"open": open_, "used": HOUR // 2, "idle": 19 * HOUR // 2}]


def test_who_comes_on_a_day_without_sessions_waits_for_the_next_opening_in_order():
    weekdays = {"fleet": {"scanner": {"days": ["monday", "friday"]}}}
    patients = [turns_up(3, "18:30"), turns_up(4, "09:00"), turns_up(5, "23:59")]
    assert scans(by_hand(weekdays, patients)) == [
        scanned(0, 6, "08:00", "08:30"),
        scanned(1, 6, "08:30", "09:00"),
        scanned(2, 6, "09:00", "09:30"),
    ]


def test_set_up_is_done_before_anybody_is_taken():
    tables = by_hand({"fleet": {"scanner": {"set_up": "30 minutes"}}}, [turns_up(3, "07:00")])
    assert scans(tables) == [scanned(0, 3, "08:30", "09:00")]
    assert accounts(tables, 3) == [{"open": 36000, "set_up": 1800, "used": 1800, "idle": 32400}]


def test_a_scanner_on_call_takes_one_at_a_time_over_midnight():
    patients = [turns_up(3, "23:30", factor=2.0), turns_up(3, "23:40", factor=2.0), turns_up(3, "23:50")]
    tables = by_hand(ON_CALL, patients)
    assert scans(tables) == [
        scanned(0, 3, "23:30", "24:30"),
        scanned(1, 4, "00:30", "01:30"),
        scanned(2, 4, "01:30", "02:00"),
    ]
    night, session = accounts(tables, 3)
    assert night == {"overrun": HOUR // 2, "used": HOUR // 2}
    assert session == {"open": 10 * HOUR, "idle": 10 * HOUR}
    assert accounts(tables, 4)[0] == {"overrun": 2 * HOUR, "used": 2 * HOUR}


def test_a_night_on_call_runs_on_into_the_session_and_makes_its_patients_late():
    tables = by_hand(ON_CALL, [*asked_for(1), turns_up(3, "07:40"), turns_up(3, "07:50")])
    assert scans(tables) == [
        scanned(1, 3, "07:40", "08:10"),
        scanned(2, 3, "08:10", "08:40"),
        scanned(0, 3, "08:40", "09:10"),
    ]
    night, session = accounts(tables, 3)
    assert night == {"overrun": 1200, "used": 1200}
    assert session == {"open": 36000, "used": 600 + 1800 + 1800, "idle": 36000 - 4200}


def test_who_comes_before_closing_is_scanned_by_the_scanner_on_call_after_it():
    patients = [turns_up(3, "17:50", factor=2.0), turns_up(3, "17:55"), turns_up(3, "18:55")]
    tables = by_hand(ON_CALL, patients)
    assert scans(tables) == [
        scanned(0, 3, "17:50", "18:50"),
        scanned(1, 3, "18:50", "19:20"),
        scanned(2, 3, "19:20", "19:50"),
    ]
    night, session = accounts(tables, 3)
    assert night == {"overrun": HOUR, "used": HOUR}
    assert session == {"open": 36000, "overrun": 3000, "used": 3600, "idle": 35400}


def test_a_scan_of_the_night_that_lasts_into_an_early_session_is_not_downtime():
    early = {"fleet": {"scanner": {"on_call": True, "opens": "00:30"}}}
    tables = by_hand(early, [turns_up(3, "23:50", factor=2.0)])
    assert scans(tables) == [scanned(0, 3, "23:50", "24:50")]
    assert "down" not in accounts(tables, 4)[-1]


def test_seconds_of_a_scan_that_lasts_into_the_next_session_count_there():
    patients = [turns_up(3, "11:50", factor=3.0)]
    tables = by_hand({"fleet": {"scanner": SPLIT_DAY}}, patients)
    assert scans(tables) == [scanned(0, 3, "11:50", "13:20")]
    assert sorted(accounts(tables, 3), key=lambda one: one["used"]) == [
        {"open": 4 * HOUR, "used": 1200, "idle": 4 * HOUR - 1200},
        {"open": 4 * HOUR, "overrun": HOUR, "used": 4200, "idle": 4 * HOUR - 600},
    ]


def test_who_came_in_the_night_and_lies_through_two_repairs_of_the_morning_is_counted_second_by_second():
    """Two hours from half past seven; the scanner is down from 8:10 to 8:20 and from 8:40 to 9:00."""
    changes = laid_over(ON_CALL, {"scanning": {"MRI": {"on_the_table": "resumes"}}})
    down = {0: [(at(3, "08:10"), at(3, "08:20")), (at(3, "08:40"), at(3, "09:00"))]}
    tables = by_hand(changes, [turns_up(3, "07:30", factor=4.0)], down)
    assert scans(tables) == [scanned(0, 3, "07:30", "10:00")]
    assert accounts(tables, 3) == [
        {"overrun": HOUR // 2, "used": HOUR // 2},
        {"open": 10 * HOUR, "used": 3 * HOUR // 2, "down": HOUR // 2, "idle": 8 * HOUR},
    ]


def test_a_scanner_that_takes_no_emergencies_goes_on_with_its_booked_patients():
    changes = {
        "fleet": {"second": SECOND | {"opens": "09:00", "slots_per_day": "9 per day"}},
        "eligibility": {"takes": {"scanner": NO_EMERGENCIES, "second": EMERGENCIES_ONLY}},
    }
    tables = by_hand(changes, [*asked_for(2), turns_up(3, "08:10"), turns_up(3, "08:20")])
    assert scans(tables) == [
        scanned(0, 3, "08:00", "08:30"),
        scanned(1, 3, "09:00", "09:30"),
        scanned(2, 3, "09:00", "09:30", "second"),
        scanned(3, 3, "09:30", "10:00", "second"),
    ]


def test_the_scanner_that_is_free_first_takes_who_turned_up_first():
    patients = [*asked_for(2), turns_up(3, "08:10", factor=2.0), turns_up(3, "08:20"), turns_up(3, "08:25")]
    assert scans(by_hand(TWO_SCANNERS, patients)) == [
        scanned(0, 3, "08:00", "08:30"),
        scanned(2, 3, "08:10", "09:10", "second"),
        scanned(3, 3, "08:30", "09:00"),
        scanned(4, 3, "09:00", "09:30"),
        scanned(1, 3, "09:30", "10:00"),
    ]


def test_while_one_scanner_is_down_the_other_takes_all():
    down = {1: [(at(3, "08:05"), at(3, "12:00"))]}
    patients = [turns_up(3, "08:10"), turns_up(3, "08:20"), turns_up(3, "11:20"), turns_up(3, "11:25")]
    tables = by_hand(TWO_SCANNERS, [*asked_for(1), *patients], down)
    assert scans(tables) == [
        scanned(0, 3, "08:00", "08:30"),
        scanned(1, 3, "08:30", "09:00"),
        scanned(2, 3, "09:00", "09:30"),
        scanned(3, 3, "11:20", "11:50"),
        scanned(4, 3, "11:50", "12:20"),
    ]
    assert accounts(tables, 3, 1) == [{"open": 36000, "down": 14100, "idle": 21900}]


def test_a_scanner_that_is_repaired_first_takes_who_waits():
    down = {0: [(at(3, "08:00"), at(3, "08:40"))], 1: [(at(3, "08:00"), at(3, "09:00"))]}
    assert scans(by_hand(TWO_SCANNERS, [turns_up(3, "08:10"), turns_up(3, "08:20")], down)) == [
        scanned(0, 3, "08:40", "09:10"),
        scanned(1, 3, "09:00", "09:30", "second"),
    ]


def test_whose_scan_is_broken_off_is_taken_by_the_other_scanner():
    down = {1: [(at(3, "08:30"), at(3, "12:00"))]}
    tables = by_hand(TWO_SCANNERS, [*asked_for(1), turns_up(3, "08:10")], down)
    assert scans(tables) == [
        scanned(0, 3, "08:00", "08:30"),
        broken_off(1, 3, "08:10", "08:30", "second"),
        scanned(1, 3, "08:30", "09:00"),
    ]


def test_of_those_who_wait_for_a_repair_the_unscheduled_go_first():
    """The booked patient's scan has not begun when somebody turns up, so none is interrupted."""
    patient = {"scanning": {"MRI": {"longest_wait_on_the_day": "2 hours"}}}
    down = {0: [(at(3, "08:50"), at(3, "09:40"))]}
    tables = by_hand(patient, [*asked_for(2), turns_up(3, "09:20")], down)
    assert scans(tables) == [
        scanned(0, 3, "08:00", "08:30"),
        scanned(2, 3, "09:40", "10:10"),
        scanned(1, 3, "10:10", "10:40"),
    ]


def test_a_scanner_that_opens_again_sooner_takes_who_waits_before_one_that_opens_later():
    """The first is closed from twelve to one; the second opens at two."""
    changes = {
        "fleet": {"scanner": SPLIT_DAY, "second": SECOND | {"opens": "14:00", "slots_per_day": "4 per day"}},
        "eligibility": {"takes": {"second": EMERGENCIES_ONLY}},
    }
    assert scans(by_hand(changes, [turns_up(3, "11:45"), turns_up(3, "11:50")])) == [
        scanned(0, 3, "11:45", "12:15"),
        scanned(1, 3, "13:00", "13:30"),
    ]


def test_a_scanner_on_call_at_work_when_its_session_opens_is_not_passed_over_for_a_later_one():
    """The first is free at 8:20, the second has set up at nine."""
    changes = {
        "fleet": {"scanner": {"on_call": True}, "second": SECOND | {"set_up": "1 hour"}},
        "eligibility": {"takes": {"second": EMERGENCIES_ONLY}},
    }
    assert scans(by_hand(changes, [turns_up(3, "07:50"), turns_up(3, "07:55")])) == [
        scanned(0, 3, "07:50", "08:20"),
        scanned(1, 3, "08:20", "08:50"),
    ]


def test_a_complex_emergency_goes_to_a_scanner_that_takes_complex_referrals():
    changes = {
        "demand": {"MRI": {"unscheduled": {"complex": "10 %"}}},
        "fleet": {"second": SECOND | {"opens": "09:00", "slots_per_day": "9 per day"}},
        "eligibility": {"takes": {"scanner": {"complexity": ["standard"]}}},
    }
    assert scans(by_hand(changes, [turns_up(3, "08:10", complexity=1)])) == [
        scanned(0, 3, "09:00", "09:30", "second")
    ]


def test_emergencies_go_to_the_nearest_site_and_wait_there():
    spot = {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}
    changes = {
        "places": {"Village": {"population": "9 people", "households_without_car": "0 %"} | spot},
        "sites": {"Green": {"place": "Village"} | spot},
        "fleet": {"green": SECOND | {"site": "Green", "opens": "10:00"}},
    }
    patients = [turns_up(3, "08:10", place=1), turns_up(3, "08:20"), turns_up(3, "08:25", place=1)]
    assert scans(by_hand(changes, patients)) == [
        scanned(1, 3, "08:20", "08:50"),
        scanned(0, 3, "10:00", "10:30", "green"),
        scanned(2, 3, "10:30", "11:00", "green"),
    ]


def test_who_turns_up_has_no_appointment_and_leaves_the_scan_in_the_table():
    tables = by_hand({}, [turns_up(3, "08:10")])
    assert np.isnan(tables.appointments["slot_start"]).all()
    assert np.isnan(tables.appointments["booked"]).all()
    assert tables.referrals["scanned"][0] == at(3, "08:40")
    assert tables.labels["referrals.outcome"][tables.referrals["outcome"][0]] == "scanned"


# ---- a breakdown under somebody who turned up


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("finishes", [scanned(0, 3, "09:00", "09:30"), scanned(1, 3, "09:45", "10:15")]),
        ("restarts", [scanned(0, 3, "09:00", "10:15"), scanned(1, 3, "10:15", "10:45")]),
        ("resumes", [scanned(0, 3, "09:00", "10:05"), scanned(1, 3, "10:05", "10:35")]),
        (
            "rebooked",
            [
                broken_off(0, 3, "09:00", "09:10"),
                scanned(1, 3, "09:45", "10:15"),
                scanned(0, 3, "10:15", "10:45"),
            ],
        ),
    ],
)  # fmt: skip
def test_the_scanner_fails_under_somebody_who_turned_up(rule, first):
    """Who is rebooked waits again, behind who has turned up before the failure."""
    changes = {"scanning": {"MRI": {"on_the_table": rule}}}
    down = {0: [(at(3, "09:10"), at(3, "09:45"))]}
    tables = by_hand(changes, [turns_up(3, "09:00"), turns_up(3, "09:05")], down)
    assert scans(tables) == first
    on_couch = {"finishes": 3600, "restarts": 4200, "resumes": 3600, "rebooked": 4200}[rule]
    down_seconds = 15 * 60 if rule == "finishes" else 35 * 60
    idle = 36000 - on_couch - down_seconds
    assert accounts(tables, 3) == [{"open": 36000, "used": on_couch, "down": down_seconds, "idle": idle}]


@pytest.mark.parametrize("rule", ["restarts", "resumes"])
def test_nobody_waits_on_the_table_for_a_repair_after_closing_time(rule):
    """Nobody works on a scanner at three at night that is not on call: the patient is taken at eight."""
    changes = {"scanning": {"MRI": {"on_the_table": rule}}}
    tables = by_hand(changes, [turns_up(3, "17:30")], {0: [(at(3, "17:40"), at(4, "03:00"))]})
    last = scans(tables)[-1]
    assert last[2] == "attended"
    assert last[4:] == (at(4, "08:00"), at(4, "08:30")), scans(tables)


def test_a_repair_over_the_weekend_is_over_on_monday():
    """Day 3 is a Friday. Under `restarts` nobody is at the scanner on Saturday and Sunday."""
    changes = {
        "scanning": {"MRI": {"on_the_table": "restarts"}},
        "fleet": {"scanner": {"days": ["monday", "friday"]}},
    }
    down = {0: [(at(3, "17:40"), at(5, "10:00"))]}
    tables = by_hand(changes, [*asked_for(1, 3), turns_up(3, "17:30")], down)
    booked = [row for row in scans(tables) if row[0] == 0]
    assert booked in ([scanned(0, 6, "08:00", "08:30")], [scanned(0, 6, "08:30", "09:00")]), scans(tables)


def test_a_long_scan_is_broken_off_by_a_failure_long_after_closing_time():
    """Booked patients may stay one hour after closing, emergencies longer; it fails there too."""
    down = {0: [(at(3, "20:00"), at(3, "21:00"))]}
    tables = by_hand({}, [turns_up(3, "17:50", factor=6.0)], down)
    assert scans(tables)[0] == broken_off(0, 3, "17:50", "20:00")


@pytest.mark.parametrize(
    "answer",
    [
        {"replacement": {"closes": datetime.date(2019, 1, 4), "opens": datetime.date(2019, 1, 5)}},
        {"maintenance": {"every": "1 day", "lasts": "1 day"}},
    ],
)
def test_a_scanner_on_call_takes_nobody_while_it_is_maintained_or_replaced(answer):
    changes = {"fleet": {"scanner": {"on_call": True} | answer}}
    tables = by_hand(changes, [turns_up(3, "09:00"), turns_up(3, "20:00")])
    maintained = set(tables.sessions["day"][tables.sessions["maintenance_seconds"] > 0].tolist())
    assert 3 in maintained
    worked = set(np.floor(tables.appointments["scan_start"]).astype(int).tolist())
    assert not worked & maintained, scans(tables)


@pytest.mark.parametrize("on_call", [True, False])
def test_no_second_of_a_repair_over_night_is_counted_twice(on_call):
    """Down from 17:40 to twelve on the next day, with somebody on the table: 18 hours and 20 minutes."""
    changes = {
        "scanning": {"MRI": {"on_the_table": "restarts"}},
        "fleet": {"scanner": {"on_call": on_call}},
    }
    tables = by_hand(changes, [turns_up(3, "17:30")], {0: [(at(3, "17:40"), at(4, "12:00"))]})
    down = [one.get("down", 0) for day in (3, 4) for one in accounts(tables, day)]
    assert sum(down) <= 18 * HOUR + 1200, [one for day in (3, 4) for one in accounts(tables, day)]


@pytest.mark.parametrize(("fails", "first", "second"), [
    (at(3, "23:55"), broken_off(0, 3, "23:50", "23:55"), scanned(0, 4, "01:00", "01:30")),
    (at(4, "00:05"), scanned(0, 3, "23:50", "24:20"), scanned(1, 4, "01:00", "01:30")),
])  # fmt: skip
def test_a_failure_after_midnight_breaks_off_no_scan_begun_before_it(fails, first, second):
    """Half an hour from ten to midnight; down until one. A day is worked out before anybody knows of the next."""

    def breaks_down(sim):
        yield sim.env.timeout(fails)
        sim.downtimes[0].add(fails, at(4, "01:00"))

    changes = {"fleet": {"scanner": {"on_call": True}}}
    people = [turns_up(3, "23:50"), turns_up(4, "00:01")]
    tables = by_hand(changes, people, prepare=lambda sim: sim.env.process(breaks_down(sim)))
    assert scans(tables)[:2] == [first, second]


def test_a_session_without_a_crew_on_a_scanner_on_call_leaves_its_hours_without_anybody():
    """Who is on call is so outside the sessions: who comes at nine is taken when the session is over."""
    crew = {"providers": ["Trust"], "establishment": "0 people", "sessions_per_week": "5 per week"}
    changes = {
        "fleet": {"scanner": {"on_call": True, "radiographers": "2 people"}},
        "workforce": {"crews": {"trust": crew}},
    }
    tables = by_hand(changes, [turns_up(3, "09:00"), turns_up(3, "20:00")])
    assert scans(tables) == [scanned(0, 3, "18:00", "18:30"), scanned(1, 3, "20:00", "20:30")]


def test_a_scan_over_two_midnights_is_one_scan():
    """From day 3 at noon to day 5 at noon; the law on used seconds holds on each of the days."""
    tables = by_hand(
        ON_CALL | {"demand": {"MRI": {"unscheduled": {"per_year": "0 per year"}}}},
        [turns_up(3, "12:00", factor=96.0)],
    )
    assert scans(tables) == [scanned(0, 3, "12:00", "60:00")]
