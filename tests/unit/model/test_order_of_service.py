"""Who is booked before whom: first come, by a treatment hazard, by priority. Worked out by hand."""

import datetime
from itertools import islice

import numpy as np
import pytest

from sim.measures.cut import Window
from sim.model.bands import BAND_COUNT
from sim.model.booking import lots
from sim.model.demand import PLANNED, ROUTINE, URGENT, URGENT_SUSPECTED_CANCER
from sim.model.waiting_list import ByWeek, GroupKind, WaitingList
from tests.unit.model.by_hand import at, referral
from tests.unit.model.list_by_hand import (
    ONE_A_DAY,
    PLANNED_TOO,
    TWO_A_DAY,
    Person,
    Waits,
    bands,
    booked,
    column,
    counted,
    february,
    month,
    opening,
    order,
    ran,
)

TODAY = 200


def hazard(**weeks: float) -> dict:
    """A treatment hazard of the trust's scanner: 1 but for the weeks named."""
    by_week = [float(weeks.get(f"w{week}", 1.0)) for week in range(BAND_COUNT)]
    return {"booking": {"horizon": "1 day", "treatment_hazard": {"MRI": {"Trust": {"by_week": by_week}}}}}


def one_a_day_with(rule: dict) -> dict:
    return ONE_A_DAY | rule


# ---- first come


def test_who_was_asked_for_first_is_scanned_first():
    people = [
        Person(at(day, clock)) for day, clock in ((0, "10:00"), (0, "09:00"), (1, "07:00"), (0, "11:00"))
    ]
    tables = month(ONE_A_DAY, people)
    assert column(tables, "referred") == [at(0, "09:00"), at(0, "10:00"), at(0, "11:00"), at(1, "07:00")]
    assert booked(tables) == [(who, at(1 + who, "08:00"), at(2 + who, "08:00")) for who in range(4)]


# ---- by a treatment hazard


def test_a_band_with_a_million_times_the_weight_is_taken_first():
    """The one of week 2 comes before those of weeks 9 and 5: a lot would have to be above 0.999998."""
    people = {"waiting": [Waits(0.5)] * 3}
    tables = month(one_a_day_with(hazard(w2=1e6)) | opening(*bands(w2=1, w5=1, w9=1)), opening_lists=people)
    assert column(tables, "referred") == [-7 * 9.5, -7 * 5.5, -7 * 2.5]
    assert order(tables)[0] == 2
    assert booked(tables)[0] == (2, 0.0, at(0, "08:00"))


def test_within_a_band_the_longest_waiting_is_taken_so_with_one_band_it_is_first_come():
    """All between 14 and 19 days, all scanned on the first two days."""
    people = {"waiting": [Waits(u) for u in (0.05, 0.65, 0.35, 0.5)]}
    changes = {"fleet": {"scanner": {"slots_per_day": "2 per day"}}} | opening(*bands(w2=4))
    first_come = month(TWO_A_DAY | opening(*bands(w2=4)), opening_lists=people)
    by_hazard = month(changes | hazard(w1=50, w2=3, w3=20), opening_lists=people)
    assert order(by_hazard) == order(first_come) == [0, 1, 2, 3]
    assert booked(by_hazard) == booked(first_come)


def test_who_grows_into_a_heavier_band_is_then_taken_first():
    """Week 8 has a thousand times the weight of week 2, and week 3 a thousand times that of week 8. The
    youngest is in week 2 at the start, and after 18.2 + 3 days in week 3."""
    changes = one_a_day_with(hazard(w3=1e6, w8=1e3))
    changes["fleet"] = {"scanner": {"slots_per_day": "1 per day", "days": ["friday", "tuesday", "wednesday"]}}
    people = {"waiting": [Waits(0.6), Waits(0.2), Waits(0.4)]}
    tables = month(changes | opening(*bands(w2=1, w8=2)), opening_lists=people)
    assert column(tables, "referred") == [-7 * 8.4, -7 * 8.2, -7 * 2.6]
    assert booked(tables) == [
        (0, 0.0, at(0, "08:00")),
        (2, at(3, "08:00"), at(4, "08:00")),
        (1, at(4, "08:00"), at(5, "08:00")),
    ]


