"""The page: what the visitor sets on the left, the answer and its pictures on the right.

Nothing is worked out here. An answer is shown only beside the settings that it was asked for: it hangs on
its asking, and another setting is another asking.
"""

from __future__ import annotations

import html
import time
from contextlib import suppress

import streamlit as st

from analysis.answer import answer
from analysis.app import address, catalogue, lesson_page, views
from analysis.app.address import Shown
from analysis.app.asked import (
    WITH_A_BUTTON,
    arms_of,
    count_to_tell,
    movable,
    replications_of,
    told,
)
from analysis.app.choosing import choose_scenario, look_at, move_settings
from analysis.app.live import Asking, Refused, live
from analysis.app.polled import until
from analysis.app.shown import Answer
from analysis.app.style import STYLE
from analysis.app.visitor import visitor, went_back
from analysis.app.widgets import widgets_anew
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import Arm

FIRST_WAIT_SECONDS = 3.0
"""The first replication is waited for; after that the page looks again now and then."""
OVERTAKEN_SECONDS = 0.05
"""How soon a run that waits makes room for the next change."""


def page() -> None:
    """The page for one visitor."""
    st.set_page_config("Imaging Waits", layout="wide")
    st.html(STYLE)
    st.html('<p class="note narrow">Settings and lessons are behind » at the top left.</p>')
    explored = [st.Page(explore, title="Explore", default=True)]
    st.navigation({"": explored, "Lessons": lesson_page.pages()}, position="top").run()


def explore() -> None:
    """Move one thing and see what follows."""
    shown = state()
    with st.sidebar:
        choose_scenario(shown)
    try:
        known = movable(shown.scenario, shown.baseline)
        if not st.session_state.checked:
            shown.changes, wrong = address.checked(shown.changes, known)
            st.session_state.wrong += wrong
            st.session_state.checked = True
        ask_at_once(shown)
        with st.sidebar:
            move_settings(shown, known)
        arms = arms_of(shown)
        with st.sidebar:
            look_at(shown, arms)
        arms = arms_of(shown)
    except ScenarioFaults as faults:
        write_address(shown)
        head(shown)
        live().cancel(visitor().name)
        tell_wrong([f"With these settings there is no scenario. {line}" for line in told(faults)])
    else:
        write_address(shown)
        head(shown)
        tell(shown, arms)


def state() -> Shown:
    """What this visitor's page shows; the address says it when the page is opened, and when they go back or forward.

    An address that says nothing is a step on the way from a lesson: the page shows what it showed before.
    """
    if "shown" not in st.session_state or (went_back() and address_now()):
        reading = address.read(address_now())
        if (view := reading.shown.view) and view not in views.VIEWS:
            reading.wrong.append(f"There is no view {address.shorten(view)}; the page shows the first.")
            reading.shown.view = ""
        st.session_state.update(shown=reading.shown, wrong=reading.wrong, checked=False)
        widgets_anew()
    return st.session_state.shown


