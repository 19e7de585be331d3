"""`python -m analysis.animate results/NAME`: patients moving from the list to a scanner and a report, as a page.

It needs a run made with `--keep-patients`, and vidigi (`requirements-app.txt`).
"""

from __future__ import annotations

import argparse
import datetime
import shlex
import sys
from importlib import metadata, util
from pathlib import Path

from analysis import crate, kept
from analysis.files import command, told
from analysis.groups import modality_of
from analysis.loaded import NotResults, Results
from sim.results.folder import write_text

FILE = "animation.html"
NEEDED = ("vidigi", "plotly")
DAYS = 7
MOST_ARMS = 2


def main(arguments: list[str] | None = None) -> int:
    """Draw patients moving from the list to a scanner and a report, and mobile scanners between sites."""
    parser = command("analysis.animate", main.__doc__)
    # fmt: off
    add = parser.add_argument
    add("--arm", action="append", metavar="NAME", help="which scenario, twice for two (default: the first two of the folder)")
    add("--replication", type=whole, default=0, metavar="N", help="which replication (default: 0)")
    add("--first", type=date, metavar="YYYY-MM-DD", help="first day (default: the first Monday that is measured)")
    add("--days", type=positive, default=DAYS, metavar="N", help=f"how many days (default: {DAYS})")
    add("--every", type=positive, metavar="MINUTES", help="from frame to frame (default: 30, or more where a page could not carry it)")
    add("--modality", metavar="NAME", help="which kind of test (default: the headline's, or the first)")
    add("--site", action="append", default=[], metavar="NAME", help="a site with a place of its own, may be repeated (default: the busiest eight)")
    # fmt: on
    given = parser.parse_args(arguments)
    return told(lambda results, out: write(results, out, given), given.folder, given.out)


def whole(text: str) -> int:
    """A whole number that is not negative."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text!r}")
    return int(text)


def positive(text: str) -> int:
    """A whole number of at least 1."""
    if not whole(text):
        raise argparse.ArgumentTypeError("must be at least 1")
    return whole(text)


def date(text: str) -> datetime.date:
    """A date."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a date such as 2019-07-01, got {text!r}") from None


def write(results: Results, out: Path, given: argparse.Namespace) -> Path:
    """Write the page; returns where it is. Raises `NotResults` before anything is written."""
    check_installed()
    names, modality = arms_of(results, given.arm), modality_asked(results, given.modality)
    check_kept(results, names, given.replication)
    first = first_day(results, given.first, given.days)
    from analysis.animation.page import page_of

    arms = [arm_of(results, name, modality, given, first) for name in names]
    check_sites(results, arms, given.site)
    said = about(results, names, modality, given, first)
    page = page_of(results, arms, first, given.days, given.every, said)
    write_text(out / FILE, page)
    crate.refresh(results, out)
    return out / FILE


def about(
    results: Results, names: list[str], modality: str, given: argparse.Namespace, first: float
) -> dict[str, str]:
    """Title, explanation, and what makes the page again."""
    begins, ends = (kept.date_of(results, day) for day in (first, first + given.days - 1))
    same = ", the same patients in both" if len(names) > 1 else ""
    return {
        "title": f"{' and '.join(names)}: patients and scanners, {day_of(begins)} to {day_of(ends)}",
        "what": f"Every symbol is a patient who needs {modality}: it moves from the list to a site, a couch and a reader. "
        f"One replication (number {given.replication} of {results.manifest['replications']}, from 0){same}.",
        "command": again(results, names, modality, given, begins),
        "packages": ", ".join(f"{name} {metadata.version(name)}" for name in NEEDED),
    }


def check_installed() -> None:
    """Raise `NotResults` where a package is missing, with the command that installs it."""
    missing = [name for name in NEEDED if util.find_spec(name) is None]
    if missing:
        raise NotResults(
            f"the animation needs {' and '.join(missing)}: python -m pip install -r requirements-app.txt"
        )


