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


def sent_again(share: str) -> dict[float, tuple[float, bool]]:
    """By when they were referred first: when those came back whose finding was missed, and whether they were
    scanned by the company then."""
    lists = {"waiting_lists": {"held_by": "provider"}, "contract": {"provider": "Company"}}
    again = {"scanning": {"MRI": {"missed_findings": {"share": "20 %", "after": "40 days"}}}}
    made = tables(SENT | lists | again | {"eligibility": SENT["eligibility"] | {"share": share}})
    rows, companys = made.referrals, made.labels["provider"].index("Company")
    came = np.flatnonzero((rows["parent"] >= 0) & (rows["outcome"] == SCANNED))
    asked = rows["referred"][rows["parent"][came]].tolist()
    return dict(
        zip(asked, zip(rows["referred"][came].tolist(), (rows["provider"][came] == companys).tolist()))
    )


def test_who_comes_back_is_sent_by_a_lot_of_their_own_that_every_model_shares():
    """A share is one of referrals, so the second one has its own lot; whom a share of 40 % sends one of 70 % does too."""
    less, more = sent_again("40 %"), sent_again("70 %")
    both = sorted(less.keys() & more.keys())
    assert len(both) > 150
    sent = np.array([(less[who][1], more[who][1]) for who in both])
    assert not np.any(sent[:, 0] & ~sent[:, 1])
    assert np.abs(sent.mean(axis=0) - (0.4, 0.7)).max() < 0.12
