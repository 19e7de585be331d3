"""What becomes of a contract changes nothing before its day: collapses and failed tenders are moved or left
out, and the rows dated earlier are compared."""

import datetime
import math

import pytest

from sim.model.simulation import Simulation
from tests.functional.model.test_causality import nothing_earlier_changed, run
from tests.functional.model.two_towns import laid_over

CONTRACT = {
    "provider": "Company",
    "start": datetime.date(2019, 1, 21),
    "mobilisation": "4 days",
    "collapse": {"a_year": "10 %", "list_returns_after": "9 days", "clock": "resets"},
    "assets": {"come_back": True, "after": "5 days"},
    "cap": {"MRI": "60 per month"},
}
CHOOSING = {
    "contract": CONTRACT,
    "fleet": {"second": {"until_contract": True}},
    "waiting_lists": {
        "held_by": "provider",
        "transfers": {"after": "3 days", "gain": "1 day", "agree": "50 %", "every": "7 days"},
    },
    "eligibility": {"choice": "logit", "logit": {"a_day_of_waiting": "10 minutes", "spread": "20 minutes"}},
}
"""From day 20; the clerk books two weeks ahead."""


def collapses(day: float):
    """Decides the day on which the contractor gives up."""

    def prepare(sim: Simulation) -> None:
        sim.course.collapses = day

    return prepare


NEVER = run(collapses(math.inf), CHOOSING)


def same_decisions(one, other, day: float) -> bool:
    """Whether what the decisions tables date before a day is the same."""
    known = []
    for tables in (one, other):
        days = ("requested", "agreed", "refused", "in_effect", "ended")
        columns = [tables.decisions[name].tolist() for name in days]
        known.append([[date if date < day else None for date in row] for row in zip(*columns)])
        known[-1] = [row for row in known[-1] if any(date is not None for date in row)]
    return known[0] == known[1]


@pytest.mark.parametrize("day", [22, 35, 47, 60])
def test_a_collapse_changes_nothing_before_its_day(day):
    """On day 22 the contractor still mobilises."""
    found = run(collapses(day), CHOOSING)
    nothing_earlier_changed(NEVER, found, float(day))
    assert same_decisions(NEVER, found, day)


def test_a_later_collapse_changes_nothing_before_the_earlier():
    one, other = (run(collapses(day), CHOOSING) for day in (40, 41))
    nothing_earlier_changed(one, other, 40.0)


def test_a_list_that_returns_later_changes_nothing_before_the_earlier_return():
    later = {"contract": {"collapse": {"list_returns_after": "20 days"}}}
    one, other = (run(collapses(40), laid_over(CHOOSING, more)) for more in ({}, later))
    nothing_earlier_changed(one, other, 49.0)


def test_assets_that_come_back_later_change_nothing_before_the_clerk_can_book_them():
    """They are known from the collapse on, so the clerk books them two weeks ahead; who is booked is not
    compared, who is scanned is."""
    later = {"contract": {"assets": {"after": "30 days"}}}
    one, other = (run(collapses(40), laid_over(CHOOSING, more)) for more in ({}, later))
    nothing_earlier_changed(one, other, 40.0)


def test_a_tender_that_fails_changes_nothing_before_its_day(monkeypatch):
    """Of two, the first fails or does not."""
    tender = {"fails": "50 %", "tries": 2, "again_after": "14 days"}
    changes = laid_over(CHOOSING, {"contract": {"tender": tender, "collapse": None}})
    found = []
    for u in (0.4, 0.6):
        monkeypatch.setattr("sim.model.streams.Streams.shared", lambda self, *address, u=u: (u, 0.5))
        found.append(run(changes=changes))
    assert found[0].decisions["refused"].tolist()[0] == 20
    nothing_earlier_changed(*found, 20.0)
    assert same_decisions(*found, 20.0)
