"""Crews worked out by hand: who is rostered, who is off sick, and which sessions are cancelled."""

import datetime
from dataclasses import replace
from types import SimpleNamespace

import pytest

from sim.measures import crews
from sim.model.rosters import Crew, Need, off_sick, on_the_roster
from sim.model.sessions import Session
from sim.model.streams import ROSTER
from sim.model.tables import Tables
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
from tests.world import simulation, tables, world

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
        "workforce": {"crews": {"trust": laid_over(trust, crew)}},
    }


OPEN_DAYS = list(range(1, 31))
"""Without the bank holiday at the beginning."""
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
    return world(crewed(**crew)).crews[0]


def covered(changes: dict) -> tuple[float, list[float]]:
    """(what the crew works in a week over what is needed, radiographers needed by weekday) at the start."""
    sim = simulation(changes)
    (crew,) = sim.world.crews
    need = Need(crew.scanners, sim.works).on(0)
    return pytest.approx(crew.covers(crew.posts, need)), need


def test_posts_less_vacancies_times_their_sessions_are_shared_over_the_week():
    """Four posts, a tenth vacant, five sessions a week: 18 for the week's seven sessions."""
    assert covered(crewed(vacancies="10 %")) == (18 / 7, [1.0] * 7)


def test_too_small_a_crew_is_spread_evenly():
    assert covered(crewed(establishment="1 people", vacancies="30 %")) == (0.5, [1.0] * 7)


def test_days_that_need_more_are_given_more():
    """Four sessions a week for eight: half on each day."""
    more = {"days": ["monday"], "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day"}
    changes = laid_over(
        crewed(establishment="0.8 people"),
        {"fleet": {"scanner": {"more_sessions": {"evening": more | {"radiographers": "1 people"}}}}},
    )
    assert covered(changes) == (0.5, [2.0] + [1.0] * 6)


@pytest.mark.parametrize(
    ("u", "come"), [(0.0, 0), (0.29, 0), (0.30, 1), (0.74, 1), (0.75, 2), (0.96, 2), (0.97, 3), (1.0, 3)]
)
def test_those_who_come_are_a_binomial_number(u, come):
    """Of three who each come with a third: 8/27, 20/27 and 26/27 are at most none, one and two."""
    assert 3 - off_sick(3, 2 / 3, u) == come


def test_where_nobody_is_ever_sick_everybody_comes():
    assert off_sick(3, 0.0, 0.0) == 0


def test_half_a_person_is_off_sick_as_a_whole_one():
    """Two and a half are three people; a chance of a half each, at the median one comes."""
    assert off_sick(2.5, 0.5, 0.5) == 2


def a_day(*people: float) -> list[Session]:
    """Sessions that need so many radiographers each."""
    scanner = world().scanners[0]
    templates = (replace(scanner.templates[0], radiographers=number) for number in people)
    return [Session(n, scanner, template, 0, (0, 1), 0) for n, template in enumerate(templates)]


@pytest.mark.parametrize(
    ("people", "v", "held"), [(4, 0.9, 2), (3, 0.49, 2), (3, 0.51, 1), (1, 0.49, 1), (1, 0.51, 0), (0, 0, 0)]
)
def test_a_roster_is_made_of_whole_crews(people, v, held):
    """Two sessions that need two each. Three people hold the second on half of the days: nobody comes
    alone."""
    assert len(on_the_roster(a_day(2, 2), people, v)) == held


def test_who_is_too_few_for_the_next_session_does_not_hold_a_smaller_one_after_it():
    assert on_the_roster(a_day(2, 1), 1.0, 0.6) == []


def test_a_full_crew_of_one_and_a_half_holds_every_session():
    crew = crewed("1.5 people", establishment="2.1 people")  # 10.5 sessions of a radiographer a week
    assert not by_hand(crew, []).sessions["no_crew_seconds"].any()


def test_a_crew_too_small_by_a_fraction_loses_that_fraction_of_its_sessions():
    """Seven sessions that need two, 10.5 of 14 sessions of a radiographer: a quarter is lost. Over two
    years, five standard errors either way."""
    found = tables(
        laid_over(
            crewed("2 people", establishment="2.1 people"),
            {"calendar": {"years": "2 years"}, "demand": {"MRI": {"per_year": "0 per year"}}},
        )
    ).sessions
    lost = found["no_crew_seconds"] > 0
    assert abs(lost.mean() - 0.25) < 5 * (0.25 * 0.75 / len(lost)) ** 0.5


