"""All claims at once: the table, the page, and how many of each side came out how."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.claim_words import sentence, tested, told
from analysis.judged import NOT_RUN, Judged
from analysis.report import filled_in, write_csv
from analysis.statistics import NOT_SETTLED
from analysis.tables import TextTable
from analysis.verdicts import DEPENDS, NOT_SUPPORTED, SUPPORTED, Difference
from sim.results.columns import TABLES
from sim.results.folder import write_text

FILE, PAGES = "claims.csv", ("claims.html", "claims.md")
VERDICTS = (SUPPORTED, NOT_SUPPORTED, DEPENDS, NOT_SETTLED, NOT_RUN)


def write(judged: list[Judged], sources: dict[str, Any], out: Path) -> None:
    """`claims.csv` and its pages. sources: by key, with link, title, publisher and date."""
    table = pd.DataFrame([row(one) for one in judged], columns=[column.name for column in TABLES[FILE]])
    for name in ("n", "replications_needed"):
        table[name] = table[name].astype("Int64")
    write_csv(out / FILE, table)
    tables = {"table": text_table(judged), "models": of_models(judged)}
    words = {"sentence": sentence, "tested": tested, "told": told}
    known = words | {"judged": judged, "summary": summary(judged), "sources": sources}
    for page in PAGES:
        write_text(out / page, filled_in(page, **known, **tables))


def text_table(judged: list[Judged]) -> TextTable:
    """A row a claim."""
    rows = [
        [
            one.name,
            one.claim["side"],
            one.verdict,
            f"{told(one.centre)} {one.unit}" if one.results else "",
            one.hanging[0] if one.results and one.hanging else "",
        ]
        for one in judged
    ]
    headings = ["claim", "side", "verdict", "difference", "hangs on most"]
    note = "differences: 95 % interval, each on its own; the side plays no part in the verdict"
    return TextTable("Claims", headings, rows, note)


def summary(judged: list[Judged]) -> list[str]:
    """How many claims of each side came out how, and which models win nowhere."""
    lines = []
    for side in dict.fromkeys(one.claim["side"] for one in judged):
        found = Counter(one.verdict for one in judged if one.claim["side"] == side)
        counts = [f"{found[verdict]} {verdict}" for verdict in VERDICTS if found[verdict]]
        lines.append(
            f"{side.capitalize()}, {found.total()} claim{'s' * (found.total() > 1)}: {', '.join(counts)}."
        )
    nowhere = [row[0] for row in of_models(judged).rows if row[2] == "0"]
    if nowhere:
        lines.append(f"Better nowhere within the ranges of the claims that were run: {', '.join(nowhere)}.")
    return lines


def of_models(judged: list[Judged]) -> TextTable:
    """In how many tests with a better side each model takes part, and in how many it is better somewhere."""
    ran = [one for one in judged if one.results and one.has_a_better_side]
    part = Counter(arm for one in ran for arm in one.results.arms)
    better = Counter(arm for one in ran for arm in one.better)
    rows = [[arm, str(part[arm]), str(better[arm])] for arm in sorted(part)]
    note = "better: by more than what matters, at one of the values that were run at least"
    return TextTable("Models", ["model", "tests", "better somewhere in"], rows, note)


def row(claim: Judged) -> dict[str, Any]:
    """As a row of `claims.csv`."""
    about = {key: claim.claim[key] for key in ("side", "says", "source", "measure", "expects")}
    models = {key: claim.claim[key].removesuffix(".yaml") for key in ("scenario", "baseline")}
    about |= models | {
        "claim": claim.name,
        "settings": ";".join(claim.settings),
        "unit": claim.unit,
        "group": claim.claim.get("group", "all"),
        "matters": claim.expected.matters,
        "verdict": claim.verdict,
    }
    return about | (found_of(claim) if claim.results else {})


def found_of(claim: Judged) -> dict[str, Any]:
    """The columns that need a run."""
    found = columns("", claim.centre) | {
        "hangs_on": claim.hanging[0] if claim.hanging else "",
        "better_somewhere": ";".join(claim.better),
        "n": claim.centre.n,
        "years": claim.years,
        "replications_needed": claim.needed,
    }
    path = found["hangs_on"]
    for end, one, row in zip(("low", "high"), claim.moves.get(path, ()), claim.ends.get(path, ())):
        found |= {end: row["value"]} | columns(f"_at_{end}", one)
    if claim.tips:
        first = claim.tips[0]
        found |= {"tip": ";".join(tip.kind for tip in claim.tips)}
        found |= {"tip_path": claim.results.asked["tip"]["path"]}
        found |= {"tip_value": first.value, "tip_lower": first.lower, "tip_upper": first.upper}
        found |= {"tip_unit": claim.results.asked["tip"]["unit"]}
    return found


def columns(where: str, one: Difference) -> dict[str, float]:
    """A difference and its interval."""
    return {f"difference{where}": one.mean, f"lower{where}": one.lower, f"upper{where}": one.upper}
