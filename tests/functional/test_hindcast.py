"""Forecasts from real lists and flows, on extracts made up here and, where it is there, on the real one."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis import hindcast, hindcast_scores
from sim.experiment.experiment import as_yaml
from sim.measures import measure
from sim.model.calendar import add_months
from sim.model.simulation import simulate
from sim.results.columns import DM01_BANDS, TABLES
from sim.scenario.daily_list import month_ends
from sim.scenario.dm01 import BANDS
from sim.scenario.from_flows import tree_of
from sim.scenario.read import read_arms
from sim.scenario.world import world_of

REAL = Path(__file__).parents[3] / "shared" / "dm01" / "case_study_providers.csv"
HEADER = ["period_end", "provider_code", "provider_name", "test", "waiting_list", "act_waiting_list",
          "act_planned", "act_unscheduled", *BANDS]  # fmt: skip
FULL = ["Period", "Provider Org Code", "Provider Org Name", "Diagnostic Tests", "Total WL", "Waiting List Activity",
        "Planned Activity", "Unscheduled Activity",
        *(f"{week:02d} < {week + 1:02d} Weeks" if week else "00 < 01 Week" for week in range(13)), "13+ Weeks"]  # fmt: skip
WEIGHTS = np.array([0.3, 0.5, 0.6, 0.8, 1, 1, 0.9, 0.6, 0.5, 0.4, 0.4, 0.3, 0.3, 0.2])


def engine(tree: dict, tmp_path: Path, replications: int) -> np.ndarray:
    """(replications, months, 14) people waiting at month ends."""
    file = tmp_path / "scenario.yaml"
    file.write_text(as_yaml(tree))
    (arm,) = read_arms([file])
    world = world_of(arm.scenario)
    census = [measure(simulate(world, 1, number), world.days)[1] for number in range(replications)]
    return np.array([[[row[band] for band in DM01_BANDS] for row in rows] for rows in census], float)


@pytest.mark.slow
def test_engine_and_fluid_agree_within_a_point_on_a_list_of_5000(tmp_path):
    """With the same order of service and flows; over six weeks at each of six month ends, mean of 4 replications.

    The standard error of a mean is about a third of a point.
    """
    bands = [700, 600, 550, 500, 450, 400, 350, 300, 250, 200, 150, 120, 100, 330]
    joining, leaving = np.array(
        [[4400, 4300, 4700, 4100, 4000, 4600.0], [4500, 4100, 4500, 4300, 4200, 4300.0]]
    )
    tree = tree_of("MRI", bands, datetime.date(2025, 4, 1), joining, leaving, WEIGHTS, "a list of 5,000")
    lists = engine(tree, tmp_path, 4)
    days = np.array([30, 31, 30, 31, 31, 30])
    fluid = month_ends(np.array(bands, float), joining, leaving, days, WEIGHTS)
    assert np.abs(lists.sum(-1) - fluid.sum(-1)).max() <= 2  # the flows come in as they are
    ours, theirs = hindcast_scores.over_6(lists).mean(0), hindcast_scores.over_6(fluid)
    assert np.abs(ours - theirs).max() < 1
    assert np.ptp(theirs) > 3  # it is no list that stands still


def extract(path: Path, header: list[str] = HEADER, months: int = 16) -> Path:
    """Two providers whose lists follow from one order of service, from April 2024 on."""
    rows = []
    for provider, size in (("AAA", 1.0), ("BBB", 0.5)):
        people = size * np.array([300, 250, 200, 150, 100, 80, 50, 40, 30, 20, 10, 10, 10, 30.0])
        for number in range(months):
            first = add_months(datetime.date(2024, 4, 1), number)
            last = add_months(first, 1) - datetime.timedelta(days=1)
            done = round(size * (500 + 40 * (number % 3)))
            if number:
                flows = (np.array([flow]) for flow in (done + size * 30 * (number % 4 - 1), float(done)))
                (people,) = month_ends(people, *flows, np.array([last.day]), WEIGHTS)
            bands = np.round(people).astype(int).tolist()
            period = last.isoformat() if header is HEADER else f"DM01-{last:%B-%Y}".upper()
            rows.append([period, provider, f"Trust {provider}", "MRI", sum(bands), done, 3, 2, *bands])
    path.write_text("".join(",".join(map(str, row)) + "\n" for row in [header, *rows]))
    return path


def asked(data: Path, out: Path, **changed: str) -> list[str]:
    options = {"provider": "AAA", "test": "MRI", "from": "2025-04", "months": "3", "replications": "2", "workers": "1"} | changed  # fmt: skip
    return ["--data", str(data), "--out", str(out), "--quiet", *(word for name, value in options.items() for word in (f"--{name}", value))]  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Path:
    """The folder of a hindcast of both providers."""
    home = tmp_path_factory.mktemp("hindcast")
    assert hindcast.main(asked(extract(home / "dm01.csv"), home / "out", provider="all")) == 0
    return home / "out"


@pytest.mark.slow
def test_a_list_that_follows_the_model_is_forecast_within_two_points(ran):
    table = pd.read_csv(ran / "hindcast.csv")
    assert list(table.columns) == [column.name for column in TABLES["hindcast.csv"]]
    assert set(table.provider) == {"AAA", "BBB"} and table.month.unique().tolist() == [
        "2025-05",
        "2025-06",
        "2025-07",
    ]
    over = table[table.measure == "over_6_weeks_percent"]
    assert (over.predicted - over.published).abs().mean() < 2
    assert (over.fluid - over.published).abs().mean() < 2
    assert ((over.lower < over.predicted) & (over.predicted < over.upper)).all()


@pytest.mark.slow
def test_the_files_say_what_was_run_and_the_page_shows_it(ran):
    assert {"hindcast.csv", "hindcast_errors.csv", "hindcast.html", "hindcast.svg", "scenarios"} <= {p.name for p in ran.iterdir()}  # fmt: skip
    errors = pd.read_csv(ran / "hindcast_errors.csv")
    assert list(errors.columns) == [column.name for column in TABLES["hindcast_errors.csv"]]
    assert errors.ahead.tolist() == ["3", "all"] * 2 and set(errors.series) == {2}
    assert "Mean absolute error" in (ran / "hindcast.html").read_text(encoding="utf-8")
    (arm,) = read_arms([ran / "scenarios" / "AAA_MRI_2025-04.yaml"])
    assert arm.scenario.calendar.start == datetime.date(2025, 5, 1)


@pytest.mark.slow
@pytest.mark.parametrize("whose", ["AAA", "BBB"])
def test_the_months_after_the_start_change_no_fit(ran, tmp_path, whose):
    """The extract ends three months later in other lists, its own or another's: the order of service is the same."""
    data = changed(extract(tmp_path / "dm01.csv"), whose, after="2025-05")
    assert hindcast.main(asked(data, tmp_path / "out")) == 0
    name = "scenarios/AAA_MRI_2025-04.yaml"
    assert (tmp_path / "out" / name).read_bytes() == (ran / name).read_bytes()


