"""What a visitor asked of the live engine, and as much of it as is finished."""

from __future__ import annotations

import threading
import time

from analysis.app.remembered import Key, Replication
from sim.experiment.runner import mark_of
from sim.scenario.read import Arm


class Asking:
    """What a visitor asked for, and as much of it as is finished.

    marks: by arm name what its replications are known by. replications: 0 to this less one are wanted of
    every arm. long: marks of arms whose replications take long. tables: with patients asked for, by (arm name, replication) the four tables as Parquet by name.
    """

    def __init__(self, visitor: str, arms: list[Arm], seed: int, replications: int, patients: bool) -> None:
        self.visitor, self.arms, self.seed, self.replications = visitor, arms, seed, replications
        self.patients = patients
        self.marks = {arm.name: mark_of(arm, seed) for arm in arms}
        self.long: set[str] = set()
        self.failure = ""
        self.cancelled = False
        self.tables: dict[tuple[str, int], dict[str, bytes]] = {}
        self.seen = time.monotonic()
        self._found: dict[Key, Replication] = {}
        wanted = ((mark, number) for number in range(replications) for mark in self.marks.values())
        self.missing: dict[Key, None] = dict.fromkeys(wanted)
        self.asked = len(self.missing)
        self._changed = threading.Condition()

    @property
    def done(self) -> int:
        """How many of the `asked` replications, of all arms, are finished."""
        return len(self._found)

    @property
    def settled(self) -> bool:
        """Whether nothing more comes: all is finished, or it failed, or something else was asked."""
        return self.done == self.asked or bool(self.failure) or self.cancelled

    def look(self) -> None:
        """The visitor is still there."""
        self.seen = time.monotonic()

    @property
    def ready(self) -> int:
        """Replications 0 to this less one are finished for every arm, so that arms can be compared in pairs."""
        marks = self.marks.values()
        return next(
            (n for n in range(self.replications) if any((m, n) not in self._found for m in marks)),
            self.replications,
        )

    def replication(self, arm: str, number: int) -> Replication:
        """A finished replication of an arm, by its name. Raises `KeyError` before it is finished."""
        return self._found[self.marks[arm], number]

    def wait(self, seconds: float, until: int | None = None) -> bool:
        """Wait until it is settled, or so many replications are ready; whether it is so in time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self.settled or (until is not None and self.ready >= until), seconds
            )

    def give(self, key: Key, found: Replication, tables: dict[str, bytes]) -> None:
        """One replication has finished."""
        with self._changed:
            self.missing.pop(key, None)
            self._found[key] = found
            if tables:
                named = (name for name, mark in self.marks.items() if mark == key[0])
                self.tables |= {(name, key[1]): tables for name in named}
            self._changed.notify_all()

    def end(self, failure: str = "") -> None:
        """Nothing more will come; without a failure, because something else was asked."""
        with self._changed:
            self.failure, self.cancelled = failure, not failure
            self._changed.notify_all()
