"""The laws: the engine keeps them whatever the world, and each sees the engine break."""

from array import array
from copy import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim.model.booking
import sim.model.report_queue
import sim.model.simulation
import sim.model.tables
from sim.model.couch import (
    ATTENDED,
    BOOKED,
    CANCELLED_BY_HOSPITAL,
    CANCELLED_BY_PATIENT,
    CANCELLING,
    DISPLACED,
    MISSED,
    USES,
    Couch,
)
from sim.model.door import Door
from sim.model.laws import LawBroken
from sim.model.referrals import DISCHARGED, REDIRECTED, REJECTED, REMOVED_FROM_LIST, SCANNED, Referrals
from sim.model.report_queue import ReportQueue
from sim.model.sessions import Session
from sim.model.simulation import simulate
from sim.model.tables import Counted, Records
from sim.model.waiting_list import Queue
from tests.functional.model.two_towns import laid_over, only, two_towns
from tests.world import world

WHO, DUE, MADE, OUTCOME, BEGIN, END, SECONDS, COMPLETE = 0, 1, 2, 3, 5, 6, 7, 8
"""Where these stand in what a couch says of an appointment."""
SESSION, DAY, SCANNER, BOOKABLE, BOOKINGS, OPEN, USED = 0, 1, 2, 4, 5, 6, 8
"""Where these stand in a session's account."""
FIXED, MOBILE = 0, 1
FIRST_DAY = 31
"""Of the data-collection period."""
LAST_DAY = 119
FRIDAY = 66
"""A day on which both scanners work."""
BUSY = two_towns(
    calendar={"warm_up": "31 days", "years": "0.25 years"},
    demand={
        "MRI": {
            "per_year": "5500 per year",
            "priority": {"urgent_suspected_cancer": "0 %", "urgent": "30 %", "routine": "70 %"},
            "planned": {"per_year": "200 per year"},
            "unscheduled": {"per_year": "500 per year"},
        }
    },
    vetting={"time": {"routine": "2 days"}, "rejected": "4 %", "redirected": "4 %"},
    attendance={"missed": "20 %", "cancelled_by_patient": "15 %", "discharged_after": 3, "clock_after_missed": "resets"},
    scanning={
        "MRI": {"uptime": "85 %", "couch_time_variation": 0.5, "couch_time": "40 minutes", "incomplete": "3 %"}
    },
    booking={
        "hold_back": "20 %", "release": "3 days", "horizon": "14 days",
        "removal": [{"after": "7 days", "a_week": "5 %"}],
    },
    eligibility={"takes": {"van": {"priority": ["urgent", "planned", "routine"]}}},
    fleet={"scanner": {"on_call": True}},
    reporting={"radiologists": {"discrepancy_rate": "20 %", "re_read_after": "3 days"}},
)  # fmt: skip
"""Four months in which everything happens that a law is about; unscheduled patients come to the
fixed scanner only."""

# ---- the unbroken engine

