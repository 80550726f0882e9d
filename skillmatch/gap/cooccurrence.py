"""What other occupations tell about a skill: what those like the role need, in their group, of its kind, together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from skillmatch.taxonomy.model import Taxonomy

NEAR = 20
"""Occupations that speak for a role."""
SHARPNESS = 8
"""An occupation speaks in proportion to this power of its likeness, so that the nearest few decide."""
FAINT = 0.4
"""Where the nearest occupations are hardly like the role, this likeness of nothing at all outvotes them."""
OPTIONAL = 0.5
"""What an optional relation counts beside an essential one."""
NARROW = 60
"""A group of skills with more members says too little of its members' kind."""
RANK = 64
"""Dimensions to which the matrix of occupations and skills is reduced."""
FEATURES = (
    "near_essential", "near_optional", "unit_group", "minor_group", "siblings", "together", "popularity",
    "transversal", "cross-sector", "occupation-specific", "words",
)  # fmt: skip
"""What the fitted model weighs; `words` is the likeness of texts, which comes from the mapping stage."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """Where a role stands among the occupations.

    Parameters
    ----------
    near
        Occupations like it, as (URI, likeness in [0, 1]), best first.
    isco
        Its ISCO-08 code; empty where not known.
    own
        The occupation that it stands for, which is left out of all that speaks for it; None: it stands for none.
    """

    near: tuple[tuple[str, float], ...]
    isco: str = ""
    own: str | None = None


@dataclass(frozen=True, eq=False)
class Cooccurrence:
    """Occupations and their skills as matrices. Make it with `build`.

    Parameters
    ----------
    occupations, skills
        URI -> row, URI -> column.
    isco
        ISCO-08 code of each row; empty for occupations without relations and those left out: they say nothing.
    essential, optional
        ``essential[i, j]`` is 1 if occupation i needs skill j as essential; likewise for optional.
    groups
        ``groups[j, g]`` is 1 if skill j is in narrow group g.
    factors
        Of shape (rank, skills): the right singular vectors of the matrix of relations.
    fixed
        Feature -> its value for each skill, for those that are the same for every role.
    """

    occupations: dict[str, int]
    skills: dict[str, int]
    isco: tuple[str, ...]
    essential: csr_matrix
    optional: csr_matrix
    groups: csr_matrix
    factors: Matrix
    fixed: dict[str, Matrix]
    _rows: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def build(cls, taxonomy: Taxonomy, left_out: Collection[str] = ()) -> Self:
        """Return the matrices of a taxonomy; the occupations left out count as if they had no relations at all."""
        occupations = {uri: row for row, uri in enumerate(taxonomy.occupations.index.tolist())}
        skills = {uri: column for column, uri in enumerate(taxonomy.skills.index.tolist())}
        table = taxonomy.relations[~taxonomy.relations["occupation"].isin(list(left_out))]
        essential, optional = (
            _incidence(
                [occupations[uri] for uri in rows["occupation"]],
                [skills[uri] for uri in rows["skill"]],
                (len(occupations), len(skills)),
            )
            for rows in (table[table["relation"] == relation] for relation in ("essential", "optional"))
        )
        relations = essential + OPTIONAL * optional
        heard = np.asarray(relations.sum(axis=1)).ravel() > 0
        codes = tuple(
            code if known else "" for code, known in zip(taxonomy.occupations["isco"].tolist(), heard, strict=True)
        )
        reuse = taxonomy.skills["reuse_level"].to_numpy()
        fixed = {level: (reuse == level).astype(np.float64) for level in FEATURES[7:10]}
        popular = np.asarray(relations.sum(axis=0)).ravel()
        fixed["popularity"] = np.log1p(popular) / np.log1p(max(1, heard.sum()))
        return cls(
            occupations, skills, codes, essential, optional, _groups(taxonomy, skills), _factors(relations), fixed
        )

    def features(self, standings: Sequence[Standing], skills: Sequence[str]) -> dict[str, Matrix]:
        """Return feature -> ``values[i, j]`` for role i and skill j: all of `FEATURES` but `words`.

        Those of relations are square roots of shares in [0, 1] (so that the first occupation that needs a skill says
        more than the tenth); `siblings` is ln(1 + what is expected of skills of the same kind).
        """
        columns = [self.skills[uri] for uri in skills]
        near = self._weights([self._near(standing) for standing in standings])
        unit, minor = (self._weights([self._of_group(standing, digits) for standing in standings]) for digits in (4, 3))
        relations = self.essential + OPTIONAL * self.optional
        from_near, from_unit = near @ relations, unit @ relations
        expected = ((from_near + from_unit) / 2).tocsr()
        found = {
            "near_essential": (near @ self.essential)[:, columns].toarray(),
            "near_optional": (near @ self.optional)[:, columns].toarray(),
            "unit_group": from_unit.tocsr()[:, columns].toarray(),
            "minor_group": (minor @ relations)[:, columns].toarray(),
            "together": np.maximum((expected @ self.factors.T) @ self.factors[:, columns], 0),
        }
        rooted = {name: np.sqrt(values) for name, values in found.items()}
        rooted["siblings"] = self._siblings(expected, columns)
        rooted |= {name: np.tile(values[columns], (len(standings), 1)) for name, values in self.fixed.items()}
        return rooted

    def _siblings(self, expected: csr_matrix, columns: Sequence[int]) -> Matrix:
        groups = self.groups[columns]
        of_groups = (expected @ self.groups) @ groups.T
        own = expected[:, columns].toarray() * np.asarray(groups.sum(axis=1)).ravel()
        values: Matrix = np.log1p(np.maximum(of_groups.toarray() - own, 0))
        return values

    def _near(self, standing: Standing) -> dict[int, float]:
        heard = [
            (self.occupations[uri], score)
            for uri, score in standing.near
            if uri != standing.own and self.isco[self.occupations[uri]]
        ][:NEAR]
        powers = {row: score**SHARPNESS for row, score in heard}
        total = sum(powers.values()) + FAINT**SHARPNESS
        return {row: power / total for row, power in powers.items()}

    def _of_group(self, standing: Standing, digits: int) -> dict[int, float]:
        if len(standing.isco) < digits:
            return {}
        own = self.occupations.get(standing.own or "", -1)
        rows = [row for row in self._members(standing.isco[:digits]) if row != own]
        return {row: 1 / len(rows) for row in rows}

    def _members(self, code: str) -> list[int]:
        if code not in self._rows:
            self._rows[code] = [row for row, each in enumerate(self.isco) if each.startswith(code)]
        return self._rows[code]

    def _weights(self, by_role: Sequence[dict[int, float]]) -> csr_matrix:
        rows = [place for place, weights in enumerate(by_role) for _ in weights]
        columns = [row for weights in by_role for row in weights]
        values = [weight for weights in by_role for weight in weights.values()]
        return csr_matrix((values, (rows, columns)), shape=(len(by_role), len(self.occupations)))


def _incidence(rows: Sequence[int], columns: Sequence[int], shape: tuple[int, int]) -> csr_matrix:
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def _groups(taxonomy: Taxonomy, skills: dict[str, int]) -> csr_matrix:
    """Return the membership of skills in narrow groups, those with 2 to `NARROW` members, sorted by URI."""
    members: dict[str, list[int]] = {}
    for child, parent in zip(taxonomy.broader["uri"].tolist(), taxonomy.broader["broader"].tolist(), strict=True):
        if child in skills:
            members.setdefault(parent, []).append(skills[child])
    narrow = [members[group] for group in sorted(members) if 2 <= len(members[group]) <= NARROW]
    columns = [place for place, group in enumerate(narrow) for _ in group]
    return _incidence([skill for group in narrow for skill in group], columns, (len(skills), len(narrow)))


def _factors(relations: csr_matrix) -> Matrix:
    """Return the right singular vectors of the matrix for its `RANK` largest singular values (fewer if it is small)."""
    from sklearn.utils.extmath import randomized_svd

    rank = min(RANK, *relations.shape)
    if not relations.nnz:
        return np.zeros((1, relations.shape[1]))
    _, _, factors = randomized_svd(relations.tocsr(), rank, random_state=0)
    values: Matrix = factors
    return values