# ---- how many posts there are


def test_without_an_establishment_there_are_the_posts_that_hold_the_planned_sessions():
    """Seven sessions a week that need two, five a week for each post: 2.8 posts."""
    assert crew_of(establishment=None).posts == pytest.approx(1.4)
    sized = crewed("2 people", establishment=None)
    assert world(sized).crews[0].posts == pytest.approx(2.8)
    assert not by_hand(sized, []).sessions["no_crew_seconds"].any()


def test_cover_and_vacancies_make_them_fewer():
    assert crew_of(establishment=None, cover="110 %", vacancies="10 %").posts == pytest.approx(1.4 * 0.99)


def test_posts_follow_the_part_of_a_session_that_the_plan_staffs():
    """Ten slots could be offered a session; 500 referrals a year at a load of 80 % need fewer."""
    plan = {"planned_load": "80 %", "planned_referrals": {"MRI": "500 per year"}}
    changes = laid_over(crewed(establishment=None), {"workforce": plan})
    made = world(changes)
    slots = made.scanners[0].templates[0].slots
    assert 1 < slots < 2 and made.crews[0].posts == pytest.approx(1.4 * slots / 10)
    assert not by_hand(changes, []).sessions["no_crew_seconds"].any()


def test_sessions_in_reserve_have_no_posts_until_somebody_is_given_some():
    reserve = {"fleet": {"second": SECOND | {"radiographers": "1 people", "in_reserve": True}}}
    assert world(laid_over(crewed(establishment=None), reserve)).crews[0].posts == pytest.approx(1.4)


# ---- who needs them follows what works


def test_a_scanner_that_comes_into_use_shares_the_crew_and_one_that_goes_gives_it_back():
    """Seven sessions of a radiographer a week; from day 10 to day 19 two scanners need one each."""
    changes = laid_over(
        crewed(establishment="1.4 people"),
        {"fleet": {"second": SECOND | {"radiographers": "1 people", "in_reserve": True}}},
    )
    found = by_hand(changes, [], prepare=lambda sim: sim.works.begin(1, 0, 10, 20)).sessions
    lost = found["no_crew_seconds"] > 0
    assert found["day"][lost].tolist() == list(range(10, 20))
    assert sorted(found["day"][~lost].tolist()) == OPEN_DAYS


def test_an_evening_that_is_called_off_leaves_its_radiographers_to_the_others():
    """Half of 14 sessions have a crew, one a day; from day 10 only seven are held, each with a crew."""
    more = {"days": WEEK, "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day"}
    changes = laid_over(
        crewed(establishment="1.4 people"),
        {"fleet": {"scanner": {"more_sessions": {"evening": more | {"radiographers": "1 people"}}}}},
    )

    def stop(sim) -> None:
        sim.works.spans[0, 1] = [(0, 10)]

    found = by_hand(changes, [], prepare=stop).sessions
    assert found["day"][found["no_crew_seconds"] > 0].tolist() == OPEN_DAYS[:9]


# ---- whoever has no crew


def test_without_a_crew_that_names_the_provider_its_sessions_are_held_as_planned():
    somebody = {"workforce": {"crews": {"trust": {"providers": ["Somebody"]}}}}
    tables = by_hand(laid_over(crewed(establishment="0 people"), somebody), asked_for(1))
    assert scans(tables) == [scanned(0, 3, "08:00", "08:30")]
    assert not tables.sessions["radiographers"].any()


# ---- who is there, and how much of their time is used


def who_was_there(tables: Tables, day: int) -> list[tuple[float, float]]:
    """(rostered, at work) of each session of a day."""
    rows = tables.sessions["day"] == day
    return list(zip(*(tables.sessions[name][rows].tolist() for name in ("rostered", "radiographers"))))


def crew_use(tables: Tables) -> float | None:
    found = crews.measure(SimpleNamespace(sessions=tables.sessions))
    return found.get("crew_use_percent")


