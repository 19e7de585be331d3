"""A cap on the contractor's appointments in a calendar month.

The clerk begins on day 1, Saturday 2 February 2019, for the day after and up to four weeks ahead; the month
has 28 days, so day 28 is 1 March, where the run goes on.
"""

import pytest

from sim.model.demand import URGENT
from tests.unit.model.list_by_hand import Try
from tests.unit.model.providers_by_hand import (
    Luck,
    an_hour_apart,
    asked_for,
    laid_over,
    run,
    scanned_on,
    scanner_of,
    side_by_side,
    visits,
)

TWO_MONTHS = {"calendar": {"years": "0.1615 years"}}


def capped(most: int, slots: int = 1, **changes) -> dict:
    """The company alone, with so many appointments a month at most."""
    contract = {"provider": "Company", "cap": {"MRI": f"{most} per month"}}
    made = side_by_side(1, slots, eligibility={"choice": "soonest"}, contract=contract)
    made["eligibility"] |= {"contractor": "Company", "share": "100 %"}
    return laid_over(made | TWO_MONTHS, changes)


SENT = [Luck(sent=0.0)] * 60


def company_days(tables) -> list[int]:
    """The days of all the company's appointments."""
    return sorted(day for theirs in visits(tables).values() for who, day in theirs if who == "company")


@pytest.mark.parametrize("most", [1, 3, 5])
def test_no_more_appointments_than_the_cap_are_made_for_a_month(most):
    """One a day from day 2 on; March begins with day 28."""
    found = run(capped(most), asked_for(9), SENT)
    assert company_days(found) == [*range(2, 2 + most), *range(28, 28 + min(most, 9 - most))]


def test_appointments_count_in_the_month_of_their_day_not_of_their_booking():
    """On day 25 slots of March are booked, and February's are left alone: its cap is used up."""
    found = run(capped(2), [*asked_for(2), *asked_for(2, day=24)], SENT)
    assert company_days(found) == [2, 3, 28, 29]


def test_what_the_patient_cancels_can_be_given_to_another():
    """The first cancels on day 1 what was day 2's; the third has the slot of day 3, before March."""
    first, second = asked_for(1, tries=(Try(cancels=0.01), Try())), asked_for(2, day=1)
    found = run(capped(2, attendance={"cancelled_by_patient": "10 %"}), first + second, SENT)
    assert visits(found)[0][0] == ("company", 2)
    kept = [theirs[-1][1] for theirs in visits(found).values()]
    assert sorted(kept) == [3, 4, 28]


def test_a_missed_appointment_was_made():
    """The first's second appointment is March's, and the second's is nobody's before April."""
    first, second = asked_for(1, tries=(Try(misses=0.0), Try())), asked_for(1, day=3)
    found = run(capped(1, attendance={"missed": "10 %"}), first + second, SENT)
    assert visits(found) == {0: [("company", 2), ("company", 28)], 1: []}


def test_the_cap_is_the_contractors_not_the_trusts():
    changes = capped(1)
    changes["eligibility"]["share"] = "0 %"
    assert scanned_on(run(changes, asked_for(5))) == [2, 3, 4, 5, 6]


def test_the_cap_is_one_for_all_the_contractors_scanners():
    found = run(capped(3, fleet={"second": scanner_of("Company", "Clinic", 1)}), asked_for(5), SENT)
    assert sorted(scanned_on(found)) == [2, 2, 3, 28, 28]


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5])
def test_complex_referrals_are_one_appointment_each_whatever_slots_they_need(most):
    found = run(
        capped(most, slots=6, scanning={"MRI": {"slots_if_complex": 2}}), asked_for(8, complexity=1), SENT
    )
    assert len([day for day in company_days(found) if day < 28]) == most


def test_the_last_appointment_goes_to_the_most_urgent():
    people = [*asked_for(2), *asked_for(1, priority=URGENT)]
    found = run(capped(1, slots=3), people, SENT)
    urgent = found.referrals["priority"].tolist().index(URGENT)
    assert scanned_on(found)[urgent] == 2
    assert company_days(found) == [2, 28]


def test_a_cap_of_another_modality_limits_nothing():
    changes = capped(1)
    changes["contract"]["cap"] = {"CT": "1 per month"}
    assert scanned_on(run(changes, asked_for(4), SENT)) == [2, 3, 4, 5]


def test_transfers_make_room_elsewhere_for_whom_the_cap_keeps_waiting():
    """One is booked for 1 March and three wait. Behind the others
    they would wait 3 days, then 2, then 1; at the trust none, 1, 2: on day 7 two go, on day 14 the last."""
    transfers = {"after": "3 days", "gain": "1 hour", "agree": "100 %", "every": "7 days"}
    changes = an_hour_apart(
        1, 1, contract={"provider": "Company", "cap": {"MRI": "1 per month"}},
        waiting_lists={"held_by": "provider", "transfers": transfers},
    )  # fmt: skip
    found = run(changes | TWO_MONTHS, asked_for(5, place=1))
    assert scanned_on(found)[0] == 2
    assert sorted(scanned_on(found)[1:]) == [8, 9, 15, 28]
