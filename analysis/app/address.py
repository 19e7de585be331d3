"""What the page shows as parameters of its address, and back: a setting can be shared as a link.

A stranger may have written the address: only scenarios that are offered, settings that can be moved and
values within their ends are taken; of everything else one sentence says what is wrong.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.app.catalogue import FIRST, comparable, offered
from analysis.app.live import MOST_REPLICATIONS
from analysis.app.settings import Setting
from sim.results.columns import MEASURES

ALONE = "none"
"""Written as the baseline of a scenario that is told alone."""
MOST_CHANGES = 50
LONGEST = 200
"""Letters of one parameter."""
MOST_SEED = 2**31
GROUP = re.compile(r"all|[\w -]+=[^=;]+(;[\w -]+=[^=;]+){0,2}")
Parameters = dict[str, list[str]]


@dataclass
class Shown:
    """What the page shows.

    baseline: None where the scenario is told alone. replications, measure, group: None as the scenario says.
    changes: written values by setting.
    """

    scenario: str = FIRST
    baseline: str | None = None
    seed: int = 1
    replications: int | None = None
    measure: str | None = None
    group: str | None = None
    view: str = ""
    changes: dict[str, str] = field(default_factory=dict)


class Reading(NamedTuple):
    """An address as it was understood, and a sentence for each part that was not."""

    shown: Shown
    wrong: list[str]


def usual(scenario: str) -> Shown:
    """A scenario as it stands, against the one that it compares with."""
    return Shown(scenario, offered()[scenario].compare_with)


def parameters(shown: Shown) -> Parameters:
    """The address parameters; what is usual is left out."""
    plain = usual(shown.scenario)
    found: Parameters = {"scenario": [shown.scenario]}
    if shown.baseline != plain.baseline:
        found["baseline"] = [shown.baseline or ALONE]
    for name in ("seed", "replications", "measure", "group", "view"):
        if (value := getattr(shown, name)) != getattr(plain, name):
            found[name] = [str(value)]
    if shown.changes:
        found["set"] = [f"{path}={value}" for path, value in shown.changes.items()]
    return found


def read(given: Parameters) -> Reading:
    """What an address asks for; changes are checked afterwards, with `checked`, once the arms are known."""
    wrong: list[str] = []
    names = {"scenario", "baseline", "seed", "replications", "measure", "group", "view", "set"}
    wrong += [f"The address has a parameter {shorten(name)} that this page does not know." for name in given if name not in names]  # fmt: skip
    one = {name: values[-1] for name, values in given.items() if name in names and values}
    scenario = one.get("scenario", FIRST)
    if scenario not in offered():
        wrong.append(
            f"There is no scenario {shorten(scenario)}; the page shows {FIRST}. The list below names all."
        )
        scenario, one = FIRST, {}
    shown = usual(scenario)
    shown.baseline = _baseline(one, shown, wrong)
    shown.seed = _whole(one, "seed", 0, MOST_SEED, shown.seed, wrong)
    shown.replications = _whole(one, "replications", 2, MOST_REPLICATIONS, None, wrong)
    shown.view = one.get("view", "")[:LONGEST]
    if (measure := one.get("measure")) is not None:
        if measure in MEASURES:
            shown.measure = measure
        else:
            wrong.append(f"There is no measure {shorten(measure)}.")
    if (group := one.get("group")) is not None:
        if len(group) <= LONGEST and GROUP.fullmatch(group):
            shown.group = group
        else:
            wrong.append(f"{shorten(group)} is no group; a group is all, or such as place=Swindon.")
    if given.get("set") and scenario == one.get("scenario", FIRST):
        shown.changes = dict(_changes(given["set"], wrong))
    return Reading(shown, wrong)


def _baseline(one: dict[str, str], shown: Shown, wrong: list[str]) -> str | None:
    asked = one.get("baseline")
    if asked is None or asked == ALONE:
        return shown.baseline if asked is None else None
    if asked in comparable(shown.scenario):
        return asked
    legal = ", ".join([ALONE, *comparable(shown.scenario)])
    wrong.append(f"{shown.scenario} cannot be compared with {shorten(asked)}; it can with {legal}.")
    return shown.baseline


def _whole(one: dict[str, str], name: str, least: int, most: int, usual: int | None, wrong: list[str]):
    text = one.get(name)
    if text is None:
        return usual
    if text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most:
        return int(text)
    wrong.append(
        f"{name} must be a whole number from {least} to {most}, and the address says {shorten(text)}."
    )
    return usual


def _changes(given: list[str], wrong: list[str]) -> Iterator[tuple[str, str]]:
    if len(given) > MOST_CHANGES:
        wrong.append(f"The address changes {len(given)} settings; the page takes the first {MOST_CHANGES}.")
    for text in given[:MOST_CHANGES]:
        path, equals, value = text.partition("=")
        if equals and path.strip() and len(text) <= LONGEST:
            yield path.strip(), value.strip()
        else:
            wrong.append(f"{shorten(text)} must be path=value, such as workforce.planned_load=80 %.")


def checked(changes: dict[str, str], known: dict[str, Setting]) -> tuple[dict[str, str], list[str]]:
    """The changes that can be made, as scenario files write them, and what is wrong with the others."""
    fine, wrong = {}, []
    for path, text in changes.items():
        try:
            if path not in known:
                raise ValueError(f"{shorten(path)} is nothing that can be moved in these scenarios")
            fine[path] = known[path].written(known[path].read(text))
        except ValueError as refused:
            wrong.append(f"{refused}; the address says {shorten(text)}, which is left out.")
    return fine, wrong


def shorten(text: str) -> str:
    """A stranger's text, safe to repeat: without markup, on one line, and not long."""
    plain = " ".join(re.sub(r"[^\w .,:;=%£\[\]/+-]", " ", text).split())
    return repr(html.escape(plain[:60] + ("…" if len(plain) > 60 else "")))
