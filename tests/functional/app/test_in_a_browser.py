"""The page in a real browser, as a student uses it: by keyboard, on a telephone, with a screen reader."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.functional.app.served import BROWSER, HOME

pytest.importorskip("streamlit", reason="the page needs Streamlit: requirements-app.txt")
pytest.importorskip("playwright.sync_api", reason="needs Playwright: requirements-test.txt")

from playwright.sync_api import Page, expect

from analysis.app.lessons import LESSONS
from tests.functional.app.reader import (
    LOAD,
    QUICK,
    answer_of,
    be_still,
    choose_view,
    picture,
    settle,
    slider,
    until,
    wait_for_rest,
    watch_answers,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="needs Chromium, such as Debian's package chromium"),
]


def test_the_page_opens_with_an_answer_and_a_picture(visit, site):
    page = visit("/")
    expect(answer_of(page)).to_contain_text("Mean wait for place Milton Keynes")
    expect(picture(page)).to_have_attribute("alt", re.compile("Mean waits lie .* days"))
    assert picture(page).evaluate("image => image.complete && image.naturalWidth > 0")
    assert site.listens_on() == {"0100007F"}, "127.0.0.1 and nothing else"


def test_a_slider_moved_by_keyboard_gives_the_answer_to_the_new_setting(visit, site):
    page = visit()
    before = settle(page)
    assert "the numbers of the scenario as it is; seed 1" in before
    watch_answers(page)
    slider(page, LOAD).focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(answer_of(page)).to_contain_text("With workforce.planned_load = 87 %; seed 1.")
    after = settle(page)
    expect(slider(page, LOAD)).to_have_value("87")
    assert after.splitlines()[0] != before.splitlines()[0]
    told = page.evaluate("window.told")
    gone = next(place for place, text in enumerate(told) if text != before)
    assert before not in told[gone:], "the answer to the old setting does not come back"
    named = re.compile(r"With workforce.planned_load = 8[789] %; seed 1\.$")
    assert all(named.search(text) for text in told[gone:] if text), told
    assert parse_qs(urlsplit(page.url).query)["set"] == ["workforce.planned_load=87 %"]

    again = visit(page.url.removeprefix(site.url))
    assert settle(again) == after, "a link opens the same settings, for somebody else"
    expect(slider(again, LOAD)).to_have_value("87")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?replications=2&scenario=../../etc/passwd", "There is no scenario"),
        ("/?replications=2&set=workforce.planned_load=900+%25", "workforce.planned_load must be from"),
        ("/?replications=2&seed=<script>alert(1)</script>", "seed must be a whole number"),
        ("/full_diaries?load=lots", "load must be one number from 70 to 97"),
    ],
)
def test_a_bad_address_is_told_without_a_trace_of_the_machine(visit, address, said):
    page = visit(address)
    expect(page.get_by_role("alert").first).to_contain_text(said)
    text = page.locator("body").inner_text()
    for leak in ("Traceback", ".py", str(HOME), "/home", "/usr", sys.prefix):
        assert leak not in text
    assert page.locator("script", has_text="alert(1)").count() == 0


def test_a_lesson_asks_for_a_prediction_and_then_shows_theory_beside_the_simulation(visit):
    page = visit("/full_diaries")
    expect(page.get_by_role("heading", name="Say first what you expect")).to_be_visible()
    assert picture(page).count() == 0 and page.get_by_role("region", name="Theory").count() == 0
    page.get_by_role("radio", name="those of the small service").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="That is my prediction").focus()
    page.keyboard.press("Enter")
    said = page.get_by_role("region", name="What came")
    expect(said).to_contain_text("You said: those of the small service. That is what came.")
    theory = page.get_by_role("region", name="Theory", exact=True)
    expect(theory).to_contain_text("Bailey")
    headings = theory.get_by_role("columnheader").all_inner_texts()
    assert {"simulated mean", "theory"} <= {text.strip() for text in headings}
    expect(picture(page)).to_have_attribute("alt", re.compile("Mean wait over the share of slots used"))
    slider(page, "Slots used").focus()
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("Both use 94 % of their slots")
    assert "load=94" in page.url


def test_the_download_gives_the_numbers_of_the_page_through_run_py(visit, tmp_path):
    page = visit(QUICK + "&seed=7&set=workforce.planned_load=84+%25&view=download")
    shown = settle(page)
    button = page.get_by_role("button", name="Download the scenario", exact=True)
    with page.expect_download() as coming:
        button.focus()
        page.keyboard.press("Enter")
    coming.value.save_as(tmp_path / "page.zip")
    zipfile.ZipFile(tmp_path / "page.zip").extractall(tmp_path)
    scenario = tmp_path / "outsourced-page" / "outsourced.yaml"
    ran = subprocess.run([sys.executable, str(HOME / "run.py"), str(scenario), "--out", str(tmp_path / "out"), "--quiet"],
                         capture_output=True, text=True)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    with open(tmp_path / "out" / "outsourced" / "comparison.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    headline = ("wait_days_mean", "place=Milton Keynes")
    (row,) = (row for row in rows if (row["measure"], row["group"]) == headline)
    on_page = re.search(
        r"difference ([+−][\d.]+) days, 95 % interval ([+−]\d+\.\d+) to ([+−]\d+\.\d+)", shown
    )
    for text, column in zip(on_page.groups(), ("difference", "lower", "upper")):
        assert float(text.replace("−", "-")) == pytest.approx(float(row[column]), abs=0.006), column


SLIM_PICTURES = {
    "Waits": "Mean waits lie",
    "Map and travel": "Where people are scanned",
    "Gaps between people": "Mean wait and journey",
    "Where the slots went": "Minutes with a patient",
    "One patient": "The same patient",
    "One scanner's week": "Appointments of",
}
"""Views with pictures that a narrow screen shows whole, and how the alternative text of one begins."""


@pytest.mark.parametrize("width", [360, 1920])
def test_nothing_sticks_out_and_all_is_reached(visit, width):
    page = visit(width=width)
    settle(page)
    if width == 360:
        for view, alt in SLIM_PICTURES.items():
            choose_view(page, view)
            drawn = page.locator(f'img[alt^="{alt}"]:visible').first
            expect(drawn).to_be_visible()
            frame, box = page.get_by_role("heading", level=1).bounding_box(), drawn.bounding_box()
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1, (
                f"{view}: nobody has to scroll sideways"
            )
    for view in ("Tables", "Lists over time"):
        choose_view(page, view)
        expect(page.get_by_role("radio", name=view, exact=True)).to_be_checked()
        expect(page.locator("figure img:visible, table:visible").first).to_be_visible()
        assert sticks_out(page) == []
    if width == 360:
        page.get_by_test_id("stExpandSidebarButton").click()
    moved = page.get_by_role("group", name=LOAD, exact=True)
    moved.scroll_into_view_if_needed()
    expect(moved).to_be_in_viewport()
    reached = moved.bounding_box()
    assert reached["x"] >= 0 and reached["x"] + reached["width"] <= width
    if width == 1920:
        page.get_by_role("button", name="Lessons").click()
    page.get_by_text(LESSONS["full_diaries"].title, exact=True).click()
    expect(page.get_by_role("heading", name="Say first what you expect")).to_be_visible()
    assert sticks_out(page) == []


def sticks_out(page: Page) -> list[str]:
    """Texts and pictures wider than the page, but for what scrolls in a frame of its own."""
    return page.evaluate(
        """() => {
        const wide = document.documentElement.clientWidth;
        const scrolls = document.documentElement.scrollWidth > wide ? ["the page"] : [];
        const parts = [...document.querySelectorAll(".stMain p, .stMain h1, .stMain h2, .stMain .scroll, .stMain button, .stMain label")];
        const out = parts.filter(e => !e.parentElement.closest(".scroll") && e.getBoundingClientRect().right > wide + 1);
        return [...scrolls, ...out.map(e => e.outerHTML.slice(0, 200))];
        }"""
    )


def test_no_serious_fault_of_accessibility_on_any_view_or_lesson(visit):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit()
    settle(page)
    views = page.get_by_role("radiogroup", name="View").get_by_role("radio")
    expect(views.nth(8)).to_be_visible()  # the last redrawing may still be under way
    for place in range(views.count()):
        views.nth(place).focus()
        page.keyboard.press("Space")
        expect(views.nth(place)).to_be_checked()
        settle(page)
        expect(page.get_by_text("with its patients kept")).to_have_count(0)
        assert faults(axe, page) == [], place
    for lesson in ("full_diaries", "one_run"):
        page = visit(f"/{lesson}")
        expect(page.get_by_role("button", name="That is my prediction")).to_be_visible()
        assert faults(axe, page) == [], lesson


def faults(axe, page: Page) -> list[str]:
    """Serious and critical violations that stay: what is about to be replaced is paler meanwhile."""
    return violations(axe, page) and violations(axe, page)


def violations(axe, page: Page) -> list[str]:
    """Those there are once nothing on the page fades in or out any more."""
    be_still(page)
    page.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")
    found = axe.run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_with_the_tab_key_alone_sliders_views_and_downloads_are_reached(visit):
    page = visit(QUICK + "&view=download")
    settle(page)
    reached = names_by_tab(page, 80)
    order = [next((place for place, name in enumerate(reached) if wanted in name), None)
             for wanted in ("Skip to main content", "Scenario", LOAD, "Replications", "Explore", "Lessons", "Download", "Download the scenario")]  # fmt: skip
    assert None not in order, reached
    assert order[0] == 0 and order[1] < order[2] < order[3]


def names_by_tab(page: Page, most: int) -> list[str]:
    """The accessible names of what the Tab key stops at, from the beginning of the page."""
    page.evaluate("document.activeElement.blur()")
    names = []
    for _ in range(most):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.closest('label')?.innerText || document.activeElement.innerText || ''"))  # fmt: skip
    return names


def test_two_visitors_at_once_each_have_their_own_answer(visit):
    one, other = visit("/?replications=6"), visit(QUICK + "&set=workforce.planned_load=80+%25")
    second = settle(other)
    first = settle(one, 6)
    assert "With workforce.planned_load = 80 %" in second
    assert "the numbers of the scenario as it is" in first
    assert answer_of(other).inner_text() == second


def test_a_large_scenario_waits_for_its_button_and_a_change_stops_it(visit, site):
    page = visit(QUICK + "&scenario=network_today")
    expect(page.get_by_text("referrals a replication")).to_contain_text(re.compile("would take about .* (seconds|minutes)"))  # fmt: skip
    wait_for_rest(site)
    assert answer_of(page).count() == 0 and page.locator("progress").count() == 0
    page.get_by_role("button", name="Run", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible()
    before = site.worker_ticks()
    until(lambda: site.worker_ticks() > before + 20, "the workers simulate")
    slider(page, "Replications").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    expect(page.locator("progress")).to_have_count(0)
    wait_for_rest(site)
    assert answer_of(page).count() == 0
