"""A February in which nobody comes but the people that a test puts in, and those of its opening lists.

February 2019 has 28 days and no bank holiday; day 0 is a Friday, days 1 and 2 are the weekend. The clerk
works every morning at eight, the scanner opens at eight, and a scan takes half an hour.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.measures.cut import Window
from sim.measures.lists import census
from sim.model.couch import ATTENDING, CANCELLING, COUCH, QUALITY
from sim.model.demand import (
    CAR,
    COMPLEXITY,
    DOOR_COLUMNS,
    FIRST_ATTEMPT,
    MODALITIES,
    PRIORITY,
    REFUSES,
    REMOVED,
    ROUTINE,
    SHORT_NOTICE,
    TIME,
    VETTED,
    WAITED,
)
from sim.model.laws import check_laws
from sim.model.simulation import Simulation
from sim.model.streams import OPENING
from sim.model.tables import Tables
from tests.functional.model.two_towns import laid_over
from tests.world import simulation

NEVER = 1 - 2.0**-50
"""A uniform that is above every chance, and whose exponential time is far away."""
ONE_A_DAY = {"fleet": {"scanner": {"slots_per_day": "1 per day"}}, "booking": {"horizon": "1 day"}}
TWO_A_DAY = {"fleet": {"scanner": {"slots_per_day": "2 per day"}}, "booking": {"horizon": "1 day"}}
ONE_A_WEEK = {
    "fleet": {"scanner": {"slots_per_day": "1 per day", "days": ["friday"]}},
    "booking": {"horizon": "1 day"},
}
PLANNED_TOO = {"demand": {"MRI": {"planned": {"per_year": "0 per year"}}}}


class Try(NamedTuple):
    """The uniforms of one appointment."""

    misses: float = NEVER
    cancels: float = NEVER


class Person(NamedTuple):
    """Who is referred, and the uniforms drawn about them. tries: their appointments, later ones are kept."""

    referred: float
    tries: tuple[Try, ...] = (Try(),)
    priority: int = ROUTINE
    complexity: int = 0
    place: int = 0
    modality: str = "MRI"
    car: float = NEVER
    vetted: float = NEVER
    removed: float = NEVER
    refuses: float = NEVER
    short_notice: float = NEVER


class Waits(NamedTuple):
    """Somebody on an opening list: the uniforms drawn about them."""

    waited: float = 0.5
    priority: float = NEVER
    place: float = 0.0
    complexity: float = NEVER
    vetted: float = NEVER
    removed: float = NEVER


def bands(**people: int) -> list[int]:
    """Fourteen bands of weeks waited, `w5=2` for two in band 5; the others are empty."""
    return [people.get(f"w{week}", 0) for week in range(14)]


def opening(*numbers: int, **more: Any) -> dict[str, Any]:
    """The section for one opening list of MRI with these bands."""
    return {"opening_list": {"waiting": {"modality": "MRI", "bands": list(numbers)} | more}}


def february(changes: dict[str, Any], opening_lists: dict[str, Sequence[Waits]] | None = None) -> Simulation:
    """The month before it runs; who is on an opening list is drawn as its test says, row by row."""
    demand = {name: {"per_year": "0 per year"} for name in {"MRI", *changes.get("demand", {})}}
    quiet = {"calendar": {"start": datetime.date(2019, 2, 1), "years": "0.0834 years"}, "demand": demand}
    asked = laid_over(quiet, changes)
    for demand in asked["demand"].values():
        demand |= {"per_year": None} if "per_1000" in demand else {}
    sim = simulation(asked)
    drawn, given = sim.streams.uniforms, opening_lists or {}

    def uniforms(purpose: int, entity: str, rows: int, columns: int, **where: int) -> np.ndarray:
        name = entity.removeprefix("opening list ")
        if purpose != OPENING or name not in given:
            return drawn(purpose, entity, rows, columns, **where)
        (bands,) = (each.bands for each in sim.world.opening if each.key == name)
        assert len(given[name]) == sum(bands), "the test says another number of people than the bands"
        first = sum(bands[: where["month"]])
        drawn_here = [at_the_door(one) for one in given[name][first : first + rows]]
        return np.array(drawn_here).reshape(rows, columns)

    sim.streams.uniforms = uniforms
    return sim


def at_the_door(one: Waits) -> np.ndarray:
    """All that is drawn about somebody on an opening list."""
    u = np.full(DOOR_COLUMNS, NEVER)
    u[[WAITED, PRIORITY, TIME]] = one.waited, one.priority, one.place
    u[[COMPLEXITY, VETTED, REMOVED]] = one.complexity, one.vetted, one.removed
    u[[FIRST_ATTEMPT + COUCH, FIRST_ATTEMPT + QUALITY]] = 0.5
    return u


def month(
    changes: dict[str, Any],
    people: Iterable[Person] = (),
    opening_lists: dict[str, Sequence[Waits]] | None = None,
) -> Tables:
    """The tables of the month. The laws are checked."""
    return ran(february(changes, opening_lists), people)


def ran(sim: Simulation, people: Iterable[Person] = ()) -> Tables:
    """The tables after a run in which these come. The laws are checked."""
    people = sorted(people, key=lambda one: one.referred)
    if people:
        sim.env.process(coming(sim, people))
    sim.run()
    tables = sim.tables()
    check_laws(tables)
    return tables


def coming(sim: Simulation, people: list[Person]):
    """At the start of the month its people come to the door, in order of request."""
    yield sim.env.timeout(0)
    count, named = len(people), {name: np.array([getattr(p, name) for p in people]) for name in ROWS}
    rows = named | {"modality": np.array([MODALITIES.index(person.modality) for person in people])}
    rows |= {"block": np.full(count, len(sim.door.blocks)), "index": np.arange(count)}
    sim.door.blocks.append(("by hand", 0))
    u = np.full((count, DOOR_COLUMNS), NEVER)
    u[:, [FIRST_ATTEMPT + COUCH, FIRST_ATTEMPT + QUALITY]] = 0.5
    for column, name in UNIFORMS.items():
        u[:, column] = [getattr(person, name) for person in people]
    u[:, FIRST_ATTEMPT + ATTENDING] = [person.tries[0].misses for person in people]
    u[:, FIRST_ATTEMPT + CANCELLING] = [person.tries[0].cancels for person in people]
    came = {made.number: person for made, person in zip(sim.door.come_in(rows, u), people)}

    def draw_next_attempt(referral) -> None:
        referral.attempts += 1
        tries = came[referral.number].tries if referral.number in came else ()
        again = tries[referral.attempts] if referral.attempts < len(tries) else Try()
        referral.luck = [again.misses, referral.luck[COUCH], again.cancels, 0.5]

    sim.referrals._draw_next_attempt = draw_next_attempt


ROWS = ("referred", "priority", "complexity", "place")
UNIFORMS = {
    CAR: "car",
    VETTED: "vetted",
    REMOVED: "removed",
    REFUSES: "refuses",
    SHORT_NOTICE: "short_notice",
}


def column(tables: Tables, name: str) -> list:
    """A column of the referrals; None where there is no time."""
    return [
        None if isinstance(value, float) and np.isnan(value) else value
        for value in tables.referrals[name].tolist()
    ]


def outcomes(tables: Tables) -> list[str]:
    """What became of each referral."""
    return [tables.labels["referrals.outcome"][code] for code in tables.referrals["outcome"]]


def booked(tables: Tables) -> list[tuple[int, float, float]]:
    """(referral, when it was booked, its slot), in order of the slots."""
    made = tables.appointments
    rows = zip(made["referral"].tolist(), made["booked"].tolist(), made["slot_start"].tolist())
    return sorted(rows, key=lambda row: (row[2], row[0]))


def order(tables: Tables) -> list[int]:
    """Whose slot came when: the referrals in order of their slots."""
    return [who for who, _, _ in booked(tables)]


def counted(tables: Tables, sim: Simulation) -> dict[str, int]:
    """The census of the only month end and modality: its numbers that are not zero."""
    (row,) = census(Window(tables, sim.world.days))
    return {name: number for name, number in row.items() if isinstance(number, int) and number}
