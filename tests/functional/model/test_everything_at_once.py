"""Small scenarios with everything drawn at random: whatever is combined, the laws hold (`simulate` checks
them), and the same scenario gives the same bits."""

import datetime
from typing import Any

import numpy as np
import pytest

from tests.functional.model.two_towns import laid_over, same_tables, two_towns
from tests.world import tables

START = datetime.date(2019, 1, 1)
EVENING = {
    "days": ["monday", "wednesday"], "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day",
    "in_reserve": True,
}  # fmt: skip


class Draw:
    """Draws answers; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def one_of(self, *answers: Any) -> Any:
        return answers[int(self.rng.integers(len(answers)))]

    def days(self, most: int) -> str:
        return f"{int(self.rng.integers(most + 1))} days"

    def share(self) -> str:
        return f"{int(self.rng.choice([0, 5, 40, 90]))} %"

    def maybe(self, **answers: Any) -> dict[str, Any]:
        """Each of them, or not."""
        return {name: answer for name, answer in answers.items() if self.rng.random() < 0.5}


def scenario(seed: int) -> dict[str, Any]:
    """Two towns, the trust and the company, and any answers about them."""
    d = Draw(seed)
    sections = {
        "calendar": {"years": "0.2 years"},
        "demand": {"MRI": demand(d)},
        "booking": booking(d),
        "attendance": {"missed": d.share(), "cancelled_by_patient": d.one_of("0 %", "20 %")} | d.maybe(discharged_after=2),
        "scanning": {"MRI": {"slots_if_complex": d.one_of(1, 2)} | d.maybe(missed_findings={"share": "5 %", "after": "4 days"})},
        "fleet": {
            "scanner": {
                "slots_per_day": d.one_of("4 per day", "9 per day"), "on_call": d.one_of(True, False),
                "until_contract": d.one_of(True, False), "more_sessions": {"evening": EVENING},
            },
            "van": {"slots_per_day": d.one_of("3 per day", "12 per day")}
                   | d.one_of({}, {"kind": "fixed", "visits": None, "days": ["monday", "friday"], "on_call": True}),
            "second": {
                "kind": "fixed", "modality": "MRI", "provider": d.one_of("Trust", "Company"), "days": ["tuesday", "thursday"],
                "site": d.one_of("Hospital", "Green"), "opens": "08:00", "closes": "18:00", "slots_per_day": "5 per day",
                "until_contract": d.one_of(True, False),
            },
        },
        "eligibility": eligibility(d),
        **d.maybe(waiting_lists=waiting_lists(d), contract=contract(d)),
    }  # fmt: skip
    return laid_over(two_towns(), sections)


def demand(d: Draw) -> dict[str, Any]:
    """Of whom there are how many."""
    return {"per_year": d.one_of("1200 per year", "2600 per year")} | d.maybe(
        planned={"per_year": "150 per year"},
        unscheduled={"per_year": "300 per year"},
        aged_65_or_over="40 %",
        needing_help="20 %",
    )


def booking(d: Draw) -> dict[str, Any]:
    """How the clerk works, and who leaves."""
    line = [{"travel": "20 minutes", "share": "0 %"}, {"travel": "60 minutes", "share": "60 %"}]
    return {
        "horizon": d.one_of("1 day", "10 days", "28 days"),
        "hold_back": d.one_of("0 %", "30 %"),
    } | d.maybe(
        short_notice="30 %",
        refusal=line,
        removal=[{"after": "3 days", "a_week": "20 %"}],
        minimum_notice="0 days",
    )


def eligibility(d: Draw) -> dict[str, Any]:
    """Who may be scanned where."""
    weights = {
        "a_day_of_waiting": d.one_of("0 minutes", "10 minutes"),
        "spread": d.one_of("1 minutes", "30 minutes"),
    }
    return (
        d.one_of({"choice": "nearest"}, {"choice": "soonest"}, {"choice": "logit", "logit": weights})
        | d.maybe(takes={"Company": d.maybe(complexity=["standard"], mobility=["walks"], age=["under 65"])})
        | d.one_of({}, {"contractor": "Company", "share": d.share()})
    )


def waiting_lists(d: Draw) -> dict[str, Any]:
    """Who holds the list."""
    transfers = {
        "after": d.days(9), "gain": d.one_of("1 hour", "3 days"), "agree": d.share(), "every": d.one_of("1 day", "7 days"),
    } | d.maybe(most=3)  # fmt: skip
    held = (
        {"held_by": "network"},
        {"held_by": "provider"},
        {"held_by": "contractor", "contractor": "Company"},
    )
    return d.one_of(*held) | d.maybe(transfers=transfers)


def contract(d: Draw) -> dict[str, Any]:
    """When the company works, and what becomes of it."""
    collapse = {"a_year": "94 %", "list_returns_after": d.days(12), "clock": d.one_of("continues", "resets")}
    return {
        "provider": "Company",
        "start": START + datetime.timedelta(days=int(d.rng.integers(-20, 40))),
    } | d.maybe(
        mobilisation=d.days(15),
        length=d.one_of("15 days", "40 days"),
        collapse=collapse,
        tender={"fails": "60 %", "tries": 3, "again_after": "9 days"},
        assets={"come_back": d.one_of(True, False), "after": d.days(9)},
        cap={"MRI": d.one_of("3 per month", "40 per month")},
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_laws_hold_whatever_is_combined(seed):
    found = tables(scenario(seed), replication=seed)
    assert len(found.referrals["referred"]) > 200


@pytest.mark.parametrize("seed", [3, 7])
def test_the_same_scenario_gives_the_same_bits(seed):
    assert same_tables(*(tables(scenario(seed)) for _ in range(2)))