NIGHT = {"days": ["friday", "sunday"], "opens": "17:00", "closes": "24:00", "priorities": ["urgent"]}
OTHERS = {
    "organisation": "Company",
    "days": ["monday"],
    "opens": "10:00",
    "closes": "12:00",
    "reports_per_day": "4 per day",
}
SETTINGS = {
    "calendar.warm_up": ["0 days", "31 days"],
    "vetting.time.routine": ["0 days", "3 days"],
    "booking.minimum_notice": ["0 days", "1 day", "5 days"],
    "booking.horizon": ["5 days", "28 days", "84 days"],
    "booking.hold_back": ["0 %", "10 %", "50 %", "100 %"],
    "booking.release": ["0 days", "2 days"],
    "attendance.missed": ["0 %", "7 %", "60 %"],
    "attendance.odds_of_attending_per_10_km": [0.5, 1],
    "attendance.clock_after_missed": ["resets", "continues"],
    "attendance.place_after_missed": ["end_of_list", "keeps_place"],
    "scanning.MRI.couch_time_variation": [0.01, 0.3, 1.5],
    "scanning.MRI.uptime": ["100 %", "95 %", "50 %", "0 %"],
    "scanning.MRI.on_the_table": ["finishes", "rebooked"],
    "scanning.MRI.place_after_displaced": ["end_of_list", "keeps_place"],
    "eligibility.choice": ["nearest", "soonest"],
    "eligibility.takes": [{}, {"van": {"complexity": ["standard"]}}],
    "fleet.scanner.slots_per_day": ["1 per day", "6.5 per day", "10 per day"],
    "fleet.van.visits": [["friday"], ["tuesday", "saturday"]],
    "fleet.van.relative_sensitivity": [0.3, 1],
    "images.transfer": ["0 days", "36 hours"],
    "images.transfer_fails": ["0 %", "50 %"],
    "images.noticed_after": ["0 days", "1 day"],
    "reporting.radiologists.discrepancy_rate": ["0 %", "30 %", "100 %"],
    "reporting.radiologists.re_read_after": ["0 days", "7 days"],
    "reporting.radiologists.report_time": [{}, {"MRI": "45 minutes"}],
    "reporting.radiologists.sessions": [{}, {"night": NIGHT}],
    "reporting.others.takes": [{"Company": "0 %"}, {"Company": "40 %", "Trust": "100 %"}],
}
HEARING_OF_A_SLOT = {"after": "0 days", "a_week": "20 %"}
EVENING = {"days": ["monday", "friday"], "opens": "18:00", "closes": "21:00", "slots_per_day": "4 per day"}
CREW = {
    "providers": ["Trust"],
    "establishment": "2 people",
    "sickness": "20 %",
    "sessions_per_week": "3 per week",
}
MORE_SETTINGS = {
    "vetting.rejected": ["0 %", "10 %"],
    "vetting.redirected": ["0 %", "10 %"],
    "vetting.redirected_to": [{}, {"MRI": "MRI"}],
    "demand.MRI.planned": [None, {"per_year": "300 per year", "complex": "50 %"}],
    "demand.MRI.unscheduled": [
        None,
        {"per_year": "300 per year"},
        {"per_year": "3000 per year", "complex": "50 %"},
    ],
    "demand.MRI.per_year": ["2000 per year", "5000 per year"],
    "booking.clerk_starts": ["07:00", "10:00"],
    "booking.minimum_notice": ["0 days", "3 days"],
    "booking.overbooking": ["0 %", "20 %"],
    "booking.short_notice": ["0 %", "40 %"],
    "booking.refusal": [
        [],
        [{"travel": "10 minutes", "share": "0 %"}, {"travel": "40 minutes", "share": "60 %"}],
    ],
    "booking.removal": [[], [HEARING_OF_A_SLOT]],
    "booking.treatment_hazard": [{}, {"MRI": {"Trust": {"by_week": [*range(1, 15)]}}}],
    "attendance.cancelled_by_patient": ["0 %", "30 %"],
    "attendance.clock_after_cancelled": ["resets", "continues"],
    "attendance.place_after_cancelled": ["end_of_list", "keeps_place"],
    "attendance.discharged_after": [None, 1, 2],
    "scanning.MRI.couch_time_variation": [0.01, 1.5],
    "scanning.MRI.couch_time_complex": [None, "70 minutes"],
    "scanning.MRI.slots_if_complex": [1, 2],
    "scanning.MRI.incomplete": ["0 %", "10 %"],
    "scanning.MRI.missed_findings": [None, {"share": "20 %", "after": "10 days"}],
    "scanning.MRI.uptime": ["100 %", "90 %", "50 %"],
    "scanning.MRI.use_between_failures": [None, "10 hours"],
    "scanning.MRI.failures_grow": ["0 % a year", "20 % a year"],
    "scanning.MRI.engineers": [None, 1],
    "scanning.MRI.on_the_table": ["finishes", "rebooked", "restarts", "resumes"],
    "scanning.MRI.tracer_fails": ["0 %", "20 %"],
    "fleet.scanner.on_call": [False, True],
    "fleet.scanner.more_sessions": [{}, {"evening": EVENING}],
    "fleet.scanner.maintenance": [None, {"every": "20 days", "lasts": "2 days"}],
    "fleet.van.blocked": ["0 %", "20 %"],
    "workforce": [
        None,
        {"crews": {"trust": CREW}},
        {
            "crews": {"trust": CREW},
            "contractor": "Company",
            "drawn_from_nhs": "60 %",
            "drawn_over": "2 months",
        },
    ],
    "reporting.others.takes": [{"Company": "0 %"}, {"Company": "40 %"}],
    "opening_list": [
        {},
        {"mri": {"modality": "MRI", "bands": [9] * 14, "urgent": {"urgent": "20 %"}, "assumption": "x"}},
    ],
}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.fixed_dictionaries({path: st.sampled_from(s) for path, s in SETTINGS.items()}), st.integers(0, 999))
def test_every_law_holds_in_whatever_world(chosen, replication):
    tables = simulate(world(with_settings(chosen)), 1, replication)
    assert len(tables.sessions["session"]) > 50 and len(tables.referrals["referral"]) > 500


