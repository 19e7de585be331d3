"""Scenarios that ask what a way of providing scans would do: each runs, and what it is about happens in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.measures import measure, money
from sim.measures.mechanisms import mechanisms_of
from sim.model.demand import EMERGENCY
from sim.model.simulation import simulate
from sim.provision.contract import terms_of
from sim.scenario.read import Arm, read_arms
from sim.scenario.world import world_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASELINES = {
    "prime_provider": "four_commissioners",
    "community_hubs": "hospitals_only",
    "scanners_oecd": "scanners_uk",
    "scanners_oecd_staffed": "scanners_uk",
    "charity_scanner": "north_midlands_mri",
    "charity_scanner_part_time": "north_midlands_mri",
    "charity_scanner_without_crews": "north_midlands_mri",
    "charity_scanner_handed_over": "charity_scanner",
    "insourced_evenings": "north_midlands_mri",
    "pandemic_recovery_sessions": "pandemic_recovery",
    "pandemic_recovery_mobiles": "pandemic_recovery",
    "pandemic_recovery_outsourced": "pandemic_recovery",
    "mobile_sensitivity": "mobile_sensitivity_in_house",
    "mobile_as_sensitive": "mobile_sensitivity_in_house",
}


def arms(name: str, *settings: str) -> dict[str, Arm]:
    """The arms of a scenario with some values set."""
    return {arm.name: arm for arm in read_arms([SCENARIOS / f"{name}.yaml"], list(settings))}


def run(arm: Arm, replication: int = 0):
    """(tables, {(measure, group): value}) of one replication."""
    scenario, world = arm.scenario, world_of(arm.scenario)
    tables = simulate(world, seed=1, replication=replication)
    terms = terms_of(scenario.contract, scenario.fleet, world.providers)
    values, _ = measure(tables, world.days, mechanisms_of(scenario))
    return tables, values | money.measure(tables, world.days, terms)


def slots_a_week(arm: Arm) -> dict[str, float]:
    """Staffed slots a week of each modality, those in reserve left out."""
    found: dict[str, float] = {}
    for scanner, answer in zip(world_of(arm.scenario).scanners, arm.scenario.fleet.values(), strict=True):
        for number, template in enumerate(scanner.templates):
            if number not in scanner.reserve:
                week = template.slots * len(template.weekdays)
                found[answer.modality] = found.get(answer.modality, 0) + week
    return found


@pytest.mark.parametrize("name, baseline", BASELINES.items())
def test_each_is_compared_with_how_things_are(name, baseline):
    """On the same patients: the baseline has the same places, demand and opening lists."""
    found = arms(name)
    assert list(found) == [baseline, name]
    here, there = found[name].scenario, found[baseline].scenario
    for section in ("places", "travel", "demand", "opening_list", "vetting", "attendance", "headline"):
        assert getattr(here, section) == getattr(there, section)


# ---- scanners a million


def test_a_million_people_have_9_mri_and_10_ct_scanners_and_would_have_12_and_19():
    def counted(name: str) -> tuple[int, int]:
        fleet = arms("scanners_oecd_staffed")[name].scenario.fleet.values()
        return tuple(sum(scanner.modality == modality for scanner in fleet) for modality in ("MRI", "CT"))

    assert counted("scanners_uk") == (9, 10)
    assert counted("scanners_oecd_staffed") == (12, 19)


@pytest.mark.parametrize(
    "name, more", [("scanners_oecd", {"MRI": 1, "CT": 1}), ("scanners_oecd_staffed", {"MRI": 12 / 9, "CT": 1.9})]
)  # fmt: skip
def test_scanners_without_people_give_as_many_slots_as_before(name, more):
    found = arms(name)
    before, after = slots_a_week(found["scanners_uk"]), slots_a_week(found[name])
    assert {m: after[m] / before[m] for m in more} == pytest.approx(more, abs=0.004)


@pytest.mark.slow
def test_a_million_people_wait_about_as_england_did_in_2025():
    """England's MRI list: 13.7 % over six weeks in March 2025, 18.8 % over the year (trusts); 5.2 weeks of scans."""
    found = run(arms("scanners_uk")["scanners_uk"])[1]
    assert 10 < found["over_6_weeks_percent", "modality=MRI"] < 35
    assert 5 < found["over_6_weeks_percent", "modality=CT"] < 20


# ---- a scanner that a charity buys


@pytest.mark.parametrize(
    "name, more",
    [("charity_scanner", 1 / 14), ("charity_scanner_part_time", 4 / 7 / 14), ("charity_scanner_without_crews", 0)],
)  # fmt: skip
def test_what_a_charitys_scanner_adds_hangs_on_its_people(name, more):
    found = arms(name)
    before, after = slots_a_week(found["north_midlands_mri"]), slots_a_week(found[name])
    assert after["MRI"] / before["MRI"] - 1 == pytest.approx(more, abs=0.004)


