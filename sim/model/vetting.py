"""The clinical check of a request before it is listed."""

from __future__ import annotations

from sim.model.demand import Priority
from sim.model.quantity import Duration
from sim.model.section import Section


class Vetting(Section):
    """How long a request waits for its check. It counts as waiting from the day it was made."""

    time: dict[Priority, Duration]
    """From request to listed, by priority."""
