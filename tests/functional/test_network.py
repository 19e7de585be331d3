"""Neighbouring trusts and the seven options run: their laws hold, and their mechanisms do what they say."""

from __future__ import annotations

import numpy as np
import pytest

from sim.measures import measure
from sim.model.demand import EMERGENCY, MODALITIES, ON_REQUEST
from sim.model.simulation import World, simulate
from sim.model.tables import SCANNED
from sim.scenario.document import read_document, set_value
from sim.scenario.read import read_arms, validate
from sim.scenario.world import world_of
from tests.functional.model.two_towns import same
from tests.unit.test_network_options import ALL, SCENARIOS
from tests.world import SMALL, world

MONTH = "calendar.years=0.0834 years"
TABLES = ("referrals", "appointments", "sessions", "decisions")


def of_option(name: str, *settings: str) -> World:
    """The world of a shipped option."""
    return world_of(read_arms([SCENARIOS / f"network_{name}.yaml"], list(settings))[-1].scenario)


def of_mri(name: str, months: int, asking: bool = False) -> World:
    """The world of an option with MRI alone, in which nobody refuses a site. asking: for more capacity, too."""
    document = read_document(SCENARIOS / f"network_{name}.yaml")
    tree = document.tree
    requests = tree["decisions"]["requests"]
    tree["decisions"]["requests"] = {key: one for key, one in requests.items() if "mri" in key}
    for section in ("demand", "scanning"):
        tree[section] = {"MRI": tree[section]["MRI"]}
    for section in ("fleet", "opening_list"):
        tree[section] = {key: one for key, one in tree[section].items() if one["modality"] == "MRI"}
    tree["booking"]["treatment_hazard"] = {"MRI": tree["booking"]["treatment_hazard"]["MRI"]}
    del tree["booking"]["refusal"], tree["workforce"], tree["contract"]
    if not asking:
        del tree["decisions"]
    set_value(document, f"calendar.years={months / 12:.4f} years")
    return world_of(validate(document, SCENARIOS / f"network_{name}.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("file", ALL, ids=lambda file: file.stem)
def test_every_option_runs_for_a_month_from_the_real_lists(file):
    """The laws hold, and everybody on the published lists is there."""
    arm = read_arms([file], [MONTH])[-1]
    rows = simulate(world_of(arm.scenario), seed=1, replication=0).referrals
    assert rows["opening"].sum() == sum(sum(one.bands) for one in arm.scenario.opening_list.values())
    for modality in ("MRI", "CT", "ultrasound"):
        mine = rows["modality"] == MODALITIES.index(modality)
        assert np.any(mine & (rows["outcome"] == SCANNED) & (rows["priority"] == EMERGENCY))


@pytest.mark.slow
def test_a_partnership_and_a_company_give_the_same_tables():
    """They differ in the VAT that is expected to be lost, which moves nobody."""
    names = ("joint_venture_llp", "joint_venture_company")
    one, other = (simulate(of_option(name, MONTH), 1, 0) for name in names)
    assert all(same(getattr(one, table), getattr(other, table)) for table in TABLES)


KINDS = {"extra_sessions", "hired_mobile", "replacement", "new_scanner"}


@pytest.mark.slow
@pytest.mark.parametrize("file", ALL, ids=lambda file: file.stem)
def test_in_every_replication_of_every_option_a_request_is_made_and_decided(file):
    """However the lists go: a scanner of 9.5 years is over ten within seven months, and whoever has to agree has
    done so, or has not, when each of them has met as often as they may be asked, one after the other."""
    made = of_option(file.stem.removeprefix("network_"))
    assert {request.does for request in made.requests} == KINDS
    aged = [request for request in made.requests if request.does == "replacement"]
    asked = made.days.months[7]
    for request in aged:
        wear = made.scanners[request.when.scanner].wear
        assert wear.age_on(asked) > request.when.years and request.months == 1
        assert asked + sum(board.every * (board.tries + 1) for board in request.boards) < made.days.end
    assert len(aged) == 4


@pytest.mark.slow
@pytest.mark.parametrize("file", ALL, ids=lambda file: file.stem)
def test_within_nine_months_of_mri_alone_something_is_asked_for_and_decided(file):
    found = simulate(of_mri(file.stem.removeprefix("network_"), months=9, asking=True), seed=1, replication=0)
    rows, does = found.decisions, found.labels["does"]
    decided = np.isfinite(rows["agreed"]) | np.isfinite(rows["refused"])
    assert "replacement" in {does[n] for n in rows["does"][decided]}
    if (
        file.stem == "network_today"
    ):  # one list for all has nobody waiting for long where nobody refuses a site
        assert "extra_sessions" in {does[n] for n in rows["does"][decided]}


@pytest.mark.slow
def test_one_pooled_list_that_nobody_refuses_brings_the_trusts_together():
    """At the end of eight months: who has waited six weeks, of those who wait, by where they live."""
    pooled, own = (long_waits(of_mri(name, months=8)) for name in ("alliance", "today"))
    assert max(pooled.values()) - min(pooled.values()) < 2
    assert max(own.values()) - min(own.values()) > 10


def long_waits(made: World) -> dict[str, float]:
    """% of each place's list over six weeks at the end of a run."""
    rows, end = simulate(made, seed=1, replication=0).referrals, made.days.end
    waiting = (rows["priority"] < ON_REQUEST) & (rows["referred"] < end) & ~(rows["scanned"] < end)
    long = waiting & (end - rows["clock_start"] >= 42)
    here = {place: rows["place"] == number for number, place in enumerate(made.places)}
    return {place: 100 * np.sum(long & mine) / np.sum(waiting & mine) for place, mine in here.items()}


# ---- case mix

PUBLISHED = {"MRI": (7.6, 1.0), "ultrasound": (12.8, 1.4)}
"""% of England's waiting-list and of its unscheduled tests that non-trust providers did in 2025/26 (DM01)."""


@pytest.mark.parametrize("modality", PUBLISHED)
def test_the_case_mix_mechanism_gives_the_published_ratios(modality):
    """A share of the list is sent to a company in a village, where few emergencies come from."""
    of_the_list, of_emergencies = PUBLISHED[modality]
    made = world(a_company_in_a_village(modality, of_the_list, of_emergencies))
    rows = simulate(made, seed=1, replication=0).referrals
    done, company = rows["outcome"] == SCANNED, made.providers.index("Company")
    for published, kind in (
        (of_the_list, rows["priority"] < ON_REQUEST),
        (of_emergencies, rows["priority"] == EMERGENCY),
    ):
        total = np.sum(done & kind)
        theirs = 100 * np.sum(done & kind & (rows["provider"] == company)) / total
        assert total > 3000
        assert theirs == pytest.approx(published, abs=3.5 * (published * (100 - published) / total) ** 0.5)


def test_a_company_that_takes_no_emergencies_has_none():
    changes = a_company_in_a_village("MRI", 7.6, 1.0)
    changes["eligibility"]["takes"] = {
        "Company": {"priority": ["urgent", "routine", "urgent_suspected_cancer"]}
    }
    values = measure(simulate(made := world(changes), 1, 0), made.days)[0]
    assert values["scans", "provider=Company"] > 0
    assert ("unscheduled_wait_hours_mean", "provider=Company") not in values


def a_company_in_a_village(modality: str, of_the_list: float, of_emergencies: float) -> dict:
    """A town with a trust and a village with a company, each with a scanner day and night."""
    spot = {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}
    scanner = {
        "kind": "fixed", "modality": modality, "provider": "Trust", "site": "Hospital", "opens": "08:00", "closes": "18:00",
        "days": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
        "slots_per_day": "20 per day", "on_call": True,
    }  # fmt: skip
    by_place = {"Town": f"{100 - of_emergencies} per 1000 people a year", "Village": f"{of_emergencies} per 1000 people a year"}  # fmt: skip
    small = read_document(SMALL).tree
    demand = small["demand"]["MRI"] | {"per_year": "5000 per year", "unscheduled": {"per_1000": by_place}}
    return {
        "places": {"Town": {"population": "50000 people"}, "Village": {"population": "50000 people", "households_without_car": "10 %"} | spot},
        "sites": {"Green": {"place": "Village"} | spot},
        "demand": {"MRI": None, modality: demand},
        "scanning": {"MRI": None, modality: small["scanning"]["MRI"]},
        "eligibility": {"choice": "soonest", "contractor": "Company", "share": f"{of_the_list} %"},
        "waiting_lists": {"held_by": "contractor", "contractor": "Company"},
        "fleet": {"scanner": scanner, "company": scanner | {"provider": "Company", "site": "Green"}},
        "reporting": {"radiologists": {"reports_for": ["Trust", "Company"]}},
    }  # fmt: skip
