"""What a skill is: concepts, labels and relations of a taxonomy in ESCO's shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import pandas as pd

from skillmatch.taxonomy.lookup import Labels, nest
from skillmatch.taxonomy.twin import own_twins
from skillmatch.words import Transition, combine

LabelKind = Literal["preferred", "alternative", "hidden"]
COLLECTIONS = ("digital", "green", "digcomp", "transversal", "language", "research")


@dataclass(frozen=True, order=True)
class Source:
    """A file that a taxonomy was read from: its name without folders, the sha256 of its bytes, and their number."""

    name: str
    sha256: str
    bytes: int


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
        Alternative labels in the language asked for, sorted. Hidden labels, which serve the search only (misspellings,
        abbreviations), are not among them.
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
    twin_because
        Why we count it as digital and green at once, as a sentence; empty where we leave that to ESCO.
    """

    uri: str
    label: str
    alternatives: tuple[str, ...]
    description: str
    skill_type: str
    reuse_level: str
    collections: frozenset[str]
    groups: tuple[str, ...]
    twin_because: str = ""

    @property
    def esco_transition(self) -> Transition:
        """Which of the two transitions the skill serves by ESCO; a DigComp competence counts as digital."""
        return combine(bool(self.collections & {"digital", "digcomp"}), "green" in self.collections)

    @property
    def transition(self) -> Transition:
        """Which of the two transitions the skill serves: both by ESCO or by our own judgement, else as ESCO says."""
        return "twin" if self.twin_because else self.esco_transition


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
        One row an occupation and a skill; columns ``occupation``, ``skill``, ``relation`` (``"essential"`` or
        ``"optional"``).
    skill_relations
        One row a pair of skills; columns ``skill``, ``related``, ``relation``.
    broader
        One row a concept and one of its parents; columns ``uri``, ``broader``. A concept may have many parents.
    sources
        The files it was read from.
    warnings
        What the reader left out and why, in words for the user; empty if nothing.
    own_twins
        Skill URI -> why we count it as digital and green at once. It ships with the product and is no part of what is
        stored, nor of `key`; skills that the taxonomy lacks do no harm.

    Examples
    --------
    >>> from skillmatch.taxonomy.starter import load_starter
    >>> taxonomy = load_starter()
    >>> uri = taxonomy.find_skill("Waste Management")
    >>> taxonomy.skill(uri).transition, taxonomy.label(uri, "fr")
    ('green', 'gestion des déchets')
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
    sources: tuple[Source, ...] = ()
    warnings: tuple[str, ...] = ()
    own_twins: Mapping[str, str] = field(default_factory=own_twins)

    def skill(self, uri: str, language: str = "en") -> Skill:
        """Return one skill; KeyError if the taxonomy does not have it."""
        skill_type, reuse_level, description, collections = self._skill_rows[uri]
        return Skill(
            uri=uri,
            label=self._skill_words.preferred(uri, language),
            alternatives=self._skill_words.alternatives(uri, language),
            description=description,
            skill_type=skill_type,
            reuse_level=reuse_level,
            collections=collections,
            groups=tuple(self._parents.get(uri, ())),
            twin_because=self.own_twins.get(uri, ""),
        )

    def occupation(self, uri: str, language: str = "en") -> Occupation:
        """Return one occupation; KeyError if the taxonomy does not have it."""
        isco, description = self._occupation_rows[uri]
        return Occupation(
            uri=uri,
            label=self._occupation_words.preferred(uri, language),
            alternatives=self._occupation_words.alternatives(uri, language),
            description=description,
            isco=isco,
        )

    def label(self, uri: str, language: str = "en") -> str:
        """Return the preferred label of a skill, an occupation or a group, in English where `language` has none.

        The labels of groups are in one language only. KeyError if the taxonomy does not have the concept.
        """
        if uri in self._skill_rows:
            return self._skill_words.preferred(uri, language)
        if uri in self._occupation_rows:
            return self._occupation_words.preferred(uri, language)
        return self._group_labels[uri]

    def skills_of(self, occupation: str) -> dict[str, str]:
        """Return skill URI -> ``"essential"`` or ``"optional"`` for an occupation, sorted by URI; empty if none."""
        return dict(self._skills_by_occupation.get(occupation, {}))

    def occupations_of(self, skill: str) -> dict[str, str]:
        """Return occupation URI -> relation for a skill, sorted by URI; empty if none."""
        return dict(self._occupations_by_skill.get(skill, {}))

    def find_skill(self, words: str) -> str | None:
        """Return the URI of the skill that has exactly these words as a label in any language.

        Case and outer space are ignored. A preferred label wins over an alternative one, that over a hidden one, then
        the smaller URI. A URI of the taxonomy is returned as it is.
        """
        wanted = words.strip()
        return wanted if wanted in self._skill_rows else self._skill_words.find(wanted)

    @cached_property
    def _skill_rows(self) -> dict[str, tuple[str, str, str, frozenset[str]]]:
        flags = zip(*(self.skills[name].tolist() for name in COLLECTIONS), strict=True)
        members = (frozenset(name for name, flag in zip(COLLECTIONS, row, strict=True) if flag) for row in flags)
        columns = (self.skills[name].tolist() for name in ("skill_type", "reuse_level", "description"))
        return dict(zip(self.skills.index.tolist(), zip(*columns, members, strict=True), strict=True))

    @cached_property
    def _occupation_rows(self) -> dict[str, tuple[str, str]]:
        columns = (self.occupations[name].tolist() for name in ("isco", "description"))
        return dict(zip(self.occupations.index.tolist(), zip(*columns, strict=True), strict=True))

    @cached_property
    def _group_labels(self) -> dict[str, str]:
        return dict(zip(self.groups.index.tolist(), self.groups["label"].tolist(), strict=True))

    @cached_property
    def _skill_words(self) -> Labels:
        return Labels(self.skill_labels)

    @cached_property
    def _occupation_words(self) -> Labels:
        return Labels(self.occupation_labels)

    @cached_property
    def _skills_by_occupation(self) -> dict[str, dict[str, str]]:
        return nest(self.relations, "occupation", "skill", "relation")

    @cached_property
    def _occupations_by_skill(self) -> dict[str, dict[str, str]]:
        return nest(self.relations, "skill", "occupation", "relation")

    @cached_property
    def _parents(self) -> dict[str, dict[str, str]]:
        return nest(self.broader, "uri", "broader", "broader")
