"""Every kind of referral has a scanner that takes it, and a session that is long enough."""

from __future__ import annotations

from itertools import product

from sim.model.demand import COMPLEXITIES, PLANNED, PRIORITIES
from sim.model.groups import AGES, MOBILITIES
from sim.scenario.checks.demand import complexities, streams
from sim.scenario.checks.tree import Found, at, maps, number


def everybody_may_be_scanned(tree: dict) -> Found:
    """Every kind of referral has at least one scanner that takes it, not counting those in reserve.

    A scenario without a fleet is told that alone.
    """
    if "fleet" not in tree:
        return
    for modality, demand in maps(tree, "demand"):
        working = [(n, a) for n, a in maps(tree, "fleet") if not a.get("in_reserve")]
        scanners = [name for name, answer in working if answer.get("modality") == modality]
        kinds = {priority: complexities(tree, modality, demand) for priority in PRIORITIES[:PLANNED]}
        for stream, answer in streams(demand):
            kinds["emergency" if stream == "unscheduled" else stream] = complexities(tree, None, answer)
        for priority, there in kinds.items():
            for complexity in there:
                who = {"priority": priority, "complexity": complexity}
                if not any(_takes(tree, scanner, who) for scanner in scanners):
                    message = f"no scanner takes {complexity} {priority} referrals for {modality}"
                    yield ("fleet",) if not scanners else ("eligibility",), message
                elif priority != "emergency":
                    yield from _whoever_they_are(tree, modality, demand, scanners, who)


def _whoever_they_are(tree: dict, modality: str, demand: dict, scanners: list[str], who: dict) -> Found:
    """Where it is known of people, who is old or needs help is taken too."""
    known = (("aged_65_or_over", "age", AGES), ("needing_help", "mobility", MOBILITIES))
    there = [
        [{key: value} for value in values] if demand.get(share) else [{}] for share, key, values in known
    ]
    for age, mobility in product(*there):
        if not any(_takes(tree, scanner, who | age | mobility) for scanner in scanners):
            persons = ", ".join([*age.values(), *mobility.values()])
            named = f"{who['complexity']} {who['priority']} referrals for {modality}"
            yield ("eligibility",), f"no scanner takes {named} of people who are: {persons}"
            return


def a_complex_referral_fits_into_a_session(tree: dict) -> Found:
    """Where a complex referral needs several slots, some session of a scanner that takes it has them."""
    for modality, demand in maps(tree, "demand"):
        needed = at(tree, "scanning", modality, "slots_if_complex")
        if not isinstance(needed, int) or len(complexities(tree, modality, demand)) < len(COMPLEXITIES):
            continue
        most = 0.0
        for name, scanner in maps(tree, "fleet"):
            if scanner.get("modality") == modality and _takes(
                tree, name, {"priority": PRIORITIES[0], "complexity": COMPLEXITIES[1]}
            ):
                held = [scanner, *(session for _, session in maps(scanner, "more_sessions"))]
                held = [session for session in held if not session.get("in_reserve")]
                most = max([most, *(number(session.get("slots_per_day")) or 0.0 for session in held)])
        if most < needed:
            path = ("scanning", modality, "slots_if_complex")
            yield path, f"no session has so many slots; the longest that takes complex referrals has {most:g}"


def _takes(tree: dict, scanner: str, who: dict[str, str]) -> bool:
    """Whether neither the limits of a scanner nor those of its provider keep somebody out."""
    limits = [
        at(tree, "eligibility", "takes", name) for name in (scanner, at(tree, "fleet", scanner, "provider"))
    ]
    return all(
        not isinstance(limit, dict) or not isinstance(limit.get(key), list) or value in limit[key]
        for limit in limits
        for key, value in who.items()
    )
