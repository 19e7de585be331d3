"""Slots: notice and horizon, cancelled ones, held back, overbooked, side by side, evenings. By hand."""

import datetime

import numpy as np
import pytest

from sim.model.demand import PLANNED, ROUTINE, URGENT
from tests.unit.model.by_hand import appointments, at
from tests.unit.model.list_by_hand import (
    ONE_A_DAY,
    PLANNED_TOO,
    Person,
    Try,
    Waits,
    bands,
    booked,
    column,
    month,
    opening,
    order,
)

HOUR = 3600
WHOLE_WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
CANCELS, MISSES = Try(cancels=0.05), Try(misses=0.05)
SOME_CANCEL = {"cancelled_by_patient": "10 %"}
"""Whose uniform is 0.05 cancels when half the time between booking and slot is over."""
HALF_WAY = at(1, "08:00") + (at(5, "08:00") - at(1, "08:00")) * 0.05 / 0.1
"""Between day 1 and day 5, at eight: day 3 at eight, to the last bit."""


def scanner(**changes) -> dict:
    return {"fleet": {"scanner": changes}}


def slots(tables) -> list[tuple[int, float]]:
    """(referral, slot), in order of the slots."""
    return [(who, slot) for who, _, slot in booked(tables)]


def attended(who: int, day: int, slot: str, begins: str, ends: str) -> tuple:
    return (who, at(day, slot), "attended", "", at(day, begins), at(day, ends))


def asked_on_day_0(count: int, **one) -> list[Person]:
    return [Person(at(0, f"10:{minute:02d}"), **one) for minute in range(count)]


# ---- minimum notice and horizon


@pytest.mark.parametrize(
    ("clock", "slot"),
    [
        ("07:00", at(1, "08:00")),
        ("08:00", at(1, "08:00")),
        ("08:01", at(2, "08:00")),
        ("17:00", at(2, "08:00")),
    ],
)
def test_without_notice_and_horizon_the_clerk_gives_todays_slots_to_who_came_before_eight(clock, slot):
    same_day = {"booking": {"minimum_notice": "0 days", "horizon": "0 days"}}
    tables = month(same_day, [Person(at(1, clock))])
    assert booked(tables) == [(0, slot, slot)]
    assert column(tables, "scanned") == [at(int(slot), "08:30")]


def test_without_notice_no_slot_is_booked_that_has_begun():
    """Slots at six, seven, eight and nine, the clerk at eight: the third comes a day later."""
    same_day = {"booking": {"minimum_notice": "0 days", "horizon": "0 days"}}
    early = scanner(opens="06:00", closes="10:00", slots_per_day="4 per day")
    tables = month(same_day | early, asked_on_day_0(3))
    assert booked(tables) == [
        (0, at(1, "08:00"), at(1, "08:00")),
        (1, at(1, "08:00"), at(1, "09:00")),
        (2, at(2, "08:00"), at(2, "08:00")),
    ]


def test_a_clerk_who_works_monday_to_friday_books_on_friday_for_the_weekend_and_on_monday_again():
    """Day 0 is a Friday: who asks that morning has Saturday's first slot, who asks later waits for Monday."""
    weekdays = {"booking": {"clerk_days": WHOLE_WEEK[:5]}}
    tables = month(weekdays, [Person(at(0, "07:00")), Person(at(0, "09:00")), Person(at(2, "09:00"))])
    assert booked(tables) == [
        (0, at(0, "08:00"), at(1, "08:00")),
        (1, at(3, "08:00"), at(4, "08:00")),
        (2, at(3, "08:00"), at(4, "09:00")),
    ]


def test_notice_counts_dates_and_not_hours():
    """Two days' notice on day 1 at eight: day 3 from its first slot on, though that is at six."""
    early = scanner(opens="06:00", closes="16:00")
    tables = month({"booking": {"minimum_notice": "2 days"}} | early, asked_on_day_0(1))
    assert booked(tables) == [(0, at(1, "08:00"), at(3, "06:00"))]


# ---- cancelled by the patient


