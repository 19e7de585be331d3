"""What is paid, promised and risked?"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import inf, nan
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.model.calendar import Days
from sim.model.contracts import AFTER, BEFORE, BETWEEN, NEVER, UNDER, Agreement
from sim.model.demand import DEFAULT, MODALITIES, Modality
from sim.model.quantity import (
    Duration,
    PerMonth,
    PerYear,
    PositiveDuration,
    Pounds,
    PoundsPerDay,
    PoundsPerScan,
    PoundsPerSession,
    PoundsPerSlot,
    PoundsPerYear,
    Share,
    ShareBelowAll,
    fault,
)
from sim.model.section import Section
from sim.provision.fleet import FleetScanner

PHASES = 3
"""Before, under and after the contract; without one, all time is before it."""


class Tender(Section):
    """Finding a contractor may fail; nobody knows before the day on which the contract would start."""

    fails: ShareBelowAll
    """Chance that a tender ends without a contract."""
    again_after: PositiveDuration | None = None
    """Each further tender puts the start off by so long."""
    tries: Annotated[int, Field(ge=1, le=20)] = 1
    """So many tenders at most."""

    @model_validator(mode="after")
    def _a_second_one_takes_time(self):
        if (self.tries > 1) != (self.again_after is not None):
            raise fault("`tries` over 1 and `again_after` belong together")
        return self


class Collapse(Section):
    """The contractor may give up."""

    a_year: ShareBelowAll
    """Chance, in each year of the contract, that it ends from one day to the next."""
    list_returns_after: Duration
    """How long the contractor's list stays with it, nobody being scanned; then its people join the others'.
    Who is listed after the collapse goes to the others at once, and so do unscheduled patients."""
    clock: Literal["continues", "resets"]
    """Whether their clock starts again when they join; not that of people on a list that others share."""


class Assets(Section):
    """What becomes of scanners handed over (`until_contract`) when the contract ends or collapses."""

    come_back: bool
    """Whether those who handed them over have them back (lent), or not (transferred)."""
    after: Duration
    """How long after the end until they work again."""


class Costs(Section):
    """What scanning costs a provider; what is not named costs nothing."""

    per_scan: PoundsPerScan = 0.0
    """A scan that was not broken off, whether or not it has to be done again: tracer, report."""
    more_per_complex_scan: PoundsPerScan = 0.0
    """On top of `per_scan` where the referral is complex."""
    per_slot: PoundsPerSlot = 0.0
    """A slot staffed, used or not: people, where a session is staffed for part of what a scanner can offer."""
    per_session: PoundsPerSession = 0.0
    """A session, evenings too: people who are there for all of it. Neither this nor `per_slot` is spent on
    one that maintenance or a missing crew took whole."""
    per_mobile_day: PoundsPerDay | None = None
    """A day's visit of a mobile scanner, vehicle and people included, in place of `per_slot`,
    `per_session` and `per_year`; default those."""
    per_year: PoundsPerYear = 0.0
    """A scanner, or a vehicle, in use: capital and maintenance, for each month in which it has a session."""


class Contract(Section):
    """When the contractor works, what it is paid, and what scanning costs whom.

    Without a contractor, or with one that has no scanner, nothing is paid and nothing spent on contracting.
    """

    provider: str | None = None
    """The contractor: its scanners work while the contract runs, and at no other time. Every other provider
    belongs to the public."""
    start: datetime.date | None = None
    """First day of the contract; default the calendar's start. People join the contractor's list the clerk's
    minimum notice before it, where no `tender` may put it off, so that its first days can be booked."""
    tender: Tender | None = None
    """Without it, there is a contractor."""
    mobilisation: Duration = 0.0
    """From the start until the contractor's scanners work; those handed over have stopped, and unscheduled
    patients go to who was not."""
    length: PositiveDuration | None = None
    """From the start to the end; without it, the contract outlasts the run."""
    collapse: Collapse | None = None
    """Without it, the contractor does not give up."""
    assets: Assets | None = None
    """Without it, nothing handed over comes back."""
    price: dict[Modality, PoundsPerScan] = {}
    """Paid to the contractor for a complete scan, standard or complex; default the tariff."""
    tariff: dict[Modality, PoundsPerScan] = {}
    """Paid to every other provider for a complete scan, and to the contractor for one outside the contract."""
    guaranteed: dict[Modality, PerYear] = {}
    """Scans that the contractor is paid for whatever is done; settled every twelve months."""
    cap: dict[Modality, PerMonth] = {}
    """Scans that are paid for in a calendar month at most; no more appointments are made for a month."""
    vat: Share = 0.0
    """On what the contractor is paid under the contract; the public cannot recover it."""
    one_off: Pounds = 0.0
    """Procurement and set-up, paid by the public once."""
    costs: dict[str, dict[Modality, Costs]] = {}
    """By provider, or `default`, and modality; a provider's entry replaces the default's whole."""

    @model_validator(mode="after")
    def _a_guarantee_can_be_paid(self):
        for modality, scans in self.guaranteed.items():
            if modality not in self.price and modality not in self.tariff:
                raise fault(f"what is a guaranteed scan of {modality} paid? `price` or `tariff` must say")
            if scans > 12 * self.cap.get(modality, inf) + 1e-9:
                raise fault(f"more scans of {modality} are guaranteed in a year than twelve times the `cap`")
        return self


def agreement_of(contract: Contract | None, fleet: dict[str, FleetScanner], days: Days) -> Agreement | None:
    """The contract as the model sees it; None where it does nothing."""
    scanners = list(enumerate(fleet.values()))
    theirs = [number for number, scanner in scanners if contract and scanner.provider == contract.provider]
    if not theirs:
        return None
    starts = float((contract.start - days.start).days) if contract.start else 0.0
    tender, collapse, assets = contract.tender, contract.collapse, contract.assets
    return Agreement(
        key=contract.provider,
        scanners=tuple(theirs),
        handed_over=tuple(number for number, scanner in scanners if handed_over(scanner, contract)),
        starts=starts,
        mobilisation=float(round(contract.mobilisation)),
        lasts=float(round(contract.length)) if contract.length else NEVER,
        tender_fails=float(tender.fails) if tender else 0.0,
        tries=tender.tries if tender else 1,
        again_after=float(round(tender.again_after)) if tender and tender.again_after else 0.0,
        collapse_a_year=float(collapse.a_year) if collapse else 0.0,
        list_returns_after=float(round(collapse.list_returns_after)) if collapse else 0.0,
        clock_resets=bool(collapse and collapse.clock == "resets"),
        back_after=float(round(assets.after)) if assets and assets.come_back else NEVER,
        cap={modality: float(most) for modality, most in contract.cap.items()},
    )


def handed_over(scanner: FleetScanner, contract: Contract) -> bool:
    """Whether the contract takes a scanner from its provider."""
    return scanner.until_contract and scanner.provider != contract.provider


def first_phase(agreement: Agreement | None, phases: frozenset[int]) -> int:
    """The first of some phases that there is: with a contract from the start, none is before it."""
    begins = BEFORE if agreement is None or agreement.starts > 0 else UNDER
    return min((phase for phase in phases if phase >= begins), default=begins)


def during(agreement: Agreement | None, scanners: int) -> list[frozenset[int]]:
    """The phases in which people may wait for each scanner, and BETWEEN for those that no contract stops."""
    found = [frozenset({BEFORE, UNDER, AFTER, BETWEEN})] * scanners
    if agreement is not None:
        for number in agreement.scanners:
            found[number] = frozenset({UNDER})
        for number in agreement.handed_over:
            found[number] = frozenset({BEFORE} if agreement.back_after == NEVER else {BEFORE, AFTER})
    return found


MONEY = {
    "contract": ("price", "tariff", "guaranteed", "vat", "one_off", "costs"),
    "fleet": ("worth", "charity_bought"),
}
"""Keys, of a contract and of each scanner, that only `Terms` reads: no simulation sees them."""


@dataclass(frozen=True)
class Terms:
    """A contract and its costs as the measures of money read them; nan: nobody has said.

    contractor: the provider's number, -1 where it has no scanner. price, tariff, guaranteed (a year), cap
    (a month), worth of the scanners handed over for good and of those among them that charity bought:
    arrays by modality. The rest are arrays by scanner: its vehicle's number (its own where it shares
    none) and its costs in pounds, of a mobile paid by the day no others.
    """

    contractor: int
    price: np.ndarray
    tariff: np.ndarray
    guaranteed: np.ndarray
    cap: np.ndarray
    vat: float
    one_off: float
    worth: np.ndarray
    charity_bought: np.ndarray
    vehicle: np.ndarray
    per_scan: np.ndarray
    more_per_complex_scan: np.ndarray
    per_slot: np.ndarray
    per_session: np.ndarray
    per_mobile_day: np.ndarray
    per_year: np.ndarray


def terms_of(contract: Contract | None, fleet: dict[str, FleetScanner], providers: list[str]) -> Terms | None:
    """A contract worked out for a fleet; None without one. providers: names in the order of their numbers."""
    if contract is None:
        return None
    tariff = by_modality(contract.tariff, nan)
    price = by_modality(contract.price, nan)
    vehicles = [scanner.unit or name for name, scanner in fleet.items()]
    gone = given_away(contract, fleet)
    return Terms(
        contractor=providers.index(contract.provider) if contract.provider in providers else -1,
        price=np.where(np.isnan(price), tariff, price),
        tariff=tariff,
        guaranteed=by_modality(contract.guaranteed, 0.0),
        cap=by_modality(contract.cap, inf),
        vat=float(contract.vat),
        one_off=float(contract.one_off) if contract.provider in providers else 0.0,
        worth=worth_of(gone),
        charity_bought=worth_of([scanner for scanner in gone if scanner.charity_bought]),
        vehicle=np.array([vehicles.index(vehicle) for vehicle in vehicles]),
        **by_scanner([rates(contract, scanner) for scanner in fleet.values()]),
    )


def given_away(contract: Contract, fleet: dict[str, FleetScanner]) -> list[FleetScanner]:
    """The scanners that are handed over and do not come back; none to a contractor without scanners."""
    comes_back = contract.assets is not None and contract.assets.come_back
    works = any(scanner.provider == contract.provider for scanner in fleet.values())
    return [s for s in fleet.values() if works and not comes_back and handed_over(s, contract)]


def worth_of(scanners: list[FleetScanner]) -> np.ndarray:
    """What scanners are worth in pounds, by modality."""
    worth = [[s.worth for s in scanners if s.modality == modality] for modality in MODALITIES]
    return np.array([sum(each) for each in worth], dtype=float)


def by_modality(values: dict[Modality, float], otherwise: float) -> np.ndarray:
    """Values in the order of the modalities."""
    return np.array([float(values.get(modality, otherwise)) for modality in MODALITIES])


def rates(contract: Contract, scanner: FleetScanner) -> dict[str, float]:
    """What a scanner's work costs its provider, by kind of cost."""
    named = contract.costs.get(scanner.provider, {})
    costs = named.get(scanner.modality) or contract.costs.get(DEFAULT, {}).get(scanner.modality)
    if costs is None:
        return dict.fromkeys(Costs.model_fields, nan)
    found = {name: float(getattr(costs, name) or 0.0) for name in Costs.model_fields}
    if scanner.kind == "mobile" and costs.per_mobile_day is not None:
        return found | {"per_slot": 0.0, "per_session": 0.0, "per_year": 0.0}
    return found | {"per_mobile_day": 0.0}


def by_scanner(found: list[dict[str, float]]) -> dict[str, np.ndarray]:
    """Each kind of cost as an array by scanner."""
    return {name: np.array([one[name] for one in found]) for name in Costs.model_fields}
