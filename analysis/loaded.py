"""A results folder, loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import measured, month_ends, several_models, statistics
from analysis.described import SCENARIO, Described
from analysis.settling import TooShort, too_short
from sim import __version__
from sim.results.columns import MEASURES, TABLES
from sim.results.folder import CENSUS, PROGRAM, REPLICATIONS, ResultsFolder

PUBLISHED = "published.csv"
MADE_BY = (
    "arms",
    "baselines",
    "command",
    "files",
    "headline",
    "places",
    "points",
    "question",
    "replications",
    "seed",
)
"""What a manifest has to say."""


class NotResults(Exception):
    """The folder is missing, half-written or not of this program."""


@dataclass
class Results(Described):
    """A finished results folder.

    replications: one row a scenario, replication, measure and group (`analysis.measured` works through them).
    census: month ends, one row a scenario, replication and month. tried, tried_census: the same of every
    arm that was run, those included that a search made as it went.
    """

    replications: pd.DataFrame
    census: pd.DataFrame
    tried: pd.DataFrame = field(default_factory=pd.DataFrame)
    tried_census: pd.DataFrame = field(default_factory=pd.DataFrame)

    def outcomes(self, measure: str, group: str) -> pd.DataFrame:
        """One measure and group: a row a replication, a column an arm, those tried included."""
        return measured.of(self.tried, measure, group).pivot(
            index="replication", columns="scenario", values="value"
        )

    @cached_property
    def summary(self) -> pd.DataFrame:
        """As `summary.csv`."""
        return statistics.summarise(self.replications)

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """As `comparison.csv`; empty with one arm."""
        baselines = self.manifest["baselines"]
        return statistics.compare(self.replications, baselines, self.headline, not self.is_sweep)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """As `pairs.csv`."""
        return statistics.compare_all(self.replications, self.arms, self.headline)

    @cached_property
    def best(self) -> pd.DataFrame:
        """As `best.csv`."""
        return several_models.best(self.replications, self.manifest["seed"])

    @cached_property
    def front(self) -> pd.DataFrame:
        """As `front.csv`: of the headline's group and of everybody."""
        asked = dict.fromkeys([self.headline["group"], *self.everybody.values()])
        return several_models.front(self.replications, asked, self.manifest["seed"])

    def by_replication(self, arm: str, measure: str, group: str) -> pd.Series:
        """The values of one arm, measure and group by replication."""
        found = measured.of(self.replications, measure, group)
        return found[found.scenario == arm].set_index("replication").value

    @cached_property
    def groups(self) -> set[str]:
        """Every group of which something was measured."""
        return set(self.replications.group.unique())

    @cached_property
    def modalities(self) -> list[str]:
        """Kinds of test that are asked for, in the order of the model."""
        return list(self.census["Diagnostic Tests"].unique())

    @property
    def has_several_modalities(self) -> bool:
        """Whether groups are within a modality: nothing is averaged over several."""
        return len(self.modalities) > 1

    @property
    def everybody(self) -> dict[str, str]:
        """The group of everybody who needs each modality: `all` where there is one."""
        return {m: f"modality={m}" if self.has_several_modalities else "all" for m in self.modalities}

    @cached_property
    def growth(self) -> dict[tuple[str, str], bool | None]:
        """By arm, those tried included, and modality: whether the list still grows at the end; None where
        that cannot be told."""
        return statistics.growth(self.tried_census if len(self.tried_census) else self.census)

    @property
    def growing(self) -> list[str]:
        """Arms with a list that is still growing at the end."""
        return [arm for arm in self.arms if any(self.growth.get((arm, m)) for m in self.modalities)]

    @cached_property
    def short_warm_up(self) -> dict[tuple[str, str], TooShort]:
        """By arm and modality: where the list still comes from the start after the warm-up.

        Not of a run that opens with a list: its start is what is asked about.
        """
        if self.opening:
            return {}
        lists = statistics.lists_at_month_ends(self.census)
        return {key: found for key, months in lists.items() if (found := too_short(months))}

    @property
    def warm_up_months(self) -> int:
        """Months from the start to the data-collection period."""
        year, month = (int(part) for part in min(self.census.Period).split("-")[:2])
        began = [int(part) for part in self.starts.split("-")[:2]]
        return 12 * (year - began[0]) + month - began[1]

    @cached_property
    def month_ends(self) -> pd.DataFrame:
        """Lists, shares, bands and activity at month ends, with intervals (`analysis.month_ends`)."""
        return month_ends.over_replications(self.census)

    @cached_property
    def published(self) -> pd.DataFrame | None:
        """As `published.csv`; None where there is none, or where it is of other replications."""
        if not (self.path / PUBLISHED).is_file():
            return None
        table = pd.read_csv(self.path / PUBLISHED).fillna({"band": ""})
        return table if set(table.n) == {self.manifest["replications"]} else None

    def value(self, arm: str, measure: str, group: str) -> pd.Series | None:
        """The row of the summary for one arm, measure and group; None where it does not exist."""
        return self._row("summary", arm, measure, group)

    def difference(self, arm: str, measure: str, group: str) -> pd.Series | None:
        """The row of the comparison for one arm, measure and group; None where it does not exist."""
        return self._row("comparison", arm, measure, group)

    def _row(self, name: str, *key: str) -> pd.Series | None:
        table = getattr(self, name)
        if name not in self._places and len(table):
            keys = table[["scenario", "measure", "group"]].itertuples(index=False, name=None)
            self._places[name] = {key: at for at, key in enumerate(keys)}
        at = self._places.get(name, {}).get(key)
        return None if at is None else table.iloc[at]

    @cached_property
    def _places(self) -> dict[str, dict[tuple[str, ...], int]]:
        """By the table's name: where the row of an arm, measure and group stands."""
        return {}


