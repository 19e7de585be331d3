"""Many scenarios made by varying numbers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from sim.experiment.designs import GRID, Design, points_of
from sim.experiment.experiment import Experiment
from sim.experiment.given import Given, refuse
from sim.experiment.ranges import Range, legal_range, range_of
from sim.model.quantity import parted


def axis_of(sweep: str) -> tuple[str, list[str] | Range]:
    """(path, values) of `path=a,b,c`, or (path, range) of `path=a..b`. Raises `ScenarioFaults`."""
    path, equals, text = sweep.partition("=")
    span = range_of(text) if ".." in text else None
    values = [value.strip() for value in text.split(",")]
    different = {parted(value) or value for value in values}  # 6 and 6.0 are one
    listed = ".." not in text and len(values) > 1 and all(values) and len(different) == len(values)
    if not equals or not path.strip() or not (span or listed):
        message = (
            "must be path=value,value,... with two or more different values, such as workforce.planned_load=70%,80%,90%, "
            "or path=lowest..highest, such as workforce.planned_load=70%..100%"
        )
        raise refuse(f"--sweep {sweep}", message)
    return path.strip(), span or values


def sweep_experiment(
    files: list[Path],
    settings: list[str],
    sweeps: list[str],
    overrides: dict[str, Any],
    design: Design = GRID,
    **how: Any,
) -> Experiment:
    """Every point of the design, each with its own baseline, on the same patients.

    how: `replications`, `seed`, `command`, `keep_patients` of the `Experiment`. Raises `ScenarioFaults`.
    """
    given = Given(files, settings, overrides)
    axes = {path: (axis, sweep) for sweep in sweeps for path, axis in [axis_of(sweep)]}
    if len(axes) < len(sweeps):
        raise refuse(f"--sweep {sweeps[-1]}", "two sweeps have the same path")
    for path, (axis, sweep) in axes.items():
        if isinstance(axis, Range):
            axes[path] = legal_range(axis, partial(given.takes, path)), sweep
        elif design.name != "grid":
            raise refuse(
                f"--sweep {sweep}", f"--design {design.name} takes ranges, such as {path}=lowest..highest"
            )
    rows = points_of([axis for axis, _ in axes.values()], design, how["seed"])
    arms, baselines, points = [], {}, {}
    for values in dict.fromkeys(rows):
        point = dict(zip(axes, values))
        at_point = given.arms_at(point, {path: f"--sweep {sweep}" for path, (_, sweep) in axes.items()})
        for arm in at_point:
            points[arm.name] = point
            if arm is not at_point[0]:
                baselines[arm.name] = at_point[0].name
        arms += at_point
    asked = {} if design.name == "grid" else {"option": "sweep", "design": design.name, "rows": rows}
    return Experiment(arms, baselines=baselines, points=points, asked=asked, **how)
