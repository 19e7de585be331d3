"""A scenario from published lists: what the command writes, and what it refuses to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.dm01 import BANDS, month_after
from sim.scenario.document import parse_yaml
from sim.scenario.from_dm01 import command, main
from sim.scenario.trust_told import short_name, slug
from tests.unit.test_dm01 import HEADER
from tests.unit.test_shipped_scenarios import SCENARIOS, SOURCES

START = "2025-03"
TRUSTS = sorted((SCENARIOS / "trusts").glob("*.yaml"))
QUICK = ["--urgent", "15"]


def rows(test: str, first: str = "2024-03", months: int = 19, **cells) -> list[list]:
    """Months of a trust that scans 2,000 a month off its list of 3,000 or a little more."""
    made = []
    for step in range(months):
        month = month_after(first, step)
        bands = [500 + step, 480, 440, 400, 360, 320, 200, 120, 70, 40, 30, 20, 10, 10]
        row = dict(
            zip(
                HEADER,
                [
                    f"{month}-28",
                    "R99",
                    "THE EXAMPLE UNIVERSITY HOSPITALS NHS FOUNDATION TRUST",
                    test,
                    sum(bands),
                    2000,
                    300,
                    900,
                    *bands,
                ],
            )
        )
        made.append(list((row | cells).values()))
    return made


@pytest.fixture
def extract(tmp_path) -> Path:
    """An extract with MRI and CT from March 2024 to September 2025."""
    return written(tmp_path / "dm01.csv", rows("MRI") + rows("CT", act_unscheduled=6000))


def written(file: Path, lines: list[list]) -> Path:
    file.write_text("\n".join(",".join(map(str, line)) for line in [HEADER, *lines]) + "\n")
    return file


@pytest.fixture
def run(tmp_path, capsys):
    """Runs the command; returns (status, lines on stderr with the folder cut off, files written)."""

    def run(file: Path, *options: str) -> tuple[int, list[str], dict[str, str]]:
        out = tmp_path / "trusts"
        status = main([str(file), "--provider", "R99", "--start", START, "--out", str(out), *QUICK, *options])
        files = {path.name: path.read_text() for path in sorted(out.glob("*"))}
        return status, capsys.readouterr().err.replace(f"{tmp_path}/", "").splitlines(), files

    return run


@pytest.fixture
def scenario(run, extract):
    """The scenario of MRI and CT, parsed, and its page."""
    status, faults, files = run(extract, "--test", "MRI", "--test", "CT", "--name", "example")
    assert (status, faults, sorted(files)) == (0, [], ["example.md", "example.yaml"])
    return parse_yaml(files["example.yaml"]), files["example.md"]


def test_lists_that_the_fit_explains_poorly_are_named_on_the_screen(tmp_path, extract, capsys):
    out = tmp_path / "trusts"
    assert (
        main(
            [str(extract), "--provider", "R99", "--start", START, "--out", str(out), *QUICK, "--test", "MRI"]
        )
        == 0
    )
    *files, said = capsys.readouterr().out.splitlines()
    assert len(files) == 2 and said.startswith("MRI: a month ahead the hazard misses")
    assert said.endswith("it comes less near than no change, so it explains these lists poorly.")
    assert said in files_in(out)[".md"]


def files_in(folder: Path) -> dict[str, str]:
    """What a run of the command wrote, by suffix."""
    return {path.suffix: path.read_text() for path in folder.iterdir()}


def number(value: dict) -> float:
    return float(value["value"].split()[0])


def test_the_opening_list_is_the_published_one_and_the_world_starts_the_day_after(scenario):
    tree, _ = scenario
    assert str(tree["calendar"]["start"]) == "2025-04-01"
    assert tree["opening_list"]["mri"]["bands"] == [
        512,
        480,
        440,
        400,
        360,
        320,
        200,
        120,
        70,
        40,
        30,
        20,
        10,
        10,
    ]


def test_demand_is_what_was_done_and_what_the_list_grew_by(scenario):
    tree, _ = scenario
    assert number(tree["demand"]["MRI"]["per_year"]) == 12 * 2000 + 12
    assert number(tree["demand"]["MRI"]["planned"]["per_year"]) == 12 * 300
    assert number(tree["demand"]["CT"]["unscheduled"]["per_year"]) == 12 * 6000


@pytest.mark.parametrize("modality", ["MRI", "CT"])
def test_the_slots_of_a_year_are_those_that_the_years_tests_took(scenario, modality):
    tree, _ = scenario
    fleet = [scanner for scanner in tree["fleet"].values() if scanner["modality"] == modality]
    year = 357 * sum(number(scanner["slots_per_day"]) for scanner in fleet)
    assert year * (1 - 0.074 - 0.03) == pytest.approx(12 * 2300, rel=0.002)


@pytest.mark.parametrize("modality", ["MRI", "CT"])
def test_the_scanners_have_time_for_every_slot_and_for_unscheduled_work(scenario, modality):
    tree, _ = scenario
    fleet = [scanner for scanner in tree["fleet"].values() if scanner["modality"] == modality]
    minutes = number(tree["scanning"][modality]["couch_time"])
    slots = sum(number(scanner["slots_per_day"]) for scanner in fleet)
    unscheduled = number(tree["demand"][modality]["unscheduled"]["per_year"]) / 365
    assert (slots + unscheduled) * minutes <= 600 * len(fleet)
    assert (slots + unscheduled) * minutes > 600 * (len(fleet) - 1.2)
    on_call = [scanner for scanner in fleet if scanner.get("on_call")]
    assert unscheduled / 24 * minutes / 60 <= 0.8 * len(on_call)


def test_the_hazard_has_14_weights_the_largest_1(scenario):
    tree, _ = scenario
    for by_provider in tree["booking"]["treatment_hazard"].values():
        (hazard,) = by_provider.values()
        assert len(hazard["by_week"]) == 14
        assert max(hazard["by_week"]) == 1


def test_the_page_says_what_was_read_and_what_came_after(scenario):
    _, page = scenario
    for said in (
        "Example University Hospitals",
        "Open Government\n",
        "| 13 or more |",
        "| 2025-09 | 3,018 |",
        "## What is assumed",
    ):
        assert said in page.replace("Open Government Licence", "Open Government\n")


def test_the_page_of_an_extract_that_ends_at_the_start_says_so(run, tmp_path):
    _, _, files = run(written(tmp_path / "x.csv", rows("MRI", months=13)), "--test", "MRI")
    assert "The extract ends with 2025-03." in files["example_university_hospitals.md"]


def test_files_that_are_there_are_not_written_over_without_force(run, extract):
    assert run(extract, "--test", "MRI", "--name", "x")[0] == 0
    status, faults, _ = run(extract, "--test", "MRI", "--name", "x")
    assert (status, faults) == (
        2,
        [f"trusts/x.{e}: is there already; --force writes over it" for e in ("md", "yaml")],
    )
    assert run(extract, "--test", "MRI", "--name", "x", "--force")[0] == 0


@pytest.mark.parametrize(("lines", "options", "said"), [
    (rows("MRI", first="2024-05"), [], "dm01.csv: MRI of R99: no 2024-03 to 2024-04; 2024-03 to 2025-03 are needed, there are 2024-05 to 2025-11"),
    (rows("MRI", waiting_list=7), [], "dm01.csv:2:5: waiting_list: is 7, but the bands add up to 3000"),
    (rows("MRI", **dict.fromkeys((*BANDS, "waiting_list"), 0)), [], "dm01.csv: MRI of R99: nobody waits in 2024-03 to 2025-03"),
    (rows("MRI"), ["--test", "PET"], "--test: no test 'PET' here (there are: MRI, CT, NOUS, DEXA)"),
    (rows("MRI"), ["--start", "March"], "--start: must be a month such as 2025-03, got 'March'"),
    (rows("MRI"), ["--latitude", "51"], "--latitude: and --longitude go together"),
    (rows("MRI"), ["--urgent", "70"], "--urgent: must lie between 0 and 40, got 70"),
    (rows("MRI"), ["--name", "../x"], "--name: must be letters, digits, _ and -, got '../x'"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_written(run, tmp_path, lines, options, said):
    status, faults, files = run(written(tmp_path / "dm01.csv", lines), "--test", "MRI", *options)
    assert (status, files) == (2, {})
    assert said in faults


def test_all_faults_come_at_once(run, extract):
    _, faults, _ = run(extract, "--test", "MRI", "--test", "DEXA", "--horizon", "40", "--latitude", "51")
    assert len(faults) == 3


def test_a_name_that_yaml_would_misread_is_kept(run, extract):
    _, _, files = run(
        extract, "--test", "MRI", "--name", "x", "--title", "King's, Lynn: #1 [QEH]", "--place", "no"
    )
    tree = parse_yaml(files["x.yaml"])
    assert list(tree["places"]) == ["no"]
    assert tree["reporting"]["radiologists"]["reports_for"] == ["King's, Lynn: #1 [QEH]"]


def test_names_are_those_that_people_say():
    assert (
        short_name("UNIVERSITY HOSPITALS OF NORTH MIDLANDS NHS TRUST")
        == "University Hospitals of North Midlands"
    )
    assert short_name("The Royal Wolverhampton NHS Trust") == "Royal Wolverhampton"
    assert slug("Queen's, King's Lynn") == "queen_s_king_s_lynn"


def test_the_command_is_shown_without_where_anything_was():
    shown = command(
        [
            "/home/me/dm01.csv",
            "--provider",
            "R99",
            "--test",
            "MRI",
            "--start",
            START,
            "--out",
            "/home/me",
            "--place",
            "Our town",
        ]
    )
    assert (
        shown
        == "python -m sim.scenario.from_dm01 FILE --provider R99 --test MRI --start 2025-03 --place 'Our town'"
    )


# ---- the shipped ones


@pytest.mark.parametrize("file", TRUSTS, ids=lambda file: file.stem)
def test_a_shipped_trust_is_a_whole_list_with_a_known_source_and_a_page(file):
    tree = parse_yaml(file.read_text(encoding="utf-8"))
    assert file.with_suffix(".md").is_file()
    for opening in tree["opening_list"].values():
        assert opening["source"] in SOURCES
        assert f"{sum(opening['bands']):,} waiting" in opening["note"]
    assert set(tree["demand"]) == set(tree["scanning"]) == set(tree["booking"]["treatment_hazard"])
    assert "Open Government" in file.read_text(encoding="utf-8")


def test_there_are_four_trusts_and_north_midlands_says_why_ultrasound_is_left_out():
    assert [file.stem for file in TRUSTS] == ["great_western", "north_midlands", "oxford", "wolverhampton"]
    page = (SCENARIOS / "trusts" / "north_midlands.md").read_text(encoding="utf-8")
    assert "15,475" in page
    assert (
        "ultrasound" not in parse_yaml((SCENARIOS / "trusts" / "north_midlands.yaml").read_text())["demand"]
    )


# ---- several providers: a network

NEIGHBOURS = {"R98": "NORTH HOSPITALS NHS TRUST", "R99": "SOUTH HOSPITALS NHS FOUNDATION TRUST"}
REGION = """
places:
  North: {population: 100000 people, households_without_car: 20 %, latitude: 52 degrees, longitude: -1 degrees}
  South: {population: {value: 200000 people}, households_without_car: 20 %, latitude: 51 degrees, longitude: -1 degrees}
