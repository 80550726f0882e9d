"""Numbers, money, hours and dates as the user's language writes them (Unicode CLDR, through Babel)."""

from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent


def _locale(language: str) -> Locale:
    """Return the locale of a language; English as written in Europe for "en" and for what CLDR does not know."""
    try:
        return Locale.parse("en_IE" if language == "en" else language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_IE")


def euros(amount: float, language: str = "en") -> str:
    r"""Write an amount in euros, with cents only where there are any.

    >>> euros(12000), euros(1250.5), euros(12000, "de")
    ('€12,000', '€1,250.50', '12.000\xa0€')
    """
    whole = round(amount, 2) == round(amount)
    locale = _locale(language)
    pattern = locale.currency_formats["standard"].pattern
    shown = format_currency(
        amount, "EUR", format=pattern.replace(".00", "") if whole else None, locale=locale, currency_digits=not whole
    )
    return str(shown)


def number(value: float, language: str = "en", decimals: int = 1) -> str:
    """Write a number with at most so many decimals.

    >>> number(1234.56), number(40.0, "fr"), number(0.1234, decimals=2)
    ('1,234.6', '40', '0.12')
    """
    pattern = f"#,##0.{'#' * decimals}"
    return str(format_decimal(round(value, decimals), format=pattern, locale=_locale(language)))


def hours(value: float, language: str = "en") -> str:
    """Write a number of hours.

    >>> hours(7.5), hours(1200)
    ('7.5 h', '1,200 h')
    """
    return f"{number(value, language)} h"


def percent(share: float, language: str = "en") -> str:
    """Write a share in [0, 1] as a whole percentage; what is not quite all is never written as all.

    >>> percent(0.784), percent(0.999), percent(0.001), percent(1.0)
    ('78%', '99%', '1%', '100%')
    """
    shown = min(max(round(share * 100), 1), 99) / 100 if 0 < share < 1 - 1e-9 else round(share)
    return str(format_percent(shown, locale=_locale(language)))


def day(value: date | None, language: str = "en") -> str:
    """Write a date; an offer without a date can be taken at any time.

    >>> day(date(2027, 3, 1)), day(None)
    ('1 Mar 2027', 'any time')
    """
    return str(format_date(value, format="medium", locale=_locale(language))) if value else "any time"


def people(count: int) -> str:
    """Write a head-count.

    >>> people(1), people(3)
    ('1 person', '3 people')
    """
    return "1 person" if count == 1 else f"{count:,} people"
