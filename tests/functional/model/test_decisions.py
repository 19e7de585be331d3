"""Who decides on capacity, in a town with a tenth more referrals than slots."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.measures import measure
from sim.model.simulation import simulate
from tests.functional.model.two_towns import VAN, laid_over, same_tables, two_towns
from tests.world import tables, world

MOBILE = VAN | {"site": "Hospital", "provider": "Trust", "set_up": "0 minutes", "in_reserve": True}
BOARD = {"meets_every": "14 days", "agrees": "100 %", "tries": "3 meetings"}
HIRE = {
    "by": "Trust",
    "does": "hired_mobile",
    "scanners": ["van"],
    "when": {"modality": "MRI", "list_size": "60 referrals"},
    "procurement": "0 days",
    "installation": "0 days",
    "lasts": "30 days",
}
BUSY = {
    "demand": {"MRI": {"per_year": "4000 per year"}},
    "fleet": {"scanner": {"age": "9 years"}, "van": MOBILE},
    "decisions": {"boards": {"board": BOARD}, "requests": {"hire": HIRE}},
}


def measured(changes: dict[str, Any], replication: int = 0) -> dict[str, float]:
    """The measures of everybody; the laws are checked."""
    made = world(laid_over(BUSY, changes))
    values = measure(simulate(made, 1, replication), made.days)[0]
    return {name: value for (name, group), value in values.items() if group == "all"}


def board(**about: str) -> dict[str, Any]:
    """Another board."""
    return {"decisions": {"boards": {"board": about}}}


def hire(**about: Any) -> dict[str, Any]:
    """Another request."""
    return {"decisions": {"requests": {"hire": about}}}


def when(**limits: str) -> dict[str, Any]:
    """Another reason."""
    return hire(when={"modality": "MRI", "list_size": None} | limits)


def old(years: int) -> dict[str, Any]:
    """A reason that is a scanner's age."""
    about_the_list = {"modality": None, "list_size": None}
    return hire(when=about_the_list | {"scanner": "scanner", "older_than": f"{years} years"})


def readily(share: str) -> dict[str, Any]:
    """A board that meets each week and agrees so readily."""
    return board(meets_every="7 days", agrees=share)


LONG_WAITS = {"demand": {"MRI": {"per_year": "6000 per year"}}}
COMMISSIONERS = {"decisions": {"commissioners": BOARD | {"meets_every": "60 days"}}}
TWO_BOARDS = {"decisions": {"boards": {"other": BOARD | {"meets_every": "28 days"}}}}


@pytest.mark.parametrize("less, more, name", [
    (board(meets_every="7 days"), board(meets_every="100 days"), "decision_days_mean"),
    (readily("5 %"), readily("90 %"), "decisions_agreed"),
    (readily("90 %"), readily("5 %"), "decisions_refused"),
    (laid_over(readily("20 %"), board(tries="1 meetings")), laid_over(readily("20 %"), board(tries="30 meetings")), "decisions_agreed"),
    ({"decisions": {"ask_again_after": "150 days"}}, {"decisions": {"ask_again_after": "0 days"}}, "decisions_requested"),
    (hire(procurement="0 days"), hire(procurement="60 days"), "decision_days_mean"),
    (hire(installation="0 days"), hire(installation="60 days"), "decision_days_mean"),
    (hire(lasts="20 days"), hire(lasts="200 days"), "scans"),
    (laid_over(LONG_WAITS, when(over_6_weeks="90 %")), laid_over(LONG_WAITS, when(over_6_weeks="0 %")), "decisions_requested"),
    (when(list_size="900 referrals"), when(list_size="60 referrals"), "decisions_requested"),
    (when(list_size="60 referrals", for_months="6 months"), when(list_size="60 referrals"), "decisions_requested"),
    (old(20), old(5), "decisions_requested"),
    ({}, COMMISSIONERS, "decision_days_mean"),
    ({"decisions": {"commissioners": COMMISSIONERS["decisions"]["commissioners"], "order": "together"}}, COMMISSIONERS, "decision_days_mean"),
    ({}, TWO_BOARDS, "decision_days_mean"),
    (laid_over(TWO_BOARDS, hire(boards=["board"])), TWO_BOARDS, "decision_days_mean"),
])  # fmt: skip
def test_each_number_moves_its_measure(less, more, name):
    assert measured(less)[name] < measured(more)[name]


