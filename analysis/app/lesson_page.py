"""Any lesson on the page: predict first, then move, and see theory beside the simulation.

Nothing is worked out here, and nothing is shown of a simulation before the student has made a prediction.
"""

from __future__ import annotations

import html
import math
from functools import partial

import streamlit as st

from analysis.app.asked import count_to_tell
from analysis.app.download import zipped
from analysis.app.lessons import LESSONS
from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import SIZE
from analysis.app.lessons.predictions import Choice
from analysis.app.lessons.seen import Seen
from analysis.app.live import Asking, Refused, live
from analysis.app.pictures import image, tabled
from analysis.app.visitor import visitor, went_back
from analysis.app.widgets import keyed, widgets_anew, with_unit
from analysis.tables import TextTable
from analysis.words import number

SEED, LANE = 1, "lesson"
FIRST_WAIT_SECONDS, LOOK_SECONDS = 3.0, 0.5


def pages() -> list:
    """A page each, under its own address, for `st.navigation`."""
    return [
        st.Page(partial(show, lesson.name), title=lesson.title, url_path=lesson.name)
        for lesson in LESSONS.values()
    ]


def show(name: str) -> None:
    """One lesson."""
    lesson = LESSONS[name]
    st.title(lesson.title)
    st.html("".join(f"<p>{html.escape(text, quote=False)}</p>" for text in (lesson.question, *lesson.story)))
    start, wrong = sliders_of(lesson, {key: st.query_params.get_all(key) for key in st.query_params})
    for line in wrong:
        told('p class="wrong" role="alert"', line)
    predict(lesson)
    if lesson.name in predictions():
        given = move(lesson, start)
        st.query_params.from_dict(
            {key: f"{value:g}" for key, value in given.items() if value != lesson.defaults[key]}
        )
    else:
        given = lesson.defaults  # on the way while the student thinks
    try:
        asking = ask(lesson, given)
    except Refused as refused:
        told('p class="wrong" role="alert"', str(refused))
        return
    if lesson.name in predictions():
        st.fragment(run_every=None if asking.settled else LOOK_SECONDS)(tell)(lesson, given, asking)
        take_along(asking)


def told(tag: str, text: str) -> None:
    """A piece of text in a tag, which may have attributes."""
    st.html(f"<{tag}>{html.escape(text, quote=False)}</{tag.split()[0]}>")


# ---- what the student says and sets


def predictions() -> dict[str, float | str]:
    """What this student has predicted, by lesson."""
    return st.session_state.setdefault("predictions", {})


def predict(lesson: Lesson) -> None:
    """Ask for a prediction; once it is made it stays, until the student asks to make another."""
    asked = lesson.prediction
    st.header("Say first what you expect")
    if lesson.name in predictions():
        said = predictions()[lesson.name]
        said = asked.options[said] if isinstance(asked, Choice) else f"{number(said)} {asked.unit}"
        told("p", f"{asked.question} You said: {said}.")
        st.button("Predict again", on_click=predictions().pop, args=(lesson.name,))
        return
    with st.form(f"prediction of {lesson.name}"):
        if isinstance(asked, Choice):
            said = st.radio(asked.question, list(asked.options), index=None, format_func=asked.options.get)
        else:
            about = (float(asked.low), float(asked.high), float(asked.low), float(asked.step))
            said = st.slider(
                asked.question, *about, format=f"%g {asked.unit}".replace("%", "%%").replace("%%g", "%g")
            )
        made = st.form_submit_button("That is my prediction")
    if made and said is None:
        told('p class="wrong" role="alert"', "Choose one of the answers first.")
    elif made:
        predictions()[lesson.name] = said
        st.rerun()


def sliders_of(lesson: Lesson, parameters: dict[str, list[str]]) -> tuple[Given, list[str]]:
    """The sliders' values from the address, and a sentence for each that cannot be."""
    given, wrong = lesson.defaults, []
    known = {slider.key: slider for slider in lesson.sliders}
    for key, values in parameters.items():
        if key not in known:
            wrong.append(
                f"The address has {key[:40]!r}, which this lesson does not know. It has {', '.join(known)}."
            )
        elif (value := read(known[key], values)) is None:
            slider = known[key]
            wrong.append(f"In the address {key} must be one number from {slider.low:g} to {slider.high:g}.")
        else:
            given[key] = value
    return given, wrong


def read(slider: Slider, values: list[str]) -> float | None:
    """A slider's value as the address has it, on one of its steps; None where it cannot be."""
    try:
        (value,) = map(float, values)
    except ValueError:
        return None
    if not (math.isfinite(value) and slider.low <= value <= slider.high):
        return None
    return on_a_step(slider, value)


def on_a_step(slider: Slider, value: float) -> float:
    """The slider's step that is nearest."""
    return min(slider.high, round(slider.low + round((value - slider.low) / slider.step) * slider.step, 9))


