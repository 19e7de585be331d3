"""Whoever an answer speaks of must be there, or in a scenario beside it: no name is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.document import Document, read_document
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import validate
from tests.unit.test_faults import BOARD, CREW, EVENING, FOURTEEN, HIRE, IF_LONG, SOON
from tests.unit.test_shipped_scenarios import SCENARIOS, TOPS, TRUSTS

TWO = "fleet: {second: {kind: fixed, modality: MRI, provider: Company, site: Hospital, days: [monday], opens: 08:00, closes: 18:00, slots_per_day: 5 per day}}"
SPOKEN = [
    ("eligibility: {takes: {scaner: {priority: [urgent]}}}", "x.yaml:2:23: eligibility.takes.scaner: no 'scaner' here; did you mean 'scanner'?"),
    ("eligibility: {takes: {zzz: {priority: [urgent]}}}", "x.yaml:2:23: eligibility.takes.zzz: no 'zzz' here (legal: scanner, Trust)"),
    (f"eligibility: {{contractor: zzz, share: 5 %}}\n{TWO}", "x.yaml:2:15: eligibility.contractor: no 'zzz' here (legal: Company, Trust)"),
    (f"waiting_lists: {{held_by: contractor, contractor: zzz}}\n{TWO}", "x.yaml:2:38: waiting_lists.contractor: no 'zzz' here (legal: Company, Trust)"),
    (f"workforce: {{contractor: zzz}}\n{TWO}", "x.yaml:2:13: workforce.contractor: no 'zzz' here (legal: Company, Trust)"),
    (f"workforce: {{crews: {{a: {{providers: [Tryst], {CREW}}}}}}}", "x.yaml:2:37: workforce.crews.a.providers[0]: no 'Tryst' here; did you mean 'Trust'?"),
    (f"booking: {{treatment_hazard: {{MRI: {{Tryst: {{by_week: {FOURTEEN}}}}}}}}}", "x.yaml:2:36: booking.treatment_hazard.MRI.Tryst: no 'Tryst' here; did you mean 'Trust'? (legal: Trust, Hospital)"),
    (f"decisions: {{requests: {{a: {{when: {{scanner: scaner, older_than: 9 years}}, {SOON}, does: replacement, scanners: [scanner]}}}}}}", "x.yaml:2:35: decisions.requests.a.when.scanner: no 'scaner' here; did you mean 'scanner'?"),
    (f"decisions: {{requests: {{a: {{{HIRE}, scanners: [scanner, zzz]}}}}}}", "decisions.requests.a.scanners[1]: no 'zzz' here (legal: scanner)"),
    (f"decisions: {{requests: {{a: {{{IF_LONG}, does: extra_sessions, sessions: {{zzz: [late]}}}}}}}}", "decisions.requests.a.sessions.zzz: no 'zzz' here (legal: scanner)"),
    (f"decisions: {{requests: {{a: {{{IF_LONG}, does: extra_sessions, sessions: {{scanner: [evenings]}}}}}}}}\nfleet: {{scanner: {{more_sessions: {{evening: {{{EVENING}}}}}}}}}", "decisions.requests.a.sessions.scanner[0]: no 'evenings' here; did you mean 'evening'?"),
    (f"decisions: {{boards: {{a: {{{BOARD}}}}}, requests: {{a: {{{HIRE}, scanners: [scanner], boards: [zzz]}}}}}}", "decisions.requests.a.boards[0]: no 'zzz' here (legal: a)"),
    (f"contract: {{provider: zzz}}\n{TWO}", "x.yaml:2:12: contract.provider: no 'zzz' here (legal: Company, Trust)"),
    ("contract: {provider: Tryst}", "x.yaml:2:12: contract.provider: no 'Tryst' here; did you mean 'Trust'?"),
    ("contract: {costs: {Tryst: {MRI: {per_scan: £9 per scan}}}}", "x.yaml:2:20: contract.costs.Tryst: no 'Tryst' here; did you mean 'Trust'? (legal: Trust, default)"),
    ("reporting: {radiologists: {reports_for: [Trust, zzz]}}", "x.yaml:2:49: reporting.radiologists.reports_for[1]: no 'zzz' here (legal: Trust)"),
    ("reporting: {radiologists: {takes: {Tryst: 5 %}}}", "x.yaml:2:36: reporting.radiologists.takes.Tryst: no 'Tryst' here; did you mean 'Trust'?"),
]  # fmt: skip


@pytest.mark.parametrize("text, line", SPOKEN)
def test_a_name_that_nobody_has_is_a_fault_with_its_place(faults_of, text, line):
    assert any(line in found for found in faults_of(text)), faults_of(text)


THEIRS = "fleet: {lorry: {provider: Company, site: Clinic, more_sessions: {late: {}}}}"


@pytest.mark.parametrize("folder, sources, known", [
    (".", None, True),          # beside it
    ("below", None, False),     # nobody looks into folders below
    ("below", ".", True),       # but where sources.yaml says that scenarios are there
    ("..", None, False),        # nor above
])  # fmt: skip
def test_what_a_scenario_beside_it_has_may_be_spoken_of(faults_of, write, folder, sources, known):
    """Any mix of two models' answers is a scenario: what is said about who has no scanner in it does nothing."""
    write(THEIRS, f"{folder}/theirs.yaml")
    if sources:
        write("a: {}", f"{sources}/sources.yaml")
    for name in ("lorry", "Company", "late", "Clinic"):
        assert (faults_of(f"eligibility: {{takes: {{{name}: {{priority: [urgent]}}}}}}") == []) is known


