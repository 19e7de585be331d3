"""`python -m analysis.report FOLDER`, months later: the same bytes, and nothing asked from outside."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from analysis import differences
from analysis.answer import answer
from analysis.figures import FIRST_PAGE
from analysis.figures.__main__ import main as figures
from analysis.loaded import load
from analysis.report import main, write_report
from analysis.runs import UNCERTAIN, sentences
from analysis.tables import main as tables
from analysis.traces import NUMBER, traced
from sim.results.folder import write_rows
from tests.functional.conftest import HOME


def made(folder: Path) -> dict[str, bytes]:
    """Every file that a report makes, by name."""
    kept = {"manifest.json", "scenario.yaml", "replications.parquet", "census.parquet"}
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and "patients" not in file.parts]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files if file.name not in kept}


class Page(HTMLParser):
    """Every tag of a page with its attributes, and the alternative text of each figure's picture."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.alternative: dict[str, str] = {}
        self.stale = ""
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append((tag, given))
        self.inside = given.get("class", "")
        if tag == "figure":
            self.figure = given["id"]
        if tag == "svg" and given.get("role") == "img":
            self.alternative[self.figure] = given.get("aria-label", "")

    def handle_data(self, text):
        if self.inside == "stale":
            self.stale += text


@pytest.fixture(scope="module")
def page(reported) -> Page:
    return Page((reported / "report.html").read_text(encoding="utf-8"))


def changed(folder: Path, **manifest) -> Path:
    """The folder with something else in its manifest."""
    known = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(known | manifest), encoding="utf-8")
    return folder


def test_a_moved_folder_makes_its_report_again_byte_for_byte(reported, tmp_path):
    moved = tmp_path / "elsewhere" / "near"
    shutil.copytree(reported, moved)
    for name in made(moved):
        (moved / name).unlink()
    again = [sys.executable, "-m", "analysis.report", str(moved)]
    subprocess.run(again, cwd=HOME, check=True, capture_output=True)
    assert tables([str(moved)]) == 0
    assert made(moved) == made(reported)


def test_a_run_draws_the_first_page_as_the_report_does(finished, reported):
    first = {name: content for name, content in made(finished[0]).items() if name.startswith("figures/")}
    assert {Path(name).stem for name in first} == set(FIRST_PAGE) - {"published"}
    assert first.items() <= made(reported).items()


def other_columns(folder: Path, name: str, **columns) -> None:
    """The folder with other columns in a table, or other values in them."""
    pd.read_parquet(folder / name).assign(**columns).to_parquet(folder / name)


