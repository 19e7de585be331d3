"""Checks that need more than one section. They read the merged tree, so all faults come at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

from sim.model.demand import COMPLEXITIES, DEFAULT, PLANNED, PRIORITIES
from sim.model.groups import AGES, MOBILITIES
from sim.model.quantity import WRITTEN
from sim.provision.fleet import MOST_COPIES
from sim.results.columns import MEASURES
from sim.scenario.copies import rounded
from sim.scenario.document import Document
from sim.scenario.faults import Fault, Path, in_dots, nearest
from sim.scenario.names import names_are_somebodys

Found = Iterator[tuple[Path, str]]
"""(path, message) of each fault."""

MOST_KEYS_IN_A_GROUP = 3
GROUP_KEYS = (
    "modality", "priority", "place", "provider", "site", "car", "outcome", "use", "between", "request", "mechanism"
)  # fmt: skip


def check(document: Document, sources: dict[str, Any], beside: Callable[[str], bool]) -> list[Fault]:
    """Every fault that is found between sections. beside: whether a scenario beside this one has a name."""
    tree = document.tree
    found = [fault for rule in RULES for fault in rule(tree)]
    found += names_are_somebodys(tree, beside)
    found += unknown_sources(tree, sources)
    return [Fault(document.position(path), in_dots(path), message) for path, message in found]


def names_exist(tree: dict) -> Found:
    """A site's place, a scanner's site and the like must exist; no place is called what stands for all."""
    if DEFAULT in _keys(tree, "places"):
        yield ("places", DEFAULT), f"`{DEFAULT}` stands for all places that are not named; name it otherwise"
    for site, answer in _maps(tree, "sites"):
        yield from _unknown(("sites", site, "place"), answer.get("place"), _keys(tree, "places"))
    for scanner, answer in _maps(tree, "fleet"):
        yield from _unknown(("fleet", scanner, "site"), answer.get("site"), _keys(tree, "sites"))
    for name, answer in _maps(tree, "opening_list"):
        path, wanted = ("opening_list", name), _keys(tree, "demand")
        yield from _unknown((*path, "place"), answer.get("place"), _keys(tree, "places"))
        yield from _unknown((*path, "modality"), answer.get("modality"), wanted)
    redirected = _at(tree, "vetting", "redirected_to")
    for one, other in redirected.items() if isinstance(redirected, dict) else ():
        yield from _unknown(("vetting", "redirected_to", one), other, _keys(tree, "demand"))
    car_minutes = _at(tree, "travel", "car_minutes")
    for one, others in car_minutes.items() if isinstance(car_minutes, dict) else ():
        yield from _unknown(("travel", "car_minutes", one), one, _keys(tree, "places"))
        for other in others if isinstance(others, dict) else ():
            yield from _unknown(("travel", "car_minutes", one, other), other, _keys(tree, "places"))


def every_scan_is_reported(tree: dict) -> Found:
    """Each scan has one reader: shares of a provider's scans sum to 100 %, or one pool takes the rest."""
    for provider, modality in _made(tree):
        rest, shares = _readers(tree, provider, modality)
        what, last = f"the {modality} of {provider!r}", next(reversed(shares), None)
        total = sum(shares.values())
        if len(rest) > 1:
            yield ("reporting",), f"both {' and '.join(rest)} report {what}"
        elif not rest and not shares:
            yield ("reporting",), f"no pool reports {what}"
        elif total > 100.01:
            yield ("reporting", last, "takes", provider), f"shares of {what} sum to {total:g} %, over 100 %"
        elif not rest and total < 99.99:
            message = f"shares of {what} sum to {total:g} %, and no pool has it in `reports_for` for the rest"
            yield ("reporting", last, "takes", provider), message


