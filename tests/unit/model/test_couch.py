"""A couch second by second: what passes, what is used, and when it works."""

from types import SimpleNamespace

import pytest

from sim.model.couch import APPOINTMENT_OUTCOMES, FOR_EVER, LOST_TO, USES, Bays, Couch, downtime_in
from tests.unit.model.by_hand import referral
from tests.world import simulation

DOWN = [(100, 200), (150, 300), (500, 600)]
"""Two breakdowns that overlap, and one apart."""


def couch(
    downtime=(), opens: int = 0, closes: int = 1000, counts_until: int = 86_400, on_the_table="resumes"
) -> Couch:
    """A stretch on call of the small world's scanner on day 3."""
    sim = simulation({"scanning": {"MRI": {"on_the_table": on_the_table}}})
    made = Couch(sim, sim.world.scanners[0], 3, opens, closes, ([*downtime], 0))
    made.counts_until = counts_until
    return made


def uses(made: Couch) -> tuple[int, int, int]:
    """Seconds (used, idle, down)."""
    return made.used, made.idle, made.down


@pytest.mark.parametrize(
    ("until", "idle", "down"),
    [
        (99, 99, 0),
        (100, 100, 0),
        (101, 100, 1),
        (200, 100, 100),
        (300, 100, 200),
        (550, 300, 250),
        (700, 400, 300),
    ],
)
def test_no_second_is_both_down_and_idle_or_down_twice(until, idle, down):
    made = couch(DOWN)
    made.pass_time(until)
    assert uses(made) == (0, idle, down) and made.clock == until


def test_time_that_passes_in_two_steps_is_what_passes_in_one():
    for step in (50, 100, 120, 150, 200, 299, 300, 301, 600):
        made = couch(DOWN)
        made.pass_time(step)
        made.pass_time(700)
        assert uses(made) == (0, 400, 300)


def test_what_passes_from_the_next_session_on_counts_there():
    made = couch(DOWN, counts_until=550)
    made.pass_time(700)
    assert uses(made) == (0, 300, 250) and made.clock == 700
    made.pass_time(900)
    assert uses(made) == (0, 300, 250)


@pytest.mark.parametrize(
    ("second", "up"), [(99, 99), (100, 300), (199, 300), (250, 300), (300, 300), (500, 600), (600, 600)]
)
def test_the_scanner_works_again_when_the_last_of_its_breakdowns_is_repaired(second, up):
    assert couch(DOWN).when_up(second) == up


@pytest.mark.parametrize(
    ("begin", "end", "fails"),
    [(0, 100, None), (0, 101, 100), (100, 150, None), (99, 400, 100), (300, 501, 500)],
)
def test_a_scanner_fails_under_a_patient_between_beginning_and_end_of_the_scan(begin, end, fails):
    assert couch(DOWN).failure_between(begin, end) == fails


@pytest.mark.parametrize(
    ("rule", "found", "used"),
    [
        ("resumes", (360, 160, True), (160, 0, 200)),
        ("restarts", (460, 260, True), (260, 0, 200)),
        ("rebooked", (100, 100, False), (100, 0, 0)),
        ("finishes", (160, 160, True), (160, 0, 0)),
    ],
)
def test_a_scan_of_160_seconds_that_a_breakdown_interrupts_after_100(rule, found, used):
    made = couch(DOWN, on_the_table=rule)
    assert made.lie(0, 160, FOR_EVER) == found
    assert uses(made) == used


@pytest.mark.parametrize(("latest", "done"), [(360, True), (359, False)])
def test_who_can_end_by_the_latest_moment_waits_for_the_repair(latest, done):
    made = couch(DOWN)
    assert made.lie(0, 160, latest) == ((360, 160, True) if done else (100, 100, False))


def test_the_seconds_of_a_scan_from_the_next_session_on_are_told_apart():
    made = couch(counts_until=300)
    assert made.lie(100, 500, FOR_EVER) == (600, 500, True)
    assert uses(made) == (200, 100, 0) and made.used_beyond == 300
    made = couch(counts_until=600)
    assert made.lie(100, 500, FOR_EVER) == (600, 500, True)
    assert uses(made) == (500, 100, 0) and made.used_beyond == 0


