"""One patient's journey under each provision model: the same patient, stage by stage."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter, date2num

from analysis import groups, kept
from analysis.figures.style import GREY, colour, hatch, legend_below, nothing_to_show
from analysis.loaded import Results, once
from analysis.words import in_words

CAPTION = (
    "One patient of one replication, the same under each model: the one with the most appointments among those "
    "scanned under all of them{whom}. One patient proves nothing; the picture shows what a wait is made of."
)
STAGES = {
    "vetting": ("referred", "listed", "in vetting", "#e69f00"),
    "on the list": ("listed", "booked", "on the list, until the last booking", "#bbbbbb"),
    "booked": ("booked", "scanned", "booked, waiting for the day", "#56b4e9"),
    "report": ("scanned", "reported", "scanned, waiting for the report", "#0072b2"),
}
COLUMNS = ["referral", "place", "modality", "priority", "referred", "listed", "booked", "scanned", "reported", "site", "attempts"]  # fmt: skip
TIMES = ["referred", "listed", "booked", "scanned", "reported"]
lacking = kept.lacking


def counted(results: Results) -> dict[str, str]:
    """Whom it was chosen from."""
    asked = results.headline["group"]
    return {"whom": f" ({in_words(asked)})" if asked != "all" else ""}


@once
def data(results: Results) -> pd.DataFrame:
    """scenario, what (a stage or an appointment's outcome), begins, ends, site, replication, referral."""
    first = kept.numbers(results)[:1]
    rows = kept.read(results, "referrals", COLUMNS, first)
    one = chosen(results, rows)
    parts = [stages(results, row) for row in one.itertuples()]
    wanted = ["referral", "slot_start", "booked", "outcome", "site"]
    made = kept.read(results, "appointments", wanted, first)
    for row in one.itertuples():
        here = made[(made.scenario == row.scenario) & (made.referral == row.referral)]
        parts.append(appointments(results, row, here))
    head = ["scenario", "what", "begins", "ends", "site", "replication", "referral"]
    return pd.concat(parts, ignore_index=True)[head] if parts else pd.DataFrame(columns=head)


def chosen(results: Results, rows: pd.DataFrame) -> pd.DataFrame:
    """The patient's row under each arm: found by home and moment of the request, which are the same."""
    start, end = kept.window(results)
    same = ["place", "modality", "referred"]
    fit = rows[
        rows.priority.isin(["urgent_suspected_cancer", "urgent", "routine"]) & (rows.referred >= start)
    ]
    fit = fit[(fit.scanned < end) & fit.listed.notna()]
    for part in results.headline["group"].split(";"):
        key, _, value = part.partition("=")
        if key in ("place", "modality", "priority"):
            fit = fit[fit[key] == value]
    by = fit.groupby(same, sort=True)
    fit = fit[by.scenario.transform("nunique") == len(results.arms)]
    fit = fit[fit.groupby(same).scenario.transform("size") == len(results.arms)]
    if fit.empty:
        return fit
    most = fit.groupby(same).attempts.sum().idxmax()
    return fit[(fit[same] == list(most)).all(axis=1)]


def stages(results: Results, row) -> pd.DataFrame:
    """What the wait was made of, in order."""
    found = [
        {"what": name, "begins": getattr(row, begins), "ends": getattr(row, ends)}
        for name, (begins, ends, *_) in STAGES.items()
    ]
    return dated(results, pd.DataFrame(found).dropna(), row).assign(site=row.site)


def appointments(results: Results, row, made: pd.DataFrame) -> pd.DataFrame:
    """What became of each appointment."""
    found = pd.DataFrame(
        {"what": made.outcome, "begins": made.slot_start, "ends": made.slot_start, "site": made.site}
    )
    return dated(results, found.dropna(subset="begins"), row)


def dated(results: Results, found: pd.DataFrame, row) -> pd.DataFrame:
    """Days as dates, with whose they are."""
    times = {name: [kept.date_of(results, day) for day in found[name]] for name in ("begins", "ends")}
    return found.assign(**times, scenario=row.scenario, replication=row.replication, referral=row.referral)


def size(results: Results) -> tuple[float, float]:
    """A row an arm, with space for two lines of words under it."""
    return (8.0, 1.9 + 1.25 * len(results.arms))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: dates along the bottom, a row an arm."""
    table = data(results)
    if table.empty:
        return nothing_to_show(ax, "nobody was scanned under every model")
    for row, arm in enumerate(results.arms):
        here = table[table.scenario == arm]
        draw_stages(here, row, ax)
        draw_appointments(here[~here.what.isin(STAGES)], row, ax)
    ax.set_yticks(range(len(results.arms)), results.arms)
    ax.set_ylim(len(results.arms) - 0.3, -0.7)
    ax.xaxis_date()
    ax.xaxis.set_major_formatter(ConciseDateFormatter(ax.xaxis.get_major_locator()))
    ax.set_title(title_of(results, table))
    legend_below(ax)
    return ax


def title_of(results: Results, table: pd.DataFrame) -> str:
    """Which patient."""
    modality = groups.modality_of(results.headline["group"]) or " and ".join(results.modalities[:1])
    return f"One patient's {modality}, requested on {table.begins.min():%d %B %Y}"


def draw_stages(table: pd.DataFrame, row: int, ax: Axes) -> None:
    """The stages of one arm's bar, and how long they took together until the scan."""
    for number, (name, (_, _, label, fill)) in enumerate(STAGES.items()):
        for one in table[table.what == name].itertuples():
            begins, ends = date2num(one.begins), date2num(one.ends)
            ax.barh(row, ends - begins, left=begins, height=0.42, color=fill, hatch=hatch(number),
                    edgecolor="#444444", linewidth=0.4, label=label)  # fmt: skip
    scanned = table[table.what == "booked"].ends.max()
    if scanned is not pd.NaT:
        days = (scanned - table.begins.min()).total_seconds() / 86400
        site = table.site.dropna().iloc[-1]
        ax.annotate(f"{days:.1f} days to the scan, {site}", (date2num(table.begins.min()), row - 0.21), xytext=(2, 4), textcoords="offset points", fontsize=10,
                    color=GREY)  # fmt: skip


def draw_appointments(table: pd.DataFrame, row: int, ax: Axes) -> None:
    """A marker an appointment: filled where a scan was made, a cross where none was."""
    for place, one in enumerate(table.itertuples()):
        if one.what == "attended":
            style, label = {"marker": "o", "color": colour(0)}, "appointment, scanned"
        else:
            style, label = {"marker": "X", "color": colour(2)}, "appointment lost"
            ax.annotate(one.what.replace("_", " "), (date2num(one.begins), row + 0.46 + 0.12 * (place % 2)), fontsize=9, ha="center",
                        color=GREY)  # fmt: skip
        ax.plot([date2num(one.begins)], [row + 0.3], markersize=6, linestyle="none", **style, label=label)


def alt_text(results: Results) -> str:
    """The picture in a sentence."""
    parts = []
    for arm, rows in data(results).groupby("scenario", sort=False):
        days = (rows[rows.what == "booked"].ends.max() - rows.begins.min()).total_seconds() / 86400
        made = rows[~rows.what.isin(STAGES)]
        parts.append(f"under {arm} {days:.1f} days to the scan and {len(made)} appointments")
    return "The same patient: " + ("; ".join(parts) or "nobody was scanned under every model") + "."
