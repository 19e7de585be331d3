"""How a modality is scanned, and how its scanners fail."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.model.quantity import (
    Duration,
    Fraction,
    Growth,
    PositiveDuration,
    Ratio,
    Share,
    ShareBelowAll,
    fault,
)
from sim.model.section import Section


class Returning(Section):
    """Scans whose patients come back with a new referral."""

    share: ShareBelowAll
    """Share of complete scans, on a scanner of relative sensitivity 1."""
    after: Duration
    """From the scan to the new referral."""


class Scanning(Section):
    """How one modality is scanned and how its scanners fail."""

    couch_time: PositiveDuration
    """Mean time on the couch, turn-round included, on a scanner of relative sensitivity 1."""
    couch_time_complex: PositiveDuration | None = None
    """The same for complex referrals; default as for the others."""
    couch_time_variation: Ratio
    """Coefficient of variation of the time on the couch."""
    couch_time_shape: Literal["lognormal", "gamma"] = "lognormal"
    """Its distribution. Gamma is for queueing theory: with a variation of 1 it is exponential, with 0.5
    Erlang-4."""
    slots_if_complex: Annotated[int, Field(ge=1, le=10)] = 1
    """Slots that a complex referral is given."""
    made_up_by_longer_scanning: Fraction
    """Share c of a lower relative sensitivity s made up by scanning longer: time x (1/s)^c."""
    incomplete: ShareBelowAll = 0.0
    """Share of scans that have to be done again: not completed, or not good enough. Grows as
    (1/s)^(1-c)."""
    missed_findings: Returning | None = None
    """Findings missed, whose patients return as new referrals. The share grows as (1/s)^(1-c)."""
    longest_wait_on_the_day: Duration
    """A patient whose scan cannot begin so long after the slot is displaced."""
    longest_overrun: Duration
    """How long after closing time a scan may still end."""
    uptime: Share
    """Share of calendar time at which a scanner works."""
    repair_time: Duration
    """Mean time to repair, by calendar time."""
    use_between_failures: PositiveDuration | None = None
    """Mean time with a patient on the couch between two failures by use, beside those by calendar
    time."""
    failures_grow: Growth = 0.0
    """How much more often a scanner fails with each year of its age."""
    engineers: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Engineers who repair this modality's scanners, one scanner each; default one is always at hand."""
    on_the_table: Literal["finishes", "rebooked", "restarts", "resumes"]
    """What happens to the patient being scanned when the scanner fails. A restarted or resumed scan
    waits for the repair at that scanner, on call for days: where repairs take that long, `rebooked`. `resumes`
    is for queueing theory."""
    place_after_displaced: Literal["end_of_list", "keeps_place"]
    """Where on the list a displaced patient rejoins, also one cancelled by the hospital."""
    bays: Annotated[int, Field(ge=1, le=100)] | None = None
    """Uptake bays at each site, shared by its scanners; default none are needed."""
    uptake: Duration = 0.0
    """How long a patient rests in a bay after the injection, before the scan can begin."""
    tracer_fails: ShareBelowAll = 0.0
    """Share of days on which the delivery of tracer fails, at all scanners with the same supplier."""

    @model_validator(mode="after")
    def _bays_have_their_uptake(self):
        if (self.bays is None) == (self.uptake > 0):
            raise fault("`bays` and `uptake` belong together")
        return self
