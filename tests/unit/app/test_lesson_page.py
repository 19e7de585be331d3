"""A lesson on the page: first a prediction, then the answer; the address; no traceback."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("streamlit", reason="the page needs Streamlit: requirements-app.txt")

from streamlit.testing.v1 import AppTest

from analysis.app import lesson_page
from analysis.app.lessons import LESSONS
from analysis.app.lessons.predictions import Choice

SECONDS = 300


@pytest.fixture
def opened(live, monkeypatch):
    """Opens a lesson, with what the address says; afterwards the visitors are gone."""
    monkeypatch.setattr(lesson_page, "live", lambda: live)
    pages = []

    def open_lesson(name: str, **address: str) -> AppTest:
        at = AppTest.from_function(one_lesson, default_timeout=SECONDS, args=(name,))
        for key, value in address.items():
            at.query_params[key] = value
        pages.append(at.run())
        return at

    yield open_lesson
    for at in pages:
        if "lesson_asked" in at.session_state:
            live.cancel(at.session_state.lesson_asked[1].visitor)


def one_lesson(name):
    from analysis.app.lesson_page import show

    show(name)


def text(at: AppTest) -> str:
    """Everything that is written on the page, tags included."""
    assert not at.exception
    return "\n".join(piece.proto.body for piece in at.get("html"))


def answered(at: AppTest) -> str:
    """The page once the first runs are in, however busy the machine is."""
    for _ in range(20):
        if "What came" in text(at):
            return text(at)
        at.run()
    raise AssertionError("no run has come")


def predict(at: AppTest, name: str) -> AppTest:
    """Say the first answer, or the number at which the slider stands."""
    if isinstance(LESSONS[name].prediction, Choice):
        at.radio[0].set_value(next(iter(LESSONS[name].prediction.options)))
    return at.button[0].click().run()


@pytest.mark.parametrize("name", LESSONS)
def test_nothing_of_a_simulation_is_shown_before_a_prediction(opened, name):
    at = opened(name)
    assert at.title[0].value == LESSONS[name].title
    assert LESSONS[name].question in text(at)
    assert "<img" not in text(at) and "What came" not in text(at)
    movable = tuple(slider.label for slider in LESSONS[name].sliders)
    assert not any(slider.label.startswith(movable) for slider in at.slider)


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS)
def test_after_a_prediction_come_picture_words_and_theory(opened, name):
    at = predict(opened(name), name)
    said = answered(at)
    assert re.search(r'<img [^>]*alt="[^"]{40,}"', said)
    assert "You said" in said and LESSONS[name].formula.split(":")[0][:20] in said
    assert "<caption>Simulation and theory" in said
    assert [button.proto.label for button in at.get("download_button")] == ["Download the scenarios"]
    for shown, slider in zip(at.slider, LESSONS[name].sliders, strict=True):
        by_its_number = shown.proto.format != "%g"
        assert shown.label == slider.label + (
            f" ({slider.unit})" if not by_its_number and slider.unit else ""
        )


def test_without_a_choice_there_is_no_prediction(opened):
    at = opened("full_diaries")
    at.button[0].click().run()
    assert "Choose one of the answers first" in text(at)
    assert "<img" not in text(at)


def test_a_prediction_can_be_taken_back_and_hides_the_answer(opened):
    at = predict(opened("full_diaries"), "full_diaries")
    assert "<img" in answered(at)
    at.button[0].click().run()
    assert "<img" not in text(at) and at.radio


def test_a_slider_moves_the_address_and_the_prediction_stays_about_the_beginning(opened):
    at = predict(opened("full_diaries"), "full_diaries")
    at.slider[0].set_value(80.0).run()
    assert dict(at.query_params) in ({"load": "80"}, {"load": ["80"]})
    assert "Both use 80 % of their slots" in answered(at)
    assert "as they stood at the beginning" in text(at)


def test_the_address_sets_the_sliders(opened):
    at = predict(opened("full_diaries", load="80", scanners="4"), "full_diaries")
    assert [slider.value for slider in at.slider] == [80, 4]


@pytest.mark.parametrize(
    "address, said",
    [
        ({"load": "200"}, "load must be one number from 70 to 97"),
        ({"load": "nan"}, "load must be one number from 70 to 97"),
        ({"load": "<script>"}, "load must be one number from 70 to 97"),
        ({"laod": "80"}, "does not know. It has load, scanners"),
        ({"<img src=x>": "1"}, "&lt;img src=x&gt;"),
    ],
)
def test_a_bad_address_gives_a_sentence_and_the_lesson_as_it_begins(opened, address, said):
    at = opened("full_diaries", **address)
    assert said in text(at)
    assert "<script>" not in text(at) and "<img" not in text(at)
    at = predict(at, "full_diaries")
    assert [slider.value for slider in at.slider] == [95, 10]


def test_the_visitor_is_told_why_a_simulation_failed(opened, live, monkeypatch):
    def refused(*_, **__):
        raise lesson_page.Refused("Too many others are simulating here at the moment.")

    monkeypatch.setattr(live, "ask", refused)
    assert "Too many others" in text(opened("full_diaries"))
