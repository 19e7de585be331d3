"""Scenario files as trees: what `extends` does, and what YAML must not do behind one's back."""

from __future__ import annotations

import pytest

from sim.scenario.document import read_document
from sim.scenario.faults import ScenarioFaults


def faults(path) -> list[str]:
    with pytest.raises(ScenarioFaults) as found:
        read_document(path)
    return str(found.value).splitlines()


# ---- extends


def test_later_files_win_maps_merge_and_lists_are_replaced(write):
    write("fleet: {a: {opens: 08:00, days: [monday, tuesday]}, b: {opens: 08:00}}", "one.yaml")
    write("fleet: {a: {opens: 09:00}}", "two.yaml")
    tree = read_document(write("extends: [one.yaml, two.yaml]\nfleet: {a: {days: [friday]}}")).tree
    assert tree == {"fleet": {"a": {"opens": "09:00", "days": ["friday"]}, "b": {"opens": "08:00"}}}


def test_the_files_named_by_a_parent_count_from_the_parents_folder(write):
    write("title: beside the child", "one.yaml")
    write("title: beside the parent\nquestion: who?", "below/one.yaml")
    write("extends: one.yaml\nquestion: when?", "below/two.yaml")
    tree = read_document(write("extends: [one.yaml, below/two.yaml]")).tree
    assert tree == {"title": "beside the parent", "question": "when?"}


def test_null_removes_and_what_was_removed_may_be_written_anew(write):
    write("fleet: {a: {opens: 08:00}, b: {opens: 08:00}}", "one.yaml")
    write("extends: one.yaml\nfleet: {a: null}", "two.yaml")
    assert read_document(write("extends: two.yaml")).tree == {"fleet": {"b": {"opens": "08:00"}}}
    assert read_document(write("extends: two.yaml\nfleet: {a: {closes: 17:00}}")).tree["fleet"]["a"] == {
        "closes": "17:00"
    }


def test_removing_what_is_not_there_is_a_fault_that_names_the_nearest_key(write):
    write("fleet: {churchill: {opens: 08:00}}", "one.yaml")
    assert faults(write("extends: one.yaml\nfleet:\n  curchill: null\nplaces: null")) == [
        "x.yaml:3:3: fleet.curchill: there is nothing to remove; did you mean 'churchill'? (legal: churchill)",
        "x.yaml:4:1: places: there is nothing to remove (legal: fleet)",
    ]


def test_a_long_form_is_one_value_and_replaces_whole(write):
    write("attendance: {missed: {value: 7 %, source: roh-2023, note: old}}", "one.yaml")
    changed = read_document(write("extends: one.yaml\nattendance: {missed: {value: 8 %, assumption: mine}}"))
    assert changed.tree["attendance"]["missed"] == {"value": "8 %", "assumption": "mine"}
    assert (
        read_document(write("extends: one.yaml\nattendance: {missed: 8 %}")).tree["attendance"]["missed"]
        == "8 %"
    )


def test_two_scenarios_over_one_file_do_not_share_what_they_change(write):
    write("fleet: {a: {days: [monday]}}", "one.yaml")
    read_document(write("extends: one.yaml", "y.yaml")).tree["fleet"]["a"]["days"].append("friday")
    assert read_document(write("extends: one.yaml")).tree["fleet"]["a"]["days"] == ["monday"]


def test_files_that_extend_each_other_in_a_circle_are_a_fault(write):
    write("extends: two.yaml", "one.yaml")
    write("title: t\nextends: one.yaml", "two.yaml")
    assert faults(write("extends: one.yaml")) == ["two.yaml:2:1: extends: one.yaml extends itself"]
    assert faults(write("extends: x.yaml")) == ["x.yaml:1:1: extends: x.yaml extends itself"]


@pytest.mark.parametrize("written, message", [
    ("gone.yaml", "there is no file gone.yaml"),
    ("[small.yaml, gone.yaml]", "there is no file gone.yaml"),
    ("3", "must be a file name or a list of file names"),
    ("{a: b}", "must be a file name or a list of file names"),
    ("[[small.yaml]]", "must be a file name or a list of file names"),
])  # fmt: skip
def test_a_file_that_cannot_be_extended_is_a_fault_where_it_is_named(write, written, message):
    assert faults(write(f"title: t\nextends: {written}")) == [f"x.yaml:2:1: extends: {message}"]


# ---- YAML traps


