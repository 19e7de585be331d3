"""The laws: the engine keeps them whatever the world, and each sees the engine break."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim.model.tables
import sim.model.report_queue
import sim.model.scanning
from sim.model.laws import LawBroken
from sim.model.couch import ATTENDED, DISPLACED, MISSED
from sim.model.referrals import Referrals
from sim.model.report_queue import ReportQueue
from sim.model.tables import Counted
from sim.model.sessions import Session
from sim.model.simulation import simulate
from sim.model.waiting_list import Group
from tests.functional.model.two_towns import laid_over, two_towns
from tests.world import world

ROW, MADE, OUTCOME, BEGIN, END = 0, 2, 3, 5, 6
"""Where these stand in what `work_out` says of an appointment."""
BUSY = {
    "calendar": {"years": "0.25 years"},
    "demand": {"MRI": {"per_year": "3500 per year", "priority": {"urgent": "30 %", "routine": "70 %"}}},
    "attendance": {"missed": "20 %"},
    "scanning": {"MRI": {"uptime": "90 %", "couch_time_variation": 0.5, "couch_time": "50 minutes"}},
    "booking": {"hold_back": "20 %", "release": "3 days", "horizon": "14 days"},
    "reporting": {"radiologists": {"discrepancy_rate": "20 %", "re_read_after": "3 days"}},
}
"""Three months in which everything happens that a law is about."""

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


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.fixed_dictionaries({path: st.sampled_from(s) for path, s in SETTINGS.items()}), st.integers(0, 999))
def test_every_law_holds_in_whatever_world(chosen, replication):
    changes = two_towns(calendar={"years": "0.25 years"}, reporting={"others": OTHERS})
    for path, value in chosen.items():
        for key in reversed(path.split(".")):
            value = {key: value}
        changes = laid_over(changes, value)
    tables = simulate(world(changes), 1, replication)
    assert len(tables.sessions["session"]) > 50 and len(tables.referrals["referral"]) > 500


def test_every_law_holds_in_the_world_that_the_broken_engines_run_in():
    tables = simulate(world(BUSY), 1, 0)
    names = tables.labels["appointments.outcome"]
    happened = {names[code] for code in set(tables.appointments["outcome"])}
    assert happened == {"attended", "missed", "cancelled_by_hospital", "displaced"}
    assert tables.sessions["overrun_seconds"].any() and tables.sessions["down_seconds"].any()


# ---- broken engines: (what is broken, the function, what it is given instead, the law that says so)


def nth(happened: list[tuple], outcome: int, number: int = 0) -> int | None:
    """Where in a session the first, second, ... appointment with an outcome stands."""
    found = [n for n, one in enumerate(happened) if one[OUTCOME] == outcome]
    return found[number] if number < len(found) else None


def with_one(happened: list[tuple], number: int | None, **to) -> list[tuple]:
    """The same appointments, one of them with another `made`, `outcome`, `begin` or `end`."""
    if number is None:
        return happened
    where = {"row": ROW, "made": MADE, "outcome": OUTCOME, "begin": BEGIN, "end": END}
    one = list(happened[number])
    for name, value in to.items():
        one[where[name]] = value(one) if callable(value) else value
    return [*happened[:number], tuple(one), *happened[number + 1 :]]


def without_the_missed(rows, session, happened):
    return rows, session, [one for one in happened if one[OUTCOME] != MISSED]


def a_second_longer(rows, session, happened):
    return rows, session, with_one(happened, nth(happened, ATTENDED), end=lambda one: one[END] + 1)


def two_hours_early(rows, session, happened):
    first = 0 if nth(happened, ATTENDED) == 0 else None
    early = {"begin": lambda one: one[BEGIN] - 7200, "end": lambda one: one[END] - 7200}
    return rows, session, with_one(happened, first, **early)


def two_at_once(rows, session, happened):
    first, second = nth(happened, ATTENDED), nth(happened, ATTENDED, 1)
    if second is None:
        return rows, session, happened
    begin = happened[first][END] - 1
    took = happened[second][END] - happened[second][BEGIN]
    return rows, session, with_one(happened, second, begin=begin, end=begin + took)


def booked_on_the_evening(rows, session, happened):
    return rows, session, with_one(happened, nth(happened, MISSED), made=session.day + 0.9)


@pytest.mark.parametrize(
    ("where", "name", "instead", "law"),
    [
        (sim.model.scanning, "pass_time", lambda use, down, clock, until: (use, down, clock + 1, until),
         "seconds of session .* do not add up"),
        (Referrals, "close", a_second_longer, "do not fill its used time"),
        (Referrals, "close", without_the_missed, "an appointment was lost or doubled"),
        (Session, "book", lambda session, rows, routine, now: (session, rows, routine, now - 40),
         "booked again before the appointment before it was over"),
        (Counted, "leave", lambda counted, day, count, seconds: (counted, day + (day == 50), count, seconds),
         "area .* under the list"),
        (Counted, "leave", lambda counted, day, count, seconds: (counted, day, count, seconds + 60),
         "area .* under the list"),
        (Counted, "join", lambda counted, times: (counted, times[1:]), "lost or doubled at the door"),
        (Referrals, "close", two_at_once, "two patients were on one couch"),
        (Referrals, "list_the_vetted", lambda rows, now: (rows, now + 3), "booked comes before listed"),
        (Session, "book", lambda session, rows, routine, now: (session, rows, routine, now + 15),
         "scanned comes before booked"),
        (Referrals, "close", two_hours_early, "a scan before its slot"),
        (Referrals, "close", booked_on_the_evening, "a slot booked after it began"),
    ],
)  # fmt: skip
def test_a_law_sees_what_an_engine_function_is_wrongly_given(monkeypatch, where, name, instead, law):
    engine = getattr(where, name)
    monkeypatch.setattr(where, name, lambda *given: engine(*instead(*given)))
    with pytest.raises(LawBroken, match=law):
        simulate(world(BUSY), 1, 0)


# ---- broken engines: (what is broken, the function, what is done after it, the law that says so)


def down_longer_than_it_was(seconds, downtime, clock, until):
    seconds["down"] += 50_000
    seconds["idle"] -= 50_000


def give_the_slot_again(session, rows, routine, now):
    session.free[:0] = [max(session.booked)]


def keep_another_outcome(rows, session, happened):
    rows.closed[-1] = session, with_one(happened, nth(happened, MISSED), outcome=DISPLACED)


def keep_another_patient(rows, session, happened):
    first = nth(happened, ATTENDED)
    if session.number == 20:
        second = nth(happened, ATTENDED, 1)
        rows.closed[-1] = session, with_one(happened, second, row=happened[first][ROW])


def lose_the_last_at_the_door(rows, month):
    if month == 2:
        rows.drawn[-1] = {name: column[:-1] for name, column in rows.drawn[-1].items()}


def list_again(group, row, priority, day):
    if row == 100:
        group.queues[priority].join(row, day)
        group.count += 1


def fall_off_the_list(group, row, priority, day):
    if row == 800:
        group.queues[priority].buckets[day].pop()
        group.queues[priority].count -= 1
        group.count -= 1


def take_out_a_slot(rows, session, happened):
    if not session.free:
        del session.starts[-1]


def date_back(queue, session, day):
    queue.reported[:] = [time - 30 if time > day else time for time in queue.reported]


def read_again_before(queue, session, day):
    queue.re_read |= {row: time - 30 for row, time in queue.re_read.items() if time > day}


def lose_on_the_way(queue, scans, modality):
    if len(queue.came) > 100 and queue.on_their_way:
        del queue.on_their_way[-1]


def send_twice(queue, scans, modality):
    if len(queue.came) > 100:
        queue.on_their_way += queue.on_their_way[-1:]


def come_unseen(queue, scans, modality):
    if scans:
        del queue.came[-1], queue.on_their_way[-1]


def mislay_who_has_arrived(queue, by):
    if by > 40 and queue.arrived[2]:
        queue.arrived[2].pop()


def mislay_what_is_to_be_read_again(queue, scan, at):
    if scan[1] in queue.wanting:
        queue.on_their_way[:] = [one for one in queue.on_their_way if one[1] != scan[1]]


def lose_the_date(queue, scan, at):
    if scan[1] not in queue.wanting and scan[1] not in queue.re_read:
        queue.reported[scan[1]] = float("nan")


def lose_the_second_date(queue, session, day):
    if queue.re_read:
        queue.re_read.popitem()


@pytest.mark.parametrize(
    ("where", "name", "then", "law"),
    [
        (sim.model.scanning, "pass_time", down_longer_than_it_was, "negative seconds of .'idle'."),
        (Session, "book", give_the_slot_again, "an appointment was lost or doubled"),
        (Referrals, "close", keep_another_outcome, "missed: rows and events differ"),
        (Referrals, "close", keep_another_patient, "referrals do not add up"),
        (Referrals, "draw", lose_the_last_at_the_door, "lost or doubled at the door"),
        (Group, "join", list_again, "referrals do not add up"),
        (Group, "join", fall_off_the_list, "rows wait, .* are in vetting, on the list or booked"),
        (Referrals, "close", take_out_a_slot, "more bookings than slots"),
        (sim.model.report_queue, "report", date_back, "reported comes before scanned"),
        (sim.model.report_queue, "report", read_again_before, "re_read comes before reported"),
        (ReportQueue, "send", lose_on_the_way, "radiologists: .* scans sent, .* reported or to report"),
        (ReportQueue, "send", send_twice, "radiologists: .* scans sent, .* reported or to report"),
        (ReportQueue, "send", come_unseen, "scans counted as sent, .* rows are scanned"),
        (
            ReportQueue,
            "receive",
            mislay_who_has_arrived,
            "radiologists: .* scans sent, .* reported or to report",
        ),
        (
            ReportQueue,
            "finish",
            mislay_what_is_to_be_read_again,
            "radiologists: second readings do not add up",
        ),
        (ReportQueue, "finish", lose_the_date, "scans counted as reported, .* rows are reported"),
        (
            sim.model.report_queue,
            "report",
            lose_the_second_date,
            "radiologists: second readings do not add up",
        ),
    ],
)
def test_a_law_sees_what_is_wrongly_done_after_an_engine_function(monkeypatch, where, name, then, law):
    engine = getattr(where, name)

    def broken(*given):
        found = engine(*given)
        then(*given)
        return found

    monkeypatch.setattr(where, name, broken)
    with pytest.raises(LawBroken, match=law):
        simulate(world(BUSY), 1, 0)


def test_attempts_with_a_number_left_out_are_seen(monkeypatch):
    engine = sim.model.tables.how_many_before
    monkeypatch.setattr(sim.model.tables, "how_many_before", lambda values: 2 * engine(values))
    with pytest.raises(LawBroken, match="attempts are not numbered one by one"):
        simulate(world(BUSY), 1, 0)
