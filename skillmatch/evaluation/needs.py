"""Needs in people's own words to the skills that they call for, with graded gold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skillmatch.errors import InputError, Problem
from skillmatch.evaluation.jsonlines import read_json_lines
from skillmatch.evaluation.metrics import Mean, bootstrap_mean, ndcg_at
from skillmatch.evaluation.rankers import BASELINES, Baseline, product_ranker
from skillmatch.evaluation.result import EvaluationResult
from skillmatch.mapping.encoder import Progress
from skillmatch.mapping.mapper import Mapper

TASK = "needs"
FILE = "needs.jsonl"
DEPTHS = (5, 10)


@dataclass(frozen=True)
class NeedQuery:
    """A need, its language, and skill URI -> grade (3 at the heart of it, 2 clearly needed, 1 useful)."""

    text: str
    language: str
    grades: Mapping[str, int]


def read_needs(path: Path) -> list[NeedQuery]:
    """Read needs: one JSON object a line with ``text``, ``lang`` and ``skills`` (each ``uri`` and ``grade``).

    Raises
    ------
    InputError
        With every line that is no such object.
    """
    return read_json_lines([path], _need, "an object with text, lang and skills (uri, grade)")


def _need(item: Any) -> NeedQuery:  # noqa: ANN401 - whatever the line holds
    grades = {str(skill["uri"]): int(skill["grade"]) for skill in item["skills"]}
    return NeedQuery(str(item["text"]), str(item["lang"]), grades)


def evaluate_needs(
    data: Path, mapper: Mapper, baselines: Sequence[Baseline] = BASELINES, progress: Progress | None = None
) -> EvaluationResult:
    """Return nDCG@5 and nDCG@10 of the mapper, beside baselines, for English needs and for those in other languages."""
    path = data / FILE
    if not path.is_file():
        raise InputError(Problem(str(data), f"no file {FILE}", "a folder that has it", "check --data"))
    known = set(mapper.index.ids)
    needs = [need for need in read_needs(path) if known & need.grades.keys()]
    groups = {
        "English": [need for need in needs if need.language == "en"],
        "other languages": [need for need in needs if need.language != "en"],
    }
    rankers = [*(make(mapper.index) for make in baselines), product_ranker(mapper)]
    scores: dict[str, dict[str, dict[str, Mean]]] = {}
    for done, (name, group) in enumerate(groups.items(), start=1):
        if group:
            texts = [need.text for need in group]
            scores[name] = {}
            for ranker in rankers:
                rankings = list(ranker.rank(texts))
                scores[name][ranker.name] = {
                    f"nDCG@{depth}": bootstrap_mean(
                        [ndcg_at(depth, one[:depth], need.grades) for one, need in zip(rankings, group, strict=True)]
                    )
                    for depth in DEPTHS
                }
        if progress:
            progress(done, len(groups))
    counts = {name: {"evaluated": len(group)} for name, group in groups.items() if group}
    return EvaluationResult.of(TASK, mapper, counts, scores)
