"""Simulated month ends laid beside published ones, on numbers made by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis import published
from analysis.loaded import load
from analysis.report import main as report
from sim import __version__
from sim.results.columns import DM01_BANDS
from sim.results.folder import PROGRAM, parquet
from sim.scenario.dm01 import BANDS, MODALITY

OPENING = {"MRI": [50, 20, 10, 5, 5, 0, 4, 3, 2, 1, 0, 0, 0, 0], "CT": [10] * 10 + [0] * 4}
PUBLISHED = {
    "MRI": {
        "2025-03": OPENING["MRI"],
        "2025-04": [60] + [10] * 2 + [0] * 3 + [20] + [0] * 7,
        "2025-05": [75] + [0] * 12 + [25],
    },
    "CT": {"2025-04": [90] + [0] * 5 + [10] + [0] * 7},
}
SIMULATED = {
    "MRI": [
        ([70] + [0] * 5 + [30] + [0] * 7, [80] + [0] * 5 + [20] + [0] * 7),
        ([90] + [0] * 12 + [10], [50] + [0] * 12 + [50]),
    ],
    "CT": [([40] + [0] * 5 + [10] + [0] * 7, [120] + [0] * 5 + [30] + [0] * 7)] * 2,
}
HEADER = [
    "period_end",
    "provider_code",
    "provider_name",
    "test",
    "waiting_list",
    "act_waiting_list",
    "act_planned",
    "act_unscheduled",
    *BANDS,
]


def month_end(month: str) -> str:
    return f"{month}-{31 if month == '2025-03' else 30 if month == '2025-04' else 31}"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A results folder of one arm, two modalities, two months, two replications, with an opening list."""
    return write_folder(tmp_path / "trust")


def write_folder(path: Path) -> Path:
    """It, and where it is."""
    path.mkdir()
    manifest = {
        "arms": {"trust": "A trust"}, "baselines": {}, "points": {}, "places": ["Town"], "replications": 2, "seed": 1,
        "headline": {"measure": "list_size", "group": "modality=MRI", "matters": 0.0}, "finished": True,
        "question": "How long is the list?", "assumptions": {}, "files": {}, "command": "", "program": PROGRAM, "version": __version__, "commit": None, "packages": {},
    }  # fmt: skip
    (path / "manifest.json").write_text(json.dumps(manifest))
    lists = "".join(f"  {name}: {{modality: {name}, bands: {bands}}}\n" for name, bands in OPENING.items())
    (path / "scenario.yaml").write_text(
        f"---\n# trust\ncalendar: {{start: 2025-04-01}}\nfleet: {{}}\nopening_list:\n{lists}"
    )
    rows = [
        [
            "trust",
            number,
            month_end(month),
            "all",
            modality,
            *both[number],
            sum(both[number]),
            100 + number,
            20,
            5,
        ]
        for modality, months in SIMULATED.items()
        for month, both in zip(("2025-04", "2025-05"), months)
        for number in range(2)
    ]
    names = [
        "scenario",
        "replication",
        "Period",
        "Provider Org Name",
        "Diagnostic Tests",
        *DM01_BANDS,
        "Total WL",
        "Waiting List Activity",
        "Planned Activity",
        "Unscheduled Activity",
    ]
    (path / "census.parquet").write_bytes(parquet(dict(zip(names, map(list, zip(*rows))))))
    values = [
        ("trust", n, "list_size", "referrals", f"modality={m}", 100.0 + n) for m in OPENING for n in range(2)
    ]
    names = ["scenario", "replication", "measure", "unit", "group", "value"]
    (path / "replications.parquet").write_bytes(parquet(dict(zip(names, map(list, zip(*values))))))
    return path


@pytest.fixture
def extract(tmp_path) -> Path:
    """The published months of one provider, `RTH`."""
    return write_extract(tmp_path / "dm01.csv", PUBLISHED)


def write_extract(path: Path, published: dict[str, dict[str, list[int]]]) -> Path:
    """A DM01 file of provider RTH, with 99 tests off the list a month."""
    tests = {modality: test for test, modality in MODALITY.items()}
    lines = [
        [month_end(month), "RTH", "A trust", tests[modality], sum(bands), 99, 21, 6, *bands]
        for modality, months in published.items()
        for month, bands in months.items()
    ]
    path.write_text("".join(",".join(map(str, line)) + "\n" for line in [HEADER, *lines]))
    return path


def laid(folder: Path) -> pd.DataFrame:
    """`published.csv` by modality, month, measure and band."""
    table = pd.read_csv(folder / "published.csv").fillna({"band": ""})
    return table.set_index(["modality", "month", "measure", "band"]).sort_index()


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Path:
    """A folder beside what was published: table and figure are made once and copied."""
    path = tmp_path_factory.mktemp("once")
    made = write_folder(path / "trust")
    assert (
        published.main([str(made), str(write_extract(path / "dm01.csv", PUBLISHED)), "--provider", "RTH"])
        == 0
    )
    return made


@pytest.fixture
def beside(folder, once) -> pd.DataFrame:
    """The table in `folder`."""
    shutil.copytree(once, folder, dirs_exist_ok=True)
    return laid(folder)


def test_the_columns_are_those_declared(folder, beside):
    assert list(pd.read_csv(folder / "published.csv").columns) == [
        column.name for column in published.COLUMNS
    ]


def test_only_months_that_both_have_are_laid_beside_each_other(beside):
    assert set(beside.index.droplevel([2, 3])) == {("MRI", "2025-04"), ("MRI", "2025-05"), ("CT", "2025-04")}


