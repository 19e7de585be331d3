"""The town of the lessons (`scenarios/lessons/town.yaml`) in numbers, and how long people wait in its diary."""

from __future__ import annotations

from functools import lru_cache

from sim.verify.theory import diary

WORKING_DAYS, ALL_DAYS = 1_219, 1_461
"""Of four years from 2019: no Sundays and no bank holidays; and all."""
A_WORKING_DAY = ALL_DAYS / WORKING_DAYS
"""Days from one working day to the next, in the mean."""
REQUESTED, OPENS, SESSION, COUCH = 13 / 24, 8 / 24, 2 / 24, 10 / 1440
"""When in the day a request comes in the mean, when the session begins, how long it is, how long a scan takes."""


def per_year(per_day: float) -> str:
    """So many a working day as a scenario has it."""
    return f"{per_day * WORKING_DAYS / 4:.6g} per year"


def wait_days(extra: float, place: float) -> float:
    """Days from request to the end of the scan.

    extra: mornings on which somebody is passed over. place: of their slot in the session, from 0 its
    beginning to 1 its end.
    """
    return (1 + extra) * A_WORKING_DAY - REQUESTED + OPENS + place * SESSION + COUCH


@lru_cache(maxsize=1024)
def diary_wait_days(per_day: float, slots: float) -> float | None:
    """The mean wait of a diary of so many slots a working day; None where more come than there are slots."""
    if per_day >= slots:
        return None
    return wait_days(diary(per_day, slots)["extra_days_mean"], place=0.5 * per_day / slots)
