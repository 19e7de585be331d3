"""What a terminal shows of many models: nothing is cut, and what is the same is said once."""

from __future__ import annotations

import re
from io import StringIO
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from analysis import screen
from analysis.remarks import ENOUGH, best_sentence, few_sentence
from analysis.tables import TextTable
from analysis.words import acted_sentences

MODELS = ["today", "outsourcing", "host_trust", "community_interest_company"]
HEADINGS = ["model", "Share waiting over six weeks (%)", "MRI", "CT", "beaten by"]
ROWS = [
    [model, "10.5 (1.99 to 19.1)", f"3{at}.1, +0.97 (−1,331 to +1,333)", f"1{at}.5, −0.53 (−4,788 to +4,787)", "none"]
    for at, model in enumerate(MODELS)
]  # fmt: skip
TABLE = TextTable("Eight models", HEADINGS, ROWS, "a note")


@pytest.fixture
def printed(monkeypatch):
    """What is printed at a width, in a terminal or not."""

    def printed(width: int, show, *given, terminal: bool = True) -> str:
        out = StringIO()
        how = {"width": width, "file": out, "force_terminal": terminal, "color_system": None}
        monkeypatch.setattr(screen, "console", lambda: Console(**how, highlight=False, markup=False))
        show(*given)
        return re.sub(r"\x1b\[[\d;]*m", "", out.getvalue())

    return printed


@pytest.mark.parametrize("width", [70, 80, 100, 120, 200])
def test_every_number_of_a_wide_table_is_whole_at_every_width(printed, width):
    text = printed(width, screen.show_tables, [TABLE])
    lines = text.splitlines()
    assert "…" not in text and max(map(len, lines)) <= width
    for model, *cells in ROWS:
        of_model = [line for line in lines if line.split()[:1] == [model]]
        shown = " ".join(" ".join(line.split()[1:]) for line in of_model)
        assert shown == " ".join(cells)
    assert text.count("Eight models") == text.count("a note") == 1


def test_a_table_that_fits_stays_one_with_its_headings_as_they_are():
    assert list(screen.folded(TABLE, 200)) == [TABLE]


def test_headings_are_broken_before_a_table_is_parted():
    (part,) = screen.folded(TABLE, 130)
    assert part.headings == ["model", "Share waiting over\nsix weeks (%)", "MRI", "CT", "beaten\nby"]
    assert part.rows == TABLE.rows


def test_a_terminal_is_told_of_several_models_in_whole_words_and_a_file_in_whole_lines(printed):
    sentence = "Share waiting over six weeks: 11.5 % under outsourcing, difference +0.98 percentage points."
    for several, terminal, lines in ((True, True, 3), (True, False, 1), (False, True, 1)):
        said = printed(
            40, screen._say, SimpleNamespace(has_several_models=several), [sentence], terminal=terminal
        )
        assert " ".join(said.split()) == sentence and len(said.splitlines()) == lines


def of(replications: int, lower: float = 1.0, upper: float = 9.0, measure: str = "over_6_weeks_percent"):
    """Two models of which the second's headline has this interval."""
    found = {"far": {"lower": 2.0, "upper": 3.0}, "near": {"lower": lower, "upper": upper}}
    return SimpleNamespace(
        manifest={"replications": replications},
        arms=["far", "near"],
        headline={"measure": measure, "group": "all"},
        value=lambda arm, measure, group: found[arm],
    )


@pytest.mark.parametrize("replications", range(2, ENOUGH))
def test_few_replications_are_said_to_be_too_few(replications):
    said = few_sentence(of(replications))
    assert said.startswith(
        f"{['Two', 'Three', 'Four'][replications - 2]} replications are too few for the intervals"
    )
    assert said.endswith("Take five at the least, better ten or more.")


@pytest.mark.parametrize("replications", [1, ENOUGH, 30])
def test_enough_replications_and_one_which_has_no_interval_are_not(replications):
    nothing = np.nan if replications == 1 else 1.0
    assert few_sentence(of(replications, nothing, nothing)) == ""


@pytest.mark.parametrize(
    ("lower", "upper", "measure", "leaves"),
    [
        (-0.1, 9.0, "over_6_weeks_percent", True),
        (90.0, 100.4, "over_6_weeks_percent", True),
        (0.0, 100.0, "over_6_weeks_percent", False),
        (-0.1, 9.0, "wait_days_mean", True),
        (90.0, 120.0, "wait_days_mean", False),
        (90.0, 120.0, "load_percent", False),
        (-5.0, 5.0, "surplus_pounds", False),
    ],
)
def test_an_interval_of_the_headline_that_leaves_what_is_possible_is_named(lower, upper, measure, leaves):
    said = few_sentence(of(20, lower, upper, measure))
    assert ("under near reaches where no value lies" in said) == leaves == bool(said)


def test_who_is_best_by_a_handful_of_replications_is_so_roughly():
    best = pd.DataFrame({"scenario": ["far", "near"], "best_percent": [0.0, 100.0]})
    assert best_sentence(best, "wait_days_mean", "all", 2).endswith("(roughly: the replications are few).")
    assert "roughly" not in best_sentence(best, "wait_days_mean", "all", 10)


def acted(**times: dict[str, float]) -> list[str]:
    """What is said of how often each mechanism acted, by model."""
    rows = [
        {"scenario": arm, "measure": "times_acted", "group": f"mechanism={name}", "mean": mean}
        for arm, means in times.items()
        for name, mean in means.items()
    ]
    return acted_sentences(SimpleNamespace(arms=list(times), summary=pd.DataFrame(rows)))


def test_models_in_which_the_same_happened_are_named_in_one_sentence():
    alike = {"requests": 18, "moves": 0}
    assert acted(today={"requests": 15.5, "moves": 2}, company=alike, partnership=alike) == [
        "In a run of today: requests 15.5, moves 2.",
        "In a run of company and partnership: requests 18. Never: moves.",
    ]


def test_what_never_acts_in_any_of_three_models_is_said_once_for_all():
    assert acted(
        today={"requests": 15.5, "no crew": 0},
        outsourced={"requests": 0, "no crew": 0, "collapses": 0},
        quiet={"no crew": 0},
    ) == [
        "In a run of today: requests 15.5.",
        "In outsourced nothing of this happened: requests.",
        "Never in any of these models: collapses, no crew.",
    ]


def test_of_two_models_each_tells_what_never_acted_in_it():
    assert acted(today={"no crew": 0, "requests": 2}, quiet={"no crew": 0, "requests": 1}) == [
        "In a run of today: requests 2. Never: no crew.",
        "In a run of quiet: requests 1. Never: no crew.",
    ]