@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.fixed_dictionaries({path: st.sampled_from(s) for path, s in MORE_SETTINGS.items()}),
    st.integers(0, 999),
)
def test_every_law_holds_with_unscheduled_patients_cancellations_and_all_that_can_go_wrong(
    chosen, replication
):
    tables = simulate(world(with_settings(chosen)), 1, replication)
    assert len(tables.sessions["session"]) > 20 and len(tables.referrals["referral"]) > 300


def with_settings(chosen: dict) -> dict:
    """A quarter of a year of two towns with other answers, by their path; None leaves one out."""
    changes = two_towns(calendar={"years": "0.25 years"}, reporting={"others": OTHERS})
    if chosen.get("workforce"):
        changes = laid_over(changes, {"fleet": {"scanner": {"radiographers": "1 people"}}})
    for path, value in ((path, value) for path, value in chosen.items() if value is not None):
        for key in reversed(path.split(".")):
            value = {key: value}
        changes = laid_over(changes, value)
    return changes


def test_every_law_holds_in_the_world_that_the_broken_engines_run_in():
    """And everything happens in it that they break."""
    tables = simulate(world(BUSY), 1, 0)
    names = tables.labels["appointments.outcome"]
    made, sessions, counted = tables.appointments, tables.sessions, tables.counted
    happened = {names[code] for code in set(made["outcome"])}
    assert happened == {*names} - {"booked"}
    assert sessions["overrun_seconds"].any() and sessions["down_seconds"].any()
    assert all(counted.left[SCANNED:]) and counted.unscheduled_scans and counted.broken_off
    assert all(counted.still[where] for where in ("in vetting", "listed", "turned up"))
    early = made["cancelled"] == made["cancelled"]
    assert early.any() and (~early & (made["outcome"] == CANCELLED_BY_PATIENT)).any()
    assert ((made["outcome"] == ATTENDED) & (made["complete"] == 0)).any()
    assert set(made["scanner"][made["slot_start"] != made["slot_start"]]) == {FIXED}
    assert {FIXED, MOBILE} == set(sessions["scanner"])


# ---- what the cases below are made of


def nth(happened: list[tuple], outcome: int, number: int = 0, booked: bool = True) -> int | None:
    """Where in a stretch the first, second, ... appointment with an outcome stands."""
    found = [n for n, one in enumerate(happened) if one[OUTCOME] == outcome and (one[DUE] >= 0) == booked]
    return found[number] if number < len(found) else None


def with_one(happened: list[tuple], number: int | None, **to) -> list[tuple]:
    """The same appointments, one of them with something else in it."""
    if number is None:
        return happened
    where = {
        "who": WHO, "due": DUE, "made": MADE, "outcome": OUTCOME, "begin": BEGIN, "end": END, "seconds": SECONDS,
        "complete": COMPLETE,
    }  # fmt: skip
    one = list(happened[number])
    for name, value in to.items():
        one[where[name]] = value(one) if callable(value) else value
    return [*happened[:number], tuple(one), *happened[number + 1 :]]


def another(number: int, by: int):
    """An account with another number in one place."""
    return lambda records, account: (
        records,
        (*account[:number], account[number] + by, *account[number + 1 :]),
    )


def one_with(which: int, scheduled: bool = True, **to):
    """In every stretch one appointment of those with an outcome has something else in it."""

    def instead(records, session, scanner, day, happened, at=None):
        return (
            records,
            session,
            scanner,
            day,
            with_one(happened, nth(happened, which, 0, scheduled), **to),
            at,
        )

    return instead


def one_more(number: int | None, happened: list[tuple]) -> list[tuple]:
    """The same appointments, one of them twice."""
    return happened if number is None else [*happened, happened[number]]


def one_less(number: int | None, happened: list[tuple]) -> list[tuple]:
    """The same appointments without one of them."""
    return happened if number is None else [*happened[:number], *happened[number + 1 :]]


def kept(change, outcome: int, booked: bool = True):
    """What is kept of a stretch has one appointment of those with an outcome more, or one less."""

    def instead(records, session, scanner, day, happened, at=None):
        return records, session, scanner, day, change(nth(happened, outcome, 0, booked), happened), at

    return instead


# ---- broken engines: (what is broken, the function, what it is given instead, the law that says so)


def two_hours_early(referrals, session, scanner, day, happened):
    first = 0 if scanner.number == MOBILE and nth(happened, ATTENDED) == 0 else None
    early = {"begin": lambda one: one[BEGIN] - 7200, "end": lambda one: one[END] - 7200}
    return referrals, session, scanner, day, with_one(happened, first, **early)


