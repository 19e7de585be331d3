"""The world put together, and one replication of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import simpy

from sim.model.attendance import Attendance
from sim.model.booking import Booking, booking
from sim.model.breakdowns import Downtimes, breaking_down
from sim.model.calendar import Days
from sim.model.demand import PRIORITIES, Arrivals, days_before_request, referring
from sim.model.images import Images, Route
from sim.model.laws import check_laws
from sim.model.records import (
    REFERRAL_OUTCOMES,
    Counted,
    Referrals,
    Tables,
    labels_of,
    no_decisions,
    session_table,
)
from sim.model.report_queue import Pool, ReportQueue, reading, reporting
from sim.model.scanning import APPOINTMENT_OUTCOMES, LOST_TO, Scanning, scanning
from sim.model.sessions import Diary, Scanner
from sim.model.streams import Streams
from sim.model.travel import Journeys
from sim.model.waiting_list import WaitingList


@dataclass(frozen=True)
class World:
    """A scenario worked out, ready to run; things are numbered in the order of their names.

    place_keys, without_car: one a place. groups: for each group the scanners that may take it;
    group_of: group number by [modality, place, priority, complexity]. vetting_days: one a priority.
    missing: chance of missing an appointment by [site][place]. reported_by: for each (provider,
    modality) the routes of its images to the pools that report them.
    """

    days: Days
    places: list[str]
    place_keys: list[str]
    without_car: np.ndarray
    sites: list[str]
    providers: list[str]
    arrivals: list[Arrivals]
    journeys: Journeys
    vetting_days: np.ndarray
    booking: Booking
    attendance: Attendance
    missing: list[list[float]]
    scanning: dict[int, Scanning]
    scanners: list[Scanner]
    groups: list[tuple[int, ...]]
    group_of: np.ndarray
    pools: list[Pool]
    reported_by: dict[tuple[int, int], tuple[Route, ...]]

    def whereabouts(self, scanner, place=None, car=None) -> dict[str, np.ndarray]:
        """Columns `site` and `provider` of scanner numbers (-1: none), and minutes of travel there."""
        site = np.array([s.site for s in self.scanners] + [-1], dtype=int)[scanner]
        provider = np.array([s.provider for s in self.scanners] + [-1], dtype=int)[scanner]
        where = {"site": site, "provider": provider}
        if place is not None:
            minutes = np.stack([self.journeys.car, self.journeys.public_transport])
            where["travel_minutes"] = np.where(site >= 0, minutes[car, place, site], np.nan)
        return where


class Simulation:
    """One replication while it runs."""

    def __init__(self, world: World, seed: int, replication: int) -> None:
        self.world = world
        self.env = simpy.Environment()
        self.streams = Streams(seed, replication)
        self.counted = Counted(world.days.window)
        self.referrals = Referrals(self)
        self.waiting = WaitingList(world.groups, len(world.scanners), len(PRIORITIES))
        self.diary = Diary(world.scanners, world.days)
        self.downtimes = [Downtimes() for _ in world.scanners]
        self.images = Images(self)
        kept = self.referrals.priority, self.referrals.reported, self.images.luck
        self.report_queues = [ReportQueue(pool, *kept) for pool in world.pools]
        self.session_records: list[tuple] = []

    def run(self) -> None:
        """Start every process and let the clock go to the end."""
        self.env.process(referring(self))
        self.env.process(booking(self))
        for scanner in self.world.scanners:
            self.env.process(breaking_down(self, scanner))
            self.env.process(scanning(self, scanner))
        for pool in self.world.pools:
            self.env.process(reporting(self, pool))
        self.env.run(until=self.world.days.end)

    def tables(self) -> Tables:
        """The four tables as they stand."""
        appointments = self.referrals.appointment_table()
        referrals = self.referrals.referral_table(appointments)
        world = self.world
        referrals["before_request_days"] = days_before_request(world.arrivals)[referrals["modality"]]
        referrals |= reading(self.report_queues, referrals["scanned"])
        scanners = [scanner.name for scanner in world.scanners]
        labels = labels_of(world.places, world.sites, world.providers, scanners)
        labels |= {
            "referrals.outcome": list(REFERRAL_OUTCOMES),
            "appointments.outcome": list(APPOINTMENT_OUTCOMES),
            "lost_to": list(LOST_TO),
            "complete": ["no", "yes"],
            "reader": [pool.name for pool in world.pools],
        }
        sessions = session_table(self)
        self.counted.still = {
            "in vetting": sum(len(q) for queues in self.referrals.in_vetting.values() for q in queues),
            "listed": sum(group.count for group in self.waiting.groups),
            "booked": sum(len(session.booked) for session in self.diary.sessions),
        }
        self.counted.reading = [queue.account() for queue in self.report_queues]
        return Tables(referrals, appointments, sessions, no_decisions(), labels, self.counted)


def simulate(world: World, seed: int, replication: int) -> Tables:
    """Run one replication, check every law on it and return the four tables.

    The same world, seed and replication give the same tables to the last bit.
    Raises `LawBroken` when a law does not hold.
    """
    simulation = Simulation(world, seed, replication)
    simulation.run()
    tables = simulation.tables()
    check_laws(tables)
    return tables
