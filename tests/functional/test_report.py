"""`python -m analysis.report FOLDER`, months later: the same bytes, and nothing asked from outside."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analysis.report import main
from tests.functional.conftest import HOME

MADE = ("summary.csv", "comparison.csv", "report.html", "figures")


def made(folder: Path) -> dict[str, bytes]:
    """What a report makes, by name."""
    files = [folder / name for name in MADE[:3]] + sorted((folder / "figures").iterdir())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


class Page(HTMLParser):
    """Every tag of a page with its attributes, and the alternative text of each figure's picture."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.alternative: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append((tag, given))
        if tag == "figure":
            self.figure = given["id"]
        if tag == "svg" and given.get("role") == "img":
            self.alternative[self.figure] = given.get("aria-label", "")


@pytest.fixture(scope="module")
def page(finished) -> Page:
    return Page((finished[0] / "report.html").read_text(encoding="utf-8"))


def test_a_moved_folder_makes_its_tables_figures_and_report_again_byte_for_byte(finished, tmp_path):
    moved = tmp_path / "elsewhere" / "near"
    shutil.copytree(finished[0], moved)
    for name in MADE[:3]:
        (moved / name).unlink()
    shutil.rmtree(moved / "figures")
    subprocess.run(
        [sys.executable, "-m", "analysis.report", str(moved)], cwd=HOME, check=True, capture_output=True
    )
    assert made(moved) == made(finished[0])


@pytest.mark.parametrize("what", ["missing", "empty", "unfinished", "no tables"])
def test_a_folder_that_cannot_be_reported_is_refused_in_one_line(finished, tmp_path, capsys, what):
    folder = tmp_path / "near"
    if what != "missing":
        folder.mkdir()
    if what in ("unfinished", "no tables"):
        manifest = json.loads((finished[0] / "manifest.json").read_text()) | {"finished": what == "no tables"}
        (folder / "manifest.json").write_text(json.dumps(manifest))
    before = sorted(tmp_path.rglob("*"))
    assert main([str(folder)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1 and str(folder) in said.err
    assert sorted(tmp_path.rglob("*")) == before


def test_the_page_asks_for_nothing_from_outside(finished, page):
    assert not {"script", "link", "iframe", "img", "object", "embed", "base"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            if name.split(":")[-1] in ("src", "href", "srcset", "data", "action", "poster"):
                assert value.startswith(("#", "data:")), f"<{tag} {name}={value!r}>"
    text = (finished[0] / "report.html").read_text(encoding="utf-8")
    assert "@import" not in text
    assert [
        asked
        for asked in re.findall(r"url\(\s*[\"']?([^)\"']*)", text)
        if not asked.startswith(("#", "data:"))
    ] == []


def test_every_figure_has_its_picture_in_words(finished, page):
    figures = {file.stem for file in (finished[0] / "figures").glob("*.svg")}
    assert set(page.alternative) == figures
    assert all(len(words.split()) > 5 for words in page.alternative.values())
    assert "near" in page.alternative["waits_by_place"] and "far" in page.alternative["waits_by_place"]


def test_the_page_says_how_it_was_made(finished):
    text = (finished[0] / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((finished[0] / "manifest.json").read_text())
    for said in (manifest["question"], "python -m analysis.report results/near", *manifest["arms"].values()):
        assert said in text
    assert all(digest[:12] in text for digest in manifest["files"].values())
