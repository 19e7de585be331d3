"""Values with a unit, as scenario files write them.

`10 days`, `7.4 %`, `14 per day`, `£600`; or, with its source,
`{value: 7.4 %, source: roh-2023}` or
`{value: 45 days, assumption: "why", range: [30 days, 120 days]}`.
Inside the model a value is a float in one unit a dimension (the first of `DIMENSIONS`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic_core import PydanticCustomError, core_schema

DIFFERENCE_UNITS = (
    "days", "day", "minutes", "%", "weeks", "scans", "scans per week", "referrals", "requests", "times", "per 1000",
    "journeys", "days per week", "ratio", "hours", "pounds", "£",
)  # fmt: skip
"""A difference that matters is in its measure's own unit, unconverted."""
DIMENSIONS: dict[str, dict[str, float]] = {
    "duration": {
        "days": 86_400,
        "day": 86_400,
        "weeks": 604_800,
        "week": 604_800,
        "months": 2_629_800,
        "month": 2_629_800,
        "hours": 3600,
        "hour": 3600,
        "minutes": 60,
        "minute": 60,
        "seconds": 1,
        "second": 1,
    },
    "years": {"years": 1.0, "year": 1.0},
    "share": {"%": 1},
    "ratio": {"": 1.0},
    "slots a day": {"per day": 1.0},
    "yearly number": {"per year": 1.0},
    "weekly number": {"per week": 1.0},
    "monthly number": {"per month": 1.0},
    "yearly rate": {"per 1000 people a year": 1.0},
    "growth": {"% a year": 1},
    "people": {"people": 1.0},
    "referrals": {"referrals": 1.0},
    "months": {"months": 1.0, "month": 1.0},
    "meetings": {"meetings": 1.0, "meeting": 1.0},
    "number per million": {"per million people": 1.0},
    "pounds": {"£": 1.0, "£ million": 1e6},
    "pounds a scan": {"£ per scan": 1.0},
    "pounds a slot": {"£ per slot": 1.0},
    "pounds a session": {"£ per session": 1.0},
    "pounds a day": {"£ per day": 1.0},
    "pounds a year": {"£ per year": 1.0, "£ million per year": 1e6},
    "distance": {"km": 1.0, "miles": 1.609344},
    "minutes per km": {"minutes per km": 1.0},
    "coordinate": {"degrees": 1.0, "degree": 1.0},
    "difference": dict.fromkeys(DIFFERENCE_UNITS, 1.0),
}
PARTS = {"duration": 86_400, "share": 100, "growth": 100}
"""Durations are counted in seconds and shares in percent, and divided once: an hour is 60 minutes. A month
is a twelfth of 365.25 days."""
LONG_FORM_KEYS = ("value", "source", "assumption", "range", "shape", "note")
SHAPES = ("uniform", "triangular", "log-uniform")
WRITTEN = re.compile(
    r"(?:£\s*)?([-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\s*(?![0-9,.])([^£]*)"
)
"""A number, commas only between thousands, and its unit; of money the pound sign comes first."""


DECIMAL_POINT = "; is a comma meant as a decimal point? Write a point"


def parted(written: Any) -> tuple[float, str] | None:
    """The number and the unit of what was written, `£650 per scan` as (650, `£ per scan`); or None."""
    text = str(written).strip()
    match = WRITTEN.fullmatch(text)
    if not match:
        return None
    unit = match[2].strip()
    return float(match[1].replace(",", "")), f"£ {unit}".strip() if text.startswith("£") else unit


def one_unit(unit: str, other: str) -> bool:
    """Whether two units are one, as `hour` and `hours` are."""
    return unit.removesuffix("s") == other.removesuffix("s")


def together(number: str, unit: str) -> str:
    """A number and its unit as one writes them: `£650 per scan`, `7.4 %`."""
    return f"£{number}{unit[1:]}" if unit.startswith("£") else f"{number} {unit}".strip()


class Quantity(float):
    """A float in the model's own unit which remembers how it was written and where it comes from.

    `text` is the value as written; `source` a key of `scenarios/sources.yaml` or None;
    `assumption` the reason where there is no source; `range` two floats in the same unit or None.
    """

    __slots__ = ("assumption", "note", "range", "shape", "source", "text")

    def __new__(cls, number, text="", source=None, assumption=None, range=None, shape="uniform", note=None):
        self = super().__new__(cls, number)
        self.text, self.source, self.assumption = text or repr(number), source, assumption
        self.range, self.shape, self.note = range, shape, note
        return self

    def __reduce__(self):
        kept = (self.text, self.source, self.assumption, self.range, self.shape, self.note)
        return Quantity, (float(self), *kept)


