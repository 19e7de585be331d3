"""Demand that reacts to the wait: where people wait long, fewer are referred."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import model_validator

from sim.model.quantity import Kind, PositiveDuration, fault
from sim.model.section import Section

SHORTEST_RATIO = 1e-9
"""A wait of nothing has no logarithm; the bounds hold long before."""


class Reaction(Section):
    """A month's demand is multiplied by (wait / reference wait) ^ elasticity, within two bounds.

    The wait is the mean time on the list so far, on the clock, of everybody who is on the modality's
    list when the month begins, in vetting and booked included.
    """

    elasticity: Annotated[float, Kind("ratio", least=-5, most=5)]
    """Change of demand in percent for a wait longer by one percent; below zero: longer waits, fewer referrals."""
    reference_wait: PositiveDuration
    """The wait at which the yearly number is what comes."""
    least: Annotated[float, Kind("ratio", least=0, most=1)] = 0.5
    """The factor is never less."""
    most: Annotated[float, Kind("ratio", least=1, most=10)] = 2.0
    """The factor is never more; candidates are drawn at this many times the yearly number."""

    @model_validator(mode="after")
    def _leaves_room(self):
        if self.least == self.most:
            raise fault("`least` and `most` must differ: demand could not react")
        return self

    def factor(self, mean_waiting_days: float) -> float:
        """What a month's demand is multiplied by. An empty list (nan) tells nobody anything: 1."""
        if math.isnan(mean_waiting_days):
            return 1.0
        ratio = max(mean_waiting_days / self.reference_wait, SHORTEST_RATIO)
        return min(max(ratio**self.elasticity, self.least), self.most)
