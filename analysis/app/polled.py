"""A part of the page that looks again now and then, until there is nothing more to come."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

LOOK_SECONDS = 0.5


def until(settled: Callable[[], bool], show: Callable[[], None]) -> None:
    """Show it now, and again every so often until it is settled; nothing else on the page is run for it."""
    waiting = not settled()

    @st.fragment(run_every=LOOK_SECONDS if waiting else None)
    def look() -> None:
        """Once."""
        show()
        if waiting and settled():
            st.rerun()

    look()
