"""From what the page shows to the arms that are asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from analysis.app.address import Shown
from analysis.app.catalogue import offered, sources
from analysis.app.live import LONG, MOST_REPLICATIONS
from analysis.app.settings import Setting, settings_of
from sim.experiment.given import Given
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import Arm, read_arms

WITH_A_BUTTON = LONG
"""Referrals a replication from which on nothing is run before a button is pressed."""
FASTEST_FIRST = (1, 2, 4, 8, 15, 30, 60, 100)
"""Numbers of replications at which the answer is told anew."""


def given_of(shown: Shown) -> Given:
    """Files, settings and overrides, the baseline's file first."""
    names = [name for name in (shown.baseline, shown.scenario) if name]
    settings = [f"{path}={value}" for path, value in shown.changes.items()]
    overrides: dict[str, Any] = {}
    if shown.measure:
        overrides = {"headline.measure": shown.measure, "headline.matters": "null"}
    if shown.group:
        overrides["headline.group"] = shown.group
    return Given([offered()[name].file for name in names], settings, overrides, as_given=True)


def arms_of(shown: Shown) -> list[Arm]:
    """The baseline, if there is one, and the scenario. Raises `ScenarioFaults`."""
    given = given_of(shown)
    return list(_read(tuple(given.files), tuple(given.settings), tuple(given.overrides.items())))


@lru_cache(maxsize=32)
def _read(files: tuple, settings: tuple, overrides: tuple) -> tuple[Arm, ...]:
    return tuple(read_arms(list(files), list(settings), dict(overrides), as_given=True))


@lru_cache(maxsize=16)
def movable(scenario: str, baseline: str | None) -> dict[str, Setting]:
    """What can be moved, with the values that the scenarios have by themselves."""
    return settings_of(arms_of(Shown(scenario, baseline)), sources())


def replications_of(shown: Shown, arms: list[Arm]) -> int:
    """As many as asked for, otherwise as the scenario says."""
    return shown.replications or min(arms[-1].scenario.experiment.replications, MOST_REPLICATIONS)


def groups_of(arms: list[Arm]) -> list[str]:
    """Groups that can be looked at: everybody, a modality, a place, a place's people of a modality."""
    scenario = arms[-1].scenario
    places = [f"place={name}" for name in scenario.places] if len(scenario.places) > 1 else []
    if len(scenario.demand) == 1:
        return ["all", *places]
    within = [
        [f"modality={name}", *(f"modality={name};{place}" for place in places)] for name in scenario.demand
    ]
    return [group for groups in within for group in groups]


def told(faults: ScenarioFaults) -> list[str]:
    """Faults as sentences, without the names of files on this machine."""
    return list(
        dict.fromkeys(
            f"{fault.key}: {fault.message}" if fault.key else fault.message for fault in faults.faults
        )
    )


def count_to_tell(ready: int, asked: int) -> int:
    """The number of replications of which the answer is told while more arrive: not each time anew."""
    return ready if ready == asked else max((n for n in FASTEST_FIRST if n <= ready), default=0)
