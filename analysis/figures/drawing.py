"""Figures as files, each with the table behind it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from analysis import provenance
from analysis.figures import FIGURES
from analysis.figures.style import as_bytes, house_style, picture
from analysis.files import write_bytes, write_csv
from analysis.loaded import Results

KINDS = ("svg", "png")


def write_figures(results: Results, out: Path, names: Iterable[str], kinds=KINDS) -> dict[str, str]:
    """Figures by name under `out/figures`, each with its CSV; returns the SVG of each."""
    made_by, drawn = provenance.line(results), {}
    with house_style():
        for name in names:
            figure = FIGURES[name]
            pictured = picture(partial(figure.draw, results), figure.size(results))
            write_csv(out / "figures" / f"{name}.csv", figure.data(results))
            files = {kind: as_bytes(pictured, kind, made_by) for kind in dict.fromkeys(["svg", *kinds])}
            for kind in kinds:
                write_bytes(out / "figures" / f"{name}.{kind}", files[kind])
            drawn[name] = files["svg"].decode("utf-8")
    return drawn
