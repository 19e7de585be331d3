"""Crews worked out by hand: who is rostered, who is off sick, and which sessions are cancelled."""

import pytest

from sim.model.rosters import Crew, at_work
from sim.model.streams import ROSTER
from tests.functional.model.two_towns import laid_over
from tests.unit.model.by_hand import at
from tests.unit.model.suites_by_hand import (
    ALWAYS,
    EMERGENCIES_ONLY,
    NEVER,
    NO_EMERGENCIES,
    SECOND,
    WEEK,
    accounts,
    asked_for,
    by_hand,
    fated,
    not_scanned,
    scanned,
    scans,
    turns_up,
)
from tests.world import world

SPOT = {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}
VILLAGE = {
    "places": {"Village": {"population": "9 people", "households_without_car": "0 %"} | SPOT},
    "sites": {"Green": {"place": "Village"} | SPOT},
}


def crewed(people: str = "1 people", **crew) -> dict:
    """One scanner whose every session needs so many; four whole-time posts at five sessions a week."""
    trust = {"providers": ["Trust"], "establishment": "4 people", "sessions_per_week": "5 per week"}
    return {
        "fleet": {"scanner": {"radiographers": people}},
        "workforce": {"crews": {"trust": trust | crew}},
    }


ALL_OFF_SICK = fated({(ROSTER, 3): (ALWAYS, NEVER)})
"""On day 3 everybody who can be sick is."""


def test_a_full_crew_in_good_health_holds_every_session():
    tables = by_hand(crewed(), asked_for(1))
    assert scans(tables) == [scanned(0, 3, "08:00", "08:30")]
    assert not tables.sessions["no_crew_seconds"].any()


def test_patients_of_a_session_without_a_crew_are_cancelled_by_the_hospital():
    tables = by_hand(crewed(sickness="10 %"), asked_for(2), prepare=ALL_OFF_SICK)
    assert not_scanned(tables) == [
        (0, at(3, "08:00"), "cancelled_by_hospital", "crew"),
        (1, at(3, "09:00"), "cancelled_by_hospital", "crew"),
    ]
    assert accounts(tables, 3) == [{"open": 36000, "no_crew": 36000}]
    assert scans(tables) == [scanned(0, 5, "08:00", "08:30"), scanned(1, 5, "09:00", "09:30")]


def test_who_is_told_on_the_day_does_not_miss_the_appointment_but_may_have_cancelled_it():
    first, second = asked_for(2)
    changes = crewed(sickness="10 %") | {"attendance": {"missed": "10 %", "cancelled_by_patient": "5 %"}}
    patients = [first._replace(comes=0.0), second._replace(cancels=0.04999999)]
    tables = by_hand(changes, patients, prepare=ALL_OFF_SICK)
    assert [row[2:] for row in not_scanned(tables)[:2]] == [
        ("cancelled_by_hospital", "crew"),
        ("cancelled_by_patient", ""),
    ]


def test_nobody_is_booked_on_the_day_into_a_session_without_a_crew():
    """Asked for at ten on day 2, bookable from day 3 on the same day: day 3 has no crew."""
    changes = crewed(sickness="10 %") | {"booking": {"minimum_notice": "0 days"}}
    tables = by_hand(changes, asked_for(1, 2), prepare=ALL_OFF_SICK)
    assert not_scanned(tables) == []
    assert scans(tables) == [scanned(0, 4, "08:00", "08:30")]


def test_a_slot_cancelled_in_a_session_without_a_crew_is_offered_to_nobody():
    """One slot a day. The first cancels that of day 3 at six that morning; the third, who would come at
    short notice, waits, as day 4 is the second's."""
    changes = laid_over(
        crewed(sickness="10 %"),
        {
            "fleet": {"scanner": {"slots_per_day": "1 per day"}},
            "attendance": {"cancelled_by_patient": "10 %"},
            "booking": {"short_notice": "50 %", "horizon": "1 day"},
        },
    )
    booked, due, cancels_at = at(2, "08:00"), at(3, "08:00"), at(3, "06:00")
    share = (cancels_at - booked) / (due - booked)
    (first, second), (third,) = asked_for(2), asked_for(1, 2)
    patients = [first._replace(cancels=0.1 * share), second, third._replace(short_notice=ALWAYS)]
    tables = by_hand(changes, patients, prepare=ALL_OFF_SICK)
    assert not_scanned(tables) == [(0, due, "cancelled_by_patient", "")]
    assert scans(tables)[0] == scanned(1, 4, "08:00", "08:30")


def test_a_session_that_needs_two_is_not_held_by_one():
    """Of two rostered one comes: the median of two who each come with a chance of a half is one."""
    changes = crewed("2 people", sickness="50 %")
    tables = by_hand(changes, asked_for(1), prepare=fated({(ROSTER, 3): (0.5, NEVER)}))
    assert accounts(tables, 3) == [{"open": 36000, "no_crew": 36000}]


