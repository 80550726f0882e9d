"""Commands of the main flow: demo, template, gap, recommend, plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillmatch.cli.output import Format, FormatOption, emit, progress
from skillmatch.errors import InputError, Problem

if TYPE_CHECKING:  # the command line must answer --help before these are imported
    from skillmatch.company.model import Company
    from skillmatch.flow import Answer
    from skillmatch.gap.knowledge import Knowledge

CompanyArgument = Annotated[Path, typer.Argument(metavar="COMPANY.xlsx", help="The company's workbook.")]
OffersOption = Annotated[
    list[Path] | None,
    typer.Option("--offers", help="Catalogue, CSV or XLSX; may be given several times. Else the sample one."),
]
ColumnsOption = Annotated[
    Path | None, typer.Option("--columns", help="TOML file that says which column of the catalogue means what.")
]
SolverOption = Annotated[str, typer.Option("--solver", help="exact (proven) or greedy (quick).")]


def template(path: Annotated[Path, typer.Argument(metavar="COMPANY.xlsx", help="Where to write it.")]) -> None:
    """Write an empty company workbook to fill in, with help in it.

    Example: skillmatch template company.xlsx
    """
    from skillmatch.company.workbook import write_template

    if path.exists():
        raise InputError(
            Problem(str(path), "a file that exists already", "a new name", "choose another name, or move the file")
        )
    write_template(path)
    typer.echo(f"Wrote {path}. Fill it in, then run: skillmatch plan {path}")


def gap(company: CompanyArgument, form: FormatOption = Format.table) -> None:
    """Show which skills the company's changes call for and which roles lack them, with reasons.

    Example: skillmatch gap company.xlsx
    """
    from skillmatch.gap.gap import analyse
    from skillmatch.report.reasons import sentences
    from skillmatch.report.summary import missing_sentence

    given, knowledge = _load(company)
    analysis = analyse(given, knowledge)
    titles = {role.id: role.title for role in given.roles}
    rows: list[dict[str, object]] = [
        {
            "role": titles[gap.role],
            "skill": knowledge.taxonomy.label(gap.skill, given.language),
            "uri": gap.skill,
            "transition": gap.requirement.transition,
            "level": gap.requirement.level,
            "people_required": gap.requirement.people,
            "people_short": gap.people_short,
            "weight": round(gap.weight, 4),
            "reasons": list(sentences((*gap.requirement.reasons, *gap.reasons))),
        }
        for gap in analysis.gaps
        if gap.people_short
    ]
    if form is Format.table:
        for row in rows:
            row["short"] = f"{row['people_short']} of {row['people_required']}"
        emit(rows, ("role", "skill", "transition", "level", "short", "weight"), form, missing_sentence(given, analysis))
        return
    emit(
        rows,
        ("role", "skill", "transition", "level", "people_required", "people_short", "weight", "uri", "reasons"),
        form,
    )


def recommend(
    company: CompanyArgument,
    offers: OffersOption = None,
    columns: ColumnsOption = None,
    top: Annotated[int, typer.Option("--top", min=1, help="At most this many.")] = 20,
    form: FormatOption = Format.table,
) -> None:
    """Rank training offers for the company's roles, with the parts of each score.

    Example: skillmatch recommend company.xlsx --offers catalogue.csv
    """
    from skillmatch.flow import load_catalogue
    from skillmatch.gap.gap import analyse
    from skillmatch.planning.recommend import recommend as rank

    given, knowledge = _load(company)
    with progress("Reading the offers") as report:
        catalogue = load_catalogue(offers, knowledge, mapping=columns, progress=report)
    titles = {role.id: role.title for role in given.roles}
    found = [each for each in rank(analyse(given, knowledge), catalogue, given) if not each.excluded][:top]
    rows = [
        {
            "offer": each.offer,
            "title": catalogue.offer(each.offer).title,
            "role": titles[each.role],
            "people": each.people,
            "score": round(each.score, 4),
            "parts": {part.name: round(part.share, 4) for part in each.parts},
            "closes": [knowledge.taxonomy.label(skill, given.language) for skill, _, _ in each.closes],
            "reasons": list(each.why()),
        }
        for each in found
    ]
    shown = ("title", "role", "people", "score", "closes")
    emit(rows, shown if form is Format.table else ("offer", *shown, "reasons"), form)


def plan(
    company: CompanyArgument,
    offers: OffersOption = None,
    columns: ColumnsOption = None,
    budget_eur: Annotated[
        float | None, typer.Option("--budget-eur", min=0, help="Instead of the workbook's budget.")
    ] = None,
    hours_per_person: Annotated[
        float | None, typer.Option("--hours-per-person", min=0, help="Instead of the workbook's limit.")
    ] = None,
    out: Annotated[
        list[Path] | None, typer.Option("--out", help="File to write: .xlsx, .json or .ics; may be repeated.")
    ] = None,
    solver: SolverOption = "exact",
    time_limit: Annotated[float, typer.Option("--time-limit", min=0.1, help="Seconds the solver may take.")] = 10.0,
) -> None:
    """Make the training plan that closes most of what is missing within budget and hours.

    Example: skillmatch plan company.xlsx --budget-eur 12000 --out plan.xlsx --out plan.json
    """
    _check_outputs(out or [])
    given, knowledge = _load(company)
    limits = {"budget_eur": budget_eur, "hours_per_person": hours_per_person}
    changed = {name: value for name, value in limits.items() if value is not None}
    given = given.model_copy(update={"constraints": given.constraints.model_copy(update=changed)})
    answered = _answer(given, knowledge, offers, columns, solver, time_limit)
    _show(answered)
    for path in out or []:
        _write(answered, knowledge, path)
        typer.echo(f"Wrote {path}")


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the plan and the sample workbook.")] = Path("out"),
) -> None:
    """Run the whole flow on the sample company; nothing to prepare.

    Example: skillmatch demo --out out/
    """
    from skillmatch.company.workbook import write_workbook
    from skillmatch.flow import sample_company
    from skillmatch.report.summary import SAMPLE_NOTE

    given = sample_company()
    knowledge = _knowledge(given)
    answered = _answer(given, knowledge, None, None, "exact", 10.0)
    typer.echo(f"{SAMPLE_NOTE}\n")
    _show(answered)
    for name in ("plan.xlsx", "plan.json", "plan.ics"):
        _write(answered, knowledge, out / name)
    write_workbook(given, out / "company.xlsx")
    typer.echo(
        f"Wrote plan.xlsx, plan.json, plan.ics and company.xlsx (as one would fill it in) to {out}.\n"
        "To see it in the browser: make app   (or: skillmatch app)"
    )


def _load(path: Path) -> tuple[Company, Knowledge]:
    from skillmatch.company.workbook import read_workbook

    given = read_workbook(path)
    return given, _knowledge(given)


def _knowledge(company: Company) -> Knowledge:
    from skillmatch.gap.knowledge import Knowledge

    with progress("Preparing the labels (only the first time takes long)") as report:
        return Knowledge.load(language=company.language, progress=report)


def _answer(
    company: Company,
    knowledge: Knowledge,
    offers: Sequence[Path] | None,
    columns: Path | None,
    solver: str,
    seconds: float,
) -> Answer:
    from skillmatch.flow import answer, load_catalogue
    from skillmatch.planning.optimise import SOLVERS

    chosen = next((name for name in SOLVERS if name == solver), None)
    if chosen is None:
        raise typer.BadParameter(f"{solver!r} is no solver; take one of {', '.join(SOLVERS)}", param_hint="--solver")
    with progress("Reading the offers") as report:
        catalogue = load_catalogue(offers, knowledge, mapping=columns, progress=report)
    with progress("Searching the best plan"):
        return answer(company, knowledge, catalogue, solver=chosen, time_limit_seconds=seconds)


def _show(answered: Answer) -> None:
    """Print the answer: the sentence, what to book, what stays open."""
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
        }
        for item in made.items
    ]
    emit(booked, ("training", "for", "when", "hours_each", "to_pay"), Format.table, "What to book")
    typer.echo("")
    still = [{"role": titles[gap.role], "skill": gap.label, "people": gap.people, "why": gap.why} for gap in made.open]
    emit(still[:MOST_OPEN], ("role", "skill", "people", "why"), Format.table, "What stays open")
    if len(still) > MOST_OPEN:
        typer.echo(f"... and {len(still) - MOST_OPEN} more; plan.xlsx has them all.")
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


def _check_outputs(paths: Sequence[Path]) -> None:
    wrong = [path for path in paths if path.suffix.lower() not in WRITERS]
    if wrong:
        allowed = f"a name that ends in {' or '.join(WRITERS)}"
        raise InputError(Problem("--out", str(path), allowed, "change the ending") for path in wrong)


def _write(answered: Answer, knowledge: Knowledge, path: Path) -> None:
    WRITERS[path.suffix.lower()](answered, knowledge, path)
