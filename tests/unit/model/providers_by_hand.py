"""The February of `list_by_hand` with a trust and a company, and what is drawn about people decided by a test.

The trust's scanner stands at the hospital in the town. The company's stands at a clinic in the same town,
as near as the hospital, or in a village an hour away. Slots are an hour apart from eight, of either scanner.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from sim.model.groups import AGE, MOBILITY, SENT
from sim.model.simulation import Simulation
from sim.model.streams import LISTS, PERSONS, WORDS
from sim.model.tables import Tables
from sim.model.ways import AGREES, LOT
from tests.functional.model.two_towns import SPOT, VILLAGE, laid_over
from tests.unit.model.by_hand import at
from tests.unit.model.list_by_hand import NEVER, Person, february, ran

WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
TOWN, FAR = 0, 1
"""Places, by number."""


class Luck(NamedTuple):
    """The uniforms drawn about a person and their lists."""

    lot: float = 0.0
    agrees: float = NEVER
    older: float = NEVER
    needs_help: float = NEVER
    sent: float = NEVER


def scanner_of(provider: str, site: str, slots: int = 1, days: Iterable[str] = WEEK, **more: Any) -> dict:
    """A scanner that opens at eight and offers so many slots a day."""
    return {
        "kind": "fixed", "modality": "MRI", "provider": provider, "site": site, "days": list(days),
        "opens": "08:00", "closes": "18:00", "slots_per_day": f"{slots} per day",
    } | more  # fmt: skip


def side_by_side(trust: int = 1, company: int = 1, **changes: Any) -> dict[str, Any]:
    """Two sites equally near, with so many slots a day each."""
    clinic = {"place": "Town", "latitude": "51.75 degrees", "longitude": "-1.22 degrees"}
    return laid_over(both_with("Clinic", clinic, trust, company), changes)


def an_hour_apart(trust: int = 1, company: int = 1, **changes: Any) -> dict[str, Any]:
    """The company's site is an hour from the town; the people of the village are a quarter from it."""
    made = both_with("Green", {"place": "Village"} | SPOT, trust, company)
    apart = {"car_minutes": {"Town": {"Village": "60 minutes"}}}
    return laid_over(made | {"places": {"Village": VILLAGE}, "travel": apart}, changes)


def both_with(name: str, site: dict, trust: int, company: int) -> dict[str, Any]:
    """A fleet of one scanner of the trust and one of the company at some site."""
    return {
        "sites": {name: site},
        "fleet": {
            "scanner": {"slots_per_day": f"{trust} per day"},
            "company": scanner_of("Company", name, company),
        },
        "reporting": {"radiologists": {"reports_for": ["Trust", "Company"]}},
    }


def prepared(changes: dict[str, Any], luck: Iterable[Luck] = ()) -> Simulation:
    """The month before it runs; luck: of the people by their number, the others have none."""
    sim, known = february(changes), dict(enumerate(luck))
    uniforms, row = sim.streams.uniforms, sim.streams.row

    def drawn(purpose: int, number: int) -> np.ndarray:
        one, u = known.get(number, Luck()), np.full(WORDS, NEVER)
        if purpose == LISTS:
            u[[LOT, AGREES]] = one.lot, one.agrees
        else:
            u[[AGE, MOBILITY, SENT]] = one.older, one.needs_help, one.sent
        return u

    def all_drawn(purpose: int, entity: str, rows: int, columns: int, **where: int) -> np.ndarray:
        if purpose in (LISTS, PERSONS) and entity == "by hand":
            return np.array([drawn(purpose, number) for number in range(rows)])
        return uniforms(purpose, entity, rows, columns, **where)

    def one_drawn(purpose: int, entity: str, number: int, **where: int) -> np.ndarray:
        if purpose in (LISTS, PERSONS) and entity == "by hand":
            return drawn(purpose, number)
        return row(purpose, entity, number, **where)

    sim.streams.uniforms, sim.streams.row = all_drawn, one_drawn
    return sim


def run(changes: dict[str, Any], people: Iterable[Person], luck: Iterable[Luck] = ()) -> Tables:
    """The tables of the month; the laws are checked."""
    return ran(prepared(changes, luck), people)


def visits(tables: Tables) -> dict[int, list[tuple[str, int]]]:
    """(scanner, day) of each person's appointments, in order."""
    made, names = tables.appointments, tables.labels["scanner"]
    found: dict[int, list[tuple[str, int]]] = {n: [] for n in range(len(tables.referrals["referred"]))}
    for row in np.lexsort((made["slot_start"], made["referral"])).tolist():
        found[int(made["referral"][row])].append((names[made["scanner"][row]], int(made["slot_start"][row])))
    return found


def went_to(tables: Tables) -> list[str]:
    """The scanner of each person's first appointment; empty where there was none."""
    return [theirs[0][0] if theirs else "" for theirs in visits(tables).values()]


def scanned_on(tables: Tables) -> list[int | None]:
    """The day of each person's scan."""
    return [None if np.isnan(day) else int(day) for day in tables.referrals["scanned"].tolist()]


def who_came(tables: Tables, outcome: str) -> list[tuple[int, str, int]]:
    """(person, scanner, day) of the appointments that ended so."""
    made, labels = tables.appointments, tables.labels
    rows = np.flatnonzero(made["outcome"] == labels["appointments.outcome"].index(outcome)).tolist()
    return sorted(
        (int(made["referral"][n]), labels["scanner"][made["scanner"][n]], int(made["slot_start"][n]))
        for n in rows
    )


def asked_for(count: int, day: int = 0, **about: Any) -> list[Person]:
    """Some people who are referred one after the other from ten o'clock on a day."""
    return [Person(at(day, f"10:{minute:02d}"), **about) for minute in range(count)]
