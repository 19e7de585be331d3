"""What made a results folder: version, code, commit, files, packages."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import sim

PACKAGES = (
    "simpy",
    "numpy",
    "scipy",
    "pandas",
    "seaborn",
    "matplotlib",
    "pyarrow",
    "pydantic",
    "ruamel.yaml",
)
DECIDE_THE_BITS = ("simpy", "numpy", "scipy", "pydantic", "holidays")
HOME = Path(sim.__file__).resolve().parent


class AnotherProgram(Exception):
    """A worker runs other code, or other versions of a package, than the process that asks it."""


@lru_cache
def code_hash() -> str:
    """A hash of every module that a replication's numbers depend on."""
    digest = hashlib.sha256()
    for part in ("model", "provision", "scenario", "measures"):
        for file in sorted((HOME / part).rglob("*.py")):
            digest.update(file.relative_to(HOME).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


@lru_cache
def program() -> dict[str, str]:
    """What a replication's bits depend on beside scenario and seed: our code and some packages."""
    return {"imaging-waits": code_hash()[:12]} | {name: metadata.version(name) for name in DECIDE_THE_BITS}


def check_same(asked: dict[str, str]) -> None:
    """Raise `AnotherProgram` unless this process runs the program that is asked for."""
    other = [
        f"{name} {version}, not {asked.get(name)}"
        for name, version in program().items()
        if version != asked.get(name)
    ]
    if other:
        raise AnotherProgram(f"{platform.node()} has {'; '.join(other)}: give it the same files and packages")


@lru_cache
def commit() -> str | None:
    """The commit of the program's own checkout; None outside one."""
    try:
        found = subprocess.run(
            ["git", "-C", str(HOME), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None


@lru_cache
def package_versions() -> dict[str, str]:
    """Versions of the packages that numbers and pictures depend on."""
    return {name: metadata.version(name) for name in PACKAGES}


def file_hashes(files: list[Path]) -> dict[str, str]:
    """SHA-256 of each scenario file, by its name as the user would write it."""
    from sim.scenario.document import shown

    return {shown(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
