"""Where unscheduled patients wait for a scanner that is free."""

from __future__ import annotations

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
    leaving: (time in days, number) of those who do not wait for ever, a heap.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ranks: dict[int, int] = {}
        self.leaving: list[tuple[float, int]] = []

    def expect_to_leave(self, number: int, at: float) -> None:
        """Somebody leaves at a time unless they are on the couch by then."""
        heappush(self.leaving, (at, number))

    def call(self, second: int) -> TurnedUp:
        """Remove and return who is next at a second at which somebody waits."""
        if not self.ranks:
            return self.popleft()
        here = takewhile(lambda one: one[0] <= second, self)
        at, found = min(enumerate(here), key=lambda one: self.ranks[one[1][1]])
        del self[at]
        return found

    def call_again(self, second: int, number: int, referral: Referral) -> None:
        """Somebody whose scan was broken off waits again, behind those who are here by then."""
        self.insert(
            next((k for k, one in enumerate(self) if one[0] >= second), len(self)), (second, number, referral)
        )

    def let_go(self, by: float) -> list[tuple[float, Referral]]:
        """Remove those who leave by a time and are not on the couch; returns when each left, and who."""
        gone = []
        while self.leaving and self.leaving[0][0] <= by:
            left, number = heappop(self.leaving)
            at = next((k for k, one in enumerate(self) if one[1] == number), None)
            if at is not None:
                gone.append((left, self[at][2]))
                del self[at]
        return gone