def address_now() -> address.Parameters:
    """The parameters in the address."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def write_address(shown: Shown) -> None:
    """What is set now stands in the address, before its answer is there; each change is a step to go back to."""
    if not address_now() or address.read(address_now()) != (shown, []):
        st.query_params.from_dict(address.parameters(shown))


def head(shown: Shown) -> None:
    """Title, question, the title of what it is compared with, and what was wrong with the address."""
    offered = catalogue.offered()
    scenario = offered[shown.scenario]
    st.title(scenario.title)
    beside = f"<p>Compared with: {html.escape(offered[shown.baseline].title)}.</p>" if shown.baseline else ""
    st.html(f"<p>{html.escape(scenario.question)}</p>{beside}")
    tell_wrong(st.session_state.wrong)


def tell_wrong(lines: list[str]) -> None:
    """Sentences about what cannot be shown."""
    if lines:
        st.html(
            "".join(f'<p class="wrong" role="alert">{html.escape(line, quote=False)}</p>' for line in lines)
        )


# ---- what is told


def tell(shown: Shown, arms: list[Arm]) -> None:
    """Ask for these settings, and show what is finished of them until all is."""
    replications = replications_of(shown, arms)
    if waits_for_a_button(shown, arms):
        live().cancel(visitor().name)
        size = size_of(arms)
        seconds = live().expected_seconds(size, len(arms) * replications)
        run = {"run": run_of(shown, arms)}
        st.html(f"<p>These settings have about {size:,.0f} referrals a replication. All {len(arms) * replications} runs "
                f"would take about {in_minutes(seconds)}, the first answer about {in_minutes(live().expected_seconds(size, len(arms)))}. "
                "Lists are not made smaller.</p>")  # fmt: skip
        st.button("Run", type="primary", on_click=st.session_state.update, kwargs=run)
        return
    try:
        asking = asked(shown, arms, replications)
    except Refused as refused:
        tell_wrong([str(refused)])
        return
    until(lambda: asking.settled, lambda: tell_what_is_finished(shown, asking))


def ask_at_once(shown: Shown) -> None:
    """Ask before the widgets are drawn, so that workers begin meanwhile; what is refused is told later."""
    arms = arms_of(shown)
    if not waits_for_a_button(shown, arms):
        with suppress(Refused):
            asked(shown, arms, replications_of(shown, arms))


def size_of(arms: list[Arm]) -> float:
    """Referrals in a replication of the largest arm, as expected."""
    return max(arm.referrals for arm in arms)


def run_of(shown: Shown, arms: list[Arm]) -> tuple:
    """What one press of the Run button is for."""
    changes = tuple(shown.changes.items())
    return (changes, shown.scenario, shown.baseline, shown.seed, replications_of(shown, arms))


def waits_for_a_button(shown: Shown, arms: list[Arm]) -> bool:
    """Whether these are so many referrals that nothing is run before the visitor says so."""
    return size_of(arms) > WITH_A_BUTTON and st.session_state.get("run") != run_of(shown, arms)


def asked(shown: Shown, arms: list[Arm], replications: int) -> Asking:
    """The asking of these arms: the one under way where nothing has changed."""
    kept: Asking | None = st.session_state.get("asking")
    if (
        kept is not None
        and not kept.cancelled
        and kept.arms == arms
        and (kept.seed, kept.replications) == (shown.seed, replications)
    ):
        return kept
    views.give_up_search()
    live().cancel(visitor().name, views.PATIENTS)
    asking = live().ask(visitor().name, arms, shown.seed, replications)
    st.session_state.update(asking=asking, answer=None, drawn={}, told_of=settings_in_words(shown))
    return asking


def settings_in_words(shown: Shown) -> str:
    """What an answer is about, so that it says so itself."""
    changes = ", ".join(f"{path} = {value}" for path, value in shown.changes.items())
    return f"With {changes or 'the numbers of the scenario as it is'}; seed {shown.seed}."


def tell_what_is_finished(shown: Shown, asking: Asking) -> None:
    """Progress, the answer in words and the chosen view; of this asking and no other."""
    if asking is not st.session_state.asking:
        return
    asking.look()
    progress = st.empty()
    body = place_for(asking)
    wait_for_the_first(asking, progress)
    count = count_to_tell(asking.ready, asking.replications)
    progress.html(progress_of(asking, count))
    if not count:
        tell_wrong([asking.failure] if asking.failure else [])
        return
    if st.session_state.answer is None:
        st.session_state.answer = Answer(asking)
    with body():
        tell_wrong([asking.failure] if asking.failure else [])
        tell_answer(shown, st.session_state.answer, count)


def place_for(asking: Asking):
    """Where the answer goes. The answer to other settings is taken away at once, before this one is there."""
    if st.session_state.answer is not None and st.session_state.answer.asking is asking:
        return st.container
    place = st.empty()
    place.html('<div class="coming"></div>')
    return place.container


def wait_for_the_first(asking: Asking, progress) -> None:
    """Stay a while, so that the first answer comes without looking again."""
    ends = time.monotonic() + FIRST_WAIT_SECONDS
    progress.html(progress_of(asking, count_to_tell(asking.ready, asking.replications)))
    while not asking.wait(OVERTAKEN_SECONDS, until=1) and time.monotonic() < ends:
        if st.session_state.asking is not asking:  # this is where Streamlit stops a run for the next one
            return


def tell_answer(shown: Shown, found: Answer, count: int) -> None:
    """The first sentence, the chosen view, the other sentences; the picture is there first."""
    words = st.empty()
    words.html('<div class="answer"></div>')
    views.show(shown, found, count)
    first, *more = sentences(found, count)
    words.html(f'<section class="answer" aria-label="The answer"><p>{html.escape(first)}</p>'
               f'<p class="note">{html.escape(st.session_state.told_of)}</p></section>')  # fmt: skip
    st.html("".join(f'<p class="note">{html.escape(line)}</p>' for line in more))


def progress_of(asking: Asking, count: int) -> str:
    """How far it is, in words and as a bar."""
    if asking.settled and not asking.failure:
        return f'<p class="progress" role="status">All {count} replications are in this answer.</p>'
    said = f"A rough answer from {count} of {asking.replications} replications" if count else "Simulating"
    return (
        f'<p class="progress" role="status">{said}; it sharpens as more arrive. '
        f'<progress max="{asking.asked}" value="{asking.done}" aria-label="runs finished"></progress></p>'
    )


def sentences(found: Answer, count: int) -> list[str]:
    """The answer in words, with its certainty."""
    drawn = st.session_state.drawn
    if ("words", count) not in drawn:
        drawn["words", count] = answer(found.results(count))
    return drawn["words", count]


def in_minutes(seconds: float) -> str:
    """`40 seconds`, `12 minutes`, `4 hours`."""
    if seconds < 90:
        return f"{max(round(seconds), 2)} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 7200 else f"{round(seconds / 3600)} hours"
