"""Writing what people read, each file whole; and what the commands that make them have in common."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.loaded import NotResults, Results, load
from sim.results.folder import whole, write_text

WRONG_INPUT = 2


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """A table as CSV, written whole; numbers to twelve figures."""
    write_text(path, table.to_csv(index=False, float_format="%.12g", lineterminator="\n"))


def write_bytes(path: Path, content: bytes) -> None:
    """A file written whole."""
    with whole(path) as temporary:
        temporary.write_bytes(content)


def command(name: str, about: str | None) -> argparse.ArgumentParser:
    """A command line that takes a results folder, and where to write."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=about)
    parser.add_argument("folder", type=Path, help="a results folder, such as results/outsourced")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write instead of the folder itself")
    return parser


def one_of(*known: str) -> Callable[[str], list[str]]:
    """Reads `svg,png`: some of the kinds that are known, in any case, separated by commas."""

    def kinds(text: str) -> list[str]:
        """The kinds asked for. Raises `ArgumentTypeError`."""
        asked = [kind.strip().lower() for kind in text.split(",")]
        if not set(asked) <= set(known):
            raise argparse.ArgumentTypeError(f"takes {', '.join(known)}, separated by commas, got {text!r}")
        return list(dict.fromkeys(asked))

    return kinds


def told(work: Callable[[Results, Path], Path], folder: Path, out: Path | None) -> int:
    """Load a folder, do the work and print where it is; the exit status: 2 where it cannot be done."""
    from analysis.provenance import stale_line

    try:
        results = load(folder)
        if stale := stale_line(results):
            print(stale, file=sys.stderr)
        print(work(results, out or folder))
    except NotResults as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except OSError as error:
        print(f"cannot write {error.filename or out or folder}: {error.strerror}", file=sys.stderr)
        return WRONG_INPUT
    return 0
