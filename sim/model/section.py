"""What every section of a scenario file has in common."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from sim.model.quantity import fault

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SECONDS_A_DAY = 86_400
NOT_IN_NAMES = ";="
"""They join names to the labels of groups, `place=Milton Keynes;priority=urgent`."""
KEPT_FOR_ALL = "default"
"""A key that stands for everybody who is not named."""


class Section(BaseModel):
    """A section of a scenario file: closed (no unknown keys), strict (no guessing), frozen."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


def _weekday(written: Any) -> int:
    if isinstance(written, str) and written.lower() in WEEKDAYS:
        return WEEKDAYS.index(written.lower())
    raise fault(f"must be a weekday ({', '.join(WEEKDAYS)}), got {written!r}")


def _time_of_day(written: Any) -> int:
    hours, colon, minutes = str(written).partition(":")
    if isinstance(written, str) and colon and hours.isdigit() and minutes.isdigit():
        seconds = int(hours) * 3600 + int(minutes) * 60
        if len(minutes) == 2 and int(minutes) < 60 and seconds <= SECONDS_A_DAY:
            return seconds
    raise fault(f'must be a time of day such as "08:00", got {written!r}')


def is_one_line(text: str) -> bool:
    """Whether there is something to read, in one line, without letters that are not seen."""
    return bool(text.strip()) and not any(unicodedata.category(letter) in INVISIBLE for letter in text)


INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode's categories of control and formatting letters, of halves of letters, and of ends of lines."""


def _line(text: str) -> str:
    if not is_one_line(text.rstrip("\n")):
        raise fault(f"must be one line of text, got {text!r}")
    return text


def _name(text: str) -> str:
    if not is_one_line(text) or text != text.strip() or any(c in NOT_IN_NAMES for c in text):
        raise fault(f"a name must be one line of text without any of {NOT_IN_NAMES}, got {text!r}")
    if text == KEPT_FOR_ALL:
        raise fault(f"{text!r} stands for all who are not named; name it otherwise")
    return text


Line = Annotated[str, AfterValidator(_line)]
"""Text of one line."""
Name = Annotated[str, AfterValidator(_name)]
"""What somebody is called where no key says it."""
Weekday = Annotated[
    int,
    BeforeValidator(_weekday),
    Field(json_schema_extra={"enum": list(WEEKDAYS), "type": "string"}),
]
"""A day of the week; 0 is Monday inside the model."""
TimeOfDay = Annotated[
    int,
    BeforeValidator(_time_of_day),
    Field(json_schema_extra={"pattern": "^[0-2]?[0-9]:[0-5][0-9]$", "type": "string"}),
]
"""A clock time; seconds since midnight inside the model."""
