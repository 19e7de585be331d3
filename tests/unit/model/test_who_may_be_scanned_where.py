"""Who is sent where, and who is taken: shares, case-mix limits, age and mobility.

Both sites are equally near and have ten slots a day; everybody is asked for on day 0 and booked on day 1.
"""

import numpy as np
import pytest

from sim.model.streams import PERSONS
from sim.provision.eligibility import in_steps
from sim.scenario.document import read_document
from tests.functional.model.two_towns import laid_over
from tests.unit.model.list_by_hand import NEVER, Waits, bands, february, opening, ran
from tests.unit.model.providers_by_hand import (
    Luck,
    an_hour_apart,
    asked_for,
    run,
    scanned_on,
    scanner_of,
    side_by_side,
    visits,
    went_to,
)
from tests.world import SMALL, tables

STANDARD = {"complexity": ["standard"]}
SENT = [Luck(sent=u) for u in (0.29, 0.31, 0.59, 0.61, NEVER)]


def sent(share: str, takes: dict | None = None, **changes) -> dict:
    """Such a share is sent to the company."""
    answer = {"choice": "soonest", "contractor": "Company", "share": share, "takes": takes or {}}
    return side_by_side(10, 10, eligibility=answer, **changes)


# ---- share


@pytest.mark.parametrize(("share", "company"), [("0 %", 0), ("30 %", 1), ("60 %", 3), ("100 %", 5)])
@pytest.mark.parametrize(
    "lists", [{}, {"held_by": "provider"}, {"held_by": "contractor", "contractor": "Company"}]
)
def test_a_larger_share_sends_the_same_people_and_more_besides(share, company, lists):
    found = run(sent(share, **({"waiting_lists": lists} if lists else {})), asked_for(5), SENT)
    assert went_to(found) == ["company"] * company + ["scanner"] * (5 - company)


def test_who_is_sent_waits_there_however_free_the_others_are():
    """And the others never have the contractor's slots."""
    changes = sent("50 %", fleet={"company": {"slots_per_day": "1 per day"}})
    found = run(changes, asked_for(4), [Luck(sent=0.0)] * 4)
    assert visits(found) == {n: [("company", 2 + n)] for n in range(4)}
    changes = sent("50 %", fleet={"scanner": {"slots_per_day": "1 per day"}})
    found = run(changes, asked_for(4), [Luck()] * 4)
    assert visits(found) == {n: [("scanner", 2 + n)] for n in range(4)}


def test_whom_the_contractor_cannot_take_stays():
    people = [*asked_for(2, complexity=1), *asked_for(2)]
    found = run(sent("100 %", {"Company": STANDARD}), people)
    complexity = found.referrals["complexity"].tolist()
    assert [("scanner" if c else "company") for c in complexity] == went_to(found)


def test_whom_only_the_contractor_can_take_goes_there_at_any_share():
    found = run(sent("0 %", {"Trust": {"complexity": ["complex"]}}), asked_for(2))
    assert went_to(found) == ["company"] * 2


def test_the_share_goes_by_the_contractors_name_not_by_its_scanners():
    second = scanner_of("Company", "Hospital", 10)
    found = run(sent("60 %", fleet={"second": second}), asked_for(5), SENT)
    assert went_to(found)[3:] == ["scanner"] * 2
    assert set(went_to(found)[:3]) <= {"company", "second"}


def test_a_contractor_without_scanners_is_sent_nobody():
    changes = sent("100 %")
    changes["eligibility"]["contractor"] = "Somebody Quite Different"
    alone = side_by_side(10, 10, eligibility={"choice": "soonest"})
    assert visits(run(changes, asked_for(5))) == visits(run(alone, asked_for(5)))


