"""What the commands of the main flow share: their arguments and options, and the costly things loaded."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillmatch.cli.output import progress

if TYPE_CHECKING:  # the command line must answer --help before these are imported
    from skillmatch.company.model import Company
    from skillmatch.gap.knowledge import Knowledge
    from skillmatch.offers.catalogue import Catalogue


class Reach(StrEnum):
    """How far people travel to training on site."""

    anywhere = "anywhere"
    country = "country"
    region = "region"
    online = "online"


CompanyArgument = Annotated[Path, typer.Argument(metavar="COMPANY.xlsx", help="The company's workbook.")]
OffersOption = Annotated[
    list[Path] | None,
    typer.Option("--offers", help="Catalogue, CSV or XLSX; may be given several times. Else the sample one."),
]
ColumnsOption = Annotated[
    Path | None, typer.Option("--columns", help="TOML file that says which column of the catalogue means what.")
]
ReachOption = Annotated[
    Reach | None, typer.Option("--reach", help="How far people travel to training on site. Else as the workbook says.")
]
AwayOption = Annotated[
    float | None,
    typer.Option("--away-share", min=0.01, max=1, help="At most this share of a role is away at once, such as 0.25."),
]
FundingOption = Annotated[
    Path | None,
    typer.Option("--funding", metavar="FUNDING.toml", help="Funding schemes with what they pay you (docs/offers.md)."),
]
PinOption = Annotated[
    list[str] | None, typer.Option("--pin", metavar="RUN", help="Book this offer in any case; may be repeated.")
]
ExcludeOption = Annotated[
    list[str] | None, typer.Option("--exclude", metavar="RUN", help="Never book this offer; may be repeated.")
]
KeepOption = Annotated[
    Path | None,
    typer.Option(
        "--keep", metavar="PLAN.json", help="A plan that is booked: its bookings stay, and the change is shown."
    ),
]
BookedOption = Annotated[
    list[str] | None,
    typer.Option("--booked", metavar="RUN", help="With --keep: only this is booked so far; may be repeated."),
]
CancelledOption = Annotated[
    list[str] | None,
    typer.Option("--cancelled", metavar="RUN", help="With --keep: this does not take place; may be repeated."),
]
BudgetOption = Annotated[float | None, typer.Option("--budget-eur", min=0, help="Instead of the workbook's budget.")]
HoursOption = Annotated[
    float | None, typer.Option("--hours-per-person", min=0, help="Instead of the workbook's limit.")
]
SolverOption = Annotated[str, typer.Option("--solver", help="exact (proven) or greedy (quick).")]


def read_company(path: Path) -> Company:
    """Return the company of a workbook."""
    from skillmatch.company.workbook import read_workbook

    return read_workbook(path)


def load_knowledge(company: Company) -> Knowledge:
    """Return taxonomy, mapper and measures in the company's language."""
    from skillmatch.gap.knowledge import Knowledge

    with progress("Preparing the labels (only the first time takes long)") as report:
        return Knowledge.load(language=company.language, progress=report)


def read_catalogue(knowledge: Knowledge, offers: Sequence[Path] | None, columns: Path | None) -> Catalogue:
    """Return the offers of the files, mapped to skills; None: the sample catalogue."""
    from skillmatch.flow import load_catalogue

    with progress("Reading the offers") as report:
        return load_catalogue(offers, knowledge, mapping=columns, progress=report)
