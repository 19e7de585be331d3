"""The contractor gives up on day 10: whom that concerns, what becomes of their appointments, lists and clocks.

The contract began with the month, at evens a year, and lasts ten and a half days by its lot. The company's
list stays with it until day 14.
"""

import numpy as np
import pytest

from sim.model.demand import EMERGENCY
from tests.unit.model.by_hand import at
from tests.unit.model.contracts_by_hand import (
    COLLAPSE,
    MIXED,
    days_of,
    decide,
    decided,
    gives_up_after,
    starts,
    under,
    whole,
)
from tests.unit.model.list_by_hand import Person, Try, column
from tests.unit.model.providers_by_hand import (
    Luck,
    an_hour_apart,
    asked_for,
    laid_over,
    run,
    scanned_on,
    scanner_of,
    visits,
    who_came,
)

LENT = {"assets": {"come_back": True, "after": "8 days"}}
SENT = {"eligibility": {"choice": "soonest", "contractor": "Company", "share": "100 %"}}


@pytest.fixture(autouse=True)
def gives_up_on_day_10(monkeypatch):
    """Ten and a half days after the start."""
    decide(monkeypatch, life=gives_up_after(10.5))


def collapsing(contract: dict | None = None, slots: int = 10, **changes) -> dict:
    """Everybody is sent to the company, which has so many slots a day; the trust works beside it."""
    made = under(0, collapse=COLLAPSE | (contract or {}))
    made["fleet"]["company"]["slots_per_day"] = f"{slots} per day"
    return laid_over(made | SENT, changes)


EVERYBODY_SENT = [Luck(sent=0.0)] * 20


def test_no_session_of_the_contractors_is_held_from_that_day_on():
    found = run(collapsing(), [])
    assert days_of(found, "company") == list(range(10))
    assert days_of(found, "scanner") == list(range(28))


def test_who_is_booked_is_told_on_that_day_and_has_no_appointment_of_the_trusts_before_the_list_returns():
    """Ten for days 2 to 11, one a day: the last two are told at midnight of day 10. On day 14 they are on
    the trust's list and booked for day 15."""
    found = run(collapsing(slots=1), asked_for(10), EVERYBODY_SENT)
    assert scanned_on(found)[:8] == list(range(2, 10))
    assert who_came(found, "cancelled_by_hospital") == [(8, "company", 10), (9, "company", 11)]
    assert visits(found)[8] == [("company", 10), ("scanner", 15)]
    assert visits(found)[9] == [("company", 11), ("scanner", 15)]
    made = found.appointments
    assert made["cancelled"][np.isfinite(made["cancelled"])].tolist() == [10.0, 10.0]


@pytest.mark.parametrize(
    ("after", "day"), [("0 days", 11), ("1 day", 12), ("10 days", 21), ("17 days", None)]
)
def test_the_list_returns_after_so_many_days(after, day):
    found = run(collapsing({"list_returns_after": after}, slots=1), asked_for(9), EVERYBODY_SENT)
    assert scanned_on(found)[8] == day


def test_who_is_referred_after_the_collapse_goes_to_the_others_at_once():
    """The list of day 10 stays until day 14; nobody sends anybody to a company that has given up."""
    people = [*asked_for(9), *asked_for(1, day=10), *asked_for(1, day=12)]
    found = run(collapsing(slots=1), people, EVERYBODY_SENT)
    assert visits(found)[8] == [("company", 10), ("scanner", 15)]
    assert visits(found)[9] == [("scanner", 12)] and visits(found)[10] == [("scanner", 14)]


def test_who_was_being_vetted_when_the_contractor_gave_up_goes_to_the_others_too():
    """Referred on day 8 and vetted for three days: never on the company's list."""
    changes = collapsing(slots=1, vetting={"time": {"routine": "3 days"}})
    found = run(changes, asked_for(1, day=8), EVERYBODY_SENT)
    assert visits(found) == {0: [("scanner", 13)]}


