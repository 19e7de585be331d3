"""Uptake bays and tracer, worked out by hand: every timestamp is met exactly."""

import numpy as np
import pytest

from sim.model.streams import DELIVERIES
from tests.unit.model.by_hand import at
from tests.unit.model.suites_by_hand import (
    ALWAYS,
    SECOND,
    WEEK,
    accounts,
    asked_for,
    by_hand,
    fated,
    not_scanned,
    scanned,
    scans,
)
from tests.world import world

HOUR, MINUTE = 3600, 60


def pet_ct(bays: int, **fleet) -> dict:
    """A scanner open from eight to five; an hour of uptake, fifteen minutes on the couch."""
    how = {"bays": bays, "uptake": "1 hour", "couch_time": "15 minutes"}
    scanner = {"closes": "17:00", "slots_per_day": "40 per day"}
    return {"scanning": {"MRI": how}, "fleet": {"scanner": scanner} | fleet}


@pytest.mark.parametrize(("bays", "slots"), [(1, 8), (2, 16), (3, 24), (4, 32), (6, 32)])
def test_three_bays_bind_and_six_do_not(bays, slots):
    """Eight hours after the first uptake: a patient an hour in each bay, four an hour on the couch."""
    tables = by_hand(pet_ct(bays), [])
    assert set(tables.sessions["slots"].tolist()) == {slots}


def test_nobody_is_scanned_before_the_uptake_is_over():
    """Three bays: slots are twenty minutes apart. The fourth has the bay that the first leaves."""
    tables = by_hand(pet_ct(3), asked_for(4))
    assert scans(tables) == [
        scanned(0, 3, "09:00", "09:15"),
        scanned(1, 3, "09:20", "09:35"),
        scanned(2, 3, "09:40", "09:55"),
        scanned(3, 3, "10:00", "10:15"),
    ]
    assert tables.appointments["slot_start"].tolist() == [
        at(3, clock) for clock in ("08:00", "08:20", "08:40", "09:00")
    ]
    assert accounts(tables, 3) == [{"open": 9 * HOUR, "used": HOUR, "idle": 8 * HOUR}]


def test_who_waits_for_the_couch_keeps_the_bay_meanwhile():
    """The first lies for 75 minutes; the second and third hold their bays until 10:15 and 10:30."""
    first, *others = asked_for(6)
    tables = by_hand(pet_ct(3), [first._replace(factor=5.0), *others])
    assert scans(tables) == [
        scanned(0, 3, "09:00", "10:15"),
        scanned(1, 3, "10:15", "10:30"),
        scanned(2, 3, "10:30", "10:45"),
        scanned(3, 3, "10:45", "11:00"),
        scanned(4, 3, "11:15", "11:30"),
        scanned(5, 3, "11:30", "11:45"),
    ]


def test_a_missed_appointment_takes_no_bay():
    first, second = asked_for(2)
    changes = pet_ct(1) | {"attendance": {"missed": "10 %"}}
    tables = by_hand(changes, [first._replace(comes=0.0), second])
    assert scans(tables)[0] == scanned(1, 3, "10:00", "10:15")


def test_the_last_patient_of_the_day_is_scanned_before_closing():
    tables = by_hand(pet_ct(3), asked_for(24))
    assert scans(tables)[-1] == scanned(23, 3, "16:40", "16:55")
    assert accounts(tables, 3) == [{"open": 9 * HOUR, "used": 6 * HOUR, "idle": 3 * HOUR}]


def test_a_scanner_that_fails_lets_patients_wait_in_their_bays_and_then_displaces_them():
    """Down from 8:30 to 10:20: the first are ready at 9:00, 9:20 and 9:40; more than an hour is too long."""
    tables = by_hand(pet_ct(3), asked_for(4), {0: [(at(3, "08:30"), at(3, "10:20"))]})
    assert not_scanned(tables) == [(0, at(3, "08:00"), "displaced", "breakdown")]
    assert scans(tables)[:3] == [
        scanned(1, 3, "10:20", "10:35"),
        scanned(2, 3, "10:35", "10:50"),
        scanned(3, 3, "10:50", "11:05"),
    ]


def two_scanners(bays: int = 1) -> dict:
    """Half an hour of uptake; slots at 8:00 and 9:00, and at 8:10 and 9:10."""
    how = {"bays": bays, "uptake": "30 minutes", "couch_time": "15 minutes"}
    two = {"slots_per_day": "2 per day"}
    return {
        "scanning": {"MRI": how},
        "fleet": {
            "scanner": {"closes": "10:30"} | two,
            "second": SECOND | {"opens": "08:10", "closes": "10:40"} | two,
        },
    }


def test_two_scanners_share_a_bay_in_the_order_of_being_due():
    assert scans(by_hand(two_scanners(), asked_for(4))) == [
        scanned(0, 3, "08:30", "08:45"),
        scanned(2, 3, "09:00", "09:15", "second"),
        scanned(1, 3, "09:30", "09:45"),
        scanned(3, 3, "10:00", "10:15", "second"),
    ]


def test_two_scanners_with_a_bay_each_do_not_wait_for_each_other():
    assert scans(by_hand(two_scanners(2), asked_for(4))) == [
        scanned(0, 3, "08:30", "08:45"),
        scanned(2, 3, "08:40", "08:55", "second"),
        scanned(1, 3, "09:30", "09:45"),
        scanned(3, 3, "09:40", "09:55", "second"),
    ]


def test_two_scanners_that_share_their_bays_do_not_offer_them_twice():
    """Three bays allow 24 patients a day, however many scanners stand beside them."""
    full = SECOND | {"closes": "17:00", "slots_per_day": "40 per day"}
    tables = by_hand(pet_ct(3, second=full), [])
    day = tables.sessions["day"] == 3
    assert tables.sessions["slots"][day].sum() <= 24


