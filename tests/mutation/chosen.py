"""The tests that ran the lines that a mutant changes, the quickest first: what Cosmic Ray runs for each mutant.

Which tests ran which lines is read from `.coverage` (with a context a test), how long they took from
`durations.txt` (`pytest --durations=0 -vv`); README.md says how both are made.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from coverage import CoverageData

MOST_SECONDS = 120.0
"""Of tests, by the durations measured; what would take longer is left out."""

FIRST = 40
"""So many are tried before the others are looked up: collecting takes longer than most tests."""


def changed_lines() -> dict[str, set[int]]:
    """{file: lines} in which the working tree differs from the last commit, by the numbers before the change."""
    found: dict[str, set[int]] = {}
    file = ""
    for line in subprocess.check_output(["git", "diff", "-U0", "sim"], text=True).splitlines():
        if line.startswith("--- a/"):
            file = line.removeprefix("--- a/")
        elif hunk := re.match(r"@@ -(\d+)(?:,(\d+))?", line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            found.setdefault(file, set()).update(range(first, first + count))
    return found


def tests_of(lines: dict[str, set[int]], data: CoverageData) -> set[str]:
    """Tests that ran one of the lines; where none did, since they run at import, all that ran their file."""
    found: set[str] = set()
    for file, numbers in lines.items():
        contexts = data.contexts_by_lineno(str(Path(file).resolve()))
        of_lines = {one for number in numbers for one in contexts.get(number, ())} - {""}
        of_file = {one for ones in contexts.values() for one in ones} - {""}
        found |= of_lines or of_file
    return {test for name in found if (test := in_file(name))}


def in_file(name: str) -> str:
    """`tests/unit/test_x.py::test_y` of `tests.unit.test_x.test_y`; empty for what is no test of this project."""
    module, _, test = name.rpartition(".")
    file = module.replace(".", "/") + ".py"
    known = "/" not in module and file.startswith("tests/") and Path(file).is_file()
    return f"{file}::{test}" if known else ""


def seconds() -> dict[str, float]:
    """How long each test took with all its parameters and fixtures."""
    found: dict[str, float] = {}
    for line in Path("durations.txt").read_text(encoding="utf-8").splitlines():
        if took := re.match(r"([\d.]+)s (?:call|setup|teardown) +(tests/.+)", line):
            test = took[2].partition("[")[0].strip()
            found[test] = found.get(test, 0.0) + float(took[1])
    return found


def main() -> int:
    """Run the chosen tests until one fails; exit status as pytest's, 0 where no test ran the lines."""
    data = CoverageData(".coverage")
    data.read()
    took = seconds()
    chosen, total = [], 0.0
    for test in sorted(tests_of(changed_lines(), data), key=lambda name: (took.get(name, 0.0), name)):
        total += took.get(test, 0.0)
        if total <= MOST_SECONDS:
            chosen.append(test)
    return next((status for tests in (chosen[:FIRST], chosen[FIRST:]) if tests and (status := run(tests))), 0)


def run(tests: list[str]) -> int:
    """pytest's exit status."""
    return int(
        pytest.main(
            ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "slow or not slow", *tests]
        )
    )


if __name__ == "__main__":
    sys.exit(main())
