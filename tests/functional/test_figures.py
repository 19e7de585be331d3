"""Figures of a run that kept its patients: what they show is what the tables and measures say."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from analysis import kept
from analysis.figures import (
    FIGURES,
    catchments,
    decisions_timeline,
    decomposition,
    drawable,
    equity_by_car,
    lacking,
    patient_journey,
    scanner_week,
    tipping,
    tornado,
    use_through_week,
    wait_distribution,
    where_minutes_went,
)
from analysis.figures.__main__ import main
from analysis.figures.style import house_style, marker, name_points, picture
from analysis.loaded import Results, load

OF_PATIENTS = {"wait_distribution", "catchments", "use_through_week", "scanner_week", "patient_journey"}


@pytest.fixture(scope="module")
def results(reported) -> Results:
    return load(reported)


@pytest.fixture
def copied(reported, tmp_path) -> Path:
    return shutil.copytree(reported, tmp_path / "near")


def drawn(results: Results, name: str) -> Figure:
    """A figure as it is drawn into one axes."""
    figure = FIGURES[name]
    with house_style():
        return picture(lambda ax: figure.draw(results, ax), figure.size(results))


def test_every_figure_is_drawn_or_says_what_it_needs(results):
    assert set(drawable(results)) >= OF_PATIENTS | {"equity_by_car", "where_minutes_went"}
    for name in FIGURES:
        assert (name in drawable(results)) == (lacking(results, name) == "")


def test_without_patients_a_figure_names_the_option_that_keeps_them(copied, capsys):
    shutil.rmtree(copied / "patients")
    assert not OF_PATIENTS & set(drawable(load(copied)))
    before = sorted(copied.rglob("*"))
    assert main([str(copied), "--only", "catchments"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "catchments" in line and "--keep-patients" in line and sorted(copied.rglob("*")) == before


def test_a_misspelt_figure_is_answered_with_the_nearest(results, capsys):
    with pytest.raises(SystemExit) as left:
        main([str(results.path), "--only", "waits_by_plaice"])
    assert left.value.code == 2 and "did you mean waits_by_place?" in capsys.readouterr().err


def test_only_one_figure_writes_only_that_one(results, tmp_path):
    assert main([str(results.path), "--only", "equity_by_car", "--out", str(tmp_path)]) == 0
    written = {file.name for file in (tmp_path / "figures").iterdir()}
    assert written == {"equity_by_car.csv", "equity_by_car.png", "equity_by_car.svg"}


def test_of_those_scanned_92_percent_waited_no_longer_than_the_measure_says(results):
    table = wait_distribution.data(results)
    for arm in results.arms:
        said = results.value(arm, "wait_days_p92", "place=Village")["mean"]
        part = table[(table.scenario == arm) & (table.panel == "Village")]
        below, above = part[part.days <= said]["mean"].iloc[-1], part[part.days >= said]["mean"].iloc[0]
        assert below - 3 <= 92 <= above + 3
        assert part["mean"].is_monotonic_increasing


def test_minutes_of_a_day_of_ten_hours_are_600(results):
    sums = where_minutes_went.data(results).groupby(["scenario", "site"])["mean"].sum()
    assert sums.to_numpy() == pytest.approx(600, abs=1e-6)


def test_the_gap_in_travel_is_that_between_filled_and_open_markers(results):
    table = equity_by_car.data(results)
    everybody = table[(table.row == "everybody") & (table.measure == "travel_minutes_mean")]
    for arm, rows in everybody.groupby("scenario"):
        means = rows.set_index("car")["mean"]
        said = results.value(arm, "gap_travel_minutes_difference", "between=car")["mean"]
        assert means["no car"] - means["car"] == pytest.approx(said)


def test_all_of_a_places_people_are_scanned_somewhere(results):
    table = catchments.data(results)
    assert table.groupby(["scenario", "place"]).percent.sum().to_numpy() == pytest.approx(100)
    village = table[(table.scenario == "near") & (table.place == "Village")].set_index("site")
    assert village.site_latitude["Clinic"] == 52.0
    assert set(table[table.scenario == "far"].site) != set(table[table.scenario == "near"].site)


def test_a_map_is_as_high_as_its_places_lie_apart(results, monkeypatch):
    wide, high = catchments.size(results)
    at = {"a": (0.0, 52.0, 1.0), "b": (1.0, 53.0, 1.0), "c": (0.5, 52.2, 1.0)}
    monkeypatch.setattr(catchments, "positions", lambda *_: at)
    north = catchments.size(results)
    monkeypatch.setattr(catchments, "positions", lambda *_: at | {"b": (2.0, 53.0, 1.0)})
    east = catchments.size(results)
    assert wide == north[0] == east[0] == 2 * catchments.BESIDE
    assert high > 0 and east[1] < north[1]
    monkeypatch.setattr(
        catchments, "positions", lambda *_: {name: (0.0, y, 1.0) for name, (_, y, _) in at.items()}
    )
    assert math.isfinite(catchments.size(results)[1])


def test_a_map_needs_two_places_with_a_position(copied):
    text = (copied / "scenario.yaml").read_text(encoding="utf-8")
    (copied / "scenario.yaml").write_text(
        text.replace("latitude: 52.0 degrees", "latitude:"), encoding="utf-8"
    )
    assert "latitude" in lacking(load(copied), "catchments")


@pytest.mark.parametrize(
    ("start", "end", "busy"),
    [
        (8.5, 10.25, {8: 0.5, 9: 1.0, 10: 0.25}),
        (167.75, 168.5, {167: 0.25, 0: 0.5}),  # over Sunday's midnight
        (9.1, 9.4, {9: 0.3}),
    ],
)
def test_a_scan_counts_in_the_hours_it_passes_through(start, end, busy):
    found = use_through_week.hours_in_use(np.array([start]), np.array([end]))
    assert {hour: pytest.approx(found[hour]) for hour in np.flatnonzero(found)} == busy


def test_hours_in_use_are_those_of_the_couch(results):
    """The week's hours of a scanner are what its sessions count as used, a week."""
    table = use_through_week.data(results)
    sessions = kept.read(results, "sessions", ["day", "scanner", "used_seconds"], kept.numbers(results))
    first, last = kept.window(results)
    held = sessions[(sessions.day >= first) & (sessions.day < last)]
    weeks = (last - first) / 7 * len(kept.numbers(results))
    for (arm, scanner), part in held.groupby(["scenario", "scanner"]):
        drawn = table[(table.scenario == arm) & (table.scanner == scanner)].percent.sum() / 100
        assert drawn == pytest.approx(part.used_seconds.sum() / 3600 / weeks, rel=0.02)


