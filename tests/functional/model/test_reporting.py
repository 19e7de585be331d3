"""Radiologists read what the scanners made."""

import numpy as np
import pytest

from sim.model.images import Route, failed_transfers, way
from sim.model.report_queue import FIRST_REPORTED, Pool, ReportingSession, ReportQueue, report
from sim.model.section import WEEKDAYS
from sim.model.streams import IMAGES
from sim.model.tables import Dates
from tests.functional.model.two_towns import same, same_tables, two_towns
from tests.unit.model.by_hand import Patient, at, month_of
from tests.world import simulation, tables

TEN_MINUTES, TWENTY_MINUTES = 600 / 86400, 1200 / 86400
CANCER, URGENT, ROUTINE, PLANNED, EMERGENCY = range(5)
MRI, CT = range(2)
EVERY_DAY = frozenset(range(7))


def reports(
    scans: list[tuple],
    opens: str = "09:00",
    closes: str = "10:00",
    only: tuple[int, ...] = (CANCER, URGENT, ROUTINE),
) -> list[str | None]:
    """When each scan of (priority, arrival) is reported on its day; MRI takes ten minutes, CT twenty."""
    queue = queue_of()
    for number, (priority, came, *modality) in enumerate(scans):
        lasts = TWENTY_MINUTES if modality == [CT] else TEN_MINUTES
        queue.send([(seconds(came) / 86400, number, lasts, priority)])
    report(queue, ReportingSession(EVERY_DAY, seconds(opens), seconds(closes), only), 0)
    found = first_reports(queue)
    return [found.get(number) for number in range(len(scans))]


def queue_of(rate: float = 0.0, after: float = 0.0, u: float = 0.5) -> ReportQueue:
    """The queue of a pool that finds a share `rate` wanting; each scan's uniforms are `u`."""
    pool = Pool(0, "pool", (), {MRI: TEN_MINUTES, CT: TWENTY_MINUTES}, rate, after)
    return ReportQueue(pool, Dates(), lambda number: [u] * 4)


def first_reports(queue: ReportQueue) -> dict[int, str]:
    """When each scan was reported, by its number; nobody is reported twice."""
    numbers, dates = (queue.reported.column(name).tolist() for name in ("number", "date"))
    assert len(set(numbers)) == len(numbers)
    return {number: clock(time) for number, time in zip(numbers, dates)}


def seconds(written: str) -> int:
    hours, minutes = written.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def clock(time: float) -> str:
    minutes = round(time * 1440)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def test_reports_come_one_after_the_other_the_most_urgent_first():
    scans = [(ROUTINE, "07:00"), (URGENT, "08:00"), (CANCER, "08:30"), (URGENT, "07:30")]
    assert reports(scans) == ["09:40", "09:30", "09:10", "09:20"]


def test_whom_the_emergency_department_waits_for_is_reported_before_all_and_planned_scans_last():
    scans = [(PLANNED, "07:00"), (ROUTINE, "08:00"), (CANCER, "08:30"), (EMERGENCY, "08:50")]
    whose = (EMERGENCY, CANCER, URGENT, ROUTINE, PLANNED)
    assert whose == FIRST_REPORTED
    assert reports(scans, only=whose) == ["09:40", "09:30", "09:20", "09:10"]


def test_what_arrives_in_mid_session_goes_before_the_less_urgent_that_has_waited():
    scans = [(ROUTINE, "08:00"), (ROUTINE, "08:01"), (ROUTINE, "08:02"), (CANCER, "09:15")]
    assert reports(scans) == ["09:10", "09:20", "09:40", "09:30"]


def test_radiologists_wait_for_images_and_begin_when_they_come():
    assert reports([(ROUTINE, "09:25"), (CANCER, "09:50")]) == ["09:35", "10:00"]


def test_a_report_that_would_end_after_closing_time_is_left_for_the_next_session():
    assert reports([(ROUTINE, "09:51")]) == [None]
    assert reports([(ROUTINE, f"08:0{n}") for n in range(8)])[5:] == ["10:00", None, None]


