"""Who leaves the list without a scan: turned down at vetting, given up, discharged. Worked out by hand."""

import math

import numpy as np
import pytest

from sim.model.booking import Removal, Removing
from sim.model.demand import MODALITIES, PLANNED
from tests.unit.model.by_hand import appointments, at
from tests.unit.model.list_by_hand import (
    ONE_A_DAY,
    ONE_A_WEEK,
    PLANNED_TOO,
    Person,
    Try,
    Waits,
    bands,
    booked,
    column,
    counted,
    february,
    month,
    opening,
    outcomes,
    ran,
)

MRI, CT = MODALITIES.index("MRI"), MODALITIES.index("CT")
TWO_DAYS = {"time": {"routine": "2 days"}}
CT_TOO = {
    "demand": {
        "CT": {
            "priority": {"urgent_suspected_cancer": "0 %", "urgent": "0 %", "routine": "100 %"},
            "complex": "0 %",
            "weekdays": {"monday": "100 %"},
            "opens": "08:00",
            "closes": "18:00",
        }
    },
    "scanning": {
        "CT": {
            "couch_time": "15 minutes",
            "couch_time_variation": 0.000001,
            "made_up_by_longer_scanning": 1,
            "longest_wait_on_the_day": "60 minutes",
            "longest_overrun": "60 minutes",
            "uptime": "100 %",
            "repair_time": "1 day",
            "on_the_table": "rebooked",
            "place_after_displaced": "keeps_place",
        }
    },
    "fleet": {
        "ct": {
            "kind": "fixed",
            "modality": "CT",
            "provider": "Trust",
            "site": "Hospital",
            "days": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
            "opens": "09:00",
            "closes": "17:00",
            "slots_per_day": "8 per day",
        }
    },
}


def giving_up(a_week: str = "50 %", after: str = "0 days") -> dict:
    """A booking section in which people give up."""
    return {"booking": {"removal": [{"after": after, "a_week": a_week}]}}


def gives_up_after(weeks: float) -> float:
    """The uniform of somebody who gives up after so many weeks where half of those left do each week."""
    return 1 - 0.5**weeks


# ---- vetting


def test_a_rejected_request_leaves_when_its_vetting_ends_and_takes_no_slot():
    """Of 10 % rejected, who draws 9 % is and who draws 11 % is not; the second has the first slot."""
    vetting = {"vetting": TWO_DAYS | {"rejected": "10 %"}}
    people = [Person(at(0, "10:00"), vetted=0.09), Person(at(0, "11:00"), vetted=0.11)]
    tables = month(vetting, people)
    assert outcomes(tables) == ["rejected", "scanned"]
    assert column(tables, "left") == [at(0, "10:00") + 2, None]
    assert booked(tables) == [(1, at(3, "08:00"), at(4, "08:00"))]


def test_rejected_and_redirected_are_two_parts_of_one_draw():
    vetting = {"vetting": TWO_DAYS | {"rejected": "10 %", "redirected": "20 %"}}
    people = [Person(at(0, "10:00"), vetted=u) for u in (0.05, 0.15, 0.29, 0.31)]
    assert outcomes(month(vetting, people)) == ["rejected", "redirected", "redirected", "scanned"]


def test_who_was_turned_down_is_counted_in_no_list_afterwards_and_before_they_were():
    """Vetting ends on days 5, 9 and 29; the census is at the end of day 27."""
    sim = february({"vetting": TWO_DAYS | {"rejected": "50 %"}} | ONE_A_WEEK)
    people = [Person(at(day, "10:00"), vetted=0.1) for day in (3, 7, 27)]
    tables = ran(sim, people)
    assert column(tables, "left") == [at(3, "10:00") + 2, at(7, "10:00") + 2, None]
    assert counted(tables, sim) == {"00 < 01 Week": 1, "Total WL": 1}


def test_a_redirected_request_is_a_new_one_of_the_other_modality_when_its_vetting_ends():
    """Vetted two days for MRI and two for CT: on the CT list from day 4 at ten, scanned on day 6."""
    vetting = {"vetting": TWO_DAYS | {"redirected": "10 %", "redirected_to": {"MRI": "CT"}}}
    tables = month(CT_TOO | vetting, [Person(at(0, "10:00"), vetted=0.05)])
    assert outcomes(tables) == ["redirected", "scanned"]
    assert tables.referrals["modality"].tolist() == [MRI, CT]
    assert tables.referrals["parent"].tolist() == [-1, 0]
    assert column(tables, "referred") == [at(0, "10:00"), at(0, "10:00") + 2]
    assert column(tables, "left") == [at(0, "10:00") + 2, None]
    assert column(tables, "listed")[1] == at(0, "10:00") + 2 + 2
    assert appointments(tables) == [
        (1, at(6, "09:00"), "attended", "", at(6, "09:00"), at(6, "09:15")),
    ]


