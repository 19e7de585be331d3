"""What visitors ask for together: the numbers of run.py, the last asking only, and turns for everybody."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import ModuleType

import pytest

from analysis.app import live as live_engine
from analysis.app.live import MOST_ASKINGS, MOST_REPLICATIONS, Live, Refused, in_words
from analysis.app.opening import ARMS, begin_opening, opening, take_over
from analysis.app.remembered import Remembered
from sim.experiment import Runner
from sim.model.laws import LawBroken
from sim.scenario import document
from sim.scenario.read import read_arms
from tests.unit.app.conftest import long, slots, small_arm

SOON = 300
"""Seconds after which something will not come any more, also where the machine is busy with something else."""


def test_a_replication_has_the_bits_of_run_py(live, tmp_path):
    arms = [slots(6, "one"), slots(9, "other")]
    with Runner(tmp_path / "kept", seed=3, where=1) as runner:
        expected = runner.measured(arms, 2)
        census = {arm.name: runner.folder.kept(_mark(arm), 1)["census"] for arm in arms}
    asking = live.ask("reader", arms, 3, 2)
    assert asking.wait(SOON) and not asking.failure
    for arm in arms:
        assert [asking.replication(arm.name, n).measured for n in range(2)] == [
            expected[arm.name, n] for n in range(2)
        ]
        assert asking.replication(arm.name, 1).census == census[arm.name]


def _mark(arm):
    from sim.experiment.runner import mark_of

    return mark_of(arm, 3)


def test_the_replications_that_are_begun_first_are_those_that_the_page_opens_with(live, monkeypatch):
    shown, arms = opening()
    assert len(arms) == ARMS  # which a test before this one may have read: the workers have read nothing
    begun = [one.result(SOON) for one in begin_opening()]
    monkeypatch.setattr(live_engine, "live", lambda: live)
    monkeypatch.setattr(document, "parsed", {})
    for one in begun:
        take_over(one)
    monkeypatch.setattr(document, "_parse", lambda *file: pytest.fail(f"{file} is read anew"))
    read_arms([arms[-1].file])
    monkeypatch.setattr(live, "_submit", lambda task: pytest.fail("nothing is left to run"))
    assert live.ask("reader", arms, shown.seed, 1).wait(0, until=1)


def test_arms_grow_together_so_that_they_can_be_compared_in_pairs(live):
    asking = live.ask("reader", [slots(7, "one"), slots(8, "other")], 11, 6)
    assert asking.wait(SOON, until=1)
    assert asking.done <= 2 * asking.ready + live.workers
    assert asking.wait(SOON) and asking.ready == 6 and asking.done == asking.asked == 12


def test_an_arm_that_did_not_change_is_not_run_again(live, monkeypatch):
    same = slots(5, "same")
    assert live.ask("reader", [same], 1, 3).wait(SOON)
    began = []
    monkeypatch.setattr(live, "_submit", lambda task, submit=live._submit: (began.append(task), submit(task)))
    asking = live.ask("reader", [slots(5, "called otherwise"), slots(4, "changed")], 1, 3)
    assert asking.done >= 3
    assert asking.wait(SOON) and len(began) == 3


def test_another_seed_is_another_replication(live):
    first, second = (live.ask("reader", [slots(5)], seed, 1) for seed in (1, 2))
    other = live.ask("another reader", [slots(5)], 1, 1)
    assert second.wait(SOON) and other.wait(SOON)
    assert first.cancelled or first.settled
    assert second.replication("small", 0).measured != other.replication("small", 0).measured


def test_a_new_asking_cancels_the_old_one_within_a_simulated_week(live):
    old = live.ask("reader", [long("one"), long("two")], 1, 2)
    wait_for(lambda: len(live._running) == live.workers)
    time.sleep(0.5)
    new = live.ask("reader", [slots(3)], 77, 1)
    assert old.cancelled and old.settled and not old.failure
    assert new.wait(SOON) and new.ready == 1
    wait_for(lambda: not live._running)
    went_on = [mark for mark in old.marks.values() if live.remembered.get((mark, 0))]
    assert not went_on and old.ready == 0, "the workers went on with what nobody wants"


def test_what_another_visitor_also_wants_goes_on(live):
    arm = long("shared")
    mine, yours = live.ask("me", [arm], 5, 1), live.ask("you", [arm], 5, 1)
    wait_for(lambda: live._running)
    live.cancel("me")
    assert mine.cancelled and not yours.settled
    assert [one.unwanted for one in live._running.values()] == [False]
    live.cancel("you")
    wait_for(lambda: not live._running)


def test_visitors_take_turns(live):
    many = live.ask("one who asks for much", [slots(6, "much")], 21, 60)
    few = live.ask("one who asks for little", [slots(6, "little")], 22, 2)
    assert few.wait(SOON) and few.ready == 2
    assert not many.settled
    live.cancel("one who asks for much")


def test_a_short_replication_does_not_wait_for_the_long_ones_of_somebody_else(live, monkeypatch):
    monkeypatch.setattr(live_engine, "LONG", 100_000)
    slow = live.ask("one with a network", [long("one"), long("two")], 41, 2)
    wait_for(lambda: len(live._running) == live.workers)
    quick = live.ask("one with a town", [slots(6, "quick")], 42, 3)
    assert quick.wait(SOON) and quick.ready == 3
    assert slow.done == 0 and not slow.settled, "it waited until a long one was finished"
    wait_for(lambda: len(live._running) == live.workers)
    assert all(one.long and not one.unwanted for one in live._running.values()), "what made room goes on"
    live.cancel("one with a network")
    wait_for(lambda: not live._running)


def test_a_lane_of_its_own_does_not_cancel_the_answer(live):
    answer = live.ask("reader", [slots(6)], 31, 3)
    search = live.ask("reader", [slots(7)], 31, 3, lane="search")
    assert answer.wait(SOON) and search.wait(SOON)
    assert (answer.ready, search.ready) == (3, 3)


def test_the_patients_of_one_replication_come_as_four_tables(live):
    asking = live.ask("reader", [slots(6, "one")], 1, 1, lane="patients", patients=True)
    assert asking.wait(SOON)
    assert sorted(asking.tables["one", 0]) == ["appointments", "decisions", "referrals", "sessions"]
    assert asking.tables["one", 0]["referrals"].startswith(b"PAR1")


def test_a_worker_that_is_killed_loses_nothing():
    engine = Live(workers=1)
    try:
        asking = engine.ask("reader", [small_arm("small", {"calendar": {"years": "20 years"}})], 1, 1)
        wait_for(lambda: engine._running and engine._executor._processes)
        for number in list(engine._executor._processes):
            os.kill(number, signal.SIGTERM)
        assert asking.wait(SOON) and asking.ready == 1 and not asking.failure
    finally:
        engine.close()


def test_workers_start_whatever_script_stands_in_place_of_the_main_module(monkeypatch):
    """Streamlit puts a visitor's script there, and a worker that ran it would open the page again."""
    script = ModuleType("__main__")
    script.__file__ = "/nowhere/script.py"
    monkeypatch.setitem(sys.modules, "__main__", script)
    engine = Live(workers=1)
    try:
        asking = engine.ask("reader", [small_arm()], 1, 1)
        assert asking.wait(SOON) and asking.ready == 1 and not asking.failure
        assert sys.modules["__main__"] is script
    finally:
        engine.close()


