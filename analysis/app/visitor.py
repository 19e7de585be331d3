"""Who looks at the page: a visitor while their tab is open, and their steps back and forward through its addresses."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analysis.app.live import live


@dataclass
class Visitor:
    """One open tab. name: by which the live engine knows them. left: it was closed, or out of reach for a while."""

    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    left: bool = False


def leave(visitor: Visitor) -> None:
    """Nothing runs for a tab that is closed."""
    visitor.left = True
    live().cancel(visitor.name)


@st.cache_resource(scope="session", on_release=leave, show_spinner=False)
def visitor() -> Visitor:
    """Who this run of the page is for; somebody new after their browser was out of reach."""
    return Visitor()


def went_back() -> bool:
    """Whether the browser has gone back or forward, so that its address says what to show."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
