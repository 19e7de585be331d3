"""Poor scans, worked out by hand: scans done again, findings missed, less sensitive scanners."""

import numpy as np
import pytest

from tests.unit.model.by_hand import Patient, appointments, at
from tests.unit.model.suites_by_hand import accounts, asked_for, by_hand, scanned, scans, turns_up
from tests.world import world

POOR, GOOD, MISSES_A_FINDING = 0.0, 0.5, 0.99
"""Uniforms of a scan's quality."""


def quality(sensitivity: float = 1.0, made_up: float = 1.0, **scanning) -> dict:
    """A scanner of such a relative sensitivity, with so much made up by longer scanning."""
    return {
        "scanning": {"MRI": {"made_up_by_longer_scanning": made_up} | scanning},
        "fleet": {"scanner": {"relative_sensitivity": sensitivity}},
    }


def test_an_incomplete_scan_takes_its_time_and_is_done_again():
    first, second = asked_for(2)
    tables = by_hand(quality(incomplete="5 %"), [first._replace(quality=POOR), second])
    assert scans(tables) == [
        scanned(0, 3, "08:00", "08:30"),
        scanned(1, 3, "09:00", "09:30"),
        scanned(0, 5, "08:00", "08:30"),
    ]
    complete = [tables.labels["complete"][code] for code in tables.appointments["complete"]]
    order = np.argsort(tables.appointments["scan_start"])
    assert [complete[n] for n in order] == ["no", "yes", "yes"]
    assert tables.referrals["scanned"][0] == at(5, "08:30")
    assert tables.referrals["attempts"].tolist() == [2, 1]
    assert accounts(tables, 3) == [{"open": 36000, "used": 3600, "idle": 32400}]


@pytest.mark.parametrize(("rule", "order"), [("end_of_list", [0, 1, 2, 0]), ("keeps_place", [0, 1, 0, 2])])
def test_whose_scan_was_incomplete_rejoins_by_the_rule_for_the_displaced(rule, order):
    changes = quality(incomplete="5 %", place_after_displaced=rule)
    changes["fleet"]["scanner"]["slots_per_day"] = "1 per day"
    changes["booking"] = {"horizon": "1 day"}
    patients = [Patient(at(1, "10:00"), quality=POOR), Patient(at(1, "10:01")), Patient(at(2, "10:00"))]
    assert [row[0] for row in appointments(by_hand(changes, patients))] == order


def test_a_missed_finding_comes_back_as_a_new_referral_with_its_parent():
    """Scanned at 8:30 on day 3, back ten days later, booked on day 14, scanned on day 15."""
    changes = quality(missed_findings={"share": "5 %", "after": "10 days"})
    (patient,) = asked_for(1)
    tables = by_hand(changes, [patient._replace(quality=MISSES_A_FINDING)])
    rows = tables.referrals
    assert rows["parent"].tolist()[:2] == [-1, 0]
    assert rows["referred"][1] == at(3, "08:30") + 10.0
    assert rows["scanned"][0] == at(3, "08:30")
    assert rows["booked"][1] == at(14, "08:00")
    assert rows["priority"][1] == rows["priority"][0]
    assert rows["place"][1] == rows["place"][0]
    slots = [row[1] for row in appointments(tables)]
    assert slots[1] == at(15, "08:00")


def test_a_good_scan_brings_nobody_back():
    changes = quality(missed_findings={"share": "5 %", "after": "10 days"})
    assert len(by_hand(changes, asked_for(1)).referrals["referral"]) == 1


def test_a_finding_missed_near_the_end_has_not_come_back_yet():
    changes = quality(missed_findings={"share": "5 %", "after": "30 days"})
    (patient,) = asked_for(1)
    tables = by_hand(changes, [patient._replace(quality=MISSES_A_FINDING)])
    assert len(tables.referrals["referral"]) == 1


def test_a_patient_who_turned_up_is_scanned_once():
    changes = quality(incomplete="5 %", missed_findings={"share": "5 %", "after": "1 day"})
    tables = by_hand(changes, [turns_up(3, "09:00")])
    assert scans(tables) == [scanned(0, 3, "09:00", "09:30")]


@pytest.mark.parametrize("made_up", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("sensitivity", [0.25, 0.5, 1.0, 2.0])
def test_time_grows_as_the_made_up_part_and_poor_scans_as_the_rest(sensitivity, made_up):
    changes = quality(
        sensitivity,
        made_up,
        incomplete="2 %",
        couch_time_complex="45 minutes",
        missed_findings={"share": "3 %", "after": "9 days"},
    )
    (scanner,) = world(changes).scanners
    longer, worse = (1 / sensitivity) ** made_up, (1 / sensitivity) ** (1 - made_up)
    assert scanner.couch_seconds == pytest.approx((1800 * longer, 2700 * longer), rel=1e-12)
    assert scanner.incomplete == pytest.approx(0.02 * worse, rel=1e-12)
    assert scanner.returns == pytest.approx((0.03 * worse, 9.0), rel=1e-12)


def test_what_is_lost_is_shared_between_time_and_quality_without_a_rest():
    """Time factor x quality factor is 1/s, whatever the part made up."""
    found = []
    for made_up in (0.0, 0.3, 1.0):
        (scanner,) = world(quality(0.4, made_up, incomplete="2 %")).scanners
        found.append(scanner.couch_seconds[0] / 1800 * scanner.incomplete / 0.02)
    assert found == pytest.approx([2.5] * 3, rel=1e-12)


def test_a_poor_scanner_never_spoils_more_than_95_percent():
    (scanner,) = world(quality(0.01, 0.0, incomplete="10 %")).scanners
    assert scanner.incomplete == 0.95


def test_a_less_sensitive_scanner_takes_longer_and_has_fewer_slots():
    """A half made up wholly: an hour on the couch, ten slots in ten hours; at a quarter five."""
    for sensitivity, slots, minutes in ((0.5, 10, 60), (0.25, 5, 120)):
        tables = by_hand(quality(sensitivity), asked_for(1))
        assert set(tables.sessions["slots"].tolist()) == {slots}
        assert tables.appointments["couch_seconds"].tolist() == [minutes * 60]


def test_the_chance_of_an_incomplete_scan_is_that_of_the_scanner_on_which_it_is_done():
    """A quality drawn at 3 % is enough on a scanner of full sensitivity and not on one of a half."""
    for sensitivity, attempts in ((1.0, 1), (0.5, 2)):
        changes = quality(sensitivity, 0.0, incomplete="2 %")
        (patient,) = asked_for(1)
        tables = by_hand(changes, [patient._replace(quality=0.03)])
        assert tables.referrals["attempts"].tolist() == [attempts]