def test_what_an_extended_file_has_may_be_spoken_of_though_it_was_taken_away(faults_of, write):
    write(THEIRS, "elsewhere/theirs.yaml")
    removed = "extends: [small.yaml, elsewhere/theirs.yaml]\nfleet: {lorry: null}\n"
    assert faults_of("eligibility: {takes: {Company: {priority: [urgent]}}}", over=removed) == []


def test_a_file_beside_it_that_is_none_is_passed_over(faults_of, write):
    write("fleet: [lorry", "a.yaml")
    write(b"\xff lorry", "b.yaml")
    write("fleet: {van: {provider: lorry company}}", "c.yaml")
    (line,) = faults_of("eligibility: {takes: {lorry: {priority: [urgent]}}}")
    assert "no 'lorry' here" in line


@pytest.mark.parametrize("answer", [
    "eligibility: {contractor: Somebody Else, share: 100 %}", "workforce: {contractor: Somebody Else}",
    "waiting_lists: {held_by: contractor, contractor: Somebody Else}", "contract: {provider: Somebody Else}",
])  # fmt: skip
def test_where_one_provider_has_every_scanner_its_contractor_may_be_somebody_who_has_none(faults_of, answer):
    assert faults_of(answer) == []
    other = "waiting_lists" if "workforce" in answer else "workforce"
    held = "held_by: contractor, " if other == "waiting_lists" else ""
    assert f"{other}.contractor: no 'A Third' here" in str(
        faults_of(f"{answer}\n{other}: {{{held}contractor: A Third}}")
    )
    (line,) = faults_of(f"{answer}\n{TWO}\nreporting: {{radiologists: {{reports_for: [Trust, Company]}}}}")
    assert "no 'Somebody Else' here (legal: Company, Trust)" in line


def test_each_scanner_of_an_entry_that_stands_for_several_has_a_name(faults_of):
    text = (
        "fleet: {scanner: {count: 3}}\neligibility: {takes: {scanner %s: {complexity: [standard, complex]}}}"
    )
    assert faults_of(text % 3) == []
    assert "no 'scanner 4' here" in faults_of(text % 4)[0]


# ---- every name in the shipped scenarios

DECLARED = {
    "title", "question", "assumption", "note", "source", "extends", "compare_with",  # words and files
    "key", "unit", "tracer", "organisation", "by", "provider",  # made known where they stand
}  # fmt: skip
MAKERS = (("places",), ("sites",), ("fleet",), ("decisions", "boards"), ("decisions", "requests"),
          ("workforce", "crews"), ("reporting",), ("opening_list",))  # fmt: skip
"""Maps whose keys make a name known."""


def names_of(tree: dict) -> set[str]:
    """Everybody and everything that a scenario makes known."""
    found = {answer["provider"] for answer in tree["fleet"].values()}
    found |= {session for answer in tree["fleet"].values() for session in answer.get("more_sessions", {})}
    for path in MAKERS:
        below: Any = tree
        for step in path:
            below = (below or {}).get(step)
        found |= set(below or {})
    return found


def spoken(tree: Any, names: set[str], path: tuple = ()) -> Iterator[tuple]:
    """The path of each name that is spoken of, and not made known there; of keys too."""
    if isinstance(tree, dict):
        for key, below in tree.items():
            known_here = path in MAKERS or path[-1:] == ("more_sessions",)
            if key in names and not known_here:
                yield (*path, key), True
            if key not in DECLARED or (path, key) == (("contract",), "provider"):
                yield from spoken(below, names, (*path, key))
    elif isinstance(tree, list):
        for place, below in enumerate(tree):
            yield from spoken(below, names, (*path, place))
    elif tree in names:
        yield path, False


def kind_of(path: tuple, names: set[str]) -> tuple:
    """A path with the names in it taken out: two of one kind are checked by the same rule."""
    return tuple("*" if step in names or isinstance(step, int) else step for step in path)


def with_nobody(tree: dict, path: tuple, is_key: bool) -> dict:
    """The scenario with `zzz` in place of a name."""
    made = below = deepcopy(tree)
    for step in path[:-1]:
        below = below[step]
    if is_key:
        below["zzz"] = below.pop(path[-1])
    else:
        below[path[-1]] = "zzz"
    return made


def faults_in(document: Document, file: Path) -> list[str]:
    """What is wrong with a scenario, a line each."""
    try:
        validate(document, file)
    except ScenarioFaults as found:
        return str(found).splitlines()
    return []


@pytest.mark.slow
@pytest.mark.parametrize("file", [*TOPS, *TRUSTS], ids=lambda file: str(file.relative_to(SCENARIOS)))
def test_nobody_in_place_of_any_name_of_a_shipped_scenario_is_a_fault(file):
    """One name of each kind of place in which a name stands; what is said names the place."""
    document = read_document(file)
    tree, names = document.tree, names_of(document.tree)
    assert faults_in(document, file) == []
    tried = {kind_of(path, names): (path, is_key) for path, is_key in spoken(tree, names)}
    assert {("fleet", "*", "site"), ("sites", "*", "place")} <= set(tried)
    for path, is_key in tried.values():
        document.tree = with_nobody(tree, path, is_key)
        said = faults_in(document, file)
        assert any("zzz" in line for line in said), (path, said)