def test_a_slot_that_is_cancelled_goes_to_the_next_on_the_list_the_next_morning():
    """Booked on day 1 at eight for day 5 at eight, cancelled half-way: day 3 at eight, and booked again then.

    Two slots a day on Wednesdays (days 5, 12, ...); the third has a slot of day 5 instead of day 12, and
    who cancelled joins behind and gets day 12.
    """
    wednesdays = scanner(days=["wednesday"], slots_per_day="2 per day")
    changes = {"attendance": SOME_CANCEL, "booking": {"horizon": "5 days"}} | wednesdays
    people = [Person(at(0, "10:00"), (CANCELS, Try())), *asked_on_day_0(3)[1:]]
    tables = month(changes, people)
    assert appointments(tables) == [
        (0, at(5, "08:00"), "cancelled_by_patient", "", None, None),
        attended(2, 5, "08:00", "08:00", "08:30"),
        attended(1, 5, "13:00", "13:00", "13:30"),
        attended(0, 12, "08:00", "08:00", "08:30"),
    ]
    made = tables.appointments
    assert made["cancelled"][made["outcome"] == 3].tolist() == [HALF_WAY]
    assert sorted(made["booked"].tolist()) == [at(1, "08:00")] * 2 + [at(3, "08:00"), at(7, "08:00")]


@pytest.mark.parametrize("u", [0.02, 0.05, 0.08])
def test_who_cancels_does_so_evenly_between_the_booking_and_the_slot(u):
    """Booked on day 1 at eight for day 5 at eight, where one in ten cancels."""
    changes = {"attendance": SOME_CANCEL, "booking": {"minimum_notice": "4 days"}}
    made = month(changes, [Person(at(0, "10:00"), (Try(cancels=u),))]).appointments
    assert made["slot_start"][0] == at(5, "08:00")
    assert made["cancelled"][0] == at(1, "08:00") + (at(5, "08:00") - at(1, "08:00")) * u / 0.1


def test_a_slot_cancelled_inside_the_notice_stays_empty():
    """Cancelled on day 1 at eight in the evening for the next morning: nobody else can be given it."""
    changes = ONE_A_DAY | {"attendance": SOME_CANCEL}
    people = [Person(at(0, "10:00"), (CANCELS, Try())), Person(at(0, "10:01"))]
    tables = month(changes, people)
    assert appointments(tables) == [
        (0, at(2, "08:00"), "cancelled_by_patient", "", None, None),
        attended(1, 3, "08:00", "08:00", "08:30"),
        attended(0, 4, "08:00", "08:00", "08:30"),
    ]


@pytest.mark.parametrize(("rule", "who"), [("end_of_list", [0, 1, 2, 0]), ("keeps_place", [0, 1, 0, 2])])
def test_who_cancels_comes_before_or_after_those_asked_for_since(rule, who):
    changes = ONE_A_DAY | {"attendance": SOME_CANCEL | {"place_after_cancelled": rule}}
    people = [Person(at(0, "10:00"), (CANCELS, Try())), Person(at(0, "10:01")), Person(at(1, "10:00"))]
    tables = month(changes, people)
    assert slots(tables) == [(one, at(day, "08:00")) for one, day in zip(who, (2, 3, 4, 5))]


@pytest.mark.parametrize(("rule", "starts"), [("resets", HALF_WAY), ("continues", at(0, "10:00"))])
def test_the_clock_starts_again_when_the_patient_cancels_where_the_rule_says_so(rule, starts):
    """Booked on day 1 for day 5, cancelled half-way."""
    attendance = SOME_CANCEL | {"clock_after_cancelled": rule}
    changes = {"attendance": attendance, "booking": {"minimum_notice": "4 days"}}
    tables = month(changes, [Person(at(0, "10:00"), (CANCELS, Try()))])
    assert column(tables, "clock_start") == [starts]
    assert column(tables, "referred") == [at(0, "10:00")]