def every_report_takes_time(tree: dict) -> Found:
    """A pool says for each modality that it is sent how long a report takes."""
    for name, pool in _maps(tree, "reporting"):
        known = pool.get("report_time")
        sent = {made[1] for made in _made(tree) if any(name in some for some in _readers(tree, *made))}
        for modality in sorted(sent) if pool.get("reports_per_day") is None else ():
            if not isinstance(known, dict) or modality not in known:
                message = (
                    f"how long does a report of {modality} take? `reports_per_day` or `report_time` must say"
                )
                yield ("reporting", name), message


def shares_sum_to_all(tree: dict) -> Found:
    """Priorities, weekdays and referrers of a modality's demand sum to 100 %, as do the priorities of
    each referrer."""
    for modality, demand in _maps(tree, "demand"):
        path = ("demand", modality)
        yield from _sums_to_all((*path, "priority"), demand.get("priority"))
        yield from _sums_to_all((*path, "weekdays"), demand.get("weekdays"))
        for stream, answer in _streams(demand):
            yield from _sums_to_all((*path, stream, "weekdays"), answer.get("weekdays"))
        referrers = dict(_maps(demand, "referrers"))
        for name, referrer in referrers.items():
            yield from _sums_to_all((*path, "referrers", name, "priority"), referrer.get("priority"))
        shares = {name: referrer.get("share") for name, referrer in referrers.items()}
        yield from _sums_to_all((*path, "referrers"), shares)


def _sums_to_all(path: Path, shares: Any) -> Found:
    numbers = [_number(share) for share in shares.values()] if isinstance(shares, dict) else []
    if numbers and None not in numbers and abs(sum(numbers) - 100) > 0.01:
        yield path, f"must sum to 100 %, sums to {sum(numbers):g} %"


def every_place_has_a_rate(tree: dict) -> Found:
    """`per_1000` names places that are there, and none is left without a rate."""
    for modality, demand in _maps(tree, "demand"):
        path = ("demand", modality)
        yield from _rates((*path, "per_1000"), demand.get("per_1000"), _keys(tree, "places"))
        for stream, answer in _streams(demand):
            yield from _rates((*path, stream, "per_1000"), answer.get("per_1000"), _keys(tree, "places"))


def _rates(path: Path, rates: Any, places: list[str]) -> Found:
    for name in rates if isinstance(rates, dict) else ():
        if name != DEFAULT:
            yield from _unknown((*path, name), name, places)
    without = [name for name in places if name not in rates] if isinstance(rates, dict) else []
    if without and DEFAULT not in rates:
        yield path, f"no rate for {', '.join(without)}, and no `{DEFAULT}`"


def _streams(demand: dict) -> list[tuple[str, dict]]:
    """The streams of work that are on no list: planned and unscheduled."""
    found = ((name, demand.get(name)) for name in ("planned", "unscheduled"))
    return [(name, answer) for name, answer in found if isinstance(answer, dict)]


def requests_name_what_is_there(tree: dict) -> Found:
    """A request's boards, places and modality exist."""
    boards = [name for name, _ in _maps(tree.get("decisions"), "boards")]
    for name, request in _maps(tree.get("decisions"), "requests"):
        path, when = ("decisions", "requests", name), request.get("when")
        for key, known in (("boards", boards), ("places", _keys(tree, "places"))):
            named = request.get(key)
            for number, one in enumerate(named if isinstance(named, list) else ()):
                yield from _unknown((*path, key, number), one, known)
        when = when if isinstance(when, dict) else {}
        yield from _unknown((*path, "when", "modality"), when.get("modality"), _keys(tree, "demand"))


def a_reserve_stands_beside_another(tree: dict) -> Found:
    """Where a scanner is in reserve another of its modality works from the start: whoever is sent to
    that site would otherwise wait for a decision."""
    there = [(name, s, [s.get("site"), s.get("modality")]) for name, s in _maps(tree, "fleet")]
    works = [suite for _, scanner, suite in there if not scanner.get("in_reserve")]
    for name, scanner, (site, modality) in there:
        if scanner.get("in_reserve") and [site, modality] not in works:
            message = f"no other scanner for {modality} works at {site!r} from the start"
            yield ("fleet", name, "in_reserve"), message


