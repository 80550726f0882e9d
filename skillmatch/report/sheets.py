"""Tables on the sheets of a workbook: heading, widths, heights, number formats, and paper."""

from collections.abc import Sequence

import pandas as pd
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

HEAD = PatternFill("solid", fgColor="1F4E5F")
RULE = Border(bottom=Side(style="thin", color="D0D7DB"))
FORMATS = {"€": "#,##0.00", "Share": "0%", "Hours": "#,##0.#", "Fit": "0%", "Probability": "0%", "Weight": "0.00"}
"""Number format of a column by a word in its heading; the spreadsheet program writes it as its language does."""
WIDTHS = (10, 60)
LINES = 12
"""Narrowest and widest column in characters, and the most lines of text a row is made high enough for."""
TITLE = Font(name="Calibri", size=13, bold=True, color="1F4E5F")


def table_sheet(sheet: Worksheet, note: str, frame: pd.DataFrame) -> None:
    """Fill a sheet with a note and a table below it."""
    sheet["A1"] = note
    sheet["A1"].font = Font(name="Calibri", size=12, color="1F4E5F")
    last = table(sheet, 3, frame if len(frame) else pd.DataFrame({"": ["(nothing)"]}))
    sheet.freeze_panes = "A4"
    if len(frame):
        sheet.auto_filter.ref = f"A3:{get_column_letter(len(frame.columns))}{last - 1}"
        _size(sheet, frame)
    sheet.print_title_rows = "3:3"
    print_setup(sheet)


def table(sheet: Worksheet, top: int, frame: pd.DataFrame) -> int:
    """Write a heading row and the rows of `frame` from row `top` on; return the first free row."""
    for column, name in enumerate(frame.columns, 1):
        head = sheet.cell(top, column, name)
        head.font, head.fill = Font(name="Calibri", bold=True, color="FFFFFF"), HEAD
        head.alignment = Alignment(wrap_text=True, vertical="center")
    for line, values in enumerate(frame.itertuples(index=False), top + 1):
        for column, (name, value) in enumerate(zip(frame.columns, values, strict=True), 1):
            cell = sheet.cell(line, column, None if pd.isna(value) or value == "" else value)
            cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), RULE
            if isinstance(value, float):
                cell.number_format = next((form for word, form in FORMATS.items() if word in str(name)), "General")
    return top + 1 + len(frame)


def _size(sheet: Worksheet, frame: pd.DataFrame) -> None:
    """Make columns as wide as their longest word group and rows high enough for their text."""
    widths = []
    for name in frame.columns:
        longest = max((len(str(value)) for value in frame[name]), default=0)
        widths.append(min(max(longest + 2, len(str(name)) // 2 + 4, WIDTHS[0]), WIDTHS[1]))
    fit(sheet, widths)


def fit(sheet: Worksheet, widths: Sequence[int], first: int = 4) -> None:
    """Give the columns their widths, and the rows from `first` on the height that their text then needs."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for line, row in enumerate(sheet.iter_rows(min_row=first, max_col=len(widths)), first):
        wrapped = [(cell, width) for cell, width in zip(row, widths, strict=True) if cell.alignment.wrap_text]
        lines = [-(-len(str(cell.value)) // (width - 1)) for cell, width in wrapped if cell.value is not None]
        sheet.row_dimensions[line].height = 15 * min(max(lines, default=1), LINES) + 1


def append(sheet: Worksheet, heading: str, frame: pd.DataFrame) -> None:
    """Put a further table below what a sheet has."""
    row = sheet.max_row + 3
    sheet.cell(row, 1, heading).font = TITLE
    table(sheet, row + 1, frame)
    widest = [int(sheet.column_dimensions[get_column_letter(number)].width) for number in range(1, 4)]
    for line in range(row + 2, sheet.max_row + 1):
        words = str(sheet.cell(line, 3).value)
        sheet.row_dimensions[line].height = 15 * min(-(-len(words) // (widest[2] - 1)), LINES) + 1


def print_setup(sheet: Worksheet) -> None:
    """Let a sheet print on A4 across, as wide as the page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
