"""An experiment: arms, replications, and what is kept of them."""

from __future__ import annotations

import datetime
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import sim
from sim.experiment import provenance
from sim.experiment.replication import run_replication
from sim.experiment.workers import cores, run_tasks
from sim.results.columns import MEASURES
from sim.results.folder import PROGRAM, ResultsFolder, fingerprint, write_text
from sim.scenario.read import Arm

Progress = Callable[[int, int], None]
"""Called with (finished, all) replications of all arms."""


@dataclass
class Experiment:
    """Arms to be run on the same patients.

    Give it checked arms (`sim.scenario.read.read_arms`) and call `run`. The same arms, seed and
    version give the same numbers to the last bit, whatever the workers.
    baselines: for each compared arm the name of the arm it is compared with; by default the first.
    points: in a sweep, for each arm the values that it was given, by path.
    """

    arms: list[Arm]
    replications: int
    seed: int
    command: str = ""
    keep_patients: bool = False
    baselines: dict[str, str] = field(default_factory=dict)
    points: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.baselines and not self.points:
            self.baselines = {arm.name: self.arms[0].name for arm in self.arms[1:]}

    @property
    def mark(self) -> str:
        """The fingerprint: scenarios as resolved, seed, version and code; not the replications."""
        trees = [{k: v for k, v in arm.document.tree.items() if k != "experiment"} for arm in self.arms]
        names = [arm.name for arm in self.arms]
        return fingerprint(trees, names, self.seed, sim.__version__, provenance.code_hash())

    def run(
        self,
        path: Path,
        workers: int | None = None,
        fresh: bool = False,
        progress: Progress | None = None,
    ) -> ResultsFolder:
        """Run what is not kept yet and write `path`. Raises `AnotherExperiment` or `LawBroken`."""
        folder = ResultsFolder(path)
        folder.check(self.mark, fresh)
        folder.open(self._manifest(folder.manifest() if not fresh else None), fresh)
        write_text(path / "scenario.yaml", self.resolved())
        self._run_missing(folder, workers or cores(), progress or (lambda done, of: None))
        units = {name: known.unit for name, known in MEASURES.items()}
        folder.gather([arm.name for arm in self.arms], self.replications, units)
        folder.write_manifest(folder.manifest() | {"finished": True})
        return folder

    def _run_missing(self, folder: ResultsFolder, workers: int, progress: Progress) -> None:
        scenarios = {arm.name: pickle.dumps(arm.scenario) for arm in self.arms}
        names = [(arm.name, number) for number in range(self.replications) for arm in self.arms]
        missing = [name for name in names if not self._is_kept(folder, *name)]
        done = len(names) - len(missing)
        progress(done, len(names))
        tasks = (
            ((arm, number), (scenarios[arm], self.seed, number, self._tables_of(folder, arm, number)))
            for arm, number in missing
        )
        for (arm, number), (values, census) in run_tasks(run_replication, tasks, workers):
            folder.keep(arm, number, values, census)
            done += 1
            progress(done, len(names))

    def _is_kept(self, folder: ResultsFolder, arm: str, number: int) -> bool:
        tables = self._tables_of(folder, arm, number)
        written = tables is None or (Path(tables) / "decisions.parquet").is_file()
        return written and folder.kept(arm, number) is not None

    def _tables_of(self, folder: ResultsFolder, arm: str, number: int) -> str | None:
        if not self.keep_patients:
            return None
        return str(folder.path / "patients" / arm / f"{number:05d}")

    def _manifest(self, earlier: dict[str, Any] | None) -> dict[str, Any]:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        headline = self.arms[-1].scenario.headline
        return {
            "program": PROGRAM,
            "version": sim.__version__,
            "command": self.command,
            "seed": self.seed,
            "replications": self.replications,
            "arms": {arm.name: arm.scenario.title for arm in self.arms},
            "question": self.arms[-1].scenario.question,
            "baselines": self.baselines,
            "points": self.points,
            "headline": {
                "measure": headline.measure,
                "group": headline.group,
                "matters": float(headline.matters or 0),
            },
            "places": list(self.arms[0].scenario.places),
            "assumptions": assumptions_of(self.arms[0].document.tree)
            | {k: v for arm in self.arms[1:] for k, v in assumptions_of(arm.document.tree).items()},
            "files": provenance.file_hashes(sorted({f for arm in self.arms for f in arm.document.files})),
            "commit": provenance.commit(),
            "packages": provenance.package_versions(),
            "started": (earlier or {}).get("started", now),
            "fingerprint": self.mark,
            "finished": False,
        }

    def resolved(self) -> str:
        """Every arm with everything it extends, one YAML document each."""
        return "".join(f"---\n# {arm.name}\n{as_yaml(arm.document.tree)}" for arm in self.arms)


def assumptions_of(tree: Any, path: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """{dotted path: [value, range, reason]} of every assumption of a scenario; lists of numbers have no range."""
    if not isinstance(tree, dict):
        return {}
    reason = tree.get("assumption")
    if reason and "value" in tree:
        span = " to ".join(str(end) for end in tree["range"])
        return {".".join(path): [str(tree["value"]), span, reason]}
    lists = {key: value for key, value in tree.items() if reason and isinstance(value, list)}
    found = {".".join((*path, key)): [", ".join(map(str, value)), "", reason] for key, value in lists.items()}
    return found | {
        k: v for key, below in tree.items() for k, v in assumptions_of(below, (*path, key)).items()
    }


def as_yaml(tree: dict[str, Any]) -> str:
    """A tree of plain values as YAML 1.2."""
    from ruamel.yaml import YAML

    writer = YAML(typ="rt", pure=True)
    writer.width = 4096
    text = StringIO()
    writer.dump(tree, text)
    return text.getvalue()