def every_crew_is_known(tree: dict) -> Found:
    """No two crews hold the sessions of one scanner. Those that no crew holds are staffed as planned."""
    crews = dict(_maps(tree.get("workforce"), "crews"))
    holding: dict[str, list[str]] = {}
    for name, crew in crews.items():
        named = crew.get("providers")
        for provider in named if isinstance(named, list) else ():
            holding.setdefault(str(provider), []).append(name)
    for name, answer in _maps(tree, "fleet"):
        more = [session.get("radiographers") for _, session in _maps(answer, "more_sessions")]
        needed = any(_number(people) for people in (answer.get("radiographers"), *more))
        theirs = holding.get(str(answer.get("provider")), [])
        if needed and len(theirs) > 1:
            path = ("fleet", name, "radiographers")
            which = f"both {' and '.join(theirs)}"
            yield path, f"{which} of `workforce.crews` hold the sessions of {answer.get('provider')!r}"


def scanners_can_be_counted(tree: dict) -> Found:
    """`per_million` comes to at least one scanner and not to too many; copies have names of their own."""
    populations = [_number(answer.get("population")) for _, answer in _maps(tree, "places")]
    people = sum(number or 0 for number in populations)
    for name, answer in _maps(tree, "fleet"):
        per_million = _number(answer.get("per_million"))
        copies = rounded(per_million, people) if per_million and people else 1
        if not 1 <= copies <= MOST_COPIES:
            how = f"comes to {copies:,} scanners for {people:,.0f} people"
            yield ("fleet", name, "per_million"), f"{how}; must come to 1 to {MOST_COPIES}"
        if any(answer.get(way) is not None for way in ("count", "per_million")):
            yield from _names_of_copies(tree, name, {name, answer.get("key")})


def _names_of_copies(tree: dict, several: str, names: set) -> Found:
    """Entries that are called what the scanners of an entry that stands for several are called."""
    for other, answer in _maps(tree, "fleet"):
        for taken in sorted({other, str(answer.get("key", other))}) if other != several else ():
            if _is_a_copy(taken, names):
                message = f"{taken!r} is what scanners of {several!r} are called; name it otherwise"
                yield ("fleet", other), message


def _is_a_copy(text: str, names: set) -> bool:
    """Whether a name is one of several scanners' that share one of these names."""
    first, _, number = text.rpartition(" ")
    return number.isdigit() and first in names


def a_mobile_is_in_one_place(tree: dict) -> Found:
    """One vehicle visits one site a day."""
    visits: dict[tuple[str, str], str] = {}
    for name, answer in _maps(tree, "fleet"):
        unit = answer.get("unit")
        more = [
            (("more_sessions", key, "days"), held.get("days")) for key, held in _maps(answer, "more_sessions")
        ]
        for path, days in [(("visits",), answer.get("visits")), *more]:
            for day in days if isinstance(unit, str) and isinstance(days, list) else ():
                other = visits.setdefault((unit, str(day).lower()), name)
                if other != name:
                    message = f"{unit} is with {other!r} on {day}; it cannot be in two places"
                    yield ("fleet", name, *path), message


def bays_take_no_emergencies(tree: dict) -> Found:
    """Scanners with uptake bays have no unscheduled patients: they would need a tracer at any hour."""
    for modality, demand in _maps(tree, "demand"):
        bays = _at(tree, "scanning", modality, "bays")
        if bays is not None and isinstance(demand.get("unscheduled"), dict):
            yield ("demand", modality, "unscheduled"), "is not possible where `scanning` has uptake `bays`"


