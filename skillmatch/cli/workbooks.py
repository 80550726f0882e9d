"""Commands that begin with a company's workbook: template, gap, recommend."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillmatch.cli.common import (
    ColumnsOption,
    CompanyArgument,
    OffersOption,
    ReachOption,
    load_knowledge,
    read_catalogue,
    read_company,
)
from skillmatch.cli.output import Format, FormatOption, emit
from skillmatch.errors import InputError, Problem


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

    given = read_company(company)
    knowledge = load_knowledge(given)
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
    reach: ReachOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Rank training offers for the company's roles, with the parts of each score.

    Example: skillmatch recommend company.xlsx --offers catalogue.csv
    """
    from skillmatch.gap.gap import analyse
    from skillmatch.planning.recommend import recommend as rank

    given = read_company(company)
    if reach:
        limits = given.constraints.model_copy(update={"reach": reach.value})
        given = given.model_copy(update={"constraints": limits})
    knowledge = load_knowledge(given)
    catalogue = read_catalogue(knowledge, offers, columns)
    titles = {role.id: role.title for role in given.roles}
    ranked = rank(analyse(given, knowledge), catalogue, given)
    found = [each for each in ranked if not each.excluded][:top]
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
