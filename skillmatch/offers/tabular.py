"""Catalogues as CSV and XLSX: one row a run, one column a field of `Offer`; all that is wrong is reported at once."""

import csv
import difflib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from skillmatch.company.cells import Cell, UnreadableError, key_of
from skillmatch.errors import InputError, Problem
from skillmatch.files import replace_file, workbook_bytes
from skillmatch.offers.checks import check_catalogue, check_offer
from skillmatch.offers.columnmap import ColumnMap, apply_rule
from skillmatch.offers.columns import COLUMNS, CURRENCY, Column, plain, written
from skillmatch.offers.model import Offer
from skillmatch.offers.sheets import Table, read_tables

BY_FIELD: Mapping[str, Column] = {column.field: column for column in (*COLUMNS, CURRENCY)}
BY_HEADER: Mapping[str, Column] = {
    key_of(name): column for column in (*COLUMNS, CURRENCY) for name in (column.field, *column.also)
}
SEE = "see docs/offers.md, section Columns"


@dataclass(frozen=True)
class Cells:
    """What one row says, before it is understood: field -> cell, and the number of its first column in the table."""

    row: int
    cells: Mapping[str, tuple[Cell, int]]


def read_offers(paths: Sequence[Path], mapping: ColumnMap | None = None) -> tuple[Offer, ...]:
    """Read catalogues; prerequisites may point from one file into another.

    Parameters
    ----------
    paths
        CSV (comma, semicolon or tab; UTF-8 or Windows-1252) and XLSX files.
    mapping
        What the columns mean if they are not named as the fields of `Offer`; None: they are.

    Returns
    -------
    offers
        Sorted by id.

    Raises
    ------
    InputError
        Every problem of every file: unreadable values, ids given twice, ends before starts, circular prerequisites ...
    """
    problems: list[Problem] = []
    found: list[tuple[Offer, str]] = []
    for path in paths:
        try:
            tables = _catalogue_tables(path, mapping)
        except InputError as error:
            problems += error.problems
            continue
        for table in tables:
            read = ((_offer(table, cells, mapping, problems), cells.row) for cells in _rows(table, mapping, problems))
            found.extend(
                (offer, f"{table.place}, row {table.numbers[row]}") for offer, row in read if offer is not None
            )
    problems += check_catalogue(found)
    if problems:
        raise InputError(problems)
    return tuple(sorted((offer for offer, _ in found), key=lambda offer: offer.id))


def _catalogue_tables(path: Path, mapping: ColumnMap | None) -> tuple[Table, ...]:
    """Return the tables that are catalogues; other sheets of a workbook (notes, pivot tables) are left alone."""
    tables = read_tables(path)
    wanted = {name for rule in mapping.fields.values() for name in rule.columns} if mapping else set()
    fit = tuple(
        table
        for table in tables
        if sum(name in wanted if mapping else key_of(name) in BY_HEADER for name in table.header) >= 2
    )
    chosen = fit or tables[:1]
    for table in chosen:
        missing = sorted(wanted - set(table.header)) if mapping else _missing(table)
        if missing:
            shown = ", ".join(name for name in table.header if name) or "no header"
            allowed = f"a header row with at least {', '.join(missing)}"
            raise InputError(Problem(f"{table.place}, header", shown, allowed, f"add the missing columns ({SEE})"))
    return chosen


def _missing(table: Table) -> list[str]:
    there = {BY_HEADER[key_of(name)].field for name in table.header if key_of(name) in BY_HEADER}
    return [column.field for column in COLUMNS if column.required and column.field not in there]


def _rows(table: Table, mapping: ColumnMap | None, problems: list[Problem]) -> Iterator[Cells]:
    """Yield the rows of a table as fields and cells."""
    places = {name: index for index, name in reversed(tuple(enumerate(table.header)))}
    fields = {} if mapping else _fields(table, problems)
    seen: set[Cell] = set()
    for index, row in enumerate(table.rows):
        if len(row) > len(table.header) and any(cell not in (None, "") for cell in row[len(table.header) :]):
            problems.append(_too_long(table, index, row))
            continue
        full = row + (None,) * (len(table.header) - len(row))
        if mapping is None:
            yield Cells(index, {field: (full[column], column) for field, column in fields.items()})
            continue
        cells = _mapped(table, index, full, mapping, places, problems)
        name = cells.cells["id"][0] if "id" in cells.cells else None
        if mapping.same_id == "refuse" or name is None or name not in seen:
            yield cells
        seen.add(name)


