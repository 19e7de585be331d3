"""A contract's life by hand: its start, mobilisation and end, and what was handed over.

The trust's scanner and the company's stand side by side, with ten slots a day each. February 2019: day 0 is
Friday the 1st. Who is asked for on a day is booked on the next for the day after that.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.model.breakdowns import NEVER
from sim.model.contracts import Agreement, Course, course_of
from sim.model.decisions import COLLAPSE as COLLAPSES
from sim.model.decisions import CONTRACT, contract_rows
from tests.unit.model.contracts_by_hand import (
    COLLAPSE,
    MIXED,
    days_of,
    decide,
    decided,
    gives_up_after,
    under,
    whole,
)
from tests.unit.model.providers_by_hand import (
    WEEK,
    Luck,
    asked_for,
    laid_over,
    run,
    scanned_on,
    side_by_side,
    visits,
    went_to,
)

# ---- start, mobilisation, length


def test_a_contract_from_the_calendars_start_needs_no_date():
    found = run(whole(), asked_for(2))
    assert days_of(found, "company") == list(range(28)) and not days_of(found, "scanner")
    assert went_to(found) == ["company"] * 2


def test_before_its_start_the_contractor_does_not_work_and_what_is_handed_over_does():
    """Asked for on day 7, booked on day 8 for day 9; of day 8, on day 9 for day 10: the start."""
    people = [*asked_for(1, day=7), *asked_for(1, day=8)]
    found = run(whole(10), people)
    assert days_of(found, "scanner") == list(range(10))
    assert days_of(found, "company") == list(range(10, 28))
    assert visits(found)[0] == [("scanner", 9)]


def test_who_still_waits_at_the_start_joins_the_contractors_list_and_keeps_the_place():
    """The trust has one slot a day: of fourteen, nine have days 2 to 9 and the tenth none; the company ten."""
    changes = laid_over(whole(10), {"fleet": {"scanner": {"slots_per_day": "1 per day"}}})
    people = [*asked_for(10), *asked_for(8, day=9)]
    found = run(changes, people)
    assert scanned_on(found)[:8] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert visits(found)[8] == visits(found)[9] == [("company", 10)]
    assert scanned_on(found)[10:] == [11] * 8
    starts_of = found.appointments["slot_start"][np.argsort(found.appointments["referral"])]
    assert (np.diff(starts_of[8:]) > 0).all()
    assert found.referrals["clock_start"].tolist() == found.referrals["referred"].tolist()


def test_the_contractor_starts_after_its_mobilisation_and_nobody_scans_meanwhile():
    found = run(whole(10, mobilisation="5 days"), [*asked_for(1, day=7), *asked_for(2, day=9)])
    assert days_of(found, "scanner") == list(range(10))
    assert days_of(found, "company") == list(range(15, 28))
    assert visits(found) == {0: [("scanner", 9)], 1: [("company", 15)], 2: [("company", 15)]}


def test_without_a_handover_the_others_go_on_beside_the_contractor():
    found = run(under(10), asked_for(1))
    assert days_of(found, "scanner") == list(range(28))
    assert days_of(found, "company") == list(range(10, 28))


def test_at_its_end_the_contractor_stops_and_what_was_lent_comes_back():
    """Ten days from day 5: the last is day 14. The trust scans again after three days more."""
    lent = {"assets": {"come_back": True, "after": "3 days"}}
    people = [*asked_for(1, day=12), *asked_for(1, day=13)]
    found = run(whole(5, length="10 days", **lent), people)
    assert days_of(found, "company") == list(range(5, 15))
    assert days_of(found, "scanner") == [*range(5), *range(18, 28)]
    assert visits(found) == {0: [("company", 14)], 1: [("scanner", 18)]}


@pytest.mark.parametrize("assets", [{}, {"assets": {"come_back": False, "after": "0 days"}}])
def test_what_was_transferred_does_not_come_back(assets):
    found = run(whole(5, length="10 days", **assets), asked_for(1, day=13))
    assert days_of(found, "scanner") == list(range(5))
    assert scanned_on(found) == [None]


def test_after_the_end_people_go_back_to_the_others():
    """Who waits for the company on day 14, when only days after its last can still be booked, joins the trust's
    list: booked that morning for the next."""
    changes = laid_over(
        under(0, length="15 days"),
        {"waiting_lists": {"held_by": "provider"}, "fleet": {"company": {"slots_per_day": "1 per day"}}},
    )
    changes["eligibility"] = {"choice": "soonest", "contractor": "Company", "share": "100 %"}
    found = run(changes, asked_for(15), [Luck(sent=0.0)] * 15)
    assert visits(found) == {
        **{n: [("company", 2 + n)] for n in range(13)},
        13: [("scanner", 15)],
        14: [("scanner", 15)],
    }


@pytest.mark.parametrize("notice", [0, 1, 3])
def test_the_first_days_of_the_contractor_are_booked_before_it_starts(notice):
    """One slot a day, so that people wait; nobody loses a day by a change of hands, whatever the notice."""
    one_a_day = {"fleet": {name: {"slots_per_day": "1 per day"} for name in ("scanner", "company")}}
    changes = laid_over(whole(10), one_a_day | {"booking": {"minimum_notice": f"{notice} days"}})
    days = scanned_on(run(changes, asked_for(15)))
    assert days == list(range(days[0], days[0] + 15))


def test_where_a_tender_may_fail_nobody_is_booked_with_the_contractor_before_its_day(monkeypatch):
    """The clerk's notice is three days: with one slot a day days 10 to 12 are lost."""
    decide(monkeypatch)
    one_a_day = {"fleet": {name: {"slots_per_day": "1 per day"} for name in ("scanner", "company")}}
    changes = laid_over(
        whole(10, tender={"fails": "1 %"}), one_a_day | {"booking": {"minimum_notice": "3 days"}}
    )
    assert scanned_on(run(changes, asked_for(8))) == [4, 5, 6, 7, 8, 9, 13, 14]


