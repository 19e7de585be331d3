"""Forecasts from real lists and real flows, laid beside what was published (DM01).

`python -m analysis.hindcast --data FILE --provider RTH --test MRI --from 2024-03 --months 12` starts from the
list at the end of `--from`, fits the order of service and the turnover to at most two years up to it
(`sim.scenario.order_fit`), draws it to that of the extract's other lists for the test, runs the model on the published
flows of the months after it, and writes
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
from analysis.hindcast_series import Series, orders_of, series_asked_for
from analysis.screen import console, progress, show_tables
from sim.experiment.experiment import as_yaml
from sim.experiment.given import positive
from sim.experiment.runner import Runner, mark_of
from sim.results.columns import DM01_BANDS
from sim.results.folder import write_text
from sim.scenario.daily_list import month_ends
from sim.scenario.dm01 import MODALITY, Dm01Fault, month_after, month_called
from sim.scenario.faults import ScenarioFaults
from sim.scenario.from_flows import tree_of
from sim.scenario.order_fit import History, Order, fit_order, flows, holes_filled
from sim.scenario.read import Arm, read_arms


@dataclass(frozen=True)
class Forecast:
    """What is run of a series, and what stands beside it.

    fluid, as_published: (months, 14) lists without chance, of the fit and of one with the published activity
    alone. holes: months whose activity is taken as not recorded.
    """

    series: Series
    arm: Arm
    turnover: float
    fluid: np.ndarray
    as_published: np.ndarray
    holes: int


def forecast_of(series: Series, lists: Sequence[Order], out: Path) -> Forecast:
    """Fit, and write and read the scenario. Raises `ScenarioFaults`, or `ValueError` from the fit.

    lists: orders of service of all lists for the test, at the same start.
    """
    history = History.of(series.before)
    sizes = np.array([month.waiting_list for month in [series.before[-1], *series.after]], float)
    published = np.array([month.waiting_list_activity for month in series.after], float)
    recorded = holes_filled(published, history.usual)
    days = np.array([month.days for month in series.after])
    order, plain = fit_order(history).drawn_to(lists), fit_order(history, turnover=1.0)
    file = out / "scenarios" / f"{series.name}.yaml"
    write_text(file, as_yaml(tree_from(series, order, sizes, recorded)))
    (arm,) = read_arms([file])
    fluids = [
        month_ends(history.ends[-1], *flows(sizes, done, fitted.turnover), days, fitted.weights)
        for fitted, done in ((order, recorded), (plain, published))
    ]
    return Forecast(series, arm, order.turnover, *fluids, int((recorded != published).sum()))


def tree_from(series: Series, order: Order, sizes: np.ndarray, recorded: np.ndarray) -> dict[str, Any]:
    """The scenario of an order of service."""
    joining, leaving = flows(sizes, recorded, order.turnover)
    start = datetime.date.fromisoformat(f"{month_after(series.start)}-01")
    title = f"{series.provider}, {series.test}, from the list of {series.start}"
    bands = series.before[-1].bands
    return tree_of(MODALITY[series.test], bands, start, joining, leaving, order.weights, title)


def simulated(forecasts: list[Forecast], runner: Runner, replications: int) -> dict[str, np.ndarray]:
    """(replications, months, 14) people waiting, by series."""
    wanted = [(forecast.arm, number) for forecast in forecasts for number in range(replications)]
    for _ in runner.each(wanted):
        pass
    found: dict[str, np.ndarray] = {}
    for forecast in forecasts:
        mark = mark_of(forecast.arm, runner.seed)
        kept = [runner.folder.kept(mark, number)["census"] for number in range(replications)]
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
        simulated=lists,
        fluid=forecast.fluid,
        as_published=forecast.as_published,
    )
    names = [month.month for month in series.after]
    known = {"provider": series.provider, "test": series.test, "start": series.start}
    return table.assign(
        **known, month=table.ahead.map(lambda ahead: names[ahead - 1]),
        turnover=forecast.turnover, holes=forecast.holes,
    )[hindcast_scores.COLUMNS]  # fmt: skip


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
    add("--replications", type=positive, default=4, metavar="N", help="of each series (default: 4)")
    add("--seed", type=positive, default=1, metavar="N")
    add("--workers", type=positive, metavar="N", help="processes (default: one a core)")
    add("--out", type=Path, default=Path("results/hindcast"), metavar="DIR")
    add("--quiet", action="store_true", help="no progress")
    return usage


def main(arguments: list[str] | None = None) -> int:
    """Forecast published lists from real lists and flows, and say how far off the forecasts are."""
    given = parser().parse_args(arguments)
    try:
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
    orders = orders_of(given.data, series)
    forecasts = [forecast_of(one, orders[one.test, one.start], given.out) for one in series]
    with progress(given.quiet) as tell, Runner(given.out, given.seed, given.workers, progress=tell) as runner:
        lists = simulated(forecasts, runner, given.replications)
    return pd.concat([rows_of(one, lists[one.series.name]) for one in forecasts], ignore_index=True)


if __name__ == "__main__":
    sys.exit(main())
