"""Forecasts from real lists and real flows, laid beside what was published (DM01).

`python -m analysis.hindcast --data FILE --provider RTH --test MRI --from 2024-03 --months 12` starts from the
list at the end of `--from`, fits the order of service and the turnover to the twelve months up to it
(`sim.scenario.order_fit`), runs the model on the published flows of the months after it, and writes
`hindcast.csv`, `hindcast_errors.csv`, a page and the scenario files. `all` stands for every provider, or test,
of the extract.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis import hindcast_page, hindcast_scores
from analysis.files import WRONG_INPUT, write_csv
from analysis.screen import console, progress, show_tables
from sim.experiment.experiment import as_yaml
from sim.experiment.given import positive, refuse
from sim.experiment.runner import Runner, mark_of
from sim.results.columns import DM01_BANDS
from sim.results.folder import write_text
from sim.scenario.changes import changed
from sim.scenario.daily_list import month_ends
from sim.scenario.dm01 import (
    MODALITY,
    Dm01Fault,
    Month,
    month_after,
    month_called,
    months,
    providers_and_tests,
    spans,
    test_called,
)
from sim.scenario.faults import ScenarioFaults
from sim.scenario.from_flows import FED, tree_of
from sim.scenario.order_fit import (
    FEWEST_MONTHS,
    MONTHS_FITTED,
    History,
    Orders,
    fit_orders,
    flows,
    holes_filled,
)
from sim.scenario.read import Arm, read_arms

EVERY = "all"
OF_BEST = 2
"""Replications of the best fit, whose mean is the forecast; all others have an order of service of their own."""
FEWEST_REPLICATIONS = 5


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


@dataclass(frozen=True)
class Forecast:
    """What is run of a series, and what stands beside it.

    arms: the best fit, then one an order of service that was drawn. fluid, as_published: (months, 14) lists
    without chance, of the best fit and of one with the published activity alone. holes: months whose activity
    is taken as not recorded.
    """

    series: Series
    arms: list[Arm]
    turnover: float
    fluid: np.ndarray
    as_published: np.ndarray
    holes: int

    def wanted(self, replications: int) -> list[tuple[Arm, int]]:
        """(arm, replication) of everything to be run; every replication has random numbers of its own."""
        best = [(self.arms[0], number) for number in range(OF_BEST)]
        return best + [(arm, OF_BEST + number) for number, arm in enumerate(self.arms[1:])]


def forecast_of(series: Series, replications: int, seed: int, out: Path) -> Forecast:
    """Fit, and write and read the scenario. Raises `ScenarioFaults`, or `ValueError` from the fit."""
    history = History.of(series.before)
    sizes = np.array([month.waiting_list for month in [series.before[-1], *series.after]], float)
    published = np.array([month.waiting_list_activity for month in series.after], float)
    recorded = holes_filled(published, history.usual)
    days = np.array([month.days for month in series.after])
    fit, plain = fit_orders(history), fit_orders(history, turnover=1.0).orders()
    drawn = fit.draw(replications - OF_BEST, np.random.default_rng(seed))
    best = fit.orders()
    trees = [tree_from(series, orders, row, sizes, recorded)
             for orders in (best, drawn) for row in range(len(orders.turnover))]  # fmt: skip
    file = out / "scenarios" / f"{series.name}.yaml"
    write_text(file, as_yaml(trees[0]))
    (arm,) = read_arms([file])
    arms = [arm] + [
        changed(arm, f"{arm.name},draw={number}", {path: tree[path[0]] for path in FED})
        for number, tree in enumerate(trees[1:], 1)
    ]
    fluids = [
        month_ends(history.ends[-1], *flows(sizes, done, orders.turnover[0]), days, orders.weights[0])
        for orders, done in ((best, recorded), (plain, published))
    ]
    return Forecast(series, arms, float(best.turnover[0]), *fluids, int((recorded != published).sum()))


def tree_from(
    series: Series, orders: Orders, row: int, sizes: np.ndarray, recorded: np.ndarray
) -> dict[str, Any]:
    """The scenario of one order of service."""
    joining, leaving = flows(sizes, recorded, orders.turnover[row])
    start = datetime.date.fromisoformat(f"{month_after(series.start)}-01")
    title = f"{series.provider}, {series.test}, from the list of {series.start}"
    bands = series.before[-1].bands
    return tree_of(MODALITY[series.test], bands, start, joining, leaving, orders.weights[row], title)


def simulated(forecasts: list[Forecast], runner: Runner, replications: int) -> dict[str, np.ndarray]:
    """(replications, months, 14) people waiting, by series; those of the best fit first."""
    wanted = [pair for forecast in forecasts for pair in forecast.wanted(replications)]
    for _ in runner.each(wanted):
        pass
    found: dict[str, np.ndarray] = {}
    for forecast in forecasts:
        kept = [
            runner.folder.kept(mark_of(arm, runner.seed), number)["census"]
            for arm, number in forecast.wanted(replications)
        ]
        ends = [[[row[band] for band in DM01_BANDS] for row in census] for census in kept]
        found[forecast.series.name] = np.array(ends, float)
    return found


def rows_of(forecast: Forecast, lists: np.ndarray) -> pd.DataFrame:
    """The rows of `hindcast.csv` of one series. lists: as `simulated` gives them."""
    series = forecast.series
    ends = [np.array([month.bands for month in part], float) for part in (series.before[-1:], series.after)]
    table = hindcast_scores.laid_beside(
        published=ends[1],
        opening=ends[0][0],
        best=lists[:OF_BEST],
        drawn=lists[OF_BEST:],
        fluid=forecast.fluid,
        as_published=forecast.as_published,
    )
    names = [month.month for month in series.after]
    known = {"provider": series.provider, "test": series.test, "start": series.start}
    return table.assign(
        **known, month=table.ahead.map(lambda ahead: names[ahead - 1]),
        turnover=forecast.turnover, holes=forecast.holes,
    )[hindcast_scores.COLUMNS]  # fmt: skip


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
    before = [by_name[start]]
    if before[0].waiting_list < least:
        raise ValueError(f"only {before[0].waiting_list} wait at the start, fewer than {least}")
    while len(before) <= MONTHS_FITTED and month_after(before[0].month, -1) in by_name:
        before.insert(0, by_name[month_after(before[0].month, -1)])
    if len(before) <= FEWEST_MONTHS:
        raise ValueError(f"{FEWEST_MONTHS} months before the start are needed, there are {len(before) - 1}")
    if not all(month.waiting_list for month in [*before, *(by_name[name] for name in wanted)]):
        raise ValueError("there is a month in which nobody waits")
    return Series(provider, test, before, [by_name[name] for name in wanted])


def a_month(text: str) -> str:
    """`YYYY-MM`. Raises `ArgumentTypeError`."""
    if len(text) != 7 or month_called(text) != text:
        raise argparse.ArgumentTypeError(f"must be a month such as 2024-03, got {text!r}")
    return text


def parser() -> argparse.ArgumentParser:
    """The command line."""
    usage = argparse.ArgumentParser(prog="python -m analysis.hindcast", description=main.__doc__)
    add = usage.add_argument
    several = {"action": "append", "required": True}
    add("--data", type=Path, metavar="FILE", help="a DM01 extract as CSV; may be repeated", **several)
    add("--provider", metavar="CODE", help="as in the extract, or all; may be repeated", **several)
    add("--test", metavar="TEST", help="MRI, CT, NOUS, DEXA, or all; may be repeated", **several)
    add("--from", type=a_month, dest="starts", metavar="YYYY-MM", help="the month at whose end the forecast starts; may be repeated", **several)  # fmt: skip
    add("--months", type=positive, default=12, metavar="N", help="how many are forecast (default: 12)")
    add(
        "--at-least",
        type=positive,
        default=1,
        metavar="N",
        help="leave out lists of fewer people at the start",
    )
    add("--replications", type=positive, default=20, metavar="N", help="of each series, each with an order of service of its own (default: 20)")  # fmt: skip
    add("--seed", type=positive, default=1, metavar="N")
    add("--workers", type=positive, metavar="N", help="processes (default: one a core)")
    add("--out", type=Path, default=Path("results/hindcast"), metavar="DIR")
    add("--quiet", action="store_true", help="no progress")
    return usage


def main(arguments: list[str] | None = None) -> int:
    """Forecast published lists from real lists and flows, and say how far off the forecasts are."""
    given = parser().parse_args(arguments)
    try:
        if given.replications < FEWEST_REPLICATIONS:
            raise refuse(
                "--replications", f"must be at least {FEWEST_REPLICATIONS}, got {given.replications}"
            )
        series, notes = series_asked_for(given)
        table = run(series, given)
        errors = hindcast_scores.errors(table)
        write_csv(given.out / "hindcast.csv", table)
        write_csv(given.out / "hindcast_errors.csv", errors)
        tables = hindcast_scores.tables(table, errors)
        hindcast_page.write(given.out, table, tables)
    except (ScenarioFaults, Dm01Fault) as wrong:
        print(wrong, file=sys.stderr)
        return WRONG_INPUT
    except OSError as error:
        print(f"cannot write {given.out}: {error.strerror}", file=sys.stderr)
        return WRONG_INPUT
    for note in notes:
        print(note, file=sys.stderr)
    show_tables(tables)
    console().print(
        f"In {given.out}/: hindcast.csv, hindcast_errors.csv, {hindcast_page.PAGE}, scenarios/",
        soft_wrap=True,
    )
    return 0


def run(series: list[Series], given: argparse.Namespace) -> pd.DataFrame:
    """`hindcast.csv` of all series."""
    forecasts = [forecast_of(one, given.replications, given.seed, given.out) for one in series]
    with progress(given.quiet) as tell, Runner(given.out, given.seed, given.workers, progress=tell) as runner:
        lists = simulated(forecasts, runner, given.replications)
    return pd.concat([rows_of(one, lists[one.series.name]) for one in forecasts], ignore_index=True)


if __name__ == "__main__":
    sys.exit(main())
