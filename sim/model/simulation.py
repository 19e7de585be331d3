"""The world put together, and one replication of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import simpy

from sim.model.attendance import Attendance
from sim.model.booking import Booking, Removing, booking, waiting_at_the_start
from sim.model.breakdowns import NEVER, Downtimes, Engineers, Use, breaking_down
from sim.model.calendar import Days
from sim.model.contracts import BEFORE, Agreement, Cap, begin_contract, contracting, taking_the_unscheduled
from sim.model.couch import APPOINTMENT_OUTCOMES, LOST_TO
from sim.model.decisions import DOES, Decision, Request, requesting
from sim.model.demand import (
    CARS,
    COMPLEXITIES,
    LISTED,
    MODALITIES,
    PRIORITIES,
    REFERRERS,
    Arrivals,
    days_before_request,
    referring,
)
from sim.model.door import Door
from sim.model.draws import Draws
from sim.model.groups import AGES, MOBILITIES, Groups
from sim.model.images import Images, Route
from sim.model.laws import check_laws
from sim.model.moving import Moving, scanning_together
from sim.model.opening_list import OpeningList
from sim.model.referrals import Referrals
from sim.model.report_queue import Pool, ReportQueue, reading, reporting
from sim.model.rosters import Crew, Rosters, rostering
from sim.model.scanning import Scanning
from sim.model.sessions import Diary, Scanner
from sim.model.streams import LISTS, Streams
from sim.model.suites import Suite, scanning
from sim.model.tables import REFERRAL_OUTCOMES, Counted, Records, Tables, tables_of
from sim.model.transfers import Transferring
from sim.model.travel import Journeys
from sim.model.vetting import Vetting
from sim.model.waiting_list import ByWeek, WaitingList
from sim.model.waiting_room import WaitingRoom
from sim.model.ways import Choice, Outlook, Ways
from sim.model.works import Works


@dataclass(frozen=True)
class World:
    """A scenario worked out, ready to run; things are numbered in the order of their names.

    place_keys, without_car: one a place. groups: where a referral waits. choice: how one of several lists is picked. vetting_days: one a
    priority. redirected_to: modality by modality. missing: chance of missing an appointment by
    [site][place]. suite_of: number of the suite that takes an unscheduled patient, by [phase of
    the contract or BETWEEN, modality, place], or -1. moving: who of them goes on to another suite, and when. engineers: how many, by name. hazards: for each scanner the treatment hazard of
    its routine referrals, or None. reported_by: for each (provider, modality) the routes of
    its images to the pools that report them.
    """

    days: Days
    places: list[str]
    place_keys: list[str]
    without_car: np.ndarray
    sites: list[str]
    providers: list[str]
    arrivals: list[Arrivals]
    opening: list[OpeningList]
    journeys: Journeys
    vetting: Vetting
    vetting_days: np.ndarray
    redirected_to: dict[int, int]
    booking: Booking
    removal: Removing | None
    attendance: Attendance
    missing: list[list[float]]
    scanning: dict[int, Scanning]
    scanners: list[Scanner]
    suites: list[Suite]
    suite_of: np.ndarray
    moving: Moving | None
    crews: list[Crew]
    engineers: dict[str, int]
    groups: Groups
    choice: Choice
    transferring: Transferring | None
    agreement: Agreement | None
    hazards: list[ByWeek | None]
    pools: list[Pool]
    reported_by: dict[tuple[int, int], tuple[Route, ...]]
    requests: list[Request]

    def whereabouts(self, scanner, place=None, car=None) -> dict[str, np.ndarray]:
        """Columns `site` and `provider` of scanner numbers (-1: none), and minutes of travel there."""
        site = np.array([s.site for s in self.scanners] + [-1], dtype=np.int16)[scanner]
        provider = np.array([s.provider for s in self.scanners] + [-1], dtype=np.int16)[scanner]
        where = {"site": site, "provider": provider}
        if place is not None:
            minutes = np.stack([self.journeys.car, self.journeys.public_transport]).astype(np.float32)
            to_no_site = ((0, 0), (0, 0), (0, 1))  # whose number is the last, -1
            minutes = np.pad(minutes, to_no_site, constant_values=np.nan)
            where["travel_minutes"] = minutes[car, place, site]
        return where

    def worked_out_together(self) -> list[list[Suite]]:
        """The suites, each by itself; those of a modality together whose unscheduled patients may be moved."""
        if self.moving is None:
            return [[suite] for suite in self.suites]
        found: dict[tuple[int, int], list[Suite]] = {}
        for suite in self.suites:
            key = (suite.modality, -1) if suite.unscheduled else (suite.modality, suite.number)
            found.setdefault(key, []).append(suite)
        return list(found.values())

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """The names behind the codes, by column."""
        return {
            "modality": list(MODALITIES),
            "referrer": list(REFERRERS),
            "priority": list(PRIORITIES),
            "complexity": list(COMPLEXITIES),
            "car": list(CARS),
            "age": list(AGES),
            "mobility": list(MOBILITIES),
            "opening": ["new", "already waiting"],
            "place": self.places,
            "site": self.sites,
            "provider": self.providers,
            "scanner": [scanner.name for scanner in self.scanners],
            "referrals.outcome": list(REFERRAL_OUTCOMES),
            "appointments.outcome": list(APPOINTMENT_OUTCOMES),
            "lost_to": list(LOST_TO),
            "complete": ["no", "yes"],
            "reader": [pool.name for pool in self.pools],
            "request": [request.name for request in self.requests] + ["contract"] * bool(self.agreement),
            "does": list(DOES),
            "by": sorted({r.by for r in self.requests} | ({self.agreement.key} if self.agreement else set())),
        }


STEP_DAYS = 7
"""Somebody who may stop a replication is asked after so many simulated days."""


class Stopped(Exception):
    """A replication that nobody wants any more."""


class Simulation:
    """One replication while it runs."""

    def __init__(self, world: World, seed: int, replication: int) -> None:
        self.world = world
        self.env = simpy.Environment()
        self.streams = Streams(seed, replication)
        self.counted = Counted(world.days.window)
        self.records = Records()
        self.phase, self.open_to_unscheduled, self.course = BEFORE, BEFORE, None
        self.waiting = WaitingList(world.groups.kinds, world.hazards)
        self.works = Works(world.scanners)
        self.diary = Diary(world.scanners, world.days, world.booking, self.works)
        self.rosters = Rosters()
        self.downtimes = [Downtimes() for _ in world.scanners]
        self.engineers = {name: Engineers(count) for name, count in world.engineers.items()}
        self.use = {s.number: Use(self, s) for s in world.scanners if s.wear.use_seconds < NEVER}
        self.turned_up = [WaitingRoom() for _ in world.suites]
        self.in_use: dict[int, tuple[int, int]] = {}
        self.cap = Cap(world.agreement, world.days) if world.agreement and world.agreement.cap else None
        if world.agreement is not None:
            begin_contract(self, world.agreement)
        self.ways = [[Ways(self, kind, p) for p in range(LISTED)] for kind in world.groups.ways]
        self.lists = Draws(self, LISTS)
        self.outlook: Outlook | None = None
        self.door = Door(self)
        self.referrals = Referrals(self)
        self.images = Images(self)
        kept = self.records.reported, self.images.luck.first
        self.report_queues = [ReportQueue(pool, *kept) for pool in world.pools]
        self.decisions: list[Decision] = []

    def run(self, unwanted: Callable[[], bool] | None = None) -> None:
        """Start every process and let the clock go to the end.

        unwanted: asked now and then, changes nothing. Raises `Stopped` where it says so.
        """
        waiting_at_the_start(self)
        if self.world.agreement is not None:
            self.env.process(contracting(self, self.world.agreement))
            self.env.process(taking_the_unscheduled(self, self.world.agreement))
        self.env.process(requesting(self))
        self.env.process(referring(self))
        for crew in self.world.crews:
            self.env.process(rostering(self, crew))
        self.env.process(booking(self))
        for scanner in self.world.scanners:
            self.env.process(breaking_down(self, scanner))
        for suites in self.world.worked_out_together():
            one = len(suites) == 1
            self.env.process(scanning(self, *suites) if one else scanning_together(self, suites))
        for pool in self.world.pools:
            self.env.process(reporting(self, pool))
        if unwanted is not None:
            for day in range(STEP_DAYS, self.world.days.end, STEP_DAYS):
                self.env.run(until=day)
                if unwanted():
                    raise Stopped
        self.env.run(until=self.world.days.end)

    def look_at_lists(self) -> None:
        """Take stock of the lists and the diary, for those who have a list to pick today."""
        if self.world.groups.asks_lists:
            self.outlook = Outlook(self)

    def tables(self) -> Tables:
        """The four tables as they stand."""
        waiting = [*self.referrals.in_vetting.values(), [one[2] for one in self.referrals.between]]
        self.counted.still = {
            "in vetting": sum(not referral.gone for queue in waiting for referral in queue),
            "listed": sum(group.count for group in self.waiting.groups),
            "booked": sum(len(s.booked) for sessions in self.diary.ahead.values() for s in sessions),
            "turned up": sum(len(queue) for queue in self.turned_up),
        }
        self.counted.reading = [queue.account() for queue in self.report_queues]
        tables = tables_of(self)
        rows = tables.referrals
        rows["before_request_days"] = days_before_request(self.world.arrivals)[rows["modality"]]
        rows |= reading(self.report_queues, rows["scanned"])
        return tables


def simulate(world: World, seed: int, replication: int, unwanted: Callable[[], bool] | None = None) -> Tables:
    """Run one replication, check every law on it and return the four tables.

    The same world, seed and replication give the same tables to the last bit.
    unwanted: whether it may stop; asked now and then, changes nothing.
    Raises `LawBroken` when a law does not hold, `Stopped` where it is unwanted.
    """
    with without_garbage_collection():
        simulation = Simulation(world, seed, replication)
        try:
            simulation.run(unwanted)
            tables = simulation.tables()
        finally:
            vars(simulation).clear()  # its parts point at it, and nobody collects
    check_laws(tables)
    return tables


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """A referral is let go when the last one forgets it; looking for cycles among them takes a third of
    the time and finds none."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
