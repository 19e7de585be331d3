"""Shocks: a time in which fewer are referred, or fewer slots offered, or both (a pandemic, a strike)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.model.modality import MODALITIES, Modality
from sim.model.quantity import OneOrEach, Share, fault
from sim.model.section import Section

Falls = Annotated[dict[Modality, Share], OneOrEach(Share)]
"""One share for all modalities, or a share by modality; a modality left out does not fall."""


class Shock(Section):
    """What falls by how much, from one day to another; shocks at the same time multiply."""

    first_day: datetime.date = Field(alias="from")
    """First day of it."""
    until: datetime.date
    """First day no longer in it."""
    demand_falls: Falls = {}
    """By how much fewer are referred: one share, or a share by modality."""
    capacity_falls: Falls = {}
    """By how much fewer slots are offered: one share, or a share by modality. The diary knows it
    beforehand, so that nobody is booked into a slot that then falls away."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self):
        if self.until <= self.first_day:
            raise fault(f"`until` must be later than `from` ({self.first_day}), got {self.until}")
        return self


def what_is_left(
    shocks: Iterable[Shock], of: Literal["demand_falls", "capacity_falls"], start: datetime.date, days: int
) -> np.ndarray:
    """The part that the shocks leave of each (modality, day); 1 on an ordinary day."""
    left = np.ones((len(MODALITIES), days))
    for shock in shocks:
        falls = getattr(shock, of)
        by_modality = [falls.get(m, 0.0) if isinstance(falls, dict) else falls for m in MODALITIES]
        first, last = (min(max((date - start).days, 0), days) for date in (shock.first_day, shock.until))
        left[:, first:last] *= 1 - np.array(by_modality)[:, None]
    return left
