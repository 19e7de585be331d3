"""The processes that simulate for the page: what they branch off, how they start, and what one of them does.

Little is loaded here, so that the process they branch off starts before all else.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from contextlib import suppress
from multiprocessing import forkserver, get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.replication import Measured

START = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
ENGINE = "analysis.app.preloaded"
MANNERS = 10
"""How far the workers step back for other processes of the machine, as `nice` counts."""


class Worker(get_context(START).Process):
    """A worker that does not load the main module anew: while Streamlit runs, that is a visitor's script."""

    def start(self) -> None:
        """As any process starts, with an empty module in the place of the main one meanwhile."""
        kept, empty = sys.modules["__main__"], ModuleType("__main__")
        sys.modules["__main__"] = empty
        try:
            super().start()
        finally:
            if sys.modules["__main__"] is empty:
                sys.modules["__main__"] = kept


class Workers(type(get_context(START))):
    """How workers are started."""

    Process = Worker


def loaded_once() -> BaseContext:
    """Workers that branch off one process, which loads the engine from now on; where the system cannot, each loads it."""
    context = Workers()
    if START == "forkserver":
        context.set_forkserver_preload([ENGINE])
        forkserver.ensure_running()
    return context


# ---- in a worker

LARGE, LARGE_BYTES = -3, 2**18
"""What glibc calls the size from which on memory goes back as soon as it is free, and that size."""
stop: Any = ()
"""By seat whether the replication there is unwanted; the server writes it."""


def begin(shared: Any) -> None:
    """Take the shared array, and let the page and the browser go first: they only draw what is finished."""
    global stop
    stop = shared
    if hasattr(os, "nice"):
        os.nice(MANNERS)
    tell_library("mallopt", LARGE, LARGE_BYTES)


def run_wanted(
    seat: int, scenario: bytes, seed: int, number: int, patients: bool, program: dict[str, str]
) -> tuple[Measured, float] | None:
    """What `run_replication` gives, and the seconds that it took; None once nobody wants it. Raises as it does."""
    from sim.experiment.replication import run_replication
    from sim.model.simulation import Stopped

    began = time.perf_counter()
    try:
        [found] = run_replication((scenario,), seed, number, patients, program, lambda: stop[seat])
    except Stopped:
        return None
    finally:
        tell_library("malloc_trim", 0)
    return found, time.perf_counter() - began


def tell_library(what: str, *numbers: int) -> None:
    """Have glibc give freed memory back, which it would keep for the next replication; other libraries are not asked."""
    with suppress(OSError, TypeError, AttributeError):
        getattr(ctypes.CDLL(None), what)(*numbers)
