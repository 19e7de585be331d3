"""The lessons without their page: what can be moved, theory against the engine, sentences that follow numbers."""

from __future__ import annotations

import itertools
import math
import pickle
import re
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import pytest

from analysis.app.lessons import LESSONS
from analysis.app.lessons.backlog_and_shortage import mean_lists
from analysis.app.lessons.distance import missed_percent
from analysis.app.lessons.downtime import waits_where_they_fail
from analysis.app.lessons.lesson import Lesson
from analysis.app.lessons.mobile_once_a_week import VISITS, days_to_a_visit
from analysis.app.lessons.one_run import BUSY, LESS, wrong_way
from analysis.app.lessons.pictures import SIZE
from analysis.app.lessons.predictions import Choice, Guess
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.town import ALL_DAYS, WORKING_DAYS, diary_wait_days
from analysis.app.remembered import Remembered
from analysis.figures.style import as_bytes, house_style, picture
from analysis.statistics import half_width
from analysis.verdicts import Difference
from sim.experiment import provenance
from sim.experiment.replication import run_replication
from sim.model.calendar import reference_days
from sim.scenario.arrivals import expected_referrals
from sim.verify.theory import diary

A_LESSON = pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
FEW, ENOUGH = 3, 30
MOST_STANDARD_ERRORS, CAUGHT = 3.5, 0.45
"""Theory agrees within so many standard errors; an error of such a part of theory would not pass, nine times in ten."""
MOST_REFERRALS = 13_000
"""Of one arm's replication as a lesson begins: about a third of a second of one core."""


@lru_cache
def simulated(name: str, replications: int) -> Seen:
    """Some replications of a lesson as it begins."""
    lesson, kept = LESSONS[name], Remembered(10**9)
    finished = {}
    for arm in lesson.read_arms(lesson.defaults):
        given = (pickle.dumps(arm.scenario),), 1
        ran = [run_replication(*given, n, False, provenance.program())[0] for n in range(replications)]
        finished[arm.name] = [
            kept.add((arm.name, n), values, census) for n, (values, census, _) in enumerate(ran)
        ]
    return Seen(finished)


@dataclass
class Told:
    """A finished replication that says what a test wants."""

    measured: dict[tuple[str, str], float]
    census: list[dict]


def told(lesson: Lesson, values: dict[Quantity, float], runs: int = 8, months: int = 18) -> Seen:
    """Replications in which every quantity is near its value."""
    near = np.linspace(-0.1, 0.1, runs)
    finished = {}
    for arm in lesson.arms:
        mine = {one: value for one, value in values.items() if one.arm == arm}
        listed = next((value for one, value in mine.items() if one.month is not None), 50.0)
        finished[arm] = [
            Told(
                {(one.measure, one.group): value + away for one, value in mine.items()},
                [{"Period": f"2019-{m % 12 + 1:02d}-28", "Total WL": listed * (m + 1) / months + away} for m in range(months)],
            )
            for away in near
        ]  # fmt: skip
    return Seen(finished)


# ---- what can be moved


def test_there_are_at_least_ten_lessons_each_called_as_its_module():
    assert len(LESSONS) >= 10
    for name, lesson in LESSONS.items():
        assert lesson.settings.__module__ == f"analysis.app.lessons.{name}"


def ends(lesson: Lesson) -> list[dict[str, float]]:
    """The sliders at each end, one at a time, and all at their low and high ends together."""
    found = [
        lesson.defaults | {slider.key: end} for slider in lesson.sliders for end in (slider.low, slider.high)
    ]
    return [*found, *({s.key: getattr(s, end) for s in lesson.sliders} for end in ("low", "high"))]


@A_LESSON
def test_a_lesson_has_a_scenario_at_the_ends_of_every_slider(lesson):
    for given in ends(lesson):
        assert [arm.name for arm in lesson.read_arms(given)] == list(lesson.arms)


@A_LESSON
def test_the_sliders_begin_with_the_scenario_as_it_is_written(lesson):
    """So that `run.py` with the lesson's files tells the lesson."""
    for arm, plain in zip(lesson.read_arms(lesson.defaults), plain_arms(lesson)):
        assert expected_referrals(arm.scenario) == pytest.approx(expected_referrals(plain.scenario), rel=1e-3)
        assert flat(arm.scenario.model_dump()) == pytest.approx(flat(plain.scenario.model_dump()), rel=1e-3)


def plain_arms(lesson: Lesson) -> list:
    """The arms without any setting."""
    return replace(lesson, settings=lambda given: {name: [] for name in lesson.arms}).read_arms(
        lesson.defaults
    )


def flat(tree, path: str = "") -> dict[str, float]:
    """Every number of a scenario by its path."""
    if isinstance(tree, (dict, list)):
        parts = tree.items() if isinstance(tree, dict) else enumerate(tree)
        return {key: value for name, below in parts for key, value in flat(below, f"{path}.{name}").items()}
    return {path: float(tree)} if isinstance(tree, (int, float)) else {}


