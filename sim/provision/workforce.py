"""Whose staff, and how many sessions can they run?"""

from __future__ import annotations

from pydantic import model_validator

from sim.model.demand import Modality
from sim.model.quantity import Load, PerWeek, PerYear, Radiographers, Share, ShareBelowAll, fault
from sim.model.section import Section


class Crew(Section):
    """Radiographers who hold the sessions of some providers; its name is the key in the file."""

    providers: list[str]
    """Whose sessions they hold, of scanners that need radiographers."""
    establishment: Radiographers
    """Posts, in whole-time equivalents."""
    vacancies: Share = 0.0
    """Share of posts that are empty."""
    sickness: ShareBelowAll = 0.0
    """Share of those rostered who are off sick on the day."""
    sessions_per_week: PerWeek
    """Sessions that one whole-time post works in a week, leave taken out."""
    key: str | None = None
    """Names its random numbers; default its name."""


class Workforce(Section):
    """How many of the slots that scanners can offer are staffed.

    Either or both: a plan made beforehand, which has its own numbers (it does not follow the demand
    that then comes, nor missed appointments, sensitivity or breakdowns: otherwise a worse scanner would
    be given more staff); and crews, without whom a session is cancelled on the day.
    """

    planned_load: Load | None = None
    """Slots expected to be needed over slots staffed, at each site; default all slots are staffed."""
    planned_referrals: dict[Modality, PerYear] | None = None
    """Referrals a year in the whole region that the plan was made for."""
    planned_missed: ShareBelowAll = 0.0
    """Share of appointments that the plan expects to be missed, each needing another slot."""
    crews: dict[str, Crew] = {}
    """Who holds the sessions of scanners that need radiographers."""

    @model_validator(mode="after")
    def _a_plan_is_whole(self):
        if (self.planned_load is None) != (self.planned_referrals is None):
            raise fault("`planned_load` and `planned_referrals` belong together")
        return self


def staffed_slots(
    workforce: Workforce | None, needed: dict[int, float], possible: dict[int, float]
) -> dict[int, float]:
    """Staffed slots a session for each scanner number.

    needed: first appointments a session planned for each scanner (of `planned_referrals`).
    possible: slots a session each can offer. Without a plan all of them are staffed.
    """
    if workforce is None or workforce.planned_load is None:
        return dict(possible)
    again = (1 - workforce.planned_missed) * workforce.planned_load
    return {number: min(possible[number], needed[number] / again) for number in possible}
