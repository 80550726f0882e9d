"""What a search in labels works out: scores of texts and concepts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Parts = dict[str, NDArray[np.float32]]
"""Name of a part -> its scores."""


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
    parts: Parts
    nearest: NDArray[np.intp]
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class BlockScores:
    """Scores of b texts.

    Parameters
    ----------
    encoded, best
        Cosines of the vectors, of shape (b, v), and the best one of each concept, of shape (b, m); None where every
        label has a vector of its own.
    by_label
        Scores of words and of pieces by label, in the order of ``groups.columns``, of shape (b, l).
    parts, fused
        Weighted parts by concept and their rounded sum, of shape (b, m).
    """

    encoded: NDArray[np.float32]
    best: NDArray[np.float32] | None
    by_label: Parts
    parts: Parts
    fused: NDArray[np.float32]
