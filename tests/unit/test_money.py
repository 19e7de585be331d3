"""What is paid and what it costs, on a handful of scans whose bill can be worked out on paper.

Months have 30 days and a year twelve of them; unless a test says otherwise the data-collection period is
two such years.
"""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest

from sim.measures import money
from sim.model.calendar import Days
from sim.model.couch import APPOINTMENT_OUTCOMES, ATTENDED, DISPLACED
from sim.model.decisions import CONTRACT
from sim.model.demand import MODALITIES
from sim.model.tables import Counted, Tables
from sim.provision.contract import Contract, Terms, terms_of
from sim.provision.fleet import FleetScanner

PROVIDERS = ["Company", "Trust"]
MRI, CT = (MODALITIES.index(name) for name in ("MRI", "CT"))
HOURS = {"opens": "08:00", "closes": "18:00", "slots_per_day": "10 per day"}
FIXED = {"kind": "fixed", "site": "Hospital", "days": ["monday"], "modality": "MRI", **HOURS}
MOBILE = {"kind": "mobile", "site": "Hospital", "visits": ["monday"], "modality": "MRI", **HOURS}
FLEET = {"ours": FIXED | {"provider": "Trust"}, "theirs": FIXED | {"provider": "Company"}}
TARIFF = {"MRI": "£200 per scan", "CT": "£100 per scan"}
COSTS = {"default": {"MRI": {"per_scan": "£150 per scan", "more_per_complex_scan": "£90 per scan"}}}
PAID = {"provider": "Company", "tariff": TARIFF, "costs": COSTS}


def days(months: int = 24, warm_up: int = 0) -> Days:
    """A calendar of so many months of 30 days, all but `warm_up` of them in the data-collection period."""
    count = 30 * months
    starts = tuple(range(0, count + 1, 30))
    weekdays, working = np.arange(count) % 7, np.ones(count, dtype=bool)
    return Days(datetime.date(2019, 1, 1), weekdays, working, starts, (30 * warm_up, count))


def terms(contract: dict[str, Any], fleet: dict[str, dict] = FLEET) -> Terms:
    scanners = {name: FleetScanner.model_validate(one) for name, one in fleet.items()}
    return terms_of(Contract.model_validate(contract), scanners, PROVIDERS)


def scans(scanner: int, day: float, number: int = 1, waited: float = 10, modality=MRI, **about) -> list[dict]:
    """So many equal scans: `complexity` 1 is complex, `complete` 0 has to be done again."""
    provider = about.pop("provider", 1 - scanner)  # the scanners of FLEET: ours, theirs
    one = {"scanner": scanner, "scan_end": day, "provider": provider, "modality": modality, "waited": waited}
    return [{"complexity": 0, "complete": 1, "outcome": ATTENDED} | one | about] * number


def session(scanner: int, day: int, lost: str = "", provider: int = 1, opened: int = 1000) -> dict:
    """A session, or time on call (`opened` 0); `lost`: the use that took all of it."""
    uses = {f"{use}_seconds": opened if use == lost else 0 for use in ("maintenance", "no_crew", "blocked")}
    about = {"scanner": scanner, "day": day, "provider": provider, "modality": MRI, "open_seconds": opened}
    about["slots"] = 10 if opened else 0
    return about | uses


def in_force(opens: float, over: float) -> dict[str, np.ndarray]:
    """The decisions table of a contract under which the contractor works on these days."""
    days = {"refused": np.nan, "in_effect": opens, "ended": over}
    return {"does": np.array([CONTRACT])} | {name: np.array([day]) for name, day in days.items()}


FROM_THE_START = in_force(0, np.nan)


def tables(made: list[dict], held: list[dict] = (), decisions=FROM_THE_START) -> Tables:
    """Appointments, each of a referral of its own, and sessions."""

    def column(rows, name: str, kind=int) -> np.ndarray:
        return np.array([row[name] for row in rows], dtype=kind)

    names = ("scanner", "provider", "complete", "outcome")
    appointments = {name: column(made, name) for name in names} | {
        "scan_end": column(made, "scan_end", float),
        "referral": np.arange(len(made)),
    }
    referrals = {name: column(made, name) for name in ("modality", "complexity")}
    referrals["clock_start"] = appointments["scan_end"] - column(made, "waited", float)
    sessions = {name: column(held, name) for name in session(0, 0)}
    labels = {"provider": PROVIDERS, "modality": list(MODALITIES)}
    return Tables(referrals, appointments, sessions, decisions, labels, Counted((0, 720)), {})


