"""What a reader does with the page in a browser, and reads there."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, Page, expect

from tests.functional.app.served import PATIENCE_SECONDS

QUICK = "/?replications=2"
LOAD = "Planned load (%)"
expect.set_options(timeout=1000 * PATIENCE_SECONDS)


def answer_of(page: Page) -> Locator:
    """The answer in words."""
    return page.get_by_role("region", name="The answer")


def settle(page: Page, replications: int = 2) -> str:
    """Wait until all is in the answer, and read it."""
    expect(page.get_by_role("status").first).to_have_text(f"All {replications} replications are in this answer.")  # fmt: skip
    be_still(page)
    return answer_of(page).inner_text()


def be_still(page: Page) -> None:
    """Wait until the page works at nothing and nothing on it is about to be replaced."""
    page.wait_for_function("document.querySelector('[data-test-script-state=notRunning]') && !document.querySelector('[data-stale=true]')")  # fmt: skip


def slider(page: Page, label: str) -> Locator:
    """What is moved by the arrow keys."""
    return page.get_by_role("group", name=label, exact=True).get_by_role("slider")


def picture(page: Page) -> Locator:
    """The first picture."""
    return page.locator("figure img").first


def choose_view(page: Page, name: str) -> None:
    """By keyboard, as radio buttons are."""
    page.get_by_role("radio", name=name, exact=True).focus()
    page.keyboard.press("Space")


def watch_answers(page: Page) -> None:
    """Write down every answer that is on the page from now on, each change once."""
    page.evaluate(
        """() => {
        window.told = [];
        const look = () => {
            const answer = document.querySelector("section.answer");
            const text = answer ? answer.innerText : "";
            if (window.told.at(-1) !== text) window.told.push(text);
        };
        new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
        }"""
    )


def wait_for_rest(site) -> None:
    """Until the workers do nothing for a second."""

    def at_rest() -> bool:
        before = site.worker_ticks()
        time.sleep(1)
        return site.worker_ticks() == before

    until(at_rest, "the workers rest")


def until(is_so, what: str) -> None:
    """Look again and again until it is so."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < PATIENCE_SECONDS, f"it never came that {what}"
        time.sleep(0.1)