def test_a_journey_is_the_same_patients_under_both_models_without_a_gap(results):
    table = patient_journey.data(results)
    stages = table[table.what.isin(patient_journey.STAGES)]
    assert set(stages.scenario) == {"near", "far"}
    assert stages.groupby("scenario").begins.min().nunique() == 1
    for _, rows in stages.groupby("scenario"):
        assert list(rows.begins[1:]) == list(rows.ends[:-1])


def test_a_scanners_week_is_one_week_of_one_scanner(results):
    table = scanner_week.data(results)
    assert table.scanner.nunique() == 1
    days = pd.to_datetime(table.date)
    assert (
        days.max() - days.min() < pd.Timedelta(days=7)
        and days.min().isocalendar()[1] == days.max().isocalendar()[1]
    )
    scans = table[table.what == "attended"]
    assert (scans.ends_hour > scans.begins_hour).all()
    assert (scans.begins_hour.to_numpy()[1:] >= scans.ends_hour.to_numpy()[:-1] - 1e-4).any()


def test_a_decision_goes_from_asked_to_agreed_to_at_work(copied):
    with open(copied / "scenario.yaml", "a", encoding="utf-8") as scenario:
        scenario.write("contract: {provider: Company}\n")
    times = {
        "requested": [31.0, 31.0],
        "agreed": [61.0, None],
        "refused": [None, 92.0],
        "in_effect": [91.0, None],
    }
    rows = pd.DataFrame(
        {"request": "evening", "does": "extra_sessions", "by": "Trust", **times, "ended": [None, None]}
    )
    rows = rows.astype(dict.fromkeys((*times, "ended"), float))
    for file in (copied / "patients/near").glob("*/decisions.parquet"):
        rows.to_parquet(file)
    results = load(copied)
    assert "at work after 60 days on average" in decisions_timeline.alt_text(results)
    panel = drawn(results, "decisions_timeline").axes[0]
    wide = sorted(round(bar.get_width()) for bar in panel.patches)
    assert wide[: 3 * 4] == [30] * 8 + [61] * 4  # asked, agreed; and asked until refused


