"""What must hold on every run, whatever the numbers: accounts that add up."""

from __future__ import annotations

import numpy as np

from sim.model.records import REFERRAL_OUTCOMES, Table, Tables
from sim.model.scanning import APPOINTMENT_OUTCOMES, ATTENDED, BOOKED, USES


class LawBroken(Exception):
    """An account does not add up: the engine has an error, and its numbers must not be used."""


def check_laws(tables: Tables) -> None:
    """Check every law; raises `LawBroken` naming the first that fails."""
    for law in LAWS:
        law(tables)


def seconds_add_up(tables: Tables) -> None:
    """open + overrun = used + idle + set-up + down + maintenance + no crew + blocked + no tracer."""
    sessions = tables.sessions
    given = sessions["open_seconds"] + sessions["overrun_seconds"]
    taken = sum(sessions[f"{use}_seconds"] for use in USES)
    wrong = np.flatnonzero(given != taken)
    hold(not len(wrong), f"seconds of session {_first(sessions['session'], wrong)} do not add up")
    negative = [use for use in USES if (sessions[f"{use}_seconds"] < 0).any()]
    hold(not negative, f"negative seconds of {negative}")


def used_seconds_are_scans(tables: Tables) -> None:
    """The seconds a session counts as used are the seconds its scans took."""
    sessions, made = tables.sessions, tables.appointments
    began = np.isfinite(made["scan_start"])
    took = np.rint((made["scan_end"] - made["scan_start"])[began] * 86400)
    size = int(max(sessions["session"].max(initial=0), made["session"].max(initial=0))) + 1
    scans = np.bincount(made["session"][began], weights=took, minlength=size)
    wrong = np.flatnonzero(scans[sessions["session"]] != sessions["used_seconds"])
    hold(not len(wrong), f"scans of session {_first(sessions['session'], wrong)} do not fill its used time")


def appointments_add_up(tables: Tables) -> None:
    """booked = attended + missed + cancelled + displaced + still to come, in rows and as counted."""
    rows = np.bincount(tables.appointments["outcome"], minlength=len(APPOINTMENT_OUTCOMES))
    counted = tables.counted
    hold(len(tables.appointments["outcome"]) == counted.booked, "an appointment was lost or doubled")
    for code, outcome in enumerate(APPOINTMENT_OUTCOMES):
        same = code == BOOKED or rows[code] == counted.closed[code]
        hold(same, f"{outcome}: rows and events differ")
    to_come = counted.booked - sum(counted.closed)
    hold(rows[BOOKED] == to_come, "appointments still to come do not add up")


def referrals_add_up(tables: Tables) -> None:
    """referrals = scanned + in vetting + listed + booked, in rows, as counted, and where they are kept."""
    outcome, counted = tables.referrals["outcome"], tables.counted
    waiting = int(np.sum(outcome == REFERRAL_OUTCOMES.index("waiting")))
    hold(len(outcome) == counted.joined, "a referral was lost or doubled at the door")
    hold(counted.joined == counted.left + waiting, "referrals do not add up")
    still = sum(counted.still.values())
    hold(waiting == still, f"{waiting} rows wait, {still} are in vetting, on the list or booked")
    attended = tables.appointments["outcome"] == ATTENDED
    scans = np.bincount(tables.appointments["referral"][attended], minlength=len(outcome))
    scanned = outcome == REFERRAL_OUTCOMES.index("scanned")
    hold((scans == scanned).all(), "a referral was scanned twice, or never")


def one_booking_at_a_time(tables: Tables) -> None:
    """Nobody holds two appointments at once; attempts are numbered in order of booking."""
    made = tables.appointments
    order = np.lexsort((made["attempt"], made["referral"]))
    referral, attempt = made["referral"][order], made["attempt"][order]
    same = np.diff(referral) == 0
    hold((np.diff(attempt)[same] == 1).all(), "attempts are not numbered one by one")
    later = made["booked"][order][1:][same] >= made["slot_start"][order][:-1][same]
    hold(later.all(), "somebody was booked again before the appointment before it was over")


def little(tables: Tables) -> None:
    """The area under the list counted at join and leave is the sum of row waits in the window."""
    first, last = tables.counted.window
    joined = np.clip(tables.referrals["referred"], first, last)
    left = np.clip(np.nan_to_num(tables.referrals["scanned"], nan=last), first, last)
    waits = float(np.sum(left - joined))
    counted = tables.counted.area
    gap = abs(waits - counted)
    hold(gap <= 1e-9 * max(1.0, abs(waits)), f"area {counted} under the list, {waits} in the rows")


def one_patient_on_a_couch(tables: Tables) -> None:
    """No scanner has two patients on its couch, no session more bookings than slots."""
    made = tables.appointments
    began = np.flatnonzero(np.isfinite(made["scan_start"]))
    order = began[np.lexsort((made["scan_start"][began], made["scanner"][began]))]
    same = np.diff(made["scanner"][order]) == 0
    apart = made["scan_start"][order][1:] - made["scan_end"][order][:-1] >= 0
    hold(apart[same].all(), "two patients were on one couch")
    hold((tables.sessions["booked"] <= tables.sessions["slots"]).all(), "more bookings than slots")


def clock_goes_forward(tables: Tables) -> None:
    """Requested, listed, booked, scanned, reported: in this order in every row."""
    rows, made = tables.referrals, tables.appointments
    for before, after in (
        ("referred", "listed"),
        ("listed", "booked"),
        ("booked", "scanned"),
        ("scanned", "reported"),
        ("reported", "re_read"),
        ("clock_start", "scanned"),
    ):
        known = np.isfinite(rows[after])
        hold((rows[before][known] <= rows[after][known]).all(), f"{after} comes before {before}")
    known = np.isfinite(made["scan_start"])
    hold((made["slot_start"][known] <= made["scan_start"][known]).all(), "a scan before its slot")
    hold((made["booked"] <= made["slot_start"]).all(), "a slot booked after it began")


def reports_add_up(tables: Tables) -> None:
    """Each pool: scans sent = reported + still to report; found wanting = read again + still to be.

    The pools together were sent every scan, and made every report in the rows.
    """
    pools, rows = tables.counted.reading, tables.referrals
    for name, pool in zip(tables.labels["reader"], pools):
        sent, again = pool["reported"] + pool["to report"], pool["read again"] + pool["to read again"]
        hold(pool["sent"] == sent, f"{name}: {pool['sent']} scans sent, {sent} reported or to report")
        hold(pool["found wanting"] == again, f"{name}: second readings do not add up")
    for counted, column in (("sent", "scanned"), ("reported", "reported"), ("read again", "re_read")):
        events, found = sum(pool[counted] for pool in pools), int(np.isfinite(rows[column]).sum())
        hold(events == found, f"{events} scans counted as {counted}, {found} rows are {column}")


LAWS = (
    seconds_add_up,
    used_seconds_are_scans,
    appointments_add_up,
    referrals_add_up,
    one_booking_at_a_time,
    little,
    one_patient_on_a_couch,
    reports_add_up,
    clock_goes_forward,
)


def hold(holds: bool, otherwise: str) -> None:
    """Raise `LawBroken` with the text unless the law holds."""
    if not holds:
        raise LawBroken(otherwise)


def _first(column: Table | np.ndarray, wrong: np.ndarray) -> object:
    return column[wrong[0]] if len(wrong) else None
