"""Opening waiting lists that a scenario file reads from a DM01 extract, put into its tree as numbers."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

from sim.scenario.document import Document
from sim.scenario.faults import Fault, Path

SECTION = "opening_list"
ASKED = ("dm01", "provider", "test", "month")
ONE_LIST = "waiting_list"
"""The name of a list that is written without one."""


def read_lists(document: Document) -> list[Fault]:
    """Replace what is asked of an extract by its numbers; returns what is wrong.

    A section that is itself one list, and not a map of them, is given a name.
    """
    lists = document.tree.get(SECTION)
    if not isinstance(lists, dict):
        return []
    if "dm01" in lists or "bands" in lists:
        lists = document.tree[SECTION] = {ONE_LIST: lists}
        for path in [path for path in document.positions if path[:1] == (SECTION,) and len(path) > 1]:
            document.positions[(SECTION, ONE_LIST, *path[1:])] = document.positions[path]
    faults: list[Fault] = []
    for name, asked in list(lists.items()):
        whole = isinstance(asked, dict) and all(isinstance(asked.get(key), str) for key in ASKED)
        if whole and not {"bands", "modality"} & set(asked):
            found = _read(document, (SECTION, name), asked)
            if isinstance(found, dict):
                lists[name] = found
            else:
                faults += found
                del lists[name]
    return faults


def _read(document: Document, path: Path, asked: dict[str, Any]) -> dict[str, Any] | list[Fault]:
    """The list as numbers, or what is wrong."""
    from sim.scenario.dm01 import MODALITY, Dm01Fault, one_month, test_called

    where = document.position((*path, "dm01"))
    file = FilePath(where.file).parent / asked["dm01"]
    try:
        month = one_month(file, asked["provider"], asked["test"], asked["month"])
    except Dm01Fault as wrong:
        said = [Fault(where, ".".join(path), f"{fault.position}: {fault.message}") for fault in wrong.faults]
        return said
    modality = MODALITY.get(test_called(asked["test"]))
    if modality is None:
        return [
            Fault(document.position((*path, "test")), ".".join(path), f"{asked['test']} is no modality here")
        ]
    kept = {key: value for key, value in asked.items() if key not in ASKED}
    note = f"DM01, {asked['provider']}, {asked['test']}, end of {asked['month']}, from {asked['dm01']}"
    return {"note": note} | kept | {"modality": modality, "bands": list(month.bands)}
