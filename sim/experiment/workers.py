"""Where replications run: in this process, or in several on this machine."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

MOST_TRIES = 3
"""How often a task may see its worker die before the run gives up."""

Task = tuple[Any, tuple]
"""(name, arguments)."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_tasks(function: Callable, tasks: Iterable[Task], workers: int) -> Iterator[tuple[Any, Any]]:
    """(name, result) of each task as it finishes, in any order.

    With one worker everything runs here. A worker that dies (out of memory, killed) takes its tasks
    along; they are tried again in new workers. Errors of the function itself are raised as they are.
    """
    left = dict(tasks)
    if workers == 1 or len(left) == 1:
        for name, arguments in left.items():
            yield name, function(*arguments)
        return
    tries = 0
    while left:
        try:
            for name, result in _in_processes(function, left, workers):
                del left[name]
                yield name, result
        except BrokenProcessPool:
            tries += 1
            if tries == MOST_TRIES:
                raise


def end_with_parent(parent: int) -> None:
    """In a worker: end when the process that started it has gone, however it went."""

    def watch() -> None:
        """Look every second whether the parent is still there."""
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _in_processes(function: Callable, tasks: dict, workers: int) -> Iterator[tuple[Any, Any]]:
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    pool = ProcessPoolExecutor(workers, get_context("spawn"), end_with_parent, (os.getpid(),))
    try:
        names = {pool.submit(function, *arguments): name for name, arguments in tasks.items()}
        waiting = set(names)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda f: str(names[f])):
                yield names[future], future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
