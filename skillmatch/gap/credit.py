"""Partial credit: what somebody can do makes a related skill easier to reach, but never counts as that skill."""

from collections.abc import Mapping
from dataclasses import dataclass

from skillmatch.gap.knowledge import Knowledge

CLOSE = 12
"""A group of more skills than this is too wide for its members to help each other."""


@dataclass(frozen=True)
class Credit:
    """What a related skill counts: `less` levels less than its own level, and at most level `most`."""

    less: int
    most: int


CREDIT: Mapping[str, Credit] = {
    "narrower": Credit(less=1, most=2),
    "broader": Credit(less=1, most=2),
    "belongs to": Credit(less=1, most=1),
    "same kind": Credit(less=2, most=1),
}
"""Relation of the skill that is held to the one that is wanted -> what it counts.

Whatever is held, the credit stays below the level that is wanted: it shortens the way and never closes a gap.
"""


def credit(relation: str, level: int, wanted: int) -> int:
    """Return the level credited for a skill held at `level` with this relation to one wanted at level `wanted`.

    >>> credit("narrower", 3, 3), credit("narrower", 4, 2), credit("same kind", 2, 3)
    (2, 1, 0)
    """
    rule = CREDIT[relation]
    return max(0, min(level - rule.less, rule.most, wanted - 1))


def kin(skill: str, knowledge: Knowledge) -> dict[str, str]:
    """Return URI -> relation of the skills that give credit for a skill; the first relation in `CREDIT` counts."""
    parents = knowledge.taxonomy.skill(skill).groups
    groups = [parent for parent in parents if not knowledge.has_skill(parent)]
    close = [
        knowledge.siblings[group] for group in groups if len(knowledge.siblings.get(group, ())) in range(2, CLOSE + 1)
    ]
    found = {
        "narrower": knowledge.siblings.get(skill, frozenset()),
        "broader": {parent for parent in parents if knowledge.has_skill(parent)},
        "belongs to": knowledge.related_skills.get(skill, frozenset()),
        "same kind": {member for group in close for member in group},
    }
    related: dict[str, str] = {}
    for relation in CREDIT:
        for uri in sorted(found[relation]):
            if uri != skill and knowledge.has_skill(uri):
                related.setdefault(uri, relation)
    return related
