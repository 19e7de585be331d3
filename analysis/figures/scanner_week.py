"""One scanner's week, patient by patient."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from analysis import kept
from analysis.figures.style import colour, legend_below, nothing_to_show
from analysis.loaded import Results, once

CAPTION = (
    "One week of one scanner in one replication, a row a day, chosen because the most patients lost their scan on the "
    "day in it: not an ordinary week. Bars are patients on the couch; the other marks are booked slots without a scan."
)
SCANS = {"attended": ("patient on the couch", "#4d4d4d"), "unscheduled": ("unscheduled patient", "#d55e00")}
LOST = {
    "missed": ("missed", "X", 1),
    "displaced": ("displaced on the day", "D", 2),
    "cancelled_by_patient": ("cancelled by the patient", "v", 3),
    "cancelled_by_hospital": ("cancelled by the hospital", "s", 4),
}
lacking = kept.lacking


@once
def data(results: Results) -> pd.DataFrame:
    """scenario, scanner, date, what, begins_hour, ends_hour (of the day; equal for a slot without a scan)."""
    first = kept.numbers(results)[0]
    columns = ["scanner", "slot_start", "scan_start", "scan_end", "outcome", "cancelled"]
    arm = results.arms[-1]
    made = kept.read_one(results, "appointments", columns, arm, first)
    made = made[made.cancelled.isna() & (made.outcome != "booked")]
    made = made.assign(when=made.scan_start.fillna(made.slot_start))
    scanner, monday = chosen(results, made)
    made = made[(made.scanner == scanner) & (made.when >= monday) & (made.when < monday + 7)]
    made = made.sort_values("when", kind="stable")
    what = made.outcome.where(made.slot_start.notna(), "unscheduled")
    ends = made.scan_end.fillna(made.when)
    day = made.when.map(math.floor)
    return pd.DataFrame(
        {
            "scenario": arm,
            "scanner": scanner,
            "date": [kept.date_of(results, d).date().isoformat() for d in day],
            "what": what,
            "begins_hour": 24 * (made.when - day),
            "ends_hour": 24 * (ends - day),
        }
    ).reset_index(drop=True)


def chosen(results: Results, made: pd.DataFrame) -> tuple[str, int]:
    """The scanner and the Monday of its week with the most displaced, after them the most appointments."""
    start, end = kept.window(results)
    offset = kept.date_of(results, 0).weekday()
    here = made[(made.when >= start + 7) & (made.when < end - 7)]
    monday = ((here.when + offset) // 7 * 7 - offset).astype(int)
    by = (here.outcome == "displaced").groupby([here.scanner, monday])
    counts = by.agg(["sum", "size"]).sort_values(["sum", "size"], ascending=False, kind="stable")
    return counts.index[0] if len(counts) else ("", start)


def size(results: Results) -> tuple[float, float]:
    """A row a day."""
    return (10.0, 3.6)


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: hours of the day along the bottom, a row a day."""
    table = data(results)
    if table.empty:
        return nothing_to_show(ax, "no appointments in any whole week")
    days = list(dict.fromkeys(table.date))
    for what, (label, fill) in SCANS.items():
        here = table[table.what == what]
        rows = [days.index(day) for day in here.date]
        if len(here):
            ax.barh(rows, here.ends_hour - here.begins_hour, left=here.begins_hour, height=0.55, color=fill,
                    edgecolor="white", linewidth=0.6, label=label)  # fmt: skip
    for what, (label, shape, number) in LOST.items():
        here = table[table.what == what]
        if len(here):
            ax.plot(here.begins_hour, [days.index(day) for day in here.date], marker=shape, linestyle="none",
                    markersize=7, color=colour(number), markeredgecolor="white", label=label)  # fmt: skip
    ax.set_yticks(range(len(days)), [f"{pd.Timestamp(day):%a %d %b}" for day in days])
    ax.set_ylim(len(days) - 0.5, -0.5)
    first, last = math.floor(table.begins_hour.min()), math.ceil(table.ends_hour.max() + 0.01)
    ax.set_xticks(range(first, last + 1, 1 if last - first < 16 else 3))
    ax.set_xlim(first, last)
    ax.set_xlabel("hour of the day")
    one = table.iloc[0]
    ax.set_title(f"A week of {one.scanner}, {one.scenario}, from {pd.Timestamp(days[0]):%d %B %Y}")
    legend_below(ax)
    return ax


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    table = data(results)
    if table.empty:
        return "No appointments in any whole week of this run."
    counts = table.what.value_counts(sort=False)
    parts = ", ".join(f"{name.replace('_', ' ')} {many}" for name, many in counts.items())
    return f"Appointments of {table.scanner.iloc[0]} in the week of {table.date.iloc[0]}: {parts}."