def two_at_once(referrals, session, scanner, day, happened):
    first, second = nth(happened, ATTENDED), nth(happened, ATTENDED, 1)
    if second is not None:
        begin = happened[first][END] - 1
        took = happened[second][END] - happened[second][BEGIN]
        happened = with_one(happened, second, begin=begin, end=begin + took)
    return referrals, session, scanner, day, happened


def booked_on_the_evening(records, session, scanner, day, happened, at=None):
    return records, session, scanner, day, with_one(happened, nth(happened, MISSED), made=day + 0.9), at


def on_the_other_scanner(records, session, scanner, day, happened, at=None):
    return records, session, FIXED if day == FRIDAY else scanner, day, happened, at


def a_day_later(records, session, scanner, day, happened, at=None):
    later = day > FRIDAY and at is None and all(one[COMPLETE] for one in happened)
    return records, session, scanner, day + later, happened, at


def cancelled_before(records, session, scanner, day, happened, at=None):
    return records, session, scanner, day, happened, None if at is None else at - 100


def cancelled_after(records, session, scanner, day, happened, at=None):
    """Of those who leave the list, for the others would be booked twice at once."""
    late = at is not None and happened[0][WHO].luck[CANCELLING] >= 0.15
    return records, session, scanner, day, happened, day + 0.99 if late else at


def cancelled_late(records, session, scanner, day, happened, at=None):
    return records, session, scanner, day, happened, None if at is None else at + 5


def cancelled_by_all(records, session, scanner, day, happened, at=None):
    return records, session, scanner, day, happened, day if at is None and scanner == MOBILE else at


def early_cancellations(change):
    """What is kept of an early cancellation is changed."""

    def instead(records, session, scanner, day, happened, at=None):
        return records, session, scanner, day, happened if at is None else change(happened), at

    return instead


def left_with(one: int, other: int):
    """Who leaves the list with one outcome is kept with another."""
    return lambda records, number, outcome, at: (records, number, other if outcome == one else outcome, at)


def counted_with(one: int, other: int):
    """Who leaves the list with one outcome is counted with another."""
    return lambda counted, outcome, at: (counted, other if outcome == one else outcome, at)


def gone_before_coming(referrals, referral, outcome, at):
    return referrals, referral, outcome, referral.referred - 50


def gone_as_if_scanned(referrals, referral, outcome, at):
    return referrals, referral, SCANNED, at


def as_scanned_in_the_warm_up(counted, day, count, seconds):
    return counted, max(day, FIRST_DAY), count, seconds


def listed_before_the_request(records, rows):
    return records, rows | {"listed": rows["listed"] - 5}


OUTCOMES = (SCANNED, REJECTED, REDIRECTED, REMOVED_FROM_LIST, DISCHARGED)
NAMES = {
    REJECTED: "rejected",
    REDIRECTED: "redirected",
    REMOVED_FROM_LIST: "removed",
    DISCHARGED: "discharged",
}


