"""Which scanners, where, when, how good?"""

from __future__ import annotations

import datetime
import math
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.model.demand import Modality
from sim.model.quantity import (
    Age,
    Duration,
    Kind,
    PerMillion,
    PositiveDuration,
    Pounds,
    Radiographers,
    ShareBelowAll,
    SlotsPerDay,
    fault,
)
from sim.model.scanning import Scanning
from sim.model.section import SECONDS_A_DAY, WEEKDAYS, Name, Section, TimeOfDay, Weekday

RelativeSensitivity = Annotated[float, Kind("ratio", least=0.01, most=10)]
MOST_COPIES = 500


class MoreSession(Section):
    """A further session of a scanner's week, such as an evening; its name is the key in the file."""

    days: list[Weekday]
    """The weekdays on which it is held."""
    opens: TimeOfDay
    closes: TimeOfDay
    slots_per_day: SlotsPerDay
    """Slots it can offer each time; fewer when time on the couch does not allow them."""
    set_up: Duration = 0.0
    """Time at its beginning before the first patient."""
    on_bank_holidays: bool = False
    """Whether it is held on bank holidays; weekends are not bank holidays."""
    radiographers: Radiographers = 0.0
    """Needed to hold it, from the crew of `workforce`."""
    in_reserve: bool = False
    """Whether it is held only once a request of `decisions` for it is in effect."""

    @model_validator(mode="after")
    def _opens_before_it_closes(self):
        if len(set(self.days)) < len(self.days) or not self.days:
            raise fault("`days` must name weekdays, each once")
        if self.day_seconds <= 0:
            raise fault("`closes` must be later than `opens` plus `set_up`")
        return self

    @property
    def weekdays(self) -> list[int]:
        """The weekdays it is held, 0 Monday."""
        return self.days

    @property
    def day_seconds(self) -> float:
        """Seconds that can be used for patients."""
        return self.closes - self.opens - self.set_up * SECONDS_A_DAY


class Maintenance(Section):
    """Planned maintenance: known beforehand, nobody is booked."""

    every: PositiveDuration
    """From one to the next; the first day follows from the scanner's key."""
    lasts: PositiveDuration
    """Counted in whole days."""


class Replacement(Section):
    """A new scanner takes over."""

    closes: datetime.date
    """First day without the old scanner."""
    opens: datetime.date
    """First day with the new one, which has age 0."""

    @model_validator(mode="after")
    def _opens_after_it_closes(self):
        if self.opens < self.closes:
            raise fault("`opens` must not be before `closes`")
        return self


