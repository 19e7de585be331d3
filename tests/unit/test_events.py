"""What happens at most once a run: the headline over all runs, those with it and those without, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis import events
from analysis.statistics import half_width
from sim.results.columns import TABLES

COMPANY, TRUST = [4.0, 9.0, 6.0, 11.0], [3.0, 5.0, 4.0, 6.0]
ROWS = {
    ("company", "wait_days_mean", "all"): COMPANY,
    ("trust", "wait_days_mean", "all"): TRUST,
    ("company", "wait_days_mean", "place=Town"): [0.0] * 4,
    ("company", "happened_percent", "event=collapse"): [0.0, 100.0, 0.0, 100.0],
}


def results(rows=ROWS):
    """What is read of a results folder: the baseline is `trust`."""
    table = [
        (arm, number, measure, "days", group, value)
        for (arm, measure, group), values in rows.items()
        for number, value in enumerate(values)
    ]
    columns = ["scenario", "replication", "measure", "unit", "group", "value"]
    return SimpleNamespace(
        replications=pd.DataFrame(table, columns=columns),
        arms=["trust", "company"],
        manifest={"baselines": {"company": "trust"}},
        headline={"measure": "wait_days_mean", "group": "all", "matters": 1},
        is_sweep=False,
        growing=[],
        growth={},
        modalities=[],
        has_several_modalities=False,
    )


def found(results, runs: str, baseline: str) -> pd.Series:
    """One row of `events.csv` about a collapse."""
    table = events.table(results)
    (row,) = table[(table.runs == runs) & (table.baseline == baseline)].to_dict("records")
    return row


@pytest.mark.parametrize(
    ("runs", "n", "company", "difference"),
    [("all", 4, 7.5, 3.0), ("with", 2, 10.0, 4.5), ("without", 2, 5.0, 1.5)],
)
def test_runs_with_a_collapse_are_told_apart_from_those_without(runs, n, company, difference):
    here = results()
    assert found(here, runs, "")["mean"] == company
    apart = found(here, runs, "trust")
    assert (apart["n"], apart["mean"]) == (n, difference)
    assert list(events.table(here).columns) == [column.name for column in TABLES["events.csv"]]


def test_each_interval_is_that_of_its_own_runs():
    """Two differences, 4 and 5: Student's with one degree of freedom, 12.7 times 0.5."""
    row = found(results(), "with", "trust")
    assert (
        row["upper"] - row["mean"]
        == pytest.approx(float(half_width(0.5**0.5, 2)))
        == pytest.approx(6.353, abs=1e-3)
    )


def test_what_happened_in_no_run_has_its_count_and_no_number():
    here = results(ROWS | {("company", "happened_percent", "event=collapse"): [0.0] * 4})
    assert found(here, "with", "trust")["n"] == 0
    (table,) = events.text_tables(here)
    assert [row[:2] for row in table.rows] == [
        ["all", "4"],
        ["with collapse", "0"],
        ["without collapse", "4"],
    ]
    assert table.rows[1][2:] == ["-", "-"]


def test_two_events_have_all_runs_in_one_row():
    here = results(ROWS | {("company", "happened_percent", "event=failed tender"): [100.0, 0.0, 0.0, 0.0]})
    (table,) = events.text_tables(here)
    names = ["all", "with collapse", "without collapse", "with failed tender", "without failed tender"]
    assert [row[0] for row in table.rows] == names
    assert table.rows[3] == ["with failed tender", "1", "4.00", "+1.00"]


def test_an_event_of_the_baseline_splits_the_comparison_too():
    here = results({**ROWS, ("trust", "happened_percent", "event=collapse"): [100.0, 0.0, 0.0, 0.0]})
    table = events.table(here)
    row = table[(table.of == "trust") & (table.runs == "with") & (table.scenario == "company")]
    assert (row.baseline.item(), row["mean"].item(), row.n.item()) == ("trust", 1.0, 1)


def test_where_nothing_of_this_can_happen_nothing_is_told():
    here = results({key: values for key, values in ROWS.items() if key[1] == "wait_days_mean"})
    assert len(events.table(here)) == 0 and events.text_tables(here) == []
