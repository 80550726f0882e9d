"""What later stages ask of the mapping stage; `Mapper` and `OccupationLinker` fulfil it, and so do fakes in tests."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.model import Mapping, Match
from skillmatch.taxonomy.model import Taxonomy


class SkillMapper(Protocol):
    """Reads skills in texts; `key` identifies everything that changes what it finds."""

    @property
    def key(self) -> str:
        """Identify weights, taxonomy and settings."""
        ...

    @property
    def taxonomy(self) -> Taxonomy:
        """Return the taxonomy whose skills are found."""
        ...

    def map_many(
        self, texts: Sequence[str], *, top_k: int | None = ..., minimum_probability: float = ...
    ) -> list[Mapping]:
        """Return what is found in each text, in the order of `texts`."""
        ...

    def rank(self, texts: Sequence[str], k: int) -> list[tuple[Match, ...]]:
        """Return the k best skills of each text, whatever their probability."""
        ...

    def similarity(self, texts: Sequence[str], uris: Sequence[str]) -> NDArray[np.float32]:
        """Return `scores[i, j]` in [0, 1], the likeness of text i and skill j."""
        ...


class TitleLinker(Protocol):
    """Links job titles to occupations."""

    def link(self, titles: Sequence[tuple[str, str]], k: int) -> list[tuple[Match, ...]]:
        """Return the k best occupations of each (title, description), best first."""
        ...