def every_modality_is_described(tree: dict) -> Found:
    """What is demanded or owned has a `scanning` answer, and a plan where plans are made."""
    owned = [answer.get("modality") for _, answer in _maps(tree, "fleet")]
    planned = _at(tree, "workforce", "planned_referrals")
    for modality in _texts([*_keys(tree, "demand"), *owned]):
        if modality not in _keys(tree, "scanning"):
            yield ("scanning",), f"{modality} is missing: how is it scanned?"
        if isinstance(planned, dict) and modality not in planned:
            yield (
                ("workforce", "planned_referrals"),
                f"{modality} is missing: for how many was the plan made?",
            )


def every_priority_is_vetted(tree: dict) -> Found:
    """Each priority has a vetting time."""
    time = _at(tree, "vetting", "time")
    for priority in PRIORITIES[:PLANNED] if isinstance(time, dict) else ():
        if priority not in time:
            yield ("vetting", "time"), f"{priority} is missing"


def everybody_may_be_scanned(tree: dict) -> Found:
    """Every kind of referral has at least one scanner that takes it, not counting those in reserve."""
    for modality, demand in _maps(tree, "demand"):
        there = [(n, a) for n, a in _maps(tree, "fleet") if not a.get("in_reserve")]
        scanners = [name for name, answer in there if answer.get("modality") == modality]
        kinds = {priority: _complexities(tree, modality, demand) for priority in PRIORITIES[:PLANNED]}
        for stream, answer in _streams(demand):
            kinds["emergency" if stream == "unscheduled" else stream] = _complexities(tree, None, answer)
        for priority, complexities in kinds.items():
            for complexity in complexities:
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
    for modality, demand in _maps(tree, "demand"):
        needed = _at(tree, "scanning", modality, "slots_if_complex")
        if not isinstance(needed, int) or len(_complexities(tree, modality, demand)) < len(COMPLEXITIES):
            continue
        most = 0.0
        for name, scanner in _maps(tree, "fleet"):
            if scanner.get("modality") == modality and _takes(
                tree, name, {"priority": PRIORITIES[0], "complexity": COMPLEXITIES[1]}
            ):
                held = [scanner, *(session for _, session in _maps(scanner, "more_sessions"))]
                held = [session for session in held if not session.get("in_reserve")]
                most = max([most, *(_number(session.get("slots_per_day")) or 0.0 for session in held)])
        if most < needed:
            path = ("scanning", modality, "slots_if_complex")
            yield path, f"no session has so many slots; the longest that takes complex referrals has {most:g}"


def _complexities(tree: dict, modality: str | None, stream: dict) -> tuple[str, ...]:
    """The complexities of a stream of work, what is redirected to a modality included."""
    redirected = _at(tree, "vetting", "redirected_to")
    named = redirected.items() if isinstance(redirected, dict) else ()
    others = [_at(tree, "demand", one, "complex") for one, other in named if other == modality]
    some = any(_number(share) for share in (stream.get("complex"), *others))
    return COMPLEXITIES if some else COMPLEXITIES[:1]


def a_scanner_closes_before_it_opens(tree: dict) -> Found:
    """A session, overrun included, ends on its own day."""
    for name, scanner in _maps(tree, "fleet"):
        minutes = _minutes(_at(tree, "scanning", scanner.get("modality"), "longest_overrun"))
        more = [(("more_sessions", key), session) for key, session in _maps(scanner, "more_sessions")]
        for path, session in [((), scanner), *more]:
            hours, colon, rest = str(session.get("closes")).partition(":")
            known = colon and hours.isdigit() and rest.isdigit() and minutes is not None
            if known and int(hours) * 60 + int(rest) + minutes >= 24 * 60:
                where = ("fleet", name, *path, "closes")
                yield where, "with the longest overrun it must be before midnight"


def keys_are_their_own(tree: dict) -> Found:
    """No two places, scanners, crews or boards share a `key`: they would share their random numbers."""
    for path in (("places",), ("fleet",), ("workforce", "crews"), ("decisions", "boards")):
        owners: dict[str, str] = {}
        for name, answer in _maps(_at(tree, *path[:-1]), path[-1]):
            key = answer.get("key")
            key = key if isinstance(key, str) else name
            if key in owners:
                yield (*path, name), f"has the key {key!r} of {owners[key]!r}; keys must differ"
            owners.setdefault(key, name)


