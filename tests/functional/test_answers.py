"""Tipping point, capacity needed, decomposition, sampled sweeps and assumptions from the command line."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import run as program
from analysis.report import main as remake
from sim.results.columns import TABLES
from tests.functional.conftest import FAR, HOME, NEAR
from tests.functional.test_same_bits import numbers, stop

FOLDER = {
    "tip": "near,tip=fleet.van.slots_per_day",
    "target": "near,target=wait_days_mean,vary=fleet[MRI].sessions_per_week",
    "decompose": "near,decompose",
    "assumptions": "near,sweep=assumptions",
    "sobol": "near,sweep=fleet.van.slots_per_day",
    "grid": "near,sweep=attendance.missed",
}
OPTIONS = {
    "tip": [
        "--tip",
        "fleet.van.slots_per_day",
        "6 per day..10 per day",
        "--measure",
        "list_size",
        "--group",
        "all",
    ],
    "target": ["--target", "wait_days_mean <= 3.5", "--vary", "fleet[MRI].sessions_per_week"],
    "decompose": ["--decompose"],
    "assumptions": ["--sweep", "assumptions"],
    "sobol": ["--sweep", "fleet.van.slots_per_day=4 per day..12 per day", "--design", "sobol:4"],
    "grid": ["--sweep", "attendance.missed=0%,8%"],
}
TABLE = {
    "tip": "tipping.csv",
    "target": "capacity.csv",
    "decompose": "decomposition.csv",
    "assumptions": "sensitivity.csv",
    "sobol": "sensitivity.csv",
    "grid": "sweep.csv",
}


@pytest.fixture(scope="module")
def words(tmp_path_factory) -> Callable[..., list[str]]:
    """The options of a run of near.yaml for a year, with a number more that has a range."""
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "far.yaml").write_text(FAR)
    (folder / "near.yaml").write_text(NEAR + MISSED)

    def words(out: Path, *options: str) -> list[str]:
        short = ["--years", "1", "--replications", "3", "--out", str(out), "--workers", "1", "--quiet"]
        return [str(folder / "near.yaml"), *short, *options]

    return words


@pytest.fixture(scope="module")
def answered(words, tmp_path_factory):
    """By option, (results folder, table, what was printed); run in this process."""
    out, found = tmp_path_factory.mktemp("answers"), {}

    def answered(name: str) -> tuple[Path, pd.DataFrame, str]:
        if name not in found:
            printed = StringIO()
            with redirect_stdout(printed):
                assert program.main(words(out, *OPTIONS[name])) == 0
            folder = out / FOLDER[name]
            found[name] = folder, pd.read_csv(folder / TABLE[name]), printed.getvalue()
        return found[name]

    return answered


MISSED = """\
attendance: {missed: {value: 4 %, assumption: "a guess", range: [0 %, 8 %]}}
"""


@pytest.mark.parametrize(
    "name", [name if name == "decompose" else pytest.param(name, marks=pytest.mark.slow) for name in OPTIONS]
)
def test_the_table_has_the_columns_that_are_declared(answered, name):
    _, table, _ = answered(name)
    declared = [column.name.replace("<path>", "attendance.missed") for column in TABLES[TABLE[name]]]
    assert list(table.columns) == declared
    assert ((table.lower <= table.upper) | table.lower.isna()).all()


def test_the_parts_sum_to_the_difference_of_every_measure(answered):
    folder, table, printed = answered("decompose")
    keys = ["measure", "group"]
    parts = table[table.part != "whole"].groupby(keys).contribution.sum()
    whole = table[table.part == "whole"].set_index(keys).contribution
    np.testing.assert_allclose(parts.reindex(whole.index), whole, rtol=0, atol=1e-9 * (1 + whole.abs().max()))
    comparison = pd.read_csv(folder / "comparison.csv").set_index(keys).difference
    np.testing.assert_allclose(whole.reindex(comparison.index), comparison, atol=1e-9)
    # near's fleet has a van, its radiologists also report for the company, and more miss
    assert set(table.part) == {"fleet", "reporting", "attendance", "whole"}
    (said,) = [
        line
        for line in printed.splitlines()
        if line.startswith("Mean wait for place Village, near less far: ")
    ]
    assert all(said.count(f"{part} ") == 1 for part in ("fleet", "reporting", "attendance"))


def test_an_answer_that_changes_no_wait_has_no_part_in_it(answered):
    _, table, _ = answered("decompose")
    waits = table[(table.measure == "wait_days_mean") & (table.part == "reporting")]
    assert len(waits) and not waits.contribution.any()


@pytest.mark.slow
def test_the_curve_runs_over_the_range_and_holds_each_paired_difference(answered):
    folder, table, printed = answered("tip")
    points = table[table.kind == "point"].set_index("value").difference
    assert points.index.min() == 6 and points.index.max() == 10 and len(points) >= 6
    rows = pd.read_parquet(folder / "replications.parquet").set_index(["scenario", "measure", "group"]).value
    means = [
        rows[f"{arm},fleet.van.slots_per_day=10 per day", "list_size", "all"].mean()
        for arm in ("near", "far")
    ]
    assert points[10] == pytest.approx(means[0] - means[1])
    assert "of fleet.van.slots_per_day" in printed or "at fleet.van.slots_per_day" in printed


@pytest.mark.slow
def test_where_a_list_of_a_model_that_was_tried_still_grows_its_mean_says_so(words, tmp_path, capsys):
    """Four slots a day are fewer than the five who ask for one."""
    few = ["--tip", "fleet.scanner.slots_per_day", "4 per day..12 per day"]
    assert program.main(words(tmp_path, *few)) == 0
    rows = dict(
        re.findall(r"^ (4|12) per day .*\) (.*)(?:longer|shorter)", printed := capsys.readouterr().out, re.M)
    )
    assert "\N{DAGGER}" in rows["4"] and "\N{DAGGER}" not in rows["12"]
    assert "At fleet.scanner.slots_per_day 4 per day a waiting list is still growing" in printed
    never = ["--target", "list_size <= 1 by 2019-12", "--vary", "attendance.missed"]
    assert program.main(words(tmp_path, *never, "--set", "fleet.scanner.slots_per_day=1 per day")) == 0
    (best,) = re.findall(r"cannot be reached .*Best found: .*", capsys.readouterr().out)
    assert "(waiting list still growing)" in best


@pytest.mark.slow
def test_the_least_sessions_meet_the_target_and_one_fewer_does_not(answered):
    _, table, printed = answered("target")
    near = table[table.scenario == "near"]
    tried = near[near.kind == "tried"].set_index("capacity")
    (needed,) = near[near.kind == "needed"].capacity
    assert tried.met_percent[needed] >= 80 > tried.met_percent[needed - 1]
    assert f"takes {needed:g} sessions a week (now 9 sessions a week" in printed


@pytest.mark.slow
def test_every_assumption_stands_at_both_ends(answered):
    _, table, printed = answered("assumptions")
    assert set(zip(table.kind, table.value)) == {("low", "0 %"), ("high", "8 %")}
    alone = table[(table.scenario == "near") & table.baseline.isna()].set_index("kind").estimate
    assert alone["low"] < 0 < alone["high"]  # the more miss, the longer the wait
    assert "What matters most: attendance.missed" in printed


@pytest.mark.slow
def test_sobol_points_are_swept_with_tables_of_both(answered):
    folder, table, _ = answered("sobol")
    assert set(table.kind) == {"first_order", "total_order"}
    swept = pd.read_csv(folder / "sweep.csv")
    assert swept["fleet.van.slots_per_day"].nunique() == 8  # samples A and B; A with B's only axis is B


@pytest.mark.parametrize(
    "name", ["decompose", *(pytest.param(name, marks=pytest.mark.slow) for name in ("tip", "target"))]
)
def test_the_report_tells_it_and_summary_holds_the_scenarios_as_they_stand(answered, name):
    folder, _, printed = answered(name)
    page = (folder / "report.html").read_text()
    last = [
        line
        for line in printed.splitlines()
        if line.startswith("Mean wait for place Village, near less far: +")
    ]
    assert all(line.split(": ")[0] in page for line in last)
    assert set(pd.read_csv(folder / "summary.csv").scenario) <= {"far", "near"}


def test_the_table_is_made_again_without_simulating(answered, tmp_path):
    folder = shutil.copytree(answered("decompose")[0], tmp_path / "copied")
    before = (folder / "decomposition.csv").read_bytes()
    (folder / "decomposition.csv").unlink()
    assert remake([str(folder), "--figures", "svg"]) == 0
    assert (folder / "decomposition.csv").read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize("name", OPTIONS)
def test_after_a_kill_the_same_command_continues_to_the_same_numbers(answered, words, tmp_path, name):
    folder, arguments = tmp_path / FOLDER[name], words(tmp_path, *OPTIONS[name])
    stop([sys.executable, str(HOME / "run.py"), *arguments], folder, signal.SIGKILL)
    assert not json.loads((folder / "manifest.json").read_text())["finished"]
    assert program.main(arguments) == 0
    assert numbers(folder) == numbers(answered(name)[0])


# ---- wrong input


@pytest.mark.parametrize("options, said", [
    (["--tip", "fleet.van.slot_per_day", "1..2"], "--tip fleet.van.slot_per_day 1..2: fleet.van.slot_per_day: unknown key; did you mean 'slots_per_day'?"),
    (["--tip", "fleet.vam.slots_per_day", "1..2"], "--tip fleet.vam.slots_per_day 1..2: fleet.vam: is in none of the scenarios; did you mean 'fleet.van'?"),
    (["--tip", "fleet.van.slots_per_day", "2-1"], "--tip fleet.van.slots_per_day 2-1: must be a path and a range"),
    (["--tip", "fleet.van.slots_per_day", "9 per day..900 per day"], "fleet.van.slots_per_day: must be at most 500 per day, got 900 per day"),
    (["--target", "wait_days_mean <= 3"], "--target: --target and --vary belong together"),
    (["--target", "wait_days_mean <= 3", "--vary", "fleet.van.slot_per_day"], "--vary fleet.van.slot_per_day: is no number of any of the scenarios; did you mean 'fleet.van.slots_per_day'?"),
    (["--sweep", "fleet.van.slots_per_day=1 per day..", "--design", "lhs"], "--sweep fleet.van.slots_per_day=1 per day..: must be path=value,value,..."),
    (["--sweep", "fleet.van.slots_per_day=1 per day,2 per day", "--design", "lhs"], "--design lhs takes ranges"),
    (["--design", "lhs"], "--design lhs: needs --sweep"),
    (["--decompose", "--sweep", "assumptions"], "--sweep and --decompose: are questions of their own"),
    (["--tip", "fleet.van.slots_per_day", "6 per day..9 per day", "--uncertain"], "--tip and --uncertain: --uncertain draws all assumptions anew"),
    (["--sweep", "fleet.van.slots_per_day=6 per day,6.0 per day"], "two or more different values"),
])  # fmt: skip
def test_a_malformed_question_is_one_line_and_nothing_is_written(words, tmp_path, capsys, options, said):
    out = tmp_path / "out"
    assert program.main(words(out, *options)) == 2
    told = capsys.readouterr()
    (line,) = told.err.splitlines()
    assert told.out == ""
    assert said in line
    assert not out.exists()


@pytest.mark.parametrize("options, said", [
    (["--group", ""], "argument --group: must not be empty"),
    (["--measure", ""], "argument --measure: must not be empty"),
    (["--seed=-1"], "argument --seed: must be a whole number, got '-1'"),
    (["--precision", "5%"], "argument --precision: not allowed with argument --replications"),
    (["--tipp", "a"], "unrecognized arguments: --tipp a"),
])  # fmt: skip
def test_an_option_that_cannot_be_read_is_one_line_and_nothing_is_written(
    words, tmp_path, capsys, options, said
):
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as left:
        program.main(words(out, *options))
    assert left.value.code == 2
    assert capsys.readouterr().err == f"{said}; --help tells the options\n"
    assert not out.exists()
