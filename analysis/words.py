"""The sentences that an answer is made of, and how numbers are written in them.

Every number in a sentence is a cell of summary.csv or comparison.csv; of the list at its start and at its
end, of figures/list_over_time.csv and figures/dm01_bands.csv.
"""

from __future__ import annotations

import pandas as pd

from analysis import groups
from analysis.loaded import Results
from analysis.month_ends import month_name
from analysis.statistics import MOST_NEEDED, NO_DIFFERENCE, NOT_SETTLED
from sim.results.columns import MEASURES

STILL_GROWING = "waiting list still growing"
MINUS = "\N{MINUS SIGN}"


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
    interval = f", 95 % interval{together} {signed(found.lower)} to {signed(found.upper)}"
    apart = f"difference {signed(found.difference)} {unit_apart(known.unit)}{'' if pd.isna(found.lower) else interval}"
    return f"{known.in_words.capitalize()} {in_words(group)}: {verdict_words(results, arm, found)}. {values[0].upper()}{values[1:]}; {apart}."


def unit_apart(unit: str) -> str:
    """The unit of a difference: of two shares in percent, percentage points."""
    return "percentage points" if unit == "%" else unit


def verdict_words(results: Results, arm: str, found) -> str:
    """The verdict of the headline; where it is not settled, what would settle it."""
    if found.verdict == NO_DIFFERENCE:
        return f"{NO_DIFFERENCE} ({results.headline['matters']:g} {unit_apart(found.unit)})"
    if found.verdict != NOT_SETTLED:
        return f"{found.verdict} under {arm}"
    if results.manifest["replications"] < 2:
        return f"{NOT_SETTLED}: one replication has no spread, two are the least"
    if pd.isna(found.replications_needed):
        return NOT_SETTLED
    more = max(int(found.replications_needed) - results.manifest["replications"], 1)
    if found.replications_needed >= MOST_NEEDED:
        return f"{NOT_SETTLED}, and no number of replications in reach would settle it"
    return f"{NOT_SETTLED}, about {more:,} more replication{'s' * (more > 1)} (enough to settle a difference of this size 4 times in 5)"


def share(percent: float) -> str:
    """`97 %`; never 0 or 100, which no resampling can show."""
    if percent != percent:
        return "-"
    return "< 1 %" if percent < 1 else "> 99 %" if percent > 99 else f"{percent:.0f} %"


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


def crews_sentence(results: Results, arm: str) -> str:
    """Whose sessions need radiographers and have no crew: they are held all the same."""
    named = " and ".join(results.without_crew(arm))
    return (
        f"{arm}: no crew of `workforce` holds the sessions of {named}; they are staffed as planned."
        if named
        else ""
    )


def price_sentence(results: Results, arm: str) -> str:
    """What a contractor scans and is paid nothing known for: its payments are not measured."""
    named = " and ".join(results.without_price(arm))
    return (
        f"{arm}: the contract has neither price nor tariff for {named}, so payments are not measured."
        if named
        else ""
    )


def acted_sentences(results: Results) -> list[str]:
    """How often each mechanism of a scenario acted in a run, and which of them never did in any; of arms that are alike, once.

    Of three arms or more, what never acted in any of them is named in a sentence of its own.
    """
    alike: dict[tuple[tuple[str, float], ...], list[str]] = {}
    rows = results.summary[results.summary.measure == "times_acted"]
    rows = rows.assign(mechanism=rows.group.str.removeprefix("mechanism="))
    most = rows.groupby("mechanism")["mean"].max()
    nowhere = sorted(most.index[most == 0]) if len(results.arms) > 2 else []
    for arm in results.arms:
        here = rows[(rows.scenario == arm) & ~rows.mechanism.isin(nowhere)]
        alike.setdefault(tuple(zip(here.mechanism, here["mean"])), []).append(arm)
    said = [acted_sentence(dict(acted), arms) for acted, arms in alike.items() if acted]
    return [*said, f"Never in any of these models: {', '.join(nowhere)}."] if nowhere else said


def acted_sentence(acted: dict[str, float], arms: list[str]) -> str:
    """acted: times in a run of any of these arms, by mechanism."""
    often = [
        f"{name} {number(times) if times % 1 else f'{times:,.0f}'}" for name, times in acted.items() if times
    ]
    never = [name for name, times in acted.items() if not times]
    if not often:
        return f"In {all_of(arms)} nothing of this happened: {', '.join(never)}."
    said = f"In a run of {all_of(arms)}: {', '.join(often)}."
    return f"{said} Never: {', '.join(never)}." if never else said


def all_of(names: list[str]) -> str:
    """`one, two and three`."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


BETWEEN = {"car": "people with and without a car", "place": "places"}
"""Between whom a gap is, by how groups write it."""


def in_words(group: str) -> str:
    """`place=Milton Keynes` as `for place Milton Keynes`, `between=place` as `between places`."""
    if group == "all":
        return "for everybody"
    parts = [part.split("=") for part in group.split(";")]
    people = ", ".join(f"{key} {value.replace('_', ' ')}" for key, value in parts if key != "between")
    gaps = [f"between {BETWEEN[value]}" for key, value in parts if key == "between"]
    return " ".join([f"for {people}"] * bool(people) + gaps)


def number(value: float) -> str:
    """A number as the tables print it: three figures, no exponent, a true minus."""
    if value != value:
        return "-"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:z,.{digits}f}".replace("-", MINUS)


def signed(value: float) -> str:
    """A difference with its sign; a true minus."""
    text = number(abs(value))
    return f"+{text}" if value > 0 else f"{MINUS}{text}" if value < 0 else text


def interval(row) -> str:
    """`4.5 (4.2 to 4.8)`."""
    return f"{number(row['mean'])} ({number(row['lower'])} to {number(row['upper'])})"
