"""Every referral of one replication, from the door until it leaves the list."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincinv, ndtri

from sim.model.couch import (
    ATTENDED,
    CANCELLED_BY_HOSPITAL,
    CANCELLED_BY_PATIENT,
    CANCELLING,
    COUCH,
    MISSED,
    NOTHING,
    QUALITY,
    Happened,
)
from sim.model.demand import (
    LISTED,
    ON_REQUEST,
    REMOVED,
    VETTED,
)
from sim.model.draws import Draws
from sim.model.giving_up import GivingUp
from sim.model.section import SECONDS_A_DAY
from sim.model.streams import ATTEMPTS
from sim.model.tables import REFERRAL_OUTCOMES, Table

if TYPE_CHECKING:
    from sim.model.scanning import Scanning
    from sim.model.sessions import Scanner, Session
    from sim.model.simulation import Simulation
    from sim.model.waiting_list import Queue
    from sim.model.ways import Ways

WAITING, SCANNED, REJECTED, REDIRECTED, REMOVED_FROM_LIST, DISCHARGED = range(len(REFERRAL_OUTCOMES))


class Referral:
    """What events read of one referral while it is under way; the rest is in the tables.

    luck: drawn for the present attempt, [missing, factor on the mean couch time, cancelling, quality]. ways: the lists it may join; None for the unscheduled. queue: that it joined last. day: under
    which it is listed. session, slot: as booked. gone: it left.
    """

    __slots__ = (
        "attempts",
        "clock_start",
        "complexity",
        "day",
        "gone",
        "listed",
        "luck",
        "misses",
        "modality",
        "number",
        "place",
        "priority",
        "queue",
        "referred",
        "session",
        "slot",
        "ways",
    )

    def __init__(
        self,
        number: int,
        modality: int,
        place: int,
        priority: int,
        complexity: int,
        ways: Ways | None,
        referred: float,
        listed: float,
        luck: list[float],
    ) -> None:
        self.number = number
        self.modality = modality
        self.place = place
        self.priority = priority
        self.complexity = complexity
        self.ways = ways
        self.queue: Queue | None = None
        self.referred = referred
        self.clock_start = referred
        self.listed = listed
        self.luck = luck
        self.day: int | None = None
        self.session: Session | None = None
        self.slot = 0
        self.attempts = 0
        self.misses = 0
        self.gone = False


def due_of(referral: Referral) -> float:
    """When somebody who is booked is due, in days."""
    return referral.session.day + referral.session.starts[referral.slot] / SECONDS_A_DAY


def cancels_at(referral: Referral, booked: float, due: float, chance: float) -> float:
    """When somebody who cancels does so: evenly between the booking and the slot."""
    return booked + (due - booked) * referral.luck[CANCELLING] / chance


def couch_factor(u: np.ndarray | float, how: Scanning) -> np.ndarray:
    """Quantiles `u` of a modality's time on the couch over its mean."""
    variance = how.couch_time_variation**2
    if how.couch_time_shape == "gamma":
        return gammaincinv(1 / variance, u) * variance
    sigma = math.sqrt(math.log1p(variance))
    return np.exp(sigma * ndtri(u) - sigma * sigma / 2)


def each_modality(modality: np.ndarray) -> Iterator[tuple[int, np.ndarray | slice]]:
    """(modality, its rows) of referrals; nearly always those who come together need the same one."""
    if len(modality) and (modality == modality[0]).all():
        yield int(modality[0]), slice(None)
    else:
        for one in np.unique(modality).tolist():
            yield one, modality == one


