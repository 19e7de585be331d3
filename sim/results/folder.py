"""A results folder: what is in it, and writing it so that a kill loses nothing.

Every file is written under a temporary name and moved into place whole. Finished replications are
kept one file each under `.kept/` and gathered into `replications.parquet` at the end, each known by a
mark of its scenario, seed and version; those beyond the number asked for stay under `.kept/`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

from sim.results.gathered import Gathered, write_gathered

KEPT = ".kept"
PROGRAM = "Imaging Waits"
MANIFEST, REPLICATIONS, CENSUS = "manifest.json", "replications.parquet", "census.parquet"


class AnotherExperiment(Exception):
    """The folder holds another experiment, or something else; it is not written over."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name that becomes `path` when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        with open(temporary, "rb") as written:
            os.fsync(written.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole, as UTF-8."""
    with whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_rows(path: Path, columns: list[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows as CSV, whole; numbers to twelve figures, None as nothing."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = (row.get(name) for name in columns)
        writer.writerow([f"{cell:.12g}" if isinstance(cell, float) else cell for cell in cells])
    write_text(path, text.getvalue())


def parquet(columns: dict[str, Any]) -> bytes:
    """Columns by name as a Parquet file."""
    import pyarrow
    import pyarrow.parquet

    file = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(pyarrow.table(columns), file, compression="zstd")
    return file.getvalue().to_pybytes()


def fingerprint(*parts: Any) -> str:
    """A hash of anything that JSON can hold; the same parts give the same text."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class ResultsFolder:
    """One experiment's folder while it is written, and afterwards.

    beside: folders of other experiments; a replication that one of them keeps is not run again.
    """

    def __init__(self, path: Path, beside: Iterable[Path] = ()) -> None:
        self.path, self.beside = path, [ResultsFolder(other) for other in beside]

    def manifest(self) -> dict[str, Any] | None:
        """What made the folder; None where there is no readable manifest."""
        try:
            return json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def check(self, mark: str, fresh: bool) -> None:
        """Raise `AnotherExperiment` unless the folder is new, fresh, or of the same experiment."""
        if not self.path.exists() or all(found.suffix == ".part" for found in self.path.iterdir()):
            return
        known = self.manifest()
        if fresh and known is not None and known.get("program") == PROGRAM:
            return
        if fresh:
            raise AnotherExperiment(f"{self.path} is no results folder of this program; it is left alone")
        if known is None or known.get("fingerprint") != mark:
            raise AnotherExperiment(
                f"{self.path} holds another experiment, or one of another version; use --fresh to write over it, or --out DIR"
            )

    def open(self, manifest: dict[str, Any], fresh: bool) -> None:
        """Make the folder ready for writing; with `fresh`, throw away what it holds."""
        if fresh and self.path.exists():
            shutil.rmtree(self.path)
        self.write_manifest(manifest)

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Write the manifest whole."""
        write_text(self.path / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")

    # ---- replications

    def keep(self, mark: str, replication: int, values: dict[tuple[str, str], float], census) -> None:
        """Keep one finished replication: its measures and its census.

        mark: what its scenario, seed and version are known by.
        """
        names = sorted(values)
        document = {
            "measure": [name for name, _ in names],
            "group": [group for _, group in names],
            "value": [values[name] for name in names],
            "census": census,
        }
        self._keep(mark, replication, document)

    def _keep(self, mark: str, replication: int, document: dict[str, Any]) -> None:
        write_text(self._kept_file(mark, replication), json.dumps(document))

    def kept(self, mark: str, replication: int) -> dict[str, Any] | None:
        """A kept replication, or None where it is missing or unreadable."""
        try:
            return json.loads(self._kept_file(mark, replication).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = self._gathered.get(mark, replication)
            return found or next(filter(None, (other.kept(mark, replication) for other in self.beside)), None)

    def _kept_file(self, mark: str, replication: int) -> Path:
        return self.path / KEPT / mark[:32] / f"{replication:05d}.json"

    @cached_property
    def _gathered(self) -> Gathered:
        return Gathered(self.path / REPLICATIONS, self.path / CENSUS)

    def gather(self, marks: dict[str, str], replications: int) -> None:
        """Write `replications.parquet` and `census.parquet` from what is kept.

        marks: by arm name. What was gathered before and is not asked for now is kept beside them.
        """
        wanted = {(mark, number) for mark in marks.values() for number in range(replications)}
        for mark, number in self._gathered.names - wanted:
            if not self._kept_file(mark, number).is_file():
                self._keep(mark, number, self._gathered.get(mark, number))
        with whole(self.path / REPLICATIONS) as new, whole(self.path / CENSUS) as census:
            write_gathered(new, census, marks, replications, self.kept)
        del self._gathered
        for mark, number in wanted:
            self._kept_file(mark, number).unlink(missing_ok=True)
        for left in (*(self.path / KEPT / mark[:32] for mark in marks.values()), self.path / KEPT):
            with suppress(OSError):
                left.rmdir()

    # ---- patients

    def keep_patients(self, arm: str, replication: int, tables: dict[str, bytes]) -> None:
        """Write the tables of one replication, Parquet by name."""
        for name, content in tables.items():
            with whole(self._patients(arm, replication) / f"{name}.parquet") as temporary:
                temporary.write_bytes(content)

    def has_patients(self, arm: str, replication: int) -> bool:
        """Whether all tables of a replication are there."""
        return (self._patients(arm, replication) / "decisions.parquet").is_file()

    def _patients(self, arm: str, replication: int) -> Path:
        return self.path / "patients" / arm / f"{replication:05d}"
