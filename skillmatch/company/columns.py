"""What a column of a company workbook is, and how its values are read and shown."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from skillmatch.company import cells
from skillmatch.company.cells import Cell, Parse, key_of
from skillmatch.company.model import Reach
from skillmatch.company.places import LANGUAGES, find_code
from skillmatch.words import ECOSYSTEMS

Show = Callable[[object], Cell]


def as_it_is(value: object) -> Cell:
    """Return a value that is shown in a cell as it is."""
    return value if isinstance(value, (str, int, float, date)) else str(value)


def numbered(values: Mapping[int, str]) -> tuple[str, ...]:
    """Return "1 basic", "2 intermediate" and so on."""
    return tuple(f"{number} {word}" for number, word in values.items())


def numbered_choice(values: Mapping[int, str]) -> Parse:
    """Return a parser that takes "2", "intermediate" and "2 intermediate"."""
    spellings: dict[str, object] = {}
    for number, word in values.items():
        spellings |= {str(number): number, key_of(word): number, key_of(f"{number} {word}"): number}
    return cells.choice(spellings, numbered(values))


def numbered_show(values: Mapping[int, str]) -> Show:
    """Return what shows 2 as "2 intermediate"."""
    return lambda value: f"{value} {values[int(str(value))]}"


def words(values: tuple[str, ...], **more: str) -> Parse:
    """Return a parser of one of `values`; `more` maps other spellings to them."""
    return cells.choice({**{key_of(value): value for value in values}, **more}, values)


def names_in(table: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the name shown for each code of a table of names."""
    return tuple(names[0] for names in table.values())


def code_of(table: Mapping[str, tuple[str, ...]], what: str) -> Parse:
    """Return a parser of a code of `table` or one of its names."""
    allowed = f"a {what} or its two-letter code: {', '.join(names_in(table))}"

    def parse(cell: object) -> str:
        code = find_code(cells.text(cell), table)
        if code is None:
            raise cells.UnreadableError(allowed)
        return code

    return parse


def name_of(table: Mapping[str, tuple[str, ...]]) -> Show:
    """Return what shows a code of `table` by its name."""
    return lambda value: table[str(value)][0] if value in table else str(value)


def ecosystem(cell: object) -> object:
    """Return the identifier of an ecosystem from its name or identifier."""
    keys = {key_of(name): key for key, name in ECOSYSTEMS.items()} | {key_of(key): key for key in ECOSYSTEMS}
    return cells.choice({**keys}, ECOSYSTEMS.values())(cell)


def ecosystem_name(value: object) -> str:
    """Return the name of an ecosystem."""
    return ECOSYSTEMS.get(str(value), str(value))


def yes_or_no(value: object) -> str:
    """Return the word for a truth value."""
    return "yes" if value else "no"


def share(cell: object) -> float:
    """Return the share in a cell: "25 %" and 25 are 0.25; a number up to 1 is a share already, as Excel keeps 25%.

    >>> share("25 %"), share(25), share(0.25)
    (0.25, 0.25, 0.25)
    """
    allowed = "a percentage above 0 and up to 100, such as 25 %"
    try:
        value = cells.number(cell.replace("%", "") if isinstance(cell, str) else cell)
    except cells.UnreadableError as error:
        raise cells.UnreadableError(allowed) from error
    found = round(value / 100, 12) if value > 1 or "%" in cells.text(cell) else value
    if not 0 < found <= 1:
        raise cells.UnreadableError(allowed)
    return found


def share_shown(value: object) -> str:
    """Return what `share` reads back.

    >>> share_shown(0.07)
    '7 %'
    """
    return f"{float(str(value)) * 100:.12g} %"


def named(values: Mapping[Reach, str]) -> Parse:
    """Return a parser of a key of `values`, by the key or by its words."""
    return cells.choice({key_of(word): key for key, words in values.items() for word in (key, words)}, values.values())


def several_people(cell: object) -> tuple[str, ...]:
    """Return names separated by semicolons or lines; a pseudonym may have any other sign in it."""
    return tuple(dict.fromkeys(word.strip() for word in re.split(r"[;\n]", cells.text(cell)) if word.strip()))


def people_listed(value: object) -> str:
    """Return what `several_people` reads back."""
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def listed(value: object) -> str:
    """Return several words separated by commas."""
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def languages_listed(value: object) -> str:
    """Return the names of several languages, separated by commas."""
    return listed(tuple(str(name_of(LANGUAGES)(code)) for code in value) if isinstance(value, tuple) else value)


@dataclass(frozen=True)
class Column:
    """One column of a sheet, or one row of the sheet Company.

    Parameters
    ----------
    name
        Name under which the value is handed on.
    header, aliases
        The heading written, and others that are understood.
    help
        What to write there, for the help row.
    parse, show
        From cell to value and back. An empty cell is never parsed.
    choices
        Words of the drop-down list; ``"measures"`` for the titles of the library; empty for free entry.
    strict
        Whether the drop-down refuses other entries.
    required
        Whether a filled row must have it.
    example
        The cell of the example row.
    """

    name: str
    header: str
    help: str
    example: Cell = None
    width: int = 16
    parse: Parse = cells.text
    show: Show = as_it_is
    choices: tuple[str, ...] | str = ()
    strict: bool = True
    required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook; `intro` says in the Help sheet what it is for."""

    name: str
    intro: str
    columns: tuple[Column, ...]
    required: bool = False