@pytest.mark.parametrize(("u", "hours"), [(0.05, 14.5), (0.09, 26.1)])
def test_the_clock_starts_again_when_the_patient_cancels_also_when_the_slot_is_lost(u, hours):
    """Booked on day 1 at eight for day 2 at one, 29 hours later; half-way is before the clerk's last run,
    nine tenths of the way, shortly after ten on the day, is after it."""
    attendance = SOME_CANCEL | {"clock_after_cancelled": "resets"}
    one = scanner(opens="13:00", closes="18:00")
    tables = month({"attendance": attendance} | one, [Person(at(0, "10:00"), (Try(cancels=u), Try()))])
    assert column(tables, "clock_start") == [pytest.approx(at(1, "08:00") + hours / 24, abs=1e-9)]


def test_the_share_of_cancelled_appointments_comes_about():
    """About 3,500 appointments: 3.5 standard errors are 1.8 points. A share of 12 % instead of 10 % is seen in
    two of three runs, 13 % in 98 of 100."""
    changes = {"calendar": {"years": "2 years"}, "demand": {"MRI": {"per_year": "1600 per year"}}}
    made = month(changes | {"attendance": SOME_CANCEL}).appointments
    over = made["outcome"] > 0
    share = np.mean(made["outcome"][over] == 3)
    assert abs(share - 0.1) <= 3.5 * np.sqrt(0.1 * 0.9 / over.sum())


# ---- slots that were cancelled are refilled at short notice

SHORT, NOT_SHORT = 0.1, 0.9
REFILLING = {
    "booking": {"minimum_notice": "4 days", "horizon": "4 days", "short_notice": "30 %"},
    "attendance": SOME_CANCEL,
} | scanner(slots_per_day="1 per day")


def ten_of_whom_one_cancels() -> list[Person]:
    """Booked on days 1, 2, 3 ... for days 5, 6, 7 ...; the fourth, booked on day 4 for day 8, cancels on day
    6 before the clerk comes, when day 8 is inside the notice."""
    people = asked_on_day_0(10, short_notice=NOT_SHORT)
    people[3] = people[3]._replace(tries=(Try(cancels=0.045), Try()))
    return people


def test_a_slot_cancelled_inside_the_notice_goes_to_the_next_who_comes_at_short_notice():
    """Five are before them on the list, who do not come so soon."""
    soon = [Person(at(5, f"12:0{n}"), short_notice=SHORT) for n in range(2)]
    tables = month(REFILLING, [*ten_of_whom_one_cancels(), *soon])
    refilled = (10, at(6, "08:00"), at(8, "08:00"))
    expected = [(who, at(1 + who, "08:00"), at(5 + who, "08:00")) for who in range(10)]
    expected[4:4] = [refilled]
    expected += [(11, at(11, "08:00"), at(15, "08:00")), (3, at(12, "08:00"), at(16, "08:00"))]
    assert booked(tables) == expected


def test_a_slot_cancelled_inside_the_notice_stays_empty_where_nobody_comes_at_short_notice():
    tables = month(REFILLING, ten_of_whom_one_cancels())
    expected = [(who, at(1 + who, "08:00"), at(5 + who, "08:00")) for who in range(10)]
    assert booked(tables) == [*expected, (3, at(11, "08:00"), at(15, "08:00"))]


def test_the_most_urgent_of_those_who_come_at_short_notice_is_asked_first():
    """The first of the urgent has the day that is open to all, day 10; of the others only the last comes
    sooner. The routine patient who would come sooner waits."""
    later = [
        Person(at(5, "12:00"), short_notice=SHORT),
        *(
            Person(at(5, f"12:0{n}"), priority=URGENT, short_notice=u)
            for n, u in ((1, SHORT), (2, NOT_SHORT), (3, SHORT))
        ),
    ]
    tables = month(REFILLING, [*ten_of_whom_one_cancels(), *later])
    found = booked(tables)
    assert (13, at(6, "08:00"), at(8, "08:00")) in found
    assert (11, at(6, "08:00"), at(10, "08:00")) in found
    assert (12, at(7, "08:00"), at(11, "08:00")) in found


# ---- held-back slots

HELD = {"booking": {"hold_back": "50 %", "release": "2 days", "horizon": "7 days"}} | scanner(
    slots_per_day="4 per day"
)


