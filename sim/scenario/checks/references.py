"""What a section names stands in another: places, sites, boards, measures, groups, sources."""

from __future__ import annotations

from typing import Any

from sim.model.demand import DEFAULT, PRIORITIES
from sim.results.columns import MEASURES
from sim.scenario.checks.tree import Found, at, keys, maps, texts, unknown
from sim.scenario.faults import Path, nearest

MOST_KEYS_IN_A_GROUP = 3
GROUP_KEYS = (
    "modality", "priority", "place", "provider", "site", "car", "opening",
    "outcome", "use", "between", "request", "mechanism", "event",
)  # fmt: skip


def names_exist(tree: dict) -> Found:
    """A site's place, a scanner's site and the like must exist; no place is called what stands for all."""
    if DEFAULT in keys(tree, "places"):
        yield ("places", DEFAULT), f"`{DEFAULT}` stands for all places that are not named; name it otherwise"
    for site, answer in maps(tree, "sites"):
        yield from unknown(("sites", site, "place"), answer.get("place"), keys(tree, "places"))
    for scanner, answer in maps(tree, "fleet"):
        yield from unknown(("fleet", scanner, "site"), answer.get("site"), keys(tree, "sites"))
    for name, answer in maps(tree, "opening_list"):
        path, wanted = ("opening_list", name), keys(tree, "demand")
        yield from unknown((*path, "place"), answer.get("place"), keys(tree, "places"))
        yield from unknown((*path, "modality"), answer.get("modality"), wanted)
    redirected = at(tree, "vetting", "redirected_to")
    for one, other in redirected.items() if isinstance(redirected, dict) else ():
        yield from unknown(("vetting", "redirected_to", one), other, keys(tree, "demand"))
    car_minutes = at(tree, "travel", "car_minutes")
    for one, others in car_minutes.items() if isinstance(car_minutes, dict) else ():
        yield from unknown(("travel", "car_minutes", one), one, keys(tree, "places"))
        for other in others if isinstance(others, dict) else ():
            yield from unknown(("travel", "car_minutes", one, other), other, keys(tree, "places"))


def requests_name_what_is_there(tree: dict) -> Found:
    """A request's boards, places and modality exist."""
    boards = [name for name, _ in maps(tree.get("decisions"), "boards")]
    for name, request in maps(tree.get("decisions"), "requests"):
        path, when = ("decisions", "requests", name), request.get("when")
        for key, known in (("boards", boards), ("places", keys(tree, "places"))):
            named = request.get(key)
            for number, one in enumerate(named if isinstance(named, list) else ()):
                yield from unknown((*path, key, number), one, known)
        when = when if isinstance(when, dict) else {}
        yield from unknown((*path, "when", "modality"), when.get("modality"), keys(tree, "demand"))


def keys_are_their_own(tree: dict) -> Found:
    """No two places, scanners, crews or boards share a `key`: they would share their random numbers."""
    for path in (("places",), ("fleet",), ("workforce", "crews"), ("decisions", "boards")):
        owners: dict[str, str] = {}
        for name, answer in maps(at(tree, *path[:-1]), path[-1]):
            key = answer.get("key")
            key = key if isinstance(key, str) else name
            if key in owners:
                yield (*path, name), f"has the key {key!r} of {owners[key]!r}; keys must differ"
            owners.setdefault(key, name)


def the_headline_can_be_measured(tree: dict) -> Found:
    """The headline names a measure and a group that this scenario has."""
    headline = tree.get("headline")
    if not isinstance(headline, dict):
        return
    measure = headline.get("measure")
    if isinstance(measure, str):
        yield from unknown(("headline", "measure"), measure, MEASURES)
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
        "place": keys(tree, "places"),
        "site": keys(tree, "sites"),
        "provider": texts(answer.get("provider") for _, answer in maps(tree, "fleet")),
        "priority": list(PRIORITIES),
        "car": ["car", "no car"],
        "opening": ["new", "already waiting"] if keys(tree, "opening_list") else [],
        "modality": keys(tree, "demand"),
        "request": [name for name, _ in maps(tree.get("decisions"), "requests")],
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
