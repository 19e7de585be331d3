"""Who reads it?"""

from __future__ import annotations

from itertools import combinations
from typing import Annotated

from pydantic import Field, model_validator

from sim.model.demand import MODALITIES, PRIORITIES, AnyPriority, Modality
from sim.model.quantity import Duration, PositiveDuration, ReportsPerDay, Share, fault
from sim.model.report_queue import FIRST_REPORTED, NEVER, Pool, ReportingSession
from sim.model.section import SECONDS_A_DAY, WEEKDAYS, Section, TimeOfDay, Weekday


class ReportingHours(Section):
    """When radiologists read."""

    days: Annotated[list[Weekday], Field(min_length=1)]
    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _opens_before_it_closes(self):
        if self.closes <= self.opens:
            raise fault("`closes` must be later than `opens`")
        return self


class FurtherSession(ReportingHours):
    """One more reporting session of a pool, with the same time for a report."""

    priorities: Annotated[list[AnyPriority], Field(min_length=1)] | None = None
    """Only these are read in it; without them, all."""


class ReportingPool(ReportingHours):
    """Radiologists who share one list of scans to report; its name is the key in the file."""

    organisation: str
    """Whose system they read in; images from another organisation have to be transferred."""
    reports_for: list[str] = []
    """The providers whose scans they report: all of them, or what is left by pools that take a share."""
    takes: dict[str, Share] = {}
    """The share that they report of a provider's scans, by provider."""
    modalities: Annotated[list[Modality], Field(min_length=1)] | None = None
    """Only these are reported here; without them, all."""
    reports_per_day: ReportsPerDay | None = None
    """Reports in a full session of `opens` to `closes`, for every modality without a `report_time`."""
    report_time: dict[Modality, PositiveDuration] = {}
    """How long a report takes, by modality."""
    sessions: dict[str, FurtherSession] = {}
    """Further reporting sessions, by name; no two sessions of the pool may overlap."""
    limit: PositiveDuration | None = None
    """Time from scan to report that should not be exceeded; it changes nothing but a measure."""
    discrepancy_rate: Share | None = None
    """Share of first reports found wanting; such a scan is read a second time, not a third."""
    re_read_after: Duration | None = None
    """How long after its first report a scan found wanting joins the list again, with its priority."""

    @model_validator(mode="after")
    def _reports_for_somebody(self):
        if not self.reports_for and not self.takes:
            raise fault("needs `reports_for: [provider, ...]` or `takes: {provider: share}`")
        both = sorted(set(self.reports_for) & set(self.takes))
        if both:
            raise fault(f"`reports_for` and `takes` both name {both[0]!r}")
        return self

    @model_validator(mode="after")
    def _a_report_fits_into_a_session(self):
        longest = max(report_days(self).values(), default=0.0)
        if longest * SECONDS_A_DAY > self.closes - self.opens + 1e-6:
            raise fault("the longest report does not fit between `opens` and `closes`")
        return self

    @model_validator(mode="after")
    def _sessions_do_not_overlap(self):
        for (one, first), (other, second) in combinations({"": self, **self.sessions}.items(), 2):
            days = sorted(set(first.days) & set(second.days))
            if days and first.opens < second.closes and second.opens < first.closes:
                one = f"session {one!r}" if one else "the pool's own session"
                raise fault(f"{one} and session {other!r} overlap on {WEEKDAYS[days[0]]}")
        return self

    @model_validator(mode="after")
    def _found_wanting_means_read_again(self):
        if self.discrepancy_rate and self.re_read_after is None:
            raise fault("`discrepancy_rate` needs `re_read_after`")
        return self


def reads(answer: ReportingPool, modality: str) -> bool:
    """Whether the pool reports scans of a modality."""
    return answer.modalities is None or modality in answer.modalities


def report_days(answer: ReportingPool) -> dict[int, float]:
    """What a report takes, in days, by code of the modalities for which the pool says it."""
    found = {}
    for code, modality in enumerate(MODALITIES):
        if modality in answer.report_time:
            found[code] = float(answer.report_time[modality])
        elif answer.reports_per_day is not None:
            found[code] = (answer.closes - answer.opens) / answer.reports_per_day / SECONDS_A_DAY
    return found


def session_of(hours: ReportingHours, priorities: list[str] | None) -> ReportingSession:
    """A session as the model sees it; priorities in their own order, whatever the file's."""
    codes = (code for code in FIRST_REPORTED if priorities is None or PRIORITIES[code] in priorities)
    return ReportingSession(frozenset(hours.days), hours.opens, hours.closes, tuple(codes))


def pool_of(number: int, name: str, answer: ReportingPool) -> Pool:
    """The pool as the model sees it."""
    further = [session_of(hours, hours.priorities) for hours in answer.sessions.values()]
    return Pool(
        number=number,
        name=name,
        sessions=tuple(sorted([session_of(answer, None), *further], key=lambda one: one.opens)),
        report_days=report_days(answer),
        discrepancy_rate=float(answer.discrepancy_rate or 0),
        re_read_days=float(answer.re_read_after or 0),
        limit=NEVER if answer.limit is None else float(answer.limit),
    )


def readers(pools: dict[str, ReportingPool], provider: str, modality: str) -> dict[int, float]:
    """{number of the pool: share} of those that report a provider's scans of a modality.

    Who takes the rest stands last, and has the shares to 1 that nobody else takes. Scans that no pool
    names go to the only one there is for the modality: a mix of two models' answers may leave them so.
    """
    able = [(number, pool) for number, pool in enumerate(pools.values()) if reads(pool, modality)]
    shares = {number: float(pool.takes[provider]) for number, pool in able if pool.takes.get(provider)}
    rest = 1 - sum(shares.values())
    if rest > 1e-9:
        shares |= {number: rest for number, pool in able if provider in pool.reports_for}
    return shares or ({able[0][0]: 1.0} if len(able) == 1 else {})
