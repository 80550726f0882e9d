"""The words that carry a skill: the few of a sentence whose meaning is nearest to the skill's label."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping import lexical, segment
from skillmatch.mapping.encoder import Encoder
from skillmatch.mapping.model import Match, Span

VERSION = "1"
"""Changes with everything here that changes a span."""

LONGEST = 6
"""Most words of a phrase that is compared; longer ones were never nearer."""
SHORTER = 0.005
"""Cosine that a phrase loses for each word: of two that are alike, the shorter one carries the skill."""
NEAR = 0.25
"""With no phrase at least so like a label, the skill is said by the sentence as a whole, and that is the evidence."""
AFTER, BEFORE = 2, 1
"""Content words taken in beside the nearest phrase, so that it reads as one: "negotiate" becomes "negotiate prices"."""

_WORD = re.compile(r"\.?\w+(?:[-./+#&]\w+|['’]s\b)*[+#]*")
_BREAK = re.compile(r"[;:()\[\]{}•|?!\n]|(?<!\d),|,(?!\d)|\s[-–—/]\s")

# Words that neither begin nor end a phrase: English, German, French, Spanish, Italian, Polish, Dutch, Portuguese and
# Nordic. Those of one or two small letters are not listed: all of them count as such.
_FUNCTION_WORD_LIST = (
    "and the for with from are can you your our their its this that who which when into over per any all some "
    "such other etc will must should have has how well und oder der die das den dem des ein eine einen einem "
    "einer auf für mit von zum zur wir sie ist sind wird werden bei aus wie man unser unsere unseren ihre ihr "
    "sowie als les une aux dans pour par sur avec nous vous que qui est sont notre nos votre vos leur los las una "
    "unos del con para por sus nuestra nuestro gli uno della dello dei delle degli dell dal dalla nel nella nell "
    "che sua suo oraz się jest dla jak przez nasz nasze van het een met voor niet zijn com uma dos och att som "
    "för med ett til"
)
_FUNCTION_WORDS = frozenset(_FUNCTION_WORD_LIST.split())


def locate(matches: Sequence[Match], encoder: Encoder | None) -> tuple[Match, ...]:
    """Narrow the evidence of each match from its segment to the words that carry the skill.

    Of all runs of up to `LONGEST` words that cross no comma, bracket or the like and begin and end with a content word,
    the one whose vector is nearest to the preferred label, or to the label that was found, is taken, with the content
    words that directly follow (`AFTER`) and precede (`BEFORE`) it. Of equals, the first and shortest.

    Parameters
    ----------
    matches
        Their `start`, `end` and `text` are those of the segments.
    encoder
        Reads phrases in any language at little cost. None: the shortest phrase with every word that segment and
        label share; the segment where they share none.
    """
    if encoder is None:
        return tuple(_sharing(match) for match in matches)
    runs = {match.text: _runs(match.text) for match in matches}
    phrases = {text[start:end] for text, found in runs.items() for start, end in found}
    labels = {label for match in matches for label in _labels(match)}
    row = {text: place for place, text in enumerate(sorted(phrases | labels))}
    vectors = encoder.encode(list(row)) if row else np.zeros((0, 0), np.float32)
    return tuple(_narrow(match, runs[match.text], vectors, row) for match in matches)


def _labels(match: Match) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label for label in (match.label, match.matched_label) if label))


def _runs(text: str) -> dict[tuple[int, int], tuple[int, int]]:
    """Return (start, end) of each run of words that may carry a skill -> the same with the words beside it."""
    words = [match.span() for match in _WORD.finditer(text)]
    content = [_has_content(text[start:end]) for start, end in words]
    follows = [not _BREAK.search(text, words[at][1], words[at + 1][0]) for at in range(len(words) - 1)] + [False]
    runs = {}
    for first, begins in enumerate(content):
        if not begins:
            continue
        for last in range(first, min(len(words), first + LONGEST)):
            if last > first and not follows[last - 1]:
                break
            if content[last]:
                left, right = _widened(first, last, content, follows)
                runs[words[first][0], words[last][1]] = words[left][0], words[right][1]
    return runs


def _widened(first: int, last: int, content: Sequence[bool], follows: Sequence[bool]) -> tuple[int, int]:
    """Return the first and last word with the content words beside them."""
    left, right = first, last
    while left > 0 and first - left < BEFORE and follows[left - 1] and content[left - 1]:
        left -= 1
    while right - last < AFTER and follows[right] and content[right + 1]:
        right += 1
    return left, right


def _has_content(word: str) -> bool:
    return not (word.lower() in _FUNCTION_WORDS or (len(word) <= 2 and word.islower()))


def _narrow(
    match: Match, runs: dict[tuple[int, int], tuple[int, int]], vectors: NDArray[np.float32], row: dict[str, int]
) -> Match:
    labels = _labels(match)
    if not runs or not labels:
        return match
    places = list(runs)
    candidates = vectors[[row[match.text[start:end]] for start, end in places]]
    likeness = np.max(candidates @ vectors[[row[label] for label in labels]].T, axis=1)
    length = np.array([match.text.count(" ", start, end) for start, end in places], dtype=np.float32)
    best = int(np.argmax(np.round(likeness - SHORTER * length, 4)))
    if likeness[best] < NEAR:
        return match
    start, end = runs[places[best]]
    return replace(match, start=match.start + start, end=match.start + end, text=match.text[start:end])


def _sharing(match: Match) -> Match:
    """Narrow the evidence to the shortest phrase with every word that segment and label share."""
    shared = _stems(match.text) & _stems(match.matched_label)
    if not shared:
        return match
    fitting = [
        phrase for phrase in segment.phrases(Span(match.start, match.end, match.text)) if shared <= _stems(phrase.text)
    ]
    if not fitting:
        return match
    phrase = min(fitting, key=lambda phrase: (len(phrase.text), phrase.start))
    return replace(match, start=phrase.start, end=phrase.end, text=phrase.text)


def _stems(text: str) -> set[str]:
    """Return the beginnings of the content words, so that "robots" and "robot" are one."""
    return {word[:5] for word in lexical.words(text) if " " not in word}
