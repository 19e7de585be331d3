"""Radiologists read what the scanners made."""

import numpy as np
import pytest

from sim.model.report_queue import Pool, ReportQueue, report
from sim.model.couch import ATTENDED, MISSED
from tests.functional.model.two_towns import two_towns
from tests.world import tables

TEN_MINUTES = 600.0
CANCER, URGENT, ROUTINE = range(3)


def reports(scans: list[tuple[int, str]], opens: str = "09:00", closes: str = "10:00") -> list[str | None]:
    """When each scan of (priority, arrival) is reported on its day, a report taking ten minutes."""
    queue = ReportQueue([priority for priority, _ in scans])
    queue.send(0.0, [(row, 0, 0.0, ATTENDED, 0, 0, seconds(came)) for row, (_, came) in enumerate(scans)])
    reported = [float("nan")] * len(scans)
    pool = Pool(0, "pool", frozenset(range(7)), seconds(opens), seconds(closes), TEN_MINUTES)
    report(queue, pool.opens / 86400, pool.closes / 86400, pool, reported)
    return [None if np.isnan(time) else clock(time) for time in reported]


def seconds(written: str) -> int:
    hours, minutes = written.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def clock(time: float) -> str:
    minutes = round(time * 1440)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def test_reports_come_one_after_the_other_the_most_urgent_first():
    scans = [(ROUTINE, "07:00"), (URGENT, "08:00"), (CANCER, "08:30"), (URGENT, "07:30")]
    assert reports(scans) == ["09:40", "09:30", "09:10", "09:20"]


def test_what_arrives_in_mid_session_goes_before_the_less_urgent_that_has_waited():
    scans = [(ROUTINE, "08:00"), (ROUTINE, "08:01"), (ROUTINE, "08:02"), (CANCER, "09:15")]
    assert reports(scans) == ["09:10", "09:20", "09:40", "09:30"]


def test_radiologists_wait_for_images_and_begin_when_they_come():
    assert reports([(ROUTINE, "09:25"), (CANCER, "09:50")]) == ["09:35", "10:00"]


def test_a_report_that_would_end_after_closing_time_is_left_for_the_next_session():
    assert reports([(ROUTINE, "09:51")]) == [None]
    assert reports([(ROUTINE, f"08:0{n}") for n in range(8)])[5:] == ["10:00", None, None]


def test_a_missed_appointment_has_no_images():
    queue = ReportQueue([ROUTINE])
    queue.send(0.0, [(0, 0, 0.0, MISSED, 0, -1, -1)])
    queue.unpack()
    assert queue.receive(9.0) == float("inf") and queue.most_urgent() is None


def two_organisations(transfer: str, own_pool: bool):
    """The van's images go to the trust's radiologists, or to its own company's."""
    pool = {
        "days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "opens": "09:00",
        "closes": "17:00",
    }
    pools = {"radiologists": {"reports_for": ["Trust"] if own_pool else ["Trust", "Company"]}}
    if own_pool:
        pools["others"] = pool | {
            "organisation": "Company", "reports_for": ["Company"], "reports_per_day": "48 per day"
        }  # fmt: skip
    return tables(two_towns(reporting=pools, images={"transfer": transfer})).referrals


@pytest.mark.parametrize(("transfer", "own_pool", "days"), [("3 days", False, 3), ("3 days", True, 0)])
def test_images_of_another_organisation_arrive_after_the_transfer_and_are_never_read_before(
    transfer, own_pool, days
):
    found = two_organisations(transfer, own_pool)
    took = found["reported"] - found["scanned"]
    trust, company = (took[(found["provider"] == code) & np.isfinite(took)] for code in (1, 0))
    assert company.min() >= days and trust.min() >= 0
    assert trust.min() < 3
    assert (company.min() < 3) == own_pool


def test_nobody_reports_out_of_hours():
    found = two_organisations("0 days", own_pool=False)["reported"]
    found = found[np.isfinite(found)]
    within = found % 1
    assert within.min() > 9 / 24 and within.max() <= 17 / 24 + 1e-9
    assert set((found.astype(int) + 1) % 7) == {0, 1, 2, 3, 4}


def test_where_reports_are_short_the_urgent_ones_do_not_wait_for_it():
    short = {"reporting": {"radiologists": {"reports_per_day": "11 per day"}}}
    found = tables(two_towns(**short)).referrals
    took = found["reported"] - found["scanned"]
    cancer, _, routine = (np.nanmean(took[found["priority"] == code]) for code in (CANCER, URGENT, ROUTINE))
    assert cancer < 3 < 10 < routine
