"""The columns of a catalogue: what each is called, what may stand in it, and how it is written back."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel.dates import get_day_names

from skillmatch.company.cells import Cell, UnreadableError, choice, day, key_of, number, text, truth, whole
from skillmatch.company.model import MODES
from skillmatch.company.places import COUNTRIES, LANGUAGES, find_code
from skillmatch.offers.model import WEEKDAYS
from skillmatch.words import ECOSYSTEMS

FOREIGN_MONEY = re.compile(r"[$£¥]|zł|kč|\b(?!eur\b|euros?\b)[a-z]{2,}\b\.?", re.IGNORECASE)
"""Letters or signs in a price that are not the euro's."""
DAY_LANGUAGES = ("en", "de", "fr", "es", "it", "pl")
AND = frozenset({"and", "und", "et", "y", "e", "i"})
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
SPLIT = re.compile(r"(?<!\\);")
MODE_WORDS: Mapping[str, str] = {
    "live online": "online", "virtual": "online", "webinar": "online", "e-learning": "self-paced",
    "self paced": "self-paced", "on demand": "self-paced", "onsite": "on-site", "in person": "on-site",
    "classroom": "on-site", "presential": "on-site", "hybrid": "blended",
}  # fmt: skip
BASIS_WORDS: Mapping[str, str] = {
    "per person": "person",
    "seat": "person",
    "participant": "person",
    "per group": "group",
}


def plain(cell: Cell) -> str:
    r"""Return the cell as text without control characters and outer space; lines end in a line feed.

    >>> plain("  Welding\x07 basics\r\n"), plain(2026.0)
    ('Welding basics', '2026')
    """
    return CONTROL.sub("", text(cell)).strip()


def split_list(cell: Cell) -> tuple[str, ...]:
    r"""Split a cell at semicolons; ``\\;`` stands for a semicolon within a value. Empty values are left out.

    >>> split_list("MIG welding; TIG welding;"), split_list(r"read\; write")
    (('MIG welding', 'TIG welding'), ('read; write',))
    """
    parts = (part.replace("\\;", ";").strip() for part in SPLIT.split(plain(cell)))
    return tuple(part for part in parts if part)


def join_list(values: Iterable[str]) -> str:
    """Write a list into one cell, so that `split_list` gives it back."""
    return "; ".join(value.replace(";", "\\;") for value in values)


def euros(cell: Cell) -> float:
    """Return an amount in euros; another currency is unreadable, because nobody says at which rate to convert it.

    >>> euros("1.250,50 €"), euros("EUR 480")
    (1250.5, 480.0)
    """
    words = plain(cell)
    if found := FOREIGN_MONEY.search(words):
        raise UnreadableError(
            f"an amount in euros, not in {found.group()!r}", "convert the price to euros and enter the number alone"
        )
    return number(words.removesuffix(",-").removesuffix(".-") if isinstance(cell, str) else cell)


def hours(cell: Cell) -> float:
    """Return a number of hours above 0.

    >>> hours("7,5 h")
    7.5
    """
    value = number(cell)
    if value <= 0:
        raise UnreadableError("a number of hours above 0")
    return value


