"""The scenario files that come with the program: every number says where it is from, and adds up."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import numpy as np
import pytest

from sim.model.demand import EMERGENCY, MODALITIES, PLANNED
from sim.model.quantity import DIMENSIONS, parted
from sim.model.rosters import Crew
from sim.model.simulation import simulate
from sim.model.tables import SCANNED
from sim.model.travel import great_circle_km
from sim.scenario.document import parse_yaml, read_document
from sim.scenario.read import read_arms, validate
from sim.scenario.world import world_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = sorted(file for file in SCENARIOS.rglob("*.yaml") if file.name not in ("sources.yaml", "claims.yaml"))
TOPS = sorted(
    file for file in SCENARIOS.glob("*.yaml") if {"extends", "headline"} <= set(parse_yaml(file.read_text()))
)
TRUSTS = sorted((SCENARIOS / "trusts").glob("*.yaml"))
SOURCES = parse_yaml((SCENARIOS / "sources.yaml").read_text())
STRUCTURE = ("calendar.years", "experiment.", "headline.matters")
"""Numbers that describe the experiment, not the world."""
COUNTED = (".count", ".tries", ".slots_if_complex")
"""Whole numbers that stand for entries or slots, each like the others; the schema has no long form for them."""
UNITS = {unit for units in DIMENSIONS.values() for unit in units}


def unsourced(tree, path: str = "") -> list[str]:
    """Paths of numbers without a known source, and without an assumption and its range.

    A list of numbers (a list by weeks waited) has the source, or the reason why it is assumed, that stands
    beside it.
    """
    if isinstance(tree, dict) and "value" in tree:
        known = tree.get("source") in SOURCES or (tree.get("assumption") and len(tree.get("range", [])) == 2)
        return [] if known else [path]
    if isinstance(tree, (dict, list)):
        parts = list(tree.items() if isinstance(tree, dict) else enumerate(tree))
        if isinstance(tree, dict) and (tree.get("source") in SOURCES or tree.get("assumption")):
            parts = [(key, value) for key, value in parts if not isinstance(value, list)]
        return [found for key, value in parts for found in unsourced(value, f"{path}.{key}".lstrip("."))]
    number = parted(tree) if isinstance(tree, (str, int, float)) else None
    plain = path.startswith(STRUCTURE) or path.endswith(COUNTED)
    return [path] if number and number[1] in UNITS and not plain else []


def numbers(text: str) -> list[int]:
    """The whole numbers in a note that are written with thousands commas."""
    return [int(found.replace(",", "")) for found in re.findall(r"\d{1,3}(?:,\d{3})+", text)]


@pytest.fixture(scope="module")
def region():
    """The merged scenario that holds places, sites and travel, checked."""
    return read_arms([SCENARIOS / "in_house.yaml"])[0].scenario


def test_there_is_a_scenario_for_each_side_of_the_question():
    assert {"in_house.yaml", "outsourced.yaml", "compromise_2019.yaml"} <= {file.name for file in TOPS}


@pytest.mark.parametrize("file", TRUSTS, ids=lambda file: file.stem)
def test_every_trust_runs_for_a_month_from_its_real_list(file):
    """The laws hold, its opening list is the published one, and what is done in a month is near what
    was done in the twelve months before (the plan is a daily mean: months differ by their days)."""
    scenario = read_arms([file], ["calendar.years=0.0834 years"])[0].scenario
    tables = simulate(world_of(scenario), seed=1, replication=0)
    rows = tables.referrals
    waiting = {name: sum(entry.bands) for name, entry in scenario.opening_list.items()}
    assert rows["opening"].sum() == sum(waiting.values())
    for modality, demand in scenario.demand.items():
        mine = rows["modality"] == MODALITIES.index(modality)
        scans = {
            name: np.sum(mine & (rows["outcome"] == SCANNED) & kind) for name, kind in kinds(rows).items()
        }
        month = {
            "list": demand.per_year / 12,
            "planned": demand.planned.per_year / 12,
            "unscheduled": demand.unscheduled.per_year / 12,
        }
        assert abs(scans["list"] + scans["planned"] - month["list"] - month["planned"]) < 0.15 * (
            month["list"] + month["planned"]
        )
        assert (
            abs(scans["unscheduled"] - month["unscheduled"])
            < 0.05 * month["unscheduled"] + 3.5 * month["unscheduled"] ** 0.5
        )


def kinds(rows) -> dict[str, np.ndarray]:
    """Which rows are from the list, planned and unscheduled."""
    priority = rows["priority"]
    return {"list": priority < PLANNED, "planned": priority == PLANNED, "unscheduled": priority == EMERGENCY}


@pytest.mark.parametrize("file", TOPS, ids=lambda file: file.stem)
def test_every_scenario_is_valid(file):
    assert file.stem in [arm.name for arm in read_arms([file])]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SCENARIOS)))
def test_every_number_has_a_source_or_is_an_assumption_with_a_range(file):
    tree = parse_yaml(file.read_text(encoding="utf-8"))
    tree.pop("extends", None)
    assert unsourced(tree) == []


@pytest.mark.parametrize("bare", ["6 %", 6, 0.5, "13 per day", "£600", "£0.8 million", "£600 per scan", {"value": "6 %"}, {"value": "6 %", "source": "hearsay"},
                                  {"value": "6 %", "assumption": "a"}])  # fmt: skip
def test_a_bare_number_would_be_found(bare):
    assert unsourced({"fleet": {"mobile": {"days": ["monday"], "slots": bare}}}) == ["fleet.mobile.slots"]


def test_a_name_a_clock_time_and_a_date_are_no_numbers():
    assert (
        unsourced(
            {"opens": "08:00", "start": datetime.date(2019, 4, 1), "days": ["monday"], "site": "Site 4"}
        )
        == []
    )


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_can_be_looked_up(source):
    entry = SOURCES[source]
    assert all(
        isinstance(entry[key], str) and entry[key].strip() for key in ("title", "publisher", "date", "link")
    )
    assert re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", entry["link"])


def test_no_source_is_kept_that_no_number_uses():
    used = " ".join(file.read_text(encoding="utf-8") for file in [*FILES, SCENARIOS / "claims.yaml"])
    assert [source for source in SOURCES if source not in used] == []


@pytest.mark.parametrize("file", sorted((SCENARIOS / "regions").glob("*.yaml")), ids=lambda file: file.stem)
def test_a_region_holds_places_sites_and_journeys_and_never_a_scanner(file):
    assert set(read_document(file).tree) <= {"places", "sites", "travel"}


# ---- whose radiographers

PET_CT = ["in_house", "outsourced", "compromise_2019"]


def crews(name: str, *settings: str) -> dict[str, Crew]:
    arms = {arm.name: arm for arm in read_arms([SCENARIOS / f"{name}.yaml"], list(settings))}
    return {crew.key: crew for crew in world_of(arms[name].scenario).crews}


@pytest.mark.parametrize("load", ["70 %", "90 %", "100 %"])
def test_under_the_compromise_the_trust_keeps_the_posts_it_had_for_everybody(load):
    """The cover of 240 % is what the plan in house needs over what it needs then, whatever the load."""
    plan = f"workforce.planned_load={load}"
    before, after = (crews(name, plan)["trust_radiographers"] for name in ("in_house", "compromise_2019"))
    assert after.posts == pytest.approx(before.posts, rel=0.002)


def test_the_mobiles_of_the_compromise_need_more_posts_than_they_free():
    """The numbers in its file: 3.2 against 1.7 of 3.0, so that from 54 % drawn the Churchill loses sessions."""
    found = crews("compromise_2019", "workforce.drawn_from_nhs=100%")
    trust, company = found["trust_radiographers"], found["contract_radiographers"]
    freed = trust.posts - trust.posts / 2.4
    assert [round(posts, 1) for posts in (company.posts, freed, trust.posts)] == [3.2, 1.7, 3.0]
    need = sum(t.radiographer_sessions * len(t.weekdays) for s in company.scanners for t in s.templates)
    assert trust.drawn.posts_each * need == pytest.approx(company.posts)
    assert round(100 * freed / company.posts) == 54


@pytest.mark.parametrize("name", PET_CT)
@pytest.mark.parametrize("load", ["70 %", "100 %"])
def test_every_crew_of_pet_ct_can_hold_what_is_planned(name, load):
    for crew in crews(name, f"workforce.planned_load={load}").values():
        week = sum(t.radiographer_sessions * len(t.weekdays) for s in crew.scanners for t in s.templates)
        assert crew.posts * crew.sessions_per_week >= week - 1e-9


@pytest.mark.parametrize("workforce", PET_CT)
@pytest.mark.parametrize("fleet", PET_CT)
def test_the_fleet_of_one_model_may_have_the_workforce_of_another(fleet, workforce):
    """Whose crew is not in it is staffed as planned; a crew without scanners does nothing."""
    document = read_document(SCENARIOS / f"{fleet}.yaml")
    answer = read_document(SCENARIOS / "provision" / f"{workforce}.yaml").tree["workforce"]
    document.tree["workforce"] = answer
    world = world_of(validate(document, SCENARIOS / f"{fleet}.yaml"))
    mine = {world.providers[scanner.provider] for scanner in world.scanners}
    named = {provider for crew in answer["crews"].values() for provider in crew["providers"]}
    held = {world.providers[scanner.provider] for crew in world.crews for scanner in crew.scanners}
    assert held == mine & named


# ---- the Thames Valley's numbers, worked out again


def test_populations_are_the_sums_of_their_districts(region):
    summed = {name: numbers(place.population.note or "") for name, place in region.places.items()}
    summed = {name: parts for name, parts in summed.items() if parts}
    assert {"Oxford", "Reading"} <= set(summed)
    assert {name: sum(parts) for name, parts in summed.items()} == {
        name: region.places[name].population for name in summed
    }


def test_buckinghamshire_is_split_without_losing_anybody(region):
    halves = [region.places[name].population for name in ("Aylesbury", "High Wycombe")]
    (total,) = numbers(halves[0].assumption)
    assert sum(halves) == total
    for half in halves:
        percent = float(re.match(r"(\d+) %", half.assumption)[1])
        assert half == round(total * percent / 100)
        assert half.range == pytest.approx(
            [total * (percent - 10) / 100, total * (percent + 10) / 100], abs=1
        )


def test_households_without_a_car_are_the_counts_of_the_census(region):
    for name, place in region.places.items():
        share = place.households_without_car
        without, households = numbers(share.note or share.assumption)
        assert round(100 * without / households, 2) == pytest.approx(100 * share), name


def test_the_fitted_line_of_driving_times_is_that_of_the_known_pairs(region):
    known = [
        (great_circle_km(region.places[one], region.places[other]), 1440 * days)
        for one, others in region.travel.car_minutes.items()
        for other, days in others.items()
    ]
    km, minutes = np.array(known).T
    slope, fixed = np.polyfit(km, minutes, 1)
    through_zero = (km @ minutes) / (km @ km)
    assert (1440 * region.travel.fixed_time, region.travel.minutes_per_km) == pytest.approx(
        (round(fixed, 1), round(slope, 3))
    )
    text = (SCENARIOS / "regions" / "thames_valley.yaml").read_text(encoding="utf-8")
    comment = " ".join(line.strip(" #") for line in text.splitlines() if line.strip().startswith("#"))
    assert (
        f"{len(known)} known pairs, driving minutes = {fixed:.1f} + {slope:.3f} x great-circle km" in comment
    )
    error, missed = misses(minutes, fixed + slope * km)
    assert f"square error {error:.1f} minutes, mean error {missed:.0f} %" in comment
    error, missed = misses(minutes, through_zero * km)
    assert f"{through_zero:.3f} minutes a km) miss by {error:.1f} minutes and {missed:.0f} %" in comment


def misses(minutes, fitted) -> tuple[float, float]:
    """(root mean square error in minutes, mean error in percent)."""
    return np.sqrt(np.mean((minutes - fitted) ** 2)), 100 * np.mean(np.abs(minutes - fitted) / minutes)
