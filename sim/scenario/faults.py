"""What is wrong with a scenario file, and where."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a scenario."""


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file; line and column count from 1. An option of the command line has line 0."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: where, on which key, and what is legal."""

    position: Position
    key: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.position}: {self.key}: {self.message}" if self.key else f"{self.position}: {self.message}"
        )


class ScenarioFaults(Exception):
    """Everything that is wrong with the scenario files; `faults` in order of position."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def in_dots(path: Path) -> str:
    """`fleet.churchill.days[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def nearest(word: str, legal: Iterable[str]) -> str:
    """`; did you mean 'x'?` for a near miss, otherwise nothing; then the legal words."""
    legal = [str(option) for option in legal]
    close = difflib.get_close_matches(str(word), legal, n=1, cutoff=0.6)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"{hint} (legal: {', '.join(legal)})" if legal else hint
