"""The live engine: asked arms in, replications out as they finish, in workers that all visitors share.

One visitor asks one thing at a time (in each of a few lanes); what they ask anew takes the place of what
they asked before, and a replication that nobody wants any more stops within a simulated week. Workers go
round the visitors. Nothing here knows the page.
"""

from __future__ import annotations

import logging
import pickle
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import lru_cache
from queue import Empty, SimpleQueue

from analysis.app.asking import Asking
from analysis.app.remembered import MOST_BYTES, Key, Remembered
from analysis.app.workers import begin, loaded_once, run_wanted
from sim.experiment import provenance
from sim.experiment.replication import Measured
from sim.experiment.workers import MOST_TRIES, processes
from sim.model.laws import LawBroken
from sim.scenario.read import Arm

WORKERS = 2
MOST_REPLICATIONS = 100
MOST_REFERRALS = 2_500_000
"""Of one replication, as expected before it is run."""
MOST_RUNS = 5_000
"""Arms times replications of one asking."""
MOST_ASKINGS = 40
"""Under way at once, of all visitors."""
LEFT_ALONE_SECONDS = 120
"""An asking that nobody has looked at for so long is given up: the visitor has gone. A page that a browser
keeps in the background looks once a minute."""
ROUND_SECONDS = 5.0
"""How often it is seen to who has left while nothing finishes."""
LONG = 200_000
"""Referrals of a replication which others need not wait for: it leaves them one worker."""
SECONDS_A_REFERRAL = 60e-6
"""Before anything was run; afterwards as it was measured."""


class Refused(Exception):
    """An asking beyond the limits; says which, in a sentence for the visitor."""


class Running:
    """A replication in a worker. seat: where the worker looks whether it has to stop. yields: for somebody else's."""

    def __init__(self, seat: int, arm: Arm, asking: Asking) -> None:
        self.seat, self.arm, self.seed, self.patients = seat, arm, asking.seed, asking.patients
        self.long = asking.marks[arm.name] in asking.long
        self.tries, self.unwanted, self.yields = 0, False, False


Task = tuple[Key, bool]
"""(replication, whether with its patients)."""


