"""The replications that the first picture is of, begun before anything else of the page is loaded."""

from __future__ import annotations

import pickle
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TYPE_CHECKING

from analysis.app.workers import loaded_once

if TYPE_CHECKING:
    from analysis.app.address import Shown
    from sim.scenario.read import Arm

ARMS = 2
"""The opening scenario, and what it is compared with."""


def begin_opening() -> list[Future[bytes]]:
    """What `first_replication` will give, of each arm; from processes that go afterwards."""
    workers = ProcessPoolExecutor(ARMS, loaded_once(), begin)
    begun = [workers.submit(first_replication, place) for place in range(ARMS)]
    workers.shutdown(wait=False)
    return begun


def take_over(pickled: bytes) -> None:
    """What `first_replication` gave: the live engine runs it no more, and no file is read anew."""
    from analysis.app.live import live
    from sim.scenario import document

    replication, parsed = pickle.loads(pickled)
    live().remembered.add(*replication)
    document.parsed.update(parsed)


# ---- in a worker


def begin() -> None:
    """As any worker, without stepping back: these are waited for."""
    from sim.experiment import workers

    workers.begin(None, ())


def opening() -> tuple[Shown, list[Arm]]:
    """What the page shows when it is opened, and its arms."""
    from analysis.app.address import usual
    from analysis.app.asked import arms_of
    from analysis.app.catalogue import FIRST

    return (shown := usual(FIRST)), arms_of(shown)


def first_replication(place: int) -> bytes:
    """Of the arm at this place, pickled: what the replication is known by, its values, its census; and the files as read.

    Pickled, because a thread that receives NumPy's numbers loads NumPy, and Streamlit may be in the midst of it.
    """
    from sim.experiment import provenance
    from sim.experiment.replication import run_replication
    from sim.experiment.runner import mark_of
    from sim.scenario.document import parsed

    shown, arms = opening()
    scenario = pickle.dumps(arms[place].scenario)
    [(values, census, _)] = run_replication((scenario,), shown.seed, 0, False, provenance.program())
    return pickle.dumps((((mark_of(arms[place], shown.seed), 0), values, census), parsed))
