"""Tenders that fail, and contracts that collapse, by lot: how often over few replications."""

import math

import pytest

from sim.measures.mechanisms import MECHANISMS, measure
from sim.model.contracts import course_of
from sim.model.simulation import Simulation
from tests.functional.model.two_towns import same
from tests.unit.model.contracts_by_hand import COLLAPSE, days_of, decide, decided, under, whole
from tests.unit.model.providers_by_hand import asked_for, laid_over, run, visits
from tests.world import world

NO_MORE = {"does": "contract", "requested": 4, "refused": 4}


def tendered(tries: int, start: int = 4, **terms) -> dict:
    """Tenders that fail at 40 %, each further one a week later."""
    tender = {"fails": "40 %", "tries": tries} | ({"again_after": "7 days"} if tries > 1 else {})
    return whole(start, tender=tender, **terms)


@pytest.mark.parametrize(("u", "works_from"), [(0.39, None), (0.41, 4)])
def test_a_single_tender_that_fails_leaves_everything_as_it_is(u, works_from, monkeypatch):
    decide(monkeypatch, tender=u)
    found = run(tendered(1), asked_for(1, day=6))
    assert days_of(found, "company") == (list(range(works_from, 28)) if works_from else [])
    assert days_of(found, "scanner") == list(range(works_from or 28))
    assert visits(found) == {0: [("company" if works_from else "scanner", 8)]}


@pytest.mark.parametrize(("u", "starts"), [(0.41, 4), (0.39, 11), (0.17, 11), (0.15, 18), (0.065, 18)])
def test_each_further_tender_puts_the_start_off(u, starts, monkeypatch):
    """One fails at 40 %, two at 16 %, three at 6.4 %."""
    decide(monkeypatch, tender=u)
    found = run(tendered(3), [])
    failed = (starts - 4) // 7
    assert days_of(found, "scanner") == list(range(starts))
    assert days_of(found, "company") == list(range(starts, 28))
    assert decided(found) == [
        *({"does": "contract", "requested": 4 + 7 * n, "refused": 4 + 7 * n} for n in range(failed)),
        {"does": "contract", "requested": starts, "agreed": starts, "in_effect": starts},
    ]


def test_when_all_tenders_fail_there_is_no_contract(monkeypatch):
    decide(monkeypatch, tender=0.063)
    found = run(tendered(3), [])
    assert days_of(found, "scanner") == list(range(28))
    assert [row["refused"] for row in decided(found)] == [4, 11, 18]


def test_tenders_after_the_run_are_not_in_its_table(monkeypatch):
    """Of days 20, 27 and 34 the month has two."""
    decide(monkeypatch, tender=0.0)
    assert [row["refused"] for row in decided(run(tendered(3, start=20), []))] == [20, 27]


def test_before_a_tenders_day_nobody_knows_that_it_fails(monkeypatch):
    """What is booked before the day is booked alike: the start is put off on that day, not before."""
    people = [*asked_for(12, day=1), *asked_for(3, day=3)]
    found = []
    for u in (0.39, 0.41):
        decide(monkeypatch, tender=u)
        found.append(
            run(laid_over(tendered(2), {"fleet": {"scanner": {"slots_per_day": "3 per day"}}}), people)
        )
    before = [table_before(tables, 4) for tables in found]
    assert before[0] == before[1]


def table_before(tables, day: int) -> set[tuple]:
    """The appointments made before a day."""
    made = tables.appointments
    rows = [n for n, booked in enumerate(made["booked"].tolist()) if booked < day]
    return {(int(made["referral"][n]), float(made["slot_start"][n]), int(made["scanner"][n])) for n in rows}


def counting(*names: str) -> dict:
    """How some mechanisms are counted."""
    return {name: MECHANISMS[name][1] for name in names}


def test_what_happened_before_the_data_collection_still_happened(monkeypatch):
    """A tender that failed on day 4 is no event of the days from 14 on, and splits the runs all the same."""
    decide(monkeypatch, tender=0.39)
    found = measure(run(tendered(1), []), (14, 28), counting("failed tenders", "collapses"))
    assert found["times_acted", "mechanism=failed tenders"] == 0
    assert found["happened_percent", "event=failed tender"] == 100
    assert found["happened_percent", "event=collapse"] == 0


def test_what_has_not_happened_by_the_end_has_not_happened(monkeypatch):
    decide(monkeypatch, tender=0.0)
    found = measure(run(tendered(1, start=40), []), (0, 28), counting("failed tenders"))
    assert found == {
        ("times_acted", "mechanism=failed tenders"): 0,
        ("happened_percent", "event=failed tender"): 0,
    }


# ---- how often


RUNS = {10: 1.0, 30: 1.5, 100: 2.0}
"""Replications, and how far the number of events may be from its mean."""


@pytest.mark.parametrize("replications", RUNS)
@pytest.mark.parametrize("a_year", [0.05, 0.3, 0.7])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_few_replications_have_their_share_of_collapses(a_year, replications, seed):
    """In two and a half years: 1 - (1 - a year)^2.5."""
    terms = {"collapse": COLLAPSE | {"a_year": f"{100 * a_year:g} %"}, "length": f"{2.5 * 365.25} days"}
    there = world(under(0, **terms))
    courses = [course_of(Simulation(there, seed, r), there.agreement) for r in range(replications)]
    expected = replications * (1 - (1 - a_year) ** (round(2.5 * 365.25) / 365.25))
    assert abs(sum(c.collapses < math.inf for c in courses) - expected) <= RUNS[replications]


@pytest.mark.parametrize("replications", RUNS)
@pytest.mark.parametrize(("fails", "tries"), [(0.2, 1), (0.4, 3), (0.7, 2)])
def test_few_replications_have_their_share_of_failed_tenders(fails, tries, replications):
    tender = {"fails": f"{100 * fails:g} %", "tries": tries} | (
        {"again_after": "7 days"} if tries > 1 else {}
    )
    there = world(under(0, tender=tender))
    courses = [course_of(Simulation(there, 1, r), there.agreement) for r in range(replications)]
    for times in range(1, tries + 1):
        found = sum(course.failed >= times for course in courses)
        assert abs(found - replications * fails**times) <= RUNS[replications]


def test_tender_and_collapse_are_drawn_apart():
    """Of 100 replications a quarter has both at a half each."""
    tender = {"fails": "50 %", "tries": 2, "again_after": "7 days"}
    there = world(under(0, tender=tender, collapse=COLLAPSE, length="365 days"))
    courses = [course_of(Simulation(there, 1, r), there.agreement) for r in range(100)]
    started = [course for course in courses if course.failed < 2]
    late = [course for course in started if course.failed == 1]
    assert abs(sum(course.collapses < math.inf for course in late) - len(late) / 2) <= 4


def test_a_chance_of_collapse_moves_nobody_elses_luck(monkeypatch):
    """A contract that might collapse and does not, and one that cannot."""
    decide(monkeypatch)
    one, other = (run(under(0, **terms), asked_for(8)) for terms in ({"collapse": COLLAPSE}, {}))
    for name in ("referrals", "appointments", "sessions", "decisions"):
        assert same(getattr(one, name), getattr(other, name)), name
