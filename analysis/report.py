"""The files that people read: summary, comparison, figures and a one-page report.

`python -m analysis.report results/NAME` makes them again from a results folder, without simulating.
"""

from __future__ import annotations

import argparse
import html
import sys
from functools import partial
from pathlib import Path

import pandas as pd

from analysis import searches, sweep, tables, words
from analysis.answer import answer
from analysis.figures import figures_of
from analysis.figures.style import as_bytes, house_style, picture
from analysis.loaded import NotResults, Results, load
from sim.results.folder import whole, write_text

TEMPLATES = Path(__file__).parent / "templates"
KINDS = ("svg", "png")


def write_tables(results: Results) -> None:
    """`summary.csv`, `comparison.csv`, of several models `pairs.csv`, `best.csv` and `front.csv`, and what
    was asked beyond them."""
    names = ["summary", "comparison", *(["pairs", "best", "front"] if results.has_several_models else [])]
    for name in names:
        write_csv(results.path / f"{name}.csv", getattr(results, name))
    if found := searches.answering(results):
        write_csv(results.path / found.FILE, found.table(results))


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """A table as CSV, written whole; numbers to twelve figures."""
    write_text(path, table.to_csv(index=False, float_format="%.12g", lineterminator="\n"))


def write_figures(results: Results, out: Path, kinds=KINDS) -> dict[str, str]:
    """Every figure with the table behind it, under `out/figures`; returns the SVG of each by name."""
    drawn = {}
    with house_style():
        for name, figure in figures_of(results).items():
            pictured = picture(partial(figure.draw, results), figure.size(results))
            write_csv(out / "figures" / f"{name}.csv", figure.data(results))
            files = {kind: as_bytes(pictured, kind) for kind in dict.fromkeys(["svg", *kinds])}
            for kind in kinds:
                with whole(out / "figures" / f"{name}.{kind}") as temporary:
                    temporary.write_bytes(files[kind])
            drawn[name] = files["svg"].decode("utf-8")
    return drawn


def write_sweep(results: Results) -> None:
    """`sweep.csv`, and the headline measure over the values as a figure."""
    write_csv(results.path / "sweep.csv", sweep.table(results))
    with house_style():
        pictured = picture(partial(sweep.draw, results), sweep.SIZE)
        for kind in KINDS:
            with whole(results.path / "figures" / f"sweep.{kind}") as temporary:
                temporary.write_bytes(as_bytes(pictured, kind))


def write_report(results: Results, out: Path, drawn: dict[str, str]) -> Path:
    """`report.html`: one page that asks for nothing from outside."""
    n, growing = results.manifest["replications"], words.growing_warning(results)
    figures = [
        {
            "name": name,
            "svg": inline(drawn[name], figure.alt_text(results) + growing, name),
            "caption": figure.CAPTION.format(n=n) + growing,
        }
        for name, figure in figures_of(results).items()
    ]
    found = searches.answering(results)
    page = filled_in(
        "report.html",
        results=results,
        manifest=results.manifest,
        answer=[*answer(results), *(found.sentences(results) if found else ())],
        tables=[*(found.text_tables(results) if found else ()), *tables.of_report(results)],
        figures=figures,
    )
    write_text(out / "report.html", page)
    return out / "report.html"


def filled_in(template: str, **values) -> str:
    """A page from its template."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(template).render(**values)


def inline(svg: str, alt: str, name: str) -> str:
    """An SVG file as part of a page, with its alternative text; ids kept apart from other pictures."""
    body = svg[svg.index("<svg") :]
    for mark in ('id="', 'href="#', "url(#"):
        body = body.replace(mark, f"{mark}{name}-")
    label = f'<svg role="img" aria-label="{html.escape(alt, quote=True)}" '
    return label + body[len("<svg ") :]


def main(arguments: list[str] | None = None) -> int:
    """Remake tables, figures and report of a results folder."""
    parser = argparse.ArgumentParser(prog="python -m analysis.report", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="a results folder, such as results/outsourced")
    parser.add_argument(
        "--figures", default="svg,png", help="kinds of picture: png, svg, pdf (default svg,png)"
    )
    parser.add_argument("--out", type=Path, help="where to write instead of the folder itself")
    given = parser.parse_args(arguments)
    kinds = [kind.strip().lower() for kind in given.figures.split(",")]
    if not set(kinds) <= {"png", "svg", "pdf"}:
        parser.error("--figures takes png, svg and pdf, separated by commas")
    try:
        results = load(given.folder)
    except NotResults as error:
        print(error, file=sys.stderr)
        return 2
    out = given.out or given.folder
    if out == given.folder:
        write_tables(results)
    print(write_report(results, out, write_figures(results, out, kinds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
