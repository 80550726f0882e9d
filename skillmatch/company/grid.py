"""A company workbook as rows of understood cells: opening the file, finding sheets and columns, parsing each cell."""

import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from skillmatch.company import cells
from skillmatch.company.cells import key_of
from skillmatch.company.columns import Column, Sheet
from skillmatch.company.sheets import COMPANY, EXAMPLE_MARK, EXTRA, HELP_MARK, NOTE, SHEETS
from skillmatch.errors import InputError, Problem

if TYPE_CHECKING:  # openpyxl takes a moment to import, and not every command reads a workbook
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

logger = logging.getLogger(__name__)

MAX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 500_000_000
MAX_CELLS = 2_000_000
"""Far above any real company; a file beyond is damaged or hostile."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of the older Office container, which holds .xls files and encrypted .xlsx files."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ALLOWED = "an Excel workbook (.xlsx)"


@dataclass
class Row:
    """A filled row: what its cells say, and where each stands. A cell that could not be read is in neither `values`."""

    sheet: str
    number: int
    values: dict[str, object] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    @property
    def read(self) -> bool:
        """Whether every filled cell could be read."""
        return not self.broken


@dataclass
class Findings:
    """What is wrong (`problems`), and what the user should merely know (`notes`)."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def place(self, sheet: str, cell: str = "") -> str:
        """Return ``file, sheet S, cell C``."""
        return f"{self.file}, sheet {sheet}" + (f", cell {cell}" if cell else "")


