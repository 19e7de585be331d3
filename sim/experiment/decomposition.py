"""The difference between two provision models, split over the questions that they answer differently.

A part is what swapping one answer adds, averaged over the orders in which the answers can be swapped
(Shapley's value): with five parts or fewer over all of them, which needs every mix of the two models'
answers; with more over orders drawn at random, each with its reverse, until the mean of every part
is known to a tenth of the whole. The parts sum to the difference in every replication. A part is a
sum of (weight, mix with the answer, mix without it); the sums are done in `analysis.decomposition`.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterable
from functools import cache
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

from sim.experiment.given import refuse
from sim.experiment.runner import SAYS_NOTHING_OF_THE_WORLD
from sim.experiment.trials import Outcomes, mean, value_of
from sim.results.interval import half_width
from sim.scenario.changes import QUESTIONS, mixed, sections_that_differ
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import Arm

if TYPE_CHECKING:
    import numpy as np

MOST_EXACT = 5
LEAST_PAIRS, MOST_PAIRS = 5, 200
PRECISE = 0.10
"""Half-width that is aimed at for each part, as a share of the whole."""
Part = tuple[str, ...]
"""Sections that are swapped together."""
Mix = frozenset[int]
"""The parts that are swapped."""
Term = tuple[float, Mix, Mix]
"""(weight, mix with the part, mix without it)."""


class Decomposition:
    """Splits the difference of each arm from the baseline, the first. Raises `ScenarioFaults`."""

    def __init__(self, arms: list[Arm], seed: int) -> None:
        if len(arms) < 2:
            raise refuse(
                "--decompose", "needs two models: name a second file, or a `compare_with` in the first"
            )
        self.splits = [Split(arms[0], arm, seed) for arm in arms[1:]]
        headline = arms[-1].scenario.headline
        self.read = value_of(headline.measure, headline.group)
        self.asked = {"option": "decompose"}

    def run(self, outcomes: Outcomes) -> dict[str, Any]:
        """Run the mixes that are needed; returns the terms of every part of every split."""
        return {"splits": [split.run(outcomes) for split in self.splits]}


class Split:
    """One arm's difference from the baseline."""

    def __init__(self, baseline: Arm, arm: Arm, seed: int) -> None:
        self.baseline, self.arm, self.seed = baseline, arm, seed
        mixes = cache(self._mixes)
        self.parts = valid_parts(
            parts_that_differ(baseline, arm),
            lambda parts: {mix for mix, made in mixes(tuple(parts)).items() if made is None},
        )
        self.mixes = run_once(mixes(tuple(self.parts)))

    def _mixes(self, parts: tuple[Part, ...]) -> dict[Mix, Arm | None]:
        """Every mix; None where it is no scenario."""
        return {mix: self._mix(parts, mix) for mix in subsets(range(len(parts)))}

    def _mix(self, parts: tuple[Part, ...], mix: Mix) -> Arm | None:
        if not mix or len(mix) == len(parts):
            return self.arm if mix else self.baseline
        swapped = [section for number in sorted(mix) for section in parts[number]]
        name = f"{self.baseline.name} with {self.arm.name}'s {', '.join(swapped)}"
        try:
            return mixed(self.baseline, self.arm, swapped, name)
        except ScenarioFaults:
            return None

    def run(self, outcomes: Outcomes) -> dict[str, Any]:
        """Run the mixes that are needed; returns the terms, by arm names."""
        exact = len(self.parts) <= MOST_EXACT
        rounds = [] if exact else self._sampled(outcomes)
        exact = exact or len({mix for terms in rounds for mix in mixes_of(terms)}) == len(self.mixes)
        if exact:
            rounds = [all_orders(len(self.parts))]
            outcomes([self.mixes[mix] for mix in mixes_of(rounds[0])])
        whole = frozenset(range(len(self.parts)))
        return {
            "scenario": self.arm.name,
            "baseline": self.baseline.name,
            "parts": [list(part) for part in self.parts],
            "alone": [self.mixes[frozenset({n})].name for n in range(len(self.parts))],
            "all_but": [self.mixes[whole - {n}].name for n in range(len(self.parts))],
            "exact": exact,
            "rounds": [[self._named(terms) for terms in found] for found in rounds],
        }

    def _named(self, terms: list[Term]) -> list[list]:
        return [[weight, self.mixes[w].name, self.mixes[without].name] for weight, w, without in terms]

    def _sampled(self, outcomes: Outcomes) -> list[list[list[Term]]]:
        """Pairs of an order and its reverse, as many as it takes."""
        import numpy as np

        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(5, len(self.parts))))
        pairs, means = [], []
        while len(pairs) < MOST_PAIRS:
            order = rng.permutation(len(self.parts)).tolist()
            pairs.append(order_and_reverse(order))
            found = outcomes([self.mixes[mix] for mix in mixes_of(pairs[-1])])
            values = {mix: found[self.mixes[mix].name] for mix in mixes_of(pairs[-1])}
            means.append([mean(contribution(terms, values)) for terms in pairs[-1]])
            whole = values[frozenset(order)] - values[frozenset()]
            if len(pairs) >= LEAST_PAIRS and is_precise(np.array(means), whole[whole == whole]):
                break
        return pairs


