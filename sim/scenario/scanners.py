"""The scanners of a scenario as the model sees them: suites, sessions, wear, crews."""

from __future__ import annotations

import math

import numpy as np

from sim.model.breakdowns import NEVER, Wear
from sim.model.calendar import Days
from sim.model.contracts import BETWEEN
from sim.model.demand import EMERGENCY, MODALITIES, REFERRERS, Demand
from sim.model.moving import Moving
from sim.model.rosters import Crew, Drawn
from sim.model.scanning import Scanning
from sim.model.section import SECONDS_A_DAY
from sim.model.sessions import Scanner, Template, drawn_lot
from sim.model.suites import Suite
from sim.model.waiting_list import ByWeek
from sim.provision.eligibility import Rule, Who
from sim.provision.fleet import FleetScanner, couch_seconds, slot_seconds, slots_possible, worse
from sim.provision.workforce import Workforce, posts_each, posts_filled
from sim.scenario.scenario import Scenario

NO_SUITE = -1


def suites_of(
    scenario: Scenario, rule: Rule, sites: list[str], works_in: list[frozenset[int]]
) -> tuple[list[Suite], np.ndarray, Moving | None]:
    """The suites; which of them takes a place's unscheduled patients, by [phase, modality, place]; and who moves on.

    works_in: the phases of the contract in which each scanner works, and BETWEEN.
    """
    fleet = list(scenario.fleet.values())
    where = [(s.site, s.modality) for s in fleet]
    kinds = sorted(set(where), key=lambda kind: (sites.index(kind[0]), MODALITIES.index(kind[1])))
    suite_of = np.full((BETWEEN + 1, len(MODALITIES), len(scenario.places)), NO_SUITE)
    open_to: list[set[int]] = [set() for _ in range(BETWEEN + 1)]
    for modality, demand in scenario.demand.items():
        everybody = emergencies_taken_by(rule, MODALITIES.index(modality), demand)
        for phase in range(BETWEEN + 1):
            able = [number for number in everybody if phase in works_in[number]] or everybody
            open_to[phase] |= {kinds.index(where[number]) for number in able if number not in rule.in_reserve}
            for place in range(len(scenario.places)) if able else ():
                nearest = rule.nearest(able, place)[0]
                suite_of[phase, MODALITIES.index(modality), place] = kinds.index(where[nearest])
    moving = moving_of(scenario, rule, kinds, open_to)
    suites = []
    for number, (site, modality) in enumerate(kinds):
        how = scenario.scanning[modality]
        demand = scenario.demand.get(modality)
        stream = demand.unscheduled if demand else None
        suites.append(
            Suite(
                number=number,
                site=sites.index(site),
                modality=MODALITIES.index(modality),
                scanners=tuple(n for n in rule.in_order if where[n] == (site, modality)),
                unscheduled=bool(
                    (suite_of == number).any() or (moving is not None and (moving.to == number).any())
                ),
                bays=how.bays,
                uptake=round(how.uptake * SECONDS_A_DAY),
                first=tuple(REFERRERS.index(name) for name in stream.first) if stream else (),
                leaves_after=float(stream.leaves_after) if stream and stream.leaves_after else NEVER,
            )
        )
    return suites, suite_of, moving


def moving_of(
    scenario: Scenario, rule: Rule, kinds: list[tuple[str, str]], open_to: list[set[int]]
) -> Moving | None:
    """To which suite unscheduled patients of each move on: the nearest other one of its modality, by road from the
    place of its site. kinds: (site, modality) of each suite. open_to: suites that take them, by phase."""
    after = scenario.eligibility.emergencies_moved_after
    if after is None:
        return None
    places, sites = list(scenario.places), list(scenario.sites)
    to = np.full((len(open_to), len(kinds)), NO_SUITE)
    takes = np.zeros(to.shape)
    for phase, able in enumerate(open_to):
        for number, (site, modality) in enumerate(kinds):
            here = rule.journeys.car[places.index(scenario.sites[site].place)]
            others = [n for n in able if kinds[n][1] == modality and kinds[n][0] != site]
            if others:
                to[phase, number] = min(others, key=lambda n: (here[sites.index(kinds[n][0])], n))
                takes[phase, number] = round(here[sites.index(kinds[to[phase, number]][0])] * 60)
    return Moving(max(1, round(after * SECONDS_A_DAY)), to, takes)


def emergencies_taken_by(rule: Rule, modality: int, demand: Demand) -> list[int]:
    """The scanners that take a modality's unscheduled patients, complex ones where there are any."""
    if demand.unscheduled is None:
        return []
    complexities = (0, 1) if demand.unscheduled.complex else (0,)
    able = [rule.able(Who(modality, EMERGENCY, complexity)) for complexity in complexities]
    return [number for number in able[0] if all(number in others for others in able)]


def hazards_of(scenario: Scenario) -> list[ByWeek | None]:
    """The treatment hazard of each scanner's modality and provider, or else site; None: first come."""
    found = []
    for scanner in scenario.fleet.values():
        known = scenario.booking.treatment_hazard.get(scanner.modality, {})
        hazard = known.get(scanner.provider) or known.get(scanner.site)
        weights = tuple(float(weight) for weight in hazard.by_week) if hazard else ()
        found.append(ByWeek(weights, hazard.within_week == "anybody") if hazard else None)
    return found


