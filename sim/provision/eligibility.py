"""Who may be scanned where?"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

from pydantic import model_validator

from sim.model.demand import COMPLEXITIES, MODALITIES, PRIORITIES, AnyPriority, Complexity
from sim.model.groups import AGES, MOBILITIES
from sim.model.quantity import Duration, PositiveDuration, Share, fault
from sim.model.section import Section
from sim.model.travel import MINUTES_A_DAY, Journeys
from sim.model.ways import Choice, Lot, Prospect
from sim.provision.fleet import FleetScanner
from sim.provision.waiting_lists import WaitingLists


class Takes(Section):
    """The only referrals that a scanner takes; what is not named is not limited."""

    priority: list[AnyPriority] | None = None
    complexity: list[Complexity] | None = None
    age: list[Literal["under 65", "65 or over"]] | None = None
    """Acts where `demand` says how many are 65 or over."""
    mobility: list[Literal["walks", "needs help"]] | None = None
    """Acts where `demand` says how many need help."""


class Logit(Section):
    """How patients weigh waiting against travel."""

    a_day_of_waiting: Duration
    """Minutes of travel that are as bad as a day of waiting."""
    spread: PositiveDuration
    """How much people differ, in minutes of travel; the smaller, the more go where it is best."""


class Eligibility(Section):
    """Which scanners may take a referral, and which of them its patient goes to."""

    choice: Literal["nearest", "soonest", "logit"]
    """nearest: any scanner of the nearest site that may take them, by driving time (of all sites that
    are equally near), however long its list. soonest: on one list, the first free slot of any site that may
    take them, however far; of several lists, the one on which they would wait least. logit: the site
    that is best by wait and travel together, as the lists stand on the day of listing."""
    logit: Logit | None = None
    """The weights of `choice: logit`."""
    takes: dict[str, Takes] = {}
    """Case-mix limits by scanner, or by provider for all its scanners; who is not named takes everybody."""
    emergencies_moved_after: PositiveDuration | None = None
    """An unscheduled patient who has waited so long goes to the nearest other site that takes them, by road, and
    waits there for good; without it nobody is moved. Nobody asks beforehand how long they would wait there."""
    contractor: str | None = None
    """To whom `share` is sent."""
    share: Share | None = None
    """Share of the referrals that the contractor may take that are sent to it; the others are sent to
    everybody else. Without it, nobody is sent anywhere."""

    @model_validator(mode="after")
    def _weights_belong_to_logit(self):
        if (self.choice == "logit") != (self.logit is not None):
            raise fault("`choice: logit` and `logit: {...}` belong together")
        return self

    @model_validator(mode="after")
    def _a_share_is_somebodys(self):
        if self.share is not None and self.contractor is None:
            raise fault("`share` needs `contractor: NAME`")
        return self


class Who(NamedTuple):
    """A kind of referral, in codes; age, mobility: None where not known. sent: to the contractor, to the
    others, or None: to anybody."""

    modality: int
    priority: int
    complexity: int = 0
    age: int | None = None
    mobility: int | None = None
    sent: bool | None = None


class Rule:
    """The eligibility rule: scanners by their numbers, sites by theirs.

    sites: names in the order of the journeys. lists: who holds them. in_order: all scanners, by their sites
    and then by their keys, so that no place in the fleet decides anything.
    """

    def __init__(
        self,
        eligibility: Eligibility,
        fleet: dict[str, FleetScanner],
        sites: list[str],
        journeys: Journeys,
        lists: WaitingLists | None = None,
    ) -> None:
        self.answer, self.journeys = eligibility, journeys
        self.fleet = list(fleet.items())
        self.site = [sites.index(scanner.site) for _, scanner in self.fleet]
        keys = [in_steps(scanner.key or name) for name, scanner in self.fleet]
        order = list(zip(self.site, keys))
        self.in_order = sorted(range(len(order)), key=order.__getitem__)
        lists = lists or WaitingLists(held_by="network")
        self.holder = [lists.holder(scanner.provider) for _, scanner in self.fleet]
        self.in_reserve = {number for number, (_, scanner) in enumerate(self.fleet) if scanner.in_reserve}

    def able(self, who: Who, working: Collection[int] | None = None) -> list[int]:
        """The scanners that take this kind of referral, of those that are working; default of all.

        Who would be sent to a contractor of whom none is working goes to the others.
        """
        found = [
            number
            for number, name, scanner in ((n, *self.fleet[n]) for n in self.in_order)
            if (working is None or number in working)
            and MODALITIES.index(scanner.modality) == who.modality
            and takes(self.answer.takes.get(name), who)
            and takes(self.answer.takes.get(scanner.provider), who)
        ]
        if who.sent is None:
            return found
        sent = [n for n in found if (self.fleet[n][1].provider == self.answer.contractor) == who.sent]
        return sent or found

    def nearest(self, able: list[int], place: int) -> list[int]:
        """Those of some scanners whose site is nearest to a place, by driving time.

        Scanners in reserve draw nobody to a site: people would wait there for a decision.
        """
        minutes = {number: self.journeys.car[place, self.site[number]] for number in able}
        there = [number for number in able if number not in self.in_reserve] or able
        nearest = min(minutes[number] for number in there)
        return [number for number in able if minutes[number] == nearest]

    def accepted(self, able: list[int], place: int, refused: frozenset[int]) -> list[int]:
        """The scanners of those able at sites that are not refused; who refuses every one has the nearest."""
        found = [number for number in able if self.site[number] not in refused]
        return self.nearest(able, place) if self.in_reserve.issuperset(found) else found

    def joins(self, accepted: list[int], place: int) -> list[tuple[int, ...]]:
        """The lists that people of a place may join, each as the scanners it is scanned on."""
        choice = self.answer.choice
        if choice == "nearest":
            accepted = self.nearest(accepted, place)
        if choice == "logit":
            return self.apart(accepted, [(self.site[n], self.holder[n]) for n in accepted])
        return self.moves(accepted)

    def moves(self, accepted: list[int]) -> list[tuple[int, ...]]:
        """The lists of each holder that they may be moved to."""
        return self.apart(accepted, [self.holder[number] for number in accepted])

    @staticmethod
    def apart(scanners: list[int], keys: Iterable) -> list[tuple[int, ...]]:
        """Scanners by their keys, in order of the first of each key."""
        found: dict = {}
        for number, key in zip(scanners, keys, strict=True):
            found.setdefault(key, []).append(number)
        return [tuple(numbers) for numbers in found.values()]

    def minutes(self, scanners: tuple[int, ...], place: int, car: int) -> float:
        """Minutes of travel to the nearest of some scanners; car: 0 by car, 1 by public transport."""
        table = self.journeys.public_transport if car else self.journeys.car
        return min((float(table[place, self.site[number]]) for number in scanners), default=math.nan)


def in_steps(key: str) -> tuple[tuple[str, int], ...]:
    """A key by which `mri_2` comes before `mri_10`."""
    return tuple((text, int(number or -1)) for text, number in re.findall(r"([^0-9]*)([0-9]*)", key))


def takes(limit: Takes | None, who: Who) -> bool:
    """Whether a case-mix limit lets such a referral in."""
    if limit is None:
        return True
    asked = (
        (limit.priority, PRIORITIES[who.priority]),
        (limit.complexity, COMPLEXITIES[who.complexity]),
        (limit.age, None if who.age is None else AGES[who.age]),
        (limit.mobility, None if who.mobility is None else MOBILITIES[who.mobility]),
    )
    return all(named is None or value is None or value in named for named, value in asked)


def choice_of(answer: Eligibility) -> Choice:
    """The rule by which one of several lists is picked."""
    if answer.logit is None:
        return by_slots if answer.choice == "nearest" else shortest
    worth, spread = (float(v) * MINUTES_A_DAY for v in (answer.logit.a_day_of_waiting, answer.logit.spread))

    def by_wait_and_travel(prospects: list[Prospect], lot: Lot) -> int:
        """The site that is best for this patient."""
        cost = [
            (worth * one.days + one.minutes) / spread if one.days < math.inf else math.inf
            for one in prospects
        ]
        return drawn([math.exp(min(cost) - one) if one < math.inf else 0.0 for one in cost], lot())

    return by_wait_and_travel


def by_slots(prospects: list[Prospect], lot: Lot) -> int:
    """Equally near lists share their people by the slots they offer."""
    return drawn([one.slots_a_day for one in prospects], lot())


def shortest(prospects: list[Prospect], lot: Lot) -> int:
    """The list on which the wait would be shortest, the nearer of equals, then by lot."""
    waits = [(days, minutes) for days, minutes, _ in prospects]
    best = min(waits)
    if waits.count(best) == 1:
        return waits.index(best)
    equal = [number for number, wait in enumerate(waits) if wait == best]
    return equal[int(lot() * len(equal))]


def drawn(weights: list[float], lot: float) -> int:
    """The number in whose part `lot` falls when the weights are laid end to end; evenly if all are 0."""
    total = sum(weights)
    if not 0 < total < math.inf:
        return int(lot * len(weights))
    at = lot * total
    for number, weight in enumerate(weights):
        at -= weight
        if at < 0:
            return number
    return max(number for number, weight in enumerate(weights) if weight)
