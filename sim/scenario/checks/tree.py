"""Reading a merged tree of which nothing is known yet: whatever is not as it should be is the schema's fault to find."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sim.model.quantity import WRITTEN
from sim.scenario.faults import Path, nearest

Found = Iterator[tuple[Path, str]]
"""(path, message) of each fault."""


def at(tree: Any, *path: Any) -> Any:
    """What stands at a path; None where nothing does."""
    for step in path:
        tree = tree.get(step) if isinstance(tree, dict) and isinstance(step, str) else None
    return tree


def maps(tree: Any, section: str) -> Iterator[tuple[str, dict]]:
    """(name, answer) of those answers of a section that are maps."""
    answers = tree.get(section) if isinstance(tree, dict) else None
    for name, answer in answers.items() if isinstance(answers, dict) else ():
        if isinstance(answer, dict):
            yield name, answer


def keys(tree: dict, section: str) -> list[str]:
    """The names in a section."""
    return list(tree[section]) if isinstance(tree.get(section), dict) else []


def texts(values: Iterable[Any]) -> list[str]:
    """The different texts among values, in order; whatever is no text is the schema's fault to find."""
    return sorted({value for value in values if isinstance(value, str)})


def unknown(path: Path, name: Any, known: Collection[str]) -> Found:
    """A fault where a name is text and not among those that are known."""
    if isinstance(name, str) and name not in known:
        yield path, f"no {name!r} here{nearest(name, known)}"


def number(written: Any) -> float | None:
    """The bare number of a value, short or long; None where it is not one."""
    written = written.get("value") if isinstance(written, dict) else written
    match = WRITTEN.fullmatch(str(written).strip())
    return float(match[1].replace(",", "")) if match else None


def minutes(written: Any) -> float | None:
    """A length of time in minutes, short or long; None where it is not one."""
    text = str(written.get("value") if isinstance(written, dict) else written)
    per = {"minute": 1, "hour": 60, "day": 1440, "second": 1 / 60, "week": 10080}
    match = WRITTEN.fullmatch(text.strip())
    unit = match[2].strip().rstrip("s") if match else ""
    return float(match[1].replace(",", "")) * per[unit] if match and unit in per else None
