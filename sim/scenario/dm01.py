"""Reads the waiting lists that NHS England publishes each month (DM01): list by weeks waited, activity.

Two shapes of CSV are read, told apart by their columns: one row a provider, test and month
(`period_end,provider_code,...,w00,...,w13p`), and the full monthly extract (`Period`, `Provider Org
Code`, `Diagnostic Tests`, `00 < 01 Week`, ...), where a provider has one row a commissioner. A file
without columns for providers is England's.
"""

from __future__ import annotations

import csv
import datetime
import difflib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.model.bands import BAND_COUNT
from sim.scenario.faults import Fault, Position, ScenarioFaults

ENGLAND = "England"
BANDS = (*(f"w{week:02d}" for week in range(BAND_COUNT - 1)), "w13p")
FLOWS = ("act_waiting_list", "act_planned", "act_unscheduled")
OTHER_NAMES = {
    "period_end": ("period",),
    "provider_code": ("providerorgcode",),
    "provider_name": ("providerorgname",),
    "test": ("diagnostictests", "diagnostictest"),
    "waiting_list": ("totalwl", "totalwaitinglist"),
    "act_waiting_list": ("waitinglistactivity",),
    "act_planned": ("plannedactivity",),
    "act_unscheduled": ("unscheduledactivity",),
    "w13p": ("13weeks",),
} | {
    f"w{week:02d}": (f"{week:02d}{week + 1:02d}weeks", f"{week:02d}{week + 1:02d}week") for week in range(13)
}
"""What a column of the first shape is called in the monthly extract, letters and digits only."""
SHOWN = {"w13p": "13+ Weeks", "w00": "00 < 01 Week"} | {
    f"w{week:02d}": f"{week:02d} < {week + 1:02d} Weeks" for week in range(1, 13)
}
NEEDED = ("period_end", "test", "waiting_list", *FLOWS, *BANDS)
COMMISSIONERS = ("commissionerorgcode", "commissionerparentorgcode")