def scanners_of(
    scenario: Scenario,
    days: Days,
    sites: list[str],
    providers: list[str],
    suites: list[Suite],
    rule: Rule,
    slots: dict[int, float],
) -> list[Scanner]:
    """The scanners as the model sees them. slots: staffed in the full day of each."""
    found = []
    emergencies = {
        number
        for modality, demand in scenario.demand.items()
        for number in emergencies_taken_by(rule, MODALITIES.index(modality), demand)
    }
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
                templates=templates_of(answer, how, slots[number], sharing(scenario, answer)),
                couch_seconds=couch_seconds(answer, how),
                longest_overrun=round(how.longest_overrun * SECONDS_A_DAY),
                wear=wear_of(answer, key, how, days),
                unscheduled=suite.unscheduled and number in emergencies,
                on_call=answer.on_call,
                blocked=float(answer.blocked),
                incomplete=worse(how.incomplete, answer, how) if how.incomplete else 0.0,
                returns=(share, float(returning.after) if returning else 0.0),
                tracer=answer.tracer or answer.modality if how.tracer_fails else None,
                maintained=frozenset(maintained_days(answer, key, days)),
                reserve=reserve_of(answer),
            )
        )
    return found


def reserve_of(scanner: FleetScanner) -> frozenset[int]:
    """The numbers of a scanner's templates that wait for a decision."""
    return frozenset(n for n, s in enumerate(scanner.sessions) if scanner.in_reserve or s.in_reserve)


def sharing(scenario: Scenario, scanner: FleetScanner) -> int:
    """How many scanners share the uptake bays of a site; nobody shares them with one in reserve."""
    beside = [s for s in scenario.fleet.values() if s is scanner or not s.in_reserve]
    return sum(s.site == scanner.site and s.modality == scanner.modality for s in beside)


def templates_of(
    scanner: FleetScanner, how: Scanning, staffed: float, shared_by: int
) -> tuple[Template, ...]:
    """The sessions of a scanner's week. staffed: slots of the full day; other sessions offer all."""
    found = []
    for session in scanner.sessions:
        possible = slots_possible(session, scanner, how, shared_by)
        slots = staffed if session is scanner else possible
        found.append(
            Template(
                weekdays=frozenset(session.weekdays),
                on_bank_holidays=session.on_bank_holidays,
                opens=session.opens,
                set_up=round(session.set_up * SECONDS_A_DAY),
                slots=slots,
                slot_seconds=slot_seconds(session, scanner, how, shared_by),
                uptake=round(how.uptake * SECONDS_A_DAY) if how.bays else 0,
                radiographers=float(session.radiographers),
                staffed=slots / possible if possible else 0.0,
            )
        )
    return tuple(found)


def wear_of(scanner: FleetScanner, key: str, how: Scanning, days: Days) -> Wear:
    """How a scanner fails: the mean time between failures follows from uptime and repair time."""
    fails = how.uptime < 1 and how.repair_time > 0
    new = scanner.replacement
    return Wear(
        key=scanner.unit or key,
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


def crews_of(scenario: Scenario, scanners: list[Scanner]) -> list[Crew]:
    """The crews as the model sees them; those without a session that needs them are left out."""
    workforce = scenario.workforce or Workforce()
    theirs = {
        name: scanners_of_providers(scenario, scanners, answer.providers)
        for name, answer in workforce.crews.items()
    }
    answers = {name: answer for name, answer in workforce.crews.items() if theirs[name]}
    posts = {name: posts_filled(answer, planned_need(theirs[name])) for name, answer in answers.items()}
    lose = posts_each(workforce, posts)
    drawing = scanners_of_providers(scenario, scanners, [workforce.contractor])
    return [
        Crew(
            key=answer.key or name,
            posts=posts[name],
            sessions_per_week=float(answer.sessions_per_week),
            sickness=float(answer.sickness),
            scanners=theirs[name],
            drawn=drawn_by(workforce, drawing, lose[name]) if lose.get(name) and drawing else None,
        )
        for name, answer in answers.items()
    ]


def drawn_by(workforce: Workforce, drawing: tuple[Scanner, ...], each: float) -> Drawn:
    """What a contractor's scanners draw from a crew that loses so many posts for each session."""
    refilled = NEVER if workforce.refilled_after is None else float(workforce.refilled_after)
    return Drawn(drawing, each, float(workforce.drawn_over), refilled)


def scanners_of_providers(
    scenario: Scenario, scanners: list[Scanner], providers: list[str | None]
) -> tuple[Scanner, ...]:
    """The scanners of some providers that need radiographers."""
    return tuple(
        scanner
        for scanner, answer in zip(scanners, scenario.fleet.values())
        if answer.provider in providers and any(t.radiographer_sessions for t in scanner.templates)
    )


def planned_need(scanners: tuple[Scanner, ...]) -> float:
    """Sessions of a radiographer a week that hold the sessions of some scanners, those in reserve left out."""
    return math.fsum(
        template.radiographer_sessions * len(template.weekdays)
        for scanner in scanners
        for number, template in enumerate(scanner.templates)
        if number not in scanner.reserve
    )
