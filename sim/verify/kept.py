"""Finished replications of cases in a folder: a run that was ended goes on where it was."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from sim.experiment import provenance
from sim.experiment.runner import mark_of
from sim.results.folder import fingerprint, write_text
from sim.verify.case import ReadCase

Observations = tuple[np.ndarray, np.ndarray]
"""(values by stretch and expectation, controls by stretch and control)."""
MAY_CHANGE = {"title", "source", "replications"}
"""Of a case: what no replication depends on."""


def known_by(read: ReadCase) -> str:
    """What kept replications of a case are known by: the case, its resolved scenario, the seed, the code of
    engine and verifier, and the versions of the packages."""
    case = read.case.model_dump(mode="json", exclude=MAY_CHANGE)
    program = provenance.program() | {"verifier": provenance.code_hash("verify")}
    return fingerprint(case, mark_of(read.arm, read.arm.scenario.experiment.seed), program)


class Kept:
    """A folder with a file a replication; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def get(self, mark: str, replication: int) -> Observations | None:
        """What was kept of a replication; None where that is nothing, or unreadable."""
        if self.folder is None:
            return None
        try:
            document = json.loads(self._file(mark, replication).read_text(encoding="utf-8"))
            values, controls = np.array(document["values"]), np.array(document["controls"])
        except (OSError, ValueError, KeyError):
            return None
        return values, controls.reshape(len(values), -1)

    def keep(self, mark: str, replication: int, observed: Observations) -> None:
        """Write a finished replication whole. Raises `OSError`."""
        if self.folder is not None:
            values, controls = observed
            document = {"values": values.tolist(), "controls": controls.tolist()}
            write_text(self._file(mark, replication), json.dumps(document))

    def _file(self, mark: str, replication: int) -> Path:
        return self.folder / mark[:32] / f"{replication:05d}.json"
