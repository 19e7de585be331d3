"""Runs replications and keeps each as it finishes: what every kind of experiment is made of."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import sim
from sim.experiment import provenance
from sim.experiment.replication import run_replication
from sim.experiment.workers import workers_at
from sim.provision.contract import MONEY
from sim.results.folder import ResultsFolder, fingerprint
from sim.scenario.read import Arm

Values = dict[tuple[str, str], float]
"""{(measure, group): value} of one replication, each in its measure's unit."""
Progress = Callable[[int, int], None]
"""Called with (finished, all) replications asked for so far."""
SAYS_NOTHING_OF_THE_WORLD = ("title", "question", "compare_with", "headline", "experiment")


class Runner:
    """Runs replications of any arms, and never one again that its folder keeps.

    folder: where replications are kept. seed: the same seed gives the same numbers to the last bit,
    whatever the workers and the order in which they finish. where: how many processes (default: one
    a core; 1 is this process), or a scheduler's address such as `tcp://host:8786`.
    keep_patients: keep the four tables of every replication too, by the arm's name.

    Workers start with the first replication that has to be run and last until the block ends; entering
    it raises `NoWorkers` where a scheduler cannot be used:

    >>> from sim.experiment import Runner, read_arms
    >>> arms = read_arms([Path("scenarios/outsourced.yaml")])
    >>> with Runner(Path("results/mine"), seed=1) as runner:  # doctest: +SKIP
    ...     measured = runner.measured(arms, 10)
    >>> measured["outsourced", 0]["wait_days_mean", "place=Milton Keynes"]  # doctest: +SKIP

    A kept replication is known by its arm's resolved scenario, not by the arm's name, and by seed,
    version and code: arms may come and go, and what has changed is run anew.
    """

    def __init__(
        self,
        folder: ResultsFolder | Path,
        seed: int,
        where: int | str | None = None,
        keep_patients: bool = False,
        progress: Progress | None = None,
    ) -> None:
        self.folder = folder if isinstance(folder, ResultsFolder) else ResultsFolder(folder)
        self.seed, self.keep_patients = seed, keep_patients
        self._progress = progress or (lambda done, of: None)
        self._workers = workers_at(where)
        self._done = self._asked = 0

    def __enter__(self) -> Runner:
        self._workers.open()
        return self

    def __exit__(self, *error: object) -> None:
        self._workers.close()

    def measured(self, arms: Iterable[Arm], replications: int) -> dict[tuple[str, int], Values]:
        """Replications 0 to `replications` - 1 of every arm, by (arm name, replication) in that order.

        Everything stands in memory at once; `each` does not. Raises as `each` does.
        """
        arms = list(arms)
        found = dict(self.each((arm, number) for number in range(replications) for arm in arms))
        return {(arm.name, number): found[arm.name, number] for arm in arms for number in range(replications)}

    def each(self, wanted: Iterable[tuple[Arm, int]]) -> Iterator[tuple[tuple[str, int], Values]]:
        """((arm name, replication), values) of every (arm, replication): the kept first, then as they finish.

        Raises `ValueError` where two different scenarios have one name, `LawBroken` where the model
        broke one of its laws, `WorkersLost` where workers die and die again, `AnotherProgram` where one
        runs other code. Whatever is raised, what was finished is kept.
        """
        wanted = list(wanted)
        marks = self._marks(arm for arm, _ in wanted)
        missing = [(arm, n) for arm, n in wanted if self._kept(marks[arm.name], arm.name, n) is None]
        self._tell(len(wanted) - len(missing), len(wanted))
        new = {(arm.name, number) for arm, number in missing}
        for arm, number in wanted:
            if (arm.name, number) not in new:
                yield (arm.name, number), values_of(self._kept(marks[arm.name], arm.name, number))
        for name, values in self._run(missing, marks):
            self._tell(1)
            yield name, values

    def _marks(self, arms: Iterable[Arm]) -> dict[str, str]:
        """What replications are known by, by arm name."""
        marks: dict[str, str] = {}
        for arm in {id(arm): arm for arm in arms}.values():
            mark = mark_of(arm, self.seed)
            if marks.setdefault(arm.name, mark) != mark:
                raise ValueError(f"two different scenarios are called {arm.name!r}")
        return marks

    def _run(
        self, missing: list[tuple[Arm, int]], marks: dict[str, str]
    ) -> Iterator[tuple[tuple[str, int], Values]]:
        scenarios = {arm.name: arm.scenario for arm, _ in missing}
        pickled = {name: pickle.dumps(scenario) for name, scenario in scenarios.items()}
        program = provenance.program()
        tasks = (
            (
                (names, number),
                (tuple(pickled[n] for n in names), self.seed, number, self.keep_patients, program),
            )
            for names, number in simulated_together(missing)
        )
        for (names, number), found in self._workers.run(run_replication, tasks):
            for name, (values, census, tables) in zip(names, found):
                self.folder.keep_patients(name, number, tables)
                self.folder.keep(marks[name], number, values, census)
                yield (name, number), values

    def _kept(self, mark: str, name: str, number: int) -> dict | None:
        if self.keep_patients and not self.folder.has_patients(name, number):
            return None
        return self.folder.kept(mark, number)

    def _tell(self, done: int, asked: int = 0) -> None:
        self._done, self._asked = self._done + done, self._asked + asked
        self._progress(self._done, self._asked)


def simulated_together(missing: list[tuple[Arm, int]]) -> list[tuple[tuple[str, ...], int]]:
    """(arm names, replication), in the order of the first: arms that differ in money only share a simulation."""
    simulated = {id(arm): json.dumps(what_is_simulated(arm), default=str) for arm, _ in missing}
    together: dict[tuple[str, int], dict[str, None]] = {}
    for arm, number in missing:
        together.setdefault((simulated[id(arm)], number), {})[arm.name] = None
    return [(tuple(names), number) for (_, number), names in together.items()]


def what_is_simulated(arm: Arm) -> dict[str, Any]:
    """The resolved scenario without what no simulation sees: words, and money."""
    tree = world_tree(arm)
    tree["contract"] = without(MONEY["contract"], tree.get("contract") or {})
    tree["fleet"] = {name: without(MONEY["fleet"], scanner) for name, scanner in tree["fleet"].items()}
    return tree


def world_tree(arm: Arm) -> dict[str, Any]:
    """The resolved scenario as far as it makes the world."""
    return without(SAYS_NOTHING_OF_THE_WORLD, arm.document.tree)


def without(unwanted: Iterable[str], section: dict[str, Any]) -> dict[str, Any]:
    """A section without some of its keys, the rest in their order."""
    return {key: value for key, value in section.items() if key not in unwanted}


def mark_of(arm: Arm, seed: int) -> str:
    """What a kept replication is known by: the resolved scenario as far as it makes the world (the order
    of its keys too, since sums follow it), seed, version and code."""
    text = json.dumps(world_tree(arm), ensure_ascii=False, default=str)
    return fingerprint(text, seed, sim.__version__, provenance.code_hash())


def values_of(document: dict) -> Values:
    """{(measure, group): value} of a kept replication."""
    return dict(zip(zip(document["measure"], document["group"]), document["value"]))
