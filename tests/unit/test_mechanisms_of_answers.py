"""How often each answer of a provision model acted, told beside what the tables of two towns show.

The trust's scanner stands in the town, the company's in the village 17 km away; four months.
"""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest

from sim.measures import money
from sim.measures.answers import ANSWERS, counted
from sim.measures.mechanisms import mechanisms_of
from sim.model.simulation import simulate
from sim.model.tables import Tables
from sim.provision.contract import terms_of
from sim.scenario.document import Document, lay_over, read_document
from sim.scenario.read import validate
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.functional.model.two_towns import two_towns
from tests.world import SMALL

PERIOD = (31.0, 120.0)
"""February to April: the warm-up is January."""
TRUST, COMPANY = 0, 1
TOWN, VILLAGE = 0, 1
EVERY_DAY = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
BESIDE = {"kind": "fixed", "visits": None, "days": EVERY_DAY, "set_up": "0 minutes", "slots_per_day": "8 per day"}  # fmt: skip


def scenario(**changes: Any) -> Scenario:
    """Two towns with two scanners that work every day, and some more said."""
    calendar = {"calendar": {"warm_up": "31 days", "years": "0.25 years"}, "fleet": {"van": BESIDE}}
    changes = two_towns(**(calendar | changes | {"fleet": {"van": BESIDE} | changes.get("fleet", {})}))
    changes["demand"]["MRI"].setdefault("aged_65_or_over", "40 %")
    document = read_document(SMALL)
    lay_over(document, Document(tree=changes, files=[SMALL]))
    return validate(document, SMALL)


def acted(name: str, **changes: Any) -> tuple[int, Tables]:
    """How often a mechanism acted, and the tables."""
    made = scenario(**changes)
    tables = simulate(world_of(made), 1, 0)
    return mechanisms_of(made)[name](tables, PERIOD), tables


def scanned(tables: Tables) -> np.ndarray:
    """Who was scanned in the period."""
    at = tables.referrals["scanned"]
    return (at >= PERIOD[0]) & (at < PERIOD[1])


def test_who_takes_the_first_free_slot_may_be_scanned_away_from_home():
    times, tables = acted("scans away from the nearest site", eligibility={"choice": "soonest"})
    rows = tables.referrals
    away = scanned(tables) & (rows["place"] != rows["site"])
    assert times == away.sum() > 0
    assert "scans away from the nearest site" not in mechanisms_of(scenario())


def test_where_everybody_lives_by_the_only_scanner_nobody_is_scanned_away():
    """A site without a scanner is nobody's nearest."""
    assert (
        acted("scans away from the nearest site", eligibility={"choice": "soonest"}, fleet={"van": None})[0]
        == 0
    )


def test_whom_the_companys_scanner_does_not_take_is_counted_once():
    """Complex ones and those of 65 or over: who is both is turned away once."""
    takes = {"Company": {"complexity": ["standard"]}, "van": {"age": ["under 65"]}}
    times, tables = acted(
        "referrals that some scanner does not take", eligibility={"choice": "nearest", "takes": takes}
    )
    rows = tables.referrals
    here = (rows["referred"] >= PERIOD[0]) & (rows["referred"] < PERIOD[1])
    assert times == np.sum(here & ((rows["complexity"] == 1) | (rows["age"] == 1))) > 0


def test_a_limit_for_who_has_no_scanner_turns_nobody_away():
    """The company is named, and only the trust has a scanner."""
    limits = {"choice": "nearest", "takes": {"Company": {"complexity": ["standard"]}}}
    only_the_trusts = {"van": {"provider": "Trust"}}
    assert (
        acted("referrals that some scanner does not take", eligibility=limits, fleet=only_the_trusts)[0] == 0
    )


@pytest.mark.parametrize(
    "named",
    [{"contract": {"provider": "Company"}}, {"eligibility": {"contractor": "Company", "share": "40 %"}}],
)
def test_the_contractors_scans_are_those_of_its_scanners(named):
    times, tables = acted("scans by the contractor", **named)
    theirs = tables.referrals["provider"] == tables.labels["provider"].index("Company")
    assert times == np.sum(scanned(tables) & theirs) > 0


PEOPLE = {"fleet": {"scanner": {"radiographers": "1 people"}, "van": BESIDE | {"radiographers": "1 people"}}}
CREWS = {
    "theirs": {"providers": ["Trust"], "cover": "100 %", "sessions_per_week": "4 per week"},
    "others": {"providers": ["Company"], "cover": "100 %", "sessions_per_week": "4 per week"},
}


