"""A month in which nobody comes but the patients that a test puts in.

January 2019 begins on a Tuesday that is a bank holiday, so day 1 is Wednesday and day 4 Saturday. Who is
asked for on day 1 is booked by the clerk on day 2 at eight, for the slots of day 3, one hour apart.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.model.demand import MODALITIES, NO_REFERRER
from sim.model.laws import check_laws
from sim.model.records import Tables
from sim.model.section import SECONDS_A_DAY
from sim.model.simulation import Simulation
from tests.world import simulation

ATTENDS, MISSES = 1.0, 0.0
"""Uniforms of an appointment: never below, and always below, a chance of missing."""
MRI = MODALITIES.index("MRI")


class Patient(NamedTuple):
    """What would have been drawn at the door. factor: the scan takes so many times its mean."""

    referred: float
    comes: float = ATTENDS
    factor: float = 1.0
    priority: int = 2
    complexity: int = 0
    place: int = 0


def seconds(clock: str) -> int:
    """`09:30` as whole seconds since midnight."""
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def at(day: int, clock: str) -> float:
    """A day and a clock time in days, computed as the tables do."""
    return day + seconds(clock) / SECONDS_A_DAY


def month_of(
    changes: dict[str, Any], patients: list[Patient], down: list[tuple[float, float]] = ()
) -> Tables:
    """Run the month; the first scanner is down in the intervals `down`. The laws are checked."""
    quiet = {"years": "0.0834 years"} | changes.get("calendar", {})
    changes = changes | {"calendar": quiet, "demand": {"MRI": {"per_year": "0 per year"}}}
    sim = simulation(changes)
    sim.downtimes[0].intervals += [list(interval) for interval in down]
    put_in(sim, patients)
    sim.run()
    tables = sim.tables()
    check_laws(tables)
    return tables


def put_in(sim: Simulation, patients: list[Patient]) -> None:
    """Put patients at the door; at a second appointment they come, and lie for the mean time."""
    columns = {name: np.array(column) for name, column in zip(Patient._fields, zip(*patients))}
    count, priority = len(patients), columns["priority"]
    rows = {
        "referred": columns["referred"],
        "listed": columns["referred"] + sim.world.vetting_days[priority],
        "place": columns["place"],
        "referrer": np.full(count, NO_REFERRER),
        "priority": priority,
        "complexity": columns["complexity"],
        "car": np.zeros(count, dtype=int),
        "block": np.zeros(count, dtype=int),
        "index": np.arange(count),
        "modality": np.full(count, MRI),
        "second_attempt": np.tile([0.999, 0.5, 0.5, 0.5], (count, 1)),
    }
    sim.referrals.blocks.append(("by hand", 0))
    sim.referrals.attempt += zip(columns["comes"].tolist(), columns["factor"].tolist())
    sim.referrals._append(rows, MRI)


def appointments(tables: Tables) -> list[tuple]:
    """(patient, slot, outcome, lost to, scan begins, scan ends), in order of the slots."""
    made, outcome, lost = tables.appointments, tables.labels["appointments.outcome"], tables.labels["lost_to"]
    rows = [
        (
            int(made["referral"][n]),
            float(made["slot_start"][n]),
            outcome[made["outcome"][n]],
            lost[made["lost_to"][n]],
            *(None if np.isnan(made[c][n]) else float(made[c][n]) for c in ("scan_start", "scan_end")),
        )
        for n in range(len(made["appointment"]))
    ]
    return sorted(rows, key=lambda row: row[1])


def account(tables: Tables, day: int) -> dict[str, int]:
    """Where the seconds of a day's only session went; what is zero is left out."""
    (row,) = np.flatnonzero(tables.sessions["day"] == day)
    columns = [name for name in tables.sessions if name.endswith("_seconds")]
    found = {name.removesuffix("_seconds"): int(tables.sessions[name][row]) for name in columns}
    return {name: number for name, number in found.items() if number}
