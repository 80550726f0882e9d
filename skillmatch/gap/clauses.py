"""A wish in pieces: "see the energy use and give customers the footprint" is two wishes in one sentence."""

import re
from collections.abc import Iterator

from skillmatch.mapping.model import Span
from skillmatch.mapping.segment import segment

LEAST_WORDS = 3
"""Both sides of a cut have at least this many words; "pumps and fans" is one thing, not two wishes."""

_BREAK = re.compile(
    r"(?<!\d),|,(?!\d)|;|:(?=\s)|\s[-–—](?=\s)|\s(?P<word>and|und|sowie|et|y|e|oraz|i)(?=\s)", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_POLISH = re.compile(r"[ąćęłńśźż]|\b(?:się|nie|jest|oraz|dla|przez|pod|bez|żeby)\b", re.IGNORECASE)


def clauses(text: str) -> tuple[Span, ...]:
    """Return the whole text, its sentences and their clauses, each piece once, the whole text first.

    A sentence is cut at coordinating words (and, und, sowie, et, y, e, oraz, i), commas, semicolons, colons and
    dashes, where both sides have at least `LEAST_WORDS` words. The word "i" cuts only in a text that is Polish by its
    letters or words: in Italian it is an article.

    >>> [span.text for span in clauses("See what each machine uses and give customers the footprint")]
    ['See what each machine uses and give customers the footprint', 'See what each machine uses', \
'give customers the footprint']
    >>> [span.text for span in clauses("Sort waste, paper and glass")]
    ['Sort waste, paper and glass']
    """
    if not text.strip():
        return ()
    start = len(text) - len(text.lstrip())
    whole = Span(start, start + len(text.strip()), text.strip())
    pieces = [whole]
    for sentence in segment(text):
        pieces += [sentence, *_cut(text, sentence, polish=bool(_POLISH.search(text)))]
    return tuple(dict.fromkeys(pieces))


def _cut(text: str, sentence: Span, *, polish: bool) -> Iterator[Span]:
    """Yield the clauses of a sentence; nothing where it cannot be cut."""
    start = sentence.start
    for match in _BREAK.finditer(sentence.text):
        end, after = sentence.start + match.start(), sentence.start + match.end()
        if (match["word"] or "").lower() == "i" and not polish:
            continue
        if min(_count(text[start:end]), _count(text[after : sentence.end])) >= LEAST_WORDS:
            yield _trimmed(text, start, end)
            start = after
    if start > sentence.start:
        yield _trimmed(text, start, sentence.end)


def _count(words: str) -> int:
    return len(_WORD.findall(words))


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip()), piece.strip())
