"""Where people are scanned, on which scanners, and how many slots are staffed."""

import numpy as np
import pytest

from sim.model.section import WEEKDAYS
from tests.functional.model.two_towns import VAN, two_towns, waits
from tests.world import tables, world

TOWN, VILLAGE = 0, 1
FIXED, MOBILE = 0, 1


def scanned_by(found, scanner: int) -> np.ndarray:
    """Who was scanned there."""
    return found.referrals["scanner"] == scanner


def test_a_mobile_scans_only_on_the_days_it_visits():
    found = tables(two_towns())
    days = found.referrals["scanned"][scanned_by(found, MOBILE)].astype(int)
    weekdays = {WEEKDAYS[(day + 1) % 7] for day in days}
    assert weekdays == {"tuesday", "friday"}
    first = found.sessions["set_up_seconds"][found.sessions["scanner"] == MOBILE]
    assert set(first) == {1800}


def test_people_go_to_the_nearest_site_however_long_its_list():
    found = tables(two_towns(fleet={"van": {"slots_per_day": "3 per day"}}))
    place = found.referrals["place"]
    assert set(place[scanned_by(found, MOBILE)]) == {VILLAGE}
    assert set(place[scanned_by(found, FIXED)]) == {TOWN}
    assert waits(found, place == VILLAGE) > 5 * waits(found, place == TOWN)


def test_who_may_not_be_scanned_on_the_mobile_goes_elsewhere():
    takes = {"van": {"complexity": ["standard"], "priority": ["routine", "urgent"]}}
    found = tables(two_towns(eligibility={"takes": takes}))
    rows = found.referrals
    refused = (rows["complexity"] == 1) | (rows["priority"] == 0)
    assert not (scanned_by(found, MOBILE) & refused).any()
    at_home = scanned_by(found, FIXED) & (rows["place"] == VILLAGE)
    assert at_home.sum() > 100 and refused[at_home].all()
    apart = rows["travel_minutes"][at_home]
    assert np.isfinite(apart).all() and (apart > 15).all()


def test_who_goes_to_the_first_free_slot_waits_about_the_same_at_both_places():
    tight = {"van": {"slots_per_day": "3 per day"}}
    found = tables(two_towns(eligibility={"choice": "soonest"}, fleet=tight))
    place = found.referrals["place"]
    assert {*place[scanned_by(found, FIXED)]} == {*place[scanned_by(found, MOBILE)]} == {TOWN, VILLAGE}
    assert abs(waits(found, place == TOWN) - waits(found, place == VILLAGE)) < 0.5


def test_of_two_sites_equally_near_both_are_used():
    here = {"Clinic": {"place": "Town", "latitude": "51.7 degrees", "longitude": "-1.2 degrees"}}
    van = VAN | {"site": "Clinic", "opens": "08:00", "closes": "18:00", "set_up": "0 minutes"}
    reporting = {"radiologists": {"reports_for": ["Trust", "Company"]}}
    found = tables({"sites": here, "fleet": {"van": van}, "reporting": reporting})
    assert scanned_by(found, FIXED).sum() > 500 and scanned_by(found, MOBILE).sum() > 100


@pytest.mark.parametrize(
    ("sensitivity", "made_up", "minutes", "slots"),
    [(1.0, 1.0, 30, 10), (0.5, 1.0, 60, 10), (0.25, 1.0, 120, 5), (0.25, 0.5, 60, 10), (0.25, 0.0, 30, 10),
     (4.0, 1.0, 7.5, 10), (0.2, 1.0, 150, 4)],
)  # fmt: skip
def test_a_less_sensitive_scanner_scans_longer_and_so_fewer(sensitivity, made_up, minutes, slots):
    """30 minutes x (1/s)^c, in a day of ten hours with at most ten slots."""
    (scanner,) = world(
        {
            "fleet": {"scanner": {"relative_sensitivity": sensitivity}},
            "scanning": {"MRI": {"made_up_by_longer_scanning": made_up}},
        }
    ).scanners
    (template,) = scanner.templates
    assert scanner.couch_seconds == pytest.approx((60 * minutes, 60 * minutes))
    assert template.slots == pytest.approx(slots)
    assert template.slot_seconds == pytest.approx(36_000 / slots)


