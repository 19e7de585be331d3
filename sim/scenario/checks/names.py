"""Names by which an answer speaks of scanners, sessions, providers and sites: somebody must have them.

Any mix of two models' answers is a scenario, so an answer may speak of what another scenario's fleet has: a limit on
a van that is not there does nothing. What is in no fleet at all is a slip of the pen, and a fault; but where one
provider has every scanner, the contractor may be somebody who has none, whom all answers call the same.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from sim.model.demand import DEFAULT
from sim.provision.fleet import MOST_COPIES
from sim.scenario.checks.tree import at
from sim.scenario.document import parse_file
from sim.scenario.faults import Path, ScenarioFaults, nearest

Spoken = Iterator[tuple[Path, Any, list[str]]]
"""(path, name, names that are here) of each name in an answer."""
SOURCES = "sources.yaml"
CONTRACTORS = (
    ("waiting_lists", "contractor"),
    ("eligibility", "contractor"),
    ("workforce", "contractor"),
    ("contract", "provider"),
)
MISSPELT = 0.8
"""A name so like another one (difflib's ratio) is that one misspelt."""


class Beside:
    """The scenario files beside a scenario, where the others of its models are.

    They are those of the folder that holds the nearest sources.yaml and of all folders below it, or, where there is
    none, of the scenario's own folder; and those that it extends.
    """

    def __init__(self, file: FilePath, extends: Iterable[FilePath]) -> None:
        self.folder, self.extends = file.resolve().parent, list(extends)

    @cached_property
    def texts(self) -> dict[FilePath, str]:
        """What stands in each file, unread."""
        home = next((f for f in (self.folder, *self.folder.parents) if (f / SOURCES).is_file()), None)
        files = [*(home.rglob("*.yaml") if home else self.folder.glob("*.yaml")), *self.extends]
        return {file: _text(file) for file in files}

    def have(self, name: str) -> bool:
        """Whether somebody or something in a fleet of theirs has this name."""
        return any(name in names_in(_fleet(file)) for file, text in self.texts.items() if name in text)


def _text(file: FilePath) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _fleet(file: FilePath) -> Any:
    try:
        return parse_file(file).tree.get("fleet")
    except ScenarioFaults:
        return None


def names_in(fleet: Any) -> set[str]:
    """Its scanners, their providers, sites and further sessions."""
    found: set[str] = set()
    for scanner, answer in _items(fleet):
        found |= {scanner, *(session for session, _ in _items(at(answer, "more_sessions")))}
        found |= {name for key in ("provider", "site") if isinstance(name := at(answer, key), str)}
    return found


def names_are_somebodys(tree: dict, beside: Callable[[str], bool]) -> Iterator[tuple[Path, str]]:
    """(path, message) of each name that nobody here has, and nobody beside."""
    for path, name, here in spoken_of(tree):
        if isinstance(name, str) and name not in here and not beside(name):
            yield path, f"no {name!r} here{nearest(name, here)}"


def spoken_of(tree: dict) -> Spoken:
    """Every name in the answers of a scenario."""
    fleet = [answer for _, answer in _items(tree.get("fleet"))]
    scanners = [name for one, answer in _items(tree.get("fleet")) for name in _called(one, answer)]
    providers = sorted({one for answer in fleet if isinstance(one := at(answer, "provider"), str)})
    sites = [site for site, _ in _items(tree.get("sites"))]
    yield from _of_contractors(tree, providers)
    takes = at(tree, "eligibility", "takes")
    yield from _keys(("eligibility", "takes"), takes, [*scanners, *providers])
    for crew, answer in _items(at(tree, "workforce", "crews")):
        yield from _each(("workforce", "crews", crew, "providers"), at(answer, "providers"), providers)
    for pool, answer in _items(tree.get("reporting")):
        yield from _each(("reporting", pool, "reports_for"), at(answer, "reports_for"), providers)
        yield from _keys(("reporting", pool, "takes"), at(answer, "takes"), providers)
    yield from _keys(("contract", "costs"), at(tree, "contract", "costs"), [*providers, DEFAULT])
    for modality, hazards in _items(at(tree, "booking", "treatment_hazard")):
        yield from _keys(("booking", "treatment_hazard", modality), hazards, [*providers, *sites])
    for request, answer in _items(at(tree, "decisions", "requests")):
        yield from _of_a_request(tree, ("decisions", "requests", request), answer, scanners)


def _of_contractors(tree: dict, providers: list[str]) -> Spoken:
    """Whoever is called the contractor, unless one provider has every scanner and all answers mean the same one."""
    named = {path: at(tree, *path) for path in CONTRACTORS}
    names = {str(name) for name in named.values() if name is not None}
    several = len(providers) > 1 or len(names) > 1
    for path, name in named.items():
        if several or difflib.get_close_matches(str(name), providers, cutoff=MISSPELT):
            yield path, name, providers


def _of_a_request(tree: dict, path: Path, request: Any, scanners: list[str]) -> Spoken:
    yield (*path, "when", "scanner"), at(request, "when", "scanner"), scanners
    yield from _each((*path, "scanners"), at(request, "scanners"), scanners)
    sessions = at(request, "sessions")
    yield from _keys((*path, "sessions"), sessions, scanners)
    for scanner, named in _items(sessions):
        held = at(tree, "fleet", scanner, "more_sessions")
        here = [session for session, _ in _items(held)]
        yield from _each((*path, "sessions", scanner), named, here)


def _called(entry: str, answer: Any) -> list[str]:
    """What an entry of the fleet is called, and each of its scanners where it stands for several."""
    count = at(answer, "count")
    copies = min(count, MOST_COPIES) if isinstance(count, int) else 0
    return [entry, *(f"{entry} {number}" for number in range(1, copies + 1))]


def _items(maps: Any) -> Iterable[tuple[str, Any]]:
    return maps.items() if isinstance(maps, dict) else ()


def _keys(path: Path, maps: Any, here: list[str]) -> Spoken:
    for name, _ in _items(maps):
        yield (*path, name), name, here


def _each(path: Path, names: Any, here: list[str]) -> Spoken:
    for number, name in enumerate(names if isinstance(names, list) else ()):
        yield (*path, number), name, here