def test_over_many_draws_the_shares_are_people_times_hazard():
    """30 in week 2 of hazard 1 and 10 in week 7 of hazard 2: 60 % and 40 %, over 40,000 lots of 365 sessions.

    3.5 standard errors are 0.0086. A hazard that were 5 % too large would give 41.2 %, and be seen in
    90 of 100 such checks; weights by people alone (25 %) or by hazard alone (67 %) in all.
    """
    draws, weights = 40_000, [1.0] * BAND_COUNT
    weights[7] = 2.0
    waiting = WaitingList([GroupKind((0,))], [ByWeek(tuple(weights))])
    queue = waiting.groups[0].queues[ROUTINE]
    for number in range(40):
        queue.join(referral(number), TODAY - (52 if number < 10 else 17))
    sim = february({"calendar": {"years": "1 year"}})
    sim.diary.extend(364)
    sessions = list(sim.diary.open)
    each = draws // len(sessions) + 1
    drawn = [lot for session in sessions for lot in islice(lots(sim, session), each)][:draws]
    assert len(drawn) == draws
    seventh = 0
    for lot in drawn:
        (who,) = waiting.take_for(0, 1, 1, TODAY, iter([lot]))
        seventh += who.number < 10
        queue.join(who, TODAY - (52 if who.number < 10 else 17))
    assert abs(seventh / draws - 0.4) <= 3.5 * np.sqrt(0.4 * 0.6 / draws)


def test_the_lots_of_one_session_are_the_same_however_many_another_drew():
    one, other = february({}), february({})
    for sim in (one, other):
        sim.diary.extend(5)
    early, late = list(one.diary.open)[1:3]
    for _ in islice(lots(one, early), 100):
        pass
    assert list(islice(lots(one, late), 70)) == list(islice(lots(other, list(other.diary.open)[2]), 70))
    assert list(islice(lots(one, early), 5)) != list(islice(lots(one, late), 5))