def run_once(mixes: dict[Mix, Arm]) -> dict[Mix, Arm]:
    """Every mix, one arm for all that make the same world and contract: what an answer says about somebody
    who has no scanners there changes neither."""
    from sim.provision.contract import terms_of
    from sim.scenario.world import world_of

    ends = min(mixes, key=len), max(mixes, key=len)
    first: dict[bytes, Arm] = {}
    found = {}
    for mix in dict.fromkeys([*ends, *mixes]):
        scenario = mixes[mix].scenario
        world = world_of(scenario)
        made = pickle.dumps((world, terms_of(scenario.contract, scenario.fleet, world.providers)))
        same = first.setdefault(made, mixes[mix])
        found[mix] = mixes[mix] if mix in ends else same
    return found


def parts_that_differ(baseline: Arm, arm: Arm) -> list[Part]:
    """The questions answered differently, each a part; whatever else differs is one part more."""
    differing = sections_that_differ(baseline, arm)
    others = tuple(name for name in differing if name not in (*QUESTIONS, *SAYS_NOTHING_OF_THE_WORLD))
    return [*((name,) for name in differing if name in QUESTIONS), *([others] if others else [])]


def valid_parts(parts: list[Part], refused_of) -> list[Part]:
    """The parts, joined where a mix would be no scenario: the two whose joining leaves the fewest such
    mixes, until none is left. refused_of: the mixes of some parts that are none."""
    while refused := refused_of(parts):
        pairs = combinations(range(len(parts)), 2)
        one, other = min(pairs, key=lambda pair: sum(not torn(mix, pair) for mix in refused))
        joined = parts[one] + parts[other]
        parts = [*(p for n, p in enumerate(parts) if n not in (one, other)), joined]
    return parts


def torn(mix: Mix, pair: tuple[int, int]) -> bool:
    """Whether a mix has one of two parts without the other."""
    return (pair[0] in mix) != (pair[1] in mix)


def subsets(parts: Iterable[int]) -> list[Mix]:
    """Every subset, the small ones first."""
    parts = list(parts)
    sizes = range(len(parts) + 1)
    return [frozenset(chosen) for chosen in chain.from_iterable(combinations(parts, n) for n in sizes)]


def all_orders(parts: int) -> list[list[Term]]:
    """The terms of each part, averaged over all orders: a subset of n others comes just before the part
    in n! (parts - n - 1)! of them."""
    weights = [
        math.factorial(n) * math.factorial(parts - n - 1) / math.factorial(parts) for n in range(parts)
    ]
    return [
        [(weights[len(mix)], mix | {part}, mix) for mix in subsets(set(range(parts)) - {part})]
        for part in range(parts)
    ]


def order_and_reverse(order: list[int]) -> list[list[Term]]:
    """The terms of each part in an order and in its reverse, half each."""
    terms: list[list[Term]] = [[] for _ in order]
    for way in (order, order[::-1]):
        for place, part in enumerate(way):
            without = frozenset(way[:place])
            terms[part].append((0.5, without | {part}, without))
    return terms


def mixes_of(parts: list[list[Term]]) -> list[Mix]:
    """The mixes that some parts need, each once, in order."""
    needed = [mix for terms in parts for _, *mixes in terms for mix in mixes]
    return list(dict.fromkeys(needed))


def contribution(terms: list[Term], values: dict[Mix, np.ndarray]):
    """A part by replication."""
    return sum(weight * (values[mix] - values[without]) for weight, mix, without in terms)


def is_precise(means: np.ndarray, whole: np.ndarray) -> bool:
    """Whether every part's mean over orders is known well enough.

    means: a row a pair of orders, a column a part. whole: the difference by replication; where it is lost
    in chance, its own half-width stands for it.
    """
    if len(whole) < 2:
        return True
    aim = PRECISE * max(abs(whole.mean()), half_width(whole.std(ddof=1), len(whole)))
    return bool((half_width(means.std(axis=0, ddof=1), len(means)) <= aim).all())
