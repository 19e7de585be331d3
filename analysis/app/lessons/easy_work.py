"""Cherry-picking: what counts of scans say when one takes the simple ones."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import THEORY
from analysis.app.lessons.predictions import Guess
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.town import ALL_DAYS, WORKING_DAYS, per_year
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.figures.style import colour, hatch, legend_below
from analysis.verdicts import Difference
from analysis.words import number

SLOTS, A_WEEK = 10, 7 * WORKING_DAYS / ALL_DAYS
"""Slots a day of each; working days a week in the mean."""
SCANS, LOAD = "scans_per_week", "load_percent"
ARMS = {"mixed_work": "both take what comes", "easy_work": "the company takes simple scans only"}
MIXED_TRUST, MIXED_COMPANY, EASY_TRUST, EASY_COMPANY = (
    Quantity(f"{who}, {how}", arm, "scans a week", SCANS, f"provider={provider}")
    for arm, how in (("mixed_work", "all work"), ("easy_work", "picked"))
    for provider, who in (("Trust", "trust"), ("Company", "company"))
)
TRUST_LOAD, COMPANY_LOAD = (
    Quantity(f"{provider} slots used", "easy_work", "%", LOAD, f"provider={provider}") for provider in ("Trust", "Company")
)  # fmt: skip


def per_day(given: Given) -> tuple[float, float]:
    """(referrals, simple ones that fill the company's slots as full as all are) a working day."""
    comes = 2 * SLOTS * given["load"] / 100 / (1 + given["complex"] / 100)
    return comes, min(SLOTS * given["load"] / 100, comes * (1 - given["complex"] / 100))


def settings(given: Given) -> dict[str, list[str]]:
    """The same patients; half of everything to each, or simple ones to the company."""
    comes, picked = per_day(given)
    both = [f"demand.MRI.per_year={per_year(comes)}", f"demand.MRI.complex={given['complex']:g} %"]
    share = 100 * picked / (comes * (1 - given["complex"] / 100))
    return {"mixed_work": both, "easy_work": [*both, f"eligibility.share={share:.6g} %"]}


def theory(given: Given) -> dict[Quantity, float | None]:
    """Counting: everybody is scanned in the end, and a complex scan takes two slots."""
    comes, picked = per_day(given)
    rest = comes - picked
    return {
        MIXED_TRUST: A_WEEK * comes / 2,
        MIXED_COMPANY: A_WEEK * comes / 2,
        EASY_TRUST: A_WEEK * rest,
        EASY_COMPANY: A_WEEK * picked,
    }


def came(seen: Seen) -> Difference:
    """How many percent more scans the company makes than the trust when it takes simple ones only."""
    ratio = seen.ratio(EASY_COMPANY, EASY_TRUST)
    return ratio._replace(
        mean=100 * (ratio.mean - 1), lower=100 * (ratio.lower - 1), upper=100 * (ratio.upper - 1)
    )


def sentences(seen: Seen, given: Given) -> list[str]:
    """What the numbers say."""
    picked, mixed = seen.apart(EASY_COMPANY, EASY_TRUST), seen.apart(MIXED_COMPANY, MIXED_TRUST)
    both = seen.values(EASY_COMPANY) + seen.values(EASY_TRUST)
    before = seen.values(MIXED_COMPANY) + seen.values(MIXED_TRUST)
    return [
        f"Simple scans only: the company makes {value(seen.mean(EASY_COMPANY), 'scans a week')}, the trust "
        f"{value(seen.mean(EASY_TRUST), 'scans a week')}. The company's count is {which_way(picked, 'higher', 'lower')}"
        f"{by_how_much(picked, 'scans a week')}.",
        f"Where both take what comes, the company's count is {which_way(mixed, 'higher', 'lower')}"
        f"{by_how_much(mixed, 'scans a week')}.",
        f"In simple work the company uses {number(seen.mean(COMPANY_LOAD).mean)} % of its slots and the trust "
        f"{number(seen.mean(TRUST_LOAD).mean)} %. Together they make {number(float(np.mean(both)))} scans a week; it was "
        f"{number(float(np.mean(before)))} where both took what came. A count of scans says who took which work, before it says who "
        "worked better. The same holds whoever it is that takes the simple ones.",
    ]


def draw(seen: Seen, given: Given, ax: Axes) -> None:
    """Scans a week of both, with and without picking; theory as a line over each bar."""
    known, heights = theory(given), ((MIXED_TRUST, EASY_TRUST), (MIXED_COMPANY, EASY_COMPANY))
    for place, (name, quantities) in enumerate(zip(("trust", "company"), heights)):
        at = np.arange(2) + 0.38 * (place - 0.5)
        found = [seen.mean(one) for one in quantities]
        ends = np.nan_to_num(
            [[one.mean - one.lower for one in found], [one.upper - one.mean for one in found]]
        )
        ax.bar(at, [one.mean for one in found], 0.34, yerr=ends, capsize=3, color="white", edgecolor=colour(place),
               hatch=hatch(place + 1), ecolor=colour(0), label=f"{name}, simulated")  # fmt: skip
        for x, one in zip(at, quantities):
            ax.plot([x - 0.17, x + 0.17], [known[one]] * 2, color=THEORY, linewidth=2, label="theory")
    ax.set_xticks([0, 1], ["both take\nwhat comes", "the company takes\nsimple scans only"])
    ax.set_ylabel("scans a week")
    legend_below(ax)


def alt_text(seen: Seen, given: Given) -> str:
    """The picture in a sentence."""
    found = [number(seen.mean(one).mean) for one in (MIXED_TRUST, MIXED_COMPANY, EASY_TRUST, EASY_COMPANY)]
    return (
        f"Scans a week with {given['complex']:g} % complex: where both take what comes, trust {found[0]}, company {found[1]}; where "
        f"the company takes simple scans only, trust {found[2]}, company {found[3]}."
    )


LESSON = Lesson(
    name="easy_work",
    title="Who takes the simple scans",
    question="A trust and a company have the same scanner, the same hours and the same slots. The company takes simple scans only. "
    "How many more does it make?",
    story=(
        "A complex scan takes two slots, a simple one takes one. In one world each gets half of everything. In the other the company "
        "gets simple scans, as many as fill its slots; the trust does the rest.",
        "The same people are referred in both, and all are scanned in the end.",
    ),
    arms=ARMS,
    sliders=(
        Slider("complex", "Complex scans among all", "%", 5, 33, 1, 20),
        Slider("load", "Slots used, both together", "%", 70, 95, 1, 90),
    ),
    prediction=Guess("With one scan in five complex, how many more scans a week does the company make than the trust?", "% more", 0, 200, 5),
    settings=settings,
    quantities=(MIXED_TRUST, MIXED_COMPANY, EASY_TRUST, EASY_COMPANY, TRUST_LOAD, COMPANY_LOAD),
    theory=theory,
    formula="Counting slots: simple scans that fill the company's share of slots at one each; what is left goes to the trust.",
    departs="The year of the run has not exactly as many working days as the mean year of theory.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
)  # fmt: skip
