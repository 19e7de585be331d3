"""What the pages tell people to type can be typed."""

from __future__ import annotations

import re
import shlex
import shutil
from copy import deepcopy
from glob import glob
from importlib.util import find_spec
from pathlib import Path

import pytest

import run
from sim.scenario.claims import read_claims
from sim.scenario.document import Document, lay_over, parse_yaml, read_document
from sim.scenario.read import read_arms, validate
from sim.scenario.world import world_of
from sim.verify.case import read_cases
from tests.functional.conftest import HOME
from tests.world import SMALL

PAGES = (
    "README.md",
    "scenarios/README.md",
    "analysis/README.md",
    "sim/README.md",
    "sim/experiment/README.md",
    "results/README.md",
    "tests/README.md",
    "tests/theory/README.md",
    "CONTRIBUTING.md",
)
TEXTS = {page: (HOME / page).read_text(encoding="utf-8") for page in PAGES}
RUNS = [
    (page, typed) for page, text in TEXTS.items() for typed in re.findall(r"python run\.py ([^`\n&]+)", text)
]


def test_the_readme_shows_the_main_job():
    assert ("README.md", "scenarios/outsourced.yaml") in [(page, typed.strip()) for page, typed in RUNS]


@pytest.mark.parametrize(
    "typed", sorted({typed for _, typed in RUNS if not typed.startswith("scenarios/mine.yaml")})
)
def test_every_run_in_the_docs_is_accepted_up_to_the_point_of_running(typed, monkeypatch):
    monkeypatch.chdir(HOME)
    as_the_shell = [name for word in shlex.split(typed) for name in sorted(glob(word)) or [word]]
    given = run.parser().parse_args(as_the_shell)
    assert all(file.is_file() for file in given.files)
    alone = "/trusts/" in typed
    assert len(run.experiment_of(given, shlex.split(typed)).arms) >= (1 if alone else 2)


def test_the_example_of_the_whole_pathway_is_a_valid_scenario():
    """Laid over the small world with a CT, a PET-CT scanner and a van; the extract is somebody's own."""
    blocks = re.findall(r"```yaml\n(.*?)```", TEXTS["scenarios/README.md"], flags=re.DOTALL)
    (example,) = (parse_yaml(block) for block in blocks if "opening_list" in block)
    del example["opening_list"]["ct"]
    document = read_document(SMALL)
    mri, scanner = document.tree["scanning"]["MRI"], document.tree["fleet"]["scanner"]
    mobile = {key: value for key, value in scanner.items() if key != "days"} | {
        "kind": "mobile",
        "provider": "Company",
        "visits": ["monday"],
    }
    demand = document.tree["demand"]["MRI"]
    for modality in ("CT", "PET-CT"):
        document.tree["demand"][modality] = deepcopy(demand)
        document.tree["scanning"][modality] = deepcopy(mri)
        document.tree["fleet"][modality] = scanner | {"modality": modality}
    document.tree["fleet"] |= {"mri_1": dict(scanner), "van_at_swindon": mobile}
    lay_over(document, Document(tree=example, files=[SMALL]))
    document.tree["fleet"]["mri_1"] |= {"slots_per_day": "10 per day"}
    made = world_of(validate(document, SMALL))
    assert made.opening and made.crews and made.removal and made.suites[0].unscheduled


