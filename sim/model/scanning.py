"""What happens in a session, worked out at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sim.model.quantity import Duration, Fraction, PositiveDuration, Ratio, Share
from sim.model.section import SECONDS_A_DAY, Section

if TYPE_CHECKING:
    from sim.model.sessions import Scanner, Session
    from sim.model.simulation import Simulation


class Scanning(Section):
    """How one modality is scanned and how its scanners fail."""

    couch_time: PositiveDuration
    """Mean time on the couch, turn-round included, on a scanner of relative sensitivity 1."""
    couch_time_variation: Ratio
    """Coefficient of variation of the time on the couch (lognormal)."""
    made_up_by_longer_scanning: Fraction
    """Share c of a lower relative sensitivity s made up by scanning longer: time x (1/s)^c."""
    longest_wait_on_the_day: Duration
    """A patient whose scan cannot begin so long after the slot is displaced."""
    longest_overrun: Duration
    """How long after closing time a scan may still end."""
    uptime: Share
    """Share of calendar time at which a scanner works."""
    repair_time: Duration
    """Mean time to repair, by calendar time."""
    on_the_table: Literal["finishes", "rebooked"]
    """What happens to the patient being scanned when the scanner fails."""
    place_after_displaced: Literal["end_of_list", "keeps_place"]
    """Where on the list a displaced patient rejoins."""


USES = ("used", "idle", "set_up", "down", "maintenance", "no_crew", "blocked", "no_tracer")
"""What the seconds of a session go to."""

APPOINTMENT_OUTCOMES = (
    "booked",
    "attended",
    "missed",
    "cancelled_by_patient",
    "cancelled_by_hospital",
    "displaced",
)
LOST_TO = ("", "breakdown", "overrun", "crew", "tracer", "van", "maintenance")
BOOKED, ATTENDED, MISSED, _, CANCELLED_BY_HOSPITAL, DISPLACED = range(len(APPOINTMENT_OUTCOMES))
NOTHING, BREAKDOWN, OVERRUN = range(3)

Downtime = list[tuple[int, int]]
"""When the scanner was down in a session: (from, to) in seconds since midnight, in order."""


def scanning(sim: Simulation, scanner: Scanner):
    """A scanner's working life: one event a session, at its latest end."""
    ahead = sim.diary.ahead[scanner.number]
    while True:
        if ahead:
            session = ahead.popleft()
            yield sim.env.timeout(session.latest_end_time() - sim.env.now)
            work_out(sim, session)
        else:
            yield sim.env.timeout(int(sim.env.now) + 1 - sim.env.now)


def work_out(sim: Simulation, session: Session) -> None:
    """Merge a session's booked patients, set-up and downtime in time order.

    Its clock goes through the session once; each second is counted when it passes. What became of
    each appointment is (row, due, made, outcome, lost_to, begin, end): due, begin and end of the scan
    in seconds since midnight, -1 where no scan began; made, the time of booking, in days.
    """
    scanner, rows = session.scanner, sim.referrals
    how, missing = sim.world.scanning[scanner.modality], sim.world.missing[scanner.site]
    longest_wait = how.longest_wait_on_the_day * SECONDS_A_DAY
    downtime, announced = downtime_in(sim, session)
    seconds = dict.fromkeys(USES, 0)
    seconds["set_up"] += scanner.set_up
    clock = session.opens + scanner.set_up
    attempt, place, latest_end, made = rows.attempt, rows.place, session.latest_end, session.made
    happened, late_because = [], OVERRUN
    for slot, row in sorted(session.booked.items()):
        u, factor = attempt[row]
        due = session.starts[slot]
        if u < missing[place[row]]:
            happened.append((row, due, made[slot], MISSED, NOTHING, -1, -1))
            continue
        begin = clock if clock > due else due
        if begin == due:
            late_because = OVERRUN
        if downtime and when_up(downtime, begin) > begin:
            begin, late_because = when_up(downtime, begin), BREAKDOWN
        end = begin + (round(scanner.couch_seconds * factor) or 1)
        if begin - due > longest_wait or end > latest_end:
            outcome = CANCELLED_BY_HOSPITAL if due < announced else DISPLACED
            happened.append((row, due, made[slot], outcome, late_because, -1, -1))
            continue
        if begin > clock:
            pass_time(seconds, downtime, clock, begin)
        fails = failure_between(downtime, begin, end) if downtime else None
        if fails is None or how.on_the_table == "finishes":
            happened.append((row, due, made[slot], ATTENDED, NOTHING, begin, end))
        else:
            end = fails
            happened.append((row, due, made[slot], DISPLACED, BREAKDOWN, begin, end))
        seconds["used"] += end - begin
        clock = end
    if clock < session.closes:
        pass_time(seconds, downtime, clock, session.closes)
    overrun = max(0, clock - session.closes)
    account = (session.closes - session.opens, overrun, *seconds.values())
    sim.session_records.append((session.number, len(session.booked), *account))
    session.booked.clear()
    rows.close(session, happened)


def downtime_in(sim: Simulation, session: Session) -> tuple[Downtime, int]:
    """(when the session's scanner was down, cut to the session; until when patients were told).

    A scanner that is down at midnight is known to be down: who was due before it worked again was
    told in the morning not to come.
    """
    first = session.day + session.opens / SECONDS_A_DAY
    found: Downtime = []
    announced = 0
    for start, end in sim.downtimes[session.scanner.number].since(first):
        start_s = max(round((start - session.day) * SECONDS_A_DAY), session.opens)
        end_s = round(min((end - session.day) * SECONDS_A_DAY, session.latest_end))
        if start_s < end_s:
            found.append((start_s, end_s))
            if start < session.day:
                announced = end_s
    return found, announced


def when_up(downtime: Downtime, second: int) -> int:
    """The first second from `second` on at which the scanner works."""
    for start, end in downtime:
        if start <= second < end:
            second = end
    return second


def failure_between(downtime: Downtime, begin: int, end: int) -> int | None:
    """When the scanner fails under the patient who is on the table from `begin` to `end`."""
    for start, _ in downtime:
        if begin < start < end:
            return start
    return None


def pass_time(seconds: dict[str, int], downtime: Downtime, clock: int, until: int) -> None:
    """Let time without a patient pass: down while the scanner is down, otherwise idle."""
    for start, end in downtime:
        if start < until and end > clock:
            start, end = max(start, clock), min(end, until)
            seconds["idle"] += start - clock
            seconds["down"] += end - start
            clock = end
    seconds["idle"] += until - clock
