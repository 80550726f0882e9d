"""A plan, and what differs between two plans, on the terminal and in files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from skillmatch.cli.output import Format, emit
from skillmatch.errors import InputError, Problem

if TYPE_CHECKING:  # the command line must answer --help before these are imported
    from skillmatch.flow import Answer
    from skillmatch.gap.knowledge import Knowledge
    from skillmatch.report.compare import Comparison


def show(answered: Answer, *, runs: bool = False) -> None:
    """Print the answer: the sentence, what to book (with the names of the `runs`, if asked), what stays open."""
    from skillmatch.report import tables
    from skillmatch.report.format import day, euros, hours
    from skillmatch.report.summary import missing_sentence, plan_sentence, proof_sentence

    company, made = answered.company, answered.plan
    titles, language = tables.role_titles(company), company.language
    for sentence in (missing_sentence(company, answered.analysis), plan_sentence(made, language), proof_sentence(made)):
        typer.echo(sentence)
    typer.echo("")
    booked = [
        {
            "training": item.title,
            "for": f"{len(item.people)} x {titles[item.role]}",
            "when": day(item.planned_start or item.start, language),
            "hours_each": hours(item.hours, language),
            "to_pay": euros(item.cost_eur_net, language),
            "run": item.offer,
        }
        for item in made.items
    ]
    columns = ("training", "for", "when", "hours_each", "to_pay", *(("run",) if runs else ()))
    emit(booked, columns, Format.table, "What to book")
    typer.echo("")
    still = [{"role": titles[gap.role], "skill": gap.label, "people": gap.people, "why": gap.why} for gap in made.open]
    emit(still[:MOST_OPEN], ("role", "skill", "people", "why"), Format.table, "What stays open")
    if len(still) > MOST_OPEN:
        typer.echo(f"... and {len(still) - MOST_OPEN} more; plan.xlsx has them all.")
    typer.echo("")


def show_comparison(comparison: Comparison, language: str = "en") -> None:
    """Print what differs between two plans."""
    from skillmatch.report.compare import changes_table, comparison_sentence, figures_table, gap_changes_table

    typer.echo(comparison_sentence(comparison, language))
    if comparison.before.company != comparison.after.company:
        typer.echo(f"These are plans of two companies: {comparison.before.company}; {comparison.after.company}.")
    typer.echo("")
    changes = changes_table(comparison)
    for title, frame in (
        ("The two plans", figures_table(comparison, language).rename(columns={"": "Figure"})),
        ("What changed", changes[changes["What"] != "same"][["What", "Training", "For", "Details", "Offer"]]),
        ("Gaps closed differently", gap_changes_table(comparison)[["What", "Role", "Skill"]]),
    ):
        if len(frame):
            rows = [dict(zip(frame.columns, values, strict=True)) for values in frame.itertuples(index=False)]
            emit(rows, list(frame.columns), Format.table, title)
            typer.echo("")


MOST_OPEN = 8
"""Open gaps shown on the terminal; the files carry all of them."""


def _write_workbook(answered: Answer, knowledge: Knowledge, path: Path) -> None:
    from skillmatch.report.workbook import write_plan_workbook

    write_plan_workbook(
        path, answered.plan, answered.company, answered.analysis, knowledge.taxonomy, knowledge.measures
    )


def _write_json(answered: Answer, _knowledge: Knowledge, path: Path) -> None:
    from skillmatch.planning.plan import write_plan

    write_plan(answered.plan, path)


def _write_calendar(answered: Answer, _knowledge: Knowledge, path: Path) -> None:
    from skillmatch.report.calendar import write_calendar
    from skillmatch.report.tables import role_titles

    write_calendar(answered.plan, path, role_titles(answered.company), answered.company.language)


WRITERS: Mapping[str, Callable[[Answer, Knowledge, Path], None]] = {
    ".xlsx": _write_workbook,
    ".json": _write_json,
    ".ics": _write_calendar,
}


def check_outputs(paths: Sequence[Path]) -> None:
    """Raise an InputError if a file to write has an ending that nothing here writes."""
    wrong = [path for path in paths if path.suffix.lower() not in WRITERS]
    if wrong:
        allowed = f"a name that ends in {' or '.join(WRITERS)}"
        raise InputError(Problem("--out", str(path), allowed, "change the ending") for path in wrong)


def write(answered: Answer, knowledge: Knowledge, path: Path) -> None:
    """Write the plan as the ending of the file says."""
    WRITERS[path.suffix.lower()](answered, knowledge, path)