@pytest.mark.parametrize("priority", [ROUTINE, PLANNED])
def test_held_back_slots_are_given_to_planned_and_routine_referrals_from_their_release_on(priority):
    """Half of four slots, at 8:00, 10:30, 13:00 and 15:30, of Tuesday, day 4, which is released on day 2, and
    of Saturday, day 8."""
    closed = scanner(slots_per_day="4 per day", days=["tuesday", "saturday"])
    tables = month(HELD | PLANNED_TOO | closed, asked_on_day_0(5, priority=priority))
    assert booked(tables) == [
        (0, at(1, "08:00"), at(4, "08:00")),
        (1, at(1, "08:00"), at(4, "10:30")),
        (4, at(2, "08:00"), at(4, "13:00")),
        (2, at(1, "08:00"), at(8, "08:00")),
        (3, at(1, "08:00"), at(8, "10:30")),
    ]


def test_urgent_referrals_have_held_back_slots_before_the_release():
    closed = scanner(slots_per_day="4 per day", days=["tuesday", "saturday"])
    people = [*asked_on_day_0(3), *(Person(at(0, f"11:0{n}"), priority=URGENT) for n in range(4))]
    tables = month(HELD | closed, people)
    assert booked(tables) == [
        *((who, at(1, "08:00"), at(4, slot)) for who, slot in zip((3, 4, 5, 6), FOUR_SLOTS)),
        *((who, at(1, "08:00"), at(8, slot)) for who, slot in zip((0, 1), FOUR_SLOTS)),
        (2, at(4, "08:00"), at(11, "08:00")),
    ]


FOUR_SLOTS = ("08:00", "10:30", "13:00", "15:30")


def test_planned_and_routine_referrals_share_what_is_not_held_back():
    closed = scanner(slots_per_day="4 per day", days=["tuesday", "saturday"])
    people = [*asked_on_day_0(2), *asked_on_day_0(1, priority=PLANNED)]
    tables = month(HELD | PLANNED_TOO | closed, people)
    priority = tables.referrals["priority"]
    assert [(int(priority[who]), slot) for who, slot in slots(tables)] == [
        (PLANNED, at(4, "08:00")),
        (ROUTINE, at(4, "10:30")),
        (ROUTINE, at(8, "08:00")),
    ]


def test_a_routine_booking_that_is_cancelled_frees_its_part_of_what_is_not_held_back():
    """Day 8's two open slots are full; one is cancelled on day 2, and the next routine referral has it."""
    closed = scanner(slots_per_day="4 per day", days=["saturday"])
    u = 0.1 * 24 / (7 * 24)
    people = [Person(at(0, "10:00"), (Try(cancels=u), Try())), *asked_on_day_0(3)[1:]]
    tables = month(HELD | closed | {"attendance": SOME_CANCEL}, people)
    assert booked(tables)[:3] == [
        (0, at(1, "08:00"), at(8, "08:00")),
        (2, at(2, "08:00"), at(8, "08:00")),
        (1, at(1, "08:00"), at(8, "10:30")),
    ]


# ---- overbooking


def test_of_two_with_one_time_the_second_is_scanned_after_the_first():
    """Half as many again for two slots, five hours apart: the second time is given twice."""
    changes = {"booking": {"overbooking": "50 %", "horizon": "1 day"}} | scanner(slots_per_day="2 per day")
    tables = month(changes, asked_on_day_0(4))
    assert appointments(tables) == [
        attended(0, 2, "08:00", "08:00", "08:30"),
        attended(1, 2, "13:00", "13:00", "13:30"),
        attended(2, 2, "13:00", "13:30", "14:00"),
        attended(3, 3, "08:00", "08:00", "08:30"),
    ]
    day = tables.sessions["day"] == 2
    found = {
        name: int(tables.sessions[name][day][0]) for name in ("slots", "bookable", "booked", "used_seconds")
    }
    assert found == {"slots": 2, "bookable": 3, "booked": 3, "used_seconds": 3 * 1800}


