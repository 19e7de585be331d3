"""The register of claims: what is wrong with one and where, and that every claim of the shipped one can be tested."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from analysis import claim_words
from analysis.claims import expected_of
from analysis.judged import Judged
from sim.scenario.claims import Register, pair_of, read_claims, with_value
from sim.scenario.document import parse_yaml
from sim.scenario.faults import ScenarioFaults

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = read_claims(SCENARIOS / "claims.yaml")
CLAIM = """
one:
  side: against outsourcing
  says: people wait longer
  source: somebody
  scenario: two.yaml
  baseline: small.yaml
  measure: wait_days_mean
  expects: higher
  matters: 2 days
  hangs_on: [{path: fleet.scanner.slots_per_day, range: [5 per day, 20 per day]}]
  supported_if: a
  not_supported_if: b
"""


@pytest.fixture
def register(write):
    """Reads `claims.yaml` with a word of the claim changed."""

    def register(old: str = "", new: str = "") -> Register:
        write(
            "extends: small.yaml\nattendance: {missed: {value: 5 %, assumption: a, range: [0 %, 9 %]}}",
            "two.yaml",
        )
        write("somebody: {title: t, publisher: p, date: d, link: l}", "sources.yaml")
        assert old in CLAIM
        return read_claims(write(CLAIM.replace(old, new, 1), "claims.yaml"))

    return register


def fault(read, *given) -> str:
    """The one line that is said."""
    with pytest.raises(ScenarioFaults) as found:
        read(*given)
    (line,) = str(found.value).splitlines()
    return line


def test_a_register_is_read_with_its_positions(register):
    read = register()
    assert read.claims["one"].expects == "higher" and float(read.claims["one"].matters) == 2
    assert str(read.position("one", "says")) == "claims.yaml:4:3"


@pytest.mark.parametrize("old, new, said", [
    ("side:", "colour: red\n  side:", "claims.yaml:3:3: one.colour: unknown key (legal: side, says, source"),
    ("side: against outsourcing", "side: against", "claims.yaml:3:3: one.side: must be one of 'against outsourcing', 'for outsourcing', 'about capacity' or 'about networks', got 'against'"),
    ("source: somebody", "source: sombody", "claims.yaml:5:3: one.source: 'sombody' is not in sources.yaml; did you mean 'somebody'?"),
    ("scenario: two.yaml", "scenario: three.yaml", "claims.yaml:6:3: scenario: there is no file three.yaml"),
    ("measure: wait_days_mean", "measure: wait_day_mean", "did you mean 'wait_days_mean'?"),
    ("matters: 2 days", "matters: 2 %", "claims.yaml:2:1: one: `matters` must be a number of days, as wait_days_mean is"),
    ("matters: 2 days", "matters: -2 days", "claims.yaml:10:3: one.matters: "),
    ("expects: higher\n  matters: 2 days", "expects: no different\n  matters: 0 days", "no difference at all can never be shown"),
    ("says: people wait longer", "says: " + 160 * "a", "claims.yaml:4:3: one.says: must be one line of at most 150 letters"),
    ("range: [5 per day, 20 per day]", "range: [5 per day]", "claims.yaml:11:50: one.hangs_on[0].range: "),
    ("hangs_on: [{path: fleet.scanner.slots_per_day, range: [5 per day, 20 per day]}]", "hangs_on: []", "claims.yaml:11:3: one.hangs_on: "),
    ("one:", "'On e':", "claims.yaml:2:1: On e: "),
])  # fmt: skip
def test_what_is_wrong_with_a_claim_is_said_with_its_place(register, old, new, said):
    assert said in fault(register, old.replace("\n", "\n"), new.replace("\n", "\n"))


@pytest.mark.parametrize("old, new, said", [
    ("measure: wait_days_mean", "group: place=Twon\n  measure: wait_days_mean", "claims.yaml:8:3: headline.group: no place 'Twon'; did you mean 'Town'? (legal: Town)"),
    ("measure: wait_days_mean", "set: ['atendance.missed=3 %']\n  measure: wait_days_mean", "claims.yaml:8:9: atendance: is in none of the scenarios; did you mean 'attendance'?"),
    ("fleet.scanner.slots_per_day,", "fleet.scaner.slots_per_day,", "claims.yaml:11:14: fleet.scaner.slots_per_day: fleet.scaner.slots_per_day is in neither model; did you mean 'fleet.scanner.slots_per_day'?"),
    (", range: [5 per day, 20 per day]", "", "claims.yaml:11:14: fleet.scanner.slots_per_day: has no range in the scenarios: give it one here"),
    ("[5 per day, 20 per day]", "[20 per day, 5 per day]", "must go from a lower to a higher number of one unit, got 20 per day to 5 per day"),
    ("[5 per day, 20 per day]", "[5 per day, many]", "must go from a lower to a higher number"),
    ("[5 per day, 20 per day]", "[-5 per day, 20 per day]", "claims.yaml:11:14: fleet.scanner.slots_per_day: -5 per day makes no scenario of small: must be at least"),
])  # fmt: skip
def test_what_cannot_be_tested_is_said_before_anything_runs(register, old, new, said):
    assert said in fault(pair_of, register(old, new), "one")


def test_the_range_of_the_scenario_is_taken_where_the_claim_gives_none(register):
    read = register(
        "{path: fleet.scanner.slots_per_day, range: [5 per day, 20 per day]}", "{path: attendance.missed}"
    )
    (ends,) = pair_of(read, "one").hangs_on
    assert (ends.low, ends.high) == ("0 %", "9 %")


def test_a_place_in_a_list_is_written_in_brackets(register):
    """The scanner that works all week but Saturday is open on Sunday or on Saturday."""
    old = "fleet.scanner.slots_per_day, range: [5 per day, 20 per day]"
    read = register(old, "'fleet.scanner.days[5]', range: [saturday, sunday]")
    week = "monday, tuesday, wednesday, thursday, friday, sunday"
    Path("small.yaml").write_text(
        re.sub(r"(?m)^    days: .*", f"    days: [{week}]", Path("small.yaml").read_text())
    )
    (ends,) = pair_of(read, "one").hangs_on
    assert ends.paths == (("fleet", "scanner", "days", 5),)


def test_only_the_model_that_has_the_number_gets_another(register):
    """A price is the contractor's: the baseline, which has no contract, stays itself."""
    read = register("slots_per_day, range: [5 per day, 20 per day]", "overbooked, range: [1, 2]")
    assert "is in neither model" in fault(pair_of, read, "one")
    baseline, scenario = pair_of(register(), "one").arms
    ends = pair_of(register(), "one").hangs_on[0]._replace(paths=(("attendance", "extra"),))
    assert with_value(baseline, ends, "5 %") is baseline
    assert scenario.name == "two"


