"""Arms that a search runs as it goes, and the one number that it reads from each replication."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from sim.experiment.runner import Runner, mark_of
from sim.scenario.read import Arm

if TYPE_CHECKING:
    import numpy as np

Outcomes = Callable[[list[Arm]], dict[str, "np.ndarray"]]
"""Runs arms on the same patients; the outcome in each replication, by arm name. NaN: does not exist."""
Read = Callable[[dict[tuple[str, str], float], Callable[[], list[dict]]], float]
"""The outcome of a replication: its measures, by (measure, group), and what gives its census."""


class Search(Protocol):
    """A question whose arms follow from what other arms gave."""

    asked: dict[str, Any]
    """The question as the manifest keeps it; plain values."""

    read: Read
    """The number that the search looks at."""

    def run(self, outcomes: Outcomes) -> dict[str, Any]:
        """Run what is needed; returns what was tried, as the manifest keeps it."""
        ...


class Trials:
    """`Outcomes` from a runner. arms: everything that was run, by name."""

    def __init__(self, runner: Runner, replications: int, read: Read) -> None:
        self.runner, self.replications, self.read = runner, replications, read
        self.arms: dict[str, Arm] = {}
        self._found: dict[str, np.ndarray] = {}

    def __call__(self, arms: Iterable[Arm]) -> dict[str, np.ndarray]:
        import numpy as np

        arms = list(arms)
        new = list({arm.name: arm for arm in arms if arm.name not in self.arms}.values())
        self.arms |= {arm.name: arm for arm in new}
        self._found |= {arm.name: np.full(self.replications, np.nan) for arm in new}
        wanted = ((arm, number) for number in range(self.replications) for arm in new)
        for (name, number), values in self.runner.each(wanted):
            self._found[name][number] = self.read(values, partial(self._census, name, number))
        return {arm.name: self._found[arm.name] for arm in arms}

    def _census(self, name: str, number: int) -> list[dict]:
        return self.runner.folder.kept(mark_of(self.arms[name], self.runner.seed), number)["census"]


def value_of(measure: str, group: str) -> Read:
    """Reads one measure of one group."""
    return lambda values, census: values.get((measure, group), float("nan"))


def mean(values) -> float:
    """Over the replications that have the measure; 0 without one."""
    known = values[values == values]
    return float(known.mean()) if len(known) else 0.0
