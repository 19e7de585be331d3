"""Which sessions have a crew: who is on the roster, who has left to work for others, who is off sick."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.model.breakdowns import NEVER
from sim.model.streams import ROSTER

if TYPE_CHECKING:
    from sim.model.sessions import Scanner, Session
    from sim.model.simulation import Simulation
    from sim.model.works import Works

NOTHING = 1e-9
"""Differences that come from rounding."""


@dataclass(frozen=True)
class Drawn:
    """What somebody else's sessions draw from a crew.

    scanners: theirs. posts_each: what the crew loses for each session of a radiographer that they need a
    week. over: days in which these leave, evenly, from the day on which they are needed.
    refilled_after: days until a lost post is filled again.
    """

    scanners: tuple[Scanner, ...]
    posts_each: float
    over: float
    refilled_after: float = NEVER

    def gone(self, days: float) -> float:
        """The part that is gone so many days after it was needed first."""
        return self._left(days) - self._left(days - self.refilled_after)

    def _left(self, days: float) -> float:
        if days < 0 or not self.over:
            return float(days >= 0)
        return min(1.0, days / self.over)


@dataclass(frozen=True)
class Crew:
    """Radiographers who hold the sessions of some scanners.

    key: names their random numbers. posts: those that are filled. sessions_per_week: of one post.
    sickness: share of those on the roster who cannot come on the day.
    """

    key: str
    posts: float
    sessions_per_week: float
    sickness: float
    scanners: tuple[Scanner, ...]
    drawn: Drawn | None = None

    @cached_property
    def suites(self) -> list[int]:
        """Where their scanners are."""
        return sorted({scanner.suite for scanner in self.scanners})

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Their scanners' numbers."""
        return frozenset(scanner.number for scanner in self.scanners)

    def covers(self, posts: float, need: Sequence[float]) -> float:
        """What so many posts work in a week over what is needed by weekday: each day has the same part."""
        week = sum(need)
        return posts * self.sessions_per_week / week if week else 0.0


class Rosters:
    """Who is there. without: sessions that have no crew. rostered, at_work: radiographers by session,
    those whom the crew had for it and those who hold it."""

    def __init__(self) -> None:
        self.without: set[int] = set()
        self.rostered: dict[int, float] = {}
        self.at_work: dict[int, float] = {}

    def hold(self, sessions: list[Session], present: float) -> None:
        """Share those who are there over the sessions of a day, in order; one in maintenance needs nobody."""
        for session in sessions:
            if is_maintained(session):
                continue
            people = session.template.radiographers
            if people <= present + NOTHING:
                present -= people
                self.at_work[session.number] = people
            else:
                self.have_no_crew(session)

    def have_no_crew(self, session: Session) -> None:
        """A session is not held; nobody can be booked into it any more."""
        self.without.add(session.number)
        session.offer_nothing()


class Need:
    """Sessions of a radiographer that the sessions of some scanners need."""

    def __init__(self, scanners: Iterable[Scanner], works: Works) -> None:
        self.works = works
        self.templates = [
            (scanner.number, number, template)
            for scanner in scanners
            for number, template in enumerate(scanner.templates)
            if template.radiographers
        ]
        self.known_until, self.changes, self.week = -NEVER, 0, [0.0] * 7

    def on(self, day: int) -> list[float]:
        """By weekday, of the sessions that are held as things stand on a day; to be asked for each day in turn."""
        if day >= self.known_until or self.changes != self.works.changes:
            self.known_until, self.changes = self.works.same_until(day), self.works.changes
            self.week = [0.0] * 7
            for *number, template in self.templates:
                if self.works.on(*number, day):
                    for weekday in template.weekdays:
                        self.week[weekday] += template.radiographer_sessions
        return self.week


class Leaving:
    """The posts that a crew loses. draws: (since when, sessions of a radiographer a week) for which it does."""

    def __init__(self, drawn: Drawn, works: Works) -> None:
        self.drawn, self.need = drawn, Need(drawn.scanners, works)
        self.draws: list[tuple[int, float]] = []

    def lost(self, day: int) -> float:
        """Posts lost on a day; to be asked for each day in turn."""
        self._follow(sum(self.need.on(day)), day)
        return self.drawn.posts_each * sum(need * self.drawn.gone(day - since) for since, need in self.draws)

    def _follow(self, need: float, day: int) -> None:
        """What is needed more leaves from now on; what is not needed any more, the latest first, is back."""
        more = need - sum(so_far for _, so_far in self.draws)
        if more > NOTHING:
            self.draws.append((day, more))
        while more < -NOTHING:
            since, latest = self.draws.pop()
            more += latest
            if more > NOTHING:
                self.draws.append((since, more))
                break


def rostering(sim: Simulation, crew: Crew):
    """A crew's working life: each midnight it is known who is on the roster, and who of them is off sick.

    Sessions that take unscheduled patients come first, the others by lot; the crew of a scanner in
    maintenance holds whichever of them would have none.
    """
    days, need = sim.world.days, Need(crew.scanners, sim.works)
    leaving = Leaving(crew.drawn, sim.works) if crew.drawn else None
    for day in range(days.end):
        yield sim.env.timeout(day - sim.env.now)
        sim.diary.extend(day)
        posts = max(0.0, crew.posts - leaving.lost(day)) if leaving else crew.posts
        sessions = sessions_of(sim, crew, day)
        if sessions:
            staff(sim, crew, sessions, posts, need.on(day), days.weekdays[day])


def staff(
    sim: Simulation, crew: Crew, sessions: list[Session], posts: float, need: list[float], weekday: int
) -> None:
    """Find a crew for a day's sessions. need: sessions of a radiographer by weekday."""
    covers, planned, u = crew.covers(posts, need), sessions, 0.0
    if crew.sickness or covers < 1 - NOTHING:
        sessions.sort(key=lambda s: (is_maintained(s), not s.scanner.unscheduled, s.order()))
        u, v, *_ = sim.streams.row(ROSTER, crew.key, sessions[0].day).tolist()
        planned = on_the_roster(sessions, min(1.0, covers) * need[weekday], v)
    for session in planned:
        sim.rosters.rostered[session.number] = session.template.radiographers * max(1.0, covers)
    people = sum(session.template.radiographers for session in planned)
    sim.rosters.hold(sessions, people - off_sick(people, crew.sickness, u))


def is_maintained(session: Session) -> bool:
    """Whether its scanner is maintained on its day, which was planned long before."""
    return session.day in session.scanner.maintained


def sessions_of(sim: Simulation, crew: Crew, day: int) -> list[Session]:
    """A crew's sessions of a day."""
    return [
        session
        for suite in crew.suites
        for session in sim.diary.ahead.get((suite, day), ())
        if session.scanner.number in crew.numbers and session.template.radiographers
    ]


def on_the_roster(sessions: list[Session], there_are: float, v: float) -> list[Session]:
    """Those sessions of a day, in order, that have a whole crew on the roster.

    there_are: sessions of a radiographer. The session for which only a part of these is left is on it with
    that chance: over the weeks all are used, and nobody comes for half a crew.
    """
    for count, session in enumerate(sessions):
        need = session.template.radiographer_sessions
        if need > there_are + NOTHING:
            return sessions[: count + (v * need < there_are)]
        there_are -= need
    return sessions


def off_sick(people: float, sickness: float, u: float) -> int:
    """How many on the roster cannot come: each is sick or not, independently."""
    if not sickness:
        return 0
    from scipy.special import bdtr

    count = math.ceil(people - NOTHING)
    return count - next((k for k in range(count) if bdtr(k, count, 1 - sickness) >= u), count)