def test_without_anything_to_decide_there_is_no_timeline(results):
    assert "neither" in lacking(results, "decisions_timeline")


# ---- from the tables of a search


ABOUT = "wait_days_mean,days,place=Village"


def with_table(copied: Path, name: str, lines: list[str]) -> Results:
    """The folder with a table that a search would have written."""
    (copied / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load(copied)


def test_bars_of_a_waterfall_begin_where_the_one_above_ended(copied):
    head = "scenario,baseline,part,measure,unit,group,contribution,lower,upper,share_percent,alone,last,n"
    parts = [("fleet", 3.0), ("reporting", -1.0), ("whole", 2.0)]
    rows = [f"near,far,{part},{ABOUT},{size},{size - 0.5},{size + 0.5},0,0,0,4" for part, size in parts]
    other = "near,far,fleet,list_size,referrals,all,50,40,60,0,0,0,4"
    results = with_table(copied, "decomposition.csv", [head, *rows, other])
    bars = drawn(results, "decomposition").axes[0].patches
    assert [(bar.get_x(), bar.get_width()) for bar in bars] == [(0, 3), (3, -1), (0, 2)]
    assert "reporting \N{MINUS SIGN}1.00 days" in decomposition.alt_text(results)


def test_a_tornado_has_what_matters_most_on_top_and_ranks_the_assumptions(copied):
    head = "scenario,baseline,path,measure,unit,group,kind,value,estimate,lower,upper"
    rows = [
        f"near,,a.small,{ABOUT},low,1,9,8,10",  # of the arm alone: not drawn where a difference is
        f"near,far,a.small,{ABOUT},low,1,-0.5,-1,0",
        f"near,far,a.small,{ABOUT},high,2,0.25,0,1",
        f"near,far,b.large,{ABOUT},high,2,-4,-5,-3",
    ]
    results = with_table(copied, "sensitivity.csv", [head, *rows])
    assert tornado.ranked(results) == ["b.large", "a.small"]
    labels = [label.get_text() for label in drawn(results, "tornado").axes[0].get_yticklabels()]
    assert labels == ["b.large", "a.small"]


def test_a_tipping_point_stands_where_the_curve_crosses(copied):
    head = "scenario,baseline,path,measure,unit,group,kind,value,value_lower,value_upper,value_unit,difference,lower,upper,verdict"
    about = f"near,far,attendance.missed,{ABOUT}"
    rows = [
        f"{about},swap,5,4,6,%,,,,shorter below",
        f"{about},point,0,,,%,-2,-3,-1,shorter",
        f"{about},point,10,,,%,2,1,3,longer",
    ]
    results = with_table(copied, "tipping.csv", [head, *rows])
    panel = drawn(results, "tipping").axes[0]
    assert panel.get_xlabel() == "attendance.missed (%)"
    assert any(list(line.get_xdata()) == [5, 5] for line in panel.lines)
    assert tipping.alt_text(results) == "near and far swap places at 5 of attendance.missed."


# ---- the house style


@pytest.mark.parametrize(
    "names",
    [
        ("Swindon", "Reading", "Oxford"),
        ("Great Western\nHospital", "Reading", "Milton Keynes\nUniversity\nHospital"),
    ],
)
def test_names_of_points_at_one_spot_do_not_cover_each_other(names):
    figure = Figure(figsize=(5, 4))
    FigureCanvasAgg(figure)
    ax = figure.subplots()
    ax.set(xlim=(0, 10), ylim=(0, 10))
    name_points(ax, [(x, y, name) for (x, y), name in zip([(5, 5), (5.1, 5), (5, 5.1)], names)])
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[:n])


def test_arms_are_told_apart_without_colour():
    assert len({marker(number) for number in range(8)}) == 8
