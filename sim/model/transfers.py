"""People who already wait are moved to a shorter list, if they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.ways import AGREES, Outlook, Way, Ways

if TYPE_CHECKING:
    from sim.model.referrals import Referral
    from sim.model.simulation import Simulation
    from sim.model.waiting_list import Queue


@dataclass(frozen=True)
class Transferring:
    """The rule: who has been listed for `after` days is asked, every so many days, whether they would
    go to a list on which they would wait `gain` days less; the share `agree` says yes. most: so many are
    moved each time."""

    after: float
    gain: float
    agree: float
    every: int
    most: float


def transfer(sim: Simulation, rule: Transferring, today: int) -> None:
    """Move those who have waited longest first, as the lists stand.

    Until somebody is moved the answer is the same for all on one list with the same ways.
    """
    moved, last_day, outlook = 0, today - rule.after, Outlook(sim)
    if sim.outlook is not None:
        sim.outlook = outlook
    better: dict[tuple[Ways, int], Way | None] = {}
    for referral, group in waiting_since(sim, last_day):
        if moved >= rule.most:
            return
        same = referral.ways, group
        if same not in better:
            better[same] = better_list(outlook, referral, group, rule.gain, sim.phase)
        if better[same] is not None and sim.lists.row(referral.number, 0)[AGREES] < rule.agree:
            move(sim, outlook, referral, group, better[same])
            better.clear()
            moved += 1


def waiting_since(sim: Simulation, last_day: float) -> list[tuple[Referral, int]]:
    """(referral, number of its group) of those who joined their list by a day, longest waiting first."""
    found = [
        (referral, number)
        for number, group in enumerate(sim.waiting.groups)
        for queue in group.queues
        for day, bucket in queue.buckets.items()
        if day <= last_day
        for referral in bucket
    ]
    return sorted(found, key=lambda one: (one[0].day, one[0].number))


def better_list(outlook: Outlook, referral: Referral, group: int, gain: float, phase: int) -> Way | None:
    """The way on which a referral would wait least, where that is so much less than now; both behind all
    the others, so that nobody is moved and then moved back."""
    ways = [way for way in referral.ways.kind.moves[phase] if way.group != group]
    if not ways:
        return None
    best = min(ways, key=lambda way: (outlook.days(way.group), way.minutes))
    now = outlook.days(group, but=referral.queue.slots)
    return best if now - outlook.days(best.group) >= gain else None


def move(sim: Simulation, outlook: Outlook, referral: Referral, group: int, way: Way) -> None:
    """A referral leaves one list for another, and keeps its place and its clock."""
    queue: Queue = sim.waiting.groups[way.group].queues[referral.priority]
    referral.queue.remove(referral, referral.day)
    referral.queue = queue
    queue.join(referral, referral.day)
    outlook.add(group, -queue.slots)
    outlook.add(way.group, queue.slots)
    sim.records.transferred.note(referral.number, sim.env.now)
