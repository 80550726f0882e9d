"""What is known to belong together: texts in people's own words, and the skills that they call for.

"We want a paperless workshop" shares no word with the skills that it needs. Where a text is like one that is known (a
measure of the library, with its reviewed skills), those skills are raised; where it is not, nothing changes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.mapping.index import DECIMALS, LabelIndex, top_k
from skillmatch.mapping.register import need_likeness
from skillmatch.mapping.scores import Scores

NEAREST_TEXT = 2 / 3
"""Weight of the likeness to the nearest text, beside 1 for where all known texts together place a text."""

PENALTY = 3.0
"""Ridge penalty on what places a text, times known texts for each dimension of the vectors."""

FROM, TO = 0.1, 0.8
"""Likeness at which an association begins to count, and from which it counts fully."""

NEAREST = 6
"""Associations that a text may draw on."""

FURTHER = 0.5
"""What each further association counts, as a share of the one before: two measures that agree on a skill confirm it."""


@dataclass(frozen=True)
class Association:
    """Texts that say the same thing, names first, and the skills that it calls for as (URI, weight in [0, 1]).

    `names` tells how many of the texts are names.
    """

    id: str
    texts: tuple[str, ...]
    skills: tuple[tuple[str, float], ...]
    names: int = 1


@dataclass(frozen=True)
class AssociationHit:
    """An association that a text is like: the likeness in [0, 1], and which of its texts is nearest."""

    id: str
    likeness: float
    text: str


@dataclass(frozen=True, eq=False)
class AssociationIndex:
    """Associations, searchable by text. Make it with `build`.

    Parameters
    ----------
    index
        The texts of the associations.
    directions
        Column j says in which direction of the vectors association j lies, of shape (dimension, associations).
    columns, weights
        For each association (in the order of ``index.ids``): places of its skills in the index of skills, and their
        weights.
    skills
        Number of skills in the index of skills.
    heeds_register
        Whether a text counts as much as it speaks as a need does (`skillmatch.mapping.register`); False: fully, as for
        descriptions of courses, which tell what somebody will have learned.
    """

    index: LabelIndex
    directions: NDArray[np.float32]
    columns: tuple[NDArray[np.intp], ...]
    weights: tuple[NDArray[np.float32], ...]
    skills: int
    heeds_register: bool = True

    @classmethod
    def build(
        cls,
        associations: Sequence[Association],
        skills: Sequence[str],
        encoder: Encoder,
        cache: Path | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Return an index of the associations; skills that are not among `skills` are left out.

        Parameters
        ----------
        associations
            With different ids.
        skills
            URIs in the order of the columns of `scores`.
        encoder, cache, progress
            As for `LabelIndex.build`. The texts of associations are kept in the cache.
        """
        place = {uri: column for column, uri in enumerate(skills)}
        by_id = {one.id: [(place[uri], weight) for uri, weight in one.skills if uri in place] for one in associations}
        concepts = [(one.id, one.texts) for one in associations]
        names = [one.names for one in associations]
        index = LabelIndex.build(concepts, encoder, cache=cache, preferred=names, progress=progress)
        return cls(
            index=index,
            directions=_directions(index),
            columns=tuple(np.array([column for column, _ in by_id[id_]], dtype=np.intp) for id_ in index.ids),
            weights=tuple(np.array([weight for _, weight in by_id[id_]], dtype=np.float32) for id_ in index.ids),
            skills=len(skills),
        )

    def likeness(self, texts: Sequence[str], vectors: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Return `likeness[i, j]` in [0, 1] of text i and association j.

        The sum of two things, kept within [0, 1]: how like the text is to the nearest text of the association
        (`LabelIndex.fused`, times `NEAREST_TEXT`), and the value that a ridge regression gives for it, which learned
        from all texts to give 1 for those of the association and 0 for all others.

        Parameters
        ----------
        texts
            Texts of shape (n,).
        vectors
            Their vectors by the encoder of the index, of shape (n, dimension); None: they are encoded.
        """
        vectors = self.index.encoder.encode(texts) if vectors is None else vectors
        found = np.zeros((len(texts), len(self.index.ids)), dtype=np.float32)
        for first, nearest in self.index.fused(texts, vectors):
            rows = slice(first, first + len(nearest))
            found[rows] = self._sum(nearest, vectors[rows])
        return found

    def search(self, texts: Sequence[str], k: int, among: Collection[str]) -> list[tuple[AssociationHit, ...]]:
        """Return the k associations among those with these ids that are most like each text.

        Highest likeness first, then smallest id.
        """
        if not self.index.ids:
            return [()] * len(texts)
        columns = np.flatnonzero([id_ in among for id_ in self.index.ids])
        scores = self.index.scores(texts)
        likeness = np.round(self._sum(scores.fused, self.index.encoder.encode(texts)), DECIMALS)
        return [
            tuple(self._hit(scores, likeness[row], row, columns[place]) for place in places)
            for row, places in enumerate(top_k(likeness[:, columns], k))
        ]

    def _hit(self, scores: Scores, likeness: NDArray[np.float32], row: int, column: int) -> AssociationHit:
        text = scores.labels[int(scores.nearest[row, column])]
        return AssociationHit(self.index.ids[column], round(float(likeness[column]), DECIMALS), text)

    def _sum(self, nearest: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        total = np.float32(NEAREST_TEXT) * nearest + vectors @ self.directions
        return np.asarray(np.clip(total, 0, 1), dtype=np.float32)

    def scores(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return `scores[i, j]` in [0, 1]: how much what is known about text i speaks for skill j.

        With the likeness of the nearest associations brought to [0, 1] (`FROM` gives 0, `TO` gives 1), and sorted, the
        first counts 1, the second `FURTHER`, the third its square and so on; a sum above 1 becomes 1. All is scaled by
        how much the text speaks as a need does, where that is heeded. Parameters as for `likeness`.
        """
        scores = np.zeros((len(texts), self.skills), dtype=np.float32)
        needs = need_likeness(texts) if self.heeds_register else np.ones(len(texts), dtype=np.float32)
        rows = np.flatnonzero(needs)
        likeness = self.likeness([texts[row] for row in rows.tolist()], vectors[rows])
        strength = needs[rows, np.newaxis] * np.clip((likeness - FROM) / (TO - FROM), 0, 1)
        for place in np.flatnonzero(strength.any(axis=1)).tolist():
            nearest = np.argsort(-strength[place], kind="stable")[:NEAREST]
            for rank, association in enumerate(nearest.tolist()):
                share = strength[place, association] * FURTHER**rank
                scores[rows[place], self.columns[association]] += share * self.weights[association]
        return np.minimum(scores, 1)


def _directions(index: LabelIndex) -> NDArray[np.float32]:
    """Return the coefficients of the ridge regression of each association, of shape (dimension, associations)."""
    if not index.ids:
        return np.zeros((index.encoder.dimension, 0), dtype=np.float32)
    vectors = index.vectors.astype(np.float64)
    texts, dimension = vectors.shape
    sums = np.add.reduceat(vectors, index.starts, axis=0)
    spread = vectors.T @ vectors + PENALTY * texts / dimension * np.eye(dimension)
    return np.asarray(np.linalg.solve(spread, sums.T), dtype=np.float32)
