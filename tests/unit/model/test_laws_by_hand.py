"""Each law on a table of thirteen referrals written by hand: it holds, and one wrong number breaks it.

The period is days 28 to 112. Referral 0 is scanned at the first attempt, 1 at the second, 2 is booked again
after a cancellation, 3 is unscheduled, 4 is vetted still, 5 is rejected, 6 is an unscheduled patient whose scan
was broken off, 7 was removed before the period, 8 is discharged, 9 is redirected, 10 has waited since the start, 11
came unscheduled to the van and lies on its couch through two midnights, 12 was put off twice by the hospital.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import laws
from sim.model.couch import (
    ATTENDED,
    BOOKED,
    CANCELLED_BY_HOSPITAL,
    CANCELLED_BY_PATIENT,
    DISPLACED,
    MISSED,
    USES,
)
from sim.model.demand import EMERGENCY, PLANNED, ROUTINE
from sim.model.laws import LawBroken, check_laws
from sim.model.referrals import DISCHARGED, REDIRECTED, REJECTED, REMOVED_FROM_LIST, SCANNED, WAITING
from sim.model.tables import Counted, Tables

NOT = float("nan")
FIXED, VAN = 0, 1
A_SECOND = 1 / 86_400
TEN_PM, TWO_AM = 22 / 24, 2 / 24
REFERRALS = {
    "priority": [ROUTINE, ROUTINE, PLANNED, EMERGENCY, 0, 0, EMERGENCY, 0, 0, 0, ROUTINE, EMERGENCY, 0],
    "referred": [20, 30, 32, 40.45, 111, 38, 40.5, 10, 30, 100, -5, 41.9, 34],
    "listed": [20, 31, 32, 40.45, NOT, NOT, 40.5, 10, 30, NOT, -5, 41.9, 34],
    "clock_start": [20, 40.5, 32, 40.45, 111, 38, 40.5, 10, 30, 100, -5, 41.9, 34],
    "booked": [35, 41, 36, NOT, NOT, NOT, NOT, NOT, 41, NOT, NOT, NOT, 41],
    "scanned": [40.5, 45.5, NOT, 40.55, *[NOT] * 7, 43 + TWO_AM, NOT],
    "reported": [42, 50, NOT, 40.55, *[NOT] * 9],
    "re_read": [NOT, 57, *[NOT] * 11],
    "left": [NOT, NOT, NOT, NOT, NOT, 39, NOT, 20, 45.6, 105, NOT, NOT, NOT],
    "outcome": [
        SCANNED, SCANNED, WAITING, SCANNED, WAITING, REJECTED, WAITING, REMOVED_FROM_LIST, DISCHARGED, REDIRECTED,
        WAITING, SCANNED, WAITING,
    ],
}  # fmt: skip
APPOINTMENTS = [
    # referral, attempt, session, scanner, slot, booked, cancelled, outcome, complete, begin, end, seconds
    (0, 0, 3, FIXED, 40.4, 35, NOT, ATTENDED, 1, 40.4, 40.5, 8640),
    (1, 0, 3, FIXED, 40.5, 35, NOT, MISSED, 0, NOT, NOT, 0),
    (2, 0, 3, FIXED, 40.6, 33, 36, CANCELLED_BY_PATIENT, 0, NOT, NOT, 0),
    (3, 0, 3, FIXED, NOT, NOT, NOT, ATTENDED, 1, 40.5, 40.55, 4320),
    (6, 0, 3, FIXED, NOT, NOT, NOT, DISPLACED, 0, 40.6, 40.6 + 600 * A_SECOND, 600),
    (1, 1, 8, FIXED, 45.4, 41, NOT, ATTENDED, 1, 45.4, 45.5, 8640),
    (8, 0, 8, FIXED, 45.6, 41, NOT, MISSED, 0, NOT, NOT, 0),
    (2, 1, 9, FIXED, 113, 36, NOT, BOOKED, 0, NOT, NOT, 0),
    (11, 0, 4, VAN, NOT, NOT, NOT, ATTENDED, 1, 41 + TEN_PM, 43 + TWO_AM, 100_800),
    (12, 0, 4, VAN, 41.4, 35, 38, CANCELLED_BY_HOSPITAL, 0, NOT, NOT, 0),
    (12, 1, 8, FIXED, 45.7, 41, NOT, DISPLACED, 0, NOT, NOT, 0),
]
SESSIONS = [
    # session, day, scanner, bookable, booked, open, overrun, used, idle, set_up, down, maintenance
    (3, 40, FIXED, 4, 4, 36_000, 600, 13_560, 20_000, 1_040, 2_000, 0),
    (4, 41, VAN, 0, 0, 0, 7_200, 7_200, 0, 0, 0, 0),
    (5, 42, VAN, 0, 0, 0, 86_400, 86_400, 0, 0, 0, 0),
    (6, 43, VAN, 0, 0, 0, 7_200, 7_200, 0, 0, 0, 0),
    (7, 44, FIXED, 4, 0, 36_000, 0, 0, 0, 0, 0, 36_000),
    (8, 45, FIXED, 4, 3, 36_000, 0, 8_640, 27_360, 0, 0, 0),
]
COUNTED = {
    "came": 13,
    "booked": 8,
    "closed": {ATTENDED: 2, MISSED: 2, CANCELLED_BY_PATIENT: 1, CANCELLED_BY_HOSPITAL: 1, DISPLACED: 1},
    "left": {SCANNED: 2, REJECTED: 1, REDIRECTED: 1, REMOVED_FROM_LIST: 1, DISCHARGED: 1},
    "unscheduled_scans": 2,
    "broken_off": 1,
    # 0 from day 28 on, 1, 2 to the end, 4, 5, 8, 9, 10 all the time, 12; not 7, and no unscheduled patient
    "area": 12.5 + 15.5 + 80 + 1 + 1 + 15.6 + 5 + 84 + 78,
    "still": {"in vetting": 1, "listed": 2, "booked": 1, "turned up": 1},
}
POOLS = {
    "radiologists": {"sent": 3, "reported": 2, "to report": 1, "found wanting": 3, "read again": 1, "to read again": 2},
    "others": {"sent": 1, "reported": 1, "to report": 0, "found wanting": 0, "read again": 0, "to read again": 0},
}  # fmt: skip


def tables() -> Tables:
    """All of it, with nothing wrong."""
    made = [
        "referral", "attempt", "session", "scanner", "slot_start", "booked", "cancelled", "outcome", "complete",
        "scan_start", "scan_end", "couch_seconds",
    ]  # fmt: skip
    held = ["session", "day", "scanner", "bookable", "booked"]
    held += [f"{use}_seconds" for use in ("open", "overrun", "used", "idle", "set_up", "down", "maintenance")]
    sessions = dict(zip(held, map(np.array, zip(*SESSIONS))))
    nothing = {f"{use}_seconds": np.zeros(len(SESSIONS), dtype=int) for use in USES}
    counted = Counted((28, 112), **COUNTED | {"closed": [0] * 6, "left": [0] * 6})
    for name in ("closed", "left"):
        for code, count in COUNTED[name].items():
            getattr(counted, name)[code] = count
    counted.still, counted.reading = dict(COUNTED["still"]), [dict(pool) for pool in POOLS.values()]
    return Tables(
        referrals={name: np.array(column) for name, column in REFERRALS.items()},
        appointments=dict(zip(made, map(np.array, zip(*APPOINTMENTS)))),
        sessions=nothing | sessions,
        decisions={},
        labels={"scanner": ["fixed", "van"], "reader": list(POOLS)},
        counted=counted,
        clock_resets={},
    )


def with_one(table: str, column: str, row: int, value: float) -> Tables:
    """The same tables, one number in them another."""
    found = tables()
    getattr(found, table)[column][row] = value
    return found


def with_more(table: str, column: str, row: int, more: float) -> Tables:
    """The same tables, one number in them so much more."""
    found = tables()
    getattr(found, table)[column][row] += more
    return found


def counted(**instead) -> Tables:
    """The same tables, with something else counted at the events."""
    found = tables()
    for name, value in instead.items():
        setattr(found.counted, name, value)
    return found


def counted_more(what: str, key: int | str, more: int) -> Tables:
    """The same tables, with so many more counted under a key."""
    found = tables()
    getattr(found.counted, what)[key] += more
    return found


def is_broken(law, made: Tables, says: str) -> None:
    """One law is broken and says so; and whoever checks all of them is told."""
    with pytest.raises(LawBroken, match=says):
        law(made)
    with pytest.raises(LawBroken):
        check_laws(made)


def test_every_law_holds():
    check_laws(tables())


# ---- seconds


@pytest.mark.parametrize("column", ["open", "overrun", *USES])
@pytest.mark.parametrize(("row", "session"), [(0, 3), (5, 8)])
def test_a_second_that_nothing_accounts_for_is_seen_in_its_session(column, row, session):
    made = with_more("sessions", f"{column}_seconds", row, 1)
    is_broken(laws.seconds_add_up, made, f"seconds of session {session} do not add up")


def test_of_several_sessions_the_first_that_is_wrong_is_named():
    made = with_more("sessions", "idle_seconds", 1, 1)
    made.sessions["idle_seconds"][5] += 1
    is_broken(laws.seconds_add_up, made, "seconds of session 4 do not add up")


def test_less_than_no_time_is_seen():
    made = with_more("sessions", "no_tracer_seconds", 5, -1)
    made.sessions["idle_seconds"][5] += 1
    is_broken(laws.seconds_add_up, made, r"negative seconds of \['no_tracer'\]")


@pytest.mark.parametrize(
    ("by_row", "day"),
    [
        ({0: -1}, 40),
        ({0: 1}, 40),
        ({5: -1}, 45),
        ({5: 1}, 45),
        ({1: -1, 3: 1}, 41),  # the van's patient lies on it for two hours, a day and two hours: no other way
        ({2: -1, 3: 1}, 42),
        ({3: -1}, 43),
        ({3: 1}, 43),
        ({0: -1, 1: 1}, 40),  # what one scanner did not do the other did
        ({0: -1, 5: 1}, 40),
    ],
)
def test_a_scanner_is_used_while_its_patients_are_on_the_couch(by_row, day):
    made = tables()
    for row, more in by_row.items():
        made.sessions["used_seconds"][row] += more
    is_broken(laws.used_seconds_are_scans, made, f"do not fill the used time of day {day}$")


def test_who_lies_on_the_couch_when_the_run_ends_is_counted_up_to_its_last_midnight():
    """The van's patient lies there beyond the last day of which the sessions are known."""
    made = tables()
    made.sessions = {name: column[:3] for name, column in made.sessions.items()}
    gone = made.appointments["session"] == 8
    made.appointments = {name: column[~gone] for name, column in made.appointments.items()}
    laws.used_seconds_are_scans(made)