def bill(contract, made, held=(), months: int = 24, fleet=FLEET) -> dict[tuple[str, str], float]:
    return money.measure(tables(made, held), days(months), terms(contract, fleet))


def paid(contract: dict, made: list[dict], months: int = 24) -> float:
    """What the contractor is paid."""
    return bill(PAID | contract, made, months=months)["payments_pounds", "all"]


# ---- who picks the easy cases


def test_the_same_price_for_easy_and_difficult_scans_leaves_a_deficit_to_who_does_the_difficult_ones():
    """100 standard scans at 150 for 200 leave 5,000; 20 standard and 80 complex ones, at 240, lack 2,200."""
    made = scans(1, 5, 100) + scans(0, 5, 20) + scans(0, 5, 80, complexity=1)
    found = bill(PAID, made)
    assert found["surplus_pounds", "provider=Company"] == 100 * 50
    assert found["surplus_pounds", "provider=Trust"] == 20 * 50 - 80 * 40
    # the public pays the contractor's price, and what the trust's scans cost it
    assert found["cost_per_scan_pounds", "all"] == (100 * 200 + 20 * 150 + 80 * 240) / 200
    assert found["cost_per_scan_pounds", "provider=Company"] == 200
    assert found["cost_per_scan_pounds", "provider=Trust"] == (20 * 150 + 80 * 240) / 100


def test_whoever_picks_it_is_the_easy_work_that_pays():
    made = scans(1, 5, 100) + scans(0, 5, 100, complexity=1)
    swapped = scans(0, 5, 100) + scans(1, 5, 100, complexity=1)
    one, other = bill(PAID, made), bill(PAID, swapped)
    for mine, theirs in (("Trust", "Company"), ("Company", "Trust")):
        assert one["surplus_pounds", f"provider={mine}"] == other["surplus_pounds", f"provider={theirs}"] != 0


# ---- what the contractor is paid


def test_without_a_price_the_contractor_is_paid_the_tariff():
    assert paid({}, scans(1, 5, 7)) == 7 * 200
    assert paid({"price": {"MRI": "£150 per scan"}}, scans(1, 5, 7)) == 7 * 150


def test_the_contractor_may_be_any_of_the_providers():
    """The last by name: seven of its scans are paid, and the company's four cost what they cost."""
    found = bill(PAID | {"provider": "Trust"}, scans(0, 5, 7) + scans(1, 5, 4))
    assert found["payments_pounds", "all"] == 7 * 200
    assert found["cost_per_scan_pounds", "all"] == (7 * 200 + 4 * 150) / 11


def test_a_guarantee_is_settled_every_twelve_months():
    """100 in the first year are paid as 120; 150 in the second make up for nothing."""
    made = scans(1, 5, 100) + scans(1, 400, 150)
    assert paid({"guaranteed": {"MRI": "120 per year"}}, made) == (120 + 150) * 200
    assert paid({"guaranteed": {"MRI": "90 per year"}}, made) == 250 * 200


def test_half_a_year_is_half_a_guarantee():
    made = scans(1, 5, 130) + scans(1, 400, 20)
    assert paid({"guaranteed": {"MRI": "120 per year"}}, made, months=18) == (130 + 60) * 200


def test_a_guarantee_is_paid_whether_or_not_anybody_was_scanned():
    found = bill(PAID | {"guaranteed": {"CT": "10 per year"}}, scans(0, 5, 4), months=12)
    assert found["payments_pounds", "all"] == found["surplus_pounds", "provider=Company"] == 10 * 100
    assert found["cost_per_scan_pounds", "all"] == (4 * 150 + 10 * 100) / 4


