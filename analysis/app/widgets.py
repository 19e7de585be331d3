"""A setting as something to move, with its help and its name for screen readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from analysis.app.settings import CHOICE, NUMBER, SEVERAL, SWITCH, WHOLE, Setting

Moved = Callable[[Setting, Any], None]
"""Called with what the visitor has set."""


WIDGET = "widget: "
"""Begins the keys of widgets in the session's state."""


def keyed(name: str, value: Any) -> str:
    """The key of a widget, which is made with `value`; one that is on the page since before is set to it after `widgets_anew`.

    A first value is not given through the state: Streamlit sends such a value once, and of two runs that
    follow each other closely a browser may see the second only.
    """
    key = WIDGET + name
    if key in st.session_state.get("to_be_set", ()):
        st.session_state.to_be_set.remove(key)
        st.session_state[key] = value
    return key


def standing(name: str) -> Any:
    """Where a widget on the page stands."""
    return st.session_state[WIDGET + name]


def widgets_anew() -> None:
    """All widgets stand at what the page gives them next; they stay the same ones in the browser, in their places."""
    st.session_state.to_be_set = {key for key in st.session_state if str(key).startswith(WIDGET)}


def widget(setting: Setting, value: Any, name: str, moved: Moved) -> None:
    """A slider, a choice, a switch or several choices. name: of this setting in this scenario."""
    value = {NUMBER: float, WHOLE: int, SWITCH: bool, CHOICE: str, SEVERAL: list}[setting.kind](value)
    about = {
        "help": setting.help,
        "key": keyed(name, value),
        "on_change": lambda: moved(setting, standing(name)),
    }
    if setting.kind == NUMBER:
        form = with_unit(setting.unit, setting.low, setting.high)
        st.slider(setting.label, setting.low, setting.high, value, setting.step, form, **about)
    elif setting.kind == WHOLE:
        st.slider(setting.label, int(setting.low), int(setting.high), value, 1, **about)
    elif setting.kind == SWITCH:
        st.toggle(setting.label, value, **about)
    elif setting.kind == CHOICE:
        start = setting.options.index(value)
        st.selectbox(setting.label, setting.options, start, format_func=in_words, **about)
    elif setting.kind == SEVERAL:
        st.multiselect(setting.label, setting.options, value, format_func=in_words, **about)


def with_unit(unit: str, low: float, high: float) -> str:
    """How a slider writes its number: `%g %%`, `£%g per scan`; by itself where it can stand at 1 and its unit is of many."""
    if is_of_many(unit) and low <= 1 <= high:
        return "%g"
    unit = unit.replace("%", "%%")
    return f"£%g{unit[1:]}" if unit.startswith("£") else f"%g {unit}".strip()


def is_of_many(unit: str) -> bool:
    """Whether one would be called otherwise: `days a week`, `years`."""
    return unit.partition(" ")[0].endswith("s") or unit.endswith("points")


def in_words(option: str) -> str:
    """`end_of_list` as `end of list`."""
    return option.replace("_", " ")
