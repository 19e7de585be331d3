"""What a run was asked, as its folder says: manifest and resolved scenarios."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from sim.results.columns import DM01_BANDS

SCENARIO = "scenario.yaml"
DOCUMENT, SECTION = re.compile(r"^---\n", re.MULTILINE), re.compile(r"^(?=\w+:)", re.MULTILINE)


@dataclass
class Described:
    """What was run, without what came out.

    path: the results folder. manifest: what made it (`manifest.json`).
    """

    path: Path
    manifest: dict[str, Any]

    @property
    def asked(self) -> dict[str, Any]:
        """What a search or a design was asked and what it tried; `option` says which. Empty without one."""
        return self.manifest.get("asked", {})

    @property
    def arms(self) -> list[str]:
        """Names of the arms, the baseline first."""
        return list(self.manifest["arms"])

    @property
    def titles(self) -> dict[str, str]:
        """Titles by arm."""
        return self.manifest["arms"]

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with: the first."""
        return self.arms[0]

    @property
    def headline(self) -> dict[str, Any]:
        """measure, group, matters."""
        return self.manifest["headline"]

    @property
    def places(self) -> list[str]:
        """Places in the order of the scenario."""
        return self.manifest["places"]

    @property
    def is_sweep(self) -> bool:
        """Whether the arms are scenarios at the points of a sweep."""
        return bool(self.manifest["points"])

    @property
    def has_several_models(self) -> bool:
        """Whether three arms or more are compared with each other."""
        return len(self.arms) > 2 and not self.is_sweep

    @cached_property
    def opening(self) -> dict[tuple[str, str], list[int]]:
        """By arm and modality: the opening waiting list in the 14 bands, where the run has one."""
        if not self._mentions("opening_list"):
            return {}
        return {
            (arm, modality): bands
            for arm, tree in self.scenarios.items()
            for modality, bands in opening_bands(tree).items()
        }

    def without_crew(self, arm: str) -> list[str]:
        """Providers of an arm whose scanners need radiographers, and that no crew of its workforce names."""
        return without_crew(self.scenarios[arm]) if self._mentions("radiographers") else []

    def without_price(self, arm: str) -> list[str]:
        """Modalities that an arm's contractor scans and that neither a price nor a tariff pays for."""
        return without_price(self.scenarios[arm]) if self._mentions("contract") else []

    @cached_property
    def starts(self) -> str:
        """First day of the calendar, `YYYY-MM-DD`."""
        start = self.scenarios[self.baseline]["calendar"]["start"]
        return str(start["value"] if isinstance(start, dict) else start)[:10]

    @cached_property
    def scenarios(self) -> dict[str, dict[str, Any]]:
        """Every arm as it was resolved, from `scenario.yaml`; what is below a key of the top may be several arms'."""
        from ruamel.yaml import YAML

        known = cache(YAML(typ="safe", pure=True).load)
        found = {}
        for arm, document in zip(self.arms, DOCUMENT.split(self._resolved)[1:]):
            found[arm] = {}
            for section in SECTION.split(document)[1:]:
                found[arm] |= known(section)
        return found

    def _mentions(self, key: str) -> bool:
        """Whether a key may stand in an arm: parsing all takes a while, and many runs have no need."""
        return "scenarios" in vars(self) or f"{key}:" in self._resolved

    @cached_property
    def _resolved(self) -> str:
        return (self.path / SCENARIO).read_text(encoding="utf-8")


def opening_bands(tree: dict[str, Any]) -> dict[str, list[int]]:
    """{modality: the 14 bands} of a resolved scenario's opening lists, summed over its lists."""
    found: dict[str, list[int]] = {}
    for one in (tree.get("opening_list") or {}).values():
        so_far = found.get(one["modality"], [0] * len(DM01_BANDS))
        found[one["modality"]] = [a + b for a, b in zip(so_far, one["bands"])]
    return found


def without_crew(tree: dict[str, Any]) -> list[str]:
    """The providers of a resolved scenario whose scanners need radiographers, and that no crew names."""
    crews = ((tree.get("workforce") or {}).get("crews") or {}).values()
    named = {provider for crew in crews for provider in crew["providers"]}
    found = {
        scanner["provider"]
        for scanner in tree["fleet"].values()
        for session in (scanner, *(scanner.get("more_sessions") or {}).values())
        if needs_radiographers(session)
    }
    return sorted(found - named)


def without_price(tree: dict[str, Any]) -> list[str]:
    """What a contractor scans and nobody pays for, where the contract of a resolved scenario names any amount."""
    contract = tree.get("contract") or {}
    paid = {**(contract.get("price") or {}), **(contract.get("tariff") or {})}
    if not paid and not contract.get("costs"):
        return []
    scanned = {s["modality"] for s in tree["fleet"].values() if s["provider"] == contract.get("provider")}
    return sorted(scanned - set(paid))


def needs_radiographers(session: dict[str, Any]) -> bool:
    """Whether a session asks for more than `0 people`, in short or long form."""
    people = session.get("radiographers") or "0 people"
    written = people["value"] if isinstance(people, dict) else people
    return float(str(written).split()[0].replace(",", "")) > 0