def test_who_is_sent_to_a_company_with_two_sites_goes_to_the_nearer():
    changes = an_hour_apart(
        10, 10, eligibility={"choice": "nearest", "contractor": "Company", "share": "100 %"}
    )
    changes["fleet"]["clinic"] = scanner_of("Company", "Hospital", 10)
    assert went_to(run(changes, asked_for(2))) == ["clinic"] * 2
    assert went_to(run(changes, asked_for(2, place=1))) == ["company"] * 2


def test_the_share_sent_is_that_of_the_scenario_in_the_long_run():
    """Drawn for some 1,800 people: within four standard errors, and none of the contractor's leaves it."""
    rows = tables(sent("30 %")).referrals
    scanned = rows["scanner"] >= 0
    share = np.mean(rows["scanner"][scanned] == 1)
    assert abs(share - 0.3) < 4 * np.sqrt(0.3 * 0.7 / scanned.sum())


# ---- limits


def test_a_limit_by_provider_holds_for_all_its_scanners_and_by_scanner_for_one():
    second = {"second": scanner_of("Company", "Clinic", 10)}
    for named, allowed in (("Company", {"scanner"}), ("company", {"scanner", "second"})):
        answer = {"choice": "nearest", "takes": {named: STANDARD}}
        changes = side_by_side(1, 10, fleet=second, eligibility=answer)
        found = run(changes, asked_for(12, complexity=1))
        assert set(went_to(found)) == allowed, named


def test_a_scanner_takes_what_both_its_limits_let_in():
    takes = {"Company": STANDARD, "company": {"priority": ["urgent"]}}
    people = [*asked_for(1), *asked_for(1, priority=1, complexity=1), *asked_for(1, priority=1)]
    changes = side_by_side(
        1, 10, eligibility={"choice": "soonest", "takes": takes}, waiting_lists={"held_by": "provider"}
    )
    found = run(changes, people, [Luck(lot=NEVER)] * 3)
    rows = zip(found.referrals["priority"].tolist(), found.referrals["complexity"].tolist())
    where = dict(zip(rows, went_to(found)))
    assert where[2, 0] == where[1, 1] == "scanner"


PERSON = {
    "age": ("aged_65_or_over", ["under 65"], "older"),
    "mobility": ("needing_help", ["walks"], "needs_help"),
}


@pytest.mark.parametrize("about", PERSON)
def test_who_is_old_or_needs_help_is_scanned_where_they_are_taken(about):
    """At 40 %: uniforms below are old, or need help; the share is drawn at the door."""
    share, taken, name = PERSON[about]
    answer = {
        "choice": "nearest",
        "takes": {"Company": {about: taken}},
        "contractor": "Company",
        "share": "100 %",
    }
    changes = side_by_side(10, 10, eligibility=answer, demand={"MRI": {share: "40 %"}})
    luck = [Luck(**{name: u}) for u in (0.0, 0.39, 0.41, NEVER)]
    found = run(changes, asked_for(4), luck)
    assert went_to(found) == ["scanner", "scanner", "company", "company"]
    assert found.referrals[about].tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("about", PERSON)
def test_what_is_not_known_of_people_limits_nobody(about):
    _, taken, _ = PERSON[about]
    answer = {
        "choice": "nearest",
        "takes": {"Company": {about: taken}},
        "contractor": "Company",
        "share": "100 %",
    }
    found = run(side_by_side(10, 10, eligibility=answer), asked_for(3))
    assert went_to(found) == ["company"] * 3
    assert found.referrals[about].tolist() == [-1] * 3


def test_what_is_known_of_one_modality_says_nothing_about_another():
    """CT does not say who is old: nobody is limited there, and MRI's old ones are."""
    ct = {"fleet": {"ct": scanner_of("Company", "Clinic", 10, modality="CT")}}
    answer = {
        "choice": "nearest",
        "takes": {"Company": {"age": ["under 65"]}},
        "contractor": "Company",
        "share": "100 %",
    }
    changes = side_by_side(10, 10, eligibility=answer, **ct)
    changes |= two_modalities(aged_65_or_over="50 %")
    people = [*asked_for(1), *asked_for(1, modality="CT")]
    found = run(changes, people, [Luck(older=0.0, sent=0.0)] * 2)
    by_modality = dict(zip(found.referrals["modality"].tolist(), went_to(found)))
    assert by_modality == {
        found.labels["modality"].index("MRI"): "scanner",
        found.labels["modality"].index("CT"): "ct",
    }
    assert sorted(found.referrals["age"].tolist()) == [-1, 1]


