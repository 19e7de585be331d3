"""What the scenario and the page of a provider or a network are told, and how the templates are filled in."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.scenario.dm01 import month_after
from sim.scenario.document import FORBIDDEN_IN_NAMES
from sim.scenario.network import reports
from sim.scenario.trust import (
    LEAST_LOST,
    LEAST_MISSED,
    LOST,
    MISSED,
    MOST_LOST,
    MOST_MISSED,
    RATES,
    URGENT_SHARES,
    TestNumbers,
)

TEMPLATES = Path(__file__).with_name("templates")
NOWHERE = (52.5, -1.5)
"""Middle of England: where a provider stands whose position was not given."""
REPORTING_LOAD = 0.9
POORLY = "so it explains these lists poorly."
"""The end of a verdict that is said on the screen too."""
SOURCED_COUCH_TIMES = ("MRI", "CT", "NOUS")


def told_of(options: argparse.Namespace, typed: str, code: str, numbers: list[TestNumbers]) -> dict[str, Any]:
    """What the two templates are filled with."""
    return {
        "provider": options.title,
        "code": code,
        **reports(reports_a_day(numbers)),
        "tests": [told_of_test(n, options.urgent is not None) for n in numbers],
        **told_of_start(options, typed, numbers[0]),
        **told_of_place(options),
    }


def reports_a_day(numbers: Sequence[TestNumbers]) -> float:
    """What the readers of all tests can do a day: the year's tests are a part of it."""
    tests = sum(n.done + n.planned + n.unscheduled for n in numbers)
    return tests / (numbers[0].open_days * REPORTING_LOAD)


def told_of_start(options: argparse.Namespace, typed: str, first: TestNumbers) -> dict[str, Any]:
    """What is told of one trust as of several. first: any of the tests, for its months."""
    return {
        "name": options.name,
        "command": typed,
        "remark": options.remark,
        "schema": "../schema.json",
        "first": first.before[0].month,
        "opening": options.start,
        "start": f"{month_after(options.start)}-01",
        "horizon": options.horizon,
        "missed": f"{100 * MISSED:g}",
        "least_missed": f"{100 * LEAST_MISSED:g}",
        "most_missed": f"{100 * MOST_MISSED:g}",
        "lost": f"{100 * LOST:g}",
        "most_lost": f"{100 * MOST_LOST:g}",
    }


def told_of_place(options: argparse.Namespace) -> dict[str, str]:
    """Place and site, in the long form of scenario files."""
    plain = re.sub(f"[{re.escape(FORBIDDEN_IN_NAMES)}]", "", options.title)
    told = {"place": options.place or f"{plain} catchment", "site": (options.sites or [plain])[0]}
    for number, key in enumerate(("latitude", "longitude")):
        given = getattr(options, key)
        if given is None:
            why = 'assumption: "not given, and with one place no journey depends on it", range: '
            span = ("[49.9 degrees, 55.8 degrees]", "[-6.4 degrees, 1.8 degrees]")[number]
            told[key] = f"{{value: {NOWHERE[number]} degrees, {why}{span}}}"
        elif options.position_source:
            told[key] = f"{{value: {given} degrees, source: {options.position_source}}}"
        else:
            span = f"[{given - 0.2:.6g} degrees, {given + 0.2:.6g} degrees]"
            told[key] = (
                f'{{value: {given} degrees, assumption: "as given when the file was made", range: {span}}}'
            )
    people = options.population or 500_000
    car = 23.5 if options.without_car is None else options.without_car
    if options.census and options.population and options.without_car is not None:
        note = options.census.replace('"', "'")
        told["population"] = f'{{value: {people} people, source: census-2021-population, note: "{note}"}}'
        told["without_car"] = f"{{value: {car:g} %, source: census-2021-cars}}"
    else:
        why = "with one place it changes no wait"
        told["population"] = (
            f'{{value: {people} people, assumption: "{why}", range: [{people // 2} people, {people * 2} people]}}'
        )
        told["without_car"] = (
            f'{{value: {car:g} %, assumption: "England has 23.5 % (census-2021-cars)", range: [{min(car, 5):g} %, {max(car, 45):g} %]}}'
        )
    return told