def test_a_cap_holds_for_each_calendar_month():
    """Of 14 in the first month 10 are paid; what was left of the second month's does not help."""
    made = scans(1, 29.9, 14) + scans(1, 30, 6)
    assert paid({"cap": {"MRI": "10 per month"}}, made) == (10 + 6) * 200
    assert paid({"cap": {"MRI": "14 per month"}}, made) == 20 * 200


def test_scans_over_the_cap_are_done_for_nothing():
    found = bill(PAID | {"cap": {"MRI": "10 per month"}}, scans(1, 5, 14))
    assert found["surplus_pounds", "provider=Company"] == 10 * 200 - 14 * 150
    assert found["cost_per_scan_pounds", "all"] == 10 * 200 / 14


def test_vat_is_paid_and_is_nobodys_income():
    found = bill(PAID | {"vat": "20 %"}, scans(1, 5, 10) + scans(0, 5, 10))
    assert found["payments_pounds", "all"] == pytest.approx(1.2 * 10 * 200)
    assert found["surplus_pounds", "provider=Company"] == 10 * 50
    assert found["cost_per_scan_pounds", "all"] == pytest.approx((1.2 * 10 * 200 + 10 * 150) / 20)


def test_a_scan_that_has_to_be_done_again_costs_twice_and_is_paid_once():
    found = bill(PAID, scans(1, 5, complete=0) + scans(1, 9))
    assert found["surplus_pounds", "provider=Company"] == 200 - 2 * 150
    assert found["cost_per_scan_pounds", "all"] == 200


def test_a_scan_that_was_broken_off_costs_nothing_and_is_not_paid():
    found = bill(PAID, scans(1, 5) + scans(1, 9, complete=0, outcome=DISPLACED))
    assert APPOINTMENT_OUTCOMES[DISPLACED] == "displaced"
    assert found["surplus_pounds", "provider=Company"] == 200 - 150


def test_outside_the_contract_the_tariff_holds_without_vat_and_nothing_is_guaranteed():
    """In force from day 45 to 90: half the second month and the third, an eighth of a year."""
    contract = PAID | {
        "price": {"MRI": "£500 per scan"},
        "guaranteed": {"MRI": "80 per year"},
        "cap": {"MRI": "8 per month"},
        "vat": "20 %",
    }
    for before, half, whole, under in ((3, 9, 9, 4 + 8), (3, 0, 2, 10)):
        made = scans(1, 44.9, before) + scans(1, 45, half) + scans(1, 89.9, whole) + scans(1, 90, 5)
        found = money.measure(tables(made, decisions=in_force(45, 90)), days(12), terms(contract))
        assert found["payments_pounds", "all"] == pytest.approx((before + 5) * 200 + under * 500 * 1.2)


def test_the_one_off_cost_counts_once_whatever_the_period():
    contract = PAID | {"one_off": "£0.1 million"}
    for months in (12, 24):
        found = bill(contract, scans(1, 5, 10) + scans(0, 5, 10), months=months)
        assert found["one_off_pounds", "all"] == 100_000
        assert found["cost_per_scan_pounds", "all"] == (100_000 + 10 * 200 + 10 * 150) / 20
        assert found["cost_per_scan_pounds", "modality=MRI"] == found["cost_per_scan_pounds", "all"]
        assert found["cost_per_scan_pounds", "provider=Company"] == 200
        assert found["surplus_pounds", "provider=Company"] == 10 * 50


def test_over_several_modalities_money_is_added_up():
    contract = PAID | {
        "one_off": "£4000",
        "costs": {"default": {**COSTS["default"], "CT": {"per_scan": "£60 per scan"}}},
    }
    fleet = FLEET | {"scan": FIXED | {"provider": "Company", "modality": "CT"}}
    made = scans(1, 5, 10) + scans(2, 5, 20, modality=CT, provider=0) + scans(0, 5, 10)
    found = bill(contract, made, fleet=fleet)
    public = {
        "MRI": 10 * 200 + 2000 + 10 * 150,
        "CT": 20 * 100 + 2000,
    }  # 2,000 paid for each: half the one-off
    assert found["cost_per_scan_pounds", "modality=MRI"] == public["MRI"] / 20
    assert found["cost_per_scan_pounds", "modality=CT"] == public["CT"] / 20
    assert found["cost_per_scan_pounds", "all"] == sum(public.values()) / 40
    assert found["surplus_pounds", "modality=CT;provider=Company"] == 20 * 40
    assert found["surplus_pounds", "provider=Company"] == 20 * 40 + 10 * 50


