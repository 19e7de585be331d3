"""A town with a fixed scanner, and a village 17 km away that a mobile visits; scanners fail, people miss."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model.tables import Table, Tables

SPOT = {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}
VILLAGE = {"population": "50000 people", "households_without_car": "10 %"} | SPOT
VAN = {
    "kind": "mobile", "modality": "MRI", "provider": "Company", "site": "Green", "visits": ["tuesday", "friday"],
    "opens": "09:00", "closes": "17:00", "slots_per_day": "12 per day", "set_up": "30 minutes",
}  # fmt: skip


def two_towns(**changes: Any) -> dict[str, Any]:
    """The changes that make two towns of the small world, and others laid over them."""
    return laid_over(
        {
            "places": {"Village": VILLAGE},
            "sites": {"Green": {"place": "Village"} | SPOT},
            "demand": {
                "MRI": {
                    "per_year": "3000 per year",
                    "complex": "20 %",
                    "priority": {"urgent_suspected_cancer": "20 %", "urgent": "30 %", "routine": "50 %"},
                }
            },
            "attendance": {"missed": "10 %"},
            "scanning": {"MRI": {"uptime": "95 %", "couch_time_variation": 0.3}},
            "fleet": {"van": VAN},
            "reporting": {"radiologists": {"reports_for": ["Trust", "Company"]}},
        },
        changes,
    )


def two_towns_by_rates(rates: dict[str, str], **changes: Any) -> dict[str, Any]:
    """Two towns whose demand is so much for 1,000 people of each place."""
    made = two_towns(**changes)
    made["demand"]["MRI"] |= {"per_year": None, "per_1000": rates}
    return made


def laid_over(one: dict, other: dict) -> dict:
    """Two nested dictionaries merged; the second wins, and its None takes out what the first has."""
    both = {key: one[key] for key in one if key not in other}
    for key, value in other.items():
        if value is None and key in one:
            continue
        merge = isinstance(value, dict) and isinstance(one.get(key), dict)
        both[key] = laid_over(one[key], value) if merge else value
    return both


def same(one: Table, other: Table, but: tuple[str, ...] = ()) -> bool:
    """Whether two tables have the same rows, no value excepted."""
    assert one.keys() == other.keys()
    return all(
        np.array_equal(one[c], other[c], equal_nan=one[c].dtype.kind == "f") for c in one if c not in but
    )


def same_tables(one: Tables, other: Tables, but: tuple[str, ...] = ()) -> bool:
    """Whether two replications have the same four tables, whatever the labels."""
    names = ("referrals", "appointments", "sessions", "decisions")
    return all(same(getattr(one, name), getattr(other, name), but) for name in names)


def only(table: Table, rows: np.ndarray) -> Table:
    """Some rows of a table."""
    return {name: column[rows] for name, column in table.items()}


def waits(tables: Tables, which: np.ndarray | slice = slice(None)) -> float:
    """Mean days from request to scan of those scanned."""
    return float(np.nanmean((tables.referrals["scanned"] - tables.referrals["referred"])[which]))
