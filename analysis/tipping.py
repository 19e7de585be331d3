"""Where two models swap places along a path: the curve of paired differences, and where it crosses zero.

Between two values that were run, each replication's difference is taken to change evenly. So there is a
95 % interval of the mean difference at every value between, and the values at which it holds zero are
those at which the models may swap places (Fieller's interval, piece by piece). A crossing is settled
where such a stretch has a clear *longer* on one side and a clear *shorter* on the other.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.loaded import Results
from analysis.statistics import NOT_SETTLED, half_width
from analysis.tables import TextTable, dagger_note, difference, mark_of_two, title_of
from analysis.words import in_words, number, signed, unit_apart
from sim.results.columns import MEASURES, TABLES

FILE = "tipping.csv"
SWAP, NONE, SAME = "swap", "none", "the same"


class Stretch(NamedTuple):
    """Values from one to another over which the difference is above zero (1), below (-1) or may be
    either (0)."""

    first: float
    last: float
    sign: int


class Curve(NamedTuple):
    """Paired differences of one arm: values that were run, in order, and a row a replication."""

    values: np.ndarray
    apart: np.ndarray

    def at(self, value: float) -> np.ndarray:
        """By replication at any value between the ends."""
        return np.array([np.interp(value, self.values, row) for row in self.apart])

    @property
    def mean(self) -> np.ndarray:
        """At the values that were run."""
        return self.apart.mean(axis=0)


def curves(results: Results) -> dict[str, Curve]:
    """The curve of each compared arm, from the replications in which both models have the measure."""
    values, arms = zip(*results.asked["points"])
    found = results.outcomes(results.headline["measure"], results.headline["group"])
    table = {}
    for place, arm in enumerate(results.arms[1:], 1):
        apart = [found.get(names[place], np.nan) - found.get(names[0], np.nan) for names in arms]
        known = pd.DataFrame(dict(enumerate(apart)), index=found.index).dropna()
        table[arm] = Curve(np.array(values, dtype=float), known.to_numpy(dtype=float))
    return table


def stretches(curve: Curve) -> list[Stretch]:
    """The whole range, cut where the 95 % interval of the mean difference begins or ceases to hold zero."""
    n = len(curve.apart)
    if n < 2:
        return [Stretch(curve.values[0], curve.values[-1], 0)]
    factor = float(half_width(1.0, n)) ** 2
    mean, spread = curve.mean, np.cov(curve.apart, rowvar=False)
    found: list[Stretch] = []
    for one in range(len(curve.values) - 1):
        ends = curve.values[one : one + 2]
        parts = _signs(mean[one : one + 2], factor * spread[one : one + 2, one : one + 2])
        for first, last, sign in parts:
            low, high = (float(ends[0] + part * (ends[1] - ends[0])) for part in (first, last))
            if found and found[-1].sign == sign:
                low = found.pop().first
            found.append(Stretch(low, high, sign))
    return found


def _signs(mean: np.ndarray, room: np.ndarray) -> list[tuple[float, float, int]]:
    """(from, to, sign) along a straight line, in parts of its length.

    mean: of the difference at both ends. room: covariances times the squared half-width of an interval for
    spread 1. Zero is within the interval where mean squared is within the room: a quadratic.
    """
    rise = mean[1] - mean[0]
    a = rise**2 - (room[0, 0] - 2 * room[0, 1] + room[1, 1])
    b = 2 * (mean[0] * rise - (room[0, 1] - room[0, 0]))
    c = mean[0] ** 2 - room[0, 0]
    cuts = sorted({0.0, 1.0, *(root for root in _roots(a, b, c) if 0 < root < 1), *_roots(0, rise, mean[0])})
    found = []
    for first, last in pairwise(cut for cut in cuts if 0 <= cut <= 1):
        middle = (first + last) / 2
        clear = a * middle**2 + b * middle + c > 0
        found.append((first, last, int(np.sign(mean[0] + middle * rise)) if clear else 0))
    return found


def _roots(a: float, b: float, c: float) -> list[float]:
    """Real roots of a x^2 + b x + c."""
    if a == 0:
        return [-c / b] if b else []
    root = b * b - 4 * a * c
    return [] if root < 0 else [(-b - math.sqrt(root)) / (2 * a), (-b + math.sqrt(root)) / (2 * a)]


def crossings(curve: Curve) -> list[tuple[float, float, float]]:
    """(value, lower, upper) of every settled swap."""
    found = stretches(curve)
    swaps = []
    for before, after in pairwise(stretch for stretch in found if stretch.sign):
        if before.sign != after.sign:
            lower, upper = before.last, after.first
            inside = [root for root in roots_of_mean(curve) if lower <= root <= upper] or [
                (lower + upper) / 2
            ]
            swaps.append((inside[len(inside) // 2], lower, upper))
    return swaps


def roots_of_mean(curve: Curve) -> list[float]:
    """Where the mean difference is zero, between the values that were run."""
    found = []
    for (low, one), (high, other) in pairwise(zip(curve.values, curve.mean)):
        if one == 0 or one * other < 0:
            found.append(float(low + (high - low) * one / (one - other)) if one else float(low))
    return found


def unsettled(curve: Curve) -> list[Stretch]:
    """Stretches that hold zero without a clear sign on one side and the other sign on the other."""
    swaps = {(lower, upper) for _, lower, upper in crossings(curve)}
    return [s for s in stretches(curve) if s.sign == 0 and (s.first, s.last) not in swaps]


def is_the_same(curve: Curve) -> bool:
    """Whether both models give the same number at every value in every replication."""
    return len(curve.apart) > 0 and not curve.apart.any()


def table(results: Results) -> pd.DataFrame:
    """As `tipping.csv`: first what was found, then the points of the curve."""
    rows = []
    for arm, curve in curves(results).items():
        usual = {"scenario": arm, "baseline": results.baseline, **_about(results)}
        rows += [usual | row for row in (*answers(results, curve), *points(results, curve))]
    return pd.DataFrame(rows, columns=[column.name for column in TABLES[FILE]])


def _about(results: Results) -> dict[str, str]:
    measure = results.headline["measure"]
    asked = {"path": results.asked["path"], "value_unit": results.asked["unit"]}
    return asked | {"measure": measure, "unit": MEASURES[measure].unit, "group": results.headline["group"]}


def answers(results: Results, curve: Curve) -> list[dict]:
    """A row a swap and a row a stretch that is not settled; one that says none where there is neither."""
    if is_the_same(curve):
        return [{"kind": SAME}]
    words = _words(results)
    rows = []
    for value, lower, upper in crossings(curve):
        below = next(s.sign for s in reversed(stretches(curve)) if s.sign and s.last <= lower)
        verdict = f"{words[below]} below, {words[-below]} above"
        rows.append(
            {"kind": SWAP, "value": value, "value_lower": lower, "value_upper": upper, "verdict": verdict}
        )
    rows += [{"kind": NOT_SETTLED, "value_lower": s.first, "value_upper": s.last} for s in unsettled(curve)]
    if not rows:
        nearest = min(points(results, curve), key=lambda row: abs(row["difference"]))
        rows = [nearest | {"kind": NONE}]
    return rows


def points(results: Results, curve: Curve) -> list[dict]:
    """A row a value that was run, with its mean difference and 95 % interval."""
    words, rows = _words(results), []
    for value, apart in zip(curve.values, curve.apart.T):
        half = half_width(apart.std(ddof=1), len(apart)) if len(apart) > 1 else math.nan
        mean = float(apart.mean()) if len(apart) else math.nan
        sign = int(np.sign(mean)) if abs(mean) > half else 0
        row = {"kind": "point", "value": float(value), "difference": mean}
        rows.append(row | {"lower": mean - half, "upper": mean + half, "verdict": words[sign]})
    return rows


def _words(results: Results) -> dict[int, str]:
    known = MEASURES[results.headline["measure"]]
    return {1: known.more, -1: known.less, 0: NOT_SETTLED}


def text_tables(results: Results) -> list[TextTable]:
    """The curve of each compared arm."""
    found, tables = table(results), []
    for arm in results.arms[1:]:
        rows = found[(found.scenario == arm) & (found.kind == "point")]
        title = f"{title_of(results.headline['measure'])} {in_words(results.headline['group'])}"
        headings = [results.asked["path"], f"{arm}\nless {results.baseline}", "verdict"]
        cells = [
            [_value(results, row.value), difference(row) + _mark(results, arm, row.value), row.verdict]
            for row in rows.itertuples()
        ]
        notes = ["every 95 % interval on its own", dagger_note(cells)]
        tables.append(TextTable(title, headings, cells, "; ".join(note for note in notes if note)))
    return tables


def _mark(results: Results, arm: str, value: float) -> str:
    """A dagger where either list is still growing at a value that was run."""
    first, *others = next(names for at, names in results.asked["points"] if float(at) == value)
    named = others[results.arms.index(arm) - 1]
    return mark_of_two(results, named, first, results.headline["group"])


def sentences(results: Results) -> list[str]:
    """What was found, in words."""
    return [line for arm, curve in curves(results).items() for line in _told(results, arm, curve)]


def _told(results: Results, arm: str, curve: Curve) -> list[str]:
    measure, path = MEASURES[results.headline["measure"]], results.asked["path"]
    low, high = (_value(results, curve.values[end]) for end in (0, -1))
    where = f"{measure.in_words.capitalize()} {in_words(results.headline['group'])}"
    pair = f"{arm} and {results.baseline}"
    if not len(curve.apart):
        return [f"{where}: the measure does not exist in both {pair}."]
    told = []
    swaps = [row for row in answers(results, curve) if row["kind"] == SWAP]
    if len(swaps) > 1:
        told.append(f"{where}: {pair} swap places {len(swaps)} times between {low} and {high} of {path}.")
    for row in swaps:
        value, first, last = (_value(results, row[name]) for name in ("value", "value_lower", "value_upper"))
        told.append(
            f"{where}: {pair} swap places at {path} {value}, 95 % interval {first} to {last}; under {arm} {row['verdict']}."
        )
    for row in answers(results, curve):
        if row["kind"] == NOT_SETTLED:
            first, last = (_value(results, row[name]) for name in ("value_lower", "value_upper"))
            told.append(
                f"{where}: from {first} to {last} of {path} it is not settled which of {pair} is {measure.less}; "
                "they may swap places there. More --replications would tell."
            )
        elif row["kind"] == SAME:
            told.append(f"{where}: {pair} are the same at every value tried from {low} to {high} of {path}.")
        elif row["kind"] == NONE:
            told.append(
                f"{where}: {pair} do not swap places between {low} and {high} of {path}: {row['verdict']} under {arm} "
                f"throughout. They come nearest at {_value(results, row['value'])}, where the difference is "
                f"{signed(row['difference'])} {unit_apart(measure.unit)} ({signed(row['lower'])} to {signed(row['upper'])})."
            )
    growing = [_value(results, at) for at in curve.values if _mark(results, arm, at)]
    if growing:
        told.append(
            f"At {path} {', '.join(growing)} a waiting list is still growing at the end: the difference there "
            "depends on how long the run is."
        )
    return told


def _value(results: Results, value: float) -> str:
    """A value of the path with its unit, to four figures."""
    unit = results.asked["unit"]
    return f"{value:.4g} {unit}".strip() if abs(value) < 1e4 else f"{number(value)} {unit}".strip()
