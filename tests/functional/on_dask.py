"""Processes of Dask's own scheduler on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.functional.conftest import HOME

HERE = "127.0.0.1"


def start(*words: str, folder: Path = HOME) -> subprocess.Popen:
    """A process of Dask, started as the README says."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words, "--no-dashboard"],
        cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def worker(address: str, folder: Path = HOME) -> subprocess.Popen:
    """One worker, without the process that would start it again."""
    return start("worker", address, "--nthreads", "1", "--no-nanny", "--death-timeout", "30", folder=folder)


def address_in(file: Path) -> str:
    """The address that a scheduler has written down. Raises `TimeoutError`."""
    for _ in range(600):
        if file.is_file() and file.read_text().strip():
            return json.loads(file.read_text())["address"]
        time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")
