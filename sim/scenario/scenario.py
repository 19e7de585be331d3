"""A scenario: every section of a scenario file, in one class."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.model.attendance import Attendance
from sim.model.booking import Booking
from sim.model.calendar import Calendar
from sim.model.demand import Demand, Modality
from sim.model.opening_list import OpeningWaitingList
from sim.model.places import Place
from sim.model.quantity import Kind, fault, parted
from sim.model.scanning import Scanning
from sim.model.section import Line, Section
from sim.model.sites import Site
from sim.model.travel import Travel
from sim.model.vetting import Vetting
from sim.provision.contract import Contract
from sim.provision.decisions import Decisions
from sim.provision.eligibility import Eligibility
from sim.provision.fleet import FleetScanner
from sim.provision.images import Images
from sim.provision.reporting import ReportingPool
from sim.provision.waiting_lists import WaitingLists
from sim.provision.workforce import Workforce
from sim.results.columns import MEASURES


class Headline(Section):
    """The one comparison whose verdict is confirmatory."""

    measure: str
    """Name of a measure."""
    group: str = "all"
    """`all`, or up to three key=value joined by `;`."""
    matters: Annotated[float, Kind("difference", above=0)] | None = None
    """The smallest difference that matters, in the measure's unit; without it, every one does."""

    @model_validator(mode="after")
    def _unit_is_the_measures(self):
        known = MEASURES.get(self.measure)
        unit = parted(self.matters.text)[1].replace("£", "pounds") if self.matters else None
        if known and unit not in (None, known.unit):
            raise fault(f"`matters` must be a number of {known.unit}, as {known.name} is")
        return self


class Experiment(Section):
    """How often the scenario is run."""

    replications: Annotated[int, Field(ge=2, le=100_000)] = 30
    """Runs with random numbers of their own."""
    seed: Annotated[int, Field(ge=0, le=2**53)] = 1
    """The same seed gives the same numbers to the last bit."""


class Scenario(Section):
    """One complete description of a world and of how scanning is provided in it."""

    title: Line
    question: Line
    compare_with: str | None = None
    """The scenario file that this one is compared with."""
    headline: Headline
    calendar: Calendar
    places: Annotated[dict[str, Place], Field(min_length=1)]
    sites: Annotated[dict[str, Site], Field(min_length=1)]
    travel: Travel
    demand: Annotated[dict[Modality, Demand], Field(min_length=1)]
    opening_list: dict[str, OpeningWaitingList] = {}
    vetting: Vetting
    booking: Booking
    attendance: Attendance
    scanning: dict[Modality, Scanning]
    waiting_lists: WaitingLists | None = None
    eligibility: Eligibility
    fleet: Annotated[dict[str, FleetScanner], Field(min_length=1)]
    workforce: Workforce | None = None
    reporting: Annotated[dict[str, ReportingPool], Field(min_length=1)]
    images: Images
    decisions: Decisions | None = None
    contract: Contract | None = None
    experiment: Experiment = Experiment()
