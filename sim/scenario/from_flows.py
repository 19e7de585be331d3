"""A scenario that is fed a real list and real flows: what `python -m analysis.hindcast` runs.

One place, one site, and scanners that scan so many a day as left the list that month; who is scanned next
follows from the weights of the weeks waited, anybody of a week. Everything else a scenario may have is
off, because published lists do not tell it apart: nobody is urgent, misses, or is displaced.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from sim.model.calendar import Calendar, Days, days_of
from sim.model.section import WEEKDAYS

PROVIDER = "Provider"
DAYS_A_YEAR = 365.25
MOST_A_SCANNER = 400.0


def tree_of(
    modality: str,
    bands: Sequence[int],
    start: datetime.date,
    joining: np.ndarray,
    leaving: np.ndarray,
    weights: np.ndarray,
    title: str,
) -> dict[str, Any]:
    """The scenario as plain values.

    bands: the opening list. start: first of the first month. joining, leaving: people a month. weights: 14,
    by weeks waited.
    """
    days = days_of(Calendar(start=start, warm_up="0 days", years=f"{len(joining) / 12:.9g} years"))
    lengths = np.diff(days.months)
    joins, slots = joining / lengths, leaving / open_days(days)
    return everything_off(modality, title) | {
        "calendar": {
            "start": start,
            "warm_up": "0 days",
            "years": f"{len(joining) / 12:.9g} years",
            "shocks": shocks_of(days, modality, joins, slots),
        },
        "demand": {modality: demand_of(float(joins.max()))},
        "opening_list": {
            "waiting_list": {"modality": modality, "bands": list(bands), "note": "published (DM01)"}
        },
        "booking": booking_of(modality, weights),
        "fleet": {"scanner": fleet_of(modality, float(slots.max()))},
    }


def open_days(days: Days) -> np.ndarray:
    """Days of each month on which there are sessions."""
    return np.array([sum(map(days.is_open, range(*ends))) for ends in pairwise(days.months)])


def shocks_of(days: Days, modality: str, joins: np.ndarray, slots: np.ndarray) -> dict[str, Any]:
    """By how much each month's demand and capacity fall below those of the busiest month."""
    dates = [days.start + datetime.timedelta(days=day) for day in days.months]
    falls = [1 - flow / max(float(flow.max()), 1e-12) for flow in (joins, slots)]
    return {
        f"{first:%Y-%m}": {
            "from": first,
            "until": until,
            "demand_falls": {modality: f"{100 * demand:.10g} %"},
            "capacity_falls": {modality: f"{100 * capacity:.10g} %"},
        }
        for (first, until), demand, capacity in zip(pairwise(dates), *falls)
    }


def demand_of(a_day: float) -> dict[str, Any]:
    """Referrals on every day alike, as many a month as the flows say. a_day: in the busiest month."""
    most, last = WEEKDAYS[:-1], WEEKDAYS[-1]
    return {
        "per_year": f"{a_day * DAYS_A_YEAR:.12g} per year",
        "month_counts": "expected",
        "priority": {"urgent_suspected_cancer": "0 %", "urgent": "0 %", "routine": "100 %"},
        "complex": "0 %",
        "weekdays": dict.fromkeys(most, "14.285714 %") | {last: "14.285716 %"},
        "opens": "08:00",
        "closes": "18:00",
    }


def booking_of(modality: str, weights: np.ndarray) -> dict[str, Any]:
    """Nobody is booked ahead: each morning the day's slots go to those who wait."""
    by_week = [float(f"{weight:.6g}") for weight in weights]
    return {
        "clerk_starts": "01:00",
        "clerk_days": list(WEEKDAYS),
        "minimum_notice": "0 days",
        "horizon": "0 days",
        "hold_back": "0 %",
        "release": "0 days",
        "treatment_hazard": {
            modality: {PROVIDER: {"by_week": by_week, "within_week": "anybody", "note": "fitted"}}
        },
    }


def fleet_of(modality: str, slots: float) -> dict[str, Any]:
    """Scanners that stand for all of the provider's. slots: an open day in the busiest month."""
    count = max(1, math.ceil(slots / MOST_A_SCANNER))
    return {
        "kind": "fixed",
        "modality": modality,
        "provider": PROVIDER,
        "site": "Hospital",
        "days": list(WEEKDAYS),
        "opens": "08:00",
        "closes": "18:00",
        "slots_per_day": f"{slots / count:.12g} per day",
        "count": count,
    }


def everything_off(modality: str, title: str) -> dict[str, Any]:
    """The sections that do not depend on the flows."""
    where = {"latitude": "52.5 degrees", "longitude": "-1.5 degrees"}
    return {
        "title": title,
        "question": "Do the real flows and the fitted order of service give the real list?",
        "headline": {"measure": "over_6_weeks_percent", "group": f"modality={modality}", "matters": "1 %"},
        "places": {"Town": {"population": "500000 people", "households_without_car": "20 %", **where}},
        "sites": {"Hospital": {"place": "Town", **where}},
        "travel": {
            "own_town": "15 minutes",
            "fixed_time": "10 minutes",
            "minutes_per_km": "1 minutes per km",
            "public_transport_ratio": 2,
        },
        "vetting": {"time": {"urgent_suspected_cancer": "0 days", "urgent": "0 days", "routine": "0 days"}},
        "attendance": {
            "missed": "0 %",
            "odds_of_attending_per_10_km": 1,
            "clock_after_missed": "continues",
            "place_after_missed": "end_of_list",
        },
        "scanning": {
            modality: {
                "couch_time": "1 minute",
                "couch_time_variation": 0.000001,
                "made_up_by_longer_scanning": 1,
                "longest_wait_on_the_day": "600 minutes",
                "longest_overrun": "60 minutes",
                "uptime": "100 %",
                "repair_time": "1 day",
                "on_the_table": "rebooked",
                "place_after_displaced": "keeps_place",
            }
        },
        "eligibility": {"choice": "nearest"},
        "reporting": {
            "radiologists": {
                "organisation": PROVIDER,
                "reports_for": [PROVIDER],
                "days": list(WEEKDAYS),
                "opens": "00:00",
                "closes": "24:00",
                "reports_per_day": "100000 per day",
            }
        },
        "images": {"transfer": "0 days"},
    }
