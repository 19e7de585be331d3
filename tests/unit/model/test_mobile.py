"""A van that visits, worked out by hand: blocked days, set-up, one vehicle at two sites."""

import numpy as np

from sim.model.streams import BLOCKS
from tests.unit.model.by_hand import at
from tests.unit.model.suites_by_hand import (
    ALWAYS,
    NEVER,
    SECOND,
    accounts,
    asked_for,
    by_hand,
    fated,
    not_scanned,
    scanned,
    scans,
    turns_up,
)

SPOT = {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}
VAN = {"kind": "mobile", "days": None, "visits": ["friday", "saturday"], "blocked": "20 %"}
BLOCKED_ON_FRIDAY = fated({(BLOCKS, 3): (ALWAYS,)})
NEVER_BLOCKED = fated({(BLOCKS, 0): (NEVER,)})
HOUR = 3600


def test_on_a_blocked_day_everybody_is_displaced_and_all_seconds_are_blocked():
    tables = by_hand({"fleet": {"scanner": VAN}}, asked_for(2), prepare=BLOCKED_ON_FRIDAY)
    assert not_scanned(tables) == [
        (0, at(3, "08:00"), "displaced", "van"),
        (1, at(3, "09:00"), "displaced", "van"),
    ]
    assert accounts(tables, 3) == [{"open": 36000, "blocked": 36000}]
    assert scans(tables) == [scanned(0, 10, "08:00", "08:30"), scanned(1, 10, "09:00", "09:30")]


def test_a_blocked_van_does_not_set_up():
    van = VAN | {"set_up": "30 minutes"}
    tables = by_hand({"fleet": {"scanner": van}}, asked_for(1), prepare=BLOCKED_ON_FRIDAY)
    assert accounts(tables, 3) == [{"open": 36000, "blocked": 36000}]
    assert accounts(tables, 4) == [{"open": 36000, "set_up": 1800, "idle": 34200}]


def test_who_would_have_missed_or_cancelled_on_a_blocked_day_did_so():
    first, second, third = asked_for(3)
    changes = {"fleet": {"scanner": VAN}, "attendance": {"missed": "10 %"}}
    patients = [first._replace(comes=0.0), second, third]
    tables = by_hand(changes, patients, prepare=BLOCKED_ON_FRIDAY)
    assert [row[2:] for row in not_scanned(tables)] == [
        ("missed", ""),
        ("displaced", "van"),
        ("displaced", "van"),
    ]


def test_who_turns_up_on_a_blocked_day_waits_for_the_next_visit():
    tables = by_hand({"fleet": {"scanner": VAN}}, [turns_up(3, "09:00")], prepare=BLOCKED_ON_FRIDAY)
    assert scans(tables) == [scanned(0, 4, "08:00", "08:30")]


def test_one_vehicle_is_at_two_sites_on_different_days():
    """The town's fixed scanner takes nobody from the list; the van is in the town on Fridays and in the
    village on Mondays, where it opens at ten and needs half an hour of set-up."""
    van = SECOND | {"kind": "mobile", "unit": "van", "set_up": "30 minutes", "slots_per_day": "8 per day"}
    del van["days"]
    changes = {
        "places": {"Village": {"population": "9 people", "households_without_car": "0 %"} | SPOT},
        "sites": {"Green": {"place": "Village"} | SPOT},
        "fleet": {
            "scanner": {"slots_per_day": "0 per day"},
            "van_in_town": van | {"visits": ["friday"], "closes": "16:30"},
            "van_in_village": van
            | {"site": "Green", "visits": ["monday"], "opens": "10:00", "closes": "18:30"},
        },
        "eligibility": {"takes": {"scanner": {"priority": ["emergency"]}}},
    }
    first, second, third, fourth = asked_for(4)
    patients = [first._replace(place=1), second, third._replace(place=1), fourth]
    tables = by_hand(changes, patients)
    assert scans(tables) == [
        scanned(1, 3, "08:30", "09:00", "van_in_town"),
        scanned(3, 3, "09:30", "10:00", "van_in_town"),
        scanned(0, 6, "10:30", "11:00", "van_in_village"),
        scanned(2, 6, "11:30", "12:00", "van_in_village"),
    ]
    days = [set(tables.sessions["day"][tables.sessions["scanner"] == n].tolist()) for n in (0, 1, 2)]
    assert days == [set(), {3, 10, 17, 24}, {6, 13, 20, 27}]
    for day, scanner in ((3, 1), (6, 2)):
        assert accounts(tables, day, scanner) == [
            {"open": 17 * HOUR // 2, "set_up": 1800, "used": HOUR, "idle": 7 * HOUR}
        ]


def test_a_vehicle_that_is_broken_at_one_site_is_broken_at_the_next():
    """One vehicle is one machine, whatever the number of its entries."""
    van = SECOND | {"kind": "mobile", "unit": "van"}
    del van["days"]
    changes = {
        "places": {"Village": {"population": "9 people", "households_without_car": "0 %"} | SPOT},
        "sites": {"Green": {"place": "Village"} | SPOT},
        "scanning": {"MRI": {"uptime": "50 %", "repair_time": "2 days"}},
        "fleet": {
            "van_in_town": van | {"visits": ["friday"]},
            "van_in_village": van | {"site": "Green", "visits": ["monday"]},
        },
    }
    failures: dict[int, list[tuple[float, float]]] = {1: [], 2: []}

    def record(sim):
        for scanner, noted in failures.items():
            sim.downtimes[scanner].add = lambda fails, works, noted=noted: noted.append((fails, works))

    by_hand(changes, [], prepare=record)
    assert failures[1]
    assert failures[1] == failures[2]


def test_the_share_of_blocked_days_is_realised():
    """Two visits a week for ten years; 3.5 standard errors of a binomial share."""
    changes = {"calendar": {"years": "10 years"}, "fleet": {"scanner": VAN | {"on_bank_holidays": True}}}
    sessions = by_hand(changes, []).sessions
    blocked = np.mean(sessions["blocked_seconds"] == sessions["open_seconds"])
    assert len(sessions["day"]) > 1000
    assert abs(blocked - 0.2) < 3.5 * np.sqrt(0.2 * 0.8 / len(sessions["day"]))
