"""Same files, seed and version: the same numbers to the last bit, whatever happened on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pyarrow.parquet
import pytest

from tests.functional.conftest import REPLICATIONS


def numbers(folder: Path) -> dict[str, object]:
    """Every CSV as bytes and every table of replications by name."""
    csv = {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*.csv"))}
    parquet = {
        name: pyarrow.parquet.read_table(folder / name) for name in ("replications.parquet", "census.parquet")
    }
    return csv | parquet


def everything(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {
        file: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.rglob("*") if file.is_file()
    }


def stop(arguments: list[str], folder: Path, how: signal.Signals) -> subprocess.Popen:
    """Start a run and send it and its workers a signal once a replication is kept and before all are."""
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not list(folder.glob(".kept/*/*.json")):
        assert process.poll() is None, "it ended before it could be stopped"
        time.sleep(0.005)
    os.killpg(process.pid, how)
    process.wait()
    return process


@pytest.mark.slow
def test_one_worker_gives_what_two_give_quietly_too(finished, run, tmp_path):
    assert run(tmp_path, "--workers", "1", "--quiet").stderr == ""
    assert numbers(tmp_path / "near") == numbers(finished[0])


@pytest.mark.slow
def test_after_a_kill_the_same_command_continues_to_the_same_numbers(finished, run, command, tmp_path):
    folder = tmp_path / "near"
    process = stop(command(tmp_path, "--workers", "2"), folder, signal.SIGKILL)
    kept = list(folder.glob(".kept/*/*.json"))
    assert process.returncode == -signal.SIGKILL
    assert 0 < len(kept) < 2 * REPLICATIONS
    assert not json.loads((folder / "manifest.json").read_text())["finished"]
    said = run(tmp_path, "--workers", "2").stderr.splitlines()
    assert said[0] == f"{len(kept)} of {2 * REPLICATIONS} replications"
    assert numbers(folder) == numbers(finished[0])


NOBODY_KNOWS = "attendance.missed={value: 5 %, assumption: nobody counted, range: [0 %, 20 %]}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked", [["--precision", "40%"], ["--replications", "3", "--uncertain", "--set", NOBODY_KNOWS]]
)
def test_whatever_is_asked_a_kill_changes_no_bit(command, tmp_path, asked):
    def words(out: str, workers: str) -> list[str]:
        typed = command(tmp_path / out, "--workers", workers)
        at = typed.index("--replications")
        return [*typed[:at], *typed[at + 2 :], *asked]

    subprocess.run(words("undisturbed", "1"), check=True, capture_output=True)
    (undisturbed,) = (tmp_path / "undisturbed").iterdir()
    folder = tmp_path / "killed" / undisturbed.name
    stop(words("killed", "2"), folder, signal.SIGKILL)
    subprocess.run(words("killed", "2"), check=True, capture_output=True)
    assert numbers(folder) == numbers(undisturbed)
    manifests = [json.loads((one / "manifest.json").read_text()) for one in (folder, undisturbed)]
    for said in ("replications", "precision", "uncertain"):
        assert manifests[0][said] == manifests[1][said]


def test_ctrl_c_says_that_the_same_command_continues(command, tmp_path):
    process = stop(command(tmp_path, "--workers", "1", "--quiet"), tmp_path / "near", signal.SIGINT)
    assert (process.returncode, process.stderr.read()) == (130, "interrupted; the same command continues\n")


@pytest.mark.slow
def test_more_replications_continue_and_begin_with_the_fewer(finished, run, tmp_path):
    shutil.copytree(finished[0], tmp_path / "near")
    said = run(tmp_path, "--replications", str(REPLICATIONS + 2)).stderr.splitlines()
    assert said[0] == f"{2 * REPLICATIONS} of {2 * REPLICATIONS + 4} replications"
    for table in ("replications.parquet", "census.parquet"):
        fewer, more = (
            pyarrow.parquet.read_table(folder / table).to_pandas()
            for folder in (finished[0], tmp_path / "near")
        )
        assert set(more.replication) == set(range(REPLICATIONS + 2))
        assert more[more.replication < REPLICATIONS].reset_index(drop=True).equals(fewer)


@pytest.mark.slow
def test_another_experiment_is_not_written_over_unless_fresh(finished, run, tmp_path):
    shutil.copytree(finished[0], tmp_path / "near")
    before = everything(tmp_path / "near")
    refused = run(tmp_path, "--seed", "2", status=2)
    assert refused.stdout == "" and len(refused.stderr.splitlines()) == 1
    assert str(tmp_path / "near") in refused.stderr and "--fresh" in refused.stderr
    assert everything(tmp_path / "near") == before
    run(tmp_path, "--seed", "2", "--fresh", "--replications", "2")
    assert json.loads((tmp_path / "near" / "manifest.json").read_text())["seed"] == 2
    assert not (tmp_path / "near" / "patients").exists()
    assert numbers(tmp_path / "near")["census.parquet"] != numbers(finished[0])["census.parquet"]


def test_a_folder_with_something_else_in_it_is_left_alone(run, tmp_path):
    (tmp_path / "near").mkdir()
    (tmp_path / "near" / "thesis.txt").write_text("three years of work")
    before = everything(tmp_path)
    run(tmp_path, status=2)
    assert everything(tmp_path) == before
