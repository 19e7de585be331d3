"""Providers whose sessions need radiographers and that no crew names: a run says who they are."""

import pytest

from analysis.described import without_crew

TRUST = {"provider": "Trust"}


def scenario(scanner: dict, **workforce) -> dict:
    return {"fleet": {"scanner": TRUST | scanner}, "workforce": workforce}


TWO = {"value": "2 people", "assumption": "mine", "range": ["1 people", "3 people"]}


@pytest.mark.parametrize("people", ["2 people", "1,000 people", TWO])
def test_a_provider_that_no_crew_names_is_staffed_as_planned(people):
    assert without_crew(scenario({"radiographers": people})) == ["Trust"]
    somebody_else = {"theirs": {"providers": ["Company"]}}
    assert without_crew(scenario({"radiographers": people}, crews=somebody_else)) == ["Trust"]


def test_an_evening_may_need_them_where_the_day_does_not():
    assert without_crew(scenario({"more_sessions": {"evening": {"radiographers": "1 people"}}})) == ["Trust"]


@pytest.mark.parametrize("scanner", [{}, {"radiographers": "0 people"}, {"radiographers": None}])
def test_who_needs_nobody_misses_nobody(scanner):
    assert without_crew(scenario(scanner)) == []


def test_who_has_a_crew_is_not_named():
    ours = {"ours": {"providers": ["Company", "Trust"]}}
    assert without_crew(scenario({"radiographers": "2 people"}, crews=ours)) == []


def test_a_scenario_without_a_workforce_names_whom_it_would_need():
    assert without_crew({"fleet": {"scanner": TRUST | {"radiographers": "2 people"}}}) == ["Trust"]
