"""Run the tests on each mutant of a session that has no result yet: `cosmic-ray exec`, several times as fast.

    python tests/mutation/run.py mutants.sqlite [SECONDS]

Libraries are loaded once; every mutant has a fork of its own, which loads the program with the change and
runs the tests that `chosen.py` names until one fails. The order is random, so that a run ended early has tried a
random sample. Whoever takes longer than SECONDS of a processor (default 60), or six times as long by the clock,
counts as killed.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable

import chosen
import cosmic_ray.plugins
import holidays.countries
import hypothesis.extra.numpy
import pandas
import pydantic
import ruamel.yaml
import scipy.optimize
import scipy.stats
import simpy
import swapped
from cosmic_ray.mutating import mutate_code, use_mutation
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult
from coverage import CoverageData

LOADED_ONCE = (
    holidays.countries, hypothesis.extra.numpy, pandas, pydantic, ruamel.yaml, scipy.optimize, scipy.stats, simpy
)  # fmt: skip
SEED = 1
NO_TEST_RAN = 5


def main(session: str, seconds: str = "60", *anew: str) -> int:
    """Try every mutant without a result; prints one line each."""
    sys.path[0] = os.getcwd()
    data = CoverageData(".coverage")
    data.read()
    took = chosen.seconds()
    files = sorted({test.partition("::")[0] for test in took})
    loaded = None if anew else swapped.Loaded(files, in_a_fork)
    with use_db(session, WorkDB.Mode.open) as known:
        pending = sorted(known.pending_work_items, key=lambda item: item.job_id)
        pending.sort(key=lambda item: str(item.mutations[0]))
        random.Random(SEED).shuffle(pending)
        for number, item in enumerate(pending, 1):
            (spec,) = item.mutations
            tests, swappable = chosen.tests_for(str(spec.module_path), lines_of(spec), data, took)
            started = time.monotonic()
            status, output = tried(spec, tests, int(seconds), loaded if swappable else None)
            killed = status not in (0, NO_TEST_RAN)
            outcome = TestOutcome.KILLED if killed else TestOutcome.SURVIVED
            result = WorkResult(worker_outcome=WorkerOutcome.NORMAL, output=output, test_outcome=outcome)
            known.set_result(item.job_id, result)
            told = f"{spec.module_path}:{spec.start_pos[0]} {spec.operator_name} {spec.occurrence}"
            spent = f"{time.monotonic() - started:.0f} s, {len(tests)} tests"
            print(f"{number} of {len(pending)}: {outcome.value} {told} ({spent})", flush=True)
    return 0


def lines_of(spec: MutationSpec) -> set[int]:
    """The lines that a mutant changes."""
    return set(range(spec.start_pos[0], spec.end_pos[0] + 1))


def tried(
    spec: MutationSpec, tests: list[str], seconds: int, loaded: swapped.Loaded | None
) -> tuple[int, str]:
    """pytest's exit status with the mutant in place, negative where time ran out, and what it printed."""
    operator = cosmic_ray.plugins.get_operator(spec.operator_name)(**spec.operator_args)
    before = spec.module_path.read_text(encoding="utf-8")
    after = mutate_code(before, operator, spec.occurrence)
    found = loaded and loaded.tried(spec.module_path, before, after, tests, seconds)
    if found:
        return found
    with use_mutation(spec.module_path, operator, spec.occurrence):
        return in_a_fork(lambda: None, tests, seconds)


def in_a_fork(prepare: Callable[[], None], tests: list[str], seconds: int) -> tuple[int, str]:
    """Prepare, and run tests until one fails: exit status and what was printed."""
    with tempfile.TemporaryFile() as printed:
        child = os.fork()
        if child == 0:
            os.setpgrp()
            used = int(time.process_time())
            resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, used + seconds))
            os.dup2(printed.fileno(), 1)
            os.dup2(printed.fileno(), 2)
            sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"
            status = 70
            try:
                prepare()
                status = chosen.run_until_one_fails(tests)
            finally:
                sys.stdout.flush()
                os._exit(status)
        status = waited_for(child, time.monotonic() + 6 * seconds)
        printed.seek(0)
        return status, printed.read().decode(errors="replace")


def waited_for(child: int, until: float) -> int:
    """Exit status of a process and what it started, negative where it had to be ended."""
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
