"""Whether probabilities mean what they say, and whether text without a skill of the taxonomy is left alone."""

import ast
import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skillmatch.errors import InputError, Problem
from skillmatch.evaluation.metrics import Mean, calibration_error
from skillmatch.evaluation.rankers import BASELINES, BATCH, PRODUCT, Baseline, ScoreRanker
from skillmatch.evaluation.result import EvaluationResult
from skillmatch.evaluation.skill_extraction import PATTERN, read_sentences
from skillmatch.mapping.encoder import Progress
from skillmatch.mapping.index import top_k
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.model import Mapping, Match

TASK = "confidence"
CANDIDATES = 10
RESAMPLES = 500
OTHER = "skillskape_dev.csv"

FOLDS = 10

Sentence = tuple[str, frozenset[str]]
"""A text and its skills of the taxonomy."""
Judged = tuple[NDArray[np.float64], NDArray[np.bool_]]
"""For one sentence: the probabilities of its best matches, and which of them are right."""


def evaluate_confidence(
    data: Path, mapper: Mapper, baselines: Sequence[Baseline] = BASELINES, progress: Progress | None = None
) -> EvaluationResult:
    """Return the expected calibration error, and how well the best probability tells unmatched sentences apart.

    ``ECE`` is in percent, over ten bins, and ``Brier`` the mean squared error times 100, both of the ten best skills of
    each sentence; smaller is better, and who always says the share that is right has no ECE. ``AUROC`` is the chance
    that a sentence with a skill of the taxonomy has a higher best probability than one whose labels are not in it (50
    is guessing). A baseline is judged twice: its score taken as a probability, where it lies in [0, 1], and a logistic
    function of its score (Platt), fitted on other sentences of the same file by cross-validation.
    """
    sets = _read(data, mapper)
    rankers = [make(mapper.index) for make in baselines]
    scores, counts = {}, {}
    for done, (name, sentences) in enumerate(sets.items(), start=1):
        found = np.array([bool(right) for _, right in sentences])
        judged: dict[str, list[Judged]] = {}
        for ranker in rankers:
            candidates = _candidates(ranker, sentences)
            if all(probability.max(initial=0) <= 1 for probability, _ in candidates):
                judged[f"{ranker.name}, score as it is"] = candidates
            judged[f"{ranker.name}, Platt"] = platt(candidates)
        mappings = mapper.map_many([text for text, _ in sentences], top_k=CANDIDATES, minimum_probability=0.0)
        judged[f"{PRODUCT} score, Platt"] = platt(_judge(mappings, sentences, lambda match: match.score))
        judged[PRODUCT] = _judge(mappings, sentences, lambda match: match.probability)
        scores[name] = {system: _means(some, found) for system, some in judged.items()}
        counts[name] = {"evaluated": len(sentences), "without_skill": int((~found).sum())}
        if progress:
            progress(done, len(sets))
    return EvaluationResult.of(TASK, mapper, counts, scores)


def _read(data: Path, mapper: Mapper) -> dict[str, list[Sentence]]:
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


def _judge(mappings: Sequence[Mapping], sentences: Sequence[Sentence], value: Callable[[Match], float]) -> list[Judged]:
    return [
        (
            np.array([value(match) for match in mapping.matches]),
            np.array([match.uri in right for match in mapping.matches], dtype=bool),
        )
        for mapping, (_, right) in zip(mappings, sentences, strict=True)
    ]


def _candidates(ranker: ScoreRanker, sentences: Sequence[Sentence]) -> list[Judged]:
    """Return the best scores of a baseline, negative ones as 0, and which of the skills are right."""
    judged = []
    for start in range(0, len(sentences), BATCH):
        batch = sentences[start : start + BATCH]
        scores = ranker.scores([text for text, _ in batch])
        for row, (columns, (_, right)) in enumerate(zip(top_k(scores, CANDIDATES), batch, strict=True)):
            # cosines may be 1.0000001; BM25 stays far above 1
            best = np.maximum(np.round(scores[row, columns].astype(np.float64), 5), 0)
            judged.append((best, np.array([ranker.ids[column] in right for column in columns], dtype=bool)))
    return judged


def platt(judged: Sequence[Judged]) -> list[Judged]:
    """Return the same with scores turned into probabilities: logistic regression, on other sentences by ten folds."""
    fold = np.random.default_rng(0).permutation(len(judged)) % FOLDS
    fitted = list(judged)
    for one in range(FOLDS):
        probability = _fit([judged[row] for row in np.flatnonzero(fold != one).tolist()])
        for row in np.flatnonzero(fold == one).tolist():
            score, right = judged[row]
            fitted[row] = (probability(score), right)
    return fitted


def _fit(judged: Sequence[Judged]) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Return what turns scores into probabilities: where nothing tells right from wrong, the share that is right."""
    from sklearn.linear_model import LogisticRegression

    empty = (np.zeros(0), np.zeros(0, dtype=bool))
    scores, rights = (np.concatenate([part[side] for part in [empty, *judged]]) for side in (0, 1))
    if not rights.any() or rights.all():
        share = float(rights.mean()) if len(rights) else 0.0
        return lambda score: np.full(len(score), share)
    model = LogisticRegression(C=100, max_iter=2_000).fit(scores[:, np.newaxis], rights)
    factor, shift = float(model.coef_[0, 0]), float(model.intercept_[0])
    return lambda score: 1 / (1 + np.exp(-(factor * score + shift)))


def _means(judged: Sequence[Judged], found: NDArray[np.bool_]) -> dict[str, Mean]:
    """Return the measures with intervals by resampling sentences."""
    generator = np.random.default_rng(0)
    samples = [np.arange(len(judged)), *generator.integers(0, len(judged), (RESAMPLES, len(judged)))]
    best = np.array([probability.max(initial=0.0) for probability, _ in judged])
    values: dict[str, list[float]] = {"ECE": [], "Brier": [], "AUROC": []}
    for sample in samples:
        probability, right = (np.concatenate([judged[row][side] for row in sample]) for side in (0, 1))
        values["ECE"].append(100 * calibration_error(probability, right))
        values["Brier"].append(100 * float(np.mean((probability - right) ** 2)) if len(right) else 0.0)
        values["AUROC"].append(100 * _auroc(best[sample], found[sample]))
    return {
        name: Mean(round(some[0], 2), *(round(float(one), 2) for one in np.percentile(some[1:], [2.5, 97.5])))
        for name, some in values.items()
    }


def _auroc(score: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    from scipy.stats import rankdata

    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return 0.5
    ranks = rankdata(score)
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))
