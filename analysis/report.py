"""The files that people read: tables, figures and the report.

`python -m analysis.report results/NAME` makes the full report from a results folder, without simulating;
a run by itself makes only the tables, the figures of `FIRST_PAGE` and a page with these.
"""

from __future__ import annotations

import html
import sys
from pathlib import Path
from typing import Any

from analysis import crate, differences, events, provenance, ranking, runs, searches, sweep, tables, words
from analysis.answer import answer
from analysis.figures import FIGURES, FIRST_PAGE, OF_SWEEPS, caption, drawable, drawing, lacking, tornado
from analysis.files import command, one_of, told, write_csv
from analysis.loaded import Results
from analysis.traces import traced
from sim.results.folder import write_text

TEMPLATES = Path(__file__).parent / "templates"
LAWS = (
    "The seconds of every session: open and overrun are used, idle, set-up, down, maintenance, without crew, blocked or without tracer, each counted when it happens.",
    "Appointments: all that were booked were attended, missed, cancelled, displaced or are still to come.",
    "Referrals: all that came, were waiting at the start or came back were scanned, rejected, redirected, removed or discharged, or are still waiting.",
    "Little's law: the area under the list is the sum of the waits.",
    "Couches: never more in use than there are.",
    "Clocks: time never goes back.",
)
"""The laws that stop a run when they are broken (`sim/model/laws.py`)."""


def write_tables(results: Results) -> None:
    """`summary.csv`, `comparison.csv`, of several models `pairs.csv`, `best.csv` and `front.csv`, where
    something may happen once a run `events.csv`, and what was asked beyond them."""
    names = ["summary", "comparison", *(["pairs", "best", "front"] if results.has_several_models else [])]
    for name in names:
        write_csv(results.path / f"{name}.csv", getattr(results, name))
    if len(events.table(results)):
        write_csv(results.path / events.FILE, events.table(results))
    if found := searches.answering(results):
        write_csv(results.path / found.FILE, found.table(results))


def write_figures(results: Results, out: Path) -> dict[str, str]:
    """The figures that a run draws by itself; returns the SVG of each by name."""
    return drawing.write_figures(results, out, drawable(results, FIRST_PAGE))


def write_sweep(results: Results) -> None:
    """`sweep.csv`, and the headline measure over the values as a figure."""
    write_csv(results.path / "sweep.csv", sweep.table(results))
    drawing.write_figures(results, results.path, ["sweep"])
    crate.write(results)


def write_report(results: Results, out: Path, drawn: dict[str, str]) -> Path:
    """`report.html`: one page that asks for nothing from outside, with the figures drawn; and what is in the folder."""
    page = filled_in(
        "report.html",
        results=results,
        manifest=results.manifest,
        answer=[traced(results, line) for line in said(results)],
        differences=of_models(results),
        tables=tables_of(results),
        figures=figures_of(results, drawn),
        not_drawn=not_drawn(results, drawn),
        assumptions=assumptions(results),
        ranked=bool(tornado.ranked(results)),
        laws=LAWS,
        made_by=provenance.line(results),
        scenario=provenance.scenario_hash(results),
        stale=provenance.stale_line(results),
    )
    write_text(out / "report.html", page)
    crate.refresh(results, out)
    return out / "report.html"


def filled_in(template: str, **values) -> str:
    """A page from its template; what stands in HTML is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template(template).render(**values)


def said(results: Results) -> list[str]:
    """The answer in sentences, that of a search, and what the run says of itself; a sweep is told by its table."""
    found = searches.answering(results)
    of_search = found.sentences(results) if found else ()
    if results.is_sweep:
        return [*of_search]
    return [*answer(results), *of_search, *runs.sentences(results)]


def of_models(results: Results) -> list[tuple[str, tables.TextTable]]:
    """How each compared arm differs from the baseline: a sentence and a table."""
    others = [] if results.is_sweep else results.arms[1:]
    return [(differences.sentence(results, arm), differences.table(results, arm)) for arm in others]


def tables_of(results: Results) -> list[tables.TextTable]:
    """The tables of the report, what a search found first; of a sweep, its headline and what belongs beside it."""
    found = searches.answering(results)
    first = found.text_tables(results) if found else []
    if not results.is_sweep:
        return [
            *first,
            *ranking.of_several(results),
            *events.text_tables(results),
            *tables.of_report(results),
        ]
    return [*first, *(sweep.text_table(results, measure, group) for measure, group in sweep.shown(results))]


def figures_of(results: Results, drawn: dict[str, str]) -> list[dict[str, str]]:
    """The figures as parts of the page, in the order of the registry."""
    growing = words.growing_warning(results)
    return [
        {
            "name": name,
            "svg": inline(drawn[name], figure.alt_text(results) + growing, name),
            "caption": caption(results, name) + growing,
        }
        for name, figure in FIGURES.items()
        if name in drawn
    ]


def not_drawn(results: Results, drawn: dict[str, str]) -> dict[str, str]:
    """{figure: why it is not on the page}."""
    return {
        name: lacking(results, name) or "python -m analysis.report draws it"
        for name in (OF_SWEEPS if results.is_sweep else FIGURES)
        if name not in drawn
    }


def assumptions(results: Results) -> list[tuple[str, Any]]:
    """(path, value, range and reason), those that matter most first where a run has asked."""
    order = {path: place for place, path in enumerate(tornado.ranked(results))}
    known = results.manifest["assumptions"]
    return sorted(known.items(), key=lambda item: order.get(item[0], len(order)))


def inline(svg: str, alt: str, name: str) -> str:
    """An SVG file as part of a page, with its alternative text; ids kept apart from other pictures."""
    body = svg[svg.index("<svg") :]
    for mark in ('id="', 'href="#', "url(#"):
        body = body.replace(mark, f"{mark}{name}-")
    label = f'<svg role="img" aria-label="{html.escape(alt, quote=True)}" '
    return label + body[len("<svg ") :]


def main(arguments: list[str] | None = None) -> int:
    """Make the full report of a results folder: tables, every figure it has the data for, and the page."""
    parser = command("analysis.report", main.__doc__)
    parser.add_argument("--figures", type=one_of("png", "svg", "pdf"), default=list(drawing.KINDS), metavar="KINDS",
                        help="kinds of picture: png, svg, pdf (default svg,png)")  # fmt: skip
    given = parser.parse_args(arguments)

    def make(results: Results, out: Path) -> Path:
        """Everything, into the folder itself or elsewhere."""
        if out.resolve() == results.path.resolve():
            write_tables(results)
            if results.is_sweep:
                write_sweep(results)
        drawn = drawing.write_figures(results, out, drawable(results), given.figures)
        return write_report(results, out, drawn)

    return told(make, given.folder, given.out)


if __name__ == "__main__":
    sys.exit(main())
