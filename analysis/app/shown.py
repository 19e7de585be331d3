"""What is finished, as the `Results` that the answer, the tables and the figures of the report read."""

from __future__ import annotations

import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis import statistics
from analysis.app.live import Asking
from analysis.app.remembered import Name
from analysis.described import SCENARIO
from analysis.loaded import Results, of_arms
from sim.experiment.experiment import Experiment, as_yaml, resolved
from sim.results.columns import MEASURES
from sim.scenario.read import Arm


class Growing(Results):
    """Results that the page tells while they grow: the headline is compared by itself, before all else is."""

    @cached_property
    def of_headline(self) -> pd.DataFrame:
        """The rows of `comparison` of the headline's measure, the same to the bit."""
        rows = self.replications[self.replications.measure == self.headline["measure"]]
        return statistics.compare(rows, self.manifest["baselines"], self.headline, not self.is_sweep)

    def difference(self, arm: str, measure: str, group: str) -> pd.Series | None:
        """As `Results.difference`."""
        table = "of_headline" if measure == self.headline["measure"] else "comparison"
        return self._row(table, arm, measure, group)


class Answer:
    """One asking's results, as they grow.

    Its folder is a temporary one, which goes with it: figures read there what a run would have kept.
    """

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self._folder = tempfile.TemporaryDirectory(prefix="imaging-waits-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self._results: dict[int, Results] = {}
        self._patients = 0
        experiment = Experiment(asking.arms, asking.replications, asking.seed, command_of(asking.arms))
        self.manifest = experiment.described() | {"files": {}}

    def results(self, count: int) -> Results:
        """The first `count` replications of every arm; at least one has to be ready."""
        if count not in self._results:
            self._results = {count: results_of(self.asking, self.folder, self.manifest, count)}
        return self._results[count]

    def keep_scenarios(self) -> None:
        """Lay down the resolved scenarios, which files that are made here name by their hash."""
        (self.folder / SCENARIO).write_text(resolved(self.asking.arms), encoding="utf-8")

    def keep_patients(self, asking: Asking) -> None:
        """Lay down the tables of single patients of another asking, for the figures that need them."""
        if asking.done == self._patients:
            return
        for (arm, number), tables in asking.tables.items():
            folder = self.folder / "patients" / arm / f"{number:05d}"
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in tables.items():
                (folder / f"{name}.parquet").write_bytes(content)
        self._patients = asking.done


def results_of(asking: Asking, folder: Path, manifest: dict[str, Any], count: int) -> Results:
    """Replications 0 to `count` - 1 of an asking as loaded results."""
    tables = frames(asking, count)
    made = manifest | {"replications": count, "finished": True}
    results = Growing(folder, made, *(of_arms(table, list(made["arms"])) for table in tables), *tables)
    vars(results)["scenarios"] = {arm.name: arm.document.tree for arm in asking.arms}  # not parsed anew
    return results


def frames(asking: Asking, count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`replications` and `census` as a results folder has them; texts as categories, as `analysis.measured` reads them."""
    known: dict[Name, int] = {}
    columns: dict[str, list] = {"scenario": [], "replication": [], "name": [], "value": []}
    census = []
    for place, arm in enumerate(asking.marks):
        for number in range(count):
            one = asking.replication(arm, number)
            columns["scenario"].append(np.full(len(one.names), place))
            columns["replication"].append(np.full(len(one.names), number))
            columns["name"].append([known.setdefault(name, len(known)) for name in one.names])
            columns["value"].append(one.values)
            census += [{"scenario": arm, "replication": number, **row} for row in one.census]
    scenario, replication, name, value = (np.concatenate(parts) for parts in columns.values())
    measures, groups = zip(*known)
    units = [MEASURES[measure].unit for measure in measures]
    measure, unit, group = (
        pd.Categorical(texts, dict.fromkeys(texts)) for texts in (measures, units, groups)
    )
    table = {
        "scenario": pd.Categorical.from_codes(scenario, list(asking.marks)),
        "replication": replication,
        "measure": measure.take(name),
        "unit": unit.take(name),
        "group": group.take(name),
        "value": value,
    }
    return pd.DataFrame(table), pd.DataFrame(census)


def command_of(arms: list[Arm]) -> str:
    """The command that gives the same numbers from the files of the download."""
    return f"python run.py {arms[-1].name}.yaml"


def files_of(arms: list[Arm], seed: int, replications: int) -> dict[str, str]:
    """Scenario files that `run.py` takes unchanged and that give the page's numbers; the last arm's is to
    be run, and names the first as what it compares with."""
    found = {}
    for arm in arms:
        tree = {key: value for key, value in arm.document.tree.items() if key != "compare_with"}
        tree["experiment"] = {"replications": replications, "seed": seed}
        if arm is not arms[0]:
            tree["compare_with"] = f"{arms[0].name}.yaml"
        found[f"{arm.name}.yaml"] = as_yaml(unshared(tree))
    return found


def unshared(tree: Any) -> Any:
    """The tree with every value its own, so that YAML writes no anchors."""
    if isinstance(tree, dict):
        return {key: unshared(value) for key, value in tree.items()}
    return [unshared(value) for value in tree] if isinstance(tree, list) else tree
