"""How much a skill belongs to a role: a number with its parts, made so that a fitted model can take its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skillmatch.company.model import Role
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import RoleLink
from skillmatch.gap.rules import because
from skillmatch.words import Reason

RELATION: Mapping[str, float] = {"essential": 1.0, "optional": 0.6, "sibling": 0.3}
"""What it counts that the role's occupation needs the skill (by ESCO), or needs one of the same narrow group."""
SIMILARITY_SHARE = 0.5
"""What the similarity of words can add at most to what the relation leaves open."""


@dataclass(frozen=True)
class Relevance:
    """How much a skill belongs to a role.

    ``value = 1 - (1 - relation) * (1 - words)`` in [0, 1], where `relation` is from `RELATION` (0 for none) and `words`
    is `SIMILARITY_SHARE` times the likeness of the role's title and description and the skill's labels.
    """

    value: float
    relation: float
    words: float
    reasons: tuple[Reason, ...]


def relevances(
    roles: Sequence[Role], links: Sequence[RoleLink], skills: Sequence[str], knowledge: Knowledge
) -> dict[tuple[str, str], Relevance]:
    """Return the relevance of each skill to each role, by (role id, skill URI).

    Parameters
    ----------
    roles, links
        Of one length: roles and the occupations they stand for.
    skills
        URIs of the taxonomy.
    """
    texts = [f"{role.title}. {role.description}".strip() for role in roles]
    likeness = knowledge.mapper.similarity(texts, skills) if texts and skills else None
    groups = {skill: knowledge.taxonomy.skill(skill).groups for skill in skills}
    found = {}
    for row, (role, link) in enumerate(zip(roles, links, strict=True)):
        related = knowledge.taxonomy.skills_of(link.occupation) if link.occupation else {}
        for column, skill in enumerate(skills):
            similarity = round(float(likeness[row, column]), 4) if likeness is not None else 0.0
            found[role.id, skill] = _combine(role, link, skill, related, groups[skill], similarity, knowledge)
    return found


def _combine(
    role: Role,
    link: RoleLink,
    skill: str,
    related: Mapping[str, str],
    groups: Sequence[str],
    similarity: float,
    knowledge: Knowledge,
) -> Relevance:
    reasons = []
    relation, sibling = _relation(skill, related, groups, knowledge)
    label = knowledge.label(skill)
    if relation and link.occupation:
        occupation, kin = knowledge.label(link.occupation), knowledge.label(sibling) if sibling else ""
        part = RELATION[relation]
        reasons.append(because(relation, role=role.title, skill=label, occupation=occupation, sibling=kin, part=part))
    words = SIMILARITY_SHARE * similarity
    if words > 0:
        part = round(words, 4)
        reasons.append(because("similar words", role=role.title, skill=label, similarity=similarity, part=part))
    share = RELATION.get(relation, 0.0)
    return Relevance(round(1 - (1 - share) * (1 - words), 4), share, words, tuple(reasons))


def _relation(
    skill: str, related: Mapping[str, str], groups: Sequence[str], knowledge: Knowledge
) -> tuple[str, str | None]:
    """Return the relation of a skill to an occupation's skills ("" for none), and the sibling that made it one."""
    if skill in related:
        return related[skill], None
    for group in groups:
        kin = knowledge.siblings.get(group, frozenset()) & related.keys()
        if kin:
            return "sibling", min(kin)
    return "", None
