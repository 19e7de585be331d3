"""What a capacity search can vary, in whole levels.

| written | varied |
|---|---|
| `fleet[MRI].slots_per_day` | the slots of all sessions of all MRI scanners, by one factor, in steps of 1 % |
| `fleet[MRI].sessions_per_week` | full days that MRI scanners work in a week, one more for the scanner with the fewest; beyond seven days each, on further scanners like the last |
| `fleet[MRI].scanners` | MRI scanners: more are like the last one; fewer, without the last |
| `fleet.mri_1.slots_per_day`, any path to a number | the number, in steps of 1 %; whole numbers in steps of one |

In brackets stands a modality, a provider or a site.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from sim.experiment.given import refuse
from sim.model.quantity import parted, together
from sim.model.section import WEEKDAYS
from sim.scenario.changes import changed
from sim.scenario.faults import Path, ScenarioFaults, nearest
from sim.scenario.read import Arm

PERCENT = range(10, 401)
MOST_TIMES = 4
"""A count is varied up to so many times what it is."""
SELECTED = re.compile(r"fleet\[([^\]]+)\]\.(\w+)")
LESS_IS_MORE = ("planned_load", "vacancies", "sickness")
"""Numbers that are more capacity the smaller they are."""
CHOSEN_BY = ("modality", "provider", "site")
Values = dict[Path, Any]


class Varied(NamedTuple):
    """Something with levels, the more capacity the higher, and what the scenario says at each of them.

    amount: of a level, in `unit`. written: a level in an arm's name. modality: of the scanners varied,
    None where that cannot be told.
    """

    path: str
    unit: str
    levels: range
    present: int
    values: Callable[[int], Values]
    amount: Callable[[int], float]
    written: Callable[[int], str]
    modality: str | None


def check_vary(arms: list[Arm], vary: str) -> None:
    """Refuse what no arm has. Raises `ScenarioFaults` with the nearest there is."""
    option = f"--vary {vary}"
    selected = SELECTED.fullmatch(vary.strip())
    if selected:
        known = sorted({scanner[key] for arm in arms for scanner in fleet(arm).values() for key in CHOSEN_BY})
        if selected[2] not in KINDS:
            raise refuse(option, f"scanners have no {selected[2]!r} to vary{nearest(selected[2], KINDS)}")
        if not any(chosen(arm, selected[1]) for arm in arms):
            raise refuse(option, f"no scanner of {selected[1]!r}{nearest(selected[1], known)}")
    elif not any(number_at(arm, vary) for arm in arms):
        paths = sorted({path for arm in arms for path in numbers(arm.document.tree)})
        hint = nearest(vary, paths).split(" (legal")[0]
        raise refuse(
            option,
            f"is no number of any of the scenarios{hint}; all MRI scanners together are fleet[MRI].slots_per_day",
        )


def varied(arm: Arm, vary: str) -> Varied | None:
    """What is varied in an arm; None where the arm does not have it."""
    selected = SELECTED.fullmatch(vary.strip())
    if selected is None:
        return varied_number(arm, vary.strip())
    names = chosen(arm, selected[1])
    return KINDS[selected[2]](arm, vary.strip(), names) if names else None


def fleet(arm: Arm) -> dict[str, dict[str, Any]]:
    """The scanners as the scenario says them."""
    return arm.document.tree["fleet"]


def chosen(arm: Arm, word: str) -> list[str]:
    """The scanners of a modality, a provider or a site."""
    return [
        name
        for name, scanner in fleet(arm).items()
        if word.strip().lower() in (scanner[key].lower() for key in CHOSEN_BY)
    ]


def modality_of(arm: Arm, names: list[str]) -> str | None:
    """The one modality of some scanners."""
    found = {fleet(arm)[name]["modality"] for name in names}
    return found.pop() if len(found) == 1 else None


# ---- slots of all sessions


def varied_slots(arm: Arm, path: str, names: list[str]) -> Varied:
    """Slots of all sessions of some scanners, by one factor."""
    held = [slots for name in names for slots in sessions_of(arm, name)]
    a_week = sum(number_of(slots) * days * copies(arm, where[1]) for where, slots, days in held)

    def values(level: int) -> Values:
        """Every session's slots."""
        return {where: scaled(slots, level) for where, slots, _ in held}

    return Varied(
        path,
        "slots a week",
        PERCENT,
        100,
        values,
        lambda level: a_week * level / 100,
        lambda level: f"{level}%",
        modality_of(arm, names),
    )


