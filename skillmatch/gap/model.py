"""What the gap stage gives: the skills that needs call for, who must have them, and what is short."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from skillmatch.words import Reason, Transition

Who = Literal["lead", "user", "both"]


@dataclass(frozen=True)
class RoleLink:
    """A role and the occupation it stands for; `chosen` by the user or not.

    `alternatives` are the runners-up as (URI, score), best first; `neighbours` likewise the occupations like the role,
    or like the one that the user chose, whose skills tell what the role may need.
    """

    role: str
    occupation: str | None
    score: float
    alternatives: tuple[tuple[str, float], ...]
    chosen: bool
    neighbours: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class NeedMeasure:
    """A measure that a need is, or may be.

    `score` in [0, 1] is the similarity, `chosen` whether the user chose it. Only `adopted` ones count (at most 3); the
    others are runners-up that the user can switch to. `text` is the clause of the need that is most like the measure
    (empty where the user chose it), `label` the words of the measure that were nearest.
    """

    need: str
    measure: str
    score: float
    chosen: bool
    adopted: bool = True
    label: str = ""
    text: str = ""


@dataclass(frozen=True)
class NeedSkill:
    """A skill that a need calls for; one that several measures of the need ask for stands there once for each.

    `weight` in [0, 1] is how much the need depends on it; `who` must have it (None: whoever the role relations say);
    `measure` is the measure it comes from, None if it was read in the text at ``text[start:end]``.
    """

    need: str
    skill: str
    weight: float
    level: int
    who: Who | None
    measure: str | None
    probability: float
    evidence: str
    start: int
    end: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Requirement:
    """A skill that a role must have: at `level`, by `people` of its people, mattering `weight` for each of them.

    `relevance` in [0, 1] is how much the skill belongs to the role; `due` the earliest date at which a need wants it.
    """

    role: str
    skill: str
    level: int
    people: int
    weight: float
    transition: Transition
    relevance: float
    needs: tuple[str, ...]
    due: date | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Gap:
    """A requirement and what is held against it; nobody may be short.

    `held[i]` is the level of the i-th of the role's people (those with a pseudonym first, in the order of their ids,
    then the others, who all have the role's level), so ``len(held)`` is the head-count of the role. It is what they
    hold on the last day of the plan, when evidence that ends before does not count any more.

    `opens` is the first day on which people are missing, where enough of them have the level when the plan begins; None
    if some are missing from the beginning, or nobody is missing. `evidence[i]` is the kind of evidence for ``held[i]``:
    certificate, confirmed, stated, assumed, related (partial credit) or none; empty where nobody asked for it.
    """

    requirement: Requirement
    held: tuple[int, ...]
    reasons: tuple[Reason, ...]
    opens: date | None = None
    evidence: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        """Id of the role."""
        return self.requirement.role

    @property
    def skill(self) -> str:
        """URI of the skill."""
        return self.requirement.skill

    @property
    def people_short(self) -> int:
        """How many more people must reach the level."""
        having = sum(level >= self.requirement.level for level in self.held)
        return max(0, self.requirement.people - having)

    @property
    def levels_short(self) -> int:
        """How many levels the typical person who is short has to climb: from the highest level below the required one.

        The people nearest to the level are the ones to train, so theirs is the distance that counts.
        """
        below = [level for level in self.held if level < self.requirement.level]
        return self.requirement.level - max(below) if below and self.people_short else 0

    @property
    def weight(self) -> float:
        """Weighted size of the gap: weight of the requirement times people short."""
        return self.requirement.weight * self.people_short


@dataclass(frozen=True)
class GapAnalysis:
    """The whole answer to *what is missing*, in the order in which it was worked out.

    `links` are in the order of the roles, `measures` and `need_skills` in that of the needs (adopted measures before
    runners-up, each best first; skills heaviest first), `requirements` and `gaps` heaviest first, then by role and
    skill. There is one gap for each requirement; where all is held its `people_short` is 0.
    """

    links: tuple[RoleLink, ...]
    measures: tuple[NeedMeasure, ...]
    need_skills: tuple[NeedSkill, ...]
    requirements: tuple[Requirement, ...]
    gaps: tuple[Gap, ...]
    unmatched: tuple[tuple[str, str], ...]
    """(need id, words) that were mapped to nothing."""
    notes: tuple[Reason, ...] = ()
    """What could not be used as given, such as a held skill not understood; rules of `skillmatch.gap.rules`."""
