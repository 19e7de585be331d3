"""From a provider's published lists and activity to the numbers of a scenario."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.scenario.dm01 import MODALITY, Month
from sim.scenario.hazard_fit import HazardFit, fit_hazard

MONTHS_BEFORE = 12
MONTHS_AFTER = 6
MISSED, LEAST_MISSED, MOST_MISSED = 0.074, 0.03, 0.12
"""Share of appointments missed: all radiology before reminders; after them; the worst board for ultrasound."""
LOST, LEAST_LOST, MOST_LOST = 0.03, 0.02, 0.08
"""Share of slots lost otherwise. The model loses them to downtime alone (uptime 97 %); scans not completed
and cancellations too late to refill are why the range goes further up."""
URGENT_SHARES = (0.05, 0.15, 0.30)
"""Shares of arrivals with an urgent priority that are tried; the one whose fit is best is written."""
HOURS_A_DAY = 10
BANK_HOLIDAYS = 8
"""Days a year without sessions in the model."""
ON_CALL_LOAD = 0.8
"""How busy scanners on call may be out of hours."""


@dataclass(frozen=True)
class Rate:
    """Scans an hour in use for patients, from the national guidance: usual, least and most."""

    usual: float
    least: float
    most: float

    @property
    def minutes(self) -> float:
        """Minutes a scan, to a tenth."""
        return round(60 / self.usual, 1)

    @property
    def a_day(self) -> int:
        """Whole scans in a day's hours."""
        return int(60 * HOURS_A_DAY / self.minutes)


RATES = {"MRI": Rate(2.25, 1.5, 3), "CT": Rate(3.5, 3, 4), "NOUS": Rate(3, 2, 4), "DEXA": Rate(3, 2, 4)}
"""The range of ultrasound and everything about DEXA are assumptions; the rest stands in the guidance."""


@dataclass(frozen=True)
class TestNumbers:
    """What one test contributes to a scenario."""

    test: str
    before: tuple[Month, ...]
    """13 months: the twelve before the start and the one before them."""
    after: tuple[Month, ...]
    """Up to six months published after the start."""
    fit: HazardFit
    urgent: float
    """Share of arrivals with an urgent priority."""

    @property
    def modality(self) -> str:
        """The modality's name in scenario files."""
        return MODALITY[self.test]

    @property
    def opening(self) -> Month:
        """The month at whose end the scenario starts."""
        return self.before[-1]

    @property
    def done(self) -> int:
        """Tests off the list in the twelve months."""
        return sum(month.waiting_list_activity for month in self.before[1:])

    @property
    def growth(self) -> int:
        """Change of the list over the twelve months."""
        return self.opening.waiting_list - self.before[0].waiting_list

    @property
    def per_year(self) -> int:
        """Arrivals on the list in the twelve months, as far as they can be seen."""
        return max(0, self.done + self.growth)

    @property
    def planned(self) -> int:
        """Planned tests in the twelve months."""
        return sum(month.planned for month in self.before[1:])

    @property
    def unscheduled(self) -> int:
        """Unscheduled tests in the twelve months."""
        return sum(month.unscheduled for month in self.before[1:])

    @property
    def open_days(self) -> int:
        """Days with sessions in the twelve months."""
        return sum(month.days for month in self.before[1:]) - BANK_HOLIDAYS

    def slots_a_day(self, missed: float = MISSED, lost: float = LOST) -> float:
        """Slots an open day that the year's list and planned activity took."""
        return (self.done + self.planned) / (1 - missed - lost) / self.open_days

    @property
    def unscheduled_an_hour(self) -> float:
        """Unscheduled tests an hour, spread evenly around the clock."""
        return self.unscheduled / (24 * (self.open_days + BANK_HOLIDAYS))

    @property
    def scanners(self) -> int:
        """Scanners that fit every slot and all unscheduled work into 70 hours a week each."""
        needed = self.slots_a_day() + 24 * self.unscheduled_an_hour
        return max(1, math.ceil(needed / RATES[self.test].a_day))

    @property
    def on_call(self) -> int:
        """Scanners on call: as many as the unscheduled work of the night needs, at least one if there is any."""
        if not self.unscheduled:
            return 0
        needed = self.unscheduled_an_hour / (RATES[self.test].usual * ON_CALL_LOAD)
        return min(self.scanners, math.ceil(needed))


def numbers_of(
    test: str, months: Sequence[Month], start: str, horizon: int, urgent: float | None
) -> TestNumbers:
    """Work out a test's numbers. months: must hold the 13 up to and including `start` (`YYYY-MM`).

    horizon: days booked ahead. urgent: share of arrivals, or None for whichever fits best.
    Raises `ValueError` where nobody waits in one of the months.
    """
    last = [month.month for month in months].index(start)
    before = tuple(months[last - MONTHS_BEFORE : last + 1])
    shares = URGENT_SHARES if urgent is None else (urgent,)
    fits = [(fit_hazard(before, share, MISSED, horizon), share) for share in shares]
    fit, share = min(fits, key=lambda found: (found[0].errors.bands, found[1]))
    return TestNumbers(test, before, tuple(months[last + 1 : last + 1 + MONTHS_AFTER]), fit, share)