def test_a_charitys_scanner_that_is_handed_over_works_as_before_until_the_contract_ends():
    third, ends = "calendar.years=0.33 years", "contract.length=60 days"
    scans = ("scans_per_week", "modality=MRI")
    found = arms("charity_scanner_handed_over", third)
    (tables, kept), (_, before) = run(found["charity_scanner_handed_over"]), run(found["charity_scanner"])
    assert kept[scans] == pytest.approx(before[scans], rel=0.01), "it is the same scanner"
    assert last_day_of_the_company(tables) > 100, "to the end"

    found = arms("charity_scanner_handed_over", third, ends)["charity_scanner_handed_over"]
    tables, lost = run(found)
    assert 50 < last_day_of_the_company(tables) < 60, "it is gone"
    assert (
        lost[scans] < before[scans]
        and lost["list_size", "modality=MRI"] > before["list_size", "modality=MRI"]
    )
    assert lost["charity_bought_lost_pounds", "all"] == 1_000_000

    found = arms("charity_scanner_handed_over", third, ends, "contract.assets.come_back=true")
    _, lent = run(found["charity_scanner_handed_over"])
    assert ("charity_bought_lost_pounds", "all") not in lent, "nothing is lost"
    assert (
        lost["list_size", "modality=MRI"]
        > lent["list_size", "modality=MRI"]
        > before["list_size", "modality=MRI"]
    )


def last_day_of_the_company(tables) -> float:
    """When the last slot of the company's scanner begins, in days; unscheduled scans have none."""
    theirs = tables.appointments["provider"] == tables.labels["provider"].index("Independent provider")
    return np.nanmax(tables.appointments["slot_start"][theirs])


# ---- evenings


def test_evenings_are_held_by_the_other_providers_people_and_cost_the_trust_some_of_its_days():
    found = arms("insourced_evenings", "calendar.years=0.084 years", "workforce.drawn_over=0 months")
    tables, measured = run(found["insourced_evenings"])
    assert measured["times_acted", "mechanism=sessions without a crew"] > 0
    providers = tables.labels["provider"]
    made = tables.appointments
    theirs = made["provider"] == providers.index("Evening provider")
    assert theirs.any()
    hour = made["slot_start"][theirs] % 1 * 24
    assert hour.min() >= 18 and hour.max() < 21
    rows = tables.referrals
    assert not rows["complexity"][made["referral"][theirs]].any()
    assert not np.any(rows["priority"][made["referral"][theirs]] == EMERGENCY)


def test_where_nobody_is_drawn_the_trust_keeps_all_of_its_days():
    found = arms("insourced_evenings", "calendar.years=0.084 years", "workforce.drawn_from_nhs=0%")
    measured = run(found["insourced_evenings"])[1]
    assert measured["times_acted", "mechanism=sessions without a crew"] == 0


# ---- hubs


@pytest.mark.slow
def test_with_hubs_the_hospitals_scan_emergencies_only_and_the_people_of_cannock_travel():
    found = arms("community_hubs", "calendar.years=0.084 years")
    tables, measured = run(found["community_hubs"])
    before = run(found["hospitals_only"])[1]
    rows, sites = tables.referrals, tables.labels["site"]
    for number, site in enumerate(sites):
        emergencies = rows["priority"][rows["site"] == number] == EMERGENCY
        assert not emergencies.any() if "hub" in site else emergencies.all()
    everybody = ("travel_minutes_mean", "place=Cannock Chase;car=no car")
    assert measured[everybody] > before[everybody] + 5


@pytest.mark.slow
def test_a_hospital_with_one_scanner_sends_emergencies_on_when_it_fails_and_one_with_two_does_not():
    """What losing a scanner does to emergencies: transfers, and a longer wait; of the same patients."""
    found = arms("community_hubs", "calendar.years=0.25 years")
    hubs, before = (run(found[name], 1)[1] for name in ("community_hubs", "hospitals_only"))
    emergencies = "times_acted", "mechanism=emergencies moved"
    assert hubs[emergencies] > 100 > 10 >= before[emergencies]
    wait = "unscheduled_wait_hours_mean", "all"
    nobody_moved = arms(
        "community_hubs", "calendar.years=0.25 years", "eligibility.emergencies_moved_after=null"
    )
    left_there = run(nobody_moved["community_hubs"], 1)[1]
    assert before[wait] < hubs[wait] < left_there[wait]


