"""A couch second by second: what passes, what is used, and when it works."""

import pytest

from sim.model.couch import FOR_EVER, USES, Bays, Couch, downtime_in
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
