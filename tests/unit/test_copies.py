"""One entry of the fleet that stands for several equal scanners."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.read import read_arms
from tests.world import tables, world

VAN = {"kind": "mobile", "modality": "MRI", "provider": "Trust", "site": "Hospital", "visits": ["friday"],
       "opens": "08:00", "closes": "18:00", "slots_per_day": "9 per day"}  # fmt: skip
FAILS = {"scanning": {"MRI": {"uptime": "80 %", "repair_time": "1 day"}}}


def scanner(**changes) -> dict:
    """The small world's scanner, changed; it fails now and then."""
    return FAILS | {"fleet": {"scanner": changes}}


def names_and_keys(changes: dict) -> list[tuple[str, str]]:
    return [(s.name, s.key) for s in world(changes).scanners]


def test_an_entry_with_a_count_is_so_many_scanners_and_the_first_keeps_its_key():
    assert names_and_keys(scanner(count=3)) == [
        ("scanner 1", "scanner"),
        ("scanner 2", "scanner 2"),
        ("scanner 3", "scanner 3"),
    ]
    assert names_and_keys(scanner(count=2, key="old")) == [("scanner 1", "old"), ("scanner 2", "old 2")]
    assert names_and_keys(scanner()) == [("scanner", "scanner")]


@pytest.mark.parametrize("per_million, scanners", [("8.6", 1), ("14.9", 1), ("15", 2), ("115", 12)])
def test_scanners_per_million_are_of_the_people_who_live_there_rounded(per_million, scanners):
    """100,000 people."""
    changes = scanner(per_million=f"{per_million} per million people")
    assert len(world(changes).scanners) == scanners


def test_one_scanner_that_is_counted_does_what_it_does_uncounted():
    counted, plain = tables(scanner(count=1)), tables(scanner())
    for table in ("referrals", "appointments", "sessions"):
        for name, column in getattr(plain, table).items():
            np.testing.assert_array_equal(column, getattr(counted, table)[name], err_msg=name)


def test_one_more_scanner_moves_nobodys_luck():
    """The first two are down on the same days, with a third or without."""
    half_a_year = {"calendar": {"years": "0.5 years"}}

    def days_down(count: int) -> list[list[int]]:
        held = tables(scanner(count=count) | half_a_year).sessions
        down = held["down_seconds"] == held["open_seconds"]
        return [held["day"][down & (held["scanner"] == number)].tolist() for number in range(2)]

    first, second = days_down(2)
    assert [first, second] == days_down(3)
    assert len(first) > 10 and first != second


def test_what_a_limit_says_of_an_entry_holds_for_all_its_scanners():
    limits = {"eligibility": {"takes": {"scanner": {"complexity": ["standard"]}}}}
    whole = {"demand": {"MRI": {"complex": "30 %"}}}
    made = tables(limits | whole | {"fleet": {"van": VAN, "scanner": {"count": 2}}})
    van = [s.name for s in world({"fleet": {"van": VAN, "scanner": {"count": 2}}}).scanners].index("van")
    complex_ones = made.referrals["complexity"][made.appointments["referral"]] == 1
    assert set(made.appointments["scanner"][complex_ones].tolist()) == {van}
    assert set(made.appointments["scanner"].tolist()) == {0, 1, 2}


def test_a_count_can_be_set_on_the_command_line(write):
    write("extends: small.yaml\nfleet: {scanner: {count: 2}}")
    (arm,) = read_arms([write("extends: x.yaml\n", "y.yaml")], ["fleet.scanner.count=4"])
    assert list(arm.scenario.fleet) == [f"scanner {number}" for number in range(1, 5)]


# ---- what is asked for

ASKED = {"by": "Trust", "procurement": "0 days", "installation": "10 days"}


def asked_for(fleet: dict, **request) -> list[tuple[int, ...]]:
    """(scanner, template) of all that one request brings, or the scanners that it replaces."""
    changes = {"fleet": fleet, "decisions": {"requests": {"it": ASKED | request}}}
    (one,) = world(changes).requests
    return list(one.brings or one.renews)


LONG = {"modality": "MRI", "list_size": "100 referrals"}
EVENING = {"days": ["monday"], "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day", "in_reserve": True}  # fmt: skip


def test_a_request_for_an_entry_brings_each_of_its_scanners():
    fleet = {"van": VAN | {"count": 3, "in_reserve": True}}
    assert asked_for(fleet, does="new_scanner", when=LONG, scanners=["van"]) == [(1, 0), (2, 0), (3, 0)]
    assert asked_for(fleet, does="new_scanner", when=LONG, scanners=["van 2"]) == [(2, 0)]


def test_a_request_for_sessions_of_an_entry_brings_those_of_each():
    fleet = {"scanner": {"count": 2, "more_sessions": {"evening": EVENING}}}
    brought = asked_for(fleet, does="extra_sessions", when=LONG, sessions={"scanner": ["evening"]})
    assert brought == [(0, 1), (1, 1)]


def test_equal_scanners_are_replaced_together_at_the_age_of_the_first():
    old = {"scanner": "scanner", "older_than": "10 years"}
    changes = {"fleet": {"scanner": {"count": 2, "age": "11 years"}}}
    replaced = {"it": ASKED | {"does": "replacement", "when": old, "scanners": ["scanner"]}}
    made = tables(changes | {"decisions": {"requests": replaced}})
    assert made.decisions["in_effect"].size and np.isfinite(made.decisions["in_effect"]).all()
    assert asked_for(changes["fleet"], **replaced["it"]) == [0, 1]
