"""The command line as a user types it, on two little provision models."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.world import SMALL

HOME = Path(__file__).parents[2]
FAR = f"""\
title: everybody goes to town
question: Who would wait longer, and who would travel further?
extends: {SMALL}
places:
  Village: {{population: 50000 people, households_without_car: 10 %, latitude: 52.0 degrees, longitude: -1.0 degrees}}
sites:
  Clinic: {{place: Village, latitude: 52.0 degrees, longitude: -1.0 degrees}}
headline: {{group: place=Village}}
"""
NEAR = """\
title: a mobile comes to the village
extends: far.yaml
compare_with: far.yaml
fleet:
  van: {kind: mobile, modality: MRI, provider: Company, site: Clinic, visits: [tuesday, friday], opens: 08:00, closes: 18:00, slots_per_day: 8 per day}
reporting: {radiologists: {reports_for: [Trust, Company]}}
"""
REPLICATIONS = 4


@pytest.fixture(scope="session")
def near(tmp_path_factory) -> Path:
    """A scenario file, `near.yaml`, which is compared with the `far.yaml` beside it."""
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "far.yaml").write_text(FAR)
    (folder / "near.yaml").write_text(NEAR)
    return folder / "near.yaml"


@pytest.fixture(scope="session")
def command(near) -> Callable[..., list[str]]:
    """The words of `python run.py near.yaml`, a year, four replications, results under `out`."""

    def command(out: Path, *options: str) -> list[str]:
        short = ["--years", "1", "--replications", str(REPLICATIONS), "--out", str(out)]
        return [sys.executable, str(HOME / "run.py"), str(near), *short, *options]

    return command


@pytest.fixture(scope="session")
def run(command) -> Callable[..., subprocess.CompletedProcess]:
    """Runs it; the status must be as said."""

    def run(out: Path, *options: str, status: int = 0) -> subprocess.CompletedProcess:
        ran = subprocess.run(command(out, *options), capture_output=True, text=True)
        assert ran.returncode == status, ran.stderr
        return ran

    return run


@pytest.fixture(scope="session")
def finished(run, tmp_path_factory):
    """(results folder, what was printed) of a run by two workers that kept every patient."""
    out = tmp_path_factory.mktemp("results")
    ran = run(out, "--workers", "2", "--keep-patients")
    return out / "near", ran


@pytest.fixture(scope="session")
def reported(finished, tmp_path_factory) -> Path:
    """A copy of that folder with the full report and its tables as files."""
    from analysis import report, tables

    folder = tmp_path_factory.mktemp("reported") / "near"
    shutil.copytree(finished[0], folder)
    assert report.main([str(folder)]) == 0
    assert tables.main([str(folder)]) == 0
    return folder
