"""Columns that lie in a temporary file are the columns that were laid there."""

import mmap

import numpy as np
import pytest

import sim.model.overflow
from sim.model.overflow import Overflow

ODD = {
    "three bytes": np.array([1, 2, 3], dtype=np.int8),
    "eight": np.array([1.5]),
    "nothing": np.empty(0),
    "ten": np.arange(5, dtype=np.int16),
    "last": np.array([9.25, -1.0]),
}
"""Columns whose lengths are no multiple of what each begins at."""


def same(one: dict, other: dict) -> bool:
    return one.keys() == other.keys() and all(
        one[name].dtype == other[name].dtype and one[name].tolist() == other[name].tolist() for name in one
    )


def test_columns_of_whatever_length_come_back_part_after_part():
    overflow = Overflow()
    first = overflow.lay_aside([ODD, {name: column[::-1] for name, column in ODD.items()}])
    second = overflow.lay_aside([{"more": np.arange(9000)}])
    assert same(first[0], ODD) and same(first[1], {name: column[::-1] for name, column in ODD.items()})
    assert second[0]["more"].tolist() == [*range(9000)]
    assert len(overflow.maps) == 2
    assert all(column.ctypes.data % 8 == 0 for part in (*first, *second) for column in part.values())
    assert overflow.file.tell() % mmap.ALLOCATIONGRANULARITY == 9000 * 8 % mmap.ALLOCATIONGRANULARITY


def test_nothing_to_lay_aside_stays_nothing():
    overflow = Overflow()
    assert overflow.lay_aside([]) == []
    (found,) = overflow.lay_aside([{"nothing": np.empty(0)}])
    assert same(found, {"nothing": np.empty(0)}) and overflow.maps == []


def test_a_table_is_a_plain_one_before_the_file_is_used():
    overflow = Overflow()
    assert type(overflow.table()) is dict
    overflow.lay_aside([ODD])
    table = overflow.table({"kept": ODD["last"]})
    table["new"] = ODD["eight"]
    table |= {"newer": ODD["ten"]}
    assert table["kept"] is ODD["last"]
    assert not table["new"].flags.owndata and table["new"].tolist() == [1.5]
    assert not table["newer"].flags.owndata and table["newer"].tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("sizes", "times"), [([60, 40], 0), ([60, 41], 1), ([60, 41, 59], 1), ([60, 41, 60], 2)]
)
def test_memory_is_given_back_once_more_was_read_than_may_stay(monkeypatch, sizes, times):
    """A hundred bytes may: what was read before is given back, what is read now counts."""
    monkeypatch.setattr(sim.model.overflow, "IN_MEMORY", 100)
    overflow, given_back = Overflow(), []
    monkeypatch.setattr(overflow, "let_go", lambda: given_back.append(True))
    for size in sizes:
        overflow.read(size)
    assert len(given_back) == times
