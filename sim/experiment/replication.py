"""One replication of one arm: what a worker does.

The engine is imported where it is used, so that the process that only hands out work starts at once.
"""

from __future__ import annotations

import gc
import pickle
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.results.columns import TABLES

if TYPE_CHECKING:
    from sim.model.simulation import World
    from sim.model.tables import Tables
    from sim.provision.contract import Terms

Measured = tuple[dict[tuple[str, str], float], list[dict]]
"""({(measure, group): value}, census rows)."""


def run_replication(scenario: bytes, seed: int, replication: int, keep_in: str | None) -> Measured:
    """Simulate and measure one replication of a pickled `Scenario`.

    keep_in: folder for the four tables as Parquet, or None. Raises `LawBroken`.
    """
    from sim.measures import measure
    from sim.model.simulation import simulate

    world, *known = _worked_out(scenario)
    gc.disable()  # rows are plain numbers in lists: nothing to collect, and looking costs a third
    try:
        tables = simulate(world, seed, replication)
        if keep_in is not None:
            keep_tables(Path(keep_in), tables)
        return measure(tables, world.days, *known)
    finally:
        gc.enable()


@lru_cache(maxsize=8)
def _worked_out(scenario: bytes) -> tuple[World, Terms | None, list[str]]:
    from sim.measures.mechanisms import mechanisms_of
    from sim.provision.contract import terms_of
    from sim.scenario.world import world_of

    read = pickle.loads(scenario)
    world = world_of(read)
    return world, terms_of(read.contract, read.fleet, world.providers), mechanisms_of(read)


def keep_tables(folder: Path, tables: Tables) -> None:
    """Write the four tables of a replication, names in place of codes."""
    import numpy as np
    import pyarrow

    from sim.results.folder import write_table

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
        write_table(folder / f"{name}.parquet", columns)
