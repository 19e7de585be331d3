"""Workers on other machines, through Dask's own scheduler (`pip install distributed`).

Nothing protects such a scheduler by default: whoever reaches it runs what they like on its workers.
Use a network that you trust, or TLS (`tls://host:8786`, certificates in Dask's configuration).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from sim.experiment import provenance
from sim.experiment.workers import NoWorkers

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_ANSWER, SECONDS_FOR_WORKERS = 5, 4
"""How long a scheduler may take to answer, and its first worker to be there."""
MOST_TRIES = 3
"""How often a replication is tried again elsewhere when it fails."""


class ClusterExecutor:
    """What `Workers` needs of an executor; its client goes with it."""

    def __init__(self, address: str) -> None:
        self._client = client_of(address)
        self._executor = self._client.get_executor(pure=False, retries=MOST_TRIES)

    def submit(self, function: Callable, *arguments: object) -> Future:
        """Have a worker call a function."""
        return self._executor.submit(function, *arguments)

    def shutdown(self, wait: bool, cancel_futures: bool) -> None:
        """Leave the scheduler, which forgets what was asked of it."""
        self._executor.shutdown(wait=wait)
        self._client.close(timeout=SECONDS_TO_ANSWER)


def client_of(address: str) -> Client:
    """A client of a scheduler whose workers run this very program. Raises `NoWorkers` or `AnotherProgram`."""
    somebody_listens(address)
    try:
        from distributed import Client
    except ImportError:
        raise NoWorkers("--scheduler needs another package: python -m pip install distributed") from None
    try:
        asyncio.run(greet(address))
    except Exception:  # whatever Dask makes of somebody else's answer
        raise NoWorkers(f"who listens at {address} does not answer as a Dask scheduler") from None
    client = Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    try:
        check_workers(client, address)
    except BaseException:
        client.close()
        raise
    return client


def somebody_listens(address: str) -> None:
    """Raise `NoWorkers` where nobody does: at once, while Dask would go on trying."""
    host, _, port = address.partition("://")[2].rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), SECONDS_TO_ANSWER).close()
    except (OSError, OverflowError) as error:
        raise NoWorkers(f"no scheduler answers at {address}: {error}") from None


async def greet(address: str) -> None:
    """Shake hands with a scheduler; raises what goes wrong, and leaves no client behind."""
    from distributed.comm import connect
    from distributed.security import Security

    comm = await connect(address, timeout=SECONDS_TO_ANSWER, **Security().get_connection_args("client"))
    await comm.close()


def check_workers(client: Client, address: str) -> None:
    """Raise `NoWorkers` or `AnotherProgram` unless there are workers, and all run this very program."""
    program = provenance.program()
    try:
        client.wait_for_workers(1, timeout=SECONDS_FOR_WORKERS)
        client.run_on_scheduler(provenance.check_same, program)  # which unpickles what passes through it
        client.run(provenance.check_same, program)
    except TimeoutError:
        raise NoWorkers(f"the scheduler at {address} has no workers") from None
    except provenance.AnotherProgram:
        raise
    except Exception as error:
        start = "start scheduler and workers in the program's folder with PYTHONPATH=."
        raise NoWorkers(f"{address} cannot run this program: {error}; {start}") from None
