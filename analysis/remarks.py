"""What is said beside the answer: how much pairing helped, how several models stand, whether the warm-up was long enough.

Every number in a sentence is a cell of comparison.csv, best.csv or front.csv, or follows from
replications.parquet and census.parquet.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.loaded import Results
from analysis.pairing import AIM, ROUGH, Pairing, pairing
from analysis.words import all_of, in_words, number, share
from sim.results.columns import MEASURES

ENOUGH = 5
"""Replications from which on Student's factor of a 95 % interval is under three."""
IN_WORDS = {2: "two", 3: "three", 4: "four", ENOUGH: "five", ROUGH: "ten"}
MAY_BE_NEGATIVE = {"surplus_pounds", "gap_wait_days_difference", "gap_travel_minutes_difference"}
MAY_BE_OVER_100 = {"load_percent"}
FRONT_WORDS = {"wait_days_mean": "wait", "travel_minutes_mean": "travel", "cost_per_scan_pounds": "cost"}


def pairing_sentence(results: Results, arm: str) -> str:
    """How much it helps that both models meet the same patients; why not more, where it is little."""
    found = pairing_of(results, arm)
    if found is None:
        return ""
    rough = f" (roughly: from {found.n} replications)" if found.n < ROUGH else ""
    said = (
        f"Meeting the same patients divides the variance of this difference by {number(found.ratio)}{rough}"
    )
    if found.ratio >= AIM:
        return f"{said}."
    return f"{said}, the aim being {AIM:g}: {why_so_little(found, [arm, results.baseline])}."


def pairing_of(results: Results, arm: str) -> Pairing | None:
    """How the headline of an arm and of its baseline go together; None where that cannot be told."""
    if results.manifest["replications"] < 2:
        return None
    measure, group = results.headline["measure"], results.headline["group"]
    ours, theirs = (results.by_replication(a, measure, group) for a in (arm, results.baseline))
    down, down_there = (results.by_replication(a, "downtime_percent", "all") for a in (arm, results.baseline))
    return pairing(ours, theirs, down - down_there)


def why_so_little(found: Pairing, arms: list[str]) -> str:
    """Why pairing does not reach its aim: unequal spread, breakdowns, or luck that is not shared."""
    if found.most < AIM:
        more, less = arms[found.varies_more], arms[1 - found.varies_more]
        if not np.isfinite(found.times):
            return f"under {less} it does not vary at all"
        times = f"the variance under {more} is {number(found.times)} times that under {less}"
        return f"{times}, so that {number(found.most)} is the most there is"
    if found.downtime >= 0.5:
        return f"downtime, which is each model's own luck, goes with {100 * found.downtime:.0f} % of its variance"
    return (
        f"the two move together only a little (correlation {found.correlation:.2f}): what is left is luck that they "
        "do not share, such as breakdowns, or another order of service"
    )


def several_sentences(results: Results) -> list[str]:
    """Of three models or more: which is most likely the best, and which no other beats."""
    if not results.has_several_models:
        return []
    measure, group = results.headline["measure"], results.headline["group"]
    best = results.best[(results.best.measure == measure) & (results.best.group == group)]
    front = results.front[(results.front.group == group)]
    said = best_sentence(best, measure, group, results.manifest["replications"]), front_sentence(front)
    return [line for line in said if line]


def best_sentence(best: pd.DataFrame, measure: str, group: str, count: int) -> str:
    """The model that has the best mean in most resamples of the replications. count: of these."""
    if best.best_percent.notna().sum() == 0:
        return ""
    first = best.loc[best.best_percent.idxmax()]
    rough = " (roughly: the replications are few)" if count < ROUGH else ""
    side = MEASURES[measure].more if MEASURES[measure].better == "more" else MEASURES[measure].less
    return (
        f"Of the {len(best)} models {first.scenario} most often has the {superlative(side)} {MEASURES[measure].in_words} "
        f"{in_words(group)}: in {share(first.best_percent)} of resamples of the replications{rough}."
    )


def superlative(side: str) -> str:
    """`shortest` of `shorter`."""
    return {"more": "most", "fewer": "fewest"}.get(side, f"{side.removesuffix('r')}st")


def front_sentence(front: pd.DataFrame) -> str:
    """Which models no other beats in all of wait, travel and cost, of those that are known."""
    compared = [word for name, word in FRONT_WORDS.items() if len(front) and front[name].notna().all()]
    if len(compared) < 2:
        return ""
    arms = front.scenario[front.on_front == "yes"]
    return (
        f"In {', '.join(compared[:-1])} and {compared[-1]} together no other model beats {' or '.join(arms)}."
    )


def few_sentence(results: Results) -> str:
    """Where intervals mean little: Student's factor alone, three and more, makes them, or the headline's leaves what is possible."""
    count = results.manifest["replications"]
    if 1 < count < ENOUGH:
        return (
            f"{IN_WORDS[count].capitalize()} replications are too few for the intervals to mean much: they can reach where "
            "no value lies, such as a wait below zero or a share above the whole. Take "
            f"{IN_WORDS[ENOUGH]} at the least, better {IN_WORDS[ROUGH]} or more."
        )
    beyond = [arm for arm in results.arms if reaches_beyond(results, arm)]
    if not beyond:
        return ""
    measure, group = results.headline["measure"], results.headline["group"]
    return (
        f"The interval of {MEASURES[measure].in_words} {in_words(group)} under {all_of(beyond)} reaches where no value "
        "lies: more replications make it narrower."
    )


def reaches_beyond(results: Results, arm: str) -> bool:
    """Whether the headline's interval leaves what is possible: below zero, or of a share above 100 %."""
    measure = results.headline["measure"]
    found = results.value(arm, measure, results.headline["group"])
    if found is None or measure in MAY_BE_NEGATIVE:
        return False
    is_share = MEASURES[measure].unit == "%" and measure not in MAY_BE_OVER_100
    return found["lower"] < 0 or (is_share and found["upper"] > 100)


def warm_up_sentences(results: Results) -> list[str]:
    """Where the list still comes from the start after the warm-up, and how long it should be."""
    return [
        f"The warm-up of {of_months(results.warm_up_months)} is too short for {arm}: the {modality} waiting list is "
        f"{number(found.first)} in the {of_months(found.months)} after it and {number(found.later)} later; "
        f"suggested: {of_months(results.warm_up_months + found.months)} at least."
        for (arm, modality), found in results.short_warm_up.items()
    ]


def of_months(count: int) -> str:
    """`1 month`, `3 months`."""
    return f"{count} month{'s' * (count != 1)}"
