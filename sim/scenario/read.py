"""From a file to a checked scenario; every fault at once, each with its place in the file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.scenario.arrivals import expected_referrals
from sim.scenario.checks.names import SOURCES, Beside
from sim.scenario.checks.rules import check
from sim.scenario.copies import every_scanner
from sim.scenario.document import Document, is_map, read_document, set_value, shown
from sim.scenario.faults import Fault, Path, Position, ScenarioFaults, in_dots, nearest
from sim.scenario.opening import read_lists
from sim.scenario.scenario import Scenario


class Arm:
    """One scenario of an experiment, ready to be run.

    name: the file's stem. scenario: the checked scenario. document: its tree and positions.
    """

    def __init__(self, name: str, file: FilePath, document: Document, scenario: Scenario) -> None:
        self.name, self.file, self.document, self.scenario = name, file, document, scenario

    @cached_property
    def referrals(self) -> float:
        """Of one replication, as expected before it is run."""
        return expected_referrals(self.scenario)


def read_arms(
    files: list[FilePath],
    settings: list[str] = (),
    overrides: dict[str, Any] | None = None,
    as_given: bool = False,
) -> list[Arm]:
    """Read scenario files and the one they compare with; the baseline comes first.

    settings: `path=value` of the command line, laid over every arm that has the path's parent.
    overrides: {dotted path: value} from other options, laid over all. as_given: these files in this order,
    whatever they compare with. Raises `ScenarioFaults`.
    """
    faults: list[Fault] = []
    documents: list[tuple[FilePath, Document]] = []
    for file in files:
        with collecting(faults):
            documents.append((file, read_document(file)))
    baseline = None if as_given else _baseline(documents, faults)
    if baseline is not None:
        with collecting(faults):
            documents.insert(0, (baseline, read_document(baseline)))
    for setting in settings:
        with collecting(faults):
            _set(documents, setting)
    for path, value in (overrides or {}).items():
        for _, document in documents:
            set_value(document, f"{path}={value}")
    arms: list[Arm] = []
    for file, document in documents:
        with collecting(faults):
            arms.append(Arm(file.stem, file, document, validate(document, file)))
    names = [arm.name for arm in arms]
    for name in {name for name in names if names.count(name) > 1}:
        faults.append(Fault(Position(name), "", "two of the files have this name; give each its own"))
    if faults:
        raise ScenarioFaults(faults)
    return arms


@contextmanager
def collecting(faults: list[Fault]) -> Iterator[None]:
    """Add what is found wrong in the block to `faults`, and go on."""
    try:
        yield
    except ScenarioFaults as found:
        faults += found.faults


def _baseline(documents: list[tuple[FilePath, Document]], faults: list[Fault]) -> FilePath | None:
    """The file that all name in `compare_with`, unless it is among them; None without one."""
    named = {}
    for file, document in documents:
        other = document.tree.get("compare_with")
        if isinstance(other, str) and (file.parent / other).resolve() == file.resolve():
            faults.append(Fault(document.position(("compare_with",)), "compare_with", "is this file itself"))
        elif isinstance(other, str):
            named[(file.parent / other).resolve()] = (file.parent / other, document)
    if len(named) != 1:
        return None
    path, document = next(iter(named.values()))
    for place, (file, _) in enumerate(documents):
        if file.resolve() == path.resolve():
            documents.insert(0, documents.pop(place))
            return None
    if not path.is_file():
        where = document.position(("compare_with",))
        faults.append(Fault(where, "compare_with", f"there is no file {shown(path)}"))
        return None
    return path


def _set(documents: list[tuple[FilePath, Document]], setting: str) -> None:
    if setting.partition("=")[0].strip() in ("compare_with", "extends"):
        message = "is decided by the files; name both files on the command line instead"
        raise ScenarioFaults([Fault(Position(f"--set {setting}"), "", message)])
    taken = [set_value(document, setting) for _, document in documents]
    if taken and not any(taken):
        path = setting.partition("=")[0].strip().split(".")
        if any(_is_one_value(d.tree, path[:-1]) for _, d in documents):
            message = f"is one value: set it whole, as {'.'.join(path[:-1])}=..."
            raise ScenarioFaults([Fault(Position(f"--set {setting}"), ".".join(path[:-1]), message)])
        parents = {".".join(p) for _, d in documents for p in _maps_of(d.tree)}
        parent = ".".join(path[:-1])
        hint = nearest(parent, sorted(parents)).split(" (legal")[0] or ": no such section"
        where = Position(f"--set {setting}")
        raise ScenarioFaults([Fault(where, parent, f"is in none of the scenarios{hint}")])


def _is_one_value(tree: Any, path: list[str]) -> bool:
    """Whether a value stands at a path, in short or long form, and no map of keys."""
    for step in path:
        if not is_map(tree) or step not in tree:
            return False
        tree = tree[step]
    return not is_map(tree)


def _maps_of(tree: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(tree, dict) or "value" in tree:
        return []
    below = [p for key, value in tree.items() for p in _maps_of(value, (*path, key))]
    return [path, *below] if path else below


def validate(document: Document, file: FilePath) -> Scenario:
    """Check a merged document. Raises `ScenarioFaults` with everything that is wrong."""
    faults = read_lists(document) + check(document, sources_near(file), Beside(file, document.files).have)
    scenario = None
    try:
        scenario = Scenario.model_validate(document.tree)
    except ValidationError as error:
        faults += faults_of(document, error)
    if faults:
        raise ScenarioFaults(faults)
    return every_scanner(scenario)


def sources_near(file: FilePath) -> dict[str, Any]:
    """The nearest sources.yaml beside the file or above it; nothing where there is none."""
    for folder in file.resolve().parents:
        if (folder / SOURCES).is_file():
            return read_document(folder / SOURCES).tree
    return {}


def faults_of(document: Document, error: ValidationError, of: type[BaseModel] = Scenario) -> list[Fault]:
    """What pydantic found wrong with a document that should be such a class, as faults with their places."""
    return [_fault(document, found, of) for found in error.errors(include_url=False)]


def _fault(document: Document, found: dict[str, Any], of: type[BaseModel]) -> Fault:
    """A pydantic error as a fault with its place."""
    path = tuple(step for step in found["loc"] if step != "[key]")
    wrong, context = found["type"], found.get("ctx", {})
    message = found["msg"]
    if wrong == "extra_forbidden":
        message = f"unknown key{nearest(str(path[-1]), legal_keys(path[:-1], of))}"
    elif wrong == "missing":
        message = "is missing" + (emptied(document, path) or misspelt_name(document, path[:-1]))
    elif wrong == "literal_error":
        message = f"must be one of {context['expected']}, got {found['input']!r}"
    elif wrong in ("model_type", "model_attributes_type", "dict_type"):
        message = f"must be a map of keys, got {found['input']!r}"
    elif wrong.endswith("_type"):
        wanted = {
            "string": "text",
            "int": "a whole number",
            "list": "a list such as [one, two]",
            "bool": "true or false",
        }
        name = wrong.removesuffix("_type")
        message = f"must be {wanted.get(name, name)}, got {found['input']!r}"
    elif wrong in ("too_short", "too_long"):
        bound, length = ("at least", "min_length") if wrong == "too_short" else ("at most", "max_length")
        message = f"must have {bound} {context[length]} {'entry' if context[length] == 1 else 'entries'}, has {context['actual_length']}"
    elif wrong in ("greater_than_equal", "less_than_equal"):
        bound = "at least" if "ge" in context else "at most"
        message = f"must be {bound} {context.get('ge', context.get('le'))}, got {found['input']!r}"
    return Fault(document.position(path), in_dots(path), message)


def emptied(document: Document, path: Path) -> str:
    """A hint where a file says a key with nothing below it, which removes what it extends."""
    below = document.positions.get(path)
    return f"; `{path[-1]}:` with nothing below it removes it: is what follows indented?" if below else ""


def misspelt_name(document: Document, path: Path) -> str:
    """A hint where an incomplete entry has nearly the name of another one beside it."""
    beside: Any = document.tree
    for step in path[:-1]:
        beside = beside.get(step, {}) if isinstance(beside, dict) else {}
    others = [name for name in beside if name != path[-1]] if path and isinstance(beside, dict) else []
    close = difflib.get_close_matches(str(path[-1]), others, n=1, cutoff=0.8) if others else []
    return f"; is {path[-1]!r} meant to be {close[0]!r}?" if close else ""


def legal_keys(path: Path, of: type[BaseModel] = Scenario) -> list[str]:
    """The keys that the schema knows below a path of such a class."""
    kind: Any = of
    for step in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            known = kind.model_fields.get(str(step))
            kind = known.annotation if known else None
        elif get_origin(kind) is dict:
            kind = get_args(kind)[1]
        elif get_origin(kind) is list:
            kind = get_args(kind)[0]
        kind = _without_optional(kind)
    known = isinstance(kind, type) and issubclass(kind, BaseModel)
    return [field.alias or name for name, field in kind.model_fields.items()] if known else []


def _without_optional(kind: Any) -> Any:
    if get_origin(kind) in (dict, list) or isinstance(kind, type):
        return kind
    options = [option for option in get_args(kind) if option is not type(None)]
    return _without_optional(options[0]) if options else kind
