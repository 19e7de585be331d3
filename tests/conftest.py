"""What every test leaves as it found it."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def main_module():
    """Streamlit puts a visitor's script in place of the main module, which new workers would load."""
    kept = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = kept
