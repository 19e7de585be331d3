"""The same job on Dask's own scheduler: the same bits, whoever dies on the way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time

import pytest

from tests.functional.conftest import HOME
from tests.functional.on_dask import HERE, address_in, start, worker
from tests.functional.test_same_bits import numbers

pytest.importorskip("distributed")
MANY = ("--replications", "16")


@pytest.fixture
def scheduler(tmp_path):
    """(address, what it started) of a scheduler; whatever is started with it ends with it."""
    file = tmp_path / "scheduler.json"
    started = [start("scheduler", "--host", HERE, "--port", "0", "--scheduler-file", str(file))]
    yield address_in(file), started
    for process in reversed(started):
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_changes_no_bit(scheduler, run, command, tmp_path):
    address, started = scheduler
    started += [worker(address), worker(address)]
    arguments = command(tmp_path / "cluster", *MANY, "--scheduler", address)
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    folder = tmp_path / "cluster" / "near"
    while len(list(folder.glob(".kept/*/*.json"))) < 5:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    os.kill(started[-1].pid, signal.SIGKILL)
    kept = len(list(folder.glob(".kept/*/*.json")))
    _, said = process.communicate()
    assert (process.returncode, kept < 32) == (0, True), said
    run(tmp_path / "here", *MANY, "--workers", "1")
    assert numbers(folder) == numbers(tmp_path / "here" / "near")


@pytest.mark.slow
def test_a_worker_with_other_code_is_refused_before_anything_is_written(scheduler, run, tmp_path):
    address, started = scheduler
    other = tmp_path / "other"
    shutil.copytree(HOME / "sim", other / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    with open(other / "sim" / "model" / "laws.py", "a") as changed:
        changed.write("# another version\n")
    started.append(worker(address, other))
    (line,) = run(tmp_path / "out", "--scheduler", address, status=2).stderr.splitlines()
    assert "imaging-waits" in line and not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_scheduler_without_workers_is_refused(scheduler, run, tmp_path):
    (line,) = run(tmp_path / "out", "--scheduler", scheduler[0], status=2).stderr.splitlines()
    assert line == f"the scheduler at {scheduler[0]} has no workers" and not (tmp_path / "out").exists()


def test_an_unreachable_scheduler_is_refused_with_its_address_and_nothing_is_written(run, tmp_path):
    (line,) = run(tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9", status=2).stderr.splitlines()
    assert line.startswith("no scheduler answers at tcp://127.0.0.1:9") and not (tmp_path / "out").exists()
