"""Whether people come."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.model.quantity import Ratio, ShareBelowAll
from sim.model.section import Section


class Attendance(Section):
    """Missed appointments and what follows one."""

    missed: ShareBelowAll
    """Share of appointments that patients of the site's own town do not attend."""
    odds_of_attending_per_10_km: Ratio
    """Odds ratio of attending for each 10 km further; 1 switches the effect of distance off."""
    cancelled_by_patient: ShareBelowAll = 0.0
    """Share of appointments that patients cancel, evenly between the booking and the slot."""
    clock_after_missed: Literal["resets", "continues"]
    """Whether the `clock` wait starts again at a missed appointment; the `lived` wait never does."""
    place_after_missed: Literal["end_of_list", "keeps_place"]
    """Where on the list somebody who missed an appointment rejoins."""
    clock_after_cancelled: Literal["resets", "continues"] = "continues"
    """Whether the `clock` wait starts again when a patient cancels; the `lived` wait never does."""
    place_after_cancelled: Literal["end_of_list", "keeps_place"] = "end_of_list"
    """Where on the list a patient who cancelled rejoins."""
    discharged_after: Annotated[int, Field(ge=1, le=100)] | None = None
    """Missed appointments after which a referral is closed; default never."""


def chance_of_missing(
    attendance: Attendance, km: np.ndarray, odds_of_attending: np.ndarray | float = 1.0
) -> np.ndarray:
    """Chance that an appointment is missed, for each journey in `km` (places, sites).

    odds_of_attending: odds ratio of each site.
    """
    odds = attendance.missed / (1 - attendance.missed)
    odds = odds * attendance.odds_of_attending_per_10_km ** (-km / 10) / odds_of_attending
    return odds / (1 + odds)
