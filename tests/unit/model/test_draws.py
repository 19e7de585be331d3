"""What is drawn about a referral is the same whether it is read alone or in a table of all who came with it."""

import numpy as np
import pytest

from sim.model import draws
from sim.model.draws import Draws
from sim.model.simulation import simulate
from sim.model.streams import ATTEMPTS, LISTS
from tests.functional.model.test_long_runs import MANY_MECHANISMS
from tests.functional.model.two_towns import same_tables
from tests.world import simulation, world


@pytest.fixture(scope="module")
def sim():
    """Two towns after their run: referrals, returns and unscheduled patients of seven months."""
    found = simulation(MANY_MECHANISMS)
    found.run()
    return found


def rows(sim, purpose: int, ready=None) -> np.ndarray:
    """The first row of everybody."""
    made = Draws(sim, purpose, ready)
    return np.array([made.first(number) for number in range(sim.records.came)])


def test_a_table_has_the_rows_that_are_read_one_by_one(sim, monkeypatch):
    together = rows(sim, LISTS)
    monkeypatch.setattr(draws, "FEWEST_FOR_A_TABLE", 10**9)
    one_by_one = rows(sim, LISTS)
    assert (together == one_by_one).all()
    assert len(np.unique(together[:, 0])) == sim.records.came > 1000


def test_a_table_that_was_forgotten_is_made_again_as_it_was(sim, monkeypatch):
    made, kept = Draws(sim, LISTS), rows(sim, LISTS)
    monkeypatch.setattr(draws, "TABLES_KEPT", 2)
    for number in [*range(0, sim.records.came, 7), *range(0, sim.records.came, 11)]:
        assert made.first(number) == kept[number].tolist()
        assert len(made.tables) <= 2


def test_further_attempts_have_rows_of_their_own(sim):
    made = Draws(sim, LISTS)
    found = [made.row(number, attempt) for number in (0, 1, 500) for attempt in range(4)]
    assert made.row(500, 0) == made.first(500) == found[8]
    assert len({tuple(row) for row in found}) == 12


def test_what_is_done_beforehand_is_done_once_to_each_by_its_modality(sim, monkeypatch):
    def ready(u: np.ndarray, modality: np.ndarray) -> None:
        assert len(u) == len(modality)
        u[:, 1] += 10 + modality

    plain = rows(sim, ATTEMPTS)
    expected = plain + np.array([0, 10, 0, 0])  # of the only modality, 0
    assert (rows(sim, ATTEMPTS, ready) == expected).all()
    monkeypatch.setattr(draws, "FEWEST_FOR_A_TABLE", 10**9)
    assert (rows(sim, ATTEMPTS, ready) == expected).all()
    again = Draws(sim, ATTEMPTS, ready).row(3, 1)
    assert again == [u + (10 if n == 1 else 0) for n, u in enumerate(Draws(sim, ATTEMPTS).row(3, 1))]


def test_a_run_has_the_same_tables_however_its_numbers_are_read(monkeypatch):
    made = world(MANY_MECHANISMS)
    usual = simulate(made, 1, 0)
    monkeypatch.setattr(draws, "FEWEST_FOR_A_TABLE", 10**9)
    assert same_tables(usual, simulate(made, 1, 0))
    monkeypatch.setattr(draws, "FEWEST_FOR_A_TABLE", 1)
    monkeypatch.setattr(draws, "TABLES_KEPT", 1)
    assert same_tables(usual, simulate(made, 1, 0))
