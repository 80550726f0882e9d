"""Languages: whether a text takes the door of its language, and whether its skill is found in an English index."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from skillmatch.errors import InputError, Problem
from skillmatch.evaluation.jsonlines import read_json_lines
from skillmatch.evaluation.metrics import Mean, bootstrap_mean
from skillmatch.evaluation.normalisation import is_held_out
from skillmatch.evaluation.rankers import BASELINES, PRODUCT, Baseline, ScoreRanker, product_ranker, title_ranker
from skillmatch.evaluation.result import DataSet, EvaluationResult, measure
from skillmatch.evaluation.sentences import language_name, read_held_out
from skillmatch.evaluation.skill_extraction import METRICS
from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.mapping.index import LabelIndex
from skillmatch.mapping.labels import concept_labels
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.occupations import TITLE_WEIGHTS
from skillmatch.mapping.static import TwoDoorEncoder
from skillmatch.resources import DATA, MODELS
from skillmatch.taxonomy.esco import read_esco

TASK = "languages"
PATTERN = "*.zip"
PHRASES = DATA / "evaluation" / "phrases.jsonl"
SENTENCES = MODELS / "train" / "sentences"
DOOR_TEXTS, QUERIES = 500, 200
"""At most so many labels of a language for the door, and so many of each kind as queries."""

KINDS = ("occupation", "skill")
T = TypeVar("T")


@dataclass(frozen=True)
class Phrase:
    """A text in a language (two-letter code), what it stands for (one of `KINDS`), and the URIs that are right."""

    text: str
    language: str
    kind: str
    uris: frozenset[str]


def read_phrases(path: Path) -> list[Phrase]:
    """Read phrases: one JSON object a line with ``text``, ``lang``, ``kind`` and ``concepts`` (each with ``uri``).

    Raises
    ------
    InputError
        With every line that is no such object.
    """
    return read_json_lines(
        [path], _phrase, f"an object with text, lang, kind ({' or '.join(KINDS)}) and concepts (uri)"
    )


def _phrase(item: Any) -> Phrase:  # noqa: ANN401 - whatever the line holds
    uris = frozenset(str(concept["uri"]) for concept in item["concepts"])
    return Phrase(str(item["text"]), str(item["lang"]), KINDS[KINDS.index(item["kind"])], uris)


def read_labels(folder: Path) -> list[Phrase]:
    """Return the labels in ESCO bundles that one language alone has, in an order that tells nothing."""
    files = sorted(folder.glob(PATTERN))
    if not files:
        allowed = "the folder with ESCO bundles, one for each language"
        raise InputError(Problem(str(folder), f"no file {PATTERN}", allowed, "check --data"))
    taxonomy = read_esco(files)
    found: dict[tuple[str, str], set[str]] = {}
    languages: dict[str, set[str]] = {}
    for kind, labels in zip(KINDS, (taxonomy.occupation_labels, taxonomy.skill_labels), strict=True):
        columns = (labels[name].tolist() for name in ("uri", "language", "text"))
        for uri, language, text in zip(*columns, strict=True):
            languages.setdefault(text.casefold(), set()).add(language)
            found.setdefault((kind, text), set()).add(uri)
    phrases = [
        Phrase(text, next(iter(languages[text.casefold()])), kind, frozenset(uris))
        for (kind, text), uris in found.items()
        if len(languages[text.casefold()]) == 1
    ]
    return sorted(phrases, key=lambda one: (hashlib.sha256(one.text.encode()).digest(), one.kind))


def evaluate_languages(
    data: Path,
    mapper: Mapper,
    encoder: Encoder,
    *,
    cache: Path | None = None,
    baselines: Sequence[Baseline] = BASELINES,
    progress: Progress | None = None,
) -> EvaluationResult:
    """Return, for each language, the share of texts that take the right door, and scores of finding their concept.

    The mapper must know English labels alone, so that a text in another language has to cross over; `encoder` is for
    job titles, which settings do not change. ``right door`` is measured on labels and sentences that the door was not
    learned from. The labels that are asked for were part of the training of the multilingual table; the phrases of
    `PHRASES` were part of nothing.
    """
    languages = set(mapper.taxonomy.skill_labels["language"].tolist())
    if languages != {"en"}:
        allowed = "English labels alone"
        raise InputError(Problem("taxonomy", f"labels in {sorted(languages)}", allowed, "name another one: --taxonomy"))
    labels, phrases = read_labels(data), read_phrases(PHRASES)
    scores: dict[str, dict[str, dict[str, Mean]]] = {}
    counts: dict[str, dict[str, int]] = {}
    for name, texts in _door_sets(labels, phrases).items():
        if isinstance(mapper.index.encoder, TwoDoorEncoder):
            scores[name] = _door(mapper.index.encoder, texts, english=name.endswith(language_name("en")))
            counts[name] = {"evaluated": len(texts)}
    rankers = _rankers(mapper, encoder, cache, baselines)
    sets = [one for kind in KINDS for one in _retrieval_sets(kind, labels, phrases, frozenset(rankers[kind][-1].ids))]
    for done, (kind, one) in enumerate(sets, start=1):
        scores[one.name] = measure(one, rankers[kind], METRICS)
        counts[one.name] = dict(one.counts)
        if progress:
            progress(done, len(sets))
    return EvaluationResult.of(TASK, mapper, counts, scores)


def _door_sets(labels: Sequence[Phrase], phrases: Sequence[Phrase]) -> dict[str, list[str]]:
    """Return data set -> texts that the door was not learned from."""
    groups: dict[str, Iterable[tuple[str, str]]] = {
        "door, labels": ((one.language, one.text) for one in labels if is_held_out(one.text)),
        "door, sentences": ((one.language, one.text) for one in read_held_out(SENTENCES)),
        "door, phrases": ((one.language, one.text) for one in phrases),
    }
    return {
        name: texts[:DOOR_TEXTS] if "labels" in name else texts
        for group, items in groups.items()
        for name, texts in _by_language(group, items).items()
    }


def _retrieval_sets(
    kind: str, labels: Sequence[Phrase], phrases: Sequence[Phrase], known: frozenset[str]
) -> list[tuple[str, DataSet]]:
    """Return the kind with each data set: texts of one language with the concepts that they stand for."""
    groups = {
        f"{kind} labels": [one for one in labels if one.language != "en"],
        f"{kind} phrases": phrases,
    }
    sets = []
    for group, some in groups.items():
        usable = ((one.language, one) for one in some if one.kind == kind and one.uris & known)
        for name, queries in _by_language(group, usable).items():
            asked = queries[:QUERIES]
            texts, relevant = tuple(one.text for one in asked), tuple(one.uris & known for one in asked)
            sets.append((kind, DataSet(name, texts, relevant, {"usable": len(queries), "evaluated": len(asked)})))
    return sets


def _by_language(group: str, items: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    """Return ``"GROUP: language"`` -> its items, English first, then by the name of the language."""
    found: dict[str, list[T]] = {}
    for language, item in items:
        found.setdefault(language, []).append(item)
    order = sorted(found, key=lambda code: (code != "en", language_name(code)))
    return {f"{group}: {language_name(code)}": found[code] for code in order}


def _door(encoder: TwoDoorEncoder, texts: Sequence[str], *, english: bool) -> dict[str, dict[str, Mean]]:
    guessed = np.array([hashlib.sha256(text.encode()).digest()[-1] % 2 == 0 for text in texts])
    found = {"random": guessed, PRODUCT: encoder.others.is_english(texts)}
    return {
        name: {"right door": bootstrap_mean((said == english).astype(float).tolist())} for name, said in found.items()
    }


def _rankers(
    mapper: Mapper, encoder: Encoder, cache: Path | None, baselines: Sequence[Baseline]
) -> dict[str, list[ScoreRanker]]:
    """Return kind -> baselines and, last, the product."""
    labels = mapper.taxonomy.occupation_labels
    concepts, preferred = concept_labels(labels[labels["language"] == "en"])
    titles = LabelIndex.build(concepts, encoder, weights=TITLE_WEIGHTS, cache=cache, preferred=preferred)
    return {
        "occupation": [*(make(titles) for make in baselines), title_ranker(titles)],
        "skill": [*(make(mapper.index) for make in baselines), product_ranker(mapper)],
    }
