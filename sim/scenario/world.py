"""A checked scenario worked out into the world that runs."""

from __future__ import annotations

import numpy as np

from sim.model.attendance import chance_of_missing
from sim.model.booking import Removing
from sim.model.calendar import Days, days_of, reference_days
from sim.model.demand import MODALITIES, PLANNED, PRIORITIES, ROUTINE, part_of_places
from sim.model.groups import Groups
from sim.model.opening_list import OpeningList
from sim.model.sessions import Template
from sim.model.simulation import World
from sim.model.travel import journeys
from sim.provision.contract import PHASES, agreement_of, during, first_phase
from sim.provision.decisions import requests_of
from sim.provision.eligibility import Rule, choice_of
from sim.provision.fleet import FleetScanner, slots_possible
from sim.provision.images import routes_of
from sim.provision.reporting import pool_of
from sim.provision.waiting_lists import transferring
from sim.provision.workforce import staffed_slots
from sim.scenario.arrivals import arrivals_of
from sim.scenario.grouping import groups_of, part_of_cells
from sim.scenario.scanners import crews_of, hazards_of, scanners_of, sharing, suites_of
from sim.scenario.scenario import Scenario


def world_of(scenario: Scenario) -> World:
    """Work a scenario out. The same scenario gives the same world."""
    days, reference = days_of(scenario.calendar), reference_days(scenario.calendar)
    travel = journeys(scenario.travel, scenario.places, scenario.sites)
    sites = list(scenario.sites)
    keys = [place.key or name for name, place in scenario.places.items()]
    rule = Rule(scenario.eligibility, scenario.fleet, sites, travel, scenario.waiting_lists)
    without_car = np.array([float(p.households_without_car) for p in scenario.places.values()])
    odds = np.array([float(site.odds_of_attending) for site in scenario.sites.values()])
    agreement = agreement_of(scenario.contract, scenario.fleet, days)
    works_in = during(agreement, len(scenario.fleet))
    planned_for = [first_phase(agreement, phases) for phases in works_in]
    groups = groups_of(scenario, rule, travel, works_in)
    providers = sorted({scanner.provider for scanner in scenario.fleet.values()})
    suites, suite_of, moving = suites_of(scenario, rule, sites, works_in)
    staffed = staffing(scenario, reference, groups, without_car, planned_for)
    scanners = scanners_of(scenario, days, sites, providers, suites, rule, staffed)
    pools = [pool_of(n, name, answer) for n, (name, answer) in enumerate(scenario.reporting.items())]
    priorities = (*(scenario.vetting.time[name] for name in PRIORITIES[:PLANNED]), 0.0, 0.0)
    return World(
        days=days,
        places=list(scenario.places),
        place_keys=keys,
        without_car=without_car,
        sites=sites,
        providers=providers,
        arrivals=arrivals_of(scenario, keys, days, reference),
        opening=opening_lists(scenario),
        journeys=travel,
        vetting=scenario.vetting,
        vetting_days=np.array([float(days) for days in priorities]),
        redirected_to={
            MODALITIES.index(one): MODALITIES.index(other)
            for one, other in scenario.vetting.redirected_to.items()
        },
        booking=scenario.booking,
        removal=Removing(scenario.booking.removal) if scenario.booking.removal else None,
        attendance=scenario.attendance,
        missing=chance_of_missing(scenario.attendance, travel.km, odds).T.tolist(),
        scanning={MODALITIES.index(m): answer for m, answer in scenario.scanning.items()},
        scanners=scanners,
        suites=suites,
        suite_of=suite_of,
        moving=moving,
        crews=crews_of(scenario, scanners),
        engineers={m: how.engineers for m, how in scenario.scanning.items() if how.engineers},
        groups=groups,
        choice=choice_of(scenario.eligibility),
        transferring=transferring(scenario.waiting_lists),
        agreement=agreement,
        hazards=hazards_of(scenario),
        pools=pools,
        reported_by=routes_of(scenario.images, scenario.reporting, providers),
        requests=requests_of(scenario.decisions, scenario.fleet, scenario.places),
    )


def opening_lists(scenario: Scenario) -> list[OpeningList]:
    """The opening waiting lists as the model draws them."""
    found = []
    for name, answer in scenario.opening_list.items():
        demand = scenario.demand[answer.modality]
        where = list(scenario.places)
        one_place = np.array([float(place == answer.place) for place in where])
        urgent = (answer.urgent.get(priority, 0.0) for priority in PRIORITIES[:ROUTINE])
        found.append(
            OpeningList(
                key=name,
                modality=MODALITIES.index(answer.modality),
                bands=tuple(answer.bands),
                urgent=tuple(float(share) for share in urgent),
                urgent_up_to=float(answer.urgent_up_to),
                complex=float(demand.complex),
                places=one_place if answer.place else part_of_places(demand, scenario.places),
            )
        )
    return found


def staffing(
    scenario: Scenario,
    reference: Days,
    groups: Groups,
    without_car: np.ndarray,
    planned_for: list[int],
) -> dict[int, float]:
    """Staffed slots in the full day of each scanner number.

    The plan shares each list's planned referrals over its scanners by the slots they can offer
    in a year, and a scanner's year over its days. planned_for: the phase that each scanner is planned for.
    It knows of none in reserve: these come with their staff.
    """
    fleet = list(scenario.fleet.values())
    possible = {
        n: slots_possible(s, s, scenario.scanning[s.modality], sharing(scenario, s))
        for n, s in enumerate(fleet)
    }
    workforce = scenario.workforce
    if workforce is None or workforce.planned_referrals is None:
        return staffed_slots(workforce, {}, possible)
    sessions = {n: sessions_a_year(s, reference) for n, s in enumerate(fleet) if not s.in_reserve}
    planned = np.zeros(len(groups.ways))
    for modality, a_year in workforce.planned_referrals.items():
        if modality in scenario.demand:
            code, demand = MODALITIES.index(modality), scenario.demand[modality]
            part = part_of_cells(demand, code, scenario.places, groups, without_car)
            number = groups.number[code]
            np.add.at(planned, number[part > 0], a_year * part[part > 0])
    by_phase = [needed_slots(groups, planned, possible, sessions, phase) for phase in range(PHASES)]
    needed = {number: by_phase[planned_for[number]][number] for number in possible}
    staffed = staffed_slots(workforce, needed, possible)
    return {number: staffed[number] if number in sessions else possible[number] for number in possible}


def needed_slots(
    groups: Groups, planned: np.ndarray, possible: dict[int, float], sessions: dict[int, float], phase: int
) -> dict[int, float]:
    """Slots a session that the planned referrals of each kind need of each scanner in a phase."""
    needed = dict.fromkeys(possible, 0.0)
    for kind, referrals in zip(groups.ways, planned.tolist()):
        lists = [groups.kinds[way.group] for way in kind.joins[phase]]
        offered = {n: possible[n] * sessions[n] for group in lists for n in group.scanners if n in sessions}
        for number, slots in offered.items():
            if slots:
                part = slots / sum(offered.values()) / sessions[number]
                needed[number] += lists[0].slots * referrals * part
    return needed


def sessions_a_year(scanner: FleetScanner, reference: Days) -> float:
    """Full days a year that a scanner works."""
    template = Template(frozenset(scanner.weekdays), scanner.on_bank_holidays, 0, 0, 0, 0.0)
    return sum(template.held_on(day, reference) for day in range(reference.end)) / reference.years
