"""Words to the one skill they name: for held skills and for decisions that were typed in."""

from collections.abc import Iterable
from dataclasses import dataclass

from skillmatch.gap.knowledge import Knowledge

SURE = 0.5
"""Least probability at which the mapper's best skill is taken for words that are no label."""


@dataclass(frozen=True)
class Resolved:
    """The skill that words name; `uri` None where none is likely enough. `exact`: the words are a label or a URI."""

    uri: str | None
    exact: bool
    probability: float


def resolve(words: Iterable[str], knowledge: Knowledge) -> dict[str, Resolved]:
    """Return what each of the words names: the skill with that label, else the likeliest one from `SURE` on."""
    found = {text: knowledge.taxonomy.find_skill(text) for text in sorted(set(words))}
    unknown = [text for text, uri in found.items() if uri is None]
    resolved = {text: Resolved(uri, True, 1.0) for text, uri in found.items() if uri is not None}
    for text, matches in zip(unknown, knowledge.mapper.rank(unknown, 1) if unknown else [], strict=True):
        sure = bool(matches) and matches[0].probability >= SURE
        probability = matches[0].probability if matches else 0.0
        resolved[text] = Resolved(matches[0].uri if sure else None, False, probability)
    return resolved
