"""Who decides on capacity, and how fast?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.model.breakdowns import NEVER
from sim.model.decisions import NOT_IN_THE_FLEET, Board, LongList, OldScanner, Request
from sim.model.demand import MODALITIES, Modality
from sim.model.places import Place
from sim.model.quantity import (
    Age,
    Duration,
    Meetings,
    Months,
    PositiveDuration,
    Referrals,
    Share,
    fault,
)
from sim.model.section import Name, Section
from sim.provision.fleet import FleetScanner

NO_LIMIT = -1.0


class BoardMeetings(Section):
    """How often some people meet, and how readily they agree."""

    meets_every: PositiveDuration
    """From one meeting to the next, in whole days; the day of the first is drawn. A board takes up what
    reached it before the day of the meeting."""
    agrees: Share
    """Chance that it agrees to a request at a meeting."""
    tries: Meetings
    """Meetings at which a request is put to it before it has refused."""


class DecidingBoard(BoardMeetings):
    """A board that decides on requests; its name is the key in the file."""

    key: str | None = None
    """Names its random numbers; default its name. Keep it when you rename it."""


class When(Section):
    """The reason for a request: something about a list, or the age of a scanner, at month ends."""

    modality: Modality | None = None
    """Whose list is looked at: people of the request's `places`, counted as DM01 does."""
    over_6_weeks: Share | None = None
    """More than this share of them has waited six weeks or longer (clock)."""
    list_size: Referrals | None = None
    """The list is longer than this."""
    scanner: str | None = None
    """Whose age is looked at."""
    older_than: Age | None = None
    """It has been in use for longer than this."""
    for_months: Months = 1.0
    """Month ends in a row at which all of that holds before the request is made."""

    @model_validator(mode="after")
    def _gives_one_reason(self):
        limits = [self.over_6_weeks, self.list_size]
        of_a_list = self.modality is not None and limits != [None, None]
        of_a_scanner = self.scanner is not None and self.older_than is not None
        named = [self.modality, *limits, self.scanner, self.older_than]
        unused = sum(value is not None for value in (named[3:] if of_a_list else named[:3]))
        if of_a_list == of_a_scanner or unused:
            raise fault(
                "needs either `modality` with `over_6_weeks` or `list_size`, or `scanner` with `older_than`"
            )
        return self


class CapacityRequest(Section):
    """What is asked for when there is reason to; its name is the key in the file.

    It is not made again while it is under way or in effect. What it brings must be in the `fleet`,
    `in_reserve`; one that finds nothing there to bring, or to replace, is never made.
    """

    by: Name
    """Who asks."""
    does: Literal["extra_sessions", "hired_mobile", "replacement", "new_scanner"]
    when: When
    """Looked at at the end of each month."""
    places: Annotated[list[str], Field(min_length=1)] | None = None
    """Whose people's list is looked at, and whose commissioners are asked; default all."""
    boards: list[str] | None = None
    """Which boards have to agree; default all. `[]`: none of them."""
    asks_commissioners: bool = True
    """Whether the commissioners have to agree to it too, where they have a say at all."""
    scanners: list[str] = []
    """The scanners in reserve that it brings, without their sessions in reserve; of a replacement those
    that are replaced, each with all entries of its vehicle."""
    sessions: dict[str, list[str]] = {}
    """Extra sessions: by scanner, the names of its `more_sessions` in reserve."""
    procurement: Duration
    """From agreement to the beginning of the installation, in whole days."""
    installation: Duration
    """From then until it works, in whole days; a scanner that is replaced is closed for so long, later
    where somebody may have been booked by then."""
    lasts: PositiveDuration | None = None
    """How long it works, in whole days; extra sessions without it stay for good."""

    @model_validator(mode="after")
    def _brings_what_it_says(self):
        wanted, other = "scanners", "sessions"
        if self.does == "extra_sessions":
            wanted, other = other, wanted
        if not getattr(self, wanted) or getattr(self, other):
            raise fault(f"`does: {self.does}` needs `{wanted}`, and no `{other}`")
        if self.does == "hired_mobile" and self.lasts is None:
            raise fault("`does: hired_mobile` needs `lasts`: for how long is it hired?")
        if self.does in ("replacement", "new_scanner") and self.lasts is not None:
            raise fault(f"`does: {self.does}` has no `lasts`: it stays for good")
        return self


