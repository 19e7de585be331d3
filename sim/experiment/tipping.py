"""Tipping point: the value at which two models swap places.

Both models are run on the same patients at six even steps of the range; wherever the mean difference
changes its sign between two neighbours, at the point where a straight line between them crosses zero
(false position), again and again until that point has been tried. What the curve says, with
intervals, is worked out from the results folder (`analysis.tipping`).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from sim.experiment.given import Given, refuse
from sim.experiment.ranges import Range, legal_range, range_of
from sim.experiment.trials import Outcomes, mean, value_of
from sim.scenario.read import Arm

FIRST_STEPS = 5
MOST_ROUNDS = 6
CLOSE_ENOUGH = 0.005
"""A crossing this near a value that was tried, as a part of the range, is found."""
Curve = dict[float, float]
"""{part of the range, 0 to 1: mean difference}."""


class Tipping:
    """Looks for the values of a path at which each arm and the baseline swap places.

    Raises `ScenarioFaults`.
    """

    def __init__(self, given: Given, path: str, text: str) -> None:
        self.given, self.path = given, path
        self.option = f"--tip {path} {text}"
        span = range_of(text)
        if span is None or not path:
            message = (
                "must be a path and a range from lower to higher, such as workforce.planned_load 70%..100%"
            )
            raise refuse(self.option, message)
        self.span = legal_range(span, lambda value: self.given.takes(path, value))
        _, *others = self.arms_at(0.0)
        if not others:
            raise refuse(
                self.option, "needs two models: name a second file, or a `compare_with` in the first"
            )
        self.arms_at(1.0)
        headline = others[-1].scenario.headline
        self.read = value_of(headline.measure, headline.group)
        self.asked = {"option": "tip", "path": path, "unit": self.span.unit}

    def arms_at(self, part: float) -> list[Arm]:
        """Every arm with the value at a part of the range, the baseline first."""
        return self.given.arms_at({self.path: self.span.at(part)}, {self.path: self.option})

    def run(self, outcomes: Outcomes) -> dict[str, Any]:
        """Find the crossings; returns value and arms of every point, the baseline's first, in order of value."""
        tried: dict[float, list[Arm]] = {}

        def differences(parts: list[float]) -> list[Curve]:
            """The mean difference of each compared model at more parts of the range."""
            new = {part: self.arms_at(part) for part in parts}
            tried.update(new)
            found = outcomes([arm for arms in new.values() for arm in arms])
            apart = {
                part: [found[a.name] - found[arms[0].name] for a in arms[1:]] for part, arms in new.items()
            }
            models = range(len(next(iter(new.values()))) - 1)
            return [{part: mean(apart[part][model]) for part in parts} for model in models]

        crossings(differences, self.span)
        return {"points": [[self.span.number(part), [a.name for a in tried[part]]] for part in sorted(tried)]}


def crossings(differences: Callable[[list[float]], list[Curve]], span: Range) -> list[Curve]:
    """Curves, one a compared model, tried wherever one of them changes its sign.

    differences: works out the mean differences at some parts of the range.
    """
    wanted = sorted({on_grid(step / FIRST_STEPS, span) for step in range(FIRST_STEPS + 1)})
    curves: list[Curve] = []
    for _ in range(MOST_ROUNDS):
        more = differences(wanted)
        curves = [known | new for known, new in zip(curves or [{}] * len(more), more)]
        wanted = sorted({part for curve in curves for part in next_parts(curve, span)})
        if not wanted:
            break
    return curves


def next_parts(curve: Curve, span: Range) -> list[float]:
    """Where to look next: the crossing of each pair of neighbours of opposite signs, unless it was tried."""
    found = []
    for one, other in pairwise(sorted(curve)):
        if curve[one] * curve[other] < 0:
            part = on_grid(one + (other - one) * curve[one] / (curve[one] - curve[other]), span)
            near = 0.0 if span.whole else CLOSE_ENOUGH
            if min(part - one, other - part) > near:
                found.append(part)
    return found


def on_grid(part: float, span: Range) -> float:
    """The part of the range at which the value that is written stands."""
    return (span.number(part) - span.low) / (span.high - span.low) if span.whole else part