def test_who_gives_up_after_the_lists_changed_hands_for_the_agreed_end_has_no_list_to_keep(monkeypatch):
    """The end is day 12, the notice three days: on day 9 the list is the trust's, on day 10 the company gives up."""
    decide(monkeypatch, life=gives_up_after(10.5))
    changes = laid_over(
        under(0, length="12 days", collapse=COLLAPSE),
        {"booking": {"minimum_notice": "3 days"}, "eligibility": {"contractor": "Company", "share": "100 %"}},
    )
    found = run(changes, asked_for(1, day=9), [Luck(sent=0.0)])
    assert visits(found) == {0: [("scanner", 13)]}
    assert [row["does"] for row in decided(found)] == ["contract", "collapse"]


def test_who_is_to_be_sent_to_the_contractor_is_scanned_by_others_before_it_starts():
    changes = under(10)
    changes["eligibility"] = {"choice": "soonest", "contractor": "Company", "share": "100 %"}
    found = run(changes, [*asked_for(2), *asked_for(2, day=12)], [Luck(sent=0.0)] * 4)
    assert visits(found) == {
        0: [("scanner", 2)],
        1: [("scanner", 2)],
        2: [("company", 14)],
        3: [("company", 14)],
    }


def test_who_is_not_sent_goes_to_the_contractor_where_nobody_else_is_left():
    changes = whole(10)
    changes["eligibility"] = {"choice": "soonest", "contractor": "Company", "share": "0 %"}
    found = run(changes, [*asked_for(1), *asked_for(1, day=12)])
    assert visits(found) == {0: [("scanner", 2)], 1: [("company", 14)]}


def test_a_contract_that_began_before_the_calendar_runs_and_ends_by_its_own_dates():
    found = run(whole(-100, mobilisation="30 days", length="110 days"), asked_for(1))
    assert days_of(found, "company") == list(range(10))
    assert visits(found) == {0: [("company", 2)]}


def test_a_contract_that_was_over_before_the_calendar_does_nothing():
    lent = {"assets": {"come_back": True, "after": "20 days"}}
    found = run(whole(-100, length="90 days", **lent), asked_for(1))
    assert not days_of(found, "company")
    assert days_of(found, "scanner") == list(range(10, 28))
    assert visits(found) == {0: [("scanner", 10)]}


