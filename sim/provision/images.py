"""How do pictures travel?"""

from __future__ import annotations

from sim.model.quantity import Duration
from sim.model.section import Section
from sim.provision.reporting import ReportingPool


class Images(Section):
    """How long images take from the organisation that scans to the one that reports."""

    transfer: Duration
    """Between two organisations; within one, images arrive at once."""


def reported_by(
    images: Images, pools: dict[str, ReportingPool], providers: list[str]
) -> list[tuple[int, float]]:
    """For each provider the number of the pool that reports its scans, and the transfer in days."""
    found = []
    for provider in providers:
        for number, pool in enumerate(pools.values()):
            if provider in pool.reports_for:
                same = pool.organisation == provider
                found.append((number, 0.0 if same else float(images.transfer)))
                break
    return found
