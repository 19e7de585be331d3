"""A claim with its verdict, read from the results folder of its test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis import verdicts
from analysis.loaded import Results
from analysis.statistics import NOT_SETTLED, ROUNDING
from analysis.tipping import Curve
from analysis.verdicts import Difference, Expected, Tip
from analysis.words import unit_apart
from sim.results.columns import MEASURES

NOT_RUN = "not run"


@dataclass
class Judged:
    """What the register says of a claim (as its file writes it), and the folder of its test; None: not run."""

    name: str
    claim: dict[str, Any]
    expected: Expected
    results: Results | None

    @cached_property
    def centre(self) -> Difference:
        """The difference as the models stand."""
        return self._difference([self.results.baseline, self.results.arms[1]])

    @cached_property
    def ends(self) -> dict[str, list[dict[str, Any]]]:
        """By path: low and high, each with `value` and `arms`, the baseline's first."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.results.asked["ends"]:
            found.setdefault(row["path"], []).append(row)
        return found

    @cached_property
    def moves(self) -> verdicts.Moves:
        """By path: the differences at both ends."""
        return {
            path: (self._difference(low["arms"]), self._difference(high["arms"]))
            for path, (low, high) in self.ends.items()
        }

    @cached_property
    def tried(self) -> list[Difference]:
        """As the models stand, and at every end."""
        return verdicts.tried(self.centre, self.moves)

    @property
    def verdict(self) -> str:
        """The word."""
        return verdicts.judge(self.expected, self.tried) if self.results else NOT_RUN

    @property
    def hanging(self) -> list[str]:
        """What it hangs on, the most first."""
        return verdicts.hanging(self.expected, self.centre, self.moves)

    @property
    def needed(self) -> int | None:
        """Replications that would settle it."""
        return verdicts.needed(self.expected, self.tried) if self.verdict == NOT_SETTLED else None

    @cached_property
    def curve(self) -> Curve | None:
        """The differences along the range whose tipping point was looked for."""
        tip = self.results.asked["tip"]
        if not tip:
            return None
        values, pairs = zip(*tip["points"])
        known = pd.DataFrame({place: self._apart(pair) for place, pair in enumerate(pairs)}).dropna()
        return Curve(np.array(values, dtype=float), known.to_numpy(dtype=float))

    @property
    def tips(self) -> list[Tip]:
        """Where it tips; nothing where nobody looked."""
        return verdicts.tips(self.expected, self.curve) if self.curve and len(self.curve.apart) else []

    @property
    def better(self) -> list[str]:
        """The models that are better at one of the values that were run at least."""
        along = [verdicts.difference_of(apart) for apart in self.curve.apart.T] if self.curve else []
        signs = verdicts.better(self.claim["measure"], self.expected.matters, [*self.tried, *along])
        return [arm for arm, sign in zip(self.results.arms, (-1, 1)) if sign in signs]

    @property
    def years(self) -> str:
        """Length of the data-collection period, as written; of one, `1 year`."""
        written = self.results.scenarios[self.results.baseline]["calendar"]["years"]
        text = str(written["value"] if isinstance(written, dict) else written)
        return "1 year" if text == "1 years" else text

    @property
    def has_a_better_side(self) -> bool:
        """Whether more or less of the measure is better by itself."""
        return bool(MEASURES[self.claim["measure"]].better)

    @property
    def settings(self) -> list[str]:
        """`path=value` laid over both models."""
        return self.claim.get("set", [])

    @property
    def unit(self) -> str:
        """The measure's."""
        return MEASURES[self.claim["measure"]].unit

    @property
    def unit_apart(self) -> str:
        """That of a difference, in a sentence."""
        return unit_apart(self.unit)

    def outcome(self, one: Difference) -> str:
        """What one difference says of the claim."""
        found = self.expected.borne_out(one.lower, one.upper)
        return {True: verdicts.SUPPORTED, False: verdicts.NOT_SUPPORTED, None: NOT_SETTLED}[found]

    def _difference(self, pair: list[str]) -> Difference:
        return verdicts.difference_of(self._apart(pair))

    def _apart(self, pair: list[str]) -> pd.Series:
        """Scenario less baseline, by replication; what is rounding is none."""
        found = self.results.outcomes(self.claim["measure"], self.claim.get("group", "all"))
        baseline, scenario = (found.get(arm, pd.Series(np.nan, index=found.index)) for arm in pair)
        apart = scenario - baseline
        return apart.mask(apart.abs() <= ROUNDING * (scenario.abs() + baseline.abs()), 0.0)
