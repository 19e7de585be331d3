"""Capacity needed for a target, from the levels that were tried; the NHS rule of thumb beside it."""

from __future__ import annotations

import datetime
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from analysis import rule_of_thumb
from analysis.loaded import Results
from analysis.month_ends import month_name
from analysis.statistics import half_width
from analysis.tables import TextTable, dagger_note, growing_mark
from analysis.words import growing_here, in_words, number
from sim.results.columns import DM01_BANDS, MEASURES, TABLES

FILE = "capacity.csv"
TRIED, NEEDED, BEST, RULE = "tried", "needed", "best found", "rule of thumb"
OVER_WEEKS = {"over_6_weeks_percent": 6, "over_13_weeks_percent": 13}


def table(results: Results) -> pd.DataFrame:
    """As `capacity.csv`: what is needed, the rule of thumb, then the levels tried."""
    rows = []
    for search in results.asked["searches"]:
        usual = {"scenario": search["scenario"], "vary": results.asked["vary"], **_target(results)}
        rows += [
            usual | row for row in (answer(results, search), *rule(results, search), *tried(results, search))
        ]
    return pd.DataFrame(rows, columns=[column.name for column in TABLES[FILE]])


def _target(results: Results) -> dict[str, Any]:
    asked = results.asked
    bound = {"relation": asked["relation"], "target": asked["number"], "month": asked["month"]}
    return {
        "measure": asked["measure"],
        "unit": MEASURES[asked["measure"]].unit,
        "group": asked["group"],
    } | bound


def values_of(results: Results, arm: str) -> np.ndarray:
    """The measure of the target in each replication of an arm."""
    asked = results.asked
    if asked["month"] is None:
        found = results.outcomes(asked["measure"], asked["group"])
        return found[arm].to_numpy() if arm in found else np.full(results.manifest["replications"], np.nan)
    census = results.tried_census
    rows = census[(census.scenario == arm) & census.Period.astype(str).str.startswith(asked["month"])]
    if asked["group"] != "all":
        rows = rows[rows["Diagnostic Tests"] == asked["group"].removeprefix("modality=")]
    by = rows.groupby("replication")[[*DM01_BANDS, "Total WL", "Waiting List Activity"]].sum()
    size = by["Total WL"].to_numpy(dtype=float)
    if asked["measure"] == "list_size":
        return size
    with np.errstate(divide="ignore", invalid="ignore"):
        if asked["measure"] == "weeks_to_clear":
            days = int(str(rows.Period.iloc[0])[8:10])
            found = size / (by["Waiting List Activity"].to_numpy() / days * 7)
        else:
            found = 100 * by[list(DM01_BANDS[OVER_WEEKS[asked["measure"]] :])].sum(axis=1).to_numpy() / size
    return np.where(size > 0, found, 0.0)


def tried(results: Results, search: dict[str, Any]) -> list[dict[str, Any]]:
    """A row a level, the least capacity first."""
    return [_level(results, search, amount, arm) for amount, arm in search["levels"]]


def _level(results: Results, search: dict[str, Any], amount: float, arm: str) -> dict[str, Any]:
    from scipy.stats import binomtest  # takes a second to load, and few runs need it

    values = values_of(results, arm)
    asked, n = results.asked, len(values)
    met = int(np.sum(values <= asked["number"] if asked["relation"] == "<=" else values >= asked["number"]))
    share = binomtest(met, n).proportion_ci(method="wilson")
    half = half_width(values.std(ddof=1), n) if n > 1 else math.nan
    return {
        "kind": TRIED,
        "capacity": amount,
        "capacity_unit": search["unit"],
        "met_percent": 100 * met / n,
        "met_lower": 100 * share.low,
        "met_upper": 100 * share.high,
        "mean": values.mean(),
        "lower": values.mean() - half,
        "upper": values.mean() + half,
        "scans_per_week": scans_per_week(results, arm, asked["group"], asked["month"]),
        "n": n,
    }


def answer(results: Results, search: dict[str, Any]) -> dict[str, Any]:
    """The least level from which every level tried is enough; else the best that was found."""
    rows, enough = tried(results, search), 100 * results.asked["enough"]
    found = None
    for row in reversed(rows):
        if row["met_percent"] < enough:
            break
        found = row
    if found is not None:
        return found | {"kind": NEEDED}
    towards = -1 if results.asked["relation"] == "<=" else 1
    best = max(rows, key=lambda row: (row["met_percent"], towards * row["mean"]))
    return best | {"kind": BEST}


def falls(rows: list[dict[str, Any]]) -> list[tuple[dict, dict]]:
    """Neighbouring levels of which the one with more capacity met the target less often."""
    return [(less, more) for less, more in pairwise(rows) if more["met_percent"] < less["met_percent"]]


