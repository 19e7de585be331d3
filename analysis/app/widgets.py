"""A setting as something to move, with its help and its name for screen readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from analysis.app.settings import CHOICE, NUMBER, SEVERAL, SWITCH, WHOLE, Setting

Moved = Callable[[Setting, Any], None]
"""Called with what the visitor has set."""


def widget(setting: Setting, value: Any, key: str, moved: Moved) -> None:
    """A slider, a choice, a switch or several choices. key: of this setting in this scenario."""
    about = {"help": setting.help, "key": key, "on_change": lambda: moved(setting, st.session_state[key])}
    if setting.kind == NUMBER:
        st.slider(
            setting.label,
            setting.low,
            setting.high,
            float(value),
            setting.step,
            with_unit(setting.unit, setting.low, setting.high),
            **about,
        )
    elif setting.kind == WHOLE:
        st.slider(setting.label, int(setting.low), int(setting.high), int(value), 1, **about)
    elif setting.kind == SWITCH:
        st.toggle(setting.label, bool(value), **about)
    elif setting.kind == CHOICE:
        st.selectbox(
            setting.label, setting.options, setting.options.index(value), format_func=in_words, **about
        )
    elif setting.kind == SEVERAL:
        st.multiselect(setting.label, setting.options, list(value), format_func=in_words, **about)


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
