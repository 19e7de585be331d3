"""Which lists a referral may join: its referrals are all the same to the clerk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.model.demand import EMERGENCY
from sim.model.tables import Table
from sim.model.waiting_list import GroupKind
from sim.model.ways import WaysKind

NO_WAYS = -1
AGES = ("under 65", "65 or over")
MOBILITIES = ("walks", "needs help")
NOT_KNOWN = -1
AGE, MOBILITY, SENT = range(3)
"""Columns of the uniforms drawn about a person, where a scenario asks."""


@dataclass(frozen=True)
class Groups:
    """The groups of a world and the ways into them.

    kinds: what each group is. ways: the ways of each kind of referral. number: of those ways, by [modality,
    place, priority, complexity, car, sites refused, comes at short notice, age, mobility, sent to the
    contractor]; an emergency has none, and a dimension that makes no difference has length 1. refusing: for
    [place, car] the chances of refusing each site, highest first. short_notice: share who come at
    short notice. older, needing_help: shares by modality, nan where it is not known. sent: share sent to the
    contractor, or None.
    """

    kinds: list[GroupKind]
    ways: list[WaysKind]
    number: np.ndarray
    refusing: np.ndarray
    short_notice: float
    older: np.ndarray
    needing_help: np.ndarray
    sent: float | None

    @cached_property
    def asks_who(self) -> bool:
        """Whether anything has to be drawn about persons."""
        known = np.isfinite([*self.older, *self.needing_help]).any()
        return bool(known) or self.sent is not None

    @cached_property
    def asks_lists(self) -> bool:
        """Whether somebody has a list to pick, so that the lists must be looked at."""
        return any(len(ways) > 1 for kind in self.ways for ways in kind.joins)

    def persons(self, modality: np.ndarray, u: np.ndarray) -> Table:
        """Columns `age` and `mobility` of referrals. u: uniforms drawn about each person."""
        found = {}
        for name, column, shares in (("age", AGE, self.older), ("mobility", MOBILITY, self.needing_help)):
            share = shares[modality]
            found[name] = np.where(np.isfinite(share), u[:, column] < share, NOT_KNOWN).astype(np.int8)
        return found

    def numbers(
        self, rows: Table, refuses: np.ndarray, short: np.ndarray, person: np.ndarray | None
    ) -> np.ndarray:
        """The number of each referral's ways. refuses, short: uniforms drawn at the door. person: those
        drawn about persons, None where nothing is asked."""
        refused = (refuses[:, None] < self.refusing[rows["place"], rows["car"]]).sum(axis=1)
        listed = rows["priority"] < EMERGENCY
        priority = np.where(listed, rows["priority"], 0)
        index = [rows["modality"], rows["place"], priority, rows["complexity"], rows["car"], refused]
        index.append((short < self.short_notice).astype(int))
        if person is None:
            index += [0, 0, 0]
        else:
            sent = person[:, SENT] < (self.sent or 0)
            asked = (np.maximum(rows["age"], 0), np.maximum(rows["mobility"], 0), sent.astype(int))
            index += [np.minimum(one, size - 1) for one, size in zip(asked, self.number.shape[-3:])]
        return np.where(listed, self.number[tuple(index)], NO_WAYS)
