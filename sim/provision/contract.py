"""What is promised and risked?"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.model.calendar import Days
from sim.model.contracts import AFTER, BEFORE, NEVER, UNDER, Term
from sim.model.demand import Modality
from sim.model.quantity import Duration, PerMonth, PositiveDuration, ShareBelowAll, fault
from sim.model.section import Section
from sim.provision.fleet import FleetScanner

PHASES = 3
"""Before, under and after the contract; without one, all time is before it."""


class Tender(Section):
    """Finding a contractor may fail."""

    fails: ShareBelowAll
    """Chance that a tender ends without a contract."""
    again_after: PositiveDuration | None = None
    """Time that each further tender takes, put before the start; without it there is only one."""
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
    """How long the contractor's list stays with it, nobody being scanned; then its people join the others'."""
    clock: Literal["continues", "resets"]
    """Whether their clock starts again when they join."""


class Assets(Section):
    """What becomes of scanners handed over (`until_contract`) when the contract ends or collapses."""

    come_back: bool
    """Whether those who handed them over have them back (lent), or not (transferred)."""
    after: Duration
    """How long after the end until they work again."""


class Contract(Section):
    """When the contractor works; a contract with a provider without scanners does nothing."""

    provider: str
    """The contractor: its scanners work while the contract runs, and at no other time."""
    start: datetime.date | None = None
    """First day of the contract; default the calendar's start."""
    tender: Tender | None = None
    """Without it, there is a contractor."""
    mobilisation: Duration = 0.0
    """From the start until the contractor's scanners work; those handed over have stopped."""
    length: PositiveDuration | None = None
    """From the start to the end; without it, the contract outlasts the run."""
    collapse: Collapse | None = None
    """Without it, the contractor does not give up."""
    assets: Assets | None = None
    """Without it, nothing handed over comes back."""
    cap: dict[Modality, PerMonth] = {}
    """Appointments a month that the contractor makes at most."""


def term_of(contract: Contract | None, fleet: dict[str, FleetScanner], days: Days) -> Term | None:
    """The contract as the model sees it; None where it does nothing."""
    scanners = list(enumerate(fleet.values()))
    theirs = [number for number, scanner in scanners if contract and scanner.provider == contract.provider]
    if not theirs:
        return None
    starts = float((contract.start - days.start).days) if contract.start else 0.0
    tender, collapse, assets = contract.tender, contract.collapse, contract.assets
    return Term(
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


def during(term: Term | None, scanners: int) -> list[frozenset[int]]:
    """The phases in which people may wait for each scanner."""
    found = [frozenset({BEFORE, UNDER, AFTER})] * scanners
    if term is not None:
        for number in term.scanners:
            found[number] = frozenset({UNDER})
        for number in term.handed_over:
            found[number] = frozenset({BEFORE} if term.back_after == NEVER else {BEFORE, AFTER})
    return found
