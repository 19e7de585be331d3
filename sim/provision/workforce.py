"""Whose staff, and how many sessions can they run?"""

from __future__ import annotations

from pydantic import model_validator

from sim.model.demand import Modality
from sim.model.quantity import (
    Cover,
    Duration,
    Load,
    PerWeek,
    PerYear,
    Radiographers,
    Share,
    ShareBelowAll,
    fault,
)
from sim.model.section import Section


class Crew(Section):
    """Radiographers who hold the sessions of some providers; its name is the key in the file."""

    providers: list[str]
    """Whose sessions they hold, of scanners that need radiographers."""
    establishment: Radiographers | None = None
    """Posts, in whole-time equivalents; default those that `cover` asks for."""
    cover: Cover | None = None
    """In place of `establishment`: posts over those that can hold the sessions planned (those in reserve
    are not); default 100 %."""
    vacancies: Share = 0.0
    """Share of posts that are empty."""
    sickness: ShareBelowAll = 0.0
    """Share of those rostered who are off sick on the day."""
    sessions_per_week: PerWeek
    """Whole sessions that one whole-time post works in a week, leave taken out. Of a session of which
    `planned_load` staffs a part, it is that part."""
    key: str | None = None
    """Names its random numbers; default its name."""

    @model_validator(mode="after")
    def _is_sized_once(self):
        if self.establishment is not None and self.cover is not None:
            raise fault("has both `establishment` and `cover`: its posts follow from one or the other")
        return self


class Workforce(Section):
    """How many of the slots that scanners can offer are staffed, and by whom.

    Either or both: a plan made beforehand, which has its own numbers (it does not follow the demand
    that then comes, nor missed appointments, sensitivity or breakdowns: otherwise a worse scanner would
    be given more staff); and crews, without whom a session is cancelled on the day. A provider that no
    crew names is staffed as planned.
    """

    planned_load: Load | None = None
    """Slots expected to be needed over slots staffed, at each site; default all slots are staffed."""
    planned_referrals: dict[Modality, PerYear] | None = None
    """Referrals a year in the whole region that the plan was made for."""
    planned_missed: ShareBelowAll = 0.0
    """Share of appointments that the plan expects to be missed, each needing another slot."""
    crews: dict[str, Crew] = {}
    """Who holds the sessions of scanners that need radiographers."""
    contractor: str | None = None
    """The provider whose sessions draw radiographers from the crews of all others; default nobody's do."""
    drawn_from_nhs: Share = 0.0
    """Share of the posts that the contractor's sessions need which the others lose, by their filled posts;
    the rest come from elsewhere. They are back when the sessions are held no more."""
    drawn_over: Duration = 0.0
    """Time in which these posts are lost, evenly, from the first day of the sessions that need them."""
    refilled_after: Duration | None = None
    """When a lost post is filled again; default never."""

    @model_validator(mode="after")
    def _a_plan_is_whole(self):
        if (self.planned_load is None) != (self.planned_referrals is None):
            raise fault("`planned_load` and `planned_referrals` belong together")
        return self


def posts_filled(crew: Crew, needed: float) -> float:
    """Posts that are filled. needed: sessions of a radiographer a week that hold all planned sessions.

    20 a week, at 4 for each post: 5 posts; with a cover of 90 %, 4.5; of 6 posts, a tenth empty, 5.4.
    """
    posts = crew.establishment
    if posts is None:
        posts = (1.0 if crew.cover is None else crew.cover) * needed / crew.sessions_per_week
    return posts * (1 - crew.vacancies)


def posts_each(workforce: Workforce, filled: dict[str, float]) -> dict[str, float]:
    """Posts that each crew loses for every session of a radiographer that the contractor needs a week.

    filled: posts by crew. One of the contractor's posts works so many sessions as those of its own crew
    do; where it has none, as those of the others do on average.
    """
    crews, contractor = workforce.crews, workforce.contractor
    own = [crew.sessions_per_week for crew in crews.values() if contractor in crew.providers]
    losing = {name: posts for name, posts in filled.items() if contractor not in crews[name].providers}
    total = sum(losing.values())
    if contractor is None or not total:
        return {}
    others = sum(posts * crews[name].sessions_per_week for name, posts in losing.items()) / total
    drawn = workforce.drawn_from_nhs / (own[0] if own else others)
    return {name: drawn * posts / total for name, posts in losing.items()}


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
