"""Who asks for scans: shares, rates, and an answer for every modality and priority."""

from __future__ import annotations

from typing import Any

from sim.model.demand import COMPLEXITIES, DEFAULT, PLANNED, PRIORITIES
from sim.scenario.checks.tree import Found, at, keys, maps, minutes, number, texts, unknown
from sim.scenario.faults import Path


def shares_sum_to_all(tree: dict) -> Found:
    """Priorities, weekdays and referrers of a modality's demand sum to 100 %, as do the priorities of
    each referrer."""
    for modality, demand in maps(tree, "demand"):
        path = ("demand", modality)
        yield from _sums_to_all((*path, "priority"), demand.get("priority"))
        yield from _sums_to_all((*path, "weekdays"), demand.get("weekdays"))
        for stream, answer in streams(demand):
            yield from _sums_to_all((*path, stream, "weekdays"), answer.get("weekdays"))
        referrers = dict(maps(demand, "referrers"))
        for name, referrer in referrers.items():
            yield from _sums_to_all((*path, "referrers", name, "priority"), referrer.get("priority"))
        shares = {name: referrer.get("share") for name, referrer in referrers.items()}
        yield from _sums_to_all((*path, "referrers"), shares)


def _sums_to_all(path: Path, shares: Any) -> Found:
    numbers = [number(share) for share in shares.values()] if isinstance(shares, dict) else []
    if numbers and None not in numbers and abs(sum(numbers) - 100) > 0.01:
        yield path, f"must sum to 100 %, sums to {sum(numbers):g} %"


def every_place_has_a_rate(tree: dict) -> Found:
    """`per_1000` names places that are there, and none is left without a rate."""
    for modality, demand in maps(tree, "demand"):
        path = ("demand", modality)
        yield from _rates((*path, "per_1000"), demand.get("per_1000"), keys(tree, "places"))
        for stream, answer in streams(demand):
            yield from _rates((*path, stream, "per_1000"), answer.get("per_1000"), keys(tree, "places"))


def _rates(path: Path, rates: Any, places: list[str]) -> Found:
    for name in rates if isinstance(rates, dict) else ():
        if name != DEFAULT:
            yield from unknown((*path, name), name, places)
    without = [name for name in places if name not in rates] if isinstance(rates, dict) else []
    if without and DEFAULT not in rates:
        yield path, f"no rate for {', '.join(without)}, and no `{DEFAULT}`"


def somebody_lives_there(tree: dict) -> Found:
    """The places have people: demand is shared over them by population."""
    people = [number(answer.get("population")) for _, answer in maps(tree, "places")]
    if people and all(number == 0 for number in people):
        yield ("places",), "nobody lives in any of them: demand is shared by population"


def every_modality_is_described(tree: dict) -> Found:
    """What is demanded or owned has a `scanning` answer, and a plan where plans are made."""
    owned = [answer.get("modality") for _, answer in maps(tree, "fleet")]
    planned = at(tree, "workforce", "planned_referrals")
    for modality in texts([*keys(tree, "demand"), *owned]):
        if modality not in keys(tree, "scanning"):
            yield ("scanning",), f"{modality} is missing: how is it scanned?"
        if isinstance(planned, dict) and modality not in planned:
            yield (
                ("workforce", "planned_referrals"),
                f"{modality} is missing: for how many was the plan made?",
            )


def every_priority_is_vetted(tree: dict) -> Found:
    """Each priority has a vetting time."""
    time = at(tree, "vetting", "time")
    for priority in PRIORITIES[:PLANNED] if isinstance(time, dict) else ():
        if priority not in time:
            yield ("vetting", "time"), f"{priority} is missing"


def an_opening_list_needs_no_warm_up(tree: dict) -> Found:
    """Who already waits at the start has to be counted from the start."""
    warm_up = minutes(at(tree, "calendar", "warm_up"))
    if warm_up and keys(tree, "opening_list"):
        yield ("calendar", "warm_up"), "must be 0 days where there is an `opening_list`: it takes its place"


def streams(demand: dict) -> list[tuple[str, dict]]:
    """The streams of work that are on no list: planned and unscheduled."""
    found = ((name, demand.get(name)) for name in ("planned", "unscheduled"))
    return [(name, answer) for name, answer in found if isinstance(answer, dict)]


def complexities(tree: dict, modality: str | None, stream: dict) -> tuple[str, ...]:
    """The complexities of a stream of work, what is redirected to a modality included."""
    redirected = at(tree, "vetting", "redirected_to")
    named = redirected.items() if isinstance(redirected, dict) else ()
    others = [at(tree, "demand", one, "complex") for one, other in named if other == modality]
    some = any(number(share) for share in (stream.get("complex"), *others))
    return COMPLEXITIES if some else COMPLEXITIES[:1]