TESTS = {
    "MRI": ("magneticresonanceimaging", "imagingmagneticresonanceimaging", "mriscan"),
    "CT": ("computedtomography", "imagingcomputedtomography", "ctscan"),
    "NOUS": ("nonobstetricultrasound", "imagingnonobstetricultrasound", "ultrasound", "us"),
    "DEXA": ("dexascan", "dxa", "imagingdexascan", "bonedensitometry"),
}
"""The imaging tests and their other spellings, letters and digits only; further tests go by their own name."""
MODALITY = {"MRI": "MRI", "CT": "CT", "NOUS": "ultrasound", "DEXA": "DEXA"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MOST_NAMED = 12


class Dm01Fault(ScenarioFaults, ValueError):
    """What is wrong with an extract, or with what is asked of it; `faults` in order of position.

    file, line, column, message: those of the first fault; line and column count from 1, and are 0
    where the fault is of the whole file.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        first = self.faults[0]
        self.file, self.line, self.column = first.position.file, first.position.line, first.position.column
        self.message = f"{first.key}: {first.message}" if first.key else first.message


@dataclass(frozen=True)
class Month:
    """One provider's list for one test at a month's end, and what was done in the month. Tests, not people."""

    month: str
    """`YYYY-MM`."""
    bands: tuple[int, ...]
    """14 numbers: waiting by whole weeks waited, the last 13 weeks or more."""
    waiting_list_activity: int
    """Tests done off the waiting list in the month."""
    planned: int
    """Planned (surveillance) tests done; never on the list."""
    unscheduled: int
    """Unscheduled tests done (A&E, inpatients); never on the list."""

    @property
    def waiting_list(self) -> int:
        """The list at the month's end."""
        return sum(self.bands)

    @property
    def days(self) -> int:
        """Days of the month."""
        year, month = map(int, self.month.split("-"))
        first = datetime.date(year, month, 1)
        return ((first + datetime.timedelta(days=31)).replace(day=1) - first).days

    def percent_over(self, weeks: int) -> float:
        """Share of the list that has waited so many weeks or more, in %; 0 for an empty list."""
        return 100 * sum(self.bands[weeks:]) / self.waiting_list if self.waiting_list else 0.0


def months(files: Path | Sequence[Path], provider: str, test: str) -> list[Month]:
    """The months of one provider and test, in order. Raises `Dm01Fault` with everything that is wrong.

    files: an extract, or several (NHS England publishes one a month). provider: code or name as in
    the file, or `England` for a file without providers. test: MRI, CT, NOUS, ultrasound, DEXA, or as
    in the file. Only the rows asked for are checked.
    """
    reading = _read(files, provider, test)
    return [reading.months[month] for month in sorted(reading.months)]


def one_month(files: Path | Sequence[Path], provider: str, test: str, month: str) -> Month:
    """The month `YYYY-MM` of one provider and test. Raises `Dm01Fault`, as `months` does."""
    found = months(files, provider, test)
    for known in found:
        if known.month == month:
            return known
    where = Position(", ".join(map(str, _paths(files))))
    there = spans([known.month for known in found])
    raise Dm01Fault([Fault(where, "", f"no month {month} for {provider} and {test}; there are {there}")])


def provider_of(files: Path | Sequence[Path], provider: str, test: str) -> tuple[str, str]:
    """(code, name) of a provider as the extract writes them. Raises `Dm01Fault`, as `months` does."""
    reading = _read(files, provider, test)
    return reading.code, reading.name


def test_called(written: str) -> str:
    """A test's name here: MRI, CT, NOUS or DEXA for the imaging tests, otherwise letters and digits."""
    plain = _plain(written)
    for test, spellings in TESTS.items():
        if plain == _plain(test) or plain in spellings:
            return test
    return plain


def month_called(written: str) -> str | None:
    """`YYYY-MM` of a date as extracts write it: `DM01-MARCH-2025`, `March 2025`, `2025-03-31`; else None."""
    text = written.strip().lower()
    iso = re.fullmatch(r"(\d{4})-(\d{2})(-\d{2}([t ].*)?)?", text)
    british = re.fullmatch(r"\d{1,2}/(\d{1,2})/(\d{4})", text)
    named = re.fullmatch(r"(?:dm01[-_ ]*)?([a-z]{3})[a-z]*[-_ ]*(\d{4})", text)
    if iso:
        year, month = int(iso[1]), int(iso[2])
    elif british:
        year, month = int(british[2]), int(british[1])
    elif named and named[1] in MONTHS:
        year, month = int(named[2]), MONTHS.index(named[1]) + 1
    else:
        return None
    return f"{year:04d}-{month:02d}" if 1 <= month <= 12 and 1990 <= year <= 2090 else None


def month_after(month: str, steps: int = 1) -> str:
    """The month so many months after `YYYY-MM`; before it, for a negative number."""
    year, number = map(int, month.split("-"))
    years, number = divmod(number - 1 + steps, 12)
    return f"{year + years:04d}-{number + 1:02d}"


def spans(found: Sequence[str]) -> str:
    """Months in words, unbroken runs together: `2023-04 to 2024-03, 2024-05`."""
    runs: list[list[str]] = []
    for month in sorted(found):
        if runs and month == month_after(runs[-1][-1]):
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs) or "none"


# ---- reading


@dataclass
class _Reading:
    """What has been read of one provider and test, and what was found wrong."""

    provider: str
    test: str
    months: dict[str, Month] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    """Where each month was read, for the fault of reading it twice."""
    providers: dict[str, str] = field(default_factory=dict)
    there: dict[str, dict[str, None]] = field(default_factory=dict)
    """Every provider's tests, in the order of the file."""
    tests: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    code: str = ""
    name: str = ""

    def is_asked_for(self, code: str, name: str) -> bool:
        """Whether a row is the provider's; its code and its name are taken, in any case."""
        return self.provider.casefold() in (code.casefold(), name.casefold())


