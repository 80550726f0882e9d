"""Text to skills: each segment is compared with every label, and what is likely enough becomes a match."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping import boilerplate, document, lexical, segment, spans
from skillmatch.mapping.associations import Association, AssociationIndex
from skillmatch.mapping.calibration import MINIMUM_PROBABILITY, Calibration
from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.mapping.examples import Examples
from skillmatch.mapping.index import FusionWeights, Hit, LabelIndex
from skillmatch.mapping.labels import concept_labels, preferred_labels
from skillmatch.mapping.longtext import text_scores
from skillmatch.mapping.model import Mapping, Match, Span
from skillmatch.mapping.static import two_doors
from skillmatch.taxonomy.model import Taxonomy

Setting = Literal["best", "fast"]
"""``best``: for a text that a person waits for. ``fast``: for many; texts, not labels, are encoded less precisely."""

CANDIDATES = 10
"""Skills looked at for one segment; fewer than one in a hundred annotated sentences has more."""

Order = tuple[float, float, str, int]

BATCH = 256
"""Texts worked on at once."""


@dataclass(frozen=True, eq=False)
class Mapper:
    """Maps texts to the skills of a taxonomy. Make it with `build`; every method may be called from several threads.

    Parameters
    ----------
    taxonomy
        Whose skills are found.
    index
        The labels of its skills, in all its languages.
    calibration
        Turns scores into probabilities.
    labels
        URI -> preferred label in `language`, as shown in a match.
    associations, examples
        What the index knows beside the labels.
    setting
        How texts are read.
    model_key
        The encoder of the labels.
    """

    taxonomy: Taxonomy
    index: LabelIndex
    calibration: Calibration
    labels: dict[str, str]
    language: str
    associations: tuple[Association, ...] = ()
    examples: Examples | None = None
    setting: Setting = "best"
    model_key: str = ""

    @classmethod
    def build(
        cls,
        taxonomy: Taxonomy,
        encoder: Encoder,
        *,
        language: str = "en",
        cache: Path | None = None,
        progress: Progress | None = None,
        weights: FusionWeights | None = None,
        calibration: Calibration | None = None,
        associations: Sequence[Association] = (),
        examples: Examples | None = None,
        setting: Setting = "best",
    ) -> Self:
        """Return a mapper for the skills of a taxonomy.

        Parameters
        ----------
        taxonomy, encoder
            Labels in every language of the taxonomy are searched.
        language
            Two-letter code of the language in which skills are named in a match.
        cache
            Folder in which vectors of labels are kept; None: nowhere. Texts that are mapped are never written to it.
        progress
            Called with (done, total) labels while they are encoded.
        weights, calibration
            None: those that ship, which were fitted together.
        associations
            Texts, and skills that they call for, such as the library of measures: a text like them gets these skills.
        examples
            Sentences with known skills that came with the encoder (`load_examples`); None: none.
        setting
            ``"fast"`` takes about a third of the time for English where processor and encoder have half precision.
        """
        concepts, preferred = concept_labels(taxonomy.skill_labels)
        index = LabelIndex.build(
            concepts,
            encoder,
            weights=weights,
            cache=cache,
            preferred=preferred,
            encode_all=False,
            progress=progress,
        )
        known = AssociationIndex.build(associations, index.ids, encoder, cache) if associations else None
        known_sentences = examples.of_skills(index.ids) if examples else None
        index = replace(index, usual=_usual(taxonomy, index.ids), knowledge=known, examples=known_sentences)
        labels = preferred_labels(taxonomy.skill_labels, language)
        fitted = calibration or Calibration.load()
        if setting == "fast" and (doors := two_doors(encoder)):
            index = replace(index, encoder=doors.faster())
        return cls(taxonomy, index, fitted, labels, language, tuple(associations), examples, setting, encoder.key)

    @cached_property
    def key(self) -> str:
        """sha256 of everything that changes an answer: taxonomy, model, weights, calibration, rules of this stage."""
        known = self.index.knowledge
        content = {
            "taxonomy": self.taxonomy.key,
            "encoder": self.index.encoder.key,
            "weights": self.index.describe(),
            "calibration": [self.calibration.intercept, sorted(self.calibration.coefficients.items())],
            "associations": [asdict(association) for association in self.associations],
            "heeds register": isinstance(known, AssociationIndex) and known.heeds_register,
            "examples": self.examples.key if self.examples else None,
            "language": self.language,
            "setting": self.setting,
            "rules": [
                *(part.VERSION for part in (lexical, segment, spans, document)),
                boilerplate.key(),
                CANDIDATES,
            ],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @property
    def calibrated(self) -> bool:
        """Whether the probabilities were fitted for this very encoder; if not, they are rough."""
        return self.calibration.encoder_key == self.model_key

    def map(
        self,
        text: str,
        *,
        top_k: int | None = 5,
        minimum_probability: float = MINIMUM_PROBABILITY,
        text_language: str | None = None,
        as_document: bool = False,
    ) -> Mapping:
        """Return the skills found in one text; see `map_many`."""
        (mapping,) = self.map_many(
            [text],
            top_k=top_k,
            minimum_probability=minimum_probability,
            text_language=text_language,
            as_document=as_document,
        )
        return mapping

    def map_many(
        self,
        texts: Sequence[str],
        *,
        top_k: int | None = 5,
        minimum_probability: float = MINIMUM_PROBABILITY,
        text_language: str | None = None,
        as_document: bool = False,
        progress: Progress | None = None,
    ) -> list[Mapping]:
        """Return the skills found in each text, in the order of the texts.

        A text of more than `document.SEGMENTS` segments is a document: boilerplate is left out (`Mapping.boilerplate`),
        and all segments together speak for a skill (`document.combine`).

        Parameters
        ----------
        texts
            Any texts; a segment that occurs twice is worked out once.
        top_k
            At most this many matches for a text, the best ones; None: all.
        minimum_probability
            A match that is less likely is left out. A segment without any match is in `unmatched`.
        text_language
            Two-letter code of the language that all texts are in, where the caller knows it; None: told apart segment
            by segment, which is hard for two or three words.
        as_document
            True: all texts are documents, however short they are.
        progress
            Called with (done, total) texts.
        """
        mappings = []
        index = self._index_for(text_language)
        for start in range(0, len(texts), BATCH):
            batch = [(text, segment.segment(text)) for text in texts[start : start + BATCH]]
            short = [pieces for _, pieces in batch if not (as_document or document.is_document(pieces))]
            read = iter(self._read(short, CANDIDATES, index))
            for text, pieces in batch:
                if as_document or document.is_document(pieces):
                    mapping = self._map_document(text, pieces, index, minimum_probability, top_k)
                else:
                    mapping = self._map_short(text, next(read), minimum_probability, top_k)
                mappings.append(mapping)
            if progress:
                progress(min(start + BATCH, len(texts)), len(texts))
        return mappings

    def rank(self, texts: Sequence[str], k: int) -> list[tuple[Match, ...]]:
        """Return the k best skills for each text whatever their probability: highest score first, then smallest URI.

        The score of a skill is the best that it has in any segment. A text without words gives no skills.
        """
        ranked = []
        for start in range(0, len(texts), BATCH):
            batch = [document.telling(segment.segment(text)) for text in texts[start : start + BATCH]]
            for found in self._read(batch, k, self.index):
                matches = (match for _, some in found for match in some)
                ranked.append(tuple(_best_of_each(matches, _by_score)[:k]))
        return ranked

    def similarity(self, texts: Sequence[str], uris: Sequence[str]) -> NDArray[np.float32]:
        """Return `scores[i, j]`, the fused score in [0, 1] of text i and skill j: the best of the text's segments.

        KeyError if a URI is not in the taxonomy.
        """
        column = {uri: place for place, uri in enumerate(self.index.ids)}
        columns = [column[uri] for uri in uris]
        return text_scores(self.index, texts, columns)

    @property
    def _phrase_encoder(self) -> Encoder | None:
        """Return an encoder that reads thousands of phrases in no time; None: there is none."""
        doors = two_doors(self.index.encoder)
        return doors.others if doors else None

    def _index_for(self, text_language: str | None) -> LabelIndex:
        """Return the index whose encoder reads texts in the way that their language asks for."""
        doors = two_doors(self.index.encoder)
        if text_language is None or doors is None:
            return self.index
        return replace(self.index, encoder=doors.in_language(text_language))

    def _map_short(
        self, text: str, found: Sequence[tuple[Span, list[Match]]], minimum_probability: float, top_k: int | None
    ) -> Mapping:
        """Return the skills of a few sentences: each where it fits best."""
        likely = [
            (span, [match for match in matches if match.probability >= minimum_probability]) for span, matches in found
        ]
        best = _best_of_each((match for _, matches in likely for match in matches), _by_probability)
        unmatched = tuple(span for span, matches in likely if not matches)
        return Mapping(text, spans.locate(best[:top_k], self._phrase_encoder), unmatched)

    def _map_document(
        self, text: str, pieces: Sequence[Span], index: LabelIndex, minimum_probability: float, top_k: int | None
    ) -> Mapping:
        """Return the skills of a document, for which all its segments together speak, without its boilerplate."""
        left_out = boilerplate.left_out(pieces)
        out = {each.start for each in left_out}
        if document.is_advertisement(left_out):
            index = replace(index, knowledge=None)
        kept = tuple(span for span in pieces if span.start not in out)
        (found,) = self._read([kept], document.CANDIDATES, index)
        combined = document.combine(match for _, matches in found for match in matches)
        likely = [match for match in combined if match.probability >= minimum_probability]
        speaking = {match.start for match in likely}
        speaking |= {match.start for _, some in found for match in some if match.probability >= minimum_probability}
        unmatched = tuple(span for span in kept if span.start not in speaking)
        return Mapping(text, spans.locate(likely[:top_k], self._phrase_encoder), unmatched, left_out)

    def _read(self, texts: Sequence[Sequence[Span]], k: int, index: LabelIndex) -> list[list[tuple[Span, list[Match]]]]:
        """Return for each text, given by its segments, these with the k best skills of each."""
        wording = {span.text: segment.clean(span.text) for pieces in texts for span in pieces}
        units = sorted({unit for unit in wording.values() if not segment.is_wordless(unit)})
        hits = dict(zip(units, index.search(units, k), strict=True))
        return [[(span, self._matches(span, hits.get(wording[span.text], ()))) for span in pieces] for pieces in texts]

    def _matches(self, span: Span, hits: tuple[Hit, ...]) -> list[Match]:
        """Return the hits of one segment as matches."""
        return [
            Match(
                uri=hit.id,
                label=self.labels[hit.id],
                score=hit.score,
                probability=self.calibration.probability(hit.parts, hits[0].score - hit.score, len(self.index.ids)),
                start=span.start,
                end=span.end,
                text=span.text,
                matched_label=hit.label,
                parts=hit.parts,
            )
            for hit in hits
        ]


def _usual(taxonomy: Taxonomy, uris: Sequence[str]) -> NDArray[np.float32] | None:
    """Return how usual each skill is: ``ln(1 + occupations that have it)`` over the largest; None if all are 0."""
    counts = np.array([len(taxonomy.occupations_of(uri)) for uri in uris], dtype=np.float32)
    return np.log1p(counts) / np.log1p(counts.max()) if counts.any() else None


def _best_of_each(matches: Iterable[Match], order: Callable[[Match], Order]) -> list[Match]:
    """Return for each skill the match that comes first in the order, in that order."""
    best: dict[str, Match] = {}
    for match in sorted(matches, key=order):
        best.setdefault(match.uri, match)
    return list(best.values())


def _by_probability(match: Match) -> Order:
    return -match.probability, -match.score, match.uri, match.start


def _by_score(match: Match) -> Order:
    return -match.score, 0.0, match.uri, match.start
