"""Where replications run: in this process, in several on this machine, or on a cluster."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from queue import SimpleQueue
from typing import Any

MOST_TRIES = 3
"""How often workers may die, one time after the other, before the run gives up."""
MOST_UNDER_WAY = 500
"""Tasks handed out and not yet back: more than any cluster needs, and few enough to hold in memory."""

Task = tuple[Any, tuple]
"""(name, arguments)."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_at(where: int | str | None) -> Here | Workers:
    """Workers by their number (default: one a core; 1 is this process), or at a scheduler's address."""
    if isinstance(where, str):
        from sim.experiment.cluster import executor_at

        return Workers(lambda: executor_at(where))
    count = where or cores()
    return Here() if count == 1 else Workers(lambda: processes(count))


class Here:
    """This process, which does one task after the other."""

    def run(self, function: Callable, tasks: Iterable[Task]) -> Iterator[tuple[Any, Any]]:
        """(name, result) of each task."""
        for name, arguments in tasks:
            yield name, function(*arguments)

    def close(self) -> None:
        """Nothing was opened."""


class Workers:
    """Workers behind an executor, which is opened for the first task and lasts until it is closed."""

    def __init__(self, open_executor: Callable[[], Executor]) -> None:
        self._open = open_executor
        self._executor: Executor | None = None

    def run(self, function: Callable, tasks: Iterable[Task]) -> Iterator[tuple[Any, Any]]:
        """(name, result) of each task as it finishes, in any order.

        A worker that dies (out of memory, killed) takes its tasks along; they are tried again in new
        workers. Errors of the function itself are raised as they are.
        """
        left, deaths = iter(tasks), 0
        under_way: dict[Future, Task] = {}
        finished: SimpleQueue[Future] = SimpleQueue()
        try:
            while True:
                try:
                    left = self._hand_out(function, left, under_way, finished)
                    if not under_way:
                        return
                    future = finished.get()
                    if future not in under_way:  # of workers that died
                        continue
                    result = future.result()
                except BrokenExecutor:
                    deaths += 1
                    if deaths == MOST_TRIES:
                        raise
                    left = chain(list(under_way.values()), left)
                    under_way.clear()
                    self.close()
                    continue
                deaths = 0
                yield under_way.pop(future)[0], result
        finally:
            for future in under_way:
                future.cancel()

    def _hand_out(self, function: Callable, left: Iterator[Task], under_way: dict, finished: SimpleQueue):
        """Fill up what is under way; returns the tasks that are left."""
        while len(under_way) < MOST_UNDER_WAY:
            task = next(left, None)
            if task is None:
                break
            try:
                future = self._started().submit(function, *task[1])
            except BrokenExecutor:
                under_way[Future()] = task
                raise
            under_way[future] = task
            future.add_done_callback(finished.put)
        return left

    def _started(self) -> Executor:
        if self._executor is None:
            self._executor = self._open()
        return self._executor

    def close(self) -> None:
        """Let the workers go; what they still do is not waited for."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None


def processes(count: int) -> Executor:
    """So many processes on this machine, one thread of arithmetic each."""
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    return ProcessPoolExecutor(count, get_context("spawn"), end_with_parent, (os.getpid(),))


def end_with_parent(parent: int) -> None:
    """In a worker: end when the process that started it has gone, however it went."""

    def watch() -> None:
        """Look every second whether the parent is still there."""
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
