"""`python -m analysis.app`: the page for students, in the browser of this machine."""

from __future__ import annotations

import argparse
import gc
import importlib.util
import os
import socket
import sys
import threading
import time
import webbrowser
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from types import ModuleType

ADDRESS, PORT = "127.0.0.1", 8501
WRONG_INPUT, INTERRUPTED = 2, 130
SCRIPT = Path(__file__).with_name("script.py")
READY, SCRIPT_THREAD = "get ready", "ScriptRunner.scriptThread"
"""Threads that draw: the page's own, and as Streamlit calls those of its visitors."""
LAST_SECONDS = 10.0
"""They are stopped when the server ends, and stop as soon as they say something."""
FLAGS = {
    "server.address": ADDRESS,
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.maxUploadSize": "1",
    "server.websocketPingInterval": "20",
    "global.disableWidgetStateDuplicationWarning": "true",  # see `keyed`
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showSidebarNavigation": "false",
    "global.developmentMode": "false",
    "theme.base": "light",
    "theme.primaryColor": "#0b5394",
    "theme.textColor": "#1a1a1a",
    "theme.borderColor": "#767676",
    "theme.showWidgetBorder": "true",
    "theme.font": "sans-serif",
    "logger.level": "warning",
}
"""Streamlit's settings, given as flags because the page may be started from any folder."""


def port(text: str) -> int:
    """A port number that anybody may open."""
    if not text.isascii() or not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1024 to 65535, got {text!r}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    usage = argparse.ArgumentParser(prog="python -m analysis.app", description=__doc__)
    usage.add_argument(
        "--port", type=port, default=PORT, metavar="N", help=f"where the page is (default: {PORT})"
    )
    usage.add_argument("--no-browser", action="store_true", help="only say where the page is")
    return usage


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until it is interrupted; returns the exit status: 2 where it cannot start."""
    given = parser().parse_args(arguments)
    if importlib.util.find_spec("streamlit") is None:
        print("the page needs Streamlit: python -m pip install -r requirements-app.txt", file=sys.stderr)
        return WRONG_INPUT
    if is_taken(given.port):
        print(f"port {given.port} is in use: choose another one with --port N", file=sys.stderr)
        return WRONG_INPUT
    page = f"http://{ADDRESS}:{given.port}"
    print(f"The page is at {page}; Ctrl+C ends it.", flush=True)
    if not given.no_browser:
        threading.Thread(target=open_browser, args=(page, given.port), daemon=True).start()
    return serve(given.port)


def is_taken(number: int) -> bool:
    """Whether something else listens there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ADDRESS, number))
        except OSError:
            return True
    return False


def open_browser(page: str, number: int) -> None:
    """Open the page once something answers there."""
    for _ in range(100):
        time.sleep(0.1)
        if is_taken(number):
            webbrowser.open(page)
            return


def serve(number: int) -> int:
    """Streamlit loads beside the engine; then what draws, while the first replications run and the browser loads."""
    from analysis.app.opening import begin_opening

    begun = ThreadPoolExecutor(1).submit(begin_opening)  # which waits for the engine
    gc.disable()  # what is loaded stays: looking it through on the way takes a seventh of the time
    cli = streamlit()

    threading.Thread(target=get_ready, name=READY, args=(begun,), daemon=True).start()
    flags = [f"--{name}={value}" for name, value in {**FLAGS, "server.port": str(number)}.items()]
    try:
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):  # its reader may be gone
            cli.main(["run", str(SCRIPT), *flags], standalone_mode=False)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        from analysis.app.live import live

        live().close()
        let_finish()
    return 0


def streamlit() -> ModuleType:
    """Streamlit's command. Without Plotly, which it would load for charts that the page has none of."""
    sys.modules["plotly"] = None
    from streamlit.web import cli

    return cli


def let_finish() -> None:
    """Wait for whoever still draws: a thread that Python ends while it is inside Matplotlib's C++ aborts the process."""
    ends = time.monotonic() + LAST_SECONDS
    for thread in threading.enumerate():
        if thread.name in (READY, SCRIPT_THREAD):
            thread.join(max(ends - time.monotonic(), 0))


def get_ready(begun: Future[list[Future[bytes]]]) -> None:
    """Load all that draws, and take over the first replications. Beside Streamlit's loading both would clash."""
    try:
        import_module("analysis.app.page")
        from analysis.app.opening import take_over

        for replication in begun.result():
            take_over(replication.result())
    finally:
        gc.freeze()  # Streamlit collects after every run of the page: it need not look through all that is loaded
        gc.enable()


if __name__ == "__main__":
    sys.exit(main())
