"""What a run says of its own replications: the precision reached, and how much is chance or not knowing."""

from __future__ import annotations

import pandas as pd

from analysis.loaded import NotResults, Results
from analysis.words import in_words, number, unit_apart
from sim.results.columns import MEASURES

UNCERTAIN = "uncertain.csv"
ENOUGH = 20
"""Draws of which one can lie outside the middle 95 of 100. With fewer, no such span is told."""


def sentences(results: Results) -> list[str]:
    """Of the precision asked for and of the assumptions drawn; nothing where nothing was."""
    return [*of_precision(results), *of_not_knowing(results)]


def of_precision(results: Results) -> list[str]:
    """Whether the precision was reached, with how many replications, and where it was not."""
    said = results.manifest.get("precision")
    if not said:
        return []
    count = results.manifest["replications"]
    if said["reached"]:
        return [f"Precision {said['asked']}: reached with {count} replications."]
    unit = MEASURES[results.headline["measure"]].unit
    return [
        f"Precision {said['asked']}: not reached with {count} replications for {name}: "
        + (
            f"half-width {number(width)} {unit}, {number(allowed)} asked for."
            if width is not None
            else "it does not exist."
        )
        for name, (width, allowed) in said["half_widths"].items()
        if width is None or width > allowed
    ]


def of_not_knowing(results: Results) -> list[str]:
    """A sentence a difference, or for one arm alone of itself, and what was drawn."""
    said = results.manifest.get("uncertain")
    if not said:
        return []
    lines = [sentence(row) for row in headline_rows(results).itertuples()]
    drawn = f"Unknowns drawn from their ranges: {said['unknowns']}, {said['draws']} times each"
    passed = (
        f"; draws passed over, because they were no legal scenario: {said['passed_over']} ({said['why']})"
        if said["passed_over"]
        else ""
    )
    return [*lines, f"{drawn}{passed}."]


def headline_rows(results: Results) -> pd.DataFrame:
    """The rows of `uncertain.csv` that are told: the headline's differences, or of one arm alone its own. Raises `NotResults`."""
    try:
        table = pd.read_csv(results.path / UNCERTAIN, dtype={"baseline": str}).fillna({"baseline": ""})
    except (OSError, ValueError) as error:
        raise NotResults(f"{results.path / UNCERTAIN} cannot be read: {error}") from None
    headline = (table.measure == results.headline["measure"]) & (table.group == results.headline["group"])
    shown = table[headline & ((table.baseline != "") | (len(results.arms) == 1))]
    return shown[shown["mean"].notna()]


def who(row) -> str:
    """`outsourced less in_house`, or the arm alone."""
    return f"{row.scenario} less {row.baseline}" if row.baseline else row.scenario


def sentence(row) -> str:
    """What one row of `uncertain.csv` says; of few draws no span, and their number beside the shares."""
    unit = unit_apart(row.unit) if row.baseline else row.unit
    measure = f"{MEASURES[row.measure].in_words} {in_words(row.group)}"
    few = row.draws < ENOUGH
    span = (
        f"too few draws ({row.draws:.0f}) to say between what most of them lie"
        if few
        else f"95 of 100 draws lie between {number(row.low)} and {number(row.high)}"
    )
    rough = f" (roughly: from {row.draws:.0f} draws)" if few else ""
    return (
        f"With the assumptions drawn from their ranges, {measure}, {who(row)}: mean {number(row.mean)} {unit}, "
        f"95 % interval {number(row.lower)} to {number(row.upper)}; {span}. "
        f"Of the variance of one run {row.not_knowing_percent:.0f} % is not knowing, "
        f"{100 - row.not_knowing_percent:.0f} % chance{rough}."
    )
