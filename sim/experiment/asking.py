"""From what is asked on the command line to the experiment that answers it."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.experiment.experiment import Experiment
from sim.experiment.given import Given, refuse
from sim.experiment.trials import Search
from sim.scenario.read import Arm

ASSUMPTIONS = "assumptions"
"""Swept as every range's ends, one at a time."""


class Asked(NamedTuple):
    """The options that ask for more than a comparison, as they were typed."""

    sweep: list[str]
    design: str | None
    tip: list[str] | None
    target: str | None
    vary: str | None
    decompose: bool
    uncertain: bool = False

    def check(self) -> None:
        """Refuse two questions at once, and half of one. Raises `ScenarioFaults`."""
        several = [
            f"--{name}"
            for name in ("sweep", "tip", "target", "decompose", "uncertain")
            if getattr(self, name)
        ]
        if self.uncertain and len(several) > 1:
            message = (
                "--uncertain draws all assumptions anew for each pair of replications, and the other looks at "
                "scenarios with every number as it is written; ask one in a run, or --sweep assumptions"
            )
            raise refuse(" and ".join(several), message)
        if len(several) > 1:
            raise refuse(" and ".join(several), "are questions of their own; ask one in a run")
        if (self.target is None) != (self.vary is None):
            given = "--vary" if self.target is None else "--target"
            message = "--target and --vary belong together, such as --target 'wait_days_mean <= 14' --vary 'fleet[MRI].slots_per_day'"
            raise refuse(given, message)
        if self.design is not None and (not self.sweep or ASSUMPTIONS in self.sweep):
            raise refuse(f"--design {self.design}", "needs --sweep path=lowest..highest")
        if ASSUMPTIONS in self.sweep and len(self.sweep) > 1:
            raise refuse(f"--sweep {ASSUMPTIONS}", "stands alone")


def experiment_asking(asked: Asked, given: Given, arms: list[Arm], **how: Any) -> Experiment:
    """The experiment. how: `replications`, `seed`, `command`, `keep_patients` of it.

    arms: of what is given, as they stand. Raises `ScenarioFaults`.
    """
    asked.check()
    if asked.uncertain:
        from sim.experiment.drawing import draws_of, unknowns_of

        draws_of(arms, unknowns_of(arms), 1, how["seed"])
    if asked.sweep and ASSUMPTIONS not in asked.sweep:
        from sim.experiment.designs import GRID, design_of
        from sim.experiment.sweep import sweep_experiment

        design = GRID if asked.design is None else design_of(asked.design)
        return sweep_experiment(*given[:2], asked.sweep, given.overrides, design, **how)
    return Experiment(arms, search=search_for(asked, given, arms, how["seed"]), **how)


def search_for(asked: Asked, given: Given, arms: list[Arm], seed: int) -> Search | None:
    """What looks for the answer; None where a comparison is all."""
    if asked.sweep:
        from sim.experiment.assumptions import Assumptions

        return Assumptions(arms)
    if asked.tip:
        from sim.experiment.tipping import Tipping

        return Tipping(given, *asked.tip)
    if asked.target is not None:
        from sim.experiment.capacity import Capacity

        return Capacity(arms, asked.target, asked.vary)
    if asked.decompose:
        from sim.experiment.decomposition import Decomposition

        return Decomposition(arms, seed)
    return None
