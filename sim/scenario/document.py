"""Scenario files as trees that know where every key stands: reading, `extends`, `--set`."""

from __future__ import annotations

import datetime
import re
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.model.quantity import DECIMAL_POINT
from sim.model.section import is_one_line
from sim.scenario.faults import Fault, Path, Position, ScenarioFaults, in_dots, nearest

MOST_VALUES = 200_000
"""A file that unfolds to more values than this (an alias bomb) is refused."""
MOST_BYTES = 5_000_000
FORBIDDEN_IN_NAMES = ".;=[]"
ADVICE = {
    "character '\\t'": "indent with spaces, not with tabs",
    "mapping values are not allowed": "text with a colon in it needs quotes; otherwise, is the line indented too far?",
    "expected <block end>": "is the line indented as those beside it are?",
    "expected ',' or": "is a bracket not closed?",
    "found unexpected end of stream": "is a quote not closed?",
}
"""By what ruamel says."""


MOST_PARSED = 64
parsed: dict[tuple, Document] = {}
"""Files as they were read last: a process may be given what another one has read."""


@dataclass
class Document:
    """A scenario as one tree of plain values, and where each path was written."""

    tree: dict[str, Any] = field(default_factory=dict)
    positions: dict[Path, Position] = field(default_factory=dict)
    files: list[FilePath] = field(default_factory=list)

    def position(self, path: Path) -> Position:
        """Where a path was written; for a path that was not, its nearest ancestor."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, Position(shown(self.files[-1]) if self.files else "?"))


def shown(file: FilePath) -> str:
    """A file's name as the user would write it: relative to the working folder where possible."""
    try:
        return str(file.resolve().relative_to(FilePath.cwd()))
    except ValueError:
        return str(file)


def read_document(file: FilePath) -> Document:
    """Read a file over everything it extends. Raises `ScenarioFaults`."""
    return _read(file, ())


def _read(file: FilePath, above: tuple[FilePath, ...]) -> Document:
    own = parse_file(file)
    where = own.positions.get(("extends",), Position(shown(file), 1, 1))
    tree = dict(own.tree)
    parents = tree.pop("extends", [])
    parents = [parents] if isinstance(parents, str) else parents
    if not isinstance(parents, list) or not all(isinstance(parent, str) for parent in parents):
        raise ScenarioFaults([Fault(where, "extends", "must be a file name or a list of file names")])
    merged = Document()
    for parent in parents:
        path = file.parent / parent
        if path.resolve() in (p.resolve() for p in (*above, file)):
            raise ScenarioFaults([Fault(where, "extends", f"{parent} extends itself")])
        if not path.is_file():
            raise ScenarioFaults([Fault(where, "extends", f"there is no file {shown(path)}")])
        lay_over(merged, _read(path, (*above, file)))
    lay_over(merged, Document(tree, own.positions, own.files))
    return merged


def parse_file(file: FilePath) -> Document:
    """One file, nothing merged. What was read is kept until the file changes, and is not to be changed."""
    try:
        state = file.stat()
    except OSError as error:
        raise ScenarioFaults(
            [Fault(Position(shown(file)), "", f"cannot be read: {error.strerror}")]
        ) from None
    as_it_is = (file, shown(file), state.st_mtime_ns, state.st_size)
    if (found := parsed.get(as_it_is)) is None:
        found = parsed[as_it_is] = _parse(*as_it_is)
        for oldest in list(parsed)[:-MOST_PARSED]:
            parsed.pop(oldest, None)
    return found


