"""Why a backlog and a shortage are different."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from scipy.stats import poisson

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import lists_over_time
from analysis.app.lessons.predictions import Choice
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.town import A_WORKING_DAY, per_year
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.figures.style import COLOURS, legend_below
from analysis.verdicts import Difference
from analysis.words import number
from sim.verify.theory import diary

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


def list_of_a_shortage(comes: float, slots: float, mornings: int) -> float:
    """The mean list after so many mornings that began with nobody (Spitzer's identity), and the day's requests."""
    k = np.arange(1, max(mornings, 1))
    mean, room = k * comes, k * slots
    over = mean * poisson.sf(room - 1, mean) - room * poisson.sf(room, mean)
    return float(np.sum(over / k)) + comes


def list_of_a_backlog(start: float, comes: float, slots: float, mornings: int) -> float:
    """What is left of a backlog at a constant rate, or a diary's own list once it is gone; and the day's requests."""
    left = start - slots + (comes - slots) * (mornings - 1)
    return max(left, diary(comes, slots)["list_after_clerk"]) + comes


def mornings_until(days: float) -> int:
    """Working days among the first so many days of the year."""
    return round(days / A_WORKING_DAY)


def theory(given: Given) -> dict[Quantity, float | None]:
    """Both lists after a year."""
    mornings = mornings_until(DAYS)
    return {
        BACKLOG: list_of_a_backlog(given["backlog"], SLOTS - given["spare"], SLOTS, mornings),
        SHORTAGE: list_of_a_shortage(SLOTS + given["short"], SLOTS, mornings),
    }


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
    months = np.linspace(0.5, 12, 24)
    mornings = [mornings_until(DAYS * month / 12) for month in months]
    style = {"color": COLOURS[2], "linestyle": ":", "linewidth": 2}
    ax.plot(
        months,
        [list_of_a_shortage(SLOTS + given["short"], SLOTS, m) for m in mornings],
        label="theory",
        **style,
    )
    left = [list_of_a_backlog(given["backlog"], SLOTS - given["spare"], SLOTS, m) for m in mornings]
    ax.plot(months, left, **style)
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
    title="A backlog is not a shortage",
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
    formula="The shortage: Spitzer's identity for a list that begins empty, exact for any number of days. The backlog: "
    "a straight line down, and Bailey's diary once it is gone. Both count the day's own requests.",
    departs="The straight line of the backlog leaves chance out, which matters where it comes down to nothing; and the "
    "year has not exactly as many working days as theory's mean year.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
)  # fmt: skip
