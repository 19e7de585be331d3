"""Entries of the fleet that stand for several equal scanners, each made a scanner of its own."""

from __future__ import annotations

import math

from sim.provision.decisions import CapacityRequest, Decisions
from sim.provision.fleet import FleetScanner
from sim.scenario.scenario import Scenario

PEOPLE = 1e6


def every_scanner(scenario: Scenario) -> Scenario:
    """The scenario with "NAME 1", "NAME 2" and so on for each entry with `count` or `per_million`.

    The first keeps the key of the entry and the others have keys of their own, so one more moves
    nobody's random numbers. A scenario without such entries stays as it is.
    """
    several = {name: copies_of(name, one, scenario) for name, one in scenario.fleet.items() if one.is_several}
    if not several:
        return scenario
    fleet, takes = {}, {}
    for name, one in scenario.fleet.items():
        fleet |= several.get(name, {name: one})
    for name, limit in scenario.eligibility.takes.items():
        takes |= dict.fromkeys(several.get(name, [name]), limit)
    eligibility = scenario.eligibility.model_copy(update={"takes": takes})
    decisions = scenario.decisions and asking_for_each(scenario.decisions, several)
    return scenario.model_copy(update={"fleet": fleet, "eligibility": eligibility, "decisions": decisions})


def asking_for_each(decisions: Decisions, several: dict[str, dict[str, FleetScanner]]) -> Decisions:
    """Requests that name an entry ask for each of its scanners; the first tells the age of all."""
    asked = {name: asked_for_each(request, several) for name, request in decisions.requests.items()}
    return decisions.model_copy(update={"requests": asked})


def asked_for_each(request: CapacityRequest, several: dict[str, dict[str, FleetScanner]]) -> CapacityRequest:
    """One request with the names of scanners in place of those of entries."""
    sessions: dict[str, list[str]] = {}
    for name, held in request.sessions.items():
        sessions |= dict.fromkeys(several.get(name, [name]), held)
    scanners = [each for name in request.scanners for each in several.get(name, [name])]
    whose = request.when.scanner
    when = request.when.model_copy(update={"scanner": next(iter(several.get(whose, [whose])))})
    return request.model_copy(update={"sessions": sessions, "scanners": scanners, "when": when})


def copies_of(name: str, scanner: FleetScanner, scenario: Scenario) -> dict[str, FleetScanner]:
    """The scanners that an entry stands for, by their names."""
    key, found = scanner.key or name, {}
    for number in range(1, how_many(scanner, scenario) + 1):
        own = {"count": None, "per_million": None, "key": key if number == 1 else f"{key} {number}"}
        found[f"{name} {number}"] = scanner.model_copy(update=own)
    return found


def how_many(scanner: FleetScanner, scenario: Scenario) -> int:
    """Scanners that an entry stands for."""
    people = sum(place.population for place in scenario.places.values())
    return scanner.count or rounded(scanner.per_million, people)


def rounded(per_million: float, people: float) -> int:
    """Whole scanners for so many people; half a one is rounded up."""
    return math.floor(per_million * people / PEOPLE + 0.5)
