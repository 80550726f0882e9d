"""What is known to belong together: texts in people's own words, and the skills that they call for.

"We want a paperless workshop" shares no word with the skills that it needs. Where a text is like one that is known (a
measure of the library, with its reviewed skills), those skills are raised; where it is not, nothing changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.encoder import Encoder
from skillmatch.mapping.index import FusionWeights, LabelIndex
from skillmatch.mapping.register import need_likeness

LIKENESS = FusionWeights(embedding=1.0, words=0.3, characters=0.15, preferred=0.0)
"""How likeness to a known text is weighed: spelling counts, for names and abbreviations."""

FROM, TO = 0.36, 0.8
"""Likeness at which an association begins to count, and from which it counts fully."""

NEAREST = 4
"""Associations that a text may draw on."""

FURTHER = 0.4
"""What each further association counts, as a share of the one before: two measures that agree on a skill confirm it."""


@dataclass(frozen=True)
class Association:
    """Texts that say the same thing, and the skills that it calls for as (URI, weight in [0, 1])."""

    id: str
    texts: tuple[str, ...]
    skills: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class AssociationIndex:
    """Associations, searchable by text. Make it with `build`.

    Parameters
    ----------
    index
        The texts of the associations.
    columns, weights
        For each association (in the order of ``index.ids``): places of its skills in the index of skills, and their
        weights.
    skills
        Number of skills in the index of skills.
    """

    index: LabelIndex
    columns: tuple[NDArray[np.intp], ...]
    weights: tuple[NDArray[np.float32], ...]
    skills: int

    @classmethod
    def build(
        cls, associations: Sequence[Association], skills: Sequence[str], encoder: Encoder, cache: Path | None = None
    ) -> Self:
        """Return an index of the associations; skills that are not among `skills` are left out.

        Parameters
        ----------
        associations
            With different ids.
        skills
            URIs in the order of the columns of `scores`.
        encoder, cache
            As for `LabelIndex.build`. The texts of associations are kept in the cache.
        """
        place = {uri: column for column, uri in enumerate(skills)}
        by_id = {one.id: [(place[uri], weight) for uri, weight in one.skills if uri in place] for one in associations}
        concepts = [(one.id, one.texts) for one in associations if by_id[one.id]]
        index = LabelIndex.build(concepts, encoder, weights=LIKENESS, cache=cache)
        return cls(
            index=index,
            columns=tuple(np.array([column for column, _ in by_id[id_]], dtype=np.intp) for id_ in index.ids),
            weights=tuple(np.array([weight for _, weight in by_id[id_]], dtype=np.float32) for id_ in index.ids),
            skills=len(skills),
        )

    def scores(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return `scores[i, j]` in [0, 1]: how much what is known about text i speaks for skill j.

        With the likeness of the nearest associations brought to [0, 1] (`FROM` gives 0, `TO` gives 1), and sorted, the
        first counts 1, the second `FURTHER`, the third its square and so on; a sum above 1 becomes 1. All is scaled by
        how much the text speaks as a need does (`skillmatch.mapping.register`).

        Parameters
        ----------
        texts
            Texts of shape (n,).
        vectors
            Their vectors by the encoder of the index, of shape (n, dimension).
        """
        scores = np.zeros((len(texts), self.skills), dtype=np.float32)
        needs = need_likeness(texts)
        rows = np.flatnonzero(needs)
        for first, likeness in self.index.fused([texts[row] for row in rows.tolist()], vectors[rows]):
            of_block = rows[first : first + len(likeness)]
            strength = needs[of_block, np.newaxis] * np.clip((likeness - FROM) / (TO - FROM), 0, 1)
            for place in np.flatnonzero(strength.any(axis=1)).tolist():
                nearest = np.argsort(-strength[place], kind="stable")[:NEAREST]
                for rank, association in enumerate(nearest.tolist()):
                    share = strength[place, association] * FURTHER**rank
                    scores[of_block[place], self.columns[association]] += share * self.weights[association]
        return np.minimum(scores, 1)