def providers_and_tests(files: Path | Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """Who is in the extracts: {code: tests}, in their order. Raises `Dm01Fault`."""
    reading = _read(files, "", "", everybody=True)
    return {code: tuple(tests) for code, tests in reading.there.items()}


def _paths(files: Path | Sequence[Path]) -> list[Path]:
    return [files] if isinstance(files, (str, Path)) else list(files)


def _read(files: Path | Sequence[Path], provider: str, test: str, everybody: bool = False) -> _Reading:
    reading = _Reading(provider.strip(), test_called(test))
    for file in _paths(files):
        _read_file(Path(file), reading)
    if not reading.faults and not reading.months and not (everybody and reading.there):
        where = Position(", ".join(map(str, _paths(files))))
        reading.faults.append(Fault(where, "", _nothing_found(reading, test)))
    if reading.faults:
        raise Dm01Fault(reading.faults)
    return reading


def _read_file(file: Path, reading: _Reading) -> None:
    try:
        lines = csv.reader(io.StringIO(_text(file), newline=""))
        header = next(lines, None)
        if not header or not any(cell.strip() for cell in header):
            raise Dm01Fault(
                [Fault(Position(str(file)), "", "is empty: the first line must name the columns")]
            )
        columns = _columns(header, str(file))
        for cells in lines:
            if any(cell.strip() for cell in cells):
                _read_row(_Row(str(file), lines.line_num, cells, header, columns), reading)
    except Dm01Fault as found:
        reading.faults += found.faults
    except csv.Error as error:
        reading.faults.append(Fault(Position(str(file), lines.line_num, 1), "", f"not CSV: {error}"))


def _text(file: Path) -> str:
    """The text of an extract: UTF-8 with or without a mark, UTF-16 with one, otherwise Windows-1252."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise Dm01Fault([Fault(Position(str(file)), "", f"cannot be read: {error.strerror}")]) from None
    if raw.startswith(b"PK"):
        message = "is a spreadsheet or a zip archive; save the sheet as CSV, or unpack it"
        raise Dm01Fault([Fault(Position(str(file)), "", message)])
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Dm01Fault([Fault(Position(str(file)), "", "is not text: save it as CSV in UTF-8")])


def _columns(header: list[str], file: str) -> dict[str, int]:
    """Where each column stands, by the first shape's names. Raises `Dm01Fault` naming what is missing."""
    plain = [_plain(cell) for cell in header]
    columns: dict[str, int] = {}
    faults = []
    for name in (*NEEDED, "provider_code", "provider_name"):
        places = [i for i, cell in enumerate(plain) if cell in (_plain(name), *OTHER_NAMES[name])]
        if len(places) > 1:
            faults.append(Fault(Position(file, 1, places[1] + 1), "", f"a second column for {_shown(name)}"))
        elif places:
            columns[name] = places[0]
        elif name in NEEDED:
            faults.append(Fault(Position(file, 1, 1), "", f"no column {_shown(name)}"))
    if len(faults) == len(NEEDED):
        faults = [
            Fault(Position(file, 1, 1), "", "none of the columns of a DM01 extract; is it comma separated?")
        ]
    if faults:
        raise Dm01Fault(faults)
    if any(cell in COMMISSIONERS for cell in plain):
        columns["commissioner"] = next(i for i, cell in enumerate(plain) if cell in COMMISSIONERS)
    return columns


def _shown(name: str) -> str:
    extract = {"period_end": "Period", "test": "Diagnostic Tests", "waiting_list": "Total WL"}
    extract |= dict(zip(FLOWS, ("Waiting List Activity", "Planned Activity", "Unscheduled Activity"))) | SHOWN
    return f"`{name}` (in the monthly extract `{extract[name]}`)" if name in extract else f"`{name}`"


@dataclass(frozen=True)
class _Row:
    """One line of an extract."""

    file: str
    line: int
    cells: list[str]
    header: list[str]
    columns: dict[str, int]

    def text(self, column: str) -> str:
        """A cell; empty where the column or the cell is not there."""
        place = self.columns.get(column)
        return self.cells[place].strip() if place is not None and place < len(self.cells) else ""

    def fault(self, column: str, message: str) -> Dm01Fault:
        """A fault of one cell."""
        place = self.columns[column]
        return Dm01Fault(
            [Fault(Position(self.file, self.line, place + 1), self.header[place].strip(), message)]
        )

    def number(self, column: str) -> int:
        """A cell as a whole number, zero or more. Raises `Dm01Fault`."""
        text = self.text(column)
        if re.fullmatch(r"-\d[\d,]*(\.\d+)?", text):
            raise self.fault(column, f"must not be negative, got {text}")
        if not re.fullmatch(r"(\d{1,3}(,\d{3})+|\d{1,12})(\.0+)?", text):
            raise self.fault(column, f"must be a whole number, got {text!r}")
        return int(text.partition(".")[0].replace(",", ""))


def _read_row(row: _Row, reading: _Reading) -> None:
    """Take a row if it is asked for; a total, or a row of nobody, is passed over."""
    has_providers = "provider_code" in row.columns or "provider_name" in row.columns
    code, name = row.text("provider_code"), row.text("provider_name")
    code, name = (code or name, name or code) if has_providers else (ENGLAND, ENGLAND)
    test = test_called(row.text("test"))
    if not code or test in ("", "total"):
        return
    reading.providers[code] = name
    reading.there.setdefault(code, {})[test] = None
    if not reading.is_asked_for(code, name):
        return
    reading.tests.add(test)
    if test != reading.test:
        return
    reading.code, reading.name = code, name
    try:
        _add(_month(row), row, reading)
    except Dm01Fault as found:
        reading.faults += found.faults


def _month(row: _Row) -> Month:
    """A row as a `Month`. Raises `Dm01Fault` with every fault of the row."""
    faults: list[Fault] = []

    def number(column: str) -> int:
        """A column's number; its faults are kept, and it is 0 then."""
        try:
            return row.number(column)
        except Dm01Fault as found:
            faults.extend(found.faults)
            return 0

    if len(row.cells) < len(row.header):
        message = f"has {len(row.cells)} cells, the first line has {len(row.header)}"
        raise Dm01Fault([Fault(Position(row.file, row.line, len(row.cells) + 1), "", message)])
    month = month_called(row.text("period_end"))
    if month is None:
        faults += row.fault("period_end", f"no month in {row.text('period_end')!r}").faults
    bands, total = tuple(map(number, BANDS)), number("waiting_list")
    flows = [number(column) for column in FLOWS]
    if not faults and sum(bands) != total:
        faults += row.fault("waiting_list", f"is {total}, but the bands add up to {sum(bands)}").faults
    if faults:
        raise Dm01Fault(faults)
    return Month(month, bands, *flows)


def _add(month: Month, row: _Row, reading: _Reading) -> None:
    """Keep a month; commissioners of one file are summed, anything else given twice is a fault."""
    before = reading.months.get(month.month)
    if before is None:
        reading.months[month.month] = month
        reading.written[month.month] = f"{row.file}:{row.line}"
    elif "commissioner" in row.columns and reading.written[month.month].rpartition(":")[0] == row.file:
        reading.months[month.month] = _sum(before, month)
    else:
        message = f"{month.month} was given before, at {reading.written[month.month]}"
        raise row.fault("period_end", message)


def _sum(one: Month, other: Month) -> Month:
    return Month(
        one.month,
        tuple(a + b for a, b in zip(one.bands, other.bands)),
        one.waiting_list_activity + other.waiting_list_activity,
        one.planned + other.planned,
        one.unscheduled + other.unscheduled,
    )


def _nothing_found(reading: _Reading, test: str) -> str:
    if reading.tests:
        return f"no test {test!r} for {reading.provider}{_nearest(test, sorted(reading.tests))}"
    return f"no provider {reading.provider!r}{_who_may_be_meant(reading)}"


def _who_may_be_meant(reading: _Reading) -> str:
    """The provider nearest in code or name, or those whose name has the word in it; otherwise all codes."""
    word = reading.provider.casefold()
    holding = [f"{code} is {name}" for code, name in reading.providers.items() if word in name.casefold()]
    if len(holding) > 1:
        return f"; its code or whole name is needed: {', '.join(sorted(holding)[:MOST_NAMED])}"
    named = {**reading.providers, **{name: name for name in reading.providers.values()}}
    folded = {key.casefold(): key for key in named}
    close = [key for key in folded if holding and word in key]
    close = close or difflib.get_close_matches(word, folded, n=1, cutoff=0.5)
    if not close:
        return _nearest(reading.provider, sorted(reading.providers))
    key = folded[close[0]]
    code = next(c for c, name in reading.providers.items() if key in (c, name))
    return f"; did you mean {code!r} ({reading.providers[code]})?"


def _nearest(word: str, legal: list[str]) -> str:
    close = difflib.get_close_matches(word, legal, n=1, cutoff=0.5)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    more = f" and {len(legal) - MOST_NAMED} more" if len(legal) > MOST_NAMED else ""
    return f"{hint} (there are: {', '.join(legal[:MOST_NAMED]) or 'none'}{more})"


def _plain(text: str) -> str:
    """Letters and digits only, in small letters: how columns and tests are compared."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