def an_opening_list_needs_no_warm_up(tree: dict) -> Found:
    """Who already waits at the start has to be counted from the start."""
    warm_up = _minutes(_at(tree, "calendar", "warm_up"))
    if warm_up and _keys(tree, "opening_list"):
        yield ("calendar", "warm_up"), "must be 0 days where there is an `opening_list`: it takes its place"


def the_clerk_can_book(tree: dict) -> Found:
    """The horizon is not before the minimum notice."""
    notice, horizon = (_minutes(_at(tree, "booking", key)) for key in ("minimum_notice", "horizon"))
    if notice is not None and horizon is not None and horizon < notice:
        yield ("booking", "horizon"), "must not be shorter than `minimum_notice`: nobody could be booked"


def the_headline_can_be_measured(tree: dict) -> Found:
    """The headline names a measure and a group that this scenario has."""
    headline = tree.get("headline")
    if not isinstance(headline, dict):
        return
    measure = headline.get("measure")
    if isinstance(measure, str):
        yield from _unknown(("headline", "measure"), measure, MEASURES)
    yield from (
        (("headline", "group"), message) for message in group_faults(tree, headline.get("group", "all"))
    )


def group_faults(tree: dict, group: Any) -> list[str]:
    """What is wrong with a group such as `place=Milton Keynes;priority=urgent`."""
    if group == "all" or not isinstance(group, str):
        return [] if isinstance(group, str) else [f"must be text, got {group!r}"]
    parts = [part.partition("=") for part in group.split(";")]
    if len(parts) > MOST_KEYS_IN_A_GROUP:
        return [f"at most {MOST_KEYS_IN_A_GROUP} key=value"]
    values = {
        "place": _keys(tree, "places"),
        "site": _keys(tree, "sites"),
        "provider": _texts(answer.get("provider") for _, answer in _maps(tree, "fleet")),
        "priority": list(PRIORITIES),
        "car": ["car", "no car"],
        "modality": _keys(tree, "demand"),
        "request": [name for name, _ in _maps(tree.get("decisions"), "requests")],
    }
    faults = []
    for key, equals, value in parts:
        if not equals or key not in GROUP_KEYS:
            faults.append(f"{key!r} is no key of a group{nearest(key, GROUP_KEYS)}")
        elif key in values and value not in values[key]:
            faults.append(f"no {key} {value!r}{nearest(value, values[key])}")
    return faults


def unknown_sources(tree: Any, sources: dict[str, Any], path: Path = ()) -> list[tuple[Path, str]]:
    """Every `source` must stand in sources.yaml."""
    found: list[tuple[Path, str]] = []
    if isinstance(tree, dict):
        source = tree.get("source")
        if isinstance(source, str) and source not in sources:
            found.append(((*path, "source"), f"{source!r} is not in sources.yaml{nearest(source, sources)}"))
        for key, value in tree.items():
            found += unknown_sources(value, sources, (*path, key))
    return found


def somebody_lives_there(tree: dict) -> Found:
    """The places have people: demand is shared over them by population."""
    people = [_number(answer.get("population")) for _, answer in _maps(tree, "places")]
    if people and all(number == 0 for number in people):
        yield ("places",), "nobody lives in any of them: demand is shared by population"


RULES: tuple[Callable[[dict], Found], ...] = (
    names_exist,
    somebody_lives_there,
    every_scan_is_reported,
    every_report_takes_time,
    shares_sum_to_all,
    every_place_has_a_rate,
    requests_name_what_is_there,
    a_reserve_stands_beside_another,
    every_crew_is_known,
    scanners_can_be_counted,
    a_mobile_is_in_one_place,
    bays_take_no_emergencies,
    every_modality_is_described,
    every_priority_is_vetted,
    everybody_may_be_scanned,
    a_scanner_closes_before_it_opens,
    keys_are_their_own,
    a_complex_referral_fits_into_a_session,
    an_opening_list_needs_no_warm_up,
    the_clerk_can_book,
    the_headline_can_be_measured,
)


