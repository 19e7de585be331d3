"""Which sessions have a crew: who is rostered, and who is off sick on the day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.streams import ROSTER

if TYPE_CHECKING:
    from sim.model.sessions import Session
    from sim.model.simulation import Simulation


@dataclass(frozen=True)
class Crew:
    """Radiographers who hold the sessions of some scanners.

    key: names their random numbers. a_week: sessions of one person that they can work in a week,
    vacancies taken out. sickness: share of them who cannot come on the day. scanners: by number.
    on_weekday: radiographers needed on each weekday for all sessions.
    """

    key: str
    a_week: float
    sickness: float
    scanners: frozenset[int]
    on_weekday: tuple[float, ...]

    def rostered(self, weekday: int) -> float:
        """How many are rostered on a weekday: the week's shared by need, and no more than needed."""
        needed = sum(self.on_weekday)
        share = self.on_weekday[weekday] / needed if needed else 0.0
        return min(self.a_week * share, self.on_weekday[weekday])


class Rosters:
    """The sessions of the day that have no crew."""

    def __init__(self) -> None:
        self.without: set[int] = set()

    def have_no_crew(self, session: Session) -> None:
        """A session is not held; nobody can be booked into it any more."""
        self.without.add(session.number)
        session.offer_nothing()


def rostering(sim: Simulation, crew: Crew):
    """A crew's working life: each midnight it is known who is off sick, and what cannot be held."""
    days = sim.world.days
    for day in range(days.end):
        yield sim.env.timeout(day - sim.env.now)
        sim.diary.extend(day)
        u, v, *_ = sim.streams.row(ROSTER, crew.key, day).tolist()
        present = at_work(crew.rostered(int(days.weekday[day])), crew.sickness, u, v)
        for session in sessions_of(sim, crew, day):
            present -= session.template.radiographers
            if present < -1e-9:
                sim.rosters.have_no_crew(session)
                present += session.template.radiographers


def sessions_of(sim: Simulation, crew: Crew, day: int) -> list[Session]:
    """A crew's sessions of a day: those that take unscheduled patients first, the others by lot."""
    found = [
        session
        for suite in sim.world.suites
        for session in sim.diary.ahead.get((suite.number, day), ())
        if session.scanner.number in crew.scanners and session.template.radiographers
    ]
    return sorted(found, key=lambda session: (not session.scanner.unscheduled, session.order()))


def at_work(rostered: float, sickness: float, u: float, v: float) -> int:
    """How many come: the fraction of a person is there with that chance, and each is sick or not."""
    from scipy.special import bdtr

    count = math.floor(rostered) + (v < rostered - math.floor(rostered))
    return next((k for k in range(count) if bdtr(k, count, 1 - sickness) >= u), count)
