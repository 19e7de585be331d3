"""The difference between two models, split over questions: the arithmetic by hand, and which mixes there are."""

from __future__ import annotations

from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.decomposition import (
    Split,
    all_orders,
    contribution,
    is_precise,
    mixes_of,
    order_and_reverse,
    parts_that_differ,
    subsets,
    valid_parts,
)
from sim.scenario.changes import mixed
from sim.scenario.read import read_arms

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NOTHING = frozenset()


def mix(*parts: int) -> frozenset[int]:
    return frozenset(parts)


def shares(parts: int, value) -> list[float]:
    """Each part's contribution, for a value of every mix."""
    values = {one: value(one) for one in subsets(range(parts))}
    return [contribution(terms, values) for terms in all_orders(parts)]


# ---- the arithmetic


def test_two_answers_share_evenly_what_only_both_together_do():
    # alone 3 and 1, together 6: the 2 that neither does alone are halved
    value = {NOTHING: 0.0, mix(0): 3.0, mix(1): 1.0, mix(0, 1): 6.0}
    assert shares(2, value.get) == [4, 2]


def test_three_answers_are_weighed_as_in_all_six_orders():
    value = dict(zip(subsets(range(3)), [5.0, 7.0, 4.0, 9.0, 8.0, 20.0, 6.0, 11.0]))
    by_order = np.zeros(3)
    for order in permutations(range(3)):
        for place, part in enumerate(order):
            by_order[part] += value[mix(*order[: place + 1])] - value[mix(*order[:place])]
    assert shares(3, value.get) == pytest.approx(by_order / 6)


def test_an_answer_that_does_nothing_has_no_part():
    assert shares(3, lambda one: 2.5 * (0 in one) + 4 * (2 in one)) == pytest.approx([2.5, 0, 4])


@pytest.mark.parametrize("parts", range(1, 6))
def test_the_parts_sum_to_the_difference_in_every_replication(parts):
    rng = np.random.default_rng(parts)
    values = {one: rng.normal(size=4) for one in subsets(range(parts))}
    whole = sum(contribution(terms, values) for terms in all_orders(parts))
    assert whole == pytest.approx(values[mix(*range(parts))] - values[NOTHING], abs=1e-12)


def test_five_answers_take_32_mixes():
    assert len(mixes_of(all_orders(5))) == 32


def test_an_order_and_its_reverse_sum_to_the_difference_too():
    rng = np.random.default_rng(1)
    values = {one: rng.normal() for one in subsets(range(6))}
    terms = order_and_reverse([3, 0, 5, 1, 4, 2])
    assert sum(contribution(part, values) for part in terms) == pytest.approx(
        values[mix(*range(6))] - values[NOTHING]
    )
    assert mix(3) in mixes_of(terms) and mix(2) in mixes_of(
        terms
    )  # who is swapped first, one way and the other


def test_orders_are_enough_when_every_part_is_known_to_a_tenth_of_the_whole():
    whole = np.array([10.0, 10.1, 9.9])
    # two parts over three pairs: half-width is 4.303 / sqrt(3) times the standard deviation
    assert is_precise(np.array([[6.0, 4.0], [6.3, 3.7], [5.7, 4.3]]), whole)
    assert not is_precise(np.array([[6.0, 4.0], [6.5, 3.5], [5.5, 4.5]]), whole)


def test_a_difference_lost_in_chance_is_not_chased():
    assert is_precise(np.array([[0.3, -0.3], [-0.3, 0.3]]), np.array([-100.0, 100.0, 50.0, -60.0]))


# ---- which mixes there are


def test_parts_that_make_no_scenario_apart_are_joined():
    # the third answer without the first is no scenario
    def refused(parts):
        where = {section: number for number, part in enumerate(parts) for section in part}
        return {m for m in subsets(range(len(parts))) if (where["c"] in m) and (where["a"] not in m)}

    assert valid_parts([("a",), ("b",), ("c",)], refused) == [("b",), ("a", "c")]


def test_any_mix_of_two_shipped_models_is_a_scenario():
    arms = read_arms([SCENARIOS / "outsourced.yaml", SCENARIOS / "compromise_2019.yaml"])
    for one, other in permutations(arms, 2):
        parts = [section for part in parts_that_differ(one, other) for section in part]
        assert set(parts) >= {"fleet"}
        for number in range(len(parts) + 1):
            for sections in combinations(parts, number):
                mixed(one, other, sections, "mix")  # raises faults where it is none


def test_mixes_that_make_one_world_are_run_once():
    in_house, outsourced = read_arms([SCENARIOS / "outsourced.yaml"])
    split = Split(in_house, outsourced, seed=1)
    limits = split.parts.index(("eligibility",))
    assert split.mixes[mix(limits)] is in_house  # limits on mobiles that the trust does not have
    assert split.mixes[mix(*range(len(split.parts)))] is outsourced
    fleet = split.parts.index(("fleet",))
    assert split.mixes[mix(fleet, limits)] is not split.mixes[mix(fleet)]


def test_only_answers_that_differ_in_what_they_say_are_parts(write):
    write(
        "extends: small.yaml\nimages: {transfer: {value: 0 hours, assumption: none, range: [0 days, 1 days]}}",
        "one.yaml",
    )
    write(
        "extends: small.yaml\nfleet: {scanner: {slots_per_day: 11 per day}}\nvetting: {time: {routine: 1 day}}\ntitle: other",
        "other.yaml",
    )
    assert parts_that_differ(*read_arms([Path("one.yaml"), Path("other.yaml")])) == [("fleet",), ("vetting",)]


def test_a_fleet_and_those_who_read_for_it_are_one_part_where_nobody_else_could(write):
    hours = "days: [monday], opens: 09:00, closes: 17:00, reports_per_day: 500 per day"
    pools = f"radiologists: {{reports_for: [Firm]}}, others: {{organisation: Firm, takes: {{Firm: 50 %}}, {hours}}}"
    write("extends: small.yaml", "one.yaml")
    write(
        f"extends: small.yaml\nfleet: {{scanner: {{provider: Firm}}}}\nimages: {{transfer: 1 day}}\nreporting: {{{pools}}}",
        "other.yaml",
    )
    split = Split(*read_arms([Path("one.yaml"), Path("other.yaml")]), seed=1)
    assert split.parts == [("images",), ("fleet", "reporting")]
    assert None not in split.mixes.values()


def test_six_answers_are_sampled_and_the_same_seed_gives_the_same_orders(write):
    write("extends: small.yaml", "one.yaml")
    write(SIX, "other.yaml")
    arms = read_arms([Path("one.yaml"), Path("other.yaml")])
    runs = [Split(*arms, seed=seed).run(outcomes_of(arms[0])) for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert [len(run["parts"]) for run in runs] == [6, 6, 6]
    assert not runs[0]["exact"] and runs[0]["rounds"] != runs[2]["rounds"]


SIX = """
extends: small.yaml
eligibility: {choice: soonest}
fleet: {scanner: {slots_per_day: 11 per day}}
workforce: {crews: {a: {providers: [Trust], establishment: 9 people, sessions_per_week: 9 per week}}}
reporting: {radiologists: {reports_per_day: 50 per day}}
images: {transfer: 1 day}
vetting: {time: {routine: 1 day}}
"""


def outcomes_of(baseline):
    """Each answer adds 1 to what it finds, in every replication."""

    def outcomes(arms):
        return {arm.name: len(parts_that_differ(baseline, arm)) + np.array([0.0, 0.5]) for arm in arms}

    return outcomes
