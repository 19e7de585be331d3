"""Runs cases: replications in, verdicts out."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from sim.experiment.workers import workers_at
from sim.measures import measure
from sim.model.simulation import simulate
from sim.results.columns import MEASURES
from sim.scenario.world import world_of
from sim.verify.case import Case, Expectation, ReadCase
from sim.verify.judge import CAUGHT, Estimate, Verdict, estimate, z_of
from sim.verify.kept import Kept, Observations, known_by
from sim.verify.observed import QUANTITIES, Observed, Stretch, stretches

Progress = Callable[[int, int], None]
"""Called with (finished, all) replications."""


class TooFew(Exception):
    """There is no interval: a value does not exist, or too seldom."""


def verdicts(
    cases: list[ReadCase], quick: bool, workers: int | None, progress: Progress, folder: Path | None = None
) -> list[Verdict]:
    """Run every case; the same cases give the same verdicts, whatever the workers (default: one a core).

    folder: where each replication is kept when it has finished; what it holds of these cases is not run again.
    Raises `TooFew`, `LawBroken`, `WorkersLost`, and `OSError` where the folder cannot be written.
    """
    chosen = [(number, read) for number, read in enumerate(cases) if read.replications(quick)]
    wanted = [(number, n) for number, read in chosen for n in range(read.replications(quick))]
    kept, marks = Kept(folder), {number: known_by(read) for number, read in chosen}
    found = {(number, n): got for number, n in wanted if (got := kept.get(marks[number], n)) is not None}
    progress(len(found), len(wanted))
    pickled = {number: pickle.dumps((read.arm.scenario, read.case)) for number, read in chosen}
    tasks = [((number, n), (pickled[number], n)) for number, n in wanted if (number, n) not in found]
    with closing(workers_at(workers)) as crew:
        for (number, n), observed in crew.run(observe, tasks):
            kept.keep(marks[number], n, observed)
            found[number, n] = observed
            progress(len(found), len(wanted))
    return [
        verdict
        for number, read in chosen
        for verdict in judged(read, [found[name] for name in sorted(found) if name[0] == number], quick)
    ]


def observe(pickled: bytes, replication: int) -> Observations:
    """One replication of a case."""
    scenario, case = pickle.loads(pickled)
    world = world_of(scenario)
    tables = simulate(world, scenario.experiment.seed, replication)
    observed = Observed(tables, world, float(case.unit or 1.0))
    measured = measure(tables, world.days)[0] if any(e.measure in MEASURES for e in case.expect) else {}
    parts = stretches(world, case.months)
    values = [[value_in(observed, part, one, measured) for one in case.expect] for part in parts]
    controls = [[observed.control(part, name) for name in case.controls] for part in parts]
    return np.array(values, dtype=float), np.array(controls, dtype=float).reshape(len(parts), -1)


def value_in(observed: Observed, part: Stretch, one: Expectation, measured: dict) -> float:
    """What a stretch says of an expectation; nan where it says nothing."""
    if one.measure in MEASURES:
        return measured.get((one.measure, one.group), np.nan)
    return observed.value(part, one.measure, one.group, one.at)


def judged(read: ReadCase, found: list[Observations], quick: bool) -> list[Verdict]:
    """The verdicts of a case."""
    values, controls = (np.concatenate(parts) for parts in zip(*found))
    expected = read.case.expected()
    return [
        verdict(read, number, values[:, number], controls, expected[number], quick)
        for number in range(len(expected))
    ]


def verdict(
    read: ReadCase, number: int, values: np.ndarray, controls: np.ndarray, theory: float, quick: bool
) -> Verdict:
    """The verdict on one expectation. Raises `TooFew`."""
    case, one = read.case, read.case.expect[number]
    try:
        made: Estimate = estimate(values, controls)
    except ValueError as error:
        raise TooFew(f"{read.file}: expect[{number}]: {one.measure} of {one.group}: {error}") from None
    return Verdict(
        case=read.name,
        measure=one.measure,
        group=one.group,
        at=one.at,
        unit=unit_of(case, one),
        theory=theory,
        mean=made.mean,
        lower=made.interval()[0],
        upper=made.interval()[1],
        z=z_of(made.mean, theory, made.error),
        catches=CAUGHT * made.error / abs(theory),
        must_catch=float(case.catches_quick if quick else case.catches),
        stretches=len(values),
        controlled=bool(case.controls),
    )


def unit_of(case: Case, one: Expectation) -> str:
    """The unit of a value."""
    return MEASURES[one.measure].unit if one.measure in MEASURES else QUANTITIES[one.measure].unit
