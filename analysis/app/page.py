"""The page: what the visitor sets on the left, the answer and its pictures on the right.

Nothing is worked out here. An answer is shown only beside the settings that it was asked for: it hangs on
its asking, and another setting is another asking.
"""

from __future__ import annotations

import html
import uuid
from typing import Any

import streamlit as st

from analysis.answer import answer
from analysis.app import address, catalogue, lesson_page, views
from analysis.app.address import Shown
from analysis.app.asked import (
    WITH_A_BUTTON,
    arms_of,
    count_to_tell,
    groups_of,
    movable,
    replications_of,
    told,
)
from analysis.app.live import MOST_REPLICATIONS, Asking, Refused, live
from analysis.app.pictures import pictured
from analysis.app.polled import until
from analysis.app.settings import ASKED, Setting
from analysis.app.shown import Answer
from analysis.app.style import STYLE
from analysis.app.widgets import widget
from sim.results.columns import MEASURES
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import Arm
from sim.scenario.world import expected_referrals

FIRST_WAIT_SECONDS = 3.0
"""The first replication is waited for; after that the page looks again now and then."""
MANY = 12
"""More settings than this of a question are shown a part at a time."""


def page() -> None:
    """The page for one visitor."""
    st.set_page_config("Imaging Waits", layout="wide")
    st.html(STYLE)
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
        with st.sidebar:
            move_settings(shown, known)
        arms = arms_of(shown)
        with st.sidebar:
            look_at(shown, arms)
        arms = arms_of(shown)
    except ScenarioFaults as faults:
        head(shown)
        live().cancel(st.session_state.visitor)
        tell_wrong([f"With these settings there is no scenario. {line}" for line in told(faults)])
    else:
        head(shown)
        tell(shown, arms)
    if (now := address.parameters(shown)) != address_now():
        st.query_params.from_dict(now)


def state() -> Shown:
    """What this visitor's page shows; the address says it when the page is opened."""
    if "shown" not in st.session_state:
        reading = address.read(address_now())
        st.session_state.update(
            shown=reading.shown, wrong=reading.wrong, checked=False, visitor=uuid.uuid4().hex, version=0
        )
    return st.session_state.shown


