"""The gap between groups: longest less shortest, and longest over shortest."""

from __future__ import annotations

from collections import defaultdict

BETWEEN = ("place", "car")
OF = {"wait_days_mean": "gap_wait_days", "travel_minutes_mean": "gap_travel_minutes"}


def measure(values: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Gaps between places and between car and no car; `values` by (measure, group)."""
    members: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for (name, group), value in values.items():
        key = _last(group) if name in OF else ""
        if key in BETWEEN:
            outer = group.rpartition(f"{key}=")[0]
            members[OF[name], f"{outer}between={key}"].append(value)
    found = {}
    for (gap, group), each in members.items():
        if len(each) > 1 and min(each) > 0:
            found[f"{gap}_difference", group] = max(each) - min(each)
            found[f"{gap}_ratio", group] = max(each) / min(each)
    return found


def _last(group: str) -> str:
    parts = group.split(";")
    only_modality = len(parts) == 1 or (len(parts) == 2 and parts[0].startswith("modality="))
    return parts[-1].partition("=")[0] if only_modality else ""
