"""How often each mechanism of a scenario acted in the data-collection period."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.measures.answers import ANSWERS, Count, Period, dated
from sim.model.couch import LOST_TO
from sim.model.decisions import COLLAPSE, CONTRACT
from sim.model.demand import EMERGENCY
from sim.model.tables import REFERRAL_OUTCOMES, Table, Tables

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def left_as(outcome: str) -> Callable[[Tables, Period], int]:
    """Counts those who left the list in a way."""
    code = REFERRAL_OUTCOMES.index(outcome)
    return lambda tables, period: within(tables.referrals, "left", period, "outcome", code)


def lost_to(what: str) -> Callable[[Tables, Period], int]:
    """Counts appointments lost to something."""
    code = LOST_TO.index(what)
    return lambda tables, period: within(tables.appointments, "slot_start", period, "lost_to", code)


def moved(unscheduled: bool) -> Count:
    """Counts those who were moved from list to list, or unscheduled from hospital to hospital."""

    def count(tables: Tables, period: Period) -> int:
        rows = tables.referrals
        here = (rows["priority"] == EMERGENCY) == unscheduled
        return dated({"transferred": rows["transferred"][here]}, "transferred", period)

    return count


def within(table: Table, date: str, period: Period, column: str, code: int) -> int:
    """Rows of a kind whose date lies in the period."""
    at = table[date]
    return int(np.sum((at >= period[0]) & (at < period[1]) & (table[column] == code)))


def requested(tables: Tables, period: Period) -> int:
    """Requests for capacity; what becomes of the contract is none."""
    made = tables.decisions
    return dated({"requested": made["requested"][made["does"] < CONTRACT]}, "requested", period)


def failed_tenders(tables: Tables, period: Period) -> int:
    """Tenders that ended without a contract."""
    return within(tables.decisions, "refused", period, "does", CONTRACT)


def collapses(tables: Tables, period: Period) -> int:
    """Contractors who gave up."""
    return within(tables.decisions, "in_effect", period, "does", COLLAPSE)


def missed_findings(tables: Tables, period: Period) -> int:
    """Referrals that follow another; of those redirected the outcome tells."""
    rows = tables.referrals
    parent = rows["parent"]
    came_back = (parent >= 0) & (rows["outcome"][parent] != REFERRAL_OUTCOMES.index("redirected"))
    return dated({"referred": rows["referred"][came_back]}, "referred", period)


def crews_missing(tables: Tables, period: Period) -> int:
    """Sessions without a crew."""
    held = tables.sessions
    return dated({"day": held["day"][held["no_crew_seconds"] > 0]}, "day", period)


MECHANISMS: dict[str, tuple[tuple[str, ...], Count]] = {
    "rejections": (("vetting.rejected",), left_as("rejected")),
    "redirections": (("vetting.redirected",), left_as("redirected")),
    "removals": (("booking.removal",), left_as("removed")),
    "discharges": (("attendance.discharged_after",), left_as("discharged")),
    "transfers": (("waiting_lists.transfers",), moved(unscheduled=False)),
    "emergencies moved": (("eligibility.emergencies_moved_after",), moved(unscheduled=True)),
    "missed findings": (("scanning.*.missed_findings",), missed_findings),
    "second readings": (("reporting.*.discrepancy_rate",), lambda t, p: dated(t.referrals, "re_read", p)),
    "patients displaced by breakdowns": (("scanning.*.repair_time",), lost_to("breakdown")),
    "patients displaced by tracer failures": (("scanning.*.tracer_fails",), lost_to("tracer")),
    "patients displaced by blocked mobiles": (("fleet.*.blocked",), lost_to("van")),
    "sessions without a crew": (("workforce.crews",), crews_missing),
    "requests for capacity": (("decisions.requests",), requested),
    "failed tenders": (("contract.tender",), failed_tenders),
    "collapses": (("contract.collapse",), collapses),
}
"""What can act and shows in the tables alone: the keys of the scenario that set it going, and how often it did."""


EVENTS = {
    "failed tender": ("failed tenders", CONTRACT, "refused"),
    "collapse": ("collapses", COLLAPSE, "in_effect"),
}
"""What splits the runs in two: the mechanism, what its rows of `decisions` do, and the day that they have."""


def mechanisms_of(scenario: Scenario) -> dict[str, Count]:
    """The mechanisms that a scenario has, and how each is counted."""
    found = {
        name: count
        for name, (paths, count) in MECHANISMS.items()
        if any(is_set(scenario, path) for path in paths)
    }
    of_answers = ((name, counting(scenario)) for name, counting in ANSWERS.items())
    return found | {name: count for name, count in of_answers if count is not None}


def is_set(section: object, path: str) -> bool:
    """Whether a scenario says anything but nothing at a path; `*` stands for any key."""
    key, _, rest = path.partition(".")
    if key == "*":
        return any(is_set(one, rest) for one in section.values())
    value = getattr(section, key)
    return is_set(value, rest) if value and rest else bool(value)


def measure(tables: Tables, period: Period, acting: Mapping[str, Count]) -> dict[tuple[str, str], float]:
    """{(`times_acted`, `mechanism=NAME`): count} of the mechanisms that a scenario has, and what happened."""
    times = {
        ("times_acted", f"mechanism={name}"): float(count(tables, period)) for name, count in acting.items()
    }
    return times | happened(tables, acting)


def happened(tables: Tables, acting: Container[str]) -> dict[tuple[str, str], float]:
    """{(`happened_percent`, `event=NAME`): 100 or 0}: whether it had happened by the end, warm-up included."""
    made = tables.decisions
    return {
        ("happened_percent", f"event={name}"): 100.0 * np.any((made["does"] == does) & ~np.isnan(made[day]))
        for name, (mechanism, does, day) in EVENTS.items()
        if mechanism in acting
    }
