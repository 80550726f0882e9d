"""Likeness of words: how much of a label's wording stands in a text, by words and by pieces of words."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

Arrays = Mapping[str, NDArray[np.generic]]
"""What a scorer knows of its labels, by name."""

VERSION = "1"
"""Changes with everything here that changes a score."""

WORD = re.compile(r"\w(?:&\w)+|\w\w+[+#]*|\w[+#]+|\w")
"""A word, with names that hold signs kept whole: R&D, C++, C#."""

# English words that carry no content in a label. "it" is missing on purpose: it may be information technology.
STOP_WORDS = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "its",
        "of",
        "on",
        "or",
        "other",
    }
    | {"our", "such", "that", "the", "their", "this", "through", "to", "using", "with", "within", "your"}
)
COMMON_PIECE = 1_000
"""A piece of a word that is in more labels than this (and in more than 1 % of them) tells nothing and is left out."""


def words(text: str) -> list[str]:
    """Return the content words of a text and their neighbours in pairs, in lower case.

    >>> words("Manage the R&D of C++ tools")
    ['manage', 'r&d', 'c++', 'tools', 'manage r&d', 'r&d c++', 'c++ tools']
    """
    found = [word for word in WORD.findall(text.lower()) if word not in STOP_WORDS]
    return found + [f"{first} {second}" for first, second in pairwise(found)]


BLOCK = 8_192
"""Labels whose pieces are counted at once."""