def test_what_is_paid_out_is_what_comes_in():
    """The public pays the contractor's income, VAT, its own providers' costs and the one-off cost."""
    contract = PAID | {"vat": "20 %", "one_off": "£5000", "guaranteed": {"MRI": "30 per year"}}
    made = scans(1, 5, 10) + scans(1, 400, 60, complexity=1) + scans(0, 5, 33, complexity=1)
    found = bill(contract, made, [session(0, 5)])
    income = found["surplus_pounds", "provider=Company"] + 70 * 150 + 60 * 90
    assert found["payments_pounds", "all"] == pytest.approx(1.2 * income) == 1.2 * 90 * 200
    trust = 33 * 200 - found["surplus_pounds", "provider=Trust"]
    assert found["cost_per_scan_pounds", "all"] * 103 == pytest.approx(1.2 * income + trust + 5000)


# ---- within six weeks


@pytest.mark.parametrize("waited, quick", [(41.99, 4), (42, 3)])
def test_within_six_weeks_is_less_than_42_days(waited, quick):
    found = bill(PAID, scans(0, 5, 3) + scans(0, 5, 1, waited=waited))
    assert found["cost_per_scan_in_6_weeks_pounds", "all"] == 4 * 150 / quick


def test_where_nobody_was_scanned_in_time_no_such_scan_has_a_cost():
    assert ("cost_per_scan_in_6_weeks_pounds", "all") not in bill(PAID, scans(0, 5, 3, waited=50))


# ---- sessions and scanners

WORK = {"per_session": "£1000 per session", "per_year": "£120,000 per year"}


def costs_of(held: list[dict], costs: dict = WORK, fleet=FLEET, months: int = 12) -> float:
    """What sessions cost the trust, which is paid nothing."""
    found = bill({"tariff": TARIFF, "costs": {"default": {"MRI": costs}}}, [], held, months, fleet)
    return -found["surplus_pounds", "provider=Trust"]


def test_a_session_costs_its_people_and_a_month_with_one_a_twelfth_of_a_years_scanner():
    assert costs_of([session(0, 5)]) == 1000 + 10_000
    assert costs_of([session(0, 5), session(0, 5), session(0, 29)]) == 3000 + 10_000
    assert costs_of([session(0, 5), session(0, 30)]) == 2000 + 20_000


@pytest.mark.parametrize("lost, people", [("maintenance", 0), ("no_crew", 0), ("blocked", 1000)])
def test_a_session_without_anybody_costs_the_scanner_all_the_same(lost, people):
    assert costs_of([session(0, 5, lost)]) == people + 10_000


def test_a_slot_that_was_staffed_costs_its_people_whether_or_not_it_was_used():
    by_slot = {"per_slot": "£60 per slot"}
    assert costs_of([session(0, 5), session(0, 12, "blocked"), session(0, 19, "no_crew")], by_slot) == 2 * 600


def test_time_on_call_is_no_session():
    assert costs_of([session(0, 5), session(0, 5, opened=0)]) == 1000 + 10_000


def test_a_vehicle_that_visits_two_sites_is_one_scanner():
    van = MOBILE | {"provider": "Trust"}
    held = [session(0, 5), session(1, 6)]
    assert costs_of(held, fleet={"here": van, "there": van}) == 2000 + 20_000
    shared = van | {"unit": "van"}
    assert costs_of(held, fleet={"here": shared, "there": shared}) == 2000 + 10_000