@A_LESSON
def test_a_replication_is_small_enough_for_an_answer_within_a_second(lesson):
    for arm in lesson.read_arms(lesson.defaults):
        assert expected_referrals(arm.scenario) < MOST_REFERRALS


@A_LESSON
def test_theory_has_a_positive_answer_or_none_wherever_sliders_stand(lesson):
    corners = itertools.product(*((slider.low, slider.high) for slider in lesson.sliders))
    for corner in corners:
        theory = lesson.theory(dict(zip(lesson.defaults, corner)))
        assert theory and set(theory) <= set(lesson.quantities)
        assert all(value is None or 0 < value < math.inf for value in theory.values())


# ---- theory against the engine


@pytest.mark.slow
@A_LESSON
def test_theory_and_the_engine_agree_and_a_large_error_would_be_seen(lesson):
    for row in lesson.compared(simulated(lesson.name, ENOUGH), lesson.defaults):
        if row.theory is not None:
            error = row.simulated.sd / math.sqrt(row.simulated.n)
            assert abs(row.simulated.mean - row.theory) <= MOST_STANDARD_ERRORS * error, row
            assert (MOST_STANDARD_ERRORS + 1.28) * error <= CAUGHT * row.theory, row


def test_the_town_has_the_working_days_that_its_calendar_has():
    days = reference_days(
        LESSONS["full_diaries"].read_arms(LESSONS["full_diaries"].defaults)[0].scenario.calendar
    )
    working = sum(days.is_open(day) and days.weekday[day] < 6 for day in range(days.end))
    assert (working, days.end) == (WORKING_DAYS, ALL_DAYS)


def test_the_list_of_a_shortage_is_the_mean_of_many_throws():
    draws, left = np.random.default_rng(1), np.zeros(20_000)
    for _ in range(39):
        left = np.maximum(left + draws.poisson(22, left.size) - 20, 0)
    assert mean_lists(0, 22, 20, 40)[-1] == pytest.approx(left.mean(), rel=0.01)


def test_a_backlog_of_500_with_2_to_spare_falls_by_2_a_day_and_ends_as_baileys_diary():
    lists = mean_lists(500, 18, 20, 600)
    assert lists[[0, 100]] == pytest.approx([480, 280])
    assert lists[-1] == pytest.approx(diary(18, 20)["list_after_clerk"], rel=1e-3)


def test_half_the_time_between_visits_passes_before_one_comes():
    """Of the six days of requests before a Tuesday: 1, 7, 6, 5, 4 and 3 dates; of three visits a week 1 or 2, and Saturday's 2."""
    assert days_to_a_visit(VISITS[1]) == pytest.approx(26 / 6)
    assert days_to_a_visit(VISITS[3]) == pytest.approx((2 + 1 + 2 + 1 + 3 + 2) / 6)


def test_the_odds_of_the_village_are_those_of_the_town_times_the_ratio_for_each_10_km():
    missed = missed_percent(6, 0.87, 30)
    assert (100 - missed) / missed == pytest.approx(94 / 6 * 0.87**3)
    assert missed_percent(6, 1, 60) == pytest.approx(6)


def test_downtime_as_busy_as_can_be_has_no_answer():
    assert waits_where_they_fail(95, 5, 2) is None
    assert waits_where_they_fail(80, 5, 2) > waits_where_they_fail(80, 5, 1) > waits_where_they_fail(80, 0, 1)


def test_a_diary_with_as_many_requests_as_slots_has_no_mean():
    assert diary_wait_days(10, 10) is None
    lesson = LESSONS["one_list_for_all"]
    assert "no answer" in lesson.agreement(
        told(lesson, dict.fromkeys(lesson.quantities, 2.0)), lesson.defaults | {"uneven": 10}
    )


def test_where_theory_lies_outside_the_lesson_says_why():
    lesson = LESSONS["full_diaries"]
    assert lesson.departs in lesson.agreement(
        told(lesson, dict.fromkeys(lesson.quantities, 50.0)), lesson.defaults
    )
    known = told(lesson, dict(lesson.theory(lesson.defaults)))
    assert "inside" in lesson.agreement(known, lesson.defaults)


# ---- what is said

OPPOSITE = {"longer": "shorter", "higher": "lower", "more": "fewer", "later": "sooner"}
TURNED = {frozenset(pair) for pair in OPPOSITE.items()} | {frozenset({"longer", "less"})}


def words(lines: list[str]) -> list[str]:
    """The words of some sentences, without names of months and numbers."""
    return re.findall(r"[a-z]+", " ".join(lines).lower())


@A_LESSON
def test_when_the_numbers_are_turned_round_the_sentences_turn(lesson):
    up = {one: 10.0 + 5 * place for place, one in enumerate(lesson.quantities)}
    down = dict(zip(up, reversed(up.values())))
    even = dict.fromkeys(up, 10.0)
    one, other = (lesson.sentences(told(lesson, values), lesson.defaults) for values in (up, down))
    said, turned = words(one), words(other)
    changed = {frozenset({a, b}) for a, b in zip(said, turned) if a != b}
    assert changed & TURNED
    assert all(", by " in " ".join(lines) for lines in (one, other))
    assert ", by " not in " ".join(lesson.sentences(told(lesson, even), lesson.defaults))