def two_modalities(**of_mri) -> dict:
    """CT beside MRI, described in the same way."""
    small = read_document(SMALL).tree
    return {
        "demand": {"MRI": of_mri, "CT": small["demand"]["MRI"] | {"per_year": "0 per year"}},
        "scanning": {"CT": small["scanning"]["MRI"]},
    }


# ---- who waits at the start, and who comes back


def test_people_on_the_opening_list_are_sent_by_the_same_rule():
    """Their uniforms stand at addresses of their own: in the first band, rows 0 to 2."""
    drawn = {0: 0.1, 1: 0.5, 2: 0.2}
    sim = february(laid_over(sent("30 %"), opening(*bands(w0=3))), {"waiting": [Waits(waited=0.5)] * 3})
    uniforms = sim.streams.uniforms

    def decided(purpose, entity, rows, columns, **where):
        found = uniforms(purpose, entity, rows, columns, **where)
        if purpose == PERSONS:
            found[:, 2] = [drawn[row] for row in range(rows)]
        return found

    sim.streams.uniforms = decided
    assert went_to(ran(sim)) == ["company", "scanner", "company"]


def test_who_comes_back_is_the_same_person():
    """A finding was missed: age, mobility and car are those of the referral before."""
    changes = side_by_side(
        10, 10,
        scanning={"MRI": {"missed_findings": {"share": "95 %", "after": "2 days"}}},
        demand={"MRI": {"aged_65_or_over": "50 %", "needing_help": "50 %"}},
    )  # fmt: skip
    luck = [Luck(older=0.0), Luck(needs_help=0.0)]
    people = [one._replace(car=car) for one, car in zip(asked_for(2), (0.0, NEVER))]
    rows = run(changes, people, luck).referrals
    children = np.flatnonzero(rows["parent"] >= 0)
    assert len(children) >= 4
    for name in ("age", "mobility", "car", "place"):
        assert (rows[name][children] == rows[name][rows["parent"][children]]).all(), name
    assert {*rows["age"].tolist()} == {0, 1}


def test_of_whom_nothing_was_known_it_is_drawn_when_it_matters():
    """Redirected from CT, which does not say who is old, to MRI, which does: all are, and go to the trust."""
    answer = {
        "choice": "nearest",
        "takes": {"Company": {"age": ["under 65"]}},
        "contractor": "Company",
        "share": "100 %",
    }
    changes = side_by_side(
        10, 10, eligibility=answer, fleet={"ct": scanner_of("Trust", "Hospital", 10, modality="CT")},
        vetting={"redirected": "50 %", "redirected_to": {"CT": "MRI"}}, **two_modalities(aged_65_or_over="100 %"),
    )  # fmt: skip
    found = run(changes, asked_for(1, modality="CT", vetted=0.0))
    rows = found.referrals
    assert rows["modality"].tolist() == [found.labels["modality"].index(name) for name in ("CT", "MRI")]
    assert rows["age"].tolist() == [-1, 1]
    assert went_to(found) == ["", "scanner"]
    assert scanned_on(found)[1] is not None


@pytest.mark.parametrize(
    ("first", "then"), [("mri_2", "mri_10"), ("a", "b"), ("mri", "mri_1"), ("a 9 b", "a 9 c")]
)
def test_scanners_stand_in_the_order_of_their_keys_and_numbers_by_their_size(first, then):
    assert in_steps(first) < in_steps(then) and in_steps(first) == in_steps(first)
