"""Random numbers by address."""

import numpy as np
import pytest

from sim.model.streams import ATTEMPTS, BREAKDOWNS, REFERRALS, Streams

ONE = (REFERRALS, "MRI Town")
FROZEN_UNIFORMS = [
    [0.9688222383474102, 0.7987295035844498, 0.36583685482199546, 0.3088521237932512],
    [0.9064210826308714, 0.116468978543947, 0.6138767281671719, 0.40919302581418227],
]
FROZEN_ROW = [0.39759048945163844, 0.6356624182228935, 0.29126728500677523, 0.8334694265483074]
FROZEN_TIMES = [0.28866490593109745, 0.16560898665732873]


def test_the_numbers_of_an_address_are_frozen():
    """Whoever changes these, a new numpy included, changes every published result."""
    streams = Streams(1, 0)
    assert streams.uniforms(*ONE, 2, 4, month=3).tolist() == FROZEN_UNIFORMS
    assert streams.row(ATTEMPTS, "MRI Town", 5, month=2, attempt=3).tolist() == FROZEN_ROW
    assert streams.generator(BREAKDOWNS, "scanner").exponential(1.0, 2).tolist() == FROZEN_TIMES


@pytest.mark.parametrize("columns", [4, 16])
def test_a_row_is_the_same_however_many_rows_follow(columns):
    few, many = (Streams(1, 0).uniforms(*ONE, rows, columns, month=1) for rows in (3, 500))
    assert (few == many[:3]).all()


def test_what_was_read_before_does_not_matter():
    streams = Streams(1, 0)
    first = streams.uniforms(*ONE, 7, 16, month=5)
    streams.uniforms(*ONE, 40, 4, month=2, attempt=1)
    assert (streams.uniforms(*ONE, 7, 16, month=5) == first).all()


def test_a_single_row_is_what_the_whole_table_has_in_whatever_order_it_is_read():
    streams = Streams(4, 2)
    for row, month, attempt in [(7, 2, 3), (0, 2, 3), (7, 2, 3), (8, 2, 3), (100, 0, 2), (3, 11, 9)]:
        table = streams.uniforms(ATTEMPTS, "MRI Town", row + 1, 4, month=month, attempt=attempt)
        assert (streams.row(ATTEMPTS, "MRI Town", row, month=month, attempt=attempt) == table[row]).all()


def test_every_part_of_an_address_gives_other_numbers():
    def first(seed=1, replication=0, purpose=REFERRALS, entity="MRI Town", month=0, attempt=0):
        return Streams(seed, replication).uniforms(purpose, entity, 1, 4, month=month, attempt=attempt)[0, 0]

    others = [
        first(), first(seed=2), first(replication=1), first(purpose=ATTEMPTS), first(entity="MRI Village"),
        first(entity="CT Town"), first(month=1), first(attempt=1),
    ]  # fmt: skip
    assert len(set(others)) == len(others)


def test_two_places_are_not_correlated():
    draws = [Streams(1, 0).uniforms(REFERRALS, entity, 20_000, 4)[:, 0] for entity in ("MRI A", "MRI B")]
    assert abs(np.corrcoef(draws)[0, 1]) < 3.5 / np.sqrt(20_000)
