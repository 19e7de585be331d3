"""A judged claim in words."""

from __future__ import annotations

from analysis import verdicts
from analysis.judged import NOT_RUN, Judged
from analysis.statistics import MOST_NEEDED, NOT_SETTLED
from analysis.verdicts import DEPENDS, DOES_NOT_TIP, Difference
from analysis.words import in_words, number, signed
from sim.results.columns import MEASURES


def tested(claim: Judged) -> str:
    """`Mean wait for place Milton Keynes, outsourced less in_house: higher by more than 2 days`."""
    measure = MEASURES[claim.claim["measure"]].in_words.capitalize()
    group = in_words(claim.claim.get("group", "all"))
    models = " less ".join(claim.claim[key].removesuffix(".yaml") for key in ("scenario", "baseline"))
    by = f"{number(claim.expected.matters)} {claim.unit_apart}"
    expects = (
        f"within {by}"
        if claim.expected.expects == verdicts.NO_DIFFERENT
        else f"{claim.expected.expects}, by more than {by}"
    )
    return f"{measure} {group}, {models}: {expects}"  # fmt: skip


def told(one: Difference) -> str:
    """`+2.9 (+2.6 to +3.2)`."""
    if not one.n:
        return "does not exist in both"
    if one.n < 2:
        return f"{signed(one.mean)} (one replication, no interval)"
    return f"{signed(one.mean)} ({signed(one.lower)} to {signed(one.upper)})"


def tip_sentence(claim: Judged) -> str:
    """Where the answer changes, or that it does not; empty where nobody looked."""
    if not claim.tips:
        return ""
    path, unit = claim.results.asked["tip"]["path"], claim.results.asked["tip"]["unit"]

    def value(at: float) -> str:
        """A value of the path with its unit."""
        return f"{at:.4g} {unit}".strip() if abs(at) < 1e4 else f"{number(at)} {unit}".strip()

    first, last = value(claim.curve.values[0]), value(claim.curve.values[-1])
    kind, _, lower, upper = claim.tips[0]
    if kind == DOES_NOT_TIP:
        return f"does not tip between {first} and {last} of {path}"
    if kind == NOT_SETTLED:
        return f"may tip between {value(lower)} and {value(upper)} of {path}: not settled"
    where = [f"{value(t.value)} (95 % interval {value(t.lower)} to {value(t.upper)})" for t in claim.tips]
    return f"tips at {path} {' and '.join(where)}"


def sentence(claim: Judged) -> str:
    """The verdict and why."""
    if not claim.results:
        return NOT_RUN
    if claim.verdict == NOT_SETTLED:
        return f"{NOT_SETTLED}: {what_would_settle(claim)}"
    why = depends(claim) if claim.verdict == DEPENDS else stands(claim)
    return "; ".join(part for part in (why, tip_sentence(claim)) if part)


def what_would_settle(claim: Judged) -> str:
    """How many replications would tell, or why none do."""
    if not all(one.n for one in claim.tried):
        return "the measure does not exist in both models"
    if claim.needed and claim.needed >= MOST_NEEDED:
        return "no number in reach of replications would tell"
    return f"{f'about {claim.needed:,}' if claim.needed else 'more'} replications would tell"


def depends(claim: Judged) -> str:
    """What it depends on, and what comes out at both ends."""
    path = claim.hanging[0]
    found = zip(claim.moves[path], claim.ends[path])
    low, high = (f"{claim.outcome(one)} at {row['value']}" for one, row in found)
    return f"depends on {path}: {claim.outcome(claim.centre)} as the models stand, {low}, {high}"


def stands(claim: Judged) -> str:
    """The verdict, and what moves it most without changing it."""
    if not claim.hanging:
        return f"{claim.verdict}; nothing it may hang on changes it"
    return f"{claim.verdict}; hangs most on {claim.hanging[0]}, and not enough to change it"
