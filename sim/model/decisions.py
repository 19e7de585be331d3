"""Who decides on capacity: a request goes to its boards, and what they agree to comes into effect.

Everything here counts whole days, and a day's news is known at its first moment.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.breakdowns import NEVER
from sim.model.streams import DECISIONS

if TYPE_CHECKING:
    from sim.model.simulation import Simulation
    from sim.model.streams import Streams
    from sim.model.tables import Table

DOES = ("extra_sessions", "hired_mobile", "replacement", "new_scanner", "contract", "collapse")
"""What a request does; the last two are what becomes of the contract, which nobody here asks for."""
CONTRACT, COLLAPSE = DOES.index("contract"), DOES.index("collapse")
SIX_WEEKS = 42.0
NOT_YET = float("nan")
NOT_IN_THE_FLEET = -1
DAYS = ("requested", "agreed", "refused", "in_effect", "ended")
"""Columns of the table that are days."""
Lists = dict[tuple[int, int], list[int]]
"""[how many are on the list, how many of them have waited six weeks on the clock], by modality and place."""


@dataclass(frozen=True)
class Board:
    """Some people who meet and have to agree.

    key: names their random numbers. every: days from one meeting to the next. agrees: chance of it at
    each meeting. tries: meetings at which a request is put to them before they have refused it.
    """

    key: str
    every: int
    agrees: float
    tries: int

    def next_meeting(self, streams: Streams, after: float) -> int:
        """The day of the first meeting after a day; the first of all is drawn for the replication."""
        first = math.floor(self.every * streams.row(DECISIONS, f"meetings of {self.key}", 0)[0])
        return first + self.every * (math.floor((after - first) / self.every) + 1)

    def answer(self, streams: Streams, request: str, times: int, asked: float) -> tuple[int, bool]:
        """(day, whether they agree) of their answer to what reached them on day `asked`.

        times: how often the request was made before. The luck is that of the board and the request,
        whatever else is decided.
        """
        meeting = self.next_meeting(streams, asked)
        for attempt in range(self.tries):
            u = streams.row(DECISIONS, f"{self.key} on {request}", attempt, month=times)[0]
            if u < self.agrees:
                return meeting, True
            meeting += self.every
        return meeting - self.every, False


@dataclass(frozen=True)
class LongList:
    """A reason to ask: people of some places wait for a modality, more than a share of them over six
    weeks and more than so many in all; -1 where there is no such limit."""

    modality: int
    places: frozenset[int]
    over_6_weeks: float
    list_size: float

    def holds(self, sim: Simulation, lists: Lists) -> bool:
        """Whether it holds now."""
        counts = [lists.get((self.modality, place), (0, 0)) for place in self.places]
        people, long = (sum(count[n] for count in counts) for n in range(2))
        over = long / people if people else 0.0
        return over > self.over_6_weeks and people > self.list_size


@dataclass(frozen=True)
class OldScanner:
    """A reason to ask: a scanner is older than so many years. scanner: its number, or -1: nobody has it."""

    scanner: int
    years: float

    def holds(self, sim: Simulation, lists: Lists) -> bool:
        """Whether it holds now."""
        if self.scanner == NOT_IN_THE_FLEET:
            return False
        wear, renewed = sim.world.scanners[self.scanner].wear, sim.works.renewed[self.scanner]
        return wear.age_on(sim.env.now, renewed) > self.years


@dataclass(frozen=True)
class Request:
    """What may be asked for.

    when, months: the reason, and at how many month ends in a row it has to hold. boards: all of them
    have to agree, `together`: all are asked at once, otherwise one after the other. again_after: days
    from a refusal, or from the end of what was agreed to, in which it is not made again. procurement,
    installation, lasts: days. brings: (scanner, template) of what it brings into use. renews: the
    scanners that it replaces. A request that neither brings nor renews anything is never made.
    """

    name: str
    does: str
    by: str
    when: LongList | OldScanner
    months: int
    boards: tuple[Board, ...]
    together: bool
    again_after: float
    procurement: int
    installation: int
    lasts: float = NEVER
    brings: tuple[tuple[int, int], ...] = ()
    renews: tuple[int, ...] = ()

    def answer(self, streams: Streams, times: int, asked: float) -> tuple[float, bool]:
        """(day, whether all agree) of the boards' answer; the first refusal ends it."""
        if self.together:
            answers = [board.answer(streams, self.name, times, asked) for board in self.boards]
            refused = [day for day, agrees in answers if not agrees]
            return (min(refused), False) if refused else (max([asked, *(day for day, _ in answers)]), True)
        for board in self.boards:
            asked, agrees = board.answer(streams, self.name, times, asked)
            if not agrees:
                return asked, False
        return asked, True


@dataclass
class Decision:
    """A row of the table: one request that was made, and its days. request: its number."""

    request: int
    requested: float
    agreed: float = NOT_YET
    refused: float = NOT_YET
    in_effect: float = NOT_YET
    ended: float = NOT_YET


