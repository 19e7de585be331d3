"""Where people live, where they are scanned, and who comes from where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis import kept
from analysis.figures.style import GREY, colour, name_points, nothing_to_show, panels
from analysis.loaded import Results, once
from analysis.words import all_of

CAPTION = (
    "Places (circles, their area as their population) and sites with scanners (squares); a line joins a place "
    "to each site that scans its people, the thicker the larger the share of them; the percentages are shares of all scans. {scanned:,} scans of {kept} "
    "replications. Straight lines, not roads; north is up."
)
KM_A_DEGREE = 111.2
KINDS = ("places", "sites")
ALONE, BESIDE, NAMES, HEADING = 7.0, 5.0, 1.1, 0.5
"""Inches: width of a panel alone and of one beside another, what names take of it, height of what stands over it."""
LOWEST, HIGHEST = 0.5, 1.2
"""Height over width of the drawn map, at least and at most."""
LETTERS = 9.5
"""Size of the names, points."""
LETTERS_A_LINE = 18
"""Of a site's name: it would push the map aside."""
LEAST = 1.0
"""Percent of a place's people under which no line is drawn."""


def lacking(results: Results) -> str:
    """Why it cannot be drawn: nothing kept, or nothing to put on a map."""
    where = {at[:2] for at in positions(results, results.baseline, "places").values()}
    if len(where) < 2:
        return "it needs two places with `latitude` and `longitude` at least"
    return kept.lacking(results)


def counted(results: Results) -> dict[str, int]:
    """Replications and scans behind it."""
    return {"kept": len(kept.numbers(results)), "scanned": int(data(results).scans.sum())}


def positions(results: Results, arm: str, kind: str) -> dict[str, tuple[float, float, float]]:
    """{name: (longitude, latitude, population)} of `places` or `sites` that have a position."""
    found = results.scenarios[arm].get(kind) or {}
    return {
        name: (number_in(one["longitude"]), number_in(one["latitude"]), number_in(one.get("population", 0)))
        for name, one in found.items()
        if one.get("latitude") is not None and one.get("longitude") is not None
    }


def number_in(written: Any) -> float:
    """The number of `52.0 degrees`, in short or long form."""
    if isinstance(written, dict):
        written = written["value"]
    return float(str(written).split()[0].replace(",", ""))


@once
def data(results: Results) -> pd.DataFrame:
    """scenario, place, site, percent (of the place's scans), scans, and both positions in degrees."""
    rows = kept.scanned_from_list(results, ["place", "site"])
    counts = rows.groupby(["scenario", "place", "site"], sort=True).size().rename("scans").reset_index()
    of_place = counts.groupby(["scenario", "place"]).scans.transform("sum")
    counts.insert(3, "percent", 100 * counts.scans / of_place)
    for kind in ("place", "site"):
        known = {arm: positions(results, arm, f"{kind}s") for arm in results.arms}
        at = [known[arm].get(name, (math.nan,) * 3) for arm, name in zip(counts.scenario, counts[kind])]
        counts[f"{kind}_longitude"], counts[f"{kind}_latitude"], _ = zip(*at) if at else ((), (), ())
    return counts


def size(results: Results) -> tuple[float, float]:
    """A panel an arm, two beside each other, each as high as its map."""
    at = [at for arm in results.arms for kind in KINDS for at in positions(results, arm, kind).values()]
    east, north, _ = zip(*at)
    across, up = ((max(line) - min(line)) for line in (east, north))
    steep = up / (across * shrunk(north) or 1.0)
    several = len(results.arms) > 1
    wide = BESIDE if several else ALONE
    high = (wide - NAMES) * min(max(steep, LOWEST), HIGHEST) + HEADING
    return (2 * wide if several else wide, math.ceil(len(results.arms) / 2) * high)


def shrunk(latitudes: Sequence[float]) -> float:
    """How much less a degree to the east is than one to the north, in the middle of the map."""
    return math.cos(math.radians(sum(latitudes) / len(latitudes)))


