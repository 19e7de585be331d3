"""MRI and CT on opening lists: what is on the screen and on the page stands in the tables."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.tables import difference
from analysis.words import interval, number
from tests.functional.conftest import HOME
from tests.functional.test_report import Page
from tests.world import SMALL

BANDS = {
    "MRI": [40, 30, 20, 10, 8, 6, 5, 4, 3, 2, 2, 1, 1, 8],
    "CT": [20, 15, 10, 5, 3, 2, 1, 1, 1, 0, 0, 0, 0, 2],
}
TWO = f"""\
title: two tests in two towns
question: How long are the lists a year on?
extends: {SMALL}
headline: {{measure: over_6_weeks_percent, group: modality=MRI, matters: 5 %}}
places:
  Village: {{population: 50000 people, households_without_car: 10 %, latitude: 52.0 degrees, longitude: -1.0 degrees}}
demand:
  MRI: &demand
    per_year: 3500 per year
    priority: {{urgent_suspected_cancer: 0 %, urgent: 0 %, routine: 100 %}}
    complex: 0 %
    weekdays: {{monday: 20 %, tuesday: 20 %, wednesday: 20 %, thursday: 20 %, friday: 20 %, saturday: 0 %, sunday: 0 %}}
    opens: 08:00
    closes: 18:00
    unscheduled: {{per_year: 200 per year}}
  CT: *demand
opening_list:
  mri: {{modality: MRI, bands: {BANDS["MRI"]}}}
  ct: {{modality: CT, bands: {BANDS["CT"]}}}
scanning:
  CT: {{couch_time: 20 minutes, couch_time_variation: 0.1, made_up_by_longer_scanning: 1, longest_wait_on_the_day: 60 minutes, longest_overrun: 60 minutes, uptime: 100 %, repair_time: 1 day, on_the_table: rebooked, place_after_displaced: keeps_place}}
fleet:
  scanner: {{on_call: true}}
  ct: {{kind: fixed, modality: CT, provider: Trust, site: Hospital, days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], opens: 08:00, closes: 18:00, slots_per_day: 12 per day, on_call: true}}
