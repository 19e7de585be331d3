"""How far off forecasts of published lists are, beside two that need no model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.tables import TextTable
from sim.results.columns import TABLES

COLUMNS = [column.name for column in TABLES["hindcast.csv"]]
OF_ERRORS = [column.name for column in TABLES["hindcast_errors.csv"]]
OVER_6, MEDIAN = "over_6_weeks_percent", "median_weeks"
UNITS = {OVER_6: "%", MEDIAN: "weeks"}
FORECASTS = ("predicted", "fluid", "as_published", "nothing_changes")
AHEAD = (3, 6, 12)
LARGE = 500
"""People at the start, from which a list counts as large."""
AFTER = (1, 3, 6.5, 10.5)
MISSED = {
    OVER_6: ((0.13, 0.20, 0.20, 0.22), (0.09, 0.12, 0.15, 0.17)),
    MEDIAN: ((0.27, 0.36, 0.37, 0.49), (0.18, 0.18, 0.18, 0.18)),
}
"""80 in 100 errors of the fluid were no larger, of small and of large lists, `AFTER` so many months: on the scale of
the arcsine of the share's square root, and of the square root of the weeks. Of 34 lists from eight starts between
September 2023 and September 2024, up to March 2025; 1, 2 to 4, 5 to 8 and 9 to 12 months after."""


def over_6(bands: np.ndarray) -> np.ndarray:
    """Share of the list waiting six weeks or more, %. bands: (..., 14)."""
    return 100 * bands[..., 6:].sum(-1) / np.maximum(bands.sum(-1), 1e-12)


def median_weeks(bands: np.ndarray) -> np.ndarray:
    """Weeks that half of the list has waited, evenly within each week; at most 13. bands: (..., 14)."""
    after = bands.cumsum(-1)
    half = after[..., -1:] / 2
    week = np.minimum((after < half).sum(-1), bands.shape[-1] - 1)[..., None]
    people = np.take_along_axis(bands, week, -1)
    before = np.take_along_axis(after, week, -1) - people
    within = (half - before) / np.maximum(people, 1e-12)
    return np.where(week < 13, week + within, 13.0)[..., 0]


MEASURES = {OVER_6: over_6, MEDIAN: median_weeks}


def laid_beside(
    published: np.ndarray,
    opening: np.ndarray,
    simulated: np.ndarray,
    fluid: np.ndarray,
    as_published: np.ndarray,
) -> pd.DataFrame:
    """A row a measure and month ahead: what was published and what was forecast.

    published, fluid, as_published: (months, 14) people. opening: (14,). simulated: (replications, months, 14).
    """
    ahead, tables = np.arange(1, len(published) + 1), []
    for name, measured in MEASURES.items():
        predicted = measured(simulated).mean(0)
        lower, upper = interval(name, predicted, ahead, opening.sum())
        columns = {
            "measure": name,
            "unit": UNITS[name],
            "ahead": ahead,
            "published": measured(published),
            "predicted": predicted,
            "lower": lower,
            "upper": upper,
            "fluid": measured(fluid),
            "as_published": measured(as_published),
            "nothing_changes": np.full(len(ahead), measured(opening)),
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def interval(
    name: str, predicted: np.ndarray, ahead: np.ndarray, size: float
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the 80 % prediction interval of each month: as far off as forecasts were at earlier starts.

    predicted, ahead: (months,). size: people on the list at the start.
    """
    to, back, most = SCALES[name]
    half = np.interp(ahead, AFTER, MISSED[name][int(size >= LARGE)])
    return tuple(back(np.clip(to(predicted) + side * half, 0, to(most))) for side in (-1, 1))


SCALES = {
    OVER_6: (
        lambda percent: np.arcsin(np.sqrt(percent / 100)),
        lambda angle: 100 * np.sin(angle) ** 2,
        100.0,
    ),
    MEDIAN: (np.sqrt, np.square, 13.0),
}
"""To a scale on which errors are alike, and back, and the most there can be."""


def errors(table: pd.DataFrame) -> pd.DataFrame:
    """`hindcast_errors.csv`: mean absolute errors over series, at some months ahead and over all months.

    table: `hindcast.csv`.
    """
    missed = table.assign(
        **{name: (table[name] - table.published).abs() for name in FORECASTS},
        held=100.0 * ((table.lower <= table.published) & (table.published <= table.upper)),
        width=table.upper - table.lower,
        series=table.provider + table.test + table.start,
    )
    rows = []
    for measure in MEASURES:
        here = missed[missed.measure == measure]
        for ahead in [*(n for n in AHEAD if n <= here.ahead.max()), "all"]:
            part = here if ahead == "all" else here[here.ahead == ahead]
            means = part[[*FORECASTS, "held", "width"]].mean()
            rows.append(
                {
                    "measure": measure,
                    "unit": UNITS[measure],
                    "ahead": str(ahead),
                    **means,
                    "series": part.series.nunique(),
                }
            )
    return pd.DataFrame(rows)[OF_ERRORS]


HEADINGS = ["", "months\nahead", "simulated", "fluid", "fluid, flows\nas published", "nothing\nchanges", "80 % interval\nholds, %", "its width", "series"]  # fmt: skip
NAMES = {OVER_6: "over six weeks, points", MEDIAN: "median wait, weeks"}
MOST_SERIES = 4


def tables(table: pd.DataFrame, errors: pd.DataFrame) -> list[TextTable]:
    """What is printed: of few series their months, and how far off the forecasts are on average."""
    shown = [] if table.groupby(["provider", "test", "start"]).ngroups > MOST_SERIES else by_month(table)
    rows = [
        [
            NAMES[row.measure],
            row.ahead,
            *(f"{getattr(row, name):.2f}" for name in FORECASTS),
            f"{row.held:.0f}",
            f"{row.width:.1f}",
            str(row.series),
        ]
        for row in errors.itertuples()
    ]
    return [*shown, TextTable("Mean absolute error of forecasts", HEADINGS, rows)]


def by_month(table: pd.DataFrame) -> list[TextTable]:
    """One table a series."""
    found = []
    for (provider, test, start), rows in table.groupby(["provider", "test", "start"], sort=False):
        cells = {measure: here.set_index("month") for measure, here in rows.groupby("measure")}
        lines = [
            [month, *(text for measure in MEASURES for text in told(cells[measure].loc[month]))]
            for month in rows.month.unique()
        ]
        headings = ["month"] + [
            f"{name}\n{of}"
            for name in ("over six weeks, %", "median, weeks")
            for of in ("published", "simulated")
        ]
        title = f"{provider} {test} from the list of {start}; turnover {rows.turnover.iloc[0]:.2f}"
        found.append(TextTable(title, headings, lines))
    return found


def told(row: pd.Series) -> list[str]:
    """Published, and simulated with its 80 % interval."""
    return [f"{row.published:.1f}", f"{row.predicted:.1f} ({row.lower:.1f} to {row.upper:.1f})"]