class Live:
    """Runs what visitors ask for.

    workers: processes, which start at once. most_bytes: of finished replications that are remembered.
    """

    def __init__(self, workers: int = WORKERS, most_bytes: int = MOST_BYTES) -> None:
        self.workers = workers
        self.remembered = Remembered(most_bytes)
        self.seconds_a_referral = SECONDS_A_REFERRAL
        self._lock = threading.RLock()
        self._askings: dict[tuple[str, str], Asking] = {}
        self._turns: list[str] = []
        self._running: dict[Task, Running] = {}
        self._context = loaded_once()
        self._stop = self._context.RawArray("b", workers)
        self._executor = self._started()
        self._finished: SimpleQueue[tuple[Task, Future] | None] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def ask(
        self,
        visitor: str,
        arms: list[Arm],
        seed: int,
        replications: int,
        lane: str = "answer",
        patients: bool = False,
    ) -> Asking:
        """Ask for replications 0 to `replications` - 1 of arms, in place of what the visitor asked in this lane.

        patients: with the four tables of every one, which are not remembered. What is remembered is there
        at once. Raises `Refused`.
        """
        check(arms, replications)
        asking = Asking(visitor, arms, seed, replications, patients)
        asking.long = {asking.marks[arm.name] for arm in arms if arm.referrals > LONG}
        with self._lock:
            earlier = self._askings.pop((visitor, lane), None)
            if earlier is None and len(self._askings) >= MOST_ASKINGS:
                raise Refused("Too many others are simulating here at the moment. Try again in a minute.")
            for key in [] if patients else list(asking.missing):
                if found := self.remembered.get(key):
                    asking.give(key, found, {})
            if not asking.settled:
                self._askings[visitor, lane] = asking
                self._turns = [visitor, *(other for other in self._turns if other != visitor)]
            if earlier is not None:
                earlier.end()
            self._go_on()
        return asking

    def cancel(self, visitor: str, lane: str | None = None) -> None:
        """Give up what a visitor asked, in one lane or in all."""
        with self._lock:
            for name in [n for n in self._askings if n[0] == visitor and lane in (None, n[1])]:
                self._askings.pop(name).end()
            self._go_on()

    def close(self) -> None:
        """Give up everything and let the workers go."""
        with self._lock:
            for asking in self._askings.values():
                asking.end()
            self._askings.clear()
            self._go_on()
            self._finished.put(None)
            self._executor.shutdown(wait=False, cancel_futures=True)

    def expected_seconds(self, referrals: float, runs: int) -> float:
        """How long so many replications of so many referrals each will take, without other visitors."""
        return self.seconds_a_referral * referrals * max(runs / self.workers, 1)

    def _started(self) -> Executor:
        return processes(self.workers, begin, self._stop, context=self._context)

    # ---- with the lock held

    def _go_on(self) -> None:
        """Stop what nobody wants any more, and give every free worker a replication."""
        self._forget_who_left()
        for task, running in self._running.items():
            running.unwanted = not any(True for _ in self._wanting(task))
            self._stop[running.seat] = running.unwanted or running.yields
        while (found := self._next()) and len(self._running) < self.workers:
            asking, key = found
            self._turns = [*(other for other in self._turns if other != asking.visitor), asking.visitor]
            seat = min(set(range(self.workers)) - {one.seat for one in self._running.values()})
            arm = next(arm for arm in asking.arms if asking.marks[arm.name] == key[0])
            task = (key, asking.patients)
            self._running[task] = Running(seat, arm, asking)
            self._submit(task)
        if found and found[1][0] not in found[0].long:
            self._make_room()

    def _make_room(self) -> None:
        """Where all that runs takes long, the last begun is put off for the short one that waits."""
        running = list(self._running.values())
        if all(one.long and not one.yields for one in running):
            running[-1].yields = True
            self._stop[running[-1].seat] = True

    def _forget_who_left(self) -> None:
        now = time.monotonic()
        for name in [n for n, one in self._askings.items() if now - one.seen > LEFT_ALONE_SECONDS]:
            self._askings.pop(name).end()
        asking = {visitor for visitor, _ in self._askings}
        self._turns = [visitor for visitor in self._turns if visitor in asking]

    def _wanting(self, task: Task) -> Iterator[tuple[tuple[str, str], Asking]]:
        key, patients = task
        for name, asking in self._askings.items():
            if asking.patients == patients and key in asking.missing:
                yield name, asking

    def _next(self) -> tuple[Asking, Key] | None:
        """The first replication not under way, of the visitor who has waited longest for one.

        A long one only where none is under way, or nothing else is waited for.
        """
        waiting = [
            (asking, key)
            for visitor in self._turns
            for asking in self._askings.values()
            if asking.visitor == visitor
            for key in asking.missing
            if (key, asking.patients) not in self._running
        ]
        if any(running.long for running in self._running.values()):
            waiting.sort(key=lambda one: one[1][0] in one[0].long)
        return waiting[0] if waiting else None

    def _submit(self, task: Task) -> None:
        (_, number), patients = task
        running = self._running[task]
        running.tries += 1
        self._stop[running.seat] = False
        given = (pickle.dumps(running.arm.scenario), running.seed, number, patients, provenance.program())
        try:
            future = self._executor.submit(run_wanted, running.seat, *given)
        except BrokenExecutor:
            self._executor = self._started()
            future = self._executor.submit(run_wanted, running.seat, *given)
        future.add_done_callback(lambda done: self._finished.put((task, done)))

    # ---- what workers send back

    def _listen(self) -> None:
        """In a thread of its own: executors must not be asked for more by what they call back."""
        while True:
            try:
                one = self._finished.get(timeout=ROUND_SECONDS)
            except Empty:
                one = ()
            if one is None:
                return
            with self._lock:
                if one:
                    self._take(*one)
                self._go_on()

    def _take(self, task: Task, future: Future) -> None:
        running = self._running[task]
        error = None if future.cancelled() else future.exception()
        if isinstance(error, BrokenExecutor) and running.tries < MOST_TRIES and not running.unwanted:
            return self._submit(task)
        del self._running[task]
        if future.cancelled():
            return None
        if error is not None:
            for name, asking in list(self._wanting(task)):
                del self._askings[name]
                asking.end(in_words(error))
            return None
        if ran := future.result():
            self._share(task, ran, running.arm.referrals)
        return None

    def _share(self, task: Task, ran: tuple[Measured, float], referrals: float) -> None:
        (values, census, tables), seconds = ran
        self.seconds_a_referral += 0.2 * (seconds / max(referrals, 1.0) - self.seconds_a_referral)
        found = self.remembered.add(task[0], values, census)
        for name, asking in list(self._wanting(task)):
            asking.give(task[0], found, tables)
            if asking.settled:
                del self._askings[name]


def check(arms: list[Arm], replications: int) -> None:
    """Raise `Refused` where it is more than one page may ask of the machine."""
    if replications > MOST_REPLICATIONS:
        raise Refused(
            f"This page runs at most {MOST_REPLICATIONS} replications; run.py runs as many as asked."
        )
    if len(arms) * replications > MOST_RUNS:
        raise Refused(
            f"That would be {len(arms) * replications:,} runs, and this page makes at most {MOST_RUNS:,}: "
            "ask for fewer replications."
        )
    for arm in arms:
        if (size := arm.referrals) > MOST_REFERRALS:
            raise Refused(
                f"{arm.name} would have about {round(size, -4):,.0f} referrals a replication, and this page "
                f"takes at most {MOST_REFERRALS:,}. Take fewer years or fewer people, or use run.py."
            )


def in_words(error: BaseException) -> str:
    """What went wrong, for the visitor; what nobody has foreseen goes to the server's log."""
    if isinstance(error, LawBroken):
        return f"A law of the model is broken, so these settings have no numbers: {error}."
    if isinstance(error, provenance.AnotherProgram):
        return "The program was changed while this page was open. Whoever runs it has to start it again."
    if isinstance(error, MemoryError):
        return "There was not enough memory for these settings. Take fewer years or fewer people."
    if isinstance(error, BrokenExecutor):
        return (
            "The processes that simulate ended again and again, perhaps for want of memory: take fewer years or fewer "
            "people. If they end with every scenario, whoever runs this page finds why in its log."
        )
    logging.getLogger(__name__).error("a replication failed", exc_info=error)
    return "The simulation failed with these settings, and there is no answer. Whoever runs this page finds why in its log."


@lru_cache
def live() -> Live:
    """The one that all visitors of this server share."""
    return Live()
