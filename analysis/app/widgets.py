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
    """The key of a widget that stands at `value` until the visitor moves it."""
    st.session_state.setdefault(WIDGET + name, value)
    return WIDGET + name


def standing(name: str) -> Any:
    """Where a widget on the page stands."""
    return st.session_state[WIDGET + name]


def widgets_anew() -> None:
    """All widgets stand at what the page gives them next; they stay the same ones in the browser, in their places."""
    for key in [key for key in st.session_state if str(key).startswith(WIDGET)]:
        del st.session_state[key]


def widget(setting: Setting, value: Any, name: str, moved: Moved) -> None:
    """A slider, a choice, a switch or several choices. name: of this setting in this scenario."""
    as_kept = {NUMBER: float, WHOLE: int, SWITCH: bool, CHOICE: str, SEVERAL: list}[setting.kind]
    about = {
        "help": setting.help,
        "key": keyed(name, as_kept(value)),
        "on_change": lambda: moved(setting, standing(name)),
    }
    if setting.kind == NUMBER:
        form = with_unit(setting.unit, setting.low, setting.high)
        st.slider(setting.label, setting.low, setting.high, step=setting.step, format=form, **about)
    elif setting.kind == WHOLE:
        st.slider(setting.label, int(setting.low), int(setting.high), step=1, **about)
    elif setting.kind == SWITCH:
        st.toggle(setting.label, **about)
    elif setting.kind == CHOICE:
        st.selectbox(setting.label, setting.options, format_func=in_words, **about)
    elif setting.kind == SEVERAL:
        st.multiselect(setting.label, setting.options, format_func=in_words, **about)


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
