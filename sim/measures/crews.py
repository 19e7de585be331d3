"""What became of the time of those who are rostered to hold sessions."""

from __future__ import annotations

from sim.measures.cut import Cut

NOT_HELD = ("no_crew", "maintenance", "blocked", "no_tracer")
"""What a session is lost to as a whole."""


def measure(cut: Cut) -> dict[str, float]:
    """Crew use, where a group has sessions with a crew.

    Three rostered for each of two sessions of ten hours that need two, one of them lost as the mobile is
    blocked: 20 hours of 60, 33 %.
    """
    held = cut.sessions
    if "rostered" not in held or not held["rostered"].any():
        return {}
    rostered = held["rostered"]
    time = held["open_seconds"] + held["overrun_seconds"]
    used = time - sum(held[f"{use}_seconds"] for use in NOT_HELD)
    return {"crew_use_percent": 100 * float(held["radiographers"] @ used) / float(rostered @ time)}
