"""Skills in other words: alternative labels to their skill, with the labels asked for taken out of the index."""

import hashlib
from dataclasses import replace
from pathlib import Path

from skillmatch.evaluation.rankers import BASELINES, fusion_ranker
from skillmatch.evaluation.result import DataSet, EvaluationResult, measure, searched
from skillmatch.evaluation.skill_extraction import METRICS
from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.mapping.examples import load_examples
from skillmatch.mapping.mapper import Mapper
from skillmatch.taxonomy.model import Taxonomy

TASK = "skill-normalisation"
HELD_OUT_SHARE = 10
QUERIES = 1_500


def is_held_out(*words: str) -> bool:
    """Say whether an alternative label (URI, text) or an occupation (URI) is kept out of training, for evaluation.

    The rule depends on the words alone: the first byte of their sha256, modulo ten, is 0.
    """
    return hashlib.sha256("\x1f".join(words).encode()).digest()[0] % HELD_OUT_SHARE == 0


def evaluate_normalisation(
    taxonomy: Taxonomy, encoder: Encoder, *, cache: Path | None = None, progress: Progress | None = None
) -> EvaluationResult:
    """Return the scores of finding the skill of an alternative English label that neither training nor index has."""
    labels = taxonomy.skill_labels
    english = labels[labels["language"] == "en"]
    rows = zip(english["uri"].tolist(), english["kind"].tolist(), english["text"].tolist(), strict=True)
    held_out = [kind == "alternative" and is_held_out(uri, text) for uri, kind, text in rows]
    rest = english[[not out for out in held_out]]
    known = {text.casefold() for text in rest["text"].tolist()}
    asked = [
        (text, uri)
        for uri, text in zip(*(english.loc[held_out, name].tolist() for name in ("uri", "text")), strict=True)
        if text.casefold() not in known
    ]
    asked = sorted(asked, key=lambda pair: hashlib.sha256(pair[0].encode()).digest())[:QUERIES]
    mapper = Mapper.build(
        replace(taxonomy, skill_labels=rest), encoder, cache=cache, progress=progress, examples=load_examples(encoder)
    )
    data = DataSet(
        name="held-out labels",
        queries=tuple(text for text, _ in asked),
        relevant=tuple(frozenset({uri}) for _, uri in asked),
        counts={"held_out": sum(held_out), "evaluated": len(asked)},
    )
    rankers = [*(make(mapper.index) for make in BASELINES), fusion_ranker(mapper.index)]
    return EvaluationResult(
        task=TASK,
        model=encoder.name,
        model_hash=encoder.key,
        searched=searched(mapper),
        counts={data.name: data.counts},
        scores={data.name: measure(data, rankers, METRICS)},
    )