@pytest.mark.parametrize(
    ("free_from", "beyond", "counts_until", "found", "still_beyond"),
    [
        (0, 0, 86_400, (0, 0, 0), 0),
        (60, 60, 86_400, (60, 0, 0), 0),
        (60, 20, 86_400, (20, 0, 40), 0),  # twenty seconds on the couch, the others of a repair
        (60, 60, 50, (50, 0, 0), 10),
        (60, 20, 50, (20, 0, 30), 0),
        (60, 60, 0, (0, 0, 0), 60),
    ],
)
def test_who_was_on_the_couch_before_stays_on_it(free_from, beyond, counts_until, found, still_beyond):
    made = couch(counts_until=counts_until)
    made.start(free_from, beyond)
    assert uses(made) == found
    assert (made.clock, made.used_beyond) == (free_from, still_beyond)


def test_a_stretch_on_call_accounts_for_what_was_used_and_nothing_else():
    made = couch()
    made.lie(100, 500, FOR_EVER)
    assert made.account() == (0, 500, 500, *[0] * (len(USES) - 1))


@pytest.mark.parametrize(("second", "free"), [(0, True), (50, True), (51, False)])
def test_the_couch_is_free_for_who_has_turned_up_by_now(second, free):
    made = couch(DOWN, opens=50)
    assert made.is_free(second) == free


@pytest.mark.parametrize(
    ("clock", "free"), [(99, True), (100, False), (300, True), (999, True), (1000, False)]
)
def test_the_couch_is_free_while_the_scanner_works_and_somebody_is_there(clock, free):
    made = couch(DOWN, opens=clock)
    assert made.is_free(0) == free


def test_a_bay_is_taken_as_soon_as_one_is_free():
    """Two bays, an hour of rest: one is left at 5,000, so that the third enters then."""
    bays = Bays(2, 3600)
    assert bays.enter(100) == 3700
    assert bays.enter(200) == 3800
    bays.leave(5000)
    bays.leave(9000)
    assert bays.enter(300) == 8600
    bays.leave(8600)
    assert bays.enter(8700) == 12_300


def test_downtime_of_a_day_is_in_seconds_since_its_midnight():
    """Of a day on which it was down since the day before until 2:00, and from 6:00 on over two midnights."""
    sim = simulation()
    (scanner,) = sim.world.scanners
    for interval in ((2.5, 3 + 2 / 24), (3.25, 5.0), (1.0, 3.0), (3.3, 3.3)):
        sim.downtimes[0].add(*interval)
    assert downtime_in(sim, scanner, 3) == ([(0, 7200), (21_600, 172_800)], 7200)
    assert downtime_in(sim, scanner, 4) == ([(0, 86_400)], 86_400)
    assert downtime_in(sim, scanner, 5) == ([], 0)


# ---- who is booked: from 1,000 seconds on, scans of 100 that may end by 2,000, patients who wait up to 500

LATER = [(50_000, 50_001)]
"""A breakdown of another hour: every patient is looked at one by one."""


def session(
    *booked: tuple, downtime=(), announced: int = 0, counts_until: int = 86_400, set_up: int = 0
) -> Couch:
    """Patients: (due, misses, factor, cancels, quality) from the left, the rest of them healthy and present."""
    changes = {
        "scanning": {"MRI": {"incomplete": "10 %", "longest_wait_on_the_day": "500 seconds"}},
        "attendance": {"missed": "20 %", "cancelled_by_patient": "30 %"},
    }
    sim = simulation(changes)
    people = []
    for number, (due, *luck) in enumerate(booked):
        one = referral(number)
        one.luck = [*luck, *[0.9, 1.0, 0.9, 0.9][len(luck) :]]
        people.append((due, 0.5, one))
    held = SimpleNamespace(latest_end=2000, set_up=set_up, in_order=lambda: people)
    made = Couch(sim, sim.world.scanners[0], 3, 1000, 1900, ([*downtime], announced), held)
    made.couch_seconds, made.counts_until = (100.0, 200.0), counts_until
    made.start(0)
    return made


