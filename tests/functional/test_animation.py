"""`python -m analysis.animate FOLDER`: the page that it writes, as a browser and a reader see it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from analysis import animate, kept
from analysis.animation import history
from analysis.animation.history import BOOKED, GONE, LEFT, LISTED, REPORTED, SCANNED, UNREPORTED, VETTING
from analysis.loaded import load
from tests.functional.conftest import HOME

SHORT = ["--days", "2", "--every", "120"]


@pytest.fixture(scope="module")
def rich(run, tmp_path_factory):
    """A run of which patients miss slots, are rejected, give up and are displaced."""
    out = tmp_path_factory.mktemp("rich")
    some = {
        "attendance.missed": "20 %",
        "vetting.rejected": "5 %",
        "scanning.MRI.uptime": "90 %",
        "demand.MRI.per_year": "3000 per year",
    }
    settings = [word for path, value in some.items() for word in ("--set", f"{path}={value}")]
    run(out, "--replications", "1", "--workers", "1", "--keep-patients", *settings)
    (folder,) = out.iterdir()
    return load(folder)


# ---- the history is that of the tables


@pytest.fixture(scope="module", params=["far", "near"])
def told(rich, request):
    """(referrals, appointments, history) of an arm."""
    tables = [
        kept.read_one(rich, name, columns, request.param, 0)
        for name, columns in (("referrals", history.REFERRALS), ("appointments", history.APPOINTMENTS))
    ]
    assert {"missed", "displaced"} <= set(tables[1].outcome) and tables[0].left.notna().any()
    return *tables, history.of_patients(*tables)


@pytest.mark.slow
def test_every_patients_moves_are_in_order_and_end_as_the_table_says(told):
    referrals, _, moves = told
    assert set(moves.patient) == set(referrals.referral)
    assert (moves.groupby("patient").time.diff().dropna() >= 0).all()
    first = moves.groupby("patient").first()
    assert (first.stage == VETTING).all()
    assert (first.time == referrals.set_index("referral").referred).all()
    last = moves[moves.stage != GONE].groupby("patient").stage.last()
    done = referrals.set_index("referral")
    assert set(last[done.reported.notna()]) == {REPORTED}
    assert set(last[done.left.notna()]) == {LEFT}
    assert set(last[done.scanned.notna() & done.reported.isna()]) <= {UNREPORTED}
    assert set(last[done.scanned.isna() & done.left.isna()]) <= {VETTING, LISTED, BOOKED}


@pytest.mark.slow
def test_every_date_of_the_tables_is_a_move_and_every_move_is_a_date_of_the_tables(told):
    referrals, appointments, moves = told
    for column, stage in {
        "referred": VETTING,
        "scanned": UNREPORTED,
        "reported": REPORTED,
        "left": LEFT,
    }.items():
        assert dates(moves[moves.stage == stage], "patient", "time") == dates(referrals, "referral", column)
    for column, stage in {"booked": BOOKED, "scan_start": SCANNED}.items():
        assert dates(moves[moves.stage == stage], "patient", "time") == dates(
            appointments, "referral", column
        )


def dates(rows: pd.DataFrame, who: str, column: str) -> list[tuple[int, float]]:
    """(patient, date) of the rows that have one, in order."""
    found = rows[rows[column].notna()]
    return sorted(zip(found[who].tolist(), found[column].tolist()))


@pytest.mark.slow
def test_the_list_at_month_ends_is_that_of_the_census(rich):
    """Vetting, list and diary together, at the midnight after the last day of each month."""
    for arm in rich.arms:
        tables = [
            kept.read_one(rich, name, columns, arm, 0)
            for name, columns in (("referrals", history.REFERRALS), ("appointments", history.APPOINTMENTS))
        ]
        moves = history.of_patients(*tables)
        census = rich.census[rich.census.scenario == arm]
        start = pd.Timestamp(rich.starts)
        for end, listed in zip(pd.to_datetime(census.Period), census["Total WL"]):
            stand = history.stands(moves, (end - start).days + 1 - 1e-9)
            assert stand.stage.isin([VETTING, LISTED, BOOKED, SCANNED]).sum() == listed
        assert census["Total WL"].max() > 20


# ---- the page


@pytest.fixture(scope="module")
def animated(finished, tmp_path_factory):
    """A copy of a run's folder with its animation."""
    pytest.importorskip("vidigi")
    folder = shutil.copytree(finished[0], tmp_path_factory.mktemp("animated") / "near")
    assert animate.main([str(folder), *SHORT]) == 0
    return folder


