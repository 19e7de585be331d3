"""Who holds the list: on whose slots people may be booked, and which of several lists they join.

Everybody is asked for on day 0 and meets the clerk on day 1, who books from day 2 on.
"""

import numpy as np
import pytest

from sim.model.demand import PLANNED, URGENT
from tests.unit.model.by_hand import at
from tests.unit.model.list_by_hand import NEVER, PLANNED_TOO, Try, outcomes, ran
from tests.unit.model.providers_by_hand import (
    WEEK,
    Luck,
    an_hour_apart,
    asked_for,
    prepared,
    run,
    scanned_on,
    scanner_of,
    side_by_side,
    visits,
    went_to,
    who_came,
)

SOONEST = {"eligibility": {"choice": "soonest"}}
LISTS_OF_THEIR_OWN = {"waiting_lists": {"held_by": "provider"}}
COMPANY_TAKES_STANDARD = {"eligibility": {"takes": {"company": {"complexity": ["standard"]}}}}
FIRST, LAST = Luck(lot=0.0), Luck(lot=NEVER)
"""Who draws lots between equals has the trust, and the company."""


def soonest(trust: int = 1, company: int = 1, held_by: dict = LISTS_OF_THEIR_OWN["waiting_lists"], **more):
    """The two side by side; everybody goes where it is soonest."""
    return side_by_side(trust, company, waiting_lists=held_by, **more) | (
        SOONEST
        if "eligibility" not in more
        else {"eligibility": SOONEST["eligibility"] | more["eligibility"]}
    )


# ---- held by the network


def test_on_one_list_each_slot_goes_to_the_next_of_all():
    found = run(soonest(held_by={"held_by": "network"}), asked_for(4))
    assert scanned_on(found) == [2, 2, 3, 3]


def test_a_network_that_says_nothing_about_lists_has_one():
    changes = side_by_side(**SOONEST)
    named, silent = (
        run(changes | more, asked_for(5)) for more in ({"waiting_lists": {"held_by": "network"}}, {})
    )
    assert visits(named) == visits(silent)


def test_whom_the_company_does_not_take_waits_for_the_trust_on_the_same_list():
    """The company's slots go to the standard ones, out of turn."""
    people = [*asked_for(3, complexity=1), *asked_for(2)]
    found = run(soonest(held_by={"held_by": "network"}, **COMPANY_TAKES_STANDARD), people)
    theirs = visits(found)
    complex_ones = [n for n, c in enumerate(found.referrals["complexity"]) if c]
    assert [theirs[n] for n in complex_ones] == [[("scanner", 2)], [("scanner", 3)], [("scanner", 4)]]
    assert [theirs[n] for n in range(5) if n not in complex_ones] == [[("company", 2)], [("company", 3)]]


# ---- held by each provider


def test_the_shorter_list_is_joined_as_it_stands_that_morning():
    """Three wait for the trust only, so it is three days there and none at the company."""
    people = [*asked_for(3, complexity=1), *asked_for(1, day=1)]
    found = run(soonest(**COMPANY_TAKES_STANDARD), people, [FIRST] * 4)
    assert went_to(found) == ["scanner"] * 3 + ["company"]
    assert scanned_on(found) == [2, 3, 4, 3]


def test_who_is_on_one_list_has_no_slot_of_the_other():
    """The company's only one has gone; its slots stay empty while the trust's people wait."""
    people = [*asked_for(3, complexity=1), *asked_for(1)]
    found = run(soonest(**COMPANY_TAKES_STANDARD), people)
    assert sorted(visits(found).values()) == [
        [("company", 2)], [("scanner", 2)], [("scanner", 3)], [("scanner", 4)],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lots", "company"), [(FIRST, [1, 4]), (LAST, [0, 3])], ids=["the trust first", "the company first"]
)
def test_six_of_one_morning_spread_over_lists_of_two_slots_and_one(lots, company):
    """Two and one slots a day. After each, the lists are as long as they then are: 0 and 0 days (by lot),
    then for who drew the trust ½ and 0, ½ and 1, 1 and 1 (by lot), 1½ and 1, 1½ and 2."""
    found = run(soonest(trust=2), asked_for(6), [lots] * 6)
    assert [n for n, where in enumerate(went_to(found)) if where == "company"] == company
    assert sorted(scanned_on(found)) == [2, 2, 2, 3, 3, 3]


