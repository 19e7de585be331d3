"""One scanner's couch while a session, or a night on call, is worked out."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sim.model.breakdowns import NEVER
from sim.model.section import SECONDS_A_DAY

if TYPE_CHECKING:
    from sim.model.breakdowns import Use
    from sim.model.referrals import Referral
    from sim.model.sessions import Scanner, Session
    from sim.model.simulation import Simulation
    from sim.model.waiting_room import WaitingRoom

USES = ("used", "idle", "set_up", "down", "maintenance", "no_crew", "blocked", "no_tracer")
"""What the seconds of a session go to; the last four only of sessions that are lost as a whole."""
NO_USE = (0,) * len(USES)

APPOINTMENT_OUTCOMES = (
    "booked",
    "attended",
    "missed",
    "cancelled_by_patient",
    "cancelled_by_hospital",
    "displaced",
)
LOST_TO = ("", "breakdown", "overrun", "crew", "tracer", "van", "maintenance")
BOOKED, ATTENDED, MISSED, CANCELLED_BY_PATIENT, CANCELLED_BY_HOSPITAL, DISPLACED = range(
    len(APPOINTMENT_OUTCOMES)
)
NOTHING, BREAKDOWN, OVERRUN, CREW, TRACER, VAN, MAINTENANCE = range(len(LOST_TO))

ATTENDING, COUCH, CANCELLING, QUALITY = range(4)
"""What is drawn for an attempt, in this order: uniforms, but for the factor on the mean couch time."""
Downtime = list[tuple[int, int]]
"""When the scanner was down: (from, to) in seconds since midnight, in the order of their beginning."""
Happened = tuple
"""What became of an appointment: (referral, due, made, outcome, lost_to, begin, end, seconds on the
couch, complete). due, begin and end in seconds since midnight, -1 where there was none; made, the
time of booking, in days."""
FOR_EVER = 2**60
NOT_YET = -FOR_EVER


class Bays:
    """Uptake bays, each held from the tracer's injection to the beginning of the scan."""

    def __init__(self, count: int, uptake: int) -> None:
        self.free_from, self.uptake = [0] * count, uptake

    def enter(self, second: int) -> int:
        """Take the first bay that is free from `second` on; returns when the scan can begin."""
        return max(second, heappop(self.free_from)) + self.uptake

    def leave(self, second: int) -> None:
        """The bay entered last is free from `second` on."""
        heappush(self.free_from, second)


