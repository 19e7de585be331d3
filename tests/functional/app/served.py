"""The page as its own program on a free port, from another working folder, and the browser that looks at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOME = Path(__file__).parents[3]
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
PATIENCE_SECONDS = 300
"""Nothing is timed by this: a machine may be busy with something else."""


class Served:
    """A running page. url: without a slash at its end. pid: of the server; its workers are its children."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.url, self.pid = port, f"http://127.0.0.1:{port}", pid

    def processes(self) -> list[Path]:
        """Server and workers, as folders of `/proc`."""
        found, more = [], [self.pid]
        while more:
            found.append(Path(f"/proc/{more.pop()}"))
            more += [int(pid) for tasks in found[-1].glob("task/*/children") for pid in tasks.read_text().split()]  # fmt: skip
        return found

    def worker_ticks(self) -> int:
        """CPU time that the workers have used so far, in ticks of the kernel's clock."""
        stats = [(folder / "stat").read_text().rpartition(")")[2].split() for folder in self.processes()[1:]]
        return sum(int(stat[11]) + int(stat[12]) for stat in stats)

    def memory_mb(self, field: str) -> float:
        """Resident memory of server and workers together: `Pss` counts what they share once, `Rss` in each."""
        texts = [(folder / "smaps_rollup").read_text() for folder in self.processes()]
        return sum(int(text.split(f"\n{field}:")[1].split()[0]) for text in texts) / 1024

    def listens_on(self) -> set[str]:
        """Addresses, as the kernel writes them, on which something listens at this port."""
        tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
        rows = [row.split() for table in tables for row in table]
        at_port = f":{self.port:04X}"
        return {row[1].removesuffix(at_port) for row in rows if row[3] == "0A" and row[1].endswith(at_port)}


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Start the page from `folder`, yield it once it answers, and stop it."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    program = subprocess.Popen(
        [sys.executable, "-m", "analysis.app", "--port", str(port), "--no-browser"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(HOME)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        page = Served(port, program.pid)
        wait_until_it_answers(page, program)
        yield page
    finally:
        program.terminate()
        program.wait(60)


def wait_until_it_answers(page: Served, program: subprocess.Popen) -> None:
    """Until its server says that it is well. Raises `TimeoutError`."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_SECONDS and program.poll() is None:
        try:
            return urllib.request.urlopen(f"{page.url}/_stcore/health", timeout=5).close()
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the page does not answer")
