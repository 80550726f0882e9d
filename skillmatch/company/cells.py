"""What stands in a spreadsheet cell, understood: numbers, dates and choices as people in Europe write them."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

Cell = str | int | float | bool | date | datetime | None
Parse = Callable[[object], object]

UNITS = re.compile(r"€|\b(eur|euros?|h|hrs?|hours?|std|stunden|people|persons?|%)\b\.?", re.IGNORECASE)
SPACES = re.compile(r"[\s'’]+")
"""Inner spaces (also no-break ones) and apostrophes separate thousands."""
THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*")
THOUSANDS_AND_DECIMALS = re.compile(
    r"(?P<whole>\d{1,3}(?P<sign>[.,])\d{3}((?P=sign)\d{3})*)(?!(?P=sign))[.,](?P<rest>\d+)"
)
PLAIN = re.compile(r"\d+([.,]\d+)?")
DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})\.?")
YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(T00:00:00| 00:00:00)?")
TRUE = ("yes", "y", "true", "1", "x", "ja", "oui", "sí", "si", "sì", "tak")
FALSE = ("no", "n", "false", "0", "nein", "non", "nie")


class UnreadableError(ValueError):
    """A cell does not say what its column asks for; `allowed` and `remedy` go into the Problem."""

    def __init__(self, allowed: str, remedy: str = "correct the cell") -> None:
        super().__init__(allowed)
        self.allowed = allowed
        self.remedy = remedy


def text(cell: object) -> str:
    """Return the cell as one text without outer space; a whole number loses its ``.0``.

    >>> text("  CNC operator "), text(42.0), text(None)
    ('CNC operator', '42', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == datetime.min.time() else cell
    return str(cell).replace("\r\n", "\n").strip()


def number(cell: object) -> float:
    """Return the number in a cell, as number or as text in any usual European form.

    One separator followed by exactly three digits separates thousands; where both a point and a comma stand, the last
    one is the decimal sign.

    >>> number("12.000 €"), number("1 200,50"), number("1,234.5"), number("7,5 h"), number(40)
    (12000.0, 1200.5, 1234.5, 7.5, 40.0)
    """
    allowed = "a number of 0 or more, such as 12000, 12.000 or 1 200,50"
    if isinstance(cell, (bool, date)):
        raise UnreadableError(allowed)
    if isinstance(cell, (int, float)):
        value = float(cell)
    else:
        plain = SPACES.sub("", UNITS.sub("", text(cell)))
        value = float(_decimal_point(plain))
    if not 0 <= value < 1e12:
        raise UnreadableError(allowed)
    return value


def _decimal_point(plain: str) -> str:
    """Rewrite digits with separators so that only a decimal point is left.

    >>> _decimal_point("12.000"), _decimal_point("0.125"), _decimal_point("1.234,5"), _decimal_point("1,5")
    ('12000', '0.125', '1234.5', '1.5')
    """
    if THOUSANDS.fullmatch(plain):
        return re.sub("[.,]", "", plain)
    if match := THOUSANDS_AND_DECIMALS.fullmatch(plain):
        return re.sub("[.,]", "", match["whole"]) + "." + match["rest"]
    if PLAIN.fullmatch(plain):
        return plain.replace(",", ".")
    raise UnreadableError("a number of 0 or more, such as 12000, 12.000 or 1 200,50")


def whole(low: int, high: int) -> Parse:
    """Return a parser of whole numbers from `low` to `high`."""
    allowed = f"a whole number from {low:,} to {high:,}"

    def parse(cell: object) -> int:
        try:
            value = number(cell)
        except UnreadableError as error:
            raise UnreadableError(allowed) from error
        if not value.is_integer() or not low <= value <= high:
            raise UnreadableError(allowed)
        return int(value)

    return parse


def day(cell: object) -> date:
    """Return the date in a cell: an Excel date, ``2027-12-31`` or day first, ``31.12.2027`` or ``31/12/2027``.

    >>> day("31.12.2027"), day("2027-12-31") == day("31/12/2027")
    (datetime.date(2027, 12, 31), True)
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    words = text(cell)
    if match := YEAR_FIRST.fullmatch(words):
        year, month, number_of_day = (int(part) for part in match.groups()[:3])
    elif match := DAY_FIRST.fullmatch(words):
        number_of_day, month, year = (int(part) for part in match.groups())
    else:
        raise UnreadableError("a date such as 2027-12-31 or 31.12.2027", "enter the full date, day first or year first")
    try:
        return date(year, month, number_of_day)
    except ValueError as error:
        raise UnreadableError("a day of the calendar, day before month", "correct the date") from error


def truth(cell: object) -> bool:
    """Return whether a cell says yes."""
    word = text(cell).casefold()
    if word not in TRUE and word not in FALSE:
        raise UnreadableError("yes or no")
    return word in TRUE


def key_of(words: str) -> str:
    """Return what two spellings of one header or choice have in common: lower case, letters and digits only.

    >>> key_of("Valid  until"), key_of("head-count"), key_of("Head count")
    ('validuntil', 'headcount', 'headcount')
    """
    return re.sub(r"[\W_]+", "", words.casefold())


def plain(words: str) -> str:
    """Return `words` in lower case with single spaces: how titles and other free words are compared.

    >>> plain("  CNC   Operator ") == plain("cnc operator")
    True
    """
    return " ".join(words.casefold().split())


def choice(values: Mapping[str, object], shown: Iterable[str]) -> Parse:
    """Return a parser of one of several words; `values` maps `key_of` of each spelling to what it means."""
    allowed = ", ".join(shown)

    def parse(cell: object) -> object:
        found = key_of(text(cell))
        if found not in values:
            raise UnreadableError(f"one of {allowed}", "choose from the list")
        return values[found]

    return parse


def several(parse_one: Parse) -> Parse:
    """Return a parser of a list separated by commas, semicolons, slashes or lines, each read by `parse_one`."""

    def parse(cell: object) -> tuple[object, ...]:
        words = [word for word in re.split(r"[,;/\n]| and | & ", text(cell)) if word.strip()]
        return tuple(dict.fromkeys(parse_one(word) for word in words))

    return parse
