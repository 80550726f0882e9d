"""Search in labels: one index for everything that has labels, be it skills, occupations or measures."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.cache import CachedEncoder
from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.mapping.groups import Groups
from skillmatch.mapping.lexical import PieceScorer, WordScorer
from skillmatch.mapping.scorers import load_scorers
from skillmatch.mapping.scores import BlockScores
from skillmatch.mapping.scores import Scores as Scores

CELLS = 3_000_000
"""Scores of text and label held at once for one part (12 MB); texts are worked through in blocks of this size."""

DECIMALS = 4
"""Scores are rounded, so that the last bits of a matrix product cannot decide an order."""

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
    words, pieces
        Score the labels in the order of ``groups.columns``.
    groups
        The labels of each concept.
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
    groups: Groups
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
        groups = Groups.of(sizes)
        words, pieces = load_scorers([labels[column] for column in groups.columns.tolist()], cache)
        return cls(
            ids=tuple(id_ for id_, _, _ in entries),
            labels=labels,
            starts=starts,
            preferred=leading,
            vectors=keeping.encode([labels[row] for row in chosen.tolist()], progress),
            rows=np.where(has_own, own, len(chosen) + np.repeat(np.arange(len(sizes)), sizes)),
            encoder=plain,
            words=words,
            pieces=pieces,
            groups=groups,
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
            (block.fused, *(block.parts[name] for name in names), self._nearest_of_all(block))
            for block in self._blocks(texts)
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
        for block in self._blocks(texts, vectors):
            yield first, block.fused
            first += len(block.fused)

    def search(self, texts: Sequence[str], k: int) -> list[tuple[Hit, ...]]:
        """Return the k best concepts of each text: highest score first, then smallest id."""
        if not self.ids or k <= 0:
            return [()] * len(texts)
        return [hits for block in self._blocks(texts) for hits in self._hits(block, np.array(top_k(block.fused, k)))]

    def _hits(self, block: BlockScores, columns: NDArray[np.intp]) -> list[tuple[Hit, ...]]:
        """Return as hits the concepts in `columns`, of shape (b, k)."""
        rows = np.arange(len(columns))[:, np.newaxis]
        scores = block.fused[rows, columns].tolist()
        parts = {name: part[rows, columns].tolist() for name, part in block.parts.items()}
        nearest = self._nearest(block, np.repeat(rows.ravel(), columns.shape[1]), columns.ravel())
        return [
            tuple(
                Hit(
                    id=self.ids[column],
                    score=round(scores[row][rank], DECIMALS),
                    parts=tuple((name, round(part[row][rank], DECIMALS)) for name, part in parts.items()),
                    label=self.labels[nearest[row * len(some) + rank]],
                )
                for rank, column in enumerate(some)
            )
            for row, some in enumerate(columns.tolist())
        ]

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
        return self._encoded.best(self._encoded.lay(encoded))

    @cached_property
    def _sizes(self) -> NDArray[np.intp]:
        """Return the number of labels of each concept."""
        return np.diff(np.append(self.starts, len(self.labels)))

    @cached_property
    def _encoded(self) -> Groups:
        """Return the vectors of each concept; the first label always has its own."""
        return Groups.of(np.diff(np.append(self.rows[self.starts], len(self.vectors))))

    @cached_property
    def _leading(self) -> tuple[Groups, NDArray[np.intp]]:
        """Return the preferred labels of each concept, and their places in the order of `groups`."""
        leading = Groups.of(self.preferred)
        rows = np.arange(len(leading.columns)) + np.repeat(self.starts - leading.starts, self.preferred)
        return leading, self.groups.place[rows[leading.columns]]

    def _names(self) -> list[str]:
        """Return the names of the parts that scores of this index have, in the order of `PARTS`."""
        missing = {
            "usual": self.usual is None,
            "examples": self.examples is None,
            "associations": self.knowledge is None,
        }
        return [name for name in PARTS if not missing.get(name)]

    def _blocks(self, texts: Sequence[str], vectors: NDArray[np.float32] | None = None) -> Iterator[BlockScores]:
        """Yield all scores, block by block of texts; `vectors` are those of the texts where they are known already."""
        if not self.ids:
            return
        vectors = self.encoder.encode(texts) if vectors is None else vectors
        size = max(1, CELLS // len(self.labels))
        for start in range(0, len(texts), size):
            yield self._block(texts[start : start + size], vectors[start : start + size])

    def _block(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> BlockScores:
        """Return all scores of a few texts: shares of the score, and what knowledge adds to those."""
        encoded = np.asarray(vectors @ self.vectors.T, dtype=np.float32)
        by_label = {"words": self.words.scores(texts), "characters": self.pieces.scores(texts)}
        best = self._best(encoded) if len(self.vectors) != len(self.labels) else None
        shares = self.weights.shares([name for name in self._names() if name != "associations"])
        parts = {"embedding": self._embedding(encoded, best) * np.float32(shares["embedding"])}
        parts |= {name: self._by_concept(by_label[name]) * np.float32(shares[name]) for name in LABEL_PARTS[1:]}
        if self.usual is not None:
            usual = self.usual * np.float32(shares["usual"])
            parts["usual"] = np.broadcast_to(usual, (len(texts), len(usual)))
        if self.examples is not None:
            parts["examples"] = self.examples.scores(texts, vectors) * np.float32(shares["examples"])
        total = _sum(list(parts.values()))
        if self.knowledge is not None:
            known = self.knowledge.scores(texts, vectors) * np.float32(self.weights.associations)
            parts["associations"] = (1 - np.minimum(total, 1)) * known
            total += parts["associations"]
        return BlockScores(encoded, best, by_label, parts, np.clip(np.round(total, DECIMALS), 0, 1))

    def _embedding(self, encoded: NDArray[np.float32], best: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """Return the likeness of meaning of each concept, of shape (b, m)."""
        if best is None:
            return self._by_concept(self.groups.lay(encoded))
        return np.maximum(best, 0)  # only preferred labels have vectors, all others borrow the best

    def _by_concept(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Reduce scores of labels, in the order of `groups`, to concepts, of shape (b, m); below 0 becomes 0."""
        best = np.maximum(self.groups.best(scores), 0)
        share = self.weights.preferred
        if not share:
            return best
        leading, places = self._leading
        preferred = np.maximum(leading.best(scores[:, places]), 0)
        return np.asarray((1 - share) * best + share * preferred, dtype=np.float32)

    def _nearest(self, block: BlockScores, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the row in `labels` of the label of concept `columns[i]` that is nearest to text `rows[i]`.

        By the parts that labels have; the first of equals. A label without vector counts as near as the best one.
        """
        sizes = self._sizes[columns]
        begins = np.cumsum(sizes) - sizes
        labels = np.arange(int(sizes.sum())) + np.repeat(self.starts[columns] - begins, sizes)
        texts, places = np.repeat(rows, sizes), self.groups.place[labels]
        if block.best is None:
            meaning = block.encoded[texts, labels]
        else:
            own = self.rows[labels] < len(self.vectors)
            borrowed = np.repeat(block.best[rows, columns], sizes)
            meaning = np.where(own, block.encoded[texts, np.where(own, self.rows[labels], 0)], borrowed)
        shares = self.weights.shares()
        single = meaning * np.float32(shares["embedding"])
        for name, scores in block.by_label.items():
            single += scores[texts, places] * np.float32(shares[name])
        best = np.repeat(np.maximum.reduceat(single, begins), sizes)
        return np.minimum.reduceat(np.where(single == best, labels, len(self.labels)), begins)

    def _nearest_of_all(self, block: BlockScores) -> NDArray[np.intp]:
        """Return the row of the nearest label of each concept, of shape (b, m)."""
        columns = np.arange(len(self.ids))
        rows = range(len(block.fused))
        return np.array([self._nearest(block, np.full_like(columns, row), columns) for row in rows])


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


def _sum(parts: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total
