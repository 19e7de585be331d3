"""Who has waited an hour at a hospital goes on to the next one, half an hour by road: days worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.measures.mechanisms import MECHANISMS
from sim.scenario.read import read_arms
from sim.scenario.world import world_of
from tests.functional.model.two_towns import SPOT, VILLAGE, laid_over, only, same, two_towns
from tests.unit.model.by_hand import at
from tests.unit.model.suites_by_hand import SECOND, asked_for, by_hand, not_scanned, scanned, scans, turns_up
from tests.unit.test_shipped_scenarios import SCENARIOS
from tests.world import simulation, tables

RULE = {"eligibility": {"emergencies_moved_after": "1 hour"}}
TWO_HOSPITALS = laid_over(
    RULE,
    {
        "places": {"Village": VILLAGE},
        "sites": {"Green": {"place": "Village"} | SPOT},
        "travel": {"car_minutes": {"Town": {"Village": "30 minutes"}}},
        "fleet": {"second": SECOND | {"site": "Green"}},
        "demand": {"MRI": {"unscheduled": {"per_year": "0 per year"}}},
    },
)
"""A scanner at each, open from eight to six."""
FIRST_DOWN = {0: [(2.0, 6.0)]}
VILLAGE_PLACE = 1


def test_whose_hospital_has_a_breakdown_is_scanned_at_the_next_one():
    """At nine in the town, on the way at ten, there at half past."""
    found = by_hand(TWO_HOSPITALS, [turns_up(3, "09:00")], FIRST_DOWN)
    assert scans(found) == [scanned(0, 3, "10:30", "11:00", "second")]
    assert found.referrals["transferred"].tolist() == [at(3, "10:00")]
    assert found.labels["site"][found.referrals["site"][0]] == "Green"


def test_without_the_rule_they_wait_for_the_repair():
    without = TWO_HOSPITALS | {"eligibility": {}}
    found = by_hand(without, [turns_up(3, "09:00")], FIRST_DOWN)
    assert scans(found) == [scanned(0, 6, "08:00", "08:30")]
    assert np.isnan(found.referrals["transferred"]).all()


def test_who_is_called_within_the_hour_stays():
    """Three turn up together: the third is called after an hour, just when it would go; the fourth goes."""
    together = [turns_up(3, "09:00"), *(turns_up(3, "09:00")._replace(referred=at(3, "09:00") + n / 86400) for n in (1, 2, 3))]  # fmt: skip
    found = by_hand(TWO_HOSPITALS, together)
    assert [row[:2] for row in scans(found)] == [
        (0, "scanner"),
        (1, "scanner"),
        (2, "scanner"),
        (3, "second"),
    ]
    assert np.isfinite(found.referrals["transferred"]).tolist() == [False, False, False, True]


def test_who_arrives_goes_before_the_next_booked_patient_and_interrupts_nobody():
    """Two are booked in the village at ten and eleven; somebody from the town is there at ten past ten."""
    booked = [one._replace(place=VILLAGE_PLACE) for one in asked_for(4)]
    found = by_hand(TWO_HOSPITALS, [*booked, turns_up(3, "08:40")], FIRST_DOWN)
    in_the_village = [row[:1] + row[4:] for row in scans(found)]
    assert (4, at(3, "10:30"), at(3, "11:00")) in in_the_village
    assert (2, at(3, "10:00"), at(3, "10:30")) in in_the_village
    assert (3, at(3, "11:00"), at(3, "11:30")) in in_the_village
    assert not not_scanned(found)


def test_nobody_is_moved_twice():
    """Both are down: whoever came from the town waits in the village until the repair there, on day 7."""
    found = by_hand(TWO_HOSPITALS, [turns_up(3, "09:00")], {0: [(2.0, 9.0)], 1: [(2.0, 7.0)]})
    assert scans(found) == [scanned(0, 7, "08:00", "08:30", "second")]
    assert found.referrals["transferred"].tolist() == [at(3, "10:00")]


def test_who_leaves_in_the_evening_is_scanned_in_the_morning():
    """The village's scanner has closed when they come: nobody is on call."""
    found = by_hand(TWO_HOSPITALS, [turns_up(3, "17:40")], FIRST_DOWN)
    assert scans(found) == [scanned(0, 4, "08:00", "08:30", "second")]
    assert found.referrals["transferred"].tolist() == [at(3, "18:40")]


def test_who_is_on_the_road_at_midnight_is_there_next_day():
    on_call = laid_over(TWO_HOSPITALS, {"fleet": {"second": {"on_call": True}}})
    found = by_hand(on_call, [turns_up(3, "22:45")], FIRST_DOWN)
    assert scans(found) == [scanned(0, 4, "00:15", "00:45", "second")]


def test_where_there_is_no_other_hospital_nobody_is_moved():
    found = by_hand(RULE, [turns_up(3, "09:00")], FIRST_DOWN)
    assert scans(found) == [scanned(0, 6, "08:00", "08:30")]