class FleetScanner(Section):
    """One scanner; its name is the key in the file."""

    kind: Literal["fixed", "mobile"]
    """A fixed scanner works on its `days`, a mobile one at its site's `visits`."""
    modality: Modality
    provider: Name
    """The organisation that runs it."""
    site: str
    """Where it stands, or parks."""
    unit: str | None = None
    """Mobile: the vehicle, where one vehicle visits several sites, each an entry of its own."""
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
    on_bank_holidays: bool = False
    """Whether it works on bank holidays; weekends are not bank holidays."""
    more_sessions: dict[str, MoreSession] = {}
    """Further sessions of its week, evenings and weekends; none may overlap another."""
    on_call: bool = False
    """Whether it takes unscheduled patients outside its sessions, one at a time."""
    radiographers: Radiographers = 0.0
    """Needed to hold a session, from the crew of `workforce`; 0: the crew is not simulated."""
    relative_sensitivity: RelativeSensitivity = 1.0
    """Sensitivity s against a scanner on which `couch_time` was measured."""
    age: Age = 0.0
    """Years in use at the start; failures grow with it."""
    replacement: Replacement | None = None
    """When a new scanner takes its place."""
    maintenance: Maintenance | None = None
    """Days on which it is maintained."""
    blocked: ShareBelowAll = 0.0
    """Mobile: share of visit days on which it cannot set up, its access blocked."""
    tracer: str | None = None
    """Who delivers its tracer; all scanners with one supplier lose the same days."""
    until_contract: bool = False
    """Whether it is handed over when the contract starts: it then works no longer, but for what
    `contract.assets` says."""
    in_reserve: bool = False
    """Whether it is there only once a request of `decisions` for it is in effect."""
    worth: Pounds = 0.0
    """What is lost to its provider where it is handed over and does not come back."""
    charity_bought: bool = False
    """Whether it was bought with charitable money."""
    count: Annotated[int, Field(ge=1, le=MOST_COPIES)] | None = None
    """How many equal scanners the entry stands for; they are called "NAME 1", "NAME 2" and so on."""
    per_million: PerMillion | None = None
    """The same for each million people of the scenario's places, rounded to whole scanners."""
    key: str | None = None
    """Names its random numbers and breaks ties; default its name. Keep it when you rename it."""

    @model_validator(mode="after")
    def _is_counted_in_one_way(self):
        if self.count is not None and self.per_million is not None:
            raise fault("`count` and `per_million` are two ways to say how many: give one")
        if self.is_several and self.unit:
            raise fault("several scanners cannot be one vehicle: no `unit` with `count` or `per_million`")
        return self

    @property
    def is_several(self) -> bool:
        """Whether the entry says how many scanners it stands for."""
        return self.count is not None or self.per_million is not None

    @model_validator(mode="after")
    def _has_its_weekdays(self):
        wanted, other = ("days", "visits") if self.kind == "fixed" else ("visits", "days")
        if not getattr(self, wanted):
            raise fault(f"a {self.kind} scanner needs `{wanted}: [weekday, ...]`")
        if getattr(self, other) is not None:
            raise fault(f"a {self.kind} scanner has `{wanted}`, not `{other}`")
        if len(set(self.weekdays)) < len(self.weekdays):
            raise fault(f"`{wanted}` names a weekday twice")
        if self.kind == "fixed" and (self.blocked or self.unit):
            raise fault("`blocked` and `unit` are for mobile scanners")
        if self.kind == "mobile" and self.on_call:
            raise fault("a mobile scanner cannot be `on_call`: at night it is on the road")
        if self.day_seconds <= 0:
            raise fault("`closes` must be later than `opens` plus `set_up`")
        return self

    @model_validator(mode="after")
    def _sessions_do_not_overlap(self):
        for weekday, name in enumerate(WEEKDAYS):
            held = sorted((s.opens, s.closes) for s in self.sessions if weekday in s.weekdays)
            for (_, closes), (opens, _) in pairwise(held):
                if opens < closes:
                    raise fault(f"two of its sessions overlap on {name}")
        return self

    @model_validator(mode="after")
    def _nights_are_whole(self):
        if self.on_call and any(session.opens == 0 for session in self.sessions):
            raise fault("a session of a scanner on call may not begin at midnight")
        return self

    @model_validator(mode="after")
    def _is_in_reserve_once(self):
        if self.in_reserve and any(session.in_reserve for session in self.more_sessions.values()):
            raise fault("the whole scanner is `in_reserve`; its sessions come with it")
        return self

    @property
    def sessions(self) -> list[FleetScanner | MoreSession]:
        """Its sessions: that of a full day, and the others."""
        return [self, *self.more_sessions.values()]

    @property
    def weekdays(self) -> list[int]:
        """The weekdays it works, 0 Monday."""
        return (self.days if self.kind == "fixed" else self.visits) or []

    @property
    def day_seconds(self) -> float:
        """Seconds of a full day that can be used for patients."""
        return self.closes - self.opens - self.set_up * SECONDS_A_DAY


def couch_seconds(scanner: FleetScanner, scanning: Scanning) -> tuple[float, float]:
    """Mean seconds on the couch by complexity: base x (1/s)^c."""
    longer = (1 / scanner.relative_sensitivity) ** scanning.made_up_by_longer_scanning
    whole = scanning.couch_time if scanning.couch_time_complex is None else scanning.couch_time_complex
    return scanning.couch_time * SECONDS_A_DAY * longer, whole * SECONDS_A_DAY * longer


def worse(share: float, scanner: FleetScanner, scanning: Scanning) -> float:
    """A share of poor scans on this scanner: it grows as (1/s)^(1-c), and is never more than 95 %."""
    return min(0.95, share * (1 / scanner.relative_sensitivity) ** (1 - scanning.made_up_by_longer_scanning))


def slots_possible(
    session: FleetScanner | MoreSession, scanner: FleetScanner, scanning: Scanning, sharing: int = 1
) -> float:
    """Slots of a session: the smallest of those offered and the whole ones that time on the couch and
    uptake bays, shared by so many scanners, allow."""
    seconds = session.day_seconds - scanning.uptake * SECONDS_A_DAY
    possible = min(session.slots_per_day, max(0, seconds // couch_seconds(scanner, scanning)[0]))
    if scanning.bays and scanning.uptake:
        turns = scanning.bays * (seconds // (scanning.uptake * SECONDS_A_DAY))
        possible = min(possible, turns // sharing)
    return possible


def slot_seconds(
    session: FleetScanner | MoreSession, scanner: FleetScanner, scanning: Scanning, sharing: int = 1
) -> float:
    """Length of a slot: a session shared evenly; a fraction of a slot, carried forward, still fits."""
    seconds = session.day_seconds - scanning.uptake * SECONDS_A_DAY
    return seconds / max(1, math.ceil(slots_possible(session, scanner, scanning, sharing)))
