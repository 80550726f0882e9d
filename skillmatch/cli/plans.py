"""Commands that make plans and put them side by side: demo, plan, compare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillmatch.cli.common import (
    AwayOption,
    BookedOption,
    BudgetOption,
    CancelledOption,
    ColumnsOption,
    CompanyArgument,
    ExcludeOption,
    FundingOption,
    HoursOption,
    KeepOption,
    OffersOption,
    PinOption,
    ReachOption,
    SolverOption,
    load_knowledge,
    read_catalogue,
    read_company,
)
from skillmatch.cli.output import Format, FormatOption, emit, progress
from skillmatch.cli.showing import check_outputs, show, show_comparison, write
from skillmatch.errors import InputError, Problem

if TYPE_CHECKING:  # the command line must answer --help before these are imported
    from skillmatch.choices import Choices
    from skillmatch.company.model import Company
    from skillmatch.flow import Answer
    from skillmatch.gap.knowledge import Knowledge
    from skillmatch.offers.catalogue import Catalogue
    from skillmatch.planning.model import Plan


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
    knowledge = load_knowledge(given)
    answered = _answer(given, knowledge, read_catalogue(knowledge, None, None))
    typer.echo(f"{SAMPLE_NOTE}\n")
    show(answered)
    for name in ("plan.xlsx", "plan.json", "plan.ics"):
        write(answered, knowledge, out / name)
    write_workbook(given, out / "company.xlsx")
    typer.echo(
        f"Wrote plan.xlsx, plan.json, plan.ics and company.xlsx (as one would fill it in) to {out}.\n"
        "To see it in the browser: make app   (or: skillmatch app)"
    )


def plan(
    company: CompanyArgument,
    offers: OffersOption = None,
    columns: ColumnsOption = None,
    budget_eur: BudgetOption = None,
    hours_per_person: HoursOption = None,
    reach: ReachOption = None,
    away_share: AwayOption = None,
    funding: FundingOption = None,
    pin: PinOption = None,
    exclude: ExcludeOption = None,
    keep: KeepOption = None,
    booked: BookedOption = None,
    cancelled: CancelledOption = None,
    out: Annotated[
        list[Path] | None, typer.Option("--out", help="File to write: .xlsx, .json or .ics; may be repeated.")
    ] = None,
    solver: SolverOption = "exact",
    time_limit: Annotated[float, typer.Option("--time-limit", min=0.1, help="Seconds the solver may take.")] = 10.0,
) -> None:
    """Make the training plan that closes most of what is missing within budget and hours.

    When a course was cancelled: skillmatch plan company.xlsx --keep plan.json --cancelled RUN --out new.json

    Example: skillmatch plan company.xlsx --budget-eur 12000 --out plan.xlsx --out plan.json
    """
    check_outputs(out or [])
    choices, earlier = _choices(funding), _earlier(keep, booked or [], cancelled or [])
    given = read_company(company)
    limits = {
        "budget_eur": budget_eur,
        "hours_per_person": hours_per_person,
        "reach": reach and reach.value,
        "away_share": away_share,
    }
    changed = {name: value for name, value in limits.items() if value is not None}
    given = given.model_copy(update={"constraints": given.constraints.model_copy(update=changed)})
    if earlier:
        given = _keeping(given, earlier, booked or [], cancelled or [])
    knowledge = load_knowledge(given)  # takes longest, so what may be wrong is found before
    answered = _answer(
        given, knowledge, read_catalogue(knowledge, offers, columns), choices, (pin, exclude), solver, time_limit
    )
    show(answered, runs=True)
    if earlier:
        from skillmatch.report.compare import compare as put_side_by_side

        show_comparison(put_side_by_side(earlier, answered.plan, given.language), given.language)
    for path in out or []:
        write(answered, knowledge, path)
        typer.echo(f"Wrote {path}")


def compare(
    first: Annotated[Path, typer.Argument(metavar="FIRST.json", help="A plan that skillmatch plan has written.")],
    second: Annotated[Path, typer.Argument(metavar="SECOND.json", help="Another one.")],
    form: FormatOption = Format.table,
    out: Annotated[Path | None, typer.Option("--out", help="Workbook to write: .xlsx.")] = None,
) -> None:
    """Show what two plans book and close differently: added, dropped, changed, and what only one of them closes.

    Example: skillmatch compare plan.json new.json --out changes.xlsx
    """
    from skillmatch.planning.plan import read_plan
    from skillmatch.report.compare import compare as put_side_by_side
    from skillmatch.report.compare import comparison_rows

    if out and out.suffix.lower() != ".xlsx":
        raise InputError(Problem("--out", str(out), "a name that ends in .xlsx", "change the ending"))
    comparison = put_side_by_side(read_plan(first), read_plan(second))
    if form is Format.table:
        show_comparison(comparison)
    else:
        names = ("kind", "what", "name", "role", "first", "second", "details")
        emit(comparison_rows(comparison), names, form)
    if out:
        from skillmatch.report.comparison_workbook import write_comparison_workbook

        write_comparison_workbook(out, comparison)
        typer.echo(f"Wrote {out}", err=form is not Format.table)


def _choices(funding: Path | None) -> Choices:
    from skillmatch.choices import Choices
    from skillmatch.offers.funding import read_funding

    return Choices(schemes=read_funding(funding) if funding else ())


def _earlier(keep: Path | None, booked: Sequence[str], cancelled: Sequence[str]) -> Plan | None:
    """Return the plan to keep to; None without one, which then must not be spoken of."""
    from skillmatch.planning.plan import read_plan

    if keep is None and (booked or cancelled):
        found = f"{'--booked' if booked else '--cancelled'} without --keep"
        remedy = "name the plan with --keep, or use --pin and --exclude"
        raise InputError(Problem("command line", found, "the plan that it was booked in", remedy))
    return read_plan(keep) if keep else None


def _keeping(company: Company, earlier: Plan, booked: Sequence[str], cancelled: Sequence[str]) -> Company:
    """Return the company with what `earlier` books as pins, but for what was cancelled or is not booked yet."""
    from skillmatch.replan import bookings, rebook

    if earlier.company != company.name:
        allowed, remedy = f"a plan of {company.name}", "name the plan of this company"
        raise InputError(Problem("--keep", f"a plan of {earlier.company}", allowed, remedy))
    lines = bookings(earlier)
    pinned = {item.offer for item in earlier.items if item.pinned}
    planned = {offer for offer, _ in lines}
    stays = {*booked, *(pinned - set(cancelled))} if booked else planned - set(cancelled)
    strangers = [(offer, "any role") for offer in booked if offer not in planned]
    return rebook(company, earlier, [*strangers, *(line for line in lines if line[0] in stays)], cancelled)


def _answer(
    company: Company,
    knowledge: Knowledge,
    catalogue: Catalogue,
    choices: Choices | None = None,
    decisions: tuple[Sequence[str] | None, Sequence[str] | None] = (None, None),
    solver: str = "exact",
    seconds: float = 10.0,
) -> Answer:
    from skillmatch.flow import answer
    from skillmatch.planning.optimise import SOLVERS
    from skillmatch.replan import decide

    chosen = next((name for name in SOLVERS if name == solver), None)
    if chosen is None:
        raise typer.BadParameter(f"{solver!r} is no solver; take one of {', '.join(SOLVERS)}", param_hint="--solver")
    pinned, excluded = (named or () for named in decisions)
    company = decide(company, catalogue.index, pinned, excluded)
    with progress("Searching the best plan"):
        return answer(company, knowledge, catalogue, choices=choices, solver=chosen, time_limit_seconds=seconds)
