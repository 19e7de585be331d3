"""The model description after STRESS-DES (Monks and others 2019), its tables generated from schema and sources.

`python -m sim.scenario.description > sim/DESCRIPTION.md`; a test fails when the page is stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.scenario.document import parse_yaml, read_document
from sim.scenario.schema import schema

HOME = Path(__file__).parents[2]
EXAMPLE = HOME / "scenarios" / "outsourced.yaml"
SOURCES = HOME / "scenarios" / "sources.yaml"
TEMPLATE = Path(__file__).with_name("templates") / "description.md"
SAYS_NOTHING_OF_THE_WORLD = ("title", "question", "extends", "compare_with", "headline", "experiment")


def page() -> str:
    """The text of `sim/DESCRIPTION.md`."""
    text = TEMPLATE.read_text(encoding="utf-8")
    parts = {"PARAMETERS": parameters(), "VALUES": values(EXAMPLE), "SOURCES": sources(SOURCES)}
    for name, lines in parts.items():
        text = text.replace(f"[[{name}]]\n", "".join(f"{line}\n" for line in lines))
    return text


def parameters() -> list[str]:
    """A table for each class of the schema, in the order in which a scenario names them."""
    made = schema()
    lines: list[str] = []
    for name in classes_in_order(made):
        part = made["$defs"][name]
        lines += ["", f"#### {name}", "", plain(part.get("description", "")), ""]
        lines += ["| key | kind | default | meaning |", "|---|---|---|---|"]
        lines += [row(key, kind) for key, kind in part["properties"].items()]
    return lines[1:]


def classes_in_order(made: dict[str, Any]) -> list[str]:
    """Names of the schema's classes, each with those that it needs after it; the world's sections only."""
    found: list[str] = []

    def visit(part: Any) -> None:
        """Note the classes that a part refers to, and theirs."""
        for name in refers_to(part):
            if name not in found:
                found.append(name)
                visit(made["$defs"][name])

    for section, part in made["properties"].items():
        if section not in SAYS_NOTHING_OF_THE_WORLD:
            visit(part)
    return found


def refers_to(part: Any) -> Iterator[str]:
    """Names of classes that a part of the schema refers to, in its order."""
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"].rpartition("/")[2]
        for below in part.values():
            yield from refers_to(below)
    elif isinstance(part, list):
        for below in part:
            yield from refers_to(below)


def row(key: str, kind: dict[str, Any]) -> str:
    """A key's line."""
    given = next((part["default"] for part in parts_of(kind) if "default" in part), None)
    default = "" if given in (None, [], {}, "") else f"`{given}`"
    return f"| `{key}` | {kind_of(kind)} | {default} | {plain(kind.get('description', ''))} |"


def parts_of(kind: Any) -> Iterator[dict[str, Any]]:
    """The part and what it is one of, from the outside inwards."""
    if isinstance(kind, dict):
        yield kind
        for name in ("anyOf", "items", "additionalProperties"):
            below = kind.get(name)
            for part in below if isinstance(below, list) else [below]:
                yield from parts_of(part)


def kind_of(kind: dict[str, Any]) -> str:
    """What may be written: a class, one of some words, a number with its unit, or a plain type."""
    inner = [part for part in parts_of(kind) if part is not kind]
    several = "map of " if any(isinstance(part.get("additionalProperties"), dict) for part in inner) else ""
    for part in inner:
        if "$ref" in part:
            return f"{several}{part['$ref'].rpartition('/')[2]}"
        if "enum" in part and part.get("type") == "string":
            return several + ", ".join(f"`{word}`" for word in part["enum"])
        if ": a number" in part.get("description", ""):
            return several + plain(part["description"]).partition(":")[0]
    types = [str(part["type"]) for part in inner if part.get("type") not in (None, "null", "object")]
    return several + (types[0] if types else "")


def values(file: Path) -> list[str]:
    """Every number of a scenario with its source, or with the reason and range of an assumption."""
    lines = ["| number | value | range | source, or why assumed |", "|---|---|---|---|"]
    for path, leaf in leaves(read_document(file).tree):
        span = " to ".join(map(str, leaf["range"])) if "range" in leaf else ""
        why = f"`{leaf['source']}`" if "source" in leaf else f"assumption: {leaf.get('assumption', '')}"
        lines.append(f"| `{'.'.join(path)}` | {leaf['value']} | {span} | {plain(why)} |")
    return lines


def leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """(path, leaf) of every number that says where it is from."""
    if isinstance(tree, dict):
        if "value" in tree:
            yield path, tree
        else:
            for key, below in tree.items():
                yield from leaves(below, (*path, str(key)))


def sources(file: Path) -> list[str]:
    """The sources as a table."""
    lines = ["| source | title | publisher | date |", "|---|---|---|---|"]
    for name, told in parse_yaml(file.read_text(encoding="utf-8")).items():
        title = f"[{plain(told['title'])}]({told['link']})" if told.get("link") else plain(told["title"])
        lines.append(f"| `{name}` | {title} | {plain(told.get('publisher', ''))} | {told.get('date', '')} |")
    return lines


def plain(text: str) -> str:
    """Text for a cell: one line, no bar."""
    return " ".join(str(text).split()).replace("|", "/")


if __name__ == "__main__":
    print(page(), end="")
