"""The scenarios that the page offers, and which of them may be compared."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sim.scenario.read import sources_near

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FOLDERS = (".", "trusts")
FIRST = "outsourced"
"""The scenario that the page opens with."""


class Offered(NamedTuple):
    """A scenario file. family: files with the same one meet the same patients, and may be compared."""

    name: str
    file: Path
    title: str
    question: str
    compare_with: str | None
    family: str


@lru_cache
def offered() -> dict[str, Offered]:
    """By name, in the order of the names: every file that has a title of its own."""
    files = sorted(file for folder in FOLDERS for file in (SCENARIOS / folder).glob("*.yaml"))
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    found = {}
    for file, text in texts.items():
        title, question = _top(text, "title"), _top(text, "question") or ""
        if title:
            compared = _compared(file, texts)
            family = _family(file, texts)
            found[file.stem] = Offered(file.stem, file, title, question, compared, family)
    return found


def _family(file: Path, texts: dict[Path, str]) -> str:
    """The scenario that one comes to from baseline to baseline."""
    passed = [file]
    while (other := _compared(passed[-1], texts)) and (there := file.parent / f"{other}.yaml") not in passed:
        passed.append(there)
    return passed[-1].stem


def _compared(file: Path, texts: dict[Path, str]) -> str | None:
    """The scenario that a file compares with, or one that it extends."""
    text = texts.get(file, "")
    if other := _top(text, "compare_with"):
        return Path(other).stem
    below = (_top(text, "extends") or "").strip("[]").split(",")
    found = (_compared(file.parent / name.strip(), texts) for name in below if name.strip())
    return next(filter(None, found), None)


def _top(text: str, key: str) -> str | None:
    """What a line at the top of a file says; enough to list it without reading all that it extends."""
    line = re.search(rf"^{key}:\s*(.+?)\s*$", text, re.MULTILINE)
    return line[1].strip("\"'") if line else None


def comparable(name: str) -> list[str]:
    """The other scenarios that meet the same patients, the one that the file compares with first."""
    this = offered()[name]
    others = [one for one in offered().values() if one.family == this.family and one.name != name]
    return [one.name for one in sorted(others, key=lambda one: one.name != this.compare_with)]


@lru_cache
def sources() -> dict[str, str]:
    """Title of each published source, by its key."""
    return {key: one["title"] for key, one in sources_near(SCENARIOS / "x.yaml").items()}
