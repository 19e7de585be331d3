"""The claims register from the command line, on two little provision models."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from analysis.claims import main
from sim.results.columns import TABLES
from tests.functional.conftest import FAR, NEAR

FEW = "demand: {MRI: {per_year: 800 per year}}\nfleet: {scanner: {slots_per_day: 4 per day}}\n"
"""So few that a year takes no time."""
COMMON = "scenario: near.yaml, baseline: far.yaml, group: place=Village, source: somebody, supported_if: a, not_supported_if: b"
SLOTS = "{path: fleet.van.slots_per_day, range: [1 per day, 8 per day]}"
REGISTER = f"""
nearer: {{side: for outsourcing, says: journeys are shorter, {COMMON}, measure: travel_minutes_mean, expects: lower, matters: 5 minutes, hangs_on: [{SLOTS}]}}
further: {{side: against outsourcing, says: journeys are longer, {COMMON}, measure: travel_minutes_mean, expects: higher, matters: 5 minutes, hangs_on: [{SLOTS}]}}
slower: {{side: against outsourcing, says: the village's people wait longer & suffer, {COMMON}, measure: wait_days_mean, expects: higher, matters: 5 days, hangs_on: [{SLOTS}, {{path: eligibility.choice, range: [nearest, soonest]}}]}}
"""


def typed(folder: Path, out: Path, *words: str) -> tuple[int, str, str]:
    """(status, printed, complained) of `python -m analysis.claims` with such words."""
    short = ["--register", str(folder / "claims.yaml"), "--out", str(out), "--workers", "1", "--quiet"]
    printed, complained = StringIO(), StringIO()
    with redirect_stdout(printed), redirect_stderr(complained):
        status = main([*short, *words])
    return status, printed.getvalue(), complained.getvalue()


def files(out: Path) -> dict[Path, bytes]:
    """Everything that is written."""
    return {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with both models, a source and the register."""
    folder = tmp_path_factory.mktemp("scenarios")
    for name, text in {"far": FAR + FEW, "near": NEAR, "claims": REGISTER}.items():
        (folder / f"{name}.yaml").write_text(text)
    (folder / "sources.yaml").write_text(
        "somebody: {title: t, publisher: p, date: d, link: 'https://example.org/'}"
    )
    return folder


@pytest.fixture(scope="module")
def judged(folder, tmp_path_factory):
    """(results, table, printed) of all three claims, five replications of a year."""
    out = tmp_path_factory.mktemp("claims")
    status, printed, complained = typed(folder, out, "--years", "1", "--replications", "5")
    assert (status, complained) == (0, "")
    return out, pd.read_csv(out / "claims.csv").set_index("claim"), printed


@pytest.mark.slow
def test_a_van_in_the_village_is_nearer_whatever_its_slots(judged):
    """Everybody in the village goes to the van: the one side is right, the other is not, by the same number."""
    _, table, _ = judged
    assert list(table.verdict) == ["supported", "not supported", "depends"]
    assert table.difference["nearer"] == table.difference["further"] < -5
    assert table.better_somewhere["nearer"] == "near"


@pytest.mark.slow
def test_whether_it_is_slower_depends_on_its_slots_and_the_table_says_where_it_tips(judged):
    """With one slot a day on two days a week the van cannot scan the village; with eight it can."""
    _, table, printed = judged
    row = table.loc["slower"]
    assert (row.hangs_on, row.low, row.high) == ("fleet.van.slots_per_day", "1 per day", "8 per day")
    assert row.lower_at_low > 5 > row.upper_at_high
    assert row.tip == "tips" and 1 < row.tip_lower <= row.tip_value <= row.tip_upper < 8
    assert "tips at fleet.van.slots_per_day" in printed
    assert "Against outsourcing, 2 claims: 1 not supported, 1 depends." in printed


@pytest.mark.slow
def test_the_table_has_the_columns_that_are_said_and_the_page_asks_for_nothing_from_outside(judged):
    out, table, _ = judged
    assert ["claim", *table.columns] == [column.name for column in TABLES["claims.csv"]]
    page = (out / "claims.html").read_text()
    assert all(
        word in page
        for word in (
            "people wait longer &amp; suffer",
            "Depends on fleet.van.slots_per_day",
            '<h3 id="slower">',
        )
    )
    assert "<script" not in page and "<link" not in page and "src=" not in page


@pytest.mark.slow
def test_the_page_as_text_says_of_each_claim_what_the_table_says(judged):
    out, table, _ = judged
    lines = (out / "claims.md").read_text().splitlines()
    for name, row in table.iterrows():
        assert any(line.startswith(f"| [{name}](#{name}) | {row.side} | {row.verdict} | ") for line in lines)
        assert f"> {row.says}" in lines[lines.index(f"## {name}") :]
    assert not any("&amp;" in line or "&#39;" in line for line in lines)


@pytest.mark.slow
def test_reading_again_runs_nothing_and_gives_the_same(judged, folder):
    out, _, printed = judged
    before = files(out)
    states = {path: path.stat().st_mtime_ns for path in out.glob("*/*")}
    status, again, _ = typed(folder, out, "--read-only")
    assert (status, again) == (0, printed)
    assert files(out) == before
    assert {path: path.stat().st_mtime_ns for path in out.glob("*/*")} == states


@pytest.mark.slow
def test_one_claim_alone_gives_the_same_numbers_and_the_others_are_said_not_to_be_run(
    judged, folder, tmp_path
):
    _, table, _ = judged
    assert typed(folder, tmp_path, "slower", "--years", "1", "--replications", "5")[0] == 0
    alone = pd.read_csv(tmp_path / "claims.csv").set_index("claim")
    assert list(alone.verdict) == ["not run", "not run", "depends"]
    pd.testing.assert_series_equal(alone.loc["slower"], table.loc["slower"], check_dtype=False)


@pytest.mark.slow
def test_what_one_claim_has_run_is_not_run_again_for_another(folder, tmp_path, monkeypatch):
    """Both claims about journeys need the same replications."""
    short = ("--years", "1", "--replications", "2")
    assert typed(folder, tmp_path, "nearer", *short)[0] == 0
    monkeypatch.setattr("sim.experiment.runner.run_replication", None)
    assert typed(folder, tmp_path, "further", *short)[0] == 0
    tables = [(tmp_path / name / "summary.csv").read_text() for name in ("nearer", "further")]
    assert tables[0] == tables[1]


@pytest.mark.slow
def test_a_claim_whose_words_have_changed_counts_as_not_run(judged, folder, tmp_path):
    out, _, _ = judged
    changed = tmp_path / "claims.yaml"
    for name in ("far", "near", "sources"):
        (tmp_path / f"{name}.yaml").write_text((folder / f"{name}.yaml").read_text())
    changed.write_text(REGISTER.replace("matters: 5 days", "matters: 6 days"))
    other = tmp_path / "out"
    other.mkdir()
    for name in ("nearer", "further", "slower"):
        (other / name).symlink_to(out / name)
    assert typed(tmp_path, other, "--read-only")[0] == 0
    assert list(pd.read_csv(other / "claims.csv").verdict) == ["supported", "not supported", "not run"]


@pytest.mark.slow
def test_a_tipping_point_is_looked_for_where_it_is_asked(folder, tmp_path):
    assert typed(folder, tmp_path, "nearer", "--years", "1", "--replications", "2", "--tip")[0] == 0
    row = pd.read_csv(tmp_path / "claims.csv").set_index("claim").loc["nearer"]
    assert row.tip == "does not tip"
    assert len(json.loads((tmp_path / "nearer" / "manifest.json").read_text())["asked"]["tip"]["points"]) == 6


def test_a_claim_that_is_not_there_is_refused_with_the_nearest_and_nothing_is_written(folder, tmp_path):
    status, _, complained = typed(folder, tmp_path / "out", "neerer", "slower")
    assert status == 2
    assert (
        complained
        == "neerer: is no claim of claims.yaml; did you mean 'nearer'? (legal: nearer, further, slower)\n"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_folder_of_other_years_is_not_written_over(judged, folder):
    out, _, _ = judged
    before = files(out)
    status, _, complained = typed(folder, out, "nearer", "--years", "2")
    assert status == 2 and "holds another experiment" in complained
    assert files(out) == before