def test_a_mobile_paid_by_the_day_costs_its_days_and_nothing_else():
    hired = WORK | {"per_slot": "£60 per slot", "per_mobile_day": "£2650 per day"}
    fleet = {"van": MOBILE | {"provider": "Trust"}, "ours": FIXED | {"provider": "Trust"}}
    day_and_evening = [session(0, 5), session(0, 5)]
    assert costs_of(day_and_evening, hired, fleet) == 2650
    assert costs_of([*day_and_evening, session(0, 12)], hired, fleet) == 2 * 2650
    assert costs_of([session(0, 5, "blocked"), session(0, 12, "maintenance")], hired, fleet) == 2650
    assert costs_of([session(1, 5)], hired, fleet) == 10 * 60 + 1000 + 10_000


def test_a_provider_may_have_costs_of_its_own():
    contract = PAID | {"costs": COSTS | {"Company": {"MRI": {"per_scan": "£120 per scan"}}}}
    found = bill(contract, scans(1, 5, 10) + scans(0, 5, 10, complexity=1))
    assert found["surplus_pounds", "provider=Company"] == 10 * 80
    assert found["surplus_pounds", "provider=Trust"] == -10 * 40


# ---- the period: two months of warm-up, then a year from day 60 to 420


@pytest.mark.parametrize(("day", "counts"), [(59.99, 0), (60, 1), (419.99, 1), (420, 0)])
def test_a_scan_is_on_the_bill_from_the_first_moment_of_the_period_to_before_its_end(day, counts):
    made = tables(scans(0, 100, 3) + scans(0, day) + scans(1, 100, 2) + scans(1, day))
    found = money.measure(made, days(14, warm_up=2), terms(PAID))
    assert found["surplus_pounds", "provider=Trust"] == 50 * (3 + counts)
    assert found["payments_pounds", "all"] == 200 * (2 + counts)
    assert found["cost_per_scan_pounds", "all"] == (150 * (3 + counts) + 200 * (2 + counts)) / (
        5 + 2 * counts
    )


@pytest.mark.parametrize(("day", "counts"), [(59, 0), (60, 1), (419, 1), (420, 0)])
def test_a_session_is_on_the_bill_from_the_first_day_of_the_period_to_its_last(day, counts):
    contract = terms({"tariff": TARIFF, "costs": {"default": {"MRI": WORK}}})
    found = money.measure(tables([], [session(0, day)]), days(14, warm_up=2), contract)
    assert found["surplus_pounds", "provider=Trust"] == -11_000 * counts


def test_cap_and_guarantee_are_those_of_the_months_and_years_of_the_period():
    """Of 14 scans in the first month after the warm-up 10 are paid, and of 3 in the second all; none of before."""
    made = tables(scans(1, 59, 9) + scans(1, 60, 14) + scans(1, 90, 3))
    capped = terms(PAID | {"cap": {"MRI": "10 per month"}})
    assert money.measure(made, days(14, warm_up=2), capped)["payments_pounds", "all"] == 13 * 200
    promised = terms(PAID | {"guaranteed": {"MRI": "24 per year"}})
    assert money.measure(made, days(14, warm_up=2), promised)["payments_pounds", "all"] == 24 * 200
    assert money.measure(made, days(15, warm_up=2), promised)["payments_pounds", "all"] == 26 * 200


def test_a_contract_that_begins_and_ends_within_the_period_guarantees_its_part_of_each_year():
    """From day 75 to day 435 of a period of two years from day 60 on: 11.5 twelfths of the first, half of one."""
    promised = terms(PAID | {"guaranteed": {"MRI": "24 per year"}})
    made = tables(scans(0, 100), decisions=in_force(75, 435))
    found = money.measure(made, days(26, warm_up=2), promised)
    assert found["payments_pounds", "all"] == pytest.approx((23 + 1) * 200)


def test_a_cap_of_a_month_in_which_the_contract_does_not_run_is_none():
    """What is scanned before is paid by the tariff, capped or not."""
    capped = terms(PAID | {"cap": {"MRI": "0 per month"}, "price": {"MRI": "£500 per scan"}})
    made = tables(scans(1, 70, 4) + scans(1, 100, 4), decisions=in_force(90, 400))
    assert money.measure(made, days(14, warm_up=2), capped)["payments_pounds", "all"] == 4 * 200


# ---- what nobody has said, and who is not there


