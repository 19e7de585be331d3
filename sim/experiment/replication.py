"""One replication of one arm, or of several that differ in money only: what a worker does.

The engine is imported where it is used, so that the process that only hands out work starts at once.
"""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from sim.experiment.provenance import check_same
from sim.results.columns import TABLES

if TYPE_CHECKING:
    from sim.measures.answers import Count
    from sim.model.simulation import World
    from sim.model.tables import Tables
    from sim.provision.contract import Terms

Measured = tuple[dict[tuple[str, str], float], list[dict], dict[str, bytes]]
"""({(measure, group): value}, census rows, the four tables as Parquet where they are asked for)."""
MOST_SCENARIOS = 32
"""Scenarios that a worker keeps worked out: a fifth to half a megabyte each, and made anew in a fiftieth of a run."""
one_at_a_time = Lock()
"""A process runs one replication at a time, whatever threads a cluster's worker has."""


def run_replication(
    scenarios: tuple[bytes, ...],
    seed: int,
    replication: int,
    keep_patients: bool,
    program: dict[str, str],
    unwanted: Callable[[], bool] | None = None,
) -> list[Measured]:
    """Simulate one replication of pickled `Scenario`s that differ in money only, and measure it for each.

    program: what must run here (`provenance.program`). unwanted: whether it may stop on the way.
    Raises `LawBroken`, `AnotherProgram` or `Stopped`.
    """
    check_same(program)
    with one_at_a_time:
        return _run(scenarios, seed, replication, keep_patients, unwanted)


def _run(
    scenarios: tuple[bytes, ...],
    seed: int,
    replication: int,
    keep_patients: bool,
    unwanted: Callable[[], bool] | None,
) -> list[Measured]:
    from sim.measures import measure, money
    from sim.model.simulation import simulate

    world, terms, acting = _worked_out(scenarios)
    gc.disable()  # rows are plain numbers in lists: nothing to collect, and looking costs a third
    try:
        tables = simulate(world, seed, replication, unwanted)
        values, census = measure(tables, world.days, acting)
        files = as_parquet(tables) if keep_patients else {}
        return [(values | money.measure(tables, world.days, each), census, files) for each in terms]
    finally:
        gc.enable()


@lru_cache(maxsize=MOST_SCENARIOS)
def _worked_out(scenarios: tuple[bytes, ...]) -> tuple[World, list[Terms | None], dict[str, Count]]:
    from sim.measures.mechanisms import mechanisms_of
    from sim.provision.contract import terms_of
    from sim.scenario.world import world_of

    read = [pickle.loads(scenario) for scenario in scenarios]
    world = world_of(read[0])
    terms = [terms_of(each.contract, each.fleet, world.providers) for each in read]
    return world, terms, mechanisms_of(read[0])


def as_parquet(tables: Tables) -> dict[str, bytes]:
    """The four tables of a replication as Parquet files, by name; names in place of codes."""
    import numpy as np
    import pyarrow

    from sim.results.folder import parquet

    files = {}
    for name in ("referrals", "appointments", "sessions", "decisions"):
        columns = {}
        table = getattr(tables, name)
        for column, _, _ in TABLES[f"patients/<scenario>/<replication>/{name}.parquet"]:
            values = table[column]
            labels = tables.labels.get(f"{name}.{column}", tables.labels.get(column))
            if labels is not None:
                missing = np.asarray(values) < 0
                codes = pyarrow.array(np.where(missing, 0, values).astype("int32"), mask=missing)
                values = pyarrow.DictionaryArray.from_arrays(codes, pyarrow.array(labels, pyarrow.string()))
            columns[column] = values
        files[name] = parquet(columns)
    return files
