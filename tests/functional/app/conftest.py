"""The page over two little provision models without a browser, and the shipped page in one."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.functional.app.served import BROWSER, PATIENCE_SECONDS, SWITCHES, served
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
    for module in ("page", "views", "choosing"):
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


# ---- in a browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The running page."""
    with served(tmp_path_factory.mktemp("elsewhere")) as page:
        yield page


@pytest.fixture(scope="module")
def chromium():
    """A browser without a window."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: requirements-test.txt")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def visit(site, chromium):
    """A new visitor at an address of the page. All that their browser asks for has to be on this machine."""
    contexts, asked = [], set()

    def visit(address: str = "/?replications=2", width: int = 1200):
        context = chromium.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        context.on("request", lambda request: asked.add(request.url))
        contexts.append(context)
        page = context.new_page()
        page.on("websocket", lambda socket: asked.add(socket.url))
        page.goto(site.url + address)
        return page

    yield visit
    for context in contexts:
        context.close()
    away = [url for url in asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != f"127.0.0.1:{site.port}"]  # fmt: skip
    assert not away
    assert {"http", "ws"} <= {urlsplit(url).scheme for url in asked}
