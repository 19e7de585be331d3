"""Neighbouring trusts from what NHS England publishes: their lists, scanners and readers in one world.

Each trust has one place, its catchment, and one site; both stand in a region file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from sim.scenario.dm01 import Month
from sim.scenario.document import parse_yaml
from sim.scenario.faults import Fault, Position, nearest
from sim.scenario.trust import RATES, URGENT_SHARES, TestNumbers, numbers_of

BODY = "Imaging Network"
"""Whoever runs the scanners of all, as scenario files write it: a partner, a partnership, a company."""
FILES = (
    "pathway",
    "fleet",
    "handed_over",
    "handed_over_by_foundation_trusts",
    "requests",
    "own_readers",
    "shared_readers",
)
EVENING_HOURS = 2
PEOPLE_A_SESSION = {"MRI": 2, "CT": 2, "NOUS": 1, "DEXA": 1}
"""Radiographers, or sonographers; from memory."""


@dataclass(frozen=True)
class Trust:
    """One of the trusts. name: as scenario files write it; published: as the extract does."""

    code: str
    name: str
    published: str
    site: str
    place: str
    people: int
    numbers: tuple[TestNumbers, ...]

    @property
    def slug(self) -> str:
        """The place in the names of lists and scanners: `berkshire_west`."""
        return re.sub(r"[^a-z0-9]+", "_", self.place.lower()).strip("_")

    @property
    def tests_a_year(self) -> int:
        """Everything that is scanned in the twelve months."""
        return sum(n.done + n.planned + n.unscheduled for n in self.numbers)

    @property
    def is_foundation_trust(self) -> bool:
        """By its published name."""
        return "FOUNDATION TRUST" in self.published.upper()


def where_of(region: Path, sites: Sequence[str]) -> tuple[list[tuple[str, int]], list[Fault]]:
    """[(place, people)] of sites that a region file has, and what is wrong."""
    try:
        tree = parse_yaml(region.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [], [Fault(Position(str(region)), "", f"cannot be read: {error}")]
    known, found, faults = tree.get("sites", {}), [], []
    for site in sites:
        if site in known:
            place = known[site]["place"]
            written = tree["places"][place]["population"]
            people = written["value"] if isinstance(written, dict) else written
            found.append((place, int(people.split()[0])))
        else:
            faults.append(
                Fault(Position("--site"), "", f"no site {site!r} in {region}{nearest(site, known)}")
            )
    if not faults and len({place for place, _ in found}) < len(found):
        faults.append(Fault(Position("--site"), "", "each trust needs a place of its own"))
    return found, faults


def numbers_together(
    test: str, months: Sequence[Sequence[Month]], start: str, horizon: int, urgent: float | None
) -> list[TestNumbers]:
    """One test's numbers of each trust, with the share of urgent referrals that fits all of them best."""
    shares = URGENT_SHARES if urgent is None else (urgent,)
    tried = [[numbers_of(test, one, start, horizon, share) for one in months] for share in shares]
    return min(tried, key=lambda numbers: fmean(n.fit.errors.bands for n in numbers))


def told_of_scanners(trust: Trust, told: dict[str, Any], n: TestNumbers) -> dict[str, Any]:
    """What the network's templates say of one trust's test, beside what those of one trust say."""
    rate, whose = RATES[n.test], "radiographers" if n.test != "NOUS" else "sonographers"
    people, least = PEOPLE_A_SESSION[n.test], int(EVENING_HOURS * rate.least)
    why = f"from memory; no figure of {whose} a session seen"
    per_1000 = [f"{1000 * tests / trust.people:.4f}" for tests in (n.per_year, n.planned, n.unscheduled)]
    return told | {
        "provider": trust.name,
        "code": trust.code,
        "place": trust.place,
        "site": trust.site,
        "slug": trust.slug,
        "list": f"{n.modality.lower()}_{trust.slug}",
        "rate": per_1000[0],
        "planned_rate": per_1000[1],
        "unscheduled_rate": per_1000[2],
        "evening_slots": int(EVENING_HOURS * rate.usual),
        "least_evening_slots": least,
        "radiographers": f'{{value: {people} people, assumption: "{why}", range: [1 people, {people + 1} people]}}',
    }


def told_of_trusts(trusts: Sequence[Trust], reports_a_day: dict[str, float]) -> dict[str, Any]:
    """The trusts and their readers, each and together. reports_a_day: by trust's name."""
    total = sum(trust.tests_a_year for trust in trusts)
    parts = [round(100 * trust.tests_a_year / total, 1) for trust in trusts[:-1]]
    parts.append(round(100 - sum(parts), 1))
    told = [
        {"provider": trust.name, "site": trust.site, "slug": trust.slug, "pool": f"{trust.slug}_radiologists"}
        | {"part": part, **reports(reports_a_day[trust.name])}
        for trust, part in zip(trusts, parts)
    ]
    whole = {"provider": BODY, "pool": "network_radiologists"} | reports(sum(reports_a_day.values()))
    return {"trusts": told, "whole": whole, "body": BODY}


def reports(a_day: float) -> dict[str, int]:
    """Reports a day and their range."""
    return {"reports": round(a_day), "least_reports": round(a_day * 0.8), "most_reports": round(a_day * 1.5)}


def fillings(trusts: Sequence[Trust], name: str) -> list[tuple[str, dict[str, Any]]]:
    """(template, what is its own) of each of `FILES`."""
    fleet, everybody = f"{name}_fleet.yaml", [trust.slug for trust in trusts]
    foundation = [trust.slug for trust in trusts if trust.is_foundation_trust]
    all_of_them = "What the trusts scan on once all of them have handed it over to one body."
    some = (
        "What the trusts scan on once those that are NHS foundation trusts, by their published names, have handed\n"
        "# theirs over to one body."
    )
    return [
        ("network_pathway.yaml", {}),
        ("network_fleet.yaml", {}),
        ("network_handed_over.yaml", {"why": all_of_them, "handing_over": everybody, "fleet": fleet}),
        ("network_handed_over.yaml", {"why": some, "handing_over": foundation, "fleet": fleet}),
        ("network_requests.yaml", {}),
        ("network_reporting.yaml", {"own": True}),
        ("network_reporting.yaml", {"own": False}),
    ]