def told_of_test(n: TestNumbers, urgent_given: bool) -> dict[str, Any]:
    """One test's numbers as the templates use them: those of `TestNumbers`, and some as text."""
    least, most = n.slots_a_day(LEAST_MISSED, LEAST_LOST), n.slots_a_day(MOST_MISSED, MOST_LOST)
    half = 50 * n.urgent
    slots_why = (
        f"{n.done + n.planned:,} tests in {n.open_days} days, {100 * MISSED:g} % of slots missed and "
        f"{100 * LOST:g} % lost, over {n.scanners} scanner{'s' * (n.scanners > 1)}"
    )
    named = (
        "modality",
        "opening",
        "done",
        "planned",
        "unscheduled",
        "per_year",
        "scanners",
        "on_call",
        "fit",
        "before",
        "after",
    )
    return {name: getattr(n, name) for name in named} | {
        "key": n.modality.lower(),
        "grew": f"{'grew' if n.growth >= 0 else 'shrank'} by {abs(n.growth):,}",
        "urgent_percent": f"{2 * half:g}",
        "suspected": f"{half:g}",
        "other_urgent": f"{half:g}",
        "routine": f"{100 - 2 * half:g}",
        "urgent_why": urgent_why(n, urgent_given, "the list"),
        "couch_time": couch_time(n.test),
        "slots": f"{n.slots_a_day() / n.scanners:.2f}",
        "least_slots": f"{least / n.scanners:.2f}",
        "most_slots": f"{most / n.scanners:.2f}",
        "slots_why": slots_why,
        "verdict": verdict(n),
    }  # fmt: skip


def urgent_why(n: TestNumbers, given: bool, what: str) -> str:
    """Why so many are taken to be urgent. what: the list or lists that were fitted."""
    *others, last = (f"{100 * share:g}" for share in URGENT_SHARES)
    fits = f"of {', '.join(others)} and {last} % urgent in all, {100 * n.urgent:g} % fits {what} best"
    return (
        f"not published; {'as given when the file was made' if given else fits}; half of it suspected cancer"
    )


def couch_time(test: str) -> str:
    """Minutes a scan in the long form, from the guidance's scans an hour."""
    rate = RATES[test]
    span = f"[{60 / rate.most:g} minutes, {60 / rate.least:g} minutes]"
    if test in SOURCED_COUCH_TIMES:
        note = f"{rate.usual:g} scans an hour in use for patients; cleaning and breaks are apart"
        return f'{{value: {rate.minutes:.1f} minutes, source: scans-an-hour-2026, range: {span}, note: "{note}"}}'
    return f'{{value: {rate.minutes:.1f} minutes, assumption: "no figure seen", range: {span}}}'


def verdict(n: TestNumbers) -> str:
    """In words: whether the hazard predicts better than nothing changing."""
    ours, plain = n.fit.errors, n.fit.nothing_changes
    words = f"{n.modality}: a month ahead the hazard misses the share over six weeks by {ours.over_6:.1f} points, no change by {plain.over_6:.1f}"
    if ours.bands < plain.bands:
        return f"{words}; over all bands it comes nearer than no change."
    return f"{words}; over all bands it comes less near than no change, {POORLY}"


def short_name(name: str) -> str:
    """A provider's name as people say it: no `NHS Foundation Trust`, no capitals throughout."""
    name = name.title() if name.isupper() else name
    name = re.sub(r"\s+NHS (Foundation )?Trust$|^The\s+", "", name, flags=re.IGNORECASE)
    return re.sub(r"\b(Of|And|The|For)\b", lambda word: word[0].lower(), name).strip()


def slug(name: str) -> str:
    """A name for a file: `university_hospitals_of_north_midlands`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "provider"


def rendered(template: str, told: dict[str, Any]) -> str:
    """A template filled in."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=False)
    made.filters |= {
        "one": lambda number: f"{number:.1f}",
        "two": lambda number: f"{number:.2f}",
        "whole": lambda number: f"{number:,}",
        "weight": lambda number: f"{number:.3g}" if number >= 1e-4 else f"{number:.6f}",
        "named": named_in_yaml,
    }
    return made.get_template(template).render(told).rstrip() + "\n"


def named_in_yaml(name: str) -> str:
    """A name that YAML reads as text: in quotes where it has to be."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9 '&()/-]*", name) and name.lower() not in (
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
    ):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
