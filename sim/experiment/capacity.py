"""Capacity needed: the least that meets a target in four of five replications.

What is varied has levels in whole steps. From the present level the search doubles or halves until the
target is met on one side and missed on the other, and then halves the distance; every level meets the
same patients. Shares met, means and their intervals are worked out from the results folder
(`analysis.capacity`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from sim.experiment.given import refuse
from sim.experiment.trials import Outcomes
from sim.experiment.varied import Varied, check_vary, varied
from sim.model.calendar import days_of
from sim.results.columns import DM01_BANDS, MEASURES
from sim.scenario.changes import changed
from sim.scenario.faults import ScenarioFaults, nearest
from sim.scenario.read import Arm

ENOUGH = 0.8
"""Share of replications in which the target has to be met."""
TARGET = re.compile(
    r"\s*(\w+)\s*(<=|>=)\s*(-?[0-9][0-9,]*\.?[0-9]*)\s*((?:(?!\bby\b).)*?)\s*(?:\bby\s+(\d{4}-\d{2}))?\s*"
)
AT_MONTH_ENDS = ("list_size", "over_6_weeks_percent", "over_13_weeks_percent", "weeks_to_clear")
"""Measures that exist at a single month end."""


class Target(NamedTuple):
    """A measure of a group at or below, or at or above, a number; at a month's end or over the period."""

    measure: str
    group: str
    relation: str
    number: float
    month: str | None

    def is_met(self, value: float) -> bool:
        """Whether a replication meets it; nobody waiting over six weeks is met by an empty list."""
        return value <= self.number if self.relation == "<=" else value >= self.number


class Capacity:
    """Looks for the least capacity of every arm that has what is varied. Raises `ScenarioFaults`."""

    def __init__(self, arms: list[Arm], target: str, vary: str) -> None:
        check_vary(arms, vary)
        self.varied = {arm.name: found for arm in arms if (found := varied(arm, vary)) is not None}
        self.arms = [arm for arm in arms if arm.name in self.varied]
        modality = next(iter(self.varied.values())).modality
        self.target = target_of(target, arms[-1], modality)
        self.asked = {"option": "target", "vary": vary, "enough": ENOUGH, **self.target._asdict()}

    def read(self, values: dict[tuple[str, str], float], census: Callable[[], list[dict]]) -> float:
        """The measure of the target in one replication."""
        if self.target.month is None:
            return values.get((self.target.measure, self.target.group), float("nan"))
        return at_month_end(self.target.measure, self.target.month, self.target.group, census())

    def run(self, outcomes: Outcomes) -> dict[str, Any]:
        """Find the least level of each arm; returns every level tried."""
        return {"searches": [self._search(arm, outcomes) for arm in self.arms]}

    def _search(self, arm: Arm, outcomes: Outcomes) -> dict[str, Any]:
        what = self.varied[arm.name]
        names: dict[int, str] = {}

        def is_enough(level: int) -> bool:
            """Whether the target is met in enough replications."""
            made = at_level(arm, what, level)
            names[level] = made.name
            (found,) = outcomes([made]).values()
            return sum(map(self.target.is_met, found.tolist())) >= ENOUGH * len(found)

        search(is_enough, legal_levels(arm, what), what.present)
        tried = [[what.amount(level), name] for level, name in sorted(names.items())]
        present = what.amount(what.present)
        return {
            "scenario": arm.name,
            "unit": what.unit,
            "present": present,
            "levels": tried,
        }


def at_level(arm: Arm, what: Varied, level: int) -> Arm:
    """The arm with a level of what is varied. Raises `ScenarioFaults` where that is no scenario."""
    if level == what.present:
        return arm
    return changed(arm, f"{arm.name},{what.path}={what.written(level)}", what.values(level))


