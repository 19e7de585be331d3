"""Which numbers the answer hangs on: each at the ends of its range, or each one's share of the spread."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import GREY, colour, hatch, legend_below, nothing_to_show
from analysis.loaded import Results, once
from analysis.tables import title_of

FILE = "sensitivity.csv"
CAPTION = "Which numbers matter most for the headline: {of}, with 95 % intervals; the {shown} that matter most of {all}."
MOST = 15
ENDS = ("low", "high")
SPREAD = {
    "total_order": "share of the spread that would be gone if it were known (total-order Sobol' index)",
    "rank_regression": "slope of ranks, in units of spread",
    "regression": "slope, in units of spread",
}
LABELS = {"low": "at the low end of its range", "high": "at the high end"}


def lacking(results: Results) -> str:
    """Why it cannot be drawn: the run did not ask for it."""
    return "" if (results.path / FILE).is_file() else f"it needs {FILE}: run with --sweep assumptions"


def counted(results: Results) -> dict[str, str]:
    """What is shown, of how many."""
    table = data(results)
    ends = "how much it changes with each at the low and the high end of its range"
    of = ends if is_by_end(table) else SPREAD[table.kind.iloc[0]]
    return {"of": of, "shown": str(min(MOST, table.path.nunique())), "all": str(table.path.nunique())}


@once
def data(results: Results) -> pd.DataFrame:
    """The rows of `sensitivity.csv` that are drawn: the last arm's difference, or the only arm's measure."""
    table = pd.read_csv(results.path / FILE)
    table = table[(table.scenario == table.scenario.iloc[-1]) & table.path.notna()]
    compared = table[table.baseline.notna()]
    table = compared if len(compared) else table
    kind = next((kind for kind in SPREAD if kind in set(table.kind)), None)
    table = table[table.kind.isin(ENDS) if kind is None else table.kind == kind]
    reach = table.estimate.abs().groupby(table.path).transform("max")
    return table.assign(reach=reach).sort_values("reach", ascending=False, kind="stable")


def is_by_end(table: pd.DataFrame) -> bool:
    """Whether each number was put to the ends of its range, rather than all drawn together."""
    return set(table.kind) <= set(ENDS)


def ranked(results: Results) -> list[str]:
    """Paths, the one that matters most first; nothing where no run asked."""
    return [] if lacking(results) else list(dict.fromkeys(data(results).path))


def size(results: Results) -> tuple[float, float]:
    """A row a number."""
    return (8.5, 1.6 + 0.32 * min(MOST, max(len(ranked(results)), 2)))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: the change along the bottom, a row a number, the largest on top."""
    table, paths = data(results), ranked(results)[:MOST]
    if not paths:
        return nothing_to_show(ax, "no number was varied")
    for number, (kind, rows) in enumerate(table.groupby("kind", sort=False)):
        rows = rows[rows.path.isin(paths)]
        at = [paths.index(path) for path in rows.path]
        bars = [rows.estimate - rows.lower, rows.upper - rows.estimate]
        label = LABELS.get(kind)
        ax.barh(at, rows.estimate, height=0.62, color=colour(1 + number), alpha=0.75, hatch=hatch(number), label=label,
                edgecolor="#333333", linewidth=0.4)  # fmt: skip
        ax.errorbar(rows.estimate, at, xerr=bars, color="#222222", linestyle="none", capsize=2, linewidth=0.8)
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.set_yticks(range(len(paths)), paths, fontsize=8)
    ax.invert_yaxis()
    measure = title_of(results.headline["measure"])
    changes = f"change of {measure[0].lower()}{measure[1:]}"
    ax.set_xlabel(changes if is_by_end(table) else SPREAD[table.kind.iloc[0]])
    ax.set_title("What the answer hangs on")
    legend_below(ax)
    return ax


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results)
    parts = [
        f"{row.path} {row.kind.replace('_', ' ')} {row.estimate:+.2f}"
        for row in table[table.path.isin(ranked(results)[:5])].itertuples()
    ]
    return "What matters most: " + "; ".join(parts) + "."
