"""Which group of the waiting list a referral joins: its referrals are all the same to the clerk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.demand import EMERGENCY
from sim.model.waiting_list import GroupKind

NO_GROUP = -1


@dataclass(frozen=True)
class Groups:
    """The groups of a world.

    kinds: what each group is. number: group by [modality, place, priority, complexity, car, sites
    refused, comes at short notice]; an emergency has none. refusing: for [place, car] the chances of
    refusing each site, highest first. short_notice: share who come at short notice.
    """

    kinds: list[GroupKind]
    number: np.ndarray
    refusing: np.ndarray
    short_notice: float

    def numbers(self, rows: dict[str, np.ndarray], refuses: np.ndarray, short: np.ndarray) -> np.ndarray:
        """The group of each referral. refuses, short: uniforms drawn at the door."""
        refused = (refuses[:, None] < self.refusing[rows["place"], rows["car"]]).sum(axis=1)
        listed = rows["priority"] < EMERGENCY
        priority = np.where(listed, rows["priority"], 0)
        index = (rows["modality"], rows["place"], priority, rows["complexity"], rows["car"], refused)
        found = self.number[(*index, (short < self.short_notice).astype(int))]
        return np.where(listed, found, NO_GROUP)