@pytest.mark.parametrize(
    ("where", "name", "instead", "law"),
    [
        # seconds
        (Records, "session", another(OPEN, -1), "seconds of session .* do not add up"),
        *((Records, "session", another(n, 1), "seconds of session .* do not add up")
          for n in range(USED, USED + len(USES))),
        (Records, "close", one_with(ATTENDED, seconds=lambda one: one[SECONDS] + 1), "do not fill the used time"),
        (Records, "close", one_with(ATTENDED, False, seconds=lambda one: one[SECONDS] - 1),
         "do not fill the used time"),
        (Records, "close", one_with(DISPLACED, seconds=lambda one: one[SECONDS] + 1), "do not fill the used time"),
        (Records, "close", on_the_other_scanner, "do not fill the used time"),
        (Records, "session", lambda records, account: (records, (*account[:DAY], account[DAY], FIXED, *account[3:])),
         "do not fill the used time"),
        # appointments
        *((Records, "close", kept(change, outcome), "an appointment was lost or doubled")
          for change in (one_less, one_more)
          for outcome in (MISSED, CANCELLED_BY_PATIENT, CANCELLED_BY_HOSPITAL)),
        (Records, "close", early_cancellations(lambda happened: []), "an appointment was lost or doubled"),
        (Records, "close", early_cancellations(lambda happened: 2 * happened), "an appointment was lost or doubled"),
        (Records, "close", one_with(MISSED, outcome=DISPLACED), "missed: rows and events differ"),
        (Records, "close", one_with(DISPLACED, outcome=CANCELLED_BY_HOSPITAL), "by_hospital: rows and events differ"),
        (Records, "close", one_with(CANCELLED_BY_HOSPITAL, outcome=DISPLACED), "by_hospital: rows and events differ"),
        (Records, "close", one_with(DISPLACED, outcome=ATTENDED), "attended: rows and events differ"),
        (Records, "close", early_cancellations(lambda happened: with_one(happened, 0, outcome=CANCELLED_BY_HOSPITAL)),
         "by_patient: rows and events differ"),
        (Referrals, "close", lambda referrals, session, scanner, day, happened:
         (referrals, session, scanner, day, with_one(happened, nth(happened, MISSED), outcome=BOOKED)),
         "appointments still to come do not add up"),
        # unscheduled patients
        *((Records, "close", kept(change, ATTENDED, False), "unscheduled scans: rows and events differ|used time")
          for change in (one_less, one_more)),
        (Records, "close", one_with(ATTENDED, False, outcome=DISPLACED), "unscheduled scans: rows and events differ"),
        (Records, "close", one_with(DISPLACED, False, outcome=ATTENDED), "unscheduled scans: rows and events differ"),
        (Records, "close", one_with(ATTENDED, False, due=0, made=0), "an appointment was lost or doubled"),
        (Counted, "unscheduled", lambda counted, outcome: (counted, ATTENDED),
         "unscheduled scans: rows and events differ"),
        (Counted, "unscheduled", lambda counted, outcome: (counted, DISPLACED),
         "unscheduled scans: rows and events differ"),
        # referrals
        (Counted, "scan", lambda counted, day, count, seconds: (counted, day, count + (day == 50), seconds),
         "referrals do not add up"),
        *((Records, "leave", left_with(one, OUTCOMES[n]), "rows and events differ")
          for n, one in enumerate(OUTCOMES[1:], start=2) if n < len(OUTCOMES)),
        *((Counted, "leave", counted_with(one, SCANNED), "scanned: rows and events differ") for one in NAMES),
        *((Counted, "leave", counted_with(one, other), f"{NAMES[min(one, other)]}: rows and events differ")
          for one in NAMES for other in NAMES if other != one),
        (Referrals, "leave", gone_as_if_scanned, "a referral was scanned twice, or never"),
        # bookings
        (Session, "book", lambda session, referrals, now: (session, referrals, now - 40),
         "booked again before the appointment before it was over"),
        (Records, "close", cancelled_late, "booked again before the appointment before it was over"),
        # the area under the list
        (Counted, "scan", lambda counted, day, count, seconds: (counted, day + (day == 50), count, seconds),
         "area .* under the list"),
        (Counted, "scan", lambda counted, day, count, seconds: (counted, day, count, seconds + 60),
         "area .* under the list"),
        (Counted, "scan", as_scanned_in_the_warm_up, "area .* under the list"),
        (Counted, "leave", lambda counted, outcome, at: (counted, outcome, at + 1), "area .* under the list"),
        (Records, "leave", lambda records, number, outcome, at: (records, number, outcome, at + 1),
         "area .* under the list"),
        (Counted, "join", lambda counted, times: (counted, times[1:]), "area .* under the list"),
        (Counted, "join", lambda counted, times: (counted, [*times, *times[-1:]]), "area .* under the list"),
        (Counted, "join", lambda counted, times: (counted, times + 0.5), "area .* under the list"),
        (Records, "close", a_day_later, "area .* under the list"),
        # the couch
        (Referrals, "close", two_at_once, "two patients were on one couch"),
        (Records, "session", lambda records, account: (records, (*account[:BOOKABLE], account[BOOKINGS] - 1, *account[5:])),
         "more bookings than slots"),
        (Records, "session", lambda records, account: (records, (*account[:BOOKINGS], account[BOOKABLE] + 1, *account[6:])),
         "more bookings than slots"),
        # the order of time
        (Records, "come_in", listed_before_the_request, "listed comes before referred"),
        (Referrals, "list_the_vetted", lambda referrals, now: (referrals, now + 1.5), "booked comes before listed"),
        (Session, "book", lambda session, referrals, now: (session, referrals, now + 15),
         "scanned comes before booked"),
        (Records, "reset_clock", lambda records, number, at: (records, number, at + 60),
         "scanned comes before clock_start"),
        (Referrals, "leave", gone_before_coming, "left comes before referred"),
        (Referrals, "close", two_hours_early, "a scan before its slot"),
        (Records, "close", booked_on_the_evening, "a slot booked after it began"),
        (Records, "close", cancelled_before, "a cancellation before its booking or after its slot"),
        (Records, "close", cancelled_after, "a cancellation before its booking or after its slot"),
        (Records, "close", cancelled_by_all, "an appointment cancelled early came about"),
    ],
)  # fmt: skip
def test_a_law_sees_what_an_engine_function_is_wrongly_given(monkeypatch, where, name, instead, law):
    engine = getattr(where, name)
    monkeypatch.setattr(where, name, lambda *given: engine(*instead(*given)))
    with pytest.raises(LawBroken, match=law):
        simulate(world(BUSY), 1, 0)


