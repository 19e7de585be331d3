"""Days worked out by hand: every timestamp is written down and met exactly."""

import datetime

import pytest

from tests.unit.model.by_hand import MISSES, Patient, account, appointments, at, month_of

HOUR = 3600
SHORT_DAY = {"fleet": {"scanner": {"closes": "10:00", "slots_per_day": "2 per day"}}}
ONE_SLOT_A_DAY = {"fleet": {"scanner": {"slots_per_day": "1 per day"}}, "booking": {"horizon": "1 day"}}
MOBILE = {"kind": "mobile", "days": None, "visits": ["friday"], "set_up": "30 minutes"}


def asked_for_on_day_one(count: int) -> list[Patient]:
    """Patients whose slots are on day 3 at eight, nine, ten, and so on."""
    return [Patient(at(1, f"10:{minute:02d}")) for minute in range(count)]


def attended(patient: int, day: int, slot: str, begins: str, ends: str) -> tuple:
    return (patient, at(day, slot), "attended", "", at(day, begins), at(day, ends))


def lost(patient: int, day: int, slot: str, to: str, outcome: str = "displaced") -> tuple:
    return (patient, at(day, slot), outcome, to, None, None)


def test_patients_are_scanned_in_the_order_of_their_request_when_their_slot_comes():
    tables = month_of({}, asked_for_on_day_one(3))
    assert appointments(tables) == [
        attended(0, 3, "08:00", "08:00", "08:30"),
        attended(1, 3, "09:00", "09:00", "09:30"),
        attended(2, 3, "10:00", "10:00", "10:30"),
    ]
    assert list(tables.appointments["booked"]) == [at(2, "08:00")] * 3
    assert account(tables, 3) == {"open": 10 * HOUR, "used": 3 * HOUR // 2, "idle": 17 * HOUR // 2}
    assert account(tables, 4) == {"open": 10 * HOUR, "idle": 10 * HOUR}


def test_the_eleventh_patient_of_a_day_with_ten_slots_comes_a_day_later():
    tables = month_of({}, asked_for_on_day_one(11))
    slots = [row[1] for row in appointments(tables)]
    assert slots == [at(3, f"{hour:02d}:00") for hour in range(8, 18)] + [at(4, "08:00")]


def test_who_is_vetted_after_the_mornings_run_waits_for_the_next():
    vetting = {"vetting": {"time": {"routine": "1 day"}}}
    tables = month_of(vetting, [Patient(at(1, "07:00")), Patient(at(1, "09:00"))])
    assert list(tables.appointments["booked"]) == [at(2, "08:00"), at(3, "08:00")]


def test_a_scanner_that_fails_under_a_patient_sends_them_home_and_displaces_who_would_wait_too_long():
    tables = month_of({}, asked_for_on_day_one(5), down=[(at(3, "09:10"), at(3, "11:20"))])
    assert appointments(tables) == [
        attended(0, 3, "08:00", "08:00", "08:30"),
        (1, at(3, "09:00"), "displaced", "breakdown", at(3, "09:00"), at(3, "09:10")),
        lost(2, 3, "10:00", "breakdown"),
        attended(3, 3, "11:00", "11:20", "11:50"),
        attended(4, 3, "12:00", "12:00", "12:30"),
        attended(1, 5, "08:00", "08:00", "08:30"),
        attended(2, 5, "09:00", "09:00", "09:30"),
    ]
    used, down = 3 * 1800 + 600, 130 * 60
    assert account(tables, 3) == {"open": 36000, "used": used, "down": down, "idle": 36000 - used - down}


@pytest.mark.parametrize(("repaired", "down_minutes"), [("11:20", 110), ("09:35", 5), ("09:20", 0)])
def test_a_patient_who_may_finish_stays_on_the_couch_and_the_downtime_counts_from_then_on(
    repaired, down_minutes
):
    finishes = {"scanning": {"MRI": {"on_the_table": "finishes"}}}
    tables = month_of(finishes, asked_for_on_day_one(2), down=[(at(3, "09:10"), at(3, repaired))])
    assert appointments(tables)[1] == attended(1, 3, "09:00", "09:00", "09:30")
    found = account(tables, 3)
    assert found.pop("down", 0) == down_minutes * 60
    assert found == {"open": 36000, "used": 3600, "idle": 32400 - down_minutes * 60}


@pytest.mark.parametrize(
    ("repaired", "becomes"),
    [("09:00", attended(0, 3, "08:00", "09:00", "09:30")), ("09:01", lost(0, 3, "08:00", "breakdown"))],
)
def test_a_patient_waits_on_the_day_up_to_the_longest_wait_and_not_a_minute_longer(repaired, becomes):
    tables = month_of({}, asked_for_on_day_one(1), down=[(at(3, "07:00"), at(3, repaired))])
    assert appointments(tables)[0] == becomes


def test_lateness_is_passed_on_until_somebody_would_wait_too_long():
    patients = [Patient(at(1, f"10:0{n}"), factor=3.0 if n < 3 else 1.0) for n in range(5)]
    tables = month_of({}, patients)
    assert appointments(tables)[:5] == [
        attended(0, 3, "08:00", "08:00", "09:30"),
        attended(1, 3, "09:00", "09:30", "11:00"),
        attended(2, 3, "10:00", "11:00", "12:30"),
        lost(3, 3, "11:00", "overrun"),
        attended(4, 3, "12:00", "12:30", "13:00"),
    ]


def test_who_is_due_on_a_scanner_that_was_down_at_midnight_is_told_not_to_come():
    """Of the second failure of day 5 nobody could be told."""
    down = [(at(2, "20:00"), at(5, "09:30")), (at(5, "10:00"), at(5, "11:30"))]
    patients = [Patient(at(1, "10:00")), Patient(at(2, "10:00"))]
    patients += [Patient(at(3, f"09:0{minute}")) for minute in range(2)]
    tables = month_of({}, patients, down)
    assert appointments(tables)[:5] == [
        lost(0, 3, "08:00", "breakdown", "cancelled_by_hospital"),
        lost(1, 4, "08:00", "breakdown", "cancelled_by_hospital"),
        lost(0, 5, "08:00", "breakdown", "cancelled_by_hospital"),
        attended(2, 5, "09:00", "09:30", "10:00"),
        lost(3, 5, "10:00", "breakdown"),
    ]
    assert account(tables, 3) == account(tables, 4) == {"open": 36000, "down": 36000}


def test_a_missed_appointment_leaves_the_scanner_idle_and_the_others_on_time():
    patients = [Patient(at(1, "10:00"), comes=MISSES), Patient(at(1, "10:01"))]
    tables = month_of({"attendance": {"missed": "10 %"}}, patients)
    assert appointments(tables) == [
        (0, at(3, "08:00"), "missed", "", None, None),
        attended(1, 3, "09:00", "09:00", "09:30"),
        attended(0, 5, "08:00", "08:00", "08:30"),
    ]
    assert account(tables, 3) == {"open": 36000, "used": 1800, "idle": 34200}
    assert list(tables.referrals["attempts"]) == [2, 1]


@pytest.mark.parametrize(("rule", "starts"), [("resets", at(3, "08:00")), ("continues", at(1, "10:00"))])
def test_the_clock_starts_again_at_a_missed_appointment_where_the_rule_says_so(rule, starts):
    changes = {"attendance": {"missed": "10 %", "clock_after_missed": rule}}
    tables = month_of(changes, [Patient(at(1, "10:00"), comes=MISSES)])
    assert tables.referrals["clock_start"][0] == starts
    assert tables.referrals["referred"][0] == at(1, "10:00")


@pytest.mark.parametrize(("rule", "order"), [("end_of_list", [0, 1, 2, 0]), ("keeps_place", [0, 1, 0, 2])])
def test_who_misses_comes_before_or_after_those_asked_for_since(rule, order):
    changes = ONE_SLOT_A_DAY | {"attendance": {"missed": "10 %", "place_after_missed": rule}}
    patients = [Patient(at(1, "10:00"), comes=MISSES), Patient(at(1, "10:01")), Patient(at(2, "10:00"))]
    tables = month_of(changes, patients)
    assert [(row[0], row[1]) for row in appointments(tables)] == [
        (patient, at(day, "08:00")) for patient, day in zip(order, (3, 4, 5, 6))
    ]


@pytest.mark.parametrize(("rule", "order"), [("end_of_list", [0, 1, 2, 0]), ("keeps_place", [0, 1, 0, 2])])
def test_who_is_displaced_comes_before_or_after_those_asked_for_since(rule, order):
    changes = ONE_SLOT_A_DAY | {"scanning": {"MRI": {"place_after_displaced": rule}}}
    patients = [Patient(at(1, "10:00")), Patient(at(1, "10:01")), Patient(at(2, "10:00"))]
    tables = month_of(changes, patients, down=[(at(3, "08:00"), at(3, "12:00"))])
    assert [row[0] for row in appointments(tables)] == order


def test_nobody_is_scanned_or_booked_on_a_bank_holiday():
    """Easter 2019: Good Friday is day 18 of April, Easter Monday day 21."""
    april = {"calendar": {"start": datetime.date(2019, 4, 1)}}
    patients = [Patient(at(day, "10:00")) for day in (16, 17, 19)]
    tables = month_of(april, patients)
    assert appointments(tables) == [
        attended(0, 19, "08:00", "08:00", "08:30"),
        attended(1, 20, "08:00", "08:00", "08:30"),
        attended(2, 22, "08:00", "08:00", "08:30"),
    ]
    assert list(tables.appointments["booked"]) == [at(17, "08:00"), at(19, "08:00"), at(20, "08:00")]
    assert not {18, 21} & set(tables.sessions["day"])


@pytest.mark.parametrize(
    ("longest_wait", "first_takes", "second", "used", "overrun"),
    [
        ("90 minutes", 5.0, attended(1, 3, "09:00", "10:30", "11:00"), 180, 60),
        ("60 minutes", 5.0, lost(1, 3, "09:00", "overrun"), 150, 30),
        ("120 minutes", 5.1, lost(1, 3, "09:00", "overrun"), 153, 33),
    ],
)
def test_a_long_scan_runs_into_the_overrun_and_nobody_is_scanned_past_it(
    longest_wait, first_takes, second, used, overrun
):
    changes = SHORT_DAY | {"scanning": {"MRI": {"longest_wait_on_the_day": longest_wait}}}
    tables = month_of(changes, [Patient(at(1, "10:00"), factor=first_takes), Patient(at(1, "10:01"))])
    assert appointments(tables)[1] == second
    assert account(tables, 3) == {"open": 7200, "overrun": overrun * 60, "used": used * 60}


def test_a_mobile_sets_up_before_its_first_patient():
    tables = month_of({"fleet": {"scanner": MOBILE}}, asked_for_on_day_one(3))
    assert appointments(tables) == [
        attended(0, 3, "08:30", "08:30", "09:00"),
        attended(1, 3, "09:27", "09:27", "09:57"),
        attended(2, 3, "10:24", "10:24", "10:54"),
    ]
    assert account(tables, 3) == {"open": 36000, "set_up": 1800, "used": 5400, "idle": 28800}
    assert list(tables.sessions["day"]) == [3, 10, 17, 24]


def test_downtime_during_set_up_is_counted_once():
    down = [(at(3, "07:00"), at(3, "09:00"))]
    tables = month_of({"fleet": {"scanner": MOBILE}}, asked_for_on_day_one(1), down)
    assert appointments(tables) == [attended(0, 3, "08:30", "09:00", "09:30")]
    assert account(tables, 3) == {"open": 36000, "set_up": 1800, "down": 1800, "used": 1800, "idle": 30600}


@pytest.mark.parametrize(
    ("notice", "horizon", "slot"), [("1 day", "1 day", 3), ("3 days", "28 days", 5), ("7 days", "7 days", 9)]
)
def test_the_first_slot_offered_is_at_the_minimum_notice(notice, horizon, slot):
    changes = {"booking": {"minimum_notice": notice, "horizon": horizon}}
    tables = month_of(changes, asked_for_on_day_one(1))
    assert appointments(tables) == [attended(0, slot, "08:00", "08:00", "08:30")]


def test_a_slot_stays_bookable_until_the_minimum_notice():
    changes = {"booking": {"minimum_notice": "2 days"}}
    tables = month_of(changes, [Patient(at(1, "10:00")), Patient(at(2, "07:59")), Patient(at(2, "08:01"))])
    assert [row[1] for row in appointments(tables)] == [at(4, "08:00"), at(4, "09:00"), at(5, "08:00")]


def test_a_session_offers_nothing_beyond_the_horizon():
    changes = ONE_SLOT_A_DAY | {"booking": {"horizon": "3 days"}}
    tables = month_of(changes, asked_for_on_day_one(5))
    slots = [(row[0], row[1]) for row in appointments(tables)]
    assert slots == [(patient, at(3 + patient, "08:00")) for patient in range(5)]
    assert list(tables.referrals["booked"]) == [at(2, "08:00")] * 3 + [at(3, "08:00"), at(4, "08:00")]


def test_who_is_redirected_is_asked_for_anew_and_listed_the_morning_after_whoever_comes_later():
    """Found out on the morning of day 2; somebody else of that month is asked for on day 20."""
    vetting = {"vetting": {"redirected": "10 %", "redirected_to": {"MRI": "MRI"}}}
    tables = month_of(vetting, [Patient(at(1, "10:00"), vetted=0.0), Patient(at(20, "10:00"))])
    rows = tables.referrals
    assert list(rows["parent"]) == [-1, -1, 0]
    assert rows["booked"][2] == at(3, "08:00")


def test_who_gives_up_after_the_scan_has_been_scanned():
    """Half give up in a week; this one at 07:30 of day 3, when the scan of seven o'clock is over."""
    changes = {
        "fleet": {"scanner": {"opens": "07:00", "closes": "17:00"}},
        "booking": {"removal": [{"after": "0 days", "a_week": "50 %"}]},
    }
    waits = at(3, "07:30") - at(1, "10:00")
    tables = month_of(changes, [Patient(at(1, "10:00"), removed=1 - 0.5 ** (waits / 7))])
    assert appointments(tables) == [attended(0, 3, "07:00", "07:00", "07:30")]
