"""How do pictures travel?"""

from __future__ import annotations

from itertools import accumulate

from pydantic import model_validator

from sim.model.demand import MODALITIES
from sim.model.images import Route
from sim.model.quantity import Duration, ShareBelowAll, fault
from sim.model.report_queue import INFINITY
from sim.model.section import Section
from sim.provision.reporting import ReportingPool, readers


class Images(Section):
    """How long images take from the organisation that scans to the one that reports."""

    transfer: Duration
    """Between two organisations; within one, images arrive at once."""
    transfer_fails: ShareBelowAll | None = None
    """Share of transfers between two organisations that fail, the repeated ones too."""
    noticed_after: Duration | None = None
    """How long after it was sent a transfer that failed is noticed and sent again."""

    @model_validator(mode="after")
    def _what_fails_is_noticed(self):
        if self.transfer_fails and self.noticed_after is None:
            raise fault("`transfer_fails` needs `noticed_after`")
        return self


def routes_of(
    images: Images, pools: dict[str, ReportingPool], providers: list[str]
) -> dict[tuple[int, int], tuple[Route, ...]]:
    """The ways that images go, by (provider, modality) in codes, where there are any."""
    found = {}
    for number, provider in enumerate(providers):
        for code, modality in enumerate(MODALITIES):
            shares = readers(pools, provider, modality)
            bounds = [*list(accumulate(shares.values()))[:-1], INFINITY]
            organisations = {n: pool.organisation for n, pool in enumerate(pools.values())}
            routes = [
                route_of(images, pool, below, organisations[pool] == provider)
                for pool, below in zip(shares, bounds)
            ]
            if routes:
                found[number, code] = tuple(routes)
    return found


def route_of(images: Images, pool: int, below: float, same: bool) -> Route:
    """One way; `same` where who scans and who reports are one organisation."""
    if same:
        return Route(pool, below, days=0.0)
    fails, noticed = float(images.transfer_fails or 0), float(images.noticed_after or 0)
    return Route(pool, below, float(images.transfer), fails, noticed)