# ---- the rule of thumb


def rule(results: Results, search: dict[str, Any]) -> list[dict[str, Any]]:
    """Scans a week by the rule: to reach the target in time, and to keep it; nothing for measures that it
    does not know."""
    if not about_a_list(results):
        return []
    list_now, demand, weeks = flows(results, search["scenario"])
    mean_wait = mean_wait_wanted(results, demand)
    if mean_wait is None or demand <= 0 or mean_wait <= 0:
        return []
    target = rule_of_thumb.target_queue(demand, mean_wait)
    keep = rule_of_thumb.target_capacity(demand, mean_wait)
    found = [{"kind": f"{RULE}, to keep it", "scans_per_week": keep}]
    if list_now > target:
        reach = rule_of_thumb.relief_capacity(list_now, demand, target, weeks)
        found.insert(0, {"kind": f"{RULE}, to reach it", "scans_per_week": reach})
    return found


def about_a_list(results: Results) -> bool:
    """Whether the target is about a whole waiting list, which the census counts."""
    group = results.asked["group"]
    return group == "all" or (group.startswith("modality=") and ";" not in group)


def mean_wait_wanted(results: Results, demand: float) -> float | None:
    """The mean wait in weeks that the target comes to, where waits spread like an exponential."""
    measure, wanted = results.asked["measure"], results.asked["number"]
    if results.asked["relation"] != "<=" or wanted <= 0:
        return None
    if measure in OVER_WEEKS and wanted < 100:
        return OVER_WEEKS[measure] / rule_of_thumb.factor(wanted)
    if measure in ("wait_days_mean", "lived_wait_days_mean"):
        return wanted / 7
    if measure == "list_size" and demand > 0:
        return wanted / demand
    return wanted if measure == "weeks_to_clear" else None


def flows(results: Results, arm: str) -> tuple[float, float, float]:
    """(list at the start, patients a week joining it for a scan, weeks until the target's month) at the
    present capacity. Without an opening list the start is the first month end."""
    census = _of_group(results, arm)
    by = (
        census.groupby("Period")[["Total WL", "Waiting List Activity"]].sum()
        / results.manifest["replications"]
    )
    months = [str(period) for period in by.index]
    opening = sum(
        sum(bands)
        for (name, modality), bands in results.opening.items()
        if name == arm and results.asked["group"] in ("all", f"modality={modality}")
    )
    first = by.iloc[0]
    start, done = (opening, by) if opening else (first["Total WL"], by.iloc[1:])
    since = _days(results.starts) if opening else _days(months[0])
    demand = (done["Waiting List Activity"].sum() + by["Total WL"].iloc[-1] - start) / max(
        (_days(months[-1]) - since) / 7, 1
    )
    until = next((month for month in months if month.startswith(results.asked["month"] or "-")), months[-1])
    return float(start), float(demand), max((_days(until) - since) / 7, 1)


def scans_per_week(results: Results, arm: str, group: str, month: str | None) -> float:
    """Scans a week of people on the list, from the first month end to the target's, over replications."""
    census = _of_group(results, arm)
    if month is not None:
        census = census[census.Period.astype(str).str[:7] <= month]
    days = sum(int(str(period)[8:10]) for period in census.Period.unique())
    return float(census["Waiting List Activity"].sum() / results.manifest["replications"] / days * 7)


def _of_group(results: Results, arm: str) -> pd.DataFrame:
    census = results.tried_census[results.tried_census.scenario == arm]
    modality = next((p[9:] for p in results.asked["group"].split(";") if p.startswith("modality=")), None)
    return census if modality is None else census[census["Diagnostic Tests"] == modality]


def _days(date: str) -> int:
    return datetime.date.fromisoformat(date[:10]).toordinal()


# ---- in words


def text_tables(results: Results) -> list[TextTable]:
    """The levels tried, for each arm."""
    known = MEASURES[results.asked["measure"]]
    tables = []
    for search in results.asked["searches"]:
        rows = [
            [
                f"{row['capacity']:.4g} {row['capacity_unit']}".strip(),
                f"{row['met_percent']:.0f} %",
                f"{number(row['mean'])} ({number(row['lower'])} to {number(row['upper'])})"
                + growing_mark(results, name, results.asked["group"]),
                number(row["scans_per_week"]),
            ]
            for row, (_, name) in zip(tried(results, search), search["levels"])
        ]
        headings = [
            results.asked["vary"],
            "meet the target",
            f"{known.in_words}, {known.unit}",
            "scans a week",
        ]
        about = "scans a week of people on the list, until the target's month; 95 % intervals"
        note = "; ".join(part for part in (about, dagger_note(rows)) if part)
        tables.append(TextTable(f"{search['scenario']}: {target_in_words(results)}", headings, rows, note))
    return tables


