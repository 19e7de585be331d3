"""What every section of a scenario file has in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sim.model.quantity import fault

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SECONDS_A_DAY = 86_400


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