BROKEN = {
    "missing": lambda folder: shutil.rmtree(folder),
    "empty": lambda folder: [shutil.rmtree(folder), folder.mkdir()],
    "unfinished": lambda folder: changed(folder, finished=False),
    "of another version": lambda folder: changed(folder, version="9.0.0"),
    "of another program": lambda folder: changed(folder, program="Another"),
    "half a manifest": lambda folder: (folder / "manifest.json").write_text(
        '{"program": "Imaging Waits", "ver'
    ),
    "half a table": lambda folder: (folder / "census.parquet").write_bytes(b"PAR1"),
    "a column of other code": lambda folder: other_columns(folder, "census.parquet", Region="North"),
    "a measure of other code": lambda folder: other_columns(folder, "replications.parquet", measure="luck"),
    "no scenario": lambda folder: (folder / "scenario.yaml").unlink(),
    "half a patient": lambda folder: (folder / "patients/near/00000/referrals.parquet").write_bytes(b"PAR1"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_folder_that_cannot_be_reported_is_refused_in_one_line(reported, tmp_path, capsys, how):
    folder = shutil.copytree(reported, tmp_path / "near")
    BROKEN[how](folder)
    assert main([str(folder), "--figures", "svg", "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1 and str(folder) in said.err
    assert not (tmp_path / "out" / "report.html").exists()


def test_scenario_files_that_changed_since_are_told(finished, tmp_path, capsys):
    files = json.loads((finished[0] / "manifest.json").read_text())["files"]
    near = next(name for name in files if name.endswith("near.yaml"))
    folder = changed(shutil.copytree(finished[0], tmp_path / "near"), files=files | {near: "0" * 64})
    assert figures([str(folder), "--only", "where_slots_went"]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("stale: ") and near in line and "far.yaml" not in line
    page = write_report(load(folder), tmp_path, {})
    assert near in Page(page.read_text(encoding="utf-8")).stale


@pytest.mark.parametrize("code", ["0" * 64, None])
def test_a_folder_made_by_other_code_is_told(finished, tmp_path, capsys, code):
    """Also one made before the manifest said which code it was."""
    folder = changed(shutil.copytree(finished[0], tmp_path / "near"), code=code)
    assert figures([str(folder), "--only", "where_slots_went"]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("stale: the code of the program changed since near was made")


def test_scenario_files_that_are_not_here_are_not_told(finished, tmp_path, capsys):
    folder = shutil.copytree(finished[0], tmp_path / "near")
    changed(folder, files={"scenarios/elsewhere.yaml": "0" * 64})
    assert figures([str(folder), "--only", "where_slots_went"]) == 0
    assert capsys.readouterr().err == ""


def test_the_page_asks_for_nothing_from_outside(reported, page):
    assert not {"script", "link", "iframe", "img", "object", "embed", "base"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            if name.split(":")[-1] in ("src", "href", "srcset", "data", "action", "poster"):
                assert value.startswith(("#", "data:")), f"<{tag} {name}={value!r}>"
    text = (reported / "report.html").read_text(encoding="utf-8")
    assert "@import" not in text
    assert [
        asked
        for asked in re.findall(r"url\(\s*[\"']?([^)\"']*)", text)
        if not asked.startswith(("#", "data:"))
    ] == []


def test_every_figure_has_its_picture_in_words(reported, page):
    figures = {file.stem for file in (reported / "figures").glob("*.svg")}
    assert set(page.alternative) == figures
    assert all(len(words.split()) > 5 for words in page.alternative.values())
    assert "near" in page.alternative["waits_by_place"] and "far" in page.alternative["waits_by_place"]


def test_the_page_says_how_it_was_made(reported):
    text = (reported / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((reported / "manifest.json").read_text())
    for said in (manifest["question"], "python -m analysis.report results/near", *manifest["arms"].values()):
        assert said in text
    assert all(digest[:12] in text for digest in manifest["files"].values())


def test_every_file_says_how_it_was_made(reported, tmp_path):
    assert (
        figures(
            [str(reported), "--only", "waits_by_place", "--figures", "PNG,SVG,PDF", "--out", str(tmp_path)]
        )
        == 0
    )
    drawn = sorted((tmp_path / "figures").glob("waits_by_place.[ps]*"))
    tables = [reported / "tables" / f"everybody.{kind}" for kind in ("html", "tex")]
    assert [file.suffix for file in drawn] == [".pdf", ".png", ".svg"]
    for file in (*drawn, *tables, reported / "report.html"):
        text = file.read_bytes()
        assert b"seed 1" in text and b"--replications 4" in text and b"Imaging Waits" in text, file


def test_the_crate_describes_every_file_as_it_is(reported):
    crate = json.loads((reported / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    parts = {entity["@id"]: entity for entity in crate["@graph"]}
    described = {part["@id"] for part in parts["./"]["hasPart"]}
    there = {name for name in made(reported) if name != "ro-crate-metadata.json"}
    assert there | {"manifest.json", "scenario.yaml", "replications.parquet", "census.parquet"} == described
    for name in described:
        assert parts[name]["sha256"] == hashlib.sha256((reported / name).read_bytes()).hexdigest()
    assert "near.yaml" in parts["#run"]["name"] and "seed 1" in parts["#run"]["description"]


def test_what_makes_one_model_another_is_said_in_words(reported):
    results = load(reported)
    said = differences.sentence(results, "near")
    assert "2 of the eight questions" in said and "(fleet)" in said and "(reporting)" in said
    found = {one.path: (one.baseline, one.arm) for one in differences.differences(results, "near")}
    assert found["fleet.van"][0] == "-" and "tuesday, friday" in found["fleet.van"][1]
    assert found["reporting.radiologists.reports_for"] == ("Trust", "Trust, Company")


def value_of(folder: Path, cell: str) -> str:
    """The cell that a trace names, read from the file as it lies there: its text in the CSV."""
    file, _, where = cell.partition(": ")
    *keys, column = where.split(", ")
    table = pd.read_csv(folder / file)
    for key in keys:
        name, _, value = key.partition("=")
        table = table[table[name].astype(str) == value]
    (found,) = table[column]
    return found


def test_every_number_of_the_answer_is_a_cell_that_can_be_looked_up(reported):
    results = load(reported)
    numbers = [
        part for line in answer(results) for part in traced(results, line) if NUMBER.fullmatch(part.text)
    ]
    assert len(numbers) > 10 and [part for part in numbers if not part.cell] == []
    cells = [
        part
        for part in numbers
        if ".csv: " in part.cell and not part.cell.endswith(("month_end", "those made"))
    ]
    assert len(cells) > 6
    for text, cell in cells:
        known = float(value_of(reported, cell))
        shown = float(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))
        assert abs(shown - known) <= max(0.5, 0.01 * abs(known)) and (shown < 0) == (
            known < 0 and shown != 0
        ), cell


def test_the_page_says_of_precision_and_of_unknowns_what_the_screen_says(finished, tmp_path):
    folder = shutil.copytree(finished[0], tmp_path / "near")
    widths = {"near": [0.31, 0.26], "near less far": [None, 0.2]}
    precision = {"asked": "5%", "reached": False, "half_widths": widths}
    uncertain = {"unknowns": 42, "draws": 20, "passed_over": 3, "why": "too short"}
    changed(folder, precision=precision, uncertain=uncertain)
    row = {"scenario": "near", "baseline": "far", "measure": "wait_days_mean", "unit": "days"}
    row |= {
        "group": "place=Village",
        "draws": 20,
        "mean": 3.14,
        "lower": 2.51,
        "upper": 3.72,
        "low": 0.93,
        "high": 7.24,
    }
    write_rows(folder / UNCERTAIN, [*row, "not_knowing_percent"], [row | {"not_knowing_percent": 87.6}])
    results = load(folder)
    lines = sentences(results)
    assert len(lines) == 4
    page = write_report(results, tmp_path, {}).read_text(encoding="utf-8")
    words = re.sub(r"<[^>]+>", "", page)
    assert all(line in words for line in lines)
    parts = [part for line in lines for part in traced(results, line) if NUMBER.fullmatch(part.text)]
    assert len(parts) > 15 and [part for part in parts if not part.cell] == []


def test_a_number_that_no_table_has_has_no_cell(reported):
    results = load(reported)
    (sentence,) = [line for line in answer(results) if line.startswith("Mean wait for place Village")]
    real = results.value("near", "wait_days_mean", "place=Village")["mean"]
    wrong = sentence.replace(f"{real:.2f}", "123.45")
    assert wrong != sentence
    assert [part.cell for part in traced(results, wrong) if part.text == "123.45"] == [""]