def test_scans_take_their_mean_time_on_the_scanner_they_are_made_on():
    found = tables(two_towns(fleet={"van": {"relative_sensitivity": 0.75}})).appointments
    scans = found["outcome"] == 1
    for scanner, minutes in ((FIXED, 30), (MOBILE, 40)):
        took = (found["scan_end"] - found["scan_start"])[scans & (found["scanner"] == scanner)] * 1440
        assert abs(took.mean() - minutes) <= 3.5 * took.std() / np.sqrt(len(took))
        assert took.std() == pytest.approx(0.3 * minutes, rel=0.2)


def staffed(load: str, referrals: str = "1000 per year", **changes) -> list[float]:
    """Staffed slots a session of every scanner, when 5 % are planned to be missed."""
    plan = {"planned_load": load, "planned_missed": "5 %", "planned_referrals": {"MRI": referrals}}
    scanners = world(two_towns(workforce=plan, **changes)).scanners
    return [template.slots for scanner in scanners for template in scanner.templates]


def test_half_the_planned_load_is_twice_the_staffed_slots_up_to_what_a_scanner_can_offer():
    full, half, tenth = staffed("80 %"), staffed("40 %"), staffed("4 %")
    assert half == pytest.approx([2 * slots for slots in full])
    assert tenth == [10, 12]


def test_staffed_slots_are_planned_referrals_over_sessions_attendance_and_load():
    """Two thirds live in Town, whose scanner works on all of the 1,461 days of 2019 to 2022 but 34 bank
    holidays; a third in the village, of whose 418 Tuesdays and Fridays 11 are bank holidays."""
    assert staffed("80 %") == pytest.approx(
        [1000 * 2 / 3 / (1427 / 4) / 0.95 / 0.8, 1000 / 3 / (407 / 4) / 0.95 / 0.8]
    )


def test_staffed_slots_follow_the_plan_and_not_what_then_comes():
    plain = staffed("80 %")
    assert plain == staffed("80 %", demand={"MRI": {"per_year": "9000 per year"}})
    assert plain == staffed("80 %", attendance={"missed": "40 %"})
    assert plain == staffed("80 %", scanning={"MRI": {"uptime": "60 %"}})
    assert plain == staffed("80 %", fleet={"scanner": {"relative_sensitivity": 0.6}})
    assert staffed("80 %", referrals="500 per year") == pytest.approx([slots / 2 for slots in plain])


def test_what_is_staffed_is_what_is_offered_over_a_year():
    plan = {"planned_load": "80 %", "planned_missed": "5 %", "planned_referrals": {"MRI": "1000 per year"}}
    sessions = tables(two_towns(workforce=plan)).sessions
    for scanner, open_days in ((FIXED, 365 - 8), (MOBILE, 2 * 52 + 1 - 2)):
        offered = sessions["slots"][sessions["scanner"] == scanner].sum()
        assert abs(offered - open_days * staffed("80 %")[scanner]) <= 1


def test_nobody_is_booked_into_a_session_that_is_known_to_have_no_crew():
    """Also not in the slot of somebody who cancels that morning."""
    crew = {
        "providers": ["Trust"],
        "establishment": "1 people",
        "sickness": "30 %",
        "sessions_per_week": "7 per week",
    }
    found = tables(
        {
            "fleet": {"scanner": {"radiographers": "1 people"}},
            "demand": {"MRI": {"per_year": "4500 per year"}},
            "attendance": {"cancelled_by_patient": "30 %"},
            "booking": {"minimum_notice": "0 days", "clerk_starts": "07:00"},
            "workforce": {"crews": {"trust": crew}},
        }
    )
    made = found.appointments
    lost = made["lost_to"] == found.labels["lost_to"].index("crew")
    assert lost.sum() > 100
    assert not (made["booked"][lost] >= np.floor(made["slot_start"][lost])).any()
