"""Which assumptions matter: every number with a range at its lowest and at its highest, one at a time.

Every arm that has the number gets it, so that all meet the same patients; the range is that of the last
arm that states one. Where shares have to sum to 100 %, the others of them give way in proportion.
"""

from __future__ import annotations

from typing import Any

from sim.experiment.given import refuse
from sim.experiment.trials import Outcomes, value_of
from sim.experiment.varied import number_of, unit_of
from sim.scenario.changes import changed
from sim.scenario.faults import Path, ScenarioFaults, in_dots
from sim.scenario.read import Arm

ENDS = ("low", "high")


class Assumptions:
    """Moves every range's ends, one at a time. Raises `ScenarioFaults` where there is no range."""

    def __init__(self, arms: list[Arm]) -> None:
        headline = arms[-1].scenario.headline
        self.read = value_of(headline.measure, headline.group)
        self.asked = {"option": "assumptions"}
        self.ends: list[dict[str, Any]] = []
        self.left_out: dict[str, str] = {}
        self.arms: list[Arm] = []
        known = {path: written for arm in arms for path, written in ranges_of(arm.document.tree)}
        for path, written in known.items():
            for end, value in zip(ENDS, written["range"]):
                if number_of(value) != number_of(written) or unit_of(value) != unit_of(written):
                    self._add([arm for arm in arms if says(arm, path)], path, end, value)
        if not self.ends:
            raise refuse("--sweep assumptions", "no number of the scenarios has a range")

    def _add(self, arms: list[Arm], path: Path, end: str, value: Any) -> None:
        try:
            made = {arm.name: at_end(arm, path, value) for arm in arms}
        except ScenarioFaults as refused:
            self.left_out[f"{in_dots(path)}={value}"] = refused.faults[0].message
            return
        names = {name: arm.name for name, arm in made.items()}
        self.ends.append({"path": in_dots(path), "end": end, "value": str(value), "arms": names})
        self.arms += made.values()

    def run(self, outcomes: Outcomes) -> dict[str, Any]:
        """Run every end; returns their arms."""
        outcomes(self.arms)
        return {"ends": self.ends, "left_out": self.left_out}


def ranges_of(tree: Any, path: Path = ()) -> list[tuple[Path, dict[str, Any]]]:
    """(path, value in its long form) of every number that has a range."""
    if not isinstance(tree, dict):
        return []
    if "value" in tree:
        return [(path, tree)] if "range" in tree else []
    return [found for key, below in tree.items() for found in ranges_of(below, (*path, key))]


def says(arm: Arm, path: Path) -> bool:
    """Whether an arm has a number at a path."""
    below: Any = arm.document.tree
    for step in path:
        below = below.get(step) if isinstance(below, dict) else None
    return number_of(below) is not None


def at_end(arm: Arm, path: Path, value: Any) -> Arm:
    """The arm with a value; shares that have to sum to 100 % with it give way. Raises `ScenarioFaults`."""
    name = f"{arm.name},{in_dots(path)}={value}"
    try:
        return changed(arm, name, {path: value})
    except ScenarioFaults as refused:
        summed = [fault.key for fault in refused.faults if "must sum to 100 %" in fault.message]
        if len(summed) != 1 or not in_dots(path).startswith(f"{summed[0]}."):
            raise
        return changed(arm, name, {path: value} | giving_way(arm, path, value, len(summed[0].split("."))))


def giving_way(arm: Arm, path: Path, value: Any, depth: int) -> dict[Path, str]:
    """The other shares of a map at such a depth, in their old proportion, for all to sum to 100 %."""
    tree: Any = arm.document.tree
    for step in path[:depth]:
        tree = tree[step]
    shares = {}
    for name, below in tree.items():
        for step in path[depth + 1 :]:
            below = below[step]
        shares[name] = number_of(below)
    old = shares.pop(path[depth])
    left = (100 - number_of(value)) / (100 - old) if old < 100 else 0.0
    return {
        (*path[:depth], name, *path[depth + 1 :]): f"{share * left:.10g} %" for name, share in shares.items()
    }
