"""How far off forecasts of published lists are, beside two that need no model."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from analysis.tables import TextTable
from sim.results.columns import TABLES

COLUMNS = [column.name for column in TABLES["hindcast.csv"]]
OF_ERRORS = [column.name for column in TABLES["hindcast_errors.csv"]]
OVER_6, MEDIAN = "over_6_weeks_percent", "median_weeks"
UNITS = {OVER_6: "%", MEDIAN: "weeks"}
FORECASTS = ("predicted", "fluid", "as_published", "nothing_changes")
AHEAD = (3, 6, 12)
HOLDS = 0.8
FLOOR = 0.005
"""Added to a share and its complement before the logit."""
NOT_IN_THE_MODEL = {OVER_6: (0.70, 1.00), MEDIAN: (0.19, 0.20)}
"""Standard deviation of what the model does not know, one month ahead and from three months ahead: on the logit
scale of the share, and of the median's logarithm. 80 in 100 errors of the fluid lay within 1.28 of these, of
34 lists from starts of March to September 2024, up to March 2025. The order of service goes on changing after the
start, and no bootstrap of the months before tells how much."""
NORMAL = ndtri((np.arange(39) + 0.5) / 39)


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
    best: np.ndarray,
    drawn: np.ndarray,
    fluid: np.ndarray,
    as_published: np.ndarray,
) -> pd.DataFrame:
    """A row a measure and month ahead: what was published and what was forecast.

    published, fluid, as_published: (months, 14) people. opening: (14,). best, drawn: (replications, months, 14).
    """
    ahead, tables = np.arange(1, len(published) + 1), []
    for name, measured in MEASURES.items():
        lower, upper = interval(name, measured(drawn), measured(best).mean(0), ahead)
        columns = {
            "measure": name,
            "unit": UNITS[name],
            "ahead": ahead,
            "published": measured(published),
            "predicted": measured(best).mean(0),
            "lower": lower,
            "upper": upper,
            "fluid": measured(fluid),
            "as_published": measured(as_published),
            "nothing_changes": np.full(len(ahead), measured(opening)),
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def interval(
    name: str, drawn: np.ndarray, predicted: np.ndarray, ahead: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the 80 % prediction interval of each month: chance, order of service, and what is not in the model.

    drawn: (replications, months). The draws are put about the forecast, and each is spread by a normal
    distribution whose standard deviation is `NOT_IN_THE_MODEL`, on the scale on which errors are alike.
    """
    to, back = SCALES[name]
    first, later = NOT_IN_THE_MODEL[name]
    sd = np.interp(ahead, [1, 3], [first, later])
    centred = to(drawn) - np.median(to(drawn), axis=0) + to(predicted)
    spread = centred[:, None, :] + NORMAL[:, None] * sd
    ends = np.quantile(spread.reshape(-1, len(ahead)), [(1 - HOLDS) / 2, (1 + HOLDS) / 2], axis=0)
    return back(ends[0]), back(ends[1])


def to_logit(percent: np.ndarray) -> np.ndarray:
    """A percentage on the logit scale; 0 and 100 have a place on it."""
    return logit((percent / 100 + FLOOR) / (1 + 2 * FLOOR))


def from_logit(scaled: np.ndarray) -> np.ndarray:
    """The percentage, between 0 and 100."""
    return np.clip(100 * (expit(scaled) * (1 + 2 * FLOOR) - FLOOR), 0, 100)


SCALES = {OVER_6: (to_logit, from_logit), MEDIAN: (lambda weeks: np.log(weeks + 0.01), lambda logs: np.exp(logs) - 0.01)}  # fmt: skip


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
