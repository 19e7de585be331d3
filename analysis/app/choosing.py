"""What the visitor sets: the scenario, the settings of one question at a time, what to look at."""

from __future__ import annotations

import html
from typing import Any

import streamlit as st

from analysis.app import address, catalogue
from analysis.app.address import Shown
from analysis.app.asked import groups_of, movable, replications_of
from analysis.app.live import MOST_REPLICATIONS, live
from analysis.app.settings import ASKED, SEVERAL, Setting
from analysis.app.visitor import visitor
from analysis.app.widgets import keyed, standing, widget, widgets_anew
from sim.results.columns import MEASURES
from sim.scenario.read import Arm

MANY = 12
"""More settings than this of a question are shown a part at a time."""


def choose_scenario(shown: Shown) -> None:
    """The scenario and what it is compared with; another scenario begins anew."""
    offered = catalogue.offered()
    names = list(offered)
    st.selectbox(
        "Scenario",
        names,
        names.index(shown.scenario),
        format_func=lambda name: f"{name}: {offered[name].title}",
        key=keyed("scenario", shown.scenario),
        on_change=begin_anew,
        args=(shown,),
    )
    others = [address.ALONE, *catalogue.comparable(shown.scenario)]
    other = shown.baseline or address.ALONE
    st.selectbox(
        "Compared with",
        others,
        others.index(other),
        format_func=lambda name: (
            "nothing: told alone" if name == address.ALONE else f"{name}: {offered[name].title}"
        ),
        key=keyed("baseline", other),
        on_change=compare_anew,
        args=(shown,),
    )


def begin_anew(shown: Shown) -> None:
    """Another scenario was chosen: its own baseline and numbers; the view stays."""
    fresh = address.usual(standing("scenario"))
    fresh.view = shown.view
    st.session_state.update(shown=fresh, wrong=[])
    widgets_anew()


def compare_anew(shown: Shown) -> None:
    """Another baseline was chosen; what cannot be moved in the two any more goes back."""
    chosen = standing("baseline")
    shown.baseline = None if chosen == address.ALONE else chosen
    known = movable(shown.scenario, shown.baseline)
    shown.changes = {path: value for path, value in shown.changes.items() if path in known}
    st.session_state.wrong = []
    widgets_anew()


def move_settings(shown: Shown, known: dict[str, Setting]) -> None:
    """The settings of one question at a time, and what has been changed."""
    st.header("What to change")
    sections = list(dict.fromkeys(setting.path[0] for setting in known.values()))
    left = where_left("question", sections, "workforce")
    chosen = st.selectbox(
        "Question",
        sections,
        sections.index(left),
        format_func=lambda section: ASKED[section],
        key=keyed(f"question of {shown.scenario}", left),
    )
    st.session_state.question = chosen
    here = [setting for setting in known.values() if setting.path[0] == chosen]
    if sum(not setting.left for setting in here) > MANY:
        parts = list(dict.fromkeys(setting.path[1] for setting in here))
        left = where_left("part", parts)
        part = st.selectbox(
            "Which",
            parts,
            parts.index(left),
            format_func=lambda name: name.replace("_", " "),
            key=keyed(f"part of {chosen}", left),
        )
        st.session_state.part = part
        here = [setting for setting in here if setting.path[1] == part]
    for setting in [setting for setting in here if not setting.left] + also(shown, here):
        written = shown.changes.get(setting.name)
        value = setting.value if written is None else setting.read(written)
        widget(setting, value, f"{shown.scenario} {shown.baseline} {setting.name}", moved)
    if shown.changes:
        lines = "".join(f"<li>{html.escape(p)} = {html.escape(v)}</li>" for p, v in shown.changes.items())
        st.html(f"<p>Changed here:</p><ul>{lines}</ul>")
        st.button("Back to the scenario as it is", on_click=set_back, args=(shown,))


def where_left(name: str, options: list[str], usual: str = "") -> str:
    """What was chosen last, also after everything was set back; the usual one, or the first, before that."""
    chosen = st.session_state.get(name, usual)
    return chosen if chosen in options else options[0]


def also(shown: Shown, here: list[Setting]) -> list[Setting]:
    """Of what the scenario leaves at its default, the settings that the visitor has picked or changed."""
    left = {setting.name: setting for setting in here if setting.left}
    if not left:
        return []
    changed = [name for name in left if name in shown.changes]
    where = ".".join(here[0].path[:2])
    picked = st.multiselect(
        "Also move",
        list(left),
        changed,
        format_func=lambda name: left[name].label,
        key=keyed(f"also {where}", changed),
        placeholder="what is left at its default",
        help="What the scenario does not say, and has its default. Pick something to move it.",
    )
    return [left[name] for name in dict.fromkeys([*picked, *changed])]


def moved(setting: Setting, value: Any) -> None:
    """A widget was moved: what runs stops while the page reads what is to run instead."""
    shown: Shown = st.session_state.shown
    st.session_state.wrong = []
    if setting.kind == SEVERAL and not value:
        st.session_state.wrong = [f"{setting.label}: choose at least one."]
        return
    live().cancel(visitor().name, "answer")
    written = setting.written(tuple(value) if isinstance(value, list) else value)
    if written == setting.written(setting.value) and not setting.apart:
        shown.changes.pop(setting.name, None)
    else:
        shown.changes[setting.name] = written


def set_back(shown: Shown) -> None:
    """All settings as the scenario has them."""
    shown.changes = {}
    st.session_state.wrong = []
    widgets_anew()


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
        key=keyed("measure", headline.measure),
    )
    offered = list(dict.fromkeys([*groups_of(arms), headline.group]))
    group = st.selectbox(
        "People",
        offered,
        offered.index(headline.group),
        format_func=in_words_of_group,
        key=keyed("group", headline.group),
    )
    if measure != headline.measure:
        shown.measure = measure
    if group != headline.group:
        shown.group = group
    usual = replications_of(shown, arms)
    asked = st.slider("Replications", 2, MOST_REPLICATIONS, usual, 1, key=keyed("replications", usual),
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
            key=keyed("seed", shown.seed),
            help="The same seed gives the same numbers, here and with run.py.",
        )
    )


def in_words_of_group(group: str) -> str:
    """`MRI, Oxford` of `modality=MRI;place=Oxford`."""
    return "everybody" if group == "all" else ", ".join(part.partition("=")[2] for part in group.split(";"))