def numbers(page: str) -> dict:
    """What the page's script reads."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1])


@pytest.mark.slow
def test_a_moved_folder_makes_the_same_page_byte_for_byte(animated, tmp_path):
    moved = shutil.copytree(animated, tmp_path / "elsewhere" / "near")
    page = moved / "animation.html"
    page.unlink()
    again = [sys.executable, "-m", "analysis.animate", str(moved), *SHORT]
    subprocess.run(again, cwd=HOME, check=True, capture_output=True)
    assert page.read_bytes() == (animated / "animation.html").read_bytes()
    crate = json.loads((animated / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert "animation.html" in {entity["@id"] for entity in crate["@graph"]}


@pytest.mark.slow
def test_the_page_shows_as_many_as_the_tables_have(animated):
    """Labels, words and symbols of each frame say the same as the history."""
    page = (animated / "animation.html").read_text(encoding="utf-8")
    found, results = numbers(page), load(animated)
    assert len(found["dates"]) == len(found["said"]) == len(found["people"]) > 5
    start = pd.Timestamp(results.starts)
    tables = {
        arm: history.of_patients(
            kept.read_one(results, "referrals", history.REFERRALS, arm, 0),
            kept.read_one(results, "appointments", history.APPOINTMENTS, arm, 0),
        )
        for arm in results.arms
    }
    for date, said in zip(found["dates"], found["said"]):
        day = (pd.to_datetime(date, format="%a %d %B %Y, %H:%M") - start) / pd.Timedelta(days=1)
        for arm, words in zip(results.arms, said.split("; ")):
            stages = history.stands(tables[arm], day + 1e-9).stage.value_counts()
            booked = re.search(r"([\d,]+) booked", words)[1]
            assert words.startswith(f"{arm}: ") and int(booked) == stages.get(BOOKED, 0)
    assert len(page.encode()) < 8e6


@pytest.mark.slow
def test_the_page_says_how_it_was_made_and_the_van_moves(animated):
    page = (animated / "animation.html").read_text(encoding="utf-8")
    assert "seed 1" in page and "--replications 4" in page and "Imaging Waits 0" in page
    assert "python -m analysis.animate results/near --arm far --arm near --replication 0" in page
    assert "mobile scanner" in page and "Content-Security-Policy" in page
    van = [frame[-1] for frame in numbers(page)["people"]]
    assert len({tuple(x) + tuple(y) for x, y, _ in van if x}) == 2, "at the clinic, and elsewhere"


@pytest.mark.slow
@pytest.mark.parametrize("width", [1200, 400])
def test_in_a_browser_it_asks_for_nothing_and_begins_when_told(animated, width):
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium here")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 800}, reduced_motion="reduce")
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto((animated / "animation.html").as_uri())
        page.wait_for_selector("#picture svg .point")
        first = page.locator("#date").text_content()
        page.wait_for_timeout(1200)
        assert page.locator("#date").text_content() == first, "it plays by itself"
        page.click("#play")
        playwright.expect(page.locator("#date")).not_to_have_text(first)
        page.click("#play")
        assert page.locator("#play").text_content() == "Play"
        assert page.locator("#date").text_content() != first
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert said == [] and asked == [(animated / "animation.html").as_uri()]


# ---- bad input


WRONG = {
    "no such arm": (["--arm", "nearr"], "its arms are far, near"),
    "no such replication": (["--replication", "4"], "they are 0 to 3"),
    "a window outside the run": (["--first", "2031-01-01"], "are not in it"),
    "a window that ends after the run": (["--days", "4000"], "are not in it"),
    "no such modality": (["--modality", "CT"], "it has MRI"),
    "no such site": (["--site", "Nowhere"], "there are Clinic, Hospital"),
    "too much": (["--every", "1"], "more than a page can carry"),
}


@pytest.mark.parametrize("how", WRONG)
def test_what_cannot_be_drawn_is_refused_in_one_line(finished, tmp_path, capsys, how):
    pytest.importorskip("vidigi")
    asked, words = WRONG[how]
    assert animate.main([str(finished[0]), "--out", str(tmp_path / "out"), *asked]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1 and words in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "asked", [["--days", "0"], ["--replication", "-1"], ["--first", "tomorrow"], ["--every", "x"]]
)
def test_an_option_that_is_no_number_or_date_is_refused(finished, tmp_path, capsys, asked):
    with pytest.raises(SystemExit) as left:
        animate.main([str(finished[0]), "--out", str(tmp_path / "out"), *asked])
    assert left.value.code == 2 and f"argument {asked[0]}: must be" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_patients_it_says_which_option_keeps_them(finished, tmp_path, capsys):
    pytest.importorskip("vidigi")
    folder = shutil.copytree(finished[0], tmp_path / "near", ignore=shutil.ignore_patterns("patients"))
    assert animate.main([str(folder)]) == 2
    assert "--keep-patients" in capsys.readouterr().err and not (folder / "animation.html").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path, capsys):
    assert animate.main([str(tmp_path / "nothing")]) == 2
    assert str(tmp_path / "nothing") in capsys.readouterr().err


def test_without_the_package_it_says_how_to_install_it(finished, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(animate.util, "find_spec", lambda name: None if name == "vidigi" else object())
    assert animate.main([str(finished[0]), "--out", str(tmp_path / "out")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "vidigi" in line and "pip install -r requirements-app.txt" in line
    assert not (tmp_path / "out").exists()
