"""An encoder that does not work out the same text twice within one analysis."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.encoder import Encoder, Progress


class RememberingEncoder:
    """An encoder that remembers vectors while `remember` is open, in memory and for its own thread only.

    A role's title is compared with occupations, with the roles of measures and with skills; a need with measures and
    with skills. What is remembered is forgotten at the end: the words of a company are kept nowhere, and what an
    analysis gives cannot hang on those made before.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._local = threading.local()

    @property
    def name(self) -> str:
        """Name of the encoder."""
        return self.encoder.name

    @property
    def key(self) -> str:
        """Key of the encoder, as the vectors are the same."""
        return self.encoder.key

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.encoder.dimension

    @contextmanager
    def remember(self) -> Iterator[None]:
        """Remember what this thread encodes from now on, until the end of the outermost ``with``."""
        outer = self._memory
        self._local.memory = {} if outer is None else outer
        try:
            yield
        finally:
            self._local.memory = outer

    @property
    def _memory(self) -> dict[str, NDArray[np.float32]] | None:
        found: dict[str, NDArray[np.float32]] | None = getattr(self._local, "memory", None)
        return found

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return vectors of shape (n, dimension), in the order of `texts`."""
        memory = self._memory
        if memory is None or not texts:
            return self.encoder.encode(texts, progress)
        missing = [text for text in dict.fromkeys(texts) if text not in memory]
        if missing:
            memory.update(zip(missing, self.encoder.encode(missing, progress), strict=True))
        return np.array([memory[text] for text in texts], dtype=np.float32)