def test_a_hospital_whose_scanner_takes_no_emergencies_is_passed_over():
    limits = {"eligibility": {"takes": {"second": {"priority": ["routine", "urgent"]}}}}
    found = by_hand(laid_over(TWO_HOSPITALS, limits), [turns_up(3, "09:00")], FIRST_DOWN)
    assert scans(found) == [scanned(0, 6, "08:00", "08:30")]


def test_patience_goes_along():
    """A mean patience of ten hours: who has left is not scanned, wherever they were waiting."""
    stream = {"demand": {"MRI": {"unscheduled": {"leaves_after": "10 hours"}}}}
    found = by_hand(laid_over(TWO_HOSPITALS, stream), [turns_up(3, "09:00", removed=0.9)], FIRST_DOWN)
    found_later = by_hand(laid_over(TWO_HOSPITALS, stream), [turns_up(3, "09:00", removed=0.01)], FIRST_DOWN)
    assert scans(found) == [scanned(0, 3, "10:30", "11:00", "second")]
    assert not scans(found_later)
    assert np.isfinite(found_later.referrals["left"]).all()


# ---- both hospitals' days worked out together are those worked out one by one

BUSY = two_towns(
    calendar={"years": "0.25 years"},
    demand={"MRI": {"unscheduled": {"per_year": "3000 per year", "leaves_after": "8 hours"}}},
    fleet={
        "scanner": {"on_call": True, "slots_per_day": "8 per day"},
        "van": {"kind": "fixed", "visits": None, "days": ["monday", "friday"], "on_call": True},
    },
)


@pytest.mark.parametrize("replication", range(3))
def test_a_rule_under_which_nobody_waits_long_enough_changes_no_value(replication):
    """The couches of both hospitals in one order of time: every scan, wait and breakdown is the same."""
    never = laid_over(BUSY, {"eligibility": {"emergencies_moved_after": "200 days"}})
    one, other = (tables(changes, replication=replication) for changes in (BUSY, never))
    assert same(one.referrals, other.referrals)
    assert same(in_order(one.appointments), in_order(other.appointments), but=("appointment", "session"))
    assert same(in_order(one.sessions), in_order(other.sessions), but=("session",))


def in_order(table):
    """Rows by what they say, not by when they were written."""
    columns = [column for name, column in table.items() if name not in ("appointment", "session")]
    return only(table, np.lexsort(columns))


def test_a_breakdown_of_a_later_day_changes_nothing_before_it():
    """Nobody sets out for the other hospital because of what is not known yet."""
    moving = laid_over(BUSY, {"eligibility": {"emergencies_moved_after": "2 hours"}})
    found = []
    for fails in ([], [[50.0, 53.0]]):
        sim = simulation(moving)
        sim.downtimes[0].intervals += fails
        sim.run()
        found.append(sim.tables())
    before = [only(one.appointments, one.appointments["scan_start"] < 50) for one in found]
    left = [one.referrals["transferred"] for one in found]
    assert same(in_order(before[0]), in_order(before[1]), but=("appointment", "session"))
    assert np.array_equal(left[0][left[0] < 50], left[1][left[1] < 50])
    assert np.sum((left[1] >= 50) & (left[1] < 53)) > np.sum((left[0] >= 50) & (left[0] < 53))


def test_the_longer_they_stay_the_fewer_are_moved_and_the_longer_some_wait():
    """Over the range of the rule, on the same patients and breakdowns."""
    counts, waits = [], []
    for after in ("30 minutes", "2 hours", "8 hours", "3 days"):
        found = tables(laid_over(BUSY, {"eligibility": {"emergencies_moved_after": after}}))
        rows = found.referrals
        counts.append(MECHANISMS["emergencies moved"][1](found, (0, 91)))
        assert MECHANISMS["transfers"][1](found, (0, 91)) == 0
        waited = rows["scan_start"] - rows["referred"]
        waits.append(np.nanmax(waited[np.isfinite(rows["transferred"]) | (rows["priority"] == 4)]))
    assert counts == sorted(counts, reverse=True) and counts[0] > 10 * counts[-1]
    assert counts[-1] < counts[0]
    assert waits[0] < waits[-1]


def test_with_hubs_emergencies_go_from_stafford_to_stoke_and_back():
    """Of the shipped hubs: each of the two hospitals that keep a scanner is the other's next."""
    world = world_of(read_arms([SCENARIOS / "community_hubs.yaml"])[-1].scenario)
    names = [world.sites[suite.site] for suite in world.suites]
    next_one = {names[n]: names[to] for n, to in enumerate(world.moving.to[0]) if world.suites[n].unscheduled}
    assert next_one == {"Royal Stoke University Hospital": "County Hospital", "County Hospital": "Royal Stoke University Hospital"}  # fmt: skip
