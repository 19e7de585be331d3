"""Nothing that happens later changes what happened before: later events are moved or left out, and the
rows dated earlier are compared."""

import math

import numpy as np
import pytest

from sim.model.couch import CANCELLING
from sim.model.laws import check_laws
from sim.model.simulation import Simulation
from sim.model.streams import DECISIONS
from sim.model.tables import Tables
from tests.functional.model.two_towns import laid_over, two_towns
from tests.world import simulation

LONGEST_WAIT = 1 / 24
SECONDS_A_DAY = 86_400
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
BUSY = two_towns(
    calendar={"years": "0.25 years"},
    demand={
        "MRI": {
            "per_year": "5500 per year",
            "unscheduled": {"per_year": "1500 per year"},
            "planned": {"per_year": "200 per year"},
        }
    },
    attendance={"missed": "10 %", "cancelled_by_patient": "10 %"},
    scanning={
        "MRI": {
            "uptime": "92 %", "couch_time_variation": 0.5, "couch_time": "40 minutes", "incomplete": "3 %",
            "use_between_failures": "40 hours", "engineers": 1, "repair_time": "5 hours",
            "missed_findings": {"share": "3 %", "after": "7 days"},
        }
    },
    booking={"horizon": "14 days", "short_notice": "30 %"},
    fleet={
        "scanner": {"on_call": True, "radiographers": "2 people"},
        "second": {
            "kind": "fixed", "modality": "MRI", "provider": "Trust", "site": "Hospital", "days": WEEK,
            "opens": "08:00", "closes": "18:00", "slots_per_day": "8 per day", "radiographers": "2 people",
        },
    },
    workforce={
        "crews": {
            "trust": {
                "providers": ["Trust"], "establishment": "6 people", "sessions_per_week": "5 per week",
                "sickness": "5 %",
            }
        }
    },
)  # fmt: skip


def run(prepare=lambda sim: None, changes: dict | None = None) -> Tables:
    """One replication; the laws are checked."""
    sim = simulation(laid_over(BUSY, changes or {}))
    prepare(sim)
    sim.run()
    tables = sim.tables()
    check_laws(tables)
    return tables


def over_before(tables: Tables, time: float) -> set[tuple]:
    """The appointments, and scans of those who turned up, of which everything was known before a time."""
    made = tables.appointments
    known_at = np.fmax(np.fmax(made["scan_end"], made["cancelled"]), made["slot_start"] + LONGEST_WAIT)
    known_at = np.where(np.isfinite(made["cancelled"]), made["cancelled"], known_at)
    columns = ("referral", "slot_start", "booked", "cancelled", "outcome", "lost_to", "complete", "scanner")
    columns += ("scan_start", "scan_end", "couch_seconds")
    rows = np.flatnonzero((known_at < time) & (made["outcome"] > 0))
    return {tuple(str(made[name][n]) for name in columns) for n in rows.tolist()}


def booked_before(tables: Tables, time: float) -> set[tuple]:
    """The appointments made before a time, whatever became of them."""
    made = tables.appointments
    rows = np.flatnonzero(made["booked"] < time)
    return {tuple(str(made[n][r]) for n in ("referral", "booked", "slot_start", "scanner")) for r in rows}


def asked_before(tables: Tables, time: float) -> set[tuple]:
    """The requests made before a time, and what was dated about them before it."""
    rows = tables.referrals
    dated = ("listed", "scanned", "left", "reported")
    return {
        (
            *(str(rows[name][n]) for name in ("referred", "priority", "place", "complexity")),
            *(str(rows[name][n]) if rows[name][n] < time else "" for name in dated),
        )
        for n in np.flatnonzero(rows["referred"] < time)
    }


def held_before(tables: Tables, day: int) -> set[tuple]:
    """The accounts of the sessions of the days before a day."""
    made = tables.sessions
    columns = [
        name for name in made if name.endswith("_seconds") or name in ("day", "scanner", "booked", "slots")
    ]
    return {tuple(int(made[name][n]) for name in columns) for n in np.flatnonzero(made["day"] < day)}


def nothing_earlier_changed(one: Tables, other: Tables, time: float) -> None:
    """All rows dated before a time are the same, and something later is not."""
    for rows in (over_before, booked_before, asked_before):
        assert rows(one, time) == rows(other, time), sorted(rows(one, time) ^ rows(other, time))[:4]
    assert held_before(one, math.floor(time)) == held_before(other, math.floor(time))
    assert over_before(one, 1e9) != over_before(other, 1e9), "the event changes nothing at all"


BEFORE = run()
ON_CALL, SECOND = (BEFORE.labels["scanner"].index(name) for name in ("scanner", "second"))


@pytest.mark.parametrize("time", [20.375, 38.4, 45.52, 60.4])
@pytest.mark.parametrize("scanner", [ON_CALL, SECOND])
def test_one_more_breakdown_changes_nothing_before_it(time, scanner):
    """Put in by hand before the start, as if it had been drawn."""
    found = run(lambda sim: sim.downtimes[scanner].intervals.append([time, time + 0.3]))
    nothing_earlier_changed(BEFORE, found, time)