def test_without_a_session_or_a_patient_no_time_is_wrong():
    made = tables()
    made.sessions = {name: column[:0] for name, column in made.sessions.items()}
    made.appointments = {name: column[:0] for name, column in made.appointments.items()}
    laws.seconds_add_up(made)
    laws.used_seconds_are_scans(made)


# ---- appointments


@pytest.mark.parametrize("booked", [7, 9])
def test_an_appointment_lost_or_doubled_is_seen(booked):
    is_broken(laws.appointments_add_up, counted(booked=booked), "an appointment was lost or doubled")


@pytest.mark.parametrize("more", [-1, 1])
@pytest.mark.parametrize(
    ("outcome", "named"),
    [
        (ATTENDED, "attended"),
        (MISSED, "missed"),
        (CANCELLED_BY_PATIENT, "cancelled_by_patient"),
        (CANCELLED_BY_HOSPITAL, "cancelled_by_hospital"),
        (DISPLACED, "displaced"),
    ],
)
def test_an_outcome_counted_more_or_less_often_than_there_are_rows_is_seen(outcome, named, more):
    made = counted_more("closed", outcome, more)
    is_broken(laws.appointments_add_up, made, f"^{named}: rows and events differ")


@pytest.mark.parametrize("more", [-1, 1])
def test_who_is_still_to_come_is_who_was_booked_and_not_yet_closed(more):
    made = counted_more("closed", BOOKED, more)
    is_broken(laws.appointments_add_up, made, "appointments still to come do not add up")