@pytest.mark.parametrize("text, message", [
    ("title: a\ntitle: b\n", 'x.yaml:2:1: not YAML: found duplicate key "title"'),
    ("places:\n\tTown: 1\n", "x.yaml:2:1: not YAML: found character '\\t' that cannot start any token; indent with spaces, not with tabs"),
    ("title: [a\n", "x.yaml:2:1: not YAML: "),
    ("title: [a\nquestion: b\n", "; is a bracket not closed?"),
    ("title: who: us\n", "x.yaml:1:11: not YAML: mapping values are not allowed here; text with a colon in it needs quotes"),
    ("sites:\n    a: 1\n  b:\n    c: 1\n", "; is the line indented as those beside it are?"),
    ("title: 'a\n", "; is a quote not closed?"),
    ("missed: {value: 0,82}\n", "got 82; is a comma meant as a decimal point? Write a point"),
    ("missed: {0: 1}\n", "x.yaml:1:10: missed: a key must be one line of text without any of .;=[], got 0"),
    ("title: a\n---\ntitle: b\n", "not YAML: but found another document"),
    ("title: &a [*b]\n", "not YAML: found undefined alias"),
    ("x: " + "[" * 500 + "]" * 500, "x.yaml: nested too deeply"),
    ("title: caf\xe9".encode("latin-1"), "x.yaml: is not UTF-8 text"),
    (b"title: a\x00b", "x.yaml: not YAML: unacceptable character #x0000"),
    (b"", "x.yaml:1:1: must be a map of sections"),
    (b"# nothing but a comment\n", "x.yaml:1:1: must be a map of sections"),
    ("- title: a\n", "x.yaml:1:1: must be a map of sections"),
    ("title", "x.yaml:1:1: must be a map of sections"),
    (b"#" * 5_000_001, "x.yaml: larger than 5,000,000 bytes"),
])  # fmt: skip
def test_what_is_no_map_of_sections_is_a_fault_with_its_place(write, text, message):
    (fault,) = faults(write(text))
    assert message in fault


def test_an_alias_bomb_is_refused_before_it_unfolds(write):
    bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for one, before in zip("bcdefghi", "abcdefgh"):
        bomb += f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]\n"
    assert faults(write(bomb)) == ["x.yaml: more than 200,000 values"]


@pytest.mark.parametrize("key, shown", [
    ("1", "1"), ("true", "True"), ("null", "None"), ("2019-01-01", "datetime.date(2019, 1, 1)"), ("a.b", "'a.b'"),
    ("a;b", "'a;b'"), ("a=b", "'a=b'"), ("'a[0]'", "'a[0]'"), ("''", "''"),
])  # fmt: skip
def test_a_name_that_is_no_plain_text_is_a_fault(write, key, shown):
    assert faults(write(f"places:\n  {key}: {{}}")) == [
        f"x.yaml:2:3: places: a key must be one line of text without any of .;=[], got {shown}"
    ]


def test_no_and_yes_and_clock_times_stay_text(write):
    text = "places: {no: {key: yes}}\nopens: 17:00\ntitle: off\n"
    assert read_document(write(text)).tree == {
        "places": {"no": {"key": "yes"}},
        "opens": "17:00",
        "title": "off",
    }


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbftitle: caf\xc3\xa9\n", b"title: caf\xc3\xa9\r\n"])
def test_files_written_on_windows_read_the_same(write, raw):
    assert read_document(write(raw)).tree == {"title": "caf\xe9"}


@pytest.mark.parametrize("text, line", [
    ("contract: {start: 2019-13-45}", "x.yaml:2:19: not YAML: month must be in 1..12"),
    ("calendar: {start: 2019-01-01}\ncontract: {start: 2019-02-30}", "x.yaml:3:19: not YAML: day is out of range for month"),
    (f"experiment: {{seed: {'9' * 5000}}}", "x.yaml:2:20: not YAML: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits"),
    (f"title: {'[' * 3000}", "x.yaml: nested too deeply"),
    ("title: !foo bar", "x.yaml:2:1: title: a YAML tag, a word after `!`, means nothing here"),
    ("title: !!binary aGVsbG8=", "x.yaml:2:1: title: a YAML tag, a word after `!`, means nothing here"),
    ("fleet: !!python/object/apply:os.system [ls]", "x.yaml:2:1: fleet: a YAML tag, a word after `!`, means nothing here"),
    ('places: {"a\\nb": {}}', "x.yaml:2:10: places: a key must be one line of text without any of .;=[], got 'a\\nb'"),
    ('places: {"\\u202eb": {}}', "x.yaml:2:10: places: a key must be one line of text without any of .;=[], got '\\u202eb'"),
    ("places: {' ': {}}", "x.yaml:2:10: places: a key must be one line of text without any of .;=[], got ' '"),
])  # fmt: skip
def test_what_yaml_lets_pass_and_no_scenario_means(faults_of, text, line):
    assert line in faults_of(text)
