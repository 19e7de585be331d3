"""Finished replications gathered into two tables, a few at a time, so that memory does not grow with them.

A group of rows of each Parquet file holds up to `AT_ONCE` replications of one arm, arms and
replications in order; the file's metadata says what each arm's replications are known by.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from sim.results.columns import MEASURES

AT_ONCE = 20
KEYS = ("scenario", "replication")
ABOUT = b"imaging-waits"
Kept = Callable[[str, int], dict[str, Any]]
"""The kept replication of a mark and a number."""


def write_gathered(replications: Path, census: Path, marks: dict[str, str], count: int, kept: Kept) -> None:
    """Write both tables from what is kept of replications 0 to count - 1. marks: by arm name."""
    import pyarrow.parquet

    about = {ABOUT: json.dumps({"marks": marks, "replications": count}).encode()}
    writers: list[pyarrow.parquet.ParquetWriter] = []
    for arm, mark in marks.items():
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, count))
            documents = {number: kept(mark, number) for number in numbers}
            tables = [pyarrow.table(columns) for columns in (_rows(arm, documents), _census(arm, documents))]
            if not writers:
                writers = [
                    pyarrow.parquet.ParquetWriter(path, table.schema.with_metadata(about), compression="zstd")
                    for path, table in zip((replications, census), tables)
                ]
            for writer, table in zip(writers, tables):
                writer.write_table(table.cast(writer.schema))
    for writer in writers:
        writer.close()


def _rows(arm: str, documents: dict[int, dict[str, Any]]) -> dict[str, list]:
    rows: dict[str, list] = {n: [] for n in ("scenario", "replication", "measure", "unit", "group", "value")}
    for number, document in documents.items():
        count = len(document["measure"])
        rows["scenario"] += [arm] * count
        rows["replication"] += [number] * count
        rows["unit"] += [MEASURES[measure].unit for measure in document["measure"]]
        for name in ("measure", "group"):
            rows[name] += document[name]
        rows["value"] += map(float, document["value"])
    return rows


def _census(arm: str, documents: dict[int, dict[str, Any]]) -> dict[str, list]:
    columns: dict[str, list] = {}
    for number, document in documents.items():
        for row in document["census"]:
            for name, value in {"scenario": arm, "replication": number, **row}.items():
                columns.setdefault(name, []).append(value)
    return columns


class Gathered:
    """What an earlier run gathered; nothing where a file is missing or unreadable.

    A kill may leave one file older than the other: what both hold counts.
    """

    def __init__(self, replications: Path, census: Path) -> None:
        self._paths = (replications, census)
        self._some = lru_cache(maxsize=4)(self._read)

    @cached_property
    def names(self) -> set[tuple[str, int]]:
        """(mark, replication) of all that is gathered."""
        rows, census = (
            {(mark, number) for mark in about["marks"].values() for number in range(about["replications"])}
            for about in self._abouts
        )
        return rows & census

    @cached_property
    def _abouts(self) -> list[dict[str, Any]]:
        return [about_of(path) for path in self._paths]

    def get(self, mark: str, number: int) -> dict[str, Any] | None:
        """One replication as it was kept; None where it is not gathered."""
        if (mark, number) not in self.names:
            return None
        rows, census = (self._rows(file, mark, number) for file in range(2))
        columns = {name: [row[name] for row in rows] for name in ("measure", "group", "value")}
        return columns | {"census": [{k: v for k, v in row.items() if k not in KEYS} for row in census]}

    def _rows(self, file: int, mark: str, number: int) -> list[dict[str, Any]]:
        about = self._abouts[file]
        groups_an_arm = -(-about["replications"] // AT_ONCE)
        group = list(about["marks"].values()).index(mark) * groups_an_arm + number // AT_ONCE
        return self._some(file, group).get(number, [])

    def _read(self, file: int, group: int) -> dict[int, list[dict[str, Any]]]:
        """Rows by replication."""
        import pyarrow.parquet

        found: dict[int, list[dict[str, Any]]] = {}
        for row in pyarrow.parquet.ParquetFile(self._paths[file]).read_row_group(group).to_pylist():
            found.setdefault(row["replication"], []).append(row)
        return found


def about_of(path: Path) -> dict[str, Any]:
    """`marks` by arm and number of `replications` of a gathered file; none where it cannot be read."""
    import pyarrow.parquet

    try:
        return json.loads(pyarrow.parquet.read_schema(path).metadata[ABOUT])
    except (OSError, pyarrow.ArrowInvalid, KeyError, TypeError):
        return {"marks": {}, "replications": 0}
