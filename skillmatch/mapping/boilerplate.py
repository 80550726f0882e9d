"""What stands in a document beside skills: who we are, pay, how to apply, privacy, prices; it is left out.

A line is read by the pieces of its words, so the recogniser depends on no encoder. It was fitted by
``models/train/boilerplate.py``; what on, and how good it is, stands in ``boilerplate.json``.
"""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.model import Boilerplate, Span

FILE = Path(__file__).with_name("boilerplate.npz")
ABOUT = Path(__file__).with_name("boilerplate.json")

KINDS = {
    "company": "about the organisation",
    "equal": "equal opportunity",
    "benefits": "pay and benefits",
    "apply": "how to apply",
    "privacy": "privacy, legal notes and page furniture",
    "practical": "dates, prices and place",
}
"""Kind -> words for people."""

BUCKETS = 2**15
"""Pieces of words are counted in so many columns; which one is theirs follows from a checksum."""
SIZES = (3, 4, 5)
"""Characters of a piece; a word is read with a space on both sides."""
LONGEST = 600
"""Characters that are read of a line."""

BESIDE = 1.0
"""How much the lines before and after count beside a line: boilerplate comes in blocks."""
SURE = 3.0
"""A neighbour counts at most so much, in log-odds."""

_WORD = re.compile(r"\w+|[^\w\s]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, eq=False)
class Recogniser:
    """Tells lines that carry skills from those that do not. Take the one that ships with `Recogniser.load`.

    Parameters
    ----------
    weights
        Row 0: log-odds, for each column of `columns_of`, that a line is boilerplate; then one row for each of `KINDS`.
    intercepts
        One for each row; a line is boilerplate if its log-odds are above 0.
    """

    weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path = FILE) -> Self:
        """Read what ``models/train/boilerplate.py`` wrote."""
        with np.load(path, allow_pickle=False) as file:
            return cls(file["weights"] * file["scale"][:, np.newaxis].astype(np.float32), file["intercepts"])

    def scores(self, lines: Sequence[str]) -> NDArray[np.float32]:
        """Return `scores[i, r]`, the log-odds of line i by row r of `weights`, without its neighbours."""
        scores = np.tile(self.intercepts, (len(lines), 1))
        for row, line in enumerate(lines):
            counts = columns_of(line)
            values = 1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
            if len(values):
                columns = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
                scores[row] += self.weights[:, columns] @ (values / np.linalg.norm(values))
        return scores

    def kinds(self, lines: Sequence[str]) -> list[str | None]:
        """Return for each line of a document, in their order, the kind of boilerplate that it is; None: it is none."""
        scores = self.scores(lines)
        together = with_neighbours(scores[:, 0])
        names = list(KINDS)
        best = scores[:, 1:].argmax(axis=1)
        return [names[kind] if odds > 0 else None for odds, kind in zip(together, best, strict=True)]


def columns_of(line: str) -> Counter[int]:
    """Return column -> how often a piece of the line falls into it; digits count as one digit, capitals as small."""
    counts: Counter[int] = Counter()
    for word in _WORD.findall(_DIGIT.sub("0", line[:LONGEST].lower())):
        piece = f" {word} " if word[0].isalnum() else word
        for size in SIZES:
            if size >= len(piece):
                counts[_column(piece)] += 1
                break
            for start in range(len(piece) - size + 1):
                counts[_column(piece[start : start + size])] += 1
    return counts


def with_neighbours(odds: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return log-odds with `BESIDE` times the mean of those of the neighbours, each at most `SURE` in size.

    >>> with_neighbours(np.array([-1, 2, 5], dtype=np.float32)).tolist()
    [1.0, 3.0, 7.0]
    """
    if len(odds) < 2:
        return odds
    sure = np.clip(odds, -SURE, SURE)
    total = np.zeros_like(odds)
    total[1:] += sure[:-1]
    total[:-1] += sure[1:]
    neighbours = np.full(len(odds), 2.0, dtype=np.float32)
    neighbours[[0, -1]] = 1
    return odds + BESIDE * total / neighbours


def left_out(spans: Sequence[Span], recogniser: Recogniser | None = None) -> tuple[Boilerplate, ...]:
    """Return the segments of a document that are boilerplate, in their order.

    The first one always stays: it is the title as a rule, and "Accountant (m/f/d)" says most of all.

    Parameters
    ----------
    spans
        All segments of one document, in their order.
    recogniser
        None: the one that ships.
    """
    kinds = (recogniser or shipped()).kinds([span.text for span in spans])
    return tuple(
        Boilerplate(span.start, span.end, span.text, kind)
        for place, (span, kind) in enumerate(zip(spans, kinds, strict=True))
        if place and kind is not None
    )


@cache
def shipped() -> Recogniser:
    """Return the recogniser that ships, read once."""
    return Recogniser.load()


@cache
def key() -> str:
    """Return a checksum of everything here that changes an answer."""
    settings = f"2 {SIZES} {LONGEST} {BESIDE} {SURE} {' '.join(KINDS)}"
    return f"{zlib.crc32(FILE.read_bytes()):08x} {settings}"


def _column(piece: str) -> int:
    return zlib.crc32(piece.encode("utf-8", "surrogatepass")) % BUCKETS
