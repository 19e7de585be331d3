"""The tool takes no side: names, and answers about who is not there, change nothing."""

import datetime
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.experiment.replication import as_parquet
from sim.model.simulation import simulate
from sim.model.tables import Tables
from sim.scenario.changes import mixed
from sim.scenario.read import read_arms
from sim.scenario.world import world_of
from tests.functional.model.two_towns import laid_over, same, two_towns
from tests.world import tables

SCENARIOS = Path(__file__).parents[3] / "scenarios"
SHORT = ["calendar.years=0.12 years", "calendar.warm_up=0 days"]
ABSENT = "Vanguard Imaging"
"""A contractor without scanners."""
ABOUT_WHO_IS_NOT_THERE = {
    "lists of its own": f"waiting_lists: {{held_by: contractor, contractor: {ABSENT}}}",
    "lists by provider": "waiting_lists: {held_by: provider}",
    "one list": "waiting_lists: {held_by: network}",
    "transfers": (
        "waiting_lists: {held_by: provider, transfers: {after: 7 days, gain: 3 days, agree: 90 %, every: 7 days}}"
    ),
    "a share of nothing": f"eligibility: {{contractor: {ABSENT}, share: 0 %}}",
    "all sent to nobody": f"eligibility: {{contractor: {ABSENT}, share: 100 %}}",
    "limits": f"eligibility: {{takes: {{{ABSENT}: {{complexity: [standard]}}, some_van: {{priority: [urgent]}}}}}}",
    "who is not sent": "eligibility: {contractor: Oxford University Hospitals, share: 0 %}",
    "everybody to the trust": "eligibility: {contractor: Oxford University Hospitals, share: 100 %}",
    "staff": f"workforce: {{contractor: {ABSENT}, drawn_from_nhs: 100 %, drawn_over: 0 days}}",
    "contract": (
        f"contract: {{provider: {ABSENT}, start: 2019-05-01, mobilisation: 30 days, length: 60 days, "
        "tender: {fails: 50 %}, collapse: {a_year: 90 %, list_returns_after: 10 days, clock: resets}, "
        "assets: {come_back: false, after: 0 days}, cap: {PET-CT: 1 per month}}"
    ),
}


def kept(file: Path) -> dict[str, bytes]:
    """The four tables of a short run as files."""
    scenario = next(arm.scenario for arm in read_arms([file], SHORT) if arm.file == file)
    return as_parquet(simulate(world_of(scenario), 1, 0))


def written(folder: Path, like: str, text: str) -> Path:
    """A scenario file that says what another one does, and some more."""
    shutil.copy(SCENARIOS / "sources.yaml", folder)
    (folder / "beside.yaml").write_text(f"fleet: {{some_van: {{provider: {ABSENT}}}}}")
    file = folder / "more.yaml"
    file.write_text(f"extends: {SCENARIOS / like}\n{text}\n")
    return file


@pytest.fixture(scope="module")
def in_house() -> dict[str, bytes]:
    return kept(SCENARIOS / "in_house.yaml")


@pytest.mark.parametrize("answer", ABOUT_WHO_IS_NOT_THERE)
def test_an_answer_about_who_has_no_scanner_changes_no_byte(answer, in_house, tmp_path):
    found = kept(written(tmp_path, "in_house.yaml", ABOUT_WHO_IS_NOT_THERE[answer]))
    assert found == in_house


def test_all_of_these_together_change_no_byte(in_house, tmp_path):
    sections = ("lists of its own", "a share of nothing", "staff", "contract")
    text = "\n".join(ABOUT_WHO_IS_NOT_THERE[name] for name in sections)
    assert kept(written(tmp_path, "in_house.yaml", text)) == in_house


def test_two_models_with_the_same_answers_give_the_same_tables(tmp_path):
    """The outsourced model under another file name and title."""
    file = written(tmp_path, "outsourced.yaml", "compare_with: null\ntitle: the public one")
    assert kept(file) == kept(SCENARIOS / "outsourced.yaml")


# ---- names

