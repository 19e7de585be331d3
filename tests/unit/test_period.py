"""What counts in the data-collection period, to the moment, and who counts where: days 28 to 112."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.measures import measure
from sim.model.tables import REFERRAL_OUTCOMES, Tables
from tests.unit.test_measures import DAYS, NEVER, NOWHERE, tables

EDGES = [(27.99, 0), (28, 1), (111.99, 1), (112, 0)]
"""Moments, and whether they lie in the period."""


def patient(
    referred: float = 20, scanned: float = NEVER, reported: float = NEVER, priority: str = "routine"
) -> tuple:
    """Somebody of Oxford."""
    site = NOWHERE if scanned != scanned else "Churchill"
    return "Oxford", "car", priority, referred, referred, scanned, reported, site, 15


def values(made: Tables) -> dict[tuple[str, str], float]:
    return measure(made, DAYS)[0]


def of_all(made: Tables) -> dict[str, float]:
    """The measures of everybody."""
    return {name: value for (name, group), value in values(made).items() if group == "all"}


# ---- the first and the last moment


@pytest.mark.parametrize(("at", "counts"), EDGES)
def test_a_scan_counts_from_the_first_midnight_of_the_period_to_before_its_last(at, counts):
    found = of_all(tables([patient(scanned=at), patient(scanned=60)], [], []))
    assert found["scans"] == 1 + counts
    assert found["wait_days_mean"] == pytest.approx(((at - 20) * counts + 40) / (1 + counts))


@pytest.mark.parametrize(("slot", "counts"), EDGES)
def test_an_appointment_counts_where_its_slot_lies(slot, counts):
    made = [(slot, "missed", 0, "Churchill"), (60, "attended", 0, "Churchill")]
    assert of_all(tables([patient(scanned=60)], made, []))["missed_percent"] == 50 * counts


@pytest.mark.parametrize(("day", "counts"), [(27, 0), (28, 1), (111, 1), (112, 0)])
def test_a_session_counts_where_its_day_lies(day, counts):
    held = [(day, "Churchill", 4, 4, 1000, 0, 0, 0), (60, "Churchill", 4, 0, 1000, 0, 0, 0)]
    found = of_all(tables([patient(scanned=60)], [], held))
    assert found["load_percent"] == 50 * counts
    assert found["service_days_per_week"] == pytest.approx((1 + counts) / 12)


@pytest.mark.parametrize(("asked", "counts"), [(27.99, 0), (28, 1), (84, 1), (84.01, 0)])
def test_a_request_counts_where_28_days_are_left_to_report_on_it(asked, counts):
    made = tables([patient(referred=asked), patient(referred=30, scanned=40, reported=41)], [], [])
    assert of_all(made)["result_in_28_days_percent"] == 100 / (1 + counts)


@pytest.mark.parametrize(
    ("outcome", "late"), [("rejected", 0), ("redirected", 0), ("removed", 1), ("discharged", 1)]
)
def test_who_is_turned_down_at_vetting_asked_for_nothing_and_who_gives_up_never_had_a_result(outcome, late):
    made = tables([patient(referred=30), patient(referred=30, scanned=40, reported=41)], [], [])
    made.referrals["outcome"][0] = REFERRAL_OUTCOMES.index(outcome)
    made.referrals["left"][0] = 35
    assert of_all(made)["result_in_28_days_percent"] == 100 / (1 + late)


@pytest.mark.parametrize(("left", "ends"), [(55.99, 0), (56, 1), (84, 2), (112, 3), (NEVER, 3)])
def test_who_leaves_on_the_stroke_of_month_end_still_waits(left, ends):
    made = tables([patient()], [], [])
    made.referrals["left"][0] = left
    assert of_all(made).get("list_size", 0) == pytest.approx(ends / 3)


@pytest.mark.parametrize(("weeks", "ends"), [(6, 2), (13, 3)])
@pytest.mark.parametrize(("later", "long"), [(0, 1), (1 / 1440, 0)])
def test_so_many_weeks_are_over_when_they_are_full(weeks, ends, later, long):
    """At the last of the month ends at which the only patient waits."""
    found = of_all(tables([patient(referred=112 - 7 * weeks + later)], [], []))
    assert found[f"over_{weeks}_weeks_percent"] == pytest.approx(100 * long / ends)


@pytest.mark.parametrize(("due", "counts"), [(112, 1), (112.01, 0)])
def test_a_report_that_is_due_at_the_end_is_missing_and_one_due_later_is_not_yet(due, counts):
    made = tables([patient(scanned=60, reported=61), patient(scanned=100)], [], [], limit=2)
    made.referrals["report_due"][1] = due
    assert of_all(made)["reports_over_limit_percent"] == 100 * counts / (1 + counts)


# ---- the clock that starts again


@pytest.mark.parametrize(
    ("resets", "on_clock"),
    [
        ({0: [55.99]}, [0.01, 28.01, 56.01]),
        ({0: [56]}, [16, 28, 56]),  # on the stroke of month end it has not started again yet
        ({0: [50, 70]}, [6, 14, 42]),
        ({0: [70, 50]}, [6, 14, 42]),  # in whatever order they were noted
        ({0: [100]}, [16, 44, 12]),
        ({1: [50]}, [16, 44, 72]),
    ],
)
def test_on_the_clock_somebody_has_waited_since_it_last_started_before_the_month_end(resets, on_clock):
    """Of two the first waits since day 40; the second, scanned on day 55, is on no list at a month end."""
    made = tables([patient(referred=40), patient(referred=40, scanned=55)], [], [])
    noted = [(who, at) for who, times in resets.items() for at in times]
    made = replace(
        made,
        clock_resets={"referral": np.array([n[0] for n in noted]), "at": np.array([n[1] for n in noted])},
    )
    for who, times in resets.items():
        made.referrals["clock_start"][who] = max(times)
    found = of_all(made)
    assert found["waiting_days_mean"] == pytest.approx(sum(on_clock) / 3)
    assert found["lived_waiting_days_mean"] == pytest.approx((16 + 44 + 72) / 3)


# ---- who is on the list that is counted


def test_planned_scans_are_made_and_are_on_no_list_but_their_own():
    planned = [patient(30, 40, 45, "planned"), patient(30, priority="planned")]
    found, census = measure(tables([patient(30, 50, 52), *planned], [], []), DAYS)
    assert found["scans", "all"] == 2
    assert found["wait_days_mean", "all"] == 20 and found["wait_days_mean", "priority=planned"] == 10
    assert found["list_size", "all"] == 0 and found["list_size", "priority=planned"] == 1
    assert found["report_days_mean", "all"] == 2 and found["report_days_mean", "priority=planned"] == 5
    assert found["result_in_28_days_percent", "all"] == 100
    assert found["result_in_28_days_percent", "priority=planned"] == 50
    assert [row["Planned Activity"] for row in census] == [1, 0, 0]
    assert [row["Waiting List Activity"] for row in census] == [1, 0, 0]
    assert {row["Total WL"] for row in census} == {0}


def test_unscheduled_patients_wait_hours_for_the_couch_and_are_on_no_list():
    """Half an hour on the couch: one waits from day 60 for an hour, one from day 61 for four."""
    seen = [
        patient(60, 60 + 1.5 / 24, 60.1, "emergency"),
        patient(61, 61 + 4.5 / 24, NEVER, "emergency"),
        patient(90, NEVER, NEVER, "emergency"),
    ]
    found, census = measure(tables([patient(30, 50), *seen], [], []), DAYS)
    assert found["unscheduled_wait_hours_mean", "all"] == pytest.approx(2.5)
    assert found["scans", "all"] == 3
    assert found["wait_days_mean", "all"] == 20
    assert found["list_size", "all"] == 0
    assert ("report_days_mean", "all") not in found
    assert found["result_in_28_days_percent", "all"] == 0  # of the only request
    assert [row["Unscheduled Activity"] for row in census] == [0, 2, 0]
    assert [row["Waiting List Activity"] for row in census] == [1, 0, 0]


def test_a_month_has_the_scans_from_its_first_midnight_on():
    _, census = measure(tables([patient(30, 55.99), patient(30, 56), patient(30, 56.01)], [], []), DAYS)
    assert [row["Waiting List Activity"] for row in census] == [1, 2, 0]


def test_who_cancels_before_the_day_is_not_due_any_more():
    """Of eight two cancelled before the day, one on it, one was told not to come; of the six due two missed."""
    outcomes = (
        ["cancelled_by_patient"] * 3 + ["cancelled_by_hospital"] + ["missed"] * 2 + ["displaced", "attended"]
    )
    made = tables(
        [patient(scanned=60)], [(60, outcome, 0, "Churchill") for outcome in outcomes],
        [(60, "Churchill", 10, 6, 1000, 0, 0, 0)],
    )  # fmt: skip
    made.appointments["cancelled"][:2] = 50
    found = values(made)
    assert found["cancelled_by_patient_percent", "all"] == 100 * 3 / 8
    assert found["cancelled_by_hospital_percent", "all"] == 100 / 8
    assert found["missed_percent", "all"] == pytest.approx(100 * 2 / 6)
    assert found["displaced_per_1000", "all"] == pytest.approx(1000 / 6)
    assert found["slots_lost_percent", "all"] == pytest.approx(100 * 5 / 10)
    shares = {"attended": 10, "missed": 20, "cancelled_by_patient": 10, "cancelled_by_hospital": 10}
    for outcome, share in (shares | {"displaced": 10, "unfilled": 40}).items():
        assert found["slots_percent", f"outcome={outcome}"] == pytest.approx(share)


def test_where_all_cancelled_before_the_day_nobody_could_miss_anything():
    made = tables([patient(scanned=60)], [(60, "cancelled_by_patient", 0, "Churchill")], [])
    made.appointments["cancelled"][:] = 50
    found = of_all(made)
    assert found["cancelled_by_patient_percent"] == 100
    assert "missed_percent" not in found and "displaced_per_1000" not in found


def test_a_gap_has_two_sides_and_neither_is_nothing():
    elsewhere = "Swindon", *patient(30, 50)[1:]
    assert values(tables([patient(30, 60), elsewhere], [], []))["gap_wait_days_ratio", "between=place"] == 1.5
    for here in (patient(30, 30), patient(30)):
        assert ("gap_wait_days_ratio", "between=place") not in values(tables([here, elsewhere], [], []))


@pytest.mark.parametrize(("day", "counts"), EDGES)
def test_a_request_for_capacity_counts_on_the_day_of_each_step_and_the_contract_is_none(day, counts):
    """The second row is a tender that failed within the period."""
    steps = ("requested", "agreed", "refused", "in_effect")
    rows = {name: np.array([float(day), 60]) for name in steps} | {"request": np.array([0, 1])}
    made = replace(tables(), decisions=rows | {"does": np.array([3, 4])})
    found = values(replace(made, labels=made.labels | {"request": ["hire", "contract"]}))
    for name in steps:
        assert found[f"decisions_{name}", "all"] == found[f"decisions_{name}", "request=hire"] == counts
    assert ("decisions_refused", "request=contract") not in found
