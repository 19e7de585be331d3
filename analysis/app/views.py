"""The views of an answer, one function each; the pictures are those of the report."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial

import streamlit as st

from analysis import searches, tables
from analysis.app import address, pictures
from analysis.app.address import Shown
from analysis.app.asked import given_of, movable
from analysis.app.download import packed
from analysis.app.live import Asking, Refused, live
from analysis.app.polled import until
from analysis.app.searching import MOST_REPLICATIONS, Searching
from analysis.app.settings import NUMBER
from analysis.app.shown import Answer
from analysis.app.visitor import visitor
from analysis.app.widgets import keyed
from analysis.loaded import Results
from sim.experiment.decomposition import Decomposition
from sim.experiment.tipping import Tipping
from sim.experiment.trials import Search

PATIENTS = "patients"
"""The lane in which single patients are asked for."""
View = Callable[[Shown, Answer, int], None]


def show(shown: Shown, answer: Answer, count: int) -> None:
    """The chooser and the chosen view, of the first `count` replications."""
    names = [name for name in VIEWS if len(answer.asking.arms) > 1 or name not in OF_TWO]
    start = shown.view if shown.view in names else names[0]
    chosen = st.radio(
        "View",
        names,
        names.index(start),
        format_func=lambda name: VIEWS[name][0],
        horizontal=True,
        key=keyed("view", start),
    )
    if chosen != (shown.view or names[0]):
        shown.view = chosen if chosen != names[0] else ""
        st.query_params.from_dict(address.parameters(shown))
    VIEWS[chosen][1](shown, answer, count)


def of_figures(*names: str) -> View:
    """Some figures of the report, each with its table."""

    def view(shown: Shown, answer: Answer, count: int) -> None:
        """Draw them."""
        results = answer.results(count)
        for name in names:
            draw(results, name, count, count == answer.asking.replications)

    return view


def draw(results: Results, name: str, count: int, slim: bool = True) -> None:
    """One figure, drawn once for each number of replications, and its table. slim: for narrow screens too."""
    drawn = st.session_state.drawn
    if (name, count) not in drawn:
        drawn[name, count] = pictures.pictured(results, name, slim)
    st.html(drawn[name, count])
    with st.expander("The table behind this picture"):
        if (name, count, "table") not in drawn:
            drawn[name, count, "table"] = pictures.table_behind(results, name)
        st.html(drawn[name, count, "table"])


def of_patients(*names: str, about: str) -> View:
    """Figures of single patients, of the first replication: its patients are kept on demand."""

    def view(shown: Shown, answer: Answer, count: int) -> None:
        """Ask for the patients, and draw once they are there."""
        st.html(f"<p class='note'>{about}</p>")
        if (asking := patients_of(answer)) is None:
            return

        def look() -> None:
            """Draw, or say what is waited for."""
            asking.look()
            if asking.wait(0.3) and not asking.failure:
                answer.keep_patients(asking)
                for name in names:
                    draw(answer.results(count), name, count)
            else:
                wrong(asking.failure) if asking.failure else waiting("The first replication is run again, with its patients kept.")  # fmt: skip

        until(lambda: asking.settled, look)

    return view


def wrong(line: str) -> None:
    """Say why something cannot be shown."""
    st.html(f'<p class="wrong" role="alert">{html.escape(line, quote=False)}</p>')


def waiting(line: str) -> None:
    """Say what is waited for."""
    st.html(f'<p class="progress" role="status">{line}</p>')


def patients_of(answer: Answer) -> Asking | None:
    """The asking for the tables of replication 0, of this answer's arms."""
    kept = st.session_state.get("patients")
    if kept is None or kept[0] is not answer or kept[1].cancelled:
        first = answer.asking
        try:
            asking = live().ask(visitor().name, first.arms, first.seed, 1, PATIENTS, patients=True)
        except Refused as refused:
            wrong(str(refused))
            return None
        st.session_state.patients = kept = (answer, asking)
    return kept[1]


def gaps(shown: Shown, answer: Answer, count: int) -> None:
    """Between people with a car and without; between places, and between deprivation fifths where they are known."""
    results = answer.results(count)
    draw(results, "equity_by_car", count)
    st.html(pictures.tabled(tables.gaps(results)))


def all_tables(shown: Shown, answer: Answer, count: int) -> None:
    """Every table of the report."""
    for table in tables.of_report(answer.results(count)):
        if table.rows:
            st.html(pictures.tabled(table))


# ---- what takes many runs


