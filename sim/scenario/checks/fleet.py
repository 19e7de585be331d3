"""Scanners, their sessions and who holds them."""

from __future__ import annotations

from sim.provision.fleet import MOST_COPIES
from sim.scenario.checks.tree import Found, at, maps, minutes, number
from sim.scenario.copies import rounded


def scanners_can_be_counted(tree: dict) -> Found:
    """`per_million` comes to at least one scanner and not to too many; copies have names of their own."""
    populations = [number(answer.get("population")) for _, answer in maps(tree, "places")]
    people = sum(number or 0 for number in populations)
    for name, answer in maps(tree, "fleet"):
        per_million = number(answer.get("per_million"))
        copies = rounded(per_million, people) if per_million and people else 1
        if not 1 <= copies <= MOST_COPIES:
            how = f"comes to {copies:,} scanners for {people:,.0f} people"
            yield ("fleet", name, "per_million"), f"{how}; must come to 1 to {MOST_COPIES}"
        if any(answer.get(way) is not None for way in ("count", "per_million")):
            yield from _names_of_copies(tree, name, {name, answer.get("key")})


def _names_of_copies(tree: dict, several: str, names: set) -> Found:
    """Entries that are called what the scanners of an entry that stands for several are called."""
    for other, answer in maps(tree, "fleet"):
        for taken in sorted({other, str(answer.get("key", other))}) if other != several else ():
            if _is_a_copy(taken, names):
                message = f"{taken!r} is what scanners of {several!r} are called; name it otherwise"
                yield ("fleet", other), message


def _is_a_copy(text: str, names: set) -> bool:
    """Whether a name is one of several scanners' that share one of these names."""
    first, _, number = text.rpartition(" ")
    return number.isdigit() and first in names


def a_reserve_stands_beside_another(tree: dict) -> Found:
    """Where a scanner is in reserve another of its modality works from the start: whoever is sent to
    that site would otherwise wait for a decision."""
    there = [(name, s, [s.get("site"), s.get("modality")]) for name, s in maps(tree, "fleet")]
    works = [suite for _, scanner, suite in there if not scanner.get("in_reserve")]
    for name, scanner, (site, modality) in there:
        if scanner.get("in_reserve") and [site, modality] not in works:
            message = f"no other scanner for {modality} works at {site!r} from the start"
            yield ("fleet", name, "in_reserve"), message


def a_mobile_is_in_one_place(tree: dict) -> Found:
    """One vehicle visits one site a day."""
    visits: dict[tuple[str, str], str] = {}
    for name, answer in maps(tree, "fleet"):
        unit = answer.get("unit")
        more = [
            (("more_sessions", key, "days"), held.get("days")) for key, held in maps(answer, "more_sessions")
        ]
        for path, days in [(("visits",), answer.get("visits")), *more]:
            for day in days if isinstance(unit, str) and isinstance(days, list) else ():
                other = visits.setdefault((unit, str(day).lower()), name)
                if other != name:
                    message = f"{unit} is with {other!r} on {day}; it cannot be in two places"
                    yield ("fleet", name, *path), message


def bays_take_no_emergencies(tree: dict) -> Found:
    """Scanners with uptake bays have no unscheduled patients: they would need a tracer at any hour."""
    for modality, demand in maps(tree, "demand"):
        bays = at(tree, "scanning", modality, "bays")
        if bays is not None and isinstance(demand.get("unscheduled"), dict):
            yield ("demand", modality, "unscheduled"), "is not possible where `scanning` has uptake `bays`"


def a_scanner_closes_before_it_opens(tree: dict) -> Found:
    """A session, overrun included, ends on its own day."""
    for name, scanner in maps(tree, "fleet"):
        overrun = minutes(at(tree, "scanning", scanner.get("modality"), "longest_overrun"))
        more = [(("more_sessions", key), session) for key, session in maps(scanner, "more_sessions")]
        for path, session in [((), scanner), *more]:
            hours, colon, rest = str(session.get("closes")).partition(":")
            known = colon and hours.isdigit() and rest.isdigit() and overrun is not None
            if known and int(hours) * 60 + int(rest) + overrun >= 24 * 60:
                where = ("fleet", name, *path, "closes")
                yield where, "with the longest overrun it must be before midnight"


def every_crew_is_known(tree: dict) -> Found:
    """No two crews hold the sessions of one scanner. Those that no crew holds are staffed as planned."""
    crews = dict(maps(tree.get("workforce"), "crews"))
    holding: dict[str, list[str]] = {}
    for name, crew in crews.items():
        named = crew.get("providers")
        for provider in named if isinstance(named, list) else ():
            holding.setdefault(str(provider), []).append(name)
    for name, answer in maps(tree, "fleet"):
        more = [session.get("radiographers") for _, session in maps(answer, "more_sessions")]
        needed = any(number(people) for people in (answer.get("radiographers"), *more))
        theirs = holding.get(str(answer.get("provider")), [])
        if needed and len(theirs) > 1:
            path = ("fleet", name, "radiographers")
            which = f"both {' and '.join(theirs)}"
            yield path, f"{which} of `workforce.crews` hold the sessions of {answer.get('provider')!r}"


def the_clerk_can_book(tree: dict) -> Found:
    """The horizon is not before the minimum notice."""
    notice, horizon = (minutes(at(tree, "booking", key)) for key in ("minimum_notice", "horizon"))
    if notice is not None and horizon is not None and horizon < notice:
        yield ("booking", "horizon"), "must not be shorter than `minimum_notice`: nobody could be booked"
