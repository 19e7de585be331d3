"""Where replications run: in this process, in several on this machine, or on a cluster."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.context import BaseContext
from queue import SimpleQueue
from typing import Any

MOST_TRIES = 3
"""How often workers may die, one time after the other, before the run gives up."""
MOST_UNDER_WAY = 500
"""Tasks handed out and not yet back: more than any cluster needs, and few enough to hold in memory."""

Task = tuple[Any, tuple]
"""(name, arguments)."""


class NoWorkers(Exception):
    """There is nobody to run replications."""


class WorkersLost(Exception):
    """Those who ran replications have gone; what was finished is kept."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_at(where: int | str | None) -> Here | Workers:
    """Workers by their number (default: one a core; 1 is this process), or at a scheduler's address."""
    if isinstance(where, str):
        from sim.experiment.cluster import ClusterExecutor

        return Workers(lambda: ClusterExecutor(where), at_once=True)
    count = where or cores()
    return Here() if count == 1 else Workers(lambda: processes(count))


class Here:
    """This process, which does one task after the other."""

    def run(self, function: Callable, tasks: Iterable[Task]) -> Iterator[tuple[Any, Any]]:
        """(name, result) of each task."""
        for name, arguments in tasks:
            yield name, function(*arguments)

    def open(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing was opened."""


class Workers:
    """Workers behind an executor, which lasts until it is closed.

    It is made at once, where that may fail, otherwise for the first task: perhaps all is kept.
    """

    def __init__(self, executor: Callable[[], Executor], at_once: bool = False) -> None:
        self._make, self._at_once = executor, at_once
        self._executor: Executor | None = None

    def open(self) -> None:
        """Make sure that there are workers. Raises `NoWorkers`."""
        if self._at_once:
            self._started()

    def run(self, function: Callable, tasks: Iterable[Task]) -> Iterator[tuple[Any, Any]]:
        """(name, result) of each task as it finishes, in any order.

        A worker that dies (out of memory, killed) takes its tasks along; they are tried again in new
        workers. Errors of the function itself are raised as they are.
        """
        left, deaths = iter(tasks), 0
        under_way: dict[Future, Task] = {}
        while True:
            try:
                for name, result in self._finishing(function, left, under_way):
                    deaths = 0
                    yield name, result
                return
            except BrokenExecutor:
                deaths += 1
                if deaths == MOST_TRIES:
                    raise WorkersLost(f"the workers died {deaths} times, one after the other") from None
                left = chain(list(under_way.values()), left)
                under_way.clear()
                self.close()
            except CancelledError:
                raise WorkersLost("the scheduler is gone") from None
            finally:
                for future in under_way:
                    future.cancel()

    def _finishing(
        self, function: Callable, left: Iterator[Task], under_way: dict[Future, Task]
    ) -> Iterator[tuple[Any, Any]]:
        finished: SimpleQueue[Future] = SimpleQueue()
        while True:
            for task in islice(left, MOST_UNDER_WAY - len(under_way)):
                placeholder = Future()  # should the workers just have died
                under_way[placeholder] = task
                future = self._started().submit(function, *task[1])
                under_way[future] = under_way.pop(placeholder)
                future.add_done_callback(finished.put)
            if not under_way:
                return
            future = finished.get()
            result = future.result()
            yield under_way.pop(future)[0], result

    def _started(self) -> Executor:
        if self._executor is None:
            self._executor = self._make()
        return self._executor

    def close(self) -> None:
        """Let the workers go; what they still do is not waited for."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None


def processes(
    count: int, prepare: Callable[..., None] | None = None, *given: Any, context: BaseContext | None = None
) -> Executor:
    """So many processes on this machine, one thread of arithmetic each; each begins with `prepare(*given)`.

    context: how they are started (default: each loads the program anew).
    """
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    return ProcessPoolExecutor(count, context or get_context("spawn"), begin, (prepare, given))


def begin(prepare: Callable[..., None] | None, given: tuple) -> None:
    """In a worker, before its first task."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare(*given)


def end_with_parent() -> None:
    """In a worker: end when the process that asked for it has gone, however it went."""
    parent_process().join()
    os._exit(1)
