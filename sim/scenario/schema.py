"""The editor's schema of scenario files, generated from the classes that check them.

`python -m sim.scenario.schema > scenarios/schema.json`; a test fails when the file is stale.
"""

from __future__ import annotations

import json
from typing import Any

from sim.scenario.scenario import Scenario


def schema() -> dict[str, Any]:
    """The JSON Schema. Nothing is required and `null` is allowed, because files extend each other."""
    made = Scenario.model_json_schema(by_alias=True)
    for part in [made, *made.get("$defs", {}).values()]:
        part.pop("required", None)
        for name, kind in part.get("properties", {}).items():
            part["properties"][name] = _or_null(kind)
        if isinstance(part.get("additionalProperties"), dict):
            part["additionalProperties"] = _or_null(part["additionalProperties"])
    files = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    files["description"] = "Files that this one is laid over; later files win, maps merge, null removes."
    made["properties"] = {"extends": files, **made["properties"]}
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = "Imaging Waits scenario file"
    return made


def _or_null(kind: dict[str, Any]) -> dict[str, Any]:
    kind = _map_or_null(kind)
    if "anyOf" in kind:
        kind["anyOf"] = [_map_or_null(option) for option in kind["anyOf"]]
    described = {key: kind.pop(key) for key in ("description", "title") if key in kind}
    return described | {"anyOf": [kind, {"type": "null"}]}


def _map_or_null(kind: dict[str, Any]) -> dict[str, Any]:
    below = kind.get("additionalProperties")
    return kind | {"additionalProperties": _or_null(below)} if isinstance(below, dict) else dict(kind)


def as_text() -> str:
    """The text of `scenarios/schema.json`."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(as_text(), end="")
