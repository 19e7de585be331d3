"""What the visitor takes along, as one ZIP: scenario files that `run.py` takes unchanged, tables, figures."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from analysis import report
from analysis.app.asking import Asking
from analysis.app.catalogue import SCENARIOS
from analysis.app.pictures import one_at_a_time
from analysis.app.shown import Answer, files_of
from analysis.figures import FIRST_PAGE, drawable, drawing

README = """\
Made by the page of Imaging Waits from {count} replications with seed {seed}.

Unpack it into an empty folder. The same numbers again, from the folder that holds run.py:

    python run.py {folder}/{name}.yaml

sources.yaml has the sources that the scenario files name. {unsure}
"""


def packed(answer: Answer, count: int, figures: bool) -> bytes:
    """Scenario files, sources and a note; with `figures` tables and figures of the first `count` replications."""
    asking = answer.asking
    unsure = (
        "" if count == asking.replications else f"The page had finished {count} of {asking.replications}."
    )
    return zipped(asking, drawn(answer, count) if figures else {}, unsure)


def zipped(asking: Asking, more: dict[str, bytes] | None = None, unsure: str = "") -> bytes:
    """What was asked for as scenario files, with sources, a note and more files, in a folder of its own."""
    name = asking.arms[-1].name
    note = README.format(
        count=asking.replications, seed=asking.seed, folder=f"{name}-page", name=name, unsure=unsure
    )
    texts = files_of(asking.arms, asking.seed, asking.replications) | {"README.txt": note}
    files = {path: text.encode() for path, text in texts.items()} | (more or {})
    files["sources.yaml"] = (SCENARIOS / "sources.yaml").read_bytes()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(f"{name}-page/{path}", content)
    return made.getvalue()


def drawn(answer: Answer, count: int) -> dict[str, bytes]:
    """Tables and figures by their path, as a run makes them."""
    results = answer.results(count)
    answer.keep_scenarios()
    with one_at_a_time:
        report.write_tables(results)
        drawing.write_figures(results, answer.folder, drawable(results, (*FIRST_PAGE, "equity_by_car")))
    kept = [*answer.folder.glob("*.csv"), *(answer.folder / "figures").iterdir()]
    return {file.relative_to(answer.folder).as_posix(): Path(file).read_bytes() for file in sorted(kept)}
