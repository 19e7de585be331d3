"""A long run lays its columns in a temporary file, and nobody can tell by the numbers."""

from __future__ import annotations

import errno
import io

import pytest

import sim.model.overflow
import sim.model.tables
from sim.measures import measure
from sim.model.simulation import simulate
from tests.functional.model.two_towns import laid_over, same_tables, two_towns
from tests.world import world

MANY_MECHANISMS = laid_over(
    two_towns(),
    {
        "calendar": {"warm_up": "31 days", "years": "0.5 years"},
        "demand": {"MRI": {"per_year": "3000 per year", "unscheduled": {"per_year": "300 per year"}}},
        "attendance": {"missed": "10 %", "cancelled_by_patient": "10 %", "clock_after_missed": "resets"},
        "scanning": {"MRI": {"incomplete": "3 %", "missed_findings": {"share": "5 %", "after": "4 days"}}},
    },
)


@pytest.fixture
def in_the_file(monkeypatch):
    """Whatever has become a column goes into the file at once."""
    monkeypatch.setattr(sim.model.tables, "IN_MEMORY", 0)


def test_tables_and_measures_are_the_same_in_memory_and_in_the_file(monkeypatch):
    made = world(MANY_MECHANISMS)
    in_memory = simulate(made, 1, 0)
    monkeypatch.setattr(sim.model.tables, "IN_MEMORY", 0)
    in_the_file = simulate(made, 1, 0)
    assert in_memory.overflow.file is None
    for table in (in_the_file.referrals, in_the_file.appointments):
        assert not any(column.flags.owndata for column in table.values())
    assert same_tables(in_memory, in_the_file)
    assert measure(in_memory, made.days) == measure(in_the_file, made.days)


def test_a_column_in_the_file_can_be_changed_and_stays_so(in_the_file):
    rows = simulate(world(MANY_MECHANISMS), 1, 0).referrals
    rows["scanned"][5] = 1000.25
    rows.overflow.let_go()
    assert rows["scanned"][5] == 1000.25


def test_tables_outlive_what_made_them(in_the_file):
    made = world(MANY_MECHANISMS)
    referred = simulate(made, 1, 0).referrals["referred"]
    assert 0 <= referred.min() < referred.max() < made.days.end


def test_a_full_disk_costs_memory_and_no_run(in_the_file, monkeypatch):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sim.model.overflow, "TemporaryFile", lambda **_: Full())
    found = simulate(world(MANY_MECHANISMS), 1, 0)
    assert found.overflow.maps == []
    monkeypatch.undo()
    assert same_tables(found, simulate(world(MANY_MECHANISMS), 1, 0))