NEXT_TOWN = {
    "places": {
        "Village": {"population": "50000 people", "households_without_car": "10 %"}
        | {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}
    },
    "sites": {"Green": {"place": "Village", "latitude": "51.9 degrees", "longitude": "-1.3 degrees"}},
    "fleet": {
        "scanner": {"slots_per_day": "1 per day"},
        "other": {"kind": "fixed", "modality": "MRI", "provider": "Trust", "site": "Green"}
        | {"days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "slots_per_day": "1 per day"}
        | {"opens": "08:00", "closes": "18:00"},
    },
}


def test_who_is_drawn_here_does_not_depend_on_how_many_were_drawn_elsewhere():
    """Twelve wait in town; beside them nobody or seven wait in the village for their own scanner."""
    here = {"modality": "MRI", "bands": bands(w1=3, w4=3, w6=3, w9=3), "place": "Town"}
    there = {"modality": "MRI", "bands": bands(w1=3, w5=4), "place": "Village"}
    alone = month(NEXT_TOWN | hazard(w4=3, w9=2) | {"opening_list": {"here": here}})
    both = month(NEXT_TOWN | hazard(w4=3, w9=2) | {"opening_list": {"here": here, "there": there}})
    town = both.referrals["place"] == 0
    for name in ("referred", "booked", "scan_start", "scanned"):
        assert np.array_equal(alone.referrals[name], both.referrals[name][town]), name
    assert (both.referrals["scanned"][~town] >= 0).all()
    waited = alone.referrals["referred"][np.argsort(alone.referrals["scanned"])]
    assert not (np.diff(waited) > 0).all(), "the hazard has put somebody before an older one"


# ---- priorities


def test_urgent_before_planned_before_routine_however_long_they_have_waited():
    routine, planned, urgent, cancer = (
        Person(at(0, f"1{number}:00"), priority=priority)
        for number, priority in enumerate((ROUTINE, PLANNED, URGENT, URGENT_SUSPECTED_CANCER))
    )
    tables = month(ONE_A_DAY | PLANNED_TOO, [routine, planned, urgent, cancer])
    assert booked(tables) == [
        (3, at(1, "08:00"), at(2, "08:00")),
        (2, at(2, "08:00"), at(3, "08:00")),
        (1, at(3, "08:00"), at(4, "08:00")),
        (0, at(4, "08:00"), at(5, "08:00")),
    ]


def test_who_has_a_slot_keeps_it_when_somebody_more_urgent_comes():
    """Three slots of days 2 to 4 went to routine patients on day 1; the urgent one of day 1 has day 5's."""
    horizon = {"booking": {"horizon": "28 days"}, "fleet": {"scanner": {"slots_per_day": "1 per day"}}}
    people = [Person(at(0, f"1{number}:00")) for number in range(3)]
    tables = month(horizon, [*people, Person(at(1, "10:00"), priority=URGENT)])
    assert [(who, slot) for who, _, slot in booked(tables)] == [
        (who, at(2 + who, "08:00")) for who in range(4)
    ]


def test_the_hazard_leaves_urgent_and_planned_referrals_first_come():
    """Week 0 has a million times the weight of week 1, for routine referrals only; no slot before day 9."""
    shut = {"from": datetime.date(2019, 2, 1), "until": datetime.date(2019, 2, 10), "capacity_falls": "100 %"}
    changes = PLANNED_TOO | one_a_day_with(hazard(w0=1e6)) | {"calendar": {"shocks": {"shut": shut}}}
    people = [
        Person(at(day, clock), priority=priority)
        for day in (0, 7)
        for clock, priority in (("10:00", URGENT), ("11:00", PLANNED), ("12:00", ROUTINE))
    ]
    tables = month(changes, people)
    assert booked(tables)[0] == (0, at(8, "08:00"), at(9, "08:00"))
    assert order(tables) == [0, 3, 1, 4, 5, 2]


# ---- planned (surveillance) scans


def test_a_planned_scan_is_listed_on_its_due_date_and_vetted_no_more():
    vetting = {"vetting": {"time": {"routine": "5 days"}, "rejected": "50 %"}}
    planned = Person(at(3, "10:00"), priority=PLANNED, vetted=0.1)
    tables = month(vetting | PLANNED_TOO, [planned, Person(at(3, "10:01"))])
    assert column(tables, "listed") == [at(3, "10:00"), at(3, "10:01") + 5]
    assert column(tables, "scanned") == [at(5, "08:30"), at(10, "08:30")]


def test_a_planned_scan_is_in_no_six_week_list_and_counts_as_planned_activity():
    """One planned scan is done and one still waits at the month's end; so do two routine ones."""
    last_days = [Person(at(27, "10:00")), Person(at(27, "10:01"), priority=PLANNED)]
    people = [Person(at(0, "10:00")), Person(at(0, "10:01"), priority=PLANNED), *last_days]
    sim = february(PLANNED_TOO)
    tables = ran(sim, people)
    assert column(tables, "scanned") == [at(2, "09:30"), at(2, "08:30"), None, None]
    assert counted(tables, sim) == {
        "00 < 01 Week": 1,
        "Total WL": 1,
        "Waiting List Activity": 1,
        "Planned Activity": 1,
    }
    everybody = dict(Window(tables, sim.world.days).cuts())["all"]
    assert (len(everybody.waiting["month"]), len(everybody.scanned["scanned"])) == (1, 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_planned_scans_that_are_drawn_are_due_when_they_are_listed(seed):
    vetting = {"vetting": {"time": {"routine": "5 days", "urgent": "2 days"}}}
    sim = february(
        vetting | {"demand": {"MRI": {"per_year": "600 per year", "planned": {"per_year": "600 per year"}}}}
    )
    tables = ran(sim)
    due = tables.referrals["priority"] == PLANNED
    assert due.sum() > 20 and (~due).sum() > 20
    known = np.isfinite(tables.referrals["listed"])
    lag = (tables.referrals["listed"] - tables.referrals["referred"])[known]
    assert (lag[due[known]] == 0).all() and np.allclose(lag[~due[known]], 5)
