"""The register of the Pact for Skills that ships: ecosystems, partnerships, principles of the charter, indicators."""

import csv
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field, ValidationError

from skillmatch.company.model import Record
from skillmatch.errors import InputError, Problem
from skillmatch.resources import DATA

FOLDER = DATA / "pact"
Evidence = Literal["confirmed", "secondary", "uncertain"]
"""Read at the body itself; read with somebody else; general knowledge that nobody checked."""

Codes = Annotated[tuple[str, ...], BeforeValidator(lambda cell: tuple(cell.split()) if isinstance(cell, str) else cell)]
Day = Annotated[str, Field(pattern=r"^(\d{4}(-\d\d(-\d\d)?)?)?$")]
"""A day, a month or a year as ISO 8601 writes it; empty: not known."""
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]


class Ecosystem(Record):
    """One of the 14 industrial ecosystems; `nace` are the divisions at its core (empty: not known)."""

    id: str
    name: str
    description: str
    nace: Codes = ()
    nace_evidence: Evidence
    source: Url
    source_date: Day = ""
    checked: Day


class Partnership(Record):
    """A skills partnership. Whatever is empty is not known; `ecosystem` is also empty where it spans several.

    `source_date` is the day of the page `source`, `checked` the day on which it was read; `note` says what was read
    elsewhere. `evidence` is that of the whole row: as weak as its weakest part.
    """

    id: str
    name: str
    scale: Literal["large-scale", "regional"]
    ecosystem: str = ""
    country: str = ""
    lead: str = ""
    launched: Day = ""
    pledge: str = ""
    note: str = ""
    source: Url
    source_date: Day = ""
    evidence: Evidence
    checked: Day


class Principle(Record):
    """One of the four principles of the charter, by its official name and in plain words."""

    number: int = Field(ge=1, le=4)
    name: str
    description: str
    example: str
    source: Url
    source_date: Day = ""
    evidence: Evidence
    checked: Day


class Indicator(Record):
    """Something that the yearly survey asks; `from_plan` says which figure of a plan answers it (empty: none)."""

    id: str
    name: str
    definition: str
    unit: str
    from_plan: str = ""
    reported: str = ""
    source: Url
    source_date: Day = ""
    evidence: Evidence
    checked: Day


@cache
def load_ecosystems() -> tuple[Ecosystem, ...]:
    """Return the 14 ecosystems, sorted by identifier.

    >>> [each.id for each in load_ecosystems()][:3]
    ['aerospace-defence', 'agri-food', 'construction']
    """
    return tuple(sorted(read_register(FOLDER / "ecosystems.csv", Ecosystem), key=lambda each: each.id))


@cache
def load_partnerships() -> tuple[Partnership, ...]:
    """Return the partnerships that are known, sorted by identifier.

    >>> [each.name for each in load_partnerships() if each.ecosystem == "tourism"]
    ['Pact for Skills in Tourism']
    """
    return tuple(sorted(read_register(FOLDER / "partnerships.csv", Partnership), key=lambda each: each.id))


@cache
def load_charter() -> tuple[Principle, ...]:
    """Return the four principles in their official order."""
    return tuple(sorted(read_register(FOLDER / "charter.csv", Principle), key=lambda each: each.number))


@cache
def load_indicators() -> tuple[Indicator, ...]:
    """Return what the survey asks, in the order of the file."""
    return read_register(FOLDER / "kpis.csv", Indicator)


Row = TypeVar("Row", bound=Record)


def read_register(path: Path, model: type[Row]) -> tuple[Row, ...]:
    """Read a CSV file of the register, its columns named as the fields of `model`, in the order of its rows.

    Raises
    ------
    InputError
        With every cell that does not fit, by file, row and column, and every row of the wrong length.
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, cells in enumerate(csv.DictReader(file), start=2):
            where = f"{path.name}, row {number}"
            if None in cells or None in cells.values():
                problems.append(
                    Problem(where, "another number of cells", "one cell for each column", "quote the commas")
                )
                continue
            try:
                rows.append(model.model_validate(cells))
            except ValidationError as error:
                problems += [
                    Problem(
                        f"{where}, {'.'.join(map(str, each['loc']))}",
                        repr(each["input"])[:80],
                        each["msg"],
                        "correct it",
                    )
                    for each in error.errors()
                ]
    if problems:
        raise InputError(problems)
    return tuple(rows)
