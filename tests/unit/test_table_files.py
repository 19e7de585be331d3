"""Tables as files of their own."""

from __future__ import annotations

from analysis.table_files import as_csv, as_html, as_latex, named
from analysis.tables import TextTable

TABLE = TextTable(
    "Share (%)", ["place", "a_b\nless c"], [["Oxford & town", "\N{MINUS SIGN}2.0, or so"]], "a note"
)


def test_latex_prints_what_stands_in_the_table():
    text = as_latex(TABLE, "python run.py x; seed 1")
    assert text.startswith("% python run.py x; seed 1\n")
    assert r"\caption{Share (\%)}" in text and r"place & a\_b less c \\" in text
    assert r"Oxford \& town & $-$2.0, or so \\" in text and "a note" in text


def test_csv_quotes_what_has_a_comma():
    assert as_csv(TABLE, "").splitlines() == ["place,a_b less c", 'Oxford & town,"\N{MINUS SIGN}2.0, or so"']


def test_html_escapes_and_says_how_it_was_made():
    text = as_html(TABLE, 'python run.py "x"')
    assert "Oxford &amp; town" in text and 'content="python run.py &quot;x&quot;"' in text


def test_two_tables_of_one_title_have_two_names():
    assert list(named([TABLE, TABLE, TABLE])) == ["share", "share_no_2", "share_no_3"]
