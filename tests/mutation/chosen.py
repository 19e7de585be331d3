"""The tests that ran the lines that a mutant changes, the quickest first.

Which tests ran which lines is read from `.coverage` (with a context a test), how long they took from
`durations.txt` (`pytest --durations=0 -vv`); README.md says how both are made.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from coverage import CoverageData

MOST_SECONDS = 120.0
"""Of tests, by the durations measured; what would take longer is left out."""

IN_A_FIXTURE = {"sim/measures": ("tests/unit/test_measures.py", "tests/unit/test_mechanisms.py")}
"""What is run once for a whole file of tests is not known by test: these are tried for a change in such a folder."""

OF_WHAT_IS_LOADED = "tests/unit/test_generated.py::test_a_generated_file_is_what_its_generator_prints"
"""What the classes say, their defaults and limits, stands in generated files: tried for lines that no test runs."""

FIRST = 40
"""So many are tried before the others are looked up: collecting takes longer than most tests."""


def tests_of(file: str, lines: set[int], data: CoverageData) -> tuple[set[str], bool]:
    """(tests that ran one of the lines, whether any did); where none did, since they run at import, all that
    ran their file."""
    contexts = data.contexts_by_lineno(str(Path(file).resolve()))
    of_lines = {one for number in lines for one in contexts.get(number, ())} - {""}
    of_file = {one for ones in contexts.values() for one in ones} - {""}
    return {test for name in of_lines or of_file if (test := in_file(name))}, bool(of_lines)


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


def tests_for(
    file: str, lines: set[int], data: CoverageData, took: dict[str, float]
) -> tuple[list[str], bool]:
    """(tests of the lines, the quickest first, as many as fit into `MOST_SECONDS`; whether they run them)."""
    of_lines, run_by_tests = tests_of(file, lines, data)
    found, total = [], 0.0
    for test in sorted(of_lines, key=lambda name: (took.get(name, 0.0), name)):
        total += took.get(test, 0.0)
        if total <= MOST_SECONDS:
            found.append(test)
    last = [] if run_by_tests else [OF_WHAT_IS_LOADED]
    return [*in_a_fixture(file), *found, *last], run_by_tests


def in_a_fixture(file: str) -> tuple[str, ...]:
    """Files of tests that are tried first for a change in a file."""
    tests = next((tests for folder, tests in IN_A_FIXTURE.items() if file.startswith(folder)), ())
    return tuple(test for test in tests if Path(test).is_file())


def run_until_one_fails(tests: list[str]) -> int:
    """pytest's exit status, 0 where there is no test."""
    parts = (tests[:FIRST], tests[FIRST:])
    return next((status for part in parts if part and (status := run(part))), 0)


def run(tests: list[str]) -> int:
    """pytest's exit status."""
    quiet = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "slow or not slow"]
    return int(pytest.main([*quiet, *tests]))
