"""Sentences whose skills are known: a text that is like one of them probably speaks of the same skills."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from skillmatch import resources
from skillmatch.mapping.encoder import Encoder, file_sha256, install_error, read_manifest
from skillmatch.mapping.groups import Groups

WHOLE = 6
"""Words from which a text counts as a sentence; one or two words name a skill, and are best compared with names."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Vectors of sentences that people wrote or annotated, and the skills of each. Open them with `load_examples`.

    Parameters
    ----------
    vectors
        One row of length 1 for each sentence, of shape (n, dimension), by one encoder.
    sentences, skills
        Pairs: sentence (row of `vectors`) and skill (place in `uris`), both of shape (p,).
    uris
        The skills that occur, sorted.
    key
        sha256 of all of it.
    """

    vectors: NDArray[np.float32]
    sentences: NDArray[np.intp]
    skills: NDArray[np.intp]
    uris: tuple[str, ...]
    key: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file that `models/train/package.py` wrote; the URIs stand in its header, one a line."""
        try:
            from safetensors import safe_open
        except ImportError as error:
            raise install_error("safetensors") from error
        with safe_open(path, framework="numpy") as file:
            return cls(
                vectors=file.get_tensor("vectors").astype(np.float32),
                sentences=file.get_tensor("sentences").astype(np.intp),
                skills=file.get_tensor("skills").astype(np.intp),
                uris=tuple(file.metadata()["uris"].split("\n")),
                key=file_sha256(path),
            )

    def of_skills(self, uris: Sequence[str]) -> "ExampleIndex":
        """Return the examples of these skills; skills without any, and examples of other skills, are left out."""
        column = {uri: place for place, uri in enumerate(uris)}
        columns = np.array([column.get(uri, -1) for uri in self.uris], dtype=np.intp)[self.skills]
        known = np.flatnonzero(columns >= 0)
        order = known[np.argsort(columns[known], kind="stable")]
        return ExampleIndex(self.vectors, self.sentences[order], columns[order], len(uris))


@dataclass(frozen=True, eq=False)
class ExampleIndex:
    """Examples of the skills of one index: `columns` (sorted) are places there, `rows` those of the sentences."""

    vectors: NDArray[np.float32]
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    skills: int

    @cached_property
    def _groups(self) -> tuple[NDArray[np.intp], Groups, NDArray[np.intp]]:
        """Return the columns that have examples, each once; their examples; and the rows of these as laid out."""
        columns, sizes = np.unique(self.columns, return_counts=True)
        groups = Groups.of(sizes)
        return columns, groups, self.rows[groups.columns]

    def scores(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return `scores[i, j]` in [0, 1]: cosine of text i and the nearest example of skill j; 0 without examples.

        A text of n < `WHOLE` words gets n / `WHOLE` of it.
        """
        scores = np.zeros((len(texts), self.skills), dtype=np.float32)
        columns, groups, rows = self._groups
        if len(columns):
            nearest = np.clip(groups.best((vectors @ self.vectors.T)[:, rows]), 0, 1)
            lengths = np.array([min(1.0, len(text.split()) / WHOLE) for text in texts], dtype=np.float32)
            scores[:, columns] = nearest * lengths[:, np.newaxis]
        return scores


def load_examples(encoder: Encoder) -> Examples | None:
    """Return the examples that ship with a model; None if it has none, or is another model of that name."""
    for entry in read_manifest()["model"]:
        if entry["name"] == encoder.name and "examples" in entry and entry["encoder_key"] == encoder.key:
            return Examples.read(resources.MODELS / str(entry["examples"]))
    return None
