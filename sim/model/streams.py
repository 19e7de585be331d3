"""Random numbers by address, so that two provision models meet the same patients.

A stream is named by (seed; purpose, replication, entity): a Philox key. Inside it a counter
(row, attempt, month) addresses the draws of one referral; nobody else's draws move them.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.random import Generator, Philox, SeedSequence

ARRIVALS, REFERRALS, ATTEMPTS, BREAKDOWNS, IMAGES = 1, 2, 3, 4, 5
OPENING, RETURNS, ORDER, ROSTER, DELIVERIES, BLOCKS, WEAR = 10, 11, 12, 13, 14, 15, 16
DECISIONS = 17
PERSONS, LISTS, CONTRACTS = 18, 19, 20
"""Purposes; a number, once given, is never used for anything else."""

WORDS = 4
"""Philox makes four 64-bit words a counter step; a row of uniforms takes whole steps."""
READER, TRANSFER, DISCREPANCY = range(3)
"""Columns of the uniforms drawn for a referral's images and reports; the fourth is not used yet."""


class Streams:
    """The random numbers of one replication."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed, self.replication = seed, replication
        self._rows: dict[tuple[int, str], RowReader] = {}

    def generator(self, purpose: int, entity: str) -> Generator:
        """A generator for draws whose number is not known beforehand; nobody else's."""
        return Generator(Philox(key=self._key(purpose, entity)))

    def shared(self, purpose: int, entity: str) -> tuple[float, float]:
        """Two uniforms that are the same in every replication."""
        words = (purpose, zlib.crc32(entity.encode()))
        key = SeedSequence(self.seed, spawn_key=words).generate_state(2, np.uint64)
        return tuple(Generator(Philox(key=key)).random(2).tolist())

    def uniforms(
        self, purpose: int, entity: str, rows: int, columns: int, *, month: int = 0, attempt: int = 0
    ) -> np.ndarray:
        """Uniforms on [0, 1), shape (rows, columns); row i is the same however many rows follow.

        Whole counter steps: columns must be a multiple of `WORDS`.
        """
        return self._reader(purpose, entity).read((0, attempt, month, 0), (rows, columns))

    def row(
        self, purpose: int, entity: str, row: int, *, month: int = 0, attempt: int = 0, columns: int = WORDS
    ) -> np.ndarray:
        """The uniforms of row `row` of a table of so many columns, as `uniforms` gives them."""
        counter = row * columns // WORDS, attempt, month, 0
        return self._reader(purpose, entity).read(counter, columns)

    def _reader(self, purpose: int, entity: str) -> RowReader:
        reader = self._rows.get((purpose, entity))
        if reader is None:
            reader = self._rows[purpose, entity] = RowReader(self._key(purpose, entity))
        return reader

    def _key(self, purpose: int, entity: str) -> np.ndarray:
        words = (purpose, self.replication, zlib.crc32(entity.encode()))
        return SeedSequence(self.seed, spawn_key=words).generate_state(2, np.uint64)


class RowReader:
    """Reads a stream at any counter by setting one Philox there, which is cheaper than making one."""

    def __init__(self, key: np.ndarray) -> None:
        self.bits = Philox(key=key)
        self.generator = Generator(self.bits)
        self.start = self.bits.state | {"buffer": (0,) * WORDS, "state": {"key": tuple(key.tolist())}}

    def read(self, counter: tuple[int, int, int, int], shape: int | tuple[int, int]) -> np.ndarray:
        """Uniforms of a shape, row after row, from a counter of four 64-bit words on, the lowest first."""
        self.start["state"]["counter"] = counter
        self.bits.state = self.start
        return self.generator.random(shape)
