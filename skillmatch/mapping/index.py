"""Search in labels: one index for everything that has labels, be it skills, occupations or measures."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.cache import CachedEncoder
from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.mapping.lexical import PieceScorer, WordScorer

CELLS = 3_000_000
"""Scores of text and label held at once for one part (12 MB); texts are worked through in blocks of this size."""

DECIMALS = 4
"""Scores are rounded, so that the last bits of a matrix product cannot decide an order."""

Block = dict[str, NDArray[np.float32]]
"""Name of a part -> its scores for a block of texts."""

LABEL_PARTS = ("embedding", "words", "characters")
"""What a score takes from the labels."""

PARTS = (*LABEL_PARTS, "usual", "examples", "associations")
"""All parts of a score: an index has the last three only if it was given what they need."""


class Knowledge(Protocol):
    """Says how much something other than the labels speaks for a concept."""

    def scores(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return `scores[i, j]` in [0, 1] of text i, whose vector is row i of `vectors`, and concept j."""
        ...


@dataclass(frozen=True)
class FusionWeights:
    """Shares of a score, which are scaled to add up to 1.

    Parameters
    ----------
    embedding, words, characters
        Share of meaning (cosine of vectors, 0 where negative), of whole words, and of pieces of words.
    preferred
        In [0, 1]: how much of each part is taken from the preferred label alone; the rest is the best of all labels.
    usual
        Share of how usual a concept is, whatever the text; only where the index knows it.
    examples
        Share of how like a text is to a sentence that is known to speak of the concept; only where the index has such.
    associations
        In [0, 1]: how much of the distance from a score to 1 is made up where everything known speaks for the concept.
    """

    embedding: float = 1.0
    words: float = 0.45
    characters: float = 0.12
    preferred: float = 0.4
    usual: float = 0.05
    examples: float = 0.4
    associations: float = 0.85

    def shares(self, parts: Sequence[str] = LABEL_PARTS) -> dict[str, float]:
        """Return part -> share of the score; they add up to 1.

        >>> FusionWeights(2, 1, 1).shares()
        {'embedding': 0.5, 'words': 0.25, 'characters': 0.25}
        """
        total = sum(getattr(self, part) for part in parts)
        return {part: getattr(self, part) / total for part in parts}


