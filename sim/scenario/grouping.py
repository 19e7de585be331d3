"""Which groups a scenario's waiting list has: whom the same scanners may take, and what they need."""

from __future__ import annotations

import numpy as np

from sim.model.demand import COMPLEXITIES, LISTED, MODALITIES, PLANNED, Demand, part_of_places
from sim.model.groups import NO_GROUP, Groups
from sim.model.places import Place
from sim.model.travel import MINUTES_A_DAY, Journeys
from sim.model.waiting_list import GroupKind
from sim.provision.eligibility import Rule
from sim.scenario.scenario import Scenario


def groups_of(scenario: Scenario, rule: Rule, travel: Journeys) -> Groups:
    """The distinct kinds of group, and which of them each kind of referral joins."""
    refusing, farthest = refusals(scenario, travel)
    short = float(scenario.booking.short_notice)
    notices = (False, True) if short else (False,)
    places, cars, _ = farthest.shape
    classes = refusing.shape[2] + 1
    number = np.full((len(MODALITIES), places, LISTED, len(COMPLEXITIES), cars, classes, 2), NO_GROUP)
    kinds: dict[GroupKind, int] = {}
    for modality, demand in scenario.demand.items():
        code, how = MODALITIES.index(modality), scenario.scanning[modality]
        for priority in priorities_of(demand):
            for complexity in range(len(COMPLEXITIES)):
                able = rule.able(code, priority, complexity)
                slots = how.slots_if_complex if complexity else 1
                for place, car, refused in np.ndindex(places, cars, classes):
                    not_there = frozenset(farthest[place, car, :refused].tolist())
                    may_take = rule.may_take(able, place, not_there)
                    for notice in notices:
                        kind = GroupKind(may_take, slots, notice)
                        cell = (code, place, priority, complexity, car, refused, int(notice))
                        number[cell] = kinds.setdefault(kind, len(kinds))
    if not short:
        number[..., 1] = number[..., 0]
    return Groups(list(kinds), number, refusing, short)


def priorities_of(demand: Demand) -> list[int]:
    """The priorities of a modality's referrals that wait on a list."""
    return [*range(PLANNED), *([PLANNED] if demand.planned is not None else [])]


def refusals(scenario: Scenario, travel: Journeys) -> tuple[np.ndarray, np.ndarray]:
    """For [place, car]: chances of refusing each site, highest first; and the sites in that order.

    Nobody refuses the nearest site; where nobody refuses at all there are no chances.
    """
    line = scenario.booking.refusal
    minutes = np.stack([travel.car, travel.public_transport], axis=1)
    farthest = np.argsort(-minutes, axis=2, kind="stable")
    if not line:
        return np.zeros((*minutes.shape[:2], 0)), farthest
    known = [point.travel * MINUTES_A_DAY for point in line], [point.share for point in line]
    chances = np.interp(np.take_along_axis(minutes, farthest, axis=2), *known, left=0.0)
    return chances, farthest


def part_of_cells(
    demand: Demand, places: dict[str, Place], groups: Groups, without_car: np.ndarray
) -> np.ndarray:
    """The expected part of a modality's referrals in each cell of `Groups.number`."""
    priority = np.zeros(LISTED)
    priority[:PLANNED] = demand.priority_shares()[:PLANNED]
    car = np.stack([1 - without_car, without_car], axis=1)
    edges = np.concatenate([np.ones((*car.shape, 1)), groups.refusing, np.zeros((*car.shape, 1))], axis=2)
    refused = edges[:, :, :-1] - edges[:, :, 1:]
    complexity = np.array([1 - demand.complex, demand.complex])
    short = np.array([1 - groups.short_notice, groups.short_notice])
    parts = (part_of_places(demand, places), priority, complexity, car, refused, short)
    return np.einsum("p,q,c,pa,par,s->pqcars", *parts)
