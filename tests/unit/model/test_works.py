"""On which days the sessions of a scanner's templates are held."""

from types import SimpleNamespace

import pytest

from sim.model.breakdowns import NEVER
from sim.model.works import Works

DAY, EVENING = 0, 1


def works() -> Works:
    """Scanner 3 with an evening in reserve, scanner 5 without sessions of its own."""
    three = SimpleNamespace(number=3, templates=("day", "evening"), reserve=frozenset({EVENING}))
    return Works([three, SimpleNamespace(number=5, templates=(), reserve=frozenset())])


def days(made: Works, template: int = DAY, scanner: int = 3) -> list[int]:
    """Those of ten days on which a template is held."""
    return [day for day in range(10) if made.on(scanner, template, day)]


def test_a_scanner_works_from_the_start_and_for_good_and_what_is_in_reserve_does_not():
    made = works()
    assert days(made) == [*range(10)] == days(made, scanner=5)
    assert days(made, EVENING) == []
    assert made.renewed == {3: NEVER, 5: NEVER}
    assert made.same_until(0) == NEVER


def test_what_begins_is_held_from_its_first_day_to_the_day_before_its_end():
    made = works()
    made.begin(3, EVENING, 4, 7)
    assert days(made, EVENING) == [4, 5, 6]
    made.begin(3, EVENING, 8)
    assert days(made, EVENING) == [4, 5, 6, 8, 9]
    assert days(made) == [*range(10)]


def test_what_would_end_before_it_begins_is_never_held_and_changes_nothing():
    made = works()
    made.begin(3, EVENING, 4, 4)
    assert days(made, EVENING) == [] and made.changes == 0 and made.same_until(0) == NEVER


def test_a_scanner_that_is_closed_or_barred_holds_none_of_its_sessions():
    made = works()
    made.begin(3, EVENING, 0)
    made.close(3, 2, 4)
    assert days(made) == days(made, EVENING) == [0, 1, 4, 5, 6, 7, 8, 9]
    made.bar(3, [(5, 7)])
    assert days(made) == [0, 1, 4, 7, 8, 9]
    made.bar(3, [(8, 9)])  # in these and in no others
    assert days(made) == [0, 1, 4, 5, 6, 7, 9]
    assert days(made, scanner=5) == [*range(10)]
    assert made.scanner_on(3, 4) and not made.scanner_on(3, 3)


def test_each_change_is_counted():
    made = works()
    made.begin(3, EVENING, 4)
    made.close(3, 2, 4)
    made.bar(5, [(1, 2)])
    assert made.changes == 3


@pytest.mark.parametrize(("day", "until"), [(0, 2), (1, 2), (2, 4), (3, 4), (4, 6), (6, 8), (8, NEVER)])
def test_the_next_day_on_which_anything_may_be_otherwise(day, until):
    made = works()
    made.begin(3, EVENING, 4, 8)
    made.close(3, 2, 4)
    made.bar(5, [(-NEVER, 2), (6, NEVER)])
    assert made.same_until(day) == until


@pytest.mark.parametrize(
    ("now", "template", "held"),
    [(0, DAY, True), (0, EVENING, True), (6.9, EVENING, True), (7, EVENING, False)],
)
def test_what_is_held_now_or_later_is_ahead(now, template, held):
    made = works()
    made.begin(3, EVENING, 4, 7)
    assert made.ahead(3, template, now) == held


@pytest.mark.parametrize(("now", "held"), [(4.9, True), (5, False), (6, False)])
def test_what_a_contract_bars_for_good_is_not_ahead_any_more_and_what_it_bars_for_a_time_is(now, held):
    made = works()
    made.bar(3, [(0, 3), (5, NEVER)])
    assert made.ahead(3, DAY, now) == held
    made.bar(3, [(0, 3), (5, 90)])
    assert made.ahead(3, DAY, now)
