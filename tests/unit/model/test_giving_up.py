"""Who gives up is called at the first look after their time, in order, and once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import sim.model.giving_up
from sim.model.giving_up import GivingUp


def somebody(number: int, gone: bool = False) -> SimpleNamespace:
    return SimpleNamespace(number=number, gone=gone)


@pytest.fixture
def expected():
    """Four people who give up in the course of three days."""
    found = GivingUp()
    for number, at in ((1, 2.75), (2, 0.5), (3, 1.25), (4, 1.2)):
        found.expect(somebody(number), at)
    return found


def called(expected: GivingUp, now: float) -> list[int]:
    return [referral.number for referral in expected.by(now)]


def test_a_clerk_who_looks_each_morning_finds_those_of_the_day_before(expected):
    assert [called(expected, day + 0.3) for day in range(4)] == [[], [2, 4, 3], [], [1]]


def test_a_clerk_who_was_away_finds_everybody_in_the_order_of_giving_up(expected):
    assert called(expected, 7.3) == [2, 4, 3, 1]
    assert called(expected, 8.3) == []


def test_who_gives_up_at_the_moment_of_the_look_is_found(expected):
    assert called(expected, 0.5) == [2]


def test_two_looks_on_a_day_find_each_once(expected):
    assert [called(expected, 1.22), called(expected, 1.22), called(expected, 1.9)] == [[2, 4], [], [3]]


def test_who_comes_late_and_should_have_given_up_before_is_found_at_the_next_look(expected):
    """A missed finding of Saturday comes to the clerk on Monday."""
    assert called(expected, 1.9) == [2, 4, 3]
    expected.expect(somebody(5), 0.75)
    assert called(expected, 1.9) == [5]


def test_only_the_gone_are_forgotten(monkeypatch):
    monkeypatch.setattr(sim.model.giving_up, "FEW", 3)
    expected = GivingUp()
    for number in range(6):
        expected.expect(somebody(number, gone=number % 2 == 0), number / 2)
    expected.forget_the_gone()
    assert called(expected, 9) == [1, 3, 5]


def test_few_are_not_looked_through():
    expected = GivingUp()
    expected.expect(somebody(0, gone=True), 1.0)
    expected.forget_the_gone()
    assert called(expected, 9) == [0]
