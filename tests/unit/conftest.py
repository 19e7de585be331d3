"""Scenario files of a line or two over the small world, and what the user is told about them."""

from __future__ import annotations

import shutil
from pathlib import Path
from textwrap import dedent

import pytest

from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import read_arms
from tests.world import SMALL


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a file into an empty working folder that holds `small.yaml`; returns its path."""
    monkeypatch.chdir(tmp_path)
    shutil.copy2(SMALL, tmp_path)

    def write(text: str | bytes, name: str = "x.yaml") -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return path

    return write


@pytest.fixture
def faults_of(write):
    """Reads `x.yaml` with such a text, laid over `small.yaml`: the lines that the user sees, if any."""

    def faults_of(text: str | bytes, *settings: str, over: str = "extends: small.yaml\n") -> list[str]:
        path = write(text if isinstance(text, bytes) else over + dedent(text))
        try:
            read_arms([path], list(settings))
        except ScenarioFaults as found:
            return str(found).splitlines()
        return []

    return faults_of
