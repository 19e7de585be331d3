"""What is drawn about a referral after it came in, at its own address: the same in every provision model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.model.streams import WORDS

if TYPE_CHECKING:
    from sim.model.simulation import Simulation

FEWEST_FOR_A_TABLE = 100
"""Where at least so many came in together, a table is made for all of them when the first is asked for."""
TABLES_KEPT = 150
"""More than are asked for by turns: a year of months and streams."""


class Draws:
    """Rows of four uniforms for one purpose.

    ready: what is done beforehand to the rows of so many referrals, given their modalities.
    """

    def __init__(
        self, sim: Simulation, purpose: int, ready: Callable[[np.ndarray, np.ndarray], None] | None = None
    ) -> None:
        self.sim, self.purpose, self.ready = sim, purpose, ready
        self.tables: dict[int, np.ndarray] = {}

    def first(self, number: int) -> list[float]:
        """The first row of a referral."""
        return self.row(number, 0)

    def row(self, number: int, attempt: int) -> list[float]:
        """The row of one referral's attempt, 0 for the first."""
        records = self.sim.records
        part = records.part_of(number)
        if attempt == 0:
            table = self.tables.get(part)
            if table is None and len(records.drawn[part]["index"]) >= FEWEST_FOR_A_TABLE:
                table = self._make_table(part)
            if table is not None:
                return table[number - records.first_numbers[part]].tolist()
        block, index = records.address(number)
        entity, month = self.sim.door.blocks[block]
        u = self.sim.streams.row(self.purpose, entity, index, month=month, attempt=attempt)
        if self.ready:
            at = number - records.first_numbers[part]
            self.ready(u[None, :], records.drawn[part]["modality"][at : at + 1])
        return u.tolist()

    def _make_table(self, part: int) -> np.ndarray:
        if len(self.tables) >= TABLES_KEPT:
            del self.tables[next(iter(self.tables))]
        self.tables[part] = self.table(self.sim.records.drawn[part])
        return self.tables[part]

    def table(self, came: dict[str, np.ndarray]) -> np.ndarray:
        """The first row of each referral that came in together: (referrals, `WORDS`)."""
        index = came["index"]
        if not len(index):
            return np.empty((0, WORDS))
        first = int(came["block"].min())
        block = came["block"] - first
        rows = np.zeros(int(block.max()) + 1, dtype=int)
        np.maximum.at(rows, block, index + 1)
        begins = np.cumsum(rows) - rows
        u = [self._of_block(first + number, count) for number, count in enumerate(rows.tolist()) if count]
        u = np.concatenate(u)[begins[block] + index]
        if self.ready:
            self.ready(u, came["modality"])
        return u

    def _of_block(self, block: int, rows: int) -> np.ndarray:
        """The first rows of a block, one a referral."""
        entity, month = self.sim.door.blocks[block]
        return self.sim.streams.uniforms(self.purpose, entity, rows, WORDS, month=month)
