"""Pooling lists: what it does to waits and to journeys."""

from __future__ import annotations

from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import beside_theory, rows_in_words
from analysis.app.lessons.predictions import Choice
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.town import diary_wait_days, per_year
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.figures.style import panels
from analysis.verdicts import Difference

SLOTS, HOSPITALS, PEOPLE = 10, 4, 100_000
OWN = Quantity("a list each", "four_lists", "days")
ONE = Quantity("one list", "one_list", "days")
OWN_TRAVEL = Quantity("a list each: journey", "four_lists", "minutes", "travel_minutes_mean")
ONE_TRAVEL = Quantity("one list: journey", "one_list", "minutes", "travel_minutes_mean")


def parts(given: Given) -> list[float]:
    """Each town's part of all referrals, the first town's own."""
    uneven = given["uneven"] / 100
    return [(1 + uneven) / HOSPITALS, *[(1 - uneven / 3) / HOSPITALS] * (HOSPITALS - 1)]


def settings(given: Given) -> dict[str, list[str]]:
    """The same people in the same towns; one list each, or one for all."""
    per_day = HOSPITALS * SLOTS * given["load"] / 100
    people = [round(part * HOSPITALS * PEOPLE) for part in parts(given)]
    both = [f"demand.MRI.per_year={per_year(per_day)}"]
    both += [
        f"places.{town}.population={n} people" for town, n in zip(("Town", "East", "Farm", "Hill"), people)
    ]
    return {"four_lists": both, "one_list": both}


def theory(given: Given) -> dict[Quantity, float | None]:
    """Four small diaries, or one of four times the size; the mean over people."""
    per_day = HOSPITALS * SLOTS * given["load"] / 100
    own = [diary_wait_days(per_day * part, SLOTS) for part in parts(given)]
    mean = None if None in own else sum(part * wait for part, wait in zip(parts(given), own))
    return {OWN: mean, ONE: diary_wait_days(per_day, HOSPITALS * SLOTS)}


def came(seen: Seen) -> Difference:
    """How much longer people wait with one list for all."""
    return seen.apart(ONE, OWN)


def sentences(seen: Seen, given: Given) -> list[str]:
    """What the numbers say, of waits and of journeys."""
    wait, travel = came(seen), seen.apart(ONE_TRAVEL, OWN_TRAVEL)
    return [
        f"With a list each people wait {value(seen.mean(OWN), 'days')}, with one list {value(seen.mean(ONE), 'days')}.",
        f"With one list for all the wait is {which_way(wait, 'longer', 'shorter')}{by_how_much(wait, 'days')}; the journey is "
        f"{which_way(travel, 'longer', 'shorter')}{by_how_much(travel, 'minutes')} one way.",
        "A slot that one hospital has no use for can serve somebody of another town only where lists are shared, and "
        "only by somebody who travels. Whether that is worth it is not a question that a simulation can answer.",
    ]


def draw(seen: Seen, given: Given, ax: Axes) -> None:
    """Waits and journeys beside each other."""
    rows = LESSON.compared(seen, given)
    for part, some, unit in zip(
        panels(ax, 2, columns=1), (rows[:2], rows[2:]), ("mean wait, days", "mean journey, minutes")
    ):
        beside_theory(part, some, unit)


def alt_text(seen: Seen, given: Given) -> str:
    """The picture in a sentence."""
    return (
        f"Waits and journeys of four hospitals with {given['load']:g} % of all slots used: "
        f"{rows_in_words(LESSON.compared(seen, given))}."
    )


LESSON = Lesson(
    name="one_list_for_all",
    title="A list each, or one list for all",
    question="Four hospitals, about 30 km apart, each with one scanner. What changes if they share one list?",
    story=(
        "With a list each, everybody goes to the hospital of their own town, however long its list. With one list, "
        "everybody gets the first free slot, wherever it is.",
        "The same people are referred on the same days. One town may be larger than the others, though its hospital is not.",
    ),
    arms={"four_lists": "a list each", "one_list": "one list for all"},
    sliders=(
        Slider("load", "Slots used, all hospitals together", "%", 80, 97, 1, 95),
        Slider("uneven", "How much larger the first town is than the mean", "%", 0, 10, 1, 0),
    ),
    prediction=Choice(
        "With one list for all, the mean wait is ...",
        {"longer": "longer", "shorter": "shorter", "same": "about the same"},
        less="shorter", more="longer", same="same", matters=0.05,
    ),
    settings=settings,
    quantities=(OWN, ONE, OWN_TRAVEL, ONE_TRAVEL),
    theory=theory,
    formula="Bailey's diary, once for each hospital, and once for all slots together.",
    departs="Runs begin with empty lists and last half a year, which is short for four small diaries that are nearly "
    "full: they have not filled yet.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
)  # fmt: skip
