"""A company to a workbook, and the empty template: one layout for both."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from skillmatch.company.columns import Column, Sheet
from skillmatch.company.help import HELP
from skillmatch.company.measures import Measure, load_measures
from skillmatch.company.model import Company, Record
from skillmatch.company.sheets import (
    COMPANY,
    CORRECTIONS,
    EXAMPLE_MARK,
    HELD,
    HELP_MARK,
    MEASURES,
    NEEDS,
    NOTE,
    PEOPLE,
    ROLES,
    SHEETS,
)
from skillmatch.errors import InputError, Problem
from skillmatch.files import replace_file, workbook_bytes

Values = Mapping[str, object]
_font = partial(Font, name="Calibri")

CELL_LIMIT = 32_767
"""Most characters that Excel keeps in a cell."""
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML cannot hold; they carry no meaning and are left out."""
LAST_ROW = 1000
"""Drop-downs and formats reach down to this row."""

HEAD = PatternFill("solid", fgColor="1F4E5F")
PALE = PatternFill("solid", fgColor="EAF1F3")
EXAMPLE = PatternFill("solid", fgColor="FFF7E0")
ENTRY = PatternFill("solid", fgColor="FFFFFF")
RULE = Border(*(Side(style="thin", color="C9D3D7"),) * 4)
TOP = Alignment(wrap_text=True, vertical="top", horizontal="left")
DATE_FORMAT = "yyyy-mm-dd"


def write_template(path: Path, measures: Sequence[Measure] | None = None) -> None:
    """Write an empty workbook to fill in: help in every sheet, drop-downs, one example row each.

    Parameters
    ----------
    path
        Where to; an existing file is replaced only when the new one is complete.
    measures
        What the drop-down of measures offers; None for the library that ships.
    """
    _write(Path(path), None, measures)


def write_workbook(company: Company, path: Path, measures: Sequence[Measure] | None = None) -> None:
    """Write `company` in the form that `read_workbook` reads back equal.

    Characters that a workbook cannot hold (control characters) are left out, and outer space is not kept.

    Raises
    ------
    InputError
        If a text is longer than a cell can hold.
    """
    _write(Path(path), company, measures)


def _write(path: Path, company: Company | None, measures: Sequence[Measure] | None) -> None:
    library = load_measures() if measures is None else measures
    titles = {measure.id: measure.title["en"] for measure in library}
    problems: list[Problem] = []
    book = Workbook()
    help_sheet = book.active
    assert isinstance(help_sheet, Worksheet)
    lists = _Lists(book, titles)
    _help_sheet(help_sheet)
    rows = _rows(company, titles) if company else {}
    for sheet in SHEETS:
        worksheet = book.create_sheet(sheet.name)
        worksheet.sheet_properties.tabColor = "1F4E5F" if sheet.required else "9DB4BC"
        if sheet is COMPANY:
            _key_sheet(worksheet, rows.get(sheet.name, [{}])[0], lists, problems)
        else:
            _table_sheet(worksheet, sheet, rows.get(sheet.name), lists, problems)
    lists.finish()
    book.active = book.index(book[COMPANY.name])
    book.properties.creator = "SkillMatch"
    if problems:
        raise InputError(problems)
    replace_file(path, workbook_bytes(book))


class _Lists:
    """The hidden sheet that holds what the drop-downs offer; each list stands in it once."""

    def __init__(self, book: Workbook, titles: Mapping[str, str]) -> None:
        self.book = book
        self.titles = tuple(sorted(titles.values()))
        self.sheet = book.create_sheet("Lists")
        self.ranges: dict[tuple[str, ...], str] = {}

    def validation(self, column: Column) -> DataValidation | None:
        """Return the drop-down of a column; None if it has none."""
        choices = self.titles if column.choices == MEASURES else tuple(column.choices)
        if not choices:
            return None
        if choices not in self.ranges:
            place = len(self.ranges) + 1
            for number, choice in enumerate(choices, 1):
                self.sheet.cell(number, place, choice)
            letter = get_column_letter(place)
            self.ranges[choices] = f"{quote_sheetname('Lists')}!${letter}$1:${letter}${len(choices)}"
        validation = DataValidation("list", formula1=self.ranges[choices], allow_blank=True)
        validation.showErrorMessage = column.strict
        validation.errorTitle, validation.error = column.header, "Please choose from the list."
        return validation

    def finish(self) -> None:
        self.book.move_sheet(self.sheet, len(self.book.sheetnames))
        self.sheet.sheet_state = "hidden"