def legal_levels(arm: Arm, what: Varied) -> range:
    """The levels around the present one at which the arm is a scenario."""

    def is_legal(level: int) -> bool:
        """Whether the arm can have it."""
        try:
            at_level(arm, what, level)
        except ScenarioFaults:
            return False
        return True

    ends = []
    for end in (what.levels[0], what.levels[-1]):
        good, bad = what.present, end
        if is_legal(end):
            good = bad
        while abs(good - bad) > 1:
            middle = (good + bad) // 2
            good, bad = (middle, bad) if is_legal(middle) else (good, middle)
        ends.append(good)
    return range(ends[0], ends[1] + 1)


def search(is_enough: Callable[[int], bool], levels: range, present: int) -> None:
    """Look at levels until the least that is enough stands beside one that is not, or at an end."""
    low, high, level = levels[0] - 1, levels[-1] + 1, present
    while high - low > 1:
        if is_enough(level):
            high = level
        else:
            low = level
        if low < levels[0]:
            level = max(high // 2, levels[0])
        elif high > levels[-1]:
            level = min(2 * low, levels[-1])
        else:
            level = (low + high) // 2


def target_of(text: str, arm: Arm, modality: str | None) -> Target:
    """A target as it was typed. Raises `ScenarioFaults`."""
    option = f'--target "{text}"'
    match = TARGET.fullmatch(text)
    if not match:
        message = 'must be a measure, <= or >=, a number and perhaps a month, such as "over_6_weeks_percent <= 1 by 2028-03"'
        raise refuse(option, message)
    measure, relation, number, unit, month = match.groups()
    if measure not in MEASURES:
        raise refuse(option, f"no measure {measure!r}{nearest(measure, MEASURES)}")
    if unit not in ("", MEASURES[measure].unit):
        raise refuse(option, f"{measure} is a number of {MEASURES[measure].unit}, got {number} {unit}")
    target = Target(measure, group_of(arm, modality, month), relation, float(number.replace(",", "")), month)
    if month is not None:
        check_month(option, target, arm)
    return target


def group_of(arm: Arm, modality: str | None, month: str | None) -> str:
    """Whom the target is about: the headline's group; for a list at a month's end its modality."""
    headline = arm.scenario.headline
    if modality is None or len(arm.scenario.demand) == 1:
        return "all" if month is not None else headline.group
    named = headline.group.startswith(f"modality={modality}") and month is None
    return headline.group if named else f"modality={modality}"


def check_month(option: str, target: Target, arm: Arm) -> None:
    """Refuse a month that is not measured, or a measure that a month end does not have."""
    if target.measure not in AT_MONTH_ENDS:
        message = f"`by` takes a measure of the list at a month's end ({', '.join(AT_MONTH_ENDS)}); without it, {target.measure} is over the whole period"
        raise refuse(option, message)
    days = days_of(arm.scenario.calendar)
    ends = [days.start + datetime.timedelta(days=end - 1) for end in days.months if end > days.window[0]]
    months = [f"{end:%Y-%m}" for end in ends]
    if target.month not in months:
        message = f"{target.month} is not among the months measured, {months[0]} to {months[-1]}; --years moves their end"
        raise refuse(option, message)


def at_month_end(measure: str, month: str, group: str, census: list[dict]) -> float:
    """A measure of the list at a month's last midnight; the share of an empty list is 0."""
    modality = group.removeprefix("modality=") if group != "all" else None
    rows = [
        row
        for row in census
        if row["Period"].startswith(month) and modality in (None, row["Diagnostic Tests"])
    ]
    size = sum(row["Total WL"] for row in rows)
    if measure == "list_size":
        return float(size)
    if measure == "weeks_to_clear":
        days = int(rows[0]["Period"][-2:])
        scans = sum(row["Waiting List Activity"] for row in rows)
        return size / (scans / days * 7) if scans else float("inf") if size else 0.0
    first = {"over_6_weeks_percent": 6, "over_13_weeks_percent": 13}[measure]
    long = sum(row[band] for row in rows for band in DM01_BANDS[first:])
    return 100 * long / size if size else 0.0
