"""One more referral, last in date, takes nothing from those who came before."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from sim.model.demand import DOOR_COLUMNS, ROUTINE
from sim.model.laws import check_laws
from sim.model.tables import Tables
from tests.functional.model.two_towns import two_towns
from tests.world import simulation

DRAWN = (
    "modality",
    "place",
    "referrer",
    "priority",
    "complexity",
    "car",
    "opening",
    "parent",
    "referred",
    "listed",
)
DATED = ("booked", "scan_start", "scanned", "reported", "left", "clock_start", "attempts", "scanner")
NO_MORE = datetime.date(2019, 3, 1)
LAST = 58.99
"""The last minutes of February; from March on nobody is referred."""
CALENDAR = {
    "years": "0.5 years",
    "shocks": {
        "nobody": {"from": NO_MORE, "until": datetime.date(2020, 1, 1), "demand_falls": "100 %"},
    },
}
AT_ONCE = {"radiologists": {"reports_per_day": None, "report_time": {"MRI": "1 minutes"}}}
PLAIN = {"MRI": {"uptime": "100 %", "couch_time_variation": 0.000001}}


def run_with(changes: dict, more: int) -> Tables:
    """A run to whose last day of demand so many routine referrals are added. The laws are checked."""
    sim = simulation(changes)

    def late(sim):
        yield sim.env.timeout(45)
        rows = {"block": np.full(more, len(sim.door.blocks)), "index": np.arange(more)}
        sim.door.blocks.append(("one more", 0))
        rows |= {"referred": LAST + np.arange(more) / 1000, "priority": np.full(more, ROUTINE)}
        rows |= {name: np.zeros(more, dtype=int) for name in ("place", "complexity", "modality")}
        sim.door.come_in(rows, np.full((more, DOOR_COLUMNS), 0.5))

    if more:
        sim.env.process(late(sim))
    sim.run()
    found = sim.tables()
    check_laws(found)
    return found


def others(tables: Tables, more: Tables) -> tuple[dict, dict]:
    """The referrals of both runs without those who were added, in order of request."""
    added = len(more.referrals["referred"]) - len(tables.referrals["referred"])
    here = np.argsort(tables.referrals["referred"], kind="stable")
    there = np.argsort(more.referrals["referred"], kind="stable")[:-added]
    return (
        {name: column[here] for name, column in tables.referrals.items()},
        {name: column[there] for name, column in more.referrals.items()},
    )


def differing(one: dict, other: dict, columns: tuple[str, ...]) -> list[str]:
    return [
        name
        for name in columns
        if not np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f")
    ]


@pytest.mark.parametrize("choice", ["nearest", "soonest"])
@pytest.mark.parametrize("more", [1, 7])
def test_under_first_come_the_others_keep_every_date(choice, more):
    """Everybody comes and lies for the mean time; both scanners have more work than slots until March."""
    changes = two_towns(
        calendar=CALENDAR,
        attendance={"missed": "0 %"},
        scanning=PLAIN,
        eligibility={"choice": choice},
        reporting={"radiologists": {"reports_per_day": "500 per day"}},
        opening_list={"waiting": {"modality": "MRI", "bands": [9] * 14, "urgent": {"urgent": "30 %"}}},
    )
    one, other = others(plain := run_with(changes, 0), extended := run_with(changes, more))
    assert differing(one, other, DRAWN) == []
    assert differing(one, other, DATED) == []
    assert len(extended.referrals["referred"]) == len(plain.referrals["referred"]) + more
    last = np.argsort(extended.referrals["referred"], kind="stable")[-more:]
    assert np.isfinite(extended.referrals["scanned"][last]).all()


def test_whatever_the_rules_are_what_was_drawn_about_the_others_stays():
    """People miss and cancel, scanners fail, lots decide who is next: dates move, draws do not."""
    by_week = {"by_week": [1.0, 5.0, *[1.0] * 12]}
    changes = two_towns(
        calendar=CALENDAR,
        attendance={"missed": "10 %", "cancelled_by_patient": "10 %"},
        booking={"treatment_hazard": {"MRI": {"Trust": by_week, "Company": by_week}}, "short_notice": "20 %"},
    )
    one, other = others(run_with(changes, 0), run_with(changes, 1))
    assert differing(one, other, DRAWN) == []
