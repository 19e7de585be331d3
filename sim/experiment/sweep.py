"""Many scenarios made by varying numbers."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

from sim.experiment.experiment import Experiment
from sim.scenario.faults import Fault, Position, ScenarioFaults
from sim.scenario.read import read_arms


def values_of(sweep: str) -> tuple[str, list[str]]:
    """(path, values) of `path=a,b,c`. Raises `ScenarioFaults`."""
    path, equals, text = sweep.partition("=")
    values = [value.strip() for value in text.split(",")]
    if not equals or not path.strip() or len(values) < 2 or not all(values) or len(set(values)) < len(values):
        example = "workforce.planned_load=70%,80%,90%"
        message = f"must be path=value,value,... with two or more different values, such as {example}"
        raise ScenarioFaults([Fault(Position(f"--sweep {sweep}"), "", message)])
    return path.strip(), values


def sweep_experiment(
    files: list[Path], settings: list[str], sweeps: list[str], overrides: dict[str, Any], **how: Any
) -> Experiment:
    """Every combination of the values, each with its own baseline, on the same patients.

    how: `replications`, `seed`, `command`, `keep_patients` of the `Experiment`.
    """
    axes = dict(values_of(sweep) for sweep in sweeps)
    arms, baselines, points = [], {}, {}
    for values in product(*axes.values()):
        given = dict(zip(axes, values))
        written = [f"{path}={value}" for path, value in given.items()]
        at_point = read_arms(files, [*settings, *written], overrides)
        for arm in at_point:
            arm.name = ",".join([arm.name, *written])
            points[arm.name] = given
            if arm is not at_point[0]:
                baselines[arm.name] = at_point[0].name
        arms += at_point
    return Experiment(arms, baselines=baselines, points=points, **how)
