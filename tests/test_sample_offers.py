"""The sample catalogue: up to date, whole, varied, and honest about what it does not teach."""

import csv
import tomllib
from collections import Counter
from datetime import date, timedelta
from itertools import combinations, product

import pytest
from content import load_script, needs_bundle, official_rows, runs

from skillmatch.company.model import MODES
from skillmatch.offers.catalogue import split_level
from skillmatch.offers.tabular import read_offers
from skillmatch.resources import DATA
from skillmatch.words import ECOSYSTEMS

FOLDER = DATA / "offers"
SAMPLE = FOLDER / "sample.csv"
STARTER = DATA / "taxonomy" / "starter" / "skills_en.csv"
LANGUAGES = ("en", "de", "fr", "es", "it", "pl")


build = load_script(FOLDER / "build.py")


@pytest.fixture(scope="module")
def offers():
    return read_offers([SAMPLE])  # raises if a row is invalid or a prerequisite is missing or circular


@pytest.fixture(scope="module")
def courses():
    return build.read_courses()


def white_spots() -> set[str]:
    text = (FOLDER / "README.md").read_text("utf-8")
    listed = text.split("<!-- white spots -->")[1].split("<!-- end -->")[0]
    return {line.removeprefix("- ").strip() for line in listed.splitlines() if line.startswith("- ")}


def core_skills() -> set[str]:
    measures = [
        measure
        for path in sorted((DATA / "measures").glob("*.toml"))
        for measure in tomllib.loads(path.read_text("utf-8"))["measure"]
    ]
    return {skill["label"].strip() for measure in measures for skill in measure["skills"] if skill["kind"] == "core"}


def labels_with_collections() -> dict[str, set[str]]:
    """Return ESCO preferred label -> collections (green, digital) it is in."""
    files = {
        "skills_en.csv": set(),
        "greenSkillsCollection_en.csv": {"green"},
        "digitalSkillsCollection_en.csv": {"digital"},
        "digCompSkillsCollection_en.csv": {"digital"},
    }
    found: dict[str, set[str]] = {}
    for name, collections in files.items():
        for row in official_rows(name).values():
            found.setdefault(row["preferredLabel"].strip(), set()).update(collections)
    return found


