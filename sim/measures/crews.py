"""What became of the time of those who are there to hold sessions."""

from __future__ import annotations

import numpy as np

from sim.measures.cut import Cut

NOT_HELD = ("no_crew", "maintenance", "blocked", "no_tracer")
"""What a session is lost to as a whole."""


def measure(cut: Cut) -> dict[str, float]:
    """Crew use, where a group has sessions with a crew.

    Two there for a session of ten hours and one left over, too few for another: 20 hours of 30, 67 %.
    """
    held = cut.sessions
    at_work = held.get("radiographers", np.empty(0))
    if not at_work.any():
        return {}
    time = held["open_seconds"] + held["overrun_seconds"]
    used = time - sum(held[f"{use}_seconds"] for use in NOT_HELD)
    return {"crew_use_percent": 100 * float(at_work @ used) / float(at_work @ time)}
