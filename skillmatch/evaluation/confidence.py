"""Whether probabilities mean what they say, and whether text without a skill of the taxonomy is left alone."""

import ast
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from skillmatch.errors import InputError, Problem
from skillmatch.evaluation.metrics import Mean, calibration_error
from skillmatch.evaluation.result import PRODUCT, EvaluationResult, searched
from skillmatch.evaluation.skill_extraction import PATTERN, read_sentences
from skillmatch.mapping.encoder import Progress
from skillmatch.mapping.mapper import Mapper

TASK = "confidence"
CANDIDATES = 10
RESAMPLES = 500
OTHER = "skillskape_dev.csv"

Judged = tuple[list[float], list[bool]]
"""For one sentence: the probabilities of its best matches, and which of them are right."""


def evaluate_confidence(data: Path, mapper: Mapper, progress: Progress | None = None) -> EvaluationResult:
    """Return the expected calibration error, and how well the best probability tells unmatched sentences apart.

    ``ECE`` is in percent, over ten bins (smaller is better). ``AUROC`` is the chance that a sentence with a skill of
    the taxonomy has a higher best probability than one whose labels are not in it (50 is guessing).
    """
    sets = _read(data, mapper)
    scores, counts = {}, {}
    for done, (name, sentences) in enumerate(sets.items(), start=1):
        judged = _judge(mapper, sentences)
        found = np.array([bool(right) for _, right in sentences])
        scores[name] = {PRODUCT: _means(judged, found)}
        counts[name] = {"evaluated": len(sentences), "without_skill": int((~found).sum())}
        if progress:
            progress(done, len(sets))
    return EvaluationResult(
        task=TASK,
        model=mapper.index.encoder.name,
        model_hash=mapper.index.encoder.key,
        searched=searched(mapper),
        counts=counts,
        scores=scores,
    )


def _read(data: Path, mapper: Mapper) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Return data set -> sentences with their skills; a sentence without any is one that should stay unmatched."""
    sets = {}
    for path in sorted(data.glob(PATTERN)):
        gold, _ = read_sentences(path, mapper.taxonomy)
        sets[path.name.removesuffix("_annotations.csv")] = [(text, frozenset(uris)) for text, uris in gold.items()]
    if (data / OTHER).is_file():
        with (data / OTHER).open(encoding="utf-8", newline="") as file:
            rows = [(row["sentence"], ast.literal_eval(row["skills"])) for row in csv.DictReader(file)]
        find = mapper.taxonomy.find_skill
        sets["skillskape_dev"] = [(text, frozenset(filter(None, map(find, names)))) for text, names in rows[:600]]
    if not sets:
        raise InputError(Problem(str(data), f"no file {PATTERN}", "a folder with at least one", "check --data"))
    return sets


def _judge(mapper: Mapper, sentences: Sequence[tuple[str, frozenset[str]]]) -> list[Judged]:
    mappings = mapper.map_many([text for text, _ in sentences], top_k=CANDIDATES, minimum_probability=0.0)
    return [
        ([match.probability for match in mapping.matches], [match.uri in right for match in mapping.matches])
        for mapping, (_, right) in zip(mappings, sentences, strict=True)
    ]


def _means(judged: Sequence[Judged], found: np.ndarray) -> dict[str, Mean]:
    """Return both measures with intervals by resampling sentences."""
    generator = np.random.default_rng(0)
    samples = [np.arange(len(judged)), *generator.integers(0, len(judged), (RESAMPLES, len(judged)))]
    best = np.array([max(probabilities, default=0.0) for probabilities, _ in judged])
    values: dict[str, list[float]] = {"ECE": [], "AUROC": []}
    for sample in samples:
        probability = np.concatenate([judged[row][0] for row in sample])
        right = np.concatenate([judged[row][1] for row in sample]).astype(bool)
        values["ECE"].append(100 * calibration_error(probability, right))
        values["AUROC"].append(100 * _auroc(best[sample], found[sample]))
    return {
        name: Mean(round(some[0], 2), *(round(float(one), 2) for one in np.percentile(some[1:], [2.5, 97.5])))
        for name, some in values.items()
    }


def _auroc(score: np.ndarray, positive: np.ndarray) -> float:
    from scipy.stats import rankdata

    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return 0.5
    ranks = rankdata(score)
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))