# ---- broken engines: (what is broken, the function, what is done after it, the law that says so)


def count_a_second_more(use: str):
    """A second of one use is counted that did not pass."""

    def more(couch, *given):
        setattr(couch, use, getattr(couch, use) + 1)

    return more


def move_a_second(one: str, other: str):
    """A second is counted under another use."""

    def move(couch, *given):
        if couch.session and getattr(couch, one):
            setattr(couch, one, getattr(couch, one) - 1)
            setattr(couch, other, getattr(couch, other) + 1)

    return move


def down_longer_than_it_was(couch, until):
    couch.down += 50_000
    couch.idle -= 50_000


def give_the_slot_again(sim, session, referrals):
    if session.day == FRIDAY and referrals:
        session.free[:0] = [referrals[-1].slot]
        be_forgotten(referrals[-1])


def forget_who_was_booked(sim, session, referrals):
    if session.day == FRIDAY and referrals:
        del session.booked[referrals[-1].slot]
        be_forgotten(referrals[-1])


def take_the_booking_back(sim, session, referrals):
    if session.day == FRIDAY and referrals:
        session.cancel(referrals[-1].slot)
        be_forgotten(referrals[-1])


def be_forgotten(referral):
    """So that the engine does not stumble over somebody who is neither booked nor on the list."""
    referral.session = referral.day = None


def keep_another_patient(records, session, scanner, day, happened, at=None):
    first, second = nth(happened, ATTENDED), nth(happened, ATTENDED, 1)
    if day == FRIDAY and second is not None:
        wrong = with_one(happened, second, who=happened[first][WHO])
        records.closed[-1] = session, scanner, day, wrong, at


def change_the_door(by: int):
    """Another number is counted at the door."""

    def change(referrals, rows, u):
        referrals.sim.counted.came += by

    return change


def write_the_last_twice_at_the_door(records, rows):
    if len(records.drawn) == 3:
        records.drawn[-1] = {
            name: column[[*range(len(column)), -1]] for name, column in records.drawn[-1].items()
        }
        records.came += 1


def list_again(queue, referral, day):
    if referral.number == 100:
        queue.buckets[day][copy(referral)] = None
        queue.count += 1


def fall_off_the_list(queue, referral, day):
    if 800 <= referral.number < 810:
        queue.remove(referral, day)
        be_forgotten(referral)


def stay_uncounted(queue, referral, day):
    if referral.number == 1900:
        queue.count -= 1


def fall_out_of_vetting(referrals, rows, u, made):
    for waiting in referrals.in_vetting.values():
        while waiting and waiting[-1].number > 1500:
            waiting.pop()


def go_home_from_the_waiting_room(referrals, rows, u, made):
    for waiting in referrals.sim.turned_up:
        if len(waiting) > 5:
            waiting.pop()


def turn_up_twice(referrals, rows, u, made):
    for waiting in referrals.sim.turned_up:
        if len(waiting) > 5:
            waiting.append(waiting[-1])


def list_who_was_scanned(when: int):
    """Somebody who was scanned is first on the list again."""

    def join(referrals, session, scanner, day, happened):
        scanned = [one[WHO] for one in happened if one[COMPLETE] and one[DUE] >= 0]
        if day == when and scanned:
            scanned[0].gone = False
            scanned[0].ways.rejoin(scanned[0], 0)

    return join


def count_one_cancellation_less(referrals, referral, at, *outcome):
    referrals.sim.counted.closed[CANCELLED_BY_PATIENT] -= 1


def date_back(queue, session, day):
    dates = queue.reported._dates
    dates[:] = array("d", [time - 30 if time > day else time for time in dates])


def read_again_before(queue, session, day):
    queue.re_read |= {number: time - 30 for number, time in queue.re_read.items() if time > day}


def lose_on_the_way(queue, scans):
    if len(queue.came) > 100 and queue.on_their_way:
        del queue.on_their_way[-1]


def send_twice(queue, scans):
    if len(queue.came) > 100:
        queue.on_their_way += queue.on_their_way[-1:]


def come_unseen(queue, scans):
    if scans:
        del queue.came[-1], queue.on_their_way[-1]


