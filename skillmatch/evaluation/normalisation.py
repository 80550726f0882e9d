"""Skills in other words: alternative labels to their skill, with the labels asked for taken out of the index."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from skillmatch.evaluation.rankers import BASELINES, Baseline
from skillmatch.evaluation.result import DataSet, EvaluationResult
from skillmatch.evaluation.skill_extraction import score_sets
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
    taxonomy: Taxonomy, build: Callable[[Taxonomy], Mapper], baselines: Sequence[Baseline] = BASELINES
) -> EvaluationResult:
    """Return the scores of finding the skill of an alternative English label that neither training nor index has.

    `build` makes the mapper for a taxonomy, which is the one given without the labels that are asked for.
    """
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
    mapper = build(replace(taxonomy, skill_labels=rest))
    data = DataSet(
        name="held-out labels",
        queries=tuple(text for text, _ in asked),
        relevant=tuple(frozenset({uri}) for _, uri in asked),
        counts={"held_out": sum(held_out), "evaluated": len(asked)},
    )
    return score_sets(TASK, [data], mapper, baselines)
