"""What the time of day does: to the reporter, to a late clerk, to a fraction of a slot."""

import numpy as np

from tests.world import tables


def test_a_scan_of_the_morning_is_reported_in_the_afternoon_however_late_the_scanner_closes():
    made = tables({"fleet": {"scanner": {"closes": "20:00"}}})
    rows = made.referrals
    end = rows["scanned"] % 1 * 24
    weekday = (np.floor(rows["scanned"]) + 1) % 7 < 5  # 1 January 2019 was a Tuesday
    morning = np.isfinite(rows["reported"]) & weekday & (end < 12)
    same_day = np.floor(rows["reported"][morning]) == np.floor(rows["scanned"][morning])
    assert morning.sum() > 500
    assert same_day.mean() > 0.95  # all but bank holidays


def test_a_clerk_who_starts_after_the_scanner_offers_only_slots_that_have_not_begun():
    made = tables({"booking": {"minimum_notice": "0 days", "clerk_starts": "10:30"}}).appointments
    today = np.floor(made["booked"]) == np.floor(made["slot_start"])
    assert today.sum() > 100
    assert (made["slot_start"] >= made["booked"]).all()


def test_a_fraction_of_a_slot_is_carried_forward_and_still_fits_the_day():
    held = tables({"fleet": {"scanner": {"slots_per_day": "1.5 per day"}}}).sessions
    assert set(held["slots"]) == {1, 2}
    assert abs(held["slots"].mean() - 1.5) < 0.01
    assert held["open_seconds"].max() == 10 * 3600


def test_sessions_are_held_to_the_last_day_though_the_clerk_works_on_mondays_only():
    held = tables(
        {"booking": {"clerk_days": ["monday"], "minimum_notice": "1 day", "horizon": "1 day"}}
    ).sessions
    assert held["day"].max() == 364


def test_a_day_that_runs_late_by_itself_is_no_breakdown_although_the_scanner_failed_before():
    changes = {
        "scanning": {"MRI": {"couch_time": "58 minutes", "couch_time_variation": 0.5, "uptime": "97 %",
                             "repair_time": "1 hour", "longest_overrun": "10 minutes"}},
        "demand": {"MRI": {"per_year": "4000 per year"}},
    }  # fmt: skip
    made = tables(changes)
    lost = made.appointments["lost_to"][made.appointments["outcome"] == 5]
    by = np.bincount(lost, minlength=3)
    assert by[1] > 0 and by[2] > by[1]