@pytest.mark.parametrize(
    "instead", [{"unscheduled_scans": 1}, {"unscheduled_scans": 3}, {"broken_off": 0}, {"broken_off": 2}]
)
def test_an_unscheduled_scan_too_many_or_too_few_is_seen(instead):
    is_broken(laws.appointments_add_up, counted(**instead), "unscheduled scans: rows and events differ")


# ---- referrals


@pytest.mark.parametrize("came", [12, 14])
def test_a_referral_lost_or_doubled_at_the_door_is_seen(came):
    is_broken(laws.referrals_add_up, counted(came=came), "a referral was lost or doubled at the door")


@pytest.mark.parametrize("more", [-1, 1])
@pytest.mark.parametrize("outcome", [SCANNED, REJECTED, REDIRECTED, REMOVED_FROM_LIST, DISCHARGED])
def test_who_left_and_is_not_counted_or_counted_twice_is_seen(outcome, more):
    is_broken(laws.referrals_add_up, counted_more("left", outcome, more), "referrals do not add up")


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        (REJECTED, SCANNED, "scanned"),
        (REDIRECTED, REJECTED, "rejected"),
        (DISCHARGED, REDIRECTED, "redirected"),
        (DISCHARGED, REMOVED_FROM_LIST, "removed"),
    ],
)
def test_who_left_in_one_way_and_is_counted_in_another_is_seen(one, other, named):
    made = counted_more("left", one, -1)
    made.counted.left[other] += 1
    is_broken(laws.referrals_add_up, made, f"^{named}: rows and events differ")


