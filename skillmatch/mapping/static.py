"""The multilingual encoder: a text is the mean of the vectors of its subwords, so it takes microseconds."""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.encoder import Encoder, Progress, file_sha256, install_error, load_tokenizer
from skillmatch.mapping.transformer import BertEncoder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BATCH = 4_096
"""Texts worked on at once."""

LONGEST_TEXT = 4_000
"""Characters that are read of one text."""

_DOOR = "english.json"


class StaticEncoder:
    """A table of subword vectors in the layout of sentence-transformers, read without torch.

    It also knows whether a text is English: each subword has a weight, the logarithm of how much more often it stands
    in English labels than in others, and a text is English if the sum of its weights is at least `threshold`.

    Parameters
    ----------
    folder
        Folder with ``model.safetensors``, ``tokenizer.json`` and ``english.json``.
    name
        Name for people.
    """

    def __init__(self, folder: Path, name: str | None = None) -> None:
        self.folder = folder
        self.name = name or folder.name

    @cached_property
    def key(self) -> str:
        """sha256 over table, tokenizer and weights of languages."""
        files = (Path("model.safetensors"), Path("tokenizer.json"), Path(_DOOR))
        return hashlib.sha256("".join(file_sha256(self.folder / file) for file in files).encode()).hexdigest()

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._table.shape[1])

    @cached_property
    def _table(self) -> NDArray[np.float16]:
        try:
            from safetensors.numpy import load_file
        except ImportError as error:
            raise install_error("safetensors") from error
        (table,) = load_file(self.folder / "model.safetensors").values()
        return np.asarray(table, dtype=np.float16)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        tokenizer = load_tokenizer(self.folder)
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _door(self) -> tuple[NDArray[np.float32], float]:
        content = json.loads((self.folder / _DOOR).read_text("utf-8"))
        return np.array(content["weights"], dtype=np.float32), float(content["threshold"])

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return vectors of shape (n, dimension), in the order of `texts`; rows have length 1, empty texts zeros."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            pieces, begins, rows = self._pieces(texts[start : start + BATCH])
            if len(rows):
                total = np.add.reduceat(self._table[pieces].astype(np.float32), begins, axis=0)
                vectors[start + rows] = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)
            if progress:
                progress(min(start + BATCH, len(texts)), len(texts))
        return vectors

    def is_english(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Return for each text whether it is English; what cannot be told (a name, a number) counts as English."""
        weights, threshold = self._door
        english = np.ones(len(texts), dtype=bool)
        for start in range(0, len(texts), BATCH):
            pieces, begins, rows = self._pieces(texts[start : start + BATCH])
            if len(rows):
                english[start + rows] = np.add.reduceat(weights[pieces], begins) >= threshold
        return english

    def _pieces(self, texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Return the subwords of all texts in one row, where each text begins, and which texts have any."""
        found = self._tokenizer.encode_batch_fast([text[:LONGEST_TEXT] for text in texts], add_special_tokens=False)
        ids = [one.ids for one in found]
        sizes = np.array([len(one) for one in ids], dtype=np.intp)
        rows = np.flatnonzero(sizes)
        begins = np.concatenate([[0], np.cumsum(sizes[rows])[:-1]]).astype(np.intp) if len(rows) else rows
        return np.array([piece for one in ids for piece in one], dtype=np.intp), begins, rows


class TwoDoorEncoder:
    """English texts through a transformer, all others through the multilingual table, into one space of vectors.

    Parameters
    ----------
    english
        Encodes English texts.
    others
        Encodes all others, and says which are English.
    name
        Name for people.
    """

    def __init__(self, english: Encoder, others: StaticEncoder, name: str) -> None:
        self.english, self.others, self.name = english, others, name

    @cached_property
    def key(self) -> str:
        """sha256 over the keys of both encoders."""
        return hashlib.sha256(f"{self.english.key} {self.others.key}".encode()).hexdigest()

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.others.dimension

    def faster(self) -> "TwoDoorEncoder":
        """Return an encoder into the same space that takes less time for English, if there is one."""
        english = self.english.faster() if isinstance(self.english, BertEncoder) else self.english
        return TwoDoorEncoder(english, self.others, self.name)

    def in_language(self, language: str) -> Encoder:
        """Return the encoder for texts of which somebody says that they are in this language (two-letter code)."""
        return self.english if language == "en" else self.others

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return vectors of shape (n, dimension), in the order of `texts`; rows have length 1, empty texts zeros."""
        english = self.others.is_english(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for encoder, chosen in ((self.others, ~english), (self.english, english)):
            rows = np.flatnonzero(chosen)
            if len(rows):
                vectors[rows] = encoder.encode([texts[row] for row in rows.tolist()], progress)
        return vectors


def two_doors(encoder: Encoder) -> TwoDoorEncoder | None:
    """Return the encoder with two doors that this is, or that lies within one that caches or remembers; None: none."""
    while not isinstance(encoder, TwoDoorEncoder):
        within = getattr(encoder, "encoder", None)
        if within is None:
            return None
        encoder = within
    return encoder
