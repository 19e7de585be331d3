"""Random numbers by address, so that two provision models meet the same patients.

A stream is named by (seed; purpose, replication, entity): a Philox key. Inside it a counter
(row, attempt, month) addresses the draws of one referral; nobody else's draws move them.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.random import Generator, Philox, SeedSequence

ARRIVALS, REFERRALS, ATTEMPTS, BREAKDOWNS = 1, 2, 3, 4
"""Purposes; a number, once given, is never used for anything else."""

WORDS = 4
"""Philox makes four 64-bit words a counter step; a row of uniforms takes whole steps."""


class Streams:
    """The random numbers of one replication."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed, self.replication = seed, replication
        self._keys: dict[tuple[int, str], np.ndarray] = {}
        self._rows: dict[tuple[int, str], RowReader] = {}

    def generator(self, purpose: int, entity: str, month: int = 0) -> Generator:
        """A generator for draws whose number is not known beforehand."""
        return Generator(Philox(key=self._key(purpose, entity), counter=[0, 0, month, 0]))

    def uniforms(
        self, purpose: int, entity: str, rows: int, columns: int, *, month: int = 0, attempt: int = 0
    ) -> np.ndarray:
        """Uniforms on [0, 1), shape (rows, columns); row i is the same however many rows follow."""
        width = -(-columns // WORDS) * WORDS
        bits = Philox(key=self._key(purpose, entity), counter=[0, attempt, month, 0])
        return Generator(bits).random((rows, width))[:, :columns]

    def row(self, purpose: int, entity: str, row: int, *, month: int, attempt: int) -> np.ndarray:
        """The first four uniforms of one row, as `uniforms` gives them."""
        reader = self._rows.get((purpose, entity))
        if reader is None:
            reader = self._rows[purpose, entity] = RowReader(self._key(purpose, entity))
        return reader.read(row + (attempt << 64) + (month << 128))

    def _key(self, purpose: int, entity: str) -> np.ndarray:
        known = self._keys.get((purpose, entity))
        if known is None:
            words = (purpose, self.replication, zlib.crc32(entity.encode()))
            known = SeedSequence(self.seed, spawn_key=words).generate_state(2, np.uint64)
            self._keys[purpose, entity] = known
        return known


class RowReader:
    """Reads single rows of a stream: moves one Philox to where they stand."""

    def __init__(self, key: np.ndarray) -> None:
        self.bits = Philox(key=key)
        self.generator = Generator(self.bits)
        self.at = 0

    def read(self, counter: int) -> np.ndarray:
        """The four uniforms at a 256-bit counter."""
        self.bits.advance((counter - self.at) % (1 << 256))
        self.at = counter + 1
        return self.generator.random(WORDS)