def test_equals_are_drawn_by_lot():
    lots = [0.0, 0.49, 0.51, NEVER]
    found = [went_to(run(soonest(), asked_for(1), [Luck(lot=lot)])) for lot in lots]
    assert found == [["scanner"], ["scanner"], ["company"], ["company"]]


def test_of_equally_long_lists_the_nearer_is_joined():
    changes = an_hour_apart(**LISTS_OF_THEIR_OWN, **SOONEST)
    assert went_to(run(changes, asked_for(1), [LAST])) == ["scanner"]
    assert went_to(run(changes, asked_for(1, place=1), [FIRST])) == ["company"]


@pytest.mark.parametrize(("lot", "where"), [(0.0, "scanner"), (0.74, "scanner"), (0.76, "company")])
def test_equally_near_providers_share_people_by_their_slots(lot, where):
    """Three and one slots a day, however long their lists: five wait for the trust only."""
    takes = COMPANY_TAKES_STANDARD["eligibility"] | {"choice": "nearest"}
    changes = side_by_side(trust=3, **LISTS_OF_THEIR_OWN, eligibility=takes)
    found = run(changes, [*asked_for(5, complexity=1), *asked_for(1, day=1)], [Luck(lot=lot)] * 6)
    assert went_to(found)[5] == where


def test_complex_referrals_make_a_list_as_long_as_the_slots_they_need():
    """Two slots a day each. Two complex ones of two slots are two days at the trust; three standard ones
    of one slot, booked before, a day and a half at the company, though they are more people."""
    changes = soonest(
        trust=2, company=2, scanning={"MRI": {"slots_if_complex": 2}},
        eligibility={"takes": {"company": {"complexity": ["standard"]}, "scanner": {"priority": ["routine"]}}},
    )  # fmt: skip
    people = [*asked_for(2, complexity=1), *asked_for(3, priority=URGENT), *asked_for(1, day=1)]
    found = run(changes, people)
    assert went_to(found)[5] == "company"


# ---- held by the contractor


def test_the_contractor_has_a_list_of_its_own_and_the_others_share_one():
    """One slot a day each. Three come: the others' list is half as long as the company's after one each."""
    third = {"fleet": {"third": scanner_of("Charity", "Hospital")}}
    changes = soonest(
        held_by={"held_by": "contractor", "contractor": "Company"},
        reporting={"radiologists": {"reports_for": ["Trust", "Company", "Charity"]}}, **third,
    )  # fmt: skip
    found = run(changes, asked_for(3), [FIRST] * 3)
    assert went_to(found)[1] == "company"
    assert {went_to(found)[0], went_to(found)[2]} == {"scanner", "third"}
    assert scanned_on(found) == [2, 2, 2]


def test_a_contractor_without_scanners_leaves_one_list():
    held_by = {"held_by": "contractor", "contractor": "Somebody Quite Different"}
    one, other = (run(soonest(held_by=h), asked_for(4)) for h in (held_by, {"held_by": "network"}))
    assert visits(one) == visits(other)


# ---- back on the list


def test_who_missed_goes_back_to_the_list_they_were_on():
    """The trust has free slots all along."""
    changes = soonest(attendance={"missed": "10 %"})
    found = run(changes, asked_for(1, tries=(Try(misses=0.0), Try())), [LAST])
    assert visits(found) == {0: [("company", 2), ("company", 4)]}


def test_who_is_displaced_goes_back_to_the_list_they_were_on():
    sim = prepared(soonest(), [LAST])
    sim.downtimes[1].intervals.append([at(2, "07:00"), at(2, "20:00")])
    found = ran(sim, asked_for(1))
    assert who_came(found, "displaced") == [(0, "company", 2)]
    assert visits(found)[0] == [("company", 2), ("company", 4)]


def test_who_cancels_goes_back_to_the_list_they_were_on():
    """Booked on day 1 for day 2, cancelled half-way; the trust is free on day 3 as well."""
    changes = soonest(attendance={"cancelled_by_patient": "10 %"})
    found = run(changes, asked_for(1, tries=(Try(cancels=0.05), Try())), [LAST])
    assert visits(found) == {0: [("company", 2), ("company", 3)]}


