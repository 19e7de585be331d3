"""A results folder, loaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import statistics
from sim.results.folder import CENSUS, REPLICATIONS, ResultsFolder


class NotResults(Exception):
    """The folder is missing, half-written or not of this program."""


@dataclass
class Results:
    """A finished results folder.

    manifest: what made it. replications: one row a scenario, replication, measure and group.
    census: month ends, one row a scenario, replication and month.
    """

    path: Path
    manifest: dict[str, Any]
    replications: pd.DataFrame
    census: pd.DataFrame

    @property
    def arms(self) -> list[str]:
        """Names of the arms, the baseline first."""
        return list(self.manifest["arms"])

    @property
    def titles(self) -> dict[str, str]:
        """Titles by arm."""
        return self.manifest["arms"]

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with: the first."""
        return self.arms[0]

    @property
    def headline(self) -> dict[str, Any]:
        """measure, group, matters."""
        return self.manifest["headline"]

    @property
    def places(self) -> list[str]:
        """Places in the order of the scenario."""
        return self.manifest["places"]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """As `summary.csv`."""
        return statistics.summarise(self.replications)

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """As `comparison.csv`; empty with one arm."""
        swept = bool(self.manifest["points"])
        return statistics.compare(self.replications, self.manifest["baselines"], self.headline, not swept)

    @cached_property
    def growing(self) -> list[str]:
        """Arms whose list is still growing at the end."""
        return statistics.growing_lists(self.census)

    def value(self, arm: str, measure: str, group: str) -> pd.Series | None:
        """The row of the summary for one arm, measure and group; None where it does not exist."""
        return self._row(self.summary, arm, measure, group)

    def difference(self, arm: str, measure: str, group: str) -> pd.Series | None:
        """The row of the comparison for one arm, measure and group; None where it does not exist."""
        return self._row(self.comparison, arm, measure, group)

    @staticmethod
    def _row(table: pd.DataFrame, arm: str, measure: str, group: str) -> pd.Series | None:
        if not len(table):
            return None
        found = table[(table.scenario == arm) & (table.measure == measure) & (table.group == group)]
        return found.iloc[0] if len(found) else None


def load(path: Path) -> Results:
    """Load a finished folder. Raises `NotResults` with a line for the user."""
    manifest = ResultsFolder(path).manifest()
    if manifest is None:
        raise NotResults(f"{path} is no results folder: it has no readable manifest.json")
    if not manifest.get("finished"):
        raise NotResults(f"{path} is not finished: run the same command again to continue it")
    try:
        tables = [pd.read_parquet(path / name) for name in (REPLICATIONS, CENSUS)]
    except (OSError, ValueError) as error:
        raise NotResults(f"{path} cannot be read: {error}") from None
    return Results(path, manifest, *tables)
