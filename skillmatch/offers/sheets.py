"""Tables as they come, CSV in any usual dialect or the sheets of a workbook, as rows of cells with their places."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from skillmatch.company.cells import Cell
from skillmatch.errors import InputError, Problem

DELIMITERS = (";", ",", "\t")
ENCODINGS = ("utf-8-sig", "cp1252")
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Table:
    """A header and rows; `numbers[i]` is the number, as the user's program shows it, of the line on which row i begins.

    `place` names file and sheet; `letters` says whether cells are named by letter (a workbook) or by column title.
    """

    place: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]
    letters: bool

    def where(self, row: int, column: int) -> str:
        """Name one cell: ``"offers.xlsx, sheet Offers, cell D7"`` or ``"offers.csv, row 7, column hours"``."""
        if self.letters:
            from openpyxl.utils import get_column_letter

            return f"{self.place}, cell {get_column_letter(column + 1)}{self.numbers[row]}"
        return f"{self.place}, row {self.numbers[row]}, column {self.header[column]}"


def read_tables(path: Path) -> tuple[Table, ...]:
    """Return the tables of a CSV file (one) or of a workbook (one a sheet that is not empty).

    Raises
    ------
    InputError
        The file is missing, of another kind, damaged or empty.
    """
    if not path.is_file():
        raise InputError(Problem(str(path), "no such file", "a CSV or XLSX file", "check the name and the folder"))
    readers = {".csv": _read_csv, ".tsv": _read_csv, ".txt": _read_csv, ".xlsx": _read_xlsx, ".xlsm": _read_xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        allowed = "a file that ends in .csv, .tsv or .xlsx"
        raise InputError(
            Problem(path.name, path.suffix or "no ending", allowed, "save the catalogue as CSV UTF-8 or as XLSX")
        )
    tables = tuple(reader(path))
    if not tables:
        raise InputError(Problem(path.name, "nothing in it", "a header row and one row a run", "fill in the catalogue"))
    return tables


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without a byte order mark), UTF-16 with a mark, or Windows-1252."""
    if content.startswith(BYTE_ORDER_MARKS):
        return content.decode("utf-16")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    # Windows-1252 leaves five bytes undefined; Latin-1 reads every byte and agrees with it on all letters.
    return content.decode("latin-1")


def find_delimiter(text: str) -> str:
    """Return the sign that splits the first line into most cells: semicolon, comma or tab.

    >>> find_delimiter('id;title;"price, net"')
    ';'
    """
    first = next(iter(text.splitlines()), "")
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


def _read_csv(path: Path) -> Iterator[Table]:
    text = decode(path.read_bytes()).lstrip("\ufeff")
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=find_delimiter(text))
    rows: list[tuple[Cell, ...]] = []
    numbers: list[int] = []
    before = 0
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append(tuple(row))
            numbers.append(before + 1)
        before = reader.line_num
    if rows:
        yield _table(path.name, rows, numbers, letters=False)


def _read_xlsx(path: Path) -> Iterator[Table]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        remedy = "open it in your spreadsheet program and save it again as XLSX"
        raise InputError(
            Problem(path.name, "a file that is no workbook, or a damaged one", "an XLSX file", remedy)
        ) from error
    try:
        for sheet in book.worksheets:
            rows: list[tuple[Cell, ...]] = []
            numbers: list[int] = []
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                if any(cell is not None and str(cell).strip() for cell in row):
                    rows.append(tuple(cell if isinstance(cell, Cell) else str(cell) for cell in row))
                    numbers.append(number)
            if rows:
                yield _table(f"{path.name}, sheet {sheet.title}", rows, numbers, letters=True)
    finally:
        book.close()


def _table(place: str, rows: Sequence[tuple[Cell, ...]], numbers: Sequence[int], *, letters: bool) -> Table:
    header = tuple("" if cell is None else str(cell).strip() for cell in rows[0])
    return Table(place, header, tuple(rows[1:]), tuple(numbers[1:]), letters)
