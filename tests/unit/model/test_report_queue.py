"""A reporting session by hand: from 9:00 to 17:00 of day 3, an hour a report."""

import numpy as np
import pytest

from sim.model.demand import EMERGENCY, ROUTINE, URGENT
from sim.model.report_queue import Pool, ReportingSession, ReportQueue, reading, report
from sim.model.tables import Dates
from tests.unit.model.by_hand import at, seconds

DAY = ReportingSession(frozenset({3}), seconds("09:00"), seconds("17:00"))
AN_HOUR = 1 / 24


def queue(*sent: tuple, discrepancy_rate: float = 0.0, re_read_days: float = 0.0, luck=None) -> ReportQueue:
    """Scans on their way: (when they arrive, number) and perhaps a priority. luck: by number."""
    pool = Pool(0, "radiologists", (DAY,), {0: AN_HOUR}, discrepancy_rate, re_read_days)
    made = ReportQueue(pool, Dates(), lambda number: [0.0, 0.0, (luck or {}).get(number, 1.0), 0.0])
    made.send([(arrives, number, AN_HOUR, *(about or (ROUTINE,))) for arrives, number, *about in sent])
    return made


def read(made: ReportQueue, session: ReportingSession = DAY, day: int = 3) -> list[tuple[int, float]]:
    """(number, hour of the report) of all so far, after one session more."""
    report(made, session, day)
    hours = (made.reported.column("date") - day) * 24
    return [*zip(made.reported.column("number").tolist(), hours.round(6).tolist())]


@pytest.mark.parametrize(
    ("arrives", "reported"),
    [
        ("00:00", 10),
        ("09:00", 10),
        ("09:30", 10.5),
        ("16:00", 17),
        ("16:01", None),
        ("17:00", None),
        ("20:00", None),
    ],
)
def test_a_scan_is_reported_an_hour_after_it_is_there_if_the_session_lasts_so_long(arrives, reported):
    made = queue((at(3, arrives), 5))
    assert read(made) == ([] if reported is None else [(5, reported)])
    if reported is None:
        assert read(made, day=4) == [(5, 10)]


def test_eight_hours_are_eight_reports_and_the_ninth_is_first_the_next_day():
    made = queue(*((2.0, number) for number in range(9)))
    assert read(made) == [(number, 10 + number) for number in range(8)]
    assert made.account()["to report"] == 1 and made.account()["reported"] == 8
    assert read(made, day=4)[-1] == (8, 10)
    assert made.account() == {
        "sent": 9, "reported": 9, "to report": 0, "found wanting": 0, "read again": 0, "to read again": 0,
    }  # fmt: skip


def test_of_those_there_the_most_urgent_is_next_and_of_equals_who_arrived_first():
    made = queue(
        (at(3, "08:30"), 4), (at(3, "08:00"), 9), (at(3, "10:00"), 6, URGENT), (at(3, "10:01"), 7, EMERGENCY),
        (at(3, "11:00"), 8, EMERGENCY),
    )  # fmt: skip
    assert [number for number, _ in read(made)] == [9, 6, 7, 8, 4]


def test_who_arrives_in_an_idle_hour_is_read_when_they_arrive():
    made = queue((at(3, "08:00"), 1), (at(3, "12:00"), 2), (at(3, "12:00"), 3), (at(3, "15:30"), 4))
    assert read(made) == [(1, 10), (2, 13), (3, 14), (4, 16.5)]


def test_a_session_reads_its_own_priorities_and_leaves_the_others():
    made = queue((2.0, 1), (2.0, 2, URGENT), (at(3, "10:30"), 3, URGENT), (at(3, "16:30"), 4))
    urgent_only = ReportingSession(DAY.weekdays, DAY.opens, DAY.closes, (URGENT,))
    assert read(made, urgent_only) == [(2, 10), (3, 11.5)]
    assert [number for number, _ in read(made, day=4)] == [2, 3, 1, 4]


@pytest.mark.parametrize(("luck", "wanting"), [(0.0, True), (0.19, True), (0.2, False), (0.9, False)])
def test_a_scan_is_found_wanting_below_the_rate_and_read_again_after_a_time(luck, wanting):
    made = queue((2.0, 1), (2.0, 2), discrepancy_rate=0.2, re_read_days=2 * AN_HOUR, luck={1: luck})
    assert read(made) == [(1, 10), (2, 11)]
    assert made.found_wanting == wanting
    again = {number: round((when - 3) * 24, 6) for number, when in made.re_read.items()}
    assert again == ({1: 13} if wanting else {})  # it is back at twelve
    assert made.account()["read again"] == wanting and made.account()["to read again"] == 0


def test_what_is_to_be_read_again_comes_among_those_on_their_way_and_once():
    made = queue((2.0, 1), (at(3, "16:00"), 2), discrepancy_rate=0.5, re_read_days=7.0, luck={1: 0.0, 2: 0.0})
    assert read(made) == [(1, 10), (2, 17)]
    assert [number for _, number, *_ in made.on_their_way] == [1, 2]
    assert made.account() == {
        "sent": 2, "reported": 2, "to report": 0, "found wanting": 2, "read again": 0, "to read again": 2,
    }  # fmt: skip
    report(made, DAY, 11)
    assert made.account()["read again"] == 2 and made.account()["found wanting"] == 2
    assert made.wanting == set() and not made.on_their_way


def test_a_report_is_due_so_many_days_after_its_scan_where_there_is_a_limit():
    limited = ReportQueue(Pool(1, "others", (DAY,), {0: AN_HOUR}, limit=2.5), Dates(), None)
    limited.send([(2.0, 2, AN_HOUR, ROUTINE)])
    unlimited = queue((2.0, 0))
    unlimited.re_read[0] = 9.0
    found = reading([unlimited, limited], np.array([1.5, np.nan, 1.25]))
    assert found["reader"].tolist() == [0, -1, 1]
    assert found["report_due"][2] == 3.75 and np.isnan(found["report_due"][:2]).all()
    assert found["re_read"][0] == 9.0 and np.isnan(found["re_read"][1:]).all()
