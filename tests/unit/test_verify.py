"""Theory, verdicts and case files: what is known by hand."""

import numpy as np
import pytest

from sim.scenario.faults import ScenarioFaults
from sim.verify.__main__ import main, published
from sim.verify.case import read_cases
from sim.verify.judge import Verdict, estimate, z_of
from sim.verify.theory import FORMULAS

KNOWN = [
    ("m_m_c", (0.8, 1, 1), {"share_waiting": 0.8, "waiting_mean": 3.2, "wait_mean": 4}),
    ("m_m_c", (2.4, 1, 3), {"share_waiting": 0.647191, "waiting_mean": 2.588764, "wait_mean": 1.078652}),
    ("m_g_1", (0.8, 1, 0), {"wait_mean": 2.0}),
    ("m_g_1", (0.8, 1, 0.5), {"wait_mean": 2.5}),
    ("m_g_1", (0.8, 1, 1.5), {"wait_mean": 6.5}),
    ("m_d_c", (0.8, 1, 1), {"wait_mean": 2.0}),
    ("priorities", (0.1, 0.3, 0.4, 1, 1), {
        "wait_mean referrer=emergency_department": 0.888889, "wait_mean referrer=inpatients": 1.481481,
        "wait_mean referrer=other": 6.666667, "wait_mean": 4,
    }),
    ("priorities", (0.3, 0.9, 1.2, 1, 3), {"wait_mean": 1.078652}),
    ("breakdown", (0.6, 1, 0.05, 0.2), {"availability": 0.8, "present_mean": 5.4, "time_in_system_mean": 9.0}),
    ("breakdown", (0.5, 1, 1 / 90, 0.1), {"availability": 0.9, "present_mean": 2.375, "time_in_system_mean": 4.75}),
    ("breakdowns", (0.6, 1, 0.05, 0.2, 1), {"present_mean": 5.4}),
    ("breakdowns", (2.4, 1, 1e-12, 0.2, 3), {"waiting_mean": 2.588764}),
    ("leaving", (1.2, 1, 1, 0.5), {"waiting_mean": 0.878890, "share_leaving": 0.366204, "share_waiting": 0.760555}),
    ("leaving", (105, 1, 95, 0.02), {"waiting_mean": 500.0}),
    ("machine_repair", (5, 0.1, 1, 1), {"down_mean": 0.639522, "repairs": 0.436048, "down_time_mean": 1.466632}),
    ("diary", (9, 10), {"list_after_clerk": 3.10124, "extra_days_mean": 0.344582}),
    ("diary", (9.5, 10), {"list_after_clerk": 7.95229, "extra_days_mean": 0.83708}),
    ("diary", (95, 100), {"list_after_clerk": 5.07737, "extra_days_mean": 0.053446}),
    ("rule_of_thumb", (1200, 30, 27, 52, 26), {
        "load": 1.11111, "target_wait_mean": 13, "target_queue": 390, "relief_capacity": 61.1538,
        "target_capacity": 30.0769,
    }),
]  # fmt: skip


@pytest.mark.parametrize("name, inputs, known", KNOWN)
def test_a_formula_gives_the_published_numbers(name, inputs, known):
    found = FORMULAS[name](*inputs)
    for quantity, value in known.items():
        assert found[quantity] == pytest.approx(value, rel=2e-5), quantity


def test_waits_over_a_time_are_exponential_beyond_the_share_that_waits():
    one, three = FORMULAS["m_m_c"](0.8, 1, 1), FORMULAS["m_m_c"](2.4, 1, 3)
    assert one["share_waiting_over"](1) == pytest.approx(0.654985, abs=1e-6)
    assert [three["share_waiting_over"](t) for t in (1, 2)] == pytest.approx([0.355186, 0.194930], abs=1e-6)


def test_hourly_arrivals_are_within_a_fifth_of_a_percent_of_the_smooth_ones():
    """The curve 10 + 5 sin has 30.0106, 49.5392, 49.9894 and 30.4608; its hourly means are what is run."""
    present = FORMULAS["time_of_day"](10, 5, 4)["present_at"]
    assert [present(h) for h in (0, 6, 12, 18)] == pytest.approx(
        [30.0106, 49.5392, 49.9894, 30.4608], rel=2e-3
    )
    steady = FORMULAS["time_of_day"](10, 0, 4)["present_at"]
    assert [steady(h) for h in (0, 7, 23)] == pytest.approx([40, 40, 40])


def test_the_diary_by_its_chain():
    """One slot a day, half a referral: X' = (X + A - 1)+ summed by hand from its chain."""
    from scipy.stats import poisson

    states = 60
    chain = np.zeros((states, states))
    for left in range(states):
        for came in range(states):
            chain[left, min(max(left + came - 1, 0), states - 1)] += poisson.pmf(came, 0.5)
    at = np.linalg.matrix_power(chain, 400)[0]
    assert FORMULAS["diary"](0.5, 1)["list_after_clerk"] == pytest.approx(at @ np.arange(states), rel=1e-9)