@pytest.mark.parametrize("crews, acts", [(CREWS, True), ({"others": CREWS["others"]}, False)])
def test_posts_are_drawn_where_somebody_has_them(crews, acts):
    """Without a crew of the trust's there is nobody to draw from, and the run says that it never was."""
    drawn = {"contractor": "Company", "drawn_from_nhs": "50 %", "crews": crews}
    times, tables = acted("contractor's sessions that draw on others' posts", workforce=drawn, **PEOPLE)
    held, van = tables.sessions, tables.labels["scanner"].index("van")
    theirs = (held["scanner"] == van) & (held["day"] >= PERIOD[0]) & (held["day"] < PERIOD[1])
    but_good_friday_and_easter_monday = 87
    assert theirs.sum() == but_good_friday_and_easter_monday
    assert times == (but_good_friday_and_easter_monday if acts else 0)


@pytest.mark.parametrize("trusts", [{"provider": "Company"}, {"until_contract": True}])
def test_a_crew_without_a_scanner_loses_nobody(trusts):
    """All scanners are the company's, or handed over to it: what is drawn from the trust never acts."""
    theirs = {"scanner": {"radiographers": "1 people"} | trusts, "van": PEOPLE["fleet"]["van"]}
    drawn = {"contractor": "Company", "drawn_from_nhs": "50 %", "crews": CREWS}
    said = {"workforce": drawn, "fleet": theirs, "contract": {"provider": "Company"}}
    assert acted("contractor's sessions that draw on others' posts", **said)[0] == 0


def test_images_of_the_company_go_to_the_trusts_readers_and_its_own_stay():
    times, tables = acted("images sent to another organisation", images={"transfer": "12 hours"})
    rows = tables.referrals
    theirs = rows["provider"] == tables.labels["provider"].index("Company")
    assert times == np.sum(scanned(tables) & theirs & (rows["reader"] >= 0)) > 0
    at_once = mechanisms_of(scenario())
    assert "images sent to another organisation" not in at_once


@pytest.mark.parametrize("most, months", [(5, 3), (10_000, 0)])
def test_a_cap_that_is_reached_every_month_is_reached_three_times(most, months):
    """February to April; that of January is before the period."""
    terms = {"provider": "Company", "cap": {"MRI": f"{most} per month"}}
    assert acted("months at the cap", contract=terms)[0] == months


def test_what_is_guaranteed_and_not_made_is_what_is_paid_for_nothing():
    """12,000 a year are 3,000 in the quarter: as many more than the company makes are paid in addition."""
    for guaranteed, promised in (("12000 per year", 3000), ("12 per year", 3)):
        terms = {"provider": "Company", "price": {"MRI": "£100 per scan"}, "guaranteed": {"MRI": guaranteed}}
        made = scenario(contract=terms)
        tables = simulate(built := world_of(made), 1, 0)
        found = money.measure(tables, built.days, terms_of(made.contract, made.fleet, built.providers))
        theirs = tables.appointments["provider"] == tables.labels["provider"].index("Company")
        at, complete = tables.appointments["scan_end"], tables.appointments["complete"] == 1
        scans = np.sum(theirs & complete & (at >= PERIOD[0]) & (at < PERIOD[1]))
        times = found["times_acted", "mechanism=guaranteed scans not made"]
        assert times == max(0, promised - scans) and found["payments_pounds", "all"] == 100 * (scans + times)


LENT = {"come_back": True, "after": "10 days"}


@pytest.mark.parametrize(
    "start, over, assets, handed, back",
    [
        (40, 30, LENT, 1, 1),
        (10, 30, LENT, 0, 1),
        (40, 75, LENT, 1, 0),
        (40, 30, LENT | {"come_back": False}, 1, None),
        (40, 30, None, 1, None),
    ],
)
def test_a_scanner_is_handed_over_and_comes_back_once(start, over, assets, handed, back):
    """On the first day of the contract, and so long after its last; what lies outside the period does not count."""
    terms = {"provider": "Company", "length": f"{over} days"} | ({"assets": assets} if assets else {})
    terms["start"] = datetime.date(2019, 1, 1) + datetime.timedelta(days=start)
    made = scenario(contract=terms, fleet={"scanner": {"until_contract": True}})
    tables, found = simulate(world_of(made), 1, 0), mechanisms_of(made)
    assert found["scanners handed over"](tables, PERIOD) == handed
    assert found.get("scanners that came back", lambda *_: None)(tables, PERIOD) == back


def test_a_scenario_without_any_of_it_has_none_of_them():
    assert not set(mechanisms_of(scenario())) & set(ANSWERS)


def test_every_answer_has_a_test_here():
    from pathlib import Path

    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in ANSWERS if f'"{name}"' not in text] == []


def test_people_are_counted_by_kind_also_where_nobody_says_their_age():
    modality, age = np.array([2, 0, 2, 2, 0], dtype=np.int8), np.array([-1, 1, -1, 0, 1], dtype=np.int8)
    kinds, people = counted([modality, age])
    assert dict(zip(map(tuple, kinds), people)) == {(2, -1): 2, (0, 1): 2, (2, 0): 1}
    assert counted([modality[:0], age[:0]]) == ([], [])