def _at(tree: Any, *path: Any) -> Any:
    for step in path:
        tree = tree.get(step) if isinstance(tree, dict) and isinstance(step, str) else None
    return tree


def _maps(tree: Any, section: str) -> Iterator[tuple[str, dict]]:
    answers = tree.get(section) if isinstance(tree, dict) else None
    for name, answer in answers.items() if isinstance(answers, dict) else ():
        if isinstance(answer, dict):
            yield name, answer


def _keys(tree: dict, section: str) -> list[str]:
    return list(tree[section]) if isinstance(tree.get(section), dict) else []


def _texts(values: Iterable[Any]) -> list[str]:
    """The different texts among values, in order; whatever is no text is the schema's fault to find."""
    return sorted({value for value in values if isinstance(value, str)})


def _made(tree: dict) -> list[tuple[str, str]]:
    """(provider, modality) of everything that is scanned."""
    pairs = [(answer.get("provider"), answer.get("modality")) for _, answer in _maps(tree, "fleet")]
    return sorted({pair for pair in pairs if all(isinstance(text, str) for text in pair)})


def _names(pool: dict, provider: str) -> bool:
    """Whether a pool names a provider."""
    named = [pool.get("reports_for"), pool.get("takes")]
    return any(provider in names for names in named if isinstance(names, (list, dict)))


def _readers(tree: dict, provider: str, modality: str) -> tuple[list[str], dict[str, float]]:
    """(pools that take all or the rest, shares in percent of the others) of a provider's scans.

    Scans that no pool names go to the only pool that reports the modality, where there is only one.
    """
    only = {name: pool.get("modalities") for name, pool in _maps(tree, "reporting")}
    able = {
        name: pool
        for name, pool in _maps(tree, "reporting")
        if not isinstance(only[name], list) or modality in only[name]
    }
    naming = [name for name, pool in able.items() if _names(pool, provider)]
    taken = {name: able[name].get("takes") for name in naming}
    shares = {
        n: _number(t[provider]) or 0.0 for n, t in taken.items() if isinstance(t, dict) and provider in t
    }
    rest = [name for name in naming if name not in shares]
    return (rest if naming or len(able) > 1 else list(able)), shares


def _unknown(path: Path, name: Any, known) -> Found:
    if isinstance(name, str) and name not in known:
        yield path, f"no {name!r} here{nearest(name, known)}"


def _number(written: Any) -> float | None:
    """The bare number of a value, short or long; None where it is not one."""
    written = written.get("value") if isinstance(written, dict) else written
    match = WRITTEN.fullmatch(str(written).strip())
    return float(match[1].replace(",", "")) if match else None


def _minutes(written: Any) -> float | None:
    text = str(written.get("value") if isinstance(written, dict) else written)
    per = {"minute": 1, "hour": 60, "day": 1440, "second": 1 / 60, "week": 10080}
    match = WRITTEN.fullmatch(text.strip())
    unit = match[2].strip().rstrip("s") if match else ""
    return float(match[1].replace(",", "")) * per[unit] if match and unit in per else None


def _takes(tree: dict, scanner: str, who: dict[str, str]) -> bool:
    """Whether neither the limits of a scanner nor those of its provider keep somebody out."""
    limits = [
        _at(tree, "eligibility", "takes", name) for name in (scanner, _at(tree, "fleet", scanner, "provider"))
    ]
    return all(
        not isinstance(limit, dict) or not isinstance(limit.get(key), list) or value in limit[key]
        for limit in limits
        for key, value in who.items()
    )
