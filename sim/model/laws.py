"""What must hold on every run, whatever the numbers: accounts that add up."""

from __future__ import annotations

import numpy as np

from sim.model.couch import (
    APPOINTMENT_OUTCOMES,
    ATTENDED,
    BOOKED,
    CANCELLED_BY_HOSPITAL,
    CANCELLED_BY_PATIENT,
    DISPLACED,
    USES,
)
from sim.model.demand import LISTED
from sim.model.section import SECONDS_A_DAY
from sim.model.tables import REFERRAL_OUTCOMES, Table, Tables


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
    """The seconds a scanner counts as used are the seconds its patients were on the couch.

    By scanner and day: who is on the couch when a session opens stays on it into the session. Only
    those who are on it at midnight may be counted in part on the day after.
    """
    sessions, made = tables.sessions, tables.appointments
    last = int(max(sessions["session"].max(initial=0), made["session"].max(initial=0)))
    day_of = np.zeros(last + 1, dtype=int)
    day_of[sessions["session"]] = sessions["day"]
    days = int(sessions["day"].max(initial=0)) + 1
    shape = len(tables.labels["scanner"]), days

    def by_day(scanner: np.ndarray, day: np.ndarray, seconds: np.ndarray) -> np.ndarray:
        """Sums over days so far, one row a scanner."""
        cells = np.bincount(scanner.astype(np.int64) * days + day, weights=seconds, minlength=shape[0] * days)
        return np.cumsum(cells.reshape(shape), axis=1)

    used = by_day(sessions["scanner"], sessions["day"], sessions["used_seconds"])
    on = made["couch_seconds"] > 0
    day = day_of[made["session"][on]]
    lain = by_day(made["scanner"][on], day, made["couch_seconds"][on])
    after_midnight = np.maximum(0, np.rint((made["scan_end"][on] - day - 1) * SECONDS_A_DAY))
    at_midnight = np.zeros(shape)
    lie_on = after_midnight > 0
    scanner, day, after_midnight = made["scanner"][on][lie_on], day[lie_on], after_midnight[lie_on]
    while len(day):
        np.add.at(at_midnight, (scanner, day), after_midnight)
        longer = (after_midnight > SECONDS_A_DAY) & (day < days - 1)
        scanner, day, after_midnight = (
            scanner[longer],
            day[longer] + 1,
            after_midnight[longer] - SECONDS_A_DAY,
        )
    wrong = np.flatnonzero(((used > lain) | (used < lain - at_midnight)).any(axis=0))
    hold(not len(wrong), f"scans do not fill the used time of day {_first(np.arange(days), wrong)}")


def appointments_add_up(tables: Tables) -> None:
    """booked = attended + missed + cancelled + displaced + still to come, in rows and as counted."""
    counted, made = tables.counted, tables.appointments
    walked_in = np.isnan(made["slot_start"])
    rows = np.bincount(made["outcome"][~walked_in], minlength=len(APPOINTMENT_OUTCOMES))
    hold(int(np.sum(~walked_in)) == counted.booked, "an appointment was lost or doubled")
    for code, outcome in enumerate(APPOINTMENT_OUTCOMES):
        same = code == BOOKED or rows[code] == counted.closed[code]
        hold(same, f"{outcome}: rows and events differ")
    to_come = counted.booked - sum(counted.closed)
    hold(rows[BOOKED] == to_come, "appointments still to come do not add up")
    unscheduled = np.bincount(made["outcome"][walked_in], minlength=len(APPOINTMENT_OUTCOMES))
    same = (unscheduled[ATTENDED], unscheduled[DISPLACED]) == (counted.unscheduled_scans, counted.broken_off)
    hold(same, "unscheduled scans: rows and events differ")


def referrals_add_up(tables: Tables) -> None:
    """referrals + opening list + returns = scanned + rejected + redirected + removed + discharged +
    waiting, in rows, as counted, and where they are kept."""
    outcome, counted = tables.referrals["outcome"], tables.counted
    rows = np.bincount(outcome, minlength=len(REFERRAL_OUTCOMES))
    waiting, scanned = rows[0], REFERRAL_OUTCOMES.index("scanned")
    hold(len(outcome) == counted.came, "a referral was lost or doubled at the door")
    hold(counted.came == sum(counted.left) + counted.unscheduled_scans + waiting, "referrals do not add up")
    for code, name in enumerate(REFERRAL_OUTCOMES[1:], start=1):
        others = counted.unscheduled_scans if code == scanned else 0
        hold(rows[code] == counted.left[code] + others, f"{name}: rows and events differ")
    still = sum(counted.still.values())
    hold(waiting == still, f"{waiting} rows wait, {still} are in vetting, on the list, booked or turned up")
    complete = tables.appointments["complete"] == 1
    scans = np.bincount(tables.appointments["referral"][complete], minlength=len(outcome))
    hold((scans == (outcome == scanned)).all(), "a referral was scanned twice, or never")


def one_booking_at_a_time(tables: Tables) -> None:
    """Nobody holds two appointments at once; attempts are numbered in order of booking."""
    made = tables.appointments
    booked = np.isfinite(made["booked"])
    again = np.bincount(made["referral"][booked]) > 1
    booked[booked] = again[made["referral"][booked]]
    made = {name: made[name][booked] for name in ("referral", "attempt", "booked", "slot_start", "cancelled")}
    order = np.lexsort((made["attempt"], made["referral"]))
    referral, attempt = made["referral"][order], made["attempt"][order]
    same = np.diff(referral) == 0
    hold((np.diff(attempt)[same] == 1).all(), "attempts are not numbered one by one")
    over = np.where(np.isnan(made["cancelled"]), made["slot_start"], made["cancelled"])[order]
    later = made["booked"][order][1:][same] >= over[:-1][same]
    hold(later.all(), "somebody was booked again before the appointment before it was over")


def little(tables: Tables) -> None:
    """The area under the list counted at join and leave is the sum of row waits in the window."""
    first, last = tables.counted.window
    rows = tables.referrals
    listed = rows["priority"] < LISTED
    joined = np.clip(rows["referred"][listed], first, last)
    gone = np.where(np.isnan(rows["left"]), rows["scanned"], rows["left"])[listed]
    left = np.clip(np.nan_to_num(gone, nan=last), first, last)
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
    apart = made["scan_start"][order][1:] - made["scan_end"][order][:-1] > -1e-9
    hold(apart[same].all(), "two patients were on one couch")
    hold((tables.sessions["booked"] <= tables.sessions["bookable"]).all(), "more bookings than slots")


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
        ("referred", "left"),
    ):
        hold(not (rows[before] > rows[after]).any(), f"{after} comes before {before}")
    known = np.isfinite(made["scan_start"])
    early = made["slot_start"][known] > made["scan_start"][known]
    hold(not early.any(), "a scan before its slot")
    known = np.isfinite(made["slot_start"])
    hold((made["booked"][known] <= made["slot_start"][known]).all(), "a slot booked after it began")
    known = np.isfinite(made["cancelled"])
    early = (made["booked"] <= made["cancelled"]) & (made["cancelled"] <= made["slot_start"])
    hold(early[known].all(), "a cancellation before its booking or after its slot")
    cancelled = (CANCELLED_BY_PATIENT, CANCELLED_BY_HOSPITAL)
    hold(np.isin(made["outcome"][known], cancelled).all(), "an appointment cancelled early came about")


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
