"""When scanners work: on which days the sessions of each of their templates are held."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from sim.model.breakdowns import NEVER

if TYPE_CHECKING:
    from sim.model.sessions import Scanner


class Works:
    """The stretches of days, [first, until), on which each template of each scanner is used.

    A scanner works from the start and for good, but for templates in reserve: those wait until `begin`.
    closed: stretches in which a scanner is not used at all, whatever its templates say; barred: those in
    which a contract, as far as is known, does not let it work. renewed: the day on which a decision put a
    new scanner in its place, once it has come. changes: how often any of it was changed.
    """

    def __init__(self, scanners: list[Scanner]) -> None:
        self.spans: dict[tuple[int, int], list[tuple[float, float]]] = {
            (scanner.number, template): [] if template in scanner.reserve else [(0, NEVER)]
            for scanner in scanners
            for template in range(max(1, len(scanner.templates)))
        }
        self.closed: dict[int, list[tuple[float, float]]] = defaultdict(list)
        self.barred: dict[int, list[tuple[float, float]]] = defaultdict(list)
        self.renewed: dict[int, float] = {scanner.number: NEVER for scanner in scanners}
        self.changes = 0

    def on(self, scanner: int, template: int, day: int) -> bool:
        """Whether a template's sessions are held on a day."""
        return within(day, self.spans[scanner, template]) and not (
            (scanner in self.closed and within(day, self.closed[scanner]))
            or (scanner in self.barred and within(day, self.barred[scanner]))
        )

    def ahead(self, scanner: int, template: int, now: float) -> bool:
        """Whether a template's sessions are held now, or will be as far as is known."""
        for_good = any(first <= now and until == NEVER for first, until in self.barred.get(scanner, ()))
        return not for_good and any(until > now for _, until in self.spans[scanner, template])

    def scanner_on(self, scanner: int, day: int) -> bool:
        """Whether a scanner is in use at all on a day, with the first of its templates."""
        return self.on(scanner, 0, day)

    def begin(self, scanner: int, template: int, first: float, until: float = NEVER) -> None:
        """Its sessions are held on these days too."""
        if first < until:
            self.spans[scanner, template].append((first, until))
            self.changes += 1

    def close(self, scanner: int, first: float, until: float) -> None:
        """None of its sessions is held on these days."""
        self.closed[scanner].append((first, until))
        self.changes += 1

    def bar(self, scanner: int, spans: list[tuple[float, float]]) -> None:
        """In these stretches, and in no others, a contract does not let it work."""
        self.barred[scanner] = spans
        self.changes += 1

    def same_until(self, day: int) -> float:
        """The next day on which other sessions may be held than on this one, as things stand."""
        stretches = chain(self.spans.values(), self.closed.values(), self.barred.values())
        return min((edge for edge in chain(*chain(*stretches)) if edge > day), default=NEVER)


def within(day: float, spans: list[tuple[float, float]]) -> bool:
    """Whether a day lies in one of the stretches."""
    for first, until in spans:  # noqa: SIM110 the shorter form takes three times as long
        if first <= day < until:
            return True
    return False
