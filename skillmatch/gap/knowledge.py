"""What the gap stage knows beside the company: taxonomy, reading of words, measures."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from math import hypot, log
from typing import Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.company.measures import Measure, MeasureSearch, load_measures
from skillmatch.company.topics import associations
from skillmatch.gap.cooccurrence import NARROW, Cooccurrence
from skillmatch.gap.memo import RememberingEncoder
from skillmatch.gap.rules import because
from skillmatch.mapping.associations import AssociationIndex
from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.mapping.examples import load_examples
from skillmatch.mapping.protocols import SkillMapper, TitleLinker
from skillmatch.resources import home
from skillmatch.taxonomy.model import Taxonomy
from skillmatch.words import Reason


@dataclass(frozen=True, eq=False)
class Knowledge:
    """All that analyses share; costly to make, never changed.

    Parameters
    ----------
    taxonomy, mapper, linker, encoder
        What a skill is, and how words are read.
    measures, search
        The library, sorted by id, and the search in it.
    language
        Two-letter code of the language of labels in reasons.
    plain
        The mapper without the library of measures; None: `mapper` knows nothing of it either.
    whole
        The mapper for texts that say what is wanted or taught, needs and courses, for which measures and topics speak
        however they are worded; None: `mapper` reads them too.
    """

    taxonomy: Taxonomy
    mapper: SkillMapper
    linker: TitleLinker
    encoder: Encoder
    measures: tuple[Measure, ...]
    search: MeasureSearch
    language: str = "en"
    plain: SkillMapper | None = None
    whole: SkillMapper | None = None

    @classmethod
    def load(
        cls,
        *,
        taxonomy: Taxonomy | None = None,
        encoder: Encoder | None = None,
        language: str = "en",
        progress: Progress | None = None,
    ) -> Self:
        """Make the knowledge from what ships and what is imported.

        Parameters
        ----------
        taxonomy
            None: the one in use.
        encoder
            None: the default one.
        language
            Two-letter code of the language of labels.
        progress
            Called with (done, total) while labels are encoded, which only the first time takes long.
        """
        from skillmatch.mapping.encoder import load_encoder
        from skillmatch.mapping.mapper import Mapper
        from skillmatch.mapping.occupations import OccupationLinker
        from skillmatch.taxonomy.storage import active

        taxonomy = taxonomy or active()
        encoder = RememberingEncoder(encoder or load_encoder())
        cache = home() / "cache"
        measures = load_measures()
        mapper = Mapper.build(
            taxonomy,
            encoder,
            language=language,
            cache=cache,
            progress=progress,
            associations=associations(measures),
            examples=load_examples(encoder),
        )
        known = mapper.index.knowledge
        if not isinstance(known, AssociationIndex):
            raise TypeError("the mapper was built with the library of measures")
        return cls(
            taxonomy=taxonomy,
            mapper=mapper,
            plain=replace(mapper, index=replace(mapper.index, knowledge=None), associations=()),
            whole=replace(mapper, index=replace(mapper.index, knowledge=replace(known, heeds_register=False))),
            linker=OccupationLinker.build(taxonomy, encoder, language=language, cache=cache, progress=progress),
            encoder=encoder,
            measures=measures,
            search=MeasureSearch.within(known, measures),
            language=language,
        )

    def remembering(self) -> AbstractContextManager[None]:
        """Return a context in which no text is encoded twice."""
        return self.encoder.remember() if isinstance(self.encoder, RememberingEncoder) else nullcontext()

    def reader(self, *, beside_measure: bool) -> SkillMapper:
        """Return the mapper for words of a need.

        The library of measures is a bridge from words to skills where no measure is adopted. Where one is, its skills
        are called for already, and the words are read without the library, so that it does not count twice.
        """
        return (self.plain if beside_measure else self.whole) or self.mapper

    @cached_property
    def measure_by_id(self) -> dict[str, Measure]:
        """The library by id."""
        return {measure.id: measure for measure in self.measures}

    def profile(self, occupation: str) -> dict[str, float]:
        """Return the skills of an occupation and their narrow groups, weighed, as a vector of length 1 (empty if none).

        An essential skill counts 1, an optional one 1/2. A skill enters with this times ``1 + ln(n / d)``, for a skill
        of d among the n occupations, so that what nearly all need says little; and each of its narrow groups with this
        times `GROUP`, shared out evenly, so that skills of one kind bring occupations together too.
        """
        if occupation not in self._profiles:
            total = len(self.taxonomy.occupations)
            parts: dict[str, float] = {}
            for skill, relation in self.taxonomy.skills_of(occupation).items():
                parts[skill] = PROFILE[relation] * (1 + log(total / len(self.taxonomy.occupations_of(skill))))
                groups = [group for group in self.taxonomy.skill(skill).groups if group in self.siblings]
                for group in groups:
                    parts[group] = parts.get(group, 0.0) + PROFILE[relation] * GROUP / len(groups)
            length = hypot(*parts.values())
            self._profiles[occupation] = {skill: part / length for skill, part in parts.items()}
        return self._profiles[occupation]

    @cached_property
    def _profiles(self) -> dict[str, dict[str, float]]:
        return {}

    @cached_property
    def cooccurrence(self) -> Cooccurrence:
        """Occupations and skills as matrices; made when first asked for (about a second for the full ESCO)."""
        return Cooccurrence.build(self.taxonomy)

    @cached_property
    def siblings(self) -> dict[str, frozenset[str]]:
        """Narrow group -> the skills in it, for groups of at most `NARROW` skills."""
        members: dict[str, set[str]] = {}
        for child, parent in zip(self.taxonomy.broader["uri"], self.taxonomy.broader["broader"], strict=True):
            members.setdefault(parent, set()).add(child)
        return {group: frozenset(skills) for group, skills in sorted(members.items()) if len(skills) <= NARROW}

    @cached_property
    def related_skills(self) -> dict[str, frozenset[str]]:
        """Skill -> the skills (knowledge, mostly) that ESCO relates to it, as essential or optional for it."""
        found: dict[str, set[str]] = {}
        table = self.taxonomy.skill_relations
        for related, skill in zip(table["skill"].tolist(), table["related"].tolist(), strict=True):
            found.setdefault(skill, set()).add(related)
        return {skill: frozenset(others) for skill, others in found.items()}

    def has_skill(self, uri: str) -> bool:
        """Return whether the taxonomy has the skill."""
        return uri in self._skills

    def has_occupation(self, uri: str) -> bool:
        """Return whether the taxonomy has the occupation."""
        return uri in self.taxonomy.occupations.index

    def find_occupation(self, words: str) -> str | None:
        """Return the occupation with this URI, or exactly this label in any language (preferred before others)."""
        if self.has_occupation(words.strip()):
            return words.strip()
        labels = self.taxonomy.occupation_labels
        same = labels[labels["text"].str.casefold() == words.strip().casefold()]
        ranked = sorted((kind != "preferred", uri) for kind, uri in zip(same["kind"], same["uri"], strict=True))
        return ranked[0][1] if ranked else None

    def label(self, uri: str) -> str:
        """Return the label of a skill or occupation for people."""
        return self.taxonomy.label(uri, self.language)

    def why_twin(self, uri: str) -> tuple[Reason, ...]:
        """Return who says that a skill serves both transitions: ESCO, or we and why; empty if nobody does."""
        skill = self.taxonomy.skill(uri)
        if skill.esco_transition == "twin":
            return (because("twin", skill=self.label(uri)),)
        if skill.twin_because:
            return (because("counted as twin", skill=self.label(uri), why=skill.twin_because),)
        return ()

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors of public texts (labels, titles of the library), of shape (n, dimension); each encoded once.

        Not for the words of a company: these are kept nowhere.
        """
        missing = [text for text in dict.fromkeys(texts) if text not in self._memory]
        if missing:
            self._memory.update(zip(missing, self.encoder.encode(missing), strict=True))
        shape = (len(texts), self.encoder.dimension)
        return np.array([self._memory[text] for text in texts], dtype=np.float32).reshape(shape)

    @cached_property
    def _skills(self) -> frozenset[str]:
        return frozenset(self.taxonomy.skills.index.tolist())

    @cached_property
    def _memory(self) -> dict[str, NDArray[np.float32]]:
        return {}


PROFILE = {"essential": 1.0, "optional": 0.5}
"""What a skill counts in the profile of an occupation."""
GROUP = 2.0
"""What its narrow group counts there, beside a rare skill's 1 + ln(n / d) of up to about 8 in the full ESCO."""
