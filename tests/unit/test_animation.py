"""What an animation draws: where every patient and every van is, and where they stand in the picture."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis.animation import history, scene
from analysis.animation.history import (
    APPOINTMENTS,
    AWAY,
    BOOKED,
    GONE,
    LEFT,
    LISTED,
    REFERRALS,
    REPORTED,
    SCANNED,
    UNREPORTED,
    VETTING,
)

NEVER = math.nan


def referral(number: int, **dates) -> dict:
    """A routine patient who needs MRI and has only the dates that are named."""
    plain = dict.fromkeys(["referred", "listed", "scanned", "reported", "left"], NEVER)
    return {"referral": number, "modality": "MRI", "priority": "routine"} | plain | dates


def appointment(number: int, attempt: int = 0, **told) -> dict:
    """An appointment at the hospital that was attended, with only the dates that are named."""
    plain = dict.fromkeys(["slot_start", "booked", "cancelled", "scan_start", "scan_end"], NEVER)
    about = {"outcome": "attended", "complete": "yes", "site": "Hospital"}
    return {"referral": number, "attempt": attempt} | plain | about | told


def told(referrals: list[dict], appointments: list[dict]) -> list[tuple]:
    """(patient, time, stage, site) of every move."""
    tables = pd.DataFrame(referrals, columns=REFERRALS), pd.DataFrame(appointments, columns=APPOINTMENTS)
    found = history.of_patients(*tables)
    return list(found[["patient", "time", "stage", "site"]].itertuples(index=False, name=None))


def test_a_patient_goes_from_vetting_to_the_report_and_is_gone_at_midnight():
    dates = {"referred": 1.4, "listed": 2.0, "scanned": 9.52, "reported": 11.6}
    visit = {"booked": 3.3, "slot_start": 9.5, "scan_start": 9.5, "scan_end": 9.52}
    assert told([referral(7, **dates)], [appointment(7, **visit)]) == [
        (7, 1.4, VETTING, ""),
        (7, 2.0, LISTED, ""),
        (7, 3.3, BOOKED, "Hospital"),
        (7, 9.5, SCANNED, "Hospital"),
        (7, 9.52, UNREPORTED, ""),
        (7, 11.6, REPORTED, ""),
        (7, 12.0, GONE, ""),
    ]


def test_who_missed_a_slot_is_without_an_appointment_until_the_next():
    missed = appointment(1, outcome="missed", booked=1.0, slot_start=5.0)
    next_one = appointment(1, 1, outcome="booked", booked=6.3, slot_start=20.0)
    assert told([referral(1, referred=0, listed=0)], [missed, next_one])[2:] == [
        (1, 1.0, BOOKED, "Hospital"),
        (1, 5.0, LISTED, ""),
        (1, 6.3, BOOKED, "Hospital"),
    ]


def test_a_slot_cancelled_beforehand_is_lost_when_it_is_cancelled():
    cancelled = appointment(1, outcome="cancelled_by_patient", booked=1.0, cancelled=3.5, slot_start=9.0)
    assert told([referral(1, referred=0, listed=0)], [cancelled])[-1] == (1, 3.5, LISTED, "")


def test_a_slot_that_is_changed_for_another_ends_when_the_other_is_made():
    off = appointment(1, outcome="cancelled_by_hospital", booked=1.0, slot_start=9.0)
    other = appointment(1, 1, outcome="booked", booked=4.3, slot_start=12.0, site="Clinic")
    found = told([referral(1, referred=0, listed=0)], [off, other])
    assert found[-2:] == [(1, 4.3, LISTED, ""), (1, 4.3, BOOKED, "Clinic")]


def test_who_needs_the_scan_again_goes_back_to_the_list_from_the_couch():
    first = appointment(1, complete="no", booked=1, slot_start=4, scan_start=4, scan_end=4.02)
    assert told([referral(1, referred=0, listed=0)], [first])[-2:] == [
        (1, 4, SCANNED, "Hospital"),
        (1, 4.02, LISTED, ""),
    ]


def test_who_gave_up_does_not_come_back_for_the_slot():
    later = appointment(1, outcome="cancelled_by_patient", booked=1, slot_start=30.0)
    found = told([referral(1, referred=0, listed=0, left=6.2)], [later])
    assert found[-2:] == [(1, 6.2, LEFT, ""), (1, 7.0, GONE, "")]


def test_an_unscheduled_patient_waits_from_turning_up_and_is_not_vetted():
    came = referral(1, priority="emergency", referred=2.5, scanned=2.6)
    assert told([came], [appointment(1, scan_start=2.58, scan_end=2.6)]) == [
        (1, 2.5, LISTED, ""),
        (1, 2.58, SCANNED, "Hospital"),
        (1, 2.6, UNREPORTED, ""),
    ]


def test_a_planned_scan_begins_with_its_listing_and_not_with_its_due_date():
    assert told([referral(1, priority="planned", referred=90.0, listed=30.0)], []) == [(1, 30.0, LISTED, "")]


def test_a_window_opens_with_where_people_are_and_without_those_who_are_gone():
    dates = {"referred": 1.0, "listed": 2.0, "scanned": 3.0, "reported": 3.0}
    people = [referral(1, **dates), referral(2, referred=1.5, listed=2.5), referral(3, referred=9.0)]
    whole = history.of_patients(pd.DataFrame(people, columns=REFERRALS), pd.DataFrame(columns=APPOINTMENTS))
    seen = history.within(whole, 5, 10)
    assert list(zip(seen.patient, seen.time, seen.stage)) == [(2, 2.5, LISTED), (3, 9.0, VETTING)]


# ---- vans


FLEET = {
    "van 1": {"kind": "mobile", "unit": "van", "opens": "08:00"},
    "van 2": {"kind": "mobile", "unit": "van", "opens": {"value": "09:00", "source": "seen"}},
    "scanner": {"kind": "fixed", "opens": "08:00"},
}


def session(day: int, scanner: str, site: str, blocked: int = 0) -> dict:
    """Eight hours."""
    seconds = {"open_seconds": 28800, "overrun_seconds": 0, "blocked_seconds": blocked}
    return {"day": day, "scanner": scanner, "site": site, "modality": "MRI"} | seconds


def test_one_vehicle_goes_from_site_to_site_and_a_fixed_scanner_nowhere():
    held = [session(1, "van 1", "Clinic"), session(1, "scanner", "Hospital"), session(2, "van 2", "Surgery")]
    found = history.of_vans(pd.DataFrame(held), FLEET)
    assert list(found.van.unique()) == ["van"]
    assert list(zip(found.time.round(6), found.site)) == [
        (round(1 + 8 / 24, 6), "Clinic"),
        (round(1 + 16 / 24, 6), AWAY),
        (2.375, "Surgery"),
        (round(2 + 17 / 24, 6), AWAY),
    ]


def test_a_van_whose_way_in_is_blocked_is_not_at_the_site():
    assert len(history.of_vans(pd.DataFrame([session(1, "van 1", "Clinic", blocked=28800)]), FLEET)) == 0


def test_equal_vans_of_one_entry_are_vans_of_their_own():
    held = [session(1, "van 1", "Clinic"), session(1, "van 2", "Surgery")]
    fleet = {"van": {"kind": "mobile", "opens": "08:00", "count": 2}}
    found = history.of_vans(pd.DataFrame(held), fleet)
    assert list(zip(found.van, found.site))[::2] == [("van 1", "Clinic"), ("van 2", "Surgery")]


# ---- the picture


def arm(people: int) -> scene.Arm:
    """People who were referred one a minute from day 0 on, and are all listed at noon."""
    rows = [referral(n, referred=n / 1440, listed=0.5) for n in range(people)]
    patients = history.of_patients(pd.DataFrame(rows, columns=REFERRALS), pd.DataFrame(columns=APPOINTMENTS))
    vans = pd.DataFrame({"van": [], "time": [], "site": []}).astype(
        {"van": object, "site": object, "time": float}
    )
    return scene.Arm("company", "A company", patients, vans, ["Hospital"])


@pytest.mark.parametrize("people", [5, 22, 23, 175, 176, 177, 400])
def test_as_many_are_drawn_as_have_room_and_the_label_tells_the_rest(people):
    """Eight rows of 22 are room for 176."""
    pytest.importorskip("vidigi")
    from analysis.animation.page import label

    film = scene.film_of([arm(people)], 0.0, 1, 240)
    noon = film.drawn[film.drawn.minute == 720]
    assert len(noon) == min(people, 176)
    assert film.counts.loc[720, f"0|{LISTED}"] == people
    (box,) = [box for box in film.boxes if box.event == f"0|{LISTED}"]
    rest = f" ({people - 176} not drawn)" if people > 176 else ""
    assert label(box, film.counts.loc[720]) == f"On the list, no appointment: {people}{rest}"


def test_nobody_stands_on_somebody_else_or_outside_the_box():
    pytest.importorskip("vidigi")
    film = scene.film_of([arm(60), arm(200)], 0.0, 1, 240)
    for _, frame in film.drawn.groupby("minute"):
        assert not frame[["x", "y"]].duplicated().any() and not frame.entity_id.duplicated().any()
    boxes = {box.event: box for box in film.boxes}
    for event, people in film.drawn.groupby("event"):
        box = boxes[event]
        assert people.x.between(box.x, box.x + scene.A_ROW * scene.GAP - 1).all()
        assert people.y.between(box.y - scene.TITLE - (box.rows - 1) * scene.LINE, box.y - scene.TITLE).all()


def test_moments_at_which_nothing_changes_are_left_out():
    log = scene.log_of(arm(3), "0", 0.0, 2.0)
    assert scene.moments_of(log, 60, 2880) == [0, 60, 720]


def test_what_is_too_much_for_a_page_is_refused_and_left_to_itself_the_step_grows(monkeypatch):
    pytest.importorskip("vidigi")
    monkeypatch.setattr(scene, "MOST_FRAMES", 7)
    with pytest.raises(scene.NoFilm, match=r"3 patients .* in 24 frames are more than a page can carry"):
        scene.film_of([arm(3)], 0.0, 1, 60)
    assert scene.film_of([arm(3)], 0.0, 1, None).every == 240
    assert np.array_equal(scene.film_of([arm(3)], 0.0, 1, None).moments, [0, 240, 720])
