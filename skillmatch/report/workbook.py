"""The plan as a workbook to read, print and send: Summary, Skills that matter, Gaps, Plan, Still open, Evidence."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from skillmatch.company.measures import Measure
from skillmatch.company.model import Company
from skillmatch.files import replace_file, workbook_bytes
from skillmatch.gap.model import GapAnalysis
from skillmatch.planning.model import Plan
from skillmatch.report import summary, tables
from skillmatch.report.format import day, euros, hours, percent
from skillmatch.taxonomy.model import Taxonomy

HEAD = PatternFill("solid", fgColor="1F4E5F")
RULE = Border(bottom=Side(style="thin", color="D0D7DB"))
FORMATS = {"€": "#,##0.00", "Share": "0%", "Hours": "#,##0.#", "Fit": "0%", "Probability": "0%", "Weight": "0.00"}
"""Number format of a column by a word in its heading; the spreadsheet program writes it as its language does."""
WIDTHS = (10, 60)
LINES = 12
"""Narrowest and widest column in characters, and the most lines of text a row is made high enough for."""
SUMMARY_WIDTHS = (44, 44, 40, 14, 60)
TITLE = Font(name="Calibri", size=13, bold=True, color="1F4E5F")


def write_plan_workbook(
    path: Path, plan: Plan, company: Company, analysis: GapAnalysis, taxonomy: Taxonomy, measures: Sequence[Measure]
) -> None:
    """Write `plan` and what it rests on to `path`; an existing file is replaced only when the new one is complete."""
    titles = tables.role_titles(company)
    book = Workbook()
    _summary_sheet(book.active or book.create_sheet(), plan, company, analysis, taxonomy, measures)
    for name, note, frame in (
        (
            "Skills that matter",
            "The skills that carry the changes, by their share of all that is missing.",
            tables.skills_table(plan, analysis, titles),
        ),
        ("Gaps", "Who is short of what. Weight: share of all that is missing.", tables.gaps_table(plan, analysis)),
        ("Plan", summary.plan_sentence(plan, company.language), tables.items_table(plan, titles)),
        ("Still open", "What this plan does not close, and why.", tables.open_table(plan, titles)),
        ("Evidence", "Where each skill comes from.", tables.evidence_table(company, analysis, taxonomy, measures)),
    ):
        _table_sheet(book.create_sheet(name), note, frame)
    _append(book["Evidence"], "Every gap, reason by reason", tables.reasons_table(company, analysis, taxonomy))
    book.properties.creator = "SkillMatch"
    replace_file(path, workbook_bytes(book))


def _summary_sheet(
    sheet: Worksheet,
    plan: Plan,
    company: Company,
    analysis: GapAnalysis,
    taxonomy: Taxonomy,
    measures: Sequence[Measure],
) -> None:
    sheet.title = "Summary"
    sheet.sheet_view.showGridLines = False
    language = company.language
    sheet["A1"] = f"Training plan for {company.name}"
    sheet["A1"].font = Font(name="Calibri", size=18, bold=True, color="1F4E5F")
    sheet["A2"] = summary.plan_sentence(plan, language)
    sheet["A2"].font = Font(name="Calibri", size=12)
    row = 4
    if any(source.sample for source in plan.sources):
        sheet.cell(3, 1, summary.SAMPLE_NOTE).font = Font(name="Calibri", italic=True, color="9C5700")
    limits = plan.constraints
    facts = (
        ("Closed of what is missing", percent(plan.totals.coverage, language)),
        ("To pay", euros(plan.totals.cost_eur_net, language)),
        ("Price before funding", euros(plan.totals.cost_eur_gross, language)),
        ("Budget", "no limit" if limits.budget_eur is None else euros(limits.budget_eur, language)),
        ("Training time of all people", hours(plan.totals.hours, language)),
        ("Limit per person", "none" if limits.hours_per_person is None else hours(limits.hours_per_person, language)),
        ("Plan runs", f"{day(limits.start, language)} – {day(limits.end, language)}"),
        ("How good is it?", summary.proof_sentence(plan)),
    )
    for name, value in facts:
        sheet.cell(row, 1, name).font = Font(name="Calibri", bold=True)
        sheet.cell(row, 2, value).alignment = Alignment(wrap_text=True, vertical="top")
        row += 1
    for heading, frame in (
        ("What you want to change", tables.needs_table(company, analysis, measures)),
        ("Your roles", tables.roles_table(company, analysis, taxonomy)),
        ("Made from", _sources_table(plan)),
    ):
        row += 1
        sheet.cell(row, 1, heading).font = TITLE
        row = _table(sheet, row + 1, frame)
    sheet.cell(row + 1, 1, plan.attribution).font = Font(name="Calibri", italic=True, color="5A6A72")
    _fit(sheet, SUMMARY_WIDTHS)
    _print_setup(sheet)


def _sources_table(plan: Plan) -> pd.DataFrame:
    rows = [(source.kind, source.name, source.version, "sample" if source.sample else "") for source in plan.sources]
    return pd.DataFrame(rows, columns=["What", "Name", "Version", "Sample data"])


def _table_sheet(sheet: Worksheet, note: str, frame: pd.DataFrame) -> None:
    sheet["A1"] = note
    sheet["A1"].font = Font(name="Calibri", size=12, color="1F4E5F")
    last = _table(sheet, 3, frame if len(frame) else pd.DataFrame({"": ["(nothing)"]}))
    sheet.freeze_panes = "A4"
    if len(frame):
        sheet.auto_filter.ref = f"A3:{get_column_letter(len(frame.columns))}{last - 1}"
        _size(sheet, frame)
    sheet.print_title_rows = "3:3"
    _print_setup(sheet)


def _table(sheet: Worksheet, top: int, frame: pd.DataFrame) -> int:
    """Write a heading row and the rows of `frame` from row `top` on; return the first free row."""
    for column, name in enumerate(frame.columns, 1):
        head = sheet.cell(top, column, name)
        head.font, head.fill = Font(name="Calibri", bold=True, color="FFFFFF"), HEAD
        head.alignment = Alignment(wrap_text=True, vertical="center")
    for line, values in enumerate(frame.itertuples(index=False), top + 1):
        for column, (name, value) in enumerate(zip(frame.columns, values, strict=True), 1):
            cell = sheet.cell(line, column, None if pd.isna(value) else value)
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
    _fit(sheet, widths)


def _fit(sheet: Worksheet, widths: Sequence[int], first: int = 4) -> None:
    """Give the columns their widths, and the rows from `first` on the height that their text then needs."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for line, row in enumerate(sheet.iter_rows(min_row=first, max_col=len(widths)), first):
        wrapped = [(cell, width) for cell, width in zip(row, widths, strict=True) if cell.alignment.wrap_text]
        lines = [-(-len(str(cell.value)) // (width - 1)) for cell, width in wrapped if cell.value is not None]
        sheet.row_dimensions[line].height = 15 * min(max(lines, default=1), LINES) + 1


def _append(sheet: Worksheet, heading: str, frame: pd.DataFrame) -> None:
    """Put a further table below what a sheet has."""
    row = sheet.max_row + 3
    sheet.cell(row, 1, heading).font = TITLE
    _table(sheet, row + 1, frame)
    widest = [int(sheet.column_dimensions[get_column_letter(number)].width) for number in range(1, 4)]
    for line in range(row + 2, sheet.max_row + 1):
        words = str(sheet.cell(line, 3).value)
        sheet.row_dimensions[line].height = 15 * min(-(-len(words) // (widest[2] - 1)), LINES) + 1


def _print_setup(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
