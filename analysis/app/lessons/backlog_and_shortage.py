"""Why a backlog and a shortage are different."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import THEORY, lists_over_time
from analysis.app.lessons.predictions import Choice
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.town import A_WORKING_DAY, per_year
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.figures.style import legend_below
from analysis.verdicts import Difference
from analysis.words import number

SLOTS, DAYS = 20, 365
BACKLOG = Quantity("backlog: list after a year", "backlog", "people", month=-1)
SHORTAGE = Quantity("shortage: list after a year", "shortage", "people", month=-1)
LABELS = {"shortage": "a shortage, no backlog", "backlog": "a backlog, no shortage"}


def settings(given: Given) -> dict[str, list[str]]:
    """One service with a list and spare slots, one without a list and with too few."""
    bands = ", ".join(["0"] * 13)
    return {
        "shortage": [f"demand.MRI.per_year={per_year(SLOTS + given['short'])}"],
        "backlog": [
            f"demand.MRI.per_year={per_year(SLOTS - given['spare'])}",
            f"opening_list.old.bands=[{given['backlog']:.0f}, {bands}]",
        ],
    }


@lru_cache(maxsize=16)
def mean_lists(start: int, comes: float, slots: int, mornings: int) -> np.ndarray:
    """The mean list after the clerk on each of so many working days: max(list + who came - slots, 0), exactly.

    start: who waits before the first morning. comes: requests a day, Poisson.
    """
    from scipy.special import gammaln

    most = int(max(start, 0) + max(comes - slots, 0) * mornings + 10 * np.sqrt(comes * mornings))
    chance = np.zeros(most + 1)
    chance[max(start - slots, 0)] = 1.0
    many = np.arange(int(comes + 12 * np.sqrt(comes)) + 1)
    who_comes = np.exp(many * np.log(comes) - comes - gammaln(many + 1))
    means = [float(chance @ np.arange(most + 1))]
    for _ in range(mornings - 1):
        after = np.convolve(chance, who_comes)
        chance = np.concatenate(([after[: slots + 1].sum()], after[slots + 1 : slots + most + 1]))
        chance = np.pad(chance, (0, most + 1 - len(chance)))
        means.append(float(chance @ np.arange(most + 1)))
    return np.array(means)


def of_both(given: Given) -> dict[str, np.ndarray]:
    """By arm the mean list in the evening of each working day: what the clerk left, and the day's own requests."""
    mornings = mornings_until(DAYS)
    rates = {
        "shortage": (0, SLOTS + given["short"]),
        "backlog": (round(given["backlog"]), SLOTS - given["spare"]),
    }
    return {arm: mean_lists(start, comes, SLOTS, mornings) + comes for arm, (start, comes) in rates.items()}


def mornings_until(days: float) -> int:
    """Working days among the first so many days of the year."""
    return round(days / A_WORKING_DAY)


def theory(given: Given) -> dict[Quantity, float | None]:
    """Both lists after a year."""
    lists = of_both(given)
    return {BACKLOG: float(lists["backlog"][-1]), SHORTAGE: float(lists["shortage"][-1])}


def came(seen: Seen) -> Difference:
    """How much longer the list of the shortage is after a year."""
    return seen.apart(SHORTAGE, BACKLOG)


def sentences(seen: Seen, given: Given) -> list[str]:
    """What the numbers say."""
    apart = came(seen)
    above = seen.lists("shortage").mean(axis=0) > seen.lists("backlog").mean(axis=0)
    crossed = (
        f"The mean lists cross in month {int(np.argmax(above)) + 1}."
        if above[-1] and not above[0]
        else "The mean lists do not cross within the year."
    )
    return [
        f"After a year the backlog is {value(seen.mean(BACKLOG), 'people')} and the shortage has made a list of "
        f"{value(seen.mean(SHORTAGE), 'people')}.",
        f"The list of the shortage is {which_way(apart, 'longer', 'shorter')}{by_how_much(apart, 'people')}. {crossed}",
        f"A backlog is a number of people: with {given['spare']:g} slots a day to spare it is gone in about "
        f"{number(given['backlog'] / given['spare'])} working days. A shortage is a number of people a day: its list has no end while it lasts. "
        "Extra scans once help against the first; only more slots every day, or fewer requests, help against the second.",
    ]


def draw(seen: Seen, given: Given, ax: Axes) -> None:
    """Both lists month by month, theory dotted."""
    lists_over_time(ax, seen, LABELS)
    for place, lists in enumerate(of_both(given).values()):
        months = 12 * np.arange(1, len(lists) + 1) / len(lists)
        ax.plot(months, lists, color=THEORY, linestyle=":", linewidth=2, label="" if place else "theory")
    legend_below(ax)


def alt_text(seen: Seen, given: Given) -> str:
    """The picture in a sentence."""
    parts = [
        f"{label} from {number(lists[0])} to {number(lists[-1])} people"
        for label, lists in ((label, seen.lists(arm).mean(axis=0)) for arm, label in LABELS.items())
    ]
    return f"Mean lists at month ends over a year: {'; '.join(parts)}; theory as dotted lines beside them."


LESSON = Lesson(
    name="backlog_and_shortage",
    title="A backlog and a shortage",
    question="One hospital begins with a long list and has slots to spare. Another begins with nobody waiting and has "
    "too few slots. Which list is longer after a year?",
    story=(
        "Both have 20 slots a working day. The first has a list from the past, but fewer are referred each day than it has slots.",
        "The second starts with an empty list, but a few more are referred each day than it has slots.",
    ),
    arms={"shortage": LABELS["shortage"], "backlog": LABELS["backlog"]},
    sliders=(
        Slider("backlog", "List of the first at the start", "people", 100, 1000, 50, 500),
        Slider("spare", "Slots it has to spare", "a day", 0.5, 4, 0.5, 2),
        Slider("short", "Slots the second is short of", "a day", 0.5, 4, 0.5, 2),
    ),
    prediction=Choice(
        "After a year, with the sliders as they stand, which list is longer?",
        {"backlog": "that of the backlog", "shortage": "that of the shortage", "same": "both about as long"},
        less="backlog", more="shortage", same="same", matters=20,
    ),
    settings=settings,
    quantities=(BACKLOG, SHORTAGE),
    theory=theory,
    formula="Every morning the list is what was left, plus who came, less the slots, and never below nothing. With so many "
    "requests by chance, the chance of every length follows from the day before, for as many days as one likes. Both "
    "lists count the day's own requests.",
    departs="The year of the run has not exactly as many working days as the mean year of theory.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
)  # fmt: skip