def test_a_number_may_be_laid_over_one_of_the_models(register):
    """A weaker scanner is weaker than that of the baseline, which stays as it is."""
    for over, other, changes in (("scenario", "baseline", "two"), ("baseline", "scenario", "small")):
        pair = pair_of(register("20 per day]}", f"20 per day], laid_over: {over}}}"), "one")
        moved = [with_value(arm, pair.hangs_on[0], "7 per day") for arm in pair.arms]
        assert [arm.name for arm, was in zip(moved, pair.arms) if arm is not was] == [
            f"{changes},fleet.scanner.slots_per_day=7 per day"
        ]
        read = register("slots_per_day, range", f"overbooked, laid_over: {over}, range")
        assert f"is not in the {over}" in fault(pair_of, read, "one")
        assert other not in fault(pair_of, read, "one")


# ---- the shipped register


def test_both_sides_are_heard():
    sides = [claim.side for claim in SHIPPED.claims.values()]
    assert len(sides) >= 15
    assert min(sides.count("against outsourcing"), sides.count("for outsourcing")) >= 7


FIVE = {
    "milton-keynes-2019",
    "union-safety-2021",
    "bbc-staffordshire-2014",
    "open-democracy-2014",
    "workers-weekly-2021",
}


def test_every_one_of_the_five_articles_is_there():
    assert {claim.source for claim in SHIPPED.claims.values()} >= FIVE


