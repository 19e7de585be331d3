"""The students' page in a browser: seconds to the first picture, from slider to picture, and memory.

    python tests/benchmarks/page.py [--moves N] [--changes N]

Aims: 5 s from start to the first picture, 1 s from a slider to a picture of the new setting (median), 400 MB
for server and workers together after 200 changes. A machine that is busy with something else is slower than
that; how busy it was is printed. It is started once before it is timed, as on any user's machine, and what Python has then
compiled is kept in a folder of the benchmark's, also where the environment says otherwise: compiling all that the
page loads takes a second and more. The browser itself looks in every frame whether the words and the decoded picture
are there: who asks it now and then from outside finds them up to half a second late. Memory is told twice: what is shared between the processes counted once
(PSS), and counted in each (RSS).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.functional.app.served import BROWSER, PATIENCE_SECONDS, SWITCHES, Served, served

STARTS = 3
SLIDER = "Planned load (%)"
LEAST, MOST = 70, 100
SEEN = """text => [...document.querySelectorAll("section.answer")].some(words => words.textContent.includes(text))
    && [...document.querySelectorAll("figure img")].some(picture => picture.complete && picture.naturalWidth)"""
"""Whether words with this text and a picture stand on the page."""


def main() -> None:
    """Start, move, change, and print."""
    usage = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usage.add_argument("--moves", type=int, default=20, help="timed moves of a slider (default: 20)")
    usage.add_argument(
        "--changes", type=int, default=200, help="changes before memory is read (default: 200)"
    )
    given = usage.parse_args()
    expect.set_options(timeout=1000 * PATIENCE_SECONDS)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as compiled, sync_playwright() as driver:
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        browser = driver.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        starts = []
        for number in range(STARTS + 1):
            began = time.perf_counter()
            with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as site:
                page = browser.new_page()
                page.set_default_timeout(1000 * PATIENCE_SECONDS)
                page.goto(site.url)
                page.wait_for_function(SEEN, arg="")
                if number:
                    starts.append(time.perf_counter() - began)
                if number == STARTS:
                    told("start to first picture", starts)
                    move_and_change(page, site, given.moves, given.changes)
                page.close()
        browser.close()


def move_and_change(page: Page, site: Served, moves: int, changes: int) -> None:
    """Time some moves, then make many and read the memory now and then."""
    expect(page.locator("progress")).to_have_count(0)
    value = int(page.get_by_role("group", name=SLIDER, exact=True).get_by_role("slider").input_value())
    seconds, step = [], -1
    print(f"memory before: {memory(site)}", flush=True)
    for done in range(1, changes + 1):
        if not LEAST <= value + step <= MOST:
            step = -step
        value += step
        seconds.append(move(page, "ArrowRight" if step > 0 else "ArrowLeft", value))
        if done == moves:
            told("slider to picture, settings not seen before", seconds)
        if done % 50 == 0:
            print(f"memory after {done} changes: {memory(site)}", flush=True)
    if seconds:
        told("slider to picture, all changes", seconds)


def move(page: Page, key: str, value: int) -> float:
    """Press an arrow key on the slider; seconds until answer and picture are those of the new value."""
    page.get_by_role("group", name=SLIDER, exact=True).get_by_role("slider").focus()
    began = time.perf_counter()
    page.keyboard.press(key)
    changed = "the numbers of the scenario" if value == 90 else f"workforce.planned_load = {value} %"
    page.wait_for_function(SEEN, arg=changed)
    return time.perf_counter() - began


def memory(site: Served) -> str:
    """Server and workers together."""
    counted = " ".join(f"{site.memory_mb(field):.0f} MB {field}" for field in ("Pss", "Rss"))
    return f"{counted} in {len(site.processes())} processes"


def told(what: str, seconds: list[float]) -> None:
    """Median and range, and how busy the machine was."""
    print(
        f"{what}: median {statistics.median(seconds):.2f} s, {min(seconds):.2f} to {max(seconds):.2f}, "
        f"{len(seconds)} times; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        flush=True,
    )


if __name__ == "__main__":
    main()