@pytest.mark.parametrize("where", ["in vetting", "listed", "booked", "turned up"])
@pytest.mark.parametrize("more", [-1, 1])
def test_who_waits_is_kept_somewhere_and_once(where, more):
    made = counted_more("still", where, more)
    is_broken(laws.referrals_add_up, made, f"5 rows wait, {5 + more} are in vetting, on the list, booked")


@pytest.mark.parametrize(("appointment", "complete"), [(0, 0), (1, 1), (3, 0), (4, 1), (8, 0)])
def test_who_was_scanned_has_one_complete_scan_and_nobody_else_has_any(appointment, complete):
    made = with_one("appointments", "complete", appointment, complete)
    is_broken(laws.referrals_add_up, made, "a referral was scanned twice, or never")


# ---- bookings


@pytest.mark.parametrize("attempt", [0, 2])
def test_attempts_that_are_not_numbered_one_by_one_are_seen(attempt):
    made = with_one("appointments", "attempt", 5, attempt)
    is_broken(laws.one_booking_at_a_time, made, "attempts are not numbered one by one")


@pytest.mark.parametrize(
    ("appointment", "over"),
    [(5, 40.5), (7, 36), (10, 38)],  # after one that was missed, and after one that was cancelled early
)
def test_nobody_is_booked_again_before_the_appointment_before_is_over(appointment, over):
    laws.one_booking_at_a_time(with_one("appointments", "booked", appointment, over))
    made = with_one("appointments", "booked", appointment, over - A_SECOND)
    is_broken(laws.one_booking_at_a_time, made, "somebody was booked again before the appointment before it")


# ---- the area under the list


@pytest.mark.parametrize("gap", [-0.5, -1e-6, 1e-6, 0.5])
def test_half_a_referral_day_more_or_less_under_the_list_is_seen(gap):
    made = counted(area=COUNTED["area"] + gap)
    is_broken(laws.little, made, "area .* under the list, 292.6.* in the rows")


def test_of_a_list_of_nobody_the_area_is_nothing():
    made = with_one("referrals", "priority", slice(None), EMERGENCY)
    made.counted.area = 0.0
    laws.little(made)
    made.counted.area = 0.5
    with pytest.raises(LawBroken, match=r"area 0\.5 under the list, 0\.0 in the rows"):
        laws.little(made)


@pytest.mark.parametrize(
    ("column", "row", "value"),
    [("left", 5, 39.5), ("scanned", 1, 46), ("referred", 8, 30.5), ("left", 4, 111.5)],
)
def test_half_a_day_of_one_referral_is_seen_too(column, row, value):
    is_broken(
        laws.little, with_one("referrals", column, row, value), "area .* under the list, .* in the rows"
    )


@pytest.mark.parametrize(
    ("column", "row", "value"),
    [("referred", 10, 28), ("left", 7, 28), ("scanned", 3, 45), ("left", 4, 113)],
)
def test_what_lies_outside_the_period_or_is_on_no_list_has_no_area(column, row, value):
    laws.little(with_one("referrals", column, row, value))


# ---- the couch


