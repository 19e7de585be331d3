"""Every claim of the public argument with its verdict.

`python -m analysis.claims` runs what tests the claims of `scenarios/claims.yaml`, each in a folder of its own under
`results/claims`, and writes `claims.csv` (columns as in `results/README.md`), `claims.html` and the same as text,
`claims.md`, beside them. What was run is kept and continued; `--read-only` runs nothing. Claims that are named
are run, the others read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from analysis import verdicts
from analysis.claim_words import sentence
from analysis.claims_page import FILE, PAGES, summary, text_table, write
from analysis.judged import Judged
from analysis.loaded import NotResults, load
from analysis.report import write_tables
from analysis.screen import console, progress, show_tables
from analysis.verdicts import DEPENDS, Expected
from sim.experiment.claim import AS_IT_STANDS, Apart, ClaimSearch
from sim.experiment.experiment import Experiment
from sim.experiment.given import positive, refuse
from sim.experiment.provenance import AnotherProgram
from sim.experiment.workers import NoWorkers, WorkersLost
from sim.model.laws import LawBroken
from sim.results.folder import AnotherExperiment
from sim.scenario.claims import Register, pair_of, read_claims
from sim.scenario.faults import Fault, ScenarioFaults, nearest
from sim.scenario.read import collecting, sources_near

REGISTER = Path(__file__).parents[1] / "scenarios" / "claims.yaml"
TESTED = ("scenario", "baseline", "set", "measure", "group", "expects", "matters", "hangs_on")
"""What of a claim says what is run and measured."""
WRONG_INPUT, FAILED, INTERRUPTED = 2, 1, 130


def parser() -> argparse.ArgumentParser:
    """The command line."""
    usage = argparse.ArgumentParser(
        prog="python -m analysis.claims", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )  # fmt: skip
    add = usage.add_argument
    add("claims", nargs="*", metavar="CLAIM", help="names in the register (default: all)")
    add("--replications", type=positive, metavar="N", help="runs with random numbers of their own (default: as each scenario says)")  # fmt: skip
    add("--years", type=positive, metavar="N", help="length of the data-collection period")
    add("--workers", type=positive, metavar="N", help="processes (default: one a core)")
    add("--out", type=Path, default=Path("results/claims"), metavar="DIR", help="where table, page and folders go (default: results/claims)")  # fmt: skip
    add("--tip", action="store_true", help="look for the tipping point where the verdict does not depend too")
    add("--read-only", action="store_true", help="run nothing: judge what is there")
    add("--fresh", action="store_true", help="start again and write over the folders of these claims")
    add("--register", type=Path, default=REGISTER, metavar="FILE", help="another register than scenarios/claims.yaml")  # fmt: skip
    add("--quiet", action="store_true", help="no progress")
    return usage


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status: 2 for wrong input, 1 for a broken law."""
    given = parser().parse_args(arguments)
    try:
        register = read_claims(given.register)
        if not given.read_only:
            run_claims(register, given)
        judged = [judged_of(register, name, given.out) for name in register.claims]
        write(judged, sources_near(register.file), given.out)
    except (ScenarioFaults, AnotherExperiment, AnotherProgram, NoWorkers) as refused:
        print(refused, file=sys.stderr)
        return WRONG_INPUT
    except OSError as error:
        print(f"cannot write {given.out}: {error.strerror}", file=sys.stderr)
        return WRONG_INPUT
    except (WorkersLost, LawBroken) as failed:
        print(f"{type(failed).__name__}: {failed}; the same command continues", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("interrupted; the same command continues", file=sys.stderr)
        return INTERRUPTED
    show_tables([text_table(judged)])
    depending = [f"{one.name}: {sentence(one)}." for one in judged if one.verdict == DEPENDS]
    for line in [*depending, *summary(judged)]:
        console().print(line, soft_wrap=True)
    console().print(f"Table and pages are in {given.out}/: {', '.join([FILE, *PAGES])}", soft_wrap=True)
    return 0


def run_claims(register: Register, given: argparse.Namespace) -> None:
    """Run what tests the claims asked for, all of them checked before. Raises `ScenarioFaults`."""
    names = given.claims or list(register.claims)
    faults: list[Fault] = []
    ready: dict[str, Experiment] = {}
    for name in names:
        if name not in register.claims:
            faults += refuse(
                name, f"is no claim of {register.file.name}{nearest(name, register.claims)}"
            ).faults
            continue
        with collecting(faults):
            ready[name] = experiment_of(register, name, given)
    if faults:
        raise ScenarioFaults(faults)
    for name, experiment in ready.items():
        if not given.quiet:
            print(f"{name}: {register.claims[name].says}", file=sys.stderr)
        with progress(given.quiet) as tell:
            folder = experiment.run(given.out / name, given.workers, given.fresh, tell)
        write_tables(load(folder.path))


def experiment_of(register: Register, name: str, given: argparse.Namespace) -> Experiment:
    """The experiment that tests a claim. Raises `ScenarioFaults`."""
    pair = pair_of(register, name, {"calendar.years": f"{given.years} years"} if given.years else None)
    expected = expected_of(register, name)
    wanted = pair.arms[-1].scenario.experiment
    replications = given.replications or wanted.replications
    years = f" --years {given.years}" if given.years else ""
    search = ClaimSearch(pair, asked_of(register, name), expected.thresholds, wants_tip(expected, given.tip))
    return Experiment(
        pair.arms,
        replications=replications,
        seed=wanted.seed,
        command=f"python -m analysis.claims {name} --replications {replications}{years}",
        search=search,
        beside=[given.out / other for other in register.claims if other != name],
    )


def expected_of(register: Register, name: str) -> Expected:
    """What a claim says of a difference."""
    claim = register.claims[name]
    return Expected(claim.expects, float(claim.matters))


def asked_of(register: Register, name: str) -> dict[str, Any]:
    """A claim as its file writes it, as far as it says what is run and measured."""
    return {key: value for key, value in register.written(name).items() if key in TESTED}


def wants_tip(expected: Expected, always: bool) -> Callable[[Apart], list[str]]:
    """Tells what may tip: where the verdict depends, or always, the paths that it hangs on, the most first."""

    def wanted(apart: Apart) -> list[str]:
        """Of what the ends of everything gave."""
        found = {key: verdicts.difference_of(values) for key, values in apart.items()}
        centre = found.pop(AS_IT_STANDS)
        moves = {path: (found[path, "low"], found[path, "high"]) for path, _ in found}
        return verdicts.may_tip(expected, centre, moves, always)

    return wanted


def judged_of(register: Register, name: str, out: Path) -> Judged:
    """A claim with what its folder holds; not run where that is missing or is of other words."""
    claim, results = register.written(name), None
    with suppress(NotResults):
        results = load(out / name)
    if results and results.asked.get("claim") != asked_of(register, name):
        results = None
    return Judged(name, claim, expected_of(register, name), results)


if __name__ == "__main__":
    sys.exit(main())
