"""What does not fit in memory: columns of a long run lie in a temporary file."""

from __future__ import annotations

import mmap
from tempfile import TemporaryFile

import numpy as np

IN_MEMORY = 16 * 2**20
"""Bytes of columns that stay in memory; a run that makes more of them uses the file."""
ALIGNED = 8
"""Each column begins at a multiple of so many bytes."""

Table = dict[str, np.ndarray]


class Overflow:
    """A temporary file without a name, which is gone with the last column in it; none before it is needed.

    A column in it is an array like any other: the file is mapped, and read where the array is read.
    Where the disk has no room, columns stay in memory.
    """

    def __init__(self) -> None:
        self.file = None
        self.maps: list[mmap.mmap] = []
        self._read = 0

    def lay_aside(self, tables: list[Table]) -> list[Table]:
        """The same tables, with their columns in the file."""
        try:
            begins = self._end()
            for table in tables:
                for column in table.values():
                    self.file.write(np.ascontiguousarray(column).data)
                    self.file.write(bytes(-column.nbytes % ALIGNED))
            self.file.flush()
        except OSError:
            return tables
        length = self.file.tell() - begins
        if length:
            self.maps.append(mmap.mmap(self.file.fileno(), length, offset=begins))
        return self._mapped(tables) if length else tables

    def table(self, columns: Table | None = None) -> Table:
        """A table with these columns to begin with, which stay where they are."""
        return dict(columns or {}) if self.file is None else Columns(self, columns or {})

    def read(self, size: int) -> None:
        """So many bytes of columns will be read: what was read before is let go where that would be much."""
        self._read += size
        if self._read > IN_MEMORY:
            self.let_go()
            self._read = size

    def let_go(self) -> None:
        """Give back the memory of what was read or changed; the columns are as they were."""
        for part in self.maps if hasattr(mmap, "MADV_DONTNEED") else ():
            part.madvise(mmap.MADV_DONTNEED)

    def _end(self) -> int:
        """The end of the file, where a part may begin."""
        if self.file is None:
            self.file = TemporaryFile(prefix="imaging_waits_")  # noqa: SIM115 it lives as long as its columns
        end = self.file.seek(0, 2)
        return self.file.seek(end + -end % mmap.ALLOCATIONGRANULARITY)

    def _mapped(self, tables: list[Table]) -> list[Table]:
        found, at = [], 0
        for table in tables:
            found.append({})
            for name, column in table.items():
                found[-1][name] = np.frombuffer(self.maps[-1], column.dtype, column.size, at)
                at += column.nbytes + -column.nbytes % ALIGNED
        return found


class Columns(dict):
    """A table; in a run that uses the file a column goes there when it is put into the table.

    To put one in, or to look one up, gives back the memory of those read before, once that is much.
    """

    def __init__(self, overflow: Overflow, columns: Table) -> None:
        super().__init__(columns)
        self.overflow = overflow

    def __setitem__(self, name: str, column: np.ndarray) -> None:
        if self.overflow.file is not None:
            column = self.overflow.lay_aside([{name: column}])[0][name]
            self.overflow.read(column.nbytes)
        super().__setitem__(name, column)

    def __getitem__(self, name: str) -> np.ndarray:
        column = super().__getitem__(name)
        self.overflow.read(column.nbytes)
        return column

    def __ior__(self, columns: Table) -> Columns:
        for name, column in columns.items():
            self[name] = column
        return self