def test_who_would_wait_too_long_for_a_bay_is_displaced():
    """One bay for two scanners, each with a slot an hour: the k-th to come waits k/2 hours for the bay."""
    full = SECOND | {"closes": "17:00", "slots_per_day": "40 per day"}
    tables = by_hand(pet_ct(1, second=full), asked_for(16))
    made = tables.appointments
    done = np.isfinite(made["scan_start"])
    late = made["scan_start"][done] - made["slot_start"][done] - 1 / 24
    assert late.max() <= 1 / 24 + 1e-9, (late.max() * 24, "hours after the end of the uptake")


def test_a_session_that_overruns_into_the_next_keeps_the_couch():
    """The last patient of the morning lies from ten to 12:30; the evening begins at eleven."""
    more = {"days": WEEK, "opens": "11:00", "closes": "14:00", "slots_per_day": "2 per day"}
    scanner = {"closes": "11:00", "slots_per_day": "2 per day", "more_sessions": {"late": more}}
    changes = {
        "scanning": {"MRI": {"bays": 6, "uptake": "1 hour", "longest_overrun": "2 hours"}},
        "fleet": {"scanner": scanner},
    }
    first, second, third, fourth = asked_for(4)
    tables = by_hand(changes, [first, second._replace(factor=5.0), third, fourth])
    assert scans(tables) == [
        scanned(0, 3, "09:00", "09:30"),
        scanned(1, 3, "10:00", "12:30"),
        scanned(2, 3, "12:30", "13:00"),
        scanned(3, 3, "13:00", "13:30"),
    ]


def test_set_up_of_a_second_session_comes_before_its_patients():
    more = {
        "days": WEEK,
        "opens": "13:00",
        "closes": "16:30",
        "slots_per_day": "2 per day",
        "set_up": "30 minutes",
    }
    scanner = {"closes": "11:00", "slots_per_day": "2 per day", "more_sessions": {"late": more}}
    changes = {"scanning": {"MRI": {"bays": 6, "uptake": "1 hour"}}, "fleet": {"scanner": scanner}}
    tables = by_hand(changes, asked_for(4))
    assert scans(tables)[2:] == [scanned(2, 3, "14:30", "15:00"), scanned(3, 3, "15:30", "16:00")]
    seconds = {"set_up": 1800, "used": 3600, "idle": 7200}
    assert accounts(tables, 3)[-1] == {"open": 7 * HOUR // 2} | seconds


# ---- tracer

SPOT = {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}


def two_sites(suppliers: tuple[str | None, str | None] = (None, None)) -> dict:
    """A scanner in the town and one in the village; half of all deliveries fail. suppliers: of each."""
    one, other = ({"tracer": name} if name else {} for name in suppliers)
    return {
        "places": {"Village": {"population": "9 people", "households_without_car": "0 %"} | SPOT},
        "sites": {"Green": {"place": "Village"} | SPOT},
        "scanning": {"MRI": {"bays": 3, "uptake": "1 hour", "tracer_fails": "50 %"}},
        "fleet": {"scanner": one, "green": SECOND | {"site": "Green"} | other},
    }


def test_a_delivery_that_fails_displaces_everybody_at_both_sites():
    first, second, third = asked_for(3)
    patients = [first, second._replace(place=1), third]
    tables = by_hand(two_sites(), patients, prepare=fated({(DELIVERIES, 3): (ALWAYS,)}))
    assert {row[0]: row[2:] for row in not_scanned(tables)} == dict.fromkeys(
        range(3), ("displaced", "tracer")
    )
    for scanner in (0, 1):
        assert accounts(tables, 3, scanner) == [{"open": 36000, "no_tracer": 36000}]
        assert accounts(tables, 4, scanner) == [{"open": 36000, "idle": 36000}]
    assert scans(tables) == [
        scanned(0, 5, "09:00", "09:30"),
        scanned(1, 5, "09:00", "09:30", "green"),
        scanned(2, 5, "09:54", "10:24"),
    ]


def test_who_would_have_missed_the_appointment_is_not_displaced_by_the_tracer():
    first, second = asked_for(2)
    changes = two_sites() | {"attendance": {"missed": "10 %"}}
    patients = [first._replace(comes=0.0), second]
    tables = by_hand(changes, patients, prepare=fated({(DELIVERIES, 3): (ALWAYS,)}))
    assert [(row[0], *row[2:]) for row in not_scanned(tables)] == [
        (0, "missed", ""),
        (1, "displaced", "tracer"),
    ]


def days_without_tracer(suppliers: tuple[str | None, str | None]) -> list[set[int]]:
    """Of each scanner."""
    made = by_hand(two_sites(suppliers), []).sessions
    lost = made["no_tracer_seconds"] > 0
    return [set(made["day"][lost & (made["scanner"] == n)].tolist()) for n in (0, 1)]


@pytest.mark.parametrize("suppliers", [(None, None), ("Cyclotron", "Cyclotron")])
def test_sites_with_one_supplier_lose_the_same_days(suppliers):
    one, other = days_without_tracer(suppliers)
    assert one == other
    assert 5 <= len(one) <= 25


def test_sites_with_different_suppliers_lose_different_days():
    one, other = days_without_tracer(("Cyclotron", "Accelerator"))
    assert one - other and other - one


def test_without_failures_of_the_tracer_none_is_needed():
    changes = {"fleet": {"scanner": {"tracer": "Cyclotron"}}}
    assert world(changes).scanners[0].tracer is None