def test_workers_that_cannot_start_are_given_up_and_it_is_said(monkeypatch):
    monkeypatch.setattr(live_engine, "begin", os.abort)  # it takes nothing, so that a worker fails to begin
    engine = Live(workers=1)
    try:
        asking = engine.ask("reader", [small_arm()], 1, 2)
        assert asking.wait(SOON) and asking.failure.startswith("The processes that simulate ended again")
    finally:
        engine.close()


def test_a_failure_is_a_sentence_and_no_traceback(caplog):
    assert "law of the model is broken" in in_words(LawBroken("seconds do not add up"))
    unforeseen = in_words(KeyError("/home/somebody/secret"))
    assert "secret" not in unforeseen and "Error" not in unforeseen
    assert "secret" in caplog.text, "whoever runs the page finds it in the log"


def test_a_failed_replication_ends_the_asking_and_the_next_one_runs(live):
    arm = slots(6, "broken")
    broken = small_arm("broken")
    broken.scenario, broken.referrals = "no scenario", 1.0
    asking = live.ask("reader", [broken], 41, 2)
    assert asking.wait(SOON) and "failed" in asking.failure and asking.ready == 0
    assert live.ask("reader", [arm], 41, 1).wait(SOON)


@pytest.mark.parametrize(
    ("arms", "replications", "said"),
    [
        (lambda: [slots(5)], MOST_REPLICATIONS + 1, "at most 100 replications"),
        (lambda: [slots(5, str(n)) for n in range(51)], 100, "5,100 runs"),
        (lambda: [small_arm("huge", {"demand": {"MRI": {"per_year": "9000000 per year"}}})], 1, "huge would have"),
    ],
)  # fmt: skip
def test_what_would_take_the_machine_is_refused_with_a_sentence(live, arms, replications, said):
    with pytest.raises(Refused, match=said):
        live.ask("reader", arms(), 1, replications)


def test_only_so_many_may_ask_at_once(live):
    arm = long()
    try:
        for number in range(MOST_ASKINGS):
            live.ask(f"visitor {number}", [arm], 1, 1)
        with pytest.raises(Refused, match="Too many others"):
            live.ask("one more", [arm], 1, 1)
        assert not live.ask("visitor 0", [arm], 1, 2).settled, "who already asks may ask anew"
    finally:
        for number in range(MOST_ASKINGS):
            live.cancel(f"visitor {number}")


def test_what_a_visitor_who_left_asked_for_ends_though_nobody_else_asks(live):
    asking = live.ask("gone", [long("left"), long("alone")], 61, 1)
    wait_for(lambda: len(live._running) == live.workers)
    asking.seen -= live_engine.LEFT_ALONE_SECONDS + 1
    wait_for(lambda: not live._running)
    assert asking.cancelled and not asking.done and ("gone", "answer") not in live._askings


def test_what_is_remembered_stays_within_its_bytes():
    values = {("wait_days_mean", f"place={n}"): float(n) for n in range(1000)}
    one = Remembered().add(("a", 0), values, []).bytes
    memory = Remembered(most=3 * one)
    for number in range(10):
        memory.add(("a", number), values, [])
        memory.get(("a", 0))
    assert memory.bytes <= 3 * one
    assert [n for n in range(10) if memory.get(("a", n))] == [0, 8, 9], "the last used stay"


def wait_for(true, seconds: float = SOON) -> None:
    """Wait until something is so."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.01)
