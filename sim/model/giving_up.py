"""Who will give up waiting, and when."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.referrals import Referral

FEW = 10_000
"""So many are kept without asking whether they are still waiting."""


class GivingUp:
    """Those who will give up, by day: to note one and to call them costs the same however many wait."""

    def __init__(self) -> None:
        self._by_day: defaultdict[int, list[tuple[float, int, Referral]]] = defaultdict(list)
        self._today, self._count, self._most = 0, 0, FEW

    def expect(self, referral: Referral, at: float) -> None:
        """A referral will give up at a time, in days, if it is still waiting then."""
        self._by_day[max(math.floor(at), self._today)].append((at, referral.number, referral))
        self._count += 1

    def by(self, now: float) -> list[Referral]:
        """Who gives up by now, in order; they are expected no longer."""
        found, days = [], range(self._today, math.floor(now) + 1)
        self._today = days[-1]
        for day in days:
            found += self._by_day.pop(day, ())
        found.sort()
        later = [one for one in found if one[0] > now]
        if later:
            del found[-len(later) :]
            self._by_day[self._today] = later
        self._count -= len(found)
        return [referral for _, _, referral in found]

    def forget_the_gone(self) -> None:
        """Whoever left before will not give up; asked when they may be half of all."""
        if self._count > self._most:
            for day, expected in self._by_day.items():
                self._by_day[day] = [one for one in expected if not one[2].gone]
            self._count = sum(map(len, self._by_day.values()))
            self._most = max(FEW, 2 * self._count)
