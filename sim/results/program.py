"""The program's own code, as far as numbers depend on it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]


MAKE_A_REPLICATION = ("model", "provision", "scenario", "measures")


@lru_cache
def code_hash(*more: str) -> str:
    """A hash of every module that a replication's numbers depend on, and of those in `more` parts of `sim`."""
    digest = hashlib.sha256()
    for part in (*MAKE_A_REPLICATION, *more):
        for file in sorted((HOME / part).rglob("*.py")):
            digest.update(file.relative_to(HOME).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