def target_in_words(results: Results) -> str:
    """`share waiting over six weeks for everybody at most 1 % at the end of March 2028`."""
    asked, known = results.asked, MEASURES[results.asked["measure"]]
    bound = "at most" if asked["relation"] == "<=" else "at least"
    when = f" at the end of {month_name(asked['month'] + '-01')}" if asked["month"] else " over the period"
    return f"{known.in_words} {in_words(asked['group'])} {bound} {asked['number']:g} {known.unit}{when}"


def sentences(results: Results) -> list[str]:
    """What is needed, or the best found; then the rule of thumb and why it differs."""
    return [line for search in results.asked["searches"] for line in _told(results, search)]


def _told(results: Results, search: dict[str, Any]) -> list[str]:
    found, rows = answer(results, search), tried(results, search)
    amount, present, most = (
        f"{n:.4g} {search['unit']}".strip()
        for n in (found["capacity"], search["present"], rows[-1]["capacity"])
    )
    share = f"{found['met_percent']:.0f} % of replications (95 % interval {found['met_lower']:.0f} to {found['met_upper']:.0f} %)"
    target = target_in_words(results)
    now = f"(now {present}; {results.asked['vary']})"
    if found["kind"] == NEEDED:
        least = ", the least that can be set" if found["capacity"] == rows[0]["capacity"] else ""
        told = [f"{search['scenario']}: {target} takes {amount} {now}{least}: met in {share}."]
    else:
        told = [
            f"{search['scenario']}: {target} cannot be reached with up to {most} {now}. "
            f"Best found: {amount}, met in {share}, mean {number(found['mean'])}{_growing(results, search, found)}.",
            *why_not(results, search),
        ]
    told += [
        f"More is not always better: {more['capacity']:.4g} met it in {more['met_percent']:.0f} %, {less['capacity']:.4g} in {less['met_percent']:.0f} %."
        for less, more in falls(rows)
    ]
    return told + rule_in_words(results, search, found)


def _growing(results: Results, search: dict[str, Any], found: dict[str, Any]) -> str:
    name = next(name for amount, name in search["levels"] if amount == found["capacity"])
    return growing_here(results, name, results.asked["group"])


def why_not(results: Results, search: dict[str, Any]) -> list[str]:
    """What stands between the level and the slots, where the scenario shows it."""
    tree = results.scenarios[search["scenario"]]
    vary = results.asked["vary"]
    if vary.startswith("fleet") and (tree.get("workforce") or {}).get("planned_load"):
        return ["`workforce.planned_load` decides how many of the slots are staffed: vary that."]
    if vary.endswith("slots_per_day"):
        return ["No more slots are used than time on the couch allows; vary sessions_per_week or scanners."]
    return []


def rule_in_words(results: Results, search: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Scans a week by the rule of thumb, beside those of the simulation, and why they differ."""
    rows = rule(results, search)
    if not rows:
        return [
            "The NHS rule of thumb (Fong and others 2022) knows only targets for the wait or size of a whole list."
        ]
    parts = [
        f"{number(row['scans_per_week'])} scans a week {row['kind'].removeprefix(RULE + ', ')}"
        for row in rows
    ]
    return [
        f"The NHS rule of thumb (Fong and others 2022) says {' and '.join(parts)}; the simulation makes "
        f"{number(found['scans_per_week'])} with what was {'needed' if found['kind'] == NEEDED else 'best'}. "
        f"They differ because {'; '.join(reasons(results, search))}."
    ]


def reasons(results: Results, search: dict[str, Any]) -> list[str]:
    """Where the simulated list departs from what the rule assumes."""
    tree = results.scenarios[search["scenario"]]
    arm = next((arm for amount, arm in search["levels"] if amount == search["present"]), search["scenario"])
    lost = results.value(arm, "slots_lost_percent", results.asked["group"])
    found = [
        "the rule takes waits to spread like an exponential, and a mean is enough for it where here four of five replications have to meet the target"
    ]
    hazard = (tree.get("booking") or {}).get("treatment_hazard")
    found.append(
        "people are not taken first come first served (a treatment hazard)"
        if hazard
        else "the urgent are taken first"
    )
    if lost is not None and lost["mean"] > 0:
        found.append(
            f"{number(lost['mean'])} % of booked slots give no scan, so more slots are needed than scans"
        )
    if results.opening:
        found.append("the rule spreads the relief of the first list evenly over the weeks")
    return found