def load(path: Path) -> Results:
    """Load a finished folder. Raises `NotResults` with a line for the user."""
    manifest = checked(path, ResultsFolder(path).manifest())
    try:
        (path / SCENARIO).read_bytes()
        tables = [measured.read(path / REPLICATIONS), pd.read_parquet(path / CENSUS)]
    except (OSError, ValueError) as error:
        raise NotResults(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    check_known(path, *tables)
    return Results(path, manifest, *(of_arms(table, list(manifest["arms"])) for table in tables), *tables)


def of_arms(table: pd.DataFrame, arms: list[str]) -> pd.DataFrame:
    """The rows of some arms; the table itself where there are no others."""
    theirs = table.scenario.isin(arms)
    return table if theirs.all() else table[theirs]


def check_known(path: Path, replications: pd.DataFrame, census: pd.DataFrame) -> None:
    """Raise `NotResults` where other code wrote the tables: with columns or measures that this code does not know."""
    for name, table in ((REPLICATIONS, replications), (CENSUS, census)):
        if set(table.columns) != {column.name for column in TABLES[name]}:
            raise NotResults(
                f"{path} was made by other code: {name} has other columns; run the same command again"
            )
    if unknown := sorted(set(replications.measure.unique()) - set(MEASURES)):
        raise NotResults(
            f"{path} was made by other code, which measured {', '.join(unknown)}; run the same command again"
        )


def checked(path: Path, manifest: Any) -> dict[str, Any]:
    """The manifest of a finished folder of this program and version; otherwise raises `NotResults`."""
    if not isinstance(manifest, dict) or manifest.get("program") != PROGRAM:
        raise NotResults(f"{path} is no results folder: it has no readable manifest.json of {PROGRAM}")
    if manifest.get("version") != __version__:
        raise NotResults(
            f"{path} was made by version {manifest.get('version')}, and this is {__version__}: "
            "use that version, or run the same command again"
        )
    if not manifest.get("finished"):
        raise NotResults(f"{path} is not finished: run the same command again to continue it")
    if absent := [name for name in MADE_BY if name not in manifest]:
        raise NotResults(f"{path} is half-written: its manifest.json lacks {', '.join(absent)}")
    return manifest


def once(work: Callable[[Results], pd.DataFrame]) -> Callable[[Results], pd.DataFrame]:
    """The table that `work` makes of the same results is made once."""
    name = f"{work.__module__}.{work.__name__}"

    @wraps(work)
    def found(results: Results) -> pd.DataFrame:
        """As `work`."""
        if name not in vars(results):
            vars(results)[name] = work(results)
        return vars(results)[name]

    return found
