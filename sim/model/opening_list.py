"""The opening waiting list: those who already wait when the simulated world starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from sim.model.bands import BAND_COUNT, tail_weeks
from sim.model.demand import COMPLEXITY, PRIORITY, ROUTINE, TIME, WAITED, Modality, Priority
from sim.model.quantity import Duration, Share, fault
from sim.model.section import Section

DAYS_A_WEEK = 7


class OpeningWaitingList(Section):
    """Those who wait for one modality at the start; its name is the key in the file.

    Either typed in (`modality`, `bands`) or read from a DM01 extract (`dm01`, `provider`, `test`,
    `month`).
    """

    modality: Modality | None = None
    """What they wait for."""
    bands: (
        Annotated[
            list[Annotated[int, Field(ge=0, le=10_000_000)]],
            Field(min_length=BAND_COUNT, max_length=BAND_COUNT),
        ]
        | None
    ) = None
    """How many have waited 0, 1, ... 12 and 13 or more whole weeks, as DM01 counts them."""
    dm01: str | None = None
    """A DM01 extract, relative to the scenario file."""
    provider: str | None = None
    """The provider's code in the extract."""
    test: str | None = None
    """The test's name in the extract."""
    month: str | None = None
    """The month at whose end the list was counted, such as 2025-03."""
    place: str | None = None
    """Where they live; default all places, by population."""
    urgent: dict[Priority, Share] = {}
    """Share of each urgent priority among those who have waited less than `urgent_up_to`."""
    urgent_up_to: Duration = 14.0
    """Who has waited longer is routine."""
    source: str | None = None
    """Of the bands: a key of sources.yaml."""
    assumption: str | None = None
    """Why these bands, where there is no source."""
    note: str | None = None

    @model_validator(mode="after")
    def _one_way_or_the_other(self):
        typed, read = (self.modality, self.bands), (self.dm01, self.provider, self.test, self.month)
        if all(value is not None for value in typed) and not any(value is not None for value in read):
            pass
        elif any(value is not None for value in typed) or any(value is None for value in read):
            raise fault("needs either `modality` and `bands`, or `dm01`, `provider`, `test` and `month`")
        if "routine" in self.urgent or sum(self.urgent.values()) > 1 + 1e-9:
            raise fault("`urgent` names urgent priorities only, and at most 100 % of people")
        return self


@dataclass(frozen=True)
class OpeningList:
    """An opening waiting list as the model draws it.

    key: names its random numbers. bands: people by whole weeks waited. urgent: share of each
    priority among those under `urgent_up_to` days. complex: share. places: share of each place.
    """

    key: str
    modality: int
    bands: tuple[int, ...]
    urgent: tuple[float, float]
    urgent_up_to: float
    complex: float
    places: np.ndarray

    def draw(self, u: np.ndarray) -> dict[str, np.ndarray]:
        """Who they are: columns of their rows. u: uniforms drawn about each, (people, columns)."""
        week = np.repeat(np.arange(BAND_COUNT), self.bands)
        tail = -np.log1p(-u[:, WAITED]) * tail_weeks(self.bands)
        waited = DAYS_A_WEEK * (week + np.where(week == BAND_COUNT - 1, tail, u[:, WAITED]))
        bounds = np.where(waited[:, None] < self.urgent_up_to, np.cumsum(self.urgent), 0.0)
        cancer, urgent = (u[:, PRIORITY] < bounds[:, n] for n in range(2))
        priority = np.where(cancer, 0, np.where(urgent, 1, ROUTINE))
        place = np.searchsorted(np.cumsum(self.places), u[:, TIME], side="right")
        return {
            "modality": np.full(len(u), self.modality),
            "place": np.minimum(place, len(self.places) - 1),
            "referred": -np.maximum(waited, 1e-6),
            "priority": priority,
            "complexity": (u[:, COMPLEXITY] < self.complex).astype(int),
        }
