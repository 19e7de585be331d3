"""The gap between groups: longest less shortest, and longest over shortest."""

from __future__ import annotations

BETWEEN = ("place", "car")
OF = {"gap_wait_days": "wait_days_mean", "gap_travel_minutes": "travel_minutes_mean"}


def measure(values: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Gaps between places and between car and no car; `values` by (measure, group)."""
    found = {}
    for key in BETWEEN:
        within = {group.rpartition(f"{key}=")[0].rstrip(";") for _, group in values if _last(group) == key}
        for outer in within:
            for gap, name in OF.items():
                members = [v for (m, g), v in values.items() if m == name and _inside(g, outer, key)]
                if len(members) > 1 and min(members) > 0:
                    group = ";".join(part for part in (outer, f"between={key}") if part)
                    found[f"{gap}_difference", group] = max(members) - min(members)
                    found[f"{gap}_ratio", group] = max(members) / min(members)
    return found


def _last(group: str) -> str:
    parts = group.split(";")
    only_modality = len(parts) == 1 or (len(parts) == 2 and parts[0].startswith("modality="))
    return parts[-1].partition("=")[0] if only_modality else ""


def _inside(group: str, outer: str, key: str) -> bool:
    return _last(group) == key and group.rpartition(f"{key}=")[0].rstrip(";") == outer