def address_now() -> address.Parameters:
    """The parameters in the address."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def head(shown: Shown) -> None:
    """Title, question, and what was wrong with the address."""
    scenario = catalogue.offered()[shown.scenario]
    st.title(scenario.title)
    st.html(f"<p>{html.escape(scenario.question)}</p>")
    tell_wrong(st.session_state.wrong)


def tell_wrong(lines: list[str]) -> None:
    """Sentences about what cannot be shown."""
    if lines:
        st.html(
            "".join(f'<p class="wrong" role="alert">{html.escape(line, quote=False)}</p>' for line in lines)
        )


# ---- what is set


def choose_scenario(shown: Shown) -> None:
    """The scenario and what it is compared with; another scenario begins anew."""
    offered = catalogue.offered()
    names = list(offered)
    st.selectbox(
        "Scenario",
        names,
        names.index(shown.scenario),
        format_func=lambda name: f"{name}: {offered[name].title}",
        key=keyed("scenario"),
        on_change=begin_anew,
        args=(shown,),
    )
    others = [address.ALONE, *catalogue.comparable(shown.scenario)]
    st.selectbox(
        "Compared with",
        others,
        others.index(shown.baseline or address.ALONE),
        format_func=lambda name: (
            "nothing: told alone" if name == address.ALONE else f"{name}: {offered[name].title}"
        ),
        key=keyed("baseline"),
        on_change=compare_anew,
        args=(shown,),
    )


def begin_anew(shown: Shown) -> None:
    """Another scenario was chosen: its own baseline and numbers; the view stays."""
    name = st.session_state[keyed("scenario")]
    fresh = address.usual(name)
    fresh.view = shown.view
    st.session_state.update(shown=fresh, wrong=[], version=st.session_state.version + 1)


def compare_anew(shown: Shown) -> None:
    """Another baseline was chosen; what cannot be moved in the two any more goes back."""
    chosen = st.session_state[keyed("baseline")]
    shown.baseline = None if chosen == address.ALONE else chosen
    known = movable(shown.scenario, shown.baseline)
    shown.changes = {path: value for path, value in shown.changes.items() if path in known}
    st.session_state.update(wrong=[], version=st.session_state.version + 1)


def keyed(name: str) -> str:
    """The key of a widget, which becomes another one when everything is set back."""
    return f"{name} {st.session_state.version}"


def move_settings(shown: Shown, known: dict[str, Setting]) -> None:
    """The settings of one question at a time, and what has been changed."""
    st.header("What to change")
    sections = list(dict.fromkeys(setting.path[0] for setting in known.values()))
    chosen = st.selectbox(
        "Question",
        sections,
        sections.index("workforce") if "workforce" in sections else 0,
        format_func=lambda section: ASKED[section],
        key=keyed(f"question of {shown.scenario}"),
    )
    here = [setting for setting in known.values() if setting.path[0] == chosen]
    if len(here) > MANY:
        parts = list(dict.fromkeys(setting.path[1] for setting in here))
        part = st.selectbox(
            "Which", parts, format_func=lambda name: name.replace("_", " "), key=keyed(f"part of {chosen}")
        )
        here = [setting for setting in here if setting.path[1] == part]
    for setting in here:
        written = shown.changes.get(setting.name)
        value = setting.value if written is None else setting.read(written)
        widget(setting, value, keyed(f"{shown.scenario} {shown.baseline} {setting.name}"), moved)
    if shown.changes:
        lines = "".join(f"<li>{html.escape(p)} = {html.escape(v)}</li>" for p, v in shown.changes.items())
        st.html(f"<p>Changed here:</p><ul>{lines}</ul>")
        st.button("Back to the scenario as it is", on_click=set_back, args=(shown,))


def moved(setting: Setting, value: Any) -> None:
    """A widget was moved."""
    shown: Shown = st.session_state.shown
    st.session_state.wrong = []
    if setting.kind == "several" and not value:
        st.session_state.wrong = [f"{setting.label}: choose at least one."]
        return
    written = setting.written(tuple(value) if isinstance(value, list) else value)
    if written == setting.written(setting.value) and not setting.apart:
        shown.changes.pop(setting.name, None)
    else:
        shown.changes[setting.name] = written


def set_back(shown: Shown) -> None:
    """All settings as the scenario has them."""
    shown.changes = {}
    st.session_state.update(wrong=[], version=st.session_state.version + 1)


def look_at(shown: Shown, arms: list[Arm]) -> None:
    """The measure and the people that the answer is about, and how often the scenarios are run."""
    st.header("What to look at")
    headline = arms[-1].scenario.headline
    measures = list(MEASURES)
    measure = st.selectbox(
        "Measure",
        measures,
        measures.index(headline.measure),
        format_func=lambda name: f"{MEASURES[name].in_words} ({MEASURES[name].unit})",
        key=keyed("measure"),
    )
    offered = list(dict.fromkeys([headline.group, *groups_of(arms)]))
    group = st.selectbox(
        "People", offered, 0, format_func=in_words_of_group, key=keyed(f"group {headline.group}")
    )
    if measure != headline.measure:
        shown.measure = measure
    if group != headline.group:
        shown.group = group
    usual = replications_of(shown, arms)
    asked = st.slider("Replications", 2, MOST_REPLICATIONS, usual, 1, key=keyed("replications"),
                      help="Runs with random numbers of their own. The more, the surer the answer; one proves nothing.")  # fmt: skip
    if asked != usual:
        shown.replications = asked
    shown.seed = int(
        st.number_input(
            "Seed",
            0,
            address.MOST_SEED,
            shown.seed,
            1,
            key=keyed("seed"),
            help="The same seed gives the same numbers, here and with run.py.",
        )
    )


def in_words_of_group(group: str) -> str:
    """`MRI, Oxford` of `modality=MRI;place=Oxford`."""
    return "everybody" if group == "all" else ", ".join(part.partition("=")[2] for part in group.split(";"))


# ---- what is told


def tell(shown: Shown, arms: list[Arm]) -> None:
    """Ask for these settings, and show what is finished of them until all is."""
    replications = replications_of(shown, arms)
    size = max(expected_referrals(arm.scenario) for arm in arms)
    name = (tuple(shown.changes.items()), shown.scenario, shown.baseline, shown.seed, replications)
    if size > WITH_A_BUTTON and st.session_state.get("run") != name:
        live().cancel(st.session_state.visitor)
        seconds = live().expected_seconds(size, len(arms) * replications)
        st.html(f"<p>These settings have about {size:,.0f} referrals a replication. All {len(arms) * replications} runs "
                f"would take about {in_minutes(seconds)}, the first answer about {in_minutes(live().expected_seconds(size, len(arms)))}. "
                "Lists are not made smaller.</p>")  # fmt: skip
        st.button("Run", type="primary", on_click=st.session_state.update, kwargs={"run": name})
        return
    try:
        asking = asked(shown, arms, replications)
    except Refused as refused:
        tell_wrong([str(refused)])
        return
    until(lambda: asking.settled, lambda: tell_what_is_finished(shown, asking))


def asked(shown: Shown, arms: list[Arm], replications: int) -> Asking:
    """The asking of these arms: the one under way where nothing has changed."""
    kept: Asking | None = st.session_state.get("asking")
    same = kept is not None and not kept.cancelled and not kept.failure
    if same and kept.arms == arms and (kept.seed, kept.replications) == (shown.seed, replications):
        return kept
    views.give_up_search()
    asking = live().ask(st.session_state.visitor, arms, shown.seed, replications)
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
    anew = st.session_state.answer is None
    body = st.empty() if anew else st.container()  # an empty place takes the answer to other settings away
    waited = 0.0
    while not asking.ready and not asking.settled and waited < FIRST_WAIT_SECONDS:
        asking.wait(0.1, until=1)
        waited += 0.1
        if round(waited * 10) % 5 == 0:
            progress.html(progress_of(asking, 0))  # also where Streamlit stops an overtaken run
    count = count_to_tell(asking.ready, asking.replications)
    progress.html(progress_of(asking, count))
    if asking.failure:
        tell_wrong([asking.failure])
    if count:
        if anew:
            st.session_state.answer = Answer(asking)
        with body.container() if anew else body:
            tell_answer(shown, st.session_state.answer, count)


def tell_answer(shown: Shown, found: Answer, count: int) -> None:
    """The answer in words, what it is about, and the chosen view."""
    words = st.empty()
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


def draw_once(found: Answer) -> None:
    """Draw the first view for nobody: what is drawn the first time takes longer."""
    answer(found.results(1))
    pictured(found.results(1), views.FIRST_PICTURE)


def in_minutes(seconds: float) -> str:
    """`40 seconds`, `12 minutes`."""
    return f"{max(round(seconds), 1)} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
