"""The rows of `replications.parquet` are held small and worked on some measures at a time: nothing changes by it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import measured, statistics
from analysis.several_models import best
from sim.results.columns import MEASURES
from sim.results.folder import CENSUS, REPLICATIONS
from sim.results.gathered import write_gathered

HOME = Path(__file__).parents[2]
MARKS = {"near": "n", "far": "f", "third": "t"}
HEADLINE = {"measure": "wait_days_mean", "group": "all", "matters": 1.0}
NAMES = [(m, g) for m in ("scans", "wait_days_mean", "missed_percent") for g in ("all", "place=B", "place=A")]


def kept(names: list[tuple[str, str]], lacking: float = 0.0):
    """What a folder keeps of a replication: values drawn, a part of them lacking."""

    def of(mark: str, number: int) -> dict:
        rng = np.random.default_rng([ord(mark), number])
        here = [name for name in names if rng.random() >= lacking]
        document = {"measure": [m for m, _ in here], "group": [g for _, g in here]}
        return document | {"value": rng.random(len(here)).tolist(), "census": [{"Total WL": number}]}

    return of


def written(folder: Path, names: list[tuple[str, str]], count: int, lacking: float = 0.0) -> Path:
    """A `replications.parquet` of three arms."""
    write_gathered(folder / REPLICATIONS, folder / CENSUS, MARKS, count, kept(names, lacking))
    return folder / REPLICATIONS


@pytest.fixture
def gappy(tmp_path):
    """A file in which some replications lack some measures, the first ones too."""
    return written(tmp_path, NAMES, 30, lacking=0.3)


def test_what_is_read_is_what_is_written(gappy):
    found, plainly = measured.read(gappy), pd.read_parquet(gappy)
    assert isinstance(found.group.dtype, pd.CategoricalDtype)
    pd.testing.assert_frame_equal(measured.plain(found), plainly, check_dtype=False)


@pytest.mark.parametrize(
    "table",
    [
        statistics.summarise,
        lambda rows: statistics.compare(rows, {"far": "near", "third": "near"}, HEADLINE),
        lambda rows: statistics.compare_all(rows, list(MARKS), HEADLINE),
        lambda rows: best(rows, seed=1),
    ],
    ids=["summary", "comparison", "pairs", "best"],
)
def test_tables_do_not_depend_on_how_many_rows_are_worked_on_at_once(gappy, monkeypatch, table):
    whole = table(pd.read_parquet(gappy))
    monkeypatch.setattr(measured, "AT_ONCE", 1)
    pd.testing.assert_frame_equal(table(measured.read(gappy)), whole)


PEAK = """
import resource, sys
from pathlib import Path
from analysis import measured, statistics
rows = measured.read(Path(sys.argv[1]))
statistics.summarise(rows), statistics.compare(rows, {"far": "near"}, {"measure": "scans", "group": "all", "matters": 1})
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_hardly_grows_with_replications(tmp_path):
    """150,000 and 1,200,000 rows: some 90 bytes a row, of which what is worked on at once is most; texts in full take 340."""
    names = [(measure, f"place={number}") for measure in list(MEASURES)[:20] for number in range(25)]
    peaks = []
    for count in (100, 800):
        (folder := tmp_path / str(count)).mkdir()
        ran = subprocess.run(
            [sys.executable, "-c", PEAK, written(folder, names, count)],
            cwd=HOME,
            capture_output=True,
            check=True,
        )
        peaks.append(1024 * int(ran.stdout))
    assert (peaks[1] - peaks[0]) / (700 * len(MARKS) * len(names)) < 150
