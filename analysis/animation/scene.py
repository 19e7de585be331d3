"""Where people and vans are drawn at each moment: vidigi follows the event log and puts people in rows.

Lengths are in points of a picture `WIDTH` wide; y is measured upwards, as vidigi and Plotly do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from analysis.animation import history
from analysis.animation.history import (
    AWAY,
    BOOKED,
    GONE,
    LEFT,
    LISTED,
    REPORTED,
    SCANNED,
    UNREPORTED,
    VETTING,
)

WIDTH = 980
A_ROW, GAP, LINE, TITLE = 22, 10, 14, 18
"""People in a row, and the room that each, a row and a label take."""
LEFT_EDGE, AT_SITES, ON_COUCHES, READERS = 12, 250, 500, 745
MOST_SITES = 8
OTHER_SITES = "other sites"
MINUTES_A_DAY = 1440
EVERY = (30, 60, 120, 240)
"""Minutes from frame to frame, the first of these with which a page can carry what there is to draw."""
MOST_SYMBOLS, MOST_FRAMES, MOST_FOLLOWED = 150_000, 1_000, 3_000_000
"""Symbols in all frames together, about 2.5 MB of page; frames, and patients times frames, that vidigi follows."""
TOO_MUCH = "more than a page can carry: ask for fewer --days, a longer --every, or one --arm"


class NoFilm(Exception):
    """There is nothing to draw, or more than a page can carry."""


class Box(NamedTuple):
    """A place in the picture where some wait: its label and corner (of the label), and rows of people at most."""

    event: str
    label: str
    x: float
    y: float
    rows: int


@dataclass
class Arm:
    """What one arm's part of the picture is made of: people and vans in a window, in days since the start."""

    name: str
    title: str
    patients: pd.DataFrame
    vans: pd.DataFrame
    sites: list[str]


@dataclass
class Film:
    """Everything that is drawn: moments in minutes since the first day; counts of all, drawn or not (a row a
    moment, a column an event); who is drawn where; boxes; heights of the arms' titles, and the lowest."""

    moments: list[int]
    counts: pd.DataFrame
    noons: pd.DataFrame
    drawn: pd.DataFrame
    boxes: list[Box]
    tops: list[float]
    lowest: float
    every: int


