"""A checked scenario worked out into the world that runs."""

from __future__ import annotations

import numpy as np

from sim.model.attendance import chance_of_missing
from sim.model.booking import Removing
from sim.model.calendar import Days, days_of, reference_days
from sim.model.demand import (
    MODALITIES,
    PLANNED,
    PRIORITIES,
    ROUTINE,
    Arrivals,
    part_of_places,
    referrals_a_year,
)
from sim.model.opening_list import OpeningList
from sim.model.sessions import Template
from sim.model.simulation import World
from sim.model.travel import journeys
from sim.provision.eligibility import Rule
from sim.provision.fleet import FleetScanner, slots_possible
from sim.provision.images import routes_of
from sim.provision.reporting import pool_of
from sim.provision.workforce import staffed_slots
from sim.scenario.grouping import groups_of, part_of_cells
from sim.scenario.scanners import crews_of, hazards_of, scanners_of, sharing, suites_of
from sim.scenario.scenario import Scenario


def world_of(scenario: Scenario) -> World:
    """Work a scenario out. The same scenario gives the same world."""
    days, reference = days_of(scenario.calendar), reference_days(scenario.calendar)
    travel = journeys(scenario.travel, scenario.places, scenario.sites)
    sites = list(scenario.sites)
    keys = [place.key or name for name, place in scenario.places.items()]
    rule = Rule(scenario.eligibility, scenario.fleet, sites, travel)
    without_car = np.array([float(p.households_without_car) for p in scenario.places.values()])
    groups = groups_of(scenario, rule, travel)
    providers = sorted({scanner.provider for scanner in scenario.fleet.values()})
    suites, suite_of = suites_of(scenario, rule, sites)
    staffed = staffing(scenario, reference, groups, without_car)
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
        missing=chance_of_missing(scenario.attendance, travel.km).T.tolist(),
        scanning={MODALITIES.index(m): answer for m, answer in scenario.scanning.items()},
        scanners=scanners,
        suites=suites,
        suite_of=suite_of,
        crews=crews_of(scenario, scanners),
        engineers={m: how.engineers for m, how in scenario.scanning.items() if how.engineers},
        groups=groups,
        hazards=hazards_of(scenario),
        pools=pools,
        reported_by=routes_of(scenario.images, scenario.reporting, providers),
    )


def arrivals_of(scenario: Scenario, keys: list[str], days: Days, reference: Days) -> list[Arrivals]:
    """What draws each modality's referrals, planned scans and unscheduled patients. keys: of the places."""
    found = []
    for modality, whole in scenario.demand.items():
        for priority, demand in whole.streams():
            a_year = dict(zip(keys, referrals_a_year(demand, scenario.places).tolist()))
            number = MODALITIES.index(modality)
            found.append(Arrivals(number, demand, days, reference, a_year, priority))
    return found


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


def staffing(scenario: Scenario, reference: Days, groups, without_car: np.ndarray) -> dict[int, float]:
    """Staffed slots in the full day of each scanner number.

    The plan shares each group's planned referrals over its scanners by the slots they can offer
    in a year, and a scanner's year over its days.
    """
    fleet = list(scenario.fleet.values())
    possible = {
        n: slots_possible(s, s, scenario.scanning[s.modality], sharing(scenario, s))
        for n, s in enumerate(fleet)
    }
    workforce = scenario.workforce
    if workforce is None or workforce.planned_referrals is None:
        return staffed_slots(workforce, {}, possible)
    sessions = {n: sessions_a_year(s, reference) for n, s in enumerate(fleet)}
    planned = np.zeros(len(groups.kinds))
    for modality, a_year in workforce.planned_referrals.items():
        if modality in scenario.demand:
            part = part_of_cells(scenario.demand[modality], scenario.places, groups, without_car)
            number = groups.number[MODALITIES.index(modality)]
            np.add.at(planned, number[part > 0], a_year * part[part > 0])
    needed = dict.fromkeys(possible, 0.0)
    for kind, referrals in zip(groups.kinds, planned.tolist()):
        offered = {n: possible[n] * sessions[n] for n in kind.scanners}
        for number, slots in offered.items():
            if slots:
                needed[number] += kind.slots * referrals * slots / sum(offered.values()) / sessions[number]
    return staffed_slots(workforce, needed, possible)


def sessions_a_year(scanner: FleetScanner, reference: Days) -> float:
    """Full days a year that a scanner works."""
    template = Template(frozenset(scanner.weekdays), scanner.on_bank_holidays, 0, 0, 0, 0.0)
    return sum(template.held_on(day, reference) for day in range(reference.end)) / reference.years