def test_a_contract_that_starts_after_the_run_changes_nothing_but_its_labels():
    alone = run(side_by_side(10, 10, fleet={"company": None}, **MIXED), asked_for(3))
    found = run(whole(400), asked_for(3))
    assert visits(found) == visits(alone)
    assert not days_of(found, "company") and decided(found) == []


def test_a_mobilisation_longer_than_the_contract_scans_nobody():
    found = run(under(2, mobilisation="20 days", length="10 days"), asked_for(1))
    assert not days_of(found, "company")
    assert visits(found) == {0: [("scanner", 2)]}


def test_the_decisions_table_tells_a_contracts_days():
    whole_life = decided(run(whole(5, mobilisation="3 days", length="10 days"), []))
    assert whole_life == [{"does": "contract", "requested": 5, "agreed": 5, "in_effect": 8, "ended": 15}]
    not_yet = decided(run(whole(20, mobilisation="30 days", length="100 days"), []))
    assert not_yet == [{"does": "contract", "requested": 20, "agreed": 20}]
    found = run(whole(5), [])
    assert [found.labels["request"][n] for n in found.decisions["request"]] == ["contract"]
    assert [found.labels["by"][n] for n in found.decisions["by"]] == ["Company"]
    assert found.decisions["boards"].tolist() == [0]


@pytest.mark.parametrize(
    "terms", [{}, {"length": "10 days"}, {"collapse": COLLAPSE}], ids=["start", "end", "collapse"]
)
def test_a_reserve_that_nobody_decided_on_stays_in_reserve(terms, monkeypatch):
    """Neither the start, nor the end, nor a collapse on day 10 brings the evenings into use."""
    decide(monkeypatch, life=gives_up_after(7.5))
    evening = {"days": ["monday"], "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day"}
    more = {"more_sessions": {"evening": evening | {"in_reserve": True}}}
    lent = {"assets": {"come_back": True, "after": "0 days"}}
    found = run(laid_over(whole(3, **lent, **terms), {"fleet": {"scanner": more, "company": more}}), [])
    assert set(found.sessions["slots"].tolist()) == {10}
    assert (days_of(found, "scanner")[-1] > 10) == bool(terms)


def test_what_is_decided_for_the_contractor_ends_with_the_contract():
    """Evenings are asked for on day 28, as somebody waits, and held from day 31 to the end on day 40."""
    evening = {"days": WEEK, "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day"}
    request = {
        "by": "Company", "does": "extra_sessions", "sessions": {"company": ["evening"]}, "boards": [],
        "when": {"modality": "MRI", "list_size": "0 referrals"}, "procurement": "0 days", "installation": "3 days",
    }  # fmt: skip
    changes = laid_over(
        under(0, length="40 days"),
        {
            "calendar": {"years": "0.1615 years"},
            "fleet": {"company": {"more_sessions": {"evening": evening | {"in_reserve": True}}}},
            "decisions": {"boards": {}, "requests": {"evenings": request}},
        },
    )
    held = run(changes, asked_for(1, day=27)).sessions
    assert held["day"][held["slots"] == 2].tolist() == list(range(31, 40))


# ---- the days of a contract, worked out

NOT = float("nan")


def agreement(**terms) -> Agreement:
    """From day 10 for 100 days, mobilised after 5."""
    return Agreement("company", (1,), (0,), **{"starts": 10, "mobilisation": 5, "lasts": 100} | terms)


def course(made: Agreement, tender: float = 0.5, life: float = 0.5, replication: int = 0) -> Course:
    """What becomes of it, given the two uniforms that all replications share."""
    streams = SimpleNamespace(shared=lambda purpose, entity: (tender, life), replication=replication)
    return course_of(SimpleNamespace(streams=streams), made)


def test_a_contract_of_which_nothing_is_said_does_not_fail_collapse_or_give_anything_back():
    made = Agreement("company", (1,), (0,), 10, 5, 100)
    assert made == Agreement("company", (1,), (0,), 10, 5, 100, 0.0, 1, 0.0, 0.0, 0.0, False, NEVER, {})
    for u in (0.0, 0.999):
        assert course(made, u, u) == Course(10, 15, 110, NEVER, 0)


