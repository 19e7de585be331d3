"""Workers: started once, replaced when they die, and no more results in memory than are asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import tracemalloc

import pytest

from sim.experiment.cluster import ClusterExecutor
from sim.experiment.workers import MOST_UNDER_WAY, NoWorkers, Workers, WorkersLost, processes, workers_at


def who(number: int) -> tuple[int, int]:
    """The number, and which process had it."""
    time.sleep(0.02)
    return number, os.getpid()


def dies_once(mark: str, number: int) -> int:
    """Kills its process the first time that anybody gets here."""
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return number
    os.kill(os.getpid(), signal.SIGKILL)


def dies() -> None:
    """Always kills its process."""
    os.kill(os.getpid(), signal.SIGKILL)


def refuses() -> None:
    """An error of the task itself."""
    raise LookupError("not here")


@pytest.fixture
def two():
    """Two processes."""
    workers = workers_at(2)
    yield workers
    workers.close()


def test_workers_are_started_once_for_any_number_of_calls(two, monkeypatch):
    started = []
    make = two._make
    monkeypatch.setattr(two, "_make", lambda: started.append(1) or make())
    found = [dict(two.run(who, ((n, (n,)) for n in range(10)))) for _ in range(3)]
    assert len(started) == 1
    assert all(
        {name: number for name, (number, _) in one.items()} == {n: n for n in range(10)} for one in found
    )
    pids = {pid for one in found for _, pid in one.values()}
    assert len(pids) <= 2 and os.getpid() not in pids


def test_where_nothing_has_to_be_run_no_worker_is_started(two):
    assert list(two.run(who, [])) == [] and two._executor is None


@pytest.mark.slow
def test_a_task_whose_worker_is_killed_is_tried_again(two, tmp_path):
    tasks = ((n, (str(tmp_path / "mark"), n)) for n in range(20))
    assert dict(two.run(dies_once, tasks)) == {n: n for n in range(20)}


@pytest.mark.slow
def test_a_task_that_kills_every_worker_ends_the_run(two):
    with pytest.raises(WorkersLost, match="died 3 times"):
        list(two.run(dies, [("bad", ())]))


def test_an_error_of_the_task_itself_is_raised_as_it_is(two):
    with pytest.raises(LookupError, match="not here"):
        list(two.run(refuses, [("bad", ())]))


def test_one_worker_is_this_process():
    assert dict(workers_at(1).run(who, [("a", (1,))])) == {"a": (1, os.getpid())}


class AtOnce:
    """An executor that runs a task when it is handed out, and counts those it was handed."""

    def __init__(self) -> None:
        self.handed, self.most = 0, 0

    def submit(self, function, *arguments):
        from concurrent.futures import Future

        self.handed += 1
        self.most = max(self.most, self.handed)
        future = Future()
        future.set_result(function(*arguments))
        return future

    def shutdown(self, wait, cancel_futures):
        """Nothing to do."""


def test_memory_does_not_grow_with_the_tasks():
    """Results of 100 kB each: 2,000 of them would be 200 MB, those under way are 50."""
    executor = AtOnce()
    tracemalloc.start()
    for _ in Workers(lambda: executor).run(bytes, ((n, (100_000,)) for n in range(4 * MOST_UNDER_WAY))):
        executor.handed -= 1
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert executor.most <= MOST_UNDER_WAY
    assert most < 1.2 * MOST_UNDER_WAY * 100_000


# ---- schedulers that cannot be used


def test_an_address_where_nobody_listens_is_refused_at_once():
    with pytest.raises(NoWorkers, match=r"no scheduler answers at tcp://127.0.0.1:9: .*refused"):
        ClusterExecutor("tcp://127.0.0.1:9")


def test_who_listens_and_says_something_else_is_no_scheduler(monkeypatch):
    import socket

    pytest.importorskip("distributed")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            """As a web server would."""
            while True:
                try:
                    server.accept()[0].sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                except OSError:
                    return

        threading.Thread(target=answer, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(NoWorkers, match=f"{address} does not answer as a Dask scheduler"):
            ClusterExecutor(address)
        server.shutdown(socket.SHUT_RDWR)


def test_processes_do_their_arithmetic_in_one_thread(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    processes(2).shutdown()
    assert os.environ["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize("how", ["spawn", "forkserver"])
def test_a_worker_ends_with_the_process_that_asked_for_it_however_that_went(how):
    program = f"""
import multiprocessing, os, time
from sim.experiment.workers import processes
print(processes(1, context=multiprocessing.get_context({how!r})).submit(os.getpid).result(), flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as caller:
        worker = int(caller.stdout.readline())
        os.kill(worker, 0)
        caller.kill()
    began = time.monotonic()
    while is_running(worker):
        assert time.monotonic() - began < 60, "nobody asks it for anything any more"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Whether there is such a process, and not only what is left of one that has ended."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
