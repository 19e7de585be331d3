"""Where a file comes from, and whether scenario files and code are still those that made the results."""

from __future__ import annotations

import hashlib
from pathlib import Path

from analysis.loaded import Results
from sim.results.program import code_hash

SHORT = 12
"""Letters of a hash that are shown."""


def scenario_hash(results: Results) -> str:
    """SHA-256 of the scenarios as they were resolved (`scenario.yaml`)."""
    return sha256(results.path / "scenario.yaml")


def sha256(file: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def line(results: Results) -> str:
    """Command, seed, program with version and commit, and scenario, in one line."""
    made = results.manifest
    commit = f", commit {made['commit'][:SHORT]}" if made.get("commit") else ""
    return (
        f"{made['command']}; seed {made['seed']}; {made['program']} {made['version']}{commit}; "
        f"scenario {scenario_hash(results)[:SHORT]}"
    )


def changed_files(results: Results) -> list[str]:
    """Scenario files that are here and are no longer those that made the results.

    Files are looked for where the run found them, and beside the program; what is not here is not told.
    """
    home = Path(__file__).resolve().parents[1]
    changed = []
    for name, known in results.manifest["files"].items():
        found = next((at for at in (Path(name), home / name) if at.is_file()), None)
        if found is not None and sha256(found) != known:
            changed.append(name)
    return changed


def stale_line(results: Results) -> str:
    """One line that says which scenario files, and whether the code, changed since; empty where nothing has."""
    changed = changed_files(results)
    if results.manifest.get("code") != code_hash():
        changed.append("the code of the program")
    if not changed:
        return ""
    return f"stale: {', '.join(changed)} changed since {results.path.name} was made; run it again for the new numbers"
