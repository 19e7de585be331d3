"""One run from the command line: what it prints, which files appear, what stands in them."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pandas as pd
import pyarrow.parquet
import pytest

from sim.results.columns import DM01_BANDS, MEASURES, TABLES
from tests.functional.conftest import HOME, REPLICATIONS
from tests.world import SMALL

VERDICTS = r"(longer|shorter|no difference that matters|not settled)"


def names(table: str) -> list[str]:
    return [column.name for column in TABLES[table]]


def test_the_answer_names_the_places_the_models_and_a_verdict(finished):
    folder, ran = finished
    for place in ("Town", "Village", "everybody"):
        (row,) = re.findall(rf"^ *{place} .*", ran.stdout, re.MULTILINE)
        assert len(re.findall(r"\d \(\S+ to \S+\)", row)) == 3  # two waits and their difference
    (sentence,) = re.findall(rf"^Mean wait for place Village: {VERDICTS}.*", ran.stdout, re.MULTILINE)
    assert re.search(
        r"^Mean wait for place Village: .* under near and .* under far; difference .*95 % interval",
        ran.stdout,
        re.MULTILINE,
    )
    comparison = pd.read_csv(folder / "comparison.csv").set_index(["measure", "group"])
    assert comparison.verdict["wait_days_mean", "place=Village"] == sentence
    assert str(folder) in ran.stdout


def test_a_mobile_in_the_village_saves_the_journey_to_town(finished):
    summary = pd.read_csv(finished[0] / "summary.csv").set_index(["scenario", "measure", "group"])["mean"]
    # 15 minutes by car, twice that for the tenth of households without one
    assert summary["near", "travel_minutes_mean", "place=Village"] == pytest.approx(
        0.9 * 15 + 0.1 * 30, abs=0.5
    )
    assert summary["far", "travel_minutes_mean", "place=Village"] > 40
    assert (
        summary["near", "travel_minutes_mean", "place=Town"]
        == summary["far", "travel_minutes_mean", "place=Town"]
    )


def test_progress_is_told_at_once(finished):
    assert finished[1].stderr.splitlines() == ["0 of 8 replications", "8 of 8 replications"]


def test_every_file_appears_and_no_half_written_one(finished):
    folder = finished[0]
    figures = ("waits_by_place", "list_over_time", "dm01_bands", "wait_against_travel", "where_slots_went")
    expected = {f"figures/{name}.{kind}" for name in figures for kind in ("svg", "png", "csv")}
    expected |= {"manifest.json", "scenario.yaml", "summary.csv", "comparison.csv"}
    expected |= {"replications.parquet", "census.parquet", "report.html", "ro-crate-metadata.json"}
    found = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    assert {name for name in found if not name.startswith("patients/")} == expected


@pytest.mark.parametrize("table", ["summary.csv", "comparison.csv"])
def test_a_table_has_the_columns_that_are_declared(finished, table):
    rows = pd.read_csv(finished[0] / table)
    assert list(rows.columns) == names(table)
    assert set(rows.measure) <= set(MEASURES)
    assert all(MEASURES[m].unit == u for m, u in zip(rows.measure, rows.unit))
    assert ((rows.lower <= rows.upper) | rows.lower.isna()).all()
    assert not rows.duplicated(["scenario", "measure", "group"]).any()


def test_replications_and_census_have_the_columns_that_are_declared(finished):
    for table in ("replications.parquet", "census.parquet"):
        rows = pyarrow.parquet.read_table(finished[0] / table).to_pandas()
        assert list(rows.columns) == names(table)
        assert set(rows.replication) == set(range(REPLICATIONS))
        assert set(rows.scenario) == {"far", "near"}
    assert len(rows) == 2 * REPLICATIONS * 12
    assert (rows[list(DM01_BANDS)].sum(axis=1) == rows["Total WL"]).all()


def test_the_manifest_says_what_made_the_folder(finished, near):
    manifest = json.loads((finished[0] / "manifest.json").read_text())
    assert (manifest["finished"], manifest["seed"], manifest["replications"]) == (True, 1, REPLICATIONS)
    assert list(manifest["arms"]) == ["far", "near"]
    assert manifest["command"].startswith("python run.py ") and str(near) in manifest["command"]
    assert {str(near), str(near.with_name("far.yaml"))} <= set(manifest["files"])


# ---- what is kept of the patients


@pytest.mark.parametrize("table", ["referrals", "appointments", "sessions", "decisions"])
def test_kept_patients_have_the_columns_that_are_declared_with_names_in_place_of_codes(finished, table):
    declared = TABLES[f"patients/<scenario>/<replication>/{table}.parquet"]
    files = sorted((finished[0] / "patients").glob(f"*/*/{table}.parquet"))
    assert len(files) == 2 * REPLICATIONS
    for file in files:
        rows = pyarrow.parquet.read_table(file).to_pandas()
        assert sorted(rows.columns) == sorted(column.name for column in declared)
        for column in declared:
            if column.unit == "name":
                assert all(isinstance(name, str) for name in rows[column.name].dropna().unique()), column.name


def test_the_kept_patients_are_those_that_the_measures_counted(finished):
    folder = finished[0]
    rows = (
        pd.read_parquet(folder / "replications.parquet")
        .set_index(["scenario", "replication", "measure", "group"])
        .value
    )
    for scenario, sites in (("far", {"Hospital"}), ("near", {"Hospital", "Clinic"})):
        kept = pd.read_parquet(folder / "patients" / scenario / "00000" / "referrals.parquet")
        scanned = kept[kept.outcome == "scanned"]
        assert set(kept.outcome) <= {"scanned", "waiting"} and set(kept.place) == {"Town", "Village"}
        assert set(scanned.site) == sites and kept[kept.outcome == "waiting"].site.isna().all()
        assert rows[scenario, 0, "scans", "all"] == len(scanned)
        assert rows[scenario, 0, "wait_days_mean", "all"] == pytest.approx(
            (scanned.scanned - scanned.clock_start).mean()
        )


# ---- sweeps


def test_a_sweep_writes_every_measure_at_every_value_and_agrees_with_a_single_run(finished, run, tmp_path):
    ran = run(tmp_path, "--sweep", "fleet.scanner.slots_per_day=10 per day,20 per day", "--workers", "2")
    folder = tmp_path / "near,sweep=fleet.scanner.slots_per_day"
    table = pd.read_csv(folder / "sweep.csv")
    path = "fleet.scanner.slots_per_day"
    assert list(table.columns) == [path if name == "<path>" else name for name in names("sweep.csv")]
    assert not table.duplicated(["scenario", path, "measure", "group"]).any()
    assert set(zip(table.scenario, table[path])) == {
        (s, v) for s in ("far", "near") for v in ("10 per day", "20 per day")
    }
    assert table[table.scenario == "far"][["difference", "verdict"]].isna().all(axis=None)
    assert table[table.scenario == "near"].verdict.dropna().str.endswith("(exploratory)").all()
    assert (folder / "figures" / "sweep.svg").is_file() and "20 per day" in ran.stdout
    keys = ["scenario", "measure", "group"]
    alone = pd.read_csv(finished[0] / "summary.csv").set_index(keys)
    swept = table[table[path] == "10 per day"].set_index(keys)
    pd.testing.assert_frame_equal(
        swept[["mean", "lower", "upper"]], alone[["mean", "lower", "upper"]], check_like=True
    )


# ---- wrong input


def test_wrong_input_ends_with_status_2_every_fault_on_a_line_and_nothing_written(tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        f"extends: {SMALL}\nattendance: {{missed: 6}}\nfleet:\n  scanner: {{site: Hospitel, slot_per_day: 9 per day}}\n"
    )
    arguments = ["wrong.yaml", "gone.yaml", "--set", "booking.hold_back=3", "--out", "out"]
    ran = subprocess.run(
        [sys.executable, str(HOME / "run.py"), *arguments], capture_output=True, text=True, cwd=tmp_path
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert [line.split(": ")[:2] for line in ran.stderr.splitlines()] == [
        ["--set booking.hold_back=3", "booking.hold_back"],
        ["gone.yaml", "cannot be read"],
        ["wrong.yaml:2:14", "attendance.missed"],
        ["wrong.yaml:4:13", "fleet.scanner.site"],
        ["wrong.yaml:4:29", "fleet.scanner.slot_per_day"],
    ]
    assert [file.name for file in tmp_path.iterdir()] == ["wrong.yaml"]


@pytest.mark.slow
def test_the_question_of_the_readme_is_answered_for_every_place(tmp_path):
    arguments = ["scenarios/outsourced.yaml", "--replications", "3", "--years", "1", "--out", str(tmp_path)]
    ran = subprocess.run(
        [sys.executable, "run.py", *arguments], cwd=HOME, capture_output=True, text=True, check=True
    )
    for place in ("Oxford", "Milton Keynes", "Swindon", "Reading", "Banbury", "Aylesbury", "High Wycombe"):
        assert re.search(rf"^ *{place} .*\d", ran.stdout, re.MULTILINE)
    assert re.search(rf"^Mean wait for place Milton Keynes: {VERDICTS}", ran.stdout, re.MULTILINE)
    assert (tmp_path / "outsourced" / "report.html").is_file()
