"""The open reference set as one table: what theory says of every published case.

`python -m sim.verify.reference` prints `tests/theory/reference.csv`, which a test keeps fresh.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.verify.case import ReadCase, key_of, read_cases
from sim.verify.observed import QUANTITIES
from sim.verify.run import unit_of
from sim.verify.theory import FORMULAS

COLUMNS = (
    "case",
    "measure",
    "group",
    "at",
    "unit",
    "value",
    "simulated",
    "unit_of_time",
    "formula",
    "inputs",
    "how",
    "source",
)
RULE_OF_THUMB = {"queue": 1200, "demand": 30, "capacity": 27, "target": 52, "relief": 26}
RULE_UNITS = {
    "load": "ratio",
    "target_wait_mean": "weeks",
    "target_queue": "patients",
    "relief_capacity": "a week",
    "target_capacity": "a week",
}
FONG = "Fong and others 2022, medRxiv 10.1101/2022.08.23.22279117"


def as_text(files: list[Path]) -> str:
    """The table as CSV; numbers with the ten digits that rounding leaves alone."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for read in read_cases(files):
        writer.writerows(rows_of(read))
    for measure, value in FORMULAS["rule_of_thumb"](**RULE_OF_THUMB).items():
        given = ("", "rule_of_thumb", in_words(RULE_OF_THUMB), how("rule_of_thumb"), FONG)
        writer.writerow(
            ("rule_of_thumb", measure, "all", "", RULE_UNITS[measure], f"{value:.10g}", "no", *given)
        )
    return text.getvalue()


def rows_of(read: ReadCase) -> list[tuple]:
    """What is verified of a case, then what its formula says besides."""
    case = read.case
    ((formula, inputs),) = case.formula.items()
    time = case.unit.text if case.unit else "day of the diary"
    about = (time, formula, in_words(inputs), how(formula), case.source)
    rows = [
        (
            read.name,
            one.measure,
            one.group,
            "" if one.at is None else f"{one.at:g}",
            unit_of(case, one),
            f"{value:.10g}",
            "yes",
            *about,
        )
        for one, value in zip(case.expect, case.expected())
    ]
    verified = {key_of(one) for one in case.expect}
    for key, value in case.answers().items():
        measure, _, group = key.partition(" ")
        if key not in verified and not callable(value):
            rows.append(
                (
                    read.name,
                    measure,
                    group or "all",
                    "",
                    QUANTITIES[measure].unit,
                    f"{value:.10g}",
                    "no",
                    *about,
                )
            )
    return rows


def in_words(inputs: dict[str, float]) -> str:
    """`arrivals=0.8 service=1`."""
    return " ".join(f"{name}={value:.10g}" for name, value in inputs.items())


def how(formula: str) -> str:
    """The first line of what the code says of a formula."""
    return (FORMULAS[formula].__doc__ or "").strip().splitlines()[0]


if __name__ == "__main__":
    from sim.verify.__main__ import published

    print(as_text(published()), end="")
