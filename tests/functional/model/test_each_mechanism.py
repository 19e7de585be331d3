"""Each number of who may be scanned where, whose list, and the contract moves what it is about, over its range.

Two towns for four months: the trust's scanner in the town has six slots a day for eight people, the
company's in the village eight for four.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.model.tables import Tables
from tests.functional.model.two_towns import laid_over, two_towns, waits
from tests.world import tables

TRUST, COMPANY = 0, 1
EVERY_DAY = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
BUSY = two_towns(
    calendar={"years": "0.33 years"},
    demand={"MRI": {"per_year": "4400 per year", "aged_65_or_over": "40 %", "needing_help": "20 %"}},
    fleet={"scanner": {"slots_per_day": "6 per day"},
           "van": {"kind": "fixed", "visits": None, "days": EVERY_DAY, "set_up": "0 minutes", "slots_per_day": "8 per day"}},
    booking={"horizon": "3 days"},
    waiting_lists={"held_by": "provider"},
    eligibility={"choice": "nearest"},
)  # fmt: skip


def scanned_by_company(found: Tables) -> float:
    """The company's part of those scanned."""
    scanner = found.referrals["scanner"]
    return float(np.mean(scanner[scanner >= 0] == COMPANY))


def minutes(found: Tables) -> float:
    """Mean minutes of travel of those scanned."""
    return float(np.nanmean(found.referrals["travel_minutes"]))


def moved(found: Tables) -> float:
    """How many were moved from one list to another."""
    return float(np.isfinite(found.referrals["transferred"]).sum())


def told(found: Tables) -> float:
    """Appointments that the hospital cancelled before their day."""
    return float((found.appointments["cancelled"][found.appointments["outcome"] == 4] > 0).sum())


def scans(found: Tables) -> float:
    """How many were scanned."""
    return float(np.isfinite(found.referrals["scanned"]).sum())


def company_scans(found: Tables) -> float:
    """How many the company scanned."""
    return float((found.referrals["scanner"] == COMPANY).sum())


def complex_at_company(found: Tables) -> float:
    """Complex ones among those whom the company scanned."""
    return float((found.referrals["complexity"][found.referrals["scanner"] == COMPANY] == 1).sum())


def first_of_company(found: Tables) -> float:
    """The company's first day."""
    return float(found.sessions["day"][found.sessions["scanner"] == COMPANY].min(initial=9999))


def transfers(**rule: Any) -> dict[str, Any]:
    """Transfers with some of their numbers."""
    usual = {"after": "0 days", "gain": "1 day", "agree": "50 %", "every": "7 days"}
    return {"waiting_lists": {"held_by": "provider", "transfers": usual | rule}}


def logit(**weights: str) -> dict[str, Any]:
    """Everybody weighs waiting and travel."""
    usual = {"a_day_of_waiting": "5 minutes", "spread": "10 minutes"}
    return {"eligibility": {"choice": "logit", "logit": usual | weights}}


def share(part: str) -> dict[str, Any]:
    """So many are sent to the company."""
    return {"eligibility": {"contractor": "Company", "share": part}}


def contract(**terms: Any) -> dict[str, Any]:
    """The company's contract; what it does not say is certain and for ever."""
    return {"contract": {"provider": "Company"} | terms}


def collapse(**terms: str) -> dict[str, Any]:
    """A contract that collapses before the end in this replication."""
    usual = {"a_year": "94 %", "list_returns_after": "0 days", "clock": "continues"}
    return contract(collapse=usual | terms) | share("100 %")


def tender(fails: str) -> dict[str, Any]:
    """Three tenders, a month apart."""
    return contract(tender={"fails": fails, "tries": 3, "again_after": "30 days"})


CASES: dict[str, tuple[Callable[[Tables], float], int, list[dict[str, Any]]]] = {
    "transfers.agree": (moved, +1, [transfers(agree=a) for a in ("0 %", "30 %", "100 %")]),
    "transfers.gain": (moved, -1, [transfers(gain=g) for g in ("1 day", "10 days", "90 days")]),
    "transfers.after": (moved, -1, [transfers(after=a) for a in ("0 days", "10 days", "100 days")]),
    "transfers.every": (moved, -1, [transfers(every=e, most=3) for e in ("2 days", "9 days", "60 days")]),
    "transfers.most": (moved, +1, [transfers(most=m) for m in (1, 4, 20)]),
    "share": (scanned_by_company, +1, [share(s) for s in ("0 %", "30 %", "60 %", "100 %")]),
    "a day of waiting": (minutes, +1, [logit(a_day_of_waiting=f"{m} minutes") for m in (0, 2, 60)]),
    "spread": (minutes, +1, [logit(a_day_of_waiting="0 minutes", spread=f"{m} minutes") for m in (1, 10, 200)]),
    "takes": (
        complex_at_company, -1,
        [{"eligibility": {"takes": t}} for t in ({}, {"Company": {"age": ["under 65"]}}, {"Company": {"complexity": ["standard"]}})],
    ),
    "mobilisation": (first_of_company, +1, [contract(mobilisation=f"{d} days") for d in (0, 30, 80)]),
    "length": (company_scans, +1, [contract(length=f"{d} days") for d in (20, 60, 100)]),
    "cap": (company_scans, +1, [contract(cap={"MRI": f"{n} per month"}) for n in (5, 40, 150)]),
    "tender.fails": (company_scans, -1, [tender(f) for f in ("0 %", "94 %")]),
    "collapse.a_year": (told, +1, [collapse(a_year=a) for a in ("0 %", "94 %")]),
    "collapse.list_returns_after": (scans, -1, [collapse(list_returns_after=f"{d} days") for d in (0, 10, 60)]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_number_moves_what_it_is_about(name):
    measure, way, changes = CASES[name]
    found = [measure(tables(laid_over(BUSY, change))) for change in changes]
    steps = np.diff(found) * way
    assert (steps > 0).all(), found


@pytest.mark.parametrize("held_by", ["network", "provider"])
def test_one_list_evens_the_waits_of_two_towns_out(held_by):
    """Everybody goes where it is soonest. On one list the towns wait the same; where each provider has its
    own, people still choose the shorter, so that the lists themselves are as long as each other."""
    found = tables(
        laid_over(BUSY, {"waiting_lists": {"held_by": held_by}, "eligibility": {"choice": "soonest"}})
    )
    place = found.referrals["place"]
    assert abs(waits(found, place == 0) - waits(found, place == 1)) < 1.5
    nearest = tables(BUSY)
    assert abs(waits(nearest, place == 0) - waits(nearest, place == 1)) > 5


def test_a_clock_that_resets_shortens_the_clock_and_not_the_wait():
    """The same patients on the same days."""
    one, other = (tables(laid_over(BUSY, collapse(clock=clock))) for clock in ("continues", "resets"))
    assert np.array_equal(one.referrals["scanned"], other.referrals["scanned"], equal_nan=True)
    assert (other.referrals["clock_start"] >= one.referrals["clock_start"]).all()
    assert (other.referrals["clock_start"] > one.referrals["clock_start"]).any()