EVERYTHING = two_towns(
    calendar={"years": "0.3 years"},
    demand={"MRI": {"unscheduled": {"per_year": "300 per year"}, "aged_65_or_over": "40 %", "needing_help": "10 %"}},
    fleet={"scanner": {"slots_per_day": "9 per day", "radiographers": "2 people", "until_contract": False},
           "van": {"radiographers": "2 people"}},
    waiting_lists={
        "held_by": "contractor", "contractor": "Company",
        "transfers": {"after": "2 days", "gain": "1 day", "agree": "60 %", "every": "7 days", "most": 5},
    },
    eligibility={
        "choice": "logit", "logit": {"a_day_of_waiting": "10 minutes", "spread": "15 minutes"},
        "takes": {"Company": {"complexity": ["standard"]}}, "contractor": "Company", "share": "30 %",
    },
    workforce={
        "contractor": "Company", "drawn_from_nhs": "50 %", "drawn_over": "1 months",
        "crews": {
            "theirs": {"providers": ["Trust"], "establishment": "6 people", "sessions_per_week": "4 per week"},
            "others": {"providers": ["Company"], "establishment": "2 people", "sessions_per_week": "4 per week"},
        },
    },
    contract={
        "provider": "Company", "start": datetime.date(2019, 1, 10),
        "collapse": {"a_year": "94 %", "list_returns_after": "5 days", "clock": "resets"},
        "tender": {"fails": "30 %", "tries": 2, "again_after": "10 days"}, "cap": {"MRI": "40 per month"},
    },
)  # fmt: skip
NAMES = {"Trust": "Company", "Company": "Trust"}


def swapped(answer: Any) -> Any:
    """Everything with the two names exchanged."""
    if isinstance(answer, dict):
        return {NAMES.get(key, key): swapped(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [swapped(value) for value in answer]
    return NAMES.get(answer, answer) if isinstance(answer, str) else answer


def renamed(found: Tables) -> Tables:
    """The tables with the codes of the providers exchanged."""
    for name in ("referrals", "appointments", "sessions"):
        table = getattr(found, name)
        code = table["provider"]
        table["provider"] = np.where(code >= 0, 1 - code, code).astype(code.dtype)
    return found


@pytest.mark.parametrize("replication", range(4))
def test_exchanging_the_names_exchanges_the_results(replication):
    """Whoever is called what: the collapse, the tender, every patient and session is the same."""
    names = {
        "fleet": {"scanner": {"provider": "Trust"}},
        "reporting": {"radiologists": {"organisation": "Trust"}},
    }
    one = tables(laid_over(EVERYTHING, names), replication=replication)
    other = renamed(tables(swapped(laid_over(EVERYTHING, names)), replication=replication))
    assert one.labels["provider"] == other.labels["provider"] == ["Company", "Trust"]
    for name in ("referrals", "appointments", "sessions", "decisions"):
        assert same(getattr(one, name), getattr(other, name)), name


# ---- any mix of two models

TRIO = ("in_house", "outsourced", "compromise_2019")
SECTIONS = (
    ("waiting_lists", "eligibility"),
    ("fleet",),
    ("workforce", "decisions"),
    ("contract", "reporting", "images"),
)
MIXES = [(n // 3, n % 3, (n // 3 + n % 3) % 3, (n // 3 + 2 * (n % 3)) % 3) for n in range(9)]
"""Models by number; nine mixes in which any two of four columns meet every pair of models."""


@pytest.mark.parametrize("mix", MIXES)
def test_any_mix_of_the_shipped_models_answers_runs(mix):
    """For a month, the laws checked. Who may be scanned, on what, by whom, under which contract."""
    arms = [read_arms([SCENARIOS / f"{name}.yaml"], SHORT)[-1] for name in TRIO]
    found = arms[0]
    for sections, model in zip(SECTIONS, mix):
        found = mixed(found, arms[model], sections, "mix")
    rows = simulate(world_of(found.scenario), 1, 0).referrals
    assert np.isfinite(rows["scanned"]).any()