def test_who_gives_up_leaves_the_list_they_were_on():
    """The company has one slot, on day 2. The second and third wait for it; the second gives up after
    2 + 7 ln(1/0.95)/ln 2 = 2.5 days, and the third has the slot of day 9."""
    changes = soonest(
        booking={"horizon": "1 day", "removal": [{"after": "2 days", "a_week": "50 %"}]},
        fleet={"company": {"days": ["sunday"]}},
        eligibility={"takes": {"scanner": {"priority": ["urgent"]}}},
    )
    first, second, third = asked_for(3)
    found = run(changes, [first, second._replace(removed=0.05), third])
    assert outcomes(found) == ["scanned", "removed", "scanned"]
    assert visits(found) == {0: [("company", 2)], 1: [], 2: [("company", 9)]}
    assert found.referrals["left"][1] == at(3, "08:00")


@pytest.mark.parametrize(("takes_second", "slot"), [("company", 2), ("scanner", 7)])
def test_a_slot_given_back_at_short_notice_goes_to_somebody_on_its_list(takes_second, slot):
    """The company scans on Sundays, the trust on Fridays. The first cancels on day 1 what was day 2's;
    the second, who comes at short notice and is urgent, has it if the company's list is theirs."""
    other = "scanner" if takes_second == "company" else "company"
    changes = soonest(
        booking={"horizon": "1 day", "short_notice": "30 %"},
        attendance={"cancelled_by_patient": "10 %"},
        fleet={"company": {"days": ["sunday"]}, "scanner": {"days": ["friday"]}},
        eligibility={"takes": {other: {"priority": ["routine"]}}},
    )
    (first,) = asked_for(1, tries=(Try(cancels=0.05), Try()))
    (second,) = asked_for(1, day=1, short_notice=0.0, priority=URGENT)
    found = run(changes, [first, second], [LAST])
    assert visits(found)[0][0] == ("company", 2)
    assert visits(found)[1] == [(takes_second, slot)]


def test_planned_scans_have_lists_of_the_same_holders():
    """Equal lists, by lot; then the other one."""
    changes = soonest(**PLANNED_TOO)
    found = run(changes, asked_for(2, priority=PLANNED), [LAST, LAST])
    assert went_to(found) == ["company", "scanner"]


def test_urgent_ones_have_the_first_slot_of_their_own_list_only():
    changes = soonest(demand={"MRI": {"priority": {"urgent": "50 %", "routine": "50 %"}}})
    people = [*asked_for(2), *(one._replace(priority=URGENT) for one in asked_for(1, day=0))]
    found = run(changes, people, [LAST, LAST, LAST])
    order = np.argsort(found.referrals["priority"], kind="stable").tolist()
    assert visits(found)[order[0]][0][1] == 2


# ---- no slots, no list


def reserve(**more) -> dict:
    """The company's only scanner waits for a decision, at the trust's hospital."""
    return soonest(fleet={"company": {"site": "Hospital", "in_reserve": True}}, **more)


@pytest.mark.parametrize("lot", [0.0, NEVER])
@pytest.mark.parametrize(
    "choice",
    [
        {"choice": "soonest"},
        {"choice": "nearest"},
        {"choice": "logit", "logit": {"a_day_of_waiting": "10 minutes", "spread": "10 minutes"}},
        {"choice": "logit", "logit": {"a_day_of_waiting": "0 minutes", "spread": "10 minutes"}},
    ],
    ids=["soonest", "nearest", "logit", "logit by travel"],
)
def test_nobody_picks_a_list_without_slots(choice, lot):
    found = run(reserve(eligibility=choice), asked_for(5), [Luck(lot=lot)] * 5)
    assert went_to(found) == ["scanner"] * 5
    assert scanned_on(found) == [2, 3, 4, 5, 6]


def test_every_weekday_counts_in_how_fast_a_list_goes():
    """Seven slots on Fridays are one a day: two wait longer for them than for two a day elsewhere."""
    changes = soonest(trust=7, company=2, fleet={"scanner": {"days": ["friday"]}})
    found = run(changes, asked_for(3), [FIRST, LAST, LAST])
    assert went_to(found) == ["scanner", "company", "company"]
    assert len(WEEK) == 7
