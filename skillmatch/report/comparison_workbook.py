"""A comparison of two plans as a workbook: Summary, Bookings, Gaps."""

from pathlib import Path

from openpyxl import Workbook

from skillmatch.files import replace_file, workbook_bytes
from skillmatch.report.compare import (
    Comparison,
    changes_table,
    comparison_sentence,
    figures_table,
    gap_changes_table,
)
from skillmatch.report.sheets import table_sheet


def write_comparison_workbook(path: Path, comparison: Comparison, language: str = "en") -> None:
    """Write a comparison to `path`; an existing file is replaced only when the new one is complete."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, note, frame in (
        ("Summary", comparison_sentence(comparison, language), figures_table(comparison, language)),
        ("Bookings", "What was dropped, added and changed; what is the same comes last.", changes_table(comparison)),
        ("Gaps", "Gaps that the two plans close differently.", gap_changes_table(comparison)),
    ):
        table_sheet(book.create_sheet(name), note, frame)
    book.properties.creator = "SkillMatch"
    replace_file(path, workbook_bytes(book))
