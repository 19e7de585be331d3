"""Whose staff, and how many sessions can they run?"""

from __future__ import annotations

from sim.model.demand import Modality
from sim.model.quantity import Load, PerYear, ShareBelowAll
from sim.model.section import Section


class Workforce(Section):
    """How many of the slots that scanners can offer are staffed: a plan made beforehand.

    The plan has its own numbers. It does not follow the demand that then comes, nor missed
    appointments, sensitivity or breakdowns: otherwise a worse scanner would be given more staff.
    """

    planned_load: Load
    """Slots expected to be needed over slots staffed, at each site."""
    planned_referrals: dict[Modality, PerYear]
    """Referrals a year in the whole region that the plan was made for."""
    planned_missed: ShareBelowAll
    """Share of appointments that the plan expects to be missed, each needing another slot."""


def staffed_slots(
    workforce: Workforce | None, needed: dict[int, float], possible: dict[int, float]
) -> dict[int, float]:
    """Staffed slots a session for each scanner number.

    needed: first appointments a session planned for each scanner (of `planned_referrals`).
    possible: slots a session each can offer. Without a workforce answer all of them are staffed.
    """
    if workforce is None:
        return dict(possible)
    again = (1 - workforce.planned_missed) * workforce.planned_load
    return {number: min(possible[number], needed[number] / again) for number in possible}