def arms_of(results: Results, asked: list[str] | None) -> list[str]:
    """The arms that are drawn. Raises `NotResults`."""
    names = list(dict.fromkeys(asked or results.arms[:MOST_ARMS]))
    for name in names:
        if name not in results.arms:
            raise NotResults(f"{results.path} has no arm {name!r}; its arms are {', '.join(results.arms)}")
    if len(names) > MOST_ARMS:
        raise NotResults(f"{results.path}: two arms are drawn beside each other, {len(names)} were asked for")
    return names


def modality_asked(results: Results, asked: str | None) -> str:
    """The kind of test that is drawn. Raises `NotResults`."""
    name = asked or modality_of(results.headline["group"]) or results.modalities[0]
    if name not in results.modalities:
        raise NotResults(f"{results.path} has no {name!r}; it has {', '.join(results.modalities)}")
    return name


def check_kept(results: Results, names: list[str], number: int) -> None:
    """Raise `NotResults` unless the patients of a replication were kept for every arm."""
    count = results.manifest["replications"]
    if number >= count:
        raise NotResults(f"{results.path} has no replication {number}: they are 0 to {count - 1}")
    if not all(kept.file_of(results, name, number, "decisions").is_file() for name in names):
        raise NotResults(f"{results.path}: {kept.NOT_KEPT}")


def first_day(results: Results, asked: datetime.date | None, days: int) -> float:
    """The first day that is drawn, in days since the start. Raises `NotResults` where some are not in the run."""
    begins = datetime.date.fromisoformat(results.starts)
    measured, end = kept.window(results)
    if asked is None:
        monday = measured - (begins + datetime.timedelta(days=measured)).weekday() % -7
        first = monday if monday + days <= end else measured
    else:
        first = (asked - begins).days
    if first < 0 or first + days > end:
        last = begins + datetime.timedelta(days=end - 1)
        raise NotResults(f"{results.path} runs from {begins} to {last}: {days} days from {begins + datetime.timedelta(days=first)} are not in it")  # fmt: skip
    return float(first)


def arm_of(results: Results, name: str, modality: str, given: argparse.Namespace, first: float):
    """What one arm's part of the picture is made of."""
    from analysis.animation import history
    from analysis.animation.scene import Arm, shown_sites

    referrals, appointments, sessions = (
        kept.read_one(results, table, columns, name, given.replication)
        for table, columns in (
            ("referrals", history.REFERRALS),
            ("appointments", history.APPOINTMENTS),
            ("sessions", history.SESSIONS),
        )
    )
    fleet = results.scenarios[name]["fleet"]
    patients = history.of_patients(referrals[referrals.modality == modality], appointments)
    seen = history.within(patients, first, first + given.days)
    vans = history.of_vans(sessions[sessions.modality == modality], fleet)
    known = set(patients.site)
    shown = shown_sites(seen, [site for site in given.site if site in known])
    return Arm(name, results.titles[name], patients, vans, shown)


def check_sites(results: Results, arms: list, asked: list[str]) -> None:
    """Raise `NotResults` where a site that is asked for scans nobody in any arm."""
    known = sorted(set().union(*(arm.patients.site for arm in arms)) - {""})
    for site in asked:
        if site not in known:
            raise NotResults(f"{results.path} has no site {site!r} here; there are {', '.join(known)}")


def again(
    results: Results, names: list[str], modality: str, given: argparse.Namespace, first: datetime.date
) -> str:
    """The command that makes the page, with everything that was chosen by itself."""
    words = ["python", "-m", "analysis.animate", f"results/{results.path.resolve().name}"]
    for name in names:
        words += ["--arm", name]
    words += [
        "--replication",
        str(given.replication),
        "--first",
        f"{first:%Y-%m-%d}",
        "--days",
        str(given.days),
    ]
    words += ["--modality", modality]
    for site in given.site:
        words += ["--site", site]
    return shlex.join(words)


def day_of(date: datetime.date) -> str:
    """`5 August 2019`."""
    return f"{date.day} {date:%B %Y}"


if __name__ == "__main__":
    sys.exit(main())