def test_a_missed_appointment_has_no_images():
    found = month_of({"attendance": {"missed": "50 %"}}, [Patient(1.5, comes=0.0), Patient(1.6)])
    first, second = found.referrals["reported"]
    assert found.counted.closed[2] == 1 and found.counted.reading[0]["sent"] == 2
    assert found.referrals["attempts"].tolist() == [2, 1] and second < first


# ---- what a report takes, and further sessions


def test_a_report_takes_the_time_of_its_modality():
    scans = [(ROUTINE, "07:00", CT), (ROUTINE, "07:30", MRI), (URGENT, "08:00", CT)]
    assert reports(scans) == ["09:40", "09:50", "09:20"]


def test_nobody_looks_for_a_shorter_report_when_the_next_one_no_longer_fits():
    assert reports([(URGENT, "07:00", CT), (ROUTINE, "07:00", MRI)], closes="09:15") == [None, None]
    assert reports([(URGENT, "07:00", CT), (ROUTINE, "07:00", MRI)], closes="09:20") == ["09:20", None]


def test_a_session_for_urgent_scans_leaves_the_routine_ones_lying():
    scans = [(ROUTINE, "07:00"), (URGENT, "09:05"), (CANCER, "09:10"), (ROUTINE, "09:20")]
    assert reports(scans, only=(CANCER, URGENT)) == [None, "09:15", "09:25", None]


