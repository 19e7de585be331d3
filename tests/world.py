"""Small worlds for tests: a dictionary laid over `tests/small.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.model.simulation import Simulation, World, simulate
from sim.model.tables import Tables
from sim.scenario.document import Document, lay_over, read_document
from sim.scenario.read import validate
from sim.scenario.world import world_of

SMALL = Path(__file__).parent / "small.yaml"


def world(changes: dict[str, Any] | None = None) -> World:
    """The small world with some values changed; `{"a": {"b": "1 day"}}` merges as `extends` does."""
    document = read_document(SMALL)
    lay_over(document, Document(tree=changes or {}, files=[SMALL]))
    return world_of(validate(document, SMALL))


def tables(changes: dict[str, Any] | None = None, seed: int = 1, replication: int = 0) -> Tables:
    """One replication of the small world."""
    return simulate(world(changes), seed, replication)


def simulation(changes: dict[str, Any] | None = None, seed: int = 1, replication: int = 0) -> Simulation:
    """The small world before its clock runs."""
    return Simulation(world(changes), seed, replication)