def became(made: Couch) -> list[tuple]:
    """(outcome, lost to, begin, end, seconds, complete) of each patient, after all of them."""
    made.scan_all()
    return [(APPOINTMENT_OUTCOMES[one[3]], LOST_TO[one[4]], *one[5:]) for one in made.happened]


def scan(begin: int, end: int, complete: int = 1) -> tuple:
    return "attended", "", begin, end, end - begin, complete


def lost(outcome: str, to: str = "") -> tuple:
    return outcome, to, -1, -1, 0, 0


@pytest.mark.parametrize("downtime", [(), LATER])
@pytest.mark.parametrize(
    ("patient", "what"),
    [
        ((1200,), scan(1200, 1300)),
        ((1000,), scan(1000, 1100)),
        ((1200, 0.19), lost("missed")),
        ((1200, 0.2), scan(1200, 1300)),
        ((1200, 0.0, 1.0, 0.29), lost("cancelled_by_patient")),  # and would not have come either
        ((1200, 0.9, 1.0, 0.3), scan(1200, 1300)),
        ((1200, 0.9, 1.0, 0.9, 0.09), scan(1200, 1300, complete=0)),
        ((1200, 0.9, 1.0, 0.9, 0.1), scan(1200, 1300)),
        ((1200, 0.9, 1.006), scan(1200, 1301)),
        ((1200, 0.9, 1.004), scan(1200, 1300)),
        ((1200, 0.9, 0.001), scan(1200, 1201)),  # no scan is over before it began
        ((1200, 0.9, 8.0), scan(1200, 2000)),
        ((1200, 0.9, 8.01), lost("displaced", "overrun")),
    ],
)
def test_what_becomes_of_a_booked_patient(patient, what, downtime):
    assert became(session(patient, downtime=downtime)) == [what]


@pytest.mark.parametrize("downtime", [(), LATER])
@pytest.mark.parametrize(
    ("lasts", "second"),
    [(5.5, scan(1550, 1650)), (6.0, scan(1600, 1700)), (6.01, lost("displaced", "overrun"))],
)
def test_a_booked_patient_waits_for_the_one_before_up_to_the_longest_wait(lasts, second, downtime):
    made = session((1000, 0.9, lasts), (1100,), (1800,), downtime=downtime)
    first, *others = became(made)
    assert first == scan(1000, 1000 + round(100 * lasts))
    assert others == [second, scan(1800, 1900)]
    used = 100 + round(100 * lasts) + (100 if second[0] == "attended" else 0)
    assert made.account()[:5] == (900, 0, used, 900 - used, 0)


@pytest.mark.parametrize(
    ("up", "announced", "what"),
    [
        (1500, 0, scan(1500, 1600)),
        (1501, 0, lost("displaced", "breakdown")),
        (1500, 1500, scan(1500, 1600)),
        (1501, 1501, lost("cancelled_by_hospital", "breakdown")),
        (1501, 1000, lost("displaced", "breakdown")),  # it was said to work again by then
    ],
)
def test_who_is_due_while_the_scanner_is_down_waits_is_put_off_or_told_beforehand(up, announced, what):
    made = session((1000,), downtime=[(900, up)], announced=announced)
    assert became(made) == [what]
    account = made.account()
    assert account[5] == up - 1000 if what[0] == "attended" else sum(account[2:]) == 900


def test_patients_of_a_late_start_are_those_of_the_set_up():
    made = session((1000,), (1100,), set_up=300)
    assert became(made) == [scan(1300, 1400), scan(1400, 1500)]
    assert made.account() == (900, 0, 200, 400, 300, *[0] * 5)


@pytest.mark.parametrize(
    ("counts_until", "overrun", "used"), [(86_400, 50, 750), (1940, 40, 740), (1950, 50, 750)]
)
def test_what_is_scanned_after_closing_time_is_overrun_up_to_the_next_session(counts_until, overrun, used):
    made = session((1200, 0.9, 7.5), counts_until=counts_until)
    assert became(made) == [scan(1200, 1950)]
    assert made.account() == (900, overrun, used, 200, 0, *[0] * 5)
    assert made.used_beyond == 750 - used
