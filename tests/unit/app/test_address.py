"""A link says what is on the page, and a stranger's link cannot do more than the page can."""

from __future__ import annotations

import pytest

from analysis.app.address import MOST_CHANGES, Shown, checked, parameters, read, usual
from analysis.app.asked import movable

FULL = Shown(
    "outsourced",
    "compromise_2019",
    seed=7,
    replications=12,
    measure="list_size",
    group="place=Swindon",
    view="lists",
    changes={"workforce.planned_load": "80 %", "fleet.swindon_mobile.visits": "[monday, tuesday]"},
)


def test_a_page_and_its_address_say_the_same():
    reading = read(parameters(FULL))
    assert reading == (FULL, [])
    assert checked(reading.shown.changes, movable("outsourced", "compromise_2019")) == (FULL.changes, [])


def test_a_plain_address_is_the_first_scenario_against_its_baseline():
    assert read({}) == (usual("outsourced"), [])
    assert parameters(usual("outsourced")) == {"scenario": ["outsourced"]}


def test_told_alone_is_said_in_the_address():
    alone = usual("outsourced")
    alone.baseline = None
    assert parameters(alone)["baseline"] == ["none"] and read(parameters(alone)).shown.baseline is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"scenario": "../../secret"}, "There is no scenario '../../secret'"),
        ({"scenario": "outsourced", "baseline": "network_today"}, "cannot be compared with 'network_today'; it can with none, in_house"),
        ({"seed": "-1"}, "seed must be a whole number from 0"),
        ({"seed": "9" * 30}, "seed must be a whole number from 0"),
        ({"replications": "1000000"}, "replications must be a whole number from 2 to 100"),
        ({"replications": "two"}, "and the address says 'two'"),
        ({"replications": "nan"}, "and the address says 'nan'"),
        ({"replications": "٣"}, "replications must be a whole number from 2"),
        ({"seed": "1e3"}, "seed must be a whole number from 0"),
        ({"measure": "happiness"}, "There is no measure 'happiness'"),
        ({"group": "place"}, "'place' is no group"),
        ({"set": "nothing"}, "'nothing' must be path=value"),
        ({"set": "a=" + "9" * 500}, "must be path=value"),
        ({"colour": "red"}, "a parameter 'colour' that this page does not know"),
    ],
)  # fmt: skip
def test_a_bad_parameter_gets_a_sentence_and_the_rest_is_shown(given, said):
    reading = read({name: [text] for name, text in given.items()})
    assert len(reading.wrong) == 1 and said in reading.wrong[0]
    assert reading.shown == usual("outsourced")


def test_of_a_parameter_that_is_said_twice_the_last_holds():
    assert read({"seed": ["3", "4"], "replications": ["9", "5"]}).shown.seed == 4


@pytest.mark.parametrize("number", ["nan %", "inf %", "-5 %", "1e400 %", "٨٠ %", "80", "80 days", ""])
def test_what_is_no_number_of_a_setting_is_told_and_left_out(number):
    fine, wrong = checked({"workforce.planned_load": number}, movable("outsourced", "in_house"))
    assert fine == {} and "workforce.planned_load must be from 70 % to 100 %" in wrong[0]


def test_a_strangers_text_comes_back_without_markup_and_short():
    (line,) = read({"scenario": ["<img src=x onerror=alert(1)>" * 50]}).wrong
    assert "<" not in line and len(line) < 250


@pytest.mark.parametrize(
    "text",
    [
        "opening_list.all.dm01=../../../../etc/passwd",
        "extends=other.yaml",
        "title=shouting",
        "\x00\u202e=\x00",
        "workforce.planned_load=1000000 %",
        "workforce.planned_load={value: 5 %, source: x}",
        "demand.PET-CT.per_year=99999999 per year",
    ],
)
def test_an_address_can_move_only_what_the_page_can_move(text):
    shown = read({"set": [text]}).shown
    fine, wrong = checked(shown.changes, movable("outsourced", "in_house"))
    assert fine == {} and len(wrong) == 1 and "left out" in wrong[0]


def test_only_so_many_changes_are_taken():
    given = {"set": [f"a.b{n}=1 %" for n in range(MOST_CHANGES + 5)]}
    reading = read(given)
    assert len(reading.shown.changes) == MOST_CHANGES and "first 50" in reading.wrong[0]
