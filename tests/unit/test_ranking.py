"""On how many assumptions a difference between models rests, and how models rank over them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from analysis import ranking
from analysis.differences import rests_on
from analysis.ranking import over_ranges

KNOWN = {"value": "7.4 %", "source": "roh-2023"}
GUESSED = {"value": "45 days", "assumption": "nobody has published it", "range": ["30 days", "120 days"]}


def of(baseline: dict, arm: dict) -> tuple[int, int, int]:
    """(numbers, assumed, assumptions) between two resolved scenarios."""
    scenarios = {"today": baseline, "new": arm}
    return tuple(rests_on(SimpleNamespace(baseline="today", scenarios=scenarios), "new"))


def test_a_known_number_and_an_assumed_one():
    assert of({"a": KNOWN, "b": GUESSED}, {"a": KNOWN, "b": GUESSED}) == (0, 0, 0)
    assert of({"a": KNOWN}, {"a": KNOWN | {"value": "8 %"}}) == (1, 0, 0)
    assert of({"a": GUESSED}, {"a": GUESSED | {"value": "60 days"}}) == (1, 1, 1)
    assert of({}, {"a": KNOWN, "b": GUESSED}) == (2, 1, 1)


def test_a_number_that_is_known_in_one_model_and_assumed_in_the_other_is_assumed():
    assert of({"a": KNOWN}, {"a": KNOWN | {"value": "9 %", "assumption": "as elsewhere"}}) == (1, 1, 1)


def test_one_assumption_in_ten_places_is_one_assumption():
    vans = {f"van_{n}": {"slots_per_day": GUESSED, "modality": "MRI"} for n in range(10)}
    assert of({"fleet": {}}, {"fleet": vans}) == (10, 10, 1)


def test_names_dates_and_hours_are_no_numbers_and_a_list_takes_its_reason_from_beside_it():
    words = {"modality": "MRI", "start": "2028-03-01", "opens": "08:00", "lends": True}
    assert of({}, words) == (0, 0, 0)
    assert of({}, {"hazard": {"assumption": "fitted", "weeks": [1.0, 0.5]}}) == (2, 2, 2)
    assert of({}, {"price": "£2,650 per day", "share": "60%", "boards": 3}) == (3, 0, 0)


def test_what_only_the_headline_or_the_title_says_is_not_counted():
    assert of({"headline": {"matters": "2 days"}}, {"headline": {"matters": "5 days"}, "title": "7"}) == (
        0,
        0,
        0,
    )


@pytest.fixture
def drawn(tmp_path):
    """Three models over twenty draws; another measure in the same table."""
    (tmp_path / ranking.RANKS).write_text(
        "scenario,measure,group,rank_mean,rank_low,rank_high,best_percent,draws\n"
        "far,wait_days_mean,all,2.5,2,3,0,20\n"
        "near,wait_days_mean,all,1.25,1,2,75,20\n"
        "van,wait_days_mean,all,2.25,1,3,25,20\n"
        "near,list_size,all,3,3,3,0,20\n"
    )
    headline = {"measure": "wait_days_mean", "group": "all"}
    return SimpleNamespace(path=tmp_path, manifest={"uncertain": {"draws": 20}}, headline=headline)


def test_the_best_stands_first_with_its_places(drawn):
    (table,) = over_ranges(drawn)
    assert [row[0] for row in table.rows] == ["near", "van", "far"]
    assert table.rows[0][1:] == ["1.25", "1 to 2", "75 %"] and table.note.startswith("20 draws")


def test_ranks_of_an_earlier_run_are_not_shown(drawn):
    drawn.manifest["uncertain"] = {}
    assert over_ranges(drawn) == []