@pytest.mark.parametrize("time", [38.4, 45.52])
def test_a_breakdown_that_comes_later_changes_nothing_before_its_first_time(time):
    one, other = (
        run(lambda sim, begins=begins: sim.downtimes[ON_CALL].intervals.append([begins, begins + 0.3]))
        for begins in (time, time + 0.15)
    )
    nothing_earlier_changed(one, other, time)


@pytest.mark.parametrize("time", [38.4, 45.52])
def test_a_longer_repair_changes_nothing_before_the_end_of_the_shorter(time):
    """Apart from those who were already told: due times before the longer repair's end, known at midnight."""
    one, other = (
        run(lambda sim, lasts=lasts: sim.downtimes[ON_CALL].intervals.append([time, time + lasts]))
        for lasts in (0.2, 2.2)
    )
    nothing_earlier_changed(one, other, time)


@pytest.mark.parametrize("time", [10.0, 33.3, 47.6, 70.1])
def test_who_turns_up_later_changes_nothing_before(time):
    """The first to turn up at the town's site from a time on comes two days later instead."""

    def later(sim: Simulation) -> None:
        draw, moved = sim.door.draw, []

        def in_turn(month: int) -> None:
            draw(month)
            waiting = sim.turned_up[0]
            first = next((n for n, one in enumerate(waiting) if one[0] >= time * SECONDS_A_DAY), None)
            if first is not None and not moved:
                moved.append(waiting[first])
                del waiting[first]
                at, number, referral = moved[0]
                later = at + 2 * SECONDS_A_DAY
                place = next((n for n, one in enumerate(waiting) if one[0] > later), len(waiting))
                waiting.insert(place, (later, number, referral))

        sim.door.draw = in_turn

    nothing_earlier_changed(BEFORE, run(later), time)


@pytest.mark.parametrize("time", [10.0, 33.3, 47.6, 70.1])
def test_a_cancellation_that_does_not_come_changes_nothing_before(time):
    """The first who cancels from a time on keeps the appointment."""
    made = BEFORE.appointments
    cancels = np.flatnonzero(made["cancelled"] >= time)
    first = cancels[np.argmin(made["cancelled"][cancels])]
    who, at, booked = (made[name][first] for name in ("referral", "cancelled", "booked"))

    def keeps(sim: Simulation) -> None:
        file = sim.referrals.file_cancellations

        def without(referrals, now):
            for referral in referrals:
                if referral.number == who and now == booked:
                    referral.luck[CANCELLING] = 1.0
            file(referrals, now)

        sim.referrals.file_cancellations = without

    nothing_earlier_changed(BEFORE, run(keeps), float(at))


def test_a_longer_run_begins_with_the_shorter_one():
    """Up to the horizon before its end, from when on there are no slots to be booked."""
    longer = run(changes={"calendar": {"years": "0.5 years"}})
    end = BEFORE.counted.window[1] - 14
    for rows in (over_before, booked_before, asked_before):
        assert rows(BEFORE, end) == rows(longer, end)
    assert held_before(BEFORE, int(end)) == held_before(longer, int(end))


@pytest.mark.parametrize("time", [38.4, 45.52])
def test_a_later_failure_by_use_changes_nothing_before_it(time):
    """The scanner is as good as new at midnight before a time."""
    day = math.floor(time)

    def renew(sim: Simulation) -> None:
        use = sim.use[0]
        run_on = use.run

        def run_and_renew(today, begin, seconds):
            if today >= day and not renewed:
                renewed.append(today)
                use.left += 5 * 3600
            return run_on(today, begin, seconds)

        renewed: list[int] = []
        use.run = run_and_renew

    nothing_earlier_changed(BEFORE, run(renew), float(day))


# ---- decisions on capacity

EVENING = {
    "days": WEEK,
    "opens": "18:00",
    "closes": "20:00",
    "slots_per_day": "2 per day",
    "in_reserve": True,
}
DECIDING = {
    "fleet": {"second": {"more_sessions": {"evening": EVENING}}},
    "decisions": {
        "boards": {"board": {"meets_every": "7 days", "agrees": "50 %", "tries": "9 meetings"}},
        "requests": {
            "evenings": {
                "by": "Trust",
                "does": "extra_sessions",
                "sessions": {"second": ["evening"]},
                "when": {"modality": "MRI", "list_size": "0 referrals"},
                "procurement": "0 days",
                "installation": "3 days",
            }
        },
    },
}
"""Asked for on day 31; the board meets on days 35, 42, ..."""


def agreed_at_meeting(number: int):
    """Decides beforehand at which of its meetings the board agrees."""

    def prepare(sim: Simulation) -> None:
        drawn = sim.streams.row

        def row(purpose: int, entity: str, meeting: int, **where) -> np.ndarray:
            if purpose != DECISIONS:
                return drawn(purpose, entity, meeting, **where)
            return np.full(4, 0.9 if "evenings" in entity and meeting < number else 0.0)

        sim.streams.row = row

    return prepare


def test_a_board_that_agrees_later_changes_nothing_before_its_first_meeting():
    one, other = (run(agreed_at_meeting(number), DECIDING) for number in (0, 1))
    assert [t.decisions["agreed"].tolist() for t in (one, other)] == [[35], [42]]
    nothing_earlier_changed(one, other, 35.0)
    nothing_earlier_changed(other, run(agreed_at_meeting(2), DECIDING), 42.0)