def open_book(path: Path) -> "Workbook":
    """Open a workbook with values for formulas; InputError if it is none.

    A formula keeps its text (beginning with ``=``, cell type ``f``) where the file has no computed value for it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        remedy = "check the name, and `skillmatch template` makes a new one"
        raise InputError(Problem(str(path), error.strerror or str(error), ALLOWED, remedy)) from error
    _check_kind(path.name, content)
    book = _load(path.name, content, computed=False)
    _check_size(path.name, book)
    if any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row):
        _put_computed_values(book, _load(path.name, content, computed=True))
    return book


def _check_kind(name: str, content: bytes) -> None:
    problem = None
    if content.startswith(OLE):
        secret = ENCRYPTED in content
        found = "a workbook that is protected with a password" if secret else "an Excel 97–2003 file (.xls)"
        remedy = "remove the password in Excel (File, Info, Protect) and save" if secret else "save it as .xlsx"
        problem = Problem(name, found, ALLOWED, remedy)
    elif len(content) > MAX_BYTES:
        problem = Problem(name, f"{len(content):,} bytes", f"at most {MAX_BYTES:,} bytes", "start from a new template")
    else:
        try:
            with ZipFile(BytesIO(content)) as archive:
                names = set(archive.namelist())
                size = sum(entry.file_size for entry in archive.infolist())
        except BadZipFile:
            found = "an empty file" if not content else "a file that is no Excel workbook, or is damaged"
            problem = Problem(name, found, ALLOWED, "open it in Excel or LibreOffice and save it as .xlsx")
        else:
            if "xl/workbook.xml" not in names:
                problem = Problem(
                    name, "another kind of file", ALLOWED, "open it and save it as Excel workbook (.xlsx)"
                )
            elif size > MAX_UNPACKED_BYTES:
                found = f"{size:,} bytes when unpacked"
                problem = Problem(name, found, f"at most {MAX_UNPACKED_BYTES:,}", "start from a new template")
    if problem:
        raise InputError(problem)


def _load(name: str, content: bytes, computed: bool) -> "Workbook":
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # about styles and extensions that openpyxl does not keep
            return load_workbook(BytesIO(content), data_only=computed)
    except Exception as error:  # openpyxl raises whatever its parsers raise on a damaged file
        remedy = "open it in Excel or LibreOffice, save it again as .xlsx"
        raise InputError(Problem(name, f"a damaged workbook ({error})", ALLOWED, remedy)) from error


def _check_size(name: str, book: "Workbook") -> None:
    """Refuse sheets whose last cell lies so far out that going through them would never end."""
    problems = []
    for sheet in book.worksheets:
        if sheet.max_row * sheet.max_column > MAX_CELLS:
            found = f"{sheet.max_row:,} rows x {sheet.max_column:,} columns"
            remedy = "delete the rows and columns beyond the table, and save"
            problems.append(Problem(f"{name}, sheet {sheet.title}", found, f"at most {MAX_CELLS:,} cells", remedy))
    if problems:
        raise InputError(problems)


def _put_computed_values(book: "Workbook", computed: "Workbook") -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                value = computed[sheet.title][cell.coordinate].value if cell.data_type == "f" else None
                if value is not None:
                    cell.value = value


def find_sheets(book: "Workbook", findings: Findings) -> dict[str, "Worksheet"]:
    """Return our sheet name -> worksheet; missing ones become problems, unknown ones notes."""
    known = {key_of(sheet.name): sheet.name for sheet in SHEETS}
    passed_over = {key_of(name) for name in EXTRA}
    found: dict[str, Worksheet] = {}
    unknown = []
    for worksheet in book.worksheets:
        key = key_of(worksheet.title)
        if key in known and known[key] not in found:
            found[known[key]] = worksheet
        elif key not in passed_over:
            unknown.append(worksheet.title)
    names = ", ".join(sheet.name for sheet in SHEETS)
    for sheet in SHEETS:
        if sheet.required and sheet.name not in found:
            there = ", ".join(book.sheetnames)
            remedy = f"add a sheet {sheet.name}, or rename the one that holds it (`skillmatch template` shows the form)"
            findings.problems.append(
                Problem(findings.file, f"no sheet {sheet.name} (there are: {there})", names, remedy)
            )
    for title in unknown:
        findings.notes.append(
            Problem(findings.place(title), "a sheet that is not read", names, "rename it if it should be")
        )
    return found


def read_keys(worksheet: "Worksheet", findings: Findings) -> Row:
    """Read the sheet Company: a key in column A, its value in column B."""
    row = Row(COMPANY.name, 0)
    columns = _by_key(COMPANY)
    headings = {key_of(word) for word in ("field", "key", "name of field")}
    for number in range(1, worksheet.max_row + 1):
        key = cells.text(worksheet.cell(number, 1).value)
        cell = worksheet.cell(number, 2)
        if not key or key_of(key) in headings:
            continue
        column = columns.get(key_of(key))
        if column is None:
            if cell.value is not None:
                allowed = ", ".join(each.header for each in COMPANY.columns)
                place = findings.place(COMPANY.name, f"A{number}")
                findings.notes.append(Problem(place, f"{key!r}, which is not read", allowed, "correct the key"))
            continue
        row.cells.setdefault(column.name, cell.coordinate)
        _read_cell(cell, column, row, findings)
    _require(COMPANY, row, findings)
    return row


def read_table(worksheet: "Worksheet", sheet: Sheet, findings: Findings) -> list[Row]:
    """Read a sheet with a heading row; help rows, untouched example rows and blank rows are left out."""
    heading, places = _heading(worksheet, sheet, findings)
    if heading == 0:
        return []
    merged = _merged_rows(worksheet, sheet, heading, findings)
    rows = []
    for number in range(heading + 1, worksheet.max_row + 1):
        if number in merged:
            continue
        found = {column.name: worksheet.cell(number, place) for column, place in places if place}
        if all(cells.text(cell.value) == "" for cell in found.values()):
            continue
        mark = cells.text(worksheet.cell(number, 1).value).casefold() if _has_note(worksheet, heading) else ""
        if mark == HELP_MARK or (mark == EXAMPLE_MARK and _untouched(sheet, found)):
            continue
        row = Row(sheet.name, number)
        for column, place in places:
            if place:
                row.cells[column.name] = found[column.name].coordinate
                _read_cell(found[column.name], column, row, findings)
        _require(sheet, row, findings)
        rows.append(row)
    return rows


def _by_key(sheet: Sheet) -> dict[str, Column]:
    """Return what a heading may say -> column; "Note" is ours, whatever a column is called inside."""
    words = {key_of(word): column for column in sheet.columns for word in (column.header, *column.aliases, column.name)}
    return {word: column for word, column in words.items() if word != key_of(NOTE)}


def _heading(worksheet: "Worksheet", sheet: Sheet, findings: Findings) -> tuple[int, list[tuple[Column, int]]]:
    """Return the number of the heading row (0 if there is none) and the place of each column (0 if it is not there)."""
    number = _heading_row(worksheet, _by_key(sheet))
    needed = ", ".join(column.header for column in sheet.columns if column.required)
    if number == 0:
        if sheet.required or any(cell.value is not None for row in worksheet.iter_rows() for cell in row):
            place = findings.place(sheet.name, "A1")
            findings.problems.append(Problem(place, "no heading row", needed, "write these headings in row 1"))
        return 0, []
    places = _columns(worksheet, number, sheet, findings)
    there = ", ".join(filter(None, (cells.text(cell.value) for cell in worksheet[number])))
    for column in sheet.columns:
        if column.required and column.name not in places:
            found = f"no column {column.header!r} (there are: {there})"
            remedy = f"add or rename the column {column.header!r}"
            findings.problems.append(Problem(findings.place(sheet.name, f"A{number}"), found, needed, remedy))
    return number, [(column, places.get(column.name, 0)) for column in sheet.columns]


def _heading_row(worksheet: "Worksheet", known: Mapping[str, Column]) -> int:
    """Return that of the first ten rows in which most columns are recognised, the first of them; 0 if none is."""
    best, best_row = 0, 0
    for number in range(1, min(10, worksheet.max_row) + 1):
        keys = {key_of(cells.text(cell.value)) for cell in worksheet[number]}
        hits = len({known[key].name for key in keys & known.keys()})
        if hits > best:
            best, best_row = hits, number
    return best_row


def _columns(worksheet: "Worksheet", number: int, sheet: Sheet, findings: Findings) -> dict[str, int]:
    """Return the place of each column found in heading row `number`; headings that mean nothing to us become notes."""
    known = _by_key(sheet)
    places: dict[str, int] = {}
    for cell in worksheet[number]:
        words = cells.text(cell.value)
        column = known.get(key_of(words))
        if column and column.name not in places:
            places[column.name] = int(cell.column or 0)
        elif words and key_of(words) != key_of(NOTE):
            place = findings.place(sheet.name, cell.coordinate)
            allowed = ", ".join(each.header for each in sheet.columns)
            found = f"the column {words!r}, which is not read"
            findings.notes.append(Problem(place, found, allowed, "correct the heading if it should be"))
    return places


def _has_note(worksheet: "Worksheet", heading: int) -> bool:
    return key_of(cells.text(worksheet.cell(heading, 1).value)) == key_of(NOTE)


def _merged_rows(worksheet: "Worksheet", sheet: Sheet, heading: int, findings: Findings) -> set[int]:
    """Report merged cells below the heading; return the numbers of the rows that they touch."""
    rows: set[int] = set()
    for area in sorted(worksheet.merged_cells.ranges, key=lambda area: (area.min_row, area.min_col)):
        if area.max_row > heading:
            rows |= set(range(area.min_row, area.max_row + 1))
            place = findings.place(sheet.name, str(area.coord))
            remedy = "undo the merging and fill in every cell"
            findings.problems.append(Problem(place, "merged cells", "one value in each cell", remedy))
    return rows


def _untouched(sheet: Sheet, found: Mapping[str, object]) -> bool:
    shipped = {column.name: cells.text(column.example) for column in sheet.columns}
    return all(cells.text(getattr(cell, "value", None)) == shipped[name] for name, cell in found.items())


def _read_cell(cell: object, column: Column, row: Row, findings: Findings) -> None:
    """Parse one cell into `row`; what cannot be read becomes a problem."""
    value: object = getattr(cell, "value", None)
    kind: str = getattr(cell, "data_type", "")
    coordinate: str = getattr(cell, "coordinate", "")
    if value is None or cells.text(value) == "":
        return
    place = findings.place(row.sheet, coordinate)
    if kind in ("f", "e"):
        what = "a formula without a stored value" if kind == "f" else "an error of the spreadsheet"
        remedy = "open the file in Excel and save it, or replace the formula by its value"
        findings.problems.append(
            Problem(place, f"{what} ({getattr(value, 'text', value)})", column.help.rstrip("."), remedy)
        )
        row.broken.add(column.name)
        return
    try:
        row.values[column.name] = column.parse(value)
    except cells.UnreadableError as error:
        findings.problems.append(
            Problem(place, repr(value) if isinstance(value, str) else str(value), error.allowed, error.remedy)
        )
        row.broken.add(column.name)


def _require(sheet: Sheet, row: Row, findings: Findings) -> None:
    for column in sheet.columns:
        if column.required and column.name not in row.values and column.name not in row.broken:
            if column.name in row.cells:
                place = findings.place(sheet.name, row.cells[column.name])
                findings.problems.append(
                    Problem(place, "an empty cell", column.help.rstrip("."), f"fill in {column.header}")
                )
                row.broken.add(column.name)
            elif sheet is COMPANY:
                place = findings.place(sheet.name)
                findings.problems.append(
                    Problem(
                        place,
                        f"no row {column.header!r}",
                        column.help.rstrip("."),
                        f"add {column.header!r} in column A and the value in B",
                    )
                )
                row.broken.add(column.name)
