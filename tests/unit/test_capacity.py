"""Capacity needed: where the search looks, what can be varied, what a target means, and the rule of thumb."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from analysis import rule_of_thumb
from sim.experiment import capacity
from sim.experiment.capacity import Capacity, at_month_end, legal_levels, search, target_of
from sim.experiment.varied import check_vary, varied, with_days
from sim.results.columns import DM01_BANDS
from sim.scenario.changes import changed
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import read_arms

VAN = "kind: mobile, modality: MRI, provider: Firm, site: Hospital, visits: [monday], opens: 08:00, closes: 18:00, slots_per_day: 5 per day"


@pytest.fixture
def arm(write):
    """The small world with a van on Mondays beside its scanner of all seven days."""
    write(
        f"extends: small.yaml\nfleet: {{van: {{{VAN}}}}}\nreporting: {{radiologists: {{reports_for: [Trust, Firm]}}}}"
    )
    (arm,) = read_arms([Path("x.yaml")])
    return arm


def seen(least: int, levels: range, present: int) -> list[int]:
    """The levels looked at when `least` is the first that is enough."""
    looked: list[int] = []

    def is_enough(level: int) -> bool:
        looked.append(level)
        return level >= least

    search(is_enough, levels, present)
    return looked


# ---- where the search looks


@pytest.mark.parametrize("least", [1, 2, 99, 100, 101, 163, 399, 400])
def test_the_least_that_is_enough_and_the_one_below_are_both_tried(least):
    looked = seen(least, range(1, 401), 100)
    assert least in looked and (least == 1 or least - 1 in looked)
    assert len(looked) == len(set(looked)) <= 12


def test_a_target_that_no_level_meets_ends_with_the_highest():
    assert seen(9999, range(10, 401), 100) == [100, 200, 400]


def test_one_level_is_tried_once():
    assert seen(1, range(3, 4), 3) == [3]


# ---- what can be varied


def test_one_more_day_goes_to_the_scanner_with_the_fewest_and_one_fewer_is_the_last_of_the_most():
    days, equal = {"a": ["monday", "friday"], "b": ["tuesday"]}, {"a": 1, "b": 1}
    assert with_days(days, equal, 4) == {"a": ["monday", "friday"], "b": ["monday", "tuesday"]}
    assert with_days(days, equal, 2) == {"a": ["monday"], "b": ["tuesday"]}
    assert sum(map(len, with_days(days, equal, 14).values())) == 14


def test_equal_scanners_work_the_same_days_so_that_steps_are_as_large_as_they_are_many():
    days, equal = {"a": ["monday"], "b": ["tuesday"]}, {"a": 3, "b": 1}
    assert with_days(days, equal, 4) == days
    assert with_days(days, equal, 5) == {"a": ["monday", "tuesday"], "b": ["tuesday"]}  # seven in all


def test_all_scanners_of_a_modality_have_their_slots_scaled_by_one_factor(arm):
    what = varied(arm, "fleet[mri].slots_per_day")
    assert (what.unit, what.modality) == ("slots a week", "MRI")
    assert what.amount(100) == 7 * 10 + 5
    fleet = changed(arm, "more", what.values(120)).scenario.fleet
    assert [fleet["scanner"].slots_per_day, fleet["van"].slots_per_day] == [12, 6]


def test_sessions_are_added_one_by_one_and_beyond_seven_a_scanner_on_further_ones_like_the_last(arm):
    what = varied(arm, "fleet[MRI].sessions_per_week")
    assert (what.present, legal_levels(arm, what)) == (8, range(2, 33))
    assert changed(arm, "more", what.values(10)).scenario.fleet["van"].visits == [0, 1, 2]
    fleet = changed(arm, "many", what.values(14 + 9)).scenario.fleet
    assert {name: len(scanner.weekdays) for name, scanner in fleet.items()} == {
        "scanner": 7,
        "van": 7,
        "van more 1": 7,
        "van part-time 1": 2,
    }
    assert [what.amount(level) for level in (2, 10, 23)] == [2, 10, 23]


def test_scanners_are_added_like_the_last_one_with_luck_of_their_own_and_taken_from_the_end(arm):
    what = varied(arm, "fleet[MRI].scanners")
    more = changed(arm, "more", what.values(4)).scenario.fleet
    assert list(more) == ["scanner", "van 1", "van 2", "van 3"]
    assert len({scanner.key for scanner in more.values()}) == 4
    assert list(changed(arm, "fewer", what.values(1)).scenario.fleet) == ["scanner"]


def test_an_entry_for_several_scanners_counts_as_so_many(write):
    write("extends: small.yaml\nfleet: {scanner: {count: 3}}")
    (arm,) = read_arms([Path("x.yaml")])
    kinds = ("slots_per_day", "sessions_per_week", "scanners")
    assert [varied(arm, f"fleet[MRI].{kind}").present for kind in kinds] == [100, 21, 3]
    assert varied(arm, "fleet[MRI].slots_per_day").amount(100) == 210
    assert len(changed(arm, "more", varied(arm, "fleet[MRI].scanners").values(5)).scenario.fleet) == 5


def test_scanners_are_chosen_by_provider_or_site_too(arm):
    assert varied(arm, "fleet[Firm].slots_per_day").amount(100) == 5
    assert varied(arm, "fleet[Hospital].slots_per_day").amount(100) == 75


def test_any_number_is_varied_in_steps_of_a_percent_as_far_as_it_is_legal(arm):
    what = varied(arm, "booking.minimum_notice")
    assert (what.amount(150), what.values(150)) == (1.5, {("booking", "minimum_notice"): "1.5 day"})
    assert legal_levels(arm, varied(arm, "reporting.radiologists.reports_per_day")) == range(10, 401)


def test_a_planned_load_is_more_capacity_the_smaller_it_is(write):
    write("extends: small.yaml\nworkforce: {planned_load: 90 %, planned_referrals: {MRI: 1800 per year}}")
    (arm,) = read_arms([Path("x.yaml")])
    assert varied(arm, "workforce.planned_load").amount(120) == pytest.approx(75)


@pytest.mark.parametrize("vary, said", [
    ("fleet.scaner.slots_per_day", "is no number of any of the scenarios; did you mean 'fleet.scanner.slots_per_day'?"),
    ("fleet[MIR].slots_per_day", "no scanner of 'MIR'; did you mean 'MRI'? (legal: Firm, Hospital, MRI, Trust)"),
    ("fleet[MRI].slot_per_day", "scanners have no 'slot_per_day' to vary; did you mean 'slots_per_day'?"),
    ("fleet.scanner.opens", "is no number"),
    ("", "is no number"),
])  # fmt: skip
def test_what_cannot_be_varied_is_refused_with_the_nearest_that_can(arm, vary, said):
    with pytest.raises(ScenarioFaults) as refused:
        check_vary([arm], vary)
    assert str(refused.value).startswith(f"--vary {vary}: {said}")


# ---- targets


def test_a_target_is_a_measure_a_bound_and_perhaps_a_month(arm):
    assert target_of("over_6_weeks_percent <= 1 by 2019-03", arm, "MRI") == (
        "over_6_weeks_percent",
        "all",
        "<=",
        1,
        "2019-03",
    )
    assert target_of("scans_per_week>=1,000.5", arm, None) == ("scans_per_week", "all", ">=", 1000.5, None)
    assert target_of("wait_days_mean <= 14 days", arm, "MRI").number == 14


@pytest.mark.parametrize("text, said", [
    ("wait_days_mean", "must be a measure, <= or >=, a number and perhaps a month"),
    ("wait_days_mean < 3", "must be a measure"),
    ("wait_days_mean <= few", "must be a measure"),
    ("wait_days_mean <= 3 by March", "must be a measure"),
    ("wait_day_mean <= 3", "no measure 'wait_day_mean'; did you mean 'wait_days_mean'?"),
    ("wait_days_mean <= 3 weeks", "wait_days_mean is a number of days, got 3 weeks"),
    ("wait_days_mean <= 3 by 2019-03", "`by` takes a measure of the list at a month's end"),
    ("list_size <= 3 by 2020-01", "2020-01 is not among the months measured, 2019-01 to 2019-12"),
])  # fmt: skip
def test_a_target_that_cannot_be_read_is_refused(arm, text, said):
    with pytest.raises(ScenarioFaults) as refused:
        target_of(text, arm, "MRI")
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f'--target "{text}": ') and said in line


def test_the_list_at_a_months_end_is_counted_from_the_census():
    bands = dict.fromkeys(DM01_BANDS, 0) | {"00 < 01 Week": 30, "06 < 07 Weeks": 8, "13+ Weeks": 2}
    march = {
        "Period": "2028-03-31",
        "Diagnostic Tests": "MRI",
        "Total WL": 40,
        "Waiting List Activity": 62,
    } | bands
    april = march | {"Period": "2028-04-30", "Total WL": 0}
    census = [march, march | {"Diagnostic Tests": "CT", "Total WL": 100}, april]
    found = {name: at_month_end(name, "2028-03", "modality=MRI", census) for name in capacity.AT_MONTH_ENDS}
    assert found == {
        "list_size": 40,
        "over_6_weeks_percent": 25,
        "over_13_weeks_percent": 5,
        "weeks_to_clear": pytest.approx(40 / (62 / 31 * 7)),
    }
    assert at_month_end("list_size", "2028-03", "all", census) == 140
    assert at_month_end("over_6_weeks_percent", "2028-04", "modality=MRI", census) == 0  # nobody waits


def test_the_least_level_that_four_of_five_replications_meet_is_found(arm):
    import numpy as np

    looked = Capacity([arm], "wait_days_mean <= 10", "fleet[MRI].slots_per_day")
    slots = {}

    def outcomes(arms):
        for one in arms:
            slots[one.name] = one.scenario.fleet["scanner"].slots_per_day
        # waits of 30 less the slots, in five replications of which one is much longer
        return {one.name: 30 - slots[one.name] + np.array([0, 0, 0, 0, 50]) for one in arms}

    (found,) = looked.run(outcomes)["searches"]
    levels = [amount for amount, _ in found["levels"]]
    assert found["present"] == 75
    assert min(amount for amount, name in found["levels"] if slots[name] >= 20) == 150  # twice the slots
    assert 149.25 in levels  # and a hundredth less is not enough


# ---- the rule of thumb


def test_the_rule_of_thumb_gives_the_published_example():
    assert doctest.testmod(rule_of_thumb).failed == 0
    assert doctest.testmod(rule_of_thumb).attempted == 4
