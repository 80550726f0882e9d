"""The plan as a workbook to read, print and send: the answer, the skills, what to book, who is away, why."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from skillmatch.company.measures import Measure
from skillmatch.company.model import Company
from skillmatch.files import replace_file, workbook_bytes
from skillmatch.gap.model import GapAnalysis
from skillmatch.planning.model import Plan
from skillmatch.report import summary, tables
from skillmatch.report.away import weeks_matrix, weeks_table
from skillmatch.report.format import day, euros, hours, percent
from skillmatch.report.sheets import TITLE, append, fit, print_setup, table, table_sheet
from skillmatch.taxonomy.model import Taxonomy

SUMMARY_WIDTHS = (44, 44, 40, 14, 60)


def write_plan_workbook(
    path: Path, plan: Plan, company: Company, analysis: GapAnalysis, taxonomy: Taxonomy, measures: Sequence[Measure]
) -> None:
    """Write `plan` and what it rests on to `path`; an existing file is replaced only when the new one is complete."""
    titles, weeks = tables.role_titles(company), weeks_table(plan, company)
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
        (
            "Who is away",
            "People in training, by role and week (its Monday); each person counts once a week.",
            weeks_matrix(weeks, company),
        ),
        ("Sessions", "The same week by week, with the trainings behind each number.", weeks),
        ("Still open", "What this plan does not close, and why.", tables.open_table(plan, titles)),
        ("Evidence", "Where each skill comes from.", tables.evidence_table(company, analysis, taxonomy, measures)),
    ):
        table_sheet(book.create_sheet(name), note, frame)
    append(book["Evidence"], "Every gap, reason by reason", tables.reasons_table(company, analysis, taxonomy))
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
        ("Made from", sources_table(plan)),
        ("Good to know", pd.DataFrame({"Limits chosen, and funding that is not counted": plan.notes or ("nothing",)})),
    ):
        row += 1
        sheet.cell(row, 1, heading).font = TITLE
        row = table(sheet, row + 1, frame)
    sheet.cell(row + 1, 1, plan.attribution).font = Font(name="Calibri", italic=True, color="5A6A72")
    fit(sheet, SUMMARY_WIDTHS)
    print_setup(sheet)


def sources_table(plan: Plan) -> pd.DataFrame:
    """Return what a plan was made from."""
    rows = [(source.kind, source.name, source.version, "sample" if source.sample else "") for source in plan.sources]
    return pd.DataFrame(rows, columns=["What", "Name", "Version", "Sample data"])
