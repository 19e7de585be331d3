"""Who holds the list?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.model.quantity import Duration, PositiveDuration, Share, fault
from sim.model.section import Section
from sim.model.transfers import Transferring

NO_LIMIT = float("inf")


class Transfers(Section):
    """People who already wait are offered a shorter list that may take them."""

    after: Duration
    """Time on the list from which they are asked."""
    gain: PositiveDuration
    """They are asked when they would wait so much less, as the lists stand."""
    agree: Share
    """Share who would go; a person who says no says so each time. Nobody goes to a site they refuse."""
    every: PositiveDuration
    """From one time of asking to the next, on mornings of the clerk; whole days."""
    most: Annotated[int, Field(ge=1)] | None = None
    """So many are moved each time, the longest waiting first; without it, all who agree."""


class WaitingLists(Section):
    """Whose list a referral is on."""

    held_by: Literal["network", "provider", "contractor"]
    """network: one list for all, each slot goes to the next of all who may have it. provider: each provider
    has a list of its own, and a referral is on one of them. contractor: the contractor has a list of its
    own, the others share one."""
    contractor: str | None = None
    """Who has a list of its own under `held_by: contractor`."""
    transfers: Transfers | None = None
    """Without it, nobody is moved from one list to another."""

    @model_validator(mode="after")
    def _the_contractor_is_named(self):
        if (self.held_by == "contractor") != (self.contractor is not None):
            raise fault("`held_by: contractor` and `contractor: NAME` belong together")
        return self

    def holder(self, provider: str) -> str:
        """Whose list a provider's scanners are filled from; all with the same holder share one."""
        if self.held_by == "network":
            return "network"
        is_apart = self.held_by == "provider" or provider == self.contractor
        return provider if is_apart else "the others"


def transferring(answer: WaitingLists | None) -> Transferring | None:
    """The rule as the model sees it; None where nobody is moved."""
    if answer is None or answer.transfers is None:
        return None
    rule = answer.transfers
    every, most = max(1, round(rule.every)), NO_LIMIT if rule.most is None else rule.most
    return Transferring(float(rule.after), float(rule.gain), float(rule.agree), every, most)
