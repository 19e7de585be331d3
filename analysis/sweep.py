"""What a sweep found, as a table."""

from __future__ import annotations

import pandas as pd

from analysis.loaded import Results
from analysis.statistics import EXPLORATORY
from analysis.tables import TextTable, difference, growing_mark, growing_note, title_of
from analysis.words import in_words, interval


def table(results: Results) -> pd.DataFrame:
    """As `sweep.csv`: every measure of every scenario at every point, beside its difference."""
    points = pd.DataFrame.from_dict(results.manifest["points"], orient="index").rename_axis("arm")
    found = results.summary.rename(columns={"scenario": "arm"})
    renamed = {"lower": "difference_lower", "upper": "difference_upper", "scenario": "arm"}
    keys = ["arm", "measure", "unit", "group"]
    apart = results.comparison.rename(columns=renamed)[
        [*keys, "difference", "difference_lower", "difference_upper", "verdict"]
    ]
    found = found.merge(apart, on=keys, how="left").merge(points.reset_index(), on="arm", how="left")
    found.insert(0, "scenario", found.pop("arm").map(lambda arm: without_values(arm)))
    paths = list(points.columns)
    rest = [name for name in found.columns if name not in ("scenario", "n", *paths)]
    return found[["scenario", *paths, *rest]]


def without_values(arm: str) -> str:
    """`outsourced` of `outsourced,workforce.planned_load=70%`."""
    return arm.partition(",")[0]


def text_table(results: Results, measure: str, group: str) -> TextTable:
    """One measure and group: a row a point, a column a scenario."""
    points = results.manifest["points"]
    scenarios = list(dict.fromkeys(map(without_values, results.arms)))
    paths = list(next(iter(points.values())))
    headings = [*(path.replace(".", ".\n") for path in paths), *scenarios]
    headings += [part for arm in scenarios[1:] for part in (f"{arm}\nless {scenarios[0]}", "verdict")]
    rows = []
    for values in dict.fromkeys(tuple(point.values()) for point in points.values()):
        here = [arm for arm in results.arms if tuple(points[arm].values()) == values]
        row = list(values)
        for arm in here:
            found = results.value(arm, measure, group)
            row.append("-" if found is None else interval(found) + growing_mark(results, arm, group))
        for arm in here[1:]:
            apart = results.difference(arm, measure, group)
            word = "-" if apart is None else apart.verdict.removesuffix(f" ({EXPLORATORY})")
            row += ["-" if apart is None else difference(apart), word]
        rows.append(row)
    notes = [growing_note(results), f"every verdict of a sweep is {EXPLORATORY}"]
    title = f"{title_of(measure)} {in_words(group)}"
    return TextTable(title, headings, rows, "; ".join(note for note in notes if note))


def shown(results: Results) -> list[tuple[str, str]]:
    """(measure, group) of the tables that are shown of a sweep: its headline, the load, the journeys."""
    headline = (results.headline["measure"], results.headline["group"])
    wanted = [headline, ("load_percent", "all"), ("travel_minutes_mean", headline[1])]
    return list(dict.fromkeys(wanted))
