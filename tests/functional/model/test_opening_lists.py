"""Opening lists in a scenario file, typed in or read from an extract, and runs that begin with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.measures.cut import Window
from sim.measures.lists import census
from sim.model.simulation import World, simulate
from sim.results.columns import DM01_BANDS
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import read_arms
from sim.scenario.world import world_of
from tests.functional.model.two_towns import only, same, same_tables, two_towns
from tests.unit.test_dm01 import EXTRACT, HEADER, MARCH, extract_row, plain_row
from tests.world import SMALL, tables, world

TYPED = f"{{modality: MRI, bands: {list(MARCH)}}}"
READ = "{dm01: lists/dm01.csv, provider: RTH, test: MRI, month: 2025-03}"
NEXT_YEAR = {"calendar": {"years": "1 year"}}


@pytest.fixture
def scenario(tmp_path):
    """Writes a scenario that extends the small world; returns its world, read as the program does."""

    def scenario(opening_list: str, rows: list[list] = ()) -> World:
        (tmp_path / "lists").mkdir(exist_ok=True)
        lines = (",".join(map(str, row)) for row in rows)
        (tmp_path / "lists" / "dm01.csv").write_text("\n".join(lines) + "\n")
        file = tmp_path / "scenario.yaml"
        file.write_text(f"extends: {relative(SMALL, tmp_path)}\nopening_list: {opening_list}\n")
        (arm,) = read_arms([file])
        return world_of(arm.scenario)

    return scenario


def named(name: str, opening_list: str) -> str:
    return f"{{{name}: {opening_list}}}"


def relative(file: Path, folder: Path) -> str:
    up = "../" * (len(folder.resolve().parts) - 1)
    return up + str(file.resolve().relative_to("/"))


FIRST_SHAPE = [HEADER, plain_row(), plain_row("2025-02-28", (1,) * 14)]
HALF, REST = [band // 2 for band in MARCH], [band - band // 2 for band in MARCH]
SECOND_SHAPE = [
    EXTRACT,
    extract_row(HALF, (150, 10, 20)),
    extract_row(REST, (250, 20, 0), commissioner="QNC"),
    extract_row(MARCH, (1, 1, 1), code="RN3"),
]


@pytest.mark.parametrize("rows", [FIRST_SHAPE, SECOND_SHAPE])
def test_a_list_read_from_an_extract_of_either_shape_is_the_one_typed_in(scenario, rows):
    read, typed = scenario(named("waiting", READ), rows), scenario(named("waiting", TYPED))
    assert read.opening[0].bands == MARCH
    assert same_tables(simulate(read, 1, 0), simulate(typed, 1, 0))


@pytest.mark.parametrize("written", [TYPED, READ])
def test_one_list_may_be_written_without_a_name(scenario, written):
    unnamed, other = (scenario(text, FIRST_SHAPE) for text in (written, named("waiting_list", written)))
    assert same_tables(simulate(unnamed, 1, 0), simulate(other, 1, 0))
    assert unnamed.opening[0].bands == MARCH


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (READ.replace("RTH", "RXX"), "RXX"),
        (READ.replace("2025-03", "2025-09"), "2025-09"),
        (READ.replace("dm01.csv", "other.csv"), "other.csv"),
        (READ.replace("}", ", bands: [1]}"), "bands"),
    ],
)
@pytest.mark.parametrize("with_name", [False, True])
def test_what_cannot_be_read_is_said(scenario, asked, said, with_name):
    with pytest.raises(ScenarioFaults) as found:
        scenario(named("waiting", asked) if with_name else asked, FIRST_SHAPE)
    assert said in str(found.value)


def test_the_census_at_the_start_would_be_the_bands_and_later_ones_hold_everybody_not_yet_scanned():
    """Nobody new and 310 slots a month: the 500 are 190 at the first month end, and none of them young."""
    changes = {"demand": {"MRI": {"per_year": "0 per year"}}, "calendar": {"years": "0.25 years"}}
    made = world(changes | {"opening_list": {"waiting": {"modality": "MRI", "bands": list(MARCH)}}})
    found = simulate(made, 1, 0)
    days = -found.referrals["referred"]
    assert np.bincount(np.minimum(days // 7, 13).astype(int), minlength=14).tolist() == list(MARCH)
    slots = 30 * 10
    january, february, march = census(Window(found, made.days))
    assert (january["Total WL"], january["Waiting List Activity"]) == (sum(MARCH) - slots, slots)
    assert sum(january[band] for band in DM01_BANDS[:4]) == 0, "31 days later nobody is under four weeks"
    assert february["Total WL"] == march["Total WL"] == 0


OPENING = {"modality": "MRI", "bands": list(MARCH), "urgent": {"urgent": "30 %"}}
HAZARD = {"by_week": [3.0, 2.0, 1.0, 1.0, 2.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]}


@pytest.mark.parametrize("order", ["first come", "hazard"])
def test_a_longer_run_begins_with_the_shorter_one(order):
    """Up to 28 days before the shorter one's end: after that its diary is shorter than the horizon, and who
    would be booked beyond the end takes cancelled slots before it."""
    changes = {
        "opening_list": {"waiting": OPENING},
        "demand": {"MRI": {"per_year": "3500 per year"}},
        "attendance": {"missed": "10 %", "cancelled_by_patient": "5 %"},
        "booking": {"removal": [{"after": "14 days", "a_week": "2 %"}]},
        "scanning": {"MRI": {"uptime": "95 %", "couch_time_variation": 0.3}},
    }
    if order == "hazard":
        changes["booking"]["treatment_hazard"] = {"MRI": {"Trust": HAZARD}}
    short = tables(changes | {"calendar": {"years": "0.5 years"}})
    long = tables(changes | NEXT_YEAR)
    end = short.sessions["day"].max() + 1 - 28
    assert same(*(only(t.sessions, t.sessions["day"] < end) for t in (long, short)))
    due = [only(t.appointments, t.appointments["slot_start"] < end) for t in (short, long)]
    assert len(due[0]["slot_start"]) > 1000
    assert same(*due, but=("appointment",))
    rows = [only(t.referrals, t.referrals["referred"] < end) for t in (short, long)]
    for column in ("referred", "priority", "place", "car", "opening"):
        assert np.array_equal(rows[0][column], rows[1][column]), column
    for column in ("listed", "scanned", "left"):
        known = [np.where(table[column] < end, table[column], np.nan) for table in rows]
        assert np.array_equal(*known, equal_nan=True), column


def test_two_provision_models_begin_with_the_same_list():
    changes = two_towns(opening_list={"waiting": OPENING})
    other = two_towns(
        opening_list={"waiting": OPENING},
        fleet={"scanner": {"slots_per_day": "7 per day", "provider": "Company"}},
        eligibility={"choice": "soonest"},
        reporting={"radiologists": {"reports_for": ["Company"]}},
    )
    one, other = tables(changes).referrals, tables(other).referrals
    for column in ("referred", "opening", "place", "priority", "complexity", "car", "listed"):
        assert np.array_equal(one[column], other[column]), column


def test_one_more_in_a_band_leaves_the_others_of_the_list_as_they_were():
    """With common random numbers a list of 501 is the list of 500 and somebody."""
    more = OPENING | {"bands": [MARCH[0] + 1, *MARCH[1:]]}
    found = [tables({"opening_list": {"waiting": answer}}).referrals for answer in (OPENING, more)]
    few, many = (set(rows["referred"][rows["opening"] == 1].tolist()) for rows in found)
    assert (len(few), len(many)) == (500, 501)
    assert few < many