@pytest.mark.slow
def test_another_lists_months_before_the_start_draw_the_order_of_service(ran, tmp_path):
    data = changed(extract(tmp_path / "dm01.csv"), "BBB", after="2024-12")
    assert hindcast.main(asked(data, tmp_path / "out")) == 0
    name = "scenarios/AAA_MRI_2025-04.yaml"
    ours, theirs = (yaml.safe_load((folder / name).read_text()) for folder in (tmp_path / "out", ran))
    assert ours.pop("booking") != theirs.pop("booking") and ours == theirs


def changed(data: Path, whose: str, after: str) -> Path:
    """The extract with the lists of a provider turned about, from a month on."""
    lines = data.read_text().splitlines()
    place = HEADER.index("w00")
    for number, line in enumerate(lines):
        cells = line.split(",")
        if cells[1] == whose and cells[0] > after:
            cells[place], cells[place + 8] = cells[place + 8], cells[place]
            lines[number] = ",".join(cells)
    data.write_text("\n".join(lines) + "\n")
    return data


@pytest.mark.slow
def test_the_monthly_extract_gives_the_same_forecast(ran, tmp_path):
    data = extract(tmp_path / "full.csv", FULL)
    assert hindcast.main(asked(data, tmp_path / "out")) == 0
    ours, theirs = (pd.read_csv(folder / "hindcast.csv") for folder in (tmp_path / "out", ran))
    pd.testing.assert_frame_equal(ours, theirs[theirs.provider == "AAA"].reset_index(drop=True))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"from": "2025-09"}, "no 2025-09 to 2025-12; there are 2024-04 to 2025-07"),
        ({"from": "2024-06"}, "4 months before the start are needed, there are 2"),
        ({"provider": "AAB"}, "did you mean 'AAA'"),
        ({"test": "CT"}, "no test 'CT'"),
        ({"at-least": "9999"}, "wait at the start, fewer than 9999"),
    ],
)
def test_what_cannot_be_forecast_is_one_line_and_status_2(tmp_path, capsys, changed, said):
    out = tmp_path / "out"
    assert hindcast.main(asked(extract(tmp_path / "dm01.csv"), out, **changed)) == 2
    printed = capsys.readouterr()
    assert said in printed.err and len(printed.err.splitlines()) == 1 and not out.exists()


