"""Which lists a scenario has: whom the same scanners may take, and which lists a referral may join."""

from __future__ import annotations

import numpy as np

from sim.model.demand import COMPLEXITIES, LISTED, MODALITIES, PLANNED, Demand, part_of_places
from sim.model.groups import NO_WAYS, Groups
from sim.model.places import Place
from sim.model.travel import MINUTES_A_DAY, Journeys
from sim.model.waiting_list import GroupKind
from sim.model.ways import Way, WaysKind
from sim.provision.contract import PHASES
from sim.provision.eligibility import Rule, Who
from sim.provision.waiting_lists import transferring
from sim.scenario.scenario import Scenario


def groups_of(scenario: Scenario, rule: Rule, travel: Journeys, during: list[frozenset[int]]) -> Groups:
    """The distinct groups, and which of them each kind of referral joins.

    during: the phases of the contract in which each scanner works.
    """
    refusing, farthest = refusals(scenario, travel)
    short, share = float(scenario.booking.short_notice), scenario.eligibility.share
    older, needing_help = shares_of(scenario, "aged_65_or_over"), shares_of(scenario, "needing_help")
    known = np.isfinite([older, needing_help])
    places, cars, _ = farthest.shape
    asked = (*(known.any(axis=1) + 1).tolist(), 1 if share is None else 2)
    found = Numbering(rule, during, transferring(scenario.waiting_lists) is not None)
    cells = (places, LISTED, len(COMPLEXITIES), cars, refusing.shape[2] + 1, 2, *asked)
    number = np.full((len(MODALITIES), *cells), NO_WAYS)
    for modality, demand in scenario.demand.items():
        code, how = MODALITIES.index(modality), scenario.scanning[modality]
        for cell in np.ndindex(cells):
            place, priority, complexity, car, refused, notice, age, mobility, to = cell
            if priority in priorities_of(demand) and (short or not notice):
                person = (age if known[0, code] else None, mobility if known[1, code] else None)
                who = Who(code, priority, complexity, *person, None if share is None else bool(to))
                slots = how.slots_if_complex if complexity else 1
                not_there = frozenset(farthest[place, car, :refused].tolist())
                number[code, *cell] = found.ways(who, place, car, not_there, slots, bool(notice))
    if not short:
        number[:, :, :, :, :, :, 1] = number[:, :, :, :, :, :, 0]
    sent = None if share is None else float(share)
    return Groups(list(found.kinds), list(found.known), number, refusing, short, older, needing_help, sent)


class Numbering:
    """Numbers groups, and ways into them, in the order in which they first come.

    moves: whether anybody is moved from list to list.
    """

    def __init__(self, rule: Rule, during: list[frozenset[int]], moves: bool) -> None:
        self.rule, self.during, self.moves = rule, during, moves
        self.kinds: dict[GroupKind, int] = {}
        self.known: dict[WaysKind, int] = {}

    def ways(
        self, who: Who, place: int, car: int, refused: frozenset[int], slots: int, short_notice: bool
    ) -> int:
        """The number of the ways of one kind of referral."""

        def way(scanners: tuple[int, ...]) -> Way:
            """The way onto the list that is scanned on some scanners."""
            kind = GroupKind(scanners, slots, short_notice)
            number = self.kinds.setdefault(kind, len(self.kinds))
            return Way(number, self.rule.minutes(scanners, place, car))

        joins, moves = lists_of(self.rule, who, place, refused, self.during)
        if not self.moves:
            moves = joins
        kind = WaysKind(*(tuple(tuple(map(way, lists)) for lists in phases) for phases in (joins, moves)))
        return self.known.setdefault(kind, len(self.known))


def lists_of(
    rule: Rule, who: Who, place: int, refused: frozenset[int], during: list[frozenset[int]]
) -> tuple[list[list[tuple[int, ...]]], list[list[tuple[int, ...]]]]:
    """(lists to join, lists to be moved to) in each phase; a list is the scanners it is scanned on.

    Whom nobody takes in a phase waits for those who take them in another.
    """
    joins, moves = [], []
    for phase in range(PHASES):
        working = {number for number, phases in enumerate(during) if phase in phases}
        able = rule.able(who, working) or rule.able(who)
        accepted = rule.accepted(able, place, refused) if able else []
        joins.append(rule.joins(accepted, place) if accepted else [()])
        moves.append(rule.moves(accepted))
    return joins, moves


def shares_of(scenario: Scenario, name: str) -> np.ndarray:
    """One share a modality that `demand` gives under a name; nan where it does not."""
    found = np.full(len(MODALITIES), np.nan)
    for modality, demand in scenario.demand.items():
        share = getattr(demand, name)
        found[MODALITIES.index(modality)] = np.nan if share is None else share
    return found


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
    demand: Demand, modality: int, places: dict[str, Place], groups: Groups, without_car: np.ndarray
) -> np.ndarray:
    """The expected part of a modality's referrals in each cell of `Groups.number[modality]`."""
    priority = np.zeros(LISTED)
    priority[:PLANNED] = demand.priority_shares()[:PLANNED]
    car = np.stack([1 - without_car, without_car], axis=1)
    edges = np.concatenate([np.ones((*car.shape, 1)), groups.refusing, np.zeros((*car.shape, 1))], axis=2)
    refused = edges[:, :, :-1] - edges[:, :, 1:]
    complexity = np.array([1 - demand.complex, demand.complex])
    short = np.array([1 - groups.short_notice, groups.short_notice])
    shares = (groups.older[modality], groups.needing_help[modality], groups.sent)
    who = [parts_of(share, size) for share, size in zip(shares, groups.number.shape[-3:])]
    parts = (part_of_places(demand, places), priority, complexity, car, refused, short, *who)
    return np.einsum("p,q,c,pa,par,s,o,m,t->pqcarsomt", *parts)


def parts_of(share: float | None, size: int) -> np.ndarray:
    """The parts of no and yes; nobody is yes where it is not known or not asked."""
    yes = 0.0 if share is None or np.isnan(share) else float(share)
    return np.array([1.0]) if size == 1 else np.array([1 - yes, yes])
