"""What a student says beforehand, and what is said of it when the replications are in."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis.verdicts import Difference
from analysis.words import number


@dataclass(frozen=True)
class Guess:
    """A number to be guessed. unit: in words, after the number. low, high, step: of the slider."""

    question: str
    unit: str
    low: float
    high: float
    step: float

    def against(self, said: float, came: Difference) -> str:
        """What was said beside what came."""
        if not math.isfinite(came.mean):
            return f"You said {number(said)} {self.unit}. In these runs it never happened, so there is no number."
        if not math.isfinite(came.lower):
            return (
                f"You said {number(said)} {self.unit}. The first run gives {number(came.mean)} {self.unit}; "
                "one run cannot say how sure that is."
            )
        place = (
            "below" if said < came.lower else "above" if said > came.upper else "inside"
        )  # fmt: skip
        return (
            f"You said {number(said)} {self.unit}. It came to {number(came.mean)} {self.unit} "
            f"(95 % interval {number(came.lower)} to {number(came.upper)}, {came.n} runs): "
            f"your number lies {place} the interval."
        )


@dataclass(frozen=True)
class Choice:
    """One of several answers. options: {key: words}. less, more, same: what a difference below, above or
    about nothing stands for; matters: the smallest difference that counts."""

    question: str
    options: dict[str, str]
    less: str
    more: str
    same: str
    matters: float

    def came_to(self, apart: Difference) -> str | None:
        """The option that the whole interval stands for; None while it is not settled."""
        if not math.isfinite(apart.lower):
            return None
        if apart.lower > self.matters:
            return self.more
        if apart.upper < -self.matters:
            return self.less
        within = -self.matters <= apart.lower and apart.upper <= self.matters
        return self.same if within else None

    def against(self, said: str, apart: Difference) -> str:
        """What was said beside what came."""
        came = self.came_to(apart)
        if came is None:
            return f"You said: {self.options[said]}. It is not settled yet; {apart.n} run{'s are' if apart.n > 1 else ' is'} too few to tell."
        verdict = "That is what came." if came == said else f"What came: {self.options[came]}."
        return f"You said: {self.options[said]}. {verdict}"