class Decisions(Section):
    """Requests for capacity, and who has to agree to them."""

    boards: dict[str, DecidingBoard] = {}
    """Who decides, by name."""
    commissioners: BoardMeetings | None = None
    """One further board for each place that a request serves; without it commissioners have no say."""
    order: Literal["one_after_the_other", "together"] = "one_after_the_other"
    """Whether a board is asked once the one before has agreed, or all at once. They are asked in the
    order of the file, commissioners last."""
    ask_again_after: Duration = 0.0
    """Time after a refusal, and after the end of what was agreed to, before a request is made again."""
    requests: dict[str, CapacityRequest] = {}
    """What may be asked for, by name."""


def requests_of(
    answer: Decisions | None, fleet: dict[str, FleetScanner], places: dict[str, Place]
) -> list[Request]:
    """The requests as the model sees them, in the order of the file."""
    if answer is None:
        return []
    return [request_of(answer, name, asked, fleet, places) for name, asked in answer.requests.items()]


def request_of(
    answer: Decisions,
    name: str,
    asked: CapacityRequest,
    fleet: dict[str, FleetScanner],
    places: dict[str, Place],
) -> Request:
    """One request. What it names and the fleet does not have is left out."""
    return Request(
        name=name,
        does=asked.does,
        by=asked.by,
        when=reason_of(asked, fleet, places),
        months=round(asked.when.for_months),
        boards=boards_of(answer, asked, places),
        together=answer.order == "together",
        again_after=float(round(answer.ask_again_after)),
        procurement=round(asked.procurement),
        installation=round(asked.installation),
        lasts=NEVER if asked.lasts is None else float(max(1, round(asked.lasts))),
        brings=() if asked.does == "replacement" else brought_by(asked, fleet),
        renews=replaced_by(asked, fleet) if asked.does == "replacement" else (),
    )


def reason_of(
    asked: CapacityRequest, fleet: dict[str, FleetScanner], places: dict[str, Place]
) -> LongList | OldScanner:
    """Why it is asked for."""
    when, names = asked.when, list(places)
    if when.modality is None:
        number = list(fleet).index(when.scanner) if when.scanner in fleet else NOT_IN_THE_FLEET
        return OldScanner(number, float(when.older_than))
    served = frozenset(names.index(place) for place in asked.places or names)
    limits = (NO_LIMIT if limit is None else float(limit) for limit in (when.over_6_weeks, when.list_size))
    return LongList(MODALITIES.index(when.modality), served, *limits)


def boards_of(answer: Decisions, asked: CapacityRequest, places: dict[str, Place]) -> tuple[Board, ...]:
    """Who has to agree to a request: boards, and the commissioners of the places that it serves."""
    found = []
    for name in answer.boards if asked.boards is None else asked.boards:
        board = answer.boards[name]
        found.append(board_of(board.key or name, board))
    if answer.commissioners is not None and asked.asks_commissioners:
        for place in asked.places or places:
            found.append(board_of(f"commissioners of {places[place].key or place}", answer.commissioners))
    return tuple(found)


def board_of(key: str, meetings: BoardMeetings) -> Board:
    """A board as the model sees it."""
    every, tries = max(1, round(meetings.meets_every)), round(meetings.tries)
    return Board(key, every, float(meetings.agrees), tries)


def brought_by(asked: CapacityRequest, fleet: dict[str, FleetScanner]) -> tuple[tuple[int, int], ...]:
    """(scanner, template) of what stands in reserve and is brought into use."""
    found = []
    for number, (name, scanner) in enumerate(fleet.items()):
        wanted = asked.sessions.get(name, [])
        for template, (session_name, session) in enumerate([(None, scanner), *scanner.more_sessions.items()]):
            with_scanner = name in asked.scanners and scanner.in_reserve
            if with_scanner or (session_name in wanted and session.in_reserve):
                found.append((number, template))
    return tuple(found)


def replaced_by(asked: CapacityRequest, fleet: dict[str, FleetScanner]) -> tuple[int, ...]:
    """The scanners that are replaced: those named, and the other entries of their vehicles."""
    units = {fleet[name].unit for name in asked.scanners if name in fleet} - {None}
    return tuple(
        number
        for number, (name, scanner) in enumerate(fleet.items())
        if name in asked.scanners or scanner.unit in units
    )
