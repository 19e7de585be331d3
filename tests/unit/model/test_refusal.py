"""Who refuses a site because it is far. Three sites worked out by hand.

From the town the hospital is a quarter of an hour by car, Green an hour and Coast two; without a car
twice as long. A third refuse at an hour, two thirds at two hours: 0 % at half an hour, 60 % at an hour and
a half, 80 % at two and a half and beyond, and straight lines between.
"""

import pytest

from sim.model.demand import URGENT
from tests.unit.model.by_hand import at
from tests.unit.model.list_by_hand import Person, booked, february, month

HERE = {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}
PLACE = {"population": "50000 people", "households_without_car": "20 %"} | HERE
LINE = [
    {"travel": "30 minutes", "share": "0 %"},
    {"travel": "90 minutes", "share": "60 %"},
    {"travel": "150 minutes", "share": "80 %"},
]
CAR, NO_CAR = 0.5, 0.1
SUNDAY_AT_COAST, MONDAY_AT_GREEN, FRIDAY_AT_HOME = at(2, "08:00"), at(3, "08:00"), at(7, "08:00")


def scanner_at(site: str, day: str) -> dict:
    fixed = {"kind": "fixed", "modality": "MRI", "provider": "Trust", "opens": "08:00", "closes": "18:00"}
    return fixed | {"site": site, "days": [day], "slots_per_day": "10 per day"}


def three_sites(choice: str = "soonest", **eligibility) -> dict:
    """The sooner the farther: Coast on Sunday, Green on Monday, the hospital on Friday week."""
    return {
        "places": {"Village": PLACE, "Shore": PLACE},
        "sites": {"Green": {"place": "Village"} | HERE, "Coast": {"place": "Shore"} | HERE},
        "travel": {"car_minutes": {"Town": {"Village": "60 minutes", "Shore": "120 minutes"}}},
        "fleet": {
            "scanner": {"days": ["friday"]},
            "green": scanner_at("Green", "monday"),
            "coast": scanner_at("Coast", "sunday"),
        },
        "booking": {"refusal": LINE},
        "eligibility": {"choice": choice} | eligibility,
    }


def slot_of(changes: dict, **person) -> float:
    ((_, _, slot),) = booked(month(changes, [Person(at(0, "10:00"), **person)]))
    return slot


@pytest.mark.parametrize(
    ("car", "refuses", "slot"),
    [
        (CAR, 0.71, SUNDAY_AT_COAST),
        (CAR, 0.69, MONDAY_AT_GREEN),
        (CAR, 0.31, MONDAY_AT_GREEN),
        (CAR, 0.29, FRIDAY_AT_HOME),
        (CAR, 0.0, FRIDAY_AT_HOME),
        (NO_CAR, 0.81, SUNDAY_AT_COAST),
        (NO_CAR, 0.79, MONDAY_AT_GREEN),
        (NO_CAR, 0.71, MONDAY_AT_GREEN),
        (NO_CAR, 0.69, FRIDAY_AT_HOME),
    ],
)
def test_people_refuse_by_their_own_travel_and_have_the_soonest_slot_that_is_left(car, refuses, slot):
    """By car 30 % refuse Green and 70 % Coast; without one 70 % and 80 %."""
    assert slot_of(three_sites(), car=car, refuses=refuses) == slot


def test_the_chances_lie_on_straight_lines_between_the_points():
    refusing = february(three_sites()).world.groups.refusing
    assert refusing[0].tolist() == [pytest.approx([0.7, 0.3, 0.0]), pytest.approx([0.8, 0.7, 0.0])]


@pytest.mark.parametrize("refuses", [0.0, 0.29, 0.69, 0.79])
def test_nobody_refuses_the_nearest_that_may_take_them(refuses):
    """The hospital takes routine patients only, so that an urgent one has Green or Coast."""
    routine_only = {"takes": {"scanner": {"priority": ["routine"]}}}
    changes = three_sites(**routine_only)
    expected = SUNDAY_AT_COAST if refuses > 0.7 else MONDAY_AT_GREEN
    assert slot_of(changes, priority=URGENT, refuses=refuses, car=CAR) == expected


@pytest.mark.parametrize("refuses", [0.0, 0.5, 0.99])
def test_where_everybody_goes_to_the_nearest_nobody_has_anything_to_refuse(refuses):
    assert slot_of(three_sites("nearest"), refuses=refuses, car=NO_CAR) == FRIDAY_AT_HOME


def test_at_the_nearest_that_may_take_them_they_stay_though_they_would_refuse_it():
    changes = three_sites("nearest", takes={"scanner": {"priority": ["routine"]}})
    assert slot_of(changes, priority=URGENT, refuses=0.0, car=NO_CAR) == MONDAY_AT_GREEN


def test_without_the_rule_everybody_has_the_soonest_slot():
    changes = three_sites() | {"booking": {}}
    assert slot_of(changes, refuses=0.0, car=NO_CAR) == SUNDAY_AT_COAST


def test_who_refuses_a_site_leaves_its_slot_to_the_next():
    """One slot on Sunday at Coast: the first refuses it and the second does not."""
    changes = three_sites()
    changes["fleet"]["coast"] = changes["fleet"]["coast"] | {"slots_per_day": "1 per day"}
    people = [Person(at(0, "10:00"), refuses=0.5), *(Person(at(0, f"10:0{n}"), refuses=0.9) for n in (1, 2))]
    assert booked(month(changes, people)) == [
        (1, at(1, "08:00"), SUNDAY_AT_COAST),
        (0, at(1, "08:00"), MONDAY_AT_GREEN),
        (2, at(1, "08:00"), at(3, "09:00")),
    ]
