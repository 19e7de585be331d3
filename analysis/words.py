"""The answer in words.

Every number in a sentence is a cell of summary.csv or comparison.csv; of the list at its start and at its
end, of figures/list_over_time.csv and figures/dm01_bands.csv.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import groups
from analysis.loaded import Results
from analysis.month_ends import month_name
from analysis.pairing import AIM, ROUGH, Pairing, pairing
from analysis.statistics import MOST_NEEDED, NO_DIFFERENCE, NOT_SETTLED
from sim.results.columns import MEASURES

STILL_GROWING = "waiting list still growing"
FRONT_WORDS = {"wait_days_mean": "wait", "travel_minutes_mean": "travel", "cost_per_scan_pounds": "cost"}


def answer(results: Results) -> list[str]:
    """The answer in sentences; one scenario alone is told from its start to its end."""
    return alone(results) if len(results.arms) == 1 else compared(results)


def compared(results: Results) -> list[str]:
    """One sentence a compared arm, then travel and days of service, then lists and warnings."""
    lines = []
    for arm in results.arms:
        if arm != results.baseline:
            lines.append(headline_sentence(results, arm))
            lines.append(pairing_sentence(results, arm))
            lines.append(travel_sentence(results, arm))
    lines += several_sentences(results)
    asked = groups.modality_of(results.headline["group"])
    for arm, modality in results.opening:
        if asked in (None, modality):
            lines.append(list_sentence(results, arm, modality))
    for arm in results.growing:
        lines.append(
            f"The {which_list(results, arm)} of {arm} is still growing at the end: its mean waits depend on how long "
            "the run lasts."
        )
    lines += warm_up_sentences(results)
    return [line for line in lines if line]


def alone(results: Results) -> list[str]:
    """The headline measure of one scenario, then where each list started and where it ends."""
    (arm,) = results.arms
    lines = [value_sentence(results, arm)]
    for modality in results.modalities:
        lines += [list_sentence(results, arm, modality), came_sentence(results, arm, modality)]
    if arm in results.growing:
        lines.append("Mean waits of a list that still grows depend on how long the run lasts.")
    lines += warm_up_sentences(results)
    return [line for line in lines if line]


def value_sentence(results: Results, arm: str) -> str:
    """The headline measure of one scenario with its interval."""
    measure, group = results.headline["measure"], results.headline["group"]
    found, known = results.value(arm, measure, group), MEASURES[measure]
    if found is None:
        return f"{arm}: the headline measure does not exist in this run."
    return f"{known.in_words.capitalize()} {in_words(group)}: {number(found['mean'])} {known.unit}, {within(found)}{growing_here(results, arm, group)}."


def list_sentence(results: Results, arm: str, modality: str) -> str:
    """Where a list started, where it ends, and whether it still grows."""
    ends = results.month_ends
    ends = ends[(ends.scenario == arm) & (ends.modality == modality)]
    kinds = {name: part.sort_values("month_end") for name, part in ends.groupby("measure", sort=False)}
    size, share = kinds["list_size"], kinds["over_6_weeks_percent"]
    first, last = size.iloc[0], size.iloc[-1]
    opening = results.opening.get((arm, modality))
    if opening:
        people = sum(opening)
        over = f", {number(100 * sum(opening[6:]) / people)} % of them over six weeks" if people else ""
        began = f"{people:,} at the start{over}"
    else:
        began = f"{number(first['mean'])} at the end of {month_name(first.month_end)}"
        began += f", {over_six(share.iloc[0])}" if first["mean"] else ""
    ended = f"{number(last['mean'])} at the end of {month_name(last.month_end)} ({within(last)})"
    ended += f", {over_six(share.iloc[-1])} ({within(share.iloc[-1])})" if last["mean"] else ""
    grows = {
        True: "still growing",
        False: "not seen to grow",
        None: "whether it grows cannot be told from one replication or half a year",
    }[results.growth[arm, modality]]
    named = f"{modality} waiting list" + (f" of {arm}" if len(results.arms) > 1 else "")
    return f"{named}: {began}; {ended}; {grows}."


def over_six(row) -> str:
    """`11.3 % of them over six weeks`."""
    return f"{number(row['mean'])} % of them over six weeks"


def came_sentence(results: Results, arm: str, modality: str) -> str:
    """The mean wait of those already waiting and of new referrals, and of both."""
    parts = groups.came(results, modality) | {"together": groups.everybody(results, modality)}
    found = {label: results.value(arm, "wait_days_mean", group) for label, group in parts.items()}
    if len(parts) < 3 or any(row is None for row in found.values()):
        return ""
    told = [f"{label} {number(row['mean'])} days" for label, row in found.items()]
    growing = growing_here(results, arm, parts["together"])
    return f"Mean wait for {modality}: {', '.join(told[:-1])}, {told[-1]}{growing}."


def growing_here(results: Results, arm: str, group: str) -> str:
    """` (waiting list still growing)` after a number of such a list."""
    return f" ({STILL_GROWING})" if groups.is_growing(results, arm, group) else ""


def growing_warning(results: Results) -> str:
    """` Waiting list still growing at the end: outsourced.` after a caption; empty where none is."""
    return (
        f" {STILL_GROWING.capitalize()} at the end: {', '.join(results.growing)}." if results.growing else ""
    )


def which_list(results: Results, arm: str) -> str:
    """`waiting list`; with several modalities `MRI and CT waiting list`."""
    if not results.has_several_modalities:
        return "waiting list"
    return f"{' and '.join(m for m in results.modalities if results.growth.get((arm, m)))} waiting list"


def within(row) -> str:
    """`95 % interval 4.2 to 4.8`; of one replication there is none."""
    if row["lower"] != row["lower"]:
        return "one replication, no interval"
    return f"95 % interval {number(row['lower'])} to {number(row['upper'])}"


def headline_sentence(results: Results, arm: str) -> str:
    """The headline comparison with its interval and verdict."""
    measure, group = results.headline["measure"], results.headline["group"]
    found = results.difference(arm, measure, group)
    known = MEASURES[measure]
    ours, theirs = (results.value(a, measure, group) for a in (arm, results.baseline))
    if found is None or ours is None or theirs is None:
        return f"{arm}: the headline measure does not exist in this run."
    values = " and ".join(
        f"{number(row['mean'])} {unit}under {a}{growing_here(results, a, group)}"
        for a, row, unit in ((arm, ours, f"{known.unit} "), (results.baseline, theirs, ""))
    )
    others = list(results.manifest["baselines"].values()).count(results.baseline) - 1
    together = f" together with {others} more comparison{'s' * (others > 1)}" if others > 0 else ""
    interval = f"difference {signed(found.difference)} {known.unit}, 95 % interval{together} {signed(found.lower)} to {signed(found.upper)}"
    return f"{known.in_words.capitalize()} {in_words(group)}: {verdict_words(results, arm, found)}. {values[0].upper()}{values[1:]}; {interval}."


def verdict_words(results: Results, arm: str, found) -> str:
    """The verdict of the headline; where it is not settled, what would settle it."""
    if found.verdict == NO_DIFFERENCE:
        return f"{NO_DIFFERENCE} ({results.headline['matters']:g} {found.unit})"
    if found.verdict != NOT_SETTLED:
        return f"{found.verdict} under {arm}"
    if results.manifest["replications"] < 2:
        return f"{NOT_SETTLED}: one replication has no spread, two are the least"
    if pd.isna(found.replications_needed):
        return NOT_SETTLED
    more = int(found.replications_needed) - results.manifest["replications"]
    if found.replications_needed >= MOST_NEEDED:
        return f"{NOT_SETTLED}, and no number of replications in reach would settle it"
    return f"{NOT_SETTLED}, about {max(more, 1):,} more replications (they settle a difference of this size 4 times in 5)"


def pairing_sentence(results: Results, arm: str) -> str:
    """How much it helps that both models meet the same patients; why not more, where it is little."""
    measure, group = results.headline["measure"], results.headline["group"]
    ours, theirs = (results.by_replication(a, measure, group) for a in (arm, results.baseline))
    down, down_there = (results.by_replication(a, "downtime_percent", "all") for a in (arm, results.baseline))
    found = pairing(ours, theirs, down - down_there)
    if found is None:
        return ""
    rough = f" (roughly: from {found.n} replications)" if found.n < ROUGH else ""
    said = f"Same patients under both: independent runs would give the difference {number(found.ratio)} times the variance{rough}"
    if found.ratio >= AIM:
        return f"{said}."
    return f"{said}; {why_so_little(found, [arm, results.baseline])}."


def why_so_little(found: Pairing, arms: list[str]) -> str:
    """Why pairing does not reach its aim: unequal spread, breakdowns, or luck that is not shared."""
    if found.most < AIM:
        more, less = arms[found.varies_more], arms[1 - found.varies_more]
        times = f"{number(found.times)} times as much as" if np.isfinite(found.times) else "and not"
        return f"{more} varies {times} under {less}, so that more than {number(found.most)} is out of reach"
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
    return [line for line in (best_sentence(best, measure, group), front_sentence(front)) if line]


def best_sentence(best: pd.DataFrame, measure: str, group: str) -> str:
    """The model that has the best mean in most resamples of the replications."""
    if best.best_percent.notna().sum() == 0:
        return ""
    first = best.loc[best.best_percent.idxmax()]
    side = MEASURES[measure].more if MEASURES[measure].better == "more" else MEASURES[measure].less
    return (
        f"Of the {len(best)} models {first.scenario} most often has the {superlative(side)} {MEASURES[measure].in_words} "
        f"{in_words(group)}: in {first.best_percent:.0f} % of resamples of the replications."
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


def travel_sentence(results: Results, arm: str) -> str:
    """Journeys and days of service at the headline's place, or everywhere."""
    group = results.headline["group"]
    parts = []
    for measure, digits in (("travel_minutes_mean", 0), ("service_days_per_week", 1)):
        ours, theirs = (results.value(a, measure, group) for a in (arm, results.baseline))
        if ours is not None and theirs is not None:
            known = MEASURES[measure]
            unit = f" {known.unit}" if known.unit == "minutes" else ""
            here, there = (growing_here(results, a, group) for a in (arm, results.baseline))
            parts.append(
                f"{known.in_words} {ours['mean']:.{digits}f}{unit}{here} against {theirs['mean']:.{digits}f}{there}"
            )
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def in_words(group: str) -> str:
    """`place=Milton Keynes` as `for place Milton Keynes`."""
    if group == "all":
        return "for everybody"
    parts = [part.partition("=") for part in group.split(";")]
    return "for " + ", ".join(f"{key} {value.replace('_', ' ')}" for key, _, value in parts)


def number(value: float) -> str:
    """A number as the tables print it: three figures, no exponent."""
    if value != value:
        return "-"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def signed(value: float) -> str:
    """A difference with its sign; a true minus."""
    text = number(abs(value))
    return f"+{text}" if value > 0 else f"\N{MINUS SIGN}{text}" if value < 0 else text


def interval(row) -> str:
    """`4.5 (4.2 to 4.8)`."""
    return f"{number(row['mean'])} ({number(row['lower'])} to {number(row['upper'])})"
