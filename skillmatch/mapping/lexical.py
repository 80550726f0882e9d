"""Likeness of words: how much of a label's wording stands in a text, by words and by pieces of words."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

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


class WordScorer:
    """Scores texts against labels by words and pairs of words, weighted by how rare they are among the labels.

    The score is the mean of two, each in [0, 1]: the cosine of sublinear TF-IDF vectors (how alike text and label are
    as a whole), and the share of the label's weight that stands in the text (how much of the label is said, however
    long the text). With d of n labels holding a word, its weight is ``ln((1 + n) / (1 + d)) + 1``.

    Parameters
    ----------
    labels
        Labels of shape (l,).
    """

    def __init__(self, labels: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # takes a second to import

        self._vectoriser = TfidfVectorizer(analyzer=words, sublinear_tf=True, dtype=np.float32)
        cosine = _fit(self._vectoriser, labels)
        weight = np.asarray(self._vectoriser.idf_, dtype=np.float32) if cosine.shape[1] else np.zeros(0, np.float32)
        present = cosine.copy()
        present.data = weight[present.indices]
        total = np.asarray(present.sum(axis=1)).ravel()
        present.data /= np.repeat(total, np.diff(present.indptr))
        self._cosine, self._share = _by_feature(cosine), _by_feature(present)

    def cosine(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return `scores[i, j]`, the TF-IDF cosine of text i and label j."""
        return _dense(_transform(self._vectoriser, texts) @ self._cosine)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return `scores[i, j]`, the mean of cosine and share for text i and label j."""
        queries = _transform(self._vectoriser, texts)
        present = queries.copy()
        present.data = np.ones_like(present.data)
        return _dense((queries @ self._cosine + present @ self._share) * np.float32(0.5))


class PieceScorer:
    """Scores texts against labels by pieces of words (3 to 5 characters, word boundaries marked): cosine of TF-IDF.

    Forgives inflection, compounds and misspelling. Pieces that very many labels hold are left out.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # takes a second to import

        most = max(COMMON_PIECE, len(labels) // 100)
        self._vectoriser = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), max_df=most, sublinear_tf=True, dtype=np.float32
        )
        self._labels = _by_feature(_fit(self._vectoriser, labels))

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return `scores[i, j]`, the TF-IDF cosine of the pieces of text i and label j."""
        return _dense(_transform(self._vectoriser, texts) @ self._labels)


def _fit(vectoriser: "TfidfVectorizer", labels: Sequence[str]) -> csr_array:
    """Fit on the labels and return their matrix of shape (l, features); labels without any word give no features."""
    try:
        return csr_array(vectoriser.fit_transform(labels))
    except ValueError as error:
        if "empty vocabulary" not in str(error):
            raise
        return csr_array(np.zeros((len(labels), 0), dtype=np.float32))


def _transform(vectoriser: "TfidfVectorizer", texts: Sequence[str]) -> csr_array:
    if not getattr(vectoriser, "vocabulary_", None):
        return csr_array(np.zeros((len(texts), 0), dtype=np.float32))
    return csr_array(vectoriser.transform(texts))


def _by_feature(labels: csr_array) -> csr_array:
    """Turn labels x features into features x labels, stored by feature: the fast side for a few texts."""
    return csr_array(labels.T)


def _dense(scores: csr_array) -> NDArray[np.float32]:
    return np.asarray(scores.toarray(), dtype=np.float32)