def test_who_shares_a_time_with_somebody_who_does_not_come_is_scanned_at_once():
    changes = {"booking": {"overbooking": "50 %", "horizon": "1 day"}} | scanner(slots_per_day="2 per day")
    people = [Person(at(0, "10:00")), Person(at(0, "10:01"), (MISSES, Try())), Person(at(0, "10:02"))]
    tables = month(changes | {"attendance": {"missed": "10 %"}}, people)
    assert appointments(tables)[:3] == [
        attended(0, 2, "08:00", "08:00", "08:30"),
        (1, at(2, "13:00"), "missed", "", None, None),
        attended(2, 2, "13:00", "13:00", "13:30"),
    ]


def test_two_with_one_time_where_the_second_would_wait_too_long():
    """Nobody waits longer than twenty minutes, and a scan takes thirty."""
    changes = {"booking": {"overbooking": "50 %", "horizon": "1 day"}} | scanner(slots_per_day="2 per day")
    changes |= {"scanning": {"MRI": {"longest_wait_on_the_day": "20 minutes"}}}
    tables = month(changes, asked_on_day_0(3))
    assert appointments(tables)[2] == (2, at(2, "13:00"), "displaced", "overrun", None, None)
    assert appointments(tables)[3] == attended(2, 4, "08:00", "08:00", "08:30")


# ---- complex referrals that need more than one slot

DOUBLE = {
    "demand": {"MRI": {"complex": "50 %"}},
    "scanning": {"MRI": {"slots_if_complex": 2, "couch_time_complex": "90 minutes"}},
    "booking": {"horizon": "1 day"},
} | scanner(closes="12:00", slots_per_day="4 per day")
COMPLEX = {"complexity": 1}


def test_a_complex_referral_has_two_slots_side_by_side_and_lies_in_both():
    people = [
        Person(at(0, "10:00"), **COMPLEX),
        Person(at(0, "10:01")),
        Person(at(0, "10:02")),
        Person(at(0, "10:03")),
    ]
    tables = month(DOUBLE, people)
    assert appointments(tables) == [
        attended(0, 2, "08:00", "08:00", "09:30"),
        attended(1, 2, "10:00", "10:00", "10:30"),
        attended(2, 2, "11:00", "11:00", "11:30"),
        attended(3, 3, "08:00", "08:00", "08:30"),
    ]
    day = tables.sessions["day"] == 2
    assert (int(tables.sessions["booked"][day][0]), int(tables.sessions["bookable"][day][0])) == (4, 4)


def test_a_complex_referral_for_whom_one_slot_is_left_is_passed_over_and_comes_first_the_next_day():
    people = [
        *asked_on_day_0(3),
        Person(at(0, "11:00"), **COMPLEX),
        Person(at(0, "12:00")),
        Person(at(0, "12:01")),
    ]
    tables = month(DOUBLE, people)
    assert slots(tables) == [
        (0, at(2, "08:00")),
        (1, at(2, "09:00")),
        (2, at(2, "10:00")),
        (4, at(2, "11:00")),
        (3, at(3, "08:00")),
        (5, at(3, "10:00")),
    ]


def test_both_slots_of_a_complex_referral_who_cancels_are_free_again():
    """Thursday, day 6, was booked on day 1; cancelled half-way, its first two slots go to two others."""
    changes = DOUBLE | {"booking": {"horizon": "6 days"}, "attendance": SOME_CANCEL}
    changes |= scanner(closes="12:00", slots_per_day="4 per day", days=["thursday"])
    people = [Person(at(0, "10:00"), (CANCELS, Try()), **COMPLEX), *asked_on_day_0(6)[1:]]
    assert booked(month(changes, people)) == [
        (0, at(1, "08:00"), at(6, "08:00")),
        (3, at(4, "08:00"), at(6, "08:00")),
        (4, at(4, "08:00"), at(6, "09:00")),
        (1, at(1, "08:00"), at(6, "10:00")),
        (2, at(1, "08:00"), at(6, "11:00")),
        (5, at(7, "08:00"), at(13, "08:00")),
        (0, at(7, "08:00"), at(13, "09:00")),
    ]


