"""Run scenario files and compare them.

    python run.py scenarios/outsourced.yaml

Who would wait longer, who would travel further, if somebody else ran the scanners? The answer is
printed, and tables, figures and a page are written to results/.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from re import fullmatch
from threading import Thread
from typing import Any, NoReturn

HOME = Path(__file__).resolve().parent
if str(HOME) not in sys.path:
    sys.path.insert(0, str(HOME))

WRONG_INPUT, FAILED, INTERRUPTED = 2, 1, 130


class Usage(argparse.ArgumentParser):
    """A command line whose faults are one line each."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, without the list of options, which `--help` has."""
        self.exit(WRONG_INPUT, f"{message}; --help tells the options\n")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    usage = Usage(
        prog="python run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    # fmt: off
    add = usage.add_argument
    add("files", nargs="+", metavar="FILE", type=Path, help="scenario files; the baseline is the one they compare with, otherwise the first")
    many = usage.add_mutually_exclusive_group()
    many.add_argument("--replications", type=positive, metavar="N", help="runs with random numbers of their own (default: as the scenario says)")
    many.add_argument("--precision", metavar="5%", help="as many as it takes until the headline's half-widths are this small, in percent of the mean or in its unit")
    add("--seed", type=whole, metavar="N", help="the same seed gives the same numbers (default: as the scenario says)")
    add("--years", type=positive, metavar="N", help="length of the data-collection period")
    add("--set", action="append", default=[], metavar="path=value", dest="settings", help="change a value, such as workforce.planned_load=80%%; may be repeated")
    add("--sweep", action="append", default=[], metavar="path=a,b,c", help="run every value of a path, or of a range path=a..b; may be repeated; 'assumptions': every range's ends, one at a time")
    add("--design", metavar="NAME", help="points of a sweep: grid (default), lhs or sobol, perhaps with a number, such as lhs:40")
    add("--tip", nargs=2, metavar=("path", "a..b"), help="the value of a path at which two models swap places")
    add("--target", metavar="'MEASURE <= X by YYYY-MM'", help="what is to be reached, with --vary")
    add("--vary", metavar="path", help="the least of this that reaches the target, such as fleet[MRI].slots_per_day")
    add("--decompose", action="store_true", help="split the difference over the questions answered differently")
    add("--uncertain", action="store_true", help="draw the assumptions from their ranges too: how much is chance, how much not knowing")
    add("--measure", type=named, metavar="NAME", help="the headline measure, in place of the scenario's")
    add("--group", type=named, metavar="G", help="the headline group, such as 'place=Swindon' or all")
    where = usage.add_mutually_exclusive_group()
    where.add_argument("--workers", type=positive, metavar="N", dest="where", help="processes (default: one a core)")
    where.add_argument("--scheduler", type=address, metavar="tcp://HOST:PORT", dest="where", help="run on the workers of a Dask scheduler")
    add("--out", type=Path, default=Path("results"), metavar="DIR", help="where the results folder goes (default: results)")
    add("--fresh", action="store_true", help="start again and write over what the results folder holds")
    add("--keep-patients", action="store_true", help="keep the four tables of every replication")
    add("--quiet", action="store_true", help="no progress")
    # fmt: on
    return usage


def named(text: str) -> str:
    """A name."""
    if not text.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return text


def positive(text: str) -> int:
    """A whole number of at least 1."""
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def whole(text: str) -> int:
    """A whole number that is not negative."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text!r}")
    return int(text)


def address(text: str) -> str:
    """The address of a scheduler."""
    if not fullmatch(r"(tcp|tls)://[^/\s]+:\d+", text):
        raise argparse.ArgumentTypeError(f"must be an address such as tcp://host:8786, got {text!r}")
    return text


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status: 2 for wrong input, 1 for a broken law."""
    given = parser().parse_args(arguments)
    from sim.scenario.faults import ScenarioFaults

    try:
        experiment = experiment_of(given, arguments)
    except ScenarioFaults as faults:
        print(faults, file=sys.stderr)
        return WRONG_INPUT
    from sim.experiment.provenance import AnotherProgram
    from sim.experiment.workers import NoWorkers, WorkersLost
    from sim.results.folder import AnotherExperiment

    try:
        run(experiment, given)
    except (AnotherExperiment, AnotherProgram, NoWorkers, ScenarioFaults) as refused:
        print(refused, file=sys.stderr)
        return WRONG_INPUT
    except OSError as error:
        print(f"cannot write {given.out / folder_name(given)}: {error.strerror}", file=sys.stderr)
        return WRONG_INPUT
    except WorkersLost as lost:
        print(f"{lost}; the same command continues", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("interrupted; the same command continues", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        from sim.model.laws import LawBroken

        if not isinstance(error, LawBroken):
            raise
        print(f"a law of the model is broken, the numbers must not be used: {error}", file=sys.stderr)
        return FAILED
    return 0


def experiment_of(given: argparse.Namespace, arguments: list[str] | None) -> Any:
    """The experiment that the command line asks for. Raises `ScenarioFaults`."""
    from sim.scenario.read import read_arms

    overrides = {}
    if given.years:
        overrides["calendar.years"] = f"{given.years} years"
    if given.measure is not None:
        overrides["headline.measure"] = given.measure
        if not any(setting.startswith("headline.matters=") for setting in given.settings):
            overrides["headline.matters"] = "null"
    if given.group is not None:
        overrides["headline.group"] = given.group
    arms = read_arms(given.files, given.settings, overrides)
    wanted = arms[-1].scenario.experiment
    from sim.experiment.precision import precision_of

    how = {
        "precision": precision_of(given.precision, arms[-1].scenario.headline.measure)
        if given.precision is not None
        else None,
        "uncertain": given.uncertain,
        "replications": given.replications or wanted.replications,
        "seed": wanted.seed if given.seed is None else given.seed,
        "command": shlex.join(["python", "run.py", *(sys.argv[1:] if arguments is None else arguments)]),
        "keep_patients": given.keep_patients,
    }
    from sim.experiment.asking import Asked, experiment_asking
    from sim.experiment.given import Given

    asked = Asked(
        given.sweep, given.design, given.tip, given.target, given.vary, given.decompose, given.uncertain
    )
    return experiment_asking(asked, Given(given.files, given.settings, overrides), arms, **how)


def folder_name(given: argparse.Namespace) -> str:
    """The first file's name; `--set` adds what it changes, a question what it is about."""
    asked = [f"sweep={sweep.partition('=')[0]}" for sweep in given.sweep]
    asked += [f"tip={given.tip[0]}"] if given.tip else []
    asked += (
        [f"target={given.target.split()[0]}", f"vary={given.vary}"] if given.target and given.vary else []
    )
    asked += ["decompose"] if given.decompose else []
    parts = [given.files[0].stem, *given.settings, *asked]
    return ",".join(part.replace("/", "_") for part in parts)


def run(experiment: Any, given: argparse.Namespace) -> None:
    """Run what is missing, write everything, print the answer."""
    from analysis.screen import progress

    path = given.out / folder_name(given)
    with progress(given.quiet) as tell:
        folder = experiment.run(path, given.where, given.fresh, importing_meanwhile(tell))
    from analysis import report, screen, sweep
    from analysis.loaded import load

    results = load(folder.path)
    report.write_tables(results)
    if experiment.points:
        report.write_sweep(results)
        for measure, group in sweep.shown(results):
            screen.show_sweep(results, sweep.text_table(results, measure, group))
        screen.show_search(results)
        print(f"Tables and the figure are in {folder.path}/")
    else:
        page = report.write_report(results, folder.path, report.write_figures(results, folder.path))
        screen.show_comparison(results)
        screen.show_search(results)
        screen.show_runs(results)
        print(f"Tables, figures and the page are in {folder.path}/; open {page}")


def importing_meanwhile(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Progress that also imports what draws and writes, once the workers are at work."""
    started: list[Thread] = []

    def told(done: int, of: int) -> None:
        """Pass progress on; the first finished replication starts the import."""
        tell(done, of)
        if done and not started:
            started.append(Thread(target=import_module, args=("analysis.report",), daemon=True))
            started[0].start()

    return told


if __name__ == "__main__":
    sys.exit(main())