OWN = {"days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "opens": "09:00", "closes": "17:00"}
EVENING = {"days": ["wednesday", "thursday", "friday", "saturday"], "opens": "18:00", "closes": "20:00"}


def reported(changes: dict, patients: list[Patient]) -> list[tuple[int, str] | None]:
    """(day, time) of each patient's report; scans are made on day 3, a Friday, from eight on."""
    found = month_of(changes, patients).referrals
    return [None if np.isnan(time) else (int(time), clock(time % 1)) for time in found["reported"]]


def test_an_evening_session_reads_in_the_order_of_the_day_what_the_day_left():
    """Scans end at 08:30, 09:30, 10:30; a report takes four hours, so that the day has two of them."""
    pool = {
        "reports_per_day": "2 per day",
        "sessions": {"evening": EVENING | {"opens": "17:00", "closes": "21:00"}},
    }
    three = [Patient(1.4), Patient(1.5), Patient(1.6)]
    assert reported({"reporting": {"radiologists": pool}}, three) == [
        (3, "13:00"),
        (3, "17:00"),
        (3, "21:00"),
    ]
    pool["sessions"] = {}
    assert reported({"reporting": {"radiologists": pool}}, three) == [
        (3, "13:00"),
        (3, "17:00"),
        (6, "13:00"),
    ]


def test_an_early_session_comes_before_the_pools_own_whatever_the_order_in_the_file():
    early = EVENING | {"opens": "08:40", "closes": "09:00", "priorities": ["routine"]}
    pool = {"reports_per_day": "48 per day", "sessions": {"early": early}}
    found = reported({"reporting": {"radiologists": pool}}, [Patient(1.4), Patient(1.5)])
    assert found == [(3, "08:50"), (3, "09:40")]


def test_a_report_time_for_one_modality_replaces_the_reports_of_a_day():
    pool = {"report_time": {"MRI": "25 minutes"}}
    found = reported({"reporting": {"radiologists": pool}}, [Patient(1.4), Patient(1.5)])
    assert found == [(3, "09:25"), (3, "09:55")]
    pool["reports_per_day"] = None
    assert reported({"reporting": {"radiologists": pool}}, [Patient(1.4), Patient(1.5)]) == found


# ---- images of another organisation


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


# ---- transfers that fail


def test_a_transfer_that_fails_is_sent_again_and_may_fail_again():
    chances = {0.6: 0, 0.5: 0, 0.4: 1, 0.25: 1, 0.24: 2, 0.12: 3, 0.06: 4}
    assert {u: failed_transfers(u, 0.5) for u in chances} == chances
    assert failed_transfers(0.0, 0.0) == 0
    assert failed_transfers(0.0, 0.95) > 0, "even the least uniform has an end"


@pytest.mark.parametrize(("reads", "pool"), [(0.0, 4), (0.29, 4), (0.3, 7), (0.79, 7), (0.8, 9), (0.999, 9)])
def test_a_scan_goes_the_way_of_its_share(reads, pool):
    """30 % go to pool 4, half to pool 7 and the others to pool 9."""
    routes = (Route(4, 0.3, 1.0), Route(7, 0.8, 2.0), Route(9, 1.0, 3.0))
    assert way(routes, [reads, 0.0, 0.0, 0.0]) == (pool, {4: 1.0, 7: 2.0, 9: 3.0}[pool])


@pytest.mark.parametrize(("fails", "days"), [(0.51, 1.0), (0.49, 4.0), (0.24, 7.0)])
def test_each_transfer_that_fails_takes_until_it_is_noticed(fails, days):
    assert way((Route(4, 1.0, 1.0, 0.5, 3.0),), [0.0, fails, 0.0, 0.0]) == (4, days)


ELSEWHERE = {
    "fleet": {"scanner": {"provider": "Company"}},
    "reporting": {"radiologists": {"reports_for": ["Company"], "days": [*WEEKDAYS]}},
}
FAILS = {"transfer": "2 hours", "transfer_fails": "50 %", "noticed_after": "1 day"}


@pytest.mark.parametrize(
    ("u", "when"),
    [(0.9, (3, "10:40")), (0.3, (4, "10:40")), (0.2, (5, "10:40")), (0.1, (6, "10:40"))],
)
def test_failed_images_arrive_a_day_later_for_each_time_that_they_fail(monkeypatch, u, when):
    """The scan ends on Friday at 08:30, images are there at 10:30; radiologists work every day."""
    monkeypatch.setattr("sim.model.draws.Draws.first", lambda draws, number: [0.5, u, 0.5, 0.5])
    assert reported(ELSEWHERE | {"images": FAILS}, [Patient(1.4)]) == [when]


def test_images_within_one_organisation_do_not_fail():
    found = tables(two_towns(images=FAILS | {"transfer_fails": "0 %"})).referrals
    failing = tables(two_towns(images=FAILS)).referrals
    company = found["provider"] == found["provider"][found["provider"] >= 0].min()
    sure, luckless = (table["reported"] - table["scanned"] for table in (found, failing))
    assert np.nanmax(np.abs(sure - luckless)[~company]) < 1
    assert np.nanmean(luckless[company]) > np.nanmean(sure[company]) + 0.5


def test_the_same_transfers_fail_where_more_of_them_fail():
    """A share of 10 % fails those that a share of 5 % fails, and others."""
    late = [
        tables(two_towns(images=FAILS | {"transfer_fails": share})).referrals["reported"]
        for share in ("0 %", "5 %", "10 %")
    ]
    made = np.isfinite(late[0]) & np.isfinite(late[1]) & np.isfinite(late[2])
    sure, five, ten = (column[made] for column in late)
    often = [np.mean(column > sure + 0.4) for column in (five, ten)]
    assert 0 < often[0] < often[1]
    assert np.all((ten > sure + 0.9)[five > sure + 0.9])


# ---- pools that share


def shared(**tele) -> dict:
    """Teleradiology takes a share of both providers' scans, the trust's radiologists the rest."""
    pool = OWN | {"organisation": "Tele", "reports_per_day": "48 per day"} | tele
    return two_towns(reporting={"tele": pool})


def test_a_share_of_the_scans_goes_to_another_pool_which_has_to_wait_for_the_images():
    found = tables(shared(takes={"Trust": "30 %"}) | {"images": {"transfer": "2 days"}})
    rows, pools = found.referrals, found.labels["reader"]
    trust = (rows["provider"] == found.labels["provider"].index("Trust")) & (rows["scanner"] >= 0)
    tele = rows["reader"] == pools.index("tele")
    share, count = np.mean(tele[trust]), trust.sum()
    assert abs(share - 0.3) < 4 * np.sqrt(0.3 * 0.7 / count)
    assert not tele[~trust].any() and (rows["reader"][rows["scanner"] < 0] == -1).all()
    took = rows["reported"] - rows["scanned"]
    assert np.nanmin(took[tele]) > 2 > np.nanmin(took[trust & ~tele])


def test_a_larger_share_takes_the_same_scans_and_more():
    some, more = (
        tables(shared(takes={"Trust": share})).referrals["reader"] == 1 for share in ("30 %", "50 %")
    )
    assert (more & some).sum() == some.sum() < more.sum()


def test_a_pool_that_takes_nothing_changes_nothing():
    without = tables(two_towns())
    assert same_tables(without, tables(shared(takes={"Trust": "0 %"})))
    ct_only = shared(takes={"Trust": "100 %"}, modalities=["CT"])
    assert same_tables(without, tables(ct_only))


def test_a_pool_that_takes_all_leaves_nothing_to_who_takes_the_rest():
    found = tables(shared(takes={"Trust": "100 %", "Company": "100 %"}))
    assert set(found.referrals["reader"]) == {-1, found.labels["reader"].index("tele")}


def test_a_pool_limited_to_ct_takes_its_share_of_ct_and_no_mri():
    small = {"demand": {"CT": DEMAND_CT}, "scanning": {"CT": SCANNING_CT}, "fleet": {"ct": FLEET_CT}}
    tele = OWN | {
        "organisation": "Trust",
        "takes": {"Trust": "60 %"},
        "modalities": ["CT"],
        "report_time": {"CT": "10 minutes"},
    }
    found = tables(small | {"reporting": {"tele": tele}})
    rows, names = found.referrals, found.labels
    read = rows["reader"] == names["reader"].index("tele")
    ct = rows["modality"] == names["modality"].index("CT")
    made = rows["scanner"] >= 0
    assert not read[~ct].any()
    assert abs(np.mean(read[ct & made]) - 0.6) < 4 * np.sqrt(0.24 / (ct & made).sum())


DEMAND_CT = {
    "per_year": "1000 per year", "priority": {"routine": "100 %"}, "complex": "0 %", "opens": "08:00", "closes": "18:00",
    "weekdays": {"tuesday": "100 %"},
}  # fmt: skip
SCANNING_CT = {
    "couch_time": "15 minutes", "couch_time_variation": 0.1, "made_up_by_longer_scanning": 1, "uptime": "100 %",
    "longest_wait_on_the_day": "60 minutes", "longest_overrun": "60 minutes", "repair_time": "1 day",
    "on_the_table": "rebooked", "place_after_displaced": "keeps_place",
}  # fmt: skip
FLEET_CT = {
    "kind": "fixed", "modality": "CT", "provider": "Trust", "site": "Hospital", "days": ["monday", "thursday"],
    "opens": "08:00", "closes": "18:00", "slots_per_day": "20 per day",
}  # fmt: skip


# ---- reports found wanting


def test_a_scan_found_wanting_is_read_again_after_its_time_and_with_its_priority():
    """All are found wanting: the cancer scan is back at 09:25, the urgent one at 09:35, 09:45, 10:15."""
    queue = queue_of(rate=1.0, after=1.5 * TEN_MINUTES)
    scans = ((CANCER, "08:00"), (URGENT, "08:00"), (ROUTINE, "08:00"), (ROUTINE, "08:01"))
    for number, (priority, came) in enumerate(scans):
        queue.send([(seconds(came) / 86400, number, TEN_MINUTES, priority)])
    report(queue, ReportingSession(EVERY_DAY, seconds("09:00"), seconds("11:00")), 0)
    assert first_reports(queue) == {0: "09:10", 1: "09:20", 2: "09:30", 3: "10:00"}
    again = {number: clock(time) for number, time in queue.re_read.items()}
    assert again == {0: "09:40", 1: "09:50", 2: "10:10", 3: "10:25"}


def test_a_scan_is_read_a_second_time_and_not_a_third():
    queue = queue_of(rate=1.0)
    queue.send([(seconds("08:00") / 86400, 0, TEN_MINUTES, ROUTINE)])
    report(queue, ReportingSession(EVERY_DAY, seconds("09:00"), seconds("17:00")), 0)
    assert (first_reports(queue), clock(queue.re_read[0])) == ({0: "09:10"}, "09:20")
    assert queue.account() == {
        "sent": 1, "reported": 1, "to report": 0, "found wanting": 1, "read again": 1, "to read again": 0
    }  # fmt: skip


@pytest.mark.parametrize(("u", "rate", "found"), [(0.02, 0.03, 1), (0.03, 0.03, 0), (0.0, 0.0, 0)])
def test_as_many_are_found_wanting_as_the_rate_says(u, rate, found):
    queue = queue_of(rate, after=1.0, u=u)
    queue.send([(seconds("08:00") / 86400, 0, TEN_MINUTES, ROUTINE)])
    report(queue, ReportingSession(EVERY_DAY, seconds("09:00"), seconds("17:00")), 0)
    assert (queue.account()["found wanting"], queue.account()["to read again"]) == (found, found)


def test_the_first_report_keeps_its_date_and_the_second_has_its_own():
    """Scanned on Friday to 08:30, reported 09:10; a week later it is the first of the day."""
    pool = {"discrepancy_rate": "100 %", "re_read_after": "7 days"}
    found = month_of({"reporting": {"radiologists": pool}}, [Patient(1.4)]).referrals
    assert found["reported"][0] == pytest.approx(at(3, "09:10"))
    assert found["re_read"][0] == pytest.approx(at(10, "09:20"))


def test_a_year_has_its_share_of_second_readings_all_after_the_time_that_was_set():
    found = tables(
        two_towns(reporting={"radiologists": {"discrepancy_rate": "10 %", "re_read_after": "7 days"}})
    )
    rows = found.referrals
    reported = np.isfinite(rows["reported"]) & (rows["reported"] < found.counted.window[1] - 14)
    again = np.isfinite(rows["re_read"])
    assert abs(np.mean(again[reported]) - 0.1) < 4 * np.sqrt(0.09 / reported.sum())
    assert (rows["re_read"] - rows["reported"])[again].min() >= 7


# ---- the reporting limit, and time before the request


def test_a_report_is_due_a_limit_after_the_scan():
    found = month_of(
        {"reporting": {"radiologists": {"limit": "28 days"}}}, [Patient(1.4), Patient(29.9)]
    ).referrals
    assert found["report_due"][0] == pytest.approx(at(31, "08:30"))
    assert np.isnan(found["report_due"][1]), "not scanned, not due"
    assert np.isnan(month_of({}, [Patient(1.4)]).referrals["report_due"]).all()


def test_a_limit_and_time_before_the_request_change_no_date():
    plain = tables(two_towns())
    limit = {
        "reporting": {"radiologists": {"limit": "5 days"}},
        "demand": {"MRI": {"time_before_request": "9 days"}},
    }
    other = tables(two_towns(**limit))
    assert same(plain.referrals, other.referrals, but=("report_due", "before_request_days"))
    assert set(other.referrals["before_request_days"]) == {9.0}


# ---- the same patients


def test_what_is_drawn_about_a_scan_is_found_by_its_address():
    sim = simulation(two_towns())
    sim.run()
    for number in (0, 17, 900):
        block, index = sim.records.address(number)
        entity, month = sim.door.blocks[block]
        by_address = sim.streams.row(IMAGES, entity, index, month=month)
        assert sim.images.luck.first(number) == by_address.tolist()


def test_nothing_is_drawn_where_nothing_can_happen():
    sim = simulation(
        two_towns(images={"transfer_fails": "0 %"}, reporting={"radiologists": {"discrepancy_rate": "0 %"}})
    )
    sim.run()
    assert not sim.images.luck.tables
