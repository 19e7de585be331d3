"""What makes one scenario another: every value in which two resolved scenarios differ."""

from __future__ import annotations

from collections.abc import Iterator
from re import compile
from typing import Any, NamedTuple

from analysis.loaded import Results
from analysis.tables import TextTable

QUESTIONS = {
    "waiting_lists": "who holds the list",
    "eligibility": "who may be scanned where",
    "fleet": "which scanners, where, when and how good",
    "workforce": "whose staff",
    "reporting": "who reads the scans",
    "images": "how pictures travel",
    "decisions": "who decides on capacity, and how fast",
    "contract": "what is paid, promised and risked",
}
"""The eight questions that a provision model answers, by section."""
NOT_COMPARED = {"title", "question", "compare_with", "extends", "headline", "experiment"}
MOST = 10
"""Values of something that only one scenario has, written out."""
NOTHING = "-"
NUMBER = compile(r"£?-?\d[\d,]*(\.\d+)?( ?%| [a-z].*)?")
"""A number with or without a unit; neither a date nor opening hours."""


class Difference(NamedTuple):
    """One value, or a whole part, that is not the same: its dotted path, and what each scenario says."""

    path: str
    baseline: str
    arm: str


def differences(results: Results, arm: str) -> list[Difference]:
    """Where an arm differs from the baseline, in the order of the scenario."""
    return _apart((), _compared(results, results.baseline), _compared(results, arm))


def _apart(path: tuple[str, ...], theirs: Any, ours: Any) -> list[Difference]:
    theirs, ours = _plain(theirs), _plain(ours)
    if theirs == ours:
        return []
    if isinstance(theirs, dict) and isinstance(ours, dict):
        keys = dict.fromkeys([*theirs, *ours])
        return [found for key in keys for found in _apart((*path, str(key)), theirs.get(key), ours.get(key))]
    return [Difference(".".join(path), _in_words(theirs), _in_words(ours))]


class RestsOn(NamedTuple):
    """numbers: values with a number that are not the same. assumed: those that are assumptions in either
    scenario. assumptions: the same, those of one key with one reason counted once."""

    numbers: int
    assumed: int
    assumptions: int


def rests_on(results: Results, arm: str) -> RestsOn:
    """How much of what makes an arm another scenario than the baseline is known, and how much assumed."""
    theirs, ours = (dict(_numbers(_compared(results, a))) for a in (results.baseline, arm))
    apart = [path for path in {**theirs, **ours} if theirs.get(path, [None])[0] != ours.get(path, [None])[0]]
    whys = [{side[path].why for side in (theirs, ours) if path in side} - {""} for path in apart]
    reasons = {(path[-1], why) for path, found in zip(apart, whys) for why in found}
    return RestsOn(len(apart), sum(map(bool, whys)), len(reasons))


class Number(NamedTuple):
    """A value with a number, as written, and why it was assumed; empty where it was not."""

    written: str
    why: str = ""


def _numbers(
    tree: Any, path: tuple[str, ...] = (), why: str = ""
) -> Iterator[tuple[tuple[str, ...], Number]]:
    """Every value with a number of a scenario, by path."""
    if isinstance(tree, dict) and "value" in tree:
        tree, why = tree["value"], tree.get("assumption", "")
    if isinstance(tree, dict):
        for key, below in tree.items():
            yield from _numbers(below, (*path, str(key)), tree.get("assumption", why))
    elif isinstance(tree, list):
        for place, below in enumerate(tree):
            yield from _numbers(below, (*path, str(place)), why)
    elif not isinstance(tree, bool) and NUMBER.fullmatch(str(tree)):
        yield path, Number(str(tree), why)


def _compared(results: Results, arm: str) -> dict[str, Any]:
    return {key: value for key, value in results.scenarios[arm].items() if key not in NOT_COMPARED}


def _plain(value: Any) -> Any:
    """A value in long form without its source or assumption."""
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _in_words(value: Any) -> str:
    """A value, a list or a whole part of a scenario in one line."""
    value = _plain(value)
    if value is None:
        return NOTHING
    if isinstance(value, dict):
        parts = [f"{key} {_in_words(below)}".replace("_", " ") for key, below in value.items()]
        return "; ".join(parts[:MOST]) + (f"; and {len(parts) - MOST} more" if len(parts) > MOST else "")
    if isinstance(value, list):
        return ", ".join(map(_in_words, value))
    return str(value)


def sentence(results: Results, arm: str) -> str:
    """Which of the eight questions an arm answers differently, and what else differs."""
    sections = list(dict.fromkeys(found.path.partition(".")[0] for found in differences(results, arm)))
    asked = [f"{QUESTIONS[name]} ({name})" for name in sections if name in QUESTIONS]
    rest = [name for name in sections if name not in QUESTIONS]
    if not sections:
        return f"{arm} and {results.baseline} are the same scenario."
    found = rests_on(results, arm)
    numbers = (
        f" Of {found.numbers} numbers that differ {found.assumed} are assumptions." if found.numbers else ""
    )
    many = "all eight questions" if len(asked) == len(QUESTIONS) else f"{len(asked)} of the eight questions"
    said = f"{arm} answers {many} differently from {results.baseline}: {', '.join(asked)}"
    other = f" It also differs in {', '.join(rest)}." if rest else " Everything else is the same."
    return (
        (said if asked else f"{arm} answers all eight questions as {results.baseline} does")
        + "."
        + other
        + numbers
    )


def table(results: Results, arm: str) -> TextTable:
    """Every difference of an arm from the baseline."""
    rows = [list(found) for found in differences(results, arm)]
    return TextTable(f"{arm} beside {results.baseline}", ["what", results.baseline, arm], rows)