def test_where_no_two_free_slots_are_side_by_side_a_complex_referral_has_the_first_and_another():
    """Nine and eleven o'clock of day 6 come free. A complex referral lies from nine to half past ten, so that
    who has ten o'clock waits half an hour."""
    changes = DOUBLE | {"attendance": SOME_CANCEL, "booking": {"horizon": "6 days"}}
    changes |= scanner(closes="12:00", slots_per_day="4 per day", days=["thursday"])
    cancels = (Try(cancels=0.04), Try())
    people = [
        Person(at(0, "10:00")),
        Person(at(0, "10:01"), cancels),
        Person(at(0, "10:02")),
        Person(at(0, "10:03"), cancels),
        Person(at(0, "10:04"), **COMPLEX),
    ]
    tables = month(changes, people)
    assert [row for row in appointments(tables) if row[2] == "attended"][:3] == [
        attended(0, 6, "08:00", "08:00", "08:30"),
        attended(4, 6, "09:00", "09:00", "10:30"),
        attended(2, 6, "10:00", "10:30", "11:00"),
    ]
    day = tables.sessions["day"] == 6
    assert int(tables.sessions["booked"][day][0]) == 4


def test_a_complex_referral_may_not_use_a_held_back_slot_as_its_second():
    """Three of Sunday's four slots are open to routine referrals: enough for one of two, until day 1."""
    changes = DOUBLE | {"booking": {"hold_back": "25 %", "release": "1 day", "horizon": "2 days"}}
    changes |= scanner(closes="12:00", slots_per_day="4 per day", days=["sunday"])
    people = [Person(at(0, f"06:0{n}"), **COMPLEX) for n in range(2)]
    tables = month(changes, people)
    assert booked(tables) == [
        (0, at(0, "08:00"), at(2, "08:00")),
        (1, at(1, "08:00"), at(2, "10:00")),
    ]


# ---- more sessions, bank holidays, slot length


EVENING = {"days": ["monday", "wednesday"], "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day"}


def test_an_evening_is_filled_after_the_day_and_before_the_next():
    """Day 3 is a Monday: one slot by day, two in the evening, then Tuesday's."""
    changes = scanner(slots_per_day="1 per day", days=WHOLE_WEEK[:5], more_sessions={"evening": EVENING})
    tables = month(changes, asked_on_day_0(5))
    assert appointments(tables) == [
        attended(0, 3, "08:00", "08:00", "08:30"),
        attended(1, 3, "18:00", "18:00", "18:30"),
        attended(2, 3, "19:00", "19:00", "19:30"),
        attended(3, 4, "08:00", "08:00", "08:30"),
        attended(4, 5, "08:00", "08:00", "08:30"),
    ]
    monday = tables.sessions["day"] == 3
    assert tables.sessions["open_seconds"][monday].tolist() == [10 * HOUR, 2 * HOUR]
    assert tables.sessions["used_seconds"][monday].tolist() == [1800, 3600]


def test_an_evening_has_slots_of_its_own_length():
    """Four in three hours after half an hour to set up: 37 and a half minutes each."""
    evening = EVENING | {"closes": "21:00", "set_up": "30 minutes", "slots_per_day": "4 per day"}
    changes = scanner(slots_per_day="1 per day", days=["friday"], more_sessions={"evening": evening})
    tables = month(changes, asked_on_day_0(4))
    begins = [at(3, "18:30"), at(3, "19:07") + 30 / 86400, at(3, "19:45"), at(3, "20:22") + 30 / 86400]
    assert [slot for _, slot in slots(tables)] == pytest.approx(begins, abs=1e-12)


def test_a_weekend_session_is_held_at_weekends_and_no_other_day():
    weekend = EVENING | {"days": ["saturday", "sunday"], "opens": "09:00", "closes": "11:00"}
    changes = scanner(slots_per_day="1 per day", days=["friday"], more_sessions={"weekend": weekend})
    tables = month(changes, asked_on_day_0(4))
    assert slots(tables) == [
        (0, at(2, "09:00")),
        (1, at(2, "10:00")),
        (2, at(7, "08:00")),
        (3, at(8, "09:00")),
    ]
    held = sorted(zip(tables.sessions["day"].tolist(), tables.sessions["slots"].tolist()))
    assert held[:4] == [(0, 1), (1, 2), (2, 2), (7, 1)]


