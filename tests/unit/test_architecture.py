"""The folder listing is the architecture: who may import whom, and what a run has to load."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.world import SMALL

HOME = Path(__file__).parents[2]
LEFT_TO_RIGHT = (
    "sim", "sim.results", "sim.model", "sim.provision", "sim.scenario", "sim.measures", "sim.experiment", "sim.verify", "analysis", "run"
)  # fmt: skip
FILES = [*sorted((HOME / "sim").rglob("*.py")), *sorted((HOME / "analysis").rglob("*.py")), HOME / "run.py"]
HEAVY = {"pandas", "scipy", "seaborn", "matplotlib", "pyarrow", "simpy", "jinja2", "holidays"}


def name_of(file: Path) -> str:
    """`sim.model.demand` of `sim/model/demand.py`; a package's own file has the package's name."""
    return ".".join(file.relative_to(HOME).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(file): file for file in FILES}


def part_of(module: str) -> str:
    """The part of the program that a module belongs to."""
    return max((p for p in LEFT_TO_RIGHT if f"{module}.".startswith(f"{p}.")), key=len)


def imports(module: str, *, when_loaded: bool = False) -> set[str]:
    """The program's own modules that a module imports; `when_loaded`: those that loading it loads."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body if when_loaded else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by a relative name"
            found |= {
                f"{node.module}.{a.name}" if f"{node.module}.{a.name}" in MODULES else node.module
                for a in node.names
            }
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            found |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    return found & set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_stands_to_its_left(module):
    here = LEFT_TO_RIGHT.index(part_of(module))
    assert {name for name in imports(module) if LEFT_TO_RIGHT.index(part_of(name)) > here} == set()


READS_DM01 = {"analysis.published": {"sim.scenario.dm01"}}
RUNS_WHAT_IT_JUDGES = {"analysis.claims", "analysis.hindcast", "analysis.hindcast_series"}
SIMULATES_FOR_VISITORS = {module for module in MODULES if module.startswith("analysis.app.")}


def test_the_analysis_reads_results_folders_and_nothing_else_of_the_simulation():
    taken = {
        part_of(name)
        for module in MODULES
        if part_of(module) == "analysis" and module not in RUNS_WHAT_IT_JUDGES | SIMULATES_FOR_VISITORS
        for name in imports(module) - READS_DM01.get(module, set())
    }
    assert taken <= {"analysis", "sim.results", "sim"}, (
        "of `sim` itself the version, and there is nothing else"
    )


def test_no_two_modules_need_each_other_to_load():
    order = TopologicalSorter({module: imports(module, when_loaded=True) - {module} for module in MODULES})
    assert len(list(order.static_order())) == len(MODULES)


def test_every_part_is_there():
    assert {part_of(module) for module in MODULES} == set(LEFT_TO_RIGHT)


def test_no_module_hides_behind_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "tools"}
    assert [module for module in MODULES if empty & set(module.split("."))] == []


def loaded_by(*arguments: str) -> tuple[int, set[str]]:
    """Exit status of a command line, and which heavy libraries it loaded."""
    program = (
        "import sys, run\n"
        "try: status = run.main(sys.argv[1:])\n"
        "except SystemExit as left: status = left.code\n"
        "print(status, *{name.partition('.')[0] for name in sys.modules})\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=HOME, capture_output=True, text=True, check=True
    )
    status, *names = ran.stdout.splitlines()[-1].split()
    return int(status), HEAVY & set(names)


def test_help_loads_no_heavy_library():
    assert loaded_by("--help") == (0, set())


def test_a_faulty_scenario_is_refused_before_anything_heavy_is_loaded(tmp_path):
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(f"extends: {SMALL}\nattendance: {{missed: 6}}\n")
    assert loaded_by(str(faulty), "--out", str(tmp_path / "out")) == (2, set())