class Couch:
    """Goes through a stretch of time once; each second is counted when it passes.

    session: whose patients it scans; None while the scanner is only on call. opens, closes: of the
    stretch, in seconds since midnight of `day`. downtime: the scanner's, one list for all stretches of
    the day. announced: until when patients were told not to come. Time from `counts_until` on, when
    the next session opens or the day is over, counts there: `used_beyond` of it on the couch. free_until:
    nothing happens by itself before then, so that an unscheduled patient who turns up by then is next.
    """

    def __init__(
        self,
        sim: Simulation,
        scanner: Scanner,
        day: int,
        opens: int,
        closes: int,
        downtime: tuple[Downtime, int],
        session: Session | None = None,
        bays: Bays | None = None,
    ) -> None:
        self.scanner, self.day, self.opens, self.closes, self.session = scanner, day, opens, closes, session
        self.how = sim.world.scanning[scanner.modality]
        self.couch_seconds, self.incomplete = scanner.couch_seconds, scanner.incomplete
        self.missing = sim.world.missing[scanner.site]
        self.cancelled = sim.world.attendance.cancelled_by_patient
        self.longest_wait = self.how.longest_wait_on_the_day * SECONDS_A_DAY
        self.latest_end = session.latest_end if session else FOR_EVER
        self.booked: list[tuple[int, float, Referral]] = session.in_order() if session else []
        self.next = 0
        self.bays: Bays | None = bays
        self.use: Use | None = sim.use.get(scanner.number)
        self.downtime, self.announced = downtime
        self.happened: list[Happened] = []
        self.used = self.idle = self.down = self.set_up = 0
        self.clock, self.free_until = opens, NOT_YET
        self.counts_until: int = SECONDS_A_DAY
        self.used_beyond = 0
        self.late_because = OVERRUN

    def start(self, free_from: int, used_beyond: int = 0) -> None:
        """Begin, once the couch is free: who was on it before stays on it into this stretch.

        used_beyond: seconds of that on which somebody was on the couch, and not waiting for a repair.
        """
        if free_from > self.clock:
            here = max(0, min(free_from, self.counts_until) - self.clock)
            used = min(used_beyond, here)
            self.used += used
            self.down += here - used
            self.used_beyond += used_beyond - used
            self.clock = free_from
        if self.session:
            ready = self.clock + self.session.set_up
            self.set_up += max(0, min(ready, self.counts_until) - self.clock)
            self.clock = ready

    # ---- booked patients

    def scan_all(self) -> None:
        """All booked patients one after the other."""
        while self.next < len(self.booked):
            self._scan_while_nothing_fails(FOR_EVER)
            if self.next < len(self.booked):
                self.scan_next()

    def _scan_while_nothing_fails(self, until: int) -> None:
        """`scan_next` again and again, until the couch is free for somebody who turns up at `until`.

        Most patients of any run are scanned in this loop, so nothing in it is looked up twice; it stops
        at whoever needs more thought: a bay, a scanner that fails, a scan into the next session.
        """
        if self.downtime or self.bays:
            return
        booked, happened = self.booked, self.happened
        if self.next == len(booked):
            return
        missing, cancelled, incomplete, lasting = (
            self.missing, self.cancelled, self.incomplete, self.couch_seconds
        )  # fmt: skip
        clock, closes, latest, longest_wait = self.clock, self.closes, self.latest_end, self.longest_wait
        stops, counts_until, used = until < closes, self.counts_until, 0
        works_for = self.use.left if self.use else NEVER
        for at in range(self.next, len(booked)):
            due, made, referral = booked[at]
            if stops and clock < closes and (until <= clock or until <= due):
                break
            begin = due if due > clock else clock
            misses, factor, cancels, quality = referral.luck
            lasts = round(lasting[referral.complexity] * factor) or 1
            end = begin + lasts
            if cancels < cancelled:
                happened.append((referral, due, made, CANCELLED_BY_PATIENT, NOTHING, -1, -1, 0, 0))
            elif misses < missing[referral.place]:
                happened.append((referral, due, made, MISSED, NOTHING, -1, -1, 0, 0))
            elif end > latest or begin - due > longest_wait:
                happened.append((referral, due, made, DISPLACED, OVERRUN, -1, -1, 0, 0))
            elif end > counts_until or lasts >= works_for:
                break
            else:
                complete = 1 if quality >= incomplete else 0
                happened.append((referral, due, made, ATTENDED, NOTHING, begin, end, lasts, complete))
                used, works_for, clock = used + lasts, works_for - lasts, end
        else:
            at += 1
        self.idle += clock - self.clock - used
        self.next, self.clock, self.used = at, clock, self.used + used
        if self.use:
            self.use.left = works_for

    def scan_next(self) -> None:
        """What becomes of the booked patient who is next, from the couch's clock on."""
        due, made, referral = self.booked[self.next]
        self.next += 1
        misses, _, cancels, quality = referral.luck
        if cancels < self.cancelled:
            self._not_scanned(referral, due, made, CANCELLED_BY_PATIENT, NOTHING)
            return
        if due < self.announced and self.when_up(due) - due > self.longest_wait:
            self._not_scanned(referral, due, made, CANCELLED_BY_HOSPITAL, BREAKDOWN)
            return
        if misses < self.missing[referral.place]:
            self._not_scanned(referral, due, made, MISSED, NOTHING)
            return
        ready = self.bays.enter(due) if self.bays else due
        begin = self.clock
        if begin <= ready:
            begin, self.late_because = ready, OVERRUN
        if self.downtime:
            up = self.when_up(begin)
            if up > begin:
                begin, self.late_because = up, BREAKDOWN
        lasts = self.lasts(referral)
        too_late = begin + lasts > self.latest_end
        if self.bays:
            too_late = too_late or begin - due - self.bays.uptake > self.longest_wait
            self.bays.leave(ready if too_late else begin)
        if too_late or begin - ready > self.longest_wait:
            outcome = CANCELLED_BY_HOSPITAL if due < self.announced else DISPLACED
            self._not_scanned(referral, due, made, outcome, self.late_because)
            return
        end, used, done = self.lie(begin, lasts, self.latest_end)
        if done:
            complete = 1 if quality >= self.incomplete else 0
            self.happened.append((referral, due, made, ATTENDED, NOTHING, begin, end, used, complete))
        else:
            self.happened.append((referral, due, made, DISPLACED, BREAKDOWN, begin, end, used, 0))

    def _not_scanned(self, referral: Referral, due: int, made: float, outcome: int, lost_to: int) -> None:
        self.happened.append((referral, due, made, outcome, lost_to, -1, -1, 0, 0))

    def lasts(self, referral: Referral) -> int:
        """Whole seconds that a referral's scan takes on this scanner."""
        return round(self.couch_seconds[referral.complexity] * referral.luck[COUCH]) or 1

    def lie(self, begin: int, lasts: int, latest: int) -> tuple[int, int, bool]:
        """(when the scan ends, seconds on the couch, whether it was done); the clock goes there.

        latest: who has to wait for a repair does so when the scan can still end by then.
        """
        end = begin + lasts
        if end <= self.counts_until and not self.downtime and (not self.use or self.use.lasts(lasts)):
            self.idle += begin - self.clock
            self.used += lasts
            self.clock = end
            return end, lasts, True
        if begin > self.clock:
            self.pass_time(begin)
        return self._lie_on_one_that_fails(begin, lasts, latest)

    def _lie_on_one_that_fails(self, begin: int, lasts: int, latest: int) -> tuple[int, int, bool]:
        rule, used, left = self.how.on_the_table, 0, lasts
        while True:
            fails = self.failure_between(begin, begin + left)
            if fails is None or rule == "finishes":
                self._use(begin + left)
                return self.clock, used + left, True
            self._use(fails)
            used += fails - begin
            left = left - (fails - begin) if rule == "resumes" else lasts
            begin = self.when_up(fails)
            if rule == "rebooked" or begin + left > latest:
                return fails, used, False
            self.pass_time(begin)

    def _use(self, until: int) -> None:
        if until <= self.counts_until:
            self.used += until - self.clock
        else:
            self.used_beyond += until - max(self.clock, self.counts_until)
            self.used += max(0, self.counts_until - self.clock)
        self.clock = until

    # ---- unscheduled patients

    def go_on(self, until: int) -> bool:
        """Go on to where an unscheduled patient who turns up at `until` would be next.

        Returns False when the stretch is over before.
        """
        booked = self.booked
        while not self.is_free(until):
            if self.next < len(booked) and (
                booked[self.next][0] < until or self.closes <= max(until, self.clock)
            ):
                self._scan_while_nothing_fails(until)
            if self.clock < self.closes and not self.downtime and not self.bays:
                due = booked[self.next][0] if self.next < len(booked) else FOR_EVER
                self.free_until = max(self.clock, min(due, self.closes - 1))
                if until <= self.free_until:
                    return True
            if not self.step(until):
                return False
        self.free_until = self.clock
        return True

    def is_free(self, second: int) -> bool:
        """Whether an unscheduled patient who turned up at `second` is next, as the couch's clock stands."""
        clock = self.clock
        return second <= clock < self.closes and (not self.downtime or self.when_up(clock) == clock)

    def step(self, arrives: int) -> bool:
        """One step in time: a booked patient, a repair, or waiting for one of them or for who `arrives`.

        Returns False when the stretch is over.
        """
        clock, staffed = self.clock, self.clock < self.closes
        due = self.booked[self.next][0] if self.next < len(self.booked) else FOR_EVER
        if staffed and self.downtime and self.when_up(clock) > clock:
            self.pass_time(min(self.when_up(clock), self.closes))
            self.late_because = BREAKDOWN
        elif due < FOR_EVER and (due <= clock or not staffed):
            self.scan_next()
        elif staffed:
            self.pass_time(min(due, arrives, self.closes))
        else:
            return False
        return True

    def scan_unscheduled(self, waiting: WaitingRoom) -> None:
        """Scan the unscheduled patient who is first; one whose scan is broken off waits again.

        On call they lie through a repair, in a session only if they can be done before it closes.
        """
        begin = max(self.clock, waiting[0][0] - self.day * SECONDS_A_DAY)
        latest = self.closes if self.session else FOR_EVER
        _, number, referral = waiting.call(begin + self.day * SECONDS_A_DAY)
        end, used, done = self.lie(begin, self.lasts(referral), latest)
        outcome, lost_to = (ATTENDED, NOTHING) if done else (DISPLACED, BREAKDOWN)
        self.happened.append((referral, -1, -1.0, outcome, lost_to, begin, end, used, int(done)))
        if not done:
            waiting.call_again(end + self.day * SECONDS_A_DAY, number, referral)
        self.free_until = NOT_YET

    # ---- time

    def when_up(self, second: int) -> int:
        """The first second from `second` on at which the scanner works."""
        for start, end in self.downtime:
            if start <= second < end:
                second = end
        return second

    def failure_between(self, begin: int, end: int) -> int | None:
        """When the scanner fails under the patient who is on the table from `begin` to `end`."""
        fails = next((start for start, _ in self.downtime if begin < start < end), None)
        if self.use:
            wears_out = self.use.run(self.day, begin, (fails or end) - begin)
            if wears_out:
                self.downtime.append(wears_out)
                self.downtime.sort()
                return wears_out[0]
        return fails

    def pass_time(self, until: int) -> None:
        """Let time without a patient pass: down while the scanner is down, otherwise idle."""
        clock, counted = self.clock, max(self.clock, min(until, self.counts_until))
        for start, end in self.downtime:
            if start < counted and end > clock:
                start, end = max(start, clock), min(end, counted)
                self.idle += start - clock
                self.down += end - start
                clock = end
        self.idle += counted - clock
        self.clock = until

    def account(self) -> tuple[int, ...]:
        """(open, overrun, seconds by use); a night on call has only the seconds that were used."""
        if self.session is None:
            return 0, self.used, self.used, *NO_USE[1:]
        if self.clock < self.closes:
            self.pass_time(self.closes)
        overrun = max(0, min(self.clock, self.counts_until) - self.closes)
        return self.closes - self.opens, overrun, self.used, self.idle, self.set_up, self.down, *NO_USE[4:]


def downtime_in(sim: Simulation, scanner: Scanner, day: int) -> tuple[Downtime, int]:
    """(when a scanner is down on a day or from it on; until when patients were told not to come).

    A scanner that is down at midnight is known to be down: who was due before it worked again was
    told in the morning not to come.
    """
    found: Downtime = []
    announced = 0
    for start, end in sim.downtimes[scanner.number].since(day):
        if start < scanner.wear.renewed <= day:
            continue  # the new scanner has nothing to be repaired
        start_s = max(round((start - day) * SECONDS_A_DAY), 0)
        end_s = round(min((end - day) * SECONDS_A_DAY, FOR_EVER))
        if start_s < end_s:
            found.append((start_s, end_s))
            if start < day:
                announced = max(announced, end_s)
    return found, announced
