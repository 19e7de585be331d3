"""Scenarios made from scenarios: other values at some paths, or some sections of another model."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from sim.scenario.document import Document
from sim.scenario.faults import Path
from sim.scenario.read import Arm, validate

QUESTIONS = (
    "waiting_lists",
    "eligibility",
    "fleet",
    "workforce",
    "reporting",
    "images",
    "decisions",
    "contract",
)
"""The sections in which a provision model answers its eight questions."""


def changed(arm: Arm, name: str, values: dict[Path, Any]) -> Arm:
    """The arm with other values, by path; None removes. Raises `ScenarioFaults`."""
    document = Document(deepcopy(arm.document.tree), dict(arm.document.positions), arm.document.files)
    for path, value in values.items():
        parent = document.tree
        for step in path[:-1]:
            parent = parent[step]
        if value is None:
            parent.pop(path[-1], None)
        else:
            parent[path[-1]] = deepcopy(value)
    return Arm(name, arm.file, document, validate(document, arm.file))


def mixed(arm: Arm, other: Arm, sections: Iterable[str], name: str) -> Arm:
    """The arm with some sections of another one. Raises `ScenarioFaults` where that is no scenario."""
    return changed(arm, name, {(section,): other.document.tree.get(section) for section in sections})


def sections_that_differ(arm: Arm, other: Arm) -> list[str]:
    """Sections in which two arms say something else, sources and reasons apart; the eight questions first."""
    known = [*QUESTIONS, *(name for name in type(arm.scenario).model_fields if name not in QUESTIONS)]
    trees = arm.document.tree, other.document.tree
    return [n for n in known if trees[0].get(n) != trees[1].get(n) and _says(arm, n) != _says(other, n)]


def _says(arm: Arm, section: str) -> str:
    """What a section says once it is read: numbers in the model's units, defaults filled in."""
    return arm.scenario.model_dump_json(include={section})
