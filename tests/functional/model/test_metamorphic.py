"""What a change may and may not change, whatever the numbers."""

import datetime
from itertools import combinations

import numpy as np
import pytest

from tests.functional.model.two_towns import laid_over, same, same_tables, two_towns, waits
from tests.world import tables

WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
FIXED = {
    "kind": "fixed", "modality": "MRI", "provider": "Trust", "site": "Hospital", "days": WEEK,
    "opens": "08:00", "closes": "18:00", "slots_per_day": "10 per day",
}  # fmt: skip
BUSY = {
    "calendar": {"years": "0.5 years"},
    "demand": {"MRI": {"unscheduled": {"per_year": "700 per year"}, "planned": {"per_year": "200 per year"}}},
    "scanning": {"MRI": {"use_between_failures": "60 hours"}},
}


def busy(**changes):
    """Two towns with unscheduled and planned patients, failures and crews."""
    crew = {
        "providers": ["Trust"],
        "establishment": "2 people",
        "sessions_per_week": "4 per week",
        "sickness": "5 %",
    }
    base = laid_over(
        two_towns(**BUSY),
        {"workforce": {"crews": {"trust": crew}}, "fleet": {"scanner": {"radiographers": "1 people"}}},
    )
    return laid_over(base, changes)


@pytest.mark.parametrize("idle", [
    FIXED | {"slots_per_day": "0 per day"},
    FIXED | {"slots_per_day": "0 per day", "key": "aaa"},
    FIXED | {"slots_per_day": "0 per day", "provider": "Company", "site": "Green"},
], ids=["at the hospital", "first by its key", "of the company"])  # fmt: skip
def test_a_scanner_without_sessions_changes_no_row(idle):
    """Its place is the last in the file, so the codes of the others stay too."""
    assert same_tables(tables(busy()), tables(busy(fleet={"unused": idle})))


def test_a_scanner_without_sessions_before_the_others_moves_their_codes_and_nothing_else():
    changes = busy()
    changes["fleet"] = {"unused": FIXED | {"slots_per_day": "0 per day"}} | changes["fleet"]
    one, other = tables(busy()), tables(changes)
    names = [table.labels["scanner"] for table in (one, other)]
    code = np.array([names[1].index(name) for name in names[0]] + [-1])
    for name in ("referrals", "appointments", "sessions"):
        before, after = getattr(one, name), dict(getattr(other, name))
        assert np.array_equal(code[before["scanner"]], after["scanner"])
        assert same(before, after, but=("scanner", "session"))


def test_scanners_sites_and_crews_that_are_renamed_and_keep_their_keys_change_labels_only():
    """The new names turn the alphabet round; the order of the file stays."""
    one = busy(eligibility={"choice": "soonest"})
    van, scanner = one["fleet"]["van"], one["fleet"]["scanner"]
    crew = one["workforce"]["crews"]["trust"]
    other = one | {
        "sites": {"A field": one["sites"]["Green"]},
        "fleet": {
            "scanner": None,
            "z fixed": FIXED | scanner | {"key": "scanner"},
            "a van": van | {"key": "van", "site": "A field"},
        },
        "workforce": {"crews": {"A crew": crew | {"key": "trust"}}},
    }
    found = tables(other)
    assert same_tables(tables(one), found)
    assert found.labels["scanner"] == ["z fixed", "a van"] and found.labels["site"][1] == "A field"


LOGIT = {"choice": "logit", "logit": {"a_day_of_waiting": "10 minutes", "spread": "15 minutes"}}