@dataclass(frozen=True)
class Kind:
    """What a value must be: its dimension and its legal span (in the model's own unit)."""

    dimension: str
    least: float | None = None
    most: float | None = None
    above: float | None = None

    def read(self, written: Any) -> Quantity:
        """The `Quantity` that a scenario file wrote, short or long form.

        Raises a pydantic error that names what is legal.
        """
        if not isinstance(written, dict):
            return Quantity(self._number(written), str(written))
        unknown = [key for key in written if key not in LONG_FORM_KEYS]
        if unknown or "value" not in written:
            wrong = f"unknown key {unknown[0]!r}" if unknown else "no `value`"
            hint = DECIMAL_POINT if unknown and unknown[0][:1].isdigit() else ""
            raise fault(f"{wrong} in a value; legal keys: {', '.join(LONG_FORM_KEYS)}{hint}")
        if "source" in written and "assumption" in written:
            raise fault("has both `source` and `assumption`: a value is one or the other")
        if written.get("shape", "uniform") not in SHAPES:
            raise fault(f"shape must be one of {', '.join(SHAPES)}")
        for key in ("source", "assumption", "note"):
            if not isinstance(written.get(key, ""), str):
                raise fault(f"{key} must be text, got {written[key]!r}")
        value = self._number(written["value"])
        return Quantity(
            value,
            str(written["value"]),
            written.get("source"),
            written.get("assumption"),
            self._range(written, value),
            written.get("shape", "uniform"),
            written.get("note"),
        )

    def _range(self, written: dict, value: float) -> tuple[float, float] | None:
        if "range" not in written:
            if "assumption" in written:
                raise fault("an assumption needs a `range: [lowest, highest]`")
            return None
        ends = written["range"]
        if not isinstance(ends, list) or len(ends) != 2:
            raise fault("range must be two values: [lowest, highest]")
        low, high = self._number(ends[0]), self._number(ends[1])
        if not low <= value <= high:
            raise fault(f"range {ends[0]} to {ends[1]} does not hold the value {written['value']}")
        return low, high

    def _number(self, written: Any) -> float:
        units = DIMENSIONS[self.dimension]
        legal = self.example
        if isinstance(written, bool) or not isinstance(written, (str, int, float)):
            raise fault(f"must be {legal}, got {written!r}")
        parts = parted(written)
        if parts is None:
            hint = DECIMAL_POINT if re.search("[0-9],[0-9]", str(written)) else ""
            raise fault(f"must be {legal}, got {written!r}{hint}")
        number, unit = parts
        if unit not in units:
            missing = f"unknown unit {unit!r}" if unit else "no unit"
            raise fault(f"{missing} in {written!r}; must be {legal}{'' if unit else self._such_as(number)}")
        if not abs(number) < 1e15:
            raise fault(f"must be a number below 1e15, got {written!r}")
        number = number * units[unit] / PARTS.get(self.dimension, 1)
        self._check_span(number, written)
        return number

    def _check_span(self, number: float, written: Any) -> None:
        if self.least is not None and number < self.least - 1e-12:
            raise fault(f"must be at least {self._in_words(self.least)}, got {written}")
        if self.above is not None and number <= self.above:
            raise fault(f"must be more than {self._in_words(self.above)}, got {written}")
        if self.most is not None and number > self.most + 1e-12:
            raise fault(f"must be at most {self._in_words(self.most)}, got {written}")

    def _in_words(self, number: float) -> str:
        unit, factor = next(iter(DIMENSIONS[self.dimension].items()))
        return together(f"{number * PARTS.get(self.dimension, 1) / factor:g}", unit)

    def _such_as(self, number: float) -> str:
        """`, such as 30 days`, for somebody who wrote 30; a share written as 0.074 is meant as 7.4 %."""
        unit = next(iter(DIMENSIONS[self.dimension]))
        if unit.startswith("£"):
            return ""
        meant = number * 100 if unit == "%" and abs(number) < 1 else number
        return f", such as {together(f'{meant:g}', unit)}"

    @property
    def example(self) -> str:
        """What a value of this kind looks like, with the legal units."""
        units = [unit for unit in DIMENSIONS[self.dimension] if unit]
        if all(unit.startswith("£") for unit in units) and units:
            return f"an amount such as {' or '.join(together('9', unit) for unit in units)}"
        return f"a number with {' or '.join(units)}" if units else "a number without unit"

    def __get_pydantic_core_schema__(self, source, handler):
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema, handler):
        units = [unit for unit in DIMENSIONS[self.dimension] if unit]
        short = {"type": ["string", "number"], "description": f"{self.dimension}: {self.example}"}
        if units:
            short = {"type": "string", "pattern": pattern_of(units), "description": short["description"]}
        text = {"type": "string"}
        long = {
            "type": "object",
            "required": ["value"],
            "additionalProperties": False,
            "properties": {
                "value": short,
                "source": text,
                "assumption": text,
                "range": {"type": "array", "items": short, "minItems": 2, "maxItems": 2},
                "shape": {"enum": list(SHAPES)},
                "note": text,
            },
        }
        return {"anyOf": [short, long]}


