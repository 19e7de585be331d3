"""Writes a scenario of one provider from what NHS England publishes (DM01), and a page about it.

    python -m sim.scenario.from_dm01 FILE... --provider RTH --test MRI --test CT --start 2025-03

Several providers make a network: a `--site` for each, in the same order, of a `--region` file that has
places, sites and travel. Written are then the parts that scenarios extend: what is the same whoever
scans, the scanners, and the readers.

The list at the end of `--start` is the opening list, the twelve months up to it give demand, slots and
the order of service, and the scenario starts the day after. FILE: one extract or several, as NHS
England publishes one a month.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from sim.scenario.dm01 import (
    MODALITY,
    Dm01Fault,
    Month,
    month_after,
    month_called,
    months,
    provider_of,
    spans,
    test_called,
)  # fmt: skip
from sim.scenario.document import FORBIDDEN_IN_NAMES
from sim.scenario.faults import Fault, Position, ScenarioFaults
from sim.scenario.network import (
    FILES,
    Trust,
    fillings,
    numbers_together,
    told_of_scanners,
    told_of_trusts,
    where_of,
)  # fmt: skip
from sim.scenario.trust import (
    MONTHS_BEFORE,
    TestNumbers,
)  # fmt: skip
from sim.scenario.trust_told import (
    POORLY,
    rendered,
    reports_a_day,
    short_name,
    slug,
    told_of,
    told_of_start,
    told_of_test,
    urgent_why,
)

NETWORK = "network"
MOST_URGENT = 0.4


def parser() -> argparse.ArgumentParser:
    """The command line."""
    usage = argparse.ArgumentParser(
        prog="python -m sim.scenario.from_dm01", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )  # fmt: skip
    add = usage.add_argument
    add("files", nargs="+", type=Path, metavar="FILE", help="DM01 extracts as CSV")
    add("--provider", action="append", required=True, metavar="CODE", dest="providers", help="code or name as in the extract; England for a file without providers; several make a network")  # fmt: skip
    add("--test", action="append", required=True, metavar="TEST", dest="tests", help="MRI, CT, NOUS (ultrasound) or DEXA; may be repeated")  # fmt: skip
    add(
        "--start",
        required=True,
        metavar="YYYY-MM",
        help="the month at whose end the list is the opening list",
    )
    add("--name", metavar="NAME", help="name of the files (default: from the provider's name)")
    add("--title", metavar="TEXT", help="the provider's name as the scenario shall write it")
    add("--place", metavar="NAME", help="name of the catchment")
    add(
        "--site",
        action="append",
        metavar="NAME",
        dest="sites",
        help="name of the one site that stands for all",
    )
    add(
        "--region", type=Path, metavar="FILE", help="of a network: the file with its places, sites and travel"
    )
    add("--latitude", type=float, metavar="X", help="of place and site, degrees")
    add("--longitude", type=float, metavar="Y", help="of place and site, degrees")
    add("--position-source", metavar="ID", help="where the position is from, an entry of sources.yaml")
    add("--population", type=int, metavar="N", help="people of the catchment")
    add("--without-car", type=float, metavar="PERCENT", help="households without a car or van")
    add("--census", metavar="NOTE", help="says that both are from the Census 2021, and of which districts")
    add("--urgent", type=float, metavar="PERCENT", help="share of arrivals with an urgent priority (default: of 5, 15 and 30 whichever fits best)")  # fmt: skip
    add("--horizon", type=int, default=7, metavar="DAYS", help="days booked ahead (default: 7)")
    add("--remark", metavar="TEXT", help="a paragraph for the page")
    add("--out", type=Path, default=Path("scenarios/trusts"), metavar="DIR", help="where the files go (default: scenarios/trusts)")  # fmt: skip
    add("--force", action="store_true", help="write over files that are there")
    return usage


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the scenario and its page; 0, or 2 with a line for each fault and nothing written."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = parser().parse_args(words)
    try:
        targets, texts = make(options, words)
        write(targets, texts)
    except ScenarioFaults as found:
        print(found, file=sys.stderr)
        return 2
    for target in targets:
        print(target)
    for line in "\n".join(texts).splitlines():
        if line.endswith(POORLY):
            print(line)
    return 0


def make(options: argparse.Namespace, words: Sequence[str]) -> tuple[list[Path], list[str]]:
    """(files, texts) of what is asked for. Raises `ScenarioFaults` with everything found wrong."""
    one_of_each(options)
    faults = faults_of(options)
    where, found = where_of(options.region, options.sites) if options.region else ([], [])
    read, named, more = read_all(options)
    faults += found + more
    if not faults:
        options.title = options.title or short_name(named[0][1])
        options.name = options.name or (NETWORK if options.region else slug(options.title))
        faults += faults_of_targets(targets_of(options), options.force)
    if faults:
        raise ScenarioFaults(faults)
    urgent = None if options.urgent is None else options.urgent / 100
    numbers = [
        numbers_together(test, months, options.start, options.horizon, urgent)
        for test, months in read.items()
    ]
    if options.region:
        return targets_of(options), network_texts(options, words, named, where, numbers)
    told = told_of(options, command(words), named[0][0], [each for (each,) in numbers])
    return targets_of(options), [rendered("trust.yaml", told), rendered("trust.md", told)]


def one_of_each(options: argparse.Namespace) -> None:
    """Providers, tests and sites, each once, in the order given."""
    options.tests = list({test_called(test): test for test in options.tests}.values())
    options.providers = list(dict.fromkeys(options.providers))
    options.sites = options.sites or []


def read_all(options: argparse.Namespace) -> tuple[dict[str, list], list[tuple[str, str]], list[Fault]]:
    """({test: months of each provider}, (code, name) of each provider, what is wrong)."""
    read: dict[str, list] = {test_called(test): [] for test in options.tests}
    named: dict[str, tuple[str, str]] = {}
    faults: list[Fault] = []
    for test in read:
        for provider in options.providers:
            try:
                read[test].append(months_around(options, provider, test))
                named.setdefault(provider, provider_of(options.files, provider, test))
            except ScenarioFaults as found:
                faults += found.faults
    return read, list(named.values()), faults


def targets_of(options: argparse.Namespace) -> list[Path]:
    """The files to be written, the page last."""
    parts = [f"{options.name}_{part}.yaml" for part in FILES] if options.region else [f"{options.name}.yaml"]
    return [options.out / name for name in (*parts, f"{options.name}.md")]


def network_texts(
    options: argparse.Namespace,
    words: Sequence[str],
    named: Sequence[tuple[str, str]],
    where: Sequence[tuple[str, int]],
    numbers: list[list[TestNumbers]],
) -> list[str]:
    """The parts of a network and its page. numbers: by test, of each trust."""
    trusts = [
        Trust(code, short_name(name), name, site, place, people, tuple(each))
        for (code, name), site, (place, people), each in zip(named, options.sites, where, zip(*numbers))
    ]
    told = told_of_start(options, command(words), numbers[0][0])
    told |= told_of_trusts(trusts, {trust.name: reports_a_day(trust.numbers) for trust in trusts})
    given = options.urgent is not None
    told["modalities"] = [
        {
            **told_of_test(tests[0], given),
            "urgent_why": urgent_why(tests[0], given, "all the lists together"),
            "tests": [told_of_scanners(t, told_of_test(n, given), n) for t, n in zip(trusts, tests)],
        }
        for tests in numbers
    ]
    told |= {
        "tests": told["modalities"],
        "urgent_given": given,
        "region": Path(os.path.relpath(options.region, options.out)).as_posix(),
    }
    texts = [rendered(template, told | own) for template, own in fillings(trusts, options.name)]
    return [*texts, rendered("network.md", told)]


def write(targets: list[Path], texts: list[str]) -> None:
    """Write the files. Raises `ScenarioFaults` where that cannot be done."""
    try:
        targets[0].parent.mkdir(parents=True, exist_ok=True)
        for target, text in zip(targets, texts):
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ScenarioFaults(
            [Fault(Position(str(targets[0].parent)), "", f"cannot be written: {error.strerror}")]
        ) from None


# ---- what may be wrong


def faults_of(options: argparse.Namespace) -> list[Fault]:
    """What is wrong with the options by themselves."""
    found: list[tuple[str, str]] = []
    month = re.fullmatch(r"\d{4}-\d{2}", options.start) and month_called(options.start)
    if not month:
        found.append(("--start", f"must be a month such as 2025-03, got {options.start!r}"))
    for test in options.tests:
        if test_called(test) not in MODALITY:
            found.append(("--test", f"no test {test!r} here (there are: {', '.join(MODALITY)})"))
    if (options.latitude is None) != (options.longitude is None):
        found.append(("--latitude", "and --longitude go together"))
    for option, least, most in (
        ("latitude", -90, 90), ("longitude", -180, 180), ("population", 1, 1e8), ("without_car", 0, 100),
        ("urgent", 0, 100 * MOST_URGENT), ("horizon", 1, 27),
    ):  # fmt: skip
        value = getattr(options, option)
        if value is not None and not least <= value <= most:
            found.append(
                (f"--{option.replace('_', '-')}", f"must lie between {least:g} and {most:g}, got {value:g}")
            )
    for option, names in (("place", [options.place or ""]), ("site", options.sites)):
        if any(sign in name for name in names for sign in FORBIDDEN_IN_NAMES):
            found.append((f"--{option}", f"must be without any of {FORBIDDEN_IN_NAMES}"))
    found += faults_of_a_network(options)
    if options.name is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", options.name):
        found.append(("--name", f"must be letters, digits, _ and -, got {options.name!r}"))
    return [Fault(Position(option), "", message) for option, message in found]


def faults_of_a_network(options: argparse.Namespace) -> list[tuple[str, str]]:
    """(option, message): what belongs to several providers, and what to one."""
    found: list[tuple[str, str]] = []
    several, sites = len(options.providers), len(options.sites)
    if (several > 1) != (options.region is not None):
        found.append(("--region", "and several --provider go together"))
    if sites != several and (options.region or sites > 1):
        found.append(("--site", f"must be given once for each --provider: {sites} for {several}"))
    for option in ("title", "place", "latitude", "longitude", "population", "without_car", "census"):
        if options.region and getattr(options, option) is not None:
            found.append((f"--{option.replace('_', '-')}", "is of one provider; a network has its --region"))
    return found


def months_around(options: argparse.Namespace, provider: str, test: str) -> list[Month]:
    """One test's months. Raises `ScenarioFaults` unless the 13 up to the start are there, with people waiting."""
    read = months(options.files, provider, test)
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", options.start):
        return read
    there = {month.month: month for month in read}
    needed = [month_after(options.start, -step) for step in range(MONTHS_BEFORE, -1, -1)]
    where = Position(", ".join(map(str, options.files)))
    missing = [month for month in needed if month not in there]
    if missing:
        message = f"{test} of {provider}: no {spans(missing)}; {spans(needed)} are needed, there are {spans(list(there))}"
        raise Dm01Fault([Fault(where, "", message)])
    empty = [month for month in needed if not there[month].waiting_list]
    if empty:
        raise Dm01Fault([Fault(where, "", f"{test} of {provider}: nobody waits in {spans(empty)}")])
    return read


def faults_of_targets(targets: list[Path], force: bool) -> list[Fault]:
    """Files that are there already."""
    there = [] if force else [target for target in targets if target.exists()]
    return [Fault(Position(str(target)), "", "is there already; --force writes over it") for target in there]


def command(words: Sequence[str]) -> str:
    """The command line to be shown: options in order, FILE for the files, without where it was written."""
    options = parser().parse_args(words)
    kept = ["python -m sim.scenario.from_dm01 FILE"]
    for action in parser()._actions:
        value = getattr(options, action.dest, None)
        if action.dest in ("files", "out", "force", "remark", "help") or value in (None, action.default):
            continue
        for item in value if isinstance(value, list) else [value]:
            kept.append(f"{action.option_strings[0]} {shlex.quote(str(item))}")
    return " ".join(kept)


if __name__ == "__main__":
    sys.exit(main())
