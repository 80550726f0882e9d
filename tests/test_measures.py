"""The library of measures: how a file is read and refused, the search in it, and everything that ships."""

from pathlib import Path

import pytest
from content import needs_bundle, official_rows
from fakes import BagOfWordsEncoder

from skillmatch.company.measures import (
    MEASURE_LANGUAGES,
    Measure,
    MeasureSearch,
    dangling_links,
    load_measures,
)
from skillmatch.errors import InputError
from skillmatch.resources import DATA
from skillmatch.taxonomy.starter import load_starter
from skillmatch.words import ECOSYSTEMS, combine

LIBRARY = load_measures()

VALID = """
[[measure]]
id = "save-energy"
transition = "green"
ecosystems = ["all"]
frameworks = []
lead_people = 2
prerequisites = []
enables = []
first_steps = ["Read the meters every week."]
title.en = "Save energy"
title.de = "Energie sparen"
description.en = "Use less energy for the same work."
outcome.en = "Afterwards the company can do with less energy."
synonyms.en = ["lower the bill"]
[[measure.roles]]
title = "manager"
occupation = "http://example.org/occupation/manager"
part = "lead"
[[measure.skills]]
uri = "http://example.org/skill/energy-audit"
label = "carry out energy audit"
kind = "core"
level = 2
who = "lead"
"""


def problems(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_measures(folder)
    return [str(problem) for problem in caught.value.problems]


# How people say what they want


def test_wishes_beside_the_library_are_read_by_language(tmp_path: Path) -> None:
    (tmp_path / "energy.toml").write_text(VALID, "utf-8")
    (tmp_path / "wishes").mkdir()
    (tmp_path / "wishes" / "en.csv").write_text(
        'measure,wish\nsave-energy,"Our bill, again, has doubled"\nsave-energy,lights burn all night\n', "utf-8"
    )
    (tmp_path / "wishes" / "de.csv").write_text("measure,wish\nsave-energy,Der Strom frisst uns auf\n", "utf-8")
    (measure,) = load_measures(tmp_path)
    assert measure.wishes == {
        "de": ("Der Strom frisst uns auf",),
        "en": ("Our bill, again, has doubled", "lights burn all night"),
    }


def test_wrong_wishes_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "energy.toml").write_text(VALID, "utf-8")
    (tmp_path / "wishes").mkdir()
    (tmp_path / "wishes" / "de.csv").write_text("id;text\nsave-energy;Strom\n", "utf-8")
    (tmp_path / "wishes" / "en.csv").write_text("measure,wish\nsave-energy,\n", "utf-8")
    found = problems(tmp_path)
    assert [problem.split(":")[0] for problem in found] == ["de.csv, line 1", "en.csv, line 2"]
    (tmp_path / "wishes" / "de.csv").unlink()
    (tmp_path / "wishes" / "en.csv").write_text("measure,wish\nburn-energy,more heat\n", "utf-8")
    (problem,) = problems(tmp_path)
    assert "wishes for 'burn-energy'" in problem


# Files that are wrong


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('transition = "green"', 'transition = "blue"', "transition: found 'blue'; allowed: Input should be 'digital'"),
        ('ecosystems = ["all"]', 'ecosystems = ["banking"]', 'allowed: ["all"], or some of aerospace-defence'),
        ("lead_people = 2", "lead_people = 0", "lead_people: found 0"),
        ("lead_people = 2", "", "lead_people: found nothing; allowed: Field required. To mend it: add the field"),
        ("lead_people = 2", "lead_people = 2\nbudget = 9", "budget: found 9"),
        ('title.en = "Save energy"', "", "at least an English text"),
        ('id = "save-energy"', 'id = "Save Energy"', "lower-case words joined by hyphens"),
        ("level = 2", "level = 5", "skills.0.level: found 5"),
        ('who = "lead"', 'who = "user"', "a role with part 'user'"),
        ('uri = "http://example.org/skill/energy-audit"', 'uri = "energy-audit"', "skills.0.uri"),
        (VALID[VALID.index("[[measure.roles]]") : VALID.index("[[measure.skills]]")], "", "roles: found nothing"),
    ],
)
def test_a_wrong_field_is_named_with_file_and_measure(tmp_path: Path, old: str, new: str, words: str) -> None:
    (tmp_path / "energy.toml").write_text(VALID.replace(old, new), "utf-8")
    (problem,) = problems(tmp_path)
    assert problem.startswith("energy.toml, measure ")
    assert words in problem


def test_everything_wrong_in_all_files_comes_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(VALID + VALID.replace("level = 2", "level = 9"), "utf-8")
    (tmp_path / "b.toml").write_text(VALID, "utf-8")
    (tmp_path / "c.toml").write_text("[[measure", "utf-8")
    (tmp_path / "d.toml").write_text("colour = 1", "utf-8")
    (tmp_path / "e.toml").write_bytes(b"\xff")
    found = problems(tmp_path)
    for words in (
        "a.toml, measure save-energy, skills.0.level", "b.toml, measure save-energy: found an id that a.toml",
        "c.toml: found", "d.toml: found the table 'colour'", "d.toml: found no [[measure]]",
        "e.toml: found 'utf-8' codec",
    ):  # fmt: skip
        assert any(problem.startswith(words) for problem in found), words


def test_a_folder_without_measures_and_a_link_to_nowhere_are_refused(tmp_path: Path) -> None:
    assert "no measure" in problems(tmp_path)[0]
    linked = VALID.replace("enables = []", 'enables = ["world-peace"]')
    (tmp_path / "a.toml").write_text(linked, "utf-8")
    (problem,) = problems(tmp_path)
    assert problem.startswith("measure save-energy, enables: found world-peace")


