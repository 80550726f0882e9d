"""Things that rank: the product and, beside it, baselines that anybody can beat or not."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.index import LabelIndex
from skillmatch.mapping.lexical import PieceScorer, WordScorer, words
from skillmatch.mapping.longtext import text_scores

BATCH = 32


class Ranker(Protocol):
    """Ranks all items for each text."""

    @property
    def name(self) -> str:
        """Name in tables."""
        ...

    def rank(self, texts: Sequence[str]) -> Iterator[Sequence[str]]:
        """Yield for each text the ids of all items, best first."""
        ...


@dataclass(frozen=True)
class ScoreRanker:
    """Ranks by scores: highest first, then smallest id.

    Parameters
    ----------
    name
        Name in tables.
    ids
        Ids of the items, sorted.
    scores
        Takes texts and returns `scores[i, j]` of text i and item j.
    """

    name: str
    ids: tuple[str, ...]
    scores: Callable[[Sequence[str]], NDArray[np.float32]]

    def rank(self, texts: Sequence[str]) -> Iterator[Sequence[str]]:
        """Yield for each text the ids of all items, best first."""
        ids = np.array(self.ids, dtype=object)
        for start in range(0, len(texts), BATCH):
            for row in self.scores(texts[start : start + BATCH]):
                yield ids[np.argsort(-row, kind="stable")].tolist()


def random_ranker(index: LabelIndex) -> ScoreRanker:
    """Return the ranker that guesses: scores depend on the text alone, so they are the same in every run."""

    def scores(texts: Sequence[str]) -> NDArray[np.float32]:
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little") for text in texts]
        return np.array([np.random.default_rng(seed).random(len(index.ids), dtype=np.float32) for seed in seeds])

    return ScoreRanker("random", index.ids, scores)


def words_ranker(index: LabelIndex) -> ScoreRanker:
    """Return word TF-IDF (1-2 grams, sublinear), best of all labels."""
    scorer = WordScorer(index.labels)
    return ScoreRanker("word TF-IDF", index.ids, lambda texts: _best(index, scorer.cosine(texts)))


def bm25_ranker(index: LabelIndex) -> ScoreRanker:
    """Return BM25 (k1 = 1.5, b = 0.75) of content words; all labels of a concept are one document."""
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import CountVectorizer

    ends = [*index.starts[1:].tolist(), len(index.labels)]
    documents = [" ".join(index.labels[start:end]) for start, end in zip(index.starts.tolist(), ends, strict=True)] or [
        ""
    ]
    counter = CountVectorizer(analyzer=words, dtype=np.float32)
    counts = csr_array(counter.fit_transform(documents))
    length = np.asarray(counts.sum(axis=1)).ravel()
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1 + (len(documents) - held + 0.5) / (held + 0.5)).astype(np.float32)
    damping = np.repeat(1.5 * (0.25 + 0.75 * length / max(1e-9, length.mean())), np.diff(counts.indptr))
    counts.data = rarity[counts.indices] * counts.data * 2.5 / (counts.data + damping.astype(np.float32))
    weights = csr_array(counts.T)

    def scores(texts: Sequence[str]) -> NDArray[np.float32]:
        present = csr_array(counter.transform(texts) > 0).astype(np.float32)
        return np.asarray((present @ weights).toarray(), dtype=np.float32)

    return ScoreRanker("BM25", index.ids, scores)


def pieces_ranker(index: LabelIndex) -> ScoreRanker:
    """Return character TF-IDF (3-5 characters, sublinear), best of all labels."""
    scorer = PieceScorer(index.labels)
    return ScoreRanker("character TF-IDF", index.ids, lambda texts: _best(index, scorer.scores(texts)))


def preferred_embedding_ranker(index: LabelIndex) -> ScoreRanker:
    """Return the encoder alone, best of the preferred labels (one in each language)."""
    sizes = np.diff([*index.starts, len(index.labels)])
    places = np.arange(len(index.labels)) - np.repeat(index.starts, sizes)  # 0 is a concept's first label
    rows = np.flatnonzero(places < np.repeat(index.preferred, sizes))
    vectors = index.vectors[index.rows[rows]]
    starts = np.searchsorted(rows, index.starts)

    def scores(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.maximum.reduceat(index.encoder.encode(texts) @ vectors.T, starts, axis=1)

    return ScoreRanker("encoder, preferred labels", index.ids, scores)


def embedding_ranker(index: LabelIndex) -> ScoreRanker:
    """Return the encoder alone, best of all labels that are encoded."""

    def scores(texts: Sequence[str]) -> NDArray[np.float32]:
        return _best(index, index.cosines(index.encoder.encode(texts)))

    return ScoreRanker("encoder, all labels", index.ids, scores)


def fusion_ranker(index: LabelIndex, name: str = "skillmatch") -> ScoreRanker:
    """Return the product: segments, fused scores, best segment."""
    return ScoreRanker(name, index.ids, lambda texts: text_scores(index, texts))


BASELINES = (random_ranker, words_ranker, bm25_ranker, pieces_ranker, preferred_embedding_ranker, embedding_ranker)


def _best(index: LabelIndex, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.maximum.reduceat(scores, index.starts, axis=1)