"""
MORE = """\
title: more CT
extends: two.yaml
compare_with: two.yaml
fleet: {ct: {slots_per_day: 14 per day}}
"""
ROWS = {
    "MRI": "modality=MRI",
    "CT": "modality=CT",
    "Town": "modality=CT;place=Town",
    "Village": "modality=CT;place=Village",
    "already waiting": "modality=CT;opening=already waiting",
    "new referrals": "modality=CT;opening=new",
}


def ran(out: Path, *files: Path) -> str:
    """Runs scenario files for two replications; what was printed."""
    words = [
        sys.executable,
        str(HOME / "run.py"),
        *map(str, files),
        "--replications",
        "2",
        "--out",
        str(out),
        "--quiet",
    ]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory) -> Path:
    """`two.yaml`, and `more.yaml` that is compared with it."""
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "two.yaml").write_text(TWO)
    (folder / "more.yaml").write_text(MORE)
    return folder


@pytest.fixture(scope="module")
def alone(scenarios, tmp_path_factory) -> tuple[Path, str]:
    """(results folder, what was printed) of one scenario."""
    out = tmp_path_factory.mktemp("alone")
    return out / "two", ran(out, scenarios / "two.yaml")


@pytest.fixture(scope="module")
def compared(scenarios, tmp_path_factory) -> tuple[Path, str]:
    """(results folder, what was printed) of two scenarios."""
    out = tmp_path_factory.mktemp("compared")
    return out / "more", ran(out, scenarios / "more.yaml")


@pytest.fixture(scope="module")
def five(scenarios, tmp_path_factory) -> tuple[Path, str]:
    """(results folder, what was printed) of five scenarios, four of them with more CT."""
    out, files = (
        tmp_path_factory.mktemp("five"),
        [scenarios / f"more_{slots}.yaml" for slots in range(13, 17)],
    )
    for slots, file in enumerate(files, 13):
        file.write_text(MORE.replace("14 per day", f"{slots} per day"))
    return out / "more_13", ran(out, *files)


def summary(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "summary.csv").set_index(["scenario", "measure", "group"]).sort_index()


def block(printed: str, modality: str) -> list[str]:
    """The lines of a modality in the first table: its own and those under it."""
    lines = printed.splitlines()
    at = next(i for i, line in enumerate(lines) if line.strip().startswith(f"{modality} "))
    return lines[at : at + 5]


def test_the_screen_shows_each_modality_with_its_places_and_when_people_came(alone):
    folder, printed = alone
    rows = summary(folder)
    shown = block(printed, "CT")
    for label, group in ROWS.items():
        if label == "MRI":
            continue
        (line,) = [line for line in shown if line.strip().startswith(label)]
        for measure in ("wait_days_mean", "over_6_weeks_percent", "list_size"):
            if ("two", measure, group) in rows.index:
                assert interval(rows.loc["two", measure, group]) in line
    assert interval(rows.loc["two", "unscheduled_wait_hours_mean", "modality=CT"]) in shown[0]


def test_one_scenario_alone_is_answered_in_words(alone):
    folder, printed = alone
    found = summary(folder).loc["two", "over_6_weeks_percent", "modality=MRI"]
    assert re.search(
        rf"^Share waiting over six weeks for modality MRI: {re.escape(number(found['mean']))} %",
        printed,
        re.MULTILINE,
    )
    for modality, bands in BANDS.items():
        (said,) = re.findall(rf"^{modality} waiting list: .*", printed, re.MULTILINE)
        assert (
            f"{sum(bands)} at the start, {number(100 * sum(bands[6:]) / sum(bands))} % of them over six weeks"
            in said
        )
        assert "at the end of December 2019" in said and re.search(
            r"(still growing|not seen to grow)\.$", said
        )
        assert re.search(
            rf"^Mean wait for {modality}: already waiting .*, new referrals .*, together ",
            printed,
            re.MULTILINE,
        )


def test_where_a_list_ends_is_the_last_month_of_the_census(alone):
    folder, printed = alone
    census = pd.read_parquet(folder / "census.parquet")
    last = census[(census.Period == census.Period.max()) & (census["Diagnostic Tests"] == "MRI")]
    over = (
        100
        * last[[c for c in last if "<" in c and int(c[:2]) >= 6] + ["13+ Weeks"]].sum(axis=1)
        / last["Total WL"]
    )
    drawn = pd.read_csv(folder / "figures" / "list_over_time.csv")
    drawn = drawn[(drawn.modality == "MRI") & (drawn.month_end == census.Period.max())].set_index("measure")[
        "mean"
    ]
    assert drawn["list_size"] == pytest.approx(last["Total WL"].mean())
    (said,) = re.findall(r"^MRI waiting list: .*; .*; .*", printed, re.MULTILINE)
    size, share = re.search(r"; ([\d,.]+) at the end of .*\), ([\d.]+) % of them", said).groups()
    assert float(size.replace(",", "")) == pytest.approx(last["Total WL"].mean(), rel=0.01)
    assert float(share) == pytest.approx(over.mean(), rel=0.01, abs=0.01)


def test_two_scenarios_stand_beside_each_other_with_their_difference(compared):
    folder, printed = compared
    rows = summary(folder)
    for arm in ("two", "more"):
        assert interval(rows.loc[arm, "wait_days_mean", "modality=CT"]) in block(printed, "CT")[0]
    assert "more less two" in printed and "Mean journey (minutes) by modality" in printed
    assert re.search(
        r"^Share waiting over six weeks for modality MRI: no difference that matters", printed, re.MULTILINE
    )
    assert len(re.findall(r"^MRI waiting list of (two|more): ", printed, re.MULTILINE)) == 2


def test_the_page_holds_the_numbers_of_the_summary_and_every_figure_in_words(compared):
    folder, _ = compared
    text = html.unescape((folder / "report.html").read_text(encoding="utf-8"))
    rows = summary(folder)
    for group in ROWS.values():
        for arm in ("two", "more"):
            for measure in ("wait_days_mean", "wait_days_p92", "list_size", "over_6_weeks_percent"):
                if (arm, measure, group) in rows.index:
                    assert interval(rows.loc[arm, measure, group]) in text
    page = Page(text)
    figures = {"waits_by_place", "list_over_time", "dm01_bands", "wait_against_travel", "where_slots_went"}
    assert set(page.alternative) == figures
    assert all("MRI" in words and "CT" in words for words in page.alternative.values())


def test_a_comparison_alone_is_said_to_be_one(alone, compared):
    single, both = ((folder / "report.html").read_text(encoding="utf-8") for folder, _ in (alone, compared))
    assert "is confirmatory" in both and "Compared on the same patients" in both
    assert "is confirmatory" not in single and "Compared on the same patients" not in single


@pytest.mark.parametrize(
    "figure", ["waits_by_place", "list_over_time", "dm01_bands", "wait_against_travel", "where_slots_went"]
)
def test_the_table_behind_a_figure_has_every_modality(compared, figure):
    table = pd.read_csv(compared[0] / "figures" / f"{figure}.csv")
    column = "panel" if "panel" in table else "modality"
    assert set(table[column]) == {"MRI", "CT"}
    assert set(table.scenario.dropna()) == {"two", "more"}


def test_the_bands_begin_with_the_opening_list(alone):
    table = pd.read_csv(alone[0] / "figures" / "dm01_bands.csv")
    for modality, bands in BANDS.items():
        began = table[(table.what == "start") & (table.modality == modality)]
        assert began["mean"].tolist() == bands and set(began.month_end) == {"2018-12-31"}


def test_many_models_are_told_a_row_a_model_the_headline_first(five):
    folder, printed = five
    rows, lines = summary(folder), printed.splitlines()
    assert lines[0].startswith("The models beside each other for modality MRI")
    assert interval(rows.loc["two", "over_6_weeks_percent", "modality=MRI"]) in lines[2]
    apart = pd.read_csv(folder / "comparison.csv").set_index(["scenario", "measure", "group"])
    at = lines.index(next(line for line in lines if line.startswith("Mean wait (days)")))
    assert lines[at + 1].split() == ["model", "MRI", "CT"]
    assert [line.split()[0] for line in lines[at + 2 : at + 7]] == [
        "two",
        *(f"more_{n}" for n in range(13, 17)),
    ]
    for line in lines[at + 3 : at + 7]:
        key = line.split()[0], "wait_days_mean", "modality=CT"
        assert f"{number(rows.loc[key, 'mean'])}, {difference(apart.loc[key])}" in line
    assert "…" not in printed and "every pair, and what happens once a run: on the page" in printed


def test_the_page_of_many_models_has_these_tables_too_and_folds_those_with_a_column_a_pair(five):
    folder, _ = five
    page = html.unescape((folder / "report.html").read_text(encoding="utf-8"))
    tables = page.split('<h2 id="tables">')[1].split('<h2 id="figures">')[0]
    folded = re.findall(r"<details><summary>(.*?)</summary>", tables)
    assert "Mean wait (days) by modality: 10 rows, 14 columns" in folded
    shown = re.sub(r"<details>.*?</details>", "", tables, flags=re.DOTALL)
    for caption in (
        "The models beside each other for modality MRI",
        "Mean wait (days)",
        "Waiting list (referrals)",
    ):
        assert f"<caption>{caption}</caption>" in shown
    assert "less two" not in "".join(re.findall(r"<thead>.*?</thead>", shown))


def test_that_two_replications_are_few_is_said_once_and_after_the_headline(five, compared):
    for folder, printed in (five, compared):
        page = (folder / "report.html").read_text(encoding="utf-8")
        assert printed.count("are too few for the intervals to mean much") == 1
        assert page.count("are too few for the intervals to mean much") == 1
    said = [line for line in five[1].splitlines() if line.endswith(".")]
    best = next(at for at, line in enumerate(said) if line.startswith("Of the 5 models"))
    few = next(at for at, line in enumerate(said) if "are too few" in line)
    assert (
        best
        < few
        < next(at for at, line in enumerate(said) if line.startswith("Share waiting over six weeks"))
    )
