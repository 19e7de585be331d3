"""A replication that somebody may stop on the way: the same bits when nobody does, soon over when somebody does."""

from __future__ import annotations

import pytest

from sim.experiment.replication import as_parquet
from sim.model.simulation import STEP_DAYS, Stopped, simulate
from sim.scenario.arrivals import expected_referrals
from sim.scenario.document import read_document
from sim.scenario.read import read_arms, validate
from tests.functional.conftest import FAR, NEAR
from tests.world import SMALL, world

BUSY = {
    "demand": {"MRI": {"per_year": "3600 per year"}},
    "attendance": {"missed": "10 %"},
    "scanning": {"MRI": {"uptime": "90 %"}},
}


def test_being_asked_now_and_then_changes_no_bit():
    asked = []
    alone, watched = simulate(world(BUSY), 3, 1), simulate(world(BUSY), 3, 1, lambda: bool(asked.append(1)))
    assert as_parquet(alone) == as_parquet(watched)
    assert len(asked) == (world(BUSY).days.end - 1) // STEP_DAYS


def test_who_is_unwanted_stops_within_a_simulated_week():
    asked = []

    def unwanted() -> bool:
        asked.append(1)
        return len(asked) == 4

    with pytest.raises(Stopped):
        simulate(world(BUSY), 1, 0, unwanted)
    assert len(asked) == 4


def test_as_many_referrals_are_expected_as_come():
    scenario = validate(read_document(SMALL), SMALL)
    found = len(simulate(world(), 1, 0).referrals["referred"])
    assert abs(expected_referrals(scenario) - found) < 4 * found**0.5


def test_two_files_can_be_compared_whatever_they_compare_with(tmp_path):
    for name, text in {"far": FAR, "near": NEAR, "alone": FAR}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    files = [tmp_path / "alone.yaml", tmp_path / "near.yaml"]
    assert [arm.name for arm in read_arms(files)] == ["far", "alone", "near"]
    assert [arm.name for arm in read_arms(files, as_given=True)] == ["alone", "near"]
