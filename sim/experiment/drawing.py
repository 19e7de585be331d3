"""Scenarios whose assumptions are drawn from their ranges.

One unknown is one reason: values with the same key, reason, value, range and shape are drawn together, in
every arm and wherever they stand (ten scanners whose slots rest on one assumption are not ten unknowns).
How long is warmed up is a choice, not a fact, and stays. Parts that are written to sum to 100 % are scaled
back to it, which may take one a little beyond its range.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.experiment.given import refuse
from sim.model.quantity import DIMENSIONS, parted, together
from sim.scenario.changes import changed
from sim.scenario.faults import Path, ScenarioFaults
from sim.scenario.read import Arm

CHOSEN = ("calendar", "warm_up")
MOST_PASSED_OVER = 10
"""So many draws in a row may give no legal scenario, for each one asked for."""
ALL = 100.0
NEARLY = 0.01
"""Parts sum to 100 % within so many percent, as when they are read."""


class Unknown(NamedTuple):
    """A value that nobody knows. value, low, high: in `unit`, as written."""

    key: str
    reason: str
    value: float
    low: float
    high: float
    unit: str
    shape: str

    def at(self, u: float) -> float:
        """The value at a quantile from 0 to 1."""
        return QUANTILES[self.shape](self, u)

    def written(self, number: float) -> str:
        """A number as a scenario file writes it."""
        return together(f"{number:.10g}", self.unit)


def _uniform(unknown: Unknown, u: float) -> float:
    return unknown.low + u * (unknown.high - unknown.low)


def _triangular(unknown: Unknown, u: float) -> float:
    """Likeliest at the value."""
    low, mode, high = unknown.low, unknown.value, unknown.high
    if u * (high - low) < mode - low:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1 - u) * (high - low) * (high - mode))


def _log_uniform(unknown: Unknown, u: float) -> float:
    return unknown.low * (unknown.high / unknown.low) ** u


QUANTILES: dict[str, Callable[[Unknown, float], float]] = {
    "uniform": _uniform,
    "triangular": _triangular,
    "log-uniform": _log_uniform,
}


def unknowns_of(arms: list[Arm]) -> list[Unknown]:
    """Every unknown of the arms, in the order of the files."""
    found = (unknown for arm in arms for _, unknown in assumed(arm.document.tree))
    return list(dict.fromkeys(found))


def assumed(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Unknown]]:
    """Every (path, unknown) of a scenario: assumptions whose range is more than one value."""
    if not isinstance(tree, dict) or path == CHOSEN:
        return
    if "assumption" in tree:
        unknown = unknown_of(path[-1], tree)
        if unknown.low < unknown.high:
            yield path, unknown
        return
    for key, below in tree.items():
        yield from assumed(below, (*path, key))


def unknown_of(key: str, written: dict[str, Any]) -> Unknown:
    """An assumption as it was written, its numbers in the unit of its value."""
    unit = parted(written["value"])[1]
    value, low, high = (in_unit(text, unit) for text in (written["value"], *written["range"]))
    return Unknown(key, written["assumption"], value, low, high, unit, written.get("shape", "uniform"))


def in_unit(text: Any, unit: str) -> float:
    """The number of a value in another unit of its dimension."""
    number, own = parted(text)
    units = next(units for units in DIMENSIONS.values() if own in units and unit in units)
    return number * units[own] / units[unit] if own != unit else number


@dataclass
class Draw:
    """One draw. number: from 0. arms: in the order of the experiment. written: by arm, what was drawn."""

    number: int
    arms: list[Arm]
    written: list[dict[Path, str]]


@dataclass
class Draws:
    """scenarios: names of the arms. legal: the draws that make scenarios. passed_over: how many do not. why: the first fault of the
    first of them."""

    scenarios: list[str]
    legal: list[Draw] = field(default_factory=list)
    passed_over: int = 0
    why: str = ""

    def rows(self) -> Iterator[dict[str, Any]]:
        """What was drawn, path by path: the rows of `uncertain_draws.csv`."""
        for draw in self.legal:
            for scenario, written in zip(self.scenarios, draw.written):
                for path, text in written.items():
                    number, unit = parted(text)
                    of = {"draw": draw.number, "scenario": scenario}
                    yield of | {"path": ".".join(path), "value": number, "value_unit": unit}


def draws_of(arms: list[Arm], unknowns: list[Unknown], count: int, seed: int) -> Draws:
    """`count` legal draws. More begin with the fewer: points come from one Sobol' sequence, and a point
    that makes no legal scenario is passed over. Raises `ScenarioFaults` where too many are.
    """
    draws = Draws([arm.name for arm in arms])
    if not unknowns:
        raise refuse("--uncertain", "no value is an assumption with a range")
    points = sequence(len(unknowns), seed)
    while len(draws.legal) < count:
        number = len(draws.legal)
        values = {unknown: unknown.at(u) for unknown, u in zip(unknowns, next(points))}
        written = [drawn_texts(arm.document.tree, values) for arm in arms]
        try:
            drawn = [changed(arm, name_of(arm, number), texts) for arm, texts in zip(arms, written)]
        except ScenarioFaults as found:
            draws.passed_over += 1
            draws.why = draws.why or f"{found.faults[0].key}: {found.faults[0].message}"
            if draws.passed_over > MOST_PASSED_OVER * (number + 1):
                raise refuse("--uncertain", f"hardly any draw is a legal scenario; {draws.why}") from None
            continue
        draws.legal.append(Draw(number, drawn, written))
    return draws


def name_of(arm: Arm, draw: int) -> str:
    """What a drawn arm is called."""
    return f"{arm.name},draw={draw}"


def sequence(dimensions: int, seed: int) -> Iterator[list[float]]:
    """Points of a scrambled Sobol' sequence, one after the other."""
    import numpy as np
    from scipy.stats import qmc

    engine = qmc.Sobol(dimensions, rng=np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(5,))))
    while True:
        yield engine.random(1)[0].tolist()


def drawn_texts(tree: dict[str, Any], values: dict[Unknown, float]) -> dict[Path, str]:
    """What is written at each path of a scenario, parts of a whole scaled back to 100 %."""
    where = dict(assumed(tree))
    numbers = {path: values[unknown] for path, unknown in where.items()}
    for parts in wholes(tree):
        drawn = [path for path in parts if path in numbers]
        fixed = sum(number for path, number in parts.items() if path not in numbers)
        total = sum(numbers[path] for path in drawn)
        for path in drawn:
            numbers[path] *= (ALL - fixed) / total if total else 1.0
    return {path: unknown.written(numbers[path]) for path, unknown in where.items()}


def wholes(tree: Any, path: Path = ()) -> Iterator[dict[Path, float]]:
    """Values by path that sum to 100 % as they are written: entries of one map, or the `share` of each."""
    if not isinstance(tree, dict) or "value" in tree:
        return
    shares = {
        key: below["share"] for key, below in tree.items() if isinstance(below, dict) and "share" in below
    }
    entries = {(*path, key): percent(below) for key, below in tree.items()}
    for parts in (entries, {(*path, key, "share"): percent(share) for key, share in shares.items()}):
        known = {where: number for where, number in parts.items() if number is not None}
        if len(known) > 1 and abs(sum(known.values()) - ALL) <= NEARLY:
            yield known
    for key, below in tree.items():
        yield from wholes(below, (*path, key))


def percent(written: Any) -> float | None:
    """The number of a percentage, short or long form; None for anything else."""
    text = written.get("value") if isinstance(written, dict) else written
    found = parted(text) if isinstance(text, str) else None
    return found[0] if found and found[1] == "%" else None