def test_a_redirected_request_is_vetted_before_those_made_later_in_the_month():
    """The CT request of day 20 has nothing to do with the one that was redirected on day 2."""
    vetting = {"vetting": TWO_DAYS | {"redirected": "10 %", "redirected_to": {"MRI": "CT"}}}
    people = [Person(at(0, "10:00"), vetted=0.05), Person(at(20, "10:00"), modality="CT")]
    tables = month(CT_TOO | vetting, people)
    assert tables.referrals["parent"].tolist() == [-1, -1, 0]
    assert column(tables, "scanned") == [None, at(24, "09:15"), at(6, "09:15")]


def test_who_comes_back_with_a_missed_finding_is_listed_before_those_asked_for_later_in_the_month():
    """Scanned on day 2, back ten days later and booked the next morning; the other comes on day 25."""
    missed = {"scanning": {"MRI": {"missed_findings": {"share": "60 %", "after": "10 days"}}}}
    people = [Person(at(0, "10:00")), Person(at(25, "10:00"))]
    tables = month(missed, people)
    assert column(tables, "referred")[2] == at(2, "08:30") + 10
    assert tables.referrals["parent"].tolist() == [-1, -1, 0]
    assert booked(tables)[1] == (2, at(13, "08:00"), at(14, "08:00"))


def test_a_redirected_patient_still_has_the_car_they_had():
    """Forty with and forty without a car: the new referral is of the same person."""
    vetting = {"vetting": {"redirected": "10 %", "redirected_to": {"MRI": "CT"}}}
    places = {"places": {"Town": {"households_without_car": "50 %"}}}
    cars = [NO_CAR, CAR] * 10
    people = [Person(at(0, f"10:{n:02d}"), vetted=0.05, car=car) for n, car in enumerate(cars)]
    rows = month(CT_TOO | vetting | places, people).referrals
    children = np.flatnonzero(rows["parent"] >= 0)
    assert len(children) == len(people)
    assert rows["car"][children].tolist() == rows["car"][rows["parent"][children]].tolist()


NO_CAR, CAR = 0.2, 0.8


def test_a_redirected_request_is_gone_where_the_other_test_is_not_simulated():
    vetting = {"vetting": TWO_DAYS | {"redirected": "10 %"}}
    tables = month(vetting, [Person(at(0, "10:00"), vetted=0.05)])
    assert outcomes(tables) == ["redirected"]
    assert column(tables, "left") == [at(0, "10:00") + 2]


# ---- giving up


def test_who_gives_up_leaves_at_the_next_mornings_run_and_takes_no_slot():
    """Half give up each week: the first after 3.5 days, on day 3 at ten in the evening, the others later than
    their scans."""
    changes = giving_up() | {"fleet": ONE_A_WEEK["fleet"]}
    changes["booking"] = changes["booking"] | {"horizon": "1 day"}
    people = [
        Person(at(0, "10:00"), removed=gives_up_after(0.5)),
        Person(at(0, "11:00"), removed=gives_up_after(1.0)),
        Person(at(0, "12:00"), removed=gives_up_after(2.0)),
    ]
    tables = month(changes, people)
    assert outcomes(tables) == ["removed", "scanned", "scanned"]
    assert column(tables, "left") == [at(4, "08:00"), None, None]
    assert booked(tables) == [
        (1, at(6, "08:00"), at(7, "08:00")),
        (2, at(13, "08:00"), at(14, "08:00")),
    ]


