"""A checked scenario worked out into the world that runs."""

from __future__ import annotations

import math

import numpy as np

from sim.model.attendance import chance_of_missing
from sim.model.booking import Removing
from sim.model.breakdowns import NEVER, Wear
from sim.model.calendar import Days, days_of, reference_days
from sim.model.demand import (
    EMERGENCY,
    MODALITIES,
    PLANNED,
    PRIORITIES,
    ROUTINE,
    Arrivals,
    part_of_places,
    referrals_a_year,
)
from sim.model.opening_list import OpeningList
from sim.model.rosters import Crew
from sim.model.scanning import Suite
from sim.model.section import SECONDS_A_DAY
from sim.model.sessions import Scanner, Template, drawn_lot
from sim.model.simulation import World
from sim.model.travel import journeys
from sim.provision.eligibility import Rule, takes
from sim.provision.fleet import FleetScanner, couch_seconds, slot_seconds, slots_possible, worse
from sim.provision.images import routes_of
from sim.provision.reporting import pool_of
from sim.provision.workforce import staffed_slots
from sim.scenario.grouping import groups_of, part_of_cells
from sim.scenario.scenario import Scenario

NO_SUITE = -1


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
    scanners = scanners_of(scenario, days, sites, providers, suites, staffed)
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
        crews=crews_of(scenario),
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


def suites_of(scenario: Scenario, rule: Rule, sites: list[str]) -> tuple[list[Suite], np.ndarray]:
    """The suites, and which of them takes a place's unscheduled patients, by [modality, place]."""
    fleet = list(scenario.fleet.values())
    where = [(s.site, s.modality) for s in fleet]
    kinds = sorted(set(where), key=where.index)
    suite_of = np.full((len(MODALITIES), len(scenario.places)), NO_SUITE)
    for modality, demand in scenario.demand.items():
        able = rule.able(MODALITIES.index(modality), EMERGENCY, 0)
        if demand.unscheduled is not None and able:
            for place in range(len(scenario.places)):
                nearest = rule.nearest(able, place)[0]
                suite_of[MODALITIES.index(modality), place] = kinds.index(where[nearest])
    suites = []
    for number, (site, modality) in enumerate(kinds):
        how = scenario.scanning[modality]
        suites.append(
            Suite(
                number=number,
                site=sites.index(site),
                modality=MODALITIES.index(modality),
                scanners=tuple(n for n, kind in enumerate(where) if kind == (site, modality)),
                unscheduled=bool((suite_of == number).any()),
                bays=how.bays,
                uptake=round(how.uptake * SECONDS_A_DAY),
            )
        )
    return suites, suite_of


def hazards_of(scenario: Scenario) -> list[tuple[float, ...] | None]:
    """The treatment hazard of each scanner's modality and provider; None: first come."""
    found = []
    for scanner in scenario.fleet.values():
        hazard = scenario.booking.treatment_hazard.get(scanner.modality, {}).get(scanner.provider)
        found.append(tuple(float(weight) for weight in hazard.by_week) if hazard else None)
    return found


def staffing(scenario: Scenario, reference: Days, groups, without_car: np.ndarray) -> dict[int, float]:
    """Staffed slots in the full day of each scanner number.

    The plan shares each group's planned referrals over its scanners by the slots they can offer
    in a year, and a scanner's year over its days.
    """
    fleet = list(scenario.fleet.values())
    possible = {n: slots_possible(s, s, scenario.scanning[s.modality]) for n, s in enumerate(fleet)}
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


