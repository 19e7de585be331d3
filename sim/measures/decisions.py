"""What was asked for, what boards said to it, and how long it took."""

from __future__ import annotations

import numpy as np

from sim.measures.cut import take
from sim.model.calendar import Days
from sim.model.decisions import CONTRACT
from sim.model.tables import Table, Tables

COUNTED = {
    "decisions_requested": "requested",
    "decisions_agreed": "agreed",
    "decisions_refused": "refused",
    "decisions_in_effect": "in_effect",
}
"""What each number counts: the rows whose day in this column lies in the data-collection period."""


def measure(tables: Tables, days: Days) -> dict[tuple[str, str], float]:
    """{(measure, group): value} of all requests together and of each; nothing where none can be made."""
    names = [name for name in tables.labels.get("request", []) if name != "contract"]
    if not names:
        return {}
    made = tables.decisions
    made = take(made, made["does"] < CONTRACT)
    groups = {f"request={name}": take(made, made["request"] == n) for n, name in enumerate(names)}
    groups["all"] = made
    return {
        (measure, group): value
        for group, rows in groups.items()
        for measure, value in of_some(rows, *days.window).items()
    }


def of_some(rows: Table, first: float, last: float) -> dict[str, float]:
    """Counts of some requests in the period from `first` to `last`, and days until effect."""
    within = {name: (rows[day] >= first) & (rows[day] < last) for name, day in COUNTED.items()}
    found = {name: float(np.sum(here)) for name, here in within.items()}
    done = take(rows, within["decisions_in_effect"])
    if len(done["requested"]):
        found["decision_days_mean"] = float(np.mean(done["in_effect"] - done["requested"]))
    return found
