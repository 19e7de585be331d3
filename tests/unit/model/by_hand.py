"""A month in which nobody comes but the patients that a test puts in.

January 2019 begins on a Tuesday that is a bank holiday, so day 1 is Wednesday and day 4 Saturday. Who is
asked for on day 1 is booked by the clerk on day 2 at eight, for the slots of day 3, one hour apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from sim.model.demand import (
    DOOR_COLUMNS,
    FIRST_ATTEMPT,
    MODALITIES,
    NEXT_COLUMNS,
    NO_REFERRER,
    REMOVED,
    ROUTINE,
    SHORT_NOTICE,
    VETTED,
)
from sim.model.laws import check_laws
from sim.model.referrals import Referral
from sim.model.section import SECONDS_A_DAY
from sim.model.simulation import Simulation
from sim.model.tables import Tables
from sim.model.waiting_list import Queue
from tests.world import simulation

ATTENDS, MISSES = 1.0, 0.0
"""Uniforms of an appointment: never below, and always below, a chance of missing."""
MRI = MODALITIES.index("MRI")


class Patient(NamedTuple):
    """What would have been drawn at the door. factor: the scan takes so many times its mean.

    cancels, quality: uniforms of the first appointment; vetted, removed, short_notice: of the referral.
    """

    referred: float
    comes: float = ATTENDS
    factor: float = 1.0
    priority: int = ROUTINE
    complexity: int = 0
    place: int = 0
    cancels: float = 1.0
    quality: float = 0.5
    vetted: float = 1.0
    removed: float = 0.0
    short_notice: float = 1.0
    referrer: int = NO_REFERRER


def referral(number: int, priority: int = ROUTINE, queue: Queue | None = None) -> Referral:
    """Somebody who waits; without a queue, one that needs a single slot."""
    made = Referral(number, MRI, 0, priority, 0, None, 0.0, 0.0, [ATTENDS, 1.0, 1.0, 0.5])
    made.queue = queue or Queue()
    return made


def numbers(referrals: Iterable[Referral]) -> list[int]:
    """Who they are."""
    return [one.number for one in referrals]


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
    rows = {name: columns[name] for name in ("referred", "priority", "complexity", "place", "referrer")}
    count = len(patients)
    rows |= {"block": np.zeros(count, dtype=int), "index": np.arange(count), "modality": np.full(count, MRI)}
    u = np.ones((count, DOOR_COLUMNS))
    for column, name in ((VETTED, "vetted"), (REMOVED, "removed"), (SHORT_NOTICE, "short_notice")):
        u[:, column] = columns[name]
    u[:, FIRST_ATTEMPT:NEXT_COLUMNS] = 0.5
    sim.door.blocks.append(("by hand", 0))
    order = np.argsort(columns["referred"], kind="stable").tolist()
    for referral, number in zip(sim.door.come_in(rows, u), order):
        one = patients[number]
        referral.luck = [one.comes, one.factor, one.cancels, one.quality]
    sim.referrals._draw_next_attempt = come_next_time


def come_next_time(referral: Referral) -> None:
    """A second appointment that is kept and lasts as long as the mean."""
    referral.luck = [ATTENDS, 1.0, 1.0, 0.5]


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
