"""Why 95 % full is fine at a hundred slots a day and bad at ten."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import point
from analysis.app.lessons.predictions import Choice
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.town import diary_wait_days, per_year
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.figures.style import colour, dashes, legend_below
from analysis.verdicts import Difference
from analysis.words import number

SLOTS = 10
SMALL = Quantity("one scanner", "town", "days")
LARGE = Quantity("many scanners", "ten_scanners", "days")


def settings(given: Given) -> dict[str, list[str]]:
    """Both services as full, the large one with so many scanners."""
    slots = SLOTS * given["load"] / 100
    return {
        "town": [f"demand.MRI.per_year={per_year(slots)}"],
        "ten_scanners": [
            f"demand.MRI.per_year={per_year(slots * given['scanners'])}",
            f"fleet.scanner.count={given['scanners']:.0f}",
        ],
    }


def theory(given: Given) -> dict[Quantity, float | None]:
    """Bailey's diary of each."""
    slots = SLOTS * given["load"] / 100
    return {
        SMALL: diary_wait_days(slots, SLOTS),
        LARGE: diary_wait_days(slots * given["scanners"], SLOTS * given["scanners"]),
    }


def came(seen: Seen) -> Difference:
    """How much longer people wait at the small service."""
    return seen.apart(SMALL, LARGE)


def sentences(seen: Seen, given: Given) -> list[str]:
    """What the numbers say."""
    apart = came(seen)
    return [
        f"Both use {given['load']:g} % of their slots. With one scanner people wait {value(seen.mean(SMALL), 'days')}, "
        f"with {given['scanners']:.0f} scanners {value(seen.mean(LARGE), 'days')}.",
        f"The wait at the small service is {which_way(apart, 'longer', 'shorter')}{by_how_much(apart, 'days')}.",
        "Both waits contain the night until the next morning, and Sundays. What is over and above that comes from "
        "days on which more are referred than there are slots: chance swings by about the square root of what "
        "comes, so ten times the size swings only about three times as far.",
    ]


def draw(seen: Seen, given: Given, ax: Axes) -> None:
    """Waits over how full the diary is: theory as lines, the simulation as points."""
    loads = np.arange(70.0, 98.5)
    for place, (scanners, quantity) in enumerate(((1, SMALL), (given["scanners"], LARGE))):
        waits = [diary_wait_days(SLOTS * scanners * load / 100, SLOTS * scanners) for load in loads]
        name = f"{scanners:.0f} scanner{'s' if scanners > 1 else ''}"
        ax.plot(loads, waits, color=colour(place), linestyle=dashes(place), label=f"{name}, theory")
        point(ax, given["load"], seen.mean(quantity), place, f"{name}, simulated")
    ax.set_ylim(bottom=0)
    ax.set_xlabel("slots used, %")
    ax.set_ylabel("mean wait, days")
    legend_below(ax)


def alt_text(seen: Seen, given: Given) -> str:
    """The picture in a sentence."""
    return (
        f"Mean wait over the share of slots used, from theory, rising towards 100 %; points from the simulation at "
        f"{given['load']:g} %: one scanner {number(seen.mean(SMALL).mean)} days, {given['scanners']:.0f} scanners "
        f"{number(seen.mean(LARGE).mean)} days."
    )


LESSON = Lesson(
    name="full_diaries",
    title="How full may a diary be?",
    question="Two services use the same share of their slots. Do people wait equally long?",
    story=(
        "A small service has one scanner with ten slots a day. A large one has several, with ten slots each. "
        "People are referred by chance: some days more, some days fewer.",
        "Each morning the day's slots go to those who have waited longest. Whoever gets none waits another day.",
    ),
    arms={"town": "one scanner", "ten_scanners": "many scanners"},
    sliders=(
        Slider("load", "Slots used", "%", 70, 97, 1, 95),
        Slider("scanners", "Scanners of the large service", "scanners", 2, 10, 1, 10),
    ),
    prediction=Choice(
        "Who waits longer in the mean?",
        {"small": "those of the small service", "large": "those of the large service", "same": "both as long"},
        less="large", more="small", same="same", matters=0.02,
    ),
    settings=settings,
    quantities=(SMALL, LARGE),
    theory=theory,
    formula="Bailey (1954): each morning the list is what was left, plus who came, less the slots, and never below "
    "nothing. Its mean is a sum over all numbers of days of how far chance brings arrivals beyond slots.",
    departs="Runs begin with an empty list; the fuller the diary, the longer it takes to fill, so near 100 % a "
    "simulation falls short of theory, which is about a service that has always been there.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
)  # fmt: skip
