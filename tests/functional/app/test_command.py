"""`python -m analysis.app`, and what it says when it cannot start."""

from __future__ import annotations

import importlib.util
import inspect
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

from analysis.app import __main__ as command
from tests.functional.conftest import HOME


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.mark.parametrize("port", ["80", "70000", "eight", "-1", "85.1"])
def test_a_bad_port_is_one_line_and_status_2(port, capsys):
    with pytest.raises(SystemExit) as left:
        command.main(["--port", port])
    assert left.value.code == 2
    assert "must be a whole number from 1024 to 65535" in capsys.readouterr().err


def test_a_port_in_use_is_one_line_and_status_2(capsys):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        taken = one.getsockname()[1]
        assert command.main(["--port", str(taken), "--no-browser"]) == 2
    assert capsys.readouterr().err == f"port {taken} is in use: choose another one with --port N\n"


def test_without_streamlit_the_line_says_how_to_install_it(monkeypatch, capsys):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "streamlit" else real(name, *more)
    )
    assert command.main(["--no-browser"]) == 2
    assert (
        capsys.readouterr().err == "the page needs Streamlit: python -m pip install -r requirements-app.txt\n"
    )


def test_no_figures_of_use_are_sent_and_nobody_else_reaches_the_page():
    flags = command.FLAGS
    assert flags["browser.gatherUsageStats"] == "false" and flags["server.address"] == "127.0.0.1"
    assert flags["client.showErrorDetails"] == "none"


def test_what_draws_other_charts_is_not_loaded():
    """Plotly is installed for animations, and Streamlit loads what it finds: an eighth of a second, and 18 MB."""
    pytest.importorskip("streamlit")
    program = (
        "import sys; from analysis.app.__main__ import streamlit; streamlit(); import analysis.app.page; "
        "print([name for name in sys.modules if name.startswith(('plotly.', '_plotly_utils'))])"
    )
    found = subprocess.run([sys.executable, "-c", program], cwd=HOME, capture_output=True, text=True)
    assert found.stdout == "[]\n", found.stderr


def test_who_still_draws_at_the_end_is_waited_for():
    """A thread that Python ends inside Matplotlib's C++ ends the whole process with a complaint."""
    runner = pytest.importorskip("streamlit.runtime.scriptrunner").ScriptRunner
    assert f'name="{command.SCRIPT_THREAD}"' in inspect.getsource(runner.start), "as Streamlit calls it"
    drawing = threading.Thread(target=time.sleep, args=(0.3,), name=command.SCRIPT_THREAD, daemon=True)
    drawing.start()
    command.let_finish()
    assert not drawing.is_alive()


@pytest.mark.slow
def test_it_serves_on_this_machine_only_from_any_folder(tmp_path):
    pytest.importorskip("streamlit")
    port = free_port()
    program = subprocess.Popen(
        [sys.executable, "-m", "analysis.app", "--port", str(port), "--no-browser"],
        cwd=tmp_path, env={"PYTHONPATH": str(HOME), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert program.stdout.readline() == f"The page is at http://127.0.0.1:{port}; Ctrl+C ends it.\n"
        program.stdout.close()  # as `| head -1` does
        assert answers(f"http://127.0.0.1:{port}/_stcore/health") == b"ok"
        assert not (tmp_path / ".streamlit").exists()
        other = next((a[4][0] for a in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET) if a[4][0] != "127.0.0.1"), None)  # fmt: skip
        if other:
            with pytest.raises(OSError):
                socket.create_connection((other, port), timeout=2).close()
    finally:
        program.terminate()
        assert program.wait(60) == 0


def answers(url: str) -> bytes:
    began = time.monotonic()
    while True:
        try:
            return urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            if time.monotonic() - began > 300:
                raise
            time.sleep(0.3)
