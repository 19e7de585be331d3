"""Who asked for capacity, who agreed when, and when it worked."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter, date2num

from analysis import kept
from analysis.figures.style import colour, legend_below, nothing_to_show
from analysis.loaded import Results, once

CAPTION = (
    "Decisions about capacity and contracts, a thin line a replication ({kept} of them): asked for and not yet agreed "
    "(pale, hatched), agreed and not yet working (middle), at work (dark); a cross where a board refused for the last "
    "time."
)
STAGES = {
    "asked": ("asked for, not yet agreed", "#f0f0f0", "////"),
    "agreed": ("agreed, not yet at work", "#56b4e9", ""),
    "working": ("at work", "#222222", ""),
}


def lacking(results: Results) -> str:
    """Why it cannot be drawn: nothing kept, or nothing to decide."""
    if not any(
        results.scenarios[arm].get(part) for arm in results.arms for part in ("decisions", "contract")
    ):
        return "its scenarios have neither `decisions` nor a `contract`"
    return kept.lacking(results)


def counted(results: Results) -> dict[str, int]:
    """Replications behind it."""
    return {"kept": len(kept.numbers(results))}


@once
def data(results: Results) -> pd.DataFrame:
    """scenario, request, does, by, replication, and the dates requested, agreed, refused, in_effect, ended."""
    times = ["requested", "agreed", "refused", "in_effect", "ended"]
    rows = kept.read(results, "decisions", ["request", "does", "by", *times], kept.numbers(results))
    for name in times:
        rows[name] = pd.to_datetime(
            [kept.date_of(results, day) if day == day else None for day in rows[name]]
        )
    rows["request"] = rows.request.fillna("contract")
    return rows[["scenario", "request", "does", "by", "replication", *times]]


def rows_shown(results: Results) -> list[tuple[str, str]]:
    """(arm, request), a row each."""
    found = data(results)[["scenario", "request"]].drop_duplicates()
    return list(found.itertuples(index=False, name=None))


def size(results: Results) -> tuple[float, float]:
    """A row an arm and request."""
    return (9.0, max(2.4, 1.6 + 0.6 * len(rows_shown(results))))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: time along the bottom, a row a request, within it a line a replication."""
    table, rows = data(results), rows_shown(results)
    if not rows:
        return nothing_to_show(ax, "nobody asked for anything, and no contract began")
    replications = kept.numbers(results)
    end = date2num(kept.date_of(results, kept.window(results)[1]))
    step = 0.8 / len(replications)
    for row, (arm, request) in enumerate(rows):
        here = table[(table.scenario == arm) & (table.request == request)]
        for one in here.itertuples():
            at = row - 0.4 + step * (replications.index(one.replication) + 0.5)
            draw_one(one, at, 0.8 * step, end, ax)
    named = [f"{request}\n{arm}" if len(results.arms) > 1 else request for arm, request in rows]
    ax.set_yticks(range(len(rows)), named, fontsize=8)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(date2num(kept.date_of(results, 0)), end)
    ax.xaxis_date()
    ax.xaxis.set_major_formatter(ConciseDateFormatter(ax.xaxis.get_major_locator()))
    ax.set_title("Decisions: asked for, agreed, at work")
    legend_below(ax)
    return ax


def draw_one(one, at: float, high: float, end: float, ax: Axes) -> None:
    """One request of one replication."""
    marks = [one.requested, one.agreed, one.in_effect, one.ended]
    moments = [end if mark is pd.NaT else date2num(mark) for mark in marks]
    if one.refused is not pd.NaT:
        moments[1:] = [date2num(one.refused)] * 3
        ax.plot([moments[1]], [at], marker="x", color=colour(2), markersize=6, linestyle="none",
                label="refused")  # fmt: skip
    for (label, fill, hatched), begins, ends in zip(STAGES.values(), moments, moments[1:]):
        ends = min(ends, end)
        if ends > begins:
            ax.barh(at, ends - begins, left=begins, height=high, color=fill, hatch=hatched, edgecolor="#444444",
                    linewidth=0.4, label=label)  # fmt: skip


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    parts = []
    for (arm, request), rows in data(results).groupby(["scenario", "request"], sort=False):
        days = (rows.in_effect - rows.requested).dt.total_seconds().dropna() / 86400
        took = f", at work after {days.mean():.0f} days on average" if len(days) else ", never at work"
        parts.append(f"{request} under {arm} asked for {len(rows)} times in the replications shown{took}")
    return "Decisions: " + ("; ".join(parts) or "none was asked for") + "."
