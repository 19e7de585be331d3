"""How often the answers of a provision model acted: what a scenario has to be read for to be counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.model.calendar import days_of
from sim.model.decisions import CONTRACT
from sim.model.demand import MODALITIES
from sim.model.tables import Table, Tables
from sim.model.travel import journeys
from sim.provision.contract import Contract, handed_over
from sim.provision.eligibility import Takes, Who, takes
from sim.provision.fleet import FleetScanner

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Period = tuple[float, float]
Count = Callable[[Tables, Period], int]
SAME_SITE = 1e-3
"""Minutes; those in the tables are rounded."""


def scans_away(scenario: Scenario) -> Count | None:
    """Scans of people at a site farther than the nearest that has such a scanner at work; by driving time."""
    if scenario.eligibility.choice == "nearest":
        return None
    names, (car, _, _) = list(scenario.sites), journeys(scenario.travel, scenario.places, scenario.sites)
    there = np.full((len(MODALITIES), len(names)), np.inf)
    for scanner in scenario.fleet.values():
        if not scanner.in_reserve:
            there[MODALITIES.index(scanner.modality), names.index(scanner.site)] = 0
    nearest = (car[None, :, :] + there[:, None, :]).min(axis=2)

    def count(tables: Tables, period: Period) -> int:
        rows = scanned_in(tables, period)
        minutes = car[rows["place"], rows["site"]]
        return int(np.sum(minutes > nearest[rows["modality"], rows["place"]] + SAME_SITE))

    return count


def turned_away(scenario: Scenario) -> Count | None:
    """Referrals for which a scanner of their modality works that does not take them."""
    limits = [
        (MODALITIES.index(scanner.modality), limit)
        for name, scanner in scenario.fleet.items()
        for limit in (scenario.eligibility.takes.get(of) for of in (name, scanner.provider))
        if limit is not None
    ]
    if not scenario.eligibility.takes:
        return None

    def count(tables: Tables, period: Period) -> int:
        rows = tables.referrals
        here = (rows["referred"] >= period[0]) & (rows["referred"] < period[1])
        columns = [rows[name][here] for name in ("modality", "priority", "complexity", "age", "mobility")]
        kinds, people = counted(columns)
        return sum(n for kind, n in zip(kinds, people) if not_taken(kind, limits))

    return count


def counted(columns: list[np.ndarray]) -> tuple[list[list[int]], list[int]]:
    """The kinds of row that occur, and how many rows are of each. columns: codes of at least -1, one a row.

    Rows as one number each sort several times as fast as rows of codes.
    """
    number = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        number = number * (int(column.max(initial=-1)) + 2) + column + 1
    _, first, people = np.unique(number, return_index=True, return_counts=True)
    return np.stack(columns)[:, first].T.tolist(), people.tolist()


def not_taken(kind: list[int], limits: list[tuple[int, Takes]]) -> bool:
    """Whether some scanner does not take a kind of referral: (modality, priority, complexity, age, mobility)."""
    known = (None if code < 0 else code for code in kind[3:])
    who = Who(*kind[:3], *known)
    return any(modality == who.modality and not takes(limit, who) for modality, limit in limits)


def contractors_scans(scenario: Scenario) -> Count | None:
    """Scans by the contractor."""
    named = {scenario.contract and scenario.contract.provider, scenario.eligibility.contractor} - {None}
    if not named:
        return None

    def count(tables: Tables, period: Period) -> int:
        providers = tables.labels["provider"]
        theirs = [number for number, name in enumerate(providers) if name in named]
        return int(np.isin(scanned_in(tables, period)["provider"], theirs).sum())

    return count


def sessions_that_draw(scenario: Scenario) -> Count | None:
    """Sessions of the contractor's with radiographers, of whose posts others have lost a part.

    Who keeps no scanner that needs radiographers has no session to lose.
    """
    answer = scenario.workforce
    if answer is None or answer.contractor is None or not answer.drawn_from_nhs:
        return None
    needing = {
        name: one for name, one in scenario.fleet.items() if any(s.radiographers for s in one.sessions)
    }
    employers = {one.provider for one in needing.values() if keeps_working(one, scenario.contract)}
    losing = any(
        answer.contractor not in crew.providers
        and crew.vacancies < 1
        and crew.establishment != 0
        and employers & set(crew.providers)
        for crew in answer.crews.values()
    )
    drawing = [name for name, one in needing.items() if one.provider == answer.contractor] if losing else []

    def count(tables: Tables, period: Period) -> int:
        held, names = tables.sessions, tables.labels["scanner"]
        theirs = np.isin(held["scanner"], [names.index(name) for name in drawing])
        here = (held["day"] >= period[0]) & (held["day"] < period[1]) & (held["open_seconds"] > 0)
        return int(np.sum(theirs & here))

    return count


def keeps_working(scanner: FleetScanner, contract: Contract | None) -> bool:
    """Whether a scanner works from the start and beside the contractor."""
    return not scanner.in_reserve and (contract is None or not handed_over(scanner, contract))


def images_sent(scenario: Scenario) -> Count | None:
    """Scans read by another organisation than the one that made them."""
    if not (scenario.images.transfer or scenario.images.transfer_fails):
        return None
    organisations = np.array([pool.organisation for pool in scenario.reporting.values()])

    def count(tables: Tables, period: Period) -> int:
        rows = scanned_in(tables, period)
        made, read = rows["provider"], rows["reader"]
        here = read >= 0
        providers = np.array(tables.labels["provider"])
        return int(np.sum(providers[made[here]] != organisations[read[here]]))

    return count


def months_at_the_cap(scenario: Scenario) -> Count | None:
    """Months, of each modality with a cap, for which the contractor could make no more appointments."""
    contract = scenario.contract
    if contract is None or not contract.cap:
        return None
    starts = np.array(days_of(scenario.calendar).months)

    def count(tables: Tables, period: Period) -> int:
        made = tables.appointments
        providers = np.array([*tables.labels["provider"], ""])
        kept = np.isnan(made["cancelled"]) & (providers[made["provider"]] == contract.provider)
        modality = tables.referrals["modality"][made["referral"]]
        full = 0
        for name, most in contract.cap.items():
            mine = made["slot_start"][kept & (modality == MODALITIES.index(name))]
            by_month, _ = np.histogram(mine, starts)
            full += int(np.sum((by_month >= int(most)) & (starts[:-1] >= period[0])))
        return full

    return count


def scanners_handed_over(scenario: Scenario) -> Count | None:
    """Scanners of others that stopped because the contract started."""
    many = how_many_handed_over(scenario)
    if not many:
        return None
    return lambda tables, period: many * starts_and_ends(tables, "agreed", 0.0, period)


def scanners_that_came_back(scenario: Scenario) -> Count | None:
    """Scanners that those who had handed them over had again when the contract was over."""
    many, assets = how_many_handed_over(scenario), scenario.contract and scenario.contract.assets
    if not many or assets is None or not assets.come_back:
        return None
    after = float(round(assets.after))
    return lambda tables, period: many * starts_and_ends(tables, "ended", after, period)


def how_many_handed_over(scenario: Scenario) -> int:
    """Scanners that a contract takes from others."""
    contract = scenario.contract
    works = contract and any(one.provider == contract.provider for one in scenario.fleet.values())
    return sum(handed_over(one, contract) for one in scenario.fleet.values()) if works else 0


def starts_and_ends(tables: Tables, date: str, later: float, period: Period) -> int:
    """How many contracts have a date that, so many days later, lies in the period."""
    made = tables.decisions
    at = made[date][(made["does"] == CONTRACT) & np.isnan(made["refused"])] + later
    return dated({"at": at}, "at", period)


def dated(table: Table, date: str, period: Period) -> int:
    """Rows whose date lies in the period."""
    return int(np.sum((table[date] >= period[0]) & (table[date] < period[1])))


def scanned_in(tables: Tables, period: Period) -> Table:
    """The referrals scanned in the period: who they were and who scanned them where."""
    rows = tables.referrals
    here = (rows["scanned"] >= period[0]) & (rows["scanned"] < period[1])
    return {name: rows[name][here] for name in ("modality", "place", "site", "provider", "reader")}


ANSWERS: dict[str, Callable[[Scenario], Count | None]] = {
    "scans away from the nearest site": scans_away,
    "referrals that some scanner does not take": turned_away,
    "scans by the contractor": contractors_scans,
    "contractor's sessions that draw on others' posts": sessions_that_draw,
    "images sent to another organisation": images_sent,
    "months at the cap": months_at_the_cap,
    "scanners handed over": scanners_handed_over,
    "scanners that came back": scanners_that_came_back,
}
"""What can act: how it is counted under a scenario; None where the scenario does not have it."""