def test_hubs_have_the_same_scanners_and_the_same_slots_for_those_who_are_sent():
    found = arms("community_hubs")
    hospitals, hubs = (found[name] for name in ("hospitals_only", "community_hubs"))
    assert len(hospitals.scenario.fleet) == len(hubs.scenario.fleet) == 8
    for_emergencies = 3 * 7
    assert slots_a_week(hubs)["CT"] - for_emergencies == pytest.approx(
        slots_a_week(hospitals)["CT"], rel=0.001
    )


# ---- a prime provider

QUICK = ("calendar.years=0.6 years", "calendar.start=2014-12-01")


def test_where_the_tender_fails_everything_is_as_it_was_but_for_what_it_cost():
    found = arms("prime_provider", *QUICK, "contract.tender.fails=95%")
    tables, measured = run(found["prime_provider"])
    before = run(found["four_commissioners"])[0]
    assert measured["times_acted", "mechanism=failed tenders"] == 1
    assert measured["one_off_pounds", "all"] == 840_000
    assert measured["payments_pounds", "all"] == 0
    np.testing.assert_array_equal(tables.referrals["referred"], before.referrals["referred"])
    for column in ("clock_start", "scanned"):
        theirs, ours = before.referrals[column], tables.referrals[column]
        known = (
            ours < 79
        )  # 1 April less the horizon of six weeks: nobody is booked beyond a start that is expected
        np.testing.assert_array_equal(ours[known], theirs[known])
    scanned = [np.isfinite(one.referrals["scanned"]).mean() for one in (tables, before)]
    assert abs(scanned[0] - scanned[1]) < 0.01


def test_under_the_contract_the_prime_provider_scans_everybody():
    tables, measured = run(arms("prime_provider", *QUICK, "contract.tender.fails=0%")["prime_provider"])
    rows, providers = tables.referrals, tables.labels["provider"]
    after = rows["scanned"] > 121  # 1 April 2015
    assert {providers[number] for number in set(rows["provider"][after].tolist())} == {"Prime provider"}
    assert measured["payments_pounds", "all"] > 0


@pytest.mark.slow
def test_some_prime_providers_give_up():
    found = arms("prime_provider", *QUICK, "contract.tender.fails=0%", "contract.collapse.a_year=80%")
    gave_up = [run(found["prime_provider"], r)[1]["times_acted", "mechanism=collapses"] for r in range(6)]
    assert 0 < sum(gave_up) < 6


# ---- the spring of 2020


@pytest.mark.slow
@pytest.mark.parametrize("option", ["sessions", "mobiles"])
def test_after_the_spring_of_2020_more_capacity_is_asked_for_and_comes(option):
    arm = arms(f"pandemic_recovery_{option}", "calendar.years=0.6 years")[f"pandemic_recovery_{option}"]
    found = [run(arm, replication)[1] for replication in range(3)]
    assert all(one["decisions_requested", "all"] >= 1 for one in found)
    assert sum(one["decisions_in_effect", "all"] for one in found) >= 2


@pytest.mark.slow
def test_in_may_2020_about_half_of_the_list_had_waited_over_six_weeks():
    """58.5 % of all tests in England; by test it was not published."""
    arm = arms("pandemic_recovery", "calendar.years=0.26 years")["pandemic_recovery"]
    world = world_of(arm.scenario)
    census = measure(simulate(world, 1, 0), world.days)[1]
    (may,) = [row for row in census if str(row["Period"])[:7] == "2020-05"]
    bands = [value for name, value in may.items() if "<" in name or name.startswith("13+")]
    assert 0.35 < sum(bands[6:]) / sum(bands) < 0.6


# ---- how sensitive a mobile has to be


def test_a_weaker_mobile_scans_longer_or_worse_as_the_scenario_says():
    def mobile(*settings: str):
        world = world_of(arms("mobile_sensitivity", *settings)["mobile_sensitivity"].scenario)
        (one,) = [scanner for scanner in world.scanners if scanner.name == "milton_keynes_mobile"]
        return one

    weak, as_good = (f"fleet.milton_keynes_mobile.relative_sensitivity={s}" for s in (0.5, 1))
    longer, worse = (f"scanning.PET-CT.made_up_by_longer_scanning={c}" for c in (1, 0))
    assert mobile(weak, longer).couch_seconds[0] == 2 * mobile(as_good, longer).couch_seconds[0]
    assert mobile(weak, longer).incomplete == mobile(as_good, longer).incomplete == pytest.approx(0.02)
    assert mobile(weak, worse).couch_seconds == mobile(as_good, worse).couch_seconds
    assert mobile(weak, worse).incomplete == pytest.approx(0.04)
    assert mobile(weak, worse).returns[0] == pytest.approx(0.026)