PIECE_SIZES = (3, 4, 5)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class WordScorer:
    """Scores texts against labels by words and pairs of words, weighted by how rare they are among the labels.

    The score is the mean of two, each in [0, 1]: the cosine of sublinear TF-IDF vectors (how alike text and label are
    as a whole), and the share of the label's weight that stands in the text (how much of the label is said, however
    long the text). With d of n labels holding a word, its weight is ``ln((1 + n) / (1 + d)) + 1``.

    Parameters
    ----------
    labels
        Labels of shape (l,).
    known
        `arrays` of a scorer of the same labels, so that nothing is worked out again; None: work it out.
    """

    def __init__(self, labels: Sequence[str], known: Arrays | None = None) -> None:
        self.arrays = known or _fit_words(labels)
        names = self.arrays["names"].tobytes().decode()
        self._column = {word: column for column, word in enumerate(names.split("\n"))} if names else {}
        self._cosine = _matrix(self.arrays, "cosine", len(labels))
        share = _matrix(self.arrays, "share", len(labels))
        self._both = csr_array(  # cosine above share, each counting half
            (
                np.concatenate([self._cosine.data, share.data]) * np.float32(0.5),
                np.concatenate([share.indices, share.indices]),
                np.concatenate([share.indptr, share.indptr[1:] + share.indptr[-1]]),
            ),
            shape=(2 * share.shape[0], share.shape[1]),
        )

    def cosine(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return `scores[i, j]`, the TF-IDF cosine of text i and label j."""
        return _dense(self._queries(texts) @ self._cosine)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return `scores[i, j]`, the mean of cosine and share for text i and label j."""
        queries = self._queries(texts)
        rows, width = _rows_of(queries), queries.shape[1]
        twice = csr_array(
            (
                np.concatenate([queries.data, np.ones_like(queries.data)]),
                (np.concatenate([rows, rows]), np.concatenate([queries.indices, queries.indices + width])),
            ),
            shape=(len(texts), 2 * width),
        )
        return _dense(twice @ self._both)

    def _queries(self, texts: Sequence[str]) -> csr_array:
        found = [[self._column[word] for word in words(text) if word in self._column] for text in texts]
        rows = np.repeat(np.arange(len(texts)), [len(some) for some in found])
        columns = np.array([column for some in found for column in some], dtype=np.intp)
        return _unit(_counts(rows, columns, (len(texts), len(self._column))), self.arrays["rarity"])


class PieceScorer:
    """Scores texts against labels by pieces of words (3 to 5 characters, word boundaries marked): cosine of TF-IDF.

    Forgives inflection, compounds and misspelling. Pieces that very many labels hold are left out. A piece is known by
    a hash of 64 bits, so that those of thousands of texts are found at once. Parameters as of `WordScorer`.
    """

    def __init__(self, labels: Sequence[str], known: Arrays | None = None) -> None:
        self.arrays = known or _fit_pieces(labels)
        self._labels = _matrix(self.arrays, "cosine", len(labels))

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return `scores[i, j]`, the TF-IDF cosine of the pieces of text i and label j."""
        counts = _known_pieces(texts, self.arrays["pieces"])
        return _dense(_unit(counts, self.arrays["rarity"]) @ self._labels)


def _fit_words(labels: Sequence[str]) -> Arrays:
    """Return what `WordScorer` needs: the words, sorted, and for each of them its rarity and the labels with it."""
    found = [words(label) for label in labels]
    names = sorted({word for some in found for word in some})
    place = {word: column for column, word in enumerate(names)}
    rows = np.repeat(np.arange(len(labels)), [len(some) for some in found])
    columns = np.array([place[word] for some in found for word in some], dtype=np.intp)
    counts = _counts(rows, columns, (len(labels), len(names)))
    rarity = _rarity(counts)
    cosine = _unit(counts, rarity)
    said = rarity[cosine.indices]
    total = np.bincount(_rows_of(cosine), weights=said, minlength=len(labels)).astype(np.float32)
    share = csr_array((said / np.repeat(total, np.diff(cosine.indptr)), cosine.indices, cosine.indptr), cosine.shape)
    text = np.frombuffer("\n".join(names).encode(), dtype=np.uint8)
    by_word = _by_feature(cosine)
    return {"names": text, "rarity": rarity, **_stored(by_word), "share": _by_feature(share).data}


def _fit_pieces(labels: Sequence[str]) -> Arrays:
    """Return what `PieceScorer` needs: the hashes of the pieces, sorted, their rarity and the labels with each."""
    blocks = [labels[start : start + BLOCK] for start in range(0, len(labels), BLOCK)]
    seen = [_held(block) for block in blocks] or [_held([])]
    known, place = np.unique(np.concatenate([hashes for hashes, _ in seen]), return_inverse=True)
    held = np.bincount(place, weights=np.concatenate([many for _, many in seen]), minlength=len(known))
    known = known[held <= max(COMMON_PIECE, len(labels) // 100)]
    counts = csr_array(vstack([_known_pieces(block, known) for block in blocks or [[]]]))
    rarity = _rarity(counts)
    return {"pieces": known, "rarity": rarity, **_stored(_by_feature(_unit(counts, rarity)))}


def _held(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """Return the hashes of all pieces, and how many of the texts have each."""
    rows, hashes = _pieces(texts)
    known, columns = np.unique(hashes, return_inverse=True)
    return known, np.bincount(_counts(rows, columns, (len(texts), len(known))).indices, minlength=len(known))


def _known_pieces(texts: Sequence[str], known: NDArray[np.generic]) -> csr_array:
    """Return how often each text has each of the pieces whose hashes are known (sorted)."""
    rows, hashes = _pieces(texts)
    column = np.minimum(np.searchsorted(known, hashes), max(0, len(known) - 1))
    found = known[column] == hashes if len(known) else np.zeros(len(hashes), dtype=bool)
    return _counts(rows[found], column[found], (len(texts), len(known)))


def _pieces(texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.uint64]]:
    """Return the pieces of all words of all texts: the row of the text, and the hash of the piece.

    Each word is between two spaces; a piece may begin or end with such a space, but has none inside.
    """
    padded = [f" {' '.join(text.lower().split())} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
    space = codes == ord(" ")
    rows, hashes = [], []
    for size in PIECE_SIZES:
        many = max(0, len(codes) - size + 1)
        hashed, inside = np.zeros(many, dtype=np.uint64), np.ones(many, dtype=bool)
        for offset in range(size):
            hashed = hashed * _MULTIPLIER + codes[offset : offset + many]
            if 0 < offset < size - 1:
                inside &= ~space[offset : offset + many]
        rows.append(owners[:many][inside])
        hashes.append(hashed[inside])
    return np.concatenate(rows), np.concatenate(hashes)


def _counts(rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, int]) -> csr_array:
    """Return how often each feature (column) stands in each text (row)."""
    short = rows.astype(np.int32), columns.astype(np.int32)  # as in the matrix of labels, which else is cast each time
    counts = csr_array((np.ones(len(rows), dtype=np.float32), short), shape=shape)
    counts.sum_duplicates()
    return counts


def _rarity(counts: csr_array) -> NDArray[np.float32]:
    """Return the weight of each feature: ``ln((1 + n) / (1 + d)) + 1`` where d of n texts have it."""
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    return (np.log((1 + counts.shape[0]) / (1 + held)) + 1).astype(np.float32)


def _unit(counts: csr_array, rarity: NDArray[np.generic]) -> csr_array:
    """Return sublinear TF-IDF vectors of length 1, of the shape of the counts."""
    weights = ((np.log(counts.data) + 1) * rarity[counts.indices]).astype(np.float32)
    rows = _rows_of(counts)
    length = np.sqrt(np.bincount(rows, weights=weights.astype(np.float64) ** 2, minlength=counts.shape[0]))
    return csr_array((weights / length[rows].astype(np.float32), counts.indices, counts.indptr), counts.shape)


def _rows_of(matrix: csr_array) -> NDArray[np.int32]:
    """Return the row of each stored value."""
    return np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))


def _by_feature(labels: csr_array) -> csr_array:
    """Turn labels x features into features x labels, stored by feature: the fast side for a few texts."""
    return csr_array(labels.T)


def _stored(by_feature: csr_array) -> dict[str, NDArray[np.generic]]:
    return {
        "begins": by_feature.indptr.astype(np.int32),
        "labels": by_feature.indices.astype(np.int32),
        "cosine": by_feature.data,
    }


def _matrix(arrays: Arrays, name: str, labels: int) -> csr_array:
    """Return features x labels with the values of that name."""
    content = (arrays[name], arrays["labels"], arrays["begins"])
    return csr_array(content, shape=(len(arrays["begins"]) - 1, labels))


def _dense(scores: csr_array) -> NDArray[np.float32]:
    return np.asarray(scores.toarray(), dtype=np.float32)
