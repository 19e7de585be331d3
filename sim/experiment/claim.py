"""A claim as an experiment: its two models as they stand, at both ends of what the claim may hang on, and,
where the answer differs between them, at as many values as it takes to find where it changes.

When an answer differs is for statistics to say, so that arrives as a function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.experiment.assumptions import ENDS
from sim.experiment.ranges import Range, legal_range, range_of
from sim.experiment.tipping import Curve, crossings
from sim.experiment.trials import Outcomes, mean, value_of
from sim.scenario.claims import Ends, Pair, with_value
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import Arm

Apart = dict[tuple[str, str], np.ndarray]
"""{(path, low or high): differences by replication}; as they stand under two empty names."""
AS_IT_STANDS = ("", "")


class ClaimSearch:
    """Runs what tests a claim.

    asked: the claim as it was written, as far as it says what is run and measured. thresholds: differences at which
    the answer changes. tips: given the differences, the paths whose tipping point is wanted; of these the first that
    has numbers is looked at.
    """

    def __init__(
        self,
        pair: Pair,
        asked: dict[str, Any],
        thresholds: list[float],
        tips: Callable[[Apart], list[str]],
    ) -> None:
        self.arms, self.hangs_on = pair.arms, {ends.path: ends for ends in pair.hangs_on}
        headline = self.arms[-1].scenario.headline
        self.read = value_of(headline.measure, headline.group)
        self.asked = {"option": "claim", "claim": asked}
        self.thresholds, self.tips = thresholds, tips

    def run(self, outcomes: Outcomes) -> dict[str, Any]:
        """Run the ends, and the values in between where they are wanted; returns value and arms of each."""
        ends = [
            {"path": path, "end": end, "value": value, "arms": self.at(self.hangs_on[path], value)}
            for path in self.hangs_on
            for end, value in zip(ENDS, self.values(path))
        ]
        pairs = {AS_IT_STANDS: self.arms} | {(row["path"], row["end"]): row["arms"] for row in ends}
        found = outcomes([arm for pair in pairs.values() for arm in pair])
        wanted = self.tips({name: found[s.name] - found[b.name] for name, (b, s) in pairs.items()})
        numbers = [path for path in wanted if self.span(path)]
        rows = [row | {"arms": [arm.name for arm in row["arms"]]} for row in ends]
        return {"ends": rows, "tip": self.tip(numbers[0], outcomes) if numbers else None}

    def at(self, ends: Ends, value: str) -> list[Arm]:
        """Both models with a value, the baseline first."""
        return [with_value(arm, ends, value) for arm in self.arms]

    def tip(self, path: str, outcomes: Outcomes) -> dict[str, Any]:
        """The path, its unit, and value and arms of every point that was tried, in order of value."""
        ends, span = self.hangs_on[path], self.span(path)
        tried: dict[float, list[Arm]] = {}

        def differences(parts: list[float]) -> list[Curve]:
            """The mean difference at more parts of the range, less each threshold."""
            new = {part: self.at(ends, span.at(part)) for part in parts}
            tried.update(new)
            found = outcomes([arm for pair in new.values() for arm in pair])
            means = {part: mean(found[s.name] - found[b.name]) for part, (b, s) in new.items()}
            return [{part: apart - level for part, apart in means.items()} for level in self.thresholds]

        crossings(differences, span)
        points = [[span.number(part), [arm.name for arm in tried[part]]] for part in sorted(tried)]
        return {"path": path, "unit": span.unit, "points": points}

    def values(self, path: str) -> tuple[str, str]:
        """Both ends as they are written; numbers as the points between them are."""
        span = self.span(path)
        if span:
            return span.at(0.0), span.at(1.0)
        return self.hangs_on[path].low, self.hangs_on[path].high

    def span(self, path: str) -> Range | None:
        """The range between the ends, of whole numbers where only those are legal; None between words."""
        ends = self.hangs_on[path]
        span = range_of(f"{ends.low}..{ends.high}")
        return legal_range(span, lambda value: self._takes(ends, value)) if span else None

    def _takes(self, ends: Ends, value: str) -> bool:
        try:
            self.at(ends, value)
        except ScenarioFaults:
            return False
        return True
