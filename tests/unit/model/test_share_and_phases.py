"""Who is sent to a contractor, before there is one."""

import datetime

import numpy as np

from sim.model.tables import SCANNED
from tests.world import tables

THEIRS = {"kind": "fixed", "modality": "MRI", "provider": "Company", "site": "Hospital",
          "days": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
          "opens": "08:00", "closes": "18:00", "slots_per_day": "10 per day"}  # fmt: skip
SENT = {
    "fleet": {"theirs": THEIRS},
    "eligibility": {"contractor": "Company", "share": "50 %"},
    "contract": {"provider": "Company", "start": datetime.date(2019, 7, 1)},
}
START = 181
"""Days to 1 July."""


def test_a_share_is_sent_from_the_day_there_is_a_contractor_and_nobody_waits_for_it():
    made = tables(SENT)
    rows, companys = made.referrals, made.labels["provider"].index("Company")
    scanned = rows["outcome"] == SCANNED
    before, under = scanned & (rows["scanned"] < START), scanned & (rows["referred"] >= START)
    assert not np.any(rows["provider"][before] == companys)
    early = rows["referred"] < START - 21
    assert np.all(rows["scanned"][early] < START)
    assert abs(np.mean(rows["provider"][under] == companys) - 0.5) < 0.06


def test_after_the_end_the_share_is_scanned_by_the_others():
    made = tables(
        SENT | {"contract": SENT["contract"] | {"start": datetime.date(2019, 1, 1), "length": "181 days"}}
    )
    rows, companys = made.referrals, made.labels["provider"].index("Company")
    late = (rows["outcome"] == SCANNED) & (rows["scanned"] >= START)
    assert late.sum() > 500 and not np.any(rows["provider"][late] == companys)