sites:
  North Infirmary: {place: North, latitude: 52 degrees, longitude: -1 degrees}
  South General: {place: South, latitude: 51 degrees, longitude: -1 degrees}
travel: {own_town: 15 minutes, fixed_time: 10 minutes, minutes_per_km: 1 minutes per km, public_transport_ratio: 2}
"""
NORTH_AND_SOUTH = ["--provider", "R98", "--site", "North Infirmary", "--provider", "R99", "--site", "South General"]  # fmt: skip


@pytest.fixture
def network(tmp_path, capsys):
    """Runs the command for two neighbours; returns (status, lines on stderr, files written)."""
    lines = [
        [code if cell == "R99" else name if str(cell).startswith("THE EX") else cell for cell in row]
        for code, name in NEIGHBOURS.items()
        for row in rows("MRI")
    ]
    file, out = written(tmp_path / "two.csv", lines), tmp_path / "network"
    (tmp_path / "region.yaml").write_text(REGION)

    def run(*options: str) -> tuple[int, list[str], dict[str, str]]:
        asked = ["--test", "MRI", "--start", START, "--out", str(out), *QUICK, *options]
        status = main([str(file), *asked])
        files = {path.name: path.read_text() for path in sorted(out.glob("*"))}
        return status, capsys.readouterr().err.replace(f"{tmp_path}/", "").splitlines(), files

    return lambda *options: run("--region", str(tmp_path / "region.yaml"), *options)


def test_a_network_has_the_list_and_the_demand_of_each_trust_in_its_own_place(network):
    status, faults, files = network(*NORTH_AND_SOUTH)
    assert (status, faults) == (0, [])
    pathway = parse_yaml(files["network_pathway.yaml"])
    assert {one["place"]: sum(one["bands"]) for one in pathway["opening_list"].values()} == {
        "North": 3012,
        "South": 3012,
    }
    rates = {place: number(rate) for place, rate in pathway["demand"]["MRI"]["per_1000"].items()}
    assert rates == pytest.approx({"North": 24012 / 100, "South": 24012 / 200}, abs=1e-3)
    assert set(pathway["booking"]["treatment_hazard"]["MRI"]) == {"North Infirmary", "South General"}


def test_each_scanner_of_a_network_is_handed_over_once_and_keeps_its_name(network):
    _, _, files = network(*NORTH_AND_SOUTH)
    own = parse_yaml(files["network_fleet.yaml"])["fleet"]
    for name, kept in (("handed_over", set()), ("handed_over_by_foundation_trusts", {"North Hospitals"})):
        fleet = parse_yaml(files[f"network_{name}.yaml"])["fleet"]
        before = {scanner for scanner, one in fleet.items() if one.get("until_contract")}
        theirs = {scanner for scanner in own if own[scanner]["provider"] not in kept}
        assert set(fleet) - before == theirs
        assert before == {f"before_{scanner}" for scanner in theirs if not own[scanner].get("in_reserve")}


def test_the_readers_of_a_network_share_the_work_of_a_body_between_them(network):
    _, _, files = network(*NORTH_AND_SOUTH)
    own = parse_yaml(files["network_own_readers.yaml"])["reporting"].values()
    assert sum(number(pool["takes"]["Imaging Network"]) for pool in own) == pytest.approx(100)
    (shared,) = parse_yaml(files["network_shared_readers.yaml"])["reporting"].values()
    assert number(shared["reports_per_day"]) == pytest.approx(
        sum(number(pool["reports_per_day"]) for pool in own), abs=1
    )


@pytest.mark.parametrize(("options", "said"), [
    (["--provider", "R98", "--site", "North Infirmary"], ["--region: and several --provider go together"]),
    ([*NORTH_AND_SOUTH[:6]], ["--site: must be given once for each --provider: 1 for 2"]),
    ([*NORTH_AND_SOUTH[:7], "South Genral"], ["--site: no site 'South Genral' in region.yaml; did you mean 'South General'? (legal: North Infirmary, South General)"]),
    ([*NORTH_AND_SOUTH[:7], "North Infirmary"], ["--site: each trust needs a place of its own"]),
    ([*NORTH_AND_SOUTH, "--place", "Here"], ["--place: is of one provider; a network has its --region"]),
])  # fmt: skip
def test_what_does_not_make_a_network_is_said_and_nothing_written(network, options, said):
    assert network(*options) == (2, said, {})
