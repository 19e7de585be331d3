"""`ro-crate-metadata.json`: what is in a results folder and what made it, for archives and machines (RO-Crate 1.1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis.figures import FIGURES
from analysis.loaded import Results
from analysis.provenance import scenario_hash, sha256
from sim.results.folder import write_text

FILE = "ro-crate-metadata.json"
KINDS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".html": "text/html",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tex": "application/x-tex",
    ".yaml": "application/yaml",
}
ABOUT = {
    "manifest.json": "command, seed, version, commit, hashes of the scenario files, package versions, time",
    "scenario.yaml": "every arm fully resolved, one YAML document each",
    "report.html": "the report, one self-contained page",
    "animation.html": "patients moving from the list to a scanner and a report, one self-contained page",
    "replications.parquet": "every measure of every replication",
    "census.parquet": "month ends in the 14 bands of DM01",
    "summary.csv": "every measure and group of every arm, with intervals",
    "comparison.csv": "every arm against the baseline on the same patients",
}


def write(results: Results) -> Path:
    """Describe the folder as it stands now."""
    graph = [descriptor(), root(results), program(results), run(results)]
    graph += [scenario_file(name, known) for name, known in results.manifest["files"].items()]
    graph += [described(results, file) for file in files(results.path)]
    document = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    write_text(results.path / FILE, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return results.path / FILE


def refresh(results: Results, out: Path) -> None:
    """Describe the folder again, where something was written into it and not elsewhere."""
    if out.resolve() == results.path.resolve():
        write(results)


def files(folder: Path) -> list[Path]:
    """Files of a folder, without the tables of single patients and what is hidden."""
    found = [*folder.glob("*.*"), *folder.glob("figures/*.*"), *folder.glob("tables/*.*")]
    return sorted(
        file for file in found if file.name != FILE and not file.name.startswith(".") and file.is_file()
    )


def descriptor() -> dict[str, Any]:
    """What the file itself is."""
    return {
        "@id": FILE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }


def root(results: Results) -> dict[str, Any]:
    """The folder."""
    parts = [{"@id": file.relative_to(results.path).as_posix()} for file in files(results.path)]
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": results.manifest["question"] or " and ".join(results.titles.values()),
        "description": f"Results of {' compared with '.join(results.titles.values())}: {results.manifest['replications']} replications.",
        "datePublished": str(results.manifest.get("started", ""))[:10],
        "hasPart": parts,
        "mentions": {"@id": "#run"},
    }


def program(results: Results) -> dict[str, Any]:
    """The program that ran."""
    made = results.manifest
    about = {
        "@id": "#program",
        "@type": "SoftwareApplication",
        "name": made["program"],
        "version": made["version"],
    }
    packages = ", ".join(f"{name} {version}" for name, version in made.get("packages", {}).items())
    return about | {"identifier": made.get("commit") or "", "softwareRequirements": packages}


def run(results: Results) -> dict[str, Any]:
    """The run that made the results: its command, seed and scenarios."""
    made = results.manifest
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": made["command"],
        "description": f"seed {made['seed']}, scenario {scenario_hash(results)}",
        "startTime": made.get("started", ""),
        "instrument": {"@id": "#program"},
        "object": [{"@id": id_of(name)} for name in made["files"]],
        "result": {"@id": "./"},
    }


def scenario_file(name: str, known: str) -> dict[str, Any]:
    """A scenario file that was read; it does not lie in the folder."""
    return {"@id": id_of(name), "@type": "CreativeWork", "name": name, "sha256": known}


def id_of(name: str) -> str:
    """Where a scenario file is spoken of."""
    return f"#{name.replace(' ', '%20')}"


def described(results: Results, file: Path) -> dict[str, Any]:
    """One file of the folder."""
    name = file.relative_to(results.path).as_posix()
    about = {
        "@id": name,
        "@type": "File",
        "encodingFormat": KINDS.get(file.suffix, "application/octet-stream"),
    }
    about |= {"contentSize": str(file.stat().st_size), "sha256": sha256(file)}
    if said := ABOUT.get(name) or of_figure(file):
        about["description"] = said
    return about


def of_figure(file: Path) -> str:
    """What a file of `figures/` shows."""
    if file.parent.name != "figures" or file.stem not in FIGURES:
        return ""
    what = "the table behind the figure" if file.suffix == ".csv" else "figure"
    return f"{what} {file.stem}"