def pattern_of(units: list[str]) -> str:
    """What the editor accepts as a number with one of these units, the pound sign first."""
    number = r"[-+]?[0-9][0-9,]*(\.[0-9]+)?([eE][-+]?[0-9]+)?\s*"
    plain = [unit for unit in units if not unit.startswith("£")]
    money = [unit.removeprefix("£").strip() for unit in units if unit.startswith("£")]
    kinds = [(sign, kind) for sign, kind in (("", plain), (r"£\s*", money)) if kind]
    either = "|".join(rf"{sign}{number}({'|'.join(map(escaped, kind))})" for sign, kind in kinds)
    return f"^{either}$" if len(kinds) == 1 else f"^({either})$"


def escaped(unit: str) -> str:
    """A unit inside a pattern."""
    return re.escape(unit).replace(r"\ ", " ")


class OneOrEach:
    """Marks a map of values by name that may also be written as one value for all names.

    What is read is a `Quantity`, or a dict of them.
    """

    def __init__(self, kind: Any) -> None:
        (self.kind,) = kind.__metadata__

    def __get_pydantic_core_schema__(self, source, handler):
        return core_schema.no_info_wrap_validator_function(self._read, handler(source))

    def _read(self, written: Any, each: Callable[[Any], Any]) -> Any:
        is_map = isinstance(written, dict) and "value" not in written
        return each(written) if is_map else self.kind.read(written)

    def __get_pydantic_json_schema__(self, schema, handler):
        one = self.kind.__get_pydantic_json_schema__(schema, handler)
        return {"anyOf": [*one["anyOf"], handler(schema)]}


def fault(message: str) -> PydanticCustomError:
    """A validation error whose text goes to the user as it stands."""
    return PydanticCustomError("quantity", "{message}", {"message": message})


Duration = Annotated[float, Kind("duration", least=0)]
"""A length of time, zero or more; days inside the model."""
PositiveDuration = Annotated[float, Kind("duration", above=0)]
Years = Annotated[float, Kind("years", least=1 / 12, most=50)]
Share = Annotated[float, Kind("share", least=0, most=1)]
"""0 % to 100 %; a fraction inside the model."""
ShareBelowAll = Annotated[float, Kind("share", least=0, most=0.95)]
Load = Annotated[float, Kind("share", least=0.01, most=2)]
Cover = Annotated[float, Kind("share", least=0, most=10)]
Ratio = Annotated[float, Kind("ratio", above=0)]
Fraction = Annotated[float, Kind("ratio", least=0, most=1)]
"""A plain number from 0 to 1."""
SlotsPerDay = Annotated[float, Kind("slots a day", least=0, most=500)]
ReportsPerDay = Annotated[float, Kind("slots a day", above=0, most=100_000)]
PerYear = Annotated[float, Kind("yearly number", least=0, most=1e8)]
Rate = Annotated[float, Kind("yearly rate", least=0, most=1e5)]
"""A yearly number for each 1,000 people."""
Growth = Annotated[float, Kind("growth", least=-0.5, most=1)]
"""A yearly growth; 0.045 inside the model for 4.5 % a year."""
MonthlyFactor = Annotated[float, Kind("share", least=0, most=5)]
"""A month against an average one, in percent; a fraction inside the model."""
Age = Annotated[float, Kind("years", least=0, most=60)]
Radiographers = Annotated[float, Kind("people", least=0, most=100_000)]
PerWeek = Annotated[float, Kind("weekly number", above=0, most=14)]
PerMonth = Annotated[float, Kind("monthly number", least=0, most=1e7)]
People = Annotated[float, Kind("people", least=0)]
Referrals = Annotated[float, Kind("referrals", least=0)]
Months = Annotated[float, Kind("months", least=1, most=120)]
"""A number of month ends; rounded to a whole one inside the model."""
Meetings = Annotated[float, Kind("meetings", least=1, most=1000)]
"""Rounded to a whole number inside the model."""
PerMillion = Annotated[float, Kind("number per million", above=0, most=100_000)]
"""A number for each million people who live in the places."""
Pounds = Annotated[float, Kind("pounds", least=0)]
PoundsPerScan = Annotated[float, Kind("pounds a scan", least=0, most=1e6)]
PoundsPerSlot = Annotated[float, Kind("pounds a slot", least=0, most=1e6)]
PoundsPerSession = Annotated[float, Kind("pounds a session", least=0, most=1e7)]
PoundsPerDay = Annotated[float, Kind("pounds a day", least=0, most=1e7)]
PoundsPerYear = Annotated[float, Kind("pounds a year", least=0, most=1e10)]
Latitude = Annotated[float, Kind("coordinate", least=-90, most=90)]
Longitude = Annotated[float, Kind("coordinate", least=-180, most=180)]
MinutesPerKm = Annotated[float, Kind("minutes per km", least=0, most=100)]
