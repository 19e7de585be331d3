"""Which points of several ranges a sweep runs."""

from __future__ import annotations

import math
from itertools import product
from typing import NamedTuple

from sim.experiment.given import refuse
from sim.experiment.ranges import Range

STEPS = 5
"""Values of a range in a grid."""
POINTS_A_RANGE = 10
"""Points of a Latin hypercube, for each range."""
BASE = 16
"""Points of each of the two Sobol' samples."""


class Design(NamedTuple):
    """How points are chosen. number: of values of each range (grid), of points (lhs), of points of each
    of the two samples (sobol); None for the usual."""

    name: str
    number: int | None = None


GRID = Design("grid")


def design_of(text: str) -> Design:
    """`lhs` or, with the number of points, `lhs:40`. Raises `ScenarioFaults`."""
    name, colon, number = text.partition(":")
    option = f"--design {text}"
    if name not in ("grid", "lhs", "sobol") or (colon and not (number.isascii() and number.isdigit())):
        raise refuse(option, "must be grid, lhs or sobol, perhaps with a number of points, such as lhs:40")
    least = 2 if name == "grid" else 4
    if colon and int(number) < least:
        raise refuse(option, f"must have at least {least} points")
    if colon and name == "sobol" and math.log2(int(number)) % 1:
        raise refuse(option, "sobol takes a power of two, such as sobol:32")
    return Design(name, int(number) if colon else None)


def points_of(axes: list[list[str] | Range], design: Design, seed: int) -> list[tuple[str, ...]]:
    """A value for every axis, point by point, in the order of the design.

    axes: values, or for a range its ends; lhs and sobol take ranges only. Sobol' points are those of
    the samples A and B, then for each axis A with that axis's values of B (Saltelli 2010).
    """
    if design.name == "grid":
        steps = design.number or STEPS
        return list(product(*(evenly(axis, steps) if isinstance(axis, Range) else axis for axis in axes)))
    parts = hypercube(len(axes), design, seed) if design.name == "lhs" else saltelli(len(axes), design, seed)
    return [tuple(axis.at(part) for axis, part in zip(axes, point)) for point in parts]


def evenly(span: Range, steps: int) -> list[str]:
    """So many even values, the ends among them; fewer where only whole numbers are legal."""
    return list(dict.fromkeys(span.at(step / (steps - 1)) for step in range(steps)))


def hypercube(axes: int, design: Design, seed: int) -> list[list[float]]:
    """A Latin hypercube: each axis has one point in each of as many equal parts as there are points."""
    from scipy.stats import qmc

    number = design.number or POINTS_A_RANGE * axes
    return rounded(qmc.LatinHypercube(axes, rng=stream(seed)).random(number))


def saltelli(axes: int, design: Design, seed: int) -> list[list[float]]:
    """The samples A and B, and A with one axis after the other from B."""
    from scipy.stats import qmc

    both = rounded(qmc.Sobol(2 * axes, rng=stream(seed)).random(design.number or BASE))
    first, second = [row[:axes] for row in both], [row[axes:] for row in both]
    mixed = [
        [*one[:axis], other[axis], *one[axis + 1 :]]
        for axis in range(axes)
        for one, other in zip(first, second)
    ]
    return [*first, *second, *mixed]


def rounded(parts) -> list[list[float]]:
    """Parts of the way to four places, so that the values can be read."""
    return parts.round(4).tolist()


def stream(seed: int):
    """Random numbers of a design, from the experiment's seed."""
    import numpy as np

    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(4,)))
