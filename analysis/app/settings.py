"""What can be moved on the page: every number and choice of the resolved scenarios, told by the schema.

A setting is laid over the arms as `--set path=value` does: over every arm that has the path's parent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.model.quantity import DIMENSIONS, PARTS, Kind, OneOrEach, Quantity, parted, together
from sim.model.section import WEEKDAYS, Weekday
from sim.scenario.changes import QUESTIONS
from sim.scenario.document import is_map
from sim.scenario.read import Arm
from sim.scenario.scenario import Scenario

PATHWAY = ("demand", "vetting", "booking", "attendance", "scanning", "travel", "places", "calendar")
SECTIONS = (*QUESTIONS, *PATHWAY)
ASKED = {
    "waiting_lists": "Who holds the list?",
    "eligibility": "Who may be scanned where?",
    "fleet": "Which scanners, where, when, how good?",
    "workforce": "Whose staff?",
    "reporting": "Who reads it?",
    "images": "How do pictures travel?",
    "decisions": "Who decides on capacity, and how fast?",
    "contract": "What is paid, promised and risked?",
    "demand": "How many are referred?",
    "vetting": "Vetting",
    "booking": "Booking",
    "attendance": "Attendance",
    "scanning": "Scanning",
    "travel": "Travel",
    "places": "Places",
    "calendar": "How long is watched?",
}
"""The eight questions, then the rest of the pathway, as the page calls them."""
NUMBER, WHOLE, CHOICE, SWITCH, SEVERAL = "number", "whole", "choice", "switch", "several"
NOT_MOVED = ("coordinate",)
WHAT_IT_IS = ("kind", "modality")
"""Keys that say what a thing is; with another one it would be another thing."""
SINGULAR = {
    unit: unit[:-1]
    for units in DIMENSIONS.values()
    for unit in units
    if unit.endswith("s") and unit[:-1] in units
}
"""Units of one, by how they are called of many."""
PLURAL = {one: many for many, one in SINGULAR.items()}
STEPS = 20
"""A slider has at least so many steps, if its ends and value allow it,"""
MOST_STEPS = 1000
"""and at most so many."""


@dataclass(frozen=True)
class Setting:
    """One thing that can be moved.

    path: keys from the top of the scenario. value: a number in `unit`, an option, a bool or a tuple of
    options. low, high, step: of numbers. meaning: of the schema. reason: where the value comes from.
    arms: names of the arms that have it. apart: of each, its value as written, where they differ. left: no arm
    says it, so that `value` is the schema's default.
    """

    path: tuple[str, ...]
    kind: str
    value: Any
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    options: tuple[str, ...] = ()
    meaning: str = ""
    reason: str = ""
    arms: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    left: bool = False

    @property
    def name(self) -> str:
        """As `--set` has it."""
        return ".".join(self.path)

    @property
    def label(self) -> str:
        """`Milton keynes mobile: slots per day (per day)`."""
        words = [step.replace("_nhs", "_NHS").replace("_", " ") for step in self.path[1:] or self.path]
        said = ": ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
        unit = f" ({self.unit})" if self.unit and not said.endswith(self.unit) else ""
        return f"{said[0].upper()}{said[1:]}{unit}"

    @property
    def help(self) -> str:
        """Meaning, source or reason, and which models it moves."""
        where = f"Moves {' and '.join(self.arms)}." if self.arms else ""
        differ = f" They differ: {'; '.join(self.apart)}." if self.apart else ""
        return " ".join(part for part in (self.meaning, self.reason, where + differ) if part)

    def written(self, value: Any) -> str:
        """A value as a scenario file writes it."""
        if self.kind in (NUMBER, WHOLE):
            return together(f"{value:.10g}", SINGULAR.get(self.unit, self.unit) if value == 1 else self.unit)
        if self.kind == SWITCH:
            return "true" if value else "false"
        return f"[{', '.join(value)}]" if self.kind == SEVERAL else str(value)

    def read(self, text: str) -> Any:
        """The value that was written. Raises `ValueError` with a sentence that says what is legal."""
        if self.kind in (NUMBER, WHOLE):
            return self._number(text)
        if self.kind == SWITCH and text in ("true", "false"):
            return text == "true"
        if self.kind == SEVERAL:
            chosen = tuple(word.strip() for word in text.strip("[]").split(","))
            if chosen and set(chosen) <= set(self.options):
                return chosen
        if self.kind == CHOICE and text in self.options:
            return text
        legal = ", ".join(self.options or ("true", "false"))
        raise ValueError(f"{self.name} must be {'some' if self.kind == SEVERAL else 'one'} of {legal}")

    def _number(self, text: str) -> float:
        parts = parted(text)
        if (
            parts is None
            or PLURAL.get(parts[1], parts[1]) != self.unit
            or not self.low <= parts[0] <= self.high
        ):
            low, high = (self.written(end) for end in (self.low, self.high))
            raise ValueError(f"{self.name} must be from {low} to {high}")
        return int(parts[0]) if self.kind == WHOLE else parts[0]


def settings_of(arms: list[Arm], sources: dict[str, str]) -> dict[str, Setting]:
    """By name, in the order of the questions and the files: what can be moved in any of the arms.

    sources: titles by key. The last arm that has a setting tells its value and range.
    """
    found: dict[str, list[tuple[str, Setting]]] = {}
    for arm in arms:
        for section in SECTIONS:
            kind = Scenario.model_fields[section].annotation
            for setting in _below(arm.document.tree.get(section), kind, (section,), sources):
                found.setdefault(setting.name, []).append((arm.name, setting))
    in_order = sorted(found.values(), key=lambda each: SECTIONS.index(each[0][1].path[0]))
    return {each[0][1].name: _of_all(each) for each in in_order}


def _of_all(each: list[tuple[str, Setting]]) -> Setting:
    _, last = each[-1]
    values = [f"{arm} {one.written(one.value)}" for arm, one in each]
    differ = len({one.written(one.value) for _, one in each}) > 1
    ends = [(one.low, one.high) for _, one in each if one.unit == last.unit]
    return Setting(
        **vars(last)
        | {
            "arms": tuple(arm for arm, _ in each),
            "apart": tuple(values) if differ else (),
            "left": all(one.left for _, one in each),
            "low": min(low for low, _ in ends),
            "high": max(high for _, high in ends),
        }
    )


def _below(
    tree: Any, kind: Any, path: tuple[str, ...], sources: dict[str, str], about: str = ""
) -> Iterator[Setting]:
    """Settings of a part of the tree, which a class or an annotation describes."""
    kind, marks = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel) and is_map(tree):
        for name, field in kind.model_fields.items():
            key = field.alias or name
            marked, there = _annotated(field.annotation, field.metadata), (*path, key)
            if key in tree and key not in WHAT_IT_IS:
                yield from _below(tree[key], marked, there, sources, field.description or "")
            elif key not in tree and (made := _at_default(field, marked, there)):
                yield made
    elif get_origin(kind) is dict and is_map(tree):
        for key, value in tree.items():
            yield from _below(value, get_args(kind)[1], (*path, key), sources, about)
    elif tree is not None and (made := _leaf(tree, kind, marks, path, sources, about)):
        yield made


def _at_default(field: FieldInfo, kind: Any, path: tuple[str, ...]) -> Setting | None:
    """What a scenario leaves at its default; None where the schema names no ends to move it between."""
    kind, marks = _plain(kind)
    value = field.get_default(call_default_factory=True)
    number = next((mark for mark in marks if isinstance(mark, Kind)), None)
    if number is not None and number.dimension == "share" and number.most and isinstance(value, float):
        value = together(f"{value * PARTS['share']:.10g}", "%")
    elif not isinstance(value, (bool, str)):
        return None
    made = _leaf(value, kind, marks, path, {}, field.description or "")
    return made and replace(made, reason="Not in the scenario: this is the default.", left=True)


class _Marked:
    """An annotation with marks that pydantic keeps apart from it."""

    def __init__(self, kind: Any, marks: list[Any]) -> None:
        self.kind, self.marks = kind, marks


def _annotated(kind: Any, marks: list[Any]) -> Any:
    return _Marked(kind, marks) if marks else kind


def _plain(kind: Any) -> tuple[Any, list[Any]]:
    """An annotation without `None` and without its marks, and the marks."""
    marks: list[Any] = []
    while True:
        if isinstance(kind, _Marked):
            kind, more = kind.kind, kind.marks
        elif hasattr(kind, "__metadata__"):
            kind, more = kind.__origin__, list(kind.__metadata__)
        elif type(None) in get_args(kind):
            options = [option for option in get_args(kind) if option is not type(None)]
            kind, more = (options[0] if len(options) == 1 else object), []
        else:
            return kind, marks
        marks += more


def _leaf(
    tree: Any, kind: Any, marks: list[Any], path: tuple[str, ...], sources: dict[str, str], about: str
) -> Setting | None:
    """One setting; None where it is nothing to move."""
    each = next((mark.kind for mark in marks if isinstance(mark, OneOrEach)), None)
    quantity = next((mark for mark in marks if isinstance(mark, Kind)), each)
    if isinstance(quantity, Kind):
        return _number(quantity, tree, path, sources, about)
    plain = {"path": path, "meaning": " ".join(about.split())}
    if kind is bool:
        return Setting(kind=SWITCH, value=tree, **plain)
    if get_origin(kind) is Literal:
        return Setting(kind=CHOICE, value=tree, options=get_args(kind), **plain)
    if kind is int and not isinstance(tree, str):
        low, high = (next((getattr(m, end) for m in marks if isinstance(m, which)), None) for end, which in (("ge", Ge), ("le", Le)))  # fmt: skip
        low, high = low or 0, min(high or 100, max(2 * tree, 10))
        return Setting(kind=WHOLE, value=tree, low=low, high=high, step=1, **plain)
    if get_origin(kind) is list and isinstance(tree, list):
        inner = get_args(kind)[0]
        options = WEEKDAYS if inner == Weekday else get_args(_plain(inner)[0])
        if options and set(tree) <= set(options):
            return Setting(kind=SEVERAL, value=tuple(tree), options=tuple(options), **plain)
    return None


def _number(
    kind: Kind, tree: Any, path: tuple[str, ...], sources: dict[str, str], about: str
) -> Setting | None:
    if kind.dimension in NOT_MOVED:
        return None
    quantity = kind.read(tree)
    number, unit = parted(quantity.text)
    unit = PLURAL.get(unit, unit)
    factor = PARTS.get(kind.dimension, 1) / DIMENSIONS[kind.dimension][unit]
    low, high = span(kind, quantity, factor, number)
    low, high, step = steps(low, number, high)
    return Setting(path, NUMBER, number, unit, low, high, step, (), " ".join(about.split()), reason_of(quantity, sources))  # fmt: skip


def span(kind: Kind, quantity: Quantity, factor: float, number: float) -> tuple[float, float]:
    """From where to where a number can be moved, in its own unit.

    Over its range where it has one; otherwise over the legal span where that is a share, and from half to
    twice the value within the legal span. factor: the unit's, from the model's.
    """
    least = -math.inf if kind.least is None else kind.least * factor
    least = least if kind.above is None else max(least, kind.above * factor)
    most = math.inf if kind.most is None else kind.most * factor
    if quantity.range is not None and quantity.range[0] < quantity.range[1]:
        low, high = (end * factor for end in quantity.range)
    elif kind.dimension == "share" and most <= 100:
        low, high = least, most
    else:
        reach = abs(number) or 1.0
        low, high = (float(f"{end:.2g}") for end in (number - reach / 2, number + reach))
    if kind.above is not None and low <= kind.above * factor:
        low = min(number, kind.above * factor + (high - kind.above * factor) / STEPS)
    return max(low, least), min(high, most)


def steps(low: float, value: float, high: float) -> tuple[float, float, float]:
    """Ends and step of a slider on which the value and both ends stand; ends a hair off are rounded."""
    low, high = (float(f"{end:.6g}") for end in (low, high))
    power = math.floor(math.log10(high - low))
    for exponent in range(power, power - 5, -1):
        for nice in (5, 2, 1):
            step = nice * 10.0**exponent
            on_it = all(abs(end / step - round(end / step)) < 1e-6 for end in (low, value, high))
            if on_it and STEPS <= (high - low) / step <= MOST_STEPS:
                return low, high, float(f"{step:.6g}")
    return low, high, 10.0 ** (power - 2) * (2 if high - low > 2 * 10.0**power else 1)


def reason_of(quantity: Quantity, sources: dict[str, str]) -> str:
    """Where a number comes from, for its help."""
    if quantity.source:
        return f"Source: {sources.get(quantity.source, quantity.source)}."
    return f"An assumption: {quantity.assumption}." if quantity.assumption else ""
