"""How a claim is judged. Knows nothing of files, and nothing of whose claim it is.

A claim says that a paired difference is higher, lower or no different. At any one value of an assumption the whole
95 % interval bears it out, or contradicts it, or does neither. It is *supported* where it is borne out as the models
stand and at both ends of everything it may hang on; *not supported* where it is contradicted at all of them; it
*depends* where it is borne out at some and contradicted at others. Otherwise the replications are too few.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.statistics import MOMENTS, MOST_NEEDED, NOT_SETTLED, interval_ends, replications_needed
from analysis.tipping import Curve, Stretch, crossings, unsettled
from sim.results.columns import MEASURES

SUPPORTED, NOT_SUPPORTED, DEPENDS = "supported", "not supported", "depends"
HIGHER, LOWER, NO_DIFFERENT = "higher", "lower", "no different"
TIPS, DOES_NOT_TIP = "tips", "does not tip"


class Expected(NamedTuple):
    """What a claim says of a difference: higher, lower or no different; and the smallest one that counts."""

    expects: str
    matters: float

    @property
    def thresholds(self) -> list[float]:
        """The differences at which the answer changes."""
        both = {HIGHER: [self.matters], LOWER: [-self.matters]}
        return both.get(self.expects, [-self.matters, self.matters])

    def borne_out(self, lower: float, upper: float) -> bool | None:
        """Whether a whole interval bears it out; False: contradicts it; None: does neither."""
        if self.expects == NO_DIFFERENT:
            return _outcome(
                -self.matters <= lower and upper <= self.matters,
                lower > self.matters or upper < -self.matters,
            )
        if self.expects == HIGHER:
            return _outcome(lower > self.matters, upper <= self.matters)
        return _outcome(upper < -self.matters, lower >= -self.matters)  # fmt: skip


def _outcome(is_so: bool, is_not_so: bool) -> bool | None:
    return True if is_so else False if is_not_so else None


class Difference(NamedTuple):
    """Mean of paired differences with its 95 % interval; NaN where there is none. sd: of one replication's."""

    mean: float
    lower: float
    upper: float
    sd: float
    n: int


def difference_of(apart: np.ndarray) -> Difference:
    """The difference over the replications that both models have."""
    known = pd.Series(apart, dtype=float).dropna()
    if known.empty:
        return Difference(math.nan, math.nan, math.nan, math.nan, 0)
    moments = known.to_frame("value").assign(one=0).groupby("one").value.agg(**MOMENTS)
    lower, upper = (float(end.iloc[0]) for end in interval_ends(moments))
    return Difference(float(known.mean()), lower, upper, float(known.std()), len(known))


def judge(expected: Expected, differences: list[Difference]) -> str:
    """The verdict over all values that were tried."""
    found = {expected.borne_out(one.lower, one.upper) for one in differences}
    if {True, False} <= found:
        return DEPENDS
    return {(True,): SUPPORTED, (False,): NOT_SUPPORTED}.get(tuple(found), NOT_SETTLED)


def needed(expected: Expected, differences: list[Difference]) -> int | None:
    """Replications that would settle all that is not, 4 times in 5; None where nothing is to settle."""
    counts = []
    for one in differences:
        if expected.borne_out(one.lower, one.upper) is None and one.n:
            reach = min(abs(one.mean - level) for level in expected.thresholds)
            count = float(replications_needed(reach, one.sd))
            counts.append(MOST_NEEDED if math.isnan(count) else max(int(count), one.n + 1))
    return max(counts, default=None)


Moves = dict[str, tuple[Difference, Difference]]
"""The differences at both ends of a range, by path."""


def tried(centre: Difference, moves: Moves) -> list[Difference]:
    """As the models stand, and at every end."""
    return [centre, *(one for ends in moves.values() for one in ends)]


def decides(expected: Expected, centre: Difference, ends: tuple[Difference, Difference]) -> bool:
    """Whether the verdict depends over one range alone."""
    return judge(expected, [centre, *ends]) == DEPENDS


def hanging(expected: Expected, centre: Difference, moves: Moves) -> list[str]:
    """Paths by how much they decide: first those over which the verdict depends, then by how far the difference
    goes from one end to the other. Those that change nothing are left out."""

    def weight(path: str) -> tuple[bool, float]:
        """(whether the verdict depends on it, how far the difference goes)."""
        low, high = moves[path]
        return decides(expected, centre, moves[path]), abs(high.mean - low.mean)

    found = {path: weight(path) for path in moves}
    return sorted((path for path in found if found[path][1] > 0), key=lambda p: found[p], reverse=True)


def may_tip(expected: Expected, centre: Difference, moves: Moves, always: bool = False) -> list[str]:
    """Paths along which the answer may change, the likeliest first: those that decide where the verdict depends;
    all that move anything where it depends on none alone, or always."""
    paths = hanging(expected, centre, moves)
    deciding = [path for path in paths if decides(expected, centre, moves[path])]
    if judge(expected, tried(centre, moves)) == DEPENDS:
        return deciding or paths
    return paths if always else []


class Tip(NamedTuple):
    """Where the answer changes along a range: `tips` with an interval, `not settled`, or `does not tip`."""

    kind: str
    value: float = math.nan
    lower: float = math.nan
    upper: float = math.nan


def tips(expected: Expected, curve: Curve) -> list[Tip]:
    """Every value at which the difference crosses one of the claim's thresholds, in order.

    Where none is settled: `not settled` over what may hold one, or `does not tip`.
    """
    found: list[Tip] = []
    open_ones: list[Stretch] = []
    for level in expected.thresholds:
        shifted = Curve(curve.values, curve.apart - level)
        found += [Tip(TIPS, *crossing) for crossing in crossings(shifted)]
        open_ones += unsettled(shifted)
    if found:
        return sorted(found, key=lambda tip: tip.value)
    if open_ones:
        first, last = min(s.first for s in open_ones), max(s.last for s in open_ones)
        return [Tip(NOT_SETTLED, lower=first, upper=last)]
    return [Tip(DOES_NOT_TIP)]


def better(measure: str, matters: float, differences: list[Difference]) -> set[int]:
    """Which model is better at one of the values at least: 1 the scenario, -1 the baseline.

    Empty where neither ever is by more than matters, or where neither side of the measure is better by itself.
    """
    side = {"more": 1, "less": -1}.get(MEASURES[measure].better, 0)
    above = any(one.lower > matters for one in differences)
    below = any(one.upper < -matters for one in differences)
    return {sign * side for sign, so in ((1, above), (-1, below)) if so and side}