def sessions_of(arm: Arm, name: str) -> list[tuple[Path, Any, int]]:
    """(path of the slots, slots as written, days a week) of a scanner's sessions."""
    scanner = fleet(arm)[name]
    more = scanner.get("more_sessions", {}).items()
    own = (("fleet", name, "slots_per_day"), scanner["slots_per_day"], len(days_of(scanner)))
    return [
        own,
        *(
            (("fleet", name, "more_sessions", key, "slots_per_day"), one["slots_per_day"], len(one["days"]))
            for key, one in more
        ),
    ]


def days_of(scanner: dict[str, Any]) -> list[str]:
    """The weekdays of a scanner's full days."""
    return scanner[days_key(scanner)]


def days_key(scanner: dict[str, Any]) -> str:
    """The key under which a scanner's weekdays stand."""
    return "days" if scanner["kind"] == "fixed" else "visits"


# ---- full days a week


def varied_sessions(arm: Arm, path: str, names: list[str]) -> Varied:
    """Full days a week of some scanners together."""
    equal = {name: copies(arm, name) for name in names}
    held = {name: [day.lower() for day in days_of(fleet(arm)[name])] for name in names}

    scanners = sum(equal.values())
    most = 7 * scanners

    def values(level: int) -> Values:
        """The weekdays of every scanner; what does not fit into their weeks is held on further ones."""
        days = with_days(held, equal, min(level, most))
        kinds = {name: days_key(fleet(arm)[name]) for name in names}
        own = {("fleet", name, kinds[name]): days[name] for name in names}
        return own | further(arm, names[-1], level - most) if level > most else own

    def amount(level: int) -> int:
        """Days of all scanners; equal ones work the same days."""
        return in_all(with_days(held, equal, min(level, most)), equal) + max(0, level - most)

    present, modality = in_all(held, equal), modality_of(arm, names)
    levels = range(scanners, max(MOST_TIMES * present, most) + 1)
    return Varied(
        path, "sessions a week", levels, present, values, amount, lambda level: str(amount(level)), modality
    )


def further(arm: Arm, name: str, days: int) -> Values:
    """Scanners like one of the fleet, for so many full days a week; who it takes, they take."""
    gone = ("count", "per_million", "key", "unit")
    like = {key: value for key, value in fleet(arm)[name].items() if key not in gone}
    limit = arm.document.tree["eligibility"].get("takes", {}).get(name)
    whole, rest = divmod(days, len(WEEKDAYS))
    found: Values = {}
    for new, week, count in ((f"{name} more", WEEKDAYS, whole), (f"{name} part-time", WEEKDAYS[:rest], 1)):
        if count and week:
            found[("fleet", new)] = like | {days_key(like): list(week), "count": count}
            found |= {("eligibility", "takes", new): limit} if limit else {}
    return found


def with_days(days: dict[str, list[str]], equal: dict[str, int], level: int) -> dict[str, list[str]]:
    """The fewest days that are at least so many in all, one step after the other: one more for the scanner
    with the fewest, its first weekday without; one fewer from the scanner with the most, its last.

    equal: how many scanners work the same days, by name.
    """
    days = {name: [day for day in WEEKDAYS if day in theirs] for name, theirs in days.items()}
    while in_all(days, equal) < level:
        name = min(days, key=lambda name: len(days[name]))
        free = next(day for day in WEEKDAYS if day not in days[name])
        days[name] = [day for day in WEEKDAYS if day in (*days[name], free)]
    while True:
        name = max(days, key=lambda name: len(days[name]))
        if in_all(days, equal) - equal[name] < level:
            return days
        days[name] = days[name][:-1]


def in_all(days: dict[str, list[str]], equal: dict[str, int]) -> int:
    """Days of all scanners."""
    return sum(len(theirs) * equal[name] for name, theirs in days.items())