def test_a_hired_mobile_shortens_the_list_and_a_board_that_never_agrees_leaves_it_as_it_is():
    alone = measured({"fleet": {"van": None}, "decisions": None})
    never, always = measured(readily("0 %")), measured(laid_over(readily("100 %"), hire(lasts="300 days")))
    assert never["list_size"] == alone["list_size"] and never["decisions_refused"] >= 2
    assert always["list_size"] < 0.7 * alone["list_size"]
    assert always["decisions_in_effect"] == 1


# ---- what does not act changes nothing


@pytest.mark.parametrize("changes", [
    {"decisions": {}},
    {"decisions": {"boards": {"board": BOARD}, "commissioners": BOARD}},
    {"decisions": {"requests": {"hire": HIRE | {"scanners": ["lorry"]}}}},
    {"decisions": {"requests": {"hire": HIRE | {"when": {"modality": "MRI", "list_size": "99999 referrals"}}}}},
    {"fleet": {"spare": MOBILE}},
    {"fleet": {"spare": MOBILE}, "decisions": {"requests": {"hire": HIRE | {"scanners": ["lorry"]}}}},
])  # fmt: skip
def test_nobody_who_decides_and_nothing_in_reserve_that_is_brought_change_a_table(changes):
    assert same_tables(tables(two_towns()), tables(two_towns(**changes)))


def test_a_planned_load_is_that_of_the_scanners_that_are_there():
    plan = {"workforce": {"planned_load": "85 %", "planned_referrals": {"MRI": "3000 per year"}}}
    assert same_tables(tables(two_towns(**plan)), tables(two_towns(**plan, fleet={"spare": MOBILE})))
    *_, spare = world(two_towns(**plan, fleet={"spare": MOBILE})).scanners
    assert spare.templates[0].slots == 12


def test_a_mobile_in_reserve_draws_nobody_whom_only_it_would_take():
    """The one scanner in town takes urgent people only; the reserve beside it would take everybody."""
    takes = {"scanner": {"priority": ["urgent", "urgent_suspected_cancer"]}}
    alone, beside = (
        tables(two_towns(eligibility={"takes": takes}, fleet=fleet)) for fleet in ({}, {"spare": MOBILE})
    )
    assert same_tables(alone, beside)
    assert (alone.referrals["outcome"] == 1).any()


# ---- the same luck


def test_two_provision_models_meet_the_same_luck_with_the_same_board():
    """Other patients, another scanner and another request besides; the request is made on the same days."""
    half = laid_over(BUSY, board(agrees="50 %", tries="2 meetings", meets_every="10 days"))
    half = laid_over(half, old(5))
    more = {"by": "Trust", "does": "new_scanner", "scanners": ["van"], "procurement": "9 days"}
    more |= {"installation": "0 days", "when": HIRE["when"]}
    other = {
        "demand": {"MRI": {"per_year": "2000 per year"}},
        "fleet": {"scanner": {"slots_per_day": "5 per day"}},
        "decisions": {"requests": {"another": more}},
    }
    one, two = tables(half), tables(laid_over(half, other))
    hired = two.decisions["request"] == two.labels["request"].index("hire")
    assert np.sum(~hired) > 0
    for column in ("requested", "agreed", "refused", "in_effect", "ended"):
        assert np.array_equal(one.decisions[column], two.decisions[column][hired], equal_nan=True), column
    assert np.isfinite(one.decisions["agreed"]).any() and np.isfinite(one.decisions["refused"]).any()


def test_what_providers_are_called_does_not_matter_to_decisions():
    """The board that is renamed keeps its key."""
    renamed = {"boards": {"board": None, "committee": BOARD | {"key": "board", "agrees": "40 %"}}}
    one = tables(laid_over(BUSY, board(agrees="40 %")))
    other = tables(
        laid_over(
            BUSY,
            {
                "fleet": {"scanner": {"provider": "Z"}, "van": {"provider": "Z"}},
                "reporting": {"radiologists": {"reports_for": ["Z"]}},
                "decisions": renamed | {"requests": {"hire": {"by": "Z"}}},
            },
        )
    )
    assert same_tables(one, other) and len(one.decisions["request"]) > 1
