"""How well replications share the cores: one process, two, and Dask's scheduler with two workers on this machine.

    python tests/benchmarks/running.py [--replications 40] [--rounds 2] [--scenario FILE] [--set PATH=VALUE ...]

Each way runs the same replications of one scenario, in turn and round by round, because machines drift; what is
told is the median of the ratios. Efficiency is the time of one process over twice that of two. Starting the processes
counts, Dask's scheduler and its workers are started before. Read it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME))

from distributed import Client  # noqa: E402

from sim.experiment import Runner, read_arms  # noqa: E402
from tests.functional.on_dask import HERE, address_in, start, worker  # noqa: E402

WORKERS = 2
PATIENCE_SECONDS = 60


@contextlib.contextmanager
def dask(folder: Path) -> Iterator[str]:
    """The address of a scheduler with its workers on this machine."""
    file = folder / "scheduler.json"
    started = [start("scheduler", "--host", HERE, "--port", "0", "--scheduler-file", str(file))]
    try:
        address = address_in(file)
        started += [worker(address) for _ in range(WORKERS)]
        with Client(address) as client:
            client.wait_for_workers(WORKERS, timeout=PATIENCE_SECONDS)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def seconds(arms: list, replications: int, where: int | str) -> float:
    """Wall-clock seconds of so many replications of every arm, none of them kept from before."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with Runner(Path(folder), seed=1, where=where) as runner:
            runner.measured(arms, replications)
        return time.perf_counter() - began


def main() -> None:
    """Run them in turn and print the ratios."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--replications", type=int, default=40)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--scenario", type=Path, default=HOME / "scenarios" / "trusts" / "great_western.yaml")
    asked.add_argument("--set", action="append", default=["calendar.years=1 years"], dest="settings")
    given = asked.parse_args()
    arms = read_arms([given.scenario], given.settings)[-1:]
    found: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder, dask(Path(folder)) as address:
        seconds(arms, 2 * WORKERS, address)  # its workers have imported what they need
        ways: dict[str, int | str] = {"one process": 1, "two processes": WORKERS, "Dask": address}
        for number in range(given.rounds):
            order = list(ways) if number % 2 == 0 else list(ways)[::-1]
            found.append({name: seconds(arms, given.replications, ways[name]) for name in order})
            print({name: round(value, 1) for name, value in found[-1].items()}, flush=True)
    one = statistics.median(row["one process"] / given.replications for row in found)
    efficiency = statistics.median(row["one process"] / (WORKERS * row["two processes"]) for row in found)
    over = statistics.median(row["Dask"] / row["two processes"] for row in found)
    print(f"{one:.2f} s a replication; efficiency of {WORKERS} processes {efficiency:.2f}; Dask takes {over:.2f} times as long")  # fmt: skip


if __name__ == "__main__":
    main()
