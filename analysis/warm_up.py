"""A warm-up for a run that kept its patients: `python -m analysis.warm_up results/NAME`.

Suggested by MSER-5 and by Welch's method, from the list at the end of each week since the start.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.loaded import NotResults, Results, load
from analysis.screen import show_tables
from analysis.settling import mser, welch
from analysis.tables import TextTable

WINDOW = 6
"""Welch's moving average reaches so many weeks to either side."""
OFF_THE_LIST = ("planned", "emergency")
WRONG_INPUT = 2


def suggestions(results: Results) -> TextTable:
    """A row an arm and modality: the warm-up it has, and weeks by MSER-5 and by Welch."""
    rows = []
    for arm in results.arms:
        for modality in results.modalities:
            weeks = weekly(results, arm, modality)
            found = (mser(weeks.mean(axis=0)), welch(weeks, WINDOW))
            rows.append([arm, modality, str(results.warm_up_months), *map(in_weeks, found)])
    headings = ["", "", "warm-up, months", "MSER-5", f"Welch, {2 * WINDOW + 1} weeks"]
    return TextTable(
        "Weeks until the list has settled, from its size at the end of each week", headings, rows
    )


def in_weeks(found: int | None) -> str:
    """`15 weeks`; a list that has not settled by the middle of the run is said not to."""
    return "does not settle" if found is None else f"{found} weeks"


def weekly(results: Results, arm: str, modality: str) -> np.ndarray:
    """The list at the end of each week since the start: a row a replication, a column a week."""
    files = sorted((results.path / "patients" / arm).glob("*/referrals.parquet"))
    last = datetime.date.fromisoformat(max(results.census.Period))
    days = (last - datetime.date.fromisoformat(results.starts)).days + 1
    return np.array([list_size(pd.read_parquet(file), modality, np.arange(7, days + 1, 7)) for file in files])


def list_size(referrals: pd.DataFrame, modality: str, times: np.ndarray) -> np.ndarray:
    """How many are on the waiting list just before each time; days since the start."""
    rows = referrals[(referrals.modality == modality) & ~referrals.priority.isin(OFF_THE_LIST)]
    gone = np.fmin(rows.scanned, rows.left).dropna()
    came, went = (np.searchsorted(np.sort(moments), times) for moments in (rows.referred, gone))
    return came - went


def main(arguments: list[str] | None = None) -> int:
    """Suggest a warm-up for the scenarios of a results folder."""
    parser = argparse.ArgumentParser(prog="python -m analysis.warm_up", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="a results folder made with --keep-patients")
    given = parser.parse_args(arguments)
    try:
        results = load(given.folder)
    except NotResults as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    if not (given.folder / "patients").is_dir():
        print(f"{given.folder} has no patients/: run its command again with --keep-patients", file=sys.stderr)
        return WRONG_INPUT
    show_tables([suggestions(results)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