def test_a_skill_that_stands_twice_is_refused(tmp_path: Path) -> None:
    skill = VALID[VALID.index("[[measure.skills]]") :]
    (tmp_path / "a.toml").write_text(VALID + skill, "utf-8")
    assert "each skill once" in problems(tmp_path)[0]


# Files that are right


def test_measures_come_sorted_by_id_and_speak_the_language_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        VALID.replace("save-energy", "z-last") + VALID.replace("save-energy", "m-mid"), "utf-8"
    )
    (tmp_path / "b.toml").write_text(VALID.replace("save-energy", "a-first"), "utf-8")
    first, *_ = measures = load_measures(tmp_path)
    assert [measure.id for measure in measures] == ["a-first", "m-mid", "z-last"]
    assert (first.words("de"), first.words("fr")) == ("Energie sparen", "Save energy")


def test_the_search_finds_titles_synonyms_and_other_languages(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        VALID + VALID.replace("save-energy", "fly").replace("Save energy", "Inspect by drone").replace(
            "Energie sparen", "Drohnen").replace("lower the bill", "look from above"), "utf-8"
    )  # fmt: skip
    search = MeasureSearch.build(
        load_measures(tmp_path), BagOfWordsEncoder(["save", "energy", "drone", "drohnen", "bill"])
    )
    best = [hits[0] for hits in search.search(["Save energy", "drohnen", "a lower bill"], 2)]
    assert [(hit.measure, hit.label) for hit in best] == [
        ("save-energy", "Save energy"), ("fly", "Drohnen"), ("save-energy", "lower the bill"),
    ]  # fmt: skip
    assert 1 > best[0].score > max(hit.score for hit in best[1:])
    assert all(0 <= hit.score <= 1 for hit in best)
    assert search.search([], 2) == []


# What ships


def test_the_library_is_as_big_and_as_wide_as_promised() -> None:
    assert len(LIBRARY) >= 120
    assert dangling_links(LIBRARY) == ()
    assert {measure.transition for measure in LIBRARY} == {"digital", "green", "twin", "none"}
    for ecosystem in ECOSYSTEMS:
        assert sum(ecosystem in measure.ecosystems for measure in LIBRARY) >= 3, ecosystem


@pytest.mark.parametrize("page", ["data-measures.md", "measures-review.md"])
def test_the_pages_say_how_many_there_are(page: str) -> None:
    assert f"{len(LIBRARY)} " in (DATA.parent / "docs" / page).read_text("utf-8")


@pytest.mark.parametrize("measure", LIBRARY, ids=lambda measure: measure.id)
def test_every_measure_is_complete(measure: Measure) -> None:
    for language in MEASURE_LANGUAGES:
        assert measure.title[language].strip()
        assert len(measure.title[language].split()) <= 10
        assert measure.description[language].strip()
        assert len(measure.synonyms[language]) >= 2
    assert 5 <= len(measure.skills) <= 15
    assert sum(skill.kind == "core" for skill in measure.skills) >= 2
    assert 2 <= len(measure.roles) <= 6
    assert 3 <= len(measure.first_steps) <= 5
    assert measure.lead_people >= 1
    assert measure.id not in (*measure.prerequisites, *measure.enables)
    assert all("\ufffd" not in text and text == text.strip() for text in _texts(measure))


def test_titles_tell_measures_apart() -> None:
    for language in MEASURE_LANGUAGES:
        titles = [measure.title[language].casefold() for measure in LIBRARY]
        assert len(set(titles)) == len(titles), language


def test_no_measure_comes_before_itself() -> None:
    before = {measure.id: set(measure.prerequisites) for measure in LIBRARY}
    done: set[str] = set()
    while ready := {key for key, needed in before.items() if key not in done and needed <= done}:
        done |= ready
    assert done == before.keys()


def test_every_skill_and_occupation_is_in_the_starter_taxonomy() -> None:
    taxonomy = load_starter()
    for measure in LIBRARY:
        assert {skill.uri for skill in measure.skills} <= set(taxonomy.skills.index), measure.id
        assert {role.occupation for role in measure.roles} <= set(taxonomy.occupations.index), measure.id
        for skill in measure.skills:
            assert taxonomy.label(skill.uri) == skill.label.strip(), measure.id


def test_the_transition_of_a_measure_shows_in_its_skills() -> None:
    """A digital measure calls for a digital skill, a green one for a green one, a twin one for both."""
    taxonomy = load_starter()
    for measure in LIBRARY:
        found = {taxonomy.skill(skill.uri).transition for skill in measure.skills}
        digital, green = bool(found & {"digital", "twin"}), bool(found & {"green", "twin"})
        assert combine(
            digital and measure.transition in ("digital", "twin"), green and measure.transition in ("green", "twin")
        ) == measure.transition, (measure.id, found)  # fmt: skip


@pytest.mark.shared
@needs_bundle
class TestAgainstEsco:
    def test_every_skill_and_label_is_escos(self) -> None:
        skills = official_rows("skills_en.csv")
        for measure in LIBRARY:
            for skill in measure.skills:
                assert skills[skill.uri]["preferredLabel"].strip() == skill.label.strip(), measure.id

    def test_every_occupation_is_escos(self) -> None:
        occupations = official_rows("occupations_en.csv")
        for measure in LIBRARY:
            assert {role.occupation for role in measure.roles} <= occupations.keys(), measure.id


def _texts(measure: Measure) -> list[str]:
    synonyms = [synonym for each in measure.synonyms.values() for synonym in each]
    fields = (measure.title, measure.description, measure.outcome)
    return [*(text for field in fields for text in field.values()), *synonyms, *measure.first_steps]