def mislay_who_has_arrived(queue, session, day):
    if day > 40 and queue.arrived[2]:
        queue.arrived[2].pop()


def mislay_what_is_to_be_read_again(queue, scan, at, received):
    if scan[1] in queue.wanting:
        to_come = queue.on_their_way[received:]
        queue.on_their_way[received:] = [one for one in to_come if one[1] != scan[1]]


def lose_the_date(queue, scan, at, received):
    if scan[1] not in queue.wanting and scan[1] not in queue.re_read:
        queue.reported._numbers.pop()
        queue.reported._dates.pop()


def lose_the_second_date(queue, session, day):
    if queue.re_read:
        queue.re_read.popitem()


NOT_REPORTED = "radiologists: .* scans sent, .* reported or to report"


@pytest.mark.parametrize(
    ("where", "name", "then", "law"),
    [
        # seconds
        (Couch, "pass_time", count_a_second_more("idle"), "seconds of session .* do not add up"),
        (Couch, "pass_time", count_a_second_more("down"), "seconds of session .* do not add up"),
        (Couch, "lie", count_a_second_more("used"), "seconds of session .* do not add up"),
        (Couch, "start", count_a_second_more("set_up"), "seconds of session .* do not add up"),
        (Couch, "lie", move_a_second("idle", "used"), "do not fill the used time"),
        (Couch, "lie", move_a_second("used", "down"), "do not fill the used time"),
        (Couch, "pass_time", down_longer_than_it_was, "negative seconds of .'idle'."),
        # appointments
        (sim.model.booking, "book", give_the_slot_again, "an appointment was lost or doubled"),
        (sim.model.booking, "book", forget_who_was_booked, "an appointment was lost or doubled"),
        (sim.model.booking, "book", take_the_booking_back, "an appointment was lost or doubled"),
        (Referrals, "_take_back", count_one_cancellation_less, "by_patient: rows and events differ"),
        # referrals
        (Records, "close", keep_another_patient, "referrals do not add up"),
        (Door, "come_in", change_the_door(-1), "lost or doubled at the door"),
        (Door, "come_in", change_the_door(1), "lost or doubled at the door"),
        (Records, "come_in", write_the_last_twice_at_the_door, "lost or doubled at the door"),
        (Queue, "join", list_again, "referrals do not add up"),
        (Referrals, "close", list_who_was_scanned(FRIDAY), "referrals do not add up"),
        (Referrals, "close", list_who_was_scanned(LAST_DAY), "rows wait, .* are in vetting, on the list"),
        (Queue, "join", fall_off_the_list, "rows wait, .* are in vetting, on the list, booked or turned up"),
        (Queue, "join", stay_uncounted, "rows wait, .* are in vetting, on the list, booked or turned up"),
        (Referrals, "go_into_vetting", fall_out_of_vetting, "rows wait, .* are in vetting"),
        (Door, "_turn_up", go_home_from_the_waiting_room, "rows wait, .* booked or turned up"),
        (Door, "_turn_up", turn_up_twice, "referrals do not add up"),
        # reports
        (sim.model.report_queue, "report", date_back, "reported comes before scanned"),
        (sim.model.report_queue, "report", read_again_before, "re_read comes before reported"),
        (ReportQueue, "send", lose_on_the_way, NOT_REPORTED),
        (ReportQueue, "send", send_twice, NOT_REPORTED),
        (ReportQueue, "send", come_unseen, "scans counted as sent, .* rows are scanned"),
        (sim.model.report_queue, "report", mislay_who_has_arrived, NOT_REPORTED),
        (ReportQueue, "finish", mislay_what_is_to_be_read_again, "radiologists: second readings do not add up"),
        (ReportQueue, "finish", lose_the_date, "scans counted as reported, .* rows are reported"),
        (sim.model.report_queue, "report", lose_the_second_date, "radiologists: second readings do not add up"),
    ],
)  # fmt: skip
def test_a_law_sees_what_is_wrongly_done_after_an_engine_function(monkeypatch, where, name, then, law):
    engine = getattr(where, name)

    def broken(*given):
        found = engine(*given)
        then(*given)
        return found

    monkeypatch.setattr(where, name, broken)
    with pytest.raises(LawBroken, match=law):
        simulate(world(BUSY), 1, 0)


# ---- broken engines: (the function, how often it is called where once is right, the law that says so)


