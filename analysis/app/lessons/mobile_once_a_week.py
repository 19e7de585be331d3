"""What a mobile once a week does to waits."""

from __future__ import annotations

from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import beside_theory, rows_in_words
from analysis.app.lessons.predictions import Guess
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.town import COUCH, OPENS, REQUESTED, diary_wait_days, per_year
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.verdicts import Difference
from analysis.words import number
from sim.verify.theory import diary

A_WEEK, WORKING_DAYS, VISIT = 12, 6, 4 / 24
"""Slots a week; days a week on which people are referred; how long a visit's session is, in days."""
VISITS = {1: ("tuesday",), 2: ("tuesday", "friday"), 3: ("monday", "wednesday", "friday")}
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAILY = Quantity("two slots every day", "every_day", "days")
MOBILE = Quantity("a mobile", "once_a_week", "days")


def settings(given: Given) -> dict[str, list[str]]:
    """As many slots a week in both."""
    demand = f"demand.MRI.per_year={per_year(A_WEEK / WORKING_DAYS * given['load'] / 100)}"
    visits = VISITS[round(given["visits"])]
    return {
        "every_day": [demand],
        "once_a_week": [
            demand,
            f"fleet.mobile.visits=[{', '.join(visits)}]",
            f"fleet.mobile.slots_per_day={A_WEEK / len(visits):g} per day",
        ],
    }


def days_to_a_visit(visits: tuple[str, ...]) -> float:
    """Dates from a request to the next visit, in the mean over the days of requests; one on the day comes too late."""
    places = [WEEK.index(day) for day in visits]
    return (
        sum(min((place - day - 1) % 7 + 1 for place in places) for day in range(WORKING_DAYS)) / WORKING_DAYS
    )


def theory(given: Given) -> dict[Quantity, float | None]:
    """A diary of days; and one of visits, after the wait for the first of them."""
    visits = VISITS[round(given["visits"])]
    slots = A_WEEK / len(visits)
    comes = slots * given["load"] / 100
    passed_over = diary(comes, slots)["extra_days_mean"] * 7 / len(visits)
    until = days_to_a_visit(visits) - REQUESTED + OPENS + 0.5 * comes / slots * VISIT + COUCH
    return {
        DAILY: diary_wait_days(comes / WORKING_DAYS * len(visits), A_WEEK / WORKING_DAYS),
        MOBILE: until + passed_over,
    }


def came(seen: Seen) -> Difference:
    """How many days longer people wait for the mobile."""
    return seen.apart(MOBILE, DAILY)


def sentences(seen: Seen, given: Given) -> list[str]:
    """What the numbers say."""
    apart, visits = came(seen), VISITS[round(given["visits"])]
    return [
        f"Both have {A_WEEK} slots a week. With two every working day people wait {value(seen.mean(DAILY), 'days')}; with a mobile "
        f"on {' and '.join(day.capitalize() for day in visits)} {value(seen.mean(MOBILE), 'days')}.",
        f"The wait for the mobile is {which_way(apart, 'longer', 'shorter')}{by_how_much(apart, 'days')}.",
        f"Whoever is referred waits {number(days_to_a_visit(visits))} dates in the mean until it comes at all. What a full visit "
        "leaves over waits for the next. Against that, a visit with many slots swings less than many days with two.",
    ]


def draw(seen: Seen, given: Given, ax: Axes) -> None:
    """Both waits, theory beside them."""
    beside_theory(ax, LESSON.compared(seen, given), "mean wait, days")


def alt_text(seen: Seen, given: Given) -> str:
    """The picture in a sentence."""
    return f"Mean waits with visits on {given['visits']:g} days a week: {rows_in_words(LESSON.compared(seen, given))}."


LESSON = Lesson(
    name="mobile_once_a_week",
    title="A mobile once a week",
    question="Twelve slots a week: two every working day, or all of them on the day on which the mobile comes. How much longer do people wait?",
    story=(
        "A small town needs about eleven scans a week. It can have a scanner that is always there and works a little "
        "each day, or a lorry with a scanner that comes once a week.",
        "Whoever gets no slot at one visit waits for the next.",
    ),
    arms={"every_day": "two slots every day", "once_a_week": "a mobile"},
    sliders=(
        Slider("visits", "Visits", "days a week", 1, 3, 1, 1),
        Slider("load", "Slots used", "%", 60, 94, 2, 90),
    ),
    prediction=Guess("With one visit a week and 90 % of slots used, how much longer is the mean wait?", "days longer", 0, 14, 0.5),
    settings=settings,
    quantities=(DAILY, MOBILE),
    theory=theory,
    formula="Dates from the request to the next visit, averaged over the days of the week, and Bailey's diary in which a "
    "step is a visit instead of a day.",
    departs="Seven months are short for a list of so few slots, and bank holidays fall on some days and not on others.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
    replications=100,
)  # fmt: skip