def scanners_of(
    scenario: Scenario,
    days: Days,
    sites: list[str],
    providers: list[str],
    suites: list[Suite],
    slots: dict[int, float],
) -> list[Scanner]:
    """The scanners as the model sees them. slots: staffed in the full day of each."""
    found = []
    for number, (name, answer) in enumerate(scenario.fleet.items()):
        how, key = scenario.scanning[answer.modality], answer.key or name
        suite = next(suite for suite in suites if number in suite.scanners)
        returning = how.missed_findings
        share = worse(returning.share, answer, how) if returning else 0.0
        found.append(
            Scanner(
                number=number,
                name=name,
                key=key,
                modality=MODALITIES.index(answer.modality),
                site=sites.index(answer.site),
                provider=providers.index(answer.provider),
                suite=suite.number,
                templates=templates_of(answer, how, slots[number]),
                couch_seconds=couch_seconds(answer, how),
                longest_overrun=round(how.longest_overrun * SECONDS_A_DAY),
                wear=wear_of(answer, how, days),
                unscheduled=suite.unscheduled and takes(scenario.eligibility.takes.get(name), EMERGENCY, 0),
                on_call=answer.on_call,
                blocked=float(answer.blocked),
                incomplete=worse(how.incomplete, answer, how) if how.incomplete else 0.0,
                returns=(share, float(returning.after) if returning else 0.0),
                tracer=answer.tracer or answer.modality if how.tracer_fails else None,
                maintained=frozenset(maintained_days(answer, key, days)),
            )
        )
    return found


def templates_of(scanner: FleetScanner, how, staffed: float) -> tuple[Template, ...]:
    """The sessions of a scanner's week. staffed: slots of the full day; other sessions offer all."""
    found = []
    for session in scanner.sessions:
        found.append(
            Template(
                weekdays=frozenset(session.weekdays),
                on_bank_holidays=session.on_bank_holidays,
                opens=session.opens,
                set_up=round(session.set_up * SECONDS_A_DAY),
                slots=staffed if session is scanner else slots_possible(session, scanner, how),
                slot_seconds=slot_seconds(session, scanner, how),
                uptake=round(how.uptake * SECONDS_A_DAY) if how.bays else 0,
                radiographers=float(session.radiographers),
            )
        )
    return tuple(found)


def wear_of(scanner: FleetScanner, how, days: Days) -> Wear:
    """How a scanner fails: the mean time between failures follows from uptime and repair time."""
    fails = how.uptime < 1 and how.repair_time > 0
    new = scanner.replacement
    return Wear(
        working_days=how.repair_time * how.uptime / (1 - how.uptime) if fails else NEVER,
        use_seconds=how.use_between_failures * SECONDS_A_DAY if how.use_between_failures else NEVER,
        repair_days=float(how.repair_time),
        engineers=scanner.modality if how.engineers else None,
        age=float(scanner.age),
        more_a_year=float(how.failures_grow),
        renewed=float((new.opens - days.start).days) if new else NEVER,
    )


def maintained_days(scanner: FleetScanner, key: str, days: Days) -> set[int]:
    """The days on which a scanner is maintained or replaced."""
    found: set[int] = set()
    if scanner.maintenance:
        every, lasts = max(1, round(scanner.maintenance.every)), math.ceil(scanner.maintenance.lasts)
        for first in range(drawn_lot(key, 0) % every, days.end, every):
            found |= set(range(first, first + lasts))
    if scanner.replacement:
        closes, opens = (
            (day - days.start).days for day in (scanner.replacement.closes, scanner.replacement.opens)
        )
        found |= set(range(closes, opens))
    return found


def crews_of(scenario: Scenario) -> list[Crew]:
    """The crews as the model sees them."""
    found = []
    fleet = list(enumerate(scenario.fleet.values()))
    for name, answer in (scenario.workforce.crews if scenario.workforce else {}).items():
        theirs = [(number, scanner) for number, scanner in fleet if scanner.provider in answer.providers]
        sessions = [session for _, scanner in theirs for session in scanner.sessions]
        needed = (sum(s.radiographers for s in sessions if day in s.weekdays) for day in range(7))
        found.append(
            Crew(
                key=answer.key or name,
                a_week=answer.establishment * (1 - answer.vacancies) * answer.sessions_per_week,
                sickness=float(answer.sickness),
                scanners=frozenset(number for number, _ in theirs),
                on_weekday=tuple(float(people) for people in needed),
            )
        )
    return found
