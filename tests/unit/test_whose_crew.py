"""What a scenario leaves out and a run says: sessions that no crew holds, scans that nobody pays for."""

import pytest

from analysis.described import without_crew, without_price

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


VAN = {"van": {"provider": "Company", "modality": "CT"}, "scanner": {"provider": "Trust", "modality": "MRI"}}


def contract(**said) -> dict:
    return {"fleet": VAN, "contract": {"provider": "Company"} | said}


def test_a_price_for_what_the_contractor_does_not_scan_leaves_its_scans_unpaid():
    assert without_price(contract(price={"MRI": "£120 per scan"})) == ["CT"]
    assert without_price(contract(costs={"default": {"CT": {"per_scan": "£60 per scan"}}})) == ["CT"]


@pytest.mark.parametrize("pays", [{"price": {"CT": "£120 per scan"}}, {"tariff": {"CT": "£90 per scan"}}])
def test_a_price_or_a_tariff_pays_for_a_scan(pays):
    assert without_price(contract(**pays)) == []


def test_where_no_amount_is_named_or_nobody_contracted_no_price_is_missed():
    assert without_price(contract()) == without_price({"fleet": VAN}) == []
    assert without_price({"fleet": VAN, "contract": {"tariff": {"PET-CT": "£600 per scan"}}}) == []
