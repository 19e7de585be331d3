"""Which scanners, where, when, how good?"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import model_validator

from sim.model.demand import Modality
from sim.model.quantity import Duration, Kind, SlotsPerDay, fault
from sim.model.scanning import Scanning
from sim.model.section import SECONDS_A_DAY, Section, TimeOfDay, Weekday

RelativeSensitivity = Annotated[float, Kind("ratio", least=0.01, most=10)]


class FleetScanner(Section):
    """One scanner; its name is the key in the file."""

    kind: Literal["fixed", "mobile"]
    """A fixed scanner works on its `days`, a mobile one at its site's `visits`."""
    modality: Modality
    provider: str
    """The organisation that runs it."""
    site: str
    """Where it stands, or parks."""
    days: list[Weekday] | None = None
    """Fixed: the weekdays it works."""
    visits: list[Weekday] | None = None
    """Mobile: the weekdays it visits its site."""
    opens: TimeOfDay
    """When a full day begins; set-up comes first."""
    closes: TimeOfDay
    """When a full day ends."""
    slots_per_day: SlotsPerDay
    """Slots it can offer in a full day; fewer when time on the couch does not allow them."""
    set_up: Duration = 0.0
    """Time at the beginning of a session before the first patient."""
    relative_sensitivity: RelativeSensitivity = 1.0
    """Sensitivity s against a scanner on which `couch_time` was measured."""
    key: str | None = None
    """Names its random numbers and breaks ties; default its name. Keep it when you rename it."""

    @model_validator(mode="after")
    def _has_its_weekdays(self):
        wanted, other = ("days", "visits") if self.kind == "fixed" else ("visits", "days")
        if not getattr(self, wanted):
            raise fault(f"a {self.kind} scanner needs `{wanted}: [weekday, ...]`")
        if getattr(self, other) is not None:
            raise fault(f"a {self.kind} scanner has `{wanted}`, not `{other}`")
        if len(set(self.weekdays)) < len(self.weekdays):
            raise fault(f"`{wanted}` names a weekday twice")
        if self.day_seconds <= 0:
            raise fault("`closes` must be later than `opens` plus `set_up`")
        return self

    @property
    def weekdays(self) -> list[int]:
        """The weekdays it works, 0 Monday."""
        return (self.days if self.kind == "fixed" else self.visits) or []

    @property
    def day_seconds(self) -> float:
        """Seconds of a full day that can be used for patients."""
        return self.closes - self.opens - self.set_up * SECONDS_A_DAY


def couch_seconds(scanner: FleetScanner, scanning: Scanning) -> float:
    """Mean seconds on the couch: base x (1/s)^c."""
    longer = (1 / scanner.relative_sensitivity) ** scanning.made_up_by_longer_scanning
    return scanning.couch_time * SECONDS_A_DAY * longer


def slots_possible(scanner: FleetScanner, scanning: Scanning) -> float:
    """Slots of a full day: the smaller of those offered and the whole ones that couch time allows."""
    return min(scanner.slots_per_day, scanner.day_seconds // couch_seconds(scanner, scanning))


def slot_seconds(scanner: FleetScanner, scanning: Scanning) -> float:
    """Length of a slot: a full day shared evenly; a fraction of a slot, carried forward, still fits."""
    return scanner.day_seconds / max(1, math.ceil(slots_possible(scanner, scanning)))
