"""As many replications as a precision needs, decided in the order of the replications.

After Hoad, Robinson and Davies (2010), Automated selection of the number of replications for a
discrete-event simulation, Journal of the Operational Research Society 61: the first number of
replications at which every half-width is small enough, and stays so over the next few (the look-ahead).
Which replications happen to be finished plays no part, so workers do not change the answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from re import fullmatch
from typing import Any

from sim.experiment.given import refuse
from sim.experiment.runner import Runner
from sim.results.columns import MEASURES
from sim.results.interval import half_width
from sim.scenario.read import Arm

FEWEST, MOST = 10, 1000
"""Replications that are run at least and at most."""
LOOK_AHEAD = 5
"""For so many more replications the precision must hold, or as many percent of those run from 100 on."""


@dataclass(frozen=True)
class Precision:
    """Half-widths of 95 % intervals that are small enough.

    share: of the size of a mean. absolute: in the measure's unit. One of them is given.
    """

    text: str
    share: float = 0.0
    absolute: float = 0.0

    def small(self, size: float) -> float:
        """The half-width that is small enough for a mean of this size."""
        return self.absolute or self.share * size


def precision_of(text: str, measure: str) -> Precision:
    """`5%` of the mean, or a half-width such as `0.2 days`. Raises `ScenarioFaults`."""
    unit = MEASURES[measure].unit
    unit = "points" if unit == "%" else unit
    found = fullmatch(r"(\d+(?:\.\d+)?)\s*(\D.*)", text.strip())
    if not found or float(found[1]) == 0 or found[2] not in ("%", unit):
        example = f"must be a part of the mean such as 5%, or a half-width such as '0.2 {unit}'"
        raise refuse(f"--precision {text}", example)
    number = float(found[1])
    return Precision(text, share=number / 100) if found[2] == "%" else Precision(text, absolute=number)


@dataclass
class Mean:
    """A mean that replications are added to, one after the other; NaN is no value.

    against: the mean whose size a half-width is compared with, by default its own. at_least: a size
    below which means are near zero.
    """

    name: str
    at_least: float = 0.0
    against: Mean | None = None
    number: int = 0
    mean: float = 0.0
    squares: float = 0.0
    half_width: float = math.inf

    def add(self, value: float) -> None:
        """One more replication (Welford)."""
        if not math.isnan(value):
            self.number += 1
            before = value - self.mean
            self.mean += before / self.number
            self.squares += before * (value - self.mean)
        self.half_width = self._half_width()

    def _half_width(self) -> float:
        if self.number < 2:
            return math.inf
        return float(half_width(math.sqrt(max(self.squares, 0.0) / (self.number - 1)), self.number))

    @property
    def size(self) -> float:
        """What a half-width is a part of."""
        return max(abs((self.against or self).mean), self.at_least)

    def too_wide(self, precision: Precision) -> float:
        """How many times as wide as it may be; at most 1 where it is precise."""
        small, width = precision.small(self.size), self.half_width
        return 0.0 if width == 0 else width / small if small else math.inf


class Watch:
    """Watches the headline measure of every arm, and its paired differences, as replications come."""

    def __init__(self, arms: list[str], baselines: dict[str, str], precision: Precision, matters: float):
        self.precision = precision
        self.means = {arm: Mean(arm, matters) for arm in arms}
        self.differences = {
            arm: Mean(f"{arm} less {baseline}", matters, self.means[baseline])
            for arm, baseline in baselines.items()
        }
        self.baselines = baselines
        self.seen, self.since = 0, 0
        self.reached: int | None = None

    def add(self, values: dict[str, float]) -> None:
        """The next replication: its value by arm. Does nothing once the precision is reached."""
        if self.reached is not None:
            return
        for arm, mean in self.means.items():
            mean.add(values[arm])
        for arm, difference in self.differences.items():
            difference.add(values[arm] - values[self.baselines[arm]])
        self.seen += 1
        if self.too_wide > 1:
            self.since = 0
        elif not self.since:
            self.since = self.seen
        if self.since and self.seen >= max(FEWEST, self.since + look_ahead(self.since)):
            self.reached = self.seen

    @property
    def watched(self) -> list[Mean]:
        """Every mean and difference."""
        return [*self.means.values(), *self.differences.values()]

    @property
    def too_wide(self) -> float:
        """Of the widest."""
        return max(mean.too_wide(self.precision) for mean in self.watched)

    @property
    def exists(self) -> bool:
        """Whether every arm has the measure."""
        return self.seen < FEWEST or all(mean.number > 1 for mean in self.watched)

    def likely(self) -> int:
        """Replications that the spread seen so far would need; at most twice those seen."""
        if self.seen < FEWEST:
            return FEWEST
        if self.since:
            return min(self.since + look_ahead(self.since), MOST)
        needed = min(math.ceil(self.seen * min(self.too_wide, 2.0) ** 2), 2 * self.seen)
        return min(max(needed, self.seen) + look_ahead(self.seen), MOST)


def look_ahead(number: int) -> int:
    """For how many more replications the precision must hold."""
    return LOOK_AHEAD * max(number, 100) // 100


def replicate(
    runner: Runner, arms: list[Arm], baselines: dict[str, str], precision: Precision
) -> tuple[int, dict[str, Any]]:
    """(replications, what the manifest says of the precision): runs until it is reached, or `MOST` are run."""
    headline = arms[-1].scenario.headline
    watch = Watch([arm.name for arm in arms], baselines, precision, float(headline.matters or 0))
    while watch.reached is None and watch.exists and watch.seen < MOST:
        numbers = range(watch.seen, watch.likely())
        found: dict[tuple[str, int], float] = {}
        for name, values in runner.each((arm, number) for number in numbers for arm in arms):
            found[name] = values.get((headline.measure, headline.group), math.nan)
        for number in numbers:
            watch.add({arm.name: found[arm.name, number] for arm in arms})
    return watch.seen, said_of(watch)


def said_of(watch: Watch) -> dict[str, Any]:
    """What the manifest says: what was asked, whether it was reached, and the half-width of each mean
    and difference beside the one allowed (None where the measure does not exist)."""
    return {
        "asked": watch.precision.text,
        "reached": watch.reached is not None,
        "half_widths": {
            mean.name: [mean.half_width if mean.number > 1 else None, watch.precision.small(mean.size)]
            for mean in watch.watched
        },
    }