def test_same_bytes_again(tmp_path):
    build.build(tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == SAMPLE.read_bytes(), "run python data/offers/build.py"


def test_unknown_words_in_a_part_are_refused(courses):
    good = courses[0].model_dump(exclude_defaults=True)
    for wrong in ({"hour": 3}, {"ecosystems": ("agriculture",)}, {"hours": 300}, {"price": None, "group": None}):
        with pytest.raises(ValueError, match=r"hour|agriculture|200|price"):
            build.Course(**(good | wrong))


def test_enough_and_all_marked_as_sample(offers, courses):
    assert len(offers) >= 330
    assert len({offer.course for offer in offers}) == len(courses) >= 190
    assert all(offer.sample and offer.url.startswith("https://example.org/") for offer in offers)
    assert {offer.course for offer in offers} == {course.id for course in courses}


def test_courses_are_not_variants_of_one_text(courses):
    assert len({course.title for course in courses}) == len(courses)
    told = [(course.id, found) for course in courses if len(found := runs(course.text, 4)) >= 8]
    alike = [
        (one, other)
        for (one, first), (other, second) in combinations(told, 2)
        if len(first & second) > 0.2 * min(len(first), len(second))
    ]
    assert not alike


def test_ranges(offers):
    prices = [offer.price_eur for offer in offers if offer.price_eur is not None and offer.price_basis == "person"]
    assert (min(prices), max(prices)) == (0, 4000)
    hours = [offer.hours for offer in offers]
    assert (min(hours), max(hours)) == (2, 200)
    starts = [offer.start for offer in offers if offer.start]
    assert all(build.REFERENCE < start < build.REFERENCE + timedelta(days=548) for start in starts)
    assert max(starts) - min(starts) > timedelta(days=450)
    assert all(start.weekday() < 5 for start in starts)
    groups = [offer for offer in offers if offer.price_basis == "group"]
    assert len(groups) >= 20
    assert all(offer.group_min and offer.group_max and offer.start is None for offer in groups)
    assert all(offer.start is None for offer in offers if offer.mode == "self-paced")
    assert max(Counter(offer.course for offer in offers if offer.start).values()) == 4


def test_shares(offers, courses):
    rows = Counter(offer.language for offer in offers)
    share = {language: rows[language] / len(offers) for language in LANGUAGES}
    assert all(0.12 <= part <= 0.25 for part in share.values())
    assert 0.55 <= sum(course.states != "nothing" for course in courses) / len(courses) <= 0.75
    assert 0.05 <= sum(bool(course.hides) for course in courses) / len(courses) <= 0.14
    assert any(offer.level_to is None for offer in offers)
    assert any(offer.price_eur is None for offer in offers)
    assert {offer.provider_pact_member for offer in offers} == {True, False, None}
    assert len({offer.partnership for offer in offers} - {""}) >= 15
    assert len({offer.country for offer in offers}) >= 15


def test_coverage_of_pairs(courses):
    """Each value of one axis meets each of the other; twin counts as digital and as green."""
    held = [(course, run) for course in courses for run in build.runs_of(course)]
    axes = {
        "ecosystem": (ECOSYSTEMS, lambda course, run: course.ecosystems),
        "transition": (
            ("digital", "green"),
            lambda course, run: ("digital", "green") if course.serves == "twin" else (course.serves,),
        ),
        "mode": (MODES, lambda course, run: (run.mode,)),
        "language": (LANGUAGES, lambda course, run: (course.language,)),
        "level": ((2, 3), lambda course, run: (course.levels[1],)),
    }
    for (name, (ones, one_of)), (other, (others, other_of)) in combinations(axes.items(), 2):
        met = {pair for course, run in held for pair in product(one_of(course, run), other_of(course, run))}
        missing = set(product(ones, others)) - met - {("self-paced", 3)}
        assert not missing, f"{name} x {other}"
    assert {course.levels[1] for course in courses} == {1, 2, 3, 4}
    assert {"twin", "none"} <= {course.serves for course in courses}


def test_levels_can_be_reached_in_the_hours(courses):
    """Level 2 takes half a day at least and an hour a skill; nobody reaches level 3 in 24 hours."""
    too_short = []
    for course in courses:
        reached = [level for level in course.skills.values() if level > course.levels[0]]
        least = 25 if any(level > 2 for level in reached) else max(4, reached.count(2)) if 2 in reached else 0
        if course.hours < least:
            too_short.append((course.id, course.hours, least))
    assert not too_short


def test_prerequisites_chain_over_three_steps(courses):
    before = {course.id: course.after for course in courses}

    def depth(course: str) -> int:
        return 1 + max((depth(earlier) for earlier in before[course]), default=0)

    assert max(depth(course) for course in before) >= 3
    ends = {course.id: course.levels for course in courses}
    assert all(ends[earlier][0] <= ends[course][1] for course in before for earlier in before[course])


@pytest.mark.skipif(not STARTER.exists(), reason="the starter taxonomy is not built")
def test_stated_skills_are_in_the_starter_taxonomy(offers):
    with STARTER.open(encoding="utf-8-sig", newline="") as file:
        known = {row["preferredLabel"].strip() for row in csv.DictReader(file)}
    stated = {split_level(words)[0] for offer in offers for words in offer.skills}
    assert not stated - known


@pytest.mark.shared
@needs_bundle
def test_skills_taught_are_in_esco_and_of_the_transition_that_is_named(courses):
    known = labels_with_collections()
    assert not {skill for course in courses for skill in course.skills} - known.keys()
    for course in courses:
        found = set().union(*(known[skill] for skill in course.skills))
        wanted = {"twin": {"digital", "green"}, "none": set()}.get(course.serves, {course.serves})
        assert wanted <= found, course.id


def test_every_core_skill_but_the_white_spots_is_taught(courses):
    taught = {skill for course in courses for skill in course.skills}
    assert not white_spots() & taught
    assert core_skills() - taught == white_spots(), "teach the skill in parts/, or list it in the README"


def test_most_core_skills_are_taught_in_english_within_reach(courses):
    english = [course for course in courses if course.language == "en" and course.levels[0] == 0]
    taught = {skill for course in english for skill in course.skills}
    assert len(core_skills() & taught) / len(core_skills()) > 0.9


def test_working_day_passes_weekends_and_holidays():
    assert build.working_day(date(2026, 12, 19)) == date(2027, 1, 7)
    assert build.working_day(date(2027, 8, 1)) == date(2027, 8, 17)
    assert build.working_day(date(2027, 3, 13)) == date(2027, 3, 15)


def test_last_day_follows_the_rhythm_of_the_mode():
    start = date(2027, 3, 4)  # a Thursday
    assert build.last_day(start, 8, "on-site") == start
    assert build.last_day(start, 24, "on-site") == date(2027, 3, 8)
    assert build.last_day(start, 4, "online") == start
    assert build.last_day(start, 16, "online") == date(2027, 3, 13)
