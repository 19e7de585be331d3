"""A results folder keeps what was run, knows it again, and gives it to nobody else."""

from __future__ import annotations

import shutil

import pyarrow.parquet
import pytest

from sim.results.folder import CENSUS, KEPT, REPLICATIONS, ResultsFolder, write_rows
from sim.results.gathered import AT_ONCE

CENSUS_ROWS = [{"Period": "2019-01-31", "Total WL": 7}, {"Period": "2019-02-28", "Total WL": 9}]
MANY = 2 * AT_ONCE + 3


def values(arm: str, number: int) -> dict[tuple[str, str], float]:
    return {("scans", "all"): float(number), ("wait_days_mean", "all"): 0.1 * number + len(arm)}


def keep(folder: ResultsFolder, arms: dict[str, str], numbers: range) -> None:
    for arm, mark in arms.items():
        for number in numbers:
            folder.keep(mark, number, values(arm, number), CENSUS_ROWS)


@pytest.fixture
def folder(tmp_path) -> ResultsFolder:
    """A folder that has gathered more replications of two arms than go into one group of rows."""
    folder = ResultsFolder(tmp_path)
    keep(folder, {"far": "f" * 64, "nearer": "e" * 64}, range(MANY))
    folder.gather({"far": "f" * 64, "nearer": "e" * 64}, MANY)
    return folder


def test_what_is_gathered_is_what_was_kept(folder):
    assert not (folder.path / KEPT).exists()
    for arm, mark in (("far", "f" * 64), ("nearer", "e" * 64)):
        for number in (0, AT_ONCE - 1, AT_ONCE, MANY - 1):
            kept = ResultsFolder(folder.path).kept(mark, number)
            assert dict(zip(zip(kept["measure"], kept["group"]), kept["value"])) == values(arm, number)
            assert kept["census"] == CENSUS_ROWS
    rows = pyarrow.parquet.read_table(folder.path / REPLICATIONS).to_pandas()
    assert rows.groupby("scenario", sort=False).replication.unique().map(list).to_dict() == {
        "far": [*range(MANY)],
        "nearer": [*range(MANY)],
    }


def test_nothing_is_given_to_another_scenario_or_beyond_the_last(folder):
    assert folder.kept("d" * 64, 0) is None and folder.kept("f" * 64, MANY) is None


def test_fewer_replications_leave_the_others_where_they_are_found_again(folder):
    folder.gather({"far": "f" * 64, "nearer": "e" * 64}, 2)
    rows = pyarrow.parquet.read_table(folder.path / REPLICATIONS).to_pandas()
    assert set(rows.replication) == {0, 1}
    again = ResultsFolder(folder.path)
    assert all(
        again.kept("e" * 64, number)["value"] == list(values("nearer", number).values())
        for number in range(MANY)
    )
    again.gather({"far": "f" * 64, "nearer": "e" * 64}, MANY)
    assert len(pyarrow.parquet.read_table(folder.path / REPLICATIONS)) == 2 * 2 * MANY
    assert not (folder.path / KEPT).exists()


def test_an_arm_that_is_no_longer_asked_for_stays_known(folder):
    folder.gather({"far": "f" * 64}, MANY)
    assert ResultsFolder(folder.path).kept("e" * 64, 1)["value"] == list(values("nearer", 1).values())


def test_a_kill_between_the_two_tables_loses_nothing(folder, tmp_path_factory):
    """The census is already that of fewer replications, the measures are not yet."""
    before = tmp_path_factory.mktemp("before")
    shutil.copytree(folder.path, before, dirs_exist_ok=True)
    folder.gather({"far": "f" * 64, "nearer": "e" * 64}, AT_ONCE + 1)
    shutil.copy(before / REPLICATIONS, folder.path / REPLICATIONS)
    again = ResultsFolder(folder.path)
    for number in range(MANY):
        kept = again.kept("f" * 64, number)
        assert kept["value"] == list(values("far", number).values()) and kept["census"] == CENSUS_ROWS


@pytest.mark.parametrize("table", [REPLICATIONS, CENSUS])
def test_a_table_cut_short_is_not_believed(folder, table):
    content = (folder.path / table).read_bytes()
    (folder.path / table).write_bytes(content[: len(content) // 2])
    assert ResultsFolder(folder.path).kept("f" * 64, 0) is None


def test_rows_are_written_with_twelve_figures_and_nothing_for_none(tmp_path):
    write_rows(tmp_path / "x.csv", ["a", "b", "c"], [{"a": 1 / 3, "b": None, "c": 'say "x"'}, {"a": 2}])
    assert (tmp_path / "x.csv").read_text() == 'a,b,c\n0.333333333333,,"say ""x"""\n2,,\n'
