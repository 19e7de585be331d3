"""What became of slots, appointments and open time."""

from __future__ import annotations

import numpy as np

from sim.measures.cut import Cut, Rows
from sim.model.couch import (
    APPOINTMENT_OUTCOMES,
    CANCELLED_BY_HOSPITAL,
    CANCELLED_BY_PATIENT,
    DISPLACED,
    MISSED,
    USES,
)


def measure(cut: Cut) -> dict[str, float]:
    """Scans, lost appointments and journeys; where the group has sessions, their slots and seconds."""
    return throughput(cut) | appointments(cut.due) | sessions(cut.sessions, cut.due)


def throughput(cut: Cut) -> dict[str, float]:
    """Scans, in all and a week."""
    return {"scans": float(cut.scans), "scans_per_week": cut.scans / cut.weeks}


def appointments(due: Rows) -> dict[str, float]:
    """Missed, cancelled and displaced appointments, and journeys made for nothing.

    Who cancelled before the day is no longer due.
    """
    made = len(due["outcome"])
    if not made:
        return {}
    outcomes = np.bincount(due["outcome"], minlength=len(APPOINTMENT_OUTCOMES))
    still_due = made - int(np.sum(np.isfinite(due["cancelled"])))
    by_patient, by_hospital = outcomes[CANCELLED_BY_PATIENT], outcomes[CANCELLED_BY_HOSPITAL]
    found = {
        "cancelled_by_patient_percent": 100 * float(by_patient / made),
        "cancelled_by_hospital_percent": 100 * float(by_hospital / made),
        "wasted_journeys": float(outcomes[DISPLACED]),
    }
    if still_due:
        found["missed_percent"] = 100 * float(outcomes[MISSED] / still_due)
        found["displaced_per_1000"] = 1000 * float(outcomes[DISPLACED] / still_due)
    return found


def sessions(held: Rows, due: Rows) -> dict[str, float]:
    """Load, slots lost, use and downtime of the sessions held."""
    slots = held["slots"].sum() if "slots" in held else 0
    if not slots:
        return {}
    scans = np.sum(due["complete"] == 1)
    open_time = (held["open_seconds"] + held["overrun_seconds"]).sum()
    return {
        "load_percent": 100 * float(held["booked"].sum() / slots),
        "slots_lost_percent": 100 * float((held["booked"].sum() - scans) / slots),
        "scanner_use_percent": 100 * float(held["used_seconds"].sum() / open_time),
        "downtime_percent": 100 * float(held["down_seconds"].sum() / open_time),
    }


def by_outcome(cut: Cut) -> dict[str, dict[str, float]]:
    """`slots_percent` by what became of the slots, and `open_time_percent` by use."""
    slots = cut.sessions["slots"].sum() if "slots" in cut.sessions else 0
    if not slots:
        return {}
    shares = {}
    on_the_day = cut.due["outcome"][np.isnan(cut.due["cancelled"])]
    for code, outcome in enumerate(APPOINTMENT_OUTCOMES[1:], start=1):
        shares[f"outcome={outcome}"] = float(np.sum(on_the_day == code)) / slots
    shares["outcome=unfilled"] = 1 - float(cut.sessions["booked"].sum() / slots)
    open_time = (cut.sessions["open_seconds"] + cut.sessions["overrun_seconds"]).sum()
    found = {group: {"slots_percent": 100 * share} for group, share in shares.items()}
    for use in USES:
        share = float(cut.sessions[f"{use}_seconds"].sum() / open_time)
        found[f"use={use}"] = {"open_time_percent": 100 * share}
    return found