def test_just_enough_are_rostered_and_all_of_their_time_is_used():
    tables = by_hand(crewed("2 people", establishment="2.8 people"), [])
    assert who_was_there(tables, 3) == [(pytest.approx(2), 2)]
    assert crew_use(tables) == pytest.approx(100)


def test_of_twice_as_many_half_are_used():
    """14 sessions of a radiographer are needed a week, and 5.6 posts work 28."""
    tables = by_hand(crewed("2 people", establishment="5.6 people"), [])
    assert who_was_there(tables, 3) == [(pytest.approx(4), 2)]
    assert crew_use(tables) == pytest.approx(50)


def test_of_too_few_everybody_is_used():
    tables = by_hand(crewed(establishment="0.7 people"), [])
    assert set(who_was_there(tables, 3) + who_was_there(tables, 4)) <= {(1.0, 1.0), (0.0, 0.0)}
    assert tables.sessions["no_crew_seconds"].any() and crew_use(tables) == 100


def test_who_is_left_over_as_another_is_sick_holds_no_session():
    """On one of 30 days."""
    changes = crewed("2 people", establishment="2.8 people", sickness="50 %")
    tables = by_hand(changes, [], prepare=fated({(ROSTER, 3): (0.5, NEVER)}, otherwise=1.0))
    assert who_was_there(tables, 3) == [(pytest.approx(2), 0)]
    assert crew_use(tables) == pytest.approx(100 * 29 / 30)


def test_a_crew_in_front_of_a_scanner_in_maintenance_is_not_used():
    maintained = {"fleet": {"scanner": {"maintenance": {"every": "10 days", "lasts": "1 day"}}}}
    tables = by_hand(laid_over(crewed(establishment="1.4 people"), maintained), [])
    days = sum(tables.sessions["maintenance_seconds"] > 0)
    assert days in (2, 3) and crew_use(tables) == pytest.approx(100 * (30 - days) / 30)


def two_of_which_is_maintained(name: str, **crew) -> dict:
    """Two scanners with a crew of one each a day; one of them is maintained on day 3."""
    two = laid_over(crewed(**crew), {"fleet": {"second": SECOND | {"radiographers": "1 people"}}})
    new = {"closes": datetime.date(2019, 1, 4), "opens": datetime.date(2019, 1, 5)}
    return laid_over(two, {"fleet": {name: {"replacement": new}}})


def without_a_crew(tables: Tables, day: int) -> int:
    """How many of a day's sessions had none."""
    return int((tables.sessions["no_crew_seconds"][tables.sessions["day"] == day] > 0).sum())


@pytest.mark.parametrize("name", ["scanner", "second"])
def test_the_crew_of_a_scanner_in_maintenance_holds_the_session_of_another(name):
    """People for one of two sessions a day: on day 3 it is that of the scanner that is not maintained."""
    tables = by_hand(two_of_which_is_maintained(name, establishment="1.4 people"), [])
    assert [without_a_crew(tables, day) for day in (3, 4, 5, 6)] == [0, 1, 1, 1]


@pytest.mark.parametrize("name", ["scanner", "second"])
def test_the_crew_of_a_scanner_in_maintenance_stands_in_for_who_is_off_sick(name):
    """Two a day for two sessions, and one is sick on days 3 and 4; on day 3 one scanner is maintained."""
    changes = two_of_which_is_maintained(name, establishment="2.8 people", sickness="50 %")
    sick = {(ROSTER, 3): (0.5, NEVER), (ROSTER, 4): (0.5, NEVER)}
    tables = by_hand(changes, [], prepare=fated(sick, otherwise=1.0))
    assert [without_a_crew(tables, day) for day in (3, 4, 5)] == [0, 1, 0]


def test_without_crews_there_is_no_use_of_them():
    assert crew_use(by_hand({"fleet": {"scanner": {"radiographers": "2 people"}}}, [])) is None


def test_nobody_comes_on_a_day_without_a_crew():
    tables = by_hand(crewed(establishment="0 people"), [])
    assert tables.sessions["no_crew_seconds"].all() and who_was_there(tables, 3) == [(0, 0)]