def draw(results: Results, ax: Axes) -> Axes:
    """Draw it: a panel an arm, all to one scale; two beside each other where there is room."""
    table = data(results)
    if table.empty:
        return nothing_to_show(ax, "nobody was scanned")
    columns = 2 if ax.figure.get_figwidth() >= 2 * BESIDE else 1
    parts = panels(ax, len(results.arms), columns)
    for number, (part, arm) in enumerate(zip(parts, results.arms)):
        draw_map(results, arm, table[table.scenario == arm], colour(number), part)
        part.set_title(f"Who is scanned where: {arm}" if len(parts) > 1 else "Who is scanned where")
    return parts[0]


def draw_map(results: Results, arm: str, table: pd.DataFrame, shade: str, ax: Axes) -> None:
    """One arm's map."""
    places, sites = positions(results, arm, "places"), positions(results, arm, "sites")
    for row in table[table.percent >= LEAST].itertuples():
        ends = (row.place_longitude, row.site_longitude), (row.place_latitude, row.site_latitude)
        ax.plot(
            *ends,
            color=shade,
            alpha=0.45,
            linewidth=0.6 + 0.06 * row.percent,
            zorder=1,
            solid_capstyle="round",
        )
    largest = max(people for _, _, people in places.values()) or 1.0
    for x, y, people in places.values():
        ax.scatter(
            x, y, s=30 + 350 * people / largest, facecolor="#dddddd", edgecolor=GREY, linewidth=0.8, zorder=2
        )
    shares = (100 * table.groupby("site").scans.sum() / table.scans.sum()).to_dict()
    used = {name: at for name, at in sites.items() if name in shares}
    for x, y, _ in used.values():
        ax.scatter(x, y, marker="s", s=34, color=shade, zorder=3)
    finish(ax, [y for _, y, _ in places.values()])
    sites_named = {name: fill(f"{name}, {shares[name]:.0f} %", LETTERS_A_LINE) for name in used}
    named = [(*used[name][:2], said) for name, said in sites_named.items()]
    name_points(ax, [*named, *((x, y, name) for name, (x, y, _) in places.items())], "#222222", LETTERS)


def finish(ax: Axes, latitudes: list[float]) -> None:
    """As wide as high on the ground, with a scale in place of axes."""
    middle = shrunk(latitudes)
    ax.set_aspect(1 / middle)
    ax.margins(0.16)
    (low, high), bottom = ax.get_xlim(), ax.get_ylim()[0]
    km = next((km for km in (50, 20, 10, 5, 2, 1) if km < 0.3 * (high - low) * KM_A_DEGREE * middle), 1)
    wide = km / KM_A_DEGREE / middle
    ax.plot(
        [low, low + wide], [bottom, bottom], color=GREY, linewidth=2, solid_capstyle="butt", clip_on=False
    )
    ax.annotate(
        f"{km} km", (low, bottom), xytext=(0, 4), textcoords="offset points", fontsize=LETTERS, color=GREY
    )
    ax.set_axis_off()


def alt_text(results: Results) -> str:
    """The picture in a sentence: under each model, from which places most are scanned where."""
    of_arms: dict[str, list[str]] = {}
    for arm, rows in data(results).groupby("scenario", sort=False):
        most = rows.loc[rows.groupby("place", sort=False).percent.idxmax()]
        sites = {site: list(there.place) for site, there in most.groupby("site", sort=False)}
        said = ", ".join(f"from {all_of(places)} mostly to {site}" for site, places in sites.items())
        if len(sites) == 1:
            said = f"from everywhere mostly to {next(iter(sites))}"
        of_arms.setdefault(said, []).append(arm)
    parts = [f"under {all_of(arms)} {said}" for said, arms in of_arms.items()]
    return f"Where people are scanned: {'; '.join(parts)}."