def test_who_gives_up_with_a_slot_cancels_it_and_it_goes_to_the_next_on_the_list():
    """Two have the slots of days 2 and 3; the second gives up on day 1 and the third has their slot."""
    changes = {"booking": {"horizon": "2 days"} | giving_up()["booking"]}
    changes |= {"fleet": {"scanner": {"slots_per_day": "1 per day"}}}
    people = [
        Person(at(0, "10:00")),
        Person(at(0, "11:00"), removed=gives_up_after(1 / 7)),
        Person(at(0, "12:00")),
    ]
    tables = month(changes, people)
    assert appointments(tables) == [
        (0, at(2, "08:00"), "attended", "", at(2, "08:00"), at(2, "08:30")),
        (1, at(3, "08:00"), "cancelled_by_patient", "", None, None),
        (2, at(3, "08:00"), "attended", "", at(3, "08:00"), at(3, "08:30")),
    ]
    assert column(tables, "left") == [None, at(2, "08:00"), None]
    made = tables.appointments
    assert made["cancelled"][made["referral"] == 1].tolist() == [at(2, "08:00")]
    assert booked(tables)[1:] == [
        (1, at(1, "08:00"), at(3, "08:00")),
        (2, at(2, "08:00"), at(3, "08:00")),
    ]


def test_nobody_is_removed_after_their_scan():
    """They would have given up on day 2 at noon, and were scanned that morning at eight."""
    tables = month(giving_up(), [Person(at(0, "12:00"), removed=gives_up_after(2 / 7))])
    assert outcomes(tables) == ["scanned"]
    assert column(tables, "scanned") == [at(2, "08:30")]


@pytest.mark.parametrize("opens", ["06:00", "07:00", "07:59"])
def test_who_was_scanned_before_the_clerk_came_is_not_removed_that_morning(opens):
    """They would have given up at midnight before; at six their scan begins, and the clerk comes at eight."""
    early = {"fleet": {"scanner": {"opens": opens, "closes": "18:00"}}}
    tables = month(early | giving_up(), [Person(at(0, "12:00"), removed=gives_up_after(1.5 / 7))])
    assert outcomes(tables) == ["scanned"]
    assert column(tables, "scan_start") == [at(2, opens)]


def test_who_gives_up_in_vetting_is_never_listed():
    vetting = {"vetting": {"time": {"routine": "5 days"}}}
    tables = month(giving_up() | vetting, [Person(at(0, "10:00"), removed=gives_up_after(0.4))])
    assert outcomes(tables) == ["removed"]
    assert column(tables, "left") == [at(3, "08:00")]
    assert column(tables, "listed") == [None]


def test_nobody_gives_up_before_the_first_time_named():
    """From ten days on half a week: the smallest draw of all leaves at ten days, not before."""
    changes = ONE_A_DAY | {"booking": giving_up(after="10 days")["booking"] | {"horizon": "1 day"}}
    changes["fleet"] = {"scanner": {"slots_per_day": "1 per day", "days": ["friday"]}}
    people = [Person(at(0, "10:00")), Person(at(0, "11:00"), removed=0.0)]
    tables = month(changes, people)
    assert column(tables, "left") == [None, at(11, "08:00")]


@pytest.mark.parametrize(
    ("weeks", "u", "days"),
    [
        (0, 0.75, 14 + 7),
        (1, 0.875, 14 + 7 + 7),
        (2, 0.5, 14 + 3.5),
        (3, 0.5, 21 + 7),
        (10, 0.75, 70 + 14),
    ],
)
def test_somebody_who_has_waited_long_gives_up_at_the_rate_of_their_age(weeks, u, days):
    """Nobody for two weeks, then three quarters a week, from the third week on half a week.

    A u of 0.75 is two halvings: one week of the first rate, or two of the second.
    """
    steps = [Removal(after="14 days", a_week="75 %"), Removal(after="21 days", a_week="50 %")]
    found = Removing(steps).days(np.array([u]), np.array([7.0 * weeks]))
    assert found[0] == pytest.approx(days, abs=1e-9)


def test_people_of_an_opening_list_give_up_by_their_age_and_not_from_the_start():
    """Half a week from ten weeks on, and two who draw the quarter of a week. For who has waited nine and a
    half weeks half a week passes first, for who has waited twelve and a half nothing does. The oldest has
    Tuesday's slot."""
    booking = {"horizon": "1 day"} | giving_up(after="70 days")["booking"]
    changes = {"booking": booking, "fleet": {"scanner": {"slots_per_day": "1 per day", "days": ["tuesday"]}}}
    quarter = gives_up_after(0.25)
    people = [Waits(0.5), Waits(0.5, removed=quarter), Waits(0.5, removed=quarter), Waits(0.0)]
    tables = month(changes | opening(*bands(w1=1, w9=1, w12=1, w13=1)), opening_lists={"waiting": people})
    assert column(tables, "referred") == [-7 * 13, -7 * 12.5, -7 * 9.5, -10.5]
    assert column(tables, "left") == [None, at(2, "08:00"), at(5, "08:00"), None]