def _parse(file: FilePath, name: str, changed: int, size: int) -> Document:
    try:
        if size > MOST_BYTES:
            raise ScenarioFaults([Fault(Position(name), "", f"larger than {MOST_BYTES:,} bytes")])
        text = file.read_text(encoding="utf-8")
        read = parse_yaml(text)
    except OSError as error:
        raise ScenarioFaults([Fault(Position(name), "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise ScenarioFaults([Fault(Position(name), "", "is not UTF-8 text")]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(name, mark.line + 1, mark.column + 1) if mark else Position(name)
        problem = " ".join(str(error.problem or error.context).split())
        raise ScenarioFaults([Fault(position, "", f"not YAML: {problem}{what_may_help(problem)}")]) from None
    except RecursionError:
        raise ScenarioFaults([Fault(Position(name), "", "nested too deeply")]) from None
    except (YAMLError, ValueError, TypeError, AttributeError) as error:
        first = " ".join(str(error).splitlines()[:1]).partition(";")[0]
        raise ScenarioFaults([Fault(impossible_in(text, name), "", f"not YAML: {first}")]) from None
    if not isinstance(read, CommentedMap):
        raise ScenarioFaults([Fault(Position(name, 1, 1), "", "must be a map of sections")])
    document = Document(files=[file])
    unfolder = _Unfolder(document, name)
    try:
        document.tree = unfolder.plain(read, ())
    except RecursionError:
        raise ScenarioFaults([Fault(Position(name), "", "nested too deeply")]) from None
    if unfolder.faults:
        raise ScenarioFaults(unfolder.faults)
    return document


def parse_yaml(text: str) -> Any:
    """YAML 1.2 with positions kept. Raises ruamel's errors."""
    return YAML(typ="rt", pure=True).load(text)


def what_may_help(problem: str) -> str:
    """What mostly lies behind something that YAML cannot read, in words of somebody who writes scenarios."""
    return next((f"; {advice}" for sign, advice in ADVICE.items() if sign in problem), "")


def impossible_in(text: str, name: str) -> Position:
    """Where the first date stands that no calendar has, or the first number of too many digits; else the file."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in re.finditer(r"(\d{4})-(\d\d?)-(\d\d?)|\d{4301,}", line):
            try:
                datetime.date(*(int(part) for part in found.groups()))
            except (ValueError, TypeError):
                return Position(name, number, found.start() + 1)
    return Position(name)


class _Unfolder:
    """Turns ruamel's nodes into plain values, noting where each stood."""

    def __init__(self, document: Document, name: str) -> None:
        self.document, self.name = document, name
        self.faults: list[Fault] = []
        self.values = 0

    def plain(self, node: Any, path: Path) -> Any:
        """The plain value of a node and of everything below it. Raises `ScenarioFaults` for a bomb."""
        self.values += 1
        if self.values > MOST_VALUES:
            raise ScenarioFaults([Fault(Position(self.name), "", f"more than {MOST_VALUES:,} values")])
        if isinstance(node, bytes) or getattr(getattr(node, "tag", None), "value", None):
            message = "a YAML tag, a word after `!`, means nothing here"
            self.faults.append(Fault(self.document.position(path), in_dots(path), message))
            return None
        if isinstance(node, CommentedMap):
            return self._map(node, path)
        if isinstance(node, CommentedSeq):
            for i in node.lc.data or ():
                self._note((*path, i), *node.lc.item(i))
            return [self.plain(item, (*path, i)) for i, item in enumerate(node)]
        return plain_scalar(node)

    def _map(self, node: CommentedMap, path: Path) -> dict[str, Any]:
        result = {}
        for key, value in node.items():
            here = (*path, str(key))
            if key in (node.lc.data or {}):
                self._note(here, *node.lc.data[key][:2])
            if not isinstance(key, str) or not is_one_line(key) or any(c in FORBIDDEN_IN_NAMES for c in key):
                message = f"a key must be one line of text without any of {FORBIDDEN_IN_NAMES}, got {key!r}"
                if "value" in node and isinstance(key, (int, float)):
                    message += DECIMAL_POINT
                self.faults.append(Fault(self.document.position(here), in_dots(path), message))
            result[str(key)] = self.plain(value, here)
        return result

    def _note(self, path: Path, line: int, column: int) -> None:
        self.document.positions[path] = Position(self.name, line + 1, column + 1)


def plain_scalar(node: Any) -> Any:
    """A ruamel scalar as the plain value it stands for."""
    if node is None or isinstance(node, bool):
        return node
    if isinstance(node, datetime.datetime):
        return str(node)
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node if isinstance(node, datetime.date) else str(node)


def lay_over(base: Document, over: Document) -> None:
    """Merge `over` into `base`: maps merge, everything else replaces, null removes. They share no map and no list.

    Raises `ScenarioFaults` where there is nothing to remove.
    """
    faults: list[Fault] = []
    _merge(base.tree, over.tree, over, (), faults)
    base.positions |= over.positions
    base.files += [file for file in over.files if file not in base.files]
    if faults:
        raise ScenarioFaults(faults)


def _merge(into: dict, tree: dict, over: Document, path: Path, faults: list[Fault]) -> None:
    for key, value in tree.items():
        here = (*path, key)
        if value is None:
            if key not in into:
                message = f"there is nothing to remove{nearest(key, into)}"
                faults.append(Fault(over.position(here), in_dots(here), message))
            into.pop(key, None)
        elif is_map(value):
            below = into.get(key)
            into[key] = below if is_map(below) else {}
            _merge(into[key], value, over, here, faults)
        else:
            into[key] = deepcopy(value)


def is_map(value: Any) -> bool:
    """A map of keys; a value in its long form is one value, which replaces and is replaced whole."""
    return isinstance(value, dict) and "value" not in value


def set_value(document: Document, setting: str) -> bool:
    """Lay `path=value` of the command line over a document; False where its parent does not exist.

    Raises `ScenarioFaults` when it is not of that form.
    """
    dotted, equals, text = setting.partition("=")
    where = Position(f"--set {setting}")
    path = tuple(step.strip() for step in dotted.split("."))
    if not equals or not all(path):
        raise ScenarioFaults(
            [Fault(where, "", "must be path=value, such as demand.PET-CT.per_year='5200 per year'")]
        )
    try:
        value = _Unfolder(Document(), str(where)).plain(parse_yaml(text), ())
    except (YAMLError, RecursionError, ValueError, TypeError, AttributeError):
        value = text
    parent: Any = document.tree
    for step in path[:-1]:
        if not is_map(parent) or not is_map(parent.get(step)):
            return False
        parent = parent[step]
    if not is_map(parent) or (value is None and path[-1] not in parent):
        return False
    if value is None:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    stale = [known for known in document.positions if known[: len(path)] == path]
    for known in stale:
        del document.positions[known]
    document.positions[path] = where
    return True