def test_two_patients_on_one_couch_are_seen_and_one_after_the_other_are_not():
    """Appointments 0 and 3 stand one behind the other, without a second between them."""
    made = with_one("appointments", "scan_start", 3, 40.5 - A_SECOND)
    is_broken(laws.one_patient_on_a_couch, made, "two patients were on one couch")
    made.appointments["scanner"][0] = VAN
    laws.one_patient_on_a_couch(made)


def test_two_patients_who_begin_apart_and_overlap_by_half_a_day_are_seen():
    made = with_one("appointments", "scan_end", 8, 46)
    made.appointments["scanner"][8] = FIXED
    is_broken(laws.one_patient_on_a_couch, made, "two patients were on one couch")


def test_as_many_bookings_as_slots_are_right_and_one_more_is_not():
    """In the first session there are as many."""
    made = with_more("sessions", "booked", 0, 1)
    is_broken(laws.one_patient_on_a_couch, made, "more bookings than slots")


# ---- the order of time


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        ("referred", "listed", 1),
        ("listed", "booked", 2),
        ("booked", "scanned", 1),
        ("scanned", "reported", 0),
        ("reported", "re_read", 1),
        ("clock_start", "scanned", 1),
        ("referred", "left", 5),
    ],
)
def test_what_comes_before_may_come_at_the_same_moment_and_not_after(before, after, row):
    at = REFERRALS[after][row]
    laws.clock_goes_forward(with_one("referrals", before, row, at))
    made = with_one("referrals", before, row, at + A_SECOND)
    is_broken(laws.clock_goes_forward, made, f"^{after} comes before {before}$")


def test_no_scan_begins_before_its_slot():
    made = with_one("appointments", "scan_start", 5, 45.4 - A_SECOND)
    is_broken(laws.clock_goes_forward, made, "a scan before its slot")


def test_a_slot_may_be_booked_up_to_its_beginning():
    """Also one that was missed."""
    laws.clock_goes_forward(with_one("appointments", "booked", 6, 45.6))
    made = with_one("appointments", "booked", 6, 45.6 + A_SECOND)
    is_broken(laws.clock_goes_forward, made, "a slot booked after it began")


@pytest.mark.parametrize(("at", "wrong"), [(33, -A_SECOND), (40.6, A_SECOND)])
def test_a_cancellation_lies_between_booking_and_slot(at, wrong):
    laws.clock_goes_forward(with_one("appointments", "cancelled", 2, at))
    made = with_one("appointments", "cancelled", 2, at + wrong)
    is_broken(laws.clock_goes_forward, made, "a cancellation before its booking or after its slot")


@pytest.mark.parametrize("outcome", [BOOKED, ATTENDED, MISSED, DISPLACED])
@pytest.mark.parametrize("appointment", [2, 9])
def test_what_was_cancelled_early_was_cancelled(appointment, outcome):
    made = with_one("appointments", "outcome", appointment, outcome)
    is_broken(laws.clock_goes_forward, made, "an appointment cancelled early came about")


# ---- reports


@pytest.mark.parametrize("more", [-1, 1])
@pytest.mark.parametrize(("pool", "named"), [*enumerate(POOLS)])
def test_each_pools_scans_are_reported_or_still_to_report(pool, named, more):
    made = tables()
    made.counted.reading[pool]["to report"] += more
    is_broken(laws.reports_add_up, made, f"^{named}: . scans sent, . reported or to report")


@pytest.mark.parametrize("more", [-1, 1])
@pytest.mark.parametrize(("pool", "named"), [*enumerate(POOLS)])
def test_each_pools_scans_found_wanting_are_read_again_or_still_to_be(pool, named, more):
    made = tables()
    made.counted.reading[pool]["to read again"] += more
    is_broken(laws.reports_add_up, made, f"^{named}: second readings do not add up")


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        (("sent", "to report"), "5 scans counted as sent, 4 rows are scanned"),
        (("reported", "sent"), "4 scans counted as reported, 3 rows are reported|5 scans counted as sent"),
        (("read again", "found wanting"), "2 scans counted as read again, 1 rows are re_read"),
    ],
)
def test_the_pools_together_have_what_the_rows_have(counts, says):
    made = tables()
    for what in counts:
        made.counted.reading[0][what] += 1
    is_broken(laws.reports_add_up, made, says)


def test_a_report_too_many_in_the_rows_is_seen():
    made = with_one("referrals", "reported", 11, 50)
    is_broken(laws.reports_add_up, made, "3 scans counted as reported, 4 rows are reported")
