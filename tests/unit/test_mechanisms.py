"""How often each mechanism acted, counted on tables of a few rows: the period is days 28 to 111."""

import numpy as np
import pytest

from sim.measures.mechanisms import MECHANISMS, happened, measure
from sim.model.couch import LOST_TO
from sim.model.decisions import DOES
from sim.model.demand import PRIORITIES
from sim.model.tables import REFERRAL_OUTCOMES, Counted, Tables

PERIOD = (28.0, 112.0)
NEVER = float("nan")
BEFORE, FIRST, LATER, LAST, AFTER = 27.99, 28.0, 60.0, 111.99, 112.0
"""Days of which the three in the middle count."""
ALL_FIVE = [BEFORE, FIRST, LATER, LAST, AFTER]


def tables(**rows: dict[str, list]) -> Tables:
    """Tables with these columns and nothing else."""
    names = ("referrals", "appointments", "sessions", "decisions")
    made = {name: {key: np.array(column) for key, column in rows.get(name, {}).items()} for name in names}
    return Tables(**made, labels={}, counted=Counted(PERIOD), clock_resets={})


def times(mechanism: str, **rows: dict[str, list]) -> float:
    """How often it acted, as the measure tells it."""
    return measure(tables(**rows), PERIOD, {mechanism: MECHANISMS[mechanism][1]})[
        "times_acted", f"mechanism={mechanism}"
    ]


@pytest.mark.parametrize(
    ("mechanism", "outcome"),
    [
        ("rejections", "rejected"),
        ("redirections", "redirected"),
        ("removals", "removed"),
        ("discharges", "discharged"),
    ],
)
def test_who_left_the_list_in_a_way_is_counted_from_the_first_day_of_the_period_to_its_end(
    mechanism, outcome
):
    """Five left in this way, three of them in the period; the sixth was scanned in it."""
    codes = [REFERRAL_OUTCOMES.index(one) for one in [outcome] * 5 + ["scanned"]]
    assert times(mechanism, referrals={"left": [*ALL_FIVE, LATER], "outcome": codes}) == 3


@pytest.mark.parametrize(
    ("mechanism", "what"),
    [
        ("patients displaced by breakdowns", "breakdown"),
        ("patients displaced by tracer failures", "tracer"),
        ("patients displaced by blocked mobiles", "van"),
    ],
)
def test_an_appointment_lost_to_something_counts_on_the_day_of_its_slot(mechanism, what):
    codes = [LOST_TO.index(one) for one in [what] * 5 + ["overrun", ""]]
    made = {"slot_start": [*ALL_FIVE, LATER, LATER], "lost_to": codes}
    assert times(mechanism, appointments=made) == 3


@pytest.mark.parametrize(
    ("mechanism", "other"), [("transfers", "emergencies moved"), ("emergencies moved", "transfers")]
)
def test_a_transfer_counts_on_its_day_and_as_one_of_a_list_or_of_an_emergency(mechanism, other):
    priority = PRIORITIES.index("emergency" if mechanism == "emergencies moved" else "routine")
    rows = {"transferred": [*ALL_FIVE, NEVER], "priority": [priority] * 6}
    assert times(mechanism, referrals=rows) == 3
    assert times(other, referrals=rows) == 0


def test_a_second_reading_counts_on_its_day():
    assert times("second readings", referrals={"re_read": [*ALL_FIVE, NEVER]}) == 3


def test_who_came_back_with_a_missed_finding_counts_and_who_was_redirected_does_not():
    """Four follow 0 and 2, who were scanned, one in the period follows 1, who was redirected."""
    scanned, redirected = REFERRAL_OUTCOMES.index("scanned"), REFERRAL_OUTCOMES.index("redirected")
    referred = [BEFORE, BEFORE, FIRST, LATER, LAST, AFTER, LATER, LATER]
    parent = [-1, -1, 0, 2, 2, 0, 1, -1]
    outcome = [scanned, redirected] + [scanned] * 6
    rows = {"referred": referred, "parent": parent, "outcome": outcome}
    assert times("missed findings", referrals=rows) == 3


def test_a_session_without_a_crew_is_one_of_which_any_second_was_lost_so():
    held = {"day": [27, 28, 60, 111, 112, 60, 60], "no_crew_seconds": [1, 36000, 1, 1, 1, 0, 0]}
    assert times("sessions without a crew", sessions=held) == 3


def test_every_request_for_capacity_counts_and_what_becomes_of_the_contract_does_not():
    does = [
        DOES.index(one) for one in ("extra_sessions", "hired_mobile", "new_scanner", "contract", "collapse")
    ]
    assert times("requests for capacity", decisions={"requested": [LATER] * 5, "does": does}) == 3
    assert times("requests for capacity", decisions={"requested": ALL_FIVE, "does": [0] * 5}) == 3


def test_a_tender_fails_when_it_is_refused_and_a_contractor_gives_up_when_it_takes_effect():
    contract, collapse = DOES.index("contract"), DOES.index("collapse")
    made = {
        "does": [contract] * 5 + [collapse] * 5,
        "refused": [*ALL_FIVE, *[NEVER] * 5],
        "in_effect": [*[LATER] * 5, *ALL_FIVE],
    }
    assert times("failed tenders", decisions=made) == 3
    assert times("collapses", decisions=made) == 3


def test_an_event_has_happened_whenever_it_did_by_the_end_the_warm_up_included():
    """The contract was agreed and not refused; a contractor gave up on the last day of the warm-up."""
    contract, collapse = DOES.index("contract"), DOES.index("collapse")
    made = {"does": [contract, collapse], "refused": [NEVER, NEVER], "in_effect": [LATER, BEFORE]}
    found = happened(tables(decisions=made), ["failed tenders", "collapses"])
    assert found == {
        ("happened_percent", "event=failed tender"): 0,
        ("happened_percent", "event=collapse"): 100,
    }
    assert happened(tables(decisions=made), ["failed tenders"]).keys() == {
        ("happened_percent", "event=failed tender")
    }


def test_every_mechanism_has_a_test_here():
    """Nobody adds one that nobody counts by hand."""
    from pathlib import Path

    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in MECHANISMS if f'"{name}"' not in text] == []