EASTER = {"calendar": {"start": datetime.date(2019, 4, 1)}}
"""Good Friday is day 18, Easter Monday day 21."""


@pytest.mark.parametrize(
    ("day_too", "evening_too", "held"),
    [(False, False, []), (True, False, [36000]), (False, True, [7200]), (True, True, [36000, 7200])],
)
def test_a_session_is_held_on_a_bank_holiday_where_it_says_so(day_too, evening_too, held):
    evening = EVENING | {"days": ["monday"], "on_bank_holidays": evening_too}
    changes = EASTER | scanner(on_bank_holidays=day_too, more_sessions={"evening": evening})
    tables = month(changes, [Person(at(19, "10:00"))])
    monday = tables.sessions["day"] == 21
    assert tables.sessions["open_seconds"][monday].tolist() == held
    first = at(21, "08:00") if day_too else at(21, "18:00") if evening_too else at(22, "08:00")
    assert booked(tables) == [(0, at(20, "08:00"), first)]


def test_a_scanner_that_works_on_a_bank_holiday_is_booked_by_a_clerk_who_does_not():
    """Asked on Thursday after the clerk's run: booked on Saturday for Easter Monday, as Sunday is closed."""
    changes = EASTER | scanner(on_bank_holidays=True, days=WHOLE_WEEK[:6])
    tables = month(changes, [Person(at(17, "10:00")), Person(at(20, "10:00"))])
    assert booked(tables) == [
        (0, at(19, "08:00"), at(21, "08:00")),
        (1, at(22, "08:00"), at(23, "08:00")),
    ]


def test_a_fraction_of_a_slot_is_carried_from_day_to_day():
    """One and a half a day: one, two, one, two. Slots are half the day long, so that two fit."""
    changes = scanner(slots_per_day="1.5 per day") | {"booking": {"horizon": "5 days"}}
    tables = month(changes, asked_on_day_0(4))
    assert tables.sessions["slots"][:5].tolist() == [1, 2, 1, 2, 1]
    assert slots(tables) == [
        (0, at(2, "08:00")),
        (1, at(3, "08:00")),
        (2, at(3, "13:00")),
        (3, at(4, "08:00")),
    ]


def test_no_more_slots_than_time_on_the_couch_allows():
    """Twenty offered in ten hours of 45-minute scans: thirteen, each of 46 minutes and 9 seconds."""
    changes = scanner(slots_per_day="20 per day") | {"scanning": {"MRI": {"couch_time": "45 minutes"}}}
    tables = month(changes, asked_on_day_0(14))
    assert set(tables.sessions["slots"].tolist()) == {13}
    starts = [slot for _, slot in slots(tables)]
    assert starts[:13] == [2 + (8 * HOUR + round(k * 36000 / 13)) / 86400 for k in range(13)]
    assert starts[13] == at(3, "08:00")


# ---- the opening list and the rules of the diary


def test_at_the_start_held_back_slots_and_the_horizon_hold_too():
    """Four slots a day, half of them held back until the day before: today's and tomorrow's are open."""
    changes = {"booking": {"hold_back": "50 %", "release": "1 day", "horizon": "2 days"}}
    changes |= scanner(slots_per_day="4 per day")
    people = {"waiting": [Waits((n + 1) / 20) for n in range(12)]}
    tables = month(changes | opening(*bands(w5=12)), opening_lists=people)
    at_once = [(who, slot) for who, made, slot in booked(tables) if made == 0]
    clocks = ("08:00", "10:30", "13:00", "15:30")
    expected = [at(day, clock) for day in (0, 1) for clock in clocks] + [at(2, "08:00"), at(2, "10:30")]
    assert at_once == list(enumerate(expected))
    assert order(tables) == list(range(12))