def test_the_rate_of_giving_up_comes_about():
    """One slot a week for 35 requests, so that nobody considered is booked within five weeks.

    About 2,600 people and 3.5 standard errors of the share left after four weeks, 0.033, at the clerk's run
    of that day or the next. A rate of 12 % a week would be off by 0.056, and seen in 99 of 100 runs.
    """
    sim = february(
        {
            "calendar": {"years": "2 years"},
            "demand": {"MRI": {"per_year": "1800 per year"}},
            "booking": {"removal": [{"after": "0 days", "a_week": "10 %"}], "horizon": "1 day"},
            "fleet": {"scanner": {"slots_per_day": "1 per day", "days": ["friday"]}},
        }
    )
    rows = ran(sim).referrals
    some = (rows["referred"] > 160) & (rows["referred"] < sim.world.days.end - 36)
    assert np.nanmin((rows["booked"] - rows["referred"])[some]) > 35
    days = np.nan_to_num(rows["left"] - rows["referred"], nan=math.inf)[some]
    assert len(days) > 2500
    for weeks in (1, 2, 4):
        stays = 0.9**weeks
        error = 3.5 * math.sqrt(stays * (1 - stays) / len(days))
        assert np.mean(days > 7 * weeks + 1) - error <= stays <= np.mean(days > 7 * weeks) + error


def test_planned_scans_may_be_given_up_too():
    changes = giving_up() | PLANNED_TOO | {"fleet": ONE_A_WEEK["fleet"]}
    changes["booking"] = changes["booking"] | {"horizon": "1 day"}
    tables = month(changes, [Person(at(0, "10:00"), priority=PLANNED, removed=gives_up_after(0.5))])
    assert outcomes(tables) == ["removed"]


# ---- discharge after missed appointments

MISSES = Try(misses=0.05)
SOME_MISS = {"missed": "10 %"}


@pytest.mark.parametrize("misses", [1, 2, 3])
def test_who_has_missed_so_many_appointments_is_discharged_at_the_last(misses):
    """Missed on days 2, 4 and 6: booked again the morning after, for the day after that."""
    rule = {"attendance": SOME_MISS | {"discharged_after": misses}}
    tables = month(rule, [Person(at(0, "10:00"), tries=(MISSES,) * 5)])
    days = [2, 4, 6][:misses]
    assert appointments(tables) == [(0, at(day, "08:00"), "missed", "", None, None) for day in days]
    assert outcomes(tables) == ["discharged"]
    assert column(tables, "left") == [at(days[-1], "08:00")]


def test_who_comes_in_between_is_not_discharged():
    """Two misses would end it; the second appointment is kept."""
    rule = {"attendance": SOME_MISS | {"discharged_after": 2}}
    tables = month(rule, [Person(at(0, "10:00"), tries=(MISSES, Try()))])
    assert outcomes(tables) == ["scanned"]
    assert column(tables, "scanned") == [at(4, "08:30")]


def test_a_cancelled_appointment_is_no_missed_one():
    rule = {"attendance": SOME_MISS | {"discharged_after": 2, "cancelled_by_patient": "10 %"}}
    tables = month(rule, [Person(at(0, "10:00"), tries=(MISSES, Try(cancels=0.09), Try()))])
    assert outcomes(tables) == ["scanned"]


def test_who_was_discharged_is_in_no_list_and_has_no_slot_afterwards():
    sim = february({"attendance": SOME_MISS | {"discharged_after": 1}})
    tables = ran(sim, [Person(at(0, "10:00"), tries=(MISSES,))])
    assert counted(tables, sim) == {}
    assert len(booked(tables)) == 1


def test_a_planned_scan_is_not_redirected_as_it_was_vetted_before():
    """Nobody plans CT here: there is no list on which it could wait."""
    vetting = {"vetting": TWO_DAYS | {"redirected": "10 %", "redirected_to": {"MRI": "CT"}}}
    changes = CT_TOO | vetting
    changes["demand"] = changes["demand"] | PLANNED_TOO["demand"]
    tables = month(changes, [Person(at(0, "10:00"), priority=PLANNED, vetted=0.05)])
    assert outcomes(tables) == ["scanned"]
    assert column(tables, "scanned") == [at(2, "08:30")]
