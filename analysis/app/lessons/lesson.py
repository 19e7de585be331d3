"""What a lesson is: a question, a prediction, what can be moved, arms to simulate, theory and a picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes

import sim
from analysis.app.lessons.predictions import Choice, Guess
from analysis.app.lessons.seen import Quantity, Seen
from analysis.verdicts import Difference
from analysis.words import number
from sim.scenario.read import Arm, read_arms

SCENARIOS = Path(sim.__file__).resolve().parents[1] / "scenarios" / "lessons"
Given = dict[str, float]
"""The sliders' values by key."""


@dataclass(frozen=True)
class Slider:
    """What can be moved. unit: in words, after the number."""

    key: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    default: float


class Compared(NamedTuple):
    """A quantity as simulated and as theory has it; None where theory has no answer."""

    quantity: Quantity
    simulated: Difference
    theory: float | None

    @property
    def agrees(self) -> bool | None:
        """Whether theory lies in the interval; None where there is nothing to compare."""
        if self.theory is None or not math.isfinite(self.simulated.lower):
            return None
        return self.simulated.lower <= self.theory <= self.simulated.upper


@dataclass(frozen=True)
class Lesson:
    """One lesson; its name is its module's.

    story: paragraphs before the prediction. arms: {scenario file's stem: its name on the page}.
    settings: for each arm the `path=value` that the sliders mean. quantities: what is shown beside theory.
    theory: a value, or None, for some of the quantities. formula: how theory gets it, in words.
    departs: why the two may differ. came: what the prediction is held against. sentences: what follows from
    the numbers. replications: how many are simulated in the end.
    """

    name: str
    title: str
    question: str
    story: tuple[str, ...]
    arms: dict[str, str]
    sliders: tuple[Slider, ...]
    prediction: Guess | Choice
    settings: Callable[[Given], dict[str, list[str]]]
    quantities: tuple[Quantity, ...]
    theory: Callable[[Given], dict[Quantity, float | None]]
    formula: str
    departs: str
    came: Callable[[Seen], Difference]
    sentences: Callable[[Seen, Given], list[str]]
    draw: Callable[[Seen, Given, Axes], None]
    alt_text: Callable[[Seen, Given], str]
    replications: int = 40

    @property
    def defaults(self) -> Given:
        """The sliders as the lesson begins."""
        return {slider.key: slider.default for slider in self.sliders}

    def read_arms(self, given: Given) -> list[Arm]:
        """The arms for some settings of the sliders. Raises `ScenarioFaults`."""
        settings = self.settings(given)
        return [read_arms([SCENARIOS / f"{name}.yaml"], settings[name])[-1] for name in self.arms]

    def compared(self, seen: Seen, given: Given) -> list[Compared]:
        """Every quantity as simulated beside theory."""
        theory = self.theory(given)
        return [Compared(one, seen.mean(one), theory.get(one)) for one in self.quantities]

    def agreement(self, seen: Seen, given: Given) -> str:
        """Whether theory and simulation agree, and if not, why."""
        known = self.theory(given)
        rows = [row for row in self.compared(seen, given) if row.quantity in known]
        if any(row.theory is None for row in rows):
            return (
                "Theory has no answer here: more comes than can be done, and a list that grows without end "
                "has no mean. The simulation shows how far it got by the end of its run."
            )
        outside = [row for row in rows if row.agrees is False]
        if any(row.agrees is None for row in rows):
            return "One run is not enough to hold against theory."
        if not outside:
            return f"Theory lies inside the interval of the simulation {'each time' if len(rows) > 1 else 'here'}."
        named = "; ".join(
            f"{row.quantity.label}: theory {number(row.theory)}, simulated {number(row.simulated.lower)} "
            f"to {number(row.simulated.upper)} {row.quantity.unit}"
            for row in outside
        )
        return f"Theory lies outside the interval ({named}). Chance alone does that one time in twenty. {self.departs}"