@dataclass(frozen=True)
class Hit:
    """A concept that a search found: its score, the parts that add up to it, and the label that was nearest."""

    id: str
    score: float
    parts: tuple[tuple[str, float], ...]
    label: str


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of n texts and m concepts.

    Parameters
    ----------
    ids
        Concept ids of shape (m,), sorted: the columns.
    fused
        `fused[i, j]` in [0, 1] is the score of text i and concept j: the sum of the parts, rounded.
    parts
        Name of the part -> `part[i, j]`, its share of the score of text i and concept j.
    nearest
        `nearest[i, j]` is the row in `labels` of the label of concept j that is nearest to text i.
    labels
        All labels of the index.
    """

    ids: tuple[str, ...]
    fused: NDArray[np.float32]
    parts: Block
    nearest: NDArray[np.intp]
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class LabelIndex:
    """Concepts with their labels, searchable by text. Make it with `build`.

    Parameters
    ----------
    ids
        Concept ids of shape (m,), sorted.
    labels
        Labels of shape (l,), those of a concept side by side, preferred ones first.
    starts
        `starts[j]` is the row of the first label of concept j, of shape (m,).
    preferred
        `preferred[j]` is the number of preferred labels of concept j, of shape (m,).
    vectors
        Vectors of the labels that are encoded, of shape (v, dimension).
    rows
        `rows[i]` is the row of `vectors` of label i, of shape (l,); for a label that has none, the number of vectors
        plus that of its concept: the best of the concept's vectors stands for it.
    usual
        `usual[j]` in [0, 1] is how usual concept j is; None: not known.
    knowledge
        What beside the labels speaks for a concept; None: nothing.
    examples
        Sentences that are known to speak of a concept; None: not known.
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    starts: NDArray[np.intp]
    preferred: NDArray[np.intp]
    vectors: NDArray[np.float32]
    rows: NDArray[np.intp]
    encoder: Encoder
    words: WordScorer
    pieces: PieceScorer
    weights: FusionWeights
    usual: NDArray[np.float32] | None = None
    knowledge: Knowledge | None = None
    examples: Knowledge | None = None

    @classmethod
    def build(
        cls,
        concepts: Sequence[tuple[str, Sequence[str]]],
        encoder: Encoder,
        *,
        weights: FusionWeights | None = None,
        cache: Path | None = None,
        preferred: Sequence[int] | None = None,
        encode_all: bool = True,
        progress: Progress | None = None,
    ) -> Self:
        """Encode the labels of concepts and return the index.

        Parameters
        ----------
        concepts
            Concept id and its labels, preferred first. A concept without labels is never found. Ids are unique.
        encoder
            Encodes labels and, later, texts.
        weights
            How the parts of a score are weighed; None: as tuned for skills.
        cache
            Folder in which vectors of labels are kept (never those of texts); None: nowhere.
        preferred
            How many leading labels of each concept are preferred ones (several languages have one each); None: one.
        encode_all
            False: only preferred labels get a vector, and the first one of a concept stands for its alternative labels;
            words and pieces of words are those of all labels. Saves most of the time and memory.
        progress
            Called with (done, total) labels.
        """
        counts = preferred if preferred is not None else [1] * len(concepts)
        entries = sorted(
            (id_, tuple(texts), count) for (id_, texts), count in zip(concepts, counts, strict=True) if texts
        )
        labels = tuple(label for _, texts, _ in entries for label in texts)
        sizes = np.array([len(texts) for _, texts, _ in entries], dtype=np.intp)
        plain = encoder.encoder if isinstance(encoder, CachedEncoder) else encoder
        keeping = CachedEncoder(plain, cache) if cache else encoder
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp) if entries else np.zeros(0, np.intp)
        leading = np.array([min(count, len(texts)) for _, texts, count in entries], dtype=np.intp)
        place = np.arange(len(labels)) - np.repeat(starts, sizes)
        chosen = np.flatnonzero(encode_all | (place < np.repeat(leading, sizes)))
        own = np.minimum(np.searchsorted(chosen, np.arange(len(labels))), max(0, len(chosen) - 1))
        has_own = chosen[own] == np.arange(len(labels)) if len(chosen) else np.zeros(0, dtype=bool)
        return cls(
            ids=tuple(id_ for id_, _, _ in entries),
            labels=labels,
            starts=starts,
            preferred=leading,
            vectors=keeping.encode([labels[row] for row in chosen.tolist()], progress),
            rows=np.where(has_own, own, len(chosen) + np.repeat(np.arange(len(sizes)), sizes)),
            encoder=plain,
            words=WordScorer(labels),
            pieces=PieceScorer(labels),
            weights=weights or FusionWeights(),
        )

    def describe(self) -> dict[str, object]:
        """Return what a score depends on beside labels and encoder, for keys of caches and results."""
        return asdict(self.weights)

    def scores(self, texts: Sequence[str]) -> Scores:
        """Return all scores of the texts, with parts and nearest labels: 28 bytes for each text and concept.

        For many texts against a large index use `search`, which keeps only the best, or `fused`.
        """
        names = self._names()
        found = [
            (
                _fuse(parts),
                *(parts[name] for name in names),
                self._nearest(by_label | {"embedding": self._spread(by_label["embedding"])}),
            )
            for by_label, parts in self._blocks(texts)
        ]
        empty = np.zeros((0 if self.ids else len(texts), len(self.ids)), dtype=np.float32)
        columns = [np.concatenate(blocks) for blocks in zip(*found, strict=True)] or [empty] * (len(names) + 2)
        return Scores(
            ids=self.ids,
            fused=columns[0],
            parts=dict(zip(names, columns[1:-1], strict=True)),
            nearest=columns[-1].astype(np.intp),
            labels=self.labels,
        )

    def fused(
        self, texts: Sequence[str], vectors: NDArray[np.float32] | None = None
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Yield (first row, `fused[i, j]`) block by block, in the order of the texts; see `Scores.fused`.

        `vectors` are those of the texts where they are known already.
        """
        first = 0
        for _, parts in self._blocks(texts, vectors):
            scores = _fuse(parts)
            yield first, scores
            first += len(scores)

    def search(self, texts: Sequence[str], k: int) -> list[tuple[Hit, ...]]:
        """Return the k best concepts of each text: highest score first, then smallest id."""
        if not self.ids:
            return [()] * len(texts)
        found = []
        for by_label, parts in self._blocks(texts):
            scores = _fuse(parts)
            for row, columns in enumerate(top_k(scores, k)):
                found.append(tuple(self._hit(row, column, scores, by_label, parts) for column in columns.tolist()))
        return found

    def _hit(self, row: int, column: int, scores: NDArray[np.float32], by_label: Block, parts: Block) -> Hit:
        start = int(self.starts[column])
        end = int(self.starts[column + 1]) if column + 1 < len(self.starts) else len(self.labels)
        label_parts = {name: by_label[name][row, start:end] for name in LABEL_PARTS[1:]}
        rows, encoded = self.rows[start:end], by_label["embedding"][row]
        own = rows < len(encoded)
        label_parts["embedding"] = np.where(own, encoded[np.where(own, rows, 0)], encoded[rows[own]].max())
        nearest = start + int(np.argmax(self._single(label_parts)))
        return Hit(
            id=self.ids[column],
            score=round(float(scores[row, column]), DECIMALS),
            parts=tuple((name, round(float(part[row, column]), DECIMALS)) for name, part in parts.items()),
            label=self.labels[nearest],
        )

    def cosines(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return `cosines[i, j]` of text i, whose vector is row i of `vectors`, and label j."""
        return self._spread(np.asarray(vectors @ self.vectors.T, dtype=np.float32))

    def _spread(self, encoded: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return cosines of all labels, of shape (b, l), from those of the vectors, of shape (b, v)."""
        if len(self.vectors) == len(self.labels):
            return encoded
        return np.concatenate([encoded, self._best(encoded)], axis=1)[:, self.rows]

    def _best(self, encoded: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the best cosine of each concept, of shape (b, m), from those of the vectors."""
        return np.maximum.reduceat(encoded, self.rows[self.starts], axis=1)  # the first label always has its own

    def _names(self) -> list[str]:
        """Return the names of the parts that scores of this index have, in the order of `PARTS`."""
        missing = {
            "usual": self.usual is None,
            "examples": self.examples is None,
            "associations": self.knowledge is None,
        }
        return [name for name in PARTS if not missing.get(name)]

    def _blocks(
        self, texts: Sequence[str], vectors: NDArray[np.float32] | None = None
    ) -> Iterator[tuple[Block, Block]]:
        """Yield, block by block of texts, parts by label and weighted parts by concept, of shape (b, m).

        Parts by label are of shape (b, l), but for the embedding, which is by vector, of shape (b, v).
        """
        if not self.ids:
            return
        vectors = self.encoder.encode(texts) if vectors is None else vectors
        size = max(1, CELLS // len(self.labels))
        for start in range(0, len(texts), size):
            block, block_vectors = texts[start : start + size], vectors[start : start + size]
            by_label = {
                "embedding": np.asarray(block_vectors @ self.vectors.T, dtype=np.float32),
                "words": self.words.scores(block),
                "characters": self.pieces.scores(block),
            }
            yield by_label, self._parts(by_label, block, block_vectors)

    def _parts(self, by_label: Block, texts: Sequence[str], vectors: NDArray[np.float32]) -> Block:
        """Return the weighted parts by concept: shares of the score, and what knowledge adds to those."""
        shares = self.weights.shares([name for name in self._names() if name != "associations"])
        parts = {name: self._by_concept(by_label[name]) * np.float32(shares[name]) for name in LABEL_PARTS}
        if self.usual is not None:
            parts["usual"] = np.tile(self.usual * np.float32(shares["usual"]), (len(texts), 1))
        if self.examples is not None:
            parts["examples"] = self.examples.scores(texts, vectors) * np.float32(shares["examples"])
        if self.knowledge is not None:
            left = 1 - np.minimum(np.sum(list(parts.values()), axis=0, dtype=np.float32), 1)
            known = self.knowledge.scores(texts, vectors) * np.float32(self.weights.associations)
            parts["associations"] = left * known
        return parts

    def _by_concept(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Reduce scores of labels, or of vectors, to concepts, of shape (b, m); what is negative becomes 0."""
        if scores.shape[1] != len(self.labels):  # only preferred labels have vectors, and all others borrow the best
            return np.maximum(self._best(scores), 0)
        share = self.weights.preferred
        best = np.maximum.reduceat(scores, self.starts, axis=1)
        preferred = scores[:, self.starts]
        for later in range(1, int(self.preferred.max())):
            more = self.preferred > later
            preferred[:, more] = np.maximum(preferred[:, more], scores[:, self.starts[more] + later])
        mixed = (1 - share) * np.maximum(best, 0) + share * np.maximum(preferred, 0)
        return mixed.astype(np.float32, copy=False)

    def _single(self, by_label: Block) -> NDArray[np.float32]:
        """Return the weighted sum of the parts for each label."""
        shares = self.weights.shares()
        weighted = [by_label[name] * np.float32(shares[name]) for name in LABEL_PARTS]
        return np.asarray(np.sum(weighted, axis=0), dtype=np.float32)

    def _nearest(self, by_label: Block) -> NDArray[np.intp]:
        """Return the row of the best label of each concept, of shape (b, m); the first of equals."""
        single = self._single(by_label)
        sizes = np.diff(np.append(self.starts, len(self.labels)))
        best = np.repeat(np.maximum.reduceat(single, self.starts, axis=1), sizes, axis=1)
        rows = np.where(single == best, np.arange(len(self.labels)), len(self.labels))
        return np.minimum.reduceat(rows, self.starts, axis=1)


def top_k(scores: NDArray[np.float32], k: int) -> list[NDArray[np.intp]]:
    """Return for each row the columns of the k highest scores: highest first, then smallest column, as by a full sort.

    >>> [columns.tolist() for columns in top_k(np.array([[0.2, 0.9, 0.9, 0.1]], dtype=np.float32), 2)]
    [[1, 2]]
    """
    k = min(k, scores.shape[1])
    if k <= 0:
        return [np.zeros(0, dtype=np.intp) for _ in scores]
    least = np.partition(scores, -k, axis=1)[:, -k]
    found = []
    for row, bound in zip(scores, least, strict=True):
        columns = np.flatnonzero(row >= bound)
        found.append(columns[np.argsort(-row[columns], kind="stable")][:k])
    return found


def _fuse(parts: Block) -> NDArray[np.float32]:
    total = np.sum(list(parts.values()), axis=0, dtype=np.float32)
    rounded: NDArray[np.float32] = np.clip(np.round(total, DECIMALS), 0, 1)
    return rounded
