"""What a skill is: concepts, labels and relations of a taxonomy in ESCO's shape."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from skillmatch.words import Transition, combine

LabelKind = Literal["preferred", "alternative", "hidden"]
COLLECTIONS = ("digital", "green", "digcomp", "transversal", "language", "research")


@dataclass(frozen=True)
class Skill:
    """A skill of the taxonomy, with its words in one language.

    Parameters
    ----------
    uri
        Identifier of the concept.
    label
        Preferred label in the language asked for; the English one where that is missing.
    alternatives
        Other labels in the same language, sorted.
    description
        One or two sentences; empty where the taxonomy has none.
    skill_type
        ``"skill/competence"`` or ``"knowledge"``; empty where ESCO leaves it blank.
    reuse_level
        ``"transversal"``, ``"cross-sector"``, ``"sector-specific"``, ``"occupation-specific"`` or empty.
    collections
        Those of `COLLECTIONS` that hold the skill.
    groups
        URIs of its direct parents, sorted.
    """

    uri: str
    label: str
    alternatives: tuple[str, ...]
    description: str
    skill_type: str
    reuse_level: str
    collections: frozenset[str]
    groups: tuple[str, ...]

    @property
    def transition(self) -> Transition:
        """Which of the two transitions the skill serves; a DigComp competence counts as digital."""
        return combine(bool(self.collections & {"digital", "digcomp"}), "green" in self.collections)


@dataclass(frozen=True)
class Occupation:
    """An occupation of the taxonomy; `isco` is the code of its ISCO-08 unit group, such as ``"7223"``."""

    uri: str
    label: str
    alternatives: tuple[str, ...]
    description: str
    isco: str


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """Skills, occupations, their labels and relations, as tables.

    Parameters
    ----------
    name
        Name under which it is stored, such as ``"starter"`` or ``"esco-1.1.1"``.
    version
        Version of the classification, such as ``"1.1.1"``.
    languages
        Two-letter codes of the languages that have labels, sorted.
    key
        sha256 of the content; two taxonomies with one key are equal.
    skills
        One row a skill, index ``uri`` sorted; columns ``skill_type``, ``reuse_level``, ``description`` (str) and one
        boolean column for each of `COLLECTIONS`.
    occupations
        One row an occupation, index ``uri`` sorted; columns ``isco``, ``code``, ``description`` (str).
    groups
        One row a skill group or ISCO group, index ``uri`` sorted; columns ``code``, ``label``, ``description`` (str).
    skill_labels, occupation_labels
        One row a label; columns ``uri``, ``language``, ``kind`` (`LabelKind`), ``text``; sorted by these four.
    relations
        One row an occupation and a skill; columns ``occupation``, ``skill``, ``relation`` (``"essential"`` or ``"optional"``).
    skill_relations
        One row a pair of skills; columns ``skill``, ``related``, ``relation``.
    broader
        One row a concept and one of its parents; columns ``uri``, ``broader``. A concept may have many parents.
    """

    name: str
    version: str
    languages: tuple[str, ...]
    key: str
    skills: pd.DataFrame
    occupations: pd.DataFrame
    groups: pd.DataFrame
    skill_labels: pd.DataFrame
    occupation_labels: pd.DataFrame
    relations: pd.DataFrame
    skill_relations: pd.DataFrame
    broader: pd.DataFrame

    def skill(self, uri: str, language: str = "en") -> Skill:
        """Return one skill; KeyError if the taxonomy does not have it."""
        raise NotImplementedError

    def occupation(self, uri: str, language: str = "en") -> Occupation:
        """Return one occupation; KeyError if the taxonomy does not have it."""
        raise NotImplementedError

    def label(self, uri: str, language: str = "en") -> str:
        """Return the preferred label of a skill, an occupation or a group, in English where `language` has none."""
        raise NotImplementedError

    def skills_of(self, occupation: str) -> dict[str, str]:
        """Return skill URI -> ``"essential"`` or ``"optional"`` for an occupation, sorted by URI; empty if none."""
        raise NotImplementedError

    def occupations_of(self, skill: str) -> dict[str, str]:
        """Return occupation URI -> relation for a skill, sorted by URI."""
        raise NotImplementedError

    def find_skill(self, words: str) -> str | None:
        """Return the URI of the skill that has exactly these words as a label in any language (case and outer space ignored).

        A preferred label wins over an alternative one, then the smaller URI. A URI of the taxonomy is returned as it is.
        """
        raise NotImplementedError