ARTICLES = SCENARIOS.parents[1] / "shared" / "seeds"
A_LINE = 120


def as_typed(text: str) -> str:
    """Words with single spaces and straight quotation marks."""
    for curly, straight in zip("“”‘’", "\"\"''"):
        text = text.replace(curly, straight)
    return " ".join(text.split())


def test_no_quotation_is_longer_than_a_line():
    assert {name for name, claim in SHIPPED.claims.items() if len(claim.says) > A_LINE} == set()


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles themselves are not part of the program")
def test_what_an_article_is_said_to_say_stands_in_it_word_for_word():
    texts = [as_typed(file.read_text(encoding="utf-8")) for file in sorted(ARTICLES.glob("*.txt"))]
    stands_in = {
        name: [number for number, text in enumerate(texts) if as_typed(claim.says) in text]
        for name, claim in SHIPPED.claims.items()
        if claim.source in FIVE
    }
    assert [name for name, found in stands_in.items() if len(found) != 1] == []
    by_article = {SHIPPED.claims[name].source: found for name, found in stands_in.items()}
    assert len({*map(tuple, by_article.values())}) == len(FIVE)


def test_every_source_of_a_claim_says_title_publisher_date_and_link():
    sources = parse_yaml((SCENARIOS / "sources.yaml").read_text(encoding="utf-8"))
    for claim in SHIPPED.claims.values():
        assert set(sources[claim.source]) == {"title", "publisher", "date", "link"}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if claim.scenario.startswith("network") else ())
        for name, claim in SHIPPED.claims.items()
    ],
)
def test_every_claim_has_its_models_its_measure_its_group_and_what_it_hangs_on(name):
    pair = pair_of(SHIPPED, name)
    assert [f"{arm.name}.yaml" for arm in pair.arms] == [
        SHIPPED.claims[name].baseline,
        SHIPPED.claims[name].scenario,
    ]
    assert len(pair.hangs_on) == len(SHIPPED.claims[name].hangs_on)


def test_the_verdicts_that_are_published_are_of_the_claims_as_they_stand():
    """A claim that is tested otherwise since has to be run again: `python -m analysis.claims`."""
    first, *parts = (SCENARIOS / "claims.md").read_text().split("\n## ")
    assert [part.splitlines()[0] for part in parts] == list(SHIPPED.claims)
    for part, (name, claim) in zip(parts, SHIPPED.claims.items()):
        judged = Judged(name, SHIPPED.written(name), expected_of(SHIPPED, name), None)
        assert f"\n> {claim.says}\n" in part and f"\n{claim_words.tested(judged)}" in part, name
        assert claim.supported_if in part and claim.not_supported_if in part, name
        assert all(f"\n| {ends.path} | " in part for ends in claim.hangs_on) or "**Not run.**" in part, name
        assert f"| [{name}](#{name}) | {claim.side} | " in first


def test_the_published_tallies_are_those_of_the_published_verdicts():
    first, _ = (SCENARIOS / "claims.md").read_text().split("\n## ", 1)
    rows = re.findall(r"^\| \[\w+\]\(#\w+\) \| ([^|]+) \| ([^|]+) \|", first, re.M)
    assert len(rows) == len(SHIPPED.claims)
    for side in {side for side, _ in rows}:
        counted = Counter(verdict for other, verdict in rows if other == side)
        (said,) = re.findall(rf"^- {side}, {counted.total()} claims?: (.+)\.$", first, re.M | re.I)
        assert {
            verdict: int(n) for n, verdict in (part.split(" ", 1) for part in said.split(", "))
        } == counted
    nowhere = re.findall(r"^\| (\w+) \| \d+ \| 0 \|$", first, re.M)
    assert f"claims that were run: {', '.join(nowhere)}.\n" in first
