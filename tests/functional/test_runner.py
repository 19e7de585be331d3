"""What a runner keeps, what it runs again, and the five lines of a notebook."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path

import pytest

import sim
from sim.experiment import Experiment, Runner, provenance
from sim.provision.contract import MONEY
from sim.results.folder import CENSUS, REPLICATIONS
from sim.scenario.changes import changed
from sim.scenario.read import Arm, read_arms
from sim.scenario.world import world_of

QUICK = {"calendar.years": "0.25 years"}


@pytest.fixture(scope="module")
def arms(near):
    return read_arms([near], [], QUICK)


@pytest.fixture
def ran(monkeypatch):
    """What the workers (this process) were given: (seed, replication) of each simulation in order."""
    from sim.experiment import runner

    given = []

    def noted(scenarios, seed, replication, *more):
        given.append((seed, replication))
        return run_replication(scenarios, seed, replication, *more)

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


def under(arm: Arm, name: str, **contract) -> Arm:
    """The arm by another name, under a contract with its van that is paid for as said."""
    return changed(arm, name, {("contract",): PLAIN | contract})


PLAIN = {
    "provider": "Company",
    "price": {"MRI": "£300 per scan"},
    "costs": {"default": {"MRI": {"per_scan": "£200 per scan"}}},
}
PAID = {
    "price": {"price": {"MRI": "£450 per scan"}},
    "tariff": {"tariff": {"MRI": "£200 per scan"}},
    "guaranteed": {"guaranteed": {"MRI": "9000 per year"}},
    "vat": {"vat": "20 %"},
    "one_off": {"one_off": "£1 million"},
    "costs": {"costs": {"default": {"MRI": {"per_scan": "£100 per scan"}}}},
}


@pytest.mark.parametrize("key", MONEY["contract"])
def test_models_that_differ_in_money_only_are_simulated_once_and_billed_each_by_its_own(
    arms, tmp_path, ran, key
):
    """Together they give to the last digit what each gives alone, and money alone tells them apart."""
    two = [under(arms[1], "plain"), under(arms[1], key, **PAID[key])]
    together = measured(tmp_path / "together", two, 2)
    assert ran == [(1, 0), (1, 1)]
    alone = [measured(tmp_path / arm.name, [arm], 2) for arm in two]
    assert len(ran) == 6
    assert {name: list(found.items()) for name, found in together.items()} == {
        name: list(found.items()) for one in alone for name, found in one.items()
    }
    plain, other = together["plain", 0], together[key, 0]
    differ = {one for one in plain.keys() | other.keys() if plain.get(one) != other.get(one)}
    of_money = ("times_acted", "mechanism=guaranteed scans not made")
    assert differ and all(one[0].endswith("_pounds") or one == of_money for one in differ)


@pytest.mark.parametrize("key", MONEY["fleet"])
def test_what_a_scanner_is_worth_is_nothing_to_a_simulation(arms, key):
    van = next(iter(arms[1].document.tree["fleet"]))
    other = changed(
        arms[1], "other", {("fleet", van, key): {"worth": "£1 million", "charity_bought": True}[key]}
    )
    assert pickle.dumps(world_of(other.scenario)) == pickle.dumps(world_of(arms[1].scenario))


def test_a_cap_and_a_start_are_simulated(arms, tmp_path, ran):
    """Nobody is booked beyond a cap, nor before the start."""
    others = {"capped": {"cap": {"MRI": "5 per month"}}, "later": {"start": datetime.date(2019, 2, 1)}}
    three = [under(arms[1], "plain"), *(under(arms[1], name, **given) for name, given in others.items())]
    scans = {name: found["scans", "all"] for (name, _), found in measured(tmp_path, three, 1).items()}
    assert len(ran) == 3 and max(scans, key=scans.get) == "plain"


def test_of_models_that_share_a_simulation_one_that_was_kept_is_not_written_again(arms, tmp_path, ran):
    two = [under(arms[1], "plain"), under(arms[1], "dear", vat="20 %")]
    before = measured(tmp_path, two[:1], 2)
    both = measured(tmp_path, two, 3)
    assert ran == [(1, 0), (1, 1), (1, 0), (1, 1), (1, 2)]
    assert {name: both[name] for name in before} == before and len(both) == 6


def test_patients_of_models_that_share_a_simulation_are_kept_under_both_names(arms, tmp_path):
    two = [under(arms[1], "plain"), under(arms[1], "dear", vat="20 %")]
    Experiment(two, 1, seed=1, keep_patients=True).run(tmp_path / "out", where=1)
    plain, dear = (
        sorted((tmp_path / "out" / "patients" / name).rglob("*.parquet")) for name in ("plain", "dear")
    )
    assert len(plain) == 4 and [one.read_bytes() for one in plain] == [one.read_bytes() for one in dear]


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