def weekdays(cell: Cell) -> tuple[str, ...]:
    """Return days of the week, named in any of six languages, in order; a dash stands for all days between.

    >>> weekdays("Mo Mi"), weekdays("Monday and Thu"), weekdays("lun - mer")
    (('Mon', 'Wed'), ('Mon', 'Thu'), ('Mon', 'Tue', 'Wed'))
    """
    allowed = "days of the week, such as Mon, Wed or Mon-Thu"
    found: set[int] = set()
    for part in re.sub(r"\s*[-–]\s*", "-", re.sub(r"[,;/+&]", " ", plain(cell))).split():
        if key_of(part) in AND:
            continue
        ends = [_day_names().get(key_of(word)) for word in part.split("-")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            raise UnreadableError(f"{allowed}; not {part!r}")
        found |= {(first + more) % 7 for more in range((last - first) % 7 + 1)}
    return tuple(WEEKDAYS[place] for place in sorted(found))


@cache
def _day_names() -> dict[str, int]:
    """Return key of a name -> day of the week, for the names that mean one day only in all the languages."""
    found: dict[str, set[int]] = defaultdict(set)
    for language in DAY_LANGUAGES:
        for width in ("wide", "abbreviated", "short"):
            for place, name in get_day_names(width, locale=language).items():
                found[key_of(name)].add(place)
    # What else they may mean (Italian and Spanish Sunday, French Sunday) is hardly ever written so short.
    found |= {"do": {3}, "di": {1}}
    return {name: days.pop() for name, days in found.items() if len(days) == 1}


def currency(cell: Cell) -> str:
    """Return ``"EUR"``; any other currency is unreadable."""
    if key_of(plain(cell)) not in ("eur", "euro", "euros") and plain(cell) != "€":
        raise UnreadableError("EUR", "convert the prices to euros")
    return "EUR"


def code_of(table: Mapping[str, tuple[str, ...]], what: str) -> Callable[[Cell], str]:
    """Return a parser of the names or codes in `table`."""

    def parse(cell: Cell) -> str:
        code = find_code(plain(cell), table)
        if code is None:
            raise UnreadableError(f"a {what} or its two-letter code, such as {next(iter(table))}")
        return code

    return parse


def ecosystems(cell: Cell) -> tuple[str, ...]:
    """Return ids of industrial ecosystems, given as ids or names, sorted."""
    known = {key_of(word): code for code, name in ECOSYSTEMS.items() for word in (code, name)}
    words = split_list(cell)
    if unknown := [word for word in words if key_of(word) not in known]:
        raise UnreadableError(f"any of {', '.join(ECOSYSTEMS)}; not {', '.join(unknown)}")
    return tuple(sorted({known[key_of(word)] for word in words}))


def _choice(values: Iterable[str], words: Mapping[str, str]) -> Callable[[Cell], object]:
    shown = tuple(values)
    return choice(
        {key_of(value): value for value in shown} | {key_of(word): value for word, value in words.items()}, shown
    )


@dataclass(frozen=True)
class Column:
    """A column of a catalogue: the field of `Offer` it fills, other headers it goes by, and how a cell is read.

    `required` columns must be there and filled in every row.
    """

    field: str
    parse: Callable[[Cell], object]
    also: tuple[str, ...] = ()
    required: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("id", plain, ("offer id", "run id", "code"), required=True),
    Column("course", plain, ("course id", "course code")),
    Column("title", plain, ("name", "course title"), required=True),
    Column("description", plain, ("summary", "content", "contents")),
    Column("provider", plain, ("organisation", "organization", "provider name"), required=True),
    Column("provider_pact_member", truth, ("pact member", "provider is pact member")),
    Column("partnership", plain, ("pact partnership",)),
    Column("ecosystems", ecosystems, ("ecosystem", "sectors")),
    Column("country", code_of(COUNTRIES, "country")),
    Column("region", plain, ("place", "city")),
    Column("url", plain, ("link", "web page", "website")),
    Column("language", code_of(LANGUAGES, "language"), ("lang", "course language")),
    Column("mode", _choice(MODES, MODE_WORDS), ("format", "delivery")),
    Column("start", day, ("start date", "begins", "from")),
    Column("end", day, ("end date", "ends", "until")),
    Column("weekdays", weekdays, ("days of the week", "days", "weekday")),
    Column("hours", hours, ("duration hours", "duration in hours", "hours per person"), required=True),
    Column("price_eur", euros, ("price", "price in euros", "cost", "fee")),
    Column("price_basis", _choice(("person", "group"), BASIS_WORDS), ("basis", "price per")),
    Column("group_min", whole(1, 100_000), ("minimum group", "minimum group size", "min participants")),
    Column("group_max", whole(1, 100_000), ("maximum group", "maximum group size", "max participants")),
    Column("level_from", whole(0, 4), ("entry level",)),
    Column("level_to", whole(1, 4), ("level", "exit level")),
    Column("prerequisites", split_list, ("prerequisite", "requires")),
    Column("certificate", plain, ("certification",)),
    Column("funding", plain, ("subsidy",)),
    Column("skills", split_list, ("stated skills", "skills taught")),
    Column("assumed", split_list, ("assumed fields",)),
    Column("sample", truth, ("sample data",)),
)
CURRENCY = Column("currency", currency)
"""May stand in a file, though no field of `Offer` keeps it: whatever is not in euros is refused."""


def written(value: object) -> str | int | float | date | None:
    r"""Return what a cell must hold so that reading gives `value` back; None leaves it empty.

    >>> written(("a; b", "c")), written(True), written(None) is None
    ('a\\; b; c', 'yes', True)
    """
    if isinstance(value, tuple):
        return join_list(str(part) for part in value) or None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, date)):
        return value
    return str(value) if value else None
