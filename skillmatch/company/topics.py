"""Topics: standards, tools and worries that companies name, and the skills that these call for.

A topic is no measure: nobody decides to do "ISO 9001" or "two welders retire" as such. It helps to read words.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from skillmatch.company.measures import Measure, association, load_measures
from skillmatch.company.model import Record
from skillmatch.company.wordlists import GRADES, GradedSkill, read_graded, read_sentences
from skillmatch.errors import InputError, Problem
from skillmatch.mapping.associations import Association
from skillmatch.resources import DATA


class Topic(Record):
    """Something that companies name.

    Parameters
    ----------
    texts
        Language code -> how people say it; the first text is its name.
    skills
        What it calls for.
    """

    id: str
    texts: Mapping[str, tuple[str, ...]]
    skills: tuple[GradedSkill, ...]


def load_topics(folder: Path = DATA / "topics") -> tuple[Topic, ...]:
    """Read the topics: ``skills.csv`` (topic, uri, label, grade) and ``texts/<language>.csv`` (topic, text).

    Returns
    -------
    tuple of Topic
        Sorted by id.

    Raises
    ------
    InputError
        With everything that is wrong in any of the files, and with topics that lack texts or skills.
    """
    problems: list[Problem] = []
    texts = read_sentences(folder / "texts", ("topic", "text"), problems)
    skills = read_graded(folder / "skills.csv", "topic", problems)
    problems.extend(
        Problem(str(folder), f"the topic {id_!r} without {missing}", "texts and skills for each topic", "add them")
        for id_ in sorted(texts.keys() ^ skills.keys())
        for missing in ["skills" if id_ in texts else "texts"]
    )
    if problems:
        raise InputError(problems)
    return tuple(Topic(id=id_, texts=texts[id_], skills=skills[id_]) for id_ in sorted(texts))


def associations(measures: Sequence[Measure] | None = None) -> tuple[Association, ...]:
    """Return what measures and topics know in the form that mapping takes: texts, and the skills that they call for.

    `measures` are those of the library, where they are loaded already; None: they are loaded.
    """
    return (*map(association, load_measures() if measures is None else measures), *map(_of_topic, load_topics()))


def _of_topic(topic: Topic) -> Association:
    names = dict.fromkeys(texts[0] for texts in topic.texts.values())
    texts = dict.fromkeys([*names, *(text for texts in topic.texts.values() for text in texts[1:])])
    skills = tuple((skill.uri, GRADES[skill.grade]) for skill in topic.skills)
    return Association(topic.id, tuple(texts), skills, names=len(names))
