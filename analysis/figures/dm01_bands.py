"""Who waits how long, in the 14 bands of DM01: at the start and at the end, beside what was published."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis import month_ends
from analysis.figures.style import GREY, colour, legend_below, marker, panels, size_of_panels
from analysis.loaded import Results

CAPTION = (
    "The waiting list by whole weeks waited: bars at the start, markers at the end (mean of {n} "
    "replications with its 95 % interval), crosses published where they were laid beside. The upright "
    "lines are six and thirteen weeks."
)
WEEKS = [*map(str, range(13)), "13+"]
PUBLISHED = "#d55e00"


def data(results: Results) -> pd.DataFrame:
    """scenario, modality, month_end, what (start, end or published), band, mean, lower, upper, n; referrals.

    The start is the opening list, with n = 0, or else the first month end. The end is the last month end;
    of a folder with published months beside it, the last that was published, so that both can be compared.
    """
    table = month_ends.band_rows(results.month_ends)
    ends = last_months(results)
    first = table.month_end.min()
    ended = table[table.month_end.str[:7] == table.modality.map(ends)].assign(what="end")
    began = table[table.month_end == first].assign(what="start")
    opening = [
        [arm, modality, month_ends.day_before(results.starts), band, *[float(people)] * 3, 0, "start"]
        for (arm, modality), bands in results.opening.items()
        for band, people in zip(month_ends.BANDS, bands)
    ]
    if opening:
        columns = ["scenario", "modality", "month_end", "band", "mean", "lower", "upper", "n", "what"]
        began = pd.DataFrame(opening, columns=columns)
    parts = [began, ended, published(results, ends, list(began.columns))]
    names = ["scenario", "modality", "month_end", "what", "band", "mean", "lower", "upper", "n"]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)[names]


def last_months(results: Results) -> dict[str, str]:
    """By modality the month shown as the end, `YYYY-MM`."""
    simulated = results.month_ends.groupby("modality").month_end.max().str[:7].to_dict()
    if results.published is None:
        return simulated
    return simulated | results.published.groupby("modality").month.max().to_dict()


def published(results: Results, ends: dict[str, str], names: list[str]) -> pd.DataFrame:
    """The published bands of those months in the same columns; nothing without published months beside it."""
    if results.published is None:
        return pd.DataFrame(columns=names)
    found = results.published
    found = found[(found.measure == "waiting") & (found.month == found.modality.map(ends))]
    found = found.drop_duplicates(["modality", "band"])
    found = found.assign(mean=found.published, lower=found.published, upper=found.published, n=0)
    return found.assign(what="published", scenario="", month_end=found.month)[names]


def size(results: Results) -> tuple[float, float]:
    """A panel a modality, three beside each other."""
    return size_of_panels(len(results.modalities), (8.0, 4.0), (4.0, 3.3))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: weeks waited along the bottom, referrals up the side, a panel a modality."""
    table = data(results)
    parts = panels(ax, len(results.modalities))
    for part, modality in zip(parts, results.modalities):
        here = table[table.modality == modality]
        draw_bars(here[here.what == "start"], results, part)
        for number, arm in enumerate(results.arms):
            draw_end(here[(here.what == "end") & (here.scenario == arm)], number, len(results.arms), part)
        draw_published(here[here.what == "published"], part)
        finish(part, modality if results.has_several_modalities else "Waiting list by weeks waited")
    parts[0].set_ylabel("referrals waiting")
    legend_below(parts[0])
    return parts[0]


def draw_bars(table: pd.DataFrame, results: Results, ax: Axes) -> None:
    """The list at the start: the same for all arms if it is given, otherwise the baseline's."""
    table = table[table.scenario == results.baseline]
    if len(table):
        name = "opening list, end of" if results.opening else f"{results.baseline}, end of"
        label = f"{name} {month_ends.month_name(table.month_end.iloc[0])}"
        ax.bar(range(14), by_band(table)["mean"], color="#d9d9d9", label=label)


def draw_end(table: pd.DataFrame, number: int, arms: int, ax: Axes) -> None:
    """One arm at the end, a little beside the others."""
    if not len(table):
        return
    found = by_band(table)
    at = [band + 0.5 * ((number + 0.5) / arms - 0.5) for band in range(14)]
    bars = [found["mean"] - found.lower, found.upper - found["mean"]]
    label = f"{table.scenario.iloc[0]}, end of {month_ends.month_name(table.month_end.iloc[0])}"
    ax.errorbar(at, found["mean"], yerr=bars, color=colour(number), marker=marker(number), markersize=4,
                linewidth=0.8, elinewidth=1.2, capsize=2, label=label)  # fmt: skip


def draw_published(table: pd.DataFrame, ax: Axes) -> None:
    """What was published for the same month."""
    if len(table):
        label = f"published, end of {month_ends.month_name(table.month_end.iloc[0])}"
        style = {"color": PUBLISHED, "marker": "x", "linestyle": "none", "markeredgewidth": 1.6, "zorder": 3}
        ax.plot(range(14), by_band(table)["mean"], label=label, **style)


def by_band(table: pd.DataFrame) -> pd.DataFrame:
    """The 14 bands in order."""
    return table.set_index("band").loc[month_ends.BANDS]


def finish(ax: Axes, title: str) -> None:
    """The marks of six and thirteen weeks, and the names of the axes."""
    for weeks in (6, 13):
        ax.axvline(weeks - 0.5, color=GREY, linestyle=":", linewidth=1, zorder=0)
    ax.set_xticks(range(14), WEEKS, fontsize=8)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("whole weeks waited")
    ax.set_title(title)


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results).assign(
        long=lambda rows: rows["mean"].where(rows.band.isin(month_ends.BANDS[6:]), 0.0)
    )
    parts = [
        f"{modality} {' under '.join(part for part in (what, arm) if part)} {rows.long.sum():.0f} of {rows['mean'].sum():.0f}"
        for (modality, what, arm), rows in table.groupby(["modality", "what", "scenario"], sort=False)
    ]
    return "People waiting six weeks or more, of all who wait: " + "; ".join(parts) + "."