def test_a_control_explains_what_it_causes():
    """What is left over is what the interval is made of."""
    luck = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    exact = estimate(5 + 3 * luck, luck[:, None])
    assert (exact.mean, exact.freedom) == (pytest.approx(5), 3)
    assert exact.error == pytest.approx(0, abs=1e-12)
    plain = estimate(5 + 3 * luck, np.empty((5, 0)))
    assert (plain.mean, plain.error) == (pytest.approx(5), pytest.approx(3 * np.sqrt(2.5 / 5)))


def test_the_mean_is_where_the_control_has_its_known_mean():
    """All five had bad luck; with ordinary luck they would have had 5."""
    luck = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert estimate(5 + 3 * luck, luck[:, None]).mean == pytest.approx(5)


def verdict(z: float, catches: float, must_catch: float = 0.02) -> Verdict:
    return Verdict("c", "m", "all", None, "u", 1.0, 1.0, 0.9, 1.1, z, catches, must_catch, 9, False)


def test_a_pass_needs_nearness_and_power():
    assert verdict(3.4, 0.019).in_words == "passes"
    assert verdict(-3.6, 0.019).in_words == "FAILS"
    assert verdict(0.1, 0.021).in_words == "NO POWER"
    assert not verdict(0.1, 0.021).passes


def test_a_value_that_never_varies_is_exact_or_wrong():
    assert z_of(3.0, 3.0, 0.0) == 0
    assert z_of(3.1, 3.0, 0.0) == np.inf


SCENARIO = "scenario: {}\n".format(published()[0].parent / "scenarios" / "m_m_1.yaml")
TITLE = "title: mine\n"


@pytest.mark.parametrize("text, said", [
    (TITLE + SCENARIO, "expect: is missing"),
    (TITLE + SCENARIO + "expect: []", "expect"),
    (TITLE + SCENARIO + "expcet: []\nexpect: [{measure: wait_mean, value: 4}]", "3:1: expcet: unknown key; did you mean 'expect'?"),
    (TITLE + "scenario: none.yaml\nexpect: [{measure: wait_mean, value: 4}]", "scenario: there is no file"),
    (TITLE + SCENARIO + "expect: [{measure: wait_maen, value: 4}]", "3:11: expect[0].measure: unknown measure; did you mean 'wait_mean'?"),
    (TITLE + SCENARIO + "expect: [{measure: wait_mean}]", "expect[0]: needs a `value`"),
    (TITLE + SCENARIO + "expect: [{measure: wait_mean, value: 0}]", "must not be 0"),
    (TITLE + SCENARIO + "expect: [{measure: wait_mean, value: '4'}]", "expect[0].value"),
    (TITLE + SCENARIO + "expect: [{measure: share_waiting_over, value: 0.5}]", "needs `at`"),
    (TITLE + SCENARIO + "expect: [{measure: wait_mean, value: 4, group: referrer=gpp}]", "did you mean 'gp'?"),
    (TITLE + SCENARIO + "months: 1\nexpect: [{measure: wait_days_mean, value: 4}]", "take out `months`"),
    (TITLE + SCENARIO + "formula: {m_m_d: {}}\nexpect: [{measure: wait_mean}]", "unknown formula; did you mean"),
    (TITLE + SCENARIO + "formula: {m_m_c: {arrivals: 1}}\nexpect: [{measure: wait_mean}]", "servers is missing"),
    (TITLE + SCENARIO + "formula: {m_m_c: {arrivals: 2, service: 1, servers: 1}}\nexpect: [{measure: wait_mean}]", "is the load under 1?"),
    (TITLE + SCENARIO + "formula: {m_g_1: {arrivals: 0.5, service: 1, variation: 1}}\nexpect: [{measure: share_leaving}]", "the formula does not give share_leaving"),
    (TITLE + SCENARIO + "unit: 5\nexpect: [{measure: wait_mean, value: 4}]", "no unit"),
    ("title: [", "not YAML"),
])  # fmt: skip
def test_what_is_wrong_with_a_case_is_said_with_its_place(tmp_path, text, said):
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioFaults) as faults:
        read_cases([file])
    assert said in str(faults.value)


def test_a_wrong_case_is_status_2_and_runs_nothing(tmp_path, capsys):
    assert main([str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml: cannot be read" in capsys.readouterr().err


def test_faults_of_the_scenario_are_said_too(tmp_path):
    (tmp_path / "world.yaml").write_text(
        f"extends: {SCENARIO.split(': ')[1].strip()}\nattendance: {{missed: 6}}\n"
    )
    (tmp_path / "mine.yaml").write_text(
        TITLE + "scenario: world.yaml\nexpect: [{measure: wait_mean, value: 4}]"
    )
    with pytest.raises(ScenarioFaults, match=r"world.yaml:2:14: attendance.missed: no unit"):
        read_cases([tmp_path / "mine.yaml"])


def test_every_published_case_is_whole():
    cases = read_cases(published())
    assert len(cases) >= 20
    assert all(read.case.formula and read.case.source for read in cases)
