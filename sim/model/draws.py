"""What is drawn about a referral after it came in, at its own address: the same in every provision model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.streams import WORDS

if TYPE_CHECKING:
    from sim.model.simulation import Simulation

TABLES_KEPT = 24
"""Tables are made for all who came in together when the first of them is asked for, and so many kept."""


class Draws:
    """Rows of four uniforms for one purpose."""

    def __init__(self, sim: Simulation, purpose: int) -> None:
        self.sim, self.purpose = sim, purpose
        self.tables: dict[int, list[list[float]]] = {}

    def first(self, number: int) -> list[float]:
        """The first row of a referral."""
        records = self.sim.records
        part = records.part_of(number)
        table = self.tables.get(part)
        if table is None:
            if len(self.tables) >= TABLES_KEPT:
                del self.tables[min(self.tables)]
            table = self.tables[part] = self._table(records.drawn[part]).tolist()
        return table[number - records.first_numbers[part]]

    def row(self, number: int, attempt: int) -> list[float]:
        """The row of one referral's attempt, 0 for the first."""
        if attempt == 0:
            return self.first(number)
        block, index = self.sim.records.address(number)
        entity, month = self.sim.referrals.blocks[block]
        return self.sim.streams.row(self.purpose, entity, index, month=month, attempt=attempt).tolist()

    def _table(self, came: dict[str, np.ndarray]) -> np.ndarray:
        """The first row of each referral that came in together."""
        u = np.empty((len(came["index"]), WORDS))
        for block in np.unique(came["block"]).tolist():
            here = came["block"] == block
            entity, month = self.sim.referrals.blocks[block]
            index = came["index"][here]
            u[here] = self.sim.streams.uniforms(self.purpose, entity, int(index.max()) + 1, WORDS, month=month)[index]
        return u