def test_one_who_is_left_holds_the_session_that_needs_one():
    """The session that needs two is cancelled, whatever the lot; the other is held."""
    changes = laid_over(
        crewed("2 people", establishment="5 people", sickness="50 %"),
        {"fleet": {"second": SECOND | {"radiographers": "1 people"}}},
    )
    # three rostered, one comes: P(none) is 1/8, P(at most one) is 1/2
    tables = by_hand(changes, [], prepare=fated({(ROSTER, 3): (0.3, NEVER)}))
    assert accounts(tables, 3, 0) == [{"open": 36000, "no_crew": 36000}]
    assert accounts(tables, 3, 1) == [{"open": 36000, "idle": 36000}]


@pytest.mark.parametrize("unscheduled", ["scanner", "green"])
def test_the_site_with_unscheduled_patients_loses_its_session_last(unscheduled):
    """Two sites share a crew of two, of whom one comes, on every day of the month."""
    other = {"scanner": "green", "green": "scanner"}[unscheduled]
    changes = laid_over(
        crewed(sickness="50 %"),
        VILLAGE
        | {
            "fleet": {"green": SECOND | {"site": "Green", "radiographers": "1 people"}},
            "eligibility": {"takes": {other: NO_EMERGENCIES}},
        },
    )
    tables = by_hand(changes, [], prepare=fated({(ROSTER, 0): (0.5, NEVER)}, otherwise=0.5))
    lost = tables.sessions["scanner"][tables.sessions["no_crew_seconds"] > 0].tolist()
    assert set(lost) == {["scanner", "green"].index(other)}
    assert len(lost) == len(set(tables.sessions["day"].tolist()))


def test_of_two_sessions_of_a_suite_the_one_that_takes_emergencies_is_lost_last():
    """The second scanner has the emergencies; the first has only booked patients."""
    changes = laid_over(
        crewed(sickness="50 %"),
        {
            "fleet": {"second": SECOND | {"radiographers": "1 people"}},
            "eligibility": {"takes": {"scanner": NO_EMERGENCIES, "second": EMERGENCIES_ONLY}},
        },
    )
    tables = by_hand(changes, [], prepare=fated({(ROSTER, 0): (0.5, NEVER)}, otherwise=0.5))
    lost = tables.sessions["scanner"][tables.sessions["no_crew_seconds"] > 0]
    assert len(lost) and not lost.any()


def test_who_turns_up_at_a_scanner_without_a_crew_waits_for_the_next_day():
    tables = by_hand(crewed(sickness="10 %"), [turns_up(3, "09:00")], prepare=ALL_OFF_SICK)
    assert scans(tables) == [scanned(0, 4, "08:00", "08:30")]


def test_an_evening_session_can_be_lost_while_the_day_is_held():
    more = {"days": WEEK, "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day"}
    changes = laid_over(
        crewed(sickness="50 %", establishment="10 people"),
        {"fleet": {"scanner": {"more_sessions": {"evening": more | {"radiographers": "1 people"}}}}},
    )
    tables = by_hand(changes, [], prepare=fated({(ROSTER, 3): (0.5, NEVER)}))
    found = accounts(tables, 3)
    assert sum(one.get("no_crew", 0) > 0 for one in found) == 1
    assert sum(one.get("no_crew", 0) == 0 for one in found) == 1


# ---- how many are rostered


def crew_of(**crew) -> Crew:
    return world(laid_over(crewed(), {"workforce": {"crews": {"trust": crew}}})).crews[0]


def test_posts_less_vacancies_times_their_sessions_are_shared_over_the_week():
    """Four posts, a tenth vacant, five sessions a week: 18 for the week's seven sessions and no more."""
    crew = crew_of(vacancies="10 %")
    assert crew.a_week == pytest.approx(18)
    assert [crew.rostered(day) for day in range(7)] == [1.0] * 7


def test_too_small_a_crew_is_spread_evenly():
    crew = crew_of(establishment="1 people", vacancies="30 %")
    assert [crew.rostered(day) for day in range(7)] == pytest.approx([0.5] * 7)


def test_days_that_need_more_are_given_more():
    more = {"days": ["monday"], "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day"}
    changes = laid_over(
        crewed(establishment="0.8 people"),
        {"fleet": {"scanner": {"more_sessions": {"evening": more | {"radiographers": "1 people"}}}}},
    )
    crew = world(changes).crews[0]
    assert [crew.rostered(day) for day in range(7)] == pytest.approx([1.0] + [0.5] * 6)


@pytest.mark.parametrize(
    ("u", "come"), [(0.0, 0), (0.29, 0), (0.30, 1), (0.74, 1), (0.75, 2), (0.96, 2), (0.97, 3), (1.0, 3)]
)
def test_those_who_come_are_a_binomial_number(u, come):
    """Of three who each come with a third: 8/27, 20/27 and 26/27 are at most none, one and two."""
    assert at_work(3.0, 2 / 3, u, 1.0) == come


def test_a_fraction_of_a_person_comes_on_that_share_of_days():
    assert [at_work(2.4, 0.0, 0.5, v) for v in (0.0, 0.39, 0.41, 0.99)] == [3, 3, 2, 2]
    assert at_work(0.0, 0.1, 0.5, 0.0) == 0