@pytest.mark.parametrize("answers", [
    {},
    {"eligibility": {"choice": "soonest"}, "waiting_lists": {"held_by": "provider"}},
    {"eligibility": LOGIT | {"contractor": "Company", "share": "40 %"}, "waiting_lists": {"held_by": "provider"}},
    {"eligibility": {"choice": "soonest"}, "booking": {"horizon": "7 days"}},
], ids=["nearest", "soonest of two lists", "logit and a share", "soonest"])  # fmt: skip
def test_the_order_of_the_fleet_in_the_file_decides_nothing(answers):
    """Scanners are numbered otherwise, and that is all."""
    more = {
        "second": FIXED | {"provider": "Company"},
        "third": FIXED | {"site": "Green", "provider": "Company"},
    }
    one = busy(fleet=more, reporting={"radiologists": {"reports_for": ["Trust", "Company"]}}, **answers)
    other = one | {"fleet": {name: one["fleet"][name] for name in reversed(one["fleet"])}}
    first, last = tables(one), tables(other)
    assert first.labels["scanner"] != last.labels["scanner"]
    code = np.array([last.labels["scanner"].index(name) for name in first.labels["scanner"]] + [-1])
    for name in ("referrals", "appointments", "sessions"):
        before, after = getattr(first, name), getattr(last, name)
        assert np.array_equal(code[before["scanner"]], after["scanner"]), name
        assert same(before, after, but=("scanner",)), name


@pytest.mark.parametrize("horizon", ["7 days", "28 days"])
def test_nobody_is_booked_where_there_is_no_capacity_from_day_one(horizon):
    """Everybody waits, nobody is lost, and the opening list stays as old as it is."""
    none = {
        "calendar": {"years": "0.5 years"},
        "booking": {"horizon": horizon},
        "opening_list": {"waiting": {"modality": "MRI", "bands": [5] * 14}},
        "fleet": {"scanner": {"slots_per_day": "0 per day"}},
    }
    found = tables(none)
    assert len(found.appointments["referral"]) == 0 and len(found.sessions["session"]) == 0
    assert (found.referrals["outcome"] == 0).all() and len(found.referrals["outcome"]) > 900


def test_capacity_that_is_closed_from_day_one_by_a_shock_is_no_capacity():
    start = datetime.date(2019, 1, 1)
    shut = {"from": start, "until": datetime.date(2019, 7, 1), "capacity_falls": "100 %"}
    found = tables({"calendar": {"years": "0.5 years", "shocks": {"shut": shut}}})
    assert len(found.appointments["referral"]) == 0
    assert (found.referrals["outcome"] == 0).all()


def test_one_more_slot_a_day_shortens_every_wait_under_first_come():
    """Everybody comes and lies for the mean time, one scanner: nobody can be scanned later."""
    plain = {"calendar": {"years": "2 years"}, "demand": {"MRI": {"per_year": "3400 per year"}}}
    for replication in range(3):
        one = tables(plain, replication=replication).referrals
        other = tables(
            plain | {"fleet": {"scanner": {"slots_per_day": "11 per day"}}}, replication=replication
        ).referrals
        days = [np.floor(np.nan_to_num(rows["scanned"], nan=1e9)) for rows in (one, other)]
        assert (days[1] <= days[0]).all()
        assert waits_of(other) < waits_of(one)


def waits_of(rows) -> float:
    both = np.isfinite(rows["scanned"])
    return float(np.mean((rows["scanned"] - rows["referred"])[both]))


def test_more_capacity_shortens_waits_where_people_miss_and_scanners_fail():
    """As a paired interval over replications: theory promises nothing for each of them."""
    apart = []
    for replication in range(6):
        few, more = (
            waits(tables(busy(fleet={"scanner": {"slots_per_day": slots}}), replication=replication))
            for slots in ("7 per day", "8 per day")
        )
        apart.append(few - more)
    error = np.std(apart, ddof=1) / np.sqrt(len(apart))
    assert np.mean(apart) > 2.5706 * error, apart


def test_no_two_replications_are_alike():
    """No two of five share a referral's time, nor have the same appointments."""
    found = [tables({"calendar": {"years": "0.5 years"}}, replication=number) for number in range(5)]
    for one, other in combinations(found, 2):
        assert not set(one.referrals["referred"]) & set(other.referrals["referred"])
        assert not same_tables_if_as_long(one, other)


def same_tables_if_as_long(one, other) -> bool:
    return len(one.referrals["referral"]) == len(other.referrals["referral"]) and same_tables(one, other)
