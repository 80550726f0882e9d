"""Job titles to occupations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.calibration import OCCUPATIONS, Calibration
from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.mapping.index import DECIMALS, FusionWeights, LabelIndex, top_k
from skillmatch.mapping.labels import concept_labels, preferred_labels
from skillmatch.mapping.longtext import text_scores
from skillmatch.mapping.model import Match
from skillmatch.mapping.scores import Scores
from skillmatch.mapping.segment import clean, is_wordless
from skillmatch.taxonomy.model import Taxonomy

TITLE_WEIGHTS = FusionWeights(embedding=1.0, words=0.1, characters=0.3, preferred=0.1)
"""Titles are written like labels, so spelling counts more than in sentences; words mislead between languages."""

BATCH = 64
"""Titles worked on at once."""

DESCRIPTION_SHARE = 0.15
"""Share of a score that the description gives, where there is one."""

EXACT_FROM = 0.95
"""Scores from here up are kept for occupations that have the very title as a label."""

_NOISE = (
    # (m/w/d), (H/F), [f/m/x]
    r"[(\[]\s*(?:[mwfdxhiav]|all genders|gn|div)(?:\s*[/|,.*]\s*(?:[mwfdxhiav]|div))*\s*[)\]]",
    r"(?<![\w/])[mwfdxh](?:\s?[/|]\s?[mwfdxh]){1,3}(?![\w/])",  # m/w/d without brackets
    r"(?<=\w)[/*:_·]-?(?:innen|in|euse|trice|ne|r)\b",  # Techniker/in, Techniker*in
    r"(?<=\w)-?\((?:innen|in|euse|trice|ne|e|r|a|as|o)\)",  # technicien(ne)
    r"\b(?:junior|senior|jr|sr|trainee|young professional|berufseinsteiger|débutant|confirmé)\b\.?",
    r"\b(?:azubis?|auszubildende[nr]?|apprentices?|apprentie?s?|apprendist[aei]|aprendi(?:z|ces))\b",
    r"\b(?:full[- ]?time|part[- ]?time|vollzeit|teilzeit|temps plein|temps partiel|remote|hybrid|homeoffice)\b",
    r"\b(?:level|grade|stufe|niveau)\s*(?:\d+|[ivx]+)\b",
    r"\b\d+(?:\s*[-–]\s*\d+)?\s*(?:%|h\b|hours?\b|stunden\b|std\b\.?|x\b)",
    r"#\s*\d+|\bx\s*\d+\b|(?<![\w.-])\d+(?![\w.-])|(?<=\s)(?:ii|iii|iv)\s*$",
)
_NOISE_PATTERN = re.compile("|".join(_NOISE), re.IGNORECASE)
_EDGE = " -–—/|,;:.·*"


def plain_title(title: str) -> str:
    """Return a job title without what says nothing about the job; the title itself where nothing else would be left.

    >>> plain_title("Senior Welder (m/w/d) - 40h"), plain_title("Maintenance Technician II"), plain_title("3D artist")
    ('Welder', 'Maintenance Technician', '3D artist')
    >>> plain_title("Mechatroniker*in (80-100 %)"), plain_title("Junior")
    ('Mechatroniker', 'Junior')
    """
    plain = re.sub(r"[(\[]\s*[)\]]", " ", _NOISE_PATTERN.sub(" ", title))
    plain = re.sub(r"\s+", " ", plain).strip(_EDGE)
    return title.strip() if is_wordless(plain) else plain


@dataclass(frozen=True, eq=False)
class OccupationLinker:
    """Finds the occupation that a job title stands for. Make it with `build`.

    Parameters
    ----------
    index
        The labels of the occupations, in all languages of the taxonomy.
    exact
        Plain title in lower case -> URIs of the occupations that have it as a label, sorted.
    """

    taxonomy: Taxonomy
    index: LabelIndex
    calibration: Calibration
    labels: dict[str, str]
    exact: dict[str, tuple[str, ...]]

    @classmethod
    def build(
        cls,
        taxonomy: Taxonomy,
        encoder: Encoder,
        *,
        language: str = "en",
        cache: Path | None = None,
        progress: Progress | None = None,
        calibration: Calibration | None = None,
    ) -> Self:
        """Return a linker for the occupations of a taxonomy; parameters as in `Mapper.build`."""
        concepts, preferred = concept_labels(taxonomy.occupation_labels)
        index = LabelIndex.build(
            concepts, encoder, weights=TITLE_WEIGHTS, cache=cache, preferred=preferred, progress=progress
        )
        exact: dict[str, set[str]] = {}
        for uri, texts in concepts:
            for text in texts:
                for wording in (text, plain_title(text)):
                    exact.setdefault(_fold(wording), set()).add(uri)
        return cls(
            taxonomy=taxonomy,
            index=index,
            calibration=calibration or Calibration.load(OCCUPATIONS),
            labels=preferred_labels(taxonomy.occupation_labels, language),
            exact={wording: tuple(sorted(uris)) for wording, uris in exact.items()},
        )

    def link(self, titles: Sequence[tuple[str, str]], k: int = 5) -> list[tuple[Match, ...]]:
        """Return the k likeliest occupations for each job, highest score first, then smallest URI.

        Parameters
        ----------
        titles
            Title and description of each job; the description may be empty. It decides between occupations whose labels
            are alike. An occupation that has the very title as a label always comes first.
        k
            At most this many for each job. A title without words has none.

        Returns
        -------
        matches
            Their span is the title. Parts of the score are those of the title, ``description`` where there is one,
            ``exact`` (what an exact label adds) and ``limit`` (what keeps an inexact one below that).
        """
        links = []
        for start in range(0, len(titles), BATCH):
            batch = titles[start : start + BATCH]
            scores = self.index.scores([clean(plain_title(title)) for title, _ in batch])
            described = text_scores(self.index, [description for _, description in batch])
            links += [self._link(row, *job, k, scores, described[row]) for row, job in enumerate(batch)]
        return links

    def _link(
        self, row: int, title: str, description: str, k: int, scores: Scores, described: NDArray[np.float32]
    ) -> tuple[Match, ...]:
        """Return the matches of one job."""
        if is_wordless(title):
            return ()
        share = DESCRIPTION_SHARE if described.any() else 0.0
        total = (1 - share) * scores.fused[row] + share * described
        exact = np.isin(scores.ids, self._exact(title))
        final = np.where(exact, EXACT_FROM + (1 - EXACT_FROM) * total, np.minimum(total, EXACT_FROM - 0.01))
        final = np.round(final, DECIMALS).astype(np.float32)
        matches = []
        for column in top_k(final[np.newaxis], k)[0].tolist():
            parts = {name: (1 - share) * float(part[row, column]) for name, part in scores.parts.items()}
            probability = self.calibration.probability(
                tuple((name, float(part[row, column])) for name, part in scores.parts.items()),
                float(scores.fused[row].max() - scores.fused[row, column]),
                len(scores.ids),
            )
            if share:
                parts["description"] = share * float(described[column])
            parts["exact" if exact[column] else "limit"] = float(final[column]) - sum(parts.values())
            matches.append(
                Match(
                    uri=scores.ids[column],
                    label=self.labels[scores.ids[column]],
                    score=round(float(final[column]), DECIMALS),
                    probability=max(probability, round(EXACT_FROM / int(exact.sum()), DECIMALS))
                    if exact[column]
                    else probability,
                    start=0,
                    end=len(title),
                    text=title,
                    matched_label=scores.labels[scores.nearest[row, column]],
                    parts=tuple((name, round(value, DECIMALS)) for name, value in parts.items() if abs(value) >= 1e-4),
                )
            )
        return tuple(matches)

    def _exact(self, title: str) -> list[str]:
        """Return the occupations that have the title as a label: as it stands, else without noise."""
        return list(self.exact.get(_fold(title)) or self.exact.get(_fold(plain_title(title))) or ())


def _fold(wording: str) -> str:
    return " ".join(wording.casefold().split())
