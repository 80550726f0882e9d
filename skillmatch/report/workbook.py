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
LINES = 8
"""Narrowest and widest column in characters, and the most lines of text a row is made high enough for."""


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
            tables.skills_table(plan),
        ),
        ("Gaps", "Who is short of what. Weight: importance of the skill times people short.", tables.gaps_table(plan)),
        ("Plan", summary.plan_sentence(plan, company.language), tables.items_table(plan, titles)),
        ("Still open", "What this plan does not close, and why.", tables.open_table(plan, titles)),
        ("Evidence", "Where each skill comes from.", tables.evidence_table(company, analysis, taxonomy, measures)),
    ):
        _table_sheet(book.create_sheet(name), note, frame)
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
    sheet["A1"].font = Font(size=18, bold=True, color="1F4E5F")
    sheet["A2"] = summary.plan_sentence(plan, language)
    sheet["A2"].font = Font(size=12)
    row = 4
    if any(source.sample for source in plan.sources):
        sheet.cell(3, 1, summary.SAMPLE_NOTE).font = Font(italic=True, color="9C5700")
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
        sheet.cell(row, 1, name).font = Font(bold=True)
        sheet.cell(row, 2, value).alignment = Alignment(wrap_text=True, vertical="top")
        row += 1
    for heading, frame in (
        ("What you want to change", tables.needs_table(company, analysis, measures)),
        ("Your roles", tables.roles_table(company, analysis, taxonomy)),
        ("Made from", _sources_table(plan)),
    ):
        row += 1
        sheet.cell(row, 1, heading).font = Font(size=13, bold=True, color="1F4E5F")
        row = _table(sheet, row + 1, frame)
    sheet.cell(row + 1, 1, plan.attribution).font = Font(italic=True, color="5A6A72")
    for column, width in zip("ABCDE", (44, 52, 22, 16, 60), strict=True):
        sheet.column_dimensions[column].width = width
    _print_setup(sheet)


def _sources_table(plan: Plan) -> pd.DataFrame:
    rows = [(source.kind, source.name, source.version, "sample" if source.sample else "") for source in plan.sources]
    return pd.DataFrame(rows, columns=["What", "Name", "Version", "Sample data"])


def _table_sheet(sheet: Worksheet, note: str, frame: pd.DataFrame) -> None:
    sheet["A1"] = note
    sheet["A1"].font = Font(size=12, color="1F4E5F")
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
        head.font, head.fill = Font(bold=True, color="FFFFFF"), HEAD
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
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for line, values in enumerate(frame.itertuples(index=False), 4):
        lines = max(-(-len(str(value)) // int(width)) for value, width in zip(values, widths, strict=True))
        sheet.row_dimensions[line].height = 15 * min(max(lines, 1), LINES)


def _print_setup(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
