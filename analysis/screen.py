"""What is printed at the end of a run, and the progress while it lasts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from analysis import events, ranking, runs, searches, words
from analysis.answer import answer
from analysis.loaded import Results
from analysis.tables import (
    OF_LISTS,
    TextTable,
    by_modality,
    cell,
    difference,
    growing_mark,
    growing_note,
    mark_of_two,
    money,
    rows_of_lists,
    tells_lists,
)
from sim.results.columns import MEASURES

WIDTH_WITHOUT_TERMINAL = 200
ABOUT_DIFFERENCES = (
    "differences: 95 % interval for the headline; the others wider, so that they hold together"
)
ON_THE_PAGE = (
    "By place and by when people came, every pair, and what happens once a run: on the page, and in summary.csv, "
    "comparison.csv, pairs.csv and events.csv."
)
BETWEEN = 2
"""Characters that a column of a table takes beside its longest line."""
SIDE_BY_SIDE = {"travel_minutes_mean": "journey", "service_days_per_week": "days a week"}


def console() -> Console:
    """Standard output; wide enough for the tables when it is no terminal."""
    return Console(
        width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL, highlight=False, markup=False
    )


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
    """Waits and journeys by place, or lists by modality; money; several models beside each other; what happened once; the answer."""
    if results.has_several_models and tells_lists(results):
        *before, last = ranking.by_measure(results)
        unsaid = [table._replace(note="") for table in before]
        show_tables([*ranking.beside(results), *unsaid, last])
        _say(results, [ON_THE_PAGE])
    else:
        shown = lists(results) if tells_lists(results) else places_side_by_side(results)
        of_money = map(without_verdicts, money(results))
        show_tables([*shown, *of_money, *ranking.of_several(results), *events.text_tables(results)])
    _say(results, answer(results))


def show_tables(tables: Iterable[TextTable]) -> None:
    """Tables, one after the other; one that is too wide in parts below each other."""
    out = console()
    for table in tables:
        for part in folded(table, out.width):
            out.print(_rich(part))


def folded(table: TextTable, width: int) -> Iterator[TextTable]:
    """The table in parts that fit, each with the first column; the title with the first part, the note with the last.

    In a table that does not fit, headings are first broken between words.
    """
    if sum(map(_room, zip(table.headings, *table.rows))) > width:
        table = table._replace(headings=[*map(_broken, zip(table.headings, *table.rows))])
    first, *wide = map(_room, zip(table.headings, *table.rows))
    parts: list[list[int]] = [[]]
    for place, needs in enumerate(wide):
        if parts[-1] and first + sum(wide[at] for at in parts[-1]) + needs > width:
            parts.append([])
        parts[-1].append(place)
    for part in parts:
        rows = [[row[0], *(row[1 + at] for at in part)] for row in (table.headings, *table.rows)]
        title, note = table.title if part is parts[0] else "", table.note if part is parts[-1] else ""
        yield TextTable(title, rows[0], rows[1:], note)


def _room(column: tuple[str, ...]) -> int:
    """Characters that a column takes."""
    return BETWEEN + max(cell_len(line) for cell in column for line in cell.split("\n"))


def _broken(column: tuple[str, ...]) -> str:
    """The heading of a column in lines that make it no wider than its cells and its longest word."""
    heading, *cells = column
    most = max(map(cell_len, [*heading.split(), *cells]), default=0)
    return "\n".join(part for line in heading.split("\n") for part in wrap(line, max(most, 1)) or [""])


def show_search(results: Results) -> None:
    """What was asked beyond the comparison: its tables and its answer; nothing where nothing was."""
    found = searches.answering(results)
    if found is not None:
        show_tables(found.text_tables(results))
        for line in found.sentences(results):
            console().print(line, soft_wrap=True)


def show_runs(results: Results) -> None:
    """What the run says of its own replications."""
    for line in runs.sentences(results):
        console().print(line, soft_wrap=True)


def show_sweep(results: Results, table: TextTable) -> None:
    """One table of a sweep, and warnings."""
    show_tables([table])


def _say(results: Results, lines: Iterable[str]) -> None:
    """Sentences, each in a line of its own; of three models or more a terminal breaks them between words."""
    out = console()
    for line in lines:
        out.print(line, soft_wrap=not (results.has_several_models and out.is_terminal))


def lists(results: Results) -> list[TextTable]:
    """A row a modality: one scenario in one table, several beside each other in a table a measure."""
    if len(results.arms) == 1:
        return [lists_of_one(results)]
    measures = [*OF_LISTS, *(["travel_minutes_mean"] if len(results.places) > 1 else [])]
    tables = [without_verdicts(by_modality(results, measure)) for measure in measures]
    tables = [table._replace(note="") for table in tables if table.rows]
    return [*tables[:-1], *(table._replace(note=_note(results)) for table in tables[-1:])]


def lists_of_one(results: Results) -> TextTable:
    """Mean wait, share over six weeks, list size and unscheduled wait of one scenario, with intervals."""
    (arm,) = results.arms
    shown = {name: heading for name, heading in OF_LISTS.items() if name in set(results.summary.measure)}
    rows = []
    for label, group in rows_of_lists(results):
        values = (results.value(arm, measure, group) for measure in shown)
        rows.append([label, *(cell(results, arm, value, group) for value in values)])
    title = f"{results.titles[arm]}: means with 95 % interval; list and share over all month ends"
    return TextTable(title, ["", *shown.values()], rows, growing_note(results))


def without_verdicts(table: TextTable) -> TextTable:
    """A table of the report without its columns of words."""
    kept = [place for place, heading in enumerate(table.headings) if heading != "verdict"]
    rows = [[row[place] for place in kept] for row in table.rows]
    return table._replace(headings=[table.headings[place] for place in kept], rows=rows)


def _note(results: Results) -> str:
    return "; ".join(note for note in (ABOUT_DIFFERENCES, growing_note(results)) if note)


def places_side_by_side(results: Results) -> list[TextTable]:
    """A row a place: mean waits with intervals, paired differences, journeys and days of service.

    In one table where two scenarios at most are shown, in three where there are more.
    """
    places = {**{place: f"place={place}" for place in results.places}, "everybody": "all"}
    parts = (_waits(results, places), _differences(results, places), _journeys(results, places))
    if results.has_several_models:
        return [
            part._replace(note=_note(results) if part is parts[1] else growing_note(results))
            for part in parts
        ]
    title = "Mean wait with 95 % interval; mean one-way journey; days of service"
    headings = ["", *(heading for part in parts for heading in part.headings[1:])]
    rows = [[name, *(text for part in parts for text in part.rows[at][1:])] for at, name in enumerate(places)]
    return [TextTable(title, headings, rows, _note(results))]


def _waits(results: Results, places: dict[str, str]) -> TextTable:
    headings = ["", *(f"wait, days\n{arm}{growing_mark(results, arm)}" for arm in results.arms)]
    rows = []
    for name, group in places.items():
        found = [results.value(arm, "wait_days_mean", group) for arm in results.arms]
        rows.append([name, *("-" if value is None else words.interval(value) for value in found)])
    return TextTable("Mean wait with 95 % interval", headings, rows)


def _differences(results: Results, places: dict[str, str]) -> TextTable:
    others, baseline = [arm for arm in results.arms if arm != results.baseline], results.baseline
    headings = ["", *(f"{arm}\nless {baseline}{mark_of_two(results, arm, baseline)}" for arm in others)]
    rows = []
    for name, group in places.items():
        found = [results.difference(arm, "wait_days_mean", group) for arm in others]
        rows.append([name, *("-" if apart is None else difference(apart) for apart in found)])
    return TextTable("Differences in mean wait, days", headings, rows)


def _journeys(results: Results, places: dict[str, str]) -> TextTable:
    shown = [(measure, arm) for measure in SIDE_BY_SIDE for arm in results.arms]
    headings = [
        "",
        *(f"{SIDE_BY_SIDE[measure]}\n{arm}{growing_mark(results, arm)}" for measure, arm in shown),
    ]
    rows = []
    for name, group in places.items():
        found = [(measure, results.value(arm, measure, group)) for measure, arm in shown]
        rows.append(
            [name, *("-" if value is None else _short(measure, value["mean"]) for measure, value in found)]
        )
    return TextTable("Mean one-way journey; days of service", headings, rows)


def _short(measure: str, value: float) -> str:
    return f"{value:.0f} min" if MEASURES[measure].unit == "minutes" else f"{value:.1f}"


def _rich(table: TextTable) -> Table:
    shown = Table(
        title=table.title or None, title_justify="left", title_style="bold", box=None, padding=(0, 1)
    )
    shown.caption, shown.caption_justify = table.note or None, "left"
    for number, heading in enumerate(table.headings):
        shown.add_column(
            heading,
            justify="left" if number == 0 else "right",
            no_wrap=number == 0 or len(table.headings) > 2,
        )
    for row in table.rows:
        shown.add_row(*row)
    return shown
