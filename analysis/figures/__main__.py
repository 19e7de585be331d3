"""`python -m analysis.figures results/NAME [--only NAME]`: the figures alone, from a results folder."""

from __future__ import annotations

import argparse
import sys
from difflib import get_close_matches
from pathlib import Path

from analysis import crate
from analysis.figures import FIGURES, drawable, lacking
from analysis.figures.drawing import KINDS, write_figures
from analysis.files import command, one_of, told
from analysis.loaded import NotResults, Results


def figure_name(text: str) -> str:
    """The name of a figure. Raises `ArgumentTypeError` with the nearest one."""
    if text not in FIGURES:
        near = get_close_matches(text, FIGURES, 1, 0.4)
        said = f"did you mean {near[0]}?" if near else ""
        raise argparse.ArgumentTypeError(
            f"no figure {text!r}; {said or 'there are'} {', '.join(FIGURES) * (not near)}".rstrip()
        )
    return text


def main(arguments: list[str] | None = None) -> int:
    """Draw the figures of a results folder, each with the table behind it as CSV."""
    parser = command("analysis.figures", main.__doc__)
    parser.add_argument("--only", action="append", type=figure_name, metavar="NAME",
                        help=f"one figure; may be repeated: {', '.join(FIGURES)}")  # fmt: skip
    parser.add_argument("--figures", type=one_of("png", "svg", "pdf"), default=list(KINDS), metavar="KINDS",
                        help="kinds of picture: png, svg, pdf (default svg,png)")  # fmt: skip
    given = parser.parse_args(arguments)

    def draw(results: Results, out: Path) -> Path:
        """Those asked for, or all that this folder has the data for."""
        names = given.only or list(drawable(results))
        for name in names:
            if why := lacking(results, name):
                raise NotResults(f"{name} cannot be drawn from {results.path}: {why}")
        write_figures(results, out, names, given.figures)
        crate.refresh(results, out)
        return out / "figures"

    return told(draw, given.folder, given.out)


if __name__ == "__main__":
    sys.exit(main())
