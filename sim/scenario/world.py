"""A checked scenario worked out into the world that runs."""

from __future__ import annotations

import numpy as np

from sim.model.attendance import chance_of_missing
from sim.model.calendar import Days, days_of, reference_days
from sim.model.demand import COMPLEXITIES, MODALITIES, PRIORITIES, Arrivals
from sim.model.section import SECONDS_A_DAY
from sim.model.sessions import Scanner
from sim.model.simulation import World
from sim.model.travel import journeys
from sim.provision.eligibility import Rule, rule_of
from sim.provision.fleet import couch_seconds, slot_seconds, slots_possible
from sim.provision.images import routes_of
from sim.provision.reporting import pool_of
from sim.provision.workforce import staffed_slots
from sim.scenario.scenario import Scenario


def world_of(scenario: Scenario) -> World:
    """Work a scenario out. The same scenario gives the same world."""
    days, reference = days_of(scenario.calendar), reference_days(scenario.calendar)
    travel = journeys(scenario.travel, scenario.places, scenario.sites)
    sites = list(scenario.sites)
    people = sum(place.population for place in scenario.places.values())
    keys = [place.key or name for name, place in scenario.places.items()]
    share = {key: place.population / people for key, place in zip(keys, scenario.places.values())}
    may_take = rule_of(scenario.eligibility, scenario.fleet, sites, travel)
    groups, group_of = groups_of(scenario, may_take)
    providers = sorted({scanner.provider for scanner in scenario.fleet.values()})
    pools = [pool_of(n, name, answer) for n, (name, answer) in enumerate(scenario.reporting.items())]
    return World(
        days=days,
        places=list(scenario.places),
        place_keys=keys,
        without_car=np.array([float(p.households_without_car) for p in scenario.places.values()]),
        sites=sites,
        providers=providers,
        arrivals=[
            Arrivals(MODALITIES.index(modality), demand, days, reference, share)
            for modality, demand in scenario.demand.items()
        ],
        journeys=travel,
        vetting_days=np.array([float(scenario.vetting.time[priority]) for priority in PRIORITIES]),
        booking=scenario.booking,
        attendance=scenario.attendance,
        missing=chance_of_missing(scenario.attendance, travel.km).T.tolist(),
        scanning={MODALITIES.index(m): answer for m, answer in scenario.scanning.items()},
        scanners=scanners_of(scenario, sites, providers, staffing(scenario, reference, groups, group_of)),
        groups=groups,
        group_of=group_of,
        pools=pools,
        reported_by=routes_of(scenario.images, scenario.reporting, providers),
    )


def groups_of(scenario: Scenario, may_take: Rule) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """The distinct sets of scanners, and which of them serves each kind of referral."""
    shape = (len(MODALITIES), len(scenario.places), len(PRIORITIES), len(COMPLEXITIES))
    groups: list[tuple[int, ...]] = []
    group_of = np.full(shape, -1)
    for modality in scenario.demand:
        for kind in np.ndindex(*shape[1:]):
            index = (MODALITIES.index(modality), *kind)
            group = may_take(*index)
            if group not in groups:
                groups.append(group)
            group_of[index] = groups.index(group)
    return groups, group_of


def staffing(scenario: Scenario, reference: Days, groups, group_of: np.ndarray) -> dict[int, float]:
    """Staffed slots a session of each scanner number.

    The plan shares each group's planned referrals over its scanners by the slots they can offer
    in a year, and a scanner's year over its sessions.
    """
    fleet = list(scenario.fleet.values())
    possible = {n: slots_possible(s, scenario.scanning[s.modality]) for n, s in enumerate(fleet)}
    sessions = {n: sessions_a_year(set(s.weekdays), reference) for n, s in enumerate(fleet)}
    needed = dict.fromkeys(possible, 0.0)
    for group, referrals in enumerate(planned_referrals(scenario, group_of, len(groups))):
        offered = {n: possible[n] * sessions[n] for n in groups[group]}
        for number, slots in offered.items():
            if slots:
                needed[number] += referrals * slots / sum(offered.values()) / sessions[number]
    return staffed_slots(scenario.workforce, needed, possible)


def planned_referrals(scenario: Scenario, group_of: np.ndarray, groups: int) -> np.ndarray:
    """Referrals a year that the plan expects in each group; zeros without a plan."""
    planned = np.zeros(groups)
    people = sum(place.population for place in scenario.places.values())
    for modality, demand in scenario.demand.items():
        if scenario.workforce is None:
            break
        a_year = scenario.workforce.planned_referrals[modality]
        for place, where in enumerate(scenario.places.values()):
            for priority, name in enumerate(PRIORITIES):
                for complexity, share in enumerate((1 - demand.complex, demand.complex)):
                    group = group_of[MODALITIES.index(modality), place, priority, complexity]
                    part = where.population / people * demand.priority.get(name, 0.0) * share
                    planned[group] += a_year * part
    return planned


def sessions_a_year(weekdays: set[int], reference: Days) -> float:
    """Sessions a year of a scanner that works on these weekdays, bank holidays taken out."""
    numbers = (d for d in range(reference.end) if reference.is_open(d))
    return sum(int(reference.weekday[day]) in weekdays for day in numbers) / reference.years


def scanners_of(scenario: Scenario, sites, providers, slots: dict[int, float]) -> list[Scanner]:
    """The scanners as the model sees them."""
    found = []
    for number, (name, answer) in enumerate(scenario.fleet.items()):
        how = scenario.scanning[answer.modality]
        found.append(
            Scanner(
                number=number,
                name=name,
                key=answer.key or name,
                modality=MODALITIES.index(answer.modality),
                site=sites.index(answer.site),
                provider=providers.index(answer.provider),
                weekdays=frozenset(answer.weekdays),
                opens=answer.opens,
                set_up=round(answer.set_up * SECONDS_A_DAY),
                slots=slots[number],
                slot_seconds=slot_seconds(answer, how),
                couch_seconds=couch_seconds(answer, how),
                longest_overrun=round(how.longest_overrun * SECONDS_A_DAY),
                uptime=float(how.uptime),
                repair_days=float(how.repair_time),
            )
        )
    return found
