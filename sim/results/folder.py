"""A results folder: what is in it, and writing it so that a kill loses nothing.

Every file is written under a temporary name and moved into place whole. Finished replications are
kept one file each under `.kept/` and gathered into `replications.parquet` at the end; the
fingerprint in the manifest says which scenarios, seed and version they belong to.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

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


def write_table(path: Path, columns: dict[str, Any]) -> None:
    """Write a Parquet file whole; columns by name."""
    import pyarrow
    import pyarrow.parquet

    with whole(path) as temporary:
        pyarrow.parquet.write_table(pyarrow.table(columns), temporary, compression="zstd")


def fingerprint(*parts: Any) -> str:
    """A hash of anything that JSON can hold; the same parts give the same text."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class ResultsFolder:
    """One experiment's folder while it is written, and afterwards."""

    def __init__(self, path: Path) -> None:
        self.path = path

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

    def keep(self, arm: str, replication: int, values: dict[tuple[str, str], float], census) -> None:
        """Keep one finished replication: its measures and its census."""
        names = sorted(values)
        document = {
            "measure": [name for name, _ in names],
            "group": [group for _, group in names],
            "value": [values[name] for name in names],
            "census": census,
        }
        write_text(self._kept_file(arm, replication), json.dumps(document))

    def kept(self, arm: str, replication: int) -> dict[str, Any] | None:
        """A kept replication, or None where it is missing or unreadable."""
        try:
            return json.loads(self._kept_file(arm, replication).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return self._gathered.get((arm, replication))

    def _kept_file(self, arm: str, replication: int) -> Path:
        return self.path / KEPT / arm / f"{replication:05d}.json"

    @cached_property
    def _gathered(self) -> dict[tuple[str, int], dict[str, Any]]:
        """What an earlier run gathered, one document a replication."""
        import pyarrow
        import pyarrow.parquet

        found: dict[tuple[str, int], dict[str, Any]] = {}
        try:
            rows, census = (
                pyarrow.parquet.read_table(self.path / name).to_pydict() for name in (REPLICATIONS, CENSUS)
            )
        except (OSError, pyarrow.ArrowInvalid):
            return found
        for arm, number, measure, group, value in zip(
            *(rows[name] for name in ("scenario", "replication", "measure", "group", "value"))
        ):
            empty = {"measure": [], "group": [], "value": [], "census": []}
            document = found.setdefault((arm, number), empty)
            document["measure"].append(measure)
            document["group"].append(group)
            document["value"].append(value)
        arms, numbers = census.pop("scenario"), census.pop("replication")
        for arm, number, *row in zip(arms, numbers, *census.values()):
            if (arm, number) in found:
                found[arm, number]["census"].append(dict(zip(census, row)))
        return {name: document for name, document in found.items() if document["census"]}

    def gather(self, arms: list[str], replications: int, units: dict[str, str]) -> None:
        """Write `replications.parquet` and `census.parquet` from what is kept."""
        rows: dict[str, list] = {
            n: [] for n in ("scenario", "replication", "measure", "unit", "group", "value")
        }
        census: dict[str, list] = {}
        for arm in arms:
            for replication in range(replications):
                document = self.kept(arm, replication)
                count = len(document["measure"])
                rows["scenario"] += [arm] * count
                rows["replication"] += [replication] * count
                rows["unit"] += [units[measure] for measure in document["measure"]]
                for name in ("measure", "group", "value"):
                    rows[name] += document[name]
                for row in document["census"]:
                    for name, value in {"scenario": arm, "replication": replication, **row}.items():
                        census.setdefault(name, []).append(value)
        write_table(self.path / REPLICATIONS, rows)
        write_table(self.path / CENSUS, census)
        shutil.rmtree(self.path / KEPT, ignore_errors=True)
