"""What a runner keeps, what it runs again, and the five lines of a notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.experiment import Experiment, Runner, provenance
from sim.results.folder import CENSUS, REPLICATIONS
from sim.scenario.read import read_arms

QUICK = {"calendar.years": "0.25 years"}


@pytest.fixture(scope="module")
def arms(near):
    return read_arms([near], [], QUICK)


@pytest.fixture
def ran(monkeypatch):
    """What the workers (this process) were given: (seed, replication) in order."""
    from sim.experiment import runner

    given = []

    def noted(scenario, seed, replication, *more):
        given.append((seed, replication))
        return run_replication(scenario, seed, replication, *more)

    run_replication = runner.run_replication
    monkeypatch.setattr(runner, "run_replication", noted)
    return given


def measured(folder: Path, arms, replications: int, seed: int = 1):
    with Runner(folder, seed, where=1) as runner:
        return runner.measured(arms, replications)


def test_every_replication_of_every_arm_by_name_and_number(arms, tmp_path):
    found = measured(tmp_path, arms, 2)
    assert list(found) == [("far", 0), ("far", 1), ("near", 0), ("near", 1)]
    assert found["far", 0]["wait_days_mean", "place=Village"] > 0
    assert found["far", 0] != found["far", 1]


def test_what_is_kept_is_read_and_not_run_again(arms, tmp_path, ran):
    first = measured(tmp_path, arms, 2)
    assert len(ran) == 4
    assert measured(tmp_path, arms, 2) == first and len(ran) == 4
    more = measured(tmp_path, arms, 3)
    assert ran[4:] == [(1, 2), (1, 2)] and {name: more[name] for name in first} == first


def test_an_arm_added_later_is_run_alone_and_gets_what_it_would_have_got(arms, tmp_path, ran):
    measured(tmp_path / "a", arms[:1], 2)
    together = measured(tmp_path / "a", arms, 2)
    assert len(ran) == 4
    assert together == measured(tmp_path / "b", arms[::-1], 2)


def test_a_change_is_run_anew_under_the_same_name(near, arms, tmp_path, ran):
    before = measured(tmp_path, arms[1:], 1)
    changed = read_arms([near], ["fleet.van.slots_per_day=4 per day"], QUICK)
    assert measured(tmp_path, changed[1:], 1) != before
    assert measured(tmp_path, arms[1:], 1) == before and len(ran) == 2


@pytest.mark.parametrize("other", ["seed", "version", "code"])
def test_another_seed_version_or_code_never_gets_what_is_kept(arms, tmp_path, ran, monkeypatch, other):
    measured(tmp_path, arms[:1], 1)
    if other == "version":
        monkeypatch.setattr(sim, "__version__", "999")
    if other == "code":
        monkeypatch.setattr(provenance, "code_hash", lambda: "another")
    measured(tmp_path, arms[:1], 1, seed=2 if other == "seed" else 1)
    assert len(ran) == 2


def test_another_headline_is_the_same_world(near, arms, tmp_path, ran):
    measured(tmp_path, arms[:1], 1)
    travel = read_arms(
        [near], [], QUICK | {"headline.measure": "travel_minutes_mean", "headline.matters": "null"}
    )
    measured(tmp_path, travel[:1], 1)
    assert len(ran) == 1


def test_two_different_scenarios_cannot_have_one_name(near, arms, tmp_path):
    changed = read_arms([near], ["fleet.van.slots_per_day=4 per day"], QUICK)
    with pytest.raises(ValueError, match="two different scenarios are called 'near'"):
        measured(tmp_path, [arms[1], changed[1]], 1)


def test_progress_is_told_over_several_calls(arms, tmp_path):
    told = []
    with Runner(tmp_path, 1, where=1, progress=lambda done, of: told.append((done, of))) as runner:
        runner.measured(arms[:1], 2)
        runner.measured(arms, 2)
    assert told == [(0, 2), (1, 2), (2, 2), (4, 6), (5, 6), (6, 6)]


def test_a_worker_with_other_code_is_refused_in_a_line(arms, tmp_path, monkeypatch):
    asked = {**provenance.program(), "imaging-waits": "0123", "numpy": "1.0"}
    with pytest.raises(provenance.AnotherProgram) as refused:
        provenance.check_same(asked)
    (line,) = str(refused.value).splitlines()
    assert (
        "imaging-waits" in line
        and "not 0123" in line
        and "numpy" in line
        and "not 1.0" in line
        and "scipy" not in line
    )


def test_fewer_replications_of_a_finished_folder_leave_the_others_for_later(arms, tmp_path, ran):
    bits = {}
    for count in (4, 2, 4):
        folder = Experiment(arms, count, seed=1).run(tmp_path / "near", where=1)
        assert folder.manifest()["replications"] == count
        bits.setdefault(count, []).append(
            [(folder.path / table).read_bytes() for table in (REPLICATIONS, CENSUS)]
        )
    assert len(ran) == 8
    assert bits[4][0] == bits[4][1] != bits[2][0]


def test_a_precision_is_reached_with_the_same_number_whatever_the_folder_holds(arms, tmp_path):
    """Asked for from nothing, and of a folder that already holds more than is needed."""
    from sim.experiment.precision import Precision

    numbers = []
    for kept in (0, 14):
        path = tmp_path / str(kept) / "near"
        if kept:
            Experiment(arms, kept, seed=1).run(path, where=1)
        folder = Experiment(arms, 0, seed=1, precision=Precision("30%", share=0.3)).run(path, where=1)
        said = folder.manifest()
        assert said["precision"]["reached"]
        assert set(said["precision"]["half_widths"]) == {"far", "near", "near less far"}
        assert all(width <= allowed for width, allowed in said["precision"]["half_widths"].values())
        numbers.append((said["replications"], (path / REPLICATIONS).read_bytes()))
    assert numbers[0] == numbers[1]
