"""Job advertisements, course pages, strategy papers: the skills of a whole text, from the evidence of its parts."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from skillmatch.mapping.boilerplate import left_out
from skillmatch.mapping.model import Boilerplate, Match, Span

VERSION = "1"
"""Changes with everything here that changes an answer."""

SEGMENTS = 5
"""A text of more segments than this is a document."""

CANDIDATES = 30
"""Skills looked at for one segment: one that is far down in many segments may be what the document is about."""

SPEAKS = 0.05
"""A segment speaks for a skill of the document if it alone makes it so probable."""
OTHERS = 5
"""At most so many further segments are shown for a skill."""

COUNTED = 10
"""Segments that count for one skill; in a very long text, chance would speak for everything."""

FURTHER = 0.7
"""What each further segment counts, as a share of its probability: segments of one text err together."""

CERTAIN = 0.9999

ADVERTISEMENT = frozenset({"apply", "benefits", "equal", "practical"})
"""Kinds of boilerplate that stand in job advertisements and course pages, and not in plans or wishes of a company."""
LEAST_LINES = 2


def is_document(spans: Sequence[Span]) -> bool:
    """Return whether a text with these segments is read as a document."""
    return len(spans) > SEGMENTS


def telling(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the segments of a text that may speak of skills: those of a document without its boilerplate, else all."""
    out = {each.start for each in left_out(spans)} if is_document(spans) else set()
    return tuple(span for span in spans if span.start not in out)


def is_advertisement(boilerplate: Sequence[Boilerplate]) -> bool:
    """Return whether a document names skills itself, as job advertisements and course pages do.

    What is known about wishes (`skillmatch.mapping.associations`) would add skills that such a text does not ask for.
    """
    return sum(each.kind in ADVERTISEMENT for each in boilerplate) >= LEAST_LINES


def combine(matches: Iterable[Match]) -> list[Match]:
    """Return each skill once, with the evidence of all segments: highest probability first, then score, then URI.

    The probability is 1 - (1 - p1) (1 - f p2) (1 - f p3) ..., with f = `FURTHER`, over the `COUNTED` segments that
    speak most for the skill; a wording that stands there twice counts once. Place and parts are those of the strongest;
    `Match.also` has the next ones, at most `OTHERS`, each alone with a probability of at least `SPEAKS`.
    """
    by_skill: dict[str, list[Match]] = {}
    for match in matches:
        by_skill.setdefault(match.uri, []).append(match)
    combined = [_together(some) for some in by_skill.values()]
    return sorted(combined, key=lambda match: (-match.probability, -match.score, match.uri))


def _together(matches: Sequence[Match]) -> Match:
    by_wording: dict[str, Match] = {}
    for match in sorted(matches, key=lambda match: (-match.probability, -match.score, match.start)):
        by_wording.setdefault(match.text, match)
    best, *others = by_wording.values()
    wrong = 1 - min(best.probability, CERTAIN)
    wrong *= math.prod(1 - FURTHER * match.probability for match in others[: COUNTED - 1])
    also = [Span(match.start, match.end, match.text) for match in others if match.probability >= SPEAKS]
    probability = best.probability if not others else round(1 - wrong, 4)
    return replace(best, probability=probability, also=tuple(also[:OTHERS]))