@pytest.mark.parametrize(("u", "failed"), [(0.5, 0), (0.4999, 1), (0.25, 1), (0.2499, 2), (0.125, 2)])
def test_a_tender_fails_below_its_chance_and_two_below_its_square(u, failed):
    made = agreement(tender_fails=0.5, tries=3, again_after=30)
    assert course(made, u) == Course(*(day + 30 * failed for day in (10, 15, 110)), NEVER, failed)
    assert course(made, 0.1249) == Course(NEVER, NEVER, NEVER, NEVER, 3)


def test_a_further_tender_follows_each_that_fails_but_the_last():
    made = agreement(tender_fails=0.5, tries=3, again_after=30)
    assert [made.tender(number) for number in range(3)] == [10, 40, 70]
    assert [made.next_start(day) for day in (10, 40, 69.9, 70)] == [40, 70, 99.9, NEVER]


@pytest.mark.parametrize(
    ("days", "collapses"), [(0, 10), (0.9, 10), (1.1, 11), (99.9, 109), (100.1, NEVER), (500, NEVER)]
)
def test_a_contractor_gives_up_on_a_whole_day_before_the_agreed_end_or_not_at_all(days, collapses):
    found = course(agreement(collapse_a_year=0.5), life=gives_up_after(days))
    assert found.collapses == collapses
    assert found.over == min(110, collapses)


def test_a_contract_older_than_the_calendar_has_not_collapsed_before_it():
    found = course(agreement(starts=-50, collapse_a_year=0.5), life=gives_up_after(20.5))
    assert (found.starts, found.ends, found.collapses) == (-50, 50, 20)


def test_from_replication_to_replication_the_two_uniforms_go_round():
    """By the golden and the silver section of one: 0.5 + 0.618 is past 1, and 0.5 + 0.414 is not."""
    made = agreement(tender_fails=0.2, collapse_a_year=0.5, lasts=10_000)
    assert [course(made, 0.5, 0.0, n).failed for n in range(4)] == [0, 1, 0, 0]  # 0.5, 0.118, 0.736, 0.354
    found = [
        course(agreement(collapse_a_year=0.5, lasts=10_000), 0.5, 0.5, n).collapses - 10 for n in range(3)
    ]
    assert found == [math.floor(-math.log2(1 - u) * 365.25) for u in (0.5, 0.914213562, 0.328427125)]


@pytest.mark.parametrize(
    ("starts", "opens", "ends", "collapses", "rows"),
    [
        (99, 99.5, 150, NEVER, [(CONTRACT, 99, 99, NOT, 99.5, NOT)]),
        (100, 105, 150, NEVER, []),  # the run is over on day 100: what starts then is not known
        (98, 100, 150, NEVER, [(CONTRACT, 98, 98, NOT, NOT, NOT)]),
        (50, 60, 99, NEVER, [(CONTRACT, 50, 50, NOT, 60, 99)]),
        (50, 60, 100, NEVER, [(CONTRACT, 50, 50, NOT, 60, NOT)]),
        (50, 60, 60, NEVER, [(CONTRACT, 50, 50, NOT, NOT, 60)]),  # it mobilised until it was over
        (50, 60, 99, 80, [(CONTRACT, 50, 50, NOT, 60, 80), (COLLAPSES, 80, NOT, NOT, 80, NOT)]),
        (50, 60, 99, 55, [(CONTRACT, 50, 50, NOT, NOT, 55), (COLLAPSES, 55, NOT, NOT, 55, NOT)]),
        (50, 60, 150, 99, [(CONTRACT, 50, 50, NOT, 60, 99), (COLLAPSES, 99, NOT, NOT, 99, NOT)]),
        (50, 60, 150, 100, [(CONTRACT, 50, 50, NOT, 60, NOT)]),
    ],
)
def test_the_decisions_table_knows_what_came_before_the_end_of_day_99(starts, opens, ends, collapses, rows):
    sim = SimpleNamespace(
        world=SimpleNamespace(
            agreement=agreement(),
            requests=["hire"],
            labels={"by": ["company"]},
            days=SimpleNamespace(end=100),
        ),
        course=Course(starts, opens, ends, collapses, 0),
    )
    found = contract_rows(sim)
    assert [row[:4] for row in found] == [(1, does, 0, 0) for does, *_ in rows]  # after the only request
    assert [row[4:] for row in found] == [pytest.approx(days, nan_ok=True) for _, *days in rows]
