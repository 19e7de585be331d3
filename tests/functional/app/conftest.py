"""The page over two little provision models, without a browser."""

from __future__ import annotations

import pytest

from tests.functional.conftest import FAR, NEAR

pytest.importorskip("streamlit", reason="the page needs Streamlit: requirements-app.txt")

from streamlit.testing.v1 import AppTest

from analysis.app import asked, catalogue, page
from analysis.app.live import Live

SCRIPT = catalogue.SCENARIOS.parent / "analysis" / "app" / "script.py"
BROKEN = """\
title: a scenario that is none
question: What does the page say of it?
extends: far.yaml
booking: {minimum_notice: 90 days}
"""


@pytest.fixture(scope="session")
def little(tmp_path_factory):
    """A folder of scenarios in place of the shipped ones."""
    folder = tmp_path_factory.mktemp("scenarios")
    for name, text in {"far": FAR, "near": NEAR, "broken": BROKEN}.items():
        (folder / f"{name}.yaml").write_text(text)
    (folder / "sources.yaml").write_text(
        "some-source: {title: A source, publisher: Somebody, date: 2020-01-01}\n"
    )
    return folder


@pytest.fixture
def opened(little, monkeypatch, live):
    """Opens the page at an address; returns it after its first run."""
    monkeypatch.setattr(catalogue, "SCENARIOS", little)
    for name in ("catalogue", "address"):
        monkeypatch.setattr(f"analysis.app.{name}.FIRST", "near")
    monkeypatch.setattr(page, "FIRST_WAIT_SECONDS", 120)
    for module in ("page", "views"):
        monkeypatch.setattr(f"analysis.app.{module}.live", lambda: live)
    cached = (catalogue.offered, catalogue.sources, asked.movable, asked._read)
    for function in cached:
        function.cache_clear()

    def opened(**parameters) -> AppTest:
        test = AppTest.from_file(str(SCRIPT), default_timeout=300)
        for name, value in ({"replications": "2"} | parameters).items():
            test.query_params[name] = value
        return test.run()

    yield opened
    for function in cached:
        function.cache_clear()


@pytest.fixture(scope="session")
def live():
    """A live engine of the tests' own."""
    engine = Live(workers=2)
    yield engine
    engine.close()


def text_of(test: AppTest) -> str:
    """Everything that is said on the page as HTML."""
    return "\n".join(one.proto.body for one in test.get("html"))
