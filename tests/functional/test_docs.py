"""What the pages tell people to type can be typed."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec

import pytest

import run
from tests.functional.conftest import HOME

PAGES = ("README.md", "scenarios/README.md", "analysis/README.md", "sim/README.md", "results/README.md", "tests/README.md")
TEXTS = {page: (HOME / page).read_text(encoding="utf-8") for page in PAGES}
RUNS = [(page, typed) for page, text in TEXTS.items() for typed in re.findall(r"python run\.py ([^`\n&]+)", text)]


def test_the_readme_shows_the_main_job():
    assert ("README.md", "scenarios/outsourced.yaml") in [(page, typed.strip()) for page, typed in RUNS]


@pytest.mark.parametrize("typed", sorted({typed for _, typed in RUNS}))
def test_every_run_in_the_docs_is_accepted_up_to_the_point_of_running(typed, monkeypatch):
    monkeypatch.chdir(HOME)
    given = run.parser().parse_args(shlex.split(typed))
    assert all(file.is_file() for file in given.files)
    assert len(run.experiment_of(given, shlex.split(typed)).arms) >= 2


def test_every_module_that_the_docs_run_is_there():
    modules = {module for text in TEXTS.values() for module in re.findall(r"python -m ([\w.]+)", text)}
    assert "analysis.report" in modules
    assert [module for module in modules if find_spec(module) is None] == []


def test_every_page_and_file_that_a_page_points_to_is_there():
    links = [
        (page, link) for page, text in TEXTS.items() for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link
    ]
    assert links
    assert [link for page, link in links if not (HOME / page).parent.joinpath(link).exists()] == []
