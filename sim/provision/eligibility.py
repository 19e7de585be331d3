"""Who may be scanned where?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from sim.model.demand import COMPLEXITIES, MODALITIES, PRIORITIES, Complexity, Priority
from sim.model.section import Section
from sim.model.travel import Journeys
from sim.provision.fleet import FleetScanner


class Takes(Section):
    """The only referrals that a scanner takes; what is not named is not limited."""

    priority: list[Priority] | None = None
    complexity: list[Complexity] | None = None


class Eligibility(Section):
    """Which scanners may take a referral, and which of them its patient goes to."""

    choice: Literal["nearest", "soonest"]
    """nearest: any scanner of the nearest site that may take them, by driving time (of all sites that
    are equally near), however long its list; soonest: the first free slot of any site that may take
    them, however far."""
    takes: dict[str, Takes] = {}
    """Case-mix limits by scanner; a scanner that is not named takes everybody."""


Rule = Callable[[int, int, int, int], tuple[int, ...]]
"""(modality, place, priority, complexity) to the numbers of the scanners that may take them."""


def rule_of(eligibility: Eligibility, fleet: dict[str, FleetScanner], sites, journeys: Journeys) -> Rule:
    """The eligibility rule as a plain function. sites: names in the order of the journeys."""
    listed = list(fleet.items())

    def may_take(modality: int, place: int, priority: int, complexity: int) -> tuple[int, ...]:
        """The scanners that may take this kind of referral, by the stated choice."""
        able = [
            number
            for number, (name, scanner) in enumerate(listed)
            if MODALITIES.index(scanner.modality) == modality
            and _takes(eligibility.takes.get(name), priority, complexity)
        ]
        if eligibility.choice == "soonest" or not able:
            return tuple(able)
        minutes = {number: journeys.car[place, sites.index(listed[number][1].site)] for number in able}
        nearest = min(minutes.values())
        return tuple(number for number in able if minutes[number] == nearest)

    return may_take


def _takes(limit: Takes | None, priority: int, complexity: int) -> bool:
    if limit is None:
        return True
    right_priority = limit.priority is None or PRIORITIES[priority] in limit.priority
    return right_priority and (limit.complexity is None or COMPLEXITIES[complexity] in limit.complexity)
