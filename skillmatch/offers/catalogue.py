"""A catalogue whose offers are mapped to skills: what each teaches, and which offers teach a skill."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from skillmatch.mapping.protocols import SkillMapper
from skillmatch.offers.memory import Found, Memory
from skillmatch.offers.model import Offer, OfferSkill
from skillmatch.words import Transition

MINIMUM_PROBABILITY = 0.6
"""A skill read in a course text counts from this probability on: money is spent on it (docs/offers.md)."""
SLOPE, INTERCEPT = 0.49, -0.73
"""What turns the mapper's log-odds into those that the provider would state the skill too (docs/offers.md)."""
MOST_SKILLS = 6
"""At most so many skills are read in one course text, the most probable ones."""
DEFAULT_FROM, DEFAULT_TO = 0, 2
"""Levels where the provider states none: from nothing to intermediate, what most open courses promise."""
BATCH = 256
STATED = re.compile(r"(?P<words>.*?)\s*@\s*(?P<level>[1-4])")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Catalogue:
    """Offers and what they teach.

    Parameters
    ----------
    offers
        Sorted by id.
    taught
        Offer id -> what it teaches, sorted by skill; an offer that teaches nothing known has an empty tuple.
    unread
        (offer id, words) of skills the provider states that no skill of the taxonomy stands for.
    key
        Identifies the mapper that read the course texts.
    transitions
        Skill -> transition it serves, of the skills taught.
    """

    offers: tuple[Offer, ...]
    taught: Mapping[str, tuple[OfferSkill, ...]]
    unread: tuple[tuple[str, str], ...] = ()
    key: str = ""
    transitions: Mapping[str, Transition] = field(default_factory=dict)

    @classmethod
    def build(cls, offers: Iterable[Offer], mapper: SkillMapper, *, progress: Progress | None = None) -> "Catalogue":
        """Map each distinct course text once, and remember it on disk under the mapper's key.

        Skills that the provider states win: where at least one of them is a skill of the taxonomy (by URI, by label, or
        by mapping its words), nothing is read in the text. Levels that are not stated are 0 -> 2 and flagged.

        Parameters
        ----------
        offers
            In any order, ids used once.
        mapper
            Reads texts; its taxonomy knows labels.
        progress
            Called with (texts done, texts to do).
        """
        ordered = tuple(sorted(offers, key=lambda offer: offer.id))
        stated = _resolve_stated(ordered, mapper)
        texts = {offer.id: course_text(offer) for offer in ordered if not any(stated[offer.id].values())}
        found = _read_texts(sorted(set(texts.values())), mapper, MOST_SKILLS, progress)
        taught = {
            offer.id: _from_text(offer, found[texts[offer.id]])
            if offer.id in texts
            else _from_statement(offer, stated[offer.id])
            for offer in ordered
        }
        unread = tuple((name, words) for name, skills in stated.items() for words, hit in skills.items() if hit is None)
        uris = sorted({skill.skill for skills in taught.values() for skill in skills})
        transitions = {uri: mapper.taxonomy.skill(uri).transition for uri in uris}
        return cls(ordered, taught, unread, mapper.key, transitions)

    def skills_of(self, offer_id: str) -> tuple[OfferSkill, ...]:
        """Return what an offer teaches, sorted by skill; KeyError for an unknown offer."""
        return self.taught[offer_id]

    def offer(self, offer_id: str) -> Offer:
        """Return an offer; KeyError if the catalogue does not have it."""
        return self.offers[self.index[offer_id]]

    def serves(self, offer_id: str) -> frozenset[Transition]:
        """Return the transitions that an offer serves by its skills; a twin skill, or one of each, serves all three."""
        found = {self.transitions.get(skill.skill, "none") for skill in self.taught[offer_id]} - {"none"}
        both = "twin" in found or {"digital", "green"} <= found
        return frozenset({"digital", "green", "twin"} if both else found)

    def teaching(self, skill: str) -> tuple[Offer, ...]:
        """Return the offers that teach a skill, sorted by id."""
        return tuple(self.offers[row] for row in self._teachers.get(skill, ()))

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Offer id -> row of the offer in `offers` and `skills`."""
        return {offer.id: row for row, offer in enumerate(self.offers)}

    @cached_property
    def skill_uris(self) -> tuple[str, ...]:
        """The skills that any offer teaches, sorted: the columns of `skills`."""
        return tuple(sorted({skill.skill for skills in self.taught.values() for skill in skills}))

    @cached_property
    def skills(self) -> csr_matrix:
        """Sparse, of shape (offers, skills): ``skills[i, j]`` is the level to which offer i teaches skill j; 0: not."""
        return self._matrix([skill.level_to for skills in self._in_order for skill in skills])

    @cached_property
    def entry_levels(self) -> NDArray[np.int8]:
        """The level needed to begin, of shape (stored entries of `skills`,), aligned with ``skills.data``."""
        return np.fromiter((skill.level_from for skills in self._in_order for skill in skills), dtype=np.int8)

    @cached_property
    def _in_order(self) -> tuple[tuple[OfferSkill, ...], ...]:
        return tuple(self.taught[offer.id] for offer in self.offers)

    @cached_property
    def _teachers(self) -> Mapping[str, tuple[int, ...]]:
        rows: dict[str, list[int]] = {}
        for row, skills in enumerate(self._in_order):
            for skill in skills:
                rows.setdefault(skill.skill, []).append(row)
        return {skill: tuple(found) for skill, found in rows.items()}

    def _matrix(self, data: list[int]) -> csr_matrix:
        column = {uri: place for place, uri in enumerate(self.skill_uris)}
        indices = [column[skill.skill] for skills in self._in_order for skill in skills]
        ends = np.cumsum([0, *(len(skills) for skills in self._in_order)])
        shape = (len(self.offers), len(self.skill_uris))
        return csr_matrix((np.array(data, dtype=np.int8), np.array(indices, dtype=np.int32), ends), shape=shape)


def course_text(offer: Offer) -> str:
    r"""Return the words of a course that say what it teaches: title and description, as two sentences.

    >>> course_text(Offer(id="1", course="1", title="Welding", description="Join metal.", provider="X", hours=8))
    'Welding.\nJoin metal.'
    """
    title = offer.title if offer.title.endswith((".", "!", "?", ":")) else f"{offer.title}."
    return f"{title}\n{offer.description}" if offer.description else title


def would_be_stated(probability: float) -> float:
    """Return how likely the provider of a course would state a skill that the mapper finds this likely in its text.

    The mapper's probability is that of annotators of single sentences; courses state three to five skills.

    >>> would_be_stated(0.6), would_be_stated(0.95)
    (0.3702, 0.671)
    """
    odds = math.log(probability / (1 - probability)) if probability < 1 else math.inf
    return round(1 / (1 + math.exp(-(SLOPE * odds + INTERCEPT))), 4)


def _read_texts(
    texts: Sequence[str], mapper: SkillMapper, top_k: int, progress: Progress | None = None
) -> Mapping[str, tuple[Found, ...]]:
    """Return text -> skills found, best first, from memory where the text was read before."""
    memory = Memory.open(mapper.key, top_k, MINIMUM_PROBABILITY)
    fresh = [text for text in texts if text not in memory]
    for start in range(0, len(fresh), BATCH):
        batch = fresh[start : start + BATCH]
        mapped = mapper.map_many(batch, top_k=top_k, minimum_probability=MINIMUM_PROBABILITY)
        for text, mapping in zip(batch, mapped, strict=True):
            matches = [match for match in mapping.matches if match.probability >= MINIMUM_PROBABILITY]
            memory[text] = tuple(Found(match.uri, match.probability, match.text) for match in matches[:top_k])
        if progress is not None:
            progress(start + len(batch), len(fresh))
    if fresh:
        memory.save()
    return {text: memory[text] for text in texts}


def _resolve_stated(offers: Sequence[Offer], mapper: SkillMapper) -> dict[str, dict[str, Found | None]]:
    """Return offer id -> words stated -> the skill they stand for (None: none); labels first, then the mapper."""
    words = sorted({skill for offer in offers for skill in offer.skills})
    found: dict[str, Found | None] = {}
    for word in words:
        uri = mapper.taxonomy.find_skill(split_level(word)[0])
        found[word] = Found(uri, 1.0, split_level(word)[0]) if uri else None
    unknown = [word for word in words if found[word] is None and "://" not in word]
    read = _read_texts(sorted({split_level(word)[0] for word in unknown}), mapper, top_k=1)
    for word in unknown:
        best = read[split_level(word)[0]]
        found[word] = best[0] if best else None
    return {offer.id: {word: found[word] for word in offer.skills} for offer in offers}


def split_level(stated: str) -> tuple[str, int | None]:
    """Split ``"weld metal @3"`` into the words and the level; None where no level is stated.

    >>> split_level("weld metal @3"), split_level("weld metal")
    (('weld metal', 3), ('weld metal', None))
    """
    match = STATED.fullmatch(stated)
    return (match["words"], int(match["level"])) if match else (stated.strip(), None)


def levels_of(offer: Offer, level: int | None = None) -> tuple[int, int, bool]:
    """Return the levels from which and to which an offer leads, and whether the provider states the latter.

    `level` is one stated for a single skill. Not stated: from 0 to 2, or one level up from a higher entry level.

    >>> levels_of(Offer(id="1", course="1", title="T", provider="P", hours=8))
    (0, 2, False)
    """
    begin = offer.level_from if offer.level_from is not None else DEFAULT_FROM
    end = level or offer.level_to
    reached = end if end is not None else min(4, max(DEFAULT_TO, begin + 1))
    return min(begin, reached - 1), reached, end is not None


def _from_text(offer: Offer, found: Sequence[Found]) -> tuple[OfferSkill, ...]:
    begin, end, stated = levels_of(offer)
    skills = (
        OfferSkill(offer.id, hit.skill, begin, end, would_be_stated(hit.probability), "text", hit.words, stated)
        for hit in found
    )
    return tuple(sorted(skills, key=lambda skill: skill.skill))


def _from_statement(offer: Offer, found: Mapping[str, Found | None]) -> tuple[OfferSkill, ...]:
    """Return the skills stated; of two statements of one skill the more probable one counts, then the higher level."""
    best: dict[str, OfferSkill] = {}
    for words, hit in found.items():
        if hit is None:
            continue
        begin, end, stated = levels_of(offer, split_level(words)[1])
        skill = OfferSkill(offer.id, hit.skill, begin, end, hit.probability, "stated", words, stated)
        rank = (skill.probability, skill.level_to, skill.evidence)
        if hit.skill not in best or rank > (
            best[hit.skill].probability,
            best[hit.skill].level_to,
            best[hit.skill].evidence,
        ):
            best[hit.skill] = skill
    return tuple(best[skill] for skill in sorted(best))