@pytest.mark.parametrize(("clock", "starts"), [("continues", at(0, "10:00")), ("resets", 14.0)])
def test_the_clock_goes_on_or_starts_again_when_the_list_returns(clock, starts):
    """Of who has been scanned it stays; who comes later has their own."""
    people = [*asked_for(9), *asked_for(1, day=16)]
    found = run(collapsing({"clock": clock}, slots=1), people, EVERYBODY_SENT)
    clocks = found.referrals["clock_start"].tolist()
    assert clocks[8] == pytest.approx(starts, abs=0.02)
    assert clocks[0] == at(0, "10:00") and clocks[9] == at(16, "10:00")
    assert found.referrals["referred"][8] < 1


def test_on_one_list_of_the_network_nobody_was_on_the_contractors():
    """They wait for both; who was booked with the company is booked with the trust the same morning."""
    changes = under(0, collapse=COLLAPSE | {"clock": "resets"})
    changes = laid_over(
        changes, {"fleet": {name: {"slots_per_day": "1 per day"} for name in ("scanner", "company")}}
    )
    found = run(changes, asked_for(20))
    told = [who for who, _, _ in who_came(found, "cancelled_by_hospital")]
    assert told == [n for n, days in visits(found).items() if len(days) > 1] and told
    assert found.referrals["clock_start"].tolist() == found.referrals["referred"].tolist()
    assert visits(found)[told[0]][1][0] == "scanner"


def test_who_keeps_the_place_comes_before_who_came_later():
    """The trust has one slot a day and people of its own from day 12 on."""
    changes = collapsing(
        slots=1,
        eligibility={"share": "50 %"},
        fleet={"scanner": {"slots_per_day": "1 per day"}},
        booking={"horizon": "1 day"},
    )
    people = [*asked_for(9), *asked_for(6, day=12)]
    luck = [Luck(sent=0.0)] * 9 + [Luck()] * 6
    found = run(changes, people, luck)
    assert visits(found)[8] == [("company", 10), ("scanner", 15)]
    assert scanned_on(found)[9:] == [14, 16, 17, 18, 19, 20]


def test_who_missed_their_appointment_the_day_before_waits_with_the_others():
    people = asked_for(1, day=7, tries=(Try(misses=0.0), Try()))
    found = run(collapsing(attendance={"missed": "10 %"}), people, EVERYBODY_SENT)
    assert visits(found) == {0: [("company", 9), ("scanner", 15)]}


@pytest.mark.parametrize(
    ("assets", "back"), [(LENT, 18), ({}, None), ({"assets": {"come_back": False, "after": "0 days"}}, None)]
)
def test_what_was_handed_over_comes_back_or_does_not(assets, back):
    """Everything was handed over: nobody scans before day 18. The list waits there from day 14 on."""
    found = run(whole(0, collapse=COLLAPSE, **assets), asked_for(2, day=8))
    assert days_of(found, "company") == list(range(10))
    assert days_of(found, "scanner") == ([] if back is None else list(range(back, 28)))
    assert [row[2] for row in who_came(found, "cancelled_by_hospital")] == [10, 10]
    assert scanned_on(found) == [back, back]


def test_a_collapse_during_mobilisation_means_that_the_contractor_never_worked():
    found = run(whole(0, mobilisation="15 days", collapse=COLLAPSE, **LENT), asked_for(2))
    assert not days_of(found, "company")
    assert days_of(found, "scanner") == list(range(18, 28))
    assert scanned_on(found) == [18, 18]
    assert decided(found)[0] == {"does": "contract", "requested": 0, "agreed": 0, "ended": 10}


@pytest.mark.parametrize(("length", "last"), [("10 days", 9), ("11 days", 9), ("5 days", 4)])
def test_a_contract_that_ends_before_does_not_collapse(length, last):
    found = run(under(0, collapse=COLLAPSE, length=length), [])
    assert days_of(found, "company")[-1] == last
    collapsed = [row["does"] for row in decided(found)] == ["contract", "collapse"]
    assert collapsed == (length == "11 days")


