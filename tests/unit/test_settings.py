"""`--set path=value`: one number changed without a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiment.sweep import sweep_experiment
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import read_arms


def arm(write, *settings: str):
    return read_arms([write("extends: small.yaml")], list(settings))[0]


def test_what_is_set_wins_over_the_file_and_the_last_one_wins(write):
    settings = (
        "attendance.missed=4%",
        "attendance.missed=5%",
        "fleet.scanner.days=[monday, Friday]",
        "fleet.scanner.set_up=36 minutes",
    )
    scenario = arm(write, *settings).scenario
    assert (scenario.attendance.missed, scenario.fleet["scanner"].days, scenario.fleet["scanner"].set_up) == (
        0.05,
        [0, 4],
        0.025,
    )


def test_a_long_form_keeps_its_reason_and_range(write):
    setting = "attendance.missed={value: 5 %, assumption: mine, range: [0 %, 9 %]}"
    missed = arm(write, setting).scenario.attendance.missed
    assert (missed, missed.assumption, missed.range) == (0.05, "mine", (0.0, 0.09))


@pytest.mark.parametrize("setting, line", [
    ("fleet.scaner.slots_per_day=9 per day", "--set fleet.scaner.slots_per_day=9 per day: fleet.scaner: is in none of the scenarios; did you mean 'fleet.scanner'?"),
    ("fleeet.scanner.opens=09:00", "fleeet.scanner: is in none of the scenarios; did you mean 'fleet.scanner'?"),
    ("attendance.missed.value=5 %", "attendance.missed: is one value: set it whole, as attendance.missed=..."),
    ("fleet.scanner.slot_per_day=9 per day", "fleet.scanner.slot_per_day: unknown key; did you mean 'slots_per_day'?"),
    ("attendance.missed=0.05", "--set attendance.missed=0.05: attendance.missed: no unit in 0.05; must be a number with %"),
    ("attendance.missed=five", "attendance.missed: must be a number with %"),
    ("fleet.scanner.days=[monday", "fleet.scanner.days: must be a list such as [one, two], got '[monday'"),
    ("fleet.scanner.days=monday", "fleet.scanner.days: must be a list such as [one, two], got 'monday'"),
    ("attendance.missed", "--set attendance.missed: must be path=value"),
    ("=5 %", "--set =5 %: must be path=value"),
    (".missed=5 %", "must be path=value"),
])  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_by_its_own_words(faults_of, setting, line):
    (fault,) = faults_of("", setting)
    assert fault.startswith("--set ") and line in fault


def test_what_is_wrong_on_the_command_line_is_told_together_with_the_file(faults_of):
    found = faults_of("attendance: {clock_after_missed: no}", "booking.hold_back=3", "nothing")
    assert [line.split(": ")[0] for line in found] == [
        "--set booking.hold_back=3",
        "--set nothing",
        "x.yaml:2:14",
    ]


def test_a_setting_reaches_every_scenario_that_has_its_section(write):
    write(
        "extends: small.yaml\nworkforce: {planned_load: 90 %, planned_missed: 0 %, planned_referrals: {MRI: 1800 per year}}",
        "planned.yaml",
    )
    plain, planned = read_arms(
        [write("extends: small.yaml"), Path("planned.yaml")],
        ["workforce.planned_load=80%", "attendance.missed=1%"],
    )
    assert (plain.scenario.workforce, planned.scenario.workforce.planned_load) == (None, 0.8)
    assert plain.scenario.attendance.missed == planned.scenario.attendance.missed == 0.01


# ---- which scenarios are compared


def test_the_baseline_is_the_one_that_is_compared_with_and_comes_first(write):
    write("extends: small.yaml", "base.yaml")
    other = write("extends: small.yaml\ncompare_with: base.yaml", "other.yaml")
    assert [arm.name for arm in read_arms([other])] == ["base", "other"]
    assert [arm.name for arm in read_arms([other, Path("base.yaml")])] == ["base", "other"]
    assert [arm.name for arm in read_arms([Path("base.yaml"), Path("small.yaml")])] == ["base", "small"]


def test_two_files_of_one_name_are_told_apart_before_they_run(write):
    paths = [write("extends: small.yaml"), write("extends: ../small.yaml", "below/x.yaml")]
    with pytest.raises(ScenarioFaults, match="two of the files have this name"):
        read_arms(paths)


# ---- sweeps


def test_a_sweep_makes_every_combination_each_with_its_own_baseline(write):
    write("extends: small.yaml", "base.yaml")
    other = write("extends: small.yaml\ncompare_with: base.yaml", "other.yaml")
    sweeps = ["attendance.missed=0%,5%", "booking.hold_back=0%,10%,20%"]
    experiment = sweep_experiment([other], [], sweeps, {}, replications=2, seed=1)
    assert len(experiment.arms) == 2 * 3 * 2
    assert experiment.baselines == {name: name.replace("other", "base") for name in experiment.baselines}
    last = experiment.arms[-1]
    assert experiment.points[last.name] == {"attendance.missed": "5%", "booking.hold_back": "20%"}
    assert (last.scenario.attendance.missed, last.scenario.booking.hold_back) == (0.05, 0.2)


@pytest.mark.parametrize(
    "sweep",
    ["attendance.missed", "attendance.missed=5%", "=1,2", "attendance.missed=5%,5%", "attendance.missed=5%,"],
)
def test_a_sweep_needs_two_different_values(write, sweep):
    with pytest.raises(ScenarioFaults, match="must be path=value,value"):
        sweep_experiment([write("extends: small.yaml")], [], [sweep], {}, replications=2, seed=1)