@pytest.mark.parametrize(
    ("where", "name", "times", "law"),
    [
        (Counted, "join", 0, "area .* under the list"),
        (Counted, "join", 2, "area .* under the list"),
        (Counted, "scan", 0, "referrals do not add up"),
        (Counted, "scan", 2, "referrals do not add up"),
        (Counted, "leave", 0, "referrals do not add up"),
        (Counted, "leave", 2, "referrals do not add up"),
        (Counted, "unscheduled", 0, "unscheduled scans: rows and events differ"),
        (Counted, "unscheduled", 2, "unscheduled scans: rows and events differ"),
        (Records, "leave", 0, "referrals do not add up"),
        (Records, "session", 0, "do not fill the used time"),
        (Records, "session", 2, "do not fill the used time"),
        (Records, "close", 0, "do not fill the used time|an appointment was lost or doubled"),
        (Records, "close", 2, "do not fill the used time|an appointment was lost or doubled"),
        (Session, "cancel", 0, "an appointment was lost or doubled"),
        (Queue, "join", 0, "rows wait, .* are in vetting, on the list, booked or turned up"),
        (Queue, "join", 2, "referrals do not add up|an appointment was lost or doubled|is on a list twice"),
        (ReportQueue, "send", 0, "scans counted as sent, .* rows are scanned"),
        (ReportQueue, "send", 2, "radiologists: second readings do not add up|scans counted as sent"),
    ],
)  # fmt: skip
def test_a_law_sees_what_is_left_out_or_done_twice(monkeypatch, where, name, times, law):
    """The first time on which something is done after the hundredth day."""
    engine, done = getattr(where, name), []
    current = []

    def broken(*given):
        here = not done and current and current[0].env.now > 60 and matters(name, given)
        if here:
            done.append(given)
        for _ in range(times if here else 1):
            found = engine(*given)
        return found if times or not here else None

    start = sim.model.simulation.Simulation.run

    def run(one, *given):
        current.append(one)
        return start(one, *given)

    monkeypatch.setattr(sim.model.simulation.Simulation, "run", run)
    monkeypatch.setattr(where, name, broken)
    with pytest.raises(LawBroken, match=law):
        simulate(world(BUSY), 1, 0)
    assert done


def matters(name: str, given: tuple) -> bool:
    """Whether a call does anything that is counted."""
    if name == "scan":
        return given[2] > 0
    if name == "session":
        return given[1][USED] > 0
    return name != "send" or bool(given[1])


def test_attempts_with_a_number_left_out_are_seen(monkeypatch):
    engine = sim.model.tables.how_many_before
    monkeypatch.setattr(sim.model.tables, "how_many_before", lambda values: 2 * engine(values))
    with pytest.raises(LawBroken, match="attempts are not numbered one by one"):
        simulate(world(BUSY), 1, 0)


@pytest.mark.parametrize("rows", [slice(0, -1), slice(1, None)])
def test_a_row_of_a_referral_that_is_missing_is_seen(monkeypatch, rows):
    engine = sim.model.tables.referral_table
    monkeypatch.setattr(sim.model.tables, "referral_table", lambda *given: only(engine(*given), rows))
    with pytest.raises(LawBroken, match="a referral was lost or doubled at the door"):
        simulate(world(BUSY), 1, 0)


@pytest.mark.parametrize(("outcome", "complete"), [(MISSED, 1), (ATTENDED, 0)])
def test_a_scan_too_many_or_too_few_of_one_who_was_scanned_is_seen(monkeypatch, outcome, complete):
    engine = sim.model.tables.referral_table

    def broken(records, world, drawn, made):
        found = engine(records, world, drawn, made)
        of_one = (made["outcome"] == outcome) & (made["complete"] != complete)
        of_one &= found["outcome"][made["referral"]] == SCANNED
        made["complete"][of_one.argmax()] = complete
        return found

    monkeypatch.setattr(sim.model.tables, "referral_table", broken)
    with pytest.raises(LawBroken, match="a referral was scanned twice, or never"):
        simulate(world(BUSY), 1, 0)


def test_scanners_times_days_may_be_many():
    """The last of forty scanners on day 1,095: more scanner-days than 16 bits hold."""
    one = {
        "kind": "fixed", "modality": "MRI", "provider": "Trust", "site": "Hospital", "days": ["monday"],
        "opens": "08:00", "closes": "18:00", "slots_per_day": "0 per day",
    }  # fmt: skip
    made = world(
        {
            "calendar": {"years": "3 years"},
            "demand": {"MRI": {"per_year": "0 per year", "unscheduled": {"per_year": "500 per year"}}},
            "fleet": {"scanner": one} | {f"s{n}": one for n in range(39)} | {"last": one | {"on_call": True}},
        }
    )
    assert simulate(made, 1, 0).counted.unscheduled_scans > 1000
