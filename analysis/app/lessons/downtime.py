"""What 5 % of downtime costs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import point
from analysis.app.lessons.predictions import Guess
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.figures.style import colour, legend_below
from analysis.verdicts import Difference
from analysis.words import number
from sim.verify.theory import breakdowns, m_m_c

SCANNERS, SCAN_HOURS, HOURS_A_YEAR = 3, 1 / 3, 8_766
WAIT = "unscheduled_wait_hours_mean"
NEVER = Quantity("scanners that never fail", "three_scanners", "hours", WAIT)
FAIL = Quantity("scanners that fail", "three_scanners_that_fail", "hours", WAIT)


def per_hour(given: Given) -> float:
    """How many turn up an hour."""
    return given["load"] / 100 * SCANNERS / SCAN_HOURS


def settings(given: Given) -> dict[str, list[str]]:
    """The same patients; the scanners of one arm fail."""
    demand = f"demand.MRI.unscheduled.per_year={per_hour(given) * HOURS_A_YEAR:.6g} per year"
    return {
        "three_scanners": [demand],
        "three_scanners_that_fail": [
            demand,
            f"scanning.MRI.uptime={100 - given['down']:g} %",
            f"scanning.MRI.repair_time={given['repair']:g} hours",
        ],
    }


@lru_cache(maxsize=1024)
def waits_where_they_fail(load: float, down: float, repair: float) -> float | None:
    """Theory's mean wait in hours. load, down: %; repair: hours. None where too few hours are left."""
    comes = load / 100 * SCANNERS / SCAN_HOURS
    if load >= 100 - down:
        return None
    if down == 0:
        return m_m_c(comes, SCAN_HOURS, SCANNERS)["wait_mean"]
    fails = down / (100 - down) / repair
    return breakdowns(comes, SCAN_HOURS, fails, 1 / repair, SCANNERS)["waiting_mean"] / comes


def theory(given: Given) -> dict[Quantity, float | None]:
    """Erlang's queue, and the exact chain of scanners that fail."""
    return {
        NEVER: waits_where_they_fail(given["load"], 0, 1),
        FAIL: waits_where_they_fail(given["load"], given["down"], given["repair"]),
    }


def came(seen: Seen) -> Difference:
    """By how many percent the wait is longer where scanners fail."""
    ratio = seen.ratio(FAIL, NEVER)
    return ratio._replace(
        mean=100 * (ratio.mean - 1), lower=100 * (ratio.lower - 1), upper=100 * (ratio.upper - 1)
    )


def sentences(seen: Seen, given: Given) -> list[str]:
    """What the numbers say."""
    apart = seen.apart(FAIL, NEVER)
    return [
        f"Scanners that never fail: {value(seen.mean(NEVER), 'hours')}. Scanners that are down "
        f"{given['down']:g} % of the time: {value(seen.mean(FAIL), 'hours')}.",
        f"Where scanners fail the wait is {which_way(apart, 'longer', 'shorter')}{by_how_much(apart, 'hours')}.",
        f"In percent the wait changes by {value(came(seen), '%')}, and the time that scanners work by {-given['down']:g} %. The same "
        "patients have to fit into what is left, and while a scanner is down a queue builds up. Make repairs slower at the same "
        "downtime and see which of the two numbers moves.",
    ]


def draw(seen: Seen, given: Given, ax: Axes) -> None:
    """Waits over downtime: theory as a line, the simulation as points."""
    downs = [down for down in np.arange(0, 10.01, 1.0) if given["load"] < 99 - down]
    waits = [waits_where_they_fail(given["load"], down, given["repair"]) for down in downs]
    ax.plot(downs, waits, color=colour(2), label="theory")
    point(ax, 0, seen.mean(NEVER), 0, "simulated, never fail")
    point(ax, given["down"], seen.mean(FAIL), 1, "simulated, fail")
    ax.set_ylim(bottom=0)
    ax.set_xlabel("downtime, % of the time")
    ax.set_ylabel("mean wait, hours")
    legend_below(ax)


def alt_text(seen: Seen, given: Given) -> str:
    """The picture in a sentence."""
    return (
        f"Mean wait in hours over downtime, a line from theory; points from the simulation: {number(seen.mean(NEVER).mean)} hours "
        f"without downtime, {number(seen.mean(FAIL).mean)} hours with {given['down']:g} %."
    )


LESSON = Lesson(
    name="downtime",
    title="What 5 % of downtime costs",
    question="Three scanners work round the clock. If each is down one hour in twenty, how much longer do people wait?",
    story=(
        "Nobody is booked here: people turn up by chance, as in an emergency department, and whoever is first is "
        "scanned first. A scan takes 20 minutes in the mean, some much longer, some much shorter.",
        "Scanners fail by chance and are repaired. Whoever is on the table waits and goes on afterwards.",
    ),
    arms={"three_scanners": "never fail", "three_scanners_that_fail": "fail"},
    sliders=(
        Slider("down", "Downtime", "% of the time", 0, 10, 1, 5),
        Slider("repair", "Time a repair takes in the mean", "hours", 1, 8, 0.5, 2),
        Slider("load", "How busy three working scanners would be", "%", 60, 85, 1, 80),
    ),
    prediction=Guess("By how much does the mean wait grow with 5 % of downtime and repairs of 2 hours?", "% longer", 0, 200, 5),
    settings=settings,
    quantities=(NEVER, FAIL),
    theory=theory,
    formula="Erlang's formula for three scanners that never fail; for those that do, the exact Markov chain of how many "
    "wait, are scanned or are stuck (Neuts 1981).",
    departs="A month is short for a queue that is nearly full; the mean of a run is then far from its long-run value, and mostly below it.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
)  # fmt: skip
