"""The waiting list at month ends: sizes, shares over six and 13 weeks, bands and activity, from the census."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import pandas as pd

from analysis.statistics import interval_ends
from sim.results.columns import DM01_BANDS


class Kind(NamedTuple):
    """One kind of number in a census: its name, its unit and what it means."""

    name: str
    unit: str
    meaning: str


KINDS = (
    Kind("list_size", "referrals", "on the list at the month's end"),
    Kind("over_6_weeks", "referrals", "of them waiting 42 days or more"),
    Kind("over_13_weeks", "referrals", "of them waiting 91 days or more"),
    Kind("over_6_weeks_percent", "%", "share of the list waiting 42 days or more"),
    Kind("over_13_weeks_percent", "%", "share of the list waiting 91 days or more"),
    Kind("waiting", "referrals", "on the list, by weeks waited (`band`)"),
    Kind("waiting_percent", "%", "share of the list, by weeks waited (`band`)"),
    Kind("waiting_list_activity", "scans", "scans off the list in the month"),
    Kind("planned_activity", "scans", "planned (surveillance) scans in the month"),
    Kind("unscheduled_activity", "scans", "scans of unscheduled patients in the month"),
)
UNITS = {kind.name: kind.unit for kind in KINDS}
ACTIVITY = {
    "waiting_list_activity": "Waiting List Activity",
    "planned_activity": "Planned Activity",
    "unscheduled_activity": "Unscheduled Activity",
}
BANDS = list(DM01_BANDS)
KEYS = ["scenario", "modality", "month_end"]


def of_bands(bands: pd.DataFrame) -> pd.DataFrame:
    """Every kind of number that follows from the 14 bands: columns (measure, band), a row a row.

    bands: the columns of `DM01_BANDS`. The shares of an empty list are empty.
    """
    size = bands[BANDS].sum(axis=1)
    some = size.where(size > 0)
    found = {("list_size", ""): size}
    for weeks in (6, 13):
        long = bands[BANDS[weeks:]].sum(axis=1)
        found[f"over_{weeks}_weeks", ""] = long
        found[f"over_{weeks}_weeks_percent", ""] = 100 * long / some
    for band in BANDS:
        found["waiting", band] = bands[band]
        found["waiting_percent", band] = 100 * bands[band] / some
    return pd.DataFrame(found).rename_axis(columns=["measure", "band"])


def of_census(census: pd.DataFrame) -> pd.DataFrame:
    """As `of_bands`, with activity: a row a scenario, modality, month end and replication."""
    renamed = census.rename(columns={"Diagnostic Tests": "modality", "Period": "month_end"})
    by = renamed.groupby([*KEYS, "replication"], sort=False)[[*BANDS, *ACTIVITY.values()]].sum()
    done = {(name, ""): by[column] for name, column in ACTIVITY.items()}
    return pd.concat([of_bands(by), pd.DataFrame(done)], axis=1).rename_axis(columns=["measure", "band"])


def over_replications(census: pd.DataFrame) -> pd.DataFrame:
    """scenario, modality, month_end, measure, band, mean, lower, upper, n: 95 % intervals of the means."""
    by = of_census(census).groupby(KEYS, sort=False)
    parts = {"mean": by.mean(), "sd": by.std(), "n": by.count(), "skew": by.skew()}
    table = pd.concat({name: part.stack(["measure", "band"]) for name, part in parts.items()}, axis=1)
    table = table.reset_index()
    table["lower"], table["upper"] = interval_ends(table)
    return table[[*KEYS, "measure", "band", "mean", "lower", "upper", "n"]]


def day_before(month_start: str) -> str:
    """The month end just before the first of a month: `2025-03-31` of `2025-04-01`."""
    return (datetime.date.fromisoformat(month_start) - datetime.timedelta(days=1)).isoformat()


def month_name(month_end: str) -> str:
    """`March 2025` of `2025-03-31`."""
    return f"{datetime.date.fromisoformat(month_end[:7] + '-01'):%B %Y}"


def band_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `over_replications` that count people by band, without their name of measure."""
    return table[table.measure == "waiting"].drop(columns="measure")