def decomposition(shown: Shown, answer: Answer, count: int) -> None:
    """Which question's answer makes how much of the difference."""
    asking = answer.asking
    st.html("<p class='note'>Which of the eight answers makes the difference? Every mix of the two models' answers is "
            f"run, {min(asking.replications, MOST_REPLICATIONS)} replications each.</p>")  # fmt: skip
    search(
        shown,
        answer,
        "decomposition",
        partial(Decomposition, asking.arms, asking.seed),
        "Split the difference",
    )


def tipping(shown: Shown, answer: Answer, count: int) -> None:
    """At which value of one number the two models swap places."""
    numbers = {
        s.name: s for s in movable(shown.scenario, shown.baseline).values() if s.kind == NUMBER and not s.left
    }
    usual = list(numbers).index("workforce.planned_load") if "workforce.planned_load" in numbers else 0
    name = st.selectbox(
        "Number to vary", list(numbers), usual, format_func=lambda path: numbers[path].label, key="tip"
    )
    one = numbers[name]
    span = f"{one.written(one.low)}..{one.written(one.high)}"
    st.html(f"<p class='note'>Both models are run along {html.escape(span.replace('..', ' to '))}, and more closely where "
            f"they swap places, {min(answer.asking.replications, MOST_REPLICATIONS)} replications each.</p>")  # fmt: skip
    search(
        shown,
        answer,
        "tipping",
        partial(Tipping, given_of(shown), name, span),
        "Look for where they swap",
        name,
    )


def search(
    shown: Shown, answer: Answer, figure: str, make: Callable[[], Search], label: str, about: str = ""
) -> None:
    """A button, then progress, then the words, the picture and the tables of what was found."""
    what = (figure, about)
    if st.button(label, key=f"start {figure}"):
        give_up_search()
        searching = Searching(live(), visitor(), answer, make, answer.asking.replications)
        st.session_state.searching = (what, answer, searching)
        searching.start()
    kept = st.session_state.get("searching")
    if kept is None or kept[:2] != (what, answer):
        return
    searching = kept[2]
    until(lambda: searching.settled, lambda: follow(searching, figure))


def follow(searching: Searching, figure: str) -> None:
    """How far a search is, or what it found."""
    if searching.failure:
        wrong(searching.failure)
    elif searching.found is None:
        now = searching.asking
        done, of = (searching.tried + now.done, searching.tried + now.asked) if now else (0, 0)
        waiting(f"Searching: {done} of {of} runs so far, and more may follow.")
    else:
        results: Results = searching.found
        module = searches.answering(results)
        st.html("".join(f"<p>{html.escape(line)}</p>" for line in module.sentences(results)))
        draw(results, figure, -id(searching))
        for table in module.text_tables(results):
            st.html(pictures.tabled(table))


def give_up_search() -> None:
    """Stop what is searched for; other settings are another question."""
    if kept := st.session_state.get("searching"):
        kept[2].give_up()
        st.session_state.searching = None


def take_along(shown: Shown, answer: Answer, count: int) -> None:
    """Files to download."""
    st.html("<p class='note'>Scenario files that run.py takes as they are, with the numbers of this page; with tables and "
            "figures if they are wanted.</p>")  # fmt: skip
    name = f"{answer.asking.arms[-1].name}-page.zip"
    drawn = st.session_state.drawn
    if ("zip",) not in drawn:
        drawn["zip",] = packed(answer, count, figures=False)
    st.download_button("Download the scenario", drawn["zip",], name, "application/zip", key="scenario zip")
    if st.button("Draw all tables and figures"):
        drawn["all", count] = packed(answer, count, figures=True)
    if ("all", count) in drawn:
        st.download_button("Download scenario, tables and figures", drawn["all", count], name, "application/zip", key="all zip")  # fmt: skip


FIRST_PICTURE = "waits_by_place"
VIEWS: dict[str, tuple[str, View]] = {
    "waits": ("Waits", of_figures(FIRST_PICTURE)),
    "lists": ("Lists over time", of_figures("list_over_time", "dm01_bands")),
    "map": (
        "Map and travel",
        of_patients(
            "catchments",
            "wait_against_travel",
            about="Where people live and where they are scanned, in the first replication; then wait against travel, in all.",
        ),
    ),
    "gaps": ("Gaps between people", gaps),
    "slots": ("Where the slots went", of_figures("where_slots_went", "where_minutes_went")),
    "why": ("Why they differ", decomposition),
    "swap": ("Where they swap", tipping),
    "patient": (
        "One patient",
        of_patients("patient_journey", about="One patient of one replication, step by step."),
    ),
    "week": (
        "One scanner's week",
        of_patients("scanner_week", about="One week of one scanner, in one replication."),
    ),
    "tables": ("Tables", all_tables),
    "download": ("Download", take_along),
}
"""Label and view, by what the address calls them."""
OF_TWO = ("why", "swap")
"""Only where two models are compared."""
