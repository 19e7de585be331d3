"""The tables of the report as files of their own: CSV, HTML and LaTeX."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from pathlib import Path

from analysis.tables import TextTable
from sim.results.folder import write_text

LATEX = {
    "\\": r"\textbackslash{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "\N{MINUS SIGN}": "$-$",
    "\N{DAGGER}": r"\textdagger{}",
    "\N{POUND SIGN}": r"\pounds{}",
    "\N{NO-BREAK SPACE}": "~",
}


def write(tables: list[TextTable], out: Path, kinds: list[str], made_by: str) -> Path:
    """Each table under `out/tables` in each kind; HTML and LaTeX say how they were made."""
    for name, table in named(tables).items():
        for kind in kinds:
            write_text(out / "tables" / f"{name}.{SUFFIXES.get(kind, kind)}", AS[kind](table, made_by))
    return out / "tables"


def named(tables: list[TextTable]) -> dict[str, TextTable]:
    """Tables by a name made of their title; the second of a name gets a number."""
    found: dict[str, TextTable] = {}
    for table in tables:
        name = re.sub(r"[^a-z0-9]+", "_", table.title.lower()).strip("_")
        number = sum(known == name or known.startswith(f"{name}_no_") for known in found) + 1
        found[name if number == 1 else f"{name}_no_{number}"] = table
    return found


def as_csv(table: TextTable, made_by: str) -> str:
    """Headings and rows, the text of the cells as in the report; numbers are in summary.csv."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([map(one_line, table.headings), *table.rows])
    return text.getvalue()


def as_html(table: TextTable, made_by: str) -> str:
    """A page with the table alone."""
    shown = [
        "<!DOCTYPE html>",
        f'<html lang="en"><head><meta charset="utf-8"><meta name="description" content="{html.escape(made_by)}">',
        f"<title>{html.escape(table.title)}</title></head><body>",
        f"<table><caption>{html.escape(table.title)}</caption>",
        "<thead><tr>"
        + "".join(f'<th scope="col">{html.escape(one)}</th>' for one in table.headings)
        + "</tr></thead>",
        "<tbody>",
    ]
    for first, *rest in table.rows:
        cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in rest)
        shown.append(f'<tr><th scope="row">{html.escape(first)}</th>{cells}</tr>')
    note = f"<p>{html.escape(table.note)}</p>" if table.note else ""
    return "\n".join([*shown, f"</tbody></table>{note}</body></html>", ""])


def as_latex(table: TextTable, made_by: str) -> str:
    """A `table` with booktabs' rules."""
    lines = [
        f"% {one_line(made_by)}",
        r"\begin{table}",
        rf"\caption{{{latex(table.title)}}}",
        rf"\begin{{tabular}}{{l{'r' * (len(table.headings) - 1)}}}",
        r"\toprule",
        latex_row(table.headings),
        r"\midrule",
        *map(latex_row, table.rows),
        r"\bottomrule",
        r"\end{tabular}",
        *([rf"\par\footnotesize {latex(table.note)}"] if table.note else []),
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def latex_row(cells: list[str]) -> str:
    """One row."""
    return " & ".join(map(latex, cells)) + r" \\"


def latex(text: str) -> str:
    """Text that LaTeX prints as it stands."""
    return "".join(LATEX.get(letter, letter) for letter in one_line(text))


def one_line(text: str) -> str:
    """Text without breaks."""
    return " ".join(text.split("\n"))


AS: dict[str, Callable[[TextTable, str], str]] = {"csv": as_csv, "html": as_html, "latex": as_latex}
SUFFIXES = {"latex": "tex"}
