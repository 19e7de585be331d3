"""A claim with its verdict, read from the results folder of its test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis import verdicts
from analysis.loaded import Results
from analysis.statistics import MOST_NEEDED, NOT_SETTLED, ROUNDING
from analysis.tipping import Curve
from analysis.verdicts import DEPENDS, DOES_NOT_TIP, Difference, Expected, Tip
from analysis.words import in_words, number, signed, unit_apart
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

    def _difference(self, pair: list[str]) -> Difference:
        return verdicts.difference_of(self._apart(pair))

    def _apart(self, pair: list[str]) -> pd.Series:
        """Scenario less baseline, by replication; what is rounding is none."""
        found = self.results.outcomes(self.claim["measure"], self.claim.get("group", "all"))
        baseline, scenario = (found.get(arm, pd.Series(np.nan, index=found.index)) for arm in pair)
        apart = scenario - baseline
        return apart.mask(apart.abs() <= ROUNDING * (scenario.abs() + baseline.abs()), 0.0)

    # ---- in words

    @property
    def unit(self) -> str:
        """The measure's."""
        return MEASURES[self.claim["measure"]].unit

    @property
    def unit_apart(self) -> str:
        """That of a difference, in a sentence."""
        return unit_apart(self.unit)

    @property
    def settings(self) -> list[str]:
        """`path=value` laid over both models."""
        return self.claim.get("set", [])

    @property
    def tested(self) -> str:
        """`Mean wait for place Milton Keynes, outsourced less in_house: higher by more than 2 days`."""
        measure = MEASURES[self.claim["measure"]].in_words.capitalize()
        group = in_words(self.claim.get("group", "all"))
        models = " less ".join(self.claim[key].removesuffix(".yaml") for key in ("scenario", "baseline"))
        by = f"{number(self.expected.matters)} {self.unit_apart}"
        expects = (
            f"within {by}"
            if self.expected.expects == verdicts.NO_DIFFERENT
            else f"{self.expected.expects}, by more than {by}"
        )
        return f"{measure} {group}, {models}: {expects}"  # fmt: skip

    def told(self, one: Difference) -> str:
        """`+2.9 (+2.6 to +3.2)`."""
        if not one.n:
            return "does not exist in both"
        if one.n < 2:
            return f"{signed(one.mean)} (one replication, no interval)"
        return f"{signed(one.mean)} ({signed(one.lower)} to {signed(one.upper)})"

    @property
    def tip_sentence(self) -> str:
        """Where the answer changes, or that it does not; empty where nobody looked."""
        if not self.tips:
            return ""
        path, unit = self.results.asked["tip"]["path"], self.results.asked["tip"]["unit"]

        def value(at: float) -> str:
            """A value of the path with its unit."""
            return f"{at:.4g} {unit}".strip() if abs(at) < 1e4 else f"{number(at)} {unit}".strip()

        first, last = value(self.curve.values[0]), value(self.curve.values[-1])
        kind, _, lower, upper = self.tips[0]
        if kind == DOES_NOT_TIP:
            return f"does not tip between {first} and {last} of {path}"
        if kind == NOT_SETTLED:
            return f"may tip between {value(lower)} and {value(upper)} of {path}: not settled"
        where = [f"{value(t.value)} (95 % interval {value(t.lower)} to {value(t.upper)})" for t in self.tips]
        return f"tips at {path} {' and '.join(where)}"

    @property
    def sentence(self) -> str:
        """The verdict and why."""
        if not self.results:
            return NOT_RUN
        path = self.hanging[0] if self.hanging else ""
        if self.verdict == DEPENDS:
            low, high = (
                f"{self.outcome(one)} at {row['value']}"
                for one, row in zip(self.moves[path], self.ends[path])
            )
            said = f"depends on {path}: {self.outcome(self.centre)} as the models stand, {low}, {high}"
            return "; ".join(part for part in (said, self.tip_sentence) if part)
        if self.verdict == NOT_SETTLED:
            if not all(one.n for one in self.tried):
                return f"{NOT_SETTLED}: the measure does not exist in both models"
            count = (
                "more"
                if not self.needed
                else "no number in reach of"
                if self.needed >= MOST_NEEDED
                else f"about {self.needed:,}"
            )
            return f"{NOT_SETTLED}: {count} replications would tell"
        most = (
            f"; hangs most on {path}, and not enough to change it"
            if path
            else "; nothing it may hang on changes it"
        )
        return "; ".join(part for part in (f"{self.verdict}{most}", self.tip_sentence) if part)  # fmt: skip

    def outcome(self, one: Difference) -> str:
        """What one difference says of the claim."""
        found = self.expected.borne_out(one.lower, one.upper)
        return {True: verdicts.SUPPORTED, False: verdicts.NOT_SUPPORTED, None: NOT_SETTLED}[found]

    def row(self) -> dict[str, Any]:
        """As a row of `claims.csv`."""
        about = {key: self.claim[key] for key in ("side", "says", "source", "measure", "expects")}
        models = {key: self.claim[key].removesuffix(".yaml") for key in ("scenario", "baseline")}
        about |= models | {
            "claim": self.name,
            "settings": ";".join(self.settings),
            "unit": self.unit,
            "group": self.claim.get("group", "all"),
            "matters": self.expected.matters,
            "verdict": self.verdict,
        }
        return about | (self._found() if self.results else {})

    def _found(self) -> dict[str, Any]:
        """The columns that need a run."""
        found = self._columns("", self.centre) | {
            "hangs_on": self.hanging[0] if self.hanging else "",
            "better_somewhere": ";".join(self.better),
            "n": self.centre.n,
            "years": self.years,
            "replications_needed": self.needed,
        }
        path = found["hangs_on"]
        for end, one, row in zip(("low", "high"), self.moves.get(path, ()), self.ends.get(path, ())):
            found |= {end: row["value"]} | self._columns(f"_at_{end}", one)
        if self.tips:
            first = self.tips[0]
            found |= {"tip": ";".join(tip.kind for tip in self.tips)}
            found |= {"tip_path": self.results.asked["tip"]["path"]}
            found |= {"tip_value": first.value, "tip_lower": first.lower, "tip_upper": first.upper}
            found |= {"tip_unit": self.results.asked["tip"]["unit"]}
        return found

    @staticmethod
    def _columns(where: str, one: Difference) -> dict[str, float]:
        return {f"difference{where}": one.mean, f"lower{where}": one.lower, f"upper{where}": one.upper}