class Referrals:
    """Vetting, the list, and what follows an appointment."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.attempts = Draws(sim, ATTEMPTS, self._couch_factors)
        self.in_vetting: dict[tuple[int, int], deque[Referral]] = {}
        self.between: list[tuple[float, int, Referral]] = []
        self.turned_down: dict[int, int] = {}
        self.giving_up = GivingUp()
        self.to_cancel: list[tuple[float, int, Referral, Session, int]] = []
        self.returning: list[tuple[float, int, Referral, int]] = []

    # ---- vetting

    def go_into_vetting(self, rows: Table, u: np.ndarray, made: list[Referral]) -> None:
        """Who has come waits to be vetted; it is drawn who will be turned down, and who will give up."""
        world, priority = self.sim.world, rows["priority"]
        vetting, removal = world.vetting, world.removal
        is_vetted = (priority < ON_REQUEST) & (rows["opening"] == 0)
        down = np.flatnonzero((u[:, VETTED] < vetting.rejected + vetting.redirected) & is_vetted)
        for at in down.tolist():
            outcome = REJECTED if u[at, VETTED] < vetting.rejected else REDIRECTED
            self.turned_down[made[at].number] = outcome
        if removal is not None:
            waited = np.maximum(-rows["referred"], 0)
            goes = rows["referred"] + removal.days(u[:, REMOVED], waited)
            for at in np.flatnonzero((goes < world.days.end) & (priority < LISTED)).tolist():
                self.giving_up.expect(made[at], float(goes[at]))
        modality = rows["modality"]
        for one, these in each_modality(modality):
            for level in np.flatnonzero(np.bincount(priority[these])[:LISTED]).tolist():
                key = one, level
                which = np.flatnonzero((modality == one) & (priority == level)).tolist()
                queue = self.in_vetting.setdefault(key, deque())
                if queue and made[which[0]].listed < queue[-1].listed:
                    self._among_those_in_vetting(made[w] for w in which)
                else:
                    queue.extend(made[w] for w in which)

    def _among_those_in_vetting(self, made: Iterable[Referral]) -> None:
        """Whoever comes while later ones are known already: returns, and a second opening list."""
        for referral in made:
            heappush(self.between, (referral.listed, referral.number, referral))

    # ---- the list

    def on_the_lists(self) -> list[Referral]:
        """Requested and not scanned: in vetting, listed or booked; planned scans are not on the list."""
        sim = self.sim
        between = [referral for _, _, referral in self.between]
        listed = (group.everybody() for group in sim.waiting.groups)
        booked = (s.booked.values() for sessions in sim.diary.ahead.values() for s in sessions)
        everybody = chain(*self.in_vetting.values(), between, *listed, *booked)
        return [r for r in everybody if r.priority < ON_REQUEST and not r.gone]

    def on_the_list(self, modality: int) -> list[Referral]:
        """Those of them who wait for one modality."""
        return [referral for referral in self.on_the_lists() if referral.modality == modality]

    def mean_waiting_days(self, modality: int) -> float:
        """Mean days on the clock of those on a modality's list as it stands; nan where nobody is."""
        waiting = self.on_the_list(modality)
        started = math.fsum(referral.clock_start for referral in waiting)
        return self.sim.env.now - started / len(waiting) if waiting else math.nan

    def list_the_vetted(self, now: float) -> None:
        """Put on the list whoever was vetted by `now`."""
        turned_down, floor = self.turned_down, math.floor
        while self.between and self.between[0][0] <= now:
            self._vet(heappop(self.between)[2])
        for queue in self.in_vetting.values():
            while queue and queue[0].listed <= now:
                referral = queue.popleft()
                if referral.gone or (turned_down and referral.number in turned_down):
                    self._vet(referral)
                else:
                    referral.ways.join(referral, floor(referral.referred))

    def _vet(self, referral: Referral) -> None:
        if self.turned_down and referral.number in self.turned_down:
            if not referral.gone:
                self._turn_down(referral)
        elif not referral.gone:
            referral.ways.join(referral, math.floor(referral.referred))

    def _turn_down(self, referral: Referral) -> None:
        outcome = self.turned_down.pop(referral.number)
        self.leave(referral, outcome, referral.listed)
        to = self.sim.world.redirected_to.get(referral.modality)
        if outcome == REDIRECTED and to is not None:
            heappush(self.returning, (referral.listed, referral.number, referral, to))

    def remove_and_cancel(self, now: float) -> None:
        """Who gave up by `now` leaves the list; who cancelled rejoins it, and the slot is free."""
        for referral in self.giving_up.by(now):
            if not referral.gone and referral.session is not None and due_of(referral) <= now:
                self.giving_up.expect(referral, math.floor(now) + 1.0)
            elif not referral.gone:
                if referral.session is not None:
                    self._take_back(referral, now)
                elif referral.day is not None:
                    referral.queue.remove(referral, referral.day)
                self.leave(referral, REMOVED_FROM_LIST, now)
        while self.to_cancel and self.to_cancel[0][0] <= now:
            at, _, referral, session, slot = heappop(self.to_cancel)
            if referral.session is session and referral.slot == slot and session.booked.get(slot) is referral:
                self._take_back(referral, at)
                self._again(referral, CANCELLED_BY_PATIENT, at)

    def file_cancellations(self, referrals: list[Referral], now: float) -> None:
        """Note who of those just booked will cancel, and when: evenly between booking and slot."""
        chance = self.sim.world.attendance.cancelled_by_patient
        for referral in referrals if chance else ():
            if referral.luck[CANCELLING] < chance:
                at = cancels_at(referral, now, due_of(referral), chance)
                heappush(self.to_cancel, (at, referral.number, referral, referral.session, referral.slot))

    def call_off(self, sessions: list[Session]) -> None:
        """Whoever is booked into sessions that will not be held is told so and rejoins the list.

        Not who gave up or cancelled since the clerk looked last.
        """
        now = self.sim.env.now
        self.remove_and_cancel(now)
        for session in sessions:
            for referral in list(session.booked.values()):
                self._take_back(referral, now, CANCELLED_BY_HOSPITAL)
                self._again(referral, CANCELLED_BY_HOSPITAL, now)

    def _take_back(self, referral: Referral, at: float, outcome: int = CANCELLED_BY_PATIENT) -> None:
        session, slot = referral.session, referral.slot
        due, made = session.starts[slot], session.made[slot]
        session.cancel(slot)
        if self.sim.cap is not None:
            self.sim.cap.count(session, -1)
        cancelled = [(referral, due, made, outcome, NOTHING, -1, -1, 0, 0)]
        self.sim.counted.closed[outcome] += 1
        self.sim.records.close(session.number, session.scanner.number, session.day, cancelled, at)

    def leave(self, referral: Referral, outcome: int, at: float) -> None:
        """A referral leaves the list without a scan."""
        referral.gone = True
        self.sim.records.leave(referral.number, outcome, at)
        self.sim.counted.leave(outcome, at)

    def leave_unscanned(self, referral: Referral, at: float) -> None:
        """An unscheduled patient, who is on no list, does not wait any longer."""
        self.sim.records.leave(referral.number, REMOVED_FROM_LIST, at)
        self.sim.counted.left[REMOVED_FROM_LIST] += 1

    # ---- appointments

    def close(self, session: int, scanner: Scanner, day: int, happened: list[Happened]) -> None:
        """Keep what became of a stretch's patients: who was scanned leaves the list, the others rejoin.

        The images go to their readers.
        """
        self.sim.records.close(session, scanner.number, day, happened)
        counted, returns, (share, after) = self.sim.counted, scanner.returns[0] > 0, scanner.returns
        scans = seconds = 0
        for referral, due, made, outcome, _, _, end, _, complete in happened:
            if due < 0:
                counted.unscheduled(outcome)
            elif complete:
                scans += 1
                seconds += end
                referral.gone = True
                if returns and referral.luck[QUALITY] > 1 - share * (1 - scanner.incomplete):
                    at = day + end / SECONDS_A_DAY + after
                    heappush(self.returning, (at, referral.number, referral, referral.modality))
            else:
                counted.closed[outcome] += 1
                referral.session = None
                at = day + (end if outcome == ATTENDED else due) / SECONDS_A_DAY
                if outcome == CANCELLED_BY_PATIENT:
                    at = cancels_at(referral, made, at, self.sim.world.attendance.cancelled_by_patient)
                self._again(referral, outcome, at)
        counted.closed[ATTENDED] += scans
        counted.scan(day, scans, seconds)
        self.sim.images.send(scanner, day, happened)

    def _again(self, referral: Referral, outcome: int, at: float) -> None:
        """Who was not scanned is discharged, or rejoins the list by the rules for what happened."""
        rules, place = self.sim.world.attendance, None
        if outcome == MISSED:
            referral.misses += 1
            place, clock = rules.place_after_missed, rules.clock_after_missed
            if rules.discharged_after is not None and referral.misses >= rules.discharged_after:
                self.leave(referral, DISCHARGED, at)
                return
        elif outcome == CANCELLED_BY_PATIENT:
            place, clock = rules.place_after_cancelled, rules.clock_after_cancelled
        else:
            place, clock = self.sim.world.scanning[referral.modality].place_after_displaced, "continues"
        if clock == "resets":
            referral.clock_start = at
            self.sim.records.reset_clock(referral.number, at)
        self._draw_next_attempt(referral)
        referral.ways.rejoin(referral, math.floor(referral.referred if place == "keeps_place" else at))

    def _draw_next_attempt(self, referral: Referral) -> None:
        """Everything random about an attempt is its own: the same in every provision model."""
        referral.luck = self.attempts.row(referral.number, referral.attempts)
        referral.attempts += 1

    def _couch_factors(self, u: np.ndarray, modality: np.ndarray) -> None:
        """Put the factor on the couch time in place of the uniform that it comes from."""
        for one, these in each_modality(modality):
            u[these, COUCH] = couch_factor(u[these, COUCH], self.sim.world.scanning[one])