def test_lists_shares_and_activity_are_as_counted_by_hand(beside):
    row = beside.loc["MRI", "2025-04", "over_6_weeks_percent", ""]
    assert (row.published, row["mean"], row.opening, row.unit, row.n) == (20, 25, 10, "%", 2)
    assert row.upper - row["mean"] == pytest.approx(
        12.706 * 5, rel=1e-4
    )  # 30 % and 20 %: t of one degree, half the gap
    row = beside.loc["CT", "2025-04", "list_size", ""]
    assert (row.published, row["mean"], row.opening) == (100, 100, 100)
    assert (
        beside.loc["CT", "2025-04", "over_6_weeks_percent", ""]["mean"] == 20
    )  # of each replication's list, not of both
    row = beside.loc["MRI", "2025-05", "waiting_list_activity", ""]
    assert (row.published, row["mean"]) == (99, 100.5) and pd.isna(row.opening)
    row = beside.loc["MRI", "2025-05", "waiting", "13+ Weeks"]
    assert (row.published, row["mean"], row.opening) == (25, 30, 0)


def test_errors_are_root_mean_squares_over_the_months(folder, beside):
    found = published.errors(pd.read_csv(folder / "published.csv"))
    over = found.loc["trust", "MRI", "over_6_weeks_percent"]
    assert over.simulated == pytest.approx(5)  # 25 for 20, 30 for 25
    assert over.nothing_changes == pytest.approx(((10**2 + 15**2) / 2) ** 0.5)  # 10 for 20, 10 for 25
    bands = found.loc["trust", "MRI", "waiting_percent"]
    april = [15, -10, -10, 0, 0, 0, 5] + [0] * 7
    may = [-5] + [0] * 12 + [5]
    assert bands.simulated == pytest.approx((sum(x * x for x in april + may) / 28) ** 0.5)


def test_the_screen_shows_months_and_errors_by_modality(folder, extract, capsys):
    published.main([str(folder), str(extract), "--provider", "rth"])
    printed = capsys.readouterr().out
    lines = [line.split() for line in printed.splitlines()]
    assert ["MRI", "2025-04"] in [line[:2] for line in lines] and ["CT", "2025-04"] in [
        line[:2] for line in lines
    ]
    assert ["trust", "MRI", "2", "5.0", "12.7"] in [line[:5] for line in lines]


def test_the_figure_is_drawn_and_the_report_takes_it_and_the_published_bands_up(folder, beside):
    for kind in ("svg", "png", "csv"):
        assert (folder / "figures" / f"published.{kind}").stat().st_size > 100
    before = (folder / "figures" / "published.svg").read_bytes()
    assert report([str(folder)]) == 0
    assert (folder / "figures" / "published.svg").read_bytes() == before
    assert 'id="published"' in (folder / "report.html").read_text(encoding="utf-8")
    bands = pd.read_csv(folder / "figures" / "dm01_bands.csv")
    mri = bands[(bands.modality == "MRI") & (bands.what == "published")]
    assert mri["mean"].tolist() == PUBLISHED["MRI"]["2025-05"]


def test_a_published_of_other_replications_is_not_shown(folder, beside):
    manifest = json.loads((folder / "manifest.json").read_text())
    assert load(folder).published is not None
    (folder / "manifest.json").write_text(json.dumps(manifest | {"replications": 3}))
    assert load(folder).published is None


def test_a_test_that_is_not_in_the_file_is_left_out_and_said(folder, tmp_path, capsys):
    extract = write_extract(tmp_path / "mri.csv", {"MRI": PUBLISHED["MRI"]})
    assert published.main([str(folder), str(extract), "--provider", "RTH"]) == 0
    assert capsys.readouterr().err.startswith("left out: no test 'CT' for RTH")
    assert set(laid(folder).index.get_level_values("modality")) == {"MRI"}
    assert report([str(folder)]) == 0  # CT has no published bands to draw


def test_an_opening_list_that_is_not_the_published_one_is_said(folder, tmp_path, capsys):
    other = {"MRI": PUBLISHED["MRI"] | {"2025-03": [200] + [0] * 13}}
    assert (
        published.main([str(folder), str(write_extract(tmp_path / "other.csv", other)), "--provider", "RTH"])
        == 0
    )
    assert (
        "the opening MRI list of trust (100) is not the one published for 2025-03 (200)"
        in capsys.readouterr().err
    )


def no_opening(folder: Path) -> None:
    (folder / "scenario.yaml").write_text("---\n# trust\ncalendar: {start: 2025-04-01}\nfleet: {}\n")


def gone(folder: Path) -> None:
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize(
    ("change", "provider", "theirs", "said"),
    [
        (gone, "RTH", PUBLISHED, "is no results folder"),
        (no_opening, "RTH", PUBLISHED, "does not start from an opening list"),
        (None, "RXX", PUBLISHED, "no provider 'RXX'"),
        (None, "England", PUBLISHED, "no provider 'England'"),
        (None, "RTH", {"MRI": {"2025-03": OPENING["MRI"]}}, "no month in both: simulated 2025-04 to 2025-05, published 2025-03"),
        (None, "RTH", {"ultrasound": PUBLISHED["CT"]}, "no test 'MRI'"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_one_line_and_status_2(
    folder, tmp_path, capsys, change, provider, theirs, said
):
    extract = write_extract(tmp_path / "dm01.csv", theirs)
    if change:
        change(folder)
    assert published.main([str(folder), str(extract), "--provider", provider]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and len(printed.err.splitlines()) == 1 and said in printed.err
    assert not (folder / "published.csv").exists() and not (folder / "figures").exists()
