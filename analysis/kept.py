"""The four tables of single replications, of a run made with `--keep-patients`.

They are read where a figure needs single patients or sessions, a few columns and replications at a time.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas as pd

from analysis.loaded import NotResults, Results

MOST = 10
"""Replications that figures of many patients read at most; their captions say how many."""
NOT_KEPT = "it needs the tables of single patients: run the same command again with --keep-patients"


def lacking(results: Results) -> str:
    """Why nothing of single patients can be drawn; empty where they were kept."""
    return "" if numbers(results) else NOT_KEPT


def numbers(results: Results) -> list[int]:
    """The replications that every arm has kept, at most `MOST`."""
    wanted = range(min(results.manifest["replications"], MOST))
    return [n for n in wanted if all(file_of(results, arm, n, "decisions").is_file() for arm in results.arms)]


def file_of(results: Results, arm: str, number: int, name: str) -> Path:
    """Where one of the four tables of an arm's replication is kept."""
    return results.path / "patients" / arm / f"{number:05d}" / f"{name}.parquet"


def read(results: Results, name: str, columns: list[str], replications: list[int]) -> pd.DataFrame:
    """scenario, replication and the columns asked for. Raises `NotResults` where a file cannot be read."""
    return pd.concat(
        [
            read_one(results, name, columns, arm, n).assign(replication=n)
            for arm in results.arms
            for n in replications
        ],
        ignore_index=True,
    )


def read_one(results: Results, name: str, columns: list[str], arm: str, number: int) -> pd.DataFrame:
    """The columns asked for of one table of one arm's replication, and `scenario`."""
    file = file_of(results, arm, number, name)
    try:
        table = pd.read_parquet(file, columns=columns)
    except (OSError, ValueError, KeyError) as error:
        raise NotResults(f"{file} cannot be read: {str(error).splitlines()[0]}") from None
    for column in table.select_dtypes("category"):
        table[column] = table[column].astype(object)
    return table.assign(scenario=arm)


def window(results: Results) -> tuple[int, int]:
    """First day of the data-collection period and the day after its last, in days since the start."""
    ends = [datetime.date.fromisoformat(str(end)) for end in results.census.Period.unique()]
    first, last = min(ends).replace(day=1), max(ends) + datetime.timedelta(days=1)
    start = datetime.date.fromisoformat(results.starts)
    return (first - start).days, (last - start).days


def date_of(results: Results, day: float) -> datetime.datetime:
    """The moment that is so many days after the calendar's start, to the second."""
    start = datetime.datetime.fromisoformat(results.starts)
    return start + datetime.timedelta(seconds=round(86400 * day))


def scanned_from_list(results: Results, columns: list[str]) -> pd.DataFrame:
    """Referrals of the six-week list scanned in the data-collection period: neither planned nor unscheduled."""
    wanted = list(dict.fromkeys(["priority", "scanned", *columns]))
    rows = read(results, "referrals", wanted, numbers(results))
    first, last = window(results)
    on_list = ~rows.priority.isin(["planned", "emergency"])
    return rows[on_list & (rows.scanned >= first) & (rows.scanned < last)]
