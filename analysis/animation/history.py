"""Where every patient and every van is at each moment, from the four tables of one replication.

Nothing here knows how it is drawn.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

VETTING, LISTED, BOOKED, SCANNED, UNREPORTED, REPORTED, LEFT = STAGES = (
    "vetting",
    "listed",
    "booked",
    "on the couch",
    "unreported",
    "reported",
    "left",
)
"""Where somebody is: vetted; waiting without an appointment; with one; being scanned; waiting for the report;
reported; gone without a scan. The last two are told until midnight."""
GONE = "gone"
AWAY = "away"
"""A van that is at none of its sites."""
OFF_THE_LIST = ("planned", "emergency")
"""Priorities that are not vetted: their `referred` is the due date, or when they turned up."""
REFERRALS = ["referral", "modality", "priority", "referred", "listed", "scanned", "reported", "left"]
APPOINTMENTS = ["referral", "attempt", "slot_start", "booked", "cancelled", "outcome", "complete", "scan_start", "scan_end", "site"]  # fmt: skip
SESSIONS = ["day", "scanner", "site", "modality", "open_seconds", "overrun_seconds", "blocked_seconds"]


def of_patients(referrals: pd.DataFrame, appointments: pd.DataFrame) -> pd.DataFrame:
    """patient, priority, time, stage, site: a row each time that somebody comes to another stage, in order.

    referrals, appointments: with the columns `REFERRALS` and `APPOINTMENTS`; time in days since the
    calendar's start; site: of the appointment, empty elsewhere. `GONE` from the midnight after the last stage.
    """
    made = appointments[appointments.referral.isin(referrals.referral)]
    made = made.sort_values(["referral", "attempt"], kind="stable")
    moves = [*of_requests(referrals), *of_appointments(made)]
    found = pd.concat([move for move in moves if len(move)], ignore_index=True)
    found = found.merge(referrals[["referral", "priority"]], on="referral")
    found = found.rename(columns={"referral": "patient"})
    order = [*STAGES, GONE]
    found["order"] = found.stage.map(order.index)
    left = found.patient.map(referrals.set_index("referral").left)
    found = found[~(found.time > left) | found.stage.isin([LEFT, GONE])]
    came = found.patient.map(found.groupby("patient").time.min())
    found.loc[found.stage == GONE, "time"] = found.time.where(found.time > came, came)
    found = found.sort_values(["patient", "time", "order"], kind="stable", ignore_index=True)
    return found[["patient", "priority", "time", "stage", "site"]]


def of_requests(referrals: pd.DataFrame) -> list[pd.DataFrame]:
    """The moves that a referral's own row tells."""
    vetted = referrals[~referrals.priority.isin(OFF_THE_LIST)]
    turned_up = referrals[referrals.priority == "emergency"]
    ends = pd.concat([referrals.reported, referrals.left]).dropna()
    gone = referrals.loc[ends.index].assign(midnight=ends.map(lambda day: math.floor(day) + 1.0))
    return [
        moves(vetted, "referred", VETTING),
        moves(turned_up, "referred", LISTED),
        moves(referrals, "listed", LISTED),
        moves(referrals, "scanned", UNREPORTED),
        moves(referrals, "reported", REPORTED),
        moves(referrals, "left", LEFT),
        moves(gone, "midnight", GONE),
    ]


def of_appointments(made: pd.DataFrame) -> list[pd.DataFrame]:
    """The moves that appointments tell. made: by referral and attempt.

    Who has lost an appointment, or needs the scan again, is without one from the end of the scan, from the
    cancellation, or from the time of the slot, and at the latest when the next is made.
    """
    lost = made[~made.outcome.isin(["attended", "booked"]) | (made.complete == "no")]
    over = lost.scan_end.fillna(lost.cancelled).fillna(lost.slot_start)
    following = made.groupby("referral").booked.shift(-1).loc[lost.index]
    lost = lost.assign(over=over.where(~(following < over), following))
    return [
        moves(made, "booked", BOOKED, made.site),
        moves(made, "scan_start", SCANNED, made.site),
        moves(lost, "over", LISTED),
    ]


def moves(rows: pd.DataFrame, column: str, stage: str, site: pd.Series | None = None) -> pd.DataFrame:
    """referral, time, stage, site of those rows that have a date in the column."""
    dated = rows[rows[column].notna()]
    sites = "" if site is None else site.loc[dated.index].astype(str)
    return pd.DataFrame({"referral": dated.referral, "time": dated[column], "stage": stage, "site": sites})


def within(history: pd.DataFrame, first: float, last: float) -> pd.DataFrame:
    """The history from `first` to `last`, for those who are somewhere then.

    Each begins with the stage that somebody was in at `first`, in the order of coming to it.
    """
    seen = history[history.time < last]
    before = seen[seen.time <= first].groupby("patient", sort=False).tail(1)
    stayed = before[before.stage != GONE].sort_values("time", kind="stable")
    came = seen[seen.time > first]
    was_gone = before.patient[before.stage == GONE]
    return pd.concat([stayed, came[~came.patient.isin(was_gone)]], ignore_index=True)


def stands(history: pd.DataFrame, moment: float) -> pd.DataFrame:
    """The row of each patient (or van) that says where they are at a moment; nobody who is gone."""
    last = history[history.time <= moment].groupby(history.columns[0], sort=False).tail(1)
    return last[last.stage != GONE] if "stage" in last else last


def of_vans(sessions: pd.DataFrame, fleet: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """van, time, site: a row each time that a mobile scanner comes to a site, and when it leaves it.

    sessions: with the columns `SESSIONS`. fleet: the resolved scenario's, by scanner. One that could not get
    in all day is not there.
    """
    names = sessions.scanner.astype(str).unique()
    entries = {
        name: fleet.get(name) or fleet[name.rpartition(" ")[0]] for name in names
    }  # "van 2": a copy of van
    mobile = {name: entry for name, entry in entries.items() if entry["kind"] == "mobile"}
    held = sessions[sessions.scanner.isin(mobile) & (sessions.blocked_seconds < sessions.open_seconds)]
    opens = held.scanner.map({name: days_of(entry["opens"]) for name, entry in mobile.items()}).astype(float)
    van = held.scanner.map({name: entry.get("unit") or name for name, entry in mobile.items()})
    stays = (held.open_seconds + held.overrun_seconds) / 86400
    comes = pd.DataFrame({"van": van, "time": held.day + opens, "site": held.site.astype(str)})
    leaves = comes.assign(time=comes.time + stays, site=AWAY)
    found = pd.concat([leaves, comes], ignore_index=True)
    return found.sort_values(["van", "time"], kind="stable", ignore_index=True)


def days_of(clock: Any) -> float:
    """A time of day such as `08:00`, also in its long form, as part of a day."""
    hours, minutes = str(clock["value"] if isinstance(clock, dict) else clock).split(":")[:2]
    return (int(hours) + int(minutes) / 60) / 24