def test_the_decisions_table_has_a_row_for_the_collapse():
    found = decided(run(under(0, collapse=COLLAPSE, length="20 days"), []))
    assert found == [
        {"does": "contract", "requested": 0, "agreed": 0, "in_effect": 0, "ended": 10},
        {"does": "collapse", "requested": 10, "in_effect": 10},
    ]


def test_a_contract_older_than_the_calendar_collapses_by_what_is_left_of_it():
    """Its luck is that of the years from the calendar's start on: it is still there then."""
    found = run(under(-1000, collapse=COLLAPSE), [])
    assert days_of(found, "company") == list(range(10))


def test_cancelled_slots_are_not_counted_as_sessions():
    """Days 10 to 28 of the company are in no account; the laws hold."""
    found = run(collapsing(slots=1), asked_for(12), EVERYBODY_SENT)
    number = found.labels["scanner"].index("company")
    assert found.sessions["booked"][found.sessions["scanner"] == number].sum() == 8


# ---- unscheduled patients

EMERGENCIES = {"demand": {"MRI": {"unscheduled": {"per_year": "0 per year"}}}}


def turned_up(changes: dict, *times: float) -> list[tuple[str, float]]:
    """(scanner, begin of the scan) of unscheduled patients of the town who turn up at these times."""
    people = [Person(time, priority=EMERGENCY) for time in times]
    found = run(laid_over(EMERGENCIES, changes), people)
    return list(zip(where(found), column(found, "scan_start")))


def where(tables) -> list[str | None]:
    """The scanner at which each was scanned."""
    return [None if n < 0 else tables.labels["scanner"][n] for n in tables.referrals["scanner"].tolist()]


def town_and_green(**contract) -> dict:
    """The contractor at the hospital in town, the trust an hour away in the village, both on call."""
    made = an_hour_apart(10, 10, **MIXED, contract={"provider": "Company"} | contract)
    made["fleet"]["company"] |= {"site": "Hospital", "on_call": True}
    made["fleet"]["scanner"] = {"site": "Green", "on_call": True}
    return made


def test_whose_site_has_closed_goes_to_the_next_one_at_once():
    """The list stays with the contractor until day 14, but nobody bleeds for four days."""
    found = turned_up(town_and_green(collapse=COLLAPSE), at(9, "10:00"), at(10, "10:00"), at(13, "03:00"))
    assert found == [("company", at(9, "10:00")), ("scanner", at(10, "10:00")), ("scanner", at(13, "03:00"))]


def test_while_the_contractor_mobilises_others_take_them():
    found = turned_up(town_and_green(mobilisation="5 days"), at(3, "10:00"), at(6, "10:00"))
    assert found == [("scanner", at(3, "10:00")), ("company", at(6, "10:00"))]


def test_what_was_handed_over_takes_them_again_when_it_is_back():
    """In town the trust's second scanner was handed over until day 14: 4 days after day 10."""
    changes = town_and_green(length="10 days", assets={"come_back": True, "after": "4 days"})
    changes["fleet"]["town"] = scanner_of("Trust", "Hospital", 10, until_contract=True, on_call=True)
    found = turned_up(changes, at(9, "10:00"), at(12, "10:00"), at(15, "10:00"))
    assert [who for who, _ in found] == ["company", "scanner", "town"]


def test_on_call_ends_with_the_contract_and_who_is_left_waiting_is_seen_elsewhere():
    """At five to midnight the company's scanner is still on the first; the second waits, and at midnight is
    the trust's."""
    found = turned_up(town_and_green(length="10 days"), at(9, "23:50"), at(9, "23:55"))
    assert found[0] == ("company", at(9, "23:50"))
    assert found[1] == ("scanner", at(10, "00:00"))


def test_before_its_start_the_contractor_is_not_on_call():
    changes = town_and_green(start=starts(5))
    found = turned_up(changes, at(4, "20:00"), at(5, "02:00"))
    assert [who for who, _ in found] == ["scanner", "company"]
