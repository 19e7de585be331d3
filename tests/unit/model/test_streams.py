"""Random numbers by address."""

import numpy as np
import pytest

from sim.model import couch, demand, groups, streams, ways
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
    ours = Streams(1, 0)
    assert ours.uniforms(*ONE, 2, 4, month=3).tolist() == FROZEN_UNIFORMS
    assert ours.row(ATTEMPTS, "MRI Town", 5, month=2, attempt=3).tolist() == FROZEN_ROW
    assert ours.generator(BREAKDOWNS, "scanner").exponential(1.0, 2).tolist() == FROZEN_TIMES


@pytest.mark.parametrize("columns", [4, 16])
def test_a_row_is_the_same_however_many_rows_follow(columns):
    few, many = (Streams(1, 0).uniforms(*ONE, rows, columns, month=1) for rows in (3, 500))
    assert (few == many[:3]).all()


def test_what_was_read_before_does_not_matter():
    ours = Streams(1, 0)
    first = ours.uniforms(*ONE, 7, 16, month=5)
    ours.uniforms(*ONE, 40, 4, month=2, attempt=1)
    assert (ours.uniforms(*ONE, 7, 16, month=5) == first).all()


def test_a_single_row_is_what_the_whole_table_has_in_whatever_order_it_is_read():
    ours = Streams(4, 2)
    for row, month, attempt in [(7, 2, 3), (0, 2, 3), (7, 2, 3), (8, 2, 3), (100, 0, 2), (3, 11, 9)]:
        table = ours.uniforms(ATTEMPTS, "MRI Town", row + 1, 4, month=month, attempt=attempt)
        assert (ours.row(ATTEMPTS, "MRI Town", row, month=month, attempt=attempt) == table[row]).all()


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


def test_a_purpose_once_given_is_never_used_for_anything_else():
    """New ones are added; these are what published runs were drawn with."""
    given = {
        "ARRIVALS": 1, "REFERRALS": 2, "ATTEMPTS": 3, "BREAKDOWNS": 4, "IMAGES": 5, "OPENING": 10, "RETURNS": 11,
        "ORDER": 12, "ROSTER": 13, "DELIVERIES": 14, "BLOCKS": 15, "WEAR": 16, "DECISIONS": 17, "PERSONS": 18,
        "LISTS": 19, "CONTRACTS": 20,
    }  # fmt: skip
    assert {name: getattr(streams, name) for name in given} == given


def test_a_column_of_what_is_drawn_at_the_door_once_given_is_never_used_for_anything_else():
    names = "TIME PRIORITY COMPLEXITY CAR REFERRER KEPT VETTED REMOVED FIRST_ATTEMPT"
    assert [getattr(demand, name) for name in names.split()] == [*range(9)]
    assert demand.NEXT_COLUMNS == demand.FIRST_ATTEMPT + streams.WORDS == demand.REFUSES == 12
    assert (demand.SHORT_NOTICE, demand.WAITED, demand.DOOR_COLUMNS) == (13, 14, 16)
    assert (couch.ATTENDING, couch.COUCH, couch.CANCELLING, couch.QUALITY) == (0, 1, 2, 3)
    assert (streams.READER, streams.TRANSFER, streams.DISCREPANCY) == (0, 1, 2)
    assert (groups.AGE, groups.MOBILITY, groups.SENT, ways.LOT, ways.AGREES) == (0, 1, 2, 0, 1)


def test_what_is_shared_by_all_replications_depends_on_seed_purpose_and_name_only():
    one = Streams(1, 0).shared(REFERRALS, "contract")
    assert one == Streams(1, 7).shared(REFERRALS, "contract") and one[0] != one[1]
    others = [
        Streams(2, 0).shared(REFERRALS, "contract"),
        Streams(1, 0).shared(ATTEMPTS, "contract"),
        Streams(1, 0).shared(REFERRALS, "other"),
    ]
    assert one not in others
