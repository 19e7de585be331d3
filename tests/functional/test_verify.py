"""`python -m sim.verify` as a user types it."""

import json

import pytest

from sim.verify.__main__ import PUBLISHED, main
from sim.verify.case import read_case
from sim.verify.run import verdicts
from tests.world import SMALL

SCENARIO = """\
title: half load
extends: {}
calendar: {{years: 0.5 years}}
demand: {{MRI: {{unscheduled: {{per_year: 52596 per year}}}}}}
""".format(PUBLISHED / "scenarios" / "m_m_1.yaml")
"""Half a patient every five minutes."""


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
    assert "expect[0]: wait_days_mean of place=Nowhere: 0 stretches are too few" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_status_2(case, tmp_path, capsys):
    assert main([str(case(RIGHT)), "--json", str(tmp_path / "no" / "table.json")]) == 2
    assert "cannot write" in capsys.readouterr().err
