"""Distance and missed appointments."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import point
from analysis.app.lessons.predictions import Guess
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.figures.style import colour, dashes, legend_below
from analysis.verdicts import Difference
from analysis.words import number

KM_A_DEGREE, TOWN = 111.195, 52.0
"""Of latitude, on a sphere of 6,371 km; the town's."""
MISSED = "missed_percent"
NO_EFFECT, EFFECT = "village", "village_where_distance_matters"
TOWN_MISSED = Quantity("the town", EFFECT, "%", MISSED, "place=Town")
VILLAGE_MISSED = Quantity("the village", EFFECT, "%", MISSED, "place=Village")
ANYWAY = Quantity("the village, if distance did nothing", NO_EFFECT, "%", MISSED, "place=Village")
WAIT_ANYWAY = Quantity("wait, if distance did nothing", NO_EFFECT, "days", "lived_wait_days_mean")
WAIT = Quantity("wait", EFFECT, "days", "lived_wait_days_mean")


def settings(given: Given) -> dict[str, list[str]]:
    """A village so far away; the effect of distance off and on."""
    both = [
        f"places.Village.latitude={TOWN + given['km'] / KM_A_DEGREE:.8g} degrees",
        f"attendance.missed={given['missed']:g} %",
    ]
    return {NO_EFFECT: both, EFFECT: [*both, f"attendance.odds_of_attending_per_10_km={given['odds']:g}"]}


def missed_percent(at_home: float, odds: float, km: float) -> float:
    """The share missed, in percent: the odds of attending change by so much for each 10 km."""
    against = at_home / (100 - at_home) * odds ** (-km / 10)
    return 100 * against / (1 + against)


def theory(given: Given) -> dict[Quantity, float | None]:
    """Odds, turned into shares."""
    return {
        TOWN_MISSED: given["missed"],
        VILLAGE_MISSED: missed_percent(given["missed"], given["odds"], given["km"]),
        ANYWAY: given["missed"],
    }


def came(seen: Seen) -> Difference:
    """The share of the village's appointments that is missed."""
    return seen.mean(VILLAGE_MISSED)


def sentences(seen: Seen, given: Given) -> list[str]:
    """What the numbers say."""
    far, wait = seen.apart(VILLAGE_MISSED, TOWN_MISSED), seen.apart(WAIT, WAIT_ANYWAY)
    return [
        f"The town misses {value(seen.mean(TOWN_MISSED), '%')} of its appointments, the village "
        f"{value(seen.mean(VILLAGE_MISSED), '%')}: {which_way(far, 'more', 'fewer')}{by_how_much(far, 'percentage points')}.",
        f"A missed slot serves nobody, and whoever missed it needs another. Against a world in which distance does nothing, everybody's "
        f"wait is {which_way(wait, 'longer', 'shorter')}{by_how_much(wait, 'days')}.",
        "The evidence is mixed: in breast screening the odds of attending fell to 0.87 for each 10 km; other studies saw no effect. "
        "Move the slider to 1, or beyond, and see what it would mean.",
    ]


def draw(seen: Seen, given: Given, ax: Axes) -> None:
    """Missed appointments over distance: theory as lines, the simulation as points."""
    km = np.linspace(0, 60, 61)
    for place, odds in enumerate((given["odds"], 1.0)):
        label = f"theory, odds {odds:g} for each 10 km"
        missed = [missed_percent(given["missed"], odds, one) for one in km]
        ax.plot(km, missed, color=colour(1 - place), linestyle=dashes(place), label=label)
    point(ax, 0, seen.mean(TOWN_MISSED), 1, "simulated, distance matters")
    point(ax, given["km"], seen.mean(VILLAGE_MISSED), 1)
    point(ax, given["km"], seen.mean(ANYWAY), 0, "simulated, distance does nothing")
    ax.set_ylim(bottom=0)
    ax.set_xlabel("km from the scanner")
    ax.set_ylabel("appointments missed, %")
    legend_below(ax)


def alt_text(seen: Seen, given: Given) -> str:
    """The picture in a sentence."""
    return (
        f"Appointments missed over distance, a curve from theory with odds of {given['odds']:g} for each 10 km and a level line without an effect; "
        f"simulated: town {number(seen.mean(TOWN_MISSED).mean)} %, village at {given['km']:g} km {number(seen.mean(VILLAGE_MISSED).mean)} %."
    )


LESSON = Lesson(
    name="distance",
    title="Distance and missed appointments",
    question="Half of the people live beside the scanner, half in a village far away. How many appointments of the village are missed?",
    story=(
        "In the town six appointments in a hundred are missed. Whether a longer journey makes that more is not settled; here you can say how "
        "strong the effect is, or that there is none.",
        "The effect is on odds, those who come against those who do not: 0.87 means that for each 10 km the odds of coming fall by 13 %.",
    ),
    arms={NO_EFFECT: "distance does nothing", EFFECT: "distance matters"},
    sliders=(
        Slider("km", "Distance of the village", "km", 5, 60, 5, 30),
        Slider("odds", "Odds of attending for each 10 km further", "times", 0.6, 1.2, 0.01, 0.87),
        Slider("missed", "Appointments missed in the town", "%", 2, 15, 1, 6),
    ),
    prediction=Guess("At 30 km, with odds of 0.87 for each 10 km, how many of the village's appointments are missed?", "%", 0, 40, 0.5),
    settings=settings,
    quantities=(TOWN_MISSED, VILLAGE_MISSED, ANYWAY, WAIT, WAIT_ANYWAY),
    theory=theory,
    formula="The odds against coming are 6 to 94 in the town; each 10 km divides them by the odds ratio; odds turned back into a share.",
    departs="Nothing else acts on who comes, so there is no other reason.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
)  # fmt: skip