def test_a_month_that_is_none_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        hindcast.main(asked(tmp_path / "x.csv", tmp_path / "out", **{"from": "2025-13"}))
    assert left.value.code == 2 and "must be a month such as 2024-03" in capsys.readouterr().err


# ---- scores


def test_the_median_wait_lies_evenly_within_its_week():
    """Of 100, 40 under a week and 40 in the next: ten more of those 40 make the half."""
    bands = np.array([[40.0, 40, 20] + [0] * 11, [1.0] * 13 + [100]])
    assert hindcast_scores.median_weeks(bands).tolist() == [1.25, 13]


def test_errors_are_means_of_absolute_errors_over_series_and_the_share_of_intervals_that_hold():
    rows = [
        {"provider": name, "test": "MRI", "start": "2024-03", "ahead": 3, "measure": "over_6_weeks_percent", "unit": "%",
         "published": 10.0, "predicted": predicted, "lower": 5.0, "upper": upper, "fluid": 10.0, "as_published": 4.0, "nothing_changes": 13.0}
        for name, predicted, upper in (("A", 12.0, 20.0), ("B", 6.0, 9.0))
    ]  # fmt: skip
    other = [row | {"measure": "median_weeks", "unit": "weeks"} for row in rows]
    found = hindcast_scores.errors(pd.DataFrame(rows + other)).set_index(["measure", "ahead"])
    row = found.loc["over_6_weeks_percent", "3"]
    assert (row.predicted, row.fluid, row.as_published, row.nothing_changes) == (3, 0, 6, 3)
    assert (row.held, row.width, row.series) == (50, 9.5, 2)


def test_an_interval_stays_a_percentage_widens_ahead_and_is_wider_for_a_small_list():
    ahead = np.array([1, 3, 6, 12])
    for name, most in (("over_6_weeks_percent", 100), ("median_weeks", 13)):
        for level in (0.0, 0.1 * most, most):
            lower, upper = hindcast_scores.interval(name, np.full(4, level), ahead, 500)
            assert (
                np.diff([0 * lower, lower, 0 * lower + level, upper, 0 * upper + most], axis=0) > -1e-9
            ).all()
            wider = np.subtract(*hindcast_scores.interval(name, np.full(4, level), ahead, 499)[::-1])
            assert (wider > upper - lower).all() and (np.diff(wider) > -1e-9).all()


# ---- the real extract


@pytest.mark.slow
def test_a_real_list_is_forecast_better_than_if_nothing_changed(tmp_path):
    """Oxford's MRI list of March 2024, over the year that followed."""
    if not REAL.is_file():
        pytest.skip("the DM01 extract of the case study is not here")
    given = asked(REAL, tmp_path / "out", provider="RTH", **{"from": "2024-03", "months": "6"})
    assert hindcast.main(given) == 0
    errors = pd.read_csv(tmp_path / "out" / "hindcast_errors.csv").set_index(["measure", "ahead"])
    row = errors.loc["over_6_weeks_percent", "all"]
    assert row.predicted < row.nothing_changes
