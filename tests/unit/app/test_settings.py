"""What can be moved: every number of the shipped scenarios, with its unit, its ends and where it comes from."""

from __future__ import annotations

import pytest

from analysis.app.address import Shown
from analysis.app.asked import arms_of, movable
from analysis.app.catalogue import comparable, offered
from analysis.app.settings import ASKED, CHOICE, NUMBER, SECTIONS, SEVERAL, STEPS, SWITCH, settings_of, steps
from analysis.app.widgets import with_unit
from sim.scenario.changes import QUESTIONS
from tests.unit.app.conftest import small_arm

SOURCES = {"roh-2023": "A published figure"}


def of(changes: dict, *names: str):
    """The settings of the small world with some values changed."""
    found = settings_of([small_arm("small", changes)], SOURCES)
    return [found[name] for name in names] if len(names) > 1 else found[names[0]]


def test_a_number_is_moved_over_its_range_and_says_where_it_comes_from():
    missed = {"value": "7.4 %", "assumption": "nobody counted", "range": ["3 %", "12 %"]}
    found = of({"attendance": {"missed": missed}}, "attendance.missed")
    assert (found.kind, found.value, found.unit, found.low, found.high) == (NUMBER, 7.4, "%", 3, 12)
    assert "An assumption: nobody counted." in found.help and "patients" in found.meaning
    assert "Moves small." in found.help


def test_a_source_is_told_by_its_title():
    (arm,) = [small_arm()]
    arm.document.tree["attendance"]["missed"] = {"value": "5 %", "source": "roh-2023"}
    found = settings_of([arm], SOURCES)["attendance.missed"]
    assert "Source: A published figure." in found.help
    assert (found.low, found.high) == (0, 95), "a share without a range is moved over all that is legal"


def test_a_range_in_another_unit_is_moved_in_the_unit_of_the_value():
    time = {"value": "1 day", "assumption": "a guess", "range": ["12 hours", "2 days"]}
    found = of({"scanning": {"MRI": {"repair_time": time}}}, "scanning.MRI.repair_time")
    assert (found.unit, found.low, found.high) == ("days", 0.5, 2)


def test_one_of_a_unit_is_written_as_one_says_it_and_both_forms_are_read():
    years = of({}, "calendar.years")
    assert (years.written(1), years.written(2)) == ("1 year", "2 years")
    assert years.read("1 year") == years.read("1 years") == 1


def test_a_slider_that_can_stand_at_one_leaves_a_unit_of_many_to_its_label():
    assert with_unit("years", 0.5, 2) == with_unit("days a week", 1, 3) == "%g"
    assert (with_unit("days", 7, 42), with_unit("%", 0, 100)) == ("%g days", "%g %%")
    assert (with_unit("£ per scan", 0, 9), with_unit("per day", 0.5, 4)) == ("£%g per scan", "%g per day")


def test_without_a_range_a_number_is_moved_within_what_is_legal():
    slots, years = of({}, "fleet.scanner.slots_per_day", "calendar.years")
    assert slots.low < slots.value < slots.high
    assert years.low >= 1 / 12 and years.high <= 50


def test_choices_switches_and_weekdays_are_what_the_schema_allows():
    choice, days = of({}, "eligibility.choice", "fleet.scanner.days")
    assert choice.kind == CHOICE and choice.options == ("nearest", "soonest", "logit")
    assert days.kind == SEVERAL and days.options[0] == "monday" and days.value[-1] == "sunday"
    switch = of({"fleet": {"scanner": {"on_bank_holidays": True}}}, "fleet.scanner.on_bank_holidays")
    assert switch.kind == SWITCH and switch.value is True


def test_what_is_left_at_its_default_can_be_moved_where_the_schema_names_ends():
    rejected, clock, written = of(
        {}, "vetting.rejected", "attendance.clock_after_cancelled", "demand.MRI.per_year"
    )
    assert rejected.left and (rejected.value, rejected.unit, rejected.low, rejected.high) == (0, "%", 0, 95)
    assert "this is the default" in rejected.help
    assert clock.left and clock.value in clock.options and not written.left
    found = settings_of([small_arm()], {})
    assert "fleet.scanner.age" not in found, "nobody has said how old a scanner may be"


