"""Queueing theory against the engine.

    python -m sim.verify --quick
    python -m sim.verify my_case.yaml

Each case is a scenario file that runs through `sim.model`, and what theory says of it. A case passes when
theory lies within 3.5 standard errors and the interval is narrow enough to have caught an error: of 2 %
in the full set. The exit status is 1 when one does not. Each replication of the full set is kept as it finishes:
after a kill the same command goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.given import positive

if TYPE_CHECKING:
    from sim.verify.judge import Verdict

WRONG_INPUT, FAILED, INTERRUPTED = 2, 1, 130
KEPT = Path("results/verify")
PUBLISHED = Path(__file__).resolve().parents[2] / "tests" / "theory"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    usage = argparse.ArgumentParser(
        prog="python -m sim.verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = usage.add_argument
    add("cases", nargs="*", metavar="CASE.yaml", type=Path, help="cases (default: all of tests/theory)")
    add("--quick", action="store_true", help="fewer replications: a larger error is needed to be caught")
    add("--json", type=Path, metavar="FILE", help="write the table there too")
    add(
        "--out",
        type=Path,
        default=KEPT,
        metavar="DIR",
        help=f"where finished replications are kept, but not with --quick (default: {KEPT})",
    )
    add("--workers", type=positive, metavar="N", help="processes (default: one a core)")
    return usage


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    given = parser().parse_args(arguments)
    from sim.scenario.faults import ScenarioFaults
    from sim.verify.case import read_cases

    try:
        cases = read_cases(given.cases or published())
    except ScenarioFaults as faults:
        print(faults, file=sys.stderr)
        return WRONG_INPUT
    if not cases:
        print(f"there are no cases in {PUBLISHED}", file=sys.stderr)
        return WRONG_INPUT
    from sim.experiment.workers import WorkersLost
    from sim.model.laws import LawBroken
    from sim.verify.run import TooFew, verdicts

    started, folder = time.monotonic(), None if given.quick else given.out
    try:
        found = verdicts(cases, given.quick, given.workers, tell, folder)
    except TooFew as few:
        print(few, file=sys.stderr)
        return WRONG_INPUT
    except LawBroken as broken:
        print(f"a law of the model is broken: {broken}", file=sys.stderr)
        return FAILED
    except WorkersLost as lost:
        print(lost, file=sys.stderr)
        return FAILED
    except OSError as error:
        print(f"cannot write {error.filename}: {error.strerror}", file=sys.stderr)
        return WRONG_INPUT
    except KeyboardInterrupt:
        said = (
            f"; what has finished is kept in {folder}: the same command goes on from there" if folder else ""
        )
        print(f"interrupted{said}", file=sys.stderr)
        return INTERRUPTED
    show(found, time.monotonic() - started)
    return write(given.json, found) or (0 if all(one.passes for one in found) else FAILED)


def published() -> list[Path]:
    """The cases of the reference set."""
    return sorted(PUBLISHED.glob("*.yaml"))


def tell(done: int, of: int) -> None:
    """Progress on a terminal; one line at the end elsewhere."""
    if sys.stderr.isatty():
        print(f"\r{done} of {of} replications", end="\n" if done == of else "", file=sys.stderr, flush=True)
    elif done == of:
        print(f"{of} replications", file=sys.stderr)


def show(found: list[Verdict], seconds: float) -> None:
    """Print the table: theory, mean, interval, z, and the error that would have been caught."""
    print(TABLE.format("case", "measure", "theory", "mean", "95 % interval", "z", "catches", ""))
    for one in found:
        print(row_of(one))
    failed = sum(not one.passes for one in found)
    print(f"{len(found) - failed} of {len(found)} pass, in {seconds:.0f} seconds. {LEGEND}")


TABLE = "{:<24} {:<46} {:>11} {:>11} {:>25} {:>6} {:>8}  {}"
LEGEND = (
    "z: standard errors from theory, at most 3.5. catches: the error of the engine that this run would have "
    "seen 99 times in 100. *: with control variates."
)


def row_of(one: Verdict) -> str:
    """A verdict as a line of the table."""
    what = one.measure + (f"({one.at:g})" if one.at is not None else "")
    what += "" if one.group == "all" else f" {one.group}"
    interval = f"{one.lower:.6g} to {one.upper:.6g}" + ("*" if one.controlled else " ")
    caught = f"{100 * one.catches:.2g} %"
    cells = (
        one.case,
        what,
        f"{one.theory:.6g}",
        f"{one.mean:.6g}",
        interval,
        f"{one.z:+.2f}",
        caught,
        one.in_words,
    )
    return TABLE.format(*cells)


def write(file: Path | None, found: list[Verdict]) -> int:
    """Write the table as JSON; 0, or the exit status when that is not possible."""
    if file is None:
        return 0
    rows = [
        one._asdict() | {"z": one.z if math.isfinite(one.z) else None, "passes": one.passes} for one in found
    ]
    try:
        file.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        print(f"cannot write {file}: {error.strerror}", file=sys.stderr)
        return WRONG_INPUT
    return 0


if __name__ == "__main__":
    sys.exit(main())
