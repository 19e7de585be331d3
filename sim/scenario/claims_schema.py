"""The editor's schema of registers of claims, generated from the classes that check them.

`python -m sim.scenario.claims_schema > scenarios/claims_schema.json`; a test fails when the file is stale.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from sim.results.columns import MEASURES
from sim.scenario.claims import NAME, Claim


def schema() -> dict[str, Any]:
    """The JSON Schema: a map of claims by their names."""
    made = TypeAdapter(Claim).json_schema()
    parts = made.pop("$defs", {})
    made["properties"]["measure"]["enum"] = list(MEASURES)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Imaging Waits register of claims",
        "type": "object",
        "propertyNames": {"pattern": f"^{NAME}$"},
        "additionalProperties": {"$ref": "#/$defs/Claim"},
        "$defs": parts | {"Claim": made},
    }


def as_text() -> str:
    """The text of `scenarios/claims_schema.json`."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(as_text(), end="")