# ---- scanners


def varied_scanners(arm: Arm, path: str, names: list[str]) -> Varied:
    """So many scanners: the last entry of the fleet stands for more or fewer equal ones."""
    present = sum(copies(arm, name) for name in names)

    def values(level: int) -> Values:
        """How many each entry stands for, or that it goes."""
        found, left = {}, level
        for name in names:
            count = left if name == names[-1] else min(left, copies(arm, name))
            found |= set_count(name, count) if count != copies(arm, name) else {}
            left -= count
        return found

    levels = range(1, max(MOST_TIMES * present, 8) + 1)
    return counted(arm, path, names, "scanners", levels, present, values)


def set_count(name: str, count: int) -> Values:
    """An entry that stands for so many scanners; none for none."""
    if not count:
        return {("fleet", name): None}
    return {("fleet", name, "per_million"): None, ("fleet", name, "count"): count}


def copies(arm: Arm, name: str) -> int:
    """How many equal scanners an entry of the fleet stands for."""
    made = (scanner.rpartition(" ") for scanner in arm.scenario.fleet if scanner not in fleet(arm))
    return sum(entry == name and number.isdigit() for entry, _, number in made) or 1


def counted(arm: Arm, path: str, names: list[str], unit: str, levels: range, present: int, values) -> Varied:
    """Something that is counted: its level is its amount."""
    return Varied(path, unit, levels, present, values, float, str, modality_of(arm, names))


KINDS = {"slots_per_day": varied_slots, "sessions_per_week": varied_sessions, "scanners": varied_scanners}


# ---- any number


def varied_number(arm: Arm, path: str) -> Varied | None:
    """A number of the scenario; None where there is none at the path."""
    found = number_at(arm, path)
    if found is None:
        return None
    where = tuple(path.split("."))
    names = [where[1]] if where[0] == "fleet" else list(fleet(arm))
    present = number_of(found)
    if is_whole(arm, where, found):
        levels = range(1, MOST_TIMES * round(present) + 1)
        return counted(arm, path, names, "", levels, round(present), lambda level: {where: level})

    def percent(level: int) -> float:
        """Of the present number; a load that is planned is the less, the more is staffed for it."""
        return 10_000 / level if where[-1] in LESS_IS_MORE else level

    return Varied(
        path,
        unit_of(found),
        PERCENT,
        100,
        lambda level: {where: scaled(found, percent(level))},
        lambda level: present * percent(level) / 100,
        lambda level: scaled(found, percent(level)),
        modality_of(arm, names),
    )


def is_whole(arm: Arm, where: Path, found: Any) -> bool:
    """Whether the schema takes only whole numbers there."""
    try:
        changed(arm, arm.name, {where: found + 0.5 if isinstance(found, int) else found})
    except ScenarioFaults:
        return True
    return False


def number_at(arm: Arm, path: str) -> Any:
    """The positive number at a path, as written; None where there is none."""
    below: Any = arm.document.tree
    for step in path.strip().split("."):
        below = below.get(step) if isinstance(below, dict) else None
    return below if (number_of(below) or 0) > 0 else None


def numbers(tree: Any, path: str = "") -> list[str]:
    """Dotted paths of all numbers."""
    if isinstance(tree, dict) and "value" not in tree:
        return [found for key, value in tree.items() for found in numbers(value, f"{path}.{key}".lstrip("."))]
    return [path] if number_of(tree) is not None else []


def number_of(written: Any) -> float | None:
    """The number of a value, short or long; None where it is none."""
    found = apart(written)
    return found[0] if found else None


def unit_of(written: Any) -> str:
    """Its unit."""
    return apart(written)[1]


def scaled(written: Any, percent: float) -> str:
    """A value times so many percent, as a scenario file writes it."""
    number, unit = apart(written)
    return together(f"{number * percent / 100:.6g}", unit)


def apart(written: Any) -> tuple[float, str] | None:
    """A value's number and unit; None where it is no number. 08:00 is a time of day."""
    text = written.get("value") if isinstance(written, dict) else written
    found = parted(text) if isinstance(text, (str, int, float)) else None
    return None if found and found[1].startswith(":") else found