class Asking:
    """Who may make a request: for how many month ends in a row there has been a reason (`held`), how
    often it was made (`times`), and from when on it may be made (again)."""

    def __init__(self, number: int, request: Request) -> None:
        self.number, self.request = number, request
        self.held = self.times = 0
        self.free_from = 0.0

    def asks(self, sim: Simulation, lists: Lists) -> bool:
        """At a month end: whether the request is made."""
        self.held = self.held + 1 if self.request.when.holds(sim, lists) else 0
        return self.held >= self.request.months and sim.env.now >= self.free_from


def requesting(sim: Simulation):
    """Each month end, at the moment of the census, everybody looks at the lists and may ask for more."""
    everybody = [Asking(n, r) for n, r in enumerate(sim.world.requests) if r.brings or r.renews]
    for month_end in sim.world.days.months[1:-1] if everybody else ():
        yield sim.env.timeout(month_end - sim.env.now)
        lists = lists_now(sim)
        for asking in everybody:
            if asking.asks(sim, lists):
                sim.env.process(deciding(sim, asking))


def lists_now(sim: Simulation) -> Lists:
    """The lists at this moment; at a month end the next month may have been drawn already."""
    lists, now = defaultdict(lambda: [0, 0]), sim.env.now
    for referral in sim.referrals.on_the_lists():
        if referral.referred < now:
            counts = lists[referral.modality, referral.place]
            counts[0] += 1
            if now - referral.clock_start >= SIX_WEEKS:
                counts[1] += 1
    return lists


def deciding(sim: Simulation, asking: Asking):
    """One request: the boards answer it; what they agree to is procured, installed, and may end."""
    request, decision = asking.request, Decision(asking.number, sim.env.now)
    sim.decisions.append(decision)
    answered, agreed = request.answer(sim.streams, asking.times, sim.env.now)
    asking.times, asking.free_from = asking.times + 1, NEVER
    yield sim.env.timeout(answered - sim.env.now)
    if not agreed:
        decision.refused, asking.free_from = answered, answered + request.again_after
        return
    decision.agreed, in_effect = answered, arrange(sim, request)
    yield sim.env.timeout(in_effect - sim.env.now)
    decision.in_effect, ends = in_effect, in_effect + request.lasts
    for scanner in request.renews:
        sim.works.renewed[scanner] = in_effect
        asking.free_from = in_effect + request.again_after
    if ends < sim.world.days.end:
        yield sim.env.timeout(ends - sim.env.now)
        decision.ended, asking.free_from = ends, ends + request.again_after


def arrange(sim: Simulation, request: Request) -> float:
    """On the day on which all have agreed: the day on which it comes into effect, with its sessions in the diary.

    A scanner that is replaced closes for the installation, and not before the days that the clerk has
    opened already are over: nobody who is booked is lost.
    """
    today = round(sim.env.now)
    ready = today + request.procurement
    if request.renews:
        ready = max(ready, sim.diary.opened_until + 1)
    in_effect = ready + request.installation
    for scanner in request.renews:
        sim.works.close(scanner, ready, in_effect)
    for scanner, template in request.brings:
        sim.works.begin(scanner, template, in_effect, in_effect + request.lasts)
    sim.diary.open_what_works_after_all(today)
    return float(in_effect)


def decision_table(sim: Simulation) -> Table:
    """One row a request that was made, in the order of asking; then those of the contract."""
    requests, by = sim.world.requests, sim.world.labels["by"]
    rows = [
        (d.request, DOES.index(r.does), by.index(r.by), len(r.boards), *(getattr(d, day) for day in DAYS))
        for d in sim.decisions
        for r in (requests[d.request],)
    ]
    columns = list(zip(*[*rows, *contract_rows(sim)]))
    kinds = (np.int16, np.int8, np.int16, np.int16, *(float for _ in DAYS))
    names = ("request", "does", "by", "boards", *DAYS)
    columns = columns or [()] * len(names)
    return {name: np.array(column, dtype=kind) for name, column, kind in zip(names, columns, kinds)}


def contract_rows(sim: Simulation) -> list[tuple]:
    """What became of the contract by the end: each tender, with the days of the one that led to it, and
    the collapse."""
    agreement, course, end = sim.world.agreement, sim.course, sim.world.days.end
    if agreement is None:
        return []
    number, by = len(sim.world.requests), sim.world.labels["by"].index(agreement.key)

    def row(does: int, *days: float) -> tuple:
        """One row; a day after the end is not known yet."""
        return (number, does, by, 0, *(day if day < end else NOT_YET for day in days))

    failed = [agreement.tender(number) for number in range(course.failed)]
    rows = [row(CONTRACT, day, NOT_YET, day, NOT_YET, NOT_YET) for day in failed if day < end]
    if course.starts < end:
        in_effect = course.opens if course.opens < course.over else NOT_YET
        days = (course.starts, course.starts, NOT_YET, in_effect, course.over)
        rows.append(row(CONTRACT, *days))
    if course.collapses < min(end, course.ends):
        rows.append(row(COLLAPSE, course.collapses, NOT_YET, NOT_YET, course.collapses, NOT_YET))
    return rows
