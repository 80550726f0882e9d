"""Countries and languages as people write them, and the two-letter codes that the product works with."""

from collections.abc import Mapping

COUNTRIES: Mapping[str, tuple[str, ...]] = {
    "AL": ("Albania", "Shqipëria"),
    "AT": ("Austria", "Österreich"),
    "BA": ("Bosnia and Herzegovina", "Bosna i Hercegovina"),
    "BE": ("Belgium", "Belgique", "België", "Belgien"),
    "BG": ("Bulgaria", "България"),
    "CH": ("Switzerland", "Schweiz", "Suisse", "Svizzera"),
    "CY": ("Cyprus", "Κύπρος"),
    "CZ": ("Czechia", "Czech Republic", "Česko"),
    "DE": ("Germany", "Deutschland"),
    "DK": ("Denmark", "Danmark"),
    "EE": ("Estonia", "Eesti"),
    "ES": ("Spain", "España"),
    "FI": ("Finland", "Suomi"),
    "FR": ("France",),
    "GB": ("United Kingdom", "UK", "Great Britain"),
    "GR": ("Greece", "Ελλάδα", "EL"),
    "HR": ("Croatia", "Hrvatska"),
    "HU": ("Hungary", "Magyarország"),
    "IE": ("Ireland", "Éire"),
    "IS": ("Iceland", "Ísland"),
    "IT": ("Italy", "Italia"),
    "LI": ("Liechtenstein",),
    "LT": ("Lithuania", "Lietuva"),
    "LU": ("Luxembourg", "Luxemburg", "Lëtzebuerg"),
    "LV": ("Latvia", "Latvija"),
    "MD": ("Moldova",),
    "ME": ("Montenegro", "Crna Gora"),
    "MK": ("North Macedonia", "Северна Македонија"),
    "MT": ("Malta",),
    "NL": ("Netherlands", "The Netherlands", "Nederland"),
    "NO": ("Norway", "Norge"),
    "PL": ("Poland", "Polska"),
    "PT": ("Portugal",),
    "RO": ("Romania", "România"),
    "RS": ("Serbia", "Srbija", "Србија"),
    "SE": ("Sweden", "Sverige"),
    "SI": ("Slovenia", "Slovenija"),
    "SK": ("Slovakia", "Slovensko"),
    "TR": ("Türkiye", "Turkey"),
    "UA": ("Ukraine", "Україна"),
    "XK": ("Kosovo",),
}
"""ISO 3166-1 alpha-2 code (XK as the European Commission uses it) -> names; the first one is shown."""

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "ar": ("Arabic", "العربية"),
    "bg": ("Bulgarian", "български"),
    "cs": ("Czech", "čeština"),
    "da": ("Danish", "dansk"),
    "de": ("German", "Deutsch"),
    "el": ("Greek", "ελληνικά"),
    "en": ("English",),
    "es": ("Spanish", "español", "castellano"),
    "et": ("Estonian", "eesti"),
    "fi": ("Finnish", "suomi"),
    "fr": ("French", "français"),
    "ga": ("Irish", "Gaeilge"),
    "hr": ("Croatian", "hrvatski"),
    "hu": ("Hungarian", "magyar"),
    "is": ("Icelandic", "íslenska"),
    "it": ("Italian", "italiano"),
    "lt": ("Lithuanian", "lietuvių"),
    "lv": ("Latvian", "latviešu"),
    "mt": ("Maltese", "Malti"),
    "nl": ("Dutch", "Nederlands"),
    "no": ("Norwegian", "norsk"),
    "pl": ("Polish", "polski"),
    "pt": ("Portuguese", "português"),
    "ro": ("Romanian", "română"),
    "sk": ("Slovak", "slovenčina"),
    "sl": ("Slovenian", "slovenščina"),
    "sv": ("Swedish", "svenska"),
    "tr": ("Turkish", "Türkçe"),
    "uk": ("Ukrainian", "українська"),
}
"""ISO 639-1 code -> names; the first one is shown. The languages of ESCO, and Turkish."""


def find_code(words: str, table: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the code that `words` is, or whose name it is; case is ignored.

    >>> find_code("germany", COUNTRIES), find_code("PL", COUNTRIES), find_code("Deutsch", LANGUAGES)
    ('DE', 'PL', 'de')
    >>> find_code("Atlantis", COUNTRIES) is None
    True
    """
    wanted = words.strip().casefold()
    for code, names in table.items():
        if wanted == code.casefold() or wanted in (name.casefold() for name in names):
            return code
    return None
