"""Months by hand with several scanners, unscheduled patients and fates that a test decides.

The calendar is that of `by_hand`: day 1 is Wednesday 2 January 2019, and who is asked for on day 1 has
a slot on day 3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.model.demand import EMERGENCY
from sim.model.laws import check_laws
from sim.model.simulation import Simulation
from sim.model.tables import Tables
from tests.functional.model.two_towns import laid_over
from tests.unit.model.by_hand import Patient, at, put_in
from tests.world import simulation

WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
QUIET = {"calendar": {"years": "0.0834 years"}, "demand": {"MRI": {"per_year": "0 per year"}}}
TAKES_EMERGENCIES = {"demand": {"MRI": {"unscheduled": {"per_year": "0 per year"}}}}
SECOND = {
    "kind": "fixed", "modality": "MRI", "provider": "Trust", "site": "Hospital", "days": WEEK,
    "opens": "08:00", "closes": "18:00", "slots_per_day": "10 per day",
}  # fmt: skip
"""A second scanner like the first."""
EMERGENCIES_ONLY = {"priority": ["emergency"]}
NO_EMERGENCIES = {"priority": ["urgent_suspected_cancer", "urgent", "planned", "routine"]}
NEVER, ALWAYS = 1.0, 0.0
"""Uniforms above, and below, any chance."""


class Constant:
    """Stands for a generator whose times are all as long as their mean."""

    def exponential(self, mean: float) -> float:
        return float(mean)


def by_hand(
    changes: dict[str, Any],
    patients: list[Patient],
    down: dict[int, list[tuple[float, float]]] | None = None,
    prepare: Callable[[Simulation], None] = lambda sim: None,
) -> Tables:
    """Run the month with such patients only; the laws are checked. down: intervals by number of a scanner."""
    bays = changes.get("scanning", {}).get("MRI", {}).get("bays")
    quiet = QUIET if bays else laid_over(QUIET, TAKES_EMERGENCIES)
    sim = simulation(laid_over(quiet, changes))
    for scanner, intervals in (down or {}).items():
        sim.downtimes[scanner].intervals += [list(interval) for interval in intervals]
    if patients:
        put_in(sim, patients)
    prepare(sim)
    sim.run()
    tables = sim.tables()
    check_laws(tables)
    return tables


def asked_for(count: int, day: int = 1) -> list[Patient]:
    """Patients whose slots are two days later, one after the other."""
    return [Patient(at(day, f"10:{minute:02d}")) for minute in range(count)]


def turns_up(day: int, clock: str, **about: Any) -> Patient:
    """Somebody who comes without an appointment."""
    return Patient(at(day, clock), priority=EMERGENCY, **about)


def scans(tables: Tables) -> list[tuple]:
    """(patient, scanner, outcome, lost to, begins, ends) of all who lay on a couch, as they began."""
    made, labels = tables.appointments, tables.labels
    rows = [
        (
            int(made["referral"][n]),
            labels["scanner"][made["scanner"][n]],
            labels["appointments.outcome"][made["outcome"][n]],
            labels["lost_to"][made["lost_to"][n]],
            float(made["scan_start"][n]),
            float(made["scan_end"][n]),
        )
        for n in np.flatnonzero(np.isfinite(made["scan_start"]))
    ]
    return sorted(rows, key=lambda row: row[4:])


def scanned(patient: int, day: int, begins: str, ends: str, scanner: str = "scanner") -> tuple:
    """A row of `scans` that went well; hours beyond 24 are after midnight."""
    return (patient, scanner, "attended", "", at(day, begins), at(day, ends))


def broken_off(patient: int, day: int, begins: str, ends: str, scanner: str = "scanner") -> tuple:
    """A row of `scans` that a breakdown ended."""
    return (patient, scanner, "displaced", "breakdown", at(day, begins), at(day, ends))


def not_scanned(tables: Tables) -> list[tuple]:
    """(patient, slot, outcome, lost to) of the appointments without a scan, in order of the slots."""
    made, labels = tables.appointments, tables.labels
    rows = [
        (
            int(made["referral"][n]),
            float(made["slot_start"][n]),
            labels["appointments.outcome"][made["outcome"][n]],
            labels["lost_to"][made["lost_to"][n]],
        )
        for n in np.flatnonzero(np.isnan(made["scan_start"]))
    ]
    return sorted(rows, key=lambda row: row[1])


def accounts(tables: Tables, day: int, scanner: int = 0) -> list[dict[str, int]]:
    """Where the seconds of a scanner's stretches of a day went, without what is zero; longest last."""
    sessions = tables.sessions
    rows = np.flatnonzero((sessions["day"] == day) & (sessions["scanner"] == scanner))
    columns = [name for name in sessions if name.endswith("_seconds")]
    found = [{name.removesuffix("_seconds"): int(sessions[name][row]) for name in columns} for row in rows]
    found = [{name: number for name, number in one.items() if number} for one in found]
    return sorted(found, key=lambda one: one.get("open", 0))


def fated(
    fates: dict[tuple[int, int], tuple[float, ...]], otherwise: float = NEVER
) -> Callable[[Simulation], None]:
    """Decides days beforehand: by (purpose, day) the uniforms drawn; all other days of these purposes
    get `otherwise`."""
    purposes = {purpose for purpose, _ in fates}

    def prepare(sim: Simulation) -> None:
        drawn = sim.streams.row

        def row(purpose: int, entity: str, number: int, **where: Any) -> np.ndarray:
            if purpose in purposes:
                return np.array([*fates.get((purpose, number), (otherwise, otherwise)), 0.0, 0.0])
            return drawn(purpose, entity, number, **where)

        sim.streams.row = row

    return prepare


def constant_wear(sim: Simulation) -> None:
    """Failures by use, and repairs, always take their mean."""
    for use in sim.use.values():
        use.draw = Constant()
        use.left = use._next(0.0)


def constant_breakdowns(sim: Simulation) -> None:
    """Failures by calendar time, and repairs, always take their mean."""
    sim.streams.generator = lambda purpose, entity: Constant()
