"""`python -m sim.verify` as a user types it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.experiment import provenance
from sim.verify.__main__ import PUBLISHED, main
from sim.verify.case import read_case
from sim.verify.kept import known_by
from sim.verify.run import verdicts
from tests.world import SMALL

SCENARIO = """\
title: half load
extends: {}
calendar: {{years: 0.5 years}}
demand: {{MRI: {{unscheduled: {{per_year: 52596 per year}}}}}}
""".format(PUBLISHED / "scenarios" / "m_m_1.yaml")
"""Half a patient every five minutes."""


HOME = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Replications are kept under the folder in which the user is."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def case(tmp_path):
    """Writes a case about the scenario above, and returns its file."""
    (tmp_path / "half.yaml").write_text(SCENARIO)

    def write(rest: str, name: str = "mine"):
        file = tmp_path / f"{name}.yaml"
        file.write_text(f"title: mine\nscenario: half.yaml\nunit: 5 minutes\nmonths: 1\n{rest}")
        return file

    return write


RIGHT = """\
replications: {full: 1}
catches: 30 %
expect:
  - {measure: wait_mean, value: 1.0}
  - {measure: share_waiting, value: 0.5}
  - {measure: time_in_system_mean, value: 2.0}
"""


def test_a_case_of_ones_own_passes_where_its_values_are_right(case, capsys, tmp_path):
    """At half load a wait is one scan, half of all wait, and the whole takes two scans."""
    table = tmp_path / "table.json"
    assert main([str(case(RIGHT)), "--json", str(table)]) == 0
    printed = capsys.readouterr().out
    assert printed.count("passes") == 3 and "3 of 3 pass" in printed
    rows = json.loads(table.read_text())
    assert [row["theory"] for row in rows] == [1.0, 0.5, 2.0]
    assert all(
        row["passes"] and row["lower"] < row["theory"] < row["upper"] and row["catches"] <= 0.3
        for row in rows
    )


def test_a_wrong_value_fails_and_so_does_a_run_that_could_not_have_seen_it(case, capsys):
    assert main([str(case(RIGHT.replace("value: 0.5", "value: 0.6")))]) == 1
    assert "FAILS" in capsys.readouterr().out
    assert main([str(case(RIGHT.replace("catches: 30 %", "catches: 0.1 %")))]) == 1
    assert "NO POWER" in capsys.readouterr().out


def test_the_same_verdicts_whatever_the_workers(case):
    read = read_case(case(RIGHT.replace("full: 1", "full: 2")))
    found = [verdicts([read], False, workers, lambda done, of: None) for workers in (1, 2)]
    assert found[0] == found[1]


def test_a_case_may_ask_for_any_measure_of_a_run(tmp_path, capsys):
    """At half load in the small world nobody waits longer than the notice: the value is what it costs."""
    file = tmp_path / "own.yaml"
    file.write_text(
        f"title: own\nscenario: {SMALL}\ncatches: 20 %\n"
        "expect: [{measure: missed_percent, value: 5}, {measure: scans_per_week, group: modality=MRI, value: 35}]\n"
    )
    assert main([str(file), "--workers", "1"]) == 1
    printed = capsys.readouterr().out
    assert "missed_percent" in printed and "FAILS" in printed.splitlines()[1]
    assert "passes" in printed.splitlines()[2]


def test_what_a_run_does_not_give_is_said_and_nothing_is_claimed(tmp_path, capsys):
    file = tmp_path / "own.yaml"
    file.write_text(
        f"title: own\nscenario: {SMALL}\nexpect: [{{measure: wait_days_mean, group: place=Nowhere, value: 5}}]\n"
    )
    assert main([str(file), "--workers", "1"]) == 2
    assert (
        "expect[0]: wait_days_mean of place=Nowhere: does not exist in this scenario"
        in capsys.readouterr().err
    )


def test_a_folder_that_cannot_be_written_is_status_2(case, tmp_path, capsys):
    assert main([str(case(RIGHT)), "--json", str(tmp_path / "no" / "table.json")]) == 2
    assert "cannot write" in capsys.readouterr().err


LONG = RIGHT.replace("full: 1", "full: 6")


def typed(file: Path, *options: str, **how) -> subprocess.Popen:
    """`python -m sim.verify` in a group of processes of its own."""
    words = [sys.executable, "-m", "sim.verify", str(file), "--workers", "2", *options]
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    path = os.environ | {"PYTHONPATH": str(HOME)}
    return subprocess.Popen(words, start_new_session=True, env=path, **piped)


def lines_of(run: subprocess.Popen) -> list[str]:
    """The table as printed; the last line tells the seconds."""
    out, err = run.communicate()
    assert run.returncode == 0, err
    return out.splitlines()[:-1]


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_was_and_prints_the_same_lines(case, tmp_path):
    """Killed with all its processes when some of six replications are kept; those are not run again."""
    file, kept = case(LONG), tmp_path / "kept"
    run = typed(file, "--out", str(kept))
    while len(list(kept.rglob("*.json"))) < 2:
        assert run.poll() is None, run.communicate()[1]
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    before = {one: one.stat().st_mtime_ns for one in kept.rglob("*.json")}
    assert 2 <= len(before) < 6
    continued = lines_of(typed(file, "--out", str(kept), "--json", str(tmp_path / "continued")))
    assert {one: one.stat().st_mtime_ns for one in before} == before
    assert len(list(kept.rglob("*.json"))) == 6
    assert continued == lines_of(
        typed(file, "--out", str(tmp_path / "new"), "--json", str(tmp_path / "whole"))
    )
    assert (tmp_path / "continued").read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize("name, old, new", [
    ("mine.yaml", "months: 1", "months: 2"),
    ("mine.yaml", "value: 2.0", "value: 2.01"),
    ("half.yaml", "years: 0.5", "years: 0.6"),
    ("half.yaml", "title: half load", "experiment: {seed: 9}"),
])  # fmt: skip
def test_nothing_is_taken_over_from_another_case_or_seed(case, tmp_path, name, old, new):
    file = case(RIGHT)
    first = known_by(read_case(file))
    changed = tmp_path / name
    changed.write_text(changed.read_text().replace(old, new))
    assert known_by(read_case(file)) != first


def test_nothing_is_taken_over_from_another_program(case, monkeypatch):
    """Neither from another engine nor from a verifier that looks at the tables in another way."""
    read = read_case(case(RIGHT))
    first, hashed = known_by(read), provenance.code_hash
    monkeypatch.setattr(provenance, "code_hash", lambda *parts: hashed(*parts) + "".join(parts))
    assert known_by(read) != first


def test_more_replications_of_a_case_take_over_those_it_has(case, tmp_path, capsys):
    """A kept replication that cannot be read is run again."""
    assert main([str(case(RIGHT)), "--workers", "1"]) == 0
    (first,) = (tmp_path / "results" / "verify").rglob("*.json")
    before = first.stat().st_mtime_ns
    more = case(RIGHT.replace("full: 1", "full: 2"))
    assert main([str(more), "--workers", "1"]) == 0
    assert first.stat().st_mtime_ns == before and len(list(first.parent.iterdir())) == 2
    whole = first.read_text()
    first.write_text(whole[:50])
    assert main([str(more), "--workers", "1"]) == 0
    assert first.read_text() == whole


def test_a_folder_that_is_a_file_is_status_2(case, tmp_path, capsys):
    (tmp_path / "taken").write_text("")
    assert main([str(case(RIGHT)), "--out", str(tmp_path / "taken")]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_the_quick_set_keeps_nothing(case, tmp_path):
    assert (
        main([str(case(RIGHT.replace("full: 1", "full: 2, quick: 1") + "catches_quick: 30 %\n")), "--quick"])
        == 0
    )
    assert not (tmp_path / "results").exists()
