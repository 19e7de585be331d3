"""Finished replications in memory, the last used ones, up to a number of bytes."""

from __future__ import annotations

import json
import sys
import zlib
from collections import OrderedDict
from functools import cached_property
from typing import Any

import numpy as np

MOST_BYTES = 32_000_000
Name = tuple[str, str]
"""(measure, group)."""
Key = tuple[str, int]
"""(mark of the arm, replication), as `sim.experiment.runner.mark_of` has it."""


class Replication:
    """Measures and census of one finished replication, packed.

    names: (measure, group) in the order of a results folder. values: in the same order, each in its
    measure's unit.
    """

    def __init__(self, names: tuple[Name, ...], values: np.ndarray, census: bytes) -> None:
        self.names, self.values, self._census = names, values, census

    @property
    def measured(self) -> dict[Name, float]:
        """{(measure, group): value}."""
        return dict(zip(self.names, self.values.tolist()))

    @property
    def census(self) -> list[dict[str, Any]]:
        """Month ends, as `census.parquet` has them."""
        return json.loads(zlib.decompress(self._census))

    @cached_property
    def bytes(self) -> int:
        """Roughly what it takes in memory; names are shared between replications."""
        return self.values.nbytes + sys.getsizeof(self.names) + len(self._census)


class Remembered:
    """Replications by key; the longest unused are forgotten first. most: bytes of all together."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most, self.bytes = most, 0
        self._kept: OrderedDict[Key, Replication] = OrderedDict()
        self._names: dict[Name, Name] = {}

    def add(self, key: Key, values: dict[Name, float], census: list[dict]) -> Replication:
        """Pack a replication and remember it."""
        names = tuple(self._names.setdefault(name, name) for name in sorted(values))
        packed = np.array([values[name] for name in names], dtype=float)
        made = Replication(names, packed, zlib.compress(json.dumps(census).encode(), level=1))
        if key not in self._kept:
            self.bytes += made.bytes
        self._kept[key] = made
        while self.bytes > self.most and len(self._kept) > 1:
            self.bytes -= self._kept.popitem(last=False)[1].bytes
        return made

    def get(self, key: Key) -> Replication | None:
        """A replication, or None where it was never run or is forgotten."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)
