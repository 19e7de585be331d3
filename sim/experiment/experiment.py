"""An experiment: arms, replications, and what is kept of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import sim
from sim.experiment import provenance
from sim.experiment.precision import Precision, replicate
from sim.experiment.runner import Progress, Runner, mark_of
from sim.experiment.trials import Search, Trials
from sim.experiment.uncertain import write_uncertain
from sim.results.folder import PROGRAM, ResultsFolder, fingerprint, write_text
from sim.scenario.read import Arm


@dataclass
class Experiment:
    """Arms to be run on the same patients.

    Give it checked arms (`sim.scenario.read.read_arms`) and call `run`. The same arms, seed and
    version give the same numbers to the last bit, whatever the workers.
    baselines: for each compared arm the name of the arm it is compared with; by default the first.
    points: in a sweep, for each arm the values that it was given, by path.
    precision: in place of a number of replications, which then follows from it. uncertain: draw the
    assumptions from their ranges too, as often as there are replications.
    beside: results folders whose replications are not run again where they are wanted here.
    asked: what the manifest says of a sweep's design. search: a question whose further arms follow
    from what these gave.
    """

    arms: list[Arm]
    replications: int
    seed: int
    command: str = ""
    keep_patients: bool = False
    baselines: dict[str, str] = field(default_factory=dict)
    points: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    search: Search | None = None
    precision: Precision | None = None
    uncertain: bool = False
    beside: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.baselines and not self.points:
            self.baselines = {arm.name: self.arms[0].name for arm in self.arms[1:]}

    @property
    def mark(self) -> str:
        """The fingerprint: scenarios as resolved, seed, version and code; not the replications."""
        trees = [{k: v for k, v in arm.document.tree.items() if k != "experiment"} for arm in self.arms]
        names = [arm.name for arm in self.arms]
        asked = self.search.asked if self.search else {}
        return fingerprint(trees, names, asked, self.seed, sim.__version__, provenance.code_hash())

    def run(
        self,
        path: Path,
        where: int | str | None = None,
        fresh: bool = False,
        progress: Progress | None = None,
    ) -> ResultsFolder:
        """Run what is not kept yet and write `path`; where: as for a `Runner`.

        Raises `AnotherExperiment`, or what `Runner.each` raises.
        """
        folder = ResultsFolder(path, self.beside)
        folder.check(self.mark, fresh)
        with Runner(folder, self.seed, where, self.keep_patients, progress) as runner:
            folder.open(self.described(folder.manifest() if not fresh else None), fresh)
            write_text(path / "scenario.yaml", resolved(self.arms))
            precision = self._replicate(runner)
            found, tried = self._answer(runner)
            unknown = (
                write_uncertain(runner, self.arms, self.baselines, self.replications)
                if self.uncertain
                else {}
            )
        arms = list({arm.name: arm for arm in [*self.arms, *tried]}.values())
        if tried:
            write_text(path / "scenario.yaml", resolved(arms))
        folder.gather({arm.name: mark_of(arm, self.seed) for arm in arms}, self.replications)
        reached = {"replications": self.replications, "precision": precision, "uncertain": unknown}
        folder.write_manifest(folder.manifest() | reached | {"asked": found, "finished": True})
        return folder

    def _replicate(self, runner: Runner) -> dict[str, Any]:
        """Run the replications asked for, or as many as the precision needs, of which it tells."""
        if self.precision is None:
            for _ in runner.each((arm, number) for number in range(self.replications) for arm in self.arms):
                pass
            return {}
        self.replications, said = replicate(runner, self.arms, self.baselines, self.precision)
        return said

    def _answer(self, runner: Runner) -> tuple[dict[str, Any], list[Arm]]:
        """What the manifest says of what was asked and tried, and the arms that were tried."""
        if self.search is None:
            return self.asked, []
        trials = Trials(runner, self.replications, self.search.read)
        return self.search.asked | self.search.run(trials), list(trials.arms.values())

    @property
    def question(self) -> str:
        """What the compared arm asks; of several models with questions of their own, what they ask together."""
        asked = {arm.scenario.question for arm in self.arms[1:]}
        if self.points or len(asked) < 2:
            return self.arms[-1].scenario.question
        return f"How do these {len(self.arms) - 1} models do beside one: {self.arms[0].scenario.title}?"

    def described(self, earlier: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the manifest says before anything has run; `earlier` is that of the folder, if it has one."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        headline = self.arms[-1].scenario.headline
        return {
            "program": PROGRAM,
            "version": sim.__version__,
            "command": self.command,
            "seed": self.seed,
            "replications": self.replications,
            "arms": {arm.name: arm.scenario.title for arm in self.arms},
            "question": self.question,
            "baselines": self.baselines,
            "points": self.points,
            "asked": self.search.asked if self.search else self.asked,
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
            "code": provenance.code_hash(),
            "fingerprint": self.mark,
            "finished": False,
        }


def resolved(arms: list[Arm]) -> str:
    """Every arm with everything it extends, one YAML document each; a section that several have is written once."""
    written: dict[str, str] = {}

    def section(key: str, tree: Any) -> str:
        """One key of the top with what is below it."""
        if (same := repr((key, tree))) not in written:
            written[same] = as_yaml({key: tree})
        return written[same]

    documents = ("".join(section(*item) for item in arm.document.tree.items()) for arm in arms)
    return "".join(f"---\n# {arm.name}\n{document}" for arm, document in zip(arms, documents))


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