def test_a_number_that_one_model_says_is_not_left_at_its_default():
    said = small_arm("said", {"vetting": {"rejected": "5 %"}})
    for arms in ([said, small_arm()], [small_arm(), said]):
        found = settings_of(arms, {})["vetting.rejected"]
        assert not found.left and set(found.apart) == {"said 5 %", "small 0 %"}


def test_what_is_left_at_its_default_is_laid_over_both_models():
    arms = arms_of(Shown("outsourced", "in_house", changes={"vetting.rejected": "10 %"}))
    assert [arm.scenario.vetting.rejected for arm in arms] == [0.1, 0.1]


def test_what_a_thing_is_cannot_be_moved():
    found = settings_of([small_arm()], {})
    assert not {"fleet.scanner.kind", "fleet.scanner.modality", "sites.Hospital.latitude", "title"} & set(
        found
    )


def test_two_models_that_differ_say_so():
    one, other = small_arm("one"), small_arm("other", {"fleet": {"scanner": {"slots_per_day": "7 per day"}}})
    found = settings_of([one, other], {})["fleet.scanner.slots_per_day"]
    assert found.value == 7 and found.apart == ("one 10 per day", "other 7 per day")
    assert "They differ" in found.help
    assert found.low <= 5 and found.high >= 17, "both models' spans can be reached"


@pytest.mark.parametrize("value", ["20 per year", "many per day", "1e9 per day", "", "7"])
def test_a_value_that_is_not_legal_is_refused_with_its_ends(value):
    found = of({}, "fleet.scanner.slots_per_day")
    with pytest.raises(
        ValueError, match=r"fleet.scanner.slots_per_day must be from .* per day to .* per day"
    ):
        found.read(value)


@pytest.mark.parametrize(("low", "value", "high"), [(70, 90, 100), (3, 7.4, 7.4), (0.79, 1, 1), (0, 12.6, 25), (450, 600, 1100)])  # fmt: skip
def test_the_keyboard_reaches_value_and_ends(low, value, high):
    low, high, step = steps(low, value, high)
    for wanted in (value, high):
        assert abs((wanted - low) / step - round((wanted - low) / step)) < 1e-6
    assert (high - low) / step >= STEPS


def test_every_question_has_a_name_and_comes_first():
    assert set(ASKED) == set(SECTIONS) and SECTIONS[: len(QUESTIONS)] == QUESTIONS


@pytest.mark.parametrize(
    "name", ["outsourced", "prime_provider", "pandemic_recovery_mobiles", "great_western"]
)
def test_every_setting_of_a_shipped_scenario_reads_what_it_writes(name):
    baseline = offered()[name].compare_with
    found = movable(name, baseline)
    assert len(found) > 30
    for setting in found.values():
        assert setting.read(setting.written(setting.value)) == setting.value, setting.name
        assert setting.label and setting.arms


def test_a_moved_setting_is_in_every_arm_that_has_it():
    moved = Shown("outsourced", "in_house", changes={"workforce.planned_load": "80 %"})
    assert [float(arm.scenario.workforce.planned_load) for arm in arms_of(moved)] == [0.8, 0.8]


@pytest.mark.parametrize("name", offered())
def test_a_scenario_can_be_compared_with_its_own_baseline(name):
    assert offered()[name].compare_with in [None, *comparable(name)[:1]]


def test_a_scenario_can_be_compared_with_those_that_meet_the_same_patients():
    assert comparable("outsourced")[0] == "in_house" and "compromise_2019" in comparable("outsourced")
    assert "network_today" not in comparable("outsourced")
    assert comparable("charity_scanner_part_time")[0] == "north_midlands_mri", "it extends one that says so"
    assert set(comparable("charity_scanner_handed_over")) > {"charity_scanner", "north_midlands_mri"}
    assert "pathway_pet_ct" not in offered() and "sources" not in offered()
