"""Why one run proves nothing."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import point
from analysis.app.lessons.predictions import Guess
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.town import diary_wait_days, per_year
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.figures.style import colour, legend_below, marker
from analysis.statistics import half_width
from analysis.verdicts import Difference
from analysis.words import number

SLOTS = 10
BUSY = Quantity("the busier hospital", "town", "days")
LESS = Quantity("the less busy hospital", "town_less_busy", "days")


def settings(given: Given) -> dict[str, list[str]]:
    """The same hospital twice, one with a little less to do; runs of so many years."""
    years = f"calendar.years={given['years']:g} years"
    return {
        name: [f"demand.MRI.per_year={per_year(SLOTS * load / 100)}", years]
        for name, load in (("town", given["load"]), ("town_less_busy", given["load"] - given["less"]))
    }


def theory(given: Given) -> dict[Quantity, float | None]:
    """Bailey's diary of each."""
    loads = {BUSY: given["load"], LESS: given["load"] - given["less"]}
    return {one: diary_wait_days(SLOTS * load / 100, SLOTS) for one, load in loads.items()}


def wrong_way(busy: np.ndarray, less: np.ndarray) -> float:
    """Percent of all pairs of different runs in which the less busy hospital has the longer wait."""
    apart = ~np.eye(len(busy), dtype=bool)
    return 100 * float(np.mean((less[None, :] > busy[:, None])[apart]))


def came(seen: Seen) -> Difference:
    """How often two single runs point the wrong way, in percent; its interval by leaving out one run at a time;
    where all point one way, that of disjoint pairs which all do."""
    busy, less, n = seen.values(BUSY), seen.values(LESS), seen.n
    if n < 3:
        return Difference(math.nan, math.nan, math.nan, math.nan, n)
    whole = wrong_way(busy, less)
    without = np.array([wrong_way(np.delete(busy, k), np.delete(less, k)) for k in range(n)])
    spread = float(np.std(n * whole - (n - 1) * without, ddof=1))
    half = float(half_width(spread, n)) if spread else none_of(n // 2)
    return Difference(whole, max(whole - half, 0.0), min(whole + half, 100.0), spread, n)


def none_of(pairs: int) -> float:
    """Percent up to which something may be that came in none of so many independent pairs (95 %, Clopper and Pearson)."""
    return 100 * (1 - 0.025 ** (1 / pairs))


def if_bell_shaped(seen: Seen) -> float:
    """The same share, in percent, were waits of runs spread like a bell."""
    from scipy.special import ndtr

    busy, less = seen.mean(BUSY), seen.mean(LESS)
    return 100 * float(ndtr((less.mean - busy.mean) / math.hypot(busy.sd, less.sd)))


def sentences(seen: Seen, given: Given) -> list[str]:
    """What the numbers say."""
    apart, wrong = seen.apart(BUSY, LESS), came(seen)
    if seen.n < 3:
        return ["Two or three runs more, and there is something to count."]
    same = 100 * float(np.mean(seen.values(LESS) > seen.values(BUSY)))
    return [
        f"Over {seen.n} runs the wait at the busier hospital is {which_way(apart, 'longer', 'shorter')}{by_how_much(apart, 'days')}.",
        f"Take one run of each, on different patients: the less busy one seems to have the longer wait in {value(wrong, '% of such pairs')}. "
        f"With waits spread like a bell it would be {number(if_bell_shaped(seen))} %; the two differ as far as a few bad years lie far out.",
        f"Let both have the same patients, as this program does, and it is {number(same)} % of the runs. And an interval over n runs is about "
        f"one over the square root of n as wide: four times the runs, half the width.",
    ]


def draw(seen: Seen, given: Given, ax: Axes) -> None:
    """Every run a point, a line between runs of the same patients, and the means with their intervals."""
    known = theory(given)
    pairs = np.array([seen.values(LESS), seen.values(BUSY)])
    ax.plot([0, 1], pairs, color="#999999", linewidth=0.6)
    for place, one in enumerate((LESS, BUSY)):
        ax.plot(np.full(seen.n, place), pairs[place], marker=marker(place), color=colour(place), linestyle="none", markersize=4, alpha=0.6,
                label=f"{one.label}, one run")  # fmt: skip
        point(ax, place + (0.12 if place else -0.12), seen.mean(one), 2, "mean of the runs, 95 % interval")
        ax.plot([place - 0.2, place + 0.2], [known[one]] * 2, color=colour(3), linewidth=2, label="theory")
    ax.set_xlim(-0.4, 1.4)
    ax.set_ylim(bottom=0)
    ax.set_xticks([0, 1], [f"{given['load'] - given['less']:g} % full", f"{given['load']:g} % full"])
    ax.set_ylabel("mean wait of a run, days")
    legend_below(ax)


def alt_text(seen: Seen, given: Given) -> str:
    """The picture in a sentence."""
    parts = [
        f"{one.label} from {number(seen.values(one).min())} to {number(seen.values(one).max())} days, mean {number(seen.mean(one).mean)}"
        for one in (LESS, BUSY)
    ]
    return f"Mean waits of {seen.n} single runs: {'; '.join(parts)}."


LESSON = Lesson(
    name="one_run",
    title="What one run proves",
    question="Of two equal hospitals one has a little less to do. If you watch each for one year, how often does the less busy one come out with the longer wait?",
    story=(
        "Both have ten slots a day. One uses 95 % of them, the other 92 %. A year is one throw of the dice: so many may be "
        "referred in a bad month that the list does not recover until summer.",
        "Every run here is a year of its own. All that differs between runs is chance.",
    ),
    arms={"town": "the busier", "town_less_busy": "the less busy"},
    sliders=(
        Slider("load", "Slots used by the busier", "%", 88, 97, 1, 95),
        Slider("less", "How many fewer the other uses", "percentage points", 1, 8, 1, 3),
        Slider("years", "Length of a run", "years", 0.5, 2, 0.5, 1),
    ),
    prediction=Guess("Of 100 such pairs of single years, on different patients, in how many is the wait longer at the less busy hospital?", "of 100", 0, 60, 1),
    settings=settings,
    quantities=(BUSY, LESS),
    theory=theory,
    formula="Bailey's diary for both means. For the share of pairs that point the wrong way: a bell curve with the means and spreads of the runs.",
    departs="Runs begin with an empty list that takes months to fill when it is nearly full; a simulation then falls short of theory.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
)  # fmt: skip
