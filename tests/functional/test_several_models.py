"""Three models from the command line; lists that grow; a warm-up that was too short."""

from __future__ import annotations

import html
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import warm_up
from analysis.loaded import load
from sim.results.columns import TABLES
from tests.functional.conftest import HOME, REPLICATIONS

pytestmark = pytest.mark.slow

NEARER = """\
title: the mobile comes every working day
extends: near.yaml
compare_with: far.yaml
fleet: {van: {visits: [monday, tuesday, wednesday, thursday, friday]}}
"""


def ran(file: Path, out: Path, *options: str) -> str:
    """What a run of a year and four replications prints."""
    short = ["--years", "1", "--replications", str(REPLICATIONS), "--out", str(out), "--quiet"]
    done = subprocess.run(
        [sys.executable, str(HOME / "run.py"), str(file), *options, *short], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def three(near, tmp_path_factory) -> tuple[Path, str]:
    """(results folder, what was printed) of far, near and nearer."""
    nearer, out = near.with_name("nearer.yaml"), tmp_path_factory.mktemp("three")
    nearer.write_text(NEARER)
    return out / "near", ran(near, out, str(nearer))


@pytest.mark.parametrize("table", ["pairs.csv", "best.csv", "front.csv"])
def test_three_models_have_the_tables_that_are_declared(three, table):
    rows = pd.read_csv(three[0] / table)
    assert list(rows.columns) == [column.name for column in TABLES[table]]
    assert set(rows.scenario) | set(rows.get("baseline", [])) == {"far", "near", "nearer"}


def test_every_pair_is_the_same_difference_as_against_the_baseline_with_a_wider_interval(three):
    keys = ["scenario", "baseline", "measure", "group"]
    pairs, compared = (
        pd.read_csv(three[0] / name).set_index(keys) for name in ("pairs.csv", "comparison.csv")
    )
    both = pairs.join(compared.add_suffix("_first"), how="inner")
    assert len(both) == len(compared) and len(pairs) > len(compared)
    assert both.difference.to_numpy() == pytest.approx(both.difference_first.to_numpy())
    spread, first = both.upper - both.lower, both.upper_first - both.lower_first
    assert (spread.dropna() >= first.dropna() - 1e-9).all()


def test_shares_of_the_best_add_up_and_the_front_follows_from_the_summary(three):
    folder, _ = three
    best = pd.read_csv(folder / "best.csv")
    sums = best.groupby(["measure", "group"]).best_percent.sum()
    assert sums.to_numpy() == pytest.approx(np.full(len(sums), 100.0))
    means = pd.read_csv(folder / "summary.csv").set_index(["scenario", "measure", "group"])["mean"]
    for row in pd.read_csv(folder / "front.csv").itertuples():
        for measure in ("wait_days_mean", "travel_minutes_mean"):
            assert getattr(row, measure) == pytest.approx(means[row.scenario, measure, row.group])
        assert (row.on_front == "yes") == pd.isna(row.beaten_by)


def test_screen_and_page_show_the_models_and_the_pairs(three):
    folder, printed = three
    page = html.unescape((folder / "report.html").read_text(encoding="utf-8"))
    for said in (
        "The models beside each other for place Village",
        "nearer less near",
        "intervals hold together",
    ):
        assert said in printed and said in page
    assert "95 % interval together with 1 more comparison" in printed
    assert "…" not in printed


def test_the_page_of_three_models_is_made_again_byte_for_byte(three):
    names = ("pairs.csv", "best.csv", "front.csv", "report.html")
    again = [sys.executable, "-m", "analysis.report", str(three[0]), "--figures", "svg"]
    made = []
    for _ in range(2):
        subprocess.run(again, cwd=HOME, check=True)
        made.append({name: (three[0] / name).read_bytes() for name in names})
    assert made[0] == made[1]


def test_two_models_say_what_pairing_did(finished):
    folder, done = finished
    rows = pd.read_csv(folder / "comparison.csv").set_index(["measure", "group"])
    assert rows.variance_ratio["wait_days_mean", "place=Village"] > 0
    assert "divides the variance of this difference by" in done.stdout


# ---- lists that grow


@pytest.fixture(scope="module")
def growing(near, tmp_path_factory) -> tuple[Path, str]:
    """Far gets more referrals than its scanner can take; under relieved a second one opens in town."""
    out, relieved = tmp_path_factory.mktemp("growing"), near.with_name("relieved.yaml")
    relieved.write_text(
        "title: a second scanner opens in town\nextends: far.yaml\ncompare_with: far.yaml\n"
        "fleet: {second: {kind: fixed, modality: MRI, provider: Trust, site: Hospital, days: [monday, tuesday, "
        "wednesday, thursday, friday, saturday, sunday], opens: 08:00, closes: 18:00, slots_per_day: 10 per day}}\n"
    )
    setting = "demand.MRI.per_year=4000 per year"
    return out / f"relieved,{setting}", ran(relieved, out, "--set", setting)


def test_every_mean_of_a_list_that_grows_is_marked_on_the_screen(growing):
    folder, printed = growing
    assert load(folder).growing == ["far"]
    headings = printed.split("Town")[0]
    assert headings.count("far †") == 4  # wait, difference, journey, days of service
    assert "relieved †" not in headings
    said = printed.splitlines()
    (headline,) = [line for line in said if line.startswith("Mean wait for place Village")]
    (journey,) = [line for line in said if line.startswith("Mean journey")]
    assert (
        headline.count("under far (waiting list still growing)") == 1 and "under relieved (" not in headline
    )
    assert journey.count("(waiting list still growing)") == 2  # minutes, days of service


def test_every_table_and_figure_of_the_page_says_which_list_grows(growing):
    page = html.unescape((growing[0] / "report.html").read_text(encoding="utf-8"))
    tables = page.split('<h2 id="tables">')[1].split('<h2 id="figures">')[0]
    headed = [table.split("</thead>")[0] for table in tables.split("<table>")[1:]]
    assert headed and all("far †" in heading for heading in headed)
    figures = page.split("<figcaption>")[1:]
    assert figures and all(
        "still growing at the end: far" in figure.split("</figcaption>")[0] for figure in figures
    )


# ---- the warm-up


def test_the_list_of_each_week_is_the_one_of_the_census_at_month_ends(finished):
    results = load(finished[0])
    ends = sorted(results.census.Period.unique())
    days = np.array([(pd.Timestamp(end) - pd.Timestamp(results.starts)).days + 1 for end in ends])
    for arm in results.arms:
        for number in range(REPLICATIONS):
            rows = pd.read_parquet(results.path / "patients" / arm / f"{number:05d}" / "referrals.parquet")
            counted = results.census[
                (results.census.scenario == arm) & (results.census.replication == number)
            ]
            assert (
                warm_up.list_size(rows, "MRI", days).tolist()
                == counted.sort_values("Period")["Total WL"].tolist()
            )


def test_a_warm_up_is_suggested_for_each_list(finished, capsys):
    assert warm_up.main([str(finished[0])]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if " MRI " in line]
    assert [row[:3] for row in rows] == [["far", "MRI", "0"], ["near", "MRI", "0"]]


def test_without_patients_no_warm_up_is_suggested(three, capsys):
    assert warm_up.main([str(three[0])]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1 and "--keep-patients" in said.err


def test_a_warm_up_that_is_too_short_is_said(near, tmp_path):
    """A list of three months' work, and a scanner that just keeps up, fills for months."""
    slow = near.with_name("slow.yaml")
    slow.write_text(
        "title: everybody waits three months\nextends: far.yaml\n"
        "vetting: {time: {urgent_suspected_cancer: 90 days, urgent: 90 days, routine: 90 days}}\n"
    )
    printed = ran(slow, tmp_path)
    assert "The warm-up of 0 months is too short for slow: the MRI waiting list is " in printed
