"""How a claim is judged, by hand: every branch, and the same for both sides."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from analysis.statistics import NOT_SETTLED
from analysis.tipping import Curve
from analysis.verdicts import (
    DEPENDS,
    DOES_NOT_TIP,
    NOT_SUPPORTED,
    SUPPORTED,
    TIPS,
    Difference,
    Expected,
    better,
    difference_of,
    hanging,
    judge,
    may_tip,
    needed,
    tips,
    tried,
)

HIGHER, LOWER, SAME = (Expected(word, 2.0) for word in ("higher", "lower", "no different"))
NOBODY = Difference(math.nan, math.nan, math.nan, math.nan, 0)


def between(lower: float, upper: float) -> Difference:
    """A difference with such an interval, of ten replications."""
    return Difference((lower + upper) / 2, lower, upper, 1.0, 10)


def mirrored(one: Difference) -> Difference:
    return one._replace(mean=-one.mean, lower=-one.upper, upper=-one.lower)


LONGER, SHORTER, AS_LONG, WIDE = between(3, 4), between(-4, -3), between(-1, 1), between(1, 4)


@pytest.mark.parametrize("lower, upper, higher, lower_, same", [
    (3, 4, True, False, False),       # clearly longer
    (-4, -3, False, True, False),     # clearly shorter
    (-1, 1, False, False, True),      # within what matters
    (0.5, 1.5, False, False, True),   # longer, and not by what matters
    (1, 4, None, False, None),        # perhaps by what matters
    (-4, -1, False, None, None),
    (-5, 1, False, None, None),       # shorter or not, but not longer by what matters
    (-3, 3, None, None, None),        # anything
    (2, 2, False, False, True),       # exactly what matters is not more than it
])  # fmt: skip
def test_what_one_interval_says_of_each_kind_of_claim(lower, upper, higher, lower_, same):
    assert [claim.borne_out(lower, upper) for claim in (HIGHER, LOWER, SAME)] == [higher, lower_, same]


@pytest.mark.parametrize("values, verdict", [
    ([LONGER, LONGER, LONGER], SUPPORTED),
    ([SHORTER, SHORTER, SHORTER], NOT_SUPPORTED),
    ([AS_LONG, AS_LONG, AS_LONG], NOT_SUPPORTED),
    ([AS_LONG, SHORTER, AS_LONG], NOT_SUPPORTED),   # never longer: on the other side here, no different there
    ([LONGER, AS_LONG, LONGER], DEPENDS),
    ([LONGER, LONGER, SHORTER], DEPENDS),
    ([AS_LONG, LONGER, WIDE], DEPENDS),             # one of each is enough, whatever the third
    ([LONGER, WIDE, LONGER], NOT_SETTLED),
    ([SHORTER, WIDE, SHORTER], NOT_SETTLED),
    ([WIDE, WIDE, WIDE], NOT_SETTLED),
    ([LONGER, NOBODY, LONGER], NOT_SETTLED),        # the measure does not exist at one end
])  # fmt: skip
def test_the_verdict_of_a_claim_that_something_is_longer(values, verdict):
    assert judge(HIGHER, values) == verdict


@pytest.mark.parametrize("values, verdict", [
    ([AS_LONG] * 3, SUPPORTED),
    ([LONGER] * 3, NOT_SUPPORTED),
    ([LONGER, SHORTER, LONGER], NOT_SUPPORTED),     # different both ways is not the same
    ([AS_LONG, LONGER, AS_LONG], DEPENDS),
    ([AS_LONG, WIDE, AS_LONG], NOT_SETTLED),
])  # fmt: skip
def test_the_verdict_of_a_claim_that_nothing_changes(values, verdict):
    assert judge(SAME, values) == verdict


ALL = (LONGER, SHORTER, AS_LONG, WIDE, mirrored(WIDE), between(-3, 3), NOBODY)
TRIPLES = list(itertools.product(ALL, repeat=3))
"""Every mix of what may be found as the models stand and at two ends."""


def test_swapping_the_two_models_swaps_the_sides_and_nothing_else():
    """A claim that the one waits longer is judged as the claim that the other waits shorter."""
    for values in TRIPLES:
        swapped = [mirrored(one) for one in values]
        assert judge(HIGHER, values) == judge(LOWER, swapped)
        assert judge(SAME, values) == judge(SAME, swapped)
        assert needed(HIGHER, values) == needed(LOWER, swapped)
        sides = better("wait_days_mean", 2.0, swapped)
        assert better("wait_days_mean", 2.0, values) == {-sign for sign in sides}


def test_of_two_opposite_claims_at_most_one_is_supported_and_then_the_other_is_not():
    for values in TRIPLES:
        both = {judge(HIGHER, values), judge(LOWER, values)}
        assert SUPPORTED not in both or both == {SUPPORTED, NOT_SUPPORTED}


def test_two_models_that_are_the_same_bear_out_neither_side():
    nothing = difference_of(np.zeros(5))
    for matters in (0.0, 2.0):
        assert [judge(Expected(word, matters), [nothing] * 3) for word in ("higher", "lower")] == [
            NOT_SUPPORTED
        ] * 2
    assert judge(SAME, [nothing] * 3) == SUPPORTED
    assert better("wait_days_mean", 0.0, [nothing]) == set()


def test_a_difference_is_that_of_the_replications_which_both_models_have():
    found = difference_of(np.array([1.0, math.nan, 2.0, 3.0]))
    assert (found.mean, found.n, found.sd) == (2.0, 3, 1.0)
    assert found.upper - found.mean == pytest.approx(4.302653 / math.sqrt(3), rel=1e-5)


def test_one_replication_settles_nothing():
    assert judge(HIGHER, [difference_of(np.array([50.0]))] * 3) == NOT_SETTLED


def test_more_replications_are_asked_for_only_where_something_is_open():
    assert needed(HIGHER, [LONGER, SHORTER]) is None
    assert needed(HIGHER, [LONGER, WIDE]) > 10


# ---- what it hangs on


def test_it_hangs_most_on_what_the_verdict_depends_on_and_then_on_what_moves_it_farthest():
    moves = {
        "moves": (between(3, 4), between(90, 91)),
        "decides": (AS_LONG, LONGER),
        "does nothing": (LONGER, LONGER),
        "moves less": (LONGER, between(5, 6)),
    }
    assert hanging(HIGHER, LONGER, moves) == ["decides", "moves", "moves less"]
    assert len(tried(LONGER, moves)) == 9


def test_a_tipping_point_is_looked_for_along_what_decides_and_nothing_else():
    moves = {"moves": (between(3, 4), between(90, 91)), "decides": (AS_LONG, LONGER)}
    assert may_tip(HIGHER, LONGER, moves) == ["decides"]
    assert may_tip(HIGHER, LONGER, {"moves": moves["moves"]}) == []
    assert may_tip(HIGHER, LONGER, {"moves": moves["moves"]}, always=True) == ["moves"]
    assert may_tip(HIGHER, WIDE, {"one": (WIDE, LONGER), "other": (AS_LONG, WIDE)}) == ["other", "one"]


# ---- where it tips


def line(*means: float, spread: float = 0.1) -> Curve:
    """Differences at 0, 1, 2, ... of four replications that differ by a constant."""
    return Curve(
        np.arange(len(means), dtype=float),
        np.array([[m + s for m in means] for s in (-spread, 0, 0, spread)]),
    )


def test_a_claim_tips_where_the_difference_crosses_what_matters():
    (found,) = tips(HIGHER, line(0, 4))
    assert found.kind == TIPS and found.value == pytest.approx(0.5)
    assert found.lower < 0.5 < found.upper


def test_it_tips_at_the_same_value_for_the_other_side():
    (one,), (other,) = tips(HIGHER, line(0, 4)), tips(LOWER, line(0, -4))
    assert one.kind == other.kind == TIPS
    assert one[1:] == pytest.approx(other[1:])


def test_a_claim_that_nothing_changes_tips_at_both_ends_of_what_does_not_matter():
    assert [tip.value for tip in tips(SAME, line(-4, 4))] == [pytest.approx(0.25), pytest.approx(0.75)]


def test_it_does_not_tip_where_the_difference_stays_on_one_side_even_if_the_models_swap_places():
    assert [tip.kind for tip in tips(HIGHER, line(-1, 1))] == [DOES_NOT_TIP]


def test_where_the_spread_is_wide_it_may_tip_and_that_is_said():
    (found,) = tips(HIGHER, line(1.9, 2.1, spread=3))
    assert (found.kind, found.lower, found.upper) == (NOT_SETTLED, 0, 1)


# ---- who is better somewhere


def test_a_model_that_is_better_at_no_value_is_better_nowhere():
    assert better("wait_days_mean", 2.0, [LONGER, WIDE, AS_LONG]) == {-1}
    assert better("wait_days_mean", 2.0, [AS_LONG, WIDE]) == set()
    assert better("wait_days_mean", 2.0, [LONGER, SHORTER]) == {1, -1}


def test_more_scans_are_better_and_a_surplus_is_no_better_than_a_deficit():
    assert better("scans", 2.0, [LONGER]) == {1}
    assert better("surplus_pounds", 2.0, [LONGER, SHORTER]) == set()
