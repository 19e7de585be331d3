"""The rows of `replications.parquet`, millions of them after a thousand replications, held and worked through in
little memory: texts are kept once as categories, and tables are made of some measures at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

TEXTS = ("scenario", "measure", "unit", "group")
AT_ONCE = 500_000
"""Rows that are worked on together."""


def read(path: Path) -> pd.DataFrame:
    """The file, one group of its rows at a time; texts as categories in order of appearance.

    Raises `OSError` or `ValueError` where it cannot be read.
    """
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        columns = {name: np.empty(file.metadata.num_rows, kind) for name, kind in kinds_of(file).items()}
        codes: dict[str, dict[str, int]] = {name: {} for name in TEXTS if name in columns}
        start = 0
        for number in range(file.num_row_groups):
            part = file.read_row_group(number)
            rows = slice(start, start := start + len(part))
            for name, column in columns.items():
                column[rows] = coded(part[name], codes[name]) if name in codes else part[name].to_numpy()
    for name, known in codes.items():
        columns[name] = pd.Categorical.from_codes(columns[name], list(known))
    return pd.DataFrame(columns, copy=False)


def kinds_of(file) -> dict[str, str]:
    """The kind of number that each column is held in."""
    known = dict.fromkeys((*TEXTS, "replication"), "int32") | {"value": "float64"}
    return {name: known.get(name, "object") for name in file.schema_arrow.names}


def coded(column, codes: dict[str, int]) -> np.ndarray:
    """The numbers of texts; a new text gets the next one. column: of a Parquet file."""
    found = column.combine_chunks().dictionary_encode()
    numbers = [codes.setdefault(text, len(codes)) for text in found.dictionary.to_pylist()]
    return np.array(numbers, dtype="int32")[found.indices.to_numpy()]


def of(replications: pd.DataFrame, measure: str, group: str | None = None) -> pd.DataFrame:
    """The rows of one measure, perhaps of one group; texts as texts."""
    chosen = replications.measure == measure
    return plain(replications[chosen if group is None else chosen & (replications.group == group)])


def by_measures(replications: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """All rows of some measures at a time, about `AT_ONCE` of them, with the `place` of a row among all."""
    counts = replications.measure.value_counts().to_dict()
    some: list[str] = []
    for measure in (measures := list(replications.measure.unique())):
        some.append(measure)
        if sum(map(counts.get, some)) >= AT_ONCE or measure == measures[-1]:
            chosen = replications.measure.isin(some)
            yield replications[chosen].assign(place=np.flatnonzero(chosen))
            some = []


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """A table with texts as texts."""
    kept = [name for name in table if isinstance(table[name].dtype, pd.CategoricalDtype)]
    return table.astype(dict.fromkeys(kept, str))
