"""What mapping gives: matches with their evidence, and the text that matched nothing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A piece of a text: ``source[start:end] == text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Match:
    """A skill found in a text.

    Parameters
    ----------
    uri, label
        The skill, and its preferred label in the mapper's language.
    score
        Fused similarity in [0, 1] of the segment and the best label of the skill.
    probability
        Calibrated probability in [0, 1] that a careful annotator would give the segment this skill.
    start, end
        Span of the evidence in the text given, in characters; `text` is ``source[start:end]``.
    parts
        What the score is made of: name of the part -> its weighted share; the shares add up to `score`.
    matched_label
        The label of the skill that was nearest, preferred or alternative.
    also
        In a document: further segments that speak for the skill, the strongest first.
    """

    uri: str
    label: str
    score: float
    probability: float
    start: int
    end: int
    text: str
    matched_label: str = ""
    parts: tuple[tuple[str, float], ...] = ()
    also: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Boilerplate(Span):
    """A segment that was not searched for skills, and why: `kind` is one of `skillmatch.mapping.boilerplate.KINDS`."""

    kind: str


@dataclass(frozen=True)
class Mapping:
    """All that was found in one text: `matches` best first, segments that matched nothing, and what was left out.

    Best first means: highest probability, then highest score, then smallest URI. A skill is matched once, at its best.
    """

    text: str
    matches: tuple[Match, ...]
    unmatched: tuple[Span, ...]
    boilerplate: tuple[Boilerplate, ...] = ()