def _too_long(table: Table, index: int, row: tuple[Cell, ...]) -> Problem:
    return Problem(
        f"{table.place}, row {table.numbers[index]}",
        f"{len(row)} cells",
        f"{len(table.header)} cells, as the header has",
        "put texts that contain the separator between double quotes",
    )


def _mapped(
    table: Table,
    index: int,
    row: tuple[Cell, ...],
    mapping: ColumnMap,
    places: Mapping[str, int],
    problems: list[Problem],
) -> Cells:
    """Apply the rules of a mapping file to one row."""
    cells: dict[str, tuple[Cell, int]] = {}
    for field, rule in mapping.fields.items():
        columns = [places[name] for name in rule.columns]
        place = columns[0] if columns else 0
        found = tuple(row[column] for column in columns)
        try:
            cells[field] = (apply_rule(rule, found), place)
        except KeyError:
            allowed = f"one of {', '.join(rule.values or ())}"
            remedy = f"add the value to the table of {field} in the mapping file"
            problems.append(Problem(table.where(index, place), repr(plain(found[0])), allowed, remedy))
    return Cells(index, cells)


def _fields(table: Table, problems: list[Problem]) -> dict[str, int]:
    """Return field -> number of its column; given twice or nearly right are problems; other columns are left alone."""
    fields: dict[str, int] = {}
    for index, name in enumerate(table.header):
        column = BY_HEADER.get(key_of(name))
        if column is None:
            near = difflib.get_close_matches(key_of(name), [key_of(known) for known in BY_FIELD], n=1, cutoff=0.85)
            if near:
                meant = BY_HEADER[near[0]].field
                problems.append(
                    Problem(f"{table.place}, header", repr(name), repr(meant), "correct the name of the column")
                )
        elif column.field in fields:
            twice = f"{name!r} and {table.header[fields[column.field]]!r}"
            problems.append(
                Problem(f"{table.place}, header", twice, f"one column {column.field}", "remove one of the two")
            )
        else:
            fields[column.field] = index
    return fields


def _offer(table: Table, cells: Cells, mapping: ColumnMap | None, problems: list[Problem]) -> Offer | None:
    """Understand one row; None, with the problems added, if that is impossible."""
    values: dict[str, object] = {}
    before = len(problems)
    for field, (cell, place) in cells.cells.items():
        column = BY_FIELD[field]
        where = table.where(cells.row, place)
        if not plain(cell):
            if column.required:
                problems.append(Problem(where, "an empty cell", f"a value for {field}", "fill in the cell"))
            continue
        try:
            values[field] = column.parse(cell)
        except UnreadableError as error:
            problems.append(Problem(where, repr(plain(cell)), error.allowed, error.remedy))
    if len(problems) > before:
        return None
    values.pop(CURRENCY.field, None)
    values.setdefault("course", values["id"])
    if mapping is not None:
        values["assumed"] = tuple(field for field in mapping.assumed if field in values)
    offer = Offer.model_validate(values)
    problems += check_offer(offer, f"{table.place}, row {table.numbers[cells.row]}")
    return offer if len(problems) == before else None


def write_offers(offers: Sequence[Offer], path: Path) -> None:
    """Write a catalogue that `read_offers` reads back equal (offers sorted by id); the ending chooses CSV or XLSX.

    Columns in which no offer says more than the default are left out, so that a small catalogue stays readable.
    """
    ordered = sorted(offers, key=lambda offer: offer.id)
    fields = [
        column.field for column in COLUMNS if column.required or any(_says(offer, column.field) for offer in ordered)
    ]
    rows = [[written(getattr(offer, field)) for field in fields] for offer in ordered]
    writers: Mapping[str, Callable[[list[str], list[list[str | int | float | date | None]]], bytes]] = {
        ".csv": _csv_bytes,
        ".xlsx": _xlsx_bytes,
    }
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise InputError(
            Problem(path.name, path.suffix or "no ending", "a name that ends in .csv or .xlsx", "rename it")
        )
    replace_file(path, writer(fields, rows))


def _says(offer: Offer, field: str) -> bool:
    default = offer.id if field == "course" else Offer.model_fields[field].default
    return bool(getattr(offer, field) != default)


def _csv_bytes(fields: list[str], rows: list[list[str | int | float | date | None]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx_bytes(fields: list[str], rows: list[list[str | int | float | date | None]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Offers"
    sheet.append(fields)
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a title that begins with "=" is a text, never a formula
    sheet.freeze_panes = "A2"
    return workbook_bytes(book)
