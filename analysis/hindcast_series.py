"""Which lists of a DM01 extract are forecast, from when, and the lists that stand beside them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.given import refuse
from sim.scenario.dm01 import (
    MODALITY,
    Dm01Fault,
    Month,
    month_after,
    months,
    providers_and_tests,
    spans,
    test_called,
)
from sim.scenario.order_fit import FEWEST_MONTHS, MONTHS_FITTED, History, Order, fit_order

EVERY = "all"
MOST_LISTS = 50
"""Lists for a test, the first of the extract, to whose mean order of service each is drawn."""


@dataclass(frozen=True)
class Series:
    """One provider's list for one test, from one start. before: up to the start; after: what is forecast."""

    provider: str
    test: str
    before: list[Month]
    after: list[Month]

    @property
    def start(self) -> str:
        """The month at whose end the forecast starts."""
        return self.before[-1].month

    @property
    def name(self) -> str:
        """For files and arms."""
        return f"{self.provider}_{self.test}_{self.start}".replace(" ", "_").replace("/", "_")


def series_asked_for(given: argparse.Namespace) -> tuple[list[Series], list[str]]:
    """(series, notes on what is left out). Raises `Dm01Fault`, or `ScenarioFaults` where nothing is left."""
    there = providers_and_tests(given.data)
    providers = sorted(there) if EVERY in given.provider else given.provider
    found, notes = [], []
    for provider in providers:
        known = there.get(provider, ())
        tests = known if EVERY in given.test else [test_called(test) for test in given.test]
        for test in tests:
            if EVERY in given.provider and test not in known:
                continue
            read = months(given.data, provider, test)
            for start in given.starts:
                try:
                    found.append(series_from(provider, test, read, start, given.months, given.at_least))
                except ValueError as why:
                    notes.append(f"left out: {provider} {test} from {start}: {why}")
    if not found:
        raise refuse("--from", notes[0] if notes else "nothing of what is asked for is in the extract")
    return found, notes


def series_from(
    provider: str, test: str, read: Sequence[Month], start: str, count: int, least: int
) -> Series:
    """One series. Raises `ValueError` in words where it cannot be forecast."""
    if test not in MODALITY:
        raise ValueError("it is no modality here")
    by_name = {month.month: month for month in read}
    wanted = [month_after(start, ahead) for ahead in range(1, count + 1)]
    missing = [month for month in [start, *wanted] if month not in by_name]
    if missing:
        raise ValueError(f"no {spans(missing)}; there are {spans(list(by_name))}")
    before = months_to(start, read)
    if before[-1].waiting_list < least:
        raise ValueError(f"only {before[-1].waiting_list} wait at the start, fewer than {least}")
    if len(before) <= FEWEST_MONTHS:
        raise ValueError(f"{FEWEST_MONTHS} months before the start are needed, there are {len(before) - 1}")
    if not all(month.waiting_list for month in [*before, *(by_name[name] for name in wanted)]):
        raise ValueError("there is a month in which nobody waits")
    return Series(provider, test, before, [by_name[name] for name in wanted])


def months_to(start: str, read: Sequence[Month]) -> list[Month]:
    """The month of the start and those before it, one after the other, that an order of service is fitted to."""
    by_name = {month.month: month for month in read}
    names = [month_after(start, -before) for before in range(MONTHS_FITTED + 1)]
    there = next((number for number, name in enumerate(names) if name not in by_name), len(names))
    return [by_name[name] for name in reversed(names[:there])]


def orders_of(data: Sequence[Path], wanted: Sequence[Series]) -> dict[tuple[str, str], list[Order]]:
    """The orders of service of the extract's lists by (test, start), of every test and start that is wanted.

    A list that cannot be fitted, or whose rows are wrong, is left out.
    """
    there = providers_and_tests(data)
    found: dict[tuple[str, str], list[Order]] = {}
    for test in sorted({series.test for series in wanted}):
        lists = [months_or_none(data, provider, test) for provider, tests in there.items() if test in tests]
        for start in sorted({series.start for series in wanted if series.test == test}):
            known = [months_to(start, read) for read in lists[:MOST_LISTS]]
            whole = [
                before
                for before in known
                if len(before) > FEWEST_MONTHS and all(month.waiting_list for month in before)
            ]
            found[test, start] = [fit_order(History.of(before)) for before in whole]
    return found


def months_or_none(data: Sequence[Path], provider: str, test: str) -> list[Month]:
    """The months of a list nobody asked for; none where its rows are wrong."""
    try:
        return months(data, provider, test)
    except Dm01Fault:
        return []
