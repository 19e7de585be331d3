"""Where unscheduled patients wait for a scanner that is free."""

from __future__ import annotations

from bisect import insort
from collections import deque
from heapq import heappop, heappush
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.referrals import Referral

TurnedUp = tuple[int, int, "Referral"]
"""An unscheduled patient: (second since the calendar's start, number, referral)."""


class WaitingRoom(deque[TurnedUp]):
    """A suite's unscheduled patients in the order in which they turn up, those still to come included.

    ranks: by number, whose turn comes first; nobody has one where it is first come, first served.
    leaving: (time in days, number) of those who did not come to wait for ever, a heap. impatient: numbers
    of those of them who have not been called.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ranks: dict[int, int] = {}
        self.leaving: list[tuple[float, int]] = []
        self.impatient: set[int] = set()

    def expect_to_leave(self, number: int, at: float) -> None:
        """Somebody leaves at a time unless they have been called by then."""
        self.impatient.add(number)
        heappush(self.leaving, (at, number))

    def call(self, second: int) -> TurnedUp:
        """Remove and return who is next at a second at which somebody waits."""
        at = self._first_in_rank(second) if self.ranks else 0
        found = self[at]
        del self[at]
        self.impatient.discard(found[1])
        return found

    def _first_in_rank(self, second: int) -> int:
        here = takewhile(lambda one: one[0] <= second, self)
        return min(enumerate(here), key=lambda one: self.ranks[one[1][1]])[0]

    def call_again(self, second: int, number: int, referral: Referral) -> None:
        """Somebody whose scan was broken off waits again, behind those who are here by then."""
        self.insert(
            next((k for k, one in enumerate(self) if one[0] >= second), len(self)), (second, number, referral)
        )

    def here(self, number: int, second: int) -> TurnedUp | None:
        """Somebody who waits at a second, or None."""
        return next((one for one in takewhile(lambda one: one[0] <= second, self) if one[1] == number), None)

    def hand_over(self, one: TurnedUp, other: WaitingRoom, arrives: int = 0) -> None:
        """Somebody goes to another suite to wait there, from `arrives` on, with their rank and their patience."""
        self.remove(one)
        number = one[1]
        if number in self.ranks:
            other.ranks[number] = self.ranks.pop(number)
        if number in self.impatient:
            self.impatient.remove(number)
            other.expect_to_leave(number, next(at for at, who in self.leaving if who == number))
        insort(other, (max(one[0], arrives), *one[1:]), key=lambda waiting: waiting[:2])

    def let_go(self, by: float) -> list[tuple[float, Referral]]:
        """Remove those who leave by a time and have not been called; returns when each left, and who."""
        gone = []
        while self.leaving and self.leaving[0][0] <= by:
            left, number = heappop(self.leaving)
            if number in self.impatient:
                self.impatient.remove(number)
                at = next(k for k, one in enumerate(self) if one[1] == number)
                gone.append((left, self[at][2]))
                del self[at]
        return gone
