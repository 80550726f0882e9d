"""Things that rank: the product and, beside it, baselines that anybody can beat or not."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.cache import CachedEncoder
from skillmatch.mapping.encoder import Encoder
from skillmatch.mapping.index import LabelIndex
from skillmatch.mapping.lexical import PieceScorer, WordScorer, words
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.occupations import plain_title
from skillmatch.mapping.segment import clean

PRODUCT = "skillmatch"
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


Baseline = Callable[[LabelIndex], ScoreRanker]
"""Makes something to compare with, for the concepts of an index."""


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


def encoder_ranker(index: LabelIndex, encoder: Encoder | None = None, cache: Path | None = None) -> ScoreRanker:
    """Return an encoder alone: cosine of the text and the best of the preferred labels (one in each language).

    Parameters
    ----------
    index
        Whose labels are ranked.
    encoder
        None: that of the index. Another one encodes the labels itself and is called the raw encoder.
    cache
        Folder in which vectors of labels are kept; None: nowhere.
    """
    sizes = np.diff([*index.starts, len(index.labels)])
    places = np.arange(len(index.labels)) - np.repeat(index.starts, sizes)  # 0 is a concept's first label
    rows = np.flatnonzero(places < np.repeat(index.preferred, sizes))
    starts = np.searchsorted(rows, index.starts)
    reader = encoder or index.encoder
    if encoder is None:
        vectors = index.vectors[index.rows[rows]]
    else:
        keeping = CachedEncoder(encoder, cache) if cache else encoder
        vectors = keeping.encode([index.labels[row] for row in rows.tolist()])

    def scores(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.maximum.reduceat(reader.encode(texts) @ vectors.T, starts, axis=1)

    return ScoreRanker("encoder alone" if encoder is None else f"raw encoder ({encoder.name})", index.ids, scores)


def product_ranker(mapper: Mapper) -> ScoreRanker:
    """Return the product: segments, fused scores, best segment, in the setting of the mapper."""
    ids = mapper.index.ids
    return ScoreRanker(PRODUCT, ids, lambda texts: mapper.similarity(texts, ids))


def title_ranker(index: LabelIndex) -> ScoreRanker:
    """Return the product's way with job titles: noise of titles removed, the weights of the index."""

    def scores(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.concatenate([block for _, block in index.fused([clean(plain_title(text)) for text in texts])])

    return ScoreRanker(PRODUCT, index.ids, scores)


BASELINES: tuple[Baseline, ...] = (random_ranker, words_ranker, bm25_ranker, pieces_ranker, encoder_ranker)
"""What needs nothing but the index. The raw encoder comes on top where it is installed."""


def _best(index: LabelIndex, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.maximum.reduceat(scores, index.starts, axis=1)
