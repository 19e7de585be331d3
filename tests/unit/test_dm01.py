"""Published waiting lists: both shapes say the same, and what is wrong is said with its place."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sim.model.bands import USUAL_TAIL_WEEKS, tail_weeks
from sim.scenario.dm01 import BANDS, Dm01Fault, Month, month_called, months, one_month, provider_of
from sim.scenario.faults import ScenarioFaults

HEADER = [
    "period_end",
    "provider_code",
    "provider_name",
    "test",
    "waiting_list",
    "act_waiting_list",
    "act_planned",
    "act_unscheduled",
    *BANDS,
]
EXTRACT = [
    "Period", "Provider Parent Org Code", "Provider Parent Name", "Provider Org Code", "Provider Org Name",
    "Commissioner Parent Org Code", "Commissioner Parent Name", "Commissioner Org Code", "Commissioner Org Name",
    "Diagnostic Tests Sort Order", "Diagnostic Tests", "00 < 01 Week",
    *(f"{week:02d} < {week + 1:02d} Weeks" for week in range(1, 13)), "13+ Weeks", "Total WL",
    "Waiting List Activity", "Planned Activity", "Unscheduled Activity", "Total Activity",
]  # fmt: skip
MARCH = (100, 90, 80, 70, 60, 50, 8, 7, 6, 5, 4, 3, 2, 15)
APRIL = (90, 80, 70, 60, 50, 40, 7, 6, 5, 4, 3, 2, 1, 12)


def plain_row(end: str = "2025-03-31", bands=MARCH, code="RTH", test="MRI", total=None) -> list:
    return [end, code, f"{code} Hospitals", test, sum(bands) if total is None else total, 400, 30, 20, *bands]


def extract_row(bands, flows, period="DM01-MARCH-2025", code="RTH", test="MRI", commissioner="QU9") -> list:
    return [period, "QU9", "AN ICB", code, f"{code} HOSPITALS", "QU9", "AN ICB", commissioner, "SOMEBODY", 1, test, *bands, sum(bands), *flows, sum(flows)]  # fmt: skip


@pytest.fixture
def write(tmp_path):
    """Writes rows as CSV; returns the path."""

    def write(rows: list[list], name: str = "dm01.csv", encoding: str = "utf-8") -> Path:
        text = "\n".join(
            ",".join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) for row in rows
        )
        (tmp_path / name).write_bytes((text + "\n").encode(encoding))
        return tmp_path / name

    return write


@pytest.fixture
def faults_of(write):
    """What is said about an extract of the first shape with these rows."""

    def faults_of(*rows: list, header=HEADER, provider="RTH", test="MRI") -> list[str]:
        file = write([header, *rows])
        with pytest.raises(Dm01Fault) as found:
            months(file, provider, test)
        return str(found.value).replace(str(file), "dm01.csv").splitlines()

    return faults_of


def test_both_shapes_give_the_same_months_and_commissioners_are_added_up(write):
    plain = write([HEADER, plain_row(), plain_row("2025-04-30", APRIL)], "plain.csv")
    half = [band // 2 for band in MARCH]
    rest = [band - part for band, part in zip(MARCH, half)]
    march = write([EXTRACT, extract_row(half, (150, 10, 20)), extract_row(rest, (250, 20, 0), commissioner="QNC"),
                   extract_row(MARCH, (1, 1, 1), code="RN3"), extract_row(MARCH, (400, 30, 20), test="TOTAL"),
                   extract_row(MARCH, (400, 30, 20), code="")], "march.csv")  # fmt: skip
    april = write([EXTRACT, extract_row(APRIL, (400, 30, 20), period="April 2025")], "april.csv")
    expected = [Month("2025-03", MARCH, 400, 30, 20), Month("2025-04", APRIL, 400, 30, 20)]
    assert months(plain, "RTH", "MRI") == expected
    assert months([april, march], "RTH", "MRI") == expected
    assert provider_of(march, "rth", "MRI") == ("RTH", "RTH HOSPITALS")


def test_englands_file_has_no_providers(write):
    rows = [[cell for i, cell in enumerate(row) if i not in (1, 2)] for row in (HEADER, plain_row())]
    assert one_month(write(rows), "England", "MRI", "2025-03").waiting_list == 500


@pytest.mark.parametrize(("written", "asked"), [("NON_OBSTETRIC_ULTRASOUND", "ultrasound"), ("NOUS", "Non-obstetric ultrasound"),
                                                ("DEXA_SCAN", "DEXA"), ("DEXA", "dexa scan"), ("CT", "ct")])  # fmt: skip
def test_a_test_may_be_spelt_as_either_shape_spells_it(write, written, asked):
    assert len(months(write([HEADER, plain_row(test=written)]), "RTH", asked)) == 1


@pytest.mark.parametrize(
    "written", ["DM01-MARCH-2025", "March 2025", "Mar-2025", "2025-03-31", "2025-03", "31/03/2025"]
)
def test_a_month_is_read_however_it_is_written(written):
    assert month_called(written) == "2025-03"


@pytest.mark.parametrize("written", ["", "March", "2025-13-01", "DM01-MARS", "0025-03-31"])
def test_what_is_no_month_is_none(written):
    assert month_called(written) is None


def test_over_six_weeks_is_42_days_and_over():
    month = Month("2024-02", MARCH, 0, 0, 0)
    assert (month.percent_over(6), month.percent_over(13), month.days) == (10, 3, 29)


def test_every_missing_column_is_named(faults_of):
    header = [name for name in HEADER if name not in ("w07", "act_planned")]
    said = faults_of([cell for name, cell in zip(HEADER, plain_row()) if name in header], header=header)
    assert said == ["dm01.csv:1:1: no column `act_planned` (in the monthly extract `Planned Activity`)",
                    "dm01.csv:1:1: no column `w07` (in the monthly extract `07 < 08 Weeks`)"]  # fmt: skip


def test_a_cell_that_is_no_count_is_said_with_line_and_column(faults_of):
    word, negative, half = plain_row(), plain_row("2025-04-30"), plain_row("2025-05-31")
    word[8], negative[9], half[10] = "*", "-3", "1.5"
    assert faults_of(word, negative, half) == [
        "dm01.csv:2:9: w00: must be a whole number, got '*'",
        "dm01.csv:3:10: w01: must not be negative, got -3",
        "dm01.csv:4:11: w02: must be a whole number, got '1.5'",
    ]


def test_bands_must_add_up_to_the_list(faults_of):
    assert faults_of(plain_row(total=501)) == [
        "dm01.csv:2:5: waiting_list: is 501, but the bands add up to 500"
    ]


def test_a_row_of_somebody_else_is_not_checked(write):
    assert len(months(write([HEADER, plain_row(), plain_row(code="RXX", total=7)]), "RTH", "MRI")) == 1


def test_the_nearest_provider_is_named(faults_of):
    (said,) = faults_of(plain_row(), provider="RTHH")
    assert said.endswith("no provider 'RTHH'; did you mean 'RTH' (RTH Hospitals)?")


def test_a_part_of_a_name_names_those_who_have_it(faults_of):
    (said,) = faults_of(plain_row(), provider="h hos")
    assert said.endswith("no provider 'h hos'; did you mean 'RTH' (RTH Hospitals)?")
    (said,) = faults_of(plain_row(), plain_row(code="RAH"), provider="h hos")
    assert said.endswith(
        "'h hos'; its code or whole name is needed: RAH is RAH Hospitals, RTH is RTH Hospitals"
    )


def test_the_tests_that_there_are_are_named(faults_of):
    (said,) = faults_of(plain_row(), plain_row(test="CT"), test="MIR")
    assert said.endswith("no test 'MIR' for RTH; did you mean 'MRI'? (there are: CT, MRI)")


def test_the_months_that_there_are_are_named(write):
    with pytest.raises(
        Dm01Fault, match=r"no month 2025-04 for RTH and MRI; there are 2025-02 to 2025-03, 2025-06$"
    ):
        one_month(
            write([HEADER, plain_row("2025-02-28"), plain_row(), plain_row("2025-06-30")]),
            "RTH",
            "MRI",
            "2025-04",
        )


def test_a_month_given_twice_is_a_fault_where_there_are_no_commissioners(faults_of, write):
    (said,) = faults_of(plain_row(), plain_row("2025-04-30"), plain_row())
    assert said.startswith("dm01.csv:4:1: period_end: 2025-03 was given before, at ")
    march = [EXTRACT, extract_row(MARCH, (400, 30, 20))]
    with pytest.raises(Dm01Fault, match="2025-03 was given before"):
        months([write(march, "a.csv"), write(march, "b.csv")], "RTH", "MRI")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_an_extract_saved_by_a_spreadsheet_is_read(write, encoding):
    row = plain_row()
    row[2] = "St Mary’s, Hospitals"
    assert provider_of(write([HEADER, row], encoding=encoding), "RTH", "MRI") == (
        "RTH",
        "St Mary’s, Hospitals",
    )


@pytest.mark.parametrize(("content", "said"), [
    (b"", "is empty"), (b"\n", "is empty"), (b"PK\x03\x04rest", "is a spreadsheet or a zip archive"), (b"\x00\x01\x02", "is not text"),
    (b"a;b;c\n1;2;3\n", "none of the columns"), (",".join(HEADER).encode(), "no provider 'RTH'"),
    ((",".join(HEADER) + "\n2025-03-31,RTH,x,MRI,5").encode(), "has 5 cells, the first line has 22"),
    ((",".join([*HEADER, "w00"]) + "\n").encode(), "a second column for `w00`"),
])  # fmt: skip
def test_a_file_that_is_no_extract_is_said_to_be_none(tmp_path, content, said):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(Dm01Fault, match=said.replace("(", r"\(")):
        months(tmp_path / "x.csv", "RTH", "MRI")


def test_a_file_that_is_not_there_is_a_fault_as_all_others(tmp_path):
    with pytest.raises(ScenarioFaults) as found:
        months(tmp_path / "none.csv", "RTH", "MRI")
    assert isinstance(found.value, ValueError)
    assert (found.value.line, found.value.column) == (0, 0)
    assert "cannot be read" in found.value.message


# ---- how long those beyond 13 weeks have waited


@pytest.mark.parametrize("mean", [1.5, 4.0, 12.0])
def test_the_tail_of_an_exponential_list_is_its_mean(mean):
    bands = [1e6 * 2.718281828459045 ** (-week / mean) for week in range(14)]
    assert tail_weeks(bands) == pytest.approx(mean, rel=1e-6)


@pytest.mark.parametrize("last_weeks", [(2, 1, 1, 0), (10, 10, 10, 10), (5, 6, 7, 8)])
def test_where_there_is_nothing_to_fit_four_weeks_are_taken(last_weeks):
    assert tail_weeks([9] * 9 + list(last_weeks) + [30]) == USUAL_TAIL_WEEKS


@pytest.mark.parametrize(("bands", "fitted"), [((3, 2, 0, 0), True), ((3, 1, 0, 0), False), ((4, 3, 3, 3), True), ((3, 3, 3, 3), False)])  # fmt: skip
def test_five_people_who_fall_on_the_whole_are_enough_for_a_fit(bands, fitted):
    found = tail_weeks([0] * 9 + list(bands) + [30])
    assert (found != USUAL_TAIL_WEEKS) == fitted and 0 < found <= 52


def test_three_people_of_nine_weeks_and_two_of_ten_fall_by_the_mean_of_a_cut_off_geometric():
    """q of (q + 2q2 + 3q3) / (1 + q + q2 + q3) = 2/5, and the tail is -1 / log q weeks."""
    q = math.exp(-1 / tail_weeks([0] * 9 + [3, 2, 0, 0, 1]))
    assert (q + 2 * q**2 + 3 * q**3) / (1 + q + q**2 + q**3) == pytest.approx(0.4, rel=1e-9)


@pytest.mark.parametrize("count", [13, 15])
def test_other_than_fourteen_bands_are_refused(count):
    with pytest.raises(ValueError, match=f"must be 14 bands, got {count}"):
        tail_weeks([9] * count)


def test_a_list_that_hardly_falls_has_a_tail_of_a_year_at_most():
    assert tail_weeks([0] * 9 + [10_001, 10_000, 10_000, 10_000, 1]) == 52
