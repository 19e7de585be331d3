"""A case: a scenario, and what theory says of it."""

from __future__ import annotations

import inspect
from pathlib import Path as FilePath
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from sim.model.demand import MODALITIES, PRIORITIES, REFERRERS
from sim.model.quantity import PositiveDuration, Share
from sim.model.section import Section
from sim.results.columns import MEASURES
from sim.scenario.document import Document, read_document, shown
from sim.scenario.faults import Fault, Path, ScenarioFaults, in_dots, nearest
from sim.scenario.read import Arm, collecting, faults_of, read_arms
from sim.verify.observed import QUANTITIES
from sim.verify.theory import FORMULAS, Answers

Control = Literal["arrivals", "scan_time", "scan_time_squared"]
Number = Annotated[float, Field(strict=True)]


class Expectation(Section):
    """One value that is expected."""

    measure: str
    """A quantity of queueing theory, or a measure of `results/README.md`."""
    group: str = "all"
    """Of whom: `all` or one `key=value`; of a measure, as everywhere."""
    at: Number | None = None
    """The time at which a quantity is asked for, in the case's unit."""
    value: Number | None = None
    """The value; without it the formula's."""


class Runs(Section):
    """How many replications."""

    full: Annotated[int, Field(ge=1, le=100_000)]
    """Enough for the case's power."""
    quick: Annotated[int, Field(ge=0, le=100_000)] = 0
    """With `--quick`; 0: the case is left out."""


class Case(Section):
    """A scenario whose answer is known; its name is the file's."""

    title: str
    scenario: str
    """The scenario file, relative to this one."""
    source: str | None = None
    """Where the theory comes from."""
    unit: PositiveDuration | None = None
    """The unit of time of theory; default a day."""
    formula: dict[str, dict[str, Number]] = {}
    """Name of a formula and its inputs."""
    replications: Runs | None = None
    """Default as the scenario says, in both sets."""
    months: Annotated[int, Field(ge=1, le=600)] | None = None
    """Length of the stretches over which a mean is taken; default the whole of a replication."""
    controls: list[Control] = []
    """Control variates, whose means are known."""
    catches: Share = 0.02
    """The error that must be caught 99 times in 100."""
    catches_quick: Share = 0.2
    """The same with `--quick`."""
    expect: Annotated[list[Expectation], Field(min_length=1)]

    def answers(self) -> Answers:
        """What the formula says; nothing without one."""
        return {
            key: value
            for name, inputs in self.formula.items()
            for key, value in FORMULAS[name](**inputs).items()
        }

    def expected(self) -> list[float]:
        """The value of each expectation."""
        answers = self.answers()
        return [value_of(one, answers) for one in self.expect]


class ReadCase:
    """A case ready to run. name: the file's stem. arm: its scenario."""

    def __init__(self, file: FilePath, case: Case, arm: Arm) -> None:
        self.name, self.file, self.case, self.arm = file.stem, file, case, arm

    def replications(self, quick: bool) -> int:
        """How many are run."""
        runs = self.case.replications
        if runs is None:
            return self.arm.scenario.experiment.replications
        return runs.quick if quick else runs.full


def value_of(one: Expectation, answers: Answers) -> float:
    """The value of an expectation: its own, or what the formula says."""
    if one.value is not None:
        return one.value
    answer = answers[key_of(one)]
    return float(answer(one.at)) if callable(answer) else float(answer)


def key_of(one: Expectation) -> str:
    """The name under which a formula gives it."""
    return one.measure if one.group == "all" else f"{one.measure} {one.group}"


def read_cases(files: list[FilePath]) -> list[ReadCase]:
    """Read cases and their scenarios. Raises `ScenarioFaults` with everything that is wrong."""
    faults: list[Fault] = []
    found: list[ReadCase] = []
    for file in files:
        with collecting(faults):
            found.append(read_case(file))
    if faults:
        raise ScenarioFaults(faults)
    return found


def read_case(file: FilePath) -> ReadCase:
    """Read one case. Raises `ScenarioFaults`."""
    document = read_document(file)
    try:
        case = Case.model_validate(document.tree)
    except ValidationError as error:
        raise ScenarioFaults(faults_of(document, error, Case)) from None
    wrong = [Fault(document.position(path), in_dots(path), said) for path, said in contradictions(case)]
    scenario = file.parent / case.scenario
    if not scenario.is_file():
        wrong.append(fault_at(document, ("scenario",), f"there is no file {shown(scenario)}"))
    if wrong:
        raise ScenarioFaults(wrong)
    return ReadCase(file, case, read_arms([scenario])[-1])


def fault_at(document: Document, path: Path, said: str) -> Fault:
    """A fault at a path."""
    return Fault(document.position(path), in_dots(path), said)


def contradictions(case: Case) -> list[tuple[Path, str]]:
    """(path, message) of what the schema alone cannot know."""
    found = wrong_formula(case)
    answers = {} if found else case.answers()
    for number, one in enumerate(case.expect):
        found += [(("expect", number, *path), said) for path, said in wrong_expectation(one, case, answers)]
    return found


def wrong_formula(case: Case) -> list[tuple[Path, str]]:
    """An unknown formula, inputs that are not its own, or values for which it does not hold."""
    if len(case.formula) > 1:
        return [(("formula",), "names more than one formula")]
    for name, inputs in case.formula.items():
        if name not in FORMULAS:
            return [(("formula", name), f"unknown formula{nearest(name, FORMULAS)}")]
        wanted = list(inspect.signature(FORMULAS[name]).parameters)
        unknown = [
            (("formula", name, key), f"unknown input{nearest(key, wanted)}")
            for key in inputs
            if key not in wanted
        ]
        missing = [(("formula", name), f"{key} is missing") for key in wanted if key not in inputs]
        if unknown or missing:
            return [*unknown, *missing]
        if min(inputs.values()) < 0 or not is_finite(case.answers()):
            return [(("formula", name), "does not hold for these inputs: is the load under 1?")]
    return []


def is_finite(answers: Answers) -> bool:
    """Whether every value is a positive number; those asked for at a time are not looked at."""
    return all(0 <= value < float("inf") for value in answers.values() if not callable(value))


def wrong_expectation(one: Expectation, case: Case, answers: Answers) -> list[tuple[Path, str]]:
    """A measure that nobody knows, or a value that nobody gives."""
    if one.measure in MEASURES:
        if case.months is not None:
            return [(("measure",), "is measured over a whole replication: take out `months`")]
        return [] if one.value else [((), "needs a `value` that is not 0")]
    if one.measure not in QUANTITIES:
        return [(("measure",), f"unknown measure{nearest(one.measure, [*QUANTITIES, *MEASURES])}")]
    key, _, name = one.group.partition("=")
    if one.group != "all" and name not in GROUPS.get(key, ()):
        return [
            (
                ("group",),
                f"must be all, {' or '.join(f'{k}=...' for k in GROUPS)}{nearest(name, GROUPS.get(key, ()))}",
            )
        ]
    if one.value is None and key_of(one) not in answers:
        given = ", ".join(answers) or "there is none"
        return [((), f"needs a `value`: the formula does not give {key_of(one)} (it gives: {given})")]
    if (one.measure in AT_A_TIME) != (one.at is not None):
        return [((), f"{one.measure} {'needs' if one.at is None else 'has no'} `at`")]
    return [] if value_of(one, answers) else [(("value",), "must not be 0: errors are relative to it")]


GROUPS = {"priority": PRIORITIES, "referrer": REFERRERS, "modality": MODALITIES}
AT_A_TIME = tuple(name for name, quantity in QUANTITIES.items() if quantity.at_a_time)
