"""Any answer of one shipped model goes with all the others of another: every pair, each of the eight questions."""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from functools import lru_cache

import pytest

from sim.scenario.document import Document, read_document
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import validate
from tests.unit.test_network_options import QUESTIONS
from tests.unit.test_shipped_scenarios import SCENARIOS


def models() -> dict[str, Document]:
    """The shipped scenarios that stand by themselves, by name; asked about everybody, whoever scans them."""
    found = {}
    for file in sorted(SCENARIOS.glob("*.yaml")):
        document = read_document(file) if file.stem not in ("claims", "sources") else Document()
        if {"places", "fleet", "demand", "headline"} <= document.tree.keys():
            document.tree["headline"] |= {"group": "all"}
            found[file.stem] = document
    return found


@lru_cache
def worlds() -> dict[str, dict[str, Document]]:
    """The models of the same places and tests, by the first of them: only these can be mixed."""
    found: dict[tuple, dict[str, Document]] = defaultdict(dict)
    for name, document in models().items():
        found[tuple(document.tree["places"]), tuple(sorted(document.tree["demand"]))][name] = document
    return {next(iter(one)): one for one in found.values()}


WORLDS = ("charity_scanner", "community_hubs", "compromise_2019", "four_commissioners", "network_alliance",
          "pandemic_recovery", "scanners_oecd")  # fmt: skip


@pytest.mark.slow
def test_every_model_has_another_to_be_mixed_with():
    assert set(worlds()) == set(WORLDS)
    assert all(len(one) > 1 for one in worlds().values())
    assert {"in_house", "outsourced", "compromise_2019"} <= set(worlds()["compromise_2019"])
    assert {"network_today", "network_outsourcing"} <= set(worlds()["network_alliance"])


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_an_answer_of_any_model_goes_with_the_others_of_any_other(world):
    """Answers that two models share are read once."""
    wrong = {}
    for name, document in worlds()[world].items():
        own, read = document.tree, set()
        for other, donor in worlds()[world].items():
            for question in QUESTIONS:
                answer = donor.tree.get(question)
                if repr((question, answer)) not in read and answer != own.get(question):
                    read.add(repr((question, answer)))
                    document.tree = {key: value for key, value in own.items() if key != question}
                    document.tree |= {question: deepcopy(answer)} if answer is not None else {}
                    try:
                        validate(document, SCENARIOS / f"{name}.yaml")
                    except ScenarioFaults as faults:
                        wrong[name, question, other] = str(faults)
        document.tree = own
        assert read, f"{name} answers every question as all others do"
    assert not wrong