def film_of(arms: list[Arm], first: float, days: int, every: int | None) -> Film:
    """The film of so many days. every: minutes from frame to frame; None: the first of `EVERY` that fits.

    Raises `NoFilm` with a line for the user.
    """
    minutes = days * MINUTES_A_DAY
    logs = [log_of(arm, str(n), first, first + days) for n, arm in enumerate(arms)]
    log = pd.concat(logs, ignore_index=True)
    if log.empty:
        raise NoFilm("nobody waits and nobody is scanned on these days")
    for step in (every,) if every else EVERY:
        moments = moments_of(log, step, minutes)
        counts = counts_of(log, moments)
        boxes, tops, lowest = laid_out(arms, counts.max().to_dict())
        room = {box.event: box.rows * A_ROW for box in boxes}
        symbols = int(counts.clip(upper=pd.Series(room).reindex(counts.columns), axis=1).to_numpy().sum())
        followed, frames = log.entity_id.nunique(), minutes // step
        if symbols <= MOST_SYMBOLS and frames <= MOST_FRAMES and followed * frames <= MOST_FOLLOWED:
            break
    else:
        raise NoFilm(f"{followed:,} patients and {symbols:,} symbols in {frames:,} frames are {TOO_MUCH}")
    drawn = frames_of(log, boxes, step, minutes)
    noons = counts_of(log, [MINUTES_A_DAY * day + MINUTES_A_DAY // 2 for day in range(days)])
    return Film(moments, counts, noons, drawn[drawn.minute.isin(moments)], boxes, tops, lowest, step)


def laid_out(arms: list[Arm], most: dict[str, int]) -> tuple[list[Box], list[float], float]:
    """All boxes, the height of each arm's title, and the lowest height; the first arm's title is at 0."""
    boxes, tops, height = [], [], 0.0
    for number, arm in enumerate(arms):
        tops.append(height)
        found, height = boxes_of(arm, str(number), height - 44, most)
        boxes += found
        height -= 20
    return boxes, tops, height


def shown_sites(patients: pd.DataFrame, asked: list[str]) -> list[str]:
    """The sites that have a place of their own: those asked for, or the busiest; by name."""
    return sorted(asked or patients[patients.site != ""].site.value_counts().index[:MOST_SITES])


def boxes_of(arm: Arm, prefix: str, top: float, most: dict[str, int]) -> tuple[list[Box], float]:
    """The boxes of an arm below a height, and the height at which it ends. most: the most there ever are, by event."""
    others = any(event.startswith(f"{prefix}|") and event.endswith(f"|{OTHER_SITES}") for event in most)
    sites = [*arm.sites, *([OTHER_SITES] if others else [])]
    columns = {
        LEFT_EDGE: [(VETTING, "In vetting", 4), (LISTED, "On the list, no appointment", 8), (AWAY, "Mobile scanners elsewhere", 1)],
        AT_SITES: [(f"{BOOKED}|{site}", site, 4) for site in sites],
        READERS: [(UNREPORTED, "Waiting for the report", 6), (REPORTED, "Reported today", 4), (LEFT, "Left today, no scan", 2)],
    }  # fmt: skip
    boxes, lowest = [], top
    for x, column in columns.items():
        y = top
        for event, label, limit in column:
            ever = most.get(f"{prefix}|{event}", 0)
            if not ever and x != AT_SITES:
                continue
            rows = min(limit, max(-(-ever // A_ROW), 1 + (x == AT_SITES)))
            boxes.append(Box(f"{prefix}|{event}", label, x, y, rows))
            y -= TITLE + rows * LINE + 8
        lowest = min(lowest, y)
    for box in [box for box in boxes if box.x == AT_SITES]:
        boxes.append(Box(f"{prefix}|{SCANNED}|{box.label}", "", ON_COUCHES, box.y, 1))
        boxes.append(Box(f"{prefix}|van|{box.label}", "", ON_COUCHES, box.y - LINE, 1))
    return boxes, lowest


def log_of(arm: Arm, prefix: str, first: float, last: float) -> pd.DataFrame:
    """The arm's event log as vidigi reads it: entity_id, time in minutes since `first`, event_type, event."""
    known = {*arm.sites, ""}
    people = history.within(arm.patients, first, last)
    people = people.assign(site=people.site.where(people.site.isin(known), OTHER_SITES))
    at_site = people.site != ""
    people["event"] = people.stage.where(~at_site, people.stage + "|" + people.site)
    vans = arm.vans[arm.vans.time < last].assign(stage=AWAY)
    vans = pd.concat([history.stands(vans, first), vans[vans.time > first]])
    vans = vans.assign(site=vans.site.where(vans.site.isin({*known, AWAY}), OTHER_SITES))
    vans["event"] = ("van|" + vans.site).where(vans.site != AWAY, AWAY)
    rows = pd.concat(
        [people.rename(columns={"patient": "entity"}), vans.rename(columns={"van": "entity"})],
        ignore_index=True,
    )
    minutes = ((rows.time - first) * MINUTES_A_DAY).clip(lower=0).round(6)  # whole minutes stay whole
    log = pd.DataFrame({"entity_id": prefix + ":" + rows.entity.astype(str), "time": minutes})
    log["event_type"] = "queue"
    log["event"] = prefix + "|" + rows.event
    log["kind"] = rows.get("priority", pd.Series(index=rows.index, dtype=object)).fillna("van")
    gone = rows.stage == GONE
    log.loc[gone, ["event_type", "event"]] = ["arrival_departure", "depart"]
    came = log[~log.entity_id.duplicated()].assign(event_type="arrival_departure", event="arrival")
    return pd.concat([came, log], ignore_index=True)


def frames_of(log: pd.DataFrame, boxes: list[Box], every: int, minutes: int) -> pd.DataFrame:
    """Who is drawn where at each moment: minute, entity_id, kind, event, x, y; as many in a box as it holds.

    Moments at which nothing has changed since the one before are left out.
    """
    from vidigi.prep import generate_animation_df, reshape_for_animations

    most = {box.event: box.rows * A_ROW for box in boxes if box.event in set(log.event)}
    anchors = pd.DataFrame([{"event": box.event, "x": box.x, "y": box.y - TITLE} for box in boxes])
    seen = reshape_for_animations(
        log,
        every_x_time_units=every,
        limit_duration=minutes,
        step_snapshot_max_overrides=most,
        run_col_name=None,
    )
    seen = seen[seen.event_type == "queue"]
    # vidigi draws the first who has no room as a count of those behind them: labels count them instead.
    seen = seen[seen["additional"].isna()] if "additional" in seen else seen
    placed = generate_animation_df(
        seen,
        anchors,
        wrap_queues_at=A_ROW,
        gap_between_entities=GAP,
        gap_between_queue_rows=-LINE,
        queue_direction="right",
        step_snapshot_max=A_ROW * max(box.rows for box in boxes),
        custom_entity_icon_list=["."],
        spawn_in_from_arrival=False,
        run_col_name=None,
    )
    columns = {
        "snapshot_time": "minute",
        "entity_id": "entity_id",
        "kind": "kind",
        "event": "event",
        "x_final": "x",
        "y_final": "y",
    }
    return placed[list(columns)].rename(columns=columns)


def counts_of(log: pd.DataFrame, moments: list[int]) -> pd.DataFrame:
    """How many are in each event at each minute, drawn or not: a row a moment, a column an event."""
    rows = []
    for moment in moments:
        last = log[(log.time <= moment) & (log.event != "arrival")].groupby("entity_id", sort=False).tail(1)
        rows.append(last.event[last.event != "depart"].value_counts())
    return pd.DataFrame(rows, index=moments).fillna(0).astype(int)


def moments_of(log: pd.DataFrame, every: int, minutes: int) -> list[int]:
    """The minutes at which a picture is taken: every so many, where something has changed since the one before."""
    changed = (log.time[log.time > 0] / every).apply(lambda step: -int(-step // 1)) * every
    return [0, *sorted(minute for minute in set(changed) if minute <= minutes)]