def test_without_a_contract_nothing_is_measured_in_pounds():
    assert money.measure(tables(scans(0, 5)), days(), None) == {}
    assert terms_of(None, {}, PROVIDERS) is None


def test_what_needs_an_amount_that_nobody_has_said_does_not_exist():
    made = scans(0, 5, 10) + scans(1, 5, 10)
    without_costs = bill({"provider": "Company", "tariff": TARIFF}, made)
    assert {name for name, _ in without_costs} == {"payments_pounds", "cost_per_scan_pounds",
        "cost_per_scan_in_6_weeks_pounds", "one_off_pounds"}  # fmt: skip
    assert {group for name, group in without_costs if name == "cost_per_scan_pounds"} == {"provider=Company"}
    without_tariff = bill({"costs": COSTS}, made)
    assert without_tariff["cost_per_scan_pounds", "all"] == 150
    assert "surplus_pounds" not in {name for name, _ in without_tariff}


def test_a_contractor_without_scanners_is_paid_nothing():
    mine = {"ours": FLEET["ours"]}
    promised = {"guaranteed": {"MRI": "50 per year"}, "one_off": "£1 million", "vat": "20 %"}
    with_contract = bill(PAID | promised | {"provider": "Somebody"}, scans(0, 5, 9), fleet=mine)
    assert with_contract == bill({"tariff": TARIFF, "costs": COSTS}, scans(0, 5, 9), fleet=mine)
    assert with_contract["one_off_pounds", "all"] == with_contract["payments_pounds", "all"] == 0


# ---- scanners handed over

HANDED = FIXED | {"provider": "Trust", "until_contract": True}
GIVEN = {"given": HANDED | {"worth": "£60,000", "charity_bought": True}, "theirs": FLEET["theirs"], "also": HANDED | {"worth": "£40,000"}}  # fmt: skip


def one_off(contract: dict, fleet: dict = GIVEN, decisions=FROM_THE_START) -> tuple[float, float]:
    """(one-off cost, the part of it that charity bought) with 10 scans of the contractor's."""
    found = money.measure(tables(scans(1, 5, 10), decisions=decisions), days(), terms(PAID | contract, fleet))
    return found["one_off_pounds", "all"], found.get(("charity_bought_lost_pounds", "all"), 0.0)


def test_a_scanner_that_is_handed_over_and_does_not_come_back_is_lost_to_the_public():
    assert one_off({"one_off": "£5000"}) == (105_000, 60_000)
    assert one_off({"one_off": "£5000", "assets": {"come_back": False, "after": "0 days"}}) == (
        105_000,
        60_000,
    )


def test_a_scanner_that_is_lent_is_not_lost_nor_one_that_stays():
    assert one_off({"assets": {"come_back": True, "after": "30 days"}}) == (0, 0)
    stays = {name: one | {"until_contract": False} for name, one in GIVEN.items()}
    assert one_off({}, stays) == (0, 0)


def test_without_a_contract_nothing_is_handed_over():
    """A tender that failed costs what it cost; so does one for a contractor who has no scanner."""
    failed = in_force(np.nan, np.nan) | {"refused": np.array([10.0])}
    assert one_off({"one_off": "£5000"}, decisions=failed) == (5000, 0)
    assert one_off({"one_off": "£5000", "provider": "Nobody"}) == (0, 0)
    found = money.measure(tables(scans(1, 5, 10), decisions=failed), days(), terms(PAID, GIVEN))
    assert found["payments_pounds", "all"] == 10 * 200


def test_what_is_lost_counts_among_the_scans_of_its_modality():
    fleet = GIVEN | {"scan": FIXED | {"provider": "Company", "modality": "CT"}}
    made = scans(1, 5, 10) + scans(3, 5, 20, modality=CT, provider=0)
    found = bill(PAID, made, fleet=fleet)
    assert found["cost_per_scan_pounds", "modality=MRI"] == (10 * 200 + 100_000) / 10
    assert found["cost_per_scan_pounds", "modality=CT"] == 100
    assert found["cost_per_scan_pounds", "all"] == (10 * 200 + 20 * 100 + 100_000) / 30
