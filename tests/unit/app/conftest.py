"""Little arms, and a live engine that the tests of the page share."""

from __future__ import annotations

import pytest

from analysis.app.live import Live
from sim.scenario.document import Document, lay_over, read_document
from sim.scenario.read import Arm, validate
from tests.world import SMALL


@pytest.fixture(scope="session")
def live():
    engine = Live(workers=2)
    yield engine
    engine.close()


def small_arm(name: str = "small", changes: dict | None = None) -> Arm:
    """The small world as an arm, with some values changed."""
    document = read_document(SMALL)
    lay_over(document, Document(tree=changes or {}, files=[SMALL]))
    return Arm(name, SMALL, document, validate(document, SMALL))


def slots(number: int, name: str = "small") -> Arm:
    """The small world with so many slots a day."""
    return small_arm(name, {"fleet": {"scanner": {"slots_per_day": f"{number} per day"}}})


def long(name: str = "long") -> Arm:
    """A run of many seconds."""
    return small_arm(
        name, {"calendar": {"years": "50 years"}, "demand": {"MRI": {"per_year": "3500 per year"}}}
    )
