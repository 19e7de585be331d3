"""The seven options of 2021: each answers all eight questions, and any mix of their answers is a scenario."""

from __future__ import annotations

import random
from copy import deepcopy

import pytest

from sim.scenario.document import parse_yaml, read_document
from sim.scenario.read import read_arms, validate
from sim.scenario.world import world_of
from tests.unit.test_shipped_scenarios import SCENARIOS

QUESTIONS = (
    "waiting_lists", "eligibility", "fleet", "workforce", "reporting", "images", "decisions", "contract",
)  # fmt: skip
TODAY = SCENARIOS / "network_today.yaml"
OPTIONS = [
    SCENARIOS / f"network_{option}.yaml"
    for option in ("outsourcing", "collaboration", "alliance", "host_trust", "joint_venture_llp", "joint_venture_company", "community_interest_company")
]  # fmt: skip
ALL = [TODAY, *OPTIONS]
BODIES = [file for file in OPTIONS if "joint" in file.stem or "interest" in file.stem or "out" in file.stem]
TREES = {file.stem: read_document(file).tree for file in ALL}


def mixed(answers: dict[str, str]):
    """The scenario in which each question is answered as an option answers it; the rest is today's."""
    document = read_document(TODAY)
    document.tree |= {question: deepcopy(TREES[name][question]) for question, name in answers.items()}
    return validate(document, TODAY)


def test_there_are_seven_options_and_today():
    assert sorted(SCENARIOS.glob("network_*.yaml")) == sorted(ALL)


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.stem)
def test_every_option_answers_all_eight_questions_in_its_own_file(file):
    answers = set(read_document(SCENARIOS / "provision" / file.name).tree)
    assert answers == set(QUESTIONS)


@pytest.mark.parametrize("file", OPTIONS, ids=lambda file: file.stem)
def test_an_option_is_a_short_file_that_changes_nothing_but_its_answers(file):
    own = parse_yaml(file.read_text())
    assert own["compare_with"] == TODAY.name
    assert set(own) == {"title", "question", "extends", "compare_with", "headline"}
    today, option = (TREES[name] for name in (TODAY.stem, file.stem))
    assert {key for key in option if option[key] != today.get(key)} - {"title", "question", "compare_with"} <= set(QUESTIONS)  # fmt: skip


def test_all_seven_are_compared_with_today_by_one_command():
    arms = read_arms(ALL)
    assert [arm.name for arm in arms if arm.file.name == TODAY.name] == [arms[0].name]
    assert read_arms(OPTIONS)[0].name == TODAY.stem


@pytest.mark.parametrize("name", sorted(TREES))
def test_what_works_at_the_start_is_the_same_in_every_option(name):
    """The same scanners by key, site, slots and hours, whoever runs them: the luck with breakdowns is the same."""

    def working(tree) -> dict[str, tuple]:
        same = ("modality", "site", "days", "opens", "closes", "slots_per_day", "on_call", "radiographers", "in_reserve", "more_sessions")  # fmt: skip
        there = {scanner: one for scanner, one in tree["fleet"].items() if not one.get("until_contract")}
        return {
            one.get("key", scanner): tuple(one.get(key) for key in same) for scanner, one in there.items()
        }

    assert working(TREES[name]) == working(TREES[TODAY.stem])


@pytest.mark.parametrize("name", sorted(TREES))
def test_every_board_of_every_option_meets_as_often_and_agrees_as_readily(name):
    """How long a decision takes was not published, so that only whose boards are asked may differ."""
    answer = TREES[name]["decisions"]
    people = [*answer["boards"].values(), *filter(None, [answer.get("commissioners")])]
    (usual, *_) = TREES[TODAY.stem]["decisions"]["boards"].values()
    assert all(board == usual for board in people)


@pytest.mark.parametrize("name", sorted(TREES))
def test_the_same_may_be_asked_for_in_every_option(name):
    def asked(tree) -> dict:
        requests = tree["decisions"]["requests"].items()
        return {key: {k: v for k, v in one.items() if k != "boards"} for key, one in requests}

    assert asked(TREES[name]) == asked(TREES[TODAY.stem])


@pytest.mark.parametrize("file", BODIES, ids=lambda file: file.stem)
def test_bodies_differ_in_money_by_vat_only(file):
    """Price, set-up, collapse and what comes back are nobody's advantage."""
    contract, other = (TREES[name]["contract"] for name in (file.stem, "network_outsourcing"))
    assert {key for key in contract if contract[key] != other[key]} <= {"vat"}


def test_by_the_facts_a_community_interest_company_is_the_same_model_as_a_company():
    """And a partnership differs in the VAT that is expected to be lost; neither has a number that the other has not."""
    company, interest, llp = (
        {question: TREES[f"network_{name}"][question] for question in QUESTIONS}
        for name in ("joint_venture_company", "community_interest_company", "joint_venture_llp")
    )
    assert interest == company
    assert {question for question in QUESTIONS if llp[question] != company[question]} == {"contract"}
    assert llp["contract"] | {"vat": None} == company["contract"] | {"vat": None}
    assert llp["contract"]["vat"]["range"] == company["contract"]["vat"]["range"]


def test_only_foundation_trusts_hand_over_to_a_joint_venture():
    kept = {one["provider"] for one in TREES["network_joint_venture_llp"]["fleet"].values() if not one.get("until_contract")}  # fmt: skip
    assert kept == {"Imaging Network", "Buckinghamshire Healthcare"}
    outsourced = {one["provider"] for one in TREES["network_outsourcing"]["fleet"].values() if not one.get("until_contract")}  # fmt: skip
    assert outsourced == {"Imaging Network"}


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_of_one_option_goes_with_the_others_of_another(question):
    """Each different answer in turn, in place of the partnership's: some of its scanners are handed over."""
    base = "network_joint_venture_llp"
    different: dict[str, str] = {}
    for name, tree in TREES.items():
        different.setdefault(repr(tree[question]), name)
    assert len(different) > 1, "an answer in which no two options differ"
    for donor in different.values():
        scenario = mixed(dict.fromkeys(QUESTIONS, base) | {question: donor})
        assert world_of(scenario).groups.kinds


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_any_mix_of_answers_is_a_valid_scenario(seed):
    pick = random.Random(seed)
    scenario = mixed({question: pick.choice(sorted(TREES)) for question in QUESTIONS})
    assert world_of(scenario).groups.kinds
