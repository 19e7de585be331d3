"""What may and what may not change when something else does."""

import numpy as np
import pytest

from sim.model.laws import check_laws
from tests.functional.model.two_towns import VAN, VILLAGE, only, same, same_tables, two_towns
from tests.world import simulation, tables

DRAWN = ("modality", "priority", "complexity", "car", "referred", "listed")


def test_the_same_seed_gives_the_same_tables_and_another_replication_others():
    assert same_tables(tables(two_towns()), tables(two_towns()))
    assert not np.array_equal(
        tables(two_towns()).referrals["referred"], tables(two_towns(), replication=1).referrals["referred"]
    )


@pytest.mark.parametrize("load", [1826, 3400])
def test_a_longer_run_begins_with_the_shorter_one(load):
    """With one scanner and nothing held back; who in the longer run is booked beyond the end waits."""
    changes = {
        "demand": {"MRI": {"per_year": f"{load} per year"}},
        "attendance": {"missed": "10 %"},
        "scanning": {"MRI": {"uptime": "95 %", "couch_time_variation": 0.3}},
    }
    short = tables(changes | {"calendar": {"years": "0.5 years"}})
    long = tables(changes | {"calendar": {"years": "1 year"}})
    end = short.sessions["day"].max() + 1
    assert same(only(long.sessions, long.sessions["day"] < end), short.sessions)
    assert same(only(long.appointments, long.appointments["slot_start"] < end), short.appointments)
    rows = only(long.referrals, long.referrals["referred"] < end)
    for column in ("scanned", "scan_start", "reported", "listed"):
        rows[column] = np.where(rows[column] < end, rows[column], np.nan)
    assert same(
        rows, short.referrals, but=("booked", "attempts", "clock_start", "outcome", "scanner", *WHERE)
    )


WHERE = ("site", "provider", "travel_minutes", "reader")


def test_another_provision_model_meets_the_same_patients():
    """Fewer slots, other scanners, other rules: what was drawn at the door stays."""
    one = tables(two_towns())
    other = tables(
        two_towns(
            fleet={"van": None, "scanner": {"slots_per_day": "7 per day", "provider": "Company"}},
            eligibility={"choice": "soonest"},
            reporting={"radiologists": {"reports_for": ["Company"]}},
        )
    )
    for column in (*DRAWN, "place"):
        assert np.array_equal(one.referrals[column], other.referrals[column]), column
    assert not np.array_equal(one.referrals["scanned"], other.referrals["scanned"], equal_nan=True)


def test_more_demand_keeps_the_patients_there_were():
    few = tables(two_towns()).referrals["referred"]
    many = tables(two_towns(demand={"MRI": {"per_year": "4000 per year"}})).referrals["referred"]
    assert set(few) < set(many)


def test_one_more_place_leaves_the_patients_of_the_others_as_they_were():
    """The region grows by half and so does its demand, so that the other places' stays."""
    hamlet = VILLAGE | {"population": "150000 people"}
    one = tables(two_towns()).referrals
    other = tables(
        two_towns(places={"Hamlet": hamlet}, demand={"MRI": {"per_year": "6000 per year"}})
    ).referrals
    for place in (0, 1):
        before, after = (only(table, table["place"] == place) for table in (one, other))
        for column in DRAWN:
            assert np.array_equal(before[column], after[column]), column
    assert np.sum(other["place"] == 2) > 1000


def test_a_scanner_or_place_that_is_renamed_and_keeps_its_key_changes_labels_only():
    soonest = {"eligibility": {"choice": "soonest"}}
    one = tables(two_towns(**soonest))
    other = tables(
        two_towns(
            places={"Village": None, "Zwischendorf": VILLAGE | {"key": "Village"}},
            sites={"Green": {"place": "Zwischendorf"}},
            fleet={"van": None, "a lorry": VAN | {"key": "van"}},
            **soonest,
        )
    )
    assert same_tables(one, other)
    assert (other.labels["place"], other.labels["scanner"]) == (
        ["Town", "Zwischendorf"],
        ["scanner", "a lorry"],
    )
    third = tables(two_towns(fleet={"van": None, "a lorry": VAN}, **soonest))
    assert not same_tables(one, third), "without its key a scanner has other breakdowns"


def test_what_a_provider_is_called_does_not_matter():
    """The names are turned round, so that the codes, which go by the alphabet, change and nothing else."""

    def run_by(fixed: str, mobile: str):
        return tables(
            two_towns(
                fleet={"scanner": {"provider": fixed}, "van": {"provider": mobile}},
                reporting={
                    "radiologists": {"reports_for": [fixed], "organisation": fixed},
                    "others": POOL | {"reports_for": [mobile], "organisation": fixed},
                },
                images={"transfer": "30 hours"},
            )
        )

    one, other = run_by("A", "B"), run_by("B", "A")
    assert same_tables(one, other, but=("provider",))
    turned = np.array([1, 0, -1])
    assert np.array_equal(turned[one.referrals["provider"]], other.referrals["provider"])


POOL = {"days": ["monday", "wednesday"], "opens": "09:00", "closes": "17:00", "reports_per_day": "20 per day"}


def test_a_breakdown_changes_nothing_that_came_before_it():
    """Three days in July; both towns, so that a change may also come round by the other site."""
    changes = two_towns(eligibility={"choice": "soonest"}, scanning={"MRI": {"uptime": "100 %"}})
    one, other = simulation(changes), simulation(changes)
    other.downtimes[0].intervals.append([200.4, 203.2])
    found = []
    for sim in (one, other):
        sim.run()
        found.append(sim.tables())
        check_laws(found[-1])
    for name, column, day in (
        ("sessions", "day", 200),
        ("appointments", "slot_start", 200.4),
        ("referrals", "scanned", 200.4),
    ):
        before = [only(getattr(t, name), getattr(t, name)[column] < day) for t in found]
        assert same(*before, but=("reported",)) and len(before[0][column]) > 100, name
    booked = [only(t.appointments, t.appointments["booked"] < 200.4) for t in found]
    for column in ("referral", "attempt", "session", "slot_start", "booked"):
        assert np.array_equal(booked[0][column], booked[1][column]), column
    reports = [np.where(t.referrals["reported"] < 200.4, t.referrals["reported"], 0) for t in found]
    assert np.array_equal(*reports)
    assert not same_tables(*found)
