"""Topics and related skills: what helps to read words beside the skills of a measure."""

from pathlib import Path

import pytest
from content import needs_bundle, official_rows

from skillmatch.company.measures import MEASURE_LANGUAGES, SUPPORTING, association, load_measures
from skillmatch.company.topics import Topic, associations, load_topics
from skillmatch.company.wordlists import GRADES
from skillmatch.errors import InputError

SKILLS = "topic,uri,label,grade\n"
A, B = "http://data.europa.eu/esco/skill/a", "http://data.europa.eu/esco/skill/b"
TOPICS = load_topics()
LIBRARY = load_measures()


def folder(root: Path, skills: str, **texts: str) -> Path:
    (root / "texts").mkdir()
    (root / "skills.csv").write_text(skills, "utf-8")
    for language, lines in texts.items():
        (root / "texts" / f"{language}.csv").write_text(lines, "utf-8")
    return root


def problems(root: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_topics(root)
    return [str(problem) for problem in caught.value.problems]


def test_a_topic_has_texts_by_language_and_graded_skills(tmp_path: Path) -> None:
    folder(
        tmp_path, f"{SKILLS}iso,{A},audit,3\niso,{B},file,1\n",
        en="topic,text\niso,ISO 9001\niso,The auditor comes\n", de="topic,text\niso,ISO 9001\n",
    )  # fmt: skip
    (topic,) = load_topics(tmp_path)
    assert topic.texts == {"de": ("ISO 9001",), "en": ("ISO 9001", "The auditor comes")}
    assert [(skill.label, skill.grade) for skill in topic.skills] == [("audit", 3), ("file", 1)]


def test_everything_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    folder(
        tmp_path,
        f"{SKILLS}iso,{A},audit,4\niso,{B},file,2\niso,{B},file,2\niso,b,file,2\niso,{A},,2\nbare,{A},audit,1\n",
        en="topic,text\niso,ISO 9001\nlost,Nobody knows\n", de="id;text\niso,ISO 9001\n",
    )  # fmt: skip
    found = problems(tmp_path)
    assert [problem.split(":")[0] for problem in found] == [
        "de.csv, line 1", "skills.csv, line 2", "skills.csv, line 4", "skills.csv, line 5", "skills.csv, line 6",
        str(tmp_path), str(tmp_path),
    ]  # fmt: skip
    assert "'bare' without texts" in found[-2]
    assert "'lost' without skills" in found[-1]


def test_of_two_weights_of_a_skill_the_larger_counts() -> None:
    measure = next(measure for measure in LIBRARY if measure.related)
    weights = dict(association(measure).skills)
    graded = {skill.uri: GRADES[skill.grade] for skill in measure.related}
    own = {skill.uri: 1.0 if skill.kind == "core" else SUPPORTING for skill in measure.skills}
    assert weights == {uri: max(own.get(uri, 0), graded.get(uri, 0)) for uri in own | graded}


def test_names_stand_before_the_other_texts() -> None:
    known = {one.id: one for one in associations(LIBRARY)}
    assert known.keys() == {measure.id for measure in LIBRARY} | {topic.id for topic in TOPICS}
    for topic in TOPICS:
        one = known[topic.id]
        assert set(one.texts[: one.names]) == {texts[0] for texts in topic.texts.values()}
    for measure in LIBRARY:
        one = known[measure.id]
        assert set(one.texts[: one.names]) == set(measure.title.values())


# What ships


def test_there_are_topics_beside_the_measures() -> None:
    assert len(TOPICS) >= 200
    assert not {topic.id for topic in TOPICS} & {measure.id for measure in LIBRARY}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_every_topic_is_complete(topic: Topic) -> None:
    assert set(MEASURE_LANGUAGES) <= topic.texts.keys()
    for texts in topic.texts.values():
        assert len(set(texts)) == len(texts) >= 3
        assert all(text == text.strip() and "\ufffd" not in text for text in texts)
    assert 6 <= len(topic.skills) <= 30
    assert any(skill.grade == max(GRADES) for skill in topic.skills)


def test_no_sentence_of_a_topic_speaks_for_something_else() -> None:
    owners: dict[str, set[str]] = {}
    for one in associations(LIBRARY):
        for text in one.texts:
            owners.setdefault(text.casefold(), set()).add(one.id)
    shared = {text: ids for text, ids in owners.items() if len(ids) > 1}
    assert not [text for text, ids in shared.items() if ids & {topic.id for topic in TOPICS}]


def test_every_measure_knows_related_skills() -> None:
    assert all(any(skill.grade == max(GRADES) for skill in measure.related) for measure in LIBRARY)


@pytest.mark.shared
@needs_bundle
def test_every_graded_skill_and_label_is_escos() -> None:
    rows = official_rows("skills_en.csv")
    for owner in (*TOPICS, *LIBRARY):
        graded = owner.skills if isinstance(owner, Topic) else owner.related
        for skill in graded:
            assert rows[skill.uri]["preferredLabel"].split() == skill.label.split(), owner.id
