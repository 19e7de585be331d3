"""The clinical check of a request before it is listed."""

from __future__ import annotations

from pydantic import model_validator

from sim.model.demand import Modality, Priority
from sim.model.quantity import Duration, ShareBelowAll, fault
from sim.model.section import Section


class Vetting(Section):
    """How long a request waits for its check, and what becomes of it.

    A request counts as waiting from the day it was made. Planned scans have been checked before.
    """

    time: dict[Priority, Duration]
    """From request to listed, by priority."""
    rejected: ShareBelowAll = 0.0
    """Share of requests that are not justified and end here."""
    redirected: ShareBelowAll = 0.0
    """Share of requests for which another test is better."""
    redirected_to: dict[Modality, Modality] = {}
    """The test asked for instead, as a new referral; one that is not named is not simulated here."""

    @model_validator(mode="after")
    def _some_are_listed(self):
        if self.rejected + self.redirected > 0.95:
            raise fault("`rejected` and `redirected` must leave at least 5 % to be scanned")
        return self
