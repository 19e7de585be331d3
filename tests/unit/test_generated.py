"""What is generated from the code is as fresh as the code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from sim.scenario import claims
from sim.scenario.document import parse_yaml
from sim.scenario.faults import ScenarioFaults
from tests.unit.test_shipped_scenarios import SOURCES
from tests.world import SMALL

HOME = Path(__file__).parents[2]
EDITOR = jsonschema.Draft202012Validator(
    json.loads((HOME / "scenarios" / "schema.json").read_text(encoding="utf-8"))
)
CLAIMS = jsonschema.Draft202012Validator(
    json.loads((HOME / "scenarios" / "claims_schema.json").read_text(encoding="utf-8"))
)
FILES = [
    SMALL,
    *sorted((HOME / "tests" / "theory" / "scenarios").glob("*.yaml")),
    *sorted(
        file
        for file in (HOME / "scenarios").rglob("*.yaml")
        if file.name not in ("sources.yaml", "claims.yaml")
    ),
]


@pytest.mark.parametrize("module, file", [
    ("sim.scenario.schema", "scenarios/schema.json"),
    ("sim.scenario.claims_schema", "scenarios/claims_schema.json"),
    ("sim.scenario.description", "sim/DESCRIPTION.md"),
    ("sim.results.columns", "results/README.md"),
    ("sim.verify.reference", "tests/theory/reference.csv"),
])  # fmt: skip
def test_a_generated_file_is_what_its_generator_prints(module, file):
    printed = subprocess.run([sys.executable, "-m", module], cwd=HOME, capture_output=True, check=True).stdout
    assert (HOME / file).read_bytes() == printed, f"stale: python -m {module} > {file}"


def as_json(text: str):
    return json.loads(json.dumps(parse_yaml(text), default=str))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_editor_has_nothing_against_a_valid_file(file):
    EDITOR.validate(as_json(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("text", [
    "calendar: {shocks: {pandemic: {from: 2020-04-01, until: 2020-07-01, demand_falls: {MRI: 60 %, CT: null}, capacity_falls: 50 %}}}",
    "demand: {MRI: {per_year: null, per_1000: {default: 88.6 per 1000 people a year, Oxford: null}, growth: -1 % a year}}",
    "demand: {MRI: {priority: {urgent: null}, season: {december: 93 %, may: null}}}",
])  # fmt: skip
def test_the_editor_has_nothing_against_what_may_be_written_and_taken_out(text):
    EDITOR.validate(as_json(text))


@pytest.mark.parametrize("text", [
    "attendance: {missed: 6}",
    "attendance: {missed: 6 per day}",
    "attendance: {mised: 6 %}",
    "attendance: {missed: {value: 6 %, sauce: x}}",
    "fleet: {scanner: {kind: flying}}",
    "fleet: {scanner: {days: [moonday]}}",
    "fleet: {scanner: {opens: 8}}",
    "experiment: {replications: 1}",
    "flet: {}",
    "demand: {MRI: {growth: 4 %}}",
    "demand: {MRI: {season: {jan: 101 %}}}",
    "demand: {MRI: {per_1000: {default: 9 per year}}}",
    "calendar: {shocks: {strike: {capacity_falls: 50}}}",
    "calendar: {shocks: {strike: {capacity_falls: {MRT: 50 %}}}}",
])  # fmt: skip
def test_the_editor_refuses_what_the_program_refuses(text, faults_of):
    assert faults_of(text)
    assert not EDITOR.is_valid(as_json(text))


def test_the_editor_has_nothing_against_the_register_of_claims():
    text = (HOME / "scenarios" / "claims.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=claims_schema.json\n")
    CLAIMS.validate(as_json(text))


@pytest.mark.parametrize("old, new", [
    ("side: against outsourcing", "side: against"),
    ("measure: wait_days_mean", "measure: wait_day_mean"),
    ("expects: higher", "expect: higher"),
    ("source: milton-keynes-2019", ""),
    ("matters: 2 days", "matters: two days"),
    ("second_class_service:", "Second class service:"),
])  # fmt: skip
def test_the_editor_refuses_a_claim_that_the_program_refuses(old, new, tmp_path, monkeypatch):
    text = (HOME / "scenarios" / "claims.yaml").read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    assert not CLAIMS.is_valid(as_json(text))
    monkeypatch.setattr(claims, "sources_near", lambda file: SOURCES)
    (tmp_path / "claims.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioFaults) as found:
        claims.read_claims(tmp_path / "claims.yaml")
    said = str(found.value).splitlines()
    assert any("there is no file" not in line for line in said)