@A_LESSON
def test_of_one_run_nothing_is_said_to_be_settled(lesson):
    one = told(lesson, {q: 10.0 + 5 * place for place, q in enumerate(lesson.quantities)}, runs=1)
    text = " ".join([*lesson.sentences(one, lesson.defaults), lesson.agreement(one, lesson.defaults)])
    assert ", by " not in text
    assert re.search(r"one run|One run|runs more", text)
    came = lesson.came(one)
    assert not math.isfinite(came.lower)


SAY = Choice("?", {"a": "A", "b": "B", "c": "C"}, less="a", more="b", same="c", matters=1.0)


@pytest.mark.parametrize(
    "interval, came",
    [((2, 3), "b"), ((-3, -2), "a"), ((-0.5, 0.5), "c"), ((0.5, 3), None), ((-3, 3), None), ((math.nan, math.nan), None)],
)  # fmt: skip
def test_a_choice_is_settled_by_the_whole_interval(interval, came):
    assert SAY.came_to(Difference(sum(interval) / 2, *interval, 1.0, 9)) == came


def test_what_was_said_is_held_against_what_came():
    apart = Difference(2.5, 2.0, 3.0, 1.0, 9)
    assert "That is what came" in SAY.against("b", apart)
    assert "What came: B" in SAY.against("a", apart)
    guess = Guess("?", "days", 0, 10, 1)
    assert [re.search(r"lies (\w+)", guess.against(said, apart))[1] for said in (1, 2.5, 9)] == [
        "below",
        "inside",
        "above",
    ]
    assert "never happened" in guess.against(1, Difference(math.nan, math.nan, math.nan, math.nan, 0))
    assert "one run cannot say" in guess.against(1, Difference(2.0, math.nan, math.nan, math.nan, 1))


def test_pairs_of_runs_on_different_patients_leave_out_the_runs_own():
    """Of two runs each, the pairs are the first of one with the second of the other."""
    assert wrong_way(np.array([1.0, 5.0]), np.array([2.0, 3.0])) == 50.0
    assert wrong_way(np.array([5.0, 6.0]), np.array([1.0, 2.0])) == 0.0


@pytest.mark.parametrize(("busy", "less", "came"), [(9.0, 2.0, 0.0), (2.0, 9.0, 100.0)])
def test_few_runs_that_all_point_one_way_do_not_prove_that_they_always_will(busy, less, came):
    """None of the 2 disjoint pairs of 4 runs: up to 84 %; of the 50 of a hundred runs: up to 7 %."""
    for runs, most in ((4, 84.2), (100, 7.11)):
        found = LESSONS["one_run"].came(told(LESSONS["one_run"], {BUSY: busy, LESS: less}, runs=runs))
        assert found.mean == came
        ends = (0.0, most) if came == 0 else (100 - most, 100.0)
        assert (found.lower, found.upper) == pytest.approx(ends, abs=0.05)


def test_a_ratio_of_means_has_the_interval_of_its_differences():
    lesson = LESSONS["downtime"]
    never, fail = lesson.quantities
    seen = told(lesson, {never: 2.0, fail: 3.0})
    ratio = seen.ratio(fail, never)
    apart = seen.values(fail) - 1.5 * seen.values(never)
    assert ratio.mean == pytest.approx(1.5)
    assert ratio.upper - ratio.lower == pytest.approx(
        2 * half_width(np.std(apart, ddof=1), 8) / 2.0, rel=0.01
    )


# ---- pictures


@pytest.mark.parametrize("runs", [1, FEW])
@A_LESSON
def test_a_picture_is_drawn_and_told_in_words(lesson, runs):
    whole = simulated(lesson.name, FEW)
    seen = Seen({arm: finished[:runs] for arm, finished in whole.finished.items()})
    with house_style():
        drawn = picture(partial(lesson.draw, seen, lesson.defaults), SIZE)
        named = [ax for ax in drawn.axes if ax.get_xlabel() or ax.get_ylabel()]
        assert named and all(ax.has_data() for ax in named)
        assert drawn.legends
        assert as_bytes(drawn, "svg").startswith(b"<?xml")
    said = lesson.alt_text(seen, lesson.defaults)
    assert said.endswith(".") and len(re.findall(r"\d", said)) >= 3
    assert "nan" not in said.lower()


@A_LESSON
def test_texts_are_short_and_plain(lesson):
    for text in (lesson.question, *lesson.story, lesson.formula, lesson.departs, lesson.prediction.question):
        assert text[-1] in ".?!" or text.endswith("...")
        assert all(len(sentence.split()) <= 45 for sentence in re.split(r"[.?!:;]", text))
