"""The answer in words. Every number in a sentence is a cell of summary.csv or comparison.csv."""

from __future__ import annotations

from analysis.loaded import Results
from analysis.statistics import NO_DIFFERENCE, NOT_SETTLED
from sim.results.columns import MEASURES

STILL_GROWING = "waiting list still growing"


def answer(results: Results) -> list[str]:
    """The answer: one sentence a compared arm, then travel and days of service, then warnings."""
    lines = []
    for arm in results.arms:
        if arm != results.baseline:
            lines.append(headline_sentence(results, arm))
            lines.append(travel_sentence(results, arm))
    for arm in results.growing:
        lines.append(
            f"The waiting list of {arm} is still growing at the end: its mean waits depend on how long "
            "the run lasts."
        )
    return lines


def headline_sentence(results: Results, arm: str) -> str:
    """The headline comparison with its interval and verdict."""
    measure, group = results.headline["measure"], results.headline["group"]
    found = results.difference(arm, measure, group)
    known = MEASURES[measure]
    ours, theirs = (results.value(a, measure, group) for a in (arm, results.baseline))
    if found is None or ours is None or theirs is None:
        return f"{arm}: the headline measure does not exist in this run."
    where = in_words(group)
    values = (
        f"{number(ours['mean'])} {known.unit} under {arm} and {number(theirs['mean'])} under {results.baseline}"
    )
    interval = f"difference {signed(found.difference)} {known.unit}, 95 % interval {signed(found.lower)} to {signed(found.upper)}"
    matters = f"{results.headline['matters']:g} {known.unit}"
    if found.verdict == NO_DIFFERENCE:
        verdict = f"no difference that matters ({matters})"
    elif found.verdict == NOT_SETTLED:
        more = max(0, int(found.replications_needed or 0) - results.manifest["replications"])
        verdict = f"not settled, about {more} more replications" if more else "not settled"
    else:
        verdict = f"{found.verdict} under {arm}"
    return f"{known.in_words.capitalize()} {where}: {verdict}. {values[0].upper()}{values[1:]}; {interval}."


def travel_sentence(results: Results, arm: str) -> str:
    """Journeys and days of service at the headline's place, or everywhere."""
    group = results.headline["group"]
    parts = []
    for measure, digits in (("travel_minutes_mean", 0), ("service_days_per_week", 1)):
        ours, theirs = (results.value(a, measure, group) for a in (arm, results.baseline))
        if ours is not None and theirs is not None:
            known = MEASURES[measure]
            unit = f" {known.unit}" if known.unit == "minutes" else ""
            parts.append(
                f"{known.in_words} {ours['mean']:.{digits}f}{unit} against {theirs['mean']:.{digits}f}"
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
