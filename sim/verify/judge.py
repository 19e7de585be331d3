"""Whether what was simulated agrees with theory, and what error would have been caught."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

FARTHEST = 3.5
"""Standard errors from theory up to which a case passes."""
CAUGHT = FARTHEST + 2.3263
"""An error of so many standard errors is caught 99 times in 100; 2 % of the value is 5.83 of them where a
95 % interval is 0.67 % of the value to either side."""


class Estimate(NamedTuple):
    """A mean, its standard error and its degrees of freedom."""

    mean: float
    error: float
    freedom: int

    def interval(self) -> tuple[float, float]:
        """The 95 % interval."""
        from scipy.stats import t

        half = float(t.ppf(0.975, self.freedom)) * self.error
        return self.mean - half, self.mean + half


def estimate(values: np.ndarray, controls: np.ndarray) -> Estimate:
    """The mean of independent values, with the help of controls whose means are 0.

    values: (n,). controls: (n, number of controls). Least squares; the intercept is the mean.
    """
    known = np.isfinite(values)
    values, design = values[known], np.column_stack([np.ones(known.sum()), controls[known]])
    if not len(values):
        raise ValueError("does not exist in this scenario")
    freedom = len(values) - design.shape[1]
    if freedom < 1:
        raise ValueError(f"{len(values)} stretches are too few for an interval")
    found, *_ = np.linalg.lstsq(design, values, rcond=None)
    left = values - design @ found
    spread = float(left @ left) / freedom
    error = math.sqrt(spread * float(np.linalg.pinv(design.T @ design)[0, 0]))
    return Estimate(float(found[0]), error, freedom)


class Verdict(NamedTuple):
    """One expectation beside what was simulated.

    catches: the smallest relative error that would have been caught 99 times in 100; must_catch: the one
    that had to be. controlled: whether control variates helped.
    """

    case: str
    measure: str
    group: str
    at: float | None
    unit: str
    theory: float
    mean: float
    lower: float
    upper: float
    z: float
    catches: float
    must_catch: float
    stretches: int
    controlled: bool

    @property
    def passes(self) -> bool:
        """Near enough, and with the power to have seen it if it were not."""
        return abs(self.z) <= FARTHEST and self.catches <= self.must_catch

    @property
    def in_words(self) -> str:
        """What came of it."""
        if abs(self.z) > FARTHEST:
            return "FAILS"
        return "passes" if self.passes else "NO POWER"


def z_of(mean: float, theory: float, error: float) -> float:
    """Standard errors from theory; a value that never varies is exact or infinitely far."""
    apart = mean - theory
    if error > 1e-12 * abs(theory):
        return apart / error
    return 0.0 if abs(apart) <= 1e-9 * abs(theory) else math.copysign(math.inf, apart)
