"""Contracts of the company of `providers_by_hand`, whose tender and collapse a test decides."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from sim.model.streams import Streams
from tests.unit.model.providers_by_hand import laid_over, side_by_side

MIXED = {"eligibility": {"choice": "soonest"}}
HANDED_OVER = {"fleet": {"scanner": {"until_contract": True}}}


def starts(day: int) -> datetime.date:
    """The date of a day."""
    return datetime.date(2019, 2, 1) + datetime.timedelta(days=day)


def under(start: int | None = None, **terms) -> dict:
    """A contract of the company from a day on; both take everybody."""
    contract = {"provider": "Company"} | ({} if start is None else {"start": starts(start)}) | terms
    return side_by_side(10, 10, contract=contract, **MIXED)


def whole(start: int | None = None, **terms) -> dict:
    """A contract under which the trust hands its scanner over."""
    return laid_over(under(start, **terms), HANDED_OVER)


def days_of(tables, scanner: str) -> list[int]:
    """The days on which a scanner has sessions."""
    number = tables.labels["scanner"].index(scanner)
    return sorted(set(tables.sessions["day"][tables.sessions["scanner"] == number].tolist()))


def decided(tables) -> list[dict]:
    """The rows of the decisions table: what they are about and their days, where there is one."""
    rows, does = tables.decisions, tables.labels["does"]
    days = ("requested", "agreed", "refused", "in_effect", "ended")
    return [
        {"does": does[rows["does"][n]], **{d: rows[d][n] for d in days if np.isfinite(rows[d][n])}}
        for n in range(len(rows["does"]))
    ]


NOT_FAILING, OUTLIVES = 0.999, 0.999
"""Uniforms of a tender, and of a contract's life."""
COLLAPSE = {"a_year": "50 %", "list_returns_after": "4 days", "clock": "continues"}


def gives_up_after(days: float) -> float:
    """The uniform at which a contract half of which are over in a year lasts so long."""
    return 1 - 0.5 ** (days / 365.25)


def decide(monkeypatch: pytest.MonkeyPatch, tender: float = NOT_FAILING, life: float = OUTLIVES) -> None:
    """Decide the uniforms of the contract in replication 0."""
    monkeypatch.setattr(Streams, "shared", lambda self, purpose, entity: (tender, life))
