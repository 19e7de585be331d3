"""Tabs, steps back and changes that overtake each other, in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.functional.app.served import BROWSER

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
AS_IT_IS = "With the numbers of the scenario as it is; seed 1."


def with_load(percent: int) -> str:
    """What an answer says it is about."""
    return f"With workforce.planned_load = {percent} %; seed 1."


def move(page: Page, key: str, percent: int) -> str:
    """One step of the slider, and the answer to it."""
    slider(page, LOAD).focus()
    page.keyboard.press(key)
    expect(answer_of(page)).to_contain_text(with_load(percent))
    return settle(page)


def expect_again(page: Page, percent: int, answer: str) -> None:
    """Slider and answer of a setting that was there before."""
    expect(slider(page, LOAD)).to_have_value(str(percent))
    expect(answer_of(page)).to_have_text(answer, use_inner_text=True)


def test_back_and_forward_bring_back_settings_answers_and_views(visit):
    page = visit()
    first = settle(page)
    drawn = picture(page).get_attribute("alt")
    second = move(page, "ArrowLeft", 89)
    third = move(page, "ArrowLeft", 88)
    assert len({first, second, third}) == 3
    choose_view(page, "Tables")
    expect(page.get_by_role("table").first).to_be_visible()
    page.wait_for_url("**view=tables**")

    page.go_back()
    expect(page.get_by_role("radio", name="Waits", exact=True)).to_be_checked()
    expect_again(page, 88, third)
    page.go_back()
    expect_again(page, 89, second)
    page.go_back()
    expect_again(page, 90, first)
    expect(picture(page)).to_have_attribute("alt", drawn)
    page.go_forward()
    expect_again(page, 89, second)
    slider(page, LOAD).press("ArrowRight")
    expect_again(page, 90, first)


def test_what_back_sets_is_never_on_the_page_twice(visit):
    page = visit()
    settle(page)
    move(page, "ArrowLeft", 89)
    choose_view(page, "Tables")
    page.wait_for_url("**view=tables**")
    be_still(page)
    page.evaluate(
        """label => {
        window.most = {};
        const look = () => {
            for (const [what, found] of [
                ["slider", `[role=group][aria-label="${label}"]`],
                ["seed", "[data-testid=stNumberInput]"],
                ["view", "[role=radiogroup]"],
            ]) window.most[what] = Math.max(window.most[what] || 0, document.querySelectorAll(found).length);
        };
        new MutationObserver(look).observe(document.body, {subtree: true, childList: true, attributes: true});
        }""",
        LOAD,
    )
    page.go_back()
    expect(page.get_by_role("radio", name="Waits", exact=True)).to_be_checked()
    page.go_back()
    expect(slider(page, LOAD)).to_have_value("90")
    be_still(page)
    assert page.evaluate("window.most") == {"slider": 1, "seed": 1, "view": 1}


def test_back_in_a_lesson_brings_back_its_sliders_and_leaves_it_for_what_was_explored(visit):
    page = visit(QUICK + "&set=workforce.planned_load=80+%25")
    settle(page)
    page.get_by_role("button", name="Lessons").press("Enter")
    page.get_by_text(LESSONS["full_diaries"].title, exact=True).click()
    page.get_by_role("radio", name="those of the small service").press("Space")
    page.get_by_role("button", name="That is my prediction").press("Enter")
    slots = slider(page, "Slots used")
    for expected in ("94", "93"):
        slots.press("ArrowLeft")
        page.wait_for_url(f"**load={expected}")
    page.go_back()
    expect(slots).to_have_value("94")
    expect(page.get_by_role("region", name="What came")).to_contain_text("Both use 94 % of their slots")
    page.go_back()
    expect(slots).to_have_value("95")
    page.go_back()
    expect(slider(page, LOAD)).to_have_value("80")
    expect(answer_of(page)).to_contain_text(with_load(80))


def test_two_tabs_of_one_browser_each_show_the_answer_to_their_own_settings(visit, site):
    one = visit(QUICK)
    other = one.context.new_page()
    other.goto(f"{site.url}{QUICK}&set=workforce.planned_load=80+%25")
    assert AS_IT_IS in settle(one) and with_load(80) in settle(other)
    still = answer_of(other).inner_text()
    watch_answers(other)
    moved = move(one, "ArrowLeft", 89)
    assert set(other.evaluate("window.told")) <= {still} and answer_of(other).inner_text() == still
    assert move(other, "ArrowLeft", 79) not in (still, moved)
    expect_again(one, 89, moved)
    assert "planned_load%3D89" in one.url and "planned_load%3D79" in other.url


def test_of_a_slider_held_down_the_last_setting_is_answered_and_those_on_the_way_are_not_run(visit, site):
    page = visit("/?replications=6")
    before = site.worker_ticks()
    settle(page, 6)
    one_answer = site.worker_ticks() - before
    watch_answers(page)
    slider(page, LOAD).focus()
    before = site.worker_ticks()
    for _ in range(10):
        page.keyboard.down("ArrowLeft")  # held: the key repeats itself
        page.wait_for_timeout(150)
    page.keyboard.up("ArrowLeft")
    expect(answer_of(page)).to_contain_text(with_load(80))
    last = settle(page, 6)
    wait_for_rest(site)
    assert site.worker_ticks() - before < 3 * one_answer, "ten answers were worked out"
    expect(slider(page, LOAD)).to_have_value("80")
    assert answer_of(page).inner_text() == last and "planned_load%3D80" in page.url
    named = [int(found[1]) for text in page.evaluate("window.told") if (found := re.search(r"planned_load = (\d+) %", text))]  # fmt: skip
    assert named == sorted(named, reverse=True) and named[-1] == 80, "no answer comes late"


@pytest.mark.parametrize(
    ("view", "button"), [("why", "Split the difference"), ("swap", "Look for where they swap")]
)
def test_a_search_ends_with_its_tab_and_other_tabs_go_on(visit, site, view, button):
    page, other = visit(f"/?replications=4&seed=3&view={view}"), visit()
    settle(page, 4)
    settle(other)
    page.get_by_role("button", name=button).press("Enter")
    expect(page.get_by_text("Searching:")).to_be_visible()
    before = site.worker_ticks()
    until(lambda: site.worker_ticks() > before + 100, "the workers simulate")
    page.close()
    before = site.worker_ticks()
    wait_for_rest(site)
    ticks_a_second = 100
    assert site.worker_ticks() - before < 10 * ticks_a_second, "the search went on by itself"
    assert move(other, "ArrowLeft", 89)
