"""Texts to vectors: the protocol that the product needs, and the sentence-transformers adapter."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Progress = Callable[[int, int], None]
"""Called with (done, total) as bulk work goes on."""


class Encoder(Protocol):
    """Turns texts into vectors.

    `key` identifies everything that changes a vector (weights, maximum length, precision), so that a cache may rely on it.
    """

    name: str
    key: str
    dimension: int

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return vectors of shape (n, dimension), in the order of `texts`, each row of length 1 (an empty text: all zeros)."""
        ...
