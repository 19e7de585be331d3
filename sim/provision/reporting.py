"""Who reads it?"""

from __future__ import annotations

from pydantic import model_validator

from sim.model.quantity import ReportsPerDay, fault
from sim.model.report_queue import Pool
from sim.model.section import Section, TimeOfDay, Weekday


class ReportingPool(Section):
    """Radiologists who share one list of scans to report; its name is the key in the file."""

    organisation: str
    """Whose system they read in; images from another organisation have to be transferred."""
    reports_for: list[str]
    """The providers whose scans they report."""
    days: list[Weekday]
    opens: TimeOfDay
    closes: TimeOfDay
    reports_per_day: ReportsPerDay
    """Reports in a full reporting session."""

    @model_validator(mode="after")
    def _opens_before_it_closes(self):
        if self.closes <= self.opens:
            raise fault("`closes` must be later than `opens`")
        return self


def pool_of(number: int, name: str, answer: ReportingPool) -> Pool:
    """The pool as the model sees it."""
    seconds = (answer.closes - answer.opens) / answer.reports_per_day
    return Pool(number, name, frozenset(answer.days), answer.opens, answer.closes, seconds)