def move(lesson: Lesson, start: Given) -> Given:
    """The sliders, and what they are set to."""
    st.header("Now move something")
    if went_back():
        widgets_anew()
    found = {}
    for slider in lesson.sliders:
        how = with_unit(slider.unit, slider.low, slider.high)
        label = f"{slider.label} ({slider.unit})" if how == "%g" else slider.label
        ends, value = (float(slider.low), float(slider.high)), float(start[slider.key])
        key = keyed(f"{lesson.name} {slider.key}", value)
        found[slider.key] = st.slider(label, *ends, value, float(slider.step), how, key=key)
    return {slider.key: on_a_step(slider, found[slider.key]) for slider in lesson.sliders}


# ---- what is simulated and shown


def ask(lesson: Lesson, given: Given) -> Asking:
    """The asking for these sliders: the one under way where nothing has changed. Raises `Refused`."""
    name = (lesson.name, *given.items())
    kept, asking = st.session_state.get("lesson_asked", (None, None))
    if kept == name and not asking.cancelled and not asking.failure:
        return asking
    asking = live().ask(visitor().name, lesson.read_arms(given), SEED, lesson.replications, LANE)
    st.session_state.lesson_asked = (name, asking)
    return asking


def tell(lesson: Lesson, given: Given, asking: Asking) -> None:
    """What is finished of this asking: prediction, picture, sentences, theory."""
    asking.look()
    asking.wait(FIRST_WAIT_SECONDS, until=1)
    count = count_to_tell(asking.ready, asking.replications)
    st.html(progress(asking, count))
    if asking.failure:
        told('p class="wrong" role="alert"', asking.failure)
    if count:
        st.html(drawn(lesson, given, asking, count))
    if asking.settled and st.session_state.get("lesson_settled") is not asking:
        st.session_state.lesson_settled = asking
        st.rerun()


def take_along(asking: Asking) -> None:
    """The scenarios of the sliders as files to download, made when they are asked for."""
    st.html(
        "<p class='note'>Scenario files that run.py takes as they are, with the sliders as they stand: the same numbers "
        "again, and a start for scenarios of your own.</p>"
    )
    st.download_button(
        "Download the scenarios",
        partial(zipped, asking),
        f"{asking.arms[-1].name}-page.zip",
        "application/zip",
        on_click="ignore",
    )


def drawn(lesson: Lesson, given: Given, asking: Asking, count: int) -> str:
    """What is told of so many replications; drawn once, however often the page looks."""
    of = (asking, count, predictions()[lesson.name])
    kept, told_before = st.session_state.get("lesson_drawn", (None, ""))
    if kept != of:
        told_before = told_of(lesson, given, seen(asking, count))
        st.session_state.lesson_drawn = (of, told_before)
    return told_before


def progress(asking: Asking, count: int) -> str:
    """How far it is."""
    if asking.settled and not asking.failure:
        return f'<p class="progress" role="status">All {count} runs are in this answer.</p>'
    return (
        f'<p class="progress" role="status">{count} of {asking.replications} runs so far; it sharpens as more arrive. '
        f'<progress max="{asking.asked}" value="{asking.done}" aria-label="runs finished"></progress></p>'
    )


def seen(asking: Asking, count: int) -> Seen:
    """The first so many replications of every arm."""
    return Seen({arm.name: [asking.replication(arm.name, n) for n in range(count)] for arm in asking.arms})


def told_of(lesson: Lesson, given: Given, found: Seen) -> str:
    """Everything that is said and drawn of some replications, as HTML."""
    lines = [against(lesson, given, found), *lesson.sentences(found, given)]
    words = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)
    theory = "".join(
        f"<p>{html.escape(line, quote=False)}</p>"
        for line in (lesson.formula, lesson.agreement(found, given))
    )
    return (
        f"{pictured(lesson, given, found)}"
        f'<section class="answer" aria-label="What came"><h2>What came</h2>{words}</section>'
        f'<section aria-label="Theory"><h2>Theory beside it</h2>{theory}{tabled(table(lesson, given, found))}</section>'
    )


def against(lesson: Lesson, given: Given, found: Seen) -> str:
    """What the student said beside what came, for the sliders that the prediction was about."""
    if given != lesson.defaults:
        return "Your prediction was about the sliders as they stood at the beginning."
    return lesson.prediction.against(predictions()[lesson.name], lesson.came(found))


def pictured(lesson: Lesson, given: Given, found: Seen) -> str:
    """The lesson's picture with its alternative text."""
    drawn = image(partial(lesson.draw, found, given), SIZE, lesson.alt_text(found, given))
    return f'<figure class="picture">{drawn}</figure>'


def table(lesson: Lesson, given: Given, found: Seen) -> TextTable:
    """Every quantity as simulated, with its interval, and as theory has it."""
    rows = []
    for row in lesson.compared(found, given):
        one = row.simulated
        interval = f"{number(one.lower)} to {number(one.upper)}" if math.isfinite(one.lower) else ""
        theory = "" if row.theory is None else number(row.theory)
        rows.append([row.quantity.label, row.quantity.unit, number(one.mean), interval, theory])
    headings = ["", "unit", "simulated mean", "95 % interval", "theory"]
    return TextTable(f"Simulation and theory, {found.n} run{'s' * (found.n > 1)}", headings, rows, "")