def _help_sheet(worksheet: Worksheet) -> None:
    worksheet.title = "Help"
    worksheet.sheet_view.showGridLines = False
    worksheet.column_dimensions["A"].width = 24
    worksheet.column_dimensions["B"].width = 100
    row = 1
    for heading, words in (*HELP, *((f"Sheet {sheet.name}", sheet.intro) for sheet in SHEETS)):
        first, second = worksheet.cell(row, 1, heading), worksheet.cell(row, 2, words)
        first.font = _font(bold=True, color="1F4E5F", size=14 if row == 1 else 11)
        first.alignment = second.alignment = TOP
        worksheet.row_dimensions[row].height = 15.5 * max(1, -(-len(words) // 95)) + 6
        row += 1
    _print_setup(worksheet)


def _key_sheet(worksheet: Worksheet, values: Values, lists: _Lists, problems: list[Problem]) -> None:
    """Lay out the sheet Company: field, value, example, help."""
    for place, (heading, width) in enumerate((("Field", 26), ("Value", 34), ("Example", 28), ("What to enter", 84)), 1):
        worksheet.column_dimensions[get_column_letter(place)].width = width
        _style(worksheet.cell(1, place, heading), _font(bold=True, color="FFFFFF"), HEAD)
    for number, column in enumerate(COMPANY.columns, 2):
        needed = " (needed)" if column.required else ""
        _style(worksheet.cell(number, 1, column.header), _font(bold=True), PALE)
        cell = worksheet.cell(number, 2)
        _put(cell, column, values.get(column.name), problems)
        _style(cell, _font(), ENTRY)
        _put(example := worksheet.cell(number, 3), column, column.example, problems, shown=True)
        _style(example, _font(italic=True, color="7A6A3A"), EXAMPLE)
        _style(worksheet.cell(number, 4, column.help + needed), _font(italic=True, color="5A6A72"), PALE)
        worksheet.row_dimensions[number].height = 32 if len(column.help) > 85 else 18
        if validation := lists.validation(column):
            worksheet.add_data_validation(validation)
            validation.add(cell)
    worksheet.freeze_panes = "B2"
    _print_setup(worksheet)


def _table_sheet(
    worksheet: Worksheet, sheet: Sheet, rows: Sequence[Values] | None, lists: _Lists, problems: list[Problem]
) -> None:
    """Lay out a table sheet: headings, help, then the rows; an example where there are none to write (`rows` None)."""
    worksheet.column_dimensions["A"].width = 10
    _style(worksheet.cell(1, 1, NOTE), _font(bold=True, color="FFFFFF"), HEAD)
    _style(worksheet.cell(2, 1, HELP_MARK), _font(italic=True, color="5A6A72"), PALE)
    for place, column in enumerate(sheet.columns, 2):
        letter = get_column_letter(place)
        worksheet.column_dimensions[letter].width = column.width
        _style(worksheet.cell(1, place, column.header), _font(bold=True, color="FFFFFF"), HEAD)
        needed = " (needed)" if column.required else ""
        _style(worksheet.cell(2, place, column.help + needed), _font(italic=True, color="5A6A72"), PALE)
        if validation := lists.validation(column):
            worksheet.add_data_validation(validation)
            validation.add(f"{letter}3:{letter}{LAST_ROW}")
    if rows is None:
        _style(worksheet.cell(3, 1, EXAMPLE_MARK), _font(italic=True, color="7A6A3A"), EXAMPLE)
        for place, column in enumerate(sheet.columns, 2):
            _put(cell := worksheet.cell(3, place), column, column.example, problems, shown=True)
            _style(cell, _font(italic=True, color="7A6A3A"), EXAMPLE)
    for number, values in enumerate(rows or (), 3):
        for place, column in enumerate(sheet.columns, 2):
            _put(cell := worksheet.cell(number, place), column, values.get(column.name), problems)
            _style(cell, _font(), ENTRY)
    lines = max(-(-len(column.help) // max(column.width - 2, 6)) for column in sheet.columns)
    worksheet.row_dimensions[2].height = 14.5 * min(lines, 8) + 4
    worksheet.freeze_panes = "C3"
    worksheet.print_title_rows = "1:1"
    _print_setup(worksheet)


def _put(cell: Cell | MergedCell, column: Column, value: object, problems: list[Problem], shown: bool = False) -> None:
    """Write a value as text, number or date; never as a formula. `shown`: it is in its shown form already."""
    if value is None or value == "" or value == ():
        return
    content = value if shown else column.show(value)
    if isinstance(content, str):
        content = UNWRITABLE.sub("", content).strip()
        if len(content) > CELL_LIMIT:
            place = f"{column.header} {content[:40]!r}..."
            problems.append(
                Problem(place, f"{len(content):,} characters", f"at most {CELL_LIMIT:,}", "shorten the text")
            )
            return
    cell.value = content  # type: ignore[assignment]
    if isinstance(content, str):
        cell.data_type = "s"  # words that begin with "=" stay words
        cell.quotePrefix = content.startswith(("=", "+", "-", "@"))
    elif isinstance(content, date):
        cell.number_format = DATE_FORMAT


def _style(cell: Cell | MergedCell, font: Font, fill: PatternFill) -> None:
    cell.font, cell.fill, cell.border, cell.alignment = font, fill, RULE, TOP


def _print_setup(worksheet: Worksheet) -> None:
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _rows(company: Company, measures: Mapping[str, str]) -> dict[str, list[Values]]:
    """Return, for each sheet, the values of its rows by column name; roles and measures are named by title."""
    titles = {role.id: role.title for role in company.roles}
    shown = {key: title for key, title in measures.items() if list(measures.values()).count(title) == 1}

    def named(record: Record) -> dict[str, object]:
        values: dict[str, object] = dict(record)
        for field, names in (("role", titles), ("measure", shown)):
            if values.get(field) is not None:
                values[field] = names.get(str(values[field]), values[field])
        return values

    people: list[Values] = []
    for person in company.people:
        theirs = [named(held) for held in company.held if held.person == person.id] or [{}]
        people += [{**values, "person": person.id, "role": titles.get(person.role, person.role)} for values in theirs]
    return {
        COMPANY.name: [{**dict(company), **dict(company.constraints)}],
        ROLES.name: [dict(role) for role in company.roles],
        NEEDS.name: [named(need) for need in company.needs],
        HELD.name: [named(held) for held in company.held if held.person is None],
        PEOPLE.name: people,
        CORRECTIONS.name: [named(correction) for correction in company.corrections],
    }
