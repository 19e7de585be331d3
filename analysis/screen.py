"""What is printed at the end of a run, and the progress while it lasts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from analysis import words
from analysis.loaded import Results
from analysis.tables import TextTable, difference, growing_mark, growing_note
from sim.results.columns import MEASURES

WIDTH_WITHOUT_TERMINAL = 200
SIDE_BY_SIDE = {"travel_minutes_mean": "journey", "service_days_per_week": "days a week"}


def console() -> Console:
    """Standard output; wide enough for the tables when it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL, highlight=False)


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; where that is no terminal, a line at the start and at the end."""
    if quiet:
        yield lambda done, of: None
    elif not sys.stderr.isatty():
        yield _two_lines()
    else:
        columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)


def _two_lines() -> Callable[[int, int], None]:
    state = {"started": False}

    def say(done: int, of: int) -> None:
        """The first line at once, the last when all is done."""
        if not state["started"] or done == of:
            print(f"{done} of {of} replications", file=sys.stderr, flush=True)
        state["started"] = True

    return say


def show_comparison(results: Results) -> None:
    """The answer, waits and journeys by place, and everybody."""
    out = console()
    out.print(_rich(places_side_by_side(results)))
    _answer(out, results)


def show_sweep(results: Results, table: TextTable) -> None:
    """One table of a sweep, and warnings."""
    console().print(_rich(table))


def _answer(out: Console, results: Results) -> None:
    for line in words.answer(results):
        if line:
            out.print(line, soft_wrap=True)


def places_side_by_side(results: Results) -> TextTable:
    """A row a place: mean waits with intervals, paired differences, journeys and days of service."""
    others = [arm for arm in results.arms if arm != results.baseline]
    headings = ["", *(f"wait, days\n{arm}{growing_mark(results, arm)}" for arm in results.arms)]
    headings += [f"{arm}\nless {results.baseline}" for arm in others]
    headings += [f"{name}\n{arm}" for name in SIDE_BY_SIDE.values() for arm in results.arms]
    rows = []
    for name, group in [*((place, f"place={place}") for place in results.places), ("everybody", "all")]:
        row = [name]
        for arm in results.arms:
            found = results.value(arm, "wait_days_mean", group)
            row.append("-" if found is None else words.interval(found))
        for arm in others:
            apart = results.difference(arm, "wait_days_mean", group)
            row.append("-" if apart is None else difference(apart))
        for measure in SIDE_BY_SIDE:
            for arm in results.arms:
                found = results.value(arm, measure, group)
                row.append("-" if found is None else _short(measure, found["mean"]))
        rows.append(row)
    title = "Mean wait with 95 % interval; mean one-way journey; days of service"
    note = "differences: 95 % interval for the headline; the others wider, so that they hold together"
    return TextTable(title, headings, rows, "; ".join(n for n in (note, growing_note(results)) if n))


def _short(measure: str, value: float) -> str:
    return f"{value:.0f} min" if MEASURES[measure].unit == "minutes" else f"{value:.1f}"


def _rich(table: TextTable) -> Table:
    shown = Table(title=table.title, title_justify="left", title_style="bold", box=None, padding=(0, 1))
    shown.caption, shown.caption_justify = table.note or None, "left"
    for number, heading in enumerate(table.headings):
        shown.add_column(heading, justify="left" if number == 0 else "right", no_wrap=True)
    for row in table.rows:
        shown.add_row(*row)
    return shown