@pytest.mark.slow
def test_the_five_lines_of_python_run_as_they_stand(tmp_path, monkeypatch, capsys):
    (lines,) = re.findall(r"```python\n(.*?)```", TEXTS["sim/experiment/README.md"], flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(HOME / "scenarios")
    exec(lines, {})
    assert 1 < float(capsys.readouterr().out) < 100
    assert len([line for line in lines.splitlines() if line]) == 5


def test_the_example_of_decisions_is_a_valid_scenario_in_which_every_request_can_be_made():
    blocks = re.findall(r"```yaml\n(.*?)```", TEXTS["scenarios/README.md"], flags=re.DOTALL)
    (example,) = (parse_yaml(block) for block in blocks if "decisions:" in block)
    document = read_document(SMALL)
    document.tree["fleet"]["mri_1"] = dict(document.tree["fleet"]["scanner"])
    lay_over(document, Document(tree=example, files=[SMALL]))
    made = world_of(validate(document, SMALL)).requests
    assert [len(request.boards) for request in made] == [1, 3, 3]
    assert all(request.brings or request.renews for request in made)


def test_the_example_of_a_model_of_ones_own_is_a_scenario_and_its_commands_are_accepted(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(HOME / "scenarios", tmp_path / "scenarios")
    blocks = re.findall(r"```yaml\n(.*?)```", TEXTS["scenarios/README.md"], flags=re.DOTALL)
    (example,) = (block for block in blocks if "saturday_van" in block)
    Path("scenarios/mine.yaml").write_text(example, encoding="utf-8")
    asked = [shlex.split(typed) for _, typed in RUNS if typed.startswith("scenarios/mine.yaml")]
    assert len(asked) == 2
    for words in asked:
        arms = run.experiment_of(run.parser().parse_args(words), words).arms
        assert {"oxford", "mine"} <= {arm.name for arm in arms}


@pytest.mark.slow
def test_the_figure_of_ones_own_is_drawn_and_its_number_printed(finished, tmp_path, monkeypatch, capsys):
    (lines,) = re.findall(r"```python\n(.*?)```", TEXTS["analysis/README.md"], flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    shutil.copytree(finished[0], tmp_path / "results" / "outsourced")
    exec(lines, {})
    assert "place=Village" in capsys.readouterr().out
    assert Path("waits.pdf").read_bytes().startswith(b"%PDF")


def test_the_example_of_a_contract_is_a_valid_section():
    blocks = re.findall(r"```yaml\n(.*?)```", TEXTS["scenarios/README.md"], flags=re.DOTALL)
    (example,) = (parse_yaml(block) for block in blocks if block.startswith("contract:"))
    document = read_document(SMALL)
    document.tree["fleet"]["theirs"] = document.tree["fleet"]["scanner"] | {"provider": "Company"}
    lay_over(document, Document(tree=example, files=[SMALL]))
    contract = validate(document, SMALL).contract
    assert contract.provider == "Company" and set(contract.costs) == {"default", "Company"}


def test_the_examples_of_a_third_visit_of_reporting_of_a_claim_and_of_a_case_are_valid(tmp_path):
    shutil.copytree(HOME / "scenarios", tmp_path / "scenarios")
    mine, scenarios = tmp_path / "scenarios" / "mine.yaml", TEXTS["scenarios/README.md"]
    for begins in ("title: The mobile comes", "reporting:"):
        text = example(scenarios, begins)
        mine.write_text(
            text if "extends" in text else f"extends: trusts/oxford.yaml\n{text}", encoding="utf-8"
        )
        assert read_arms([mine])[-1].name == "mine"
    mine.write_text(example(scenarios, "second_class_service:"), encoding="utf-8")
    assert list(read_claims(mine).claims) == ["second_class_service"]
    shutil.copy(SMALL, tmp_path / "my_trust.yaml")
    case = tmp_path / "my_case.yaml"
    case.write_text(example(TEXTS["tests/theory/README.md"], "title: My trust"), encoding="utf-8")
    assert [one.value for one in read_cases([case])[0].case.expect] == [9.5, 6]


def example(page: str, begins: str) -> str:
    """The one YAML block of a page that begins so."""
    (block,) = (b for b in re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL) if b.startswith(begins))
    return block


def test_every_module_that_the_docs_run_is_there():
    modules = {module for text in TEXTS.values() for module in re.findall(r"python -m ([\w.]+)", text)}
    assert "analysis.report" in modules
    assert [module for module in modules if find_spec(module) is None] == []


def test_every_page_and_file_that_a_page_points_to_is_there():
    links = [
        (page, link)
        for page, text in TEXTS.items()
        for link in re.findall(r"\]\(([^)#]+)\)", text)
        if "://" not in link
    ]
    assert links
    assert [link for page, link in links if not (HOME / page).parent.joinpath(link).exists()] == []
