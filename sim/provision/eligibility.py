"""Who may be scanned where?"""

from __future__ import annotations

from typing import Literal

from sim.model.demand import COMPLEXITIES, MODALITIES, PRIORITIES, AnyPriority, Complexity
from sim.model.section import Section
from sim.model.travel import Journeys
from sim.provision.fleet import FleetScanner


class Takes(Section):
    """The only referrals that a scanner takes; what is not named is not limited."""

    priority: list[AnyPriority] | None = None
    complexity: list[Complexity] | None = None


class Eligibility(Section):
    """Which scanners may take a referral, and which of them its patient goes to."""

    choice: Literal["nearest", "soonest"]
    """nearest: any scanner of the nearest site that may take them, by driving time (of all sites that
    are equally near), however long its list; soonest: the first free slot of any site that may take
    them, however far."""
    takes: dict[str, Takes] = {}
    """Case-mix limits by scanner; a scanner that is not named takes everybody."""


class Rule:
    """The eligibility rule: scanners by their numbers, sites by theirs.

    sites: names in the order of the journeys.
    """

    def __init__(
        self, eligibility: Eligibility, fleet: dict[str, FleetScanner], sites: list[str], journeys: Journeys
    ) -> None:
        self.choice, self.takes, self.journeys = eligibility.choice, eligibility.takes, journeys
        self.fleet = list(fleet.items())
        self.site = [sites.index(scanner.site) for _, scanner in self.fleet]
        self.in_reserve = {number for number, (_, scanner) in enumerate(self.fleet) if scanner.in_reserve}

    def able(self, modality: int, priority: int, complexity: int) -> list[int]:
        """The scanners that take this kind of referral."""
        return [
            number
            for number, (name, scanner) in enumerate(self.fleet)
            if MODALITIES.index(scanner.modality) == modality
            and takes(self.takes.get(name), priority, complexity)
        ]

    def nearest(self, able: list[int], place: int) -> list[int]:
        """Those of some scanners whose site is nearest to a place, by driving time.

        Scanners in reserve draw nobody to a site: people would wait there for a decision.
        """
        minutes = {number: self.journeys.car[place, self.site[number]] for number in able}
        there = [number for number in able if number not in self.in_reserve] or able
        nearest = min(minutes[number] for number in there)
        return [number for number in able if minutes[number] == nearest]

    def may_take(self, able: list[int], place: int, refused: frozenset[int]) -> tuple[int, ...]:
        """The scanners of those able whose slots are offered to people of a place who refuse some sites.

        Who refuses every site that would take them goes to the nearest.
        """
        accepted = [number for number in able if self.site[number] not in refused]
        refuses_all = self.in_reserve.issuperset(accepted)
        if refuses_all or self.choice == "nearest":
            return tuple(self.nearest(able if refuses_all else accepted, place)) if able else ()
        return tuple(accepted)


def takes(limit: Takes | None, priority: int, complexity: int) -> bool:
    """Whether a case-mix limit lets such a referral in."""
    if limit is None:
        return True
    right_priority = limit.priority is None or PRIORITIES[priority] in limit.priority
    return right_priority and (limit.complexity is None or COMPLEXITIES[complexity] in limit.complexity)
